"""From a list of ratings to every agreement coefficient that applies to it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.statistics import agreement, multirater, reliability
from core.statistics.agreement import MISSING, WEIGHTS, Kappa, Metric
from core.statistics.estimate import Estimate

Scale = Literal["nominal", "ordinal", "interval"]
MOST_UNITS = 10_000_000


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of agreement on one item: a row of agreement.csv."""

    coefficient: Literal["kappa", "fleiss", "light", "ac1", "ac2", "alpha", "icc"]
    item: str
    raters: str
    estimate: Estimate
    weights: str = ""
    categories: int | None = None
    p_observed: float = math.nan
    p_expected: float = math.nan
    label: str = ""
    clustered: Estimate | None = None
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
        return row

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
    rater: Sequence[str],
    unit: Sequence[Hashable],
    value: Sequence[Any],
    item: Sequence[str] | None = None,
    cluster: Sequence[Hashable] | None = None,
) -> tuple[Ratings, ...]:
    """Arrange a long list of answers, one per rater, unit and item, into a table per item.

    Parameters
    ----------
    rater, unit, value : sequences of the same length
        A value of None is a missing answer: counted and dropped.
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
    frame = pd.DataFrame({"rater": rater, "unit": unit, "item": "" if item is None else item})
    frame["value"] = pd.Series(list(value), dtype=object)
    if cluster is not None:
        frame["cluster"] = list(cluster)
    return tuple(_arrange(str(name), part) for name, part in frame.groupby("item", sort=False))


def _arrange(item: str, frame: pd.DataFrame) -> Ratings:
    offered = tuple(sorted(frame["rater"].unique()))
    given = frame[frame["value"].notna()]
    once = given.drop_duplicates(["rater", "unit", "value"])
    contradictory = once.duplicated(["rater", "unit"], keep=False)
    kept = once[~contradictory]
    first = frame.drop_duplicates("unit")
    units = tuple(first["unit"])
    clusters = tuple(first["cluster"]) if "cluster" in frame else None
    rows = pd.Index(units).get_indexer(kept["unit"])
    columns = pd.Index(offered).get_indexer(kept["rater"])
    values = np.full((len(units), len(offered)), None, dtype=object)
    values[rows, columns] = kept["value"].to_numpy(dtype=object)
    lost = {
        "missing": len(frame) - len(given),
        "repeated": len(given) - len(once),
        "contradictory": int(contradictory.sum()),
    }
    return Ratings(item, units, offered, values, {reason: n for reason, n in lost.items() if n}, clusters)


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

    Nominal: unweighted kappa per pair, Fleiss' and Light's kappa for more than two raters, AC1, nominal
    alpha. Ordinal: weighted kappas, ordinal alpha and AC2 besides. Interval: interval alpha and ICC. ICC also
    for an ordinal item whose values are numbers; it takes the steps as equal.

    Parameters
    ----------
    categories : sequence
        All declared categories in order, also those nobody chose; not used on an interval scale.

    Raises
    ------
    InputError
        If a value is not among the categories.
    """
    found: list[Coefficient] = []
    if scale != "interval":
        flat = agreement.encode(ratings.values.ravel().tolist(), categories)
        # where nobody answered and nothing was declared: one category, for the tables to be empty in
        count = max(1, len(categories))
        found += _categorical(ratings, flat.reshape(ratings.values.shape), count, scale)
    numeric = all(not isinstance(value, str) for value in ratings.values.ravel() if value is not None)
    if scale != "nominal" and numeric:
        found += _numeric(ratings, with_alpha=scale == "interval")
    return found


def _categorical(
    ratings: Ratings, codes: NDArray[np.int64], categories: int, scale: Scale
) -> list[Coefficient]:
    weights = WEIGHTS if scale == "ordinal" else WEIGHTS[:1]
    everyone = ", ".join(ratings.raters)
    found: list[Coefficient] = []
    for a, b in combinations(range(len(ratings.raters)), 2):
        table = agreement.cross_table(codes[:, a], codes[:, b], categories)
        # units that at least one of the two saw: those the kappa could have had
        seen = int(((codes[:, a] != MISSING) | (codes[:, b] != MISSING)).sum())
        pair = f"{ratings.raters[a]}, {ratings.raters[b]}"
        left_out = seen - int(table.sum())
        for w in weights:
            of_pair = kappa_row(ratings.item, pair, agreement.cohen_kappa(table, w, left_out=left_out))
            if ratings.clusters is not None:
                clusters = np.unique(np.array(ratings.clusters, dtype=str), return_inverse=True)[1]
                by_animal = agreement.clustered_kappa(
                    codes[:, a], codes[:, b], categories, w, clusters=clusters
                )
                of_pair = replace(of_pair, clustered=by_animal)
            found.append(of_pair)
    counts = multirater.rating_counts(codes, categories)

    def of_all(name: Any, estimate: Estimate, **more: Any) -> Coefficient:
        return Coefficient(name, ratings.item, everyone, estimate, categories=categories, **more)

    if len(ratings.raters) > 2:
        z, p = multirater.fleiss_test(counts)
        fleiss = multirater.fleiss_kappa(counts)
        found.append(of_all("fleiss", fleiss, weights="unweighted", more={"z": z, "p": p}))
        z, p = multirater.light_test(codes, categories)
        light = multirater.light_kappa(codes, categories)
        found.append(of_all("light", light, weights="unweighted", more={"z": z, "p": p}))
    found.append(of_all("ac1", multirater.gwet_ac(counts), weights="unweighted"))
    if scale == "ordinal":
        found.append(of_all("ac2", multirater.gwet_ac(counts, "quadratic"), weights="quadratic"))
    values = np.where(codes == MISSING, np.nan, codes)
    metric: Metric = "ordinal" if scale == "ordinal" else "nominal"
    found.append(of_all("alpha", reliability.krippendorff_alpha(values, metric), weights=metric))
    return found


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


def _numeric(ratings: Ratings, *, with_alpha: bool) -> list[Coefficient]:
    everyone = ", ".join(ratings.raters)
    values = np.array(
        [[math.nan if value is None else float(value) for value in row] for row in ratings.values]
    ).reshape(ratings.values.shape)
    found: list[Coefficient] = []
    if with_alpha:
        alpha = reliability.krippendorff_alpha(values, "interval")
        found.append(Coefficient("alpha", ratings.item, everyone, alpha, "interval"))
    for form in reliability.icc(values):
        more = {"raters_k": form.raters, "f": form.f, "df1": form.df1, "df2": form.df2, "p": form.p}
        found.append(
            Coefficient(
                "icc", ratings.item, everyone, form.estimate, form.form, more={"form": form.form, **more}
            )
        )
    return found
