"""From a list of ratings to every agreement coefficient that applies to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.statistics import agreement, multirater, quantitation, reliability
from core.statistics import sums as sums_of
from core.statistics.agreement import MISSING, WEIGHTS, Kappa, Metric
from core.statistics.bootstrap import bootstrap_all
from core.statistics.estimate import Estimate, cluster_numbers
from core.statistics.sums import Sums

Scale = Literal["nominal", "ordinal", "interval"]
MOST_UNITS = 10_000_000


Name = Literal[
    "kappa", "fleiss", "light", "ac1", "ac2", "brennan_prediger", "alpha", "icc", "ccc", "bias",
    "lower_limit", "upper_limit", "repeatability",
]  # fmt: skip
# of a table of two categories, and of an unweighted kappa
INDICES = ("prevalence_index", "bias_index", "kappa_max")


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of agreement on one item: a row of agreement.csv."""

    coefficient: Name
    item: str
    raters: str
    estimate: Estimate
    weights: str = ""
    categories: int | None = None
    p_observed: float = math.nan
    p_expected: float = math.nan
    label: str = ""
    clustered: Estimate | None = None
    bootstrap: Estimate | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """Return the columns of agreement.csv; the value stands under "kappa" whichever coefficient it is."""
        row = {
            "item": self.item,
            "raters": self.raters,
            "n": self.estimate.n,
            "categories": self.categories,
            "p_observed": self.p_observed,
            "p_expected": self.p_expected,
            "kappa": self.estimate.value,
            "weights": self.weights,
            "se": self.estimate.se,
            "ci_low": self.estimate.ci_low,
            "ci_high": self.estimate.ci_high,
            "label": self.label,
            "coefficient": self.coefficient,
            "left_out": self.estimate.left_out,
            "method": self.estimate.method,
            "reason": self.estimate.reason,
        }
        if self.clustered is not None:
            row |= {"cluster_se": self.clustered.se, "cluster_ci_low": self.clustered.ci_low}
            row |= {"cluster_ci_high": self.clustered.ci_high, "cluster_method": self.clustered.method}
            row["cluster_reason"] = self.clustered.reason
        if self.bootstrap is not None:
            row |= {"bootstrap_ci_low": self.bootstrap.ci_low, "bootstrap_ci_high": self.bootstrap.ci_high}
            row |= {"bootstrap_method": self.bootstrap.method, "bootstrap_reason": self.bootstrap.reason}
        return row | {name: self.more[name] for name in INDICES if name in self.more}

    def as_json(self) -> dict[str, Any]:
        """Return the same with the value under the coefficient's own name, and what JSON has room for."""
        row = self.as_row()
        row[self.coefficient] = row.pop("kappa")
        del row["coefficient"]
        if self.coefficient != "kappa":
            for name in ("p_observed", "p_expected", "label"):
                del row[name]
        return {**row, **self.more}


@dataclass(frozen=True, eq=False)
class Ratings:
    """Values of one item, units in rows and raters in columns, None where a rater gave none.

    `left_out` counts answers that were offered and not used, by reason; `clusters` the animal of each
    unit, where units of one animal resemble each other.
    """

    item: str
    units: tuple[Hashable, ...]
    raters: tuple[str, ...]
    values: NDArray[np.object_]
    left_out: Mapping[str, int] = field(default_factory=dict)
    clusters: tuple[Hashable, ...] | None = None


