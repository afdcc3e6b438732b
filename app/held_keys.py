"""A key that is held does its deed once: what cannot be undone must not happen by a hand that rests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_PAGES = (QPlainTextEdit, QTextEdit)
_FIELDS = (QLineEdit, *_PAGES)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DEEDS = (*_ENDS, Qt.Key.Key_Space, Qt.Key.Key_Escape)


class HeldKeys(QObject):
    """Stops the repeats of keys that answer, confirm or write before they reach a window.

    Arrows and the like repeat as ever, and letters do in the field in which they were pressed: not in one
    that got the focus by what the first of them did. Keys of actions are `QAction.autoRepeat`'s to see to.
    """

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._pressed_in: QWidget | None = None
        # the window's own events only: a filter of the whole program would see every paint
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through but repeats that would do something."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        focus = QApplication.focusWidget()
        if not event.isAutoRepeat():
            self._pressed_in = focus
            return False
        does = event.key() in _DEEDS or (event.text() != "" and event.text().isprintable())
        fields = _PAGES if event.key() in _ENDS else _FIELDS
        return does and not (isinstance(focus, fields) and focus is self._pressed_in)
