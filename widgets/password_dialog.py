"""Asks for a password, or for a new one; what comes of it is said by whoever asked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from widgets.parts import label, restyle, spoken

_WIDTH_PX = 520


@dataclass(frozen=True)
class Asked:
    """What a password is asked for.

    Parameters
    ----------
    title, about : str
        What it is about, and what it means, in a sentence or two.
    accept, leave : str
        Texts of the buttons.
    old, new, reason : bool
        Whether the one there is, a new one (typed twice), and a reason are asked for.
    whose : str
        What the line for the one there is is called, where it is not that of whoever sits there.
    """

    title: str
    about: str
    accept: str
    leave: str
    old: bool = True
    new: bool = False
    reason: bool = False
    whose: str = ""


class PasswordDialog(QDialog):
    """`given` says what was typed: the old password, the new one, the reason; "" for what was not asked."""

    given = Signal(str, str, str)
    left = Signal()

    def __init__(self, asked: Asked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("password_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(asked.title)
        self._asked = asked
        self.reason = _line("password_reason", self.tr("Reason, which is kept and shown"))
        self.old = secret_line("password_old", asked.whose or self.tr("Your password"))
        self.new = secret_line("password_new", self.tr("New password"))
        self.again = secret_line("password_again", self.tr("The same once more"))
        self.wrong = label("", "warning", name="password_wrong", wrap=True)
        self.accept_button, self.leave_button = QPushButton(asked.accept), QPushButton(asked.leave)
        self.accept_button.setProperty("role", "main")
        self.accept_button.setDefault(True)
        self.leave_button.setAutoDefault(False)
        spoken(self.accept_button, "password_accept", asked.accept)
        spoken(self.leave_button, "password_leave", asked.leave)
        self._lay_out()
        self.accept_button.clicked.connect(self._on_accept)
        self.leave_button.clicked.connect(self.reject)

    def refuse(self, text: str) -> None:
        """Say why what was typed does not do, and ask again."""
        for line in (self.old, self.new, self.again):
            line.clear()
        self._say(text)
        (self.old if self._asked.old else self.new).setFocus()

    def reject(self) -> None:
        """Leave without a password."""
        super().reject()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves only what can be left without closing anything: it empties the fields first."""
        typed = any(line.text() for line in (self.old, self.new, self.again, self.reason))
        if event.key() == Qt.Key.Key_Escape and typed:
            for line in (self.old, self.new, self.again, self.reason):
                line.clear()
            return
        super().keyPressEvent(event)

    def _on_accept(self) -> None:
        if self._asked.reason and not self.reason.text().strip():
            self._say(self.tr("A reason is needed"))
            self.reason.setFocus()
        elif self._asked.new and self.new.text() != self.again.text():
            self.refuse(self.tr("The two passwords differ; type them again"))
        else:
            self.given.emit(self.old.text(), self.new.text(), self.reason.text().strip())

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
        restyle(self.wrong, role="warning")
        self._fit()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        shown = (
            (self.reason, self._asked.reason), (self.old, self._asked.old),
            (self.new, self._asked.new), (self.again, self._asked.new),
        )  # fmt: skip
        for line, wanted in shown:
            line.setParent(self)
            if wanted:
                form.addRow(label(line.accessibleName()), line)
            else:
                line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(self._asked.title, "heading"))
        column.addWidget(label(self._asked.about, "quiet", wrap=True))
        column.addLayout(form)
        column.addWidget(self.wrong)
        self.wrong.hide()
        row = QHBoxLayout()
        row.addWidget(self.leave_button)
        row.addStretch(1)
        row.addWidget(self.accept_button)
        column.addLayout(row)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the texts are, once they are broken into lines."""
        column = self.layout()
        self.setFixedSize(
            _WIDTH_PX, max(column.totalHeightForWidth(_WIDTH_PX), column.totalSizeHint().height())
        )

    def showEvent(self, event: QShowEvent) -> None:
        """The style is known now, and with it how high the texts are."""
        super().showEvent(event)
        self._fit()


def secret_line(name: str, text: str) -> QLineEdit:
    """Make a line that shows nothing of what is typed."""
    made = _line(name, text)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _line(name: str, text: str) -> QLineEdit:
    made = QLineEdit()
    spoken(made, name, text)
    return made
