"""What is drawn over a picture: outlines of regions, marks, and the shape being drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

from core.imaging.geometry import Geometry
from widgets.plane import Plane
from widgets.sections import ParallelPlanes, own_depth_of, pixel_indices


@dataclass(frozen=True, eq=False)
class Outline:
    """A region to outline. `mask` may be changed in place by its owner, who then tells the views."""

    key: str
    geometry: Geometry
    mask: NDArray[np.bool_]
    colour: str
    active: bool = False


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
    """The corners of an outline that is not closed yet, in LPS mm, and where the hand is."""

    points_mm: tuple[tuple[float, float, float], ...]
    hand_mm: tuple[float, float, float] | None
    colour: str
    closing: bool = False


@dataclass
class OutlineCache:
    """Keeps the edges of every outline for the slices it was asked for, until told that one changed."""

    _paths: dict[tuple[Any, ...], QPainterPath] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget all edges."""
        self._paths.clear()

    def path(self, outline: Outline, parallels: ParallelPlanes, depth: int) -> QPainterPath:
        """Return the outline's edges in a slice as a path: x to the right, y down, in mm of the slice."""
        key = (outline.key, id(outline.mask), id(parallels), depth)
        if key not in self._paths:
            path = QPainterPath()
            for top, left, bottom, right in section_edges(outline, parallels, depth).tolist():
                path.moveTo(left, top)
                path.lineTo(right, bottom)
            self._paths[key] = path
        return self._paths[key]


def section_edges(outline: Outline, parallels: ParallelPlanes, depth: int) -> NDArray[np.float64]:
    """Cut a region with a slice and return the edges of the cut, shape (n, 4), in mm of the slice.

    Where the region's grid lies parallel to the slice these are the borders of its own voxels, else the
    borders of the slice's pixels whose centres lie in a voxel of the region.
    """
    plane, own = parallels.plane, parallels.of(outline.geometry)
    if own is not None:
        return _parallel_edges(outline, own, plane, depth)
    height, width = plane.pixel_mm
    flat, inside = pixel_indices(outline.geometry, plane, depth)
    cut = np.zeros(flat.shape, dtype=np.bool_)
    cut[inside] = outline.mask.reshape(-1)[flat[inside]]
    return borders(cut) * np.array([height, width, height, width])


def _parallel_edges(outline: Outline, own: Plane, plane: Plane, depth: int) -> NDArray[np.float64]:
    own_depth = own_depth_of(own, plane, depth)
    if own_depth is None:
        return np.empty((0, 4))
    height, width = own.pixel_mm
    edges = borders(own.picture(outline.mask, own_depth))
    edges = edges * np.array([height, width, height, width])
    # parallel and turned alike: the two stacks differ by a shift in the plane
    shift = plane.place_of(own.position_of((own_depth, 0.0, 0.0)))[1:]
    return edges + np.tile(shift, 2)


def borders(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the borders between taken and other pixels, joined along straight runs.

    The result has shape (n, 4): row, column of the start and of the end, in pixels from the top-left corner.
    """
    taken = np.flatnonzero(mask.any(axis=1))
    if taken.size == 0:
        return np.empty((0, 4))
    across = np.flatnonzero(mask.any(axis=0))
    top, left = int(taken[0]), int(across[0])
    box = np.pad(mask[top : taken[-1] + 1, left : across[-1] + 1], 1)
    upright = _runs(box[:, 1:] != box[:, :-1])
    level = _runs((box[1:, :] != box[:-1, :]).T)
    column, start, end = upright[:, 0] + left, upright[:, 1] + top - 1, upright[:, 2] + top - 1
    sides = np.stack([start, column, end, column], axis=1)
    row, start, end = level[:, 0] + top, level[:, 1] + left - 1, level[:, 2] + left - 1
    return np.concatenate([sides, np.stack([row, start, row, end], axis=1)]).astype(np.float64)


def _runs(edge: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (column, first, end) of each run of True down the columns; the outermost rows are False."""
    steps = np.diff(edge.astype(np.int8), axis=0).T
    column, first = np.nonzero(steps == 1)
    _, end = np.nonzero(steps == -1)
    return np.stack([column, first + 1, end + 1], axis=1)