def ratings_from_columns(
    rater: Sequence[str] | NDArray[np.generic],
    unit: Sequence[Hashable] | NDArray[np.generic],
    value: Sequence[Any] | NDArray[np.generic],
    item: Sequence[str] | None = None,
    cluster: Sequence[Hashable] | NDArray[np.generic] | None = None,
) -> tuple[Ratings, ...]:
    """Arrange a long list of answers, one per rater, unit and item, into a table per item.

    Parameters
    ----------
    rater, unit, value : sequences of the same length
        A value of None or NaN is a missing answer: counted and dropped.
    item : sequence of str, optional
        The question each answer belongs to; one nameless item without it.
    cluster : sequence, optional
        The cluster (animal) of each answer's unit; a unit's first one counts.

    Returns
    -------
    tuple of Ratings
        In the order in which the items come first. An answer that is there twice counts once; where one
        rater gave one unit two different values, neither is used. Both are counted.
    """
    owner = None if cluster is None else _column(cluster)
    long = _Long(_column(rater), _column(unit), _column(value), owner)
    if item is None:
        return (_arrange("", long),) if len(long.value) else ()
    numbers, names = pd.factorize(_column(item))
    return tuple(
        _arrange(str(name), long.part(numbers == number)) for number, name in enumerate(names.tolist())
    )


@dataclass(frozen=True, eq=False)
class _Long:
    """A long list of answers by column."""

    rater: NDArray[np.generic]
    unit: NDArray[np.generic]
    value: NDArray[np.generic]
    cluster: NDArray[np.generic] | None

    def part(self, chosen: NDArray[np.bool_]) -> _Long:
        cluster = None if self.cluster is None else self.cluster[chosen]
        return _Long(self.rater[chosen], self.unit[chosen], self.value[chosen], cluster)


def _column(values: Sequence[Any] | NDArray[np.generic]) -> NDArray[np.generic]:
    # numpy would make a table of a list of tuples
    return values if isinstance(values, np.ndarray) else pd.Series(list(values), dtype=object).to_numpy()


def _arrange(item: str, long: _Long) -> Ratings:
    # everything by number: sorting and comparing names takes most of the time of a table
    who, names = pd.factorize(long.rater)
    offered = sorted(names.tolist())
    row, units = pd.factorize(long.unit)
    answer, distinct = pd.factorize(long.value)
    cell = (
        row * len(offered) + np.array([offered.index(name) for name in names.tolist()], dtype=np.int64)[who]
    )
    given = np.flatnonzero(answer >= 0)
    once = given[np.unique(cell[given] * max(1, len(distinct)) + answer[given], return_index=True)[1]]
    _, same, times = np.unique(cell[once], return_inverse=True, return_counts=True)
    contradictory = times[same] > 1
    kept = once[~contradictory]
    values = np.full(len(units) * len(offered), None, dtype=object)
    values[cell[kept]] = long.value[kept].astype(object)
    lost = {
        "missing": len(row) - len(given),
        "repeated": len(given) - len(once),
        "contradictory": int(contradictory.sum()),
    }
    first = np.unique(row, return_index=True)[1]
    return Ratings(
        item,
        tuple(units.tolist()),
        tuple(offered),
        values.reshape(len(units), len(offered)),
        {reason: n for reason, n in lost.items() if n},
        None if long.cluster is None else tuple(long.cluster[first].tolist()),
    )


def ratings_from_table(counts: ArrayLike) -> Ratings:
    """Unfold a square table of counts of two raters into units with codes 0 .. K-1.

    Raises
    ------
    InputError
        If it is not a square table of counts, or counts more units than are held in memory.
    """
    table = agreement.counts_of(counts)
    if table.sum() > MOST_UNITS:
        raise InputError(f"the table counts more than {MOST_UNITS} units; no study has as many")
    pairs = np.argwhere(np.ones_like(table)).repeat(table.ravel(), axis=0)
    return Ratings("", tuple(range(len(pairs))), ("rows", "columns"), pairs.astype(object))


def observed_categories(tables: Sequence[Ratings]) -> list[Hashable]:
    """Return the distinct values of some items in rising order, numbers before text."""
    values = {value for table in tables for value in table.values.ravel() if value is not None}
    return sorted(values, key=lambda value: (isinstance(value, str), value))


