"""What a region holds of pictures: mean, spread, quantiles and histograms, voxels weighed by their coverage.

Fast enough to follow a hand that draws: a million voxels in a few milliseconds, with exact quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import WHOLE, Box, Region, coverage_box
from core.jit import kernel

Values = NDArray[np.float32] | NDArray[np.float64]

MOST_BINS = 200
_SHARES = (0.25, 0.5, 0.75)
# of the search for quantiles: so many steps fit the processor's nearest memory, so few values are just sorted
_STEPS = 4096
_FEW = 512


@dataclass(frozen=True)
class Summary:
    """What a region holds of one picture; statistics are NaN where there are too few values.

    Parameters
    ----------
    touched : int
        Voxels of which any part lies inside.
    left_out : int
        Of these, those without a finite value.
    voxels : float
        How many voxels with a value lie inside, parts of voxels as such.
    mean, sd, q25, median, q75, least, most : float
        In the picture's unit, as `summaries` defines them; `sd` needs two voxels, parts of voxels as such.
    """

    touched: int
    left_out: int
    voxels: float
    mean: float
    sd: float
    q25: float
    median: float
    q75: float
    least: float
    most: float


@dataclass(frozen=True, eq=False)
class RegionHistogram:
    """How a picture's values are spread over a region.

    Parameters
    ----------
    edges : float64 array, shape (bin + 1,)
        Evenly spaced; a bin holds its lower edge, the last its upper too.
    voxels : float64 array, shape (bin,)
        How many voxels lie inside, parts of voxels as such.
    below, above : float
        Voxels beyond the edges.
    """

    edges: NDArray[np.float64]
    voxels: NDArray[np.float64]
    below: float
    above: float


def summaries(
    pictures: Sequence[NDArray[Any]], region: Region, *, box: Box | None = None
) -> tuple[Summary, ...]:
    """Summarise a region's values in one or several pictures.

    With w the share of a voxel that lies inside, V1 the sum of w and V2 that of its squares, over the voxels
    with a finite value: mean = sum(w x) / V1; SD^2 = sum(w (x - mean)^2) / (V1 - V2 / V1), unbiased for
    weights that say how reliable a value is (GNU Scientific Library 2.7, "Weighted Samples"), with n - 1 in
    the denominator for whole voxels. Quantiles are those of Akinshin 2023 (arXiv 2304.07265, weighted
    type 7): the mean of the weighted step function over a window as wide as one of V1^2 / V2 equal
    voxels; for whole voxels Hyndman and Fan's type 7, which numpy takes.

    Parameters
    ----------
    pictures : sequence of arrays, each of shape (slice, row, column)
        Any unit and any real type.
    region : uint8 or bool array of the same shape
        Coverage, or a mask of whole voxels.
    box : tuple of slices, optional
        A box that holds all of the region, if it is known: finding it takes longer than the rest where a
        grid is large.

    Raises
    ------
    InputError
        If a shape differs.
    """
    box = _box(pictures, region, box)
    if box is None:
        return (Summary(0, 0, 0.0, *[float("nan")] * 7),) * len(pictures)
    return tuple(_summary(_Held(picture, region, box)) for picture in pictures)


def histograms(
    pictures: Sequence[NDArray[Any]],
    region: Region,
    *,
    box: Box | None = None,
    limits: tuple[float, float] | None = None,
    bins: int | None = None,
) -> tuple[RegionHistogram | None, ...]:
    """Count a region's values in one or several pictures, each voxel by the share of it that lies inside.

    Parameters
    ----------
    pictures, region, box
        As for `summaries`.
    limits : (low, high), optional
        The ends of the axis, the same for all pictures; else each picture's least and most value.
    bins : int, optional
        How many; else by Freedman and Diaconis (1981, doi 10.1007/BF01025868), at most MOST_BINS.

    Returns
    -------
    tuple of RegionHistogram
        None for a picture without a value in the region.

    Raises
    ------
    InputError
        If a shape differs, the limits do not rise, or there is no bin.
    """
    if limits is not None and not (np.isfinite(limits).all() and limits[0] < limits[1]):
        raise InputError(f"the axis of a histogram must rise, not go from {limits[0]:g} to {limits[1]:g}")
    if bins is not None and bins < 1:
        raise InputError("a histogram needs a bin")
    box = _box(pictures, region, box)
    if box is None:
        return (None,) * len(pictures)
    return tuple(_histogram(_Held(picture, region, box), limits, bins) for picture in pictures)


def _box(pictures: Sequence[NDArray[Any]], region: Region, box: Box | None) -> Box | None:
    for picture in pictures:
        if picture.shape != region.shape:
            raise InputError(f"the picture has shape {picture.shape}, the region {region.shape}")
    return coverage_box(region) if box is None else box


class _Held:
    """The finite values of a region's voxels and their coverage, in C order, with sums over them."""

    def __init__(self, picture: NDArray[Any], region: Region, box: Box) -> None:
        # two types of picture have machine code; others are rare and copied
        if picture.dtype not in (np.float32, np.float64) or not picture.flags.c_contiguous:
            kind = np.float32 if picture.dtype == np.float32 else np.float64
            picture, region = np.ascontiguousarray(picture[box], dtype=kind), region[box]
            box = (slice(0, picture.shape[0]), slice(0, picture.shape[1]), slice(0, picture.shape[2]))
        level = WHOLE if region.dtype == np.bool_ else 1
        ends = np.array([(side.start, side.stop) for side in box], dtype=np.int64)
        size = int(np.prod(ends[:, 1] - ends[:, 0]))
        values, levels, sums = (
            np.empty(size, dtype=picture.dtype),
            np.empty(size, dtype=np.uint8),
            np.zeros(7),
        )
        _gather(picture, np.ascontiguousarray(region).view(np.uint8), level, ends, values, levels, sums)
        count, touched = int(sums[0]), int(sums[1])
        self.values, self.levels = values[:count], levels[:count]
        self.count, self.touched = count, touched
        # in levels of coverage, of which WHOLE make a voxel
        self.total, self.squares, self.weighted, self.least, self.most = (float(n) for n in sums[2:])


