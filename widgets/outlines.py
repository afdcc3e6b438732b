"""What is drawn over a picture: outlines of regions, marks, and the shape being drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from core.imaging.geometry import Geometry
from widgets.plane import Plane
from widgets.sections import ParallelPlanes, own_depth_of, pixel_indices

_HALF = 128
Polygons = tuple[NDArray[np.float64], ...]
_NONE: Mapping[int, Polygons] = {}


@dataclass(frozen=True, eq=False)
class Outline:
    """A region to outline. Its owner may change `coverage` in place and then tells the views.

    Parameters
    ----------
    key : str
        Which region.
    geometry : Geometry
        Its grid.
    coverage : uint8 array, shape (slice, row, column)
        The share of each voxel inside, 0 to 255.
    colour : str
        As #rrggbb.
    active : bool
        Whether tools change it.
    polygons : mapping of slice to polygons
        Of slices that are exactly what their polygons cover: (row, column) indices of corners.
    proposed : bool
        Whether it is shown for the rater to confirm: dashed.
    """

    key: str
    geometry: Geometry
    coverage: NDArray[np.uint8]
    colour: str
    active: bool = False
    polygons: Mapping[int, Polygons] = field(default_factory=dict)
    proposed: bool = False


@dataclass(frozen=True)
class Pin:
    """A located finding to show."""

    key: str
    position_mm: tuple[float, float, float]
    label: str
    colour: str
    selected: bool = False


@dataclass(frozen=True)
class Sketch:
    """The corners of an outline that is not closed yet, in LPS mm, and where the hand is.

    `dots_mm` are the places that get a dot, all corners if not given.
    """

    points_mm: tuple[tuple[float, float, float], ...]
    hand_mm: tuple[float, float, float] | None
    colour: str
    closing: bool = False
    dots_mm: tuple[tuple[float, float, float], ...] | None = None


class OutlineCache:
    """Keeps the lines of every outline for the slices it was asked for, until told that one changed."""

    def __init__(self) -> None:
        self._paths: dict[tuple[str, int, int, int], tuple[Outline, QPainterPath]] = {}

    def clear(self, key: str | None = None) -> None:
        """Forget the lines of one region, or of all."""
        if key is None:
            self._paths.clear()
        for known in [known for known in self._paths if known[0] == key]:
            del self._paths[known]

    def path(self, outline: Outline, parallels: ParallelPlanes, depth: int, px_per_mm: float) -> QPainterPath:
        """Return the outline's lines in a slice as a path: x to the right, y down, in mm of the slice.

        Corners nearer to each other than the screen's pixels can tell are left out.
        """
        octave = int(np.floor(np.log2(px_per_mm)))
        key = (outline.key, id(parallels), depth, octave)
        known = self._paths.get(key)
        if known is not None and _same_region(known[0], outline):
            return known[1]
        path = QPainterPath()
        for line in section_lines(outline, parallels, depth):
            path.addPolygon(_as_polygon(thinned(line, 0.5**octave)))
        self._paths[key] = outline, path
        return path


def thinned(line: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """Leave out corners of a line, shape (n, 2), that follow the one before within less than a step."""
    if len(line) < 3:
        return line
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    kept = np.diff(np.floor(way / step), prepend=-1.0) > 0
    kept[-1] = True
    return line[kept]


def _as_polygon(line: NDArray[np.float64]) -> QPolygonF:
    """Return (down, right) as Qt's points, by way of bytes: one by one they take as long as painting."""
    points = QByteArray(len(line).to_bytes(4, "big") + line[:, ::-1].astype(">f8").tobytes())
    polygon = QPolygonF()
    QDataStream(points) >> polygon
    return polygon


def _same_region(one: Outline, other: Outline) -> bool:
    no_polygons = not one.polygons and not other.polygons
    return one.coverage is other.coverage and (no_polygons or one.polygons is other.polygons)


def section_lines(outline: Outline, parallels: ParallelPlanes, depth: int) -> list[NDArray[np.float64]]:
    """Cut a region with a slice and return the lines round the cut: arrays (n, 2) of (down, right) in mm.

    Where the region's grid lies parallel to the slice these are the polygons that were drawn, where they are
    known, else lines finer than a voxel where the region ends; a cut of which no voxel is half covered shows
    the borders of the voxels that it touches. Else they are the borders of the slice's pixels whose centres
    lie in a voxel that is half covered.
    """
    plane, own = parallels.plane, parallels.of(outline.geometry)
    if own is not None:
        return _parallel_lines(outline, own, plane, depth)
    flat, inside = pixel_indices(outline.geometry, plane, depth)
    cut = np.zeros(flat.shape, dtype=np.bool_)
    cut[inside] = outline.coverage.reshape(-1)[flat[inside]] >= _HALF
    return [line * plane.pixel_mm for line in border_lines(cut)]


def _parallel_lines(outline: Outline, own: Plane, plane: Plane, depth: int) -> list[NDArray[np.float64]]:
    own_depth = own_depth_of(own, plane, depth)
    if own_depth is None:
        return []
    drawn = outline.polygons.get(own_depth, ()) if own.slice_axis == 0 else ()
    if drawn:
        return [_placed(polygon, outline.geometry, own_depth, plane) for polygon in drawn]
    cut = np.ascontiguousarray(own.picture(outline.coverage, own_depth))
    box = _box(cut)
    if box is None:
        return []
    lines = _lines_of(cut[box])
    # parallel and turned alike: the two stacks differ by a shift in the plane
    shift = plane.place_of(own.position_of((own_depth, 0.0, 0.0)))[1:]
    first = (box[0].start, box[1].start)
    return [(line + first) * own.pixel_mm + shift for line in lines]


def _lines_of(cut: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    if cut.max() < _HALF:
        return border_lines(cut > 0)
    from core.imaging.regions.contour import contours  # noqa: PLC0415 - numba comes with it

    # corners of contours are indices of pixels, whose edges lie half a pixel before their centres
    return [_closed(line) + 0.5 for line in contours(cut)]


def _placed(polygon: NDArray[np.float64], geometry: Geometry, k: int, plane: Plane) -> NDArray[np.float64]:
    index = np.column_stack([np.full(len(polygon), k, dtype=np.float64), polygon])
    return _closed(plane.place_of(geometry.to_mm(index))[:, 1:])


def _closed(line: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([line, line[:1]])


def _box(cut: NDArray[Any]) -> tuple[slice, slice] | None:
    rows = np.flatnonzero(cut.any(axis=1))
    if not rows.size:
        return None
    band = slice(int(rows[0]), int(rows[-1]) + 1)
    columns = np.flatnonzero(cut[band].any(axis=0))
    return band, slice(int(columns[0]), int(columns[-1]) + 1)


def border_lines(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Return the borders between taken and other pixels, each straight run a line of (row, column) corners.

    Corners count in pixels from the top-left corner of the mask.
    """
    box = np.pad(mask, 1)
    upright = _runs(box[:, 1:] != box[:, :-1])
    level = _runs((box[1:, :] != box[:-1, :]).T)
    sides = [np.array([[start - 1, column], [end - 1, column]]) for column, start, end in upright.tolist()]
    flat = [np.array([[row, start - 1], [row, end - 1]]) for row, start, end in level.tolist()]
    return [line.astype(np.float64) for line in (*sides, *flat)]


def _runs(edge: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (column, first, end) of each run of True down the columns; the outermost rows are False."""
    steps = np.diff(edge.astype(np.int8), axis=0).T
    column, first = np.nonzero(steps == 1)
    _, end = np.nonzero(steps == -1)
    return np.stack([column, first + 1, end + 1], axis=1)
