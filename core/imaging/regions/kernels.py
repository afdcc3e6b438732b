"""The compiled loops that turn shapes into shares of voxels, and shares into surfaces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.imaging.coverage import Coverage
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


@kernel
def sweep(
    path: NDArray[np.float64],
    radius: float,
    reach: NDArray[np.float64],
    axes: NDArray[np.float64],
    inverse: NDArray[np.float64],
    parts: NDArray[np.int64],
    coverage: Coverage,
) -> None:
    """Cover what a disc or ball sweeps that is drawn along a path.

    `path`, shape (n, 3), and `radius` in mm, with voxel (0, 0, 0) of `coverage` at the origin; `reach` is the
    radius in voxels along each axis. The columns of `axes` are the voxel's sides in mm, the first is 0 for
    a disc within one slice; `inverse` turns mm into indices. A voxel that the border may cross is divided
    into `parts` along each axis, in each of which the border is flat.
    """
    size, last = coverage.shape, path.shape[0] - 1
    half = 0.5 * longest_diagonal(axes)
    nearest = np.full(size, (radius + 2 * half) ** 2)
    for s in range(max(last, 1)):
        _come_nearer(path, s, min(s + 1, last), reach, axes, inverse, nearest)
    near = np.empty(max(last, 1), dtype=np.int64)
    for i in range(size[0]):
        for j in range(size[1]):
            for k in range(size[2]):
                away = np.sqrt(nearest[i, j, k])
                if away <= radius - half:
                    coverage[i, j, k] = 255
                elif away < radius + half:
                    # only these can be nearest to some point of the voxel
                    found = _near(path, _place(axes, float(i), float(j), float(k)), away + 2 * half, near)
                    share = _swept_share(path, near[:found], radius, axes, parts, (i, j, k))
                    coverage[i, j, k] = level(share)


@kernel
def _come_nearer(
    path: NDArray[np.float64],
    start: int,
    stop: int,
    reach: NDArray[np.float64],
    axes: NDArray[np.float64],
    inverse: NDArray[np.float64],
    nearest: NDArray[np.float64],
) -> None:
    """Lower the squared distances from the path where one of its pieces is nearer."""
    low, high = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    for axis in range(3):
        begin, end = 0.0, 0.0
        for c in range(3):
            begin += inverse[axis, c] * path[start, c]
            end += inverse[axis, c] * path[stop, c]
        low[axis] = max(int(np.floor(min(begin, end) - reach[axis])), 0)
        high[axis] = min(int(np.ceil(max(begin, end) + reach[axis])), nearest.shape[axis] - 1)
    for i in range(low[0], high[0] + 1):
        for j in range(low[1], high[1] + 1):
            for k in range(low[2], high[2] + 1):
                x, y, z = _place(axes, float(i), float(j), float(k))
                away = _to_piece(path, start, stop, x, y, z)[0]
                nearest[i, j, k] = min(nearest[i, j, k], away)


@kernel
def _near(
    path: NDArray[np.float64], place: tuple[float, float, float], within: float, near: NDArray[np.int64]
) -> int:
    """List the pieces of the path within a distance of a place, the nearest first; return how many."""
    found, best, last = 0, np.inf, path.shape[0] - 1
    for s in range(near.size):
        away = _to_piece(path, s, min(s + 1, last), place[0], place[1], place[2])[0]
        if away <= within * within:
            near[found] = s
            if away < best:
                best, near[0], near[found] = away, s, near[0]
            found += 1
    return found


@kernel
def _swept_share(
    path: NDArray[np.float64],
    near: NDArray[np.int64],
    radius: float,
    axes: NDArray[np.float64],
    parts: NDArray[np.int64],
    voxel: tuple[int, int, int],
) -> float:
    """Return the share of a voxel that is swept, from the distance and direction of the path in its parts."""
    share, last = 0.0, path.shape[0] - 1
    half = 0.5 * longest_diagonal(axes / parts)
    for a in range(parts[0]):
        for b in range(parts[1]):
            for c in range(parts[2]):
                x, y, z = _place(
                    axes,
                    voxel[0] + (a + 0.5) / parts[0] - 0.5,
                    voxel[1] + (b + 0.5) / parts[1] - 0.5,
                    voxel[2] + (c + 0.5) / parts[2] - 0.5,
                )
                best, piece = np.inf, 0
                for n in range(near.size):
                    away = _to_piece(path, near[n], min(near[n] + 1, last), x, y, z)[0]
                    if away < best:
                        best, piece = away, near[n]
                    if best <= max(radius - half, 0.0) ** 2:
                        break
                if best < (radius + half) ** 2:
                    share += _part_share(path, piece, min(piece + 1, last), radius, axes, parts, (x, y, z))
    return float(share / (parts[0] * parts[1] * parts[2]))


@kernel
def _part_share(
    path: NDArray[np.float64],
    start: int,
    stop: int,
    radius: float,
    axes: NDArray[np.float64],
    parts: NDArray[np.int64],
    centre: tuple[float, float, float],
) -> float:
    """Return the share of a part of a voxel that lies within the radius of one piece of the path."""
    away, x, y, z, beside = _to_piece(path, start, stop, centre[0], centre[1], centre[2])
    far, length = np.sqrt(away), 0.0
    ux, uy, uz = _between(path, start, stop)
    if far > 0.0:
        x, y, z = x / far, y / far, z / far
    if beside:
        length = 1.0 / np.sqrt(ux * ux + uy * uy + uz * uz)
    ux, uy, uz = ux * length, uy * length, uz * length
    rise_0, width_0 = _across(axes, 0, parts[0], x, y, z, ux, uy, uz)
    rise_1, width_1 = _across(axes, 1, parts[1], x, y, z, ux, uy, uz)
    rise_2, width_2 = _across(axes, 2, parts[2], x, y, z, ux, uy, uz)
    # across a part of this width the border falls behind its tangent by this much on average
    behind = max(width_0 + width_1 + width_2, 0.0) / (24.0 * radius)
    return share_below(far - radius + behind, rise_0, rise_1, rise_2)


@kernel
def _across(
    axes: NDArray[np.float64],
    axis: int,
    parts: int,
    x: float,
    y: float,
    z: float,
    ux: float,
    uy: float,
    uz: float,
) -> tuple[float, float]:
    """Return a side of a part along the normal (x, y, z), and the square of its rest off (ux, uy, uz)."""
    a, b, c = axes[0, axis] / parts, axes[1, axis] / parts, axes[2, axis] / parts
    rise, along = a * x + b * y + c * z, a * ux + b * uy + c * uz
    return rise, a * a + b * b + c * c - rise * rise - along * along


@kernel
def _between(path: NDArray[np.float64], start: int, stop: int) -> tuple[float, float, float]:
    return path[stop, 0] - path[start, 0], path[stop, 1] - path[start, 1], path[stop, 2] - path[start, 2]


@kernel
def _place(axes: NDArray[np.float64], i: float, j: float, k: float) -> tuple[float, float, float]:
    return (
        axes[0, 0] * i + axes[0, 1] * j + axes[0, 2] * k,
        axes[1, 0] * i + axes[1, 1] * j + axes[1, 2] * k,
        axes[2, 0] * i + axes[2, 1] * j + axes[2, 2] * k,
    )


@kernel
def _to_piece(
    path: NDArray[np.float64], start: int, stop: int, x: float, y: float, z: float
) -> tuple[float, float, float, float, bool]:
    """Return the square of the distance from a piece of the path, the way from there, and whether its side is
    nearer than its ends.
    """
    ux, uy, uz = _between(path, start, stop)
    x, y, z = x - path[start, 0], y - path[start, 1], z - path[start, 2]
    length2 = ux * ux + uy * uy + uz * uz
    along = (x * ux + y * uy + z * uz) / length2 if length2 > 0.0 else 0.0
    share = min(max(along, 0.0), 1.0)
    x, y, z = x - share * ux, y - share * uy, z - share * uz
    return x * x + y * y + z * z, x, y, z, 0.0 < along < 1.0


@kernel
def longest_diagonal(axes: NDArray[np.float64]) -> float:
    """Return the longest way through a voxel whose sides are the columns of `axes`."""
    longest = 0.0
    for b in (-1.0, 1.0):
        for c in (-1.0, 1.0):
            x, y, z = _place(axes, 1.0, b, c)
            longest = max(longest, np.sqrt(x * x + y * y + z * z))
    return longest


@kernel
def cover_within(
    distance: NDArray[np.float32], limit: float, longest: float, in_plane: bool, coverage: Coverage
) -> None:
    """Cover the voxels, and shares of voxels, whose distance is below a limit.

    The surface at the limit is taken for flat within a voxel; its direction is that in which the distance
    rises between the voxel's neighbours. It cannot cross voxels that are further from it than half of
    `longest`, their longest diagonal.
    """
    slices, rows, columns = distance.shape
    for i in range(slices):
        before_i, after_i = max(i - 1, 0), min(i + 1, slices - 1)
        for j in range(rows):
            before_j, after_j = max(j - 1, 0), min(j + 1, rows - 1)
            for k in range(columns):
                before_k, after_k = max(k - 1, 0), min(k + 1, columns - 1)
                here = distance[i, j, k] - limit
                if abs(here) >= 0.5 * longest:
                    coverage[i, j, k] = 255 if here < 0.0 else 0
                    continue
                through = 0.0
                if not in_plane and after_i > before_i:
                    through = (distance[after_i, j, k] - distance[before_i, j, k]) / (after_i - before_i)
                down = (distance[i, after_j, k] - distance[i, before_j, k]) / max(after_j - before_j, 1)
                right = (distance[i, j, after_k] - distance[i, j, before_k]) / max(after_k - before_k, 1)
                coverage[i, j, k] = level(share_below(here, through, down, right))


@kernel
def crossing(
    coverage: Coverage,
    i: int,
    j: int,
    k: int,
    axis: int,
    half: float,
    in_plane: bool,
    slope: NDArray[np.float64],
) -> float:
    """Return where the surface lies on the way from a voxel to the next along an axis, 0 to 1.

    `slope` becomes the coverage's rise along the three axes there. The surface is a plane across it that
    leaves the right share of the voxel that is nearer to half covered; where the coverage does not tell
    (both voxels whole, or a region that nowhere covers half), it runs straight from centre to centre.
    """
    a, b, c = i + (axis == 0), j + (axis == 1), k + (axis == 2)
    here, there = float(coverage[i, j, k]), float(coverage[a, b, c])
    straight = (half - here) / (there - here)
    before = _slope(coverage, i, j, k, in_plane)
    after = _slope(coverage, a, b, c, in_plane)
    total = 0.0
    for n in range(3):
        slope[n] = (1.0 - straight) * before[n] + straight * after[n]
        total += abs(slope[n])
    ahead = slope[axis] * (1.0 if there > here else -1.0)
    if ahead <= 0.0 and total <= 4.0 * abs(there - here):
        # both sides of something thin
        slope[:] = 0.0
        slope[axis] = there - here
        total = ahead = abs(there - here)
    first = abs(here - half) <= abs(there - half)
    share = (here if first else there) / 255.0
    # a plane that runs along the way tells little of where it crosses it
    if half != 127.5 or share <= 0.0 or share >= 1.0 or ahead < 0.25 * total:
        return straight
    height = _height(share, slope[0] / total, slope[1] / total, slope[2] / total)
    # outwards the coverage falls: the plane lies where height - slope x = 0, x from the voxel's centre
    step = height * total / slope[axis]
    # never quite at a voxel's centre: that is inside, or not, by its own coverage
    return float(min(max(step if first else 1.0 + step, 0.01), 0.99))


@kernel
def _height(share: float, rise_a: float, rise_b: float, rise_c: float) -> float:
    """Return the height at a voxel's centre of a plane that leaves this share below it."""
    low, high = (
        -0.5 * (abs(rise_a) + abs(rise_b) + abs(rise_c)),
        0.5 * (abs(rise_a) + abs(rise_b) + abs(rise_c)),
    )
    for _ in range(14):
        middle = 0.5 * (low + high)
        if share_below(middle, rise_a, rise_b, rise_c) > share:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def _slope(coverage: Coverage, i: int, j: int, k: int, in_plane: bool) -> tuple[float, float, float]:
    """Return how the coverage rises along each axis, smoothed across it by 1, 2, 1."""
    slices, rows, columns = coverage.shape
    through, down, right = 0.0, 0.0, 0.0
    for a in range(0 if in_plane else -1, 1 if in_plane else 2):
        for b in range(-1, 2):
            for c in range(-1, 2):
                value = float(
                    coverage[
                        min(max(i + a, 0), slices - 1),
                        min(max(j + b, 0), rows - 1),
                        min(max(k + c, 0), columns - 1),
                    ]
                )
                through += a * (2 - abs(b)) * (2 - abs(c)) * value
                down += b * (2 - abs(a)) * (2 - abs(c)) * value
                right += c * (2 - abs(a)) * (2 - abs(b)) * value
    return through, down, right
