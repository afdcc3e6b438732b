"""What a rater does, as rows of a kit's file, written change by change."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from core.errors import InputError
from core.imaging.roi import Roi, mask_sha256
from core.reading.reading import AnswerKey, Reading
from core.study import kit_tables as t
from core.study.kit_state import packed_mask, unpacked_mask


def load_seconds(connection: sa.Connection, alias: str) -> tuple[float, dict[AnswerKey, float]]:
    """Return the active seconds on a case, and at what second each answer was last given."""
    total = connection.execute(sa.select(t.cases.c.seconds).where(t.cases.c.alias == alias)).scalar_one()
    rows = connection.execute(sa.select(t.answers).where(t.answers.c.alias == alias)).mappings()
    return float(total), {(r["question"], r["mark"] or None): float(r["seconds"]) for r in rows}


def add_seconds(connection: sa.Connection, alias: str, seconds: float) -> None:
    """Add active reading time to a case."""
    if not (np.isfinite(seconds) and seconds >= 0):
        raise InputError(f"reading time must be 0 or more seconds, not {seconds}")
    if seconds:
        statement = t.cases.update().where(t.cases.c.alias == alias)
        connection.execute(statement.values(seconds=t.cases.c.seconds + seconds))


def write_changes(connection: sa.Connection, before: Reading, after: Reading) -> None:
    """Write what differs between two states of a reading; masks are read back and compared.

    Raises
    ------
    StoreError
        If a mask did not come back as it was written.
    """
    alias = before.alias
    if after.marks != before.marks or list(after.marks) != list(before.marks):
        _write_marks(connection, after)
    _write_answers(connection, before, after)
    for roi_id in before.rois.keys() - after.rois.keys():
        connection.execute(t.rois.delete().where(t.rois.c.alias == alias, t.rois.c.roi == roi_id))
    for place, (roi_id, roi) in enumerate(after.rois.items()):
        if roi is not before.rois.get(roi_id):
            _write_roi(connection, alias, roi, place)
    if (after.step_index, after.status) != (before.step_index, before.status):
        statement = t.cases.update().where(t.cases.c.alias == alias)
        connection.execute(statement.values(step_index=after.step_index, status=after.status))


def _write_marks(connection: sa.Connection, after: Reading) -> None:
    # few and small: written anew as a whole, so that their order is right
    connection.execute(t.marks.delete().where(t.marks.c.alias == after.alias))
    for place, mark in enumerate(after.marks.values()):
        x, y, z = mark.position_mm
        connection.execute(
            t.marks.insert().values(
                alias=after.alias, mark=mark.mark_id, kind=mark.kind, place=place, x_mm=x, y_mm=y, z_mm=z
            )
        )


def _write_answers(connection: sa.Connection, before: Reading, after: Reading) -> None:
    table, alias = t.answers, after.alias
    seconds = sa.select(t.cases.c.seconds).where(t.cases.c.alias == alias).scalar_subquery()
    for key in before.answers.keys() | after.answers.keys():
        value = after.answers.get(key)
        if value == before.answers.get(key):
            continue
        question, mark = key[0], key[1] or ""
        chosen = (table.c.alias == alias, table.c.question == question, table.c.mark == mark)
        connection.execute(table.delete().where(*chosen))
        if value is not None:
            row = {"alias": alias, "question": question, "mark": mark, "value": value, "seconds": seconds}
            connection.execute(table.insert().values(**row))


def _write_roi(connection: sa.Connection, alias: str, roi: Roi, place: int) -> None:
    table = t.rois
    chosen = (table.c.alias == alias, table.c.roi == roi.roi_id)
    connection.execute(table.delete().where(*chosen))
    sha256 = mask_sha256(roi.mask)
    row = {"alias": alias, "roi": roi.roi_id, "kind": roi.kind, "place": place}
    connection.execute(table.insert().values(**row, mask=packed_mask(roi.mask), sha256=sha256))
    kept = connection.execute(sa.select(table.c.mask, table.c.sha256).where(*chosen)).one()
    unpacked_mask(kept.mask, kept.sha256, roi.mask.shape, f"the {roi.kind} region of case {alias}")
