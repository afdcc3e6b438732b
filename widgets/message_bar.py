"""One quiet line that says what went wrong or what to do next, until it is read."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from widgets.parts import frame, label, restyle, spoken


class MessageBar(QWidget):
    """Hidden while there is nothing to say; never takes the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "message_bar", "Messages", " ")
        self.text = label("", name="message_text", wrap=True)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        spoken(self.dismiss, "message_dismiss", "Dismiss the message")
        bar = frame("message")
        inner = QHBoxLayout(bar)
        inner.setContentsMargins(12, 4, 4, 4)
        inner.addWidget(self.text, 1)
        inner.addWidget(self.dismiss)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(bar)
        self._bar = bar
        self.dismiss.clicked.connect(self.clear)
        self.hide()

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line."""
        self.text.setText(text)
        self.text.setAccessibleName(text)
        restyle(self._bar, kind="warning" if warning else "note")
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self.text.clear()
        self.hide()
