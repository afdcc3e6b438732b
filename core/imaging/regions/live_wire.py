"""Live wire, or intelligent scissors: the way along edges of a picture from a click to where the hand is.

Mortensen and Barrett 1995 (doi 10.1145/218380.218442): a step from voxel to voxel costs little where the
picture has an edge that runs along the step, and the cheapest way is found by Dijkstra's algorithm. It is
spread out from the click only as far as the hand has gone, so that it follows the hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.regions.drawing import in_one_slice
from core.jit import kernel

Points = NDArray[np.float64]

# weights of zero crossing, direction and gradient (Mortensen and Barrett 1995, section 3.1)
_CROSSING, _DIRECTION, _GRADIENT = 0.43, 0.43, 0.14
# costs are whole numbers, so that voxels wait for their turn in a list for each cost
_SCALE = 100
# in voxels: SD of the smoothing before derivatives are taken, and how far the wire moves onto the edge
_SMOOTHING = 0.7
_FURTHEST = 0.75
# curvature needs smoother derivatives, and the mean over so many points; tighter bends are noise
_BEND_SMOOTHING, _BEND_OVER, _TIGHTEST = 1.0, 5, 0.5
# towards the middle of both neighbours, and back: doi 10.1109/ICCV.1995.466848
_SMOOTHING_STEPS = (0.5, -0.53, 0.5, -0.53)
# voxels around the click whose strongest gradient is what an edge of this picture is like
_AROUND = 3


class LiveWire:
    """The edges of one slice, and the ways along them from the last click.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        Any unit; where there is no finite value there is no edge.
    geometry : Geometry
        Its grid.
    k : int
        The slice.

    Raises
    ------
    InputError
        If picture and grid differ in shape, the grid has no such slice, or the slice has fewer than 3 x 3
        voxels.
    """

    def __init__(self, picture: NDArray[Any], geometry: Geometry, k: int) -> None:
        if picture.shape != geometry.shape:
            raise InputError(f"the picture has shape {picture.shape}, its grid {geometry.shape}")
        if not 0 <= k < geometry.shape[0]:
            raise InputError(f"there is no slice {k + 1}; the series has {geometry.shape[0]}")
        if min(geometry.shape[1:]) < 3:
            raise InputError("a live wire needs a slice of 3 x 3 voxels or more")
        self._geometry, self._k = geometry, k
        values = np.asarray(picture[k], dtype=np.float64)
        known = np.isfinite(values)
        values = np.where(known, values, np.median(values[known]) if known.any() else 0.0)
        # in mm, along two directions of the plane that are square to each other
        sides = _square(geometry)
        steps = [ndimage.gaussian_filter(values, _SMOOTHING, order=order) for order in ((1, 0), (0, 1))]
        slope = np.tensordot(np.linalg.inv(sides).T, np.stack(steps), axes=1)
        strength = np.hypot(slope[0], slope[1])
        strength[ndimage.binary_dilation(~known, np.ones((3, 3)))] = 0.0
        self._slope, self._strength, self._sides = np.ascontiguousarray(slope), strength, sides
        self._crossing = _zero_crossings(ndimage.gaussian_laplace(values, _SMOOTHING))
        self._bend = _bend(values)
        self._spread: Spread | None = None

    def start(self, point_mm: ArrayLike) -> None:
        """Begin at a point of the slice, in LPS mm.

        Raises
        ------
        InputError
            If the point is not in the slice.
        """
        row, column = self._voxel(point_mm)
        near = self._strength[
            max(row - _AROUND, 0) : row + _AROUND + 1, max(column - _AROUND, 0) : column + _AROUND + 1
        ]
        typical = max(float(near.max()), float(np.median(self._strength)), 1e-30)
        gradient = 1.0 - np.minimum(self._strength / typical, 1.0)
        local = _CROSSING * np.where(self._crossing, 0.0, 1.0) + _GRADIENT * gradient
        self._spread = Spread(local, self._slope, self._strength, self._sides, (row, column))

    def path_to(self, point_mm: ArrayLike) -> Points:
        """Return the way from the start to a point: finer than a voxel, both ends moved onto the edge.

        Parameters
        ----------
        point_mm : array, shape (3,)
            LPS mm.

        Returns
        -------
        float64 array, shape (n, 3)
            Points in LPS mm, the start first; one point if both are in the same voxel.

        Raises
        ------
        InputError
            If there is no start, or the point is not in the slice.
        """
        if self._spread is None:
            raise InputError("the wire needs a start; click on the edge first")
        voxels = self._spread.way_to(self._voxel(point_mm)).astype(np.float64)
        fine = _smoothed(self._on_edge(voxels))
        return self._geometry.to_mm(np.column_stack([np.full(len(fine), self._k, dtype=np.float64), fine]))

    def _voxel(self, point_mm: ArrayLike) -> tuple[int, int]:
        k, index = in_one_slice(self._geometry, np.asarray(point_mm, dtype=np.float64)[None], at_least=1)
        row, column = (round(float(n)) for n in index[0])
        rows, columns = self._strength.shape
        if k != self._k or not (0 <= row < rows and 0 <= column < columns):
            raise InputError("the point is not in the slice of the wire")
        return row, column

    def _on_edge(self, points: Points) -> Points:
        """Move points across the edge to where the gradient is strongest, from a parabola through three.

        A bent edge's gradient is strongest inside of it, the more so the smoother the picture is: by half the
        smoothing's variance times the curvature (Verbeek and van Vliet 1994, doi 10.1109/34.297954). What
        the smoothing here and the voxels themselves do is undone.
        """
        at = points.astype(np.int64)
        across = np.linalg.solve(self._sides, self._slope[:, at[:, 0], at[:, 1]]).T
        length = np.abs(across).max(axis=1, keepdims=True)
        across = np.divide(across, length, out=np.zeros_like(across), where=length > 0)
        low, middle, high = (
            ndimage.map_coordinates(self._strength, (points + step * across).T, order=1, mode="nearest")
            for step in (-1.0, 0.0, 1.0)
        )
        bend = low - 2 * middle + high
        peak = np.divide(0.5 * (low - high), bend, out=np.sign(high - low), where=bend < 0)
        moved = points + np.clip(peak, -_FURTHEST, _FURTHEST)[:, None] * across
        way, bend = self._bend[:2], self._bend[2]
        way, bend = (
            np.stack([ndimage.map_coordinates(part, moved.T, order=1, mode="nearest") for part in parts])
            for parts in (way, bend[None])
        )
        bend = ndimage.uniform_filter1d(bend[0], _BEND_OVER, mode="nearest")
        outwards = way / np.maximum(np.hypot(way[0], way[1]), 1e-300)
        return np.asarray(moved + (0.5 * (_SMOOTHING**2 + 1 / 12) * bend * outwards).T)


class Spread:
    """Dijkstra's algorithm from one voxel, as far as it was asked for."""

    def __init__(
        self,
        local: NDArray[np.float64],
        slope: NDArray[np.float64],
        strength: NDArray[np.float64],
        sides: NDArray[np.float64],
        start: tuple[int, int],
    ) -> None:
        self.costs = _step_costs(local, slope, strength, sides)
        size = local.size
        self.total = np.full(size, np.iinfo(np.int64).max, dtype=np.int64)
        self.before = np.full(size, -1, dtype=np.int32)
        self._done = np.zeros(size, dtype=np.bool_)
        # doubly linked lists of waiting voxels, one for each cost still to come, used in turn
        self._heads = np.full(int(self.costs.max()) + 1, -1, dtype=np.int32)
        self._next, self._last = (np.full(size, -1, dtype=np.int32) for _ in range(2))
        self._columns = local.shape[1]
        first = start[0] * self._columns + start[1]
        self.total[first] = 0
        self._heads[0] = first
        self._reached = np.zeros(1, dtype=np.int64)

    def way_to(self, voxel: tuple[int, int]) -> NDArray[np.int64]:
        """Return the cheapest way from the start as (row, column) of its voxels, shape (n, 2)."""
        target = voxel[0] * self._columns + voxel[1]
        if not self._done[target]:
            _spread(
                self.costs, target, self.total, self.before, self._done, self._heads, self._next,
                self._last, self._reached,
            )  # fmt: skip
        way = [target]
        while self.before[way[-1]] >= 0:
            way.append(int(self.before[way[-1]]))
        return np.stack(np.divmod(np.array(way[::-1], dtype=np.int64), self._columns), axis=-1)


