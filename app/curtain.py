"""What hides a window until somebody has logged in, and what notices that nobody is there any more."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QDialog, QFrame, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from core.study.kit_people import LogIn
from widgets.parts import label

# who has touched nothing for so long is taken to have left
IDLE_S = 900.0
_HANDS = (
    QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TabletPress,
)  # fmt: skip


def hide_dialogs(windows: Iterable[QWidget]) -> list[QWidget]:
    """Hide the dialogs of windows; return those that were seen, for `show_again`.

    A question that is under way, or a choice of a file, is answered with no by that.
    """
    seen = [each for window in windows for each in window.findChildren(QDialog) if each.isVisible()]
    for dialog in seen:
        dialog.hide()
    return seen


def show_again(hidden: Iterable[QWidget]) -> None:
    """Show what was hidden, but for what has been answered and is gone."""
    for each in filter(isValid, hidden):
        each.show()


class IdleWatch(QObject):
    """`idle` says that no hand has touched the windows of the system that are watched for a while."""

    idle = Signal()

    def __init__(self, parent: QObject, idle_s: float = IDLE_S) -> None:
        super().__init__(parent)
        self._idle_s, self._touched, self._ended = idle_s, monotonic(), False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer)

    def watch(self, window: QWindow) -> None:
        """Notice what comes through this window of the system, and begin to wait."""
        window.installEventFilter(self)
        self._wait(self._idle_s)

    def touch(self) -> None:
        """Note that somebody is there: for a script's hand, whose events pass by the system's window."""
        self._touched = monotonic()

    def begin(self) -> None:
        """Wait anew from now on."""
        self.touch()
        self._wait(self._idle_s)

    def end(self) -> None:
        """Wait no more: a window that was closed has nobody to lock out and nothing to record it in."""
        self._ended = True
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; let everything through."""
        if event.type() in _HANDS:
            self.touch()
        return False

    def _on_timer(self) -> None:
        left_s = self._idle_s - (monotonic() - self._touched)
        if left_s > 0:
            self._wait(max(left_s, 1.0))
        else:
            self.idle.emit()

    def _wait(self, seconds: float) -> None:
        if not self._ended:
            self._timer.start(int(seconds * 1000))


class Curtain(QStackedWidget):
    """A window's ground, or in its place a cover; what is to be done about it stands in the middle.

    What is covered is hidden, and not only painted over: neither keys nor a screen reader get there. It stays
    as it was, and so does what is half typed in it.
    """

    def __init__(self, ground: QWidget, middle: QWidget | None = None) -> None:
        super().__init__()
        self._ground, self._cover = ground, QFrame()
        self._cover.setProperty("role", "ground")
        self._cover.setObjectName("curtain")
        column = QVBoxLayout(self._cover)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        if middle is not None:
            column.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addStretch(1)
        self.text = label(self.tr("Locked. Everything is as you left it."), "quiet", name="curtain_text")
        row = QVBoxLayout()
        row.setContentsMargins(40, 0, 40, 40)
        row.addWidget(self.text)
        column.addLayout(row)
        self.addWidget(ground)
        self.addWidget(self._cover)

    @property
    def drawn(self) -> bool:
        """Whether everything is covered."""
        return self.currentWidget() is self._cover

    def draw(self) -> None:
        """Cover everything now."""
        # as if another window were chosen: a field that is left otherwise gives up what is half typed
        self.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.setCurrentWidget(self._cover)

    def lift(self) -> None:
        """Show everything again, and let the keys go where they went."""
        self.setCurrentWidget(self._ground)
        last = self._ground.focusWidget()
        if last is not None:
            last.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def told(self, log_in: LogIn) -> str:
        """Return what a person is told of wrong passwords since their last log-in, "" if there were none."""
        if not log_in.failures:
            return ""
        count = log_in.failures
        text = self.tr("%n wrong password(s) since your last log-in, the last at {time} UTC.", "", count)
        return text.format(time=log_in.failed_utc[:16].replace("T", " "))
