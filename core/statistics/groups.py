"""Groups against each other: variances, means, ranks, and which pairs differ."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from core.statistics.estimate import Estimate, not_estimable


@dataclass(frozen=True)
class GroupTest:
    """A test that groups do not differ: statistic, degrees of freedom and p; `reason` where there is none.

    `n` counts values used, `left_out` those without a number.
    """

    name: str
    groups: tuple[str, ...]
    n: int
    left_out: int
    statistic: float = np.nan
    df1: float = np.nan
    df2: float = np.nan
    p: float = np.nan
    p_adjusted: float = np.nan
    difference: Estimate | None = None
    reason: str = ""


def compare_groups(values: Mapping[str, ArrayLike]) -> tuple[GroupTest, ...]:
    """Test several groups: Levene, ANOVA, Welch's ANOVA, Kruskal-Wallis, and every pair.

    Two groups: Student's and Welch's t and Mann-Whitney in place of the ANOVAs. More: after ANOVA Tukey's
    HSD, after Kruskal-Wallis Dunn's test with Holm's correction. All from scipy but Welch's ANOVA (Welch
    1951, doi 10.2307/2332579), Dunn's test (Dunn 1964, doi 10.2307/1266041) and the frame of Tukey's.
    Levene's test is about medians (Brown-Forsythe).

    Parameters
    ----------
    values : mapping of group name to values
        NaN for none: left out and counted.
    """
    arrays = {name: np.asarray(v, dtype=np.float64) for name, v in values.items()}
    left_out = sum(int((~np.isfinite(v)).sum()) for v in arrays.values())
    given = {name: v[np.isfinite(v)] for name, v in arrays.items()}
    names, samples = tuple(given), list(given.values())
    n = sum(len(v) for v in samples)
    tests = ("Levene", "ANOVA", "Welch", "Kruskal-Wallis")
    reason = _unfit(samples)
    if reason:
        return tuple(GroupTest(t, names, n, left_out, reason=f"not estimable: {reason}") for t in tests)
    with warnings.catch_warnings():
        # scipy warns where a group hardly varies; the tests that need it to vary say so themselves
        warnings.simplefilter("ignore", RuntimeWarning)
        return _tests(names, samples, left_out)


def _tests(
    names: tuple[str, ...], samples: list[NDArray[np.float64]], left_out: int
) -> tuple[GroupTest, ...]:
    k, n = len(samples), sum(len(v) for v in samples)

    def row(name: str, result: tuple[float, float], df1: float, df2: float = np.nan) -> GroupTest:
        return GroupTest(name, names, n, left_out, result[0], df1, df2, result[1])

    anova, ranks = stats.f_oneway(*samples), stats.kruskal(*samples)
    found = [
        _levene(names, samples, n, left_out),
        row("ANOVA", (float(anova.statistic), float(anova.pvalue)), k - 1, n - k),
        _welch(names, samples, n, left_out),
        row("Kruskal-Wallis", (float(ranks.statistic), float(ranks.pvalue)), k - 1),
    ]
    pairs = _two(names, samples, n, left_out) if k == 2 else [*_tukey(names, samples), *_dunn(names, samples)]
    return (*found, *pairs)


def _unfit(samples: list[NDArray[np.float64]]) -> str:
    if len(samples) < 2:
        return "fewer than two groups"
    if min(len(v) for v in samples) < 2:
        return "a group has fewer than two values"
    if all(np.ptp(v) == 0 for v in samples):
        return "no group varies within itself"
    return ""


def _levene(names: tuple[str, ...], samples: list[NDArray[np.float64]], n: int, left_out: int) -> GroupTest:
    away = [np.abs(v - np.median(v)) for v in samples]
    # as of groups of two values, which lie as far from their median as each other
    if all(np.ptp(d) <= 1e-12 * float(np.abs(v).max()) for d, v in zip(away, samples, strict=True)):
        note = "not estimable: within each group all values lie equally far from its median"
        return GroupTest("Levene", names, n, left_out, reason=note)
    found = stats.levene(*samples, center="median")
    k = len(samples)
    return GroupTest("Levene", names, n, left_out, float(found.statistic), k - 1, n - k, float(found.pvalue))


def _welch(names: tuple[str, ...], samples: list[NDArray[np.float64]], n: int, left_out: int) -> GroupTest:
    variances = np.array([v.var(ddof=1) for v in samples])
    if (variances <= 0).any():
        note = "not estimable: a group does not vary within itself"
        return GroupTest("Welch", names, n, left_out, reason=note)
    sizes, means = np.array([len(v) for v in samples]), np.array([v.mean() for v in samples])
    k = len(samples)
    weight = sizes / variances
    grand = float((weight * means).sum() / weight.sum())
    spread = float(((1 - weight / weight.sum()) ** 2 / (sizes - 1)).sum())
    between = float((weight * (means - grand) ** 2).sum() / (k - 1))
    f = between / (1 + 2 * (k - 2) / (k**2 - 1) * spread)
    df2 = (k**2 - 1) / (3 * spread)
    return GroupTest("Welch", names, n, left_out, f, k - 1, df2, float(stats.f.sf(f, k - 1, df2)))


def _two(
    names: tuple[str, ...], samples: list[NDArray[np.float64]], n: int, left_out: int
) -> list[GroupTest]:
    found = []
    for name, equal in (("Student t", True), ("Welch t", False)):
        result = stats.ttest_ind(*samples, equal_var=equal)
        low, high = result.confidence_interval(0.95)
        value = float(samples[0].mean() - samples[1].mean())
        difference = Estimate(value, value / result.statistic if result.statistic else np.nan,
                              float(low), float(high), n, left_out, name)  # fmt: skip
        found.append(GroupTest(name, names, n, left_out, float(result.statistic), float(result.df),
                               p=float(result.pvalue), difference=difference))  # fmt: skip
    ranks = stats.mannwhitneyu(*samples)
    found.append(GroupTest("Mann-Whitney", names, n, left_out, float(ranks.statistic), p=float(ranks.pvalue)))
    return found


def _tukey(names: tuple[str, ...], samples: list[NDArray[np.float64]]) -> list[GroupTest]:
    """Compare every pair as Tukey and Kramer; scipy's own test integrates every pair twice."""
    k, n = len(samples), sum(len(v) for v in samples)
    within = sum(float(((v - v.mean()) ** 2).sum()) for v in samples) / (n - k)
    reach = _studentised_range(k, n - k)
    found = []
    for a, b in combinations(range(k), 2):
        error = float(np.sqrt(within / 2 * (1 / len(samples[a]) + 1 / len(samples[b]))))
        away = float(samples[a].mean() - samples[b].mean())
        p = float(stats.studentized_range.sf(abs(away) / error, k, n - k))
        of_pair = len(samples[a]) + len(samples[b])
        limits = (away - reach * error, away + reach * error)
        difference = Estimate(away, np.nan, *limits, of_pair, method="Tukey HSD")
        pair = (names[a], names[b])
        found.append(GroupTest("Tukey HSD", pair, of_pair, 0, p_adjusted=p, difference=difference))
    return found


