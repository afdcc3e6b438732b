"""Iron against ICP-MS, and the study's own tables by group and visit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.statistics import quantitation
from core.statistics.linking import MARGIN, THRESHOLD, LinkedReading, Measures
from core.statistics.listings import Row, Table
from core.statistics.order import visit_key
from core.statistics.paired_clusters import jackknifed
from core.statistics.study_targets import SMALL, Places, TargetReads
from core.study.records import IcpMs, Scan

MEAN_OF_RATERS = "mean of raters"

# subject, visit
Sample = tuple[str, str]


@dataclass(frozen=True)
class IronReads:
    """Tumour iron by rater, field and sample, in ug/g, of first readings; NaN where there is no value."""

    values: Mapping[tuple[str, float, Sample], float]

    def of(self, rater: str, field_t: float) -> dict[Sample, float]:
        """Return one rater's values at a field, or the mean over the raters that have one."""
        found: dict[Sample, list[float]] = {}
        for (who, field, sample), value in self.values.items():
            if field == field_t and rater in (who, MEAN_OF_RATERS):
                found.setdefault(sample, []).append(value)
        return {sample: _mean(values) for sample, values in found.items()}

    @property
    def raters(self) -> list[str]:
        """Return the raters, and their mean where there are several."""
        raters = sorted({rater for rater, _, _ in self.values})
        return [*raters, MEAN_OF_RATERS] if len(raters) > 1 else raters

    @property
    def fields(self) -> list[float]:
        """Return the fields, strongest first."""
        return sorted({field for _, field, _ in self.values}, reverse=True)


