"""Brush and eraser: what they sweep is added to the active region, or taken from it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.reading.drawing import DrawingTool, ToolOptions, values_shown
from app.reading.figures import figure
from app.reading.regions import RegionsController
from core.imaging.regions.brush import ball, in_range, stroke
from core.imaging.regions.patch import How, Patch
from widgets.slice_view import Position, ToolEvent

# SD of a normal distribution over its median absolute deviation
_SD_OF_MAD = 1.4826


class BrushTool(DrawingTool):
    """Paints with the button held; letting go commits the stroke."""

    how: How = "add"
    deed = ""  # of core.reading.tool_edits

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._path: list[Position] = []
        self._swept = 0

    @property
    def drawing(self) -> bool:
        """Whether a stroke is being drawn."""
        return bool(self._path)

    def use(self, event: ToolEvent) -> None:
        """Follow the hand."""
        if event.kind in ("press", "double"):
            self._path, self._swept = [event.position_mm], 0
            if not self._may_begin(event):
                self._path = []
                return
        elif event.kind == "drag" and self._path:
            self._path.append(event.position_mm)
        elif event.kind == "release" and self._path:
            self._path = []
            self._end()
            return
        else:
            return
        self._sweep()

    def drop(self) -> None:
        """Forget the stroke."""
        self._path = []
        super().drop()

    def _may_begin(self, event: ToolEvent) -> bool:
        return self._regions.may_begin()

    def _end(self) -> None:
        self._regions.commit(self.deed)

    def _sweep(self) -> None:
        draft, patch = self._regions.begin(), self._swept_patch(self._swept)
        if draft is None or patch is None:
            self.drop()
            return
        self._swept = len(self._path)
        draft.sweep(patch, self.how)
        self._regions.say_preview()

    def _swept_patch(self, since: int) -> Patch | None:
        """Return what the stroke covers where its points from a number on reach."""
        regions, sweep = self._regions, ball if self._options.solid else stroke
        path, radius = np.array(self._path), self._options.brush_mm
        return regions.guarded(lambda: sweep(regions.grid, path, radius, since=since))


class Eraser(BrushTool):
    """Takes from the active region."""

    how: How = "subtract"
    deed = "erase"

    def _may_begin(self, event: ToolEvent) -> bool:
        if self._regions.active is None:
            self._regions.refuse(self.tr("There is no region to take from"))
            return False
        return super()._may_begin(event)

    def _end(self) -> None:
        if self._regions.draft is not None:
            self._regions.draft.clear_faint()
        super()._end()


class ThresholdBrush(BrushTool):
    """Paints only what looks like the voxels that the brush was set down on, and hangs together with them."""

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._values: NDArray[Any] | None = None
        self._range = (0.0, 0.0)

    def _may_begin(self, event: ToolEvent) -> bool:
        if not super()._may_begin(event):
            return False
        self._values = values_shown(self._regions, event.view)
        patch = None if self._values is None else super()._swept_patch(0)
        if self._values is None or patch is None:
            return False
        beneath = self._values[patch.box][patch.coverage > 0]
        beneath = beneath[np.isfinite(beneath)].astype(np.float64)
        if not beneath.size:
            self._regions.refuse(self.tr("There is no value under the brush"))
            return False
        middle = float(np.median(beneath))
        # the edge that the brush may reach over at once widens no range
        reach = self._options.spread_sd * _SD_OF_MAD * float(np.median(np.abs(beneath - middle)))
        self._range = middle - reach, middle + reach
        said = self.tr("values from {low} to {high}")
        self.noted.emit(said.format(low=figure(self._range[0]), high=figure(self._range[1])))
        return True

    def _swept_patch(self, since: int) -> Patch | None:
        patch = super()._swept_patch(since)
        if patch is None or self._values is None:
            return None
        places, draft = self._regions.grid.to_index(np.array(self._path)), self._regions.draft
        kept = None if draft is None else draft.coverage[patch.box] > draft.before[patch.box]
        return in_range(patch, self._values, *self._range, connected_to=places, kept=kept)
