"""Outlines found in pictures: where a region is half covered, and lines of equal brightness."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.coverage import WHOLE, Coverage
from core.imaging.geometry import Geometry
from core.imaging.regions.drawing import in_one_slice
from core.imaging.regions.kernels import crossing
from core.jit import kernel

Points = NDArray[np.float64]


def contours(coverage: Coverage) -> list[Points]:
    """Return the outlines of a region in one slice, finer than a voxel.

    They run where the coverage tells that the surface lies between a voxel that is half covered and one that
    is not (core.imaging.regions.kernels.crossing); at the picture's border they follow the voxels' edges.
    Voxels that touch at a corner are within one outline if the four around it are half covered on average.

    Parameters
    ----------
    coverage : uint8 array, shape (row, column)
        One slice of a region.

    Returns
    -------
    list of float64 arrays, each of shape (n, 2)
        Corners as (row, column) indices; the last joins the first. Rows downwards and columns to the right,
        outer outlines run clockwise, those of holes against it.
    """
    padded = np.pad(coverage, 1)
    half = np.float32(0.5 * WHOLE)
    edges, ends = _trace_all(padded.astype(np.float32), half)
    points = _places(padded[None], edges, float(half)) - 1.0
    return (
        [points[a:b] for a, b in zip(np.concatenate([[0], ends[:-1]]), ends, strict=True)]
        if len(ends)
        else []
    )


def level_trace(picture: NDArray[Any], geometry: Geometry, point_mm: ArrayLike) -> Points | None:
    """Follow the line of equal brightness through a point of a slice.

    Between voxel centres brightness is bilinear. The line is an outline for `outline.polygon`.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        Any unit.
    geometry : Geometry
        Its grid.
    point_mm : array, shape (3,)
        LPS mm.

    Returns
    -------
    float64 array, shape (n, 3), or None
        Corners in LPS mm; the last joins the first. None where the line leaves the slice or meets a voxel
        without a finite value, and for a point outside the voxels' centres.

    Raises
    ------
    InputError
        If picture and grid differ in shape, or the point is not finite.
    """
    if picture.shape != geometry.shape:
        raise InputError(f"the picture has shape {picture.shape}, its grid {geometry.shape}")
    k, index = in_one_slice(geometry, np.asarray(point_mm, dtype=np.float64)[None], at_least=1)
    row, column = (float(value) for value in index[0])
    rows, columns = geometry.shape[1:]
    if not (0 <= k < geometry.shape[0] and 0 <= row <= rows - 1 and 0 <= column <= columns - 1):
        return None
    if min(rows, columns) < 2:
        return None
    values = np.ascontiguousarray(picture[k], dtype=np.float32)
    j, i = min(int(row), rows - 2), min(int(column), columns - 2)
    corners = values[j : j + 2, i : i + 2].astype(np.float64)
    across, down = column - i, row - j
    level = np.float32(
        (corners[0, 0] * (1 - across) + corners[0, 1] * across) * (1 - down)
        + (corners[1, 0] * (1 - across) + corners[1, 1] * across) * down
    )
    if not np.isfinite(level):
        return None
    edges = _trace_from(values, level, j, i, down, across)
    if not len(edges):
        return None
    points = np.column_stack([np.full(len(edges), k, dtype=np.float64), _straight(values, edges, level)])
    return geometry.to_mm(points)


def signed_area(points: Points) -> float:
    """Return the area within an outline of (row, column) indices, in voxels; below 0 for a hole's."""
    row, column = points.T
    return 0.5 * float(row @ np.roll(column, 1) - column @ np.roll(row, 1))


# A cell lies between four voxels; its sides are 0 above, 1 on the right, 2 below and 3 on the left. A line
# runs through a cell from side to side, where one end of a side is inside and the other is not. The same side
# of two cells is one edge, (row, column, axis): the way from a voxel one down (axis 0) or one to the right.


