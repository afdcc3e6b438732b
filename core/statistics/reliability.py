"""Agreement of raters on numbers: intraclass correlation, Krippendorff's alpha, Kendall's W."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, fdtri
from scipy.stats import chi2, rankdata

from core.errors import InputError
from core.statistics.agreement import Metric
from core.statistics.estimate import Estimate, not_estimable, with_interval

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
# a correlation is no lower; a hair is allowed for rounding
LOWEST = -1 - 1e-9
_TINY = 1e-12


@dataclass(frozen=True)
class Icc:
    """One form of the intraclass correlation, named as by Shrout and Fleiss 1979, with its F test of 0."""

    form: str
    raters: int
    estimate: Estimate
    f: float = np.nan
    df1: float = np.nan
    df2: float = np.nan
    p: float = np.nan


def icc(values: ArrayLike, *, average_interval: str = "McGraw-Wong") -> tuple[Icc, ...]:
    """Return the six intraclass correlations of a table of values, shape (units, raters), NaN = missing.

    ICC(1,.) one-way random, ICC(2,.) two-way random, absolute agreement, ICC(3,.) two-way mixed,
    consistency; (.,1) one rater, (.,k) the mean of k. Formulas and intervals: McGraw and Wong 1996
    (doi 10.1037/1082-989X.1.1.30), tables 4 and 7. Units with a missing rater are left out and counted.

    Parameters
    ----------
    average_interval : {"McGraw-Wong", "Spearman-Brown"}
        How the interval of ICC(2,k) is made: from its own formula (R's irr), or by stepping up the limits
        of ICC(2,1) (R's psych). The others do not differ.

    Raises
    ------
    InputError
        If the table is not two-dimensional.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise InputError("ICC needs a table of units by raters")
    whole = np.isfinite(table).all(1)
    left_out, table = int((~whole).sum()), table[whole]
    n, k = table.shape
    reason = ""
    if k < 2:
        reason = "fewer than two raters"
    elif n < 2:
        reason = "fewer than two units were rated by all"
    elif np.ptp(table) <= _TINY * max(1.0, float(np.abs(table).max())):
        reason = "all values are equal"
    if reason:
        none = not_estimable(reason, n=n, left_out=left_out, method="ICC")
        return tuple(Icc(form, k, none) for form in FORMS)
    squares = _mean_squares(table)
    return tuple(_icc_form(form, squares, (n, k, left_out), average_interval) for form in FORMS)


@dataclass(frozen=True)
class _MeanSquares:
    rows: float
    columns: float
    error: float
    within: float


def _mean_squares(table: NDArray[np.float64]) -> _MeanSquares:
    n, k = table.shape
    centred = table - table.mean()
    rows, columns = centred.mean(1), centred.mean(0)
    residual = centred - rows[:, None] - columns
    return _MeanSquares(
        rows=float(k * (rows**2).sum() / (n - 1)),
        columns=float(n * (columns**2).sum() / (k - 1)),
        error=float((residual**2).sum() / ((n - 1) * (k - 1))),
        within=float(((centred - rows[:, None]) ** 2).sum() / (n * (k - 1))),
    )


def _icc_form(form: str, ms: _MeanSquares, size: tuple[int, int, int], average_interval: str) -> Icc:
    n, k, left_out = size
    one_way, two_way = form.startswith("ICC(1"), form.startswith("ICC(2")
    average = form.endswith("k)")
    error = ms.within if one_way else ms.error
    df2 = float(n * (k - 1) if one_way else (n - 1) * (k - 1))
    drift = (ms.columns - error) / n if two_way else 0.0
    below = ms.rows + (drift if average else (k - 1) * error + k * drift)
    scale = max(ms.rows, ms.columns, ms.within)
    method = f"{form}; {average_interval if two_way and average else 'McGraw-Wong'} interval"
    if below <= _TINY * scale:
        reason = "the variance between units is estimated as none or negative"
        return Icc(form, k, not_estimable(reason, n=n, left_out=left_out, method=method))
    value = (ms.rows - error) / below
    if value < LOWEST and not average:
        reason = "the formula gives a value under -1, which no correlation has"
        return Icc(form, k, not_estimable(reason, n=n, left_out=left_out, method=method))
    unbounded = "the sample shows no error" if error <= _TINY * scale else ""
    if ms.rows <= _TINY * scale:
        unbounded = "the raters' mean is the same for every unit"
    if unbounded:
        note = f"interval not estimable: {unbounded}"
        return Icc(form, k, Estimate(value, n=n, left_out=left_out, method=method, reason=note))
    ratio = ms.rows / error
    if not two_way:
        low, high = _f_limits(ratio, n - 1, df2)
        limits = tuple((x - 1) / (x if average else x + k - 1) for x in (low, high))
    elif average and average_interval == "Spearman-Brown":
        single = (ms.rows - error) / (ms.rows + (k - 1) * error + k * drift)
        limits, df2 = _agreement_limits(ms, single, n, k, average=False)
        limits = tuple(k * x / (1 + (k - 1) * x) for x in limits)
    else:
        limits, df2 = _agreement_limits(ms, value, n, k, average=average)
    if limits[0] <= value <= limits[1]:
        estimate = Estimate(value, np.nan, float(limits[0]), float(limits[1]), n, left_out, method)
    else:
        # with a handful of units the formula can give limits beside the value, or none
        note = "interval not estimable: too few units for the formula"
        estimate = Estimate(value, n=n, left_out=left_out, method=method, reason=note)
    return Icc(form, k, estimate, ratio, n - 1, df2, float(fdtrc(n - 1, df2, ratio)))


def _f_limits(ratio: float, df1: float, df2: float) -> tuple[float, float]:
    return float(ratio / fdtri(df1, df2, 0.975)), float(ratio * fdtri(df2, df1, 0.975))


def _agreement_limits(
    ms: _MeanSquares, value: float, n: int, k: int, *, average: bool
) -> tuple[tuple[float, ...], float]:
    """Return the limits of ICC(2,.) and Satterthwaite's degrees of freedom, as McGraw and Wong's table 7."""
    # with ICC(2,k) in place of ICC(2,1) here, as R's irr reads the table; Spearman-Brown keeps ICC(2,1)
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    mix = a * ms.columns + b * ms.error
    if abs(mix) <= _TINY * max(ms.columns, ms.error):
        return (np.nan, np.nan), np.nan
    df2 = mix**2 / ((a * ms.columns) ** 2 / (k - 1) + (b * ms.error) ** 2 / ((n - 1) * (k - 1)))
    below, above = fdtri(n - 1, df2, 0.975), fdtri(df2, n - 1, 0.975)
    spread = (ms.columns - ms.error) if average else k * ms.columns + (k * n - k - n) * ms.error
    low = n * (ms.rows - below * ms.error) / (below * spread + n * ms.rows)
    high = n * (above * ms.rows - ms.error) / (spread + n * above * ms.rows)
    return (float(low), float(high)), float(df2)


def krippendorff_alpha(values: ArrayLike, metric: Metric = "nominal") -> Estimate:
    """Return Krippendorff's alpha of values, shape (units, raters), NaN where a rater gave none.

    Krippendorff 2011, "Computing Krippendorff's alpha-reliability". Standard error by leaving out one unit
    at a time (jackknife), interval Student's t with units - 1 degrees of freedom. Units with fewer than
    two answers are left out and counted. For "nominal" the values are any codes.

    Raises
    ------
    InputError
        If the table is not two-dimensional, or a ratio scale holds negative values.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise InputError("alpha needs a table of units by raters")
    given = np.isfinite(table)
    usable = given.sum(1) >= 2
    left_out, n = int((~usable).sum()), int(usable.sum())
    method = f"Krippendorff's alpha, {metric}; jackknife"
    if n < 2:
        return not_estimable("fewer than two units have two answers", n=n, left_out=left_out, method=method)
    table, given = table[usable], given[usable]
    levels, codes = np.unique(table[given], return_inverse=True)
    if len(levels) < 2:
        return not_estimable("all answers are equal", n=n, left_out=left_out, method=method)
    if metric == "ratio" and levels[0] < 0:
        raise InputError("a ratio scale has no negative values; use interval")
    units = np.broadcast_to(np.arange(n)[:, None], table.shape)[given]
    if metric == "interval":
        numerator, spread, answers = _interval_parts(table[given] - table[given].mean(), units, n)
    else:
        flat = np.bincount(units * len(levels) + codes, minlength=n * len(levels))
        counts = flat.reshape(n, -1).astype(np.float64)
        parts = _ordinal_parts if metric == "ordinal" else _distance_parts
        numerator, spread, answers = parts(counts, levels, metric)
    # entry 0 holds all units, entry 1 + u all but unit u
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas = 1 - (answers - 1) * numerator / spread
    value, without = float(alphas[0]), alphas[1:]
    if not np.isfinite(without).all() or n < 3:
        note = "interval not estimable: all variation hangs on one unit"
        return Estimate(value, n=n, left_out=left_out, method=method, reason=note)
    se = float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))
    return with_interval(value, se, n=n, left_out=left_out, method=method, df=n - 1, high=1.0)


_Parts = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _leave_one_out(per_unit: NDArray[np.float64]) -> NDArray[np.float64]:
    total = per_unit.sum(0, keepdims=True)
    return np.concatenate([total, total - per_unit])


def _interval_parts(x: NDArray[np.float64], units: NDArray[np.int64], n: int) -> _Parts:
    """Observed and expected squared differences from sums alone: values may all be distinct."""

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(units, values, n).astype(np.float64)

    m, sums, squares = total(np.ones_like(x)), total(x), total(x**2)
    answers = _leave_one_out(m)
    spread = 2 * (answers * _leave_one_out(squares) - _leave_one_out(sums) ** 2)
    return _leave_one_out(2 * (m * squares - sums**2) / (m - 1)), spread, answers


def _distance_parts(counts: NDArray[np.float64], levels: NDArray[np.float64], metric: Metric) -> _Parts:
    m = counts.sum(1)
    if metric == "nominal":
        distance = 1.0 - np.eye(len(levels))
    else:
        total = np.add.outer(levels, levels)
        distance = (np.subtract.outer(levels, levels) / np.where(total == 0, 1.0, total)) ** 2
    observed = ((counts @ distance) * counts).sum(1) / (m - 1)
    margins = _leave_one_out(counts)
    return _leave_one_out(observed), ((margins @ distance) * margins).sum(1), _leave_one_out(m)


def _ordinal_parts(counts: NDArray[np.float64], levels: NDArray[np.float64], metric: Metric) -> _Parts:
    """Compute with the squared difference of mid-ranks, which is Krippendorff's ordinal distance.

    The ranks follow the margins, so they change with every unit left out.
    """
    m = counts.sum(1)
    margins = _leave_one_out(counts)
    ranks = np.cumsum(margins, axis=1) - margins / 2
    scaled = counts / (m - 1)[:, None]
    products = scaled.T @ counts
    squares = (scaled * m[:, None]).sum(0)
    observed = 2 * (ranks**2 @ squares - ((ranks @ products) * ranks).sum(1))
    own = ranks[1:]
    observed[1:] -= 2 * ((own**2 * counts).sum(1) * m / (m - 1) - (own * counts).sum(1) ** 2 / (m - 1))
    answers = _leave_one_out(m)
    spread = 2 * (answers * (margins * ranks**2).sum(1) - (margins * ranks).sum(1) ** 2)
    return observed, spread, answers


@dataclass(frozen=True)
class Concordance:
    """Kendall's W with its chi-square test."""

    estimate: Estimate
    chi_square: float = np.nan
    p: float = np.nan


def kendall_w(values: ArrayLike) -> Concordance:
    """Return Kendall's coefficient of concordance, corrected for ties; values (units, raters), NaN = missing.

    Kendall and Babington Smith 1939; chi-square with units - 1 degrees of freedom.
    """
    table = np.asarray(values, dtype=np.float64)
    whole = np.isfinite(table).all(1)
    left_out, table = int((~whole).sum()), table[whole]
    n, m = table.shape
    method = "Kendall's W, corrected for ties"
    if n < 2 or m < 2:
        return Concordance(
            not_estimable("two units and two raters are needed", n=n, left_out=left_out, method=method)
        )
    ranks = rankdata(table, axis=0)
    ties = sum(
        float((t**3 - t).sum()) for t in (np.unique(column, return_counts=True)[1] for column in table.T)
    )
    spread = m**2 * (n**3 - n) - m * ties
    if spread <= 0:
        return Concordance(not_estimable("all values are tied", n=n, left_out=left_out, method=method))
    sums = ranks.sum(1)
    w = float(12 * ((sums - sums.mean()) ** 2).sum() / spread)
    chi_square = m * (n - 1) * w
    note = "interval not estimable: W is tested, not bounded"
    return Concordance(
        Estimate(w, n=n, left_out=left_out, method=method, reason=note),
        chi_square,
        float(chi2.sf(chi_square, n - 1)),
    )