def iron_reads(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> IronReads:
    """Collect the tumours' mean iron; several sessions of a rater are averaged."""
    found: dict[tuple[str, float, Sample], list[float]] = {}
    for place, case in enumerate(linked):
        reading = case.reading
        if not reading.repeat_of:
            key = reading.rater, reading.field_t, (reading.subject, reading.visit)
            value = measures[place].iron_of_tumour() if place in measures else math.nan
            found.setdefault(key, []).append(value)
    return IronReads({key: _mean(values) for key, values in found.items()})


IRON_COLUMNS = (
    "comparison", "x", "y", "field_t", "rater", "statistic", "n", "left_out", "value", "se", "ci_low",
    "ci_high", "p", "method", "reason",
)  # fmt: skip


def iron_agreement_table(iron: IronReads, icpms: Sequence[IcpMs]) -> Table:
    """Return how MRI's tumour iron agrees with ICP-MS per field and rater, and the fields with each other.

    A sample is a subject at a visit. Bias is MRI - ICP-MS (or lower - higher field); lines are of MRI (y)
    on ICP-MS (x).
    """
    truth = {(value.subject, value.visit): value.iron_ug_per_g for value in icpms}
    rows: list[Row] = []
    for field_t in iron.fields:
        for rater in iron.raters:
            if truth:
                cells: Row = {"comparison": "MRI, ICP-MS", "field_t": field_t, "rater": rater}
                cells |= {"x": "ICP-MS", "y": f"MRI {field_t:g} T"}
                rows += _compared(truth, iron.of(rater, field_t), cells)
    for place, high in enumerate(iron.fields):
        for low in iron.fields[place + 1 :]:
            for rater in iron.raters:
                cells = {"comparison": "between fields", "rater": rater}
                cells |= {"x": f"MRI {high:g} T", "y": f"MRI {low:g} T"}
                rows += _compared(iron.of(rater, high), iron.of(rater, low), cells)
    return Table(IRON_COLUMNS, tuple(rows))


def _compared(first: Mapping[Sample, float], second: Mapping[Sample, float], cells: Row) -> list[Row]:
    samples = [sample for sample in first if sample in second]
    x = np.array([first[sample] for sample in samples], dtype=np.float64)
    y = np.array([second[sample] for sample in samples], dtype=np.float64)
    # samples that only one side has were left out as well
    alone = len(set(first) ^ set(second))
    r, rho = quantitation.pearson(x, y), quantitation.spearman(x, y)
    lines = {"OLS": quantitation.ols(x, y), "Deming": quantitation.deming(x, y)}
    lines["Passing-Bablok"] = quantitation.passing_bablok(x, y)
    limits = quantitation.bland_altman(y, x)
    found = {"pearson": r.estimate, "spearman": rho.estimate, "ccc": quantitation.concordance(x, y)}
    for name, line in lines.items():
        found |= {f"{name} slope": line.slope, f"{name} intercept": line.intercept}
    found |= {"bias": limits.bias, "lower limit": limits.lower, "upper limit": limits.upper}
    animals = [subject for subject, _ in samples]
    if len(set(animals)) < len(animals):
        told = jackknifed(found, x, y, animals)
    else:
        p = {"pearson": r.p, "spearman": rho.p}
        told = {name: (estimate, p.get(name, math.nan)) for name, estimate in found.items()}
    return [
        {
            **cells,
            "statistic": _IRON_STATISTICS.get(name, name),
            "n": estimate.n,
            "left_out": estimate.left_out + alone,
            "value": estimate.value,
            "se": estimate.se,
            "ci_low": estimate.ci_low,
            "ci_high": estimate.ci_high,
            "p": p_value,
            "method": estimate.method,
            "reason": estimate.reason,
        }
        for name, (estimate, p_value) in told.items()
    ]


# as the table calls them, where it does otherwise than the code
_IRON_STATISTICS = {
    "pearson": "Pearson r",
    "spearman": "Spearman rho",
    "ccc": "Lin's CCC",
    **{f"{name} intercept": f"{name} intercept, ug/g" for name in ("OLS", "Deming", "Passing-Bablok")},
    "bias": "bias, ug/g",
    "lower limit": "lower limit of agreement, ug/g",
    "upper limit": "upper limit of agreement, ug/g",
}


TABLE_1A_COLUMNS = (
    "group", "visit", "field_t", "mri_mean_ug_per_g", "mri_sd_ug_per_g", "mri_n", "mri_left_out",
    "mri_below_limit", "icpms_mean_ug_per_g", "icpms_sd_ug_per_g", "icpms_n", "icpms_left_out",
)  # fmt: skip


def table_1a(
    iron: IronReads,
    icpms: Sequence[IcpMs],
    scans: Sequence[Scan],
    linked: Sequence[LinkedReading],
    measures: Mapping[int, Measures],
) -> Table:
    """Return tumour iron by group, visit and field from MRI (mean of raters), ICP-MS beside it.

    `mri_below_limit` counts animals whose mean iron lies below the limit of detection of their scan;
    `left_out` those that were scanned and have no value.
    """
    groups = {scan.subject: scan.group for scan in scans}
    cells = dict.fromkeys((scan.group, scan.visit, scan.field_t) for scan in scans)
    truth = {(value.subject, value.visit): value.iron_ug_per_g for value in icpms}
    limits: dict[tuple[Sample, float], float] = {}
    for place, case in enumerate(linked):
        if place in measures:
            key = ((case.reading.subject, case.reading.visit), case.reading.field_t)
            limits[key] = np.fmax(limits.get(key, math.nan), measures[place].iron_limit_ug_per_g)
    rows: list[Row] = []
    for group, visit, field_t in sorted(cells, key=_cell_key):
        of_field = iron.of(MEAN_OF_RATERS, field_t)
        animals = [s.subject for s in scans if (s.group, s.visit, s.field_t) == (group, visit, field_t)]
        mri = [of_field.get((animal, visit), math.nan) for animal in animals]
        below = sum(
            value < limits.get(((animal, visit), field_t), math.nan)
            for animal, value in zip(animals, mri, strict=True)
        )
        members = sorted({subject for subject, of in groups.items() if of == group})
        chemistry = [truth.get((animal, visit), math.nan) for animal in members]
        row: Row = {"group": group, "visit": visit, "field_t": field_t, "mri_below_limit": int(below)}
        rows.append({**row, **_named("mri", mri), **_named("icpms", chemistry)})
    return Table(TABLE_1A_COLUMNS, tuple(rows))


def _cell_key(cell: tuple[str, str, float]) -> tuple[Any, ...]:
    group, visit, field_t = cell
    return group.lower(), visit_key(visit), -field_t


def _stratum_key(stratum: tuple[str, float, str]) -> tuple[Any, ...]:
    visit, field_t, group = stratum
    return visit_key(visit), -field_t, group != ALL_GROUPS, group.lower()


def _named(what: str, values: Sequence[float]) -> Row:
    found = [value for value in values if not math.isnan(value)]
    return {
        f"{what}_mean_ug_per_g": _mean(found),
        f"{what}_sd_ug_per_g": _sd(found),
        f"{what}_n": len(found),
        f"{what}_left_out": len(values) - len(found),
    }


TABLE_2_COLUMNS = (
    "visit", "field_t", "group", "reads", "cnr_mean", "cnr_sd", "cnr_n", "cnr_noise_method", "margin_mean",
    "margin_sd", "margin_n", "small_lesion_reads", "small_lesions_detected", "small_sensitivity",
    "small_sensitivity_ci_low", "small_sensitivity_ci_high", "small_reason", "left_out",
)  # fmt: skip
ALL_GROUPS = "all"


def table_2(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return CNR, margin conspicuity and detection of lesions under 3 mm by visit, per field and group.

    The units are reads: each rater's first reading of each scan; intervals are clustered by animal. CNR is
    of one noise method only, the one most reads have; reads with another are not in `cnr_n`. Cases that were
    ended early are no reads; they stand in `left_out`.
    """
    places, found = Places(linked), TargetReads.of(linked, THRESHOLD)
    strata: dict[tuple[str, float, str], list[LinkedReading]] = {}
    for case in linked:
        reading = case.reading
        if not reading.repeat_of:
            for group in (ALL_GROUPS, reading.group):
                strata.setdefault((reading.visit, reading.field_t, group), []).append(case)
    rows: list[Row] = []
    for (visit, field_t, group), cases in sorted(strata.items(), key=lambda entry: _stratum_key(entry[0])):
        method, cnr = _main_contrast(
            [measures.get(place) for place in np.flatnonzero(places.flags(cases)).tolist()]
        )
        margins = [score for case in cases if not math.isnan(score := case.number(MARGIN))]
        ended = sum(case.ended for case in cases)
        small = found.found_row(places.flags(cases), "lesion", SMALL)
        rows.append(
            {
                "visit": visit,
                "field_t": field_t,
                "group": group,
                "reads": len(cases) - ended,
                "left_out": ended,
                "cnr_mean": _mean(cnr),
                "cnr_sd": _sd(cnr),
                "cnr_n": len(cnr),
                "cnr_noise_method": method,
                "margin_mean": _mean(margins),
                "margin_sd": _sd(margins),
                "margin_n": len(margins),
                "small_lesion_reads": small["targets"],
                "small_lesions_detected": small["detected"],
                "small_sensitivity": small["sensitivity"],
                "small_sensitivity_ci_low": small["ci_low"],
                "small_sensitivity_ci_high": small["ci_high"],
                "small_reason": small["reason"],
            }
        )
    return Table(TABLE_2_COLUMNS, tuple(rows))


def _main_contrast(measures: Iterable[Measures | None]) -> tuple[str, list[float]]:
    """Return the noise method that most reads have, and their CNR: other methods are not comparable."""
    by_method: dict[str, list[float]] = {}
    for found in measures:
        if found is not None and found.contrast is not None and not math.isnan(found.contrast.cnr):
            by_method.setdefault(found.contrast.noise_method, []).append(found.contrast.cnr)
    method = max(by_method, key=lambda name: len(by_method[name]), default="")
    return method, by_method.get(method, [])


def _mean(values: Sequence[float]) -> float:
    found = [value for value in values if not math.isnan(value)]
    return float(np.mean(found)) if found else math.nan


def _sd(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else math.nan
