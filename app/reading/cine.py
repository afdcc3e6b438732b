"""Plays through slices or echoes of the active pane until it is told to stop, or the hand takes over."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.reading.case import CaseController
from app.reading.views import ViewsController

# pictures per second: slices as one scrolls, echoes slowly enough to see a decay
_SLICES_PER_S, _ECHOES_PER_S = 10, 4


class CineController(QObject):
    """One thing plays at a time; at its end it begins again."""

    playing = Signal(str)  # "slices", "echoes" or ""

    def __init__(self, case: CaseController, views: ViewsController) -> None:
        super().__init__(case)
        self._views = views
        self.what = ""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)
        case.opening.connect(lambda _: self.stop())

    def play(self, what: str) -> None:
        """Play "slices" or "echoes", or stop where it plays already."""
        if what == self.what:
            self.stop()
            return
        self.what = what
        self._timer.start(1000 // (_SLICES_PER_S if what == "slices" else _ECHOES_PER_S))
        self.playing.emit(what)

    def stop(self) -> None:
        """Stand still."""
        if self.what:
            self.what = ""
            self._timer.stop()
            self.playing.emit("")

    def step(self) -> None:
        """Go on by one picture."""
        if self.what == "echoes":
            self._views.step_echo(1, around=True)
            return
        view = self._views.active.view
        if view.plane is not None:
            # not `show_slice`, which says that a hand has gone there
            place = view.plane.place_of(self._views.cursor_mm)
            place[0] = (view.depth + 1) % view.plane.count
            self._views.show_position(tuple(view.plane.position_of(place)))
