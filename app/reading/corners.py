"""Outlines that were drawn stay outlines: their corners are dragged, added and taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.reading.case import CaseController
from app.reading.regions import RegionsController, ShownRegion
from core.imaging.geometry import Geometry
from core.imaging.roi import Polygon
from widgets.grips import GripKey, Grips
from widgets.slice_view import Position, ToolEvent

# the places of an ellipse that can be dragged: the ends of its axes, as corners of its outline
_QUARTERS = 4


@dataclass(frozen=True, eq=False)
class _Line:
    """One polygon of a region, and where its places to drag lie, in LPS mm."""

    k: int
    number: int
    polygon: Polygon
    ellipse: bool
    places_mm: NDArray[np.float64]


class CornersController(QObject):
    """Offers the corners of the active region's outlines, and changes them; one drag is one edit."""

    grips_changed = Signal(object)  # tuple of Grips

    def __init__(self, case: CaseController, regions: RegionsController) -> None:
        super().__init__(case)
        self._case, self._regions = case, regions
        self._wanted = False
        self._lines: tuple[_Line, ...] = ()
        self._held: tuple[_Line, int] | None = None
        self._moved = False
        case.changed.connect(lambda _: self.renew())
        regions.active_changed.connect(self.renew)

    def offer(self, wanted: bool) -> None:
        """Show the places while a tool is taken that they belong to."""
        self._wanted = wanted
        self.renew()

    def renew(self) -> None:
        """Find the places anew."""
        region = self._region()
        self._lines = () if region is None else tuple(_lines(region, self._regions.grid))
        grips = tuple(
            Grips(region.key, number, line.places_mm, region.colour, self._regions.grid, line.k,
                  edges=not line.ellipse)
            for number, line in enumerate(self._lines) if region is not None
        )  # fmt: skip
        self.grips_changed.emit(grips)

    @property
    def held(self) -> bool:
        """Whether a corner is being dragged."""
        return self._held is not None

    def take(self, key: GripKey) -> None:
        """Take hold of a place."""
        _, line, place = key
        if line < len(self._lines):
            self._held, self._moved = (self._lines[line], place), False

    def use(self, event: ToolEvent) -> None:
        """Follow the hand that holds a place."""
        if self._held is None:
            return
        line, place = self._held
        if event.kind == "drag":
            self._moved = True
            self._show(line, _dragged(line, place, event.position_mm, self._regions.grid))
        elif event.kind == "release":
            self._held = None
            if self._moved:
                self._regions.commit("move_corner")

    def add(self, key: GripKey, position: Position) -> None:
        """Add a corner on the edge that begins at a place."""
        _, number, place = key
        line = self._lines[number]
        corner = self._regions.grid.to_index(position)[1:]
        self._change(line, np.insert(line.polygon, place + 1, corner, axis=0), "add_corner")

    def remove(self, key: GripKey) -> None:
        """Take a corner away."""
        _, number, place = key
        line = self._lines[number]
        if line.ellipse:
            return
        if len(line.polygon) < 4:
            self._regions.refuse(self.tr("An outline needs at least three corners"))
        else:
            self._change(line, np.delete(line.polygon, place, axis=0), "remove_corner")

    def drop(self) -> None:
        """Let the held place go back to where it was."""
        if self._held is not None:
            self._held = None
            self._regions.drop()
            self.renew()

    def _change(self, line: _Line, polygon: Polygon, deed: str) -> None:
        if self._show(line, polygon):
            self._regions.commit(deed)

    def _show(self, line: _Line, polygon: Polygon) -> bool:
        """Let the draft have another polygon in place of a line's."""
        draft = self._regions.begin()
        if draft is None or draft.roi is None:
            self.drop()
            return False
        polygons = list(draft.roi.outlines[line.k])
        polygons[line.number] = polygon
        draft.outline(line.k, polygons)
        self._regions.say_preview()
        self.renew()
        return True

    def _region(self) -> ShownRegion | None:
        roi = self._regions.active
        free = self._wanted and self._case.writable and roi is not None and not roi.locked
        if not free or roi is None or roi.roi_id in self._regions.hidden:
            return None
        return self._regions.shown(roi.kind)


def _lines(region: ShownRegion, grid: Geometry) -> list[_Line]:
    found = []
    for k, polygons in region.outlines.items():
        for number, polygon in enumerate(polygons):
            places, round_shape = polygon, is_ellipse(polygon)
            if round_shape:
                places = polygon[:: len(polygon) // _QUARTERS]
            index = np.column_stack([np.full(len(places), k, dtype=np.float64), places])
            found.append(_Line(k, number, polygon, round_shape, grid.to_mm(index)))
    return found


def is_ellipse(polygon: Polygon) -> bool:
    """Tell whether corners are those of `core.imaging.regions.outline.ellipse_outline`, on any grid."""
    from core.imaging.regions.outline import ELLIPSE_CORNERS

    if len(polygon) != ELLIPSE_CORNERS:
        return False
    centre = polygon.mean(axis=0)
    first, second = polygon[0] - centre, polygon[ELLIPSE_CORNERS // _QUARTERS] - centre
    angle = 2 * np.pi / ELLIPSE_CORNERS * np.arange(ELLIPSE_CORNERS)[:, None]
    round_shape = centre + np.cos(angle) * first + np.sin(angle) * second
    return bool(np.allclose(polygon, round_shape, rtol=0, atol=1e-6))


def _dragged(line: _Line, place: int, position: Position, grid: Geometry) -> Polygon:
    """Return a line's polygon with one of its places where the hand is."""
    hand = grid.to_index(position)
    hand[0] = line.k
    if not line.ellipse:
        polygon = line.polygon.copy()
        polygon[place] = hand[1:]
        return polygon
    return np.asarray(grid.to_index(_stretched(line.places_mm, place, grid.to_mm(hand)))[:, 1:])


def _stretched(ends: NDArray[np.float64], place: int, hand: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ellipse of which one end of an axis is moved; the other end of the axis stays."""
    from core.imaging.regions.outline import ELLIPSE_CORNERS, ellipse_outline

    step = 2 * np.pi / ELLIPSE_CORNERS
    # so far the corners lie beyond the ellipse
    scale = float(np.sqrt(step / np.sin(step)))
    opposite, end = ends[place - 2], ends[place] if np.array_equal(hand, ends[place - 2]) else hand
    axis, across = (end - opposite) / 2, (ends[place - 1] - ends[place - 3]) / 2
    # square to the axis again, as long as it was
    upright = across - (across @ axis) / (axis @ axis) * axis
    upright *= np.linalg.norm(across) / max(float(np.linalg.norm(upright)), 1e-12)
    return ellipse_outline(opposite + axis, axis / scale, upright / scale)