@lru_cache(maxsize=256)
def _studentised_range(groups: int, df: int) -> float:
    # the same for every item and visit, and slow
    return float(stats.studentized_range.ppf(0.95, groups, df))


def _dunn(names: tuple[str, ...], samples: list[NDArray[np.float64]]) -> list[GroupTest]:
    every = np.concatenate(samples)
    n = len(every)
    ranks = np.split(stats.rankdata(every), np.cumsum([len(v) for v in samples])[:-1])
    ties = np.unique(every, return_counts=True)[1].astype(np.float64)
    spread = n * (n + 1) / 12 - float((ties**3 - ties).sum()) / (12 * (n - 1))
    pairs = list(combinations(range(len(names)), 2))
    z = [
        (ranks[a].mean() - ranks[b].mean()) / np.sqrt(spread * (1 / len(ranks[a]) + 1 / len(ranks[b])))
        for a, b in pairs
    ]
    p = 2 * stats.norm.sf(np.abs(z))
    adjusted = _holm(p)
    return [
        GroupTest("Dunn, Holm", (names[a], names[b]), len(ranks[a]) + len(ranks[b]), 0, float(z[i]),
                  p=float(p[i]), p_adjusted=float(adjusted[i]))
        for i, (a, b) in enumerate(pairs)
    ]  # fmt: skip


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p adjusted for their number (Holm 1979)."""
    # statsmodels has it, and collects all garbage at each call: a second where a study is in memory
    order = np.argsort(p)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def spread_of(values: ArrayLike) -> tuple[Estimate, float]:
    """Return mean with Student's interval, and SD; NaN values are left out and counted."""
    array = np.asarray(values, dtype=np.float64)
    given = array[np.isfinite(array)]
    left_out, n = len(array) - len(given), len(given)
    if not n:
        return not_estimable("there is no value", left_out=left_out, method="mean"), np.nan
    mean = float(given.mean())
    if n < 2:
        note = "interval not estimable: there is one value only"
        return Estimate(mean, n=n, left_out=left_out, method="mean", reason=note), np.nan
    sd = float(given.std(ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * sd / np.sqrt(n)
    return Estimate(mean, sd / np.sqrt(n), mean - half, mean + half, n, left_out, "mean"), sd
