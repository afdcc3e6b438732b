"""Outlines: the exact share of every voxel inside a polygon; ellipses as polygons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.regions.drawing import in_one_slice, reached
from core.imaging.regions.kernels import fill
from core.imaging.regions.patch import NOTHING, Patch

Points = NDArray[np.float64]  # shape (n, 2): (row, column) indices of corners, the last joins the first

# of an ellipse: its outline runs within 0.008 % of the half axis from the polygon's
ELLIPSE_CORNERS = 180


def polygon(geometry: Geometry, points_mm: ArrayLike) -> Patch:
    """Cover the inside of a closed outline drawn in one slice; a freehand outline is one of many corners.

    The coverage is the exact area of polygon and voxel in common. Where the outline crosses itself the
    even-odd rule holds: what it runs around twice is outside.

    Parameters
    ----------
    geometry : Geometry
        The grid.
    points_mm : array, shape (n, 3)
        Corners in LPS mm, in order; the last joins the first.

    Raises
    ------
    InputError
        If there are fewer than three corners, one is not finite, or the corners leave the plane of one
        slice by more than half a slice.
    """
    k, corners = in_one_slice(geometry, points_mm, at_least=3)
    return polygons_in_slice(geometry.shape, k, [corners])


def polygons_in_slice(shape: tuple[int, int, int], k: int, polygons: Sequence[Points]) -> Patch:
    """Cover what lies inside of several polygons together, by the even-odd rule: one in another is a hole.

    Parameters
    ----------
    shape : tuple of int
        (slices, rows, columns) of the grid.
    k : int
        The slice; one that the grid does not have gives an empty patch.
    polygons : sequence of float64 arrays, each of shape (n, 2)
        Corners as (row, column) indices; integers are voxel centres.
    """
    corners = [np.asarray(points, dtype=np.float64) for points in polygons if len(points) > 2]
    if not corners:
        return NOTHING
    every = np.concatenate(corners)
    box = reached(shape, (k, *every.min(axis=0)), (k, *every.max(axis=0)))
    if box is None:
        return NOTHING
    first = np.array([box[1].start, box[2].start], dtype=np.float64) - 0.5
    edges = np.concatenate([np.hstack([c, np.roll(c, -1, axis=0)]) for c in corners])
    edges -= np.tile(first, 2)
    # upper end first, and in that order: the kernel walks down the rows
    upward = edges[:, 0] > edges[:, 2]
    edges[upward] = edges[upward][:, [2, 3, 0, 1]]
    edges = edges[edges[:, 0] < edges[:, 2]]
    edges = np.ascontiguousarray(edges[np.argsort(edges[:, 0], kind="stable")])
    coverage = np.zeros((1, box[1].stop - box[1].start, box[2].stop - box[2].start), dtype=np.uint8)
    fill(edges, coverage[0])
    return Patch((k, box[1].start, box[2].start), coverage)


def ellipse_outline(
    centre_mm: ArrayLike, half_axis_mm: ArrayLike, other_half_axis_mm: ArrayLike
) -> NDArray[np.float64]:
    """Return an ellipse as a polygon of the same area.

    Parameters
    ----------
    centre_mm : array, shape (3,)
        LPS mm.
    half_axis_mm, other_half_axis_mm : array, shape (3,)
        From the centre to the outline along the two axes, as vectors in LPS mm.

    Returns
    -------
    float64 array, shape (ELLIPSE_CORNERS, 3)
        Corners in LPS mm, for `polygon`.

    Raises
    ------
    InputError
        If a number is not finite.
    """
    centre, first, second = (
        np.asarray(v, dtype=np.float64) for v in (centre_mm, half_axis_mm, other_half_axis_mm)
    )
    if not np.isfinite([centre, first, second]).all():
        raise InputError("an ellipse needs a centre and two half axes of x, y and z in mm")
    step = 2 * np.pi / ELLIPSE_CORNERS
    # a polygon inside the ellipse is smaller than it by sin(step) / step
    angle, scale = step * np.arange(ELLIPSE_CORNERS), np.sqrt(step / np.sin(step))
    return np.asarray(centre + scale * (np.cos(angle)[:, None] * first + np.sin(angle)[:, None] * second))


def ellipse_between(
    corner_mm: ArrayLike, opposite_mm: ArrayLike, right: ArrayLike, down: ArrayLike
) -> NDArray[np.float64]:
    """Return the ellipse in a rectangle that is drawn from corner to corner.

    Parameters
    ----------
    corner_mm, opposite_mm : array, shape (3,)
        Two opposite corners in LPS mm.
    right, down : array, shape (3,)
        Unit vectors in LPS along the sides of the rectangle: those of the view it is drawn in.

    Returns
    -------
    float64 array, shape (ELLIPSE_CORNERS, 3)
        Corners in LPS mm, for `polygon`.
    """
    corner, opposite = np.asarray(corner_mm, dtype=np.float64), np.asarray(opposite_mm, dtype=np.float64)
    sides = [0.5 * float((opposite - corner) @ v) * v for v in map(np.asarray, (right, down))]
    return ellipse_outline(corner + sides[0] + sides[1], sides[0], sides[1])
