"""Agreement of a study's raters: per item, field and visit, between raters and within each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from core.imaging.coverage import coverage_mask
from core.imaging.roi import RoiKind
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, Question
from core.statistics.linking import DETECTION, MEASURES, LinkedReading, Measures, as_number, union
from core.statistics.listings import Row, Table
from core.statistics.order import stratum_key
from core.statistics.ratings import INDICES, Scale, coefficients, ratings_from_columns
from core.statistics.regions import REGION_MARGIN_MM, RegionAgreement, compare_regions, staple
from core.study.records import Target

COLUMNS = (
    "item", "raters", "n", "categories", "p_observed", "p_expected", "kappa", "weights", "se", "ci_low",
    "ci_high", "label", "coefficient", "comparison", "session", "field_t", "visit", "left_out", "method",
    "reason", "cluster_se", "cluster_ci_low", "cluster_ci_high", "cluster_method", "bootstrap_ci_low",
    "bootstrap_ci_high", "bootstrap_method", "bootstrap_reason", *INDICES,
)  # fmt: skip
DETECTED = "detected"


@dataclass(frozen=True)
class ItemValue:
    """One answer that can be compared: who gave it, about what, in which stratum."""

    rater: str
    session: int
    unit: tuple[str, str]
    subject: str
    value: float | None
    field_t: float
    visit: str


@dataclass(frozen=True)
class Item:
    """What is compared, on which scale, over which categories; `values` are those of first readings."""

    name: str
    scale: Scale
    categories: tuple[float, ...]
    first: tuple[ItemValue, ...]
    repeated: tuple[ItemValue, ...]


def agreement_table(
    linked: Sequence[LinkedReading], measures: Mapping[int, Measures], protocols: Sequence[Protocol]
) -> Table:
    """Return every coefficient of every item: over all cases, per field, and per field and visit.

    An item about the case has scans for units, one about marks the targets that were marked; detection
    confidence takes an unmarked target as 1, and `detected` (marked or not) is an item of its own. The
    columns named cluster_ hold the interval of kappa with animals as clusters, those named bootstrap_ that
    of every coefficient with whole animals drawn anew.
    Between raters: first readings of the same session. Within a rater: repeats inside a kit, and the
    first readings of two sessions.
    """
    rows: list[Row] = []
    for item in agreement_items(linked, measures, protocols):
        for session in sorted({value.session for value in item.first}):
            of_session = [value for value in item.first if value.session == session]
            rows += _stratified(item, of_session, {"comparison": "between raters", "session": session})
        for rater in sorted({value.rater for value in item.first}):
            rows += _within(item, rater)
    return Table(COLUMNS, tuple(rows))


def _within(item: Item, rater: str) -> list[Row]:
    """Compare a rater with himself: the two times are the two columns of the table."""
    first = [value for value in item.first if value.rater == rater]
    rows: list[Row] = []
    for session in sorted({value.session for value in first}):
        again = [v for v in item.repeated if v.rater == rater and v.session == session]
        once = [v for v in first if v.session == session and v.unit in {other.unit for other in again}]
        if again:
            both = [*_as(once, f"{rater} (first)"), *_as(again, f"{rater} (repeat)")]
            rows += _stratified(item, both, {"comparison": "within rater, repeat", "session": session})
    for one, other in combinations(sorted({value.session for value in first}), 2):
        both = [
            named for session in (one, other)
            for named in _as([v for v in first if v.session == session], f"{rater} ({session})")
        ]  # fmt: skip
        rows += _stratified(
            item, both, {"comparison": "within rater, sessions", "session": f"{one}, {other}"}
        )
    return rows


def _as(values: Iterable[ItemValue], rater: str) -> list[ItemValue]:
    return [replace(value, rater=rater) for value in values]


def _stratified(item: Item, values: Sequence[ItemValue], cells: Row) -> list[Row]:
    strata: dict[tuple[float | None, str], list[ItemValue]] = {(None, ""): list(values)}
    for value in values:
        strata.setdefault((value.field_t, ""), []).append(value)
        strata.setdefault((value.field_t, value.visit), []).append(value)
    rows: list[Row] = []
    for (field_t, visit), part in sorted(strata.items(), key=lambda entry: stratum_key(*entry[0])):
        columns = ([v.rater for v in part], [v.unit for v in part], [v.value for v in part])
        tables = ratings_from_columns(*columns, cluster=[v.subject for v in part])
        for table in tables:
            if len(table.raters) < 2:
                continue
            named = replace(table, item=item.name)
            for found in coefficients(named, item.categories, item.scale):
                rows.append({**found.as_row(), **cells, "field_t": field_t, "visit": visit})
    return rows


def agreement_items(
    linked: Sequence[LinkedReading], measures: Mapping[int, Measures], protocols: Sequence[Protocol]
) -> list[Item]:
    """Return everything that raters are compared on, with each value and whose it is."""
    items: list[Item] = []
    questions: dict[str, Question] = {}
    for protocol in protocols:
        for question in protocol.questions:
            questions.setdefault(question.id, question)
    for question in questions.values():
        if question.type == "text":
            continue
        if question.type == "number":
            items.append(_item(question.id, "interval", (), linked, _answers_of(question)))
            continue
        categories = sorted(
            {c.value for p in protocols for q in p.questions if q.id == question.id for c in q.choices}
        )
        declared = tuple(float(value) for value in categories)
        items.append(_item(question.id, "ordinal", declared, linked, _answers_of(question)))
    if any(question.scope == "lesion" for question in questions.values()):
        items.append(_item(DETECTED, "nominal", (0.0, 1.0), linked, _detected))
    places = {id(case): place for place, case in enumerate(linked)}
    for name in MEASURES:

        def measured(case: LinkedReading, name: str = name) -> list[tuple[str, float]]:
            found = measures.get(places[id(case)])
            return [("", math.nan if found is None else found.number(name))]

        items.append(_item(name, "interval", (), linked, measured))
    return [item for item in items if item.first]


def _item(
    name: str,
    scale: Scale,
    categories: tuple[float, ...],
    linked: Sequence[LinkedReading],
    values_of: Callable[[LinkedReading], list[tuple[str, float]]],
) -> Item:
    first: list[ItemValue] = []
    repeated: list[ItemValue] = []
    for case in linked:
        reading = case.reading
        for target, value in values_of(case):
            found = ItemValue(
                reading.rater,
                reading.session,
                (reading.scan_id, target),
                reading.subject,
                None if math.isnan(value) else value,
                reading.field_t,
                reading.visit,
            )
            (repeated if reading.repeat_of else first).append(found)
    return Item(name, scale, categories, tuple(first), tuple(repeated))


def _answers_of(question: Question) -> Callable[[LinkedReading], list[tuple[str, float]]]:
    # what ended a case early is an answer like any other to the question that asked for it
    ending = any(choice.ends_case for choice in question.choices)

    def about_case(case: LinkedReading) -> list[tuple[str, float]]:
        if case.ended and not ending:
            return [("", math.nan)]
        return [("", as_number(case.answer_of_case(question)))]

    def about_targets(case: LinkedReading) -> list[tuple[str, float]]:
        targets = [target for target in case.targets if target.kind == question.scope]
        if question.id == DETECTION:
            return [(target.target, case.score(question.id, target)) for target in targets]
        return [(target.target, case.number(question.id, target)) for target in targets]

    return about_targets if question.scope in MARK_KINDS else about_case


def _detected(case: LinkedReading) -> list[tuple[str, float]]:
    return [
        (target.target, float(target.target in case.mark_of) if _could_be_found(case, target) else math.nan)
        for target in case.targets
        if target.kind == "lesion"
    ]


def _could_be_found(case: LinkedReading, target: Target) -> bool:
    return target.centre_mm is not None and case.searched(target.kind)


# what is compared between raters; noise, rings and others are means to an end
COMPARED_ROIS: tuple[RoiKind, ...] = ("tumour", "node", "reference", "ablation")
ROI_COLUMNS = (
    "raters", "comparison", "session", "subject", "group", "visit", "field_t", "roi", "dice", "jaccard",
    "voxel_kappa", "kappa_region", "kappa_region_voxels", "hd95_mm", "mean_surface_distance_mm",
    "volume_first_mm3", "volume_second_mm3", "volume_difference_percent", "reason",
)  # fmt: skip


def roi_agreement_table(linked: Sequence[LinkedReading]) -> Table:
    """Return Dice, voxel-wise kappa, distances and volumes of every pair of readings of a scan."""
    by_scan: dict[str, list[LinkedReading]] = {}
    for case in linked:
        by_scan.setdefault(case.reading.scan_id, []).append(case)
    rows: list[Row] = []
    for cases in by_scan.values():
        for one, other in combinations(cases, 2):
            names = _pair(one, other)
            if names is not None:
                rows += _roi_rows(one, other, names)
    return Table(ROI_COLUMNS, tuple(rows))


def _pair(one: LinkedReading, other: LinkedReading) -> Row | None:
    """Say what comparing two readings of a scan is: between raters, within one, or nothing we report."""
    a, b = one.reading, other.reading
    if a.rater != b.rater:
        if a.session != b.session or a.repeat_of or b.repeat_of:
            return None
        return {"raters": f"{a.rater}, {b.rater}", "comparison": "between raters", "session": a.session}
    if a.session == b.session:
        names = {"raters": f"{a.rater} (first), {a.rater} (repeat)", "comparison": "within rater, repeat"}
        return {**names, "session": a.session}
    if a.repeat_of or b.repeat_of:
        return None
    names = {
        "raters": f"{a.rater} ({a.session}), {b.rater} ({b.session})",
        "comparison": "within rater, sessions",
    }
    return {**names, "session": f"{a.session}, {b.session}"}


def _roi_rows(one: LinkedReading, other: LinkedReading, names: Row) -> list[Row]:
    rows = []
    if one.reading.repeat_of:
        one, other = other, one
    ended = [case.reading for case in (one, other) if case.ended]
    for kind in COMPARED_ROIS:
        regions = [union(case.reading.rois.values(), kind) for case in (one, other)]
        drawn = [roi for case in (one, other) for roi in case.reading.rois.values() if roi.kind == kind]
        if not drawn:
            continue
        reading = one.reading
        cells: Row = {name: getattr(reading, name) for name in ("subject", "group", "visit", "field_t")}
        cells |= {**names, "roi": kind}
        if ended:
            # a region that was never to be drawn is no empty one
            lost = "; ".join(f"{reading.rater} ended the case early: {reading.ended}" for reading in ended)
            rows.append({**cells, **dict.fromkeys(_ROI_QUANTITIES, math.nan), "reason": lost})
            continue
        geometry = drawn[0].geometry
        first, second = (
            np.zeros(geometry.shape, dtype=np.bool_) if region is None else coverage_mask(region)
            for region in regions
        )
        rows.append({**cells, **_roi_cells(compare_regions(first, second, geometry))})
    return rows


_ROI_QUANTITIES = (
    "dice",
    "jaccard",
    "voxel_kappa",
    "hd95_mm",
    "mean_surface_distance_mm",
    "volume_difference_percent",
)


def _roi_cells(found: RegionAgreement) -> Row:
    parts = {
        "dice": found.dice,
        "jaccard": found.jaccard,
        "voxel_kappa": found.kappa,
        "hd95_mm": found.hd95_mm,
        "mean_surface_distance_mm": found.mean_surface_distance_mm,
        "volume_difference_percent": found.volume_difference,
    }
    lost = [f"{name} {estimate.reason}" for name, estimate in parts.items() if not estimate.estimable]
    return {
        **{name: estimate.value for name, estimate in parts.items()},
        "kappa_region": found.region,
        "kappa_region_voxels": found.region_voxels,
        "volume_first_mm3": found.volume_first_mm3,
        "volume_second_mm3": found.volume_second_mm3,
        "reason": "; ".join(lost),
    }


SUMMARY_COLUMNS = (
    "raters", "comparison", "session", "roi", "field_t", "visit", "quantity", "n", "left_out", "mean", "sd",
    "median", "minimum", "maximum",
)  # fmt: skip


def roi_summary_table(pairs: Table) -> Table:
    """Return mean, SD and median of the pairs' agreement, over all cases, per field, per field and visit."""
    strata: dict[tuple[Any, ...], list[Row]] = {}
    for row in pairs.rows:
        names = tuple(row[name] for name in ("raters", "comparison", "session", "roi"))
        for where in ((None, ""), (row["field_t"], ""), (row["field_t"], row["visit"])):
            strata.setdefault((*names, *where), []).append(row)
    rows: list[Row] = []
    for key, part in sorted(strata.items(), key=_summary_key):
        for quantity in _ROI_QUANTITIES:
            values = np.array([row[quantity] for row in part], dtype=np.float64)
            cells = dict(zip(SUMMARY_COLUMNS[:6], key, strict=True))
            rows.append({**cells, "quantity": quantity, **spread(values)})
    return Table(SUMMARY_COLUMNS, tuple(rows))