def _summary(held: _Held) -> Summary:
    if not held.count:
        return Summary(held.touched, held.touched, 0.0, *[float("nan")] * 7)
    mean = held.weighted / held.total
    found = np.empty(len(_SHARES))
    square = _spread_and_quantiles(
        held.values, held.levels, held.total, held.squares, mean, held.least, held.most, _SHARES, found
    )
    freedom = held.total - held.squares / held.total
    # slivers of some voxels that make less than two tell no spread
    sd = float(np.sqrt(square / freedom)) if held.total >= 2 * WHOLE and freedom > 0 else float("nan")
    return Summary(
        touched=held.touched,
        left_out=held.touched - held.count,
        voxels=held.total / WHOLE,
        mean=mean,
        sd=sd,
        q25=float(found[0]),
        median=float(found[1]),
        q75=float(found[2]),
        least=held.least,
        most=held.most,
    )


def _histogram(held: _Held, limits: tuple[float, float] | None, bins: int | None) -> RegionHistogram | None:
    if not held.count:
        return None
    low, high = limits or (held.least, held.most)
    if not low < high:
        low, high = low - 0.5, high + 0.5
    if bins is None:
        summary = _summary(held)
        # as many voxels of equal weight as tell as much (Kish)
        equal = held.total**2 / held.squares
        width = 2 * (summary.q75 - summary.q25) / np.cbrt(equal)
        bins = int(np.clip(np.ceil((high - low) / width), 1, MOST_BINS)) if width > 0 else 1
    counts = np.zeros(bins + 2, dtype=np.int64)
    _count(held.values, held.levels, low, high, counts)
    voxels = counts / WHOLE
    return RegionHistogram(
        np.linspace(low, high, bins + 1), voxels[1:-1], float(voxels[0]), float(voxels[-1])
    )


@kernel
def _gather(
    picture: NDArray[Any],
    region: NDArray[np.uint8],
    level: int,
    ends: NDArray[np.int64],
    values: Values,
    levels: NDArray[np.uint8],
    sums: NDArray[np.float64],
) -> None:
    """List the finite values and their coverage; `sums`: count, touched, sums of w, w^2, w x, least, most."""
    count, touched, total, squares = 0, 0, 0, 0
    weighted, least, most = 0.0, np.inf, -np.inf
    for i in range(ends[0, 0], ends[0, 1]):
        for j in range(ends[1, 0], ends[1, 1]):
            for k in range(ends[2, 0], ends[2, 1]):
                weight = level * region[i, j, k]
                if weight == 0:
                    continue
                touched += 1
                value = float(picture[i, j, k])
                if not np.isfinite(value):
                    continue
                values[count], levels[count] = value, weight
                count += 1
                total += weight
                squares += weight * weight
                weighted += weight * value
                least = value if value < least else least
                most = value if value > most else most
    sums[0], sums[1], sums[2], sums[3] = count, touched, total, squares
    sums[4], sums[5], sums[6] = weighted, least, most


