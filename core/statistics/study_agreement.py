"""Agreement of a study's raters: per item, field and visit, between raters and within each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import coverage_mask
from core.imaging.roi import RoiKind
from core.progress import Progress, Silent
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, Question
from core.statistics.estimate import cluster_numbers
from core.statistics.linking import DETECTION, MEASURES, LinkedReading, Measures, as_number, union
from core.statistics.listings import Row, Table
from core.statistics.order import stratum_key
from core.statistics.ratings import INDICES, Scale, coefficients, ratings_from_columns
from core.statistics.regions import REGION_MARGIN_MM, RegionAgreement, compare_regions, staple
from core.study.records import Target

COLUMNS = (
    "item", "raters", "n", "categories", "p_observed", "p_expected", "kappa", "weights", "se", "ci_low",
    "ci_high", "label", "coefficient", "comparison", "session", "field_t", "visit", "left_out", "method",
    "reason", "cluster_se", "cluster_ci_low", "cluster_ci_high", "cluster_method", "cluster_reason",
    "bootstrap_ci_low", "bootstrap_ci_high", "bootstrap_method", "bootstrap_reason", *INDICES,
)  # fmt: skip
DETECTED = "detected"


@dataclass(frozen=True, eq=False)
class Item:
    """What is compared, on which scale, over which categories, and every value in the readings' order.

    Parameters
    ----------
    place : array of int, shape (values,)
        Which reading gave each value.
    target : tuple of str
        What it is about; empty for the case.
    unit : array of int, shape (values,)
        A number for each scan and target.
    value : array of float, shape (values,)
        NaN where there is none.
    """

    name: str
    scale: Scale
    categories: tuple[float, ...]
    place: NDArray[np.int64]
    target: tuple[str, ...]
    unit: NDArray[np.int64]
    value: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Readings:
    """What is compared by, of each reading: who read, in which session, which subject, where and when."""

    rater: NDArray[np.object_]
    session: NDArray[np.int64]
    again: NDArray[np.bool_]
    subject: NDArray[np.int64]
    field_t: NDArray[np.float64]
    visit: NDArray[np.object_]

    @classmethod
    def of(cls, linked: Sequence[LinkedReading]) -> _Readings:
        readings = [case.reading for case in linked]
        return cls(
            np.array([reading.rater for reading in readings], dtype=object),
            np.array([reading.session for reading in readings], dtype=np.int64),
            np.array([bool(reading.repeat_of) for reading in readings], dtype=np.bool_),
            cluster_numbers(np.array([reading.subject for reading in readings], dtype=object)),
            np.array([reading.field_t for reading in readings], dtype=np.float64),
            np.array([reading.visit for reading in readings], dtype=object),
        )


def check_stopped(progress: Progress) -> None:
    """Stop an analysis that is no longer wanted.

    Raises
    ------
    InputError
    """
    if progress.cancelled():
        raise InputError("the analysis was stopped; nothing was written")


def agreement_table(
    linked: Sequence[LinkedReading],
    measures: Mapping[int, Measures],
    protocols: Sequence[Protocol],
    progress: Progress | None = None,
) -> Table:
    """Return every coefficient of every item: over all cases, per field, and per field and visit.

    An item about the case has scans for units, one about marks the targets that were marked; detection
    confidence takes an unmarked target as 1, and `detected` (marked or not) is an item of its own. The
    columns named cluster_ hold the interval of kappa with animals as clusters, those named bootstrap_ that
    of every coefficient with whole animals drawn anew.
    Between raters: first readings of the same session. Within a rater: repeats inside a kit, and the
    first readings of two sessions.

    Raises
    ------
    InputError
        If `progress` says after an item that the work is no longer wanted.
    """
    progress = progress or Silent()
    rows: list[Row] = []
    readings, items = _Readings.of(linked), agreement_items(linked, measures, protocols)
    for done, item in enumerate(items):
        check_stopped(progress)
        progress.report(done / len(items), "agreement")
        first = np.flatnonzero(~readings.again[item.place])
        of_session, of_rater = readings.session[item.place], readings.rater[item.place]
        for session in np.unique(of_session[first]).tolist():
            chosen = first[of_session[first] == session]
            cells: Row = {"comparison": "between raters", "session": session}
            rows += _stratified(item, readings, chosen, of_rater[chosen], cells)
        for rater in sorted(set(of_rater[first])):
            rows += _within(item, readings, rater)
    return Table(COLUMNS, tuple(rows))


def _within(item: Item, readings: _Readings, rater: str) -> list[Row]:
    """Compare a rater with himself: the two times are the two columns of the table."""
    own = np.flatnonzero(readings.rater[item.place] == rater)
    again, of_session = readings.again[item.place][own], readings.session[item.place][own]
    sessions = np.unique(of_session[~again]).tolist()
    rows: list[Row] = []

    def compared(
        one: NDArray[np.int64], other: NDArray[np.int64], names: tuple[str, str], cells: Row
    ) -> None:
        labels = np.repeat(np.array(names, dtype=object), (len(one), len(other)))
        rows.extend(_stratified(item, readings, np.concatenate([one, other]), labels, cells))

    for session in sessions:
        repeats = own[again & (of_session == session)]
        firsts = own[~again & (of_session == session)]
        if len(repeats):
            once = firsts[np.isin(item.unit[firsts], item.unit[repeats])]
            cells: Row = {"comparison": "within rater, repeat", "session": session}
            compared(once, repeats, (f"{rater} (first)", f"{rater} (repeat)"), cells)
    for pair in combinations(sessions, 2):
        one, other = (own[~again & (of_session == session)] for session in pair)
        cells = {"comparison": "within rater, sessions", "session": f"{pair[0]}, {pair[1]}"}
        compared(one, other, (f"{rater} ({pair[0]})", f"{rater} ({pair[1]})"), cells)
    return rows


def _stratified(
    item: Item,
    readings: _Readings,
    chosen: NDArray[np.int64],
    labels: NDArray[np.object_],
    cells: Row,
) -> list[Row]:
    """Compare the values at `chosen` places of an item, given by those that `labels` names."""
    place = item.place[chosen]
    fields, visits = readings.field_t[place], readings.visit[place]
    strata: set[tuple[float | None, str]] = {(None, "")}
    for field_t, visit in set(zip(fields.tolist(), visits.tolist(), strict=True)):
        strata |= {(field_t, ""), (field_t, visit)}
    rows: list[Row] = []
    for field_t, visit in sorted(strata, key=lambda stratum: stratum_key(*stratum)):
        part = np.ones(len(chosen), dtype=np.bool_) if field_t is None else fields == field_t
        part = part & (visits == visit) if visit else part
        rater, unit, value = labels[part], item.unit[chosen[part]], item.value[chosen[part]]
        tables = ratings_from_columns(rater, unit, value, cluster=readings.subject[place[part]])
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
    again = np.array([bool(case.reading.repeat_of) for case in linked], dtype=np.bool_)
    return [item for item in items if not again[item.place].all()]


def _item(
    name: str,
    scale: Scale,
    categories: tuple[float, ...],
    linked: Sequence[LinkedReading],
    values_of: Callable[[LinkedReading], list[tuple[str, float]]],
) -> Item:
    places: list[int] = []
    targets: list[str] = []
    values: list[float] = []
    for place, case in enumerate(linked):
        for target, value in values_of(case):
            places.append(place)
            targets.append(target)
            values.append(value)
    place_of = np.array(places, dtype=np.int64)
    scans = cluster_numbers(np.array([case.reading.scan_id for case in linked], dtype=object))
    about = cluster_numbers(np.array(targets, dtype=object))
    unit = scans[place_of] * (1 + int(about.max(initial=0))) + about
    return Item(name, scale, categories, place_of, tuple(targets), unit, np.array(values, dtype=np.float64))


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
