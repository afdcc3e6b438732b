"""One measurement against another: correlation, lines with error in one or both, limits of agreement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import chdtri, nctdtrit

from core.errors import InputError
from core.statistics.estimate import Estimate, not_estimable, with_interval

_TINY = 1e-12
# of Passing and Bablok's line: half their square is the number of slopes
_MOST_PAIRS = 4000
# of Spearman's exact test: all orders of nine are 362,880
_MOST_ORDERED = 9


@dataclass(frozen=True)
class Line:
    """A straight line y = intercept + slope x, each with its interval."""

    slope: Estimate
    intercept: Estimate


@dataclass(frozen=True)
class Limits:
    """Bland and Altman's bias and limits of agreement, each with its interval."""

    bias: Estimate
    sd: float
    lower: Estimate
    upper: Estimate


@dataclass(frozen=True)
class Test:
    """A coefficient with the p of the hypothesis that it is 0."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    estimate: Estimate
    p: float = np.nan


def pearson(x: ArrayLike, y: ArrayLike) -> Test:
    """Return Pearson's correlation with Fisher's interval (scipy); pairs that lack a value are left out."""
    pairs = _Pairs(x, y)
    reason = pairs.fault(3)
    if reason:
        return Test(pairs.none(reason, "Pearson, Fisher z"))
    result = stats.pearsonr(pairs.x, pairs.y)
    p = float(result.pvalue)
    if len(pairs.x) < 4 or abs(result.statistic) >= 1 - _TINY:
        why = "fewer than four pairs" if len(pairs.x) < 4 else "all points lie on a line"
        return Test(pairs.bare(float(result.statistic), "Pearson, Fisher z", why), p)
    low, high = result.confidence_interval(0.95)
    return Test(pairs.ranged(float(result.statistic), float(low), float(high), "Pearson, Fisher z"), p)


def spearman(x: ArrayLike, y: ArrayLike) -> Test:
    """Return Spearman's correlation; interval by Fisher's z with Bonett and Wright's 2000 variance.

    The p of up to nine pairs is exact, from all orders of the ranks, tied or not; of more by Student's t.
    """
    pairs = _Pairs(x, y)
    method = "Spearman, Fisher z (Bonett-Wright)"
    reason = pairs.fault(3)
    if reason:
        return Test(pairs.none(reason, method))
    result = stats.spearmanr(pairs.x, pairs.y)
    rho, n = float(result.statistic), len(pairs.x)
    p = _exact_p(pairs.x, pairs.y) if n <= _MOST_ORDERED else float(result.pvalue)
    if n < 4 or abs(rho) >= 1 - _TINY:
        return Test(
            pairs.bare(rho, method, "fewer than four pairs" if n < 4 else "the ranks agree wholly"), p
        )
    half = stats.norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / (n - 3))
    return Test(pairs.ranged(rho, *_back_from_z(rho, half), method), p)


def _exact_p(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the share of orders in which the ranks are correlated at least as much, either way."""
    a, b = (ranks - ranks.mean() for ranks in (stats.rankdata(x), stats.rankdata(y)))
    found = np.abs(a[_orders(len(a))] @ b)
    return float((found >= abs(float(a @ b)) - 1e-9).mean())


@lru_cache(maxsize=8)
def _orders(n: int) -> NDArray[np.int8]:
    """Return every order of n things, shape (n!, n)."""
    if n == 1:
        return np.zeros((1, 1), dtype=np.int8)
    shorter = _orders(n - 1)
    return np.concatenate([np.insert(shorter, place, n - 1, axis=1) for place in range(n)])


def ols(x: ArrayLike, y: ArrayLike) -> Line:
    """Return the least-squares line of y on x (scipy); Student's t intervals, n - 2 degrees of freedom."""
    pairs = _Pairs(x, y)
    reason = pairs.fault(3, need_y=False)
    if reason:
        none = pairs.none(reason, "OLS")
        return Line(none, none)
    fit = stats.linregress(pairs.x, pairs.y)
    return Line(
        pairs.symmetric(float(fit.slope), float(fit.stderr), "OLS", len(pairs.x) - 2),
        pairs.symmetric(float(fit.intercept), float(fit.intercept_stderr), "OLS", len(pairs.x) - 2),
    )


