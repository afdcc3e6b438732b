"""A kit is checked whole: the audit chain is done again, and must end at what the kit holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import AppError, InputError, StoreError
from core.imaging.coverage import coverage_sha256
from core.imaging.roi import Label
from core.reading import rules
from core.reading.edits import edit_from_dict
from core.reading.protocol import Protocol
from core.reading.questions import AnswerKey
from core.reading.reading import Reading
from core.study import kit_tables as t
from core.study.audit import Record, canonical, checked, digest
from core.study.database import plain
from core.study.kit_changes import load_seconds
from core.study.kit_state import (
    coverage_hashes,
    grid_from_text,
    load_reading,
    outlines_text,
    prescribed_marks,
)
from core.study.pictures import check_picture
from core.study.signing import Circumstances, Signature, check_signature

Images = dict[str, dict[str, str]]  # alias -> file name -> SHA-256


def deal_values(connection: sa.Connection) -> dict[str, Any]:
    """Return what the first record of the chain says: everything of the kit that never changes."""
    kit = connection.execute(sa.select(t.kit)).mappings().one()
    cases = connection.execute(sa.select(t.cases).order_by(t.cases.c.alias)).mappings().all()
    images = connection.execute(sa.select(t.images)).mappings().all()
    return {
        "kit": kit["kit_id"],
        "study": kit["study_id"],
        "rater": kit["rater"],
        "session": kit["session"],
        "protocol_sha256": digest(kit["protocol"]),
        "cases": [[case["alias"], case["position"], digest(case["grid"])] for case in cases],
        "images": sorted(
            [image["alias"], image["role"], image["number"], image["file"], image["sha256"], image["te_ms"]]
            for image in images
        ),
        "marks": _prescribed(connection),
        **_blinding(kit),
    }


def _blinding(kit: sa.RowMapping) -> dict[str, Any]:
    """Return what was set of what a kit of the first schema has none of: its record stays what it was."""
    given = {name: kit[name] for name in ("opens_utc", "closes_signed")}
    return {name: value for name, value in given.items() if value}


def verify_kit(connection: sa.Connection, folder: Path, protocol: Protocol) -> None:
    """Check chain, states, signatures and pictures of a kit.

    Parameters
    ----------
    connection : sa.Connection
        Inside a transaction on the kit's file.
    folder : Path
        The kit's folder, under which the pictures lie.
    protocol : Protocol
        The kit's protocol.

    Raises
    ------
    StoreError
        At the first record that does not hold; the message names it.
    """
    images = image_hashes(connection)
    readings = _replayed(connection, protocol, images)
    for alias, replayed in readings.items():
        _compare(load_reading(plain(connection), alias), replayed)
        signed = load_signature(connection, alias) is not None
        if signed != replayed.signed:
            raise StoreError(f"the signature of case {alias} {'was added' if signed else 'is missing'}")
    for files in images.values():
        for name, sha256 in files.items():
            check_picture(folder, name, sha256)


def image_hashes(connection: sa.Connection) -> Images:
    """Return the SHA-256 of every picture by alias and file name."""
    found: Images = {}
    for alias in connection.execute(sa.select(t.cases.c.alias)).scalars():
        found[alias] = {}
    for row in connection.execute(sa.select(t.images)).mappings():
        found.setdefault(row["alias"], {})[row["file"]] = row["sha256"]
    return found


def circumstances(
    connection: sa.Connection, alias: str, protocol: Protocol, images: Mapping[str, str]
) -> Circumstances:
    """Return what is signed together with a case's reading."""
    kit = connection.execute(sa.select(t.kit)).mappings().one()
    seconds, answer_seconds = load_seconds(connection, alias)
    return Circumstances(
        kit_id=kit["kit_id"],
        rater=kit["rater"],
        session=kit["session"],
        protocol_sha256=protocol.sha256,
        image_sha256=images,
        seconds=seconds,
        answer_seconds=answer_seconds,
    )


