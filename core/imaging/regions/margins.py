"""Regions grown, shrunk and ringed by a distance in mm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.errors import InputError
from core.imaging.coverage import Box, Coverage, coverage_box
from core.imaging.geometry import Geometry
from core.imaging.regions.distance import signed_distance_mm
from core.imaging.regions.kernels import cover_within, longest_diagonal
from core.imaging.regions.patch import NOTHING, Patch, common, joined, less, trimmed


def grown(region: Coverage, geometry: Geometry, by_mm: float, *, in_plane: bool = False) -> Patch:
    """Grow a region by a distance, or shrink it by a negative one.

    The distance is Euclidean in mm, whatever the voxels' sides, and counts from the surface where a voxel is
    half covered (core.imaging.regions.distance). What grows keeps all that it had, what shrinks gains
    nothing; outside the grid there is nothing, so a region shrinks from the border too.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage; not changed.
    geometry : Geometry
        The grid.
    by_mm : float
        How far; below 0 to shrink.
    in_plane : bool
        Within each slice by itself; slices of which no voxel is half covered then stay as they are.

    Returns
    -------
    Patch
        All of the region as it is then.

    Raises
    ------
    InputError
        If the distance is not finite or region and grid differ in shape.
    """
    _check(region, geometry, by_mm)
    box = coverage_box(region)
    if box is None:
        return NOTHING
    return trimmed(_Around(region, geometry, box, by_mm, by_mm, in_plane).within(by_mm))


def ring(
    region: Coverage,
    geometry: Geometry,
    inner_mm: float,
    outer_mm: float,
    *,
    in_plane: bool = False,
    without: Sequence[Coverage] = (),
) -> Patch:
    """Cover what lies between two distances from a region's surface.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage.
    geometry : Geometry
        The grid.
    inner_mm, outer_mm : float
        Distances from the surface, outwards; 0 is the region itself, negative ones lie inside it.
    in_plane : bool
        Within each slice by itself, else in all directions.
    without : sequence of uint8 arrays, shape of the grid
        Regions that are taken away from the ring.

    Raises
    ------
    InputError
        If the distances are not finite or do not rise, or a region and the grid differ in shape.
    """
    for distance in (inner_mm, outer_mm):
        _check(region, geometry, distance)
    if not inner_mm < outer_mm:
        raise InputError(f"a ring from {inner_mm:g} to {outer_mm:g} mm: the second must be larger")
    box = coverage_box(region)
    if box is None:
        return NOTHING
    around = _Around(region, geometry, box, inner_mm, outer_mm, in_plane)
    inner, outer = around.within(inner_mm), around.within(outer_mm)
    # one holds the other: shares of a voxel can be taken from each other
    between = outer.coverage - np.minimum(inner.coverage, outer.coverage)
    for other in without:
        _check(other, geometry, 0.0)
        between = less(between, other[outer.box])
    return trimmed(Patch(outer.start, between))


class _Around:
    """A region with room around it, and the distance from its surface."""

    def __init__(
        self, region: Coverage, geometry: Geometry, box: Box, least_mm: float, most_mm: float, in_plane: bool
    ) -> None:
        axes = geometry.affine[:3, :3].copy()
        if in_plane:
            axes[:, 0] = 0.0
        reach = max(most_mm, 0.0) * np.linalg.norm(np.linalg.pinv(axes), axis=1)
        room = np.where(reach > 0, np.ceil(reach) + 1, 0)
        sides = [
            slice(max(side.start - int(n), 0), min(side.stop + int(n), size))
            for side, n, size in zip(box, room, region.shape, strict=True)
        ]
        self._box = (sides[0], sides[1], sides[2])
        self._region = region[self._box]
        self._in_plane = in_plane
        # a border of nothing closes the surface
        padded = np.pad(self._region, 1)
        self._longest_mm = longest_diagonal(axes)
        # the rise of the distance is taken between neighbours
        beyond = max(-least_mm, most_mm) + 2 * self._longest_mm
        self._distance = signed_distance_mm(padded, axes, in_plane=in_plane, reach_mm=beyond)

    def within(self, limit_mm: float) -> Patch:
        start = (self._box[0].start, self._box[1].start, self._box[2].start)
        if limit_mm == 0:
            return Patch(start, self._region)
        padded = np.zeros(self._distance.shape, dtype=np.uint8)
        cover_within(self._distance, float(limit_mm), self._longest_mm, self._in_plane, padded)
        cover = padded[1:-1, 1:-1, 1:-1]
        return Patch(start, (joined if limit_mm > 0 else common)(self._region, cover))


def _check(region: Coverage, geometry: Geometry, distance_mm: float) -> None:
    if region.shape != geometry.shape:
        raise InputError(f"the region has shape {region.shape}, its grid {geometry.shape}")
    if not np.isfinite(distance_mm):
        raise InputError(f"a distance in mm is a number, not {distance_mm}")
