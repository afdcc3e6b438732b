"""Asks who somebody is: a name and a password; what comes of it is said by whoever asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from widgets.parts import label, restyle, spoken
from widgets.password_dialog import secret_line

_WIDTH_PX = 460


class LogInForm(QFrame):
    """`given` says name and password. Where no names are known, the name is typed."""

    given = Signal(str, str)
    left = Signal()

    def __init__(self, leave: str) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setObjectName("log_in_form")
        self.setFixedWidth(_WIDTH_PX)
        self.title = label(self.tr("Log in"), "heading", name="log_in_title")
        self.about = label("", "quiet", name="log_in_about", wrap=True)
        self.name = QComboBox()
        spoken(self.name, "log_in_name", self.tr("Your name"))
        self.name.setPlaceholderText(self.tr("Choose your name"))
        self.password = secret_line("log_in_password", self.tr("Your password"))
        self.wrong = label("", "warning", name="log_in_wrong", wrap=True)
        self.enter, self.leave = QPushButton(self.tr("Log in")), QPushButton(leave)
        self.enter.setProperty("role", "main")
        spoken(self.enter, "log_in_enter", self.enter.text(), self.tr("Log in (Enter)"))
        spoken(self.leave, "log_in_leave", leave)
        self._lay_out()
        self.password.returnPressed.connect(self._on_enter)
        self.enter.clicked.connect(self._on_enter)
        self.leave.clicked.connect(self.left)

    def ask(self, about: str, names: Sequence[str], title: str = "") -> None:
        """Ask whoever comes, of these names; the only one is chosen already."""
        self.title.setText(title or self.tr("Log in"))
        self.about.setText(about)
        self.name.clear()
        self.name.addItems(list(names))
        self.name.setEditable(not names)
        restyle(self.name, typed=not names)  # there is nothing to open
        self.name.setEnabled(len(names) != 1)
        self.name.setCurrentIndex(0 if len(names) == 1 else -1)
        self._say("")
        self.password.clear()
        self.take_keys()

    def take_keys(self) -> None:
        """Let the keys go where something is missing."""
        (self.password if self.name.currentText() else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, text: str) -> None:
        """Say why what was typed does not do, and ask again."""
        self.password.clear()
        self._say(text)
        self.take_keys()

    def _on_enter(self) -> None:
        if self.name.currentText().strip():
            self.given.emit(self.name.currentText().strip(), self.password.text())
        else:
            self.refuse(self.tr("Choose your name first"))

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
        restyle(self.wrong, role="warning")
        self._fit()

    def _fit(self) -> None:
        """Be as high as the texts are, once they are broken into lines."""
        column = self.layout()
        self.setFixedHeight(max(column.totalHeightForWidth(_WIDTH_PX), column.totalSizeHint().height()))

    def showEvent(self, event: QShowEvent) -> None:
        """The style is known now, and with it how high the texts are."""
        super().showEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for line in (self.name, self.password):
            form.addRow(label(line.accessibleName()), line)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addLayout(form)
        column.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.enter)
        column.addLayout(row)
