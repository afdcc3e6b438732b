"""The compiled loops that turn shapes into shares of voxels.

They stand in one file because numba keeps machine code for a function as long as the function's own file does
not change: what a kernel calls must not change behind its back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.imaging.regions.patch import Coverage
from core.jit import inlined, kernel

# A share that lies halfway between two levels goes up, whatever its last bits are: mirrored and turned copies
# of a drawing then have the same coverage.
_TIE = 1e-6


@inlined
def level(share: float) -> int:
    """Return a share of a voxel, 0 to 1, as coverage: the nearest of 255 levels, upwards if between two."""
    return int(min(max(share, 0.0), 1.0) * 255.0 + 0.5 + _TIE)


@inlined
def share_below(height: float, rise_a: float, rise_b: float, rise_c: float) -> float:
    """Return the share of a voxel where a quantity that grows evenly is negative.

    Scardovelli and Zaleski 2000, doi 10.1006/jcph.2000.6567, their forward problem.

    Parameters
    ----------
    height : float
        The quantity at the voxel's centre, such as the distance from an outline in mm.
    rise_a, rise_b, rise_c : float
        Its rise from one side of the voxel to the other, along each axis; 0 along one for areas.
    """
    a, b, c = abs(rise_a), abs(rise_b), abs(rise_c)
    total = a + b + c
    if total <= 0.0:
        return 1.0 if height < 0.0 else 0.0
    # the depth of the plane below the voxel's highest corner, and the three rises, as shares of the total
    depth = 0.5 - height / total
    if depth <= 0.0:
        return 0.0
    if depth >= 1.0:
        return 1.0
    least, most = min(a, b, c) / total, max(a, b, c) / total
    mid = max(1.0 - least - most, least)
    # thinner wedges than rounding can tell are none
    least = least if least > 1e-6 else 0.0
    small = min(depth, 1.0 - depth)
    if small >= min(least + mid, most):
        if most >= least + mid or least == 0.0:
            volume = (2.0 * small - least - mid) / (2.0 * most)
        else:
            volume = (
                small * small * (3.0 - 2.0 * small)
                + least * least * (least - 3.0 * small)
                + mid * mid * (mid - 3.0 * small)
                + most * most * (most - 3.0 * small)
            ) / (6.0 * least * mid * most)
    elif small >= mid:
        volume = (
            small * small * (3.0 * (least + mid) - small)
            + least * least * (least - 3.0 * small)
            + mid * mid * (mid - 3.0 * small)
        ) / (6.0 * least * mid * most)
    elif small >= least:
        volume = (small * (small - least) + least * least / 3.0) / (2.0 * mid * most)
    else:
        volume = small * small * small / (6.0 * least * mid * most)
    return volume if depth <= 0.5 else 1.0 - volume


@kernel
def fill(edges: NDArray[np.float64], coverage: Coverage) -> None:
    """Add up the areas inside, row by row.

    `edges`, shape (n, 4): row and column of the upper end, then of the lower, in order of the upper row;
    voxel (i, j) of `coverage` covers rows i to i + 1 and columns j to j + 1. Between two neighbouring rows at
    which an edge begins, ends or meets another, no two edges cross: sorted from left to right, every other
    one begins the inside.
    """
    count = edges.shape[0]
    rows, columns = coverage.shape
    active = np.empty(count, dtype=np.int64)
    order = np.empty(count, dtype=np.int64)
    place = np.empty(count)
    turns = np.empty(4 * count + 16)
    gain = np.empty(columns + 2)
    held, following = 0, 0
    for i in range(rows):
        # the edges that reach into this row
        kept = 0
        for n in range(held):
            if edges[active[n], 2] > i:
                active[kept] = active[n]
                kept += 1
        held = kept
        while following < count and edges[following, 0] < i + 1:
            if edges[following, 2] > i:
                active[held] = following
                held += 1
            following += 1
        turns, size = _turns(edges, active, held, float(i), turns)
        gain[:] = 0.0
        first = 0
        for band in range(size - 1):
            top, bottom = turns[band], turns[band + 1]
            if bottom <= top:
                continue
            middle = 0.5 * (top + bottom)
            while first < held and edges[active[first], 2] <= top:
                first += 1
            met = _from_left(edges, active, first, held, middle, place, order)
            sign = 1.0
            for n in range(met):
                left, right = _column(edges, order[n], top), _column(edges, order[n], bottom)
                _right_of(left, right, sign * (bottom - top), columns, gain)
                sign = -sign
        total = 0.0
        for j in range(columns):
            total += gain[j]
            coverage[i, j] = level(total)


@kernel
def _from_left(
    edges: NDArray[np.float64],
    active: NDArray[np.int64],
    first: int,
    held: int,
    row: float,
    place: NDArray[np.float64],
    order: NDArray[np.int64],
) -> int:
    """Put the edges that cross a row into `order`, from left to right; return how many there are."""
    met = 0
    for n in range(first, held):
        e = active[n]
        if edges[e, 0] >= row:
            break
        if edges[e, 2] > row:
            x = _column(edges, e, row)
            slot = met
            while slot > 0 and place[slot - 1] > x:
                place[slot], order[slot] = place[slot - 1], order[slot - 1]
                slot -= 1
            place[slot], order[slot] = x, e
            met += 1
    return met


@kernel
def _column(edges: NDArray[np.float64], e: int, row: float) -> float:
    part = (row - edges[e, 0]) / (edges[e, 2] - edges[e, 0])
    return float(edges[e, 1] + part * (edges[e, 3] - edges[e, 1]))


@kernel
def _turns(
    edges: NDArray[np.float64],
    active: NDArray[np.int64],
    held: int,
    top: float,
    turns: NDArray[np.float64],
) -> tuple[NDArray[np.float64], int]:
    """List the rows from `top` to `top` + 1 at which an edge begins, ends or meets another, in order."""
    turns[0], turns[1] = top, top + 1
    size = 2
    for n in range(held):
        a = active[n]
        if size + 2 > turns.size:
            turns = np.concatenate((turns, np.empty(turns.size)))
        for end in (edges[a, 0], edges[a, 2]):
            if top < end < top + 1:
                size = _insert(turns, size, end)
        a_top, a_bottom = max(edges[a, 0], top), min(edges[a, 2], top + 1)
        for m in range(n + 1, held):
            b = active[m]
            if edges[b, 0] >= a_bottom:
                break
            # both run from `high` to `low`: they meet where the distance between them changes its sign
            high, low = max(a_top, edges[b, 0]), min(a_bottom, edges[b, 2])
            if low <= high:
                continue
            before = _column(edges, a, high) - _column(edges, b, high)
            after = _column(edges, a, low) - _column(edges, b, low)
            if before * after < 0:
                if size + 2 > turns.size:
                    turns = np.concatenate((turns, np.empty(turns.size)))
                size = _insert(turns, size, high + (low - high) * before / (before - after))
    return turns, size


@kernel
def _insert(values: NDArray[np.float64], size: int, value: float) -> int:
    slot = size
    while slot > 0 and values[slot - 1] > value:
        values[slot] = values[slot - 1]
        slot -= 1
    values[slot] = value
    return size + 1


@kernel
def _right_of(start: float, stop: float, height: float, columns: int, gain: NDArray[np.float64]) -> None:
    """Add the area to the right of an edge that runs from column `start` to `stop` down a band of a row.

    `gain` holds what a column has more than the one before it. An edge beyond the left border leaves the
    whole row to its right.
    """
    left, right = min(start, stop), max(start, stop)
    if right <= 0.0:
        gain[0] += height
        return
    if left >= columns:
        return
    slope = height / (right - left) if right > left else 0.0
    if left < 0.0:
        gain[0] += -left * slope
        left = 0.0
    j = int(left)
    while j < columns:
        end = min(right, j + 1.0)
        part = (end - left) * slope if right > left else height
        middle = 0.5 * (left + end) - j
        gain[j] += part * (1.0 - middle)
        gain[j + 1] += part * middle
        if right <= j + 1.0:
            return
        left = end
        j += 1
