"""What a rater does, as rows of a kit's file, written change by change."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from core.errors import InputError
from core.imaging.coverage import coverage_sha256
from core.imaging.roi import Roi
from core.reading.questions import AnswerKey, same_value
from core.reading.reading import Mark, Reading
from core.study import kit_tables as t
from core.study.audit import canonical
from core.study.kit_state import outlines_text, packed_coverage, unpacked_coverage


def told_seconds(seconds: float) -> float:
    """Return reading time as a record tells it, to the millisecond."""
    return round(seconds, 3)


def load_seconds(connection: sa.Connection, alias: str) -> tuple[float, dict[AnswerKey, float]]:
    """Return the active seconds on a case, and at what second each answer was last given."""
    total = connection.execute(sa.select(t.cases.c.seconds).where(t.cases.c.alias == alias)).scalar_one()
    rows = connection.execute(sa.select(t.answers).where(t.answers.c.alias == alias)).mappings()
    return float(total), {(r["question"], r["about"] or None): float(r["seconds"]) for r in rows}


def add_seconds(connection: sa.Connection, alias: str, seconds: float) -> float:
    """Add active reading time to a case; return all of it as its record is to tell it."""
    if not (np.isfinite(seconds) and seconds >= 0):
        raise InputError(f"reading time must be 0 or more seconds, not {seconds}")
    if seconds:
        statement = t.cases.update().where(t.cases.c.alias == alias)
        connection.execute(statement.values(seconds=t.cases.c.seconds + seconds))
    total = sa.select(t.cases.c.seconds).where(t.cases.c.alias == alias)
    return told_seconds(connection.execute(total).scalar_one())


def write_changes(connection: sa.Connection, before: Reading, after: Reading) -> None:
    """Write what differs between two states of a reading; regions are read back and compared.

    Raises
    ------
    StoreError
        If a region did not come back as it was written.
    """
    alias = before.alias
    if list(after.marks.items()) != list(before.marks.items()):
        _write_marks(connection, after)
    _write_answers(connection, before, after)
    _write_rois(connection, before, after)
    if list(after.rulers.items()) != list(before.rulers.items()):
        _write_rulers(connection, after)
    if (after.step_index, after.status) != (before.step_index, before.status):
        statement = t.cases.update().where(t.cases.c.alias == alias)
        connection.execute(statement.values(step_index=after.step_index, status=after.status))


def _write_marks(connection: sa.Connection, after: Reading) -> None:
    # few and small: written anew as a whole, so that their order is right; prescribed ones never change
    connection.execute(t.marks.delete().where(t.marks.c.alias == after.alias, ~t.marks.c.prescribed))
    for place, mark in enumerate(after.marks.values()):
        if not mark.prescribed:
            insert_mark(connection, after.alias, mark, place)


def insert_mark(connection: sa.Connection, alias: str, mark: Mark, place: int) -> None:
    """Write one mark of a case."""
    x, y, z = mark.position_mm
    row = {"mark": mark.mark_id, "kind": mark.kind, "prescribed": mark.prescribed}
    connection.execute(t.marks.insert().values(alias=alias, place=place, x_mm=x, y_mm=y, z_mm=z, **row))


def _write_rulers(connection: sa.Connection, after: Reading) -> None:
    connection.execute(t.rulers.delete().where(t.rulers.c.alias == after.alias))
    for place, ruler in enumerate(after.rulers.values()):
        connection.execute(
            t.rulers.insert().values(
                alias=after.alias, ruler=ruler.ruler_id, place=place, about=ruler.about or "",
                step_index=ruler.step_index, start_mm=canonical(list(ruler.start_mm)),
                end_mm=canonical(list(ruler.end_mm)),
            )
        )  # fmt: skip


def _write_answers(connection: sa.Connection, before: Reading, after: Reading) -> None:
    table, alias = t.answers, after.alias
    seconds = sa.select(t.cases.c.seconds).where(t.cases.c.alias == alias).scalar_subquery()
    for key in before.answers.keys() | after.answers.keys():
        value = after.answers.get(key)
        if same_value(value, before.answers.get(key)):
            continue
        question, about = key[0], key[1] or ""
        chosen = (table.c.alias == alias, table.c.question == question, table.c.about == about)
        connection.execute(table.delete().where(*chosen))
        if value is not None:
            row = {"alias": alias, "question": question, "about": about, "value": canonical(value)}
            connection.execute(table.insert().values(**row, seconds=seconds))


def _write_rois(connection: sa.Connection, before: Reading, after: Reading) -> None:
    table, alias = t.rois, after.alias
    for roi_id in before.rois.keys() - after.rois.keys():
        connection.execute(table.delete().where(table.c.alias == alias, table.c.roi == roi_id))
    places = {roi_id: place for place, roi_id in enumerate(before.rois)}
    for place, (roi_id, roi) in enumerate(after.rois.items()):
        if roi is not before.rois.get(roi_id):
            _write_roi(connection, alias, roi, place)
        elif place != places[roi_id]:
            chosen = (table.c.alias == alias, table.c.roi == roi_id)
            connection.execute(table.update().where(*chosen).values(place=place))


def _write_roi(connection: sa.Connection, alias: str, roi: Roi, place: int) -> None:
    table = t.rois
    chosen = (table.c.alias == alias, table.c.roi == roi.roi_id)
    connection.execute(table.delete().where(*chosen))
    sha256 = coverage_sha256(roi.coverage)
    connection.execute(
        table.insert().values(
            alias=alias, roi=roi.roi_id, kind=roi.kind, place=place, name=roi.name, colour=roi.colour,
            locked=roi.locked, coverage=packed_coverage(roi.coverage), sha256=sha256,
            outlines=outlines_text(roi.outlines),
        )
    )  # fmt: skip
    kept = connection.execute(sa.select(table.c.coverage, table.c.sha256).where(*chosen)).one()
    what = f"the {roi.kind} region of case {alias}"
    unpacked_coverage(kept.coverage, kept.sha256, roi.geometry.shape, what)
