"""Agreement of several raters on categories: Fleiss, Light, Conger, Gwet, Brennan-Prediger.

Codes have shape (units, raters) with -1 for "no answer"; counts have shape (units, categories).
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from core.statistics.agreement import (
    FEW,
    ONE_CATEGORY,
    Weights,
    cohen_kappa,
    counts_of,
    cross_table,
    root,
    weight_matrix,
)
from core.statistics.estimate import Estimate, not_estimable, with_interval

Chance = Literal["gwet", "fleiss", "uniform"]


def rating_counts(codes: ArrayLike, categories: int) -> NDArray[np.int64]:
    """Count per unit how many raters chose each category: codes (units, raters) to (units, categories)."""
    matrix = np.asarray(codes, dtype=np.int64)
    units = np.broadcast_to(np.arange(len(matrix))[:, None], matrix.shape)
    given = matrix >= 0
    flat = np.bincount(units[given] * categories + matrix[given], minlength=len(matrix) * categories)
    return flat.reshape(len(matrix), categories)


def fleiss_kappa(counts: ArrayLike) -> Estimate:
    """Return Fleiss' kappa from counts (units, categories); raters per unit may differ (Gwet 2014, eq 2.24).

    The interval is Gwet's linearised one (Student's t, units - 1 degrees of freedom): Fleiss' own
    standard error (`fleiss_test`) holds only under the null hypothesis of no agreement.
    """
    return _chance_corrected(counts, "Fleiss' kappa; Gwet 2014 variance", None, "fleiss")


def gwet_ac(counts: ArrayLike, weights: Weights | ArrayLike = "unweighted") -> Estimate:
    """Return Gwet's AC1 (unweighted) or AC2 from counts (units, categories), Gwet 2008 and 2014.

    doi 10.1348/000711006X126600. The number of declared categories enters the chance agreement.
    """
    name = "AC1" if isinstance(weights, str) and weights == "unweighted" else "AC2"
    return _chance_corrected(counts, f"Gwet's {name}", weights, "gwet")


def brennan_prediger(counts: ArrayLike, weights: Weights | ArrayLike = "unweighted") -> Estimate:
    """Return Brennan and Prediger's 1981 coefficient from counts (units, categories)."""
    return _chance_corrected(counts, "Brennan-Prediger", weights, "uniform")


def fleiss_test(counts: ArrayLike) -> tuple[float, float]:
    """Return z and p of Fleiss' kappa under no agreement (Fleiss, Nee and Landis 1979); NaN where undefined.

    Needs the same number of raters at every unit, at least two.
    """
    table = counts_of(counts, square=False)
    raters = table.sum(1)
    if len(table) < 2 or raters.min() < 2 or raters.min() != raters.max():
        return np.nan, np.nan
    m, n = int(raters[0]), len(table)
    share = table.sum(0) / (n * m)
    pq = share * (1 - share)
    if pq.sum() <= 0:
        return np.nan, np.nan
    variance = 2 * (pq.sum() ** 2 - (pq * (1 - 2 * share)).sum()) / (pq.sum() ** 2 * n * m * (m - 1))
    if variance <= 0:
        return np.nan, np.nan
    z = fleiss_kappa(table).value / np.sqrt(variance)
    return float(z), float(2 * norm.sf(abs(z)))


def light_kappa(codes: ArrayLike, categories: int) -> Estimate:
    """Return Light's 1971 kappa: the mean of Cohen's unweighted kappa over all pairs of raters.

    `codes` has shape (units, raters); units with a missing rater are left out of all pairs. There is no
    agreed standard error; take a bootstrap over units (`core.statistics.bootstrap`).
    """
    matrix = np.asarray(codes, dtype=np.int64)
    whole = (matrix >= 0).all(1) if matrix.size else np.zeros(len(matrix), dtype=bool)
    left_out, n = int((~whole).sum()), int(whole.sum())
    method = "Light's kappa: mean of pairwise Cohen kappas"
    pairs = [
        cohen_kappa(cross_table(matrix[whole, a], matrix[whole, b], categories)).estimate
        for a, b in combinations(range(matrix.shape[1]), 2)
    ]
    if not pairs:
        return not_estimable("fewer than two raters", n=n, left_out=left_out, method=method)
    lost = next((pair.reason for pair in pairs if not pair.estimable), "")
    if lost:
        return not_estimable(f"a pair has no kappa ({lost})", n=n, left_out=left_out, method=method)
    value = float(np.mean([pair.value for pair in pairs]))
    return Estimate(
        value, n=n, left_out=left_out, method=method, reason="interval not estimable: bootstrap the units"
    )


def light_test(codes: ArrayLike, categories: int) -> tuple[float, float]:
    """Return z and p of Light's kappa under no agreement (Conger 1980), as R's irr; NaN if undefined."""
    matrix = np.asarray(codes, dtype=np.int64)
    kappa = light_kappa(matrix, categories)
    whole = matrix[(matrix >= 0).all(1)] if matrix.size else matrix
    if not kappa.estimable:
        return np.nan, np.nan
    n, raters = whole.shape
    margins = [np.bincount(column, minlength=categories) for column in whole.T]
    # for each pair of raters: the chance that they differ
    differ = [1 - float(margins[a] @ margins[b]) / n**2 for a, b in combinations(range(raters), 2)]
    product = len(differ) * float(np.prod(differ))
    variance = (1 - product) / (n * product) if product > 0 else 0.0
    if variance <= 0:
        return np.nan, np.nan
    z = kappa.value / np.sqrt(variance)
    return float(z), float(2 * norm.sf(abs(z)))