@kernel
def _spread_and_quantiles(
    values: Values,
    levels: NDArray[np.uint8],
    total: float,
    squares: float,
    mean: float,
    least: float,
    most: float,
    shares: tuple[float, float, float],
    quantiles: NDArray[np.float64],
) -> float:
    """Return the weighted sum of squares about the mean, and fill in the quantiles.

    Values are counted in even steps from the least to the most; the few in the steps that a quantile's
    window reaches are sorted.
    """
    if most == least:
        quantiles[:] = least
        return 0.0
    scale = (_STEPS - 1) / (most - least)
    weights = np.zeros(_STEPS, dtype=np.int64)
    steps = np.empty(values.size, dtype=np.uint16)
    square = 0.0
    for n in range(values.size):
        away = values[n] - mean
        square += levels[n] * away * away
        step = np.uint16((values[n] - least) * scale)
        steps[n] = step
        weights[step] += levels[n]
    width = squares / total
    wanted = np.zeros(_STEPS, dtype=np.bool_)
    for share in shares:
        start = share * (total - width)
        first, last, _ = _steps_of(weights, start, start + width)
        wanted[first : last + 1] = True
    near, near_levels, near_steps = _wanted(values, levels, steps, wanted)
    for q in range(len(shares)):
        start = shares[q] * (total - width)
        first, last, before = _steps_of(weights, start, start + width)
        chosen = (near_steps >= first) & (near_steps <= last)
        start -= before
        quantiles[q] = _mean_between(near[chosen], near_levels[chosen], start, start + width)
    return square


@kernel
def _steps_of(steps: NDArray[np.int64], start: float, stop: float) -> tuple[int, int, float]:
    """Return the first and last step that a window of cumulated weight reaches, and the weight before."""
    first, last, before, reached = -1, steps.size - 1, 0.0, 0.0
    for n in range(steps.size):
        if first < 0 and reached + steps[n] > start:
            first, before = n, reached
        reached += steps[n]
        if first >= 0 and reached >= stop:
            last = n
            break
    return max(first, 0), last, before


@kernel
def _wanted(
    values: Values, levels: NDArray[np.uint8], steps: NDArray[np.uint16], wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.uint16]]:
    """Return values, coverage and steps of those whose step is wanted."""
    count = 0
    for n in range(values.size):
        count += wanted[steps[n]]
    near, near_steps = np.empty(count), np.empty(count, dtype=np.uint16)
    near_levels = np.empty(count, dtype=np.uint8)
    count = 0
    for n in range(values.size):
        if wanted[steps[n]]:
            near[count], near_levels[count], near_steps[count] = values[n], levels[n], steps[n]
            count += 1
    return near, near_levels, near_steps


@kernel
def _mean_between(values: NDArray[np.float64], levels: NDArray[np.uint8], start: float, stop: float) -> float:
    """Return the mean of the step function that rises through the values, each as wide as its weight."""
    while values.size > _FEW:
        least, most = values.min(), values.max()
        if least == most:
            return float(least)
        steps = ((values - least) * ((_STEPS - 1) / (most - least))).astype(np.uint16)
        weights = np.zeros(_STEPS, dtype=np.int64)
        for n in range(values.size):
            weights[steps[n]] += levels[n]
        first, last, before = _steps_of(weights, start, stop)
        chosen = (steps >= first) & (steps <= last)
        if chosen.all():
            break
        values, levels, start, stop = values[chosen], levels[chosen], start - before, stop - before
    order = np.argsort(values)
    reached, found = 0.0, 0.0
    for n in order:
        low, high = max(reached, start), min(reached + levels[n], stop)
        if high > low:
            found += (high - low) * values[n]
        reached += levels[n]
    return float(found / (stop - start))


@kernel
def _count(
    values: Values,
    levels: NDArray[np.uint8],
    low: float,
    high: float,
    counts: NDArray[np.int64],
) -> None:
    """Add up coverage in even bins; the first and the last count what lies beyond."""
    bins = counts.size - 2
    scale = bins / (high - low)
    for n in range(values.size):
        if values[n] < low:
            counts[0] += levels[n]
        elif values[n] > high:
            counts[bins + 1] += levels[n]
        else:
            counts[1 + min(int((values[n] - low) * scale), bins - 1)] += levels[n]