def deming(x: ArrayLike, y: ArrayLike, ratio: float = 1.0) -> Line:
    """Return Deming's line: both measurements carry error.

    Intervals by the jackknife with n - 2 degrees of freedom (Linnet 1990, doi 10.1002/sim.4780091210).

    Parameters
    ----------
    x, y : array, shape (pairs,)
        The two measurements; NaN for none.
    ratio : float
        Variance of the error of y over that of x; 1 is orthogonal regression in the units given.

    Raises
    ------
    InputError
        If the ratio is not positive.
    """
    if not (np.isfinite(ratio) and ratio > 0):
        raise InputError(f"the ratio of error variances must be positive, not {ratio}")
    pairs = _Pairs(x, y)
    method = f"Deming, variance ratio {ratio:g}, jackknife"
    reason = pairs.fault(3)
    if not reason and abs(
        _deming_parts(pairs.x, pairs.y)[2][0]
    ) <= _TINY * pairs.x.std() * pairs.y.std() * len(pairs.x):
        reason = "the measurements do not vary together"
    if reason:
        none = pairs.none(reason, method)
        return Line(none, none)
    slope, intercept = _deming_lines(pairs.x, pairs.y, ratio)
    n = len(pairs.x)
    found = []
    for all_and_without in (slope, intercept):
        # pseudo-values of the jackknife
        pseudo = n * all_and_without[0] - (n - 1) * all_and_without[1:]
        if not np.isfinite(pseudo).all():
            found.append(
                pairs.bare(float(all_and_without[0]), method, "without one of the pairs there is no line")
            )
            continue
        se = float(np.sqrt(pseudo.var(ddof=1) / n))
        found.append(pairs.symmetric(float(all_and_without[0]), se, method, n - 2))
    return Line(*found)


