"""One quiet line that says what went wrong or what to do next, until it is read."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from widgets.parts import frame, label, restyle, spoken


class MessageBar(QWidget):
    """Hidden while there is nothing to say; never takes the focus.

    It floats over the lower edge of its parent: pictures must not move under the hand.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        parent.installEventFilter(self)
        spoken(self, "message_bar", self.tr("Messages"), " ")
        self.text = label("", name="message_text", wrap=True)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        spoken(self.dismiss, "message_dismiss", self.tr("Dismiss the message"))
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
        self._settle()
        self.show()
        self.raise_()

    def clear(self) -> None:
        """Take the message away."""
        self.text.clear()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        room = self.parentWidget().size()
        height = max(self.layout().heightForWidth(room.width()), 34)
        self.setGeometry(0, room.height() - height, room.width(), height)
