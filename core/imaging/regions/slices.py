"""From drawn slices to those between, and to the next."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import Coverage, coverage_box
from core.imaging.geometry import Geometry
from core.imaging.regions.distance import signed_distance_mm
from core.imaging.regions.islands import Mask, parts
from core.imaging.regions.kernels import cover_within, longest_diagonal
from core.imaging.regions.patch import NOTHING, Patch, joined
from core.jit import kernel

# a part of one slice and one of another that do not overlap may be the same thing, slanted: not where the gap
# between them is wider than they are, if there are others to choose from
_WIDEST_GAP = 1.0


def interpolated(region: Coverage, geometry: Geometry) -> Patch:
    """Fill the slices between drawn ones with shapes in between.

    Between two neighbouring drawn slices the distance from the outline is interpolated (Raya and Udupa 1990,
    doi 10.1109/42.52980), in mm and finer than a voxel. Parts that overlap belong together. One part and one
    other that belong together are laid on each other by their centres first, so that a slanted part does not
    shrink; parts that branch are not moved. Of parts that do not overlap those belong together that are
    nearest to each other; what has no partner ends in its own slice. Slices that have anything drawn in
    them stay as they are, and nothing is added above the first or below the last.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage; not changed.
    geometry : Geometry
        The grid.

    Returns
    -------
    Patch
        All of the region, the slices between filled.

    Raises
    ------
    InputError
        If region and grid differ in shape, or fewer than two slices are drawn.
    """
    if region.shape != geometry.shape:
        raise InputError(f"the region has shape {region.shape}, its grid {geometry.shape}")
    box = coverage_box(region)
    drawn = np.flatnonzero(region.any(axis=(1, 2)))
    if box is None or len(drawn) < 2:
        raise InputError("draw the region in two slices or more; then those between can be filled")
    axes = geometry.affine[:3, :3].copy()
    axes[:, 0] = 0.0
    filled = region[box].copy()
    shapes = [_Shapes(np.pad(filled[k - drawn[0]], 2), axes) for k in drawn]
    for (first, last), (above, below) in zip(pairwise(drawn), pairwise(shapes), strict=True):
        if last - first == 1:
            continue
        pairs = _partners(above, below)
        for k in range(first + 1, last):
            between = _between(above, below, pairs, float(k - first) / float(last - first), axes)
            filled[k - drawn[0]] = between[2:-2, 2:-2]
    return Patch((box[0].start, box[1].start, box[2].start), filled)


def copied(region: Coverage, from_slice: int, to_slice: int) -> Patch:
    """Return what a region has in one slice as a patch in another, for `combined`.

    Raises
    ------
    InputError
        If a slice is not in the grid.
    """
    for k in (from_slice, to_slice):
        if not 0 <= k < region.shape[0]:
            raise InputError(f"there is no slice {k + 1}; the series has {region.shape[0]}")
    box = coverage_box(region[from_slice : from_slice + 1])
    if box is None:
        return NOTHING
    return Patch((to_slice, box[1].start, box[2].start), region[from_slice][box[1:]][None].copy())


class _Shapes:
    """The parts of one slice: their voxels, middles and radii (in voxels), and distances from outlines."""

    def __init__(self, coverage: Coverage, axes: NDArray[np.float64]) -> None:
        self._coverage, self._axes = coverage, axes
        self._distances: dict[tuple[int, ...], NDArray[np.float32]] = {}
        self.parts: list[Mask] = parts(coverage)
        places = np.moveaxis(np.indices(coverage.shape, dtype=np.float64), 0, -1)
        weights = [np.where(part, coverage, 0).astype(np.float64) for part in self.parts]
        self.middles = [np.average(places, axis=(0, 1), weights=w) for w in weights]
        self.radii = [float(np.sqrt(w.sum() / 255.0 / np.pi)) for w in weights]

    def distance(self, chosen: tuple[int, ...]) -> NDArray[np.float32]:
        """Return the distance in mm from the outline of some parts together."""
        if chosen not in self._distances:
            within = np.logical_or.reduce([self.parts[n] for n in chosen])
            coverage = np.where(within, self._coverage, np.uint8(0))
            self._distances[chosen] = signed_distance_mm(coverage[None], self._axes, in_plane=True)[0]
        return self._distances[chosen]


Pair = tuple[tuple[int, ...], tuple[int, ...]]


def _partners(above: _Shapes, below: _Shapes) -> list[Pair]:
    """Tell which parts of one slice belong together with which of the other."""
    groups: list[tuple[set[int], set[int]]] = []
    for a, part in enumerate(above.parts):
        group = ({a}, {b for b, other in enumerate(below.parts) if (part & other).any()})
        for other_group in [g for g in groups if g[1] & group[1]]:
            groups.remove(other_group)
            group = (group[0] | other_group[0], group[1] | other_group[1])
        groups.append(group)
    pairs = [(tuple(sorted(a)), tuple(sorted(b))) for a, b in groups if b]
    alone_above = [a for ours, theirs in groups if not theirs for a in sorted(ours)]
    taken = {b for _, theirs in pairs for b in theirs}
    alone_below = [b for b in range(len(below.parts)) if b not in taken]
    return pairs + _nearest(above, below, alone_above, alone_below)


def _nearest(above: _Shapes, below: _Shapes, ours: list[int], theirs: list[int]) -> list[Pair]:
    only = len(above.parts) == len(below.parts) == 1
    pairs: list[Pair] = []
    while ours and theirs:
        apart = [
            (float(np.linalg.norm(above.middles[a] - below.middles[b])), a, b) for a in ours for b in theirs
        ]
        away, a, b = min(apart)
        radii = above.radii[a] + below.radii[b]
        if not only and away > (1 + 2 * _WIDEST_GAP) * radii:
            break
        pairs.append(((a,), (b,)))
        ours.remove(a)
        theirs.remove(b)
    return pairs


def _between(
    above: _Shapes, below: _Shapes, pairs: list[Pair], part: float, axes: NDArray[np.float64]
) -> Coverage:
    """Return the slice that lies a part of the way from one drawn slice to the next."""
    shape = above.distance(pairs[0][0]).shape if pairs else below.parts[0].shape
    found: Coverage = np.zeros(shape, dtype=np.uint8)
    distance = np.empty(shape, dtype=np.float32)
    cover = np.empty((1, *shape), dtype=np.uint8)
    for ours, theirs in pairs:
        shift = np.zeros(2)
        if len(ours) == len(theirs) == 1:
            shift = below.middles[theirs[0]] - above.middles[ours[0]]
        _blend(above.distance(ours), below.distance(theirs), part, shift[0], shift[1], axes, distance)
        cover_within(distance[None], 0.0, longest_diagonal(axes), True, cover)
        found = joined(found, cover[0])
    return found


@kernel
def _blend(
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    part: float,
    down: float,
    right: float,
    axes: NDArray[np.float64],
    blended: NDArray[np.float32],
) -> None:
    """Mix two distances, each moved along so that the middles lie on each other."""
    rows, columns = blended.shape
    for j in range(rows):
        for i in range(columns):
            a = _at(first, j - part * down, i - part * right, axes)
            b = _at(second, j + (1.0 - part) * down, i + (1.0 - part) * right, axes)
            blended[j, i] = (1.0 - part) * a + part * b


@kernel
def _at(distance: NDArray[np.float32], row: float, column: float, axes: NDArray[np.float64]) -> float:
    """Return the distance at a place; beyond the border that at the border, and the way there."""
    y, x = min(max(row, 0.0), distance.shape[0] - 1.0), min(max(column, 0.0), distance.shape[1] - 1.0)
    beyond = 0.0
    if y != row or x != column:
        for n in range(3):
            beyond += (axes[n, 1] * (row - y) + axes[n, 2] * (column - x)) ** 2
    j, i = min(int(y), distance.shape[0] - 2), min(int(x), distance.shape[1] - 2)
    y, x = y - j, x - i
    upper = (1.0 - x) * distance[j, i] + x * distance[j, i + 1]
    lower = (1.0 - x) * distance[j + 1, i] + x * distance[j + 1, i + 1]
    return float((1.0 - y) * upper + y * lower + np.sqrt(beyond))