def coefficients(ratings: Ratings, categories: Sequence[Hashable], scale: Scale) -> list[Coefficient]:
    """Return every coefficient that applies to one item.

    Nominal: unweighted kappa per pair, Fleiss' and Light's kappa for more than two raters, AC1,
    Brennan-Prediger, nominal alpha. Ordinal: weighted kappas, ordinal alpha and AC2 besides. Interval:
    interval alpha and ICC, and per pair CCC, Bland-Altman's bias and limits and the repeatability
    coefficient. ICC also for an ordinal item whose values are numbers; it takes the steps as equal. Each has
    a bootstrap interval beside its own, from the item's clusters where it names them.

    Parameters
    ----------
    categories : sequence
        All declared categories in order, also those nobody chose; not used on an interval scale.

    Raises
    ------
    InputError
        If a value is not among the categories.
    """
    found: list[_Planned] = []
    if scale != "interval":
        flat = agreement.encode(ratings.values.ravel().tolist(), categories)
        # where nobody answered and nothing was declared: one category, for the tables to be empty in
        count = max(1, len(categories))
        found += _categorical(ratings, flat.reshape(ratings.values.shape), count, scale)
    numeric = not any(issubclass(kind, str) for kind in set(map(type, ratings.values.ravel())))
    if scale != "nominal" and numeric:
        found += _numeric(ratings, with_alpha=scale == "interval")
    # what has no value is not drawn
    wanted = [sums if row.estimate.estimable else None for row, sums in found]
    booted = bootstrap_all(wanted, clustered=ratings.clusters is not None)
    return [replace(row, bootstrap=estimate) for (row, _), estimate in zip(found, booted, strict=True)]


# a coefficient, and how the sums are had that its bootstrap draws from
_Planned = tuple[Coefficient, Callable[[], Sums]]


def _categorical(ratings: Ratings, codes: NDArray[np.int64], categories: int, scale: Scale) -> list[_Planned]:
    weights = WEIGHTS if scale == "ordinal" else WEIGHTS[:1]
    everyone, index = ", ".join(ratings.raters), _cluster_index(ratings)
    found = [
        _pair_of_codes(ratings, codes[:, [a, b]], (a, b), categories, w, index)
        for a, b in combinations(range(len(ratings.raters)), 2)
        for w in weights
    ]
    counts = multirater.rating_counts(codes, categories)

    def of_all(name: Name, estimate: Estimate, sums: Callable[[], Sums], **more: Any) -> _Planned:
        return Coefficient(name, ratings.item, everyone, estimate, categories=categories, **more), sums

    def by_chance(chance: multirater.Chance, weights: agreement.Weights = "unweighted") -> Callable[[], Sums]:
        return lambda: sums_of.chance_sums(codes, categories, chance, weights, index)

    if len(ratings.raters) > 2:
        tested = dict(zip(("z", "p"), multirater.fleiss_test(counts), strict=True))
        fleiss = multirater.fleiss_kappa(counts)
        found.append(of_all("fleiss", fleiss, by_chance("fleiss"), weights="unweighted", more=tested))
        tested = dict(zip(("z", "p"), multirater.light_test(codes, categories), strict=True))
        light = multirater.light_kappa(codes, categories)
        pairs = partial(sums_of.light_sums, codes, categories, index)
        found.append(of_all("light", light, pairs, weights="unweighted", more=tested))
    found.append(of_all("ac1", multirater.gwet_ac(counts), by_chance("gwet"), weights="unweighted"))
    if scale == "ordinal":
        ac2 = multirater.gwet_ac(counts, "quadratic")
        found.append(of_all("ac2", ac2, by_chance("gwet", "quadratic"), weights="quadratic"))
    uniform = multirater.brennan_prediger(counts)
    found.append(of_all("brennan_prediger", uniform, by_chance("uniform"), weights="unweighted"))
    values = np.where(codes == MISSING, np.nan, codes)
    metric: Metric = "ordinal" if scale == "ordinal" else "nominal"
    alpha = reliability.krippendorff_alpha(values, metric)
    found.append(of_all("alpha", alpha, partial(sums_of.alpha_sums, values, metric, index), weights=metric))
    return found