def _summary_key(entry: tuple[tuple[Any, ...], list[Row]]) -> tuple[Any, ...]:
    raters, comparison, session, roi, field_t, visit = entry[0]
    return comparison, str(session), raters, roi, stratum_key(field_t, visit)


def spread(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Row:
    """Return n, how many are missing, mean, SD, median and range."""
    found = values[np.isfinite(values)]
    row: Row = {"n": len(found), "left_out": len(values) - len(found)}
    if len(found):
        row |= {"mean": float(found.mean()), "median": float(np.median(found))}
        row |= {"minimum": float(found.min()), "maximum": float(found.max())}
        row["sd"] = float(found.std(ddof=1)) if len(found) > 1 else math.nan
    return row


CONSENSUS_COLUMNS = (
    "session", "subject", "group", "visit", "field_t", "roi", "rater", "raters", "left_out",
    "consensus_volume_mm3", "sensitivity", "specificity", "dice", "region", "reason",
)  # fmt: skip


def consensus_table(linked: Sequence[LinkedReading]) -> Table:
    """Return how every rater's region compares with the one they agree on (STAPLE), scan by scan.

    First readings of a session; `left_out` counts raters who drew no such region. Specificity depends on how
    much background is counted: `region` says where.
    """
    found: dict[tuple[str, int], list[LinkedReading]] = {}
    for case in linked:
        if not case.reading.repeat_of:
            found.setdefault((case.reading.scan_id, case.reading.session), []).append(case)
    rows: list[Row] = []
    for cases in found.values():
        for kind in COMPARED_ROIS:
            rows += _consensus_rows(cases, kind)
    return Table(CONSENSUS_COLUMNS, tuple(rows))


def _consensus_rows(cases: Sequence[LinkedReading], kind: RoiKind) -> list[Row]:
    drawn = {
        case.reading.rater: coverage_mask(region)
        for case in cases
        if not case.ended and (region := union(case.reading.rois.values(), kind)) is not None
    }
    if len(cases) < 2 or not drawn:
        return []
    reading = cases[0].reading
    cells: Row = {
        name: getattr(reading, name) for name in ("session", "subject", "group", "visit", "field_t")
    }
    cells |= {"roi": kind, "raters": len(drawn), "left_out": len(cases) - len(drawn)}
    if len(drawn) < 2:
        return [{**cells, "reason": "not estimable: fewer than two raters have drawn the region"}]
    geometry = next(r.geometry for case in cases for r in case.reading.rois.values() if r.kind == kind)
    agreed = staple(list(drawn.values()), geometry)
    cells |= {"consensus_volume_mm3": float(agreed.mask.sum()) * geometry.voxel_volume_mm3}
    cells |= {"region": f"box of all regions + {REGION_MARGIN_MM:g} mm", "reason": agreed.reason}
    rows = []
    parts = zip(drawn.items(), agreed.sensitivity, agreed.specificity, strict=True)
    for (rater, mask), sensitivity, specificity in parts:
        dice = compare_regions(mask, agreed.mask, geometry).dice
        row = {"rater": rater, "sensitivity": sensitivity, "specificity": specificity, "dice": dice.value}
        rows.append({**cells, **row})
    return rows
