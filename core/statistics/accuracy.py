"""Accuracy against a reference: proportions with Wilson intervals, AUC with DeLong's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, norm, rankdata
from statsmodels.stats.contingency_tables import mcnemar as _statsmodels_mcnemar
from statsmodels.stats.proportion import proportion_confint

from core.errors import InputError
from core.statistics.estimate import Estimate, cluster_numbers, not_estimable, with_interval

_WALD = "AUC, DeLong 1988"
_ONE_CLUSTER = "interval not estimable: all units of a class are of one cluster"


@dataclass(frozen=True)
class Confusion:
    """Counts of a two-way decision against the reference."""

    tp: int
    fp: int
    tn: int
    fn: int

    @property
    def sensitivity(self) -> Estimate:
        """Share of the positive units that were called positive."""
        return proportion(self.tp, self.tp + self.fn, "no unit is positive in the reference")

    @property
    def specificity(self) -> Estimate:
        """Share of the negative units that were called negative."""
        return proportion(self.tn, self.tn + self.fp, "no unit is negative in the reference")

    @property
    def positive_predictive(self) -> Estimate:
        """Share of the positive calls that are right."""
        return proportion(self.tp, self.tp + self.fp, "no unit was called positive")

    @property
    def negative_predictive(self) -> Estimate:
        """Share of the negative calls that are right."""
        return proportion(self.tn, self.tn + self.fn, "no unit was called negative")


def confusion(scores: ArrayLike, positive: ArrayLike, threshold: float) -> Confusion:
    """Count decisions: `threshold` or more calls a unit positive; units without a score are left out.

    Parameters
    ----------
    scores : array, shape (units,)
        Rising with suspicion; NaN for none.
    positive : array of bool, shape (units,)
        The reference.
    """
    values, truth = _paired(scores, positive)
    called = values >= threshold
    return Confusion(
        tp=int((called & truth).sum()),
        fp=int((called & ~truth).sum()),
        tn=int((~called & ~truth).sum()),
        fn=int((~called & truth).sum()),
    )


def proportion(count: int, n: int, none: str = "there is no unit") -> Estimate:
    """Return count / n with Wilson's 1927 interval (statsmodels); `none` says why where n is 0."""
    if n == 0:
        return not_estimable(none, method="proportion, Wilson")
    low, high = proportion_confint(count, n, alpha=0.05, method="wilson")
    share = count / n
    return Estimate(
        share,
        float(np.sqrt(share * (1 - share) / n)),
        float(low),
        float(high),
        n,
        method="proportion, Wilson",
    )


def clustered_proportion(hits: ArrayLike, clusters: ArrayLike, none: str = "there is no unit") -> Estimate:
    """Return the share of hits where units of one cluster (an animal) resemble each other.

    Wilson's interval at the effective sample size n / design effect (Rao and Scott 1992,
    doi 10.2307/2532311); a design effect under 1 counts as 1, so the interval never gets narrower.

    Parameters
    ----------
    hits : array of bool, shape (units,)
    clusters : array, shape (units,)
        The cluster of each unit; any labels.
    """
    values = np.asarray(hits, dtype=np.float64)
    n = len(values)
    if n == 0:
        return not_estimable(none, method="proportion, Wilson, clustered")
    share = float(values.mean())
    index = cluster_numbers(clusters)
    k = int(index.max()) + 1
    method = "proportion, Wilson at the effective sample size (Rao-Scott)"
    plain = share * (1 - share) / n
    if k < 2:
        note = "interval not estimable: there is one cluster only"
        return Estimate(share, n=n, method=method, reason=note)
    residual = np.bincount(index, values - share)
    variance = k / (k - 1) * float((residual**2).sum()) / n**2
    effect = max(1.0, variance / plain) if plain > 0 else _size_effect(index, n)
    effective = n / effect
    low, high = proportion_confint(share * effective, effective, alpha=0.05, method="wilson")
    return Estimate(share, float(np.sqrt(plain * effect)), float(low), float(high), n, method=method)


def _size_effect(index: NDArray[np.int64], n: int) -> float:
    # all hits or none: the data cannot show the resemblance, so a whole cluster counts as one unit at worst
    return float(n / (index.max() + 1))


