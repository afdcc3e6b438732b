"""A key that is held does its deed once: what cannot be undone must not happen by a hand that rests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_PAGES = (QPlainTextEdit, QTextEdit)
_FIELDS = (QLineEdit, *_PAGES)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DEEDS = (*_ENDS, Qt.Key.Key_Space, Qt.Key.Key_Escape)
# keys of what one does again and again: the size of the brush, the next region
_AGAIN = (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_Comma, Qt.Key.Key_Period)
# some X servers do not mark a repeat: they let go and press in the same instant, as no hand can
_INSTANT_MS = 2


class HeldKeys(QObject):
    """Stops the repeats of keys that answer, confirm or write before they reach a window.

    Arrows and the like repeat as ever, and letters do in the field in which they were pressed: not in one
    that got the focus by what the first of them did. Keys of actions are `QAction.autoRepeat`'s to see to,
    where repeats are marked, and stopped here too where they are not.
    """

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._pressed_in: QWidget | None = None
        self._let_go_ms: dict[int, int] = {}
        # the window's own events only: a filter of the whole program would see every paint
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through but repeats that would do something."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            self._let_go_ms[event.key()] = event.timestamp()
            return False
        if not self._repeated(event):
            self._pressed_in = QApplication.focusWidget()
            return False
        if not self._does_something(event):
            return False
        # a key that would be an action's counts as one that somebody takes, and is then taken here
        event.accept()
        return True

    def _repeated(self, event: QKeyEvent) -> bool:
        let_go = self._let_go_ms.get(event.key(), 0)
        return event.isAutoRepeat() or (let_go > 0 and 0 <= event.timestamp() - let_go <= _INSTANT_MS)

    def _does_something(self, event: QKeyEvent) -> bool:
        if event.key() in _AGAIN:
            return False
        if event.key() not in _DEEDS and not (event.text() and event.text().isprintable()):
            return False
        focus = QApplication.focusWidget()
        fields = _PAGES if event.key() in _ENDS else _FIELDS
        return not (isinstance(focus, fields) and focus is self._pressed_in)
