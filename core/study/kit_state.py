"""Readings as rows of a kit's file: loaded, and written change by change."""

from __future__ import annotations

import json
import zlib
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.imaging.geometry import Geometry
from core.imaging.roi import Mask, Roi, mask_bytes, mask_from_bytes, mask_sha256
from core.reading.reading import AnswerKey, Mark, Reading
from core.study import kit_tables as t
from core.study.audit import canonical


def grid_text(geometry: Geometry) -> str:
    """Return a grid as text for the case's row."""
    return canonical({"shape": list(geometry.shape), "affine": geometry.affine.tolist()})


def grid_from_text(text: str) -> Geometry:
    """Return the grid of a case's row; StoreError where it is none."""
    try:
        values = json.loads(text)
        slices, rows, columns = values["shape"]
        return Geometry((slices, rows, columns), np.asarray(values["affine"], dtype=np.float64))
    except (ValueError, KeyError, TypeError, InputError) as error:
        raise StoreError("the grid of a case is damaged") from error


def packed_mask(mask: Mask) -> bytes:
    """Return a mask as it is stored."""
    return zlib.compress(mask_bytes(mask), level=6)


def unpacked_mask(blob: bytes, sha256: str, shape: tuple[int, int, int], what: str) -> Mask:
    """Return a stored mask, compared with its hash.

    Raises
    ------
    StoreError
        If the bytes are not the mask that was hashed; `what` names the record.
    """
    size = (int(np.prod(shape)) + 7) // 8
    try:
        # never more than the grid holds, whatever the blob claims
        packer = zlib.decompressobj()
        mask = mask_from_bytes(packer.decompress(blob, size + 1), shape)
    except (zlib.error, InputError) as error:
        raise StoreError(f"{what} is damaged") from error
    if mask_sha256(mask) != sha256:
        raise StoreError(f"{what} was altered")
    return mask


def load_reading(connection: sa.Connection, alias: str) -> Reading:
    """Return the committed state of a case; InputError where the kit has no such case."""
    row = connection.execute(sa.select(t.cases).where(t.cases.c.alias == alias)).mappings().first()
    if row is None:
        raise InputError(f"the kit has no case {alias}")
    grid = grid_from_text(row["grid"])
    return Reading(
        alias=alias,
        grid=grid,
        step_index=row["step_index"],
        status=row["status"],
        answers={(r["question"], r["mark"] or None): r["value"] for r in _rows(connection, t.answers, alias)},
        marks={r["mark"]: _mark(r) for r in _rows(connection, t.marks, alias, "place")},
        rois={r["roi"]: _roi(r, grid) for r in _rows(connection, t.rois, alias, "place")},
    )


def load_seconds(connection: sa.Connection, alias: str) -> tuple[float, dict[AnswerKey, float]]:
    """Return the active seconds on a case, and at what second each answer was last given."""
    total = connection.execute(sa.select(t.cases.c.seconds).where(t.cases.c.alias == alias)).scalar_one()
    rows = _rows(connection, t.answers, alias)
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


def _rows(
    connection: sa.Connection, table: sa.Table, alias: str, order: str | None = None
) -> list[sa.RowMapping]:
    statement = sa.select(table).where(table.c.alias == alias)
    if order:
        statement = statement.order_by(table.c[order])
    return list(connection.execute(statement).mappings())


def _mark(row: sa.RowMapping) -> Mark:
    return Mark(row["mark"], row["kind"], (row["x_mm"], row["y_mm"], row["z_mm"]))


def _roi(row: sa.RowMapping, grid: Geometry) -> Roi:
    what = f"the {row['kind']} region of case {row['alias']}"
    mask: Any = unpacked_mask(row["mask"], row["sha256"], grid.shape, what)
    return Roi(row["roi"], row["kind"], mask, grid)