def auc(scores: ArrayLike, positive: ArrayLike, clusters: ArrayLike | None = None) -> Estimate:
    """Return the area under the empirical ROC curve with DeLong's interval.

    DeLong, DeLong and Clarke-Pearson 1988 (doi 10.2307/2531595), computed from mid-ranks (Sun and Xu 2014);
    with clusters the variance of Obuchowski 1997 (doi 10.2307/2533958). The interval is normal, cut at 0
    and 1, as pROC's.

    Parameters
    ----------
    scores : array, shape (units,)
        Rising with suspicion; NaN for none: left out and counted.
    positive : array of bool, shape (units,)
        The reference.
    clusters : array, shape (units,), optional
        The animal of each unit where units of one animal resemble each other.
    """
    given = np.isfinite(np.asarray(scores, dtype=np.float64))
    left_out = int((~given).sum())
    values, truth = _paired(scores, positive)
    method = _WALD if clusters is None else "AUC, Obuchowski 1997 clustered"
    reason = _no_auc(truth)
    if reason:
        return not_estimable(reason, n=len(values), left_out=left_out, method=method)
    components = placements(values, truth)
    area = components.area
    if min(truth.sum(), (~truth).sum()) < 2:
        note = "interval not estimable: fewer than two positive or two negative units"
        return Estimate(area, n=len(values), left_out=left_out, method=method, reason=note)
    if clusters is None:
        variance = float(_delong_covariance([components])[0, 0])
    else:
        owners = np.asarray(clusters)[given]
        if _in_one_cluster(truth, owners):
            return Estimate(area, n=len(values), left_out=left_out, method=method, reason=_ONE_CLUSTER)
        variance = _clustered_variance(components, truth, owners)
    return with_interval(
        area,
        float(np.sqrt(max(0.0, variance))),
        n=len(values),
        left_out=left_out,
        method=method,
        low=0.0,
        high=1.0,
    )


@dataclass(frozen=True)
class Placements:
    """How each positive unit lies above the negatives (`positive`), each negative below the positives."""

    positive: NDArray[np.float64]
    negative: NDArray[np.float64]

    @property
    def area(self) -> float:
        """The area under the curve."""
        return float(self.positive.mean())


def placements(values: NDArray[np.float64], truth: NDArray[np.bool_]) -> Placements:
    """Return DeLong's structural components; both classes must be present, no NaN."""
    cases, controls = values[truth], values[~truth]
    both = rankdata(np.concatenate([cases, controls]))
    m, n = len(cases), len(controls)
    return Placements(
        positive=(both[:m] - rankdata(cases)) / n, negative=1.0 - (both[m:] - rankdata(controls)) / m
    )