def _deming_parts(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return centred sums of squares xx, yy, xy and the means, entry 0 of all pairs, 1 + i without pair i."""
    n = len(x)
    dx, dy = x - x.mean(), y - y.mean()
    shrink = n / (n - 1)
    sums = []
    for a, b in ((dx, dx), (dy, dy), (dx, dy)):
        total = float(a @ b)
        sums.append(np.concatenate([[total], total - shrink * a * b]))
    means = [np.concatenate([[v.mean()], v.mean() - d / (n - 1)]) for v, d in ((x, dx), (y, dy))]
    return (*sums, *means)


def _deming_lines(
    x: NDArray[np.float64], y: NDArray[np.float64], ratio: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    xx, yy, xy, mean_x, mean_y = _deming_parts(x, y)
    lean = yy - ratio * xx
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (lean + np.sqrt(lean**2 + 4 * ratio * xy**2)) / (2 * xy)
        return slope, mean_y - slope * mean_x


def passing_bablok(x: ArrayLike, y: ArrayLike) -> Line:
    """Return Passing and Bablok's 1983 line (doi 10.1515/cclm.1983.21.11.709) with their rank interval.

    Robust against outliers; needs a positive relation. With n pairs it takes n (n - 1) / 2 slopes.
    """
    pairs = _Pairs(x, y)
    method = "Passing-Bablok"
    reason = pairs.fault(3)
    if len(pairs.x) > _MOST_PAIRS:
        reason = (
            f"{len(pairs.x)} pairs have too many slopes to sort; take a random part of at most {_MOST_PAIRS}"
        )
    if not reason and stats.kendalltau(pairs.x, pairs.y).statistic <= 0:
        reason = "the measurements do not rise together"
    if reason:
        none = pairs.none(reason, method)
        return Line(none, none)
    return _passing_bablok(pairs, method)


def _passing_bablok(pairs: _Pairs, method: str) -> Line:
    n = len(pairs.x)
    slopes, shift = _pairwise_slopes(pairs.x, pairs.y)
    count = len(slopes)
    half = stats.norm.ppf(0.975) * np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = round((count - half) / 2)
    high = count - low + 1
    middle = (count - 1) / 2 + shift
    if count + shift == 0 or int(np.ceil(middle)) >= count:
        none = pairs.none("the measurements do not rise together", method)
        return Line(none, none)
    slope = float((slopes[int(np.floor(middle))] + slopes[int(np.ceil(middle))]) / 2)
    if not np.isfinite(slope):
        none = pairs.none("half of the slopes are vertical", method)
        return Line(none, none)
    intercept = float(np.median(pairs.y - slope * pairs.x))
    if low < 1 or high + shift > count:
        why = "too few pairs for the rank interval"
        return Line(pairs.bare(slope, method, why), pairs.bare(intercept, method, why))
    bounds = float(slopes[low + shift - 1]), float(slopes[high + shift - 1])
    if not np.isfinite(bounds).all():
        why = "a limit of the slope is vertical"
        return Line(pairs.bare(slope, method, why), pairs.bare(intercept, method, why))
    # with x of both signs the limits of the slope do not give those of the intercept in order
    edges = sorted(float(np.median(pairs.y - b * pairs.x)) for b in bounds)
    if not edges[0] <= intercept <= edges[1]:
        why = "the limits of the slope do not enclose it"
        return Line(pairs.ranged(slope, *bounds, method), pairs.bare(intercept, method, why))
    return Line(pairs.ranged(slope, *bounds, method), pairs.ranged(intercept, edges[0], edges[1], method))


def _pairwise_slopes(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Return the sorted slopes of all pairs of points, and by how many the median is shifted."""
    first, second = np.triu_indices(len(x), 1)
    dx, dy = x[second] - x[first], y[second] - y[first]
    kept = (dx != 0) | (dy != 0)
    with np.errstate(divide="ignore"):
        slopes = dy[kept] / dx[kept]
    slopes = np.sort(slopes[slopes != -1.0])
    return slopes, int((slopes < -1.0).sum())


def bland_altman(x: ArrayLike, y: ArrayLike, multiple: float = 1.96) -> Limits:
    """Return bias (x - y) and limits of agreement, Bland and Altman 1986 and 1999.

    The bias has Student's t interval; the limits the exact one from the non-central t distribution
    (Carkeet 2015, doi 10.1097/OPX.0000000000000513), as Bland and Altman's own is approximate below n = 60.

    Parameters
    ----------
    x, y : array, shape (pairs,)
        The two measurements; NaN for none.
    multiple : float
        How many SDs the limits lie from the bias.
    """
    pairs = _Pairs(x, y)
    method = f"Bland-Altman, bias +- {multiple:g} SD"
    n = len(pairs.x)
    if n < 2:
        none = pairs.none("fewer than two pairs", method)
        return Limits(none, np.nan, none, none)
    difference = pairs.x - pairs.y
    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    middle = pairs.symmetric(bias, sd / np.sqrt(n), method, n - 1)
    if not np.isfinite(middle.se):
        limit = pairs.bare(bias, method, "the differences do not vary")
        return Limits(middle, sd, limit, limit)
    inner, outer = (
        float(nctdtrit(n - 1, multiple * np.sqrt(n), q)) * sd / np.sqrt(n) for q in (0.025, 0.975)
    )
    reach = multiple * sd
    return Limits(
        middle,
        sd,
        pairs.ranged(bias - reach, bias - outer, bias - inner, f"{method}, exact"),
        pairs.ranged(bias + reach, bias + inner, bias + outer, f"{method}, exact"),
    )


def concordance(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Return Lin's concordance correlation coefficient, interval by the z transform (Lin 1989, 2000).

    doi 10.2307/2532051. Variances have n in the denominator, as in Lin's paper.
    """
    pairs = _Pairs(x, y)
    method = "Lin's CCC, z transform"
    reason = pairs.fault(3)
    if reason:
        return pairs.none(reason, method)
    n = len(pairs.x)
    sx, sy = pairs.x.std(), pairs.y.std()
    r = float(np.corrcoef(pairs.x, pairs.y)[0, 1])
    away = pairs.x.mean() - pairs.y.mean()
    c = float(2 * r * sx * sy / (sx**2 + sy**2 + away**2))
    if abs(r) >= 1 - _TINY or abs(r) < _TINY:
        return pairs.bare(
            c, method, "all points lie on a line" if abs(r) > 0.5 else "the values do not vary together"
        )
    u2 = away**2 / (sx * sy)
    variance = (
        (1 - r**2) * c**2 * (1 - c**2) / r**2 + 2 * c**3 * (1 - c) * u2 / r - c**4 * u2**2 / (2 * r**2)
    ) / (n - 2)
    half = stats.norm.ppf(0.975) * np.sqrt(max(0.0, variance)) / (1 - c**2)
    return pairs.ranged(c, *_back_from_z(c, half), method)


def repeatability(values: ArrayLike) -> Estimate:
    """Return the repeatability coefficient 1.96 sqrt(2) s_w of repeated values, shape (units, repeats).

    Bland and Altman 1999 (doi 10.1177/096228029900800204), interval from chi-square of the within-unit
    variance. NaN for a repeat that is missing; units with fewer than two are left out.
    """
    table = np.asarray(values, dtype=np.float64)
    given = np.isfinite(table).sum(1)
    used = given >= 2
    left_out, df = int((~used).sum()), int((given[used] - 1).sum())
    method = "repeatability coefficient, 1.96 sqrt(2) within-unit SD"
    n = int(used.sum())
    if n < 2:
        reason = "fewer than two units have two values" if n else "no unit has two values"
        return not_estimable(reason, n=n, left_out=left_out, method=method)
    within = float(np.nansum((table[used] - np.nanmean(table[used], axis=1, keepdims=True)) ** 2) / df)
    if np.sqrt(within) <= _TINY * max(1.0, float(np.nanmax(np.abs(table[used])))):
        note = "interval not estimable: the repeats do not differ"
        return Estimate(0.0, n=n, left_out=left_out, method=method, reason=note)
    factor = 1.96 * np.sqrt(2)
    value = factor * np.sqrt(within)
    low, high = (factor * np.sqrt(within * df / chdtri(df, tail)) for tail in (0.025, 0.975))
    return Estimate(
        float(value),
        float(value / np.sqrt(2 * df)),
        float(low),
        float(high),
        n,
        left_out,
        method,
    )


def _back_from_z(value: float, half: float) -> tuple[float, float]:
    """Return the limits of a correlation whose Fisher z has the interval +- half."""
    return float(np.tanh(np.arctanh(value) - half)), float(np.tanh(np.arctanh(value) + half))


class _Pairs:
    """Two columns without the pairs that lack a value, and ways to say what they gave."""

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        if a.shape != b.shape or a.ndim != 1:
            raise InputError("the two measurements must be lists of the same length")
        whole = np.isfinite(a) & np.isfinite(b)
        self.x, self.y, self.left_out = a[whole], b[whole], int((~whole).sum())

    def fault(self, fewest: int, *, need_y: bool = True) -> str:
        """Return why no line or correlation can be had, or nothing."""
        if len(self.x) < fewest:
            return f"{len(self.x)} pairs are complete; {fewest} are needed"
        columns = [self.x, self.y] if need_y else [self.x]
        if any(np.ptp(v) <= _TINY * max(1.0, float(np.abs(v).max())) for v in columns):
            return "one of the measurements does not vary"
        return ""

    def none(self, reason: str, method: str) -> Estimate:
        return not_estimable(reason, n=len(self.x), left_out=self.left_out, method=method)

    def bare(self, value: float, method: str, why: str) -> Estimate:
        note = f"interval not estimable: {why}"
        return Estimate(value, n=len(self.x), left_out=self.left_out, method=method, reason=note)

    def ranged(self, value: float, low: float, high: float, method: str) -> Estimate:
        return Estimate(value, np.nan, float(low), float(high), len(self.x), self.left_out, method)

    def symmetric(self, value: float, se: float, method: str, df: int) -> Estimate:
        return with_interval(value, se, n=len(self.x), left_out=self.left_out, method=method, df=df)