def _pair_of_codes(
    ratings: Ratings,
    codes: NDArray[np.int64],
    raters: tuple[int, int],
    categories: int,
    weights: agreement.Weights,
    index: NDArray[np.int64],
) -> _Planned:
    first, second = codes.T
    table = agreement.cross_table(first, second, categories)
    # units that at least one of the two saw: those the kappa could have had
    seen = int(((first != MISSING) | (second != MISSING)).sum())
    kappa = agreement.cohen_kappa(table, weights, left_out=seen - int(table.sum()))
    row = kappa_row(ratings.item, ", ".join(ratings.raters[place] for place in raters), kappa)
    sums = partial(sums_of.kappa_sums, first, second, categories, weights, index)
    if ratings.clusters is not None:
        clustered = agreement.clustered_kappa(first, second, categories, weights, clusters=index)
        row = replace(row, clustered=clustered)
    return row, sums


def _cluster_index(ratings: Ratings) -> NDArray[np.int64]:
    """Return the number of each unit's cluster; without clusters every unit is its own."""
    return cluster_numbers(_column(ratings.units if ratings.clusters is None else ratings.clusters))


def kappa_row(item: str, raters: str, kappa: Kappa) -> Coefficient:
    """Return the row of a Cohen's kappa."""
    more = {
        "z": kappa.z,
        "p": kappa.p,
        "prevalence_index": kappa.prevalence_index,
        "bias_index": kappa.bias_index,
        "kappa_max": kappa.maximum,
    }
    return Coefficient(
        "kappa",
        item,
        raters,
        kappa.estimate,
        kappa.weights,
        kappa.categories,
        kappa.p_observed,
        kappa.p_expected,
        kappa.label,
        more={name: value for name, value in more.items() if not math.isnan(value)},
    )


def _numeric(ratings: Ratings, *, with_alpha: bool) -> list[_Planned]:
    everyone, index = ", ".join(ratings.raters), _cluster_index(ratings)
    values = ratings.values.astype(np.float64)
    found: list[_Planned] = []
    if with_alpha:
        alpha = reliability.krippendorff_alpha(values, "interval")
        sums = partial(sums_of.alpha_sums, values, "interval", index)
        found.append((Coefficient("alpha", ratings.item, everyone, alpha, "interval"), sums))
        for pair in combinations(range(len(ratings.raters)), 2):
            found += _pair_of_numbers(ratings, values, pair, index)
    drawn = sums_of.icc_sums(values, index)
    for form in reliability.icc(values):
        more = {"raters_k": form.raters, "f": form.f, "df1": form.df1, "df2": form.df2, "p": form.p}
        row = Coefficient("icc", ratings.item, everyone, form.estimate, form.form)
        row = replace(row, more={"form": form.form, **more})
        found.append((row, partial(drawn.__getitem__, form.form)))
    return found


def _pair_of_numbers(
    ratings: Ratings, values: NDArray[np.float64], pair: tuple[int, int], index: NDArray[np.int64]
) -> list[_Planned]:
    x, y = values[:, pair[0]], values[:, pair[1]]
    # units that neither saw are not of this pair
    seen = np.isfinite(x) | np.isfinite(y)
    x, y, index = x[seen], y[seen], index[seen]
    limits = quantitation.bland_altman(x, y)
    estimates: dict[sums_of.PairQuantity, Estimate] = {
        "ccc": quantitation.concordance(x, y),
        "bias": limits.bias,
        "lower_limit": limits.lower,
        "upper_limit": limits.upper,
        "repeatability": quantitation.repeatability(np.column_stack([x, y])),
    }
    names = ", ".join(ratings.raters[place] for place in pair)
    drawn = sums_of.pair_sums(x, y, index)
    return [
        (Coefficient(name, ratings.item, names, estimate), partial(drawn.__getitem__, name))
        for name, estimate in estimates.items()
    ]
