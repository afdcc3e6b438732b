"""Agreement of two raters on categories: Cohen's kappa.

Categories are codes 0 .. K-1 of a declared list, with -1 for "no answer".
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from core.errors import InputError
from core.statistics.estimate import Estimate, cluster_numbers, not_estimable, with_interval

Weights = Literal["unweighted", "linear", "quadratic"]
WEIGHTS: tuple[Weights, ...] = ("unweighted", "linear", "quadratic")
Metric = Literal["nominal", "ordinal", "interval", "ratio"]
MISSING = -1

FEW = "fewer than two units were rated by both"
ONE_CATEGORY = "every answer is the same category, so chance agreement is 1 and kappa is 0/0"

# Landis and Koch 1977, doi 10.2307/2529310; for unweighted kappa only: they judged no other coefficient
_LABELS = ((0.0, "poor"), (0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))
# beyond it counts are no longer whole in double precision
MOST_RATINGS = 2**53


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa of two raters with what it is made of.

    `z` and `p` test kappa = 0 with the standard error under that hypothesis. Prevalence and bias index
    belong to two categories (Byrt, Bishop and Carlin 1993), `maximum` to the unweighted kappa (Cohen 1960).
    """

    weights: str
    n: int
    categories: int
    p_observed: float
    p_expected: float
    estimate: Estimate
    label: str = ""
    prevalence_index: float = np.nan
    bias_index: float = np.nan
    maximum: float = np.nan
    z: float = np.nan
    p: float = np.nan


def encode(values: Sequence[Hashable], categories: Sequence[Hashable]) -> NDArray[np.int64]:
    """Return the position of each value among the declared categories; None becomes -1.

    Raises
    ------
    InputError
        If a value is not among the categories, or a category is declared twice.
    """
    positions = {category: k for k, category in enumerate(categories)}
    if len(positions) != len(categories):
        raise InputError("a category is declared twice; list each once")
    positions[None] = MISSING
    try:
        return np.array([positions[value] for value in values], dtype=np.int64)
    except KeyError as error:
        known = ", ".join(str(category) for category in categories)
        raise InputError(
            f"the value {error.args[0]!r} is not among the categories {known}; declare it or correct it"
        ) from error


def cross_table(first: ArrayLike, second: ArrayLike, categories: int) -> NDArray[np.int64]:
    """Count pairs of codes in a (categories, categories) table, the first rater in rows.

    Units where either rater gave no answer (-1) are not in the table.
    """
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    both = (a >= 0) & (b >= 0)
    flat = np.bincount(a[both] * categories + b[both], minlength=categories**2)
    return flat.reshape(categories, categories)


def weight_matrix(categories: int, weights: Weights | ArrayLike) -> NDArray[np.float64]:
    """Return agreement weights, 1 on the diagonal: Cicchetti-Allison (linear), Fleiss-Cohen (quadratic).

    A custom square matrix of agreement weights between 0 and 1 is checked and given back.

    Raises
    ------
    InputError
        If a custom matrix has another shape, other values, or a diagonal other than 1.
    """
    if isinstance(weights, str):
        step = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories))) / max(
            1, categories - 1
        )
        if weights == "unweighted":
            return np.eye(categories)
        if weights == "linear":
            return np.asarray(1.0 - step)
        if weights == "quadratic":
            return np.asarray(1.0 - step**2)
        raise InputError(f"weights are {', '.join(WEIGHTS)} or a matrix, not {weights!r}")
    matrix = np.asarray(weights, dtype=np.float64)
    if matrix.shape != (categories, categories) or not np.isfinite(matrix).all():
        raise InputError(f"the weights must be a {categories} x {categories} table of numbers")
    if matrix.min() < 0 or matrix.max() > 1 or not np.allclose(np.diag(matrix), 1.0):
        raise InputError("the weights must lie between 0 and 1, with 1 on the diagonal")
    return matrix


def cohen_kappa(table: ArrayLike, weights: Weights | ArrayLike = "unweighted", *, left_out: int = 0) -> Kappa:
    """Return Cohen's kappa of a square table of counts over all declared categories.

    Standard error: Fleiss, Cohen and Everitt 1969 (doi 10.1037/h0028106), equation 9 and, unweighted,
    equation 13; the interval is normal, cut at -1 and 1. Their variances are written as mean squares about
    the mean: a difference of squares leaves a small number where it should leave none.

    Parameters
    ----------
    table : array of int, shape (K, K)
        Rows: first rater, columns: second rater.
    weights : {"unweighted", "linear", "quadratic"} or array, shape (K, K)
        Agreement weights; a matrix has 1 on its diagonal.
    left_out : int
        Units that are not in the table, told on in the result.

    Raises
    ------
    InputError
        If the table is not square or holds something else than counts.
    """
    counts = counts_of(table)
    categories, n = len(counts), int(counts.sum())
    name = weights if isinstance(weights, str) else "custom"
    agreement = weight_matrix(categories, weights)
    share = counts / n if n else np.zeros_like(counts, dtype=np.float64)
    rows, columns = share.sum(1), share.sum(0)
    observed = float((agreement * share).sum()) if n else np.nan
    expected = float(rows @ agreement @ columns) if n else np.nan
    method = f"Cohen's kappa, {name}; Fleiss-Cohen-Everitt 1969"
    # custom weights can give a kappa below -1: their chance agreement can be more than a half
    lowest = -np.inf if name == "custom" else -1.0
    z = p = np.nan
    if n < 2:
        estimate = not_estimable(FEW, n=n, left_out=left_out, method=method)
    elif expected >= 1.0 - 1e-12:
        estimate = not_estimable(ONE_CATEGORY, n=n, left_out=left_out, method=method)
    else:
        kappa = (observed - expected) / (1 - expected)
        se = root(float((share * influence(agreement, share) ** 2).sum()) / n)
        pull = np.add.outer(agreement @ columns, rows @ agreement)
        by_chance = np.outer(rows, columns) * (agreement - pull + expected) ** 2
        se_by_chance = root(float(by_chance.sum()) / n) / (1 - expected)
        if se_by_chance:
            z = kappa / se_by_chance
            p = float(2 * ndtr(-abs(z)))
        estimate = with_interval(kappa, se, n=n, left_out=left_out, method=method, low=lowest, high=1.0)
    label = landis_koch(estimate.value) if name == "unweighted" and estimate.estimable else ""
    indices, maximum = _indices(share), _maximum(agreement, share)
    return Kappa(name, n, categories, observed, expected, estimate, label, *indices, maximum, z, p)