def conger_kappa(codes: ArrayLike, categories: int) -> Estimate:
    """Return Conger's 1980 kappa for several raters: Fleiss' with each rater's own margins.

    `codes` has shape (units, raters); units with a missing rater are left out and counted.
    """
    matrix = np.asarray(codes, dtype=np.int64)
    whole = matrix[(matrix >= 0).all(1)] if matrix.size else matrix
    left_out, (n, raters) = len(matrix) - len(whole), whole.shape
    method = "Conger's kappa"
    if n < 2 or raters < 2:
        return not_estimable(FEW, n=n, left_out=left_out, method=method)
    counts = rating_counts(whole, categories)
    observed = float((counts * (counts - 1)).sum() / (n * raters * (raters - 1)))
    margins = np.array([np.bincount(column, minlength=categories) for column in whole.T]) / n
    pairs = margins @ margins.T
    expected = float((pairs.sum() - np.trace(pairs)) / (raters * (raters - 1)))
    if expected >= 1 - 1e-12:
        return not_estimable(ONE_CATEGORY, n=n, left_out=left_out, method=method)
    note = "interval not estimable: bootstrap the units"
    value = (observed - expected) / (1 - expected)
    return Estimate(value, n=n, left_out=left_out, method=method, reason=note)


def category_kappas(counts: ArrayLike) -> tuple[tuple[float, float, float], ...]:
    """Return Fleiss' kappa of each category against all others, with z and p under no agreement.

    Fleiss 1971 (doi 10.1037/h0031619); NaN where a category was never or always used. Needs the same
    number of raters at every unit.
    """
    table = counts_of(counts, square=False)
    raters = table.sum(1)
    if len(table) < 2 or raters.min() < 2 or raters.min() != raters.max():
        return tuple((np.nan, np.nan, np.nan) for _ in table.T)
    m, n = int(raters[0]), len(table)
    found = []
    for column in table.T:
        share = float(column.sum() / (n * m))
        if not 0 < share < 1:
            found.append((np.nan, np.nan, np.nan))
            continue
        differ = float((column * (m - column)).sum() / (n * m * (m - 1)))
        kappa = 1 - differ / (share * (1 - share))
        z = kappa / np.sqrt(2 / (n * m * (m - 1)))
        found.append((kappa, float(z), float(2 * norm.sf(abs(z)))))
    return tuple(found)


def _chance_corrected(
    counts: ArrayLike, method: str, weights: Weights | ArrayLike | None, chance: Chance
) -> Estimate:
    """Value and linearised variance of Gwet's family (Gwet 2014, Handbook of Inter-Rater Reliability)."""
    table = counts_of(counts, square=False).astype(np.float64)
    raters = table.sum(1)
    answered = raters > 0
    left_out = int((raters < 2).sum())
    # units with one answer tell nothing of agreement but something of prevalence: Gwet keeps them for that
    table, raters = table[answered], raters[answered]
    paired = raters >= 2
    n, used, categories = len(table), int(paired.sum()), table.shape[1]
    if used < 2:
        return not_estimable(FEW, n=used, left_out=left_out, method=method)
    if categories < 2:
        return not_estimable("only one category is declared", n=used, left_out=left_out, method=method)
    w = np.eye(categories) if weights is None else weight_matrix(categories, weights)
    share = table / raters[:, None]
    prevalence = share.mean(0)
    expected = float(chance_agreement(chance, w, prevalence))
    unit_expected = _unit_chance(chance, w, prevalence, share, expected)
    if expected >= 1 - 1e-12:
        return not_estimable(ONE_CATEGORY, n=used, left_out=left_out, method=method)
    pairs = np.where(paired, raters * (raters - 1), 1.0)
    unit_observed = np.where(paired, (table * (table @ w - 1)).sum(1) / pairs, 0.0)
    observed = unit_observed.sum() / used
    value = (observed - expected) / (1 - expected)
    unit = (n / used) * (unit_observed - expected * paired) / (1 - expected)
    unit -= 2 * (1 - value) * (unit_expected - expected) / (1 - expected)
    variance = ((unit - value) ** 2).sum() / (n * (n - 1))
    # weighted coefficients can lie below -1: their chance agreement can be more than a half
    return with_interval(
        float(value), root(variance), n=used, left_out=left_out, method=method, df=n - 1, high=1.0
    )


def chance_agreement(
    kind: Chance, w: NDArray[np.float64], prevalence: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the agreement expected by chance from the prevalence of the categories, shape (..., categories).

    "gwet": Gwet 2008, "fleiss": Fleiss 1971, "uniform": Brennan and Prediger 1981; `w` agreement weights.
    """
    categories = len(w)
    if kind == "gwet":
        factor = w.sum() / (categories * (categories - 1))
        return np.asarray(factor * (prevalence * (1 - prevalence)).sum(-1))
    if kind == "fleiss":
        return np.asarray(((prevalence @ w) * prevalence).sum(-1))
    return np.full(prevalence.shape[:-1], w.sum() / categories**2)


def _unit_chance(
    kind: Chance,
    w: NDArray[np.float64],
    prevalence: NDArray[np.float64],
    share: NDArray[np.float64],
    expected: float,
) -> NDArray[np.float64]:
    """Return each unit's part of the agreement by chance."""
    categories = len(w)
    if kind == "gwet":
        return np.asarray(w.sum() / (categories * (categories - 1)) * (share @ (1 - prevalence)))
    if kind == "fleiss":
        return np.asarray(share @ ((w @ prevalence + prevalence @ w) / 2))
    return np.full(len(share), expected)