def _square(geometry: Geometry) -> NDArray[np.float64]:
    """Return a voxel's sides in the slice, as columns: mm along two directions square to each other."""
    return np.asarray(np.linalg.qr(geometry.affine[:3, 1:3])[1], dtype=np.float64)


def _bend(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gradient (down, right) and the curvature of the lines of equal brightness, in voxels.

    The curvature is above 0 where the gradient points away from the middle of the bend.
    """

    def rise(*order: int) -> NDArray[np.float64]:
        return np.asarray(ndimage.gaussian_filter(values, _BEND_SMOOTHING, order=order))

    down, right = rise(1, 0), rise(0, 1)
    turn = rise(0, 2) * down**2 - 2 * rise(1, 1) * down * right + rise(2, 0) * right**2
    bend = turn / np.maximum((down**2 + right**2) ** 1.5, 1e-300)
    return np.stack([down, right, np.clip(bend, -_TIGHTEST, _TIGHTEST)])


def _zero_crossings(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell the voxels beside which a picture changes its sign, of each two the one nearer to zero."""
    found = np.zeros(values.shape, dtype=np.bool_)
    for axis in (0, 1):
        one, two = np.moveaxis(values, axis, 0)[:-1], np.moveaxis(values, axis, 0)[1:]
        changes = one * two < 0
        into = np.moveaxis(found, axis, 0)
        into[:-1] |= changes & (np.abs(one) <= np.abs(two))
        into[1:] |= changes & (np.abs(two) <= np.abs(one))
    return found


def _smoothed(points: Points) -> Points:
    """Take the steps from voxel to voxel out of a way without making its bends tighter (Taubin 1995)."""
    if len(points) < 3:
        return points
    smooth = points.copy()
    for part in _SMOOTHING_STEPS:
        smooth[1:-1] += part * (0.5 * (smooth[:-2] + smooth[2:]) - smooth[1:-1])
    return smooth


@kernel
def _step_costs(
    local: NDArray[np.float64],
    slope: NDArray[np.float64],
    strength: NDArray[np.float64],
    sides: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Return the cost of the steps to the right, down, down right and down left, shape (4, row, column).

    A step costs as much forwards as backwards: the mean of both voxels, and how far it runs across their
    edges instead of along, times its length. 0 marks steps out of the picture.
    """
    rows, columns = local.shape
    costs = np.zeros((4, rows, columns), dtype=np.int32)
    shortest = np.inf
    for axis in range(2):
        shortest = min(shortest, np.hypot(sides[0, axis], sides[1, axis]))
    for j in range(rows):
        for i in range(columns):
            for way in range(4):
                a, b = j + (way > 0), i + (1 if way in (0, 2) else (-1 if way == 3 else 0))
                if a >= rows or b < 0 or b >= columns:
                    continue
                x = sides[0, 0] * (a - j) + sides[0, 1] * (b - i)
                y = sides[1, 0] * (a - j) + sides[1, 1] * (b - i)
                length = np.hypot(x, y)
                across = 0.0
                for row, column in ((j, i), (a, b)):
                    if strength[row, column] > 0.0:
                        over = slope[0, row, column] * x + slope[1, row, column] * y
                        across += abs(over) / (strength[row, column] * length)
                    else:
                        across += 1.0
                cost = 0.5 * (local[j, i] + local[a, b]) + 0.5 * _DIRECTION * across
                costs[way, j, i] = 1 + int(_SCALE * cost * length / shortest + 0.5)
    return costs


@kernel
def _spread(
    costs: NDArray[np.int32],
    target: int,
    total: NDArray[np.int64],
    before: NDArray[np.int32],
    done: NDArray[np.bool_],
    heads: NDArray[np.int32],
    following: NDArray[np.int32],
    previous: NDArray[np.int32],
    reached: NDArray[np.int64],
) -> None:
    """Settle voxels in order of their cost until the target is settled."""
    _, rows, columns = costs.shape
    empty = 0
    while not done[target] and empty <= heads.size:
        slot = reached[0] % heads.size
        v = heads[slot]
        if v < 0:
            reached[0] += 1
            empty += 1
            continue
        empty = 0
        heads[slot] = following[v]
        if following[v] >= 0:
            previous[following[v]] = -1
        done[v] = True
        j, i = v // columns, v % columns
        for way in range(8):
            side = way & 3
            down, right = (1 if side else 0), (1 if side in (0, 2) else (-1 if side == 3 else 0))
            if way > 3:
                down, right = -down, -right
            a, b = j + down, i + right
            if a < 0 or a >= rows or b < 0 or b >= columns:
                continue
            w = a * columns + b
            if done[w]:
                continue
            new = total[v] + (costs[side, j, i] if way < 4 else costs[side, a, b])
            if new >= total[w]:
                continue
            if before[w] >= 0:
                _wait_no_more(w, total[w] % heads.size, heads, following, previous)
            total[w], before[w] = new, v
            _wait(w, new % heads.size, heads, following, previous)


@kernel
def _wait(
    w: int, slot: int, heads: NDArray[np.int32], following: NDArray[np.int32], previous: NDArray[np.int32]
) -> None:
    following[w], previous[w] = heads[slot], -1
    if heads[slot] >= 0:
        previous[heads[slot]] = w
    heads[slot] = w


@kernel
def _wait_no_more(
    w: int, slot: int, heads: NDArray[np.int32], following: NDArray[np.int32], previous: NDArray[np.int32]
) -> None:
    if previous[w] >= 0:
        following[previous[w]] = following[w]
    else:
        heads[slot] = following[w]
    if following[w] >= 0:
        previous[following[w]] = previous[w]
