"""What every drawn shape needs: points in one slice of a grid, and the voxels that a shape can reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.coverage import Box
from core.imaging.geometry import Geometry

# in voxels: a drawing may leave its slice by half a slice and what rounding adds
_ROUNDING = 1e-6


def indices(geometry: Geometry, points_mm: ArrayLike, *, at_least: int) -> NDArray[np.float64]:
    """Return points of LPS mm, shape (n, 3), as fractional indices (slice, row, column).

    Raises
    ------
    InputError
        If there are fewer than `at_least` points or one is not finite.
    """
    points = np.asarray(points_mm, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < at_least or not np.isfinite(points).all():
        raise InputError(f"a drawing needs at least {at_least} points of x, y and z in mm")
    return geometry.to_index(points)


def in_one_slice(
    geometry: Geometry, points_mm: ArrayLike, *, at_least: int
) -> tuple[int, NDArray[np.float64]]:
    """Return the slice that points of LPS mm lie in, and their (row, column) indices, shape (n, 2).

    Raises
    ------
    InputError
        As `indices`, or if a point leaves the plane of the slice by more than half a slice.
    """
    index = indices(geometry, points_mm, at_least=at_least)
    plane = round(float(index[:, 0].mean()))
    if np.abs(index[:, 0] - plane).max() > 0.5 + _ROUNDING:
        raise InputError(
            "the drawing crosses slices of the multi-echo series; draw in a view that runs along them"
        )
    return plane, np.ascontiguousarray(index[:, 1:])


def reached(shape: tuple[int, int, int], low: ArrayLike, high: ArrayLike) -> Box | None:
    """Return the voxels of a grid that a box of fractional indices touches; None where there is none."""
    first = np.maximum(np.floor(np.asarray(low, dtype=np.float64) + 0.5), 0)
    last = np.minimum(np.floor(np.asarray(high, dtype=np.float64) + 0.5), np.asarray(shape) - 1)
    if np.any(first > last):
        return None
    sides = [slice(int(a), int(b) + 1) for a, b in zip(first, last, strict=True)]
    return sides[0], sides[1], sides[2]
