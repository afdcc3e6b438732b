"""What the rows of a kit say of its deal, its pictures, its seals and its signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.reading.protocol import Protocol
from core.study import kit_tables as t
from core.study.audit import digest
from core.study.kit_changes import load_seconds
from core.study.sealing import unwrap
from core.study.signing import Circumstances, Signature

# what the first record of a kit tells since it is so: its signatures have keys, its records tell times
SINCE = ("keyed", "timed")
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
        **_blinding(connection),
    }


def _blinding(connection: sa.Connection) -> dict[str, Any]:
    """Return what was set of what a kit of the first schema has none of: its record stays what it was."""
    kit = connection.execute(sa.select(t.kit)).mappings().one()
    given: dict[str, Any] = {name: kit[name] for name in ("opens_utc", "closes_signed")}
    given["purpose"] = "" if kit["purpose"] == "reading" else kit["purpose"] or "none"
    images = connection.execute(sa.select(t.images).where(t.images.c.step_index > 0)).mappings()
    given["sealed"] = sorted([i["alias"], i["role"], i["number"], i["step_index"]] for i in images)
    seals = connection.execute(sa.select(t.seals)).mappings()
    given["seals"] = sorted([s["alias"], s["step_index"], _hash(s["wrapped"])] for s in seals)
    cases = connection.execute(sa.select(t.cases)).mappings().all()
    given["training"] = sorted([c["alias"], c["training_round"]] for c in cases if c["training_round"])
    given["fields"] = sorted([c["alias"], c["field_t"]] for c in cases if c["field_t"] is not None)
    rows = connection.execute(sa.select(t.training)).mappings()
    given["expected"] = sorted([row["alias"], _hash(row["sealed"])] for row in rows)
    opinions = connection.execute(sa.select(t.opinions)).mappings()
    given["opinions"] = sorted([o["alias"], o["item"], o["first"], o["second"]] for o in opinions)
    return {name: value for name, value in given.items() if value}


def _prescribed(connection: sa.Connection) -> list[list[Any]]:
    rows = connection.execute(sa.select(t.marks).where(t.marks.c.prescribed)).mappings()
    return sorted(
        [row["alias"], row["place"], row["mark"], row["kind"], [row["x_mm"], row["y_mm"], row["z_mm"]]]
        for row in rows
    )


def release(connection: sa.Connection, kit_id: str, alias: str, step_index: int) -> None:
    """Unwrap the key of a case's step and keep it beside the record that locks the step before."""
    for wrapped in wrapped_keys(connection, alias, step_index):
        key = unwrap(wrapped, kit_id, alias, step_index)
        connection.execute(t.released.insert().values(alias=alias, step_index=step_index, step_key=key))


def wrapped_keys(connection: sa.Connection, alias: str, step_index: int) -> list[bytes]:
    """Return the wrapped key of a step in a list, an empty one where nothing is sealed for it."""
    statement = sa.select(t.seals.c.wrapped).where(t.seals.c.alias == alias)
    return list(connection.execute(statement.where(t.seals.c.step_index == step_index)).scalars())


def image_hashes(connection: sa.Connection) -> Images:
    """Return the SHA-256 of every picture by alias and file name."""
    found: Images = {}
    for alias in connection.execute(sa.select(t.cases.c.alias)).scalars():
        found[alias] = {}
    for row in connection.execute(sa.select(t.images)).mappings():
        found.setdefault(row["alias"], {})[row["file"]] = row["sha256"]
    return found


def circumstances(
    connection: sa.Connection,
    alias: str,
    protocol: Protocol,
    images: Mapping[str, str],
    version: int = 1,
    correction: str = "",
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
        protocol_version=protocol.version,
        version=version,
        correction=correction,
    )


def load_signatures(connection: sa.Connection, alias: str) -> tuple[Signature, ...]:
    """Return the signatures of a case, the newest last; several where it was corrected."""
    s = t.signatures.c
    rows = connection.execute(
        sa.select(s.record, s.sha256, s.ed25519, s.version).where(s.alias == alias).order_by(s.version)
    )
    return tuple(Signature(*row) for row in rows)


def correction_of(connection: sa.Connection, alias: str, version: int) -> str:
    """Return why a version of a case was needed; "" for the first."""
    chosen = (t.corrections.c.alias == alias, t.corrections.c.version == version)
    return connection.execute(sa.select(t.corrections.c.reason).where(*chosen)).scalar() or ""


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
