"""Diameters of a region in mm, with end points to draw: finer than a voxel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import Coverage, coverage_box
from core.imaging.geometry import Geometry
from core.imaging.regions.contour import contours, signed_area
from core.imaging.regions.distance import surface_pieces
from core.jit import kernel

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Axis:
    """A straight way through a region.

    Parameters
    ----------
    start_mm, end_mm : float64 array, shape (3,)
        Its ends in LPS mm.
    """

    start_mm: Points
    end_mm: Points

    @property
    def length_mm(self) -> float:
        """From end to end."""
        return float(np.linalg.norm(self.end_mm - self.start_mm))


@dataclass(frozen=True, eq=False)
class Axes:
    """Long and short axis of a region, in the slice where the long one is longest."""

    slice_index: int
    long: Axis
    short: Axis


def long_and_short_axis(region: Coverage, geometry: Geometry) -> Axes | None:
    """Measure a region as RECIST does: the longest diameter in any slice, and the longest one square to it.

    Eisenhauer 2009 (doi 10.1016/j.ejca.2008.10.026): lesions are told by their long axis, nodes by their
    short one. Ends lie on the outline where the region is half covered; of a slice's parts each is measured
    by itself. Both axes run from outline to outline as a caliper would: in a hollow or bent region they may
    leave it in between.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage.
    geometry : Geometry
        The grid.

    Returns
    -------
    Axes, or None where no voxel is half covered.

    Raises
    ------
    InputError
        If region and grid differ in shape.
    """
    box = _checked(region, geometry)
    if box is None:
        return None
    best: tuple[float, int, Points, Points] | None = None
    flat = _Plane(geometry)
    for k in range(box[0].start, box[0].stop):
        for outline in contours(np.ascontiguousarray(region[k][box[1:]])):
            if signed_area(outline) <= 0:
                continue
            points = flat.to_plane(outline + np.array([box[1].start, box[2].start]))
            ends = _farthest(points)
            length = float(np.linalg.norm(ends[1] - ends[0]))
            if best is None or length > best[0]:
                best = (length, k, points, ends)
    if best is None:
        return None
    _, k, points, ends = best
    return Axes(k, flat.axis(ends, k), flat.axis(_widest_across(points, ends), k))


def largest_diameter(region: Coverage, geometry: Geometry) -> Axis | None:
    """Return the longest way between two points of a region's surface, through all slices.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage.
    geometry : Geometry
        The grid.

    Returns
    -------
    Axis, or None where no voxel is half covered.

    Raises
    ------
    InputError
        If region and grid differ in shape.
    """
    box = _checked(region, geometry)
    if box is None or 2 * int(region[box].max()) <= 255:
        return None
    axes = geometry.affine[:3, :3]
    points = surface_pieces(np.pad(region[box], 1), axes, in_plane=False)[:, :3]
    first, last = _farthest(points)
    corner = geometry.to_mm([side.start - 1 for side in box])
    return Axis(first + corner, last + corner)


def sphere_diameter_mm(volume_mm3: float) -> float:
    """Return the diameter of the sphere with this volume: (6 V / pi)^(1/3)."""
    return float(np.cbrt(6 * volume_mm3 / np.pi))


def _checked(region: Coverage, geometry: Geometry) -> tuple[slice, slice, slice] | None:
    if region.shape != geometry.shape:
        raise InputError(f"the region has shape {region.shape}, its grid {geometry.shape}")
    return coverage_box(region)


class _Plane:
    """Places within slices as two lengths in mm, square to each other."""

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self._square, self._sides = np.linalg.qr(geometry.affine[:3, 1:3])

    def to_plane(self, index: Points) -> Points:
        return np.asarray(index @ self._sides.T)

    def axis(self, ends: Points, k: int) -> Axis:
        start, end = (
            self._geometry.to_mm(np.array([k, *np.linalg.solve(self._sides, point)])) for point in ends
        )
        return Axis(start, end)


def _farthest(points: Points) -> Points:
    """Return the two points that are farthest apart, shape (2, dimensions)."""
    hull = np.ascontiguousarray(_hull(points))
    return hull[list(_far_pair(hull))]


@kernel
def _far_pair(points: Points) -> tuple[int, int]:
    best, first, last = -1.0, 0, 0
    for n in range(points.shape[0]):
        for m in range(n + 1, points.shape[0]):
            away = 0.0
            for axis in range(points.shape[1]):
                away += (points[m, axis] - points[n, axis]) ** 2
            if away > best:
                best, first, last = away, n, m
    return first, last


def _hull(points: Points) -> Points:
    from scipy.spatial import ConvexHull, QhullError  # noqa: PLC0415 - needed when measured, not before

    try:
        return np.asarray(points[ConvexHull(points).vertices])
    except QhullError:
        return points  # few, or on one line


def _widest_across(points: Points, ends: Points) -> Points:
    """Return the ends of the longest way square to an axis, from outline to outline."""
    along = (ends[1] - ends[0]) / max(float(np.linalg.norm(ends[1] - ends[0])), 1e-300)
    across = np.array([-along[1], along[0]])
    u, v = points @ along, points @ across
    following_u, following_v = np.roll(u, -1), np.roll(v, -1)
    first, last, run = np.minimum(u, following_u), np.maximum(u, following_u), following_u - u
    slope = np.divide(following_v - v, run, out=np.zeros_like(run), where=run != 0)
    # the width changes evenly between corners, so the widest place is at one
    places = np.unique(u)
    reached = np.searchsorted(places, first), np.searchsorted(places, last)
    lows, highs = np.full(places.size, np.inf), np.full(places.size, -np.inf)
    _cross(u, v, slope, *reached, places, lows, highs)
    widest = int(np.argmax(highs - lows))
    place, low, high = places[widest], lows[widest], highs[widest]
    return np.stack([place * along + low * across, place * along + high * across])


@kernel
def _cross(
    u: Points, v: Points, slope: Points, first: NDArray[np.int64], last: NDArray[np.int64],
    places: Points, lows: Points, highs: Points,
) -> None:  # fmt: skip
    """Widen `lows` and `highs` to where each edge crosses the places that it reaches, first to last."""
    for edge in range(u.size):
        for n in range(first[edge], last[edge] + 1):
            crossing = v[edge] + slope[edge] * (places[n] - u[edge])
            lows[n], highs[n] = min(lows[n], crossing), max(highs[n], crossing)