@kernel
def _trace_all(values: NDArray[np.float32], level: np.float32) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Follow every line; return their edges, one line after the other, and where each ends.

    The values at the border must all be below the level.
    """
    rows, columns = values.shape
    seen = np.zeros((rows, columns, 2), dtype=np.bool_)
    edges = np.empty((256, 3), dtype=np.int32)
    ends = np.empty(values.size, dtype=np.int64)
    found, lines = 0, 0
    for first_j in range(rows):
        for first_i in range(columns - 1):
            inside = values[first_j, first_i] >= level
            if seen[first_j, first_i, 1] or inside == (values[first_j, first_i + 1] >= level):
                continue
            # the inside lies to the right of the way: up where it begins, down where it ends
            j, i, side = (first_j, first_i, 0) if inside else (first_j - 1, first_i, 2)
            a, b, axis = first_j, first_i, 1
            while not seen[a, b, axis]:
                seen[a, b, axis] = True
                edges = _kept(edges, found, a, b, axis)
                found += 1
                side = _way_out(values, level, j, i, side)
                a, b, axis = _edge(j, i, side)
                j, i = _beyond(j, i, side)
                side = side ^ 2
            ends[lines] = found
            lines += 1
    return edges[:found], ends[:lines]


@kernel
def _trace_from(
    values: NDArray[np.float32], level: np.float32, j: int, i: int, down: float, right: float
) -> NDArray[np.int32]:
    """Follow the line through a point of a cell; return its edges, none if it is not closed.

    (`down`, `right`) is the point's place in the cell, 0 to 1.
    """
    rows, columns = values.shape
    edges = np.empty((256, 3), dtype=np.int32)
    start, best = -1, np.inf
    for side in range(4):
        a, b, axis = _edge(j, i, side)
        here, there = values[a, b], values[a + 1 - axis, b + axis]
        if (here >= level) != (there >= level):
            part = (level - here) / (there - here)
            away = np.hypot(a - j + part * (1 - axis) - down, b - i + part * axis - right)
            if away < best:
                start, best = side, away
    if start < 0:
        return edges[:0]
    first_j, first_i, side, found = j, i, start, 0
    while found == 0 or j != first_j or i != first_i or side != start:
        if not (
            0 <= j < rows - 1 and 0 <= i < columns - 1 and np.isfinite(np.sum(values[j : j + 2, i : i + 2]))
        ):
            return edges[:0]
        a, b, axis = _edge(j, i, side)
        edges = _kept(edges, found, a, b, axis)
        found += 1
        side = _way_out(values, level, j, i, side)
        j, i = _beyond(j, i, side)
        side = side ^ 2
    return edges[:found]


@kernel
def _way_out(values: NDArray[np.float32], level: np.float32, j: int, i: int, side: int) -> int:
    """Return the side by which a line leaves cell (j, i) that came in by another."""
    first, second = values[j, i] >= level, values[j, i + 1] >= level
    third, fourth = values[j + 1, i + 1] >= level, values[j + 1, i] >= level
    if first == third and second == fourth and first != second:
        # two lines: if the middle is inside, each turns around a corner that is outside, and the other way
        mean = 0.25 * (values[j, i] + values[j, i + 1] + values[j + 1, i] + values[j + 1, i + 1])
        return side ^ 1 if (mean >= level) == first else 3 - side
    out = 3
    if side != 2 and third != fourth:
        out = 2
    if side != 1 and second != third:
        out = 1
    if side != 0 and first != second:
        out = 0
    return out


@kernel
def _edge(j: int, i: int, side: int) -> tuple[int, int, int]:
    """Return a side of cell (j, i) as an edge."""
    return j + (side == 2), i + (side == 1), 1 - (side & 1)


@kernel
def _beyond(j: int, i: int, side: int) -> tuple[int, int]:
    """Return the cell on the other side of a side of cell (j, i)."""
    return j + (side == 2) - (side == 0), i + (side == 1) - (side == 3)


@kernel
def _kept(edges: NDArray[np.int32], found: int, a: int, b: int, axis: int) -> NDArray[np.int32]:
    if found == edges.shape[0]:
        edges = np.concatenate((edges, np.empty_like(edges)))
    edges[found, 0], edges[found, 1], edges[found, 2] = a, b, axis
    return edges


@kernel
def _places(padded: Coverage, edges: NDArray[np.int32], half: float) -> Points:
    slope = np.empty(3)
    points = np.empty((edges.shape[0], 2))
    for n in range(edges.shape[0]):
        j, i, axis = edges[n, 0], edges[n, 1], edges[n, 2]
        part = crossing(padded, 0, j, i, axis + 1, half, True, slope)
        points[n, 0] = j + part * (axis == 0)
        points[n, 1] = i + part * (axis == 1)
    return points


def _straight(values: NDArray[np.float32], edges: NDArray[np.int32], level: np.float32) -> Points:
    j, i, axis = edges.T.astype(np.int64)
    here = values[j, i].astype(np.float64)
    there = values[j + 1 - axis, i + axis].astype(np.float64)
    part = (float(level) - here) / (there - here)
    return np.column_stack([j + part * (1 - axis), i + part * axis])