def influence(agreement: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far a unit in each cell of a table moves kappa: the linearised kappa, of mean 0.

    Parameters
    ----------
    agreement, share : array of float, shape (K, K)
        Agreement weights and the table as shares of its sum.
    """
    rows, columns = share.sum(1), share.sum(0)
    observed, expected = float((agreement * share).sum()), float(rows @ agreement @ columns)
    pull = np.add.outer(agreement @ columns, rows @ agreement)
    moved = (agreement - observed) * (1 - expected) - (pull - 2 * expected) * (1 - observed)
    # what is left of differences between numbers of size 1 is rounding
    return np.where(np.abs(moved) > 1e-14, moved, 0.0) / (1 - expected) ** 2


def clustered_kappa(
    first: ArrayLike,
    second: ArrayLike,
    categories: int,
    weights: Weights | ArrayLike = "unweighted",
    *,
    clusters: ArrayLike,
) -> Estimate:
    """Return Cohen's kappa with an interval for units that resemble each other within clusters (animals).

    The linearised kappa of Fleiss, Cohen and Everitt 1969 is summed within clusters before it is squared
    (as Yang and Zhou 2014, doi 10.1002/sim.6147); Student's t with clusters - 1 degrees of freedom. With
    every unit its own cluster it is their variance times n / (n - 1).

    Parameters
    ----------
    first, second : array of int, shape (units,)
        Codes of the two raters, -1 for none.
    clusters : array, shape (units,)
        Any labels.
    """
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    both = (a >= 0) & (b >= 0)
    left_out = int(((a >= 0) | (b >= 0)).sum() - both.sum())
    plain = cohen_kappa(cross_table(a, b, categories), weights, left_out=left_out)
    a, b = a[both], b[both]
    index = cluster_numbers(np.asarray(clusters)[both])
    count = len(np.unique(index))
    method = f"{plain.estimate.method}, {count} clusters"
    lowest = -np.inf if plain.weights == "custom" else -1.0
    if not plain.estimate.estimable:
        return replace(plain.estimate, method=method)
    if count < 2:
        note = "interval not estimable: there is one cluster only"
        return Estimate(plain.estimate.value, n=plain.n, left_out=left_out, method=method, reason=note)
    share = cross_table(a, b, categories) / plain.n
    sums = np.bincount(index, influence(weight_matrix(categories, weights), share)[a, b], count)
    se = root(count / (count - 1) * float((sums**2).sum()) / plain.n**2)
    return with_interval(
        plain.estimate.value,
        se,
        n=plain.n,
        left_out=left_out,
        method=method,
        df=count - 1,
        low=lowest,
        high=1.0,
    )


def landis_koch(kappa: float) -> str:
    """Return Landis and Koch's 1977 word for an unweighted kappa."""
    if kappa < 0:
        return "poor"
    return next((word for bound, word in _LABELS[1:] if kappa <= bound), "almost perfect")


def counts_of(table: ArrayLike, *, square: bool = True) -> NDArray[np.int64]:
    """Return a table of counts as integers; InputError where it is not square or not of counts."""
    values = np.asarray(table)
    if values.ndim != 2 or (square and (values.shape[0] != values.shape[1] or not values.size)):
        raise InputError(f"a square table of counts is needed, not one of shape {values.shape}")
    numbers = values.astype(np.float64)
    if not np.isfinite(numbers).all() or (numbers < 0).any() or (numbers != np.round(numbers)).any():
        raise InputError("the table holds something that is not a count; use whole numbers from 0 up")
    if numbers.sum() > MOST_RATINGS:
        raise InputError(f"the table counts more than {MOST_RATINGS:g} ratings; no study has as many")
    return numbers.astype(np.int64)


def _indices(share: NDArray[np.float64]) -> tuple[float, float]:
    """Return prevalence and bias index of a 2 x 2 table, else NaN."""
    if share.shape != (2, 2) or not share.sum():
        return np.nan, np.nan
    return float(abs(share[0, 0] - share[1, 1])), float(abs(share[0, 1] - share[1, 0]))


def _maximum(agreement: NDArray[np.float64], share: NDArray[np.float64]) -> float:
    """Return the largest unweighted kappa the margins allow, NaN for weights."""
    if not share.sum() or not np.array_equal(agreement, np.eye(len(share))):
        return np.nan
    rows, columns = share.sum(1), share.sum(0)
    expected = float(rows @ columns)
    return (
        np.nan
        if expected >= 1 - 1e-12
        else float((np.minimum(rows, columns).sum() - expected) / (1 - expected))
    )


def root(variance: float) -> float:
    """Return the square root of a variance, 0 where it is 0 but for rounding."""
    # rounding can push the variance of a table without variation a hair to either side of zero
    return float(np.sqrt(variance)) if variance > 1e-14 else 0.0
