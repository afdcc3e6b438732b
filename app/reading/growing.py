"""Growing from a click: over what hangs together with it and looks like it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from app.core_words import in_words
from app.messages import told
from app.reading.drawing import LIMITS, DrawingTool, ToolOptions, values_shown
from app.reading.figures import figure
from app.reading.regions import RegionsController
from core.errors import InputError
from core.imaging.regions.growing import Grown, Limits, grown_alike
from widgets.slice_view import Position, ToolEvent

# how far the hand moves up to take in twice as wide a range
_DOUBLE_PX = 100.0
# more than this share of what lies so near to the click is taken for a leak
_LEAK_SHARE = 0.5


class GrowTool(DrawingTool):
    """Grows where the button goes down; moving up or down with it held widens or narrows the range."""

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._at: Position | None = None
        self._from = QPointF()
        self._begun_sd = options.spread_sd
        self._values: NDArray[Any] | None = None
        self._refusal = ""  # why nothing grew

    @property
    def drawing(self) -> bool:
        """Whether the button is down."""
        return self._at is not None

    def use(self, event: ToolEvent) -> None:
        """Grow, widen or narrow, and take it."""
        point = event.view.exact_point_at(event.position_mm)
        if event.kind in ("press", "double"):
            self._values = values_shown(self._regions, event.view) if self._regions.may_begin() else None
            if self._values is not None:
                self._at, self._from = event.position_mm, point
                self._begun_sd = self._options.spread_sd
                self._grow()
        elif event.kind == "drag" and self._at is not None:
            low, high = LIMITS["spread_sd"]
            wider = 2 ** ((self._from.y() - point.y()) / _DOUBLE_PX)
            spread = float(np.clip(self._begun_sd * wider, low, high))
            if spread != self._options.spread_sd:
                self._options.spread_sd = spread
                self._grow()
        elif event.kind == "release" and self._at is not None:
            self._at = None
            self._regions.commit("grow_from_click")
            if self._refusal:
                self._regions.refuse(self._refusal)

    def drop(self) -> None:
        """Forget what grew."""
        self._at = None
        super().drop()

    def _grow(self) -> None:
        regions, at, values = self._regions, self._at, self._values
        within = self._options.within_mm
        flat = not self._options.solid
        around = np.pi * within**2 * (regions.grid.spacing_mm[0] if flat else 4 / 3 * within)
        limits = Limits(within, _LEAK_SHARE * around, in_plane=flat)
        grown = (
            None
            if at is None or values is None
            else regions.guarded(
                lambda: grown_alike(values, regions.grid, at, limits, spread=self._options.spread_sd)
            )
        )
        draft = None if grown is None else regions.begin()
        if grown is None or draft is None:
            self.drop()
            return
        draft.lay(grown.patch)
        self._refusal = "" if not grown.patch.empty else told(InputError(grown.note))
        regions.say_preview()
        self.noted.emit(self._told(grown))

    def _told(self, grown: Grown) -> str:
        said = self.tr("{low} to {high} ({sd} SD), {volume} mm³").format(
            low=figure(grown.low), high=figure(grown.high), sd=figure(self._options.spread_sd),
            volume=figure(grown.volume_mm3),
        )  # fmt: skip
        return f"{said}: {in_words(grown.note)}" if grown.note else said
