"""One quiet text that says what went wrong or what to do next, until it is read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from widgets.parts import frame, label, restyle, spoken


class MessageBar(QWidget):
    """Hidden while there is nothing to say; never takes the focus.

    It stands in a column beside the pictures, where a list or form gives way: nothing is hidden by it, and no
    picture moves under the hand.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "message_bar", self.tr("Messages"), " ")
        self.text = label("", name="message_text", wrap=True)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        tip = self.tr("Dismiss the message (Esc)")
        spoken(self.dismiss, "message_dismiss", self.tr("Dismiss the message"), tip)
        self._bar = frame("message")
        inner = QHBoxLayout(self._bar)
        inner.setContentsMargins(11, 8, 4, 8)
        inner.setSpacing(4)
        inner.addWidget(self.text, 1)
        inner.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._bar)
        self.dismiss.clicked.connect(self.clear)
        self.hide()

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show a text."""
        self.text.setText(text)
        self.text.setAccessibleName(text)
        restyle(self._bar, kind="warning" if warning else "note")
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self.text.clear()
        self.hide()
