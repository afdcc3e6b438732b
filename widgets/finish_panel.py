"""Closes a step or a case: says what is still missing, and asks once more before what cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from time import gmtime, strftime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.parts import label, restyle, spoken
from widgets.password_dialog import secret_line

_MOST_LISTED = 3
NOW = "{now}"  # in a warning: the time when it is asked, in UTC


@dataclass(frozen=True)
class Finish:
    """What can be done now.

    Parameters
    ----------
    action : str
        Text of the button.
    warning : str
        What is asked before it is done; empty: it is done at once.
    missing : tuple of str
        What is still missing; the button then only says so.
    state : str
        What is said where nothing is missing.
    confirm : str
        Text of the button that does it after `warning`.
    good : bool
        Whether `state` is good news.
    secret : bool
        Whether the password is asked for with the question.
    """

    action: str
    warning: str
    missing: tuple[str, ...]
    state: str
    confirm: str = ""
    good: bool = False
    secret: bool = False


class FinishPanel(QWidget):
    """The button, its reason, and the question before the deed."""

    requested = Signal(str)  # confirmed where that is needed, with the password where that is asked for
    refused = Signal()  # clicked while something is missing
    asked = Signal(bool)  # whether the question before the deed stands open

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = label("", "quiet", name="finish_reason", wrap=True)
        self.button = QPushButton()
        self.button.setProperty("role", "main")
        self.confirm = QPushButton()
        self.confirm.setProperty("role", "main")
        self.back = QPushButton(self.tr("Keep reading"))
        spoken(self.button, "finish_button", self.tr("Finish"))
        spoken(self.confirm, "finish_confirm", self.tr("Confirm"))
        spoken(self.back, "finish_back", self.back.text())
        self.password = secret_line("finish_password", self.tr("Your password"))
        self.password.setPlaceholderText(self.password.accessibleName())
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.confirm, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.reason)
        column.addWidget(self.password)
        column.addWidget(self.button)
        column.addLayout(row)
        # Enter does what it does in a dialog
        for button in (self.button, self.confirm, self.back):
            button.setAutoDefault(True)
        self._finish = Finish("", "", (), "")
        self._asking = False
        self.button.clicked.connect(self._on_clicked)
        self.back.clicked.connect(self.take_back)
        self.confirm.clicked.connect(self._on_confirmed)
        self.password.returnPressed.connect(self.confirm.click)
        self._ask(False)

    def set_finish(self, finish: Finish) -> None:
        """Show what can be done now; a question that is open is taken back where something changed."""
        if finish == self._finish:
            return
        self._finish = finish
        self.button.setText(finish.action)
        self.confirm.setText(finish.confirm)
        self.button.setAccessibleName(finish.action)
        self.confirm.setAccessibleName(finish.confirm)
        self.button.setToolTip("\n".join(finish.missing))
        self._ask(False)

    def press(self) -> None:
        """Do what the visible button does, from the keyboard."""
        (self.confirm if self.confirm.isVisible() else self.button).click()

    def take_back(self) -> None:
        """Keep reading: close the question before the deed."""
        self._ask(False)

    def _on_clicked(self) -> None:
        if self._finish.missing:
            self.refused.emit()
        elif self._finish.warning:
            self._ask(True)
            # whoever shows something for the question shall not keep the keys
            (self.password if self._finish.secret else self.confirm).setFocus()
        else:
            self.requested.emit("")

    def _on_confirmed(self) -> None:
        typed = self.password.text()
        if not self._finish.secret:
            self._ask(False)
        elif not typed:
            self.password.setFocus()
            return
        self.requested.emit(typed)
        self.password.clear()
        if self._asking:
            # it was not this one: asked again
            self.password.setFocus()

    def _ask(self, asking: bool) -> None:
        self.button.setVisible(bool(self._finish.action) and not asking)
        self.back.setVisible(asking)
        self.confirm.setVisible(asking)
        self.password.setVisible(asking and self._finish.secret)
        self.password.clear()
        finish = self._finish
        if asking:
            now = strftime("%Y-%m-%d %H:%M", gmtime())
            text, role = finish.warning.replace(NOW, now), "warning"
        elif finish.missing:
            listed = [f"•  {item}" for item in finish.missing[:_MOST_LISTED]]
            more = len(finish.missing) - _MOST_LISTED
            rest = [self.tr("•  and {count} more").format(count=more)] if more > 0 else []
            text = "\n".join([self.tr("Still missing"), *listed, *rest])
            if len(finish.missing) == 1:
                text = self.tr("Still missing: {what}").format(what=finish.missing[0])
            role = "quiet"
        else:
            text, role = finish.state, "good" if finish.good else "quiet"
        self.reason.setText(text)
        self.reason.setVisible(bool(text))
        restyle(self.reason, role=role)
        if asking != self._asking:
            self._asking = asking
            self.asked.emit(asking)
