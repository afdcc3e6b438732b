"""A part of a study: the same tables from some fields, visits, raters, groups and items alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.statistics.analysis import Measured
from core.statistics.linking import MEASURES
from core.statistics.listings import Table
from core.statistics.order import visit_key
from core.study.records import Scan, SignedReading

# columns that name what a row of a table is about
_ITEM_COLUMNS = ("item", "question")
_BY_MEASURE = "inputs/animals"


@dataclass(frozen=True)
class Part:
    """What is kept of a study: readings by field, visit, rater and group, rows of tables by item."""

    fields: tuple[float, ...]
    visits: tuple[str, ...]
    raters: tuple[str, ...]
    groups: tuple[str, ...]
    items: tuple[str, ...]

    def keeps(self, reading: SignedReading) -> bool:
        """Tell whether a reading belongs to the part."""
        return reading.rater in self.raters and self.keeps_scan(
            Scan(reading.scan_id, reading.subject, reading.group, reading.visit, reading.field_t)
        )

    def keeps_scan(self, scan: Scan) -> bool:
        """Tell whether a scan belongs to the part."""
        return scan.field_t in self.fields and scan.visit in self.visits and scan.group in self.groups


def whole(found: Measured, tables: Mapping[str, Table]) -> Part:
    """Return the part that keeps everything: all there is to choose from, in the order of reports.

    Parameters
    ----------
    found : Measured
    tables : mapping of name to Table
        Of all of it: they name the items.
    """
    readings = [case.reading for case in found.linked]
    items = (
        row[column]
        for table in tables.values()
        for column in _ITEM_COLUMNS
        if column in table.columns
        for row in table.rows
    )
    return Part(
        fields=tuple(sorted({reading.field_t for reading in readings}, reverse=True)),
        visits=tuple(sorted({reading.visit for reading in readings}, key=visit_key)),
        raters=tuple(sorted({reading.rater for reading in readings})),
        groups=tuple(sorted({reading.group for reading in readings}, key=str.lower)),
        items=tuple(dict.fromkeys(str(item) for item in items if item)),
    )


def part_of(found: Measured, part: Part) -> Measured:
    """Return the readings of a part with the scans, targets and ICP-MS values that belong to it.

    Nothing is measured anew. What compares with an earlier visit compares with the earliest that is left.
    """
    kept = [place for place, case in enumerate(found.linked) if part.keeps(case.reading)]
    place_of = {old: new for new, old in enumerate(kept)}
    study = found.study
    scans = tuple(scan for scan in study.scans if part.keeps_scan(scan))
    subjects = {scan.subject for scan in scans}
    samples = {(scan.subject, scan.visit) for scan in scans}
    readings = tuple(found.linked[place].reading for place in kept)
    return Measured(
        replace(
            study,
            readings=readings,
            scans=scans,
            targets=tuple(target for target in study.targets if target.subject in subjects),
            icpms=tuple(value for value in study.icpms if (value.subject, value.visit) in samples),
            sessions=tuple(facts for facts in study.sessions if facts.rater in part.raters),
            training=tuple(result for result in study.training if result.rater in part.raters),
        ),
        tuple(found.linked[place] for place in kept),
        # in their own order, which is that of rows
        {place_of[old]: numbers for old, numbers in found.measures.items() if old in place_of},
        {reading.scan_id: found.made[reading.scan_id] for reading in readings},
    )


def of_items(tables: Mapping[str, Table], part: Part) -> dict[str, Table]:
    """Return tables without the rows of other items; of animals, other measures are NaN."""
    return {name: _of_items(name, table, part) for name, table in tables.items()}


def _of_items(name: str, table: Table, part: Part) -> Table:
    if name == _BY_MEASURE:
        other = {item: math.nan for item in MEASURES if item not in part.items}
        return replace(table, rows=tuple({**row, **other} for row in table.rows))
    columns = [column for column in _ITEM_COLUMNS if column in table.columns]
    rows = (row for row in table.rows if all(not row[c] or row[c] in part.items for c in columns))
    return replace(table, rows=tuple(rows))
