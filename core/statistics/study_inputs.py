"""What the main figures of a study were computed from, so that anybody's program can compute them again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from core.reading.protocol import Protocol
from core.statistics.linking import MEASURES, LinkedReading, Measures
from core.statistics.listings import Row, Table
from core.statistics.study_accuracy import by_rater, scored_items
from core.statistics.study_agreement import agreement_items
from core.statistics.study_groups import by_animal, groups_of
from core.statistics.study_tables import IronReads
from core.study.records import IcpMs

RATING_COLUMNS = ("item", "rater", "session", "repeat", "unit", "subject", "field_t", "visit", "value")


def ratings_table(
    linked: Sequence[LinkedReading], measures: Mapping[int, Measures], protocols: Sequence[Protocol]
) -> Table:
    """Return every value that agreement.csv compares: a row per item, rater, session and unit.

    `unit` is the scan, or scan and target; `repeat` is 1 for a case read again inside a session.
    """
    rows: list[Row] = []
    of_reading: list[tuple[str, Row]] = []
    for case in linked:
        reading = case.reading
        cells: Row = {"rater": reading.rater, "session": reading.session}
        cells |= {"repeat": int(bool(reading.repeat_of)), "subject": reading.subject}
        of_reading.append((reading.scan_id, {**cells, "field_t": reading.field_t, "visit": reading.visit}))
    for item in agreement_items(linked, measures, protocols):
        parts: tuple[list[Row], list[Row]] = ([], [])
        for place, target, value in zip(item.place.tolist(), item.target, item.value.tolist(), strict=True):
            scan_id, cells = of_reading[place]
            row: Row = {"item": item.name, **cells, "unit": f"{scan_id}/{target}" if target else scan_id}
            parts[cells["repeat"]].append({**row, "value": None if math.isnan(value) else value})
        rows += [*parts[0], *parts[1]]
    return Table(RATING_COLUMNS, tuple(rows))


SCORE_COLUMNS = ("item", "rater", "session", "unit", "subject", "field_t", "visit", "score", "positive")


def scores_table(linked: Sequence[LinkedReading]) -> Table:
    """Return every score that accuracy.csv judges by the reference: first readings only."""
    first = [case for case in linked if not case.reading.repeat_of]
    rows: list[Row] = []
    for item, scored in scored_items(linked):
        for rater, cases in by_rater(first).items():
            for case in cases:
                reading = case.reading
                cells: Row = {"item": item, "rater": rater, "session": reading.session}
                cells |= {name: getattr(reading, name) for name in ("subject", "field_t", "visit")}
                rows += [
                    {**cells, "unit": unit, "score": score, "positive": positive}
                    for unit, score, positive in scored(case)
                ]
    return Table(SCORE_COLUMNS, tuple(rows))


def animals_table(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return what groups.csv tests: every measure by subject, field and visit, the mean over raters."""
    group_of = groups_of(linked)
    found: dict[tuple[str, float, str], Row] = {}
    for item in MEASURES:
        for subject, fields in by_animal(linked, measures, item).items():
            for field_t, visits in fields.items():
                for visit, value in visits.items():
                    cells: Row = {"subject": subject, "group": group_of[subject]}
                    cells |= {"field_t": field_t, "visit": visit}
                    found.setdefault((subject, field_t, visit), cells)[item] = value
    return Table(("subject", "group", "field_t", "visit", *MEASURES), tuple(found.values()))


IRON_COLUMNS = ("rater", "field_t", "subject", "visit", "iron_ug_per_g", "icpms_ug_per_g")


def iron_table(iron: IronReads, icpms: Sequence[IcpMs]) -> Table:
    """Return what iron_agreement.csv compares: tumour iron by rater, field and sample beside ICP-MS."""
    truth = {(value.subject, value.visit): value.iron_ug_per_g for value in icpms}
    rows: list[Row] = []
    for field_t in iron.fields:
        for rater in iron.raters:
            for (subject, visit), value in iron.of(rater, field_t).items():
                row: Row = {"rater": rater, "field_t": field_t, "subject": subject, "visit": visit}
                rows.append({**row, "iron_ug_per_g": value, "icpms_ug_per_g": truth.get((subject, visit))})
    return Table(IRON_COLUMNS, tuple(rows))
