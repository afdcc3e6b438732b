"""Coefficients of agreement as functions of sums over units: what a cluster bootstrap needs of them.

A sample drawn anew is the old one with every cluster taken so many times; its sums are the clusters' sums
weighed by these counts, and thousands of samples are one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.statistics.agreement import Metric, Weights, weight_matrix
from core.statistics.multirater import Chance, chance_agreement, rating_counts
from core.statistics.reliability import FORMS, LOWEST

Floats = NDArray[np.float64]
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Sums:
    """A coefficient of summed numbers.

    Parameters
    ----------
    of_cluster : array, shape (clusters, numbers)
        The sums over the units of each cluster; all 0 where a cluster has no usable unit.
    value : callable
        From sums, shape (samples, numbers), to the coefficient of each sample, NaN where it is not defined.
    units : int
        How many units they are of.
    """

    of_cluster: Floats
    value: Callable[[Floats], Floats]
    units: int


def kappa_sums(
    first: ArrayLike, second: ArrayLike, categories: int, weights: Weights | ArrayLike, clusters: ArrayLike
) -> Sums:
    """Return Cohen's kappa of two raters' codes (-1 for none); `clusters` numbers each unit's cluster."""
    a, b, index = (np.asarray(v, dtype=np.int64) for v in (first, second, clusters))
    w = weight_matrix(categories, weights)
    tables, units = _tables(a, b, categories, index)

    def value(sums: Floats) -> Floats:
        return _kappa(sums.reshape(-1, categories, categories), w)

    return Sums(tables, value, units)


def light_sums(codes: ArrayLike, categories: int, clusters: ArrayLike) -> Sums:
    """Return Light's kappa of codes, shape (units, raters): the mean over pairs of raters."""
    matrix, index = np.asarray(codes, dtype=np.int64), np.asarray(clusters, dtype=np.int64)
    whole = np.asarray((matrix >= 0).all(1))
    kept, size = np.where(whole[:, None], matrix, -1), categories**2
    pairs = list(combinations(range(matrix.shape[1]), 2))
    tables = [_tables(kept[:, i], kept[:, j], categories, index)[0] for i, j in pairs]

    def value(sums: Floats) -> Floats:
        every = sums.reshape(-1, len(pairs), categories, categories)
        kappas = [_kappa(every[:, k], np.eye(categories)) for k in range(len(pairs))]
        return np.asarray(np.mean(kappas, axis=0))

    joined = np.concatenate(tables, axis=1) if tables else np.zeros((int(index.max(initial=0)) + 1, size))
    return Sums(joined, value, int(whole.sum()))