def areas_without_each(
    values: NDArray[np.float64], truth: NDArray[np.bool_], index: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the area under the curve without each cluster, shape (clusters,); NaN where a class is gone.

    Parameters
    ----------
    values, truth : arrays, shape (units,)
        Scores and reference; both classes must be present, no NaN.
    index : array of int, shape (units,)
        The number of each unit's cluster.
    """
    k, m, n = int(index.max()) + 1, int(truth.sum()), int((~truth).sum())
    gone_positive, gone_negative = (np.bincount(index[of], minlength=k) for of in (truth, ~truth))
    # wins of positives over negatives: a cluster takes away those of its own units
    parts = placements(values, truth)
    lost = np.bincount(index[truth], parts.positive * n, k) + np.bincount(
        index[~truth], parts.negative * m, k
    )
    # its positives against its own negatives were taken away twice
    own_positive, own_negative, owner = _pairs_within(index, truth)
    won = (values[own_positive] > values[own_negative]) + 0.5 * (values[own_positive] == values[own_negative])
    lost -= np.bincount(owner, won, k)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((parts.area * m * n - lost) / ((m - gone_positive) * (n - gone_negative)))


def _pairs_within(
    index: NDArray[np.int64], truth: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return every positive with every negative unit of its own cluster, and the cluster."""
    positives, negatives = np.flatnonzero(truth), np.flatnonzero(~truth)
    negatives = negatives[np.argsort(index[negatives], kind="stable")]
    start = np.searchsorted(index[negatives], index[positives], "left")
    count = np.searchsorted(index[negatives], index[positives], "right") - start
    first = np.repeat(positives, count)
    # 0, 1, .. within each positive's run of negatives
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return first, negatives[np.repeat(start, count) + place], index[first]


def _delong_covariance(parts: list[Placements]) -> NDArray[np.float64]:
    m, n = len(parts[0].positive), len(parts[0].negative)
    positive = np.atleast_2d(np.cov([part.positive for part in parts]))
    negative = np.atleast_2d(np.cov([part.negative for part in parts]))
    return np.asarray(positive / m + negative / n)


def _in_one_cluster(truth: NDArray[np.bool_], clusters: NDArray[np.generic]) -> bool:
    """Whether all positive units, or all negative ones, are of one cluster."""
    return any(len(np.unique(cluster_numbers(clusters)[of])) < 2 for of in (truth, ~truth))


def _clustered_variance(parts: Placements, truth: NDArray[np.bool_], clusters: NDArray[np.generic]) -> float:
    index = cluster_numbers(clusters)
    k = int(index.max()) + 1
    m, n, area = len(parts.positive), len(parts.negative), parts.area
    pull_positive = np.bincount(index[truth], parts.positive - area, k)
    pull_negative = np.bincount(index[~truth], parts.negative - area, k)
    has_positive = len(np.unique(index[truth]))
    has_negative = len(np.unique(index[~truth]))
    s10 = has_positive / ((has_positive - 1) * m) * (pull_positive**2).sum()
    s01 = has_negative / ((has_negative - 1) * n) * (pull_negative**2).sum()
    s11 = k / (k - 1) * (pull_positive * pull_negative).sum()
    return float(s10 / m + s01 / n + 2 * s11 / (m * n))


@dataclass(frozen=True)
class Comparison:
    """Difference of two AUCs with its test."""

    difference: Estimate
    z: float = np.nan
    p: float = np.nan


def compare_paired(
    first: ArrayLike, second: ArrayLike, positive: ArrayLike, clusters: ArrayLike | None = None
) -> Comparison:
    """Compare two scores of the same units; units that lack either are left out and counted.

    DeLong 1988; with clusters (the animal of each unit) Obuchowski 1997.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    truth = np.asarray(positive, dtype=bool)
    whole = np.isfinite(a) & np.isfinite(b)
    left_out, n = int((~whole).sum()), int(whole.sum())
    a, b, truth = a[whole], b[whole], truth[whole]
    method = "difference of AUCs, paired " + ("DeLong" if clusters is None else "Obuchowski 1997 clustered")
    reason = _no_auc(truth) or ("" if min(truth.sum(), (~truth).sum()) >= 2 else "too few units of one class")
    if reason:
        return Comparison(not_estimable(reason, n=n, left_out=left_out, method=method))
    parts = [placements(a, truth), placements(b, truth)]
    if clusters is None:
        covariance = _delong_covariance(parts)
        variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    elif _in_one_cluster(truth, np.asarray(clusters)[whole]):
        away = parts[0].area - parts[1].area
        return Comparison(Estimate(away, n=n, left_out=left_out, method=method, reason=_ONE_CLUSTER))
    else:
        # the clustered variance is a quadratic form in the placements, so that of a difference is its own
        between = Placements(parts[0].positive - parts[1].positive, parts[0].negative - parts[1].negative)
        variance = _clustered_variance(between, truth, np.asarray(clusters)[whole])
    return _tested(parts[0].area - parts[1].area, float(variance), n, left_out, method)


def compare_unpaired(first: tuple[ArrayLike, ...], second: tuple[ArrayLike, ...]) -> Comparison:
    """Compare the AUCs of two independent samples, each given as (scores, positive) or with clusters third.

    DeLong 1988; with clusters Obuchowski 1997. No cluster may lie in both samples.
    """
    areas = [auc(*first), auc(*second)]
    n, left_out = sum(a.n for a in areas), sum(a.left_out for a in areas)
    clustered = len(first) > 2
    method = "difference of AUCs, unpaired " + ("Obuchowski 1997 clustered" if clustered else "DeLong")
    lost = next((area.reason for area in areas if not np.isfinite(area.se)), "")
    if lost:
        return Comparison(not_estimable(lost.split(": ", 1)[-1], n=n, left_out=left_out, method=method))
    variance = areas[0].se ** 2 + areas[1].se ** 2
    return _tested(areas[0].value - areas[1].value, variance, n, left_out, method)


@dataclass(frozen=True)
class McNemar:
    """Whether two ways of calling the same units differ: discordant counts and their tests.

    The clustered test is NaN without clusters, or where fewer than two hold a unit called differently.
    """

    only_first: int
    only_second: int
    left_out: int
    chi_square: float = np.nan
    p: float = np.nan
    chi_square_corrected: float = np.nan
    p_corrected: float = np.nan
    p_exact: float = np.nan
    reason: str = ""
    n: int = 0
    chi_square_clustered: float = np.nan
    p_clustered: float = np.nan


def mcnemar(first: ArrayLike, second: ArrayLike, clusters: ArrayLike | None = None) -> McNemar:
    """Compare paired yes/no calls (McNemar 1947; statsmodels): chi-square, with continuity correction, exact.

    With clusters also the test of Durkalski et al. 2003 (doi 10.1002/sim.1438), which is McNemar's where
    every cluster holds one unit.

    Parameters
    ----------
    first, second : array of float, shape (units,)
        1 or 0; NaN for none: left out and counted.
    clusters : array, shape (units,), optional
        The animal of each unit; any labels.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    whole = np.isfinite(a) & np.isfinite(b)
    yes_a, yes_b = a[whole] > 0, b[whole] > 0
    table = np.array(
        [[(yes_a & yes_b).sum(), (yes_a & ~yes_b).sum()], [(~yes_a & yes_b).sum(), (~yes_a & ~yes_b).sum()]]
    )
    one, other, left_out = int(table[0, 1]), int(table[1, 0]), int((~whole).sum())
    n = int(whole.sum())
    if one + other == 0:
        reason = "the calls never differ" if n else "no unit was called in both ways"
        return McNemar(one, other, left_out, reason=f"not estimable: {reason}", n=n)
    plain = _statsmodels_mcnemar(table, exact=False, correction=False)
    corrected = _statsmodels_mcnemar(table, exact=False, correction=True)
    exact = _statsmodels_mcnemar(table, exact=True)
    clustered = (
        (np.nan, np.nan) if clusters is None else _durkalski(yes_a, yes_b, np.asarray(clusters)[whole])
    )
    return McNemar(
        one, other, left_out, float(plain.statistic), float(plain.pvalue), float(corrected.statistic),
        float(corrected.pvalue), float(exact.pvalue), "", n, *clustered,
    )  # fmt: skip


def _durkalski(
    first: NDArray[np.bool_], second: NDArray[np.bool_], clusters: NDArray[np.generic]
) -> tuple[float, float]:
    """Return chi-square and p; each cluster counts by the share of its units that are called differently."""
    index = cluster_numbers(clusters)
    away = np.bincount(index, first.astype(float) - second) / np.bincount(index)
    if np.count_nonzero(away) < 2:
        return np.nan, np.nan
    statistic = float(away.sum() ** 2 / (away**2).sum())
    return statistic, float(chi2.sf(statistic, 1))


def roc_points(scores: ArrayLike, positive: ArrayLike) -> NDArray[np.float64]:
    """Return the empirical ROC curve as rows (threshold, 1 - specificity, sensitivity), from inf down.

    NaN where a class is absent.
    """
    values, truth = _paired(scores, positive)
    levels, place = np.unique(values, return_inverse=True)
    columns = [np.concatenate([[np.inf], levels[::-1]])]
    for of_class in (~truth, truth):
        called = np.concatenate([[0], np.cumsum(np.bincount(place[of_class], minlength=len(levels))[::-1])])
        columns.append(called / of_class.sum() if of_class.any() else np.full(len(called), np.nan))
    return np.column_stack(columns)


def _tested(difference: float, variance: float, n: int, left_out: int, method: str) -> Comparison:
    se = float(np.sqrt(max(0.0, variance)))
    estimate = with_interval(difference, se, n=n, left_out=left_out, method=method, low=-1.0, high=1.0)
    if not np.isfinite(estimate.se):
        return Comparison(estimate)
    z = difference / se
    return Comparison(estimate, float(z), float(2 * norm.sf(abs(z))))


def _no_auc(truth: NDArray[np.bool_]) -> str:
    if not len(truth):
        return "no unit has both a score and a reference"
    if not truth.any():
        return "no unit is positive in the reference"
    return "no unit is negative in the reference" if truth.all() else ""


def _paired(scores: ArrayLike, positive: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    values, truth = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    if values.shape != truth.shape or values.ndim != 1:
        raise InputError("scores and reference must be two lists of the same length")
    given = np.isfinite(values)
    return values[given], truth[given]