def load_signature(connection: sa.Connection, alias: str) -> Signature | None:
    """Return the signature of a case, or None where it is not signed."""
    statement = sa.select(t.signatures.c.record, t.signatures.c.sha256).where(t.signatures.c.alias == alias)
    row = connection.execute(statement).first()
    return None if row is None else Signature(row.record, row.sha256)


def _prescribed(connection: sa.Connection) -> list[list[Any]]:
    rows = connection.execute(sa.select(t.marks).where(t.marks.c.prescribed)).mappings()
    return sorted(
        [row["alias"], row["place"], row["mark"], row["kind"], [row["x_mm"], row["y_mm"], row["z_mm"]]]
        for row in rows
    )


def _replayed(connection: sa.Connection, protocol: Protocol, images: Images) -> dict[str, Reading]:
    rows = connection.execute(sa.select(t.cases.c.alias, t.cases.c.grid))
    readings = {
        row.alias: Reading(
            row.alias, grid_from_text(row.grid), marks=prescribed_marks(plain(connection), row.alias)
        )
        for row in rows
    }
    records = checked(connection, t.audit)
    first = next(records, None)
    if first is None:
        raise StoreError("audit record 1 is missing")
    values = first.values
    told = {name: value for name, value in values.items() if name not in ("action", "at", "clock")}
    if values.get("action") != "deal" or canonical(told) != canonical(deal_values(connection)):
        raise StoreError("audit record 1 and the kit differ: its cases, pictures or protocol were altered")
    for record in records:
        try:
            _replay(connection, protocol, readings, record, images)
        except (AppError, AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            raise StoreError(f"audit record {record.sequence} does not hold: {error}") from error
    return readings


def _replay(
    connection: sa.Connection,
    protocol: Protocol,
    readings: dict[str, Reading],
    record: Record,
    images: Images,
) -> None:
    values = record.values
    if values["action"] == "refused":
        return  # an opening before the washout was over
    alias, action = values["alias"], values["action"]
    reading = readings[alias]
    if action == "edit":
        edit = edit_from_dict(values["edit"])
        after = rules.apply_edit(protocol, reading, edit)
        if coverage_hashes(edit, after) != values.get("coverage_sha256", {}):
            raise InputError("the region is not what was drawn")
    elif action == "lock":
        after = rules.lock_step(protocol, reading)
    elif action == "sign":
        after = rules.sign(protocol, reading)
        signature = load_signature(connection, alias)
        if signature is None or signature.sha256 != values["signature_sha256"]:
            raise InputError(f"the signature of case {alias} is missing or was altered")
        check_signature(signature, reading, circumstances(connection, alias, protocol, images[alias]))
        if signature.values["audit_head"] != [record.sequence - 1, record.previous]:
            raise InputError(f"the signature of case {alias} belongs to another history")
    else:
        raise InputError(f"the action {action!r} is not known")
    readings[alias] = after


def _compare(held: Reading, replayed: Reading) -> None:
    alias = held.alias
    if (held.step_index, held.status) != (replayed.step_index, replayed.status):
        raise StoreError(f"the state of case {alias} was altered")
    # as text: 2 and 2.0 were given differently
    if _answers(held) != _answers(replayed):
        raise StoreError(f"an answer of case {alias} was altered")
    if list(held.marks.items()) != list(replayed.marks.items()):
        raise StoreError(f"a mark of case {alias} was altered")
    if _regions(held) != _regions(replayed):
        raise StoreError(f"a region of case {alias} was altered")
    if list(held.rulers.items()) != list(replayed.rulers.items()):
        raise StoreError(f"a ruler of case {alias} was altered")


def _answers(reading: Reading) -> dict[AnswerKey, str]:
    return {key: canonical(value) for key, value in reading.answers.items()}


def _regions(reading: Reading) -> list[tuple[str, str, Label, str, str]]:
    return [
        (roi_id, roi.kind, roi.label, coverage_sha256(roi.coverage), outlines_text(roi.outlines))
        for roi_id, roi in reading.rois.items()
    ]