def chance_sums(
    codes: ArrayLike, categories: int, chance: Chance, weights: Weights | ArrayLike, clusters: ArrayLike
) -> Sums:
    """Return Fleiss' kappa, AC1, AC2 or Brennan-Prediger of codes, shape (units, raters)."""
    counts = rating_counts(codes, categories).astype(np.float64)
    index = np.asarray(clusters, dtype=np.int64)
    w = weight_matrix(categories, weights)
    raters = counts.sum(1)
    paired = raters >= 2
    share = counts / np.maximum(raters, 1)[:, None]
    agreed = np.where(paired, (counts * (counts @ w - 1)).sum(1) / np.maximum(raters * (raters - 1), 1), 0.0)
    per_unit = np.column_stack([raters > 0, paired, agreed, share])

    def value(sums: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            observed, prevalence = sums[:, 2] / sums[:, 1], sums[:, 3:] / sums[:, :1]
        expected = chance_agreement(chance, w, prevalence)
        return _corrected(observed, expected)

    return Sums(_by_cluster(per_unit, index), value, int(paired.sum()))


def alpha_sums(values: ArrayLike, metric: Metric, clusters: ArrayLike) -> Sums:
    """Return Krippendorff's alpha (not of ratios) of values, shape (units, raters), NaN = none."""
    table, index = np.asarray(values, dtype=np.float64), np.asarray(clusters, dtype=np.int64)
    usable = np.isfinite(table).sum(1) >= 2
    table, units = np.where(usable[:, None], table, np.nan), int(usable.sum())
    given = np.isfinite(table)
    m = given.sum(1).astype(np.float64)
    others = np.where(m > 1, m - 1, 1.0)
    if metric == "interval":
        middle = float(table[given].mean()) if given.any() else 0.0
        x = np.where(given, table - middle, 0.0)
        total, squares = x.sum(1), (x**2).sum(1)
        per_unit = np.column_stack([m, total, squares, 2 * (m * squares - total**2) / others])
        return Sums(_by_cluster(per_unit, index), _interval_alpha, units)
    levels, codes = np.unique(table[given], return_inverse=True)
    size = max(1, len(levels))
    rows = np.broadcast_to(np.arange(len(table))[:, None], table.shape)[given]
    counts = (
        np.bincount(rows * size + codes, minlength=len(table) * size).reshape(-1, size).astype(np.float64)
    )
    products = (counts / others[:, None])[:, :, None] * counts[:, None, :]
    single = counts * (m / others)[:, None]
    per_unit = np.concatenate([counts, single, products.reshape(len(table), size**2)], axis=1)

    def value(sums: Floats) -> Floats:
        return _coded_alpha(sums, size, ordinal=metric == "ordinal")

    return Sums(_by_cluster(per_unit, index), value, units)


def icc_sums(values: ArrayLike, clusters: ArrayLike) -> dict[str, Sums]:
    """Return each of `reliability.FORMS` of values, shape (units, raters); NaN drops the unit."""
    table, index = np.asarray(values, dtype=np.float64), np.asarray(clusters, dtype=np.int64)
    whole = np.asarray(np.isfinite(table).all(1))
    k = table.shape[1]
    x = np.where(whole[:, None], table, 0.0)
    x = np.where(whole[:, None], x - x[whole].mean(), 0.0) if whole.any() else x
    per_unit = np.column_stack([whole, x, x.mean(1) ** 2, (x**2).sum(1)])
    of_cluster, units = _by_cluster(per_unit, index), int(whole.sum())
    return {form: Sums(of_cluster, partial(_icc, k=k, form=form), units) for form in FORMS}


PairQuantity = Literal["ccc", "bias", "lower_limit", "upper_limit", "repeatability"]


def pair_sums(x: ArrayLike, y: ArrayLike, clusters: ArrayLike) -> dict[PairQuantity, Sums]:
    """Return Lin's CCC, bias x - y, limits of agreement and the repeatability coefficient of two columns."""
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    whole = np.isfinite(a) & np.isfinite(b)
    middle = float(np.concatenate([a[whole], b[whole]]).mean()) if whole.any() else 0.0
    a, b = (np.where(whole, column - middle, 0.0) for column in (a, b))
    per_unit = np.column_stack([whole, a, b, a * a, b * b, a * b])
    of_cluster, units = _by_cluster(per_unit, np.asarray(clusters, dtype=np.int64)), int(whole.sum())
    return {
        name: Sums(of_cluster, partial(_of_pair, quantity=name), units) for name in get_args(PairQuantity)
    }


def _by_cluster(per_unit: Floats, index: NDArray[np.int64]) -> Floats:
    count = int(index.max(initial=-1)) + 1
    columns = [np.bincount(index, column, count) for column in per_unit.astype(np.float64).T]
    return np.column_stack(columns) if columns else np.zeros((count, 0))


def _tables(
    a: NDArray[np.int64], b: NDArray[np.int64], categories: int, index: NDArray[np.int64]
) -> tuple[Floats, int]:
    both, size, count = (a >= 0) & (b >= 0), categories**2, int(index.max(initial=-1)) + 1
    cell = index[both] * size + a[both] * categories + b[both]
    return np.bincount(cell, minlength=count * size).reshape(count, size).astype(np.float64), int(both.sum())


def _kappa(tables: Floats, w: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = tables / tables.sum((1, 2), keepdims=True)
    observed = (share * w).sum((1, 2))
    return _corrected(observed, np.einsum("sk,kl,sl->s", share.sum(2), w, share.sum(1)))


def _corrected(observed: Floats, expected: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected < 1 - _TINY, (observed - expected) / (1 - expected), np.nan)


def _interval_alpha(sums: Floats) -> Floats:
    answers, total, squares, apart = sums.T
    return _alpha(answers, apart, 2 * (answers * squares - total**2))


def _coded_alpha(sums: Floats, size: int, *, ordinal: bool) -> Floats:
    margins, single = sums[:, :size], sums[:, size : 2 * size]
    products = sums[:, 2 * size :].reshape(-1, size, size)
    answers = margins.sum(1)
    if not ordinal:
        agreed = np.trace(products, axis1=1, axis2=2)
        return _alpha(answers, products.sum((1, 2)) - agreed, answers**2 - (margins**2).sum(1))
    # Krippendorff's ordinal distance is the squared difference of mid-ranks, which follow the margins
    ranks = np.cumsum(margins, axis=1) - margins / 2
    apart = 2 * ((ranks**2 * single).sum(1) - np.einsum("sk,skl,sl->s", ranks, products, ranks))
    return _alpha(answers, apart, 2 * (answers * (margins * ranks**2).sum(1) - (margins * ranks).sum(1) ** 2))


def _alpha(answers: Floats, apart: Floats, spread: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > _TINY * answers, 1 - (answers - 1) * apart / spread, np.nan)


def _icc(sums: Floats, k: int, form: str) -> Floats:
    n, columns, squared_means, squares = sums[:, 0], sums[:, 1 : k + 1], sums[:, k + 1], sums[:, k + 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = columns.sum(1) ** 2 / (n * k)
        # rounding leaves a hair under 0, which would give a correlation over 1
        rows = np.maximum(k * squared_means - centre, 0)
        between = (columns**2).sum(1) / n - centre
        within = np.maximum(squares - centre - rows, 0)
        ms_rows, ms_columns = rows / (n - 1), between / (k - 1)
        two_way, average = not form.startswith("ICC(1"), form.endswith("k)")
        error = np.maximum(within - between, 0) / ((n - 1) * (k - 1)) if two_way else within / (n * (k - 1))
        drift = (ms_columns - error) / n if form.startswith("ICC(2") else 0.0
        below = ms_rows + (drift if average else (k - 1) * error + k * drift)
        # a sample of equal values leaves rounding alone, as large as the values and not as their spread
        scale = np.maximum(np.maximum(ms_rows, squares / n), np.maximum(ms_columns, error))
        found = np.where((n > 1) & (below > _TINY * scale), (ms_rows - error) / below, np.nan)
        return found if average else np.where(found < LOWEST, np.nan, found)


def _of_pair(sums: Floats, quantity: PairQuantity) -> Floats:
    n, x, y, xx, yy, xy = sums.T
    with np.errstate(invalid="ignore", divide="ignore"):
        bias = (x - y) / n
        if quantity == "ccc":
            spread = xx / n - (x / n) ** 2 + yy / n - (y / n) ** 2 + bias**2
            return np.where(spread > _TINY, 2 * (xy / n - x * y / n**2) / spread, np.nan)
        if quantity == "bias":
            return np.asarray(bias)
        apart = xx + yy - 2 * xy
        if quantity == "repeatability":
            # the within-unit SD of two values is that of their difference over the square root of 2
            return np.where(n > 1, 1.96 * np.sqrt(np.maximum(apart, 0) / n), np.nan)
        sd = np.sqrt(np.maximum(apart - n * bias**2, 0) / (n - 1))
        return np.where(n > 1, bias + (1.96 if quantity == "upper_limit" else -1.96) * sd, np.nan)
