"""Long and short axis of the active region, drawn with their lengths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.reading.case import CaseController
from app.reading.figures import figure
from app.reading.regions import RegionsController, ShownRegion
from core.imaging.geometry import Geometry
from core.reading.reading import Position
from widgets.grips import RulerLine


class AxesController(QObject):
    """Keeps the two lines true to the region as it looks now, while they are wanted."""

    lines_changed = Signal(object)  # tuple of RulerLine

    def __init__(self, case: CaseController, regions: RegionsController) -> None:
        super().__init__(case)
        self._regions = regions
        self._wanted = False
        regions.active_changed.connect(self.renew)
        regions.preview_changed.connect(lambda _: self.renew())
        case.changed.connect(lambda _: self.renew())
        case.opening.connect(lambda _: self.renew())

    def show(self, wanted: bool) -> None:
        """Draw the axes, or no longer."""
        self._wanted = wanted
        self.renew()

    def renew(self) -> None:
        """Measure the region anew."""
        region = self._regions.shown_active() if self._wanted else None
        self.lines_changed.emit(() if region is None else self._lines(region))

    def _lines(self, region: ShownRegion) -> tuple[RulerLine, ...]:
        from core.imaging.regions.axes import long_and_short_axis

        box = region.box
        if box is None:
            return ()
        # the box alone: to look through a whole series takes longer than a frame
        inside, grid = region.coverage[box], self._regions.grid
        affine = grid.affine.copy()
        affine[:3, 3] = grid.to_mm([side.start for side in box])
        axes = long_and_short_axis(inside, Geometry(inside.shape, affine))  # type: ignore[arg-type]
        if axes is None:
            return ()
        said = ((axes.long, self.tr("long {mm} mm")), (axes.short, self.tr("short {mm} mm")))
        return tuple(
            RulerLine(
                "axis", _place(axis.start_mm), _place(axis.end_mm),
                text.format(mm=figure(axis.length_mm)), region.colour,
            )
            for axis, text in said
        )  # fmt: skip


def _place(position: NDArray[np.float64]) -> Position:
    x, y, z = position.tolist()
    return x, y, z
