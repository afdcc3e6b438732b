"""A study is checked whole: its chain, every table, every collected signature, every picture."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError
from core.study import tables as t
from core.study import witness
from core.study.audit import (
    Needed,
    Record,
    append,
    are_texts,
    canonical,
    checked,
    digest,
    from_json,
    is_text,
    refuse_odd,
)
from core.study.kit_state import grid_from_text, unpacked_coverage
from core.study.pictures import check_picture
from core.study.signing import Signature, before_keys, check_seal

# chains of their own, and what a record of its own tells: checked as such
_APART = ("audit", "kit_audit", "sources")
_NEEDED: Needed = {
    "tables": {"sha256": lambda found: isinstance(found, dict)},
    "altered": {"tables": are_texts},
    "deal": {"kit_id": is_text, "folder": lambda folder: folder is None or is_text(folder)},
    "collect": {"kit": is_text, "kit_head": witness.is_head},
    "reset_kit": {"kit": is_text, "kit_head": witness.is_head},
    "older_copy": {"lost": lambda lost: isinstance(lost, list) and all(map(witness.is_sound, lost))},
    "witness": {"damaged": lambda hashes: hashes is None or are_texts(hashes)},
    "plan": {"raters": are_texts, "protocol": is_text},
}
# large, and covered by hashes beside them
_HASHED = ("coverage", "outlines")


def table_hashes(connection: sa.Connection) -> dict[str, str]:
    """Return the SHA-256 of what every table holds; regions count by their own hash."""
    return {
        table.name: _table_hash(connection, table)
        for table in t.metadata.sorted_tables
        if table.name not in _APART
    }


def note_tables(connection: sa.Connection) -> None:
    """Record what the tables hold, at the end of a transaction that has changed something."""
    found = table_hashes(connection)
    if _noted(connection) != found:
        append(connection, t.audit, "tables", sha256=found)


def note_altered(connection: sa.Connection) -> None:
    """Record which tables are not as this program left them, before it notes anything anew over them.

    To be called before the first change after opening. A migration that changes what a table holds has to
    note the tables itself, or it is taken for somebody's hand.
    """
    noted, found = _noted(connection) or {}, table_hashes(connection)
    altered = sorted(name for name, sha256 in noted.items() if found.get(name) != sha256)
    if altered:
        append(connection, t.audit, "altered", tables=altered)


def _noted(connection: sa.Connection) -> dict[str, str] | None:
    like = t.audit.c.content.like('{"action":"tables",%')
    newest = sa.select(t.audit).where(like).order_by(t.audit.c.sequence.desc()).limit(1)
    row = connection.execute(newest).first()
    if row is None:
        return None
    noted: dict[str, str] = Record(**row._mapping).values["sha256"]
    return noted


def refuse_altered(connection: sa.Connection) -> None:
    """Raise StoreError where a record does not say what was written: what is asked of the trail relies on it.

    Whether one is missing, `verify_study` tells.
    """
    rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.sequence))
    refuse_odd([Record(**row._mapping) for row in rows], _NEEDED, lambda: checked(connection, t.audit))


def dealt_with_keys(records: Iterable[Record]) -> frozenset[str]:
    """Return the ids of the kits that were dealt since raters have keys: nothing in them is signed without.

    The same version began to note the tables in the transaction of a deal, before the next record can come.

    Parameters
    ----------
    records : iterable of Record
        The study's trail.
    """
    told = [record.values for record in records]
    deals = (one for one, after in pairwise(told) if after.get("action") == "tables")
    return frozenset(str(deal["kit_id"]) for deal in deals if deal.get("action") == "deal")


def verify_study(connection: sa.Connection, folder: Path, anchor: tuple[int, str] | None = None) -> None:
    """Check all that `verify_records` does, and the pictures of a study.

    Parameters
    ----------
    connection : sa.Connection
        Inside a transaction on the study's file.
    folder : Path
        The study's folder, under which the maps lie.
    anchor : (int, str), optional
        Sequence number and SHA-256 of a record that an export anchored.

    Raises
    ------
    StoreError
        At the first record that does not hold; the message names it.
    """
    verify_records(connection, anchor)
    for row in connection.execute(sa.select(t.images)).mappings():
        check_picture(folder / "maps" / row["scan_id"], row["file"], row["sha256"])


def verify_tables(connection: sa.Connection) -> None:
    """Check chain and tables of a study; StoreError names the first record that does not hold."""
    _check_tables(connection, list(checked(connection, t.audit)))


def altered_tables(connection: sa.Connection) -> list[str]:
    """Return which tables somebody was found to have altered behind the program's back."""
    like = t.audit.c.content.like('{"action":"altered",%')
    rows = connection.execute(sa.select(t.audit).where(like))
    return sorted({name for row in rows for name in Record(**row._mapping).values["tables"]})


def verify_records(connection: sa.Connection, anchor: tuple[int, str] | None = None) -> None:
    """Check chain, tables and collected readings of a study; StoreError names the first that does not hold.

    A picture is checked when it is looked at (`core.study.pictures`).
    """
    # a broken record before the anchored one is the first that is to be named
    records = list(checked(connection, t.audit))
    if anchor is not None:
        _refuse_other_head(records, anchor)
    heads: dict[str, tuple[int, str]] = {}
    for record in records:
        values = record.values
        if values.get("action") == "collect":
            sequence, sha256 = values["kit_head"]
            heads[values["kit"]] = (sequence, sha256)
        if values.get("action") == "add_scan":
            _check_sources(connection, record)
    keyed = dealt_with_keys(records)
    for row in connection.execute(sa.select(t.kits)).mappings():
        _check_kit(connection, row, heads.get(row["kit_id"]), keyed=row["kit_id"] in keyed)
    _check_tables(connection, records)


def _refuse_other_head(records: Sequence[Record], anchor: tuple[int, str]) -> None:
    """Raise StoreError where the chain does not go through an anchored head: it was cut, or is older."""
    sequence, sha256 = anchor
    if not 1 <= sequence <= len(records):
        raise StoreError(f"audit record {sequence} is missing; this is an older copy, or the trail was cut")
    if records[sequence - 1].sha256 != sha256:
        raise StoreError(f"audit record {sequence} is not the one that was exported; the study was altered")


def _check_sources(connection: sa.Connection, record: Record) -> None:
    statement = sa.select(t.sources.c.path, t.sources.c.sha256)
    rows = connection.execute(statement.where(t.sources.c.scan_id == record.values["scan"]))
    if digest(canonical(sorted([row.path, row.sha256] for row in rows))) != record.values["sources"]:
        raise StoreError(f"audit record {record.sequence} and the study differ: its sources were altered")


def _check_kit(
    connection: sa.Connection, kit: sa.RowMapping, head: tuple[int, str] | None, *, keyed: bool
) -> None:
    """Check what was collected of a kit: its own chain as far as the collected head, and its readings."""
    told = f"the kit of {kit['rater']}, session {kit['session']}"
    records = list(_kit_chain(connection, kit["kit_id"], told))
    if head is None:
        if records:
            raise StoreError(f"{told}: records are there that nobody collected")
        return
    if not records or records[0].sha256 != kit["deal_sha256"]:
        raise StoreError(f"{told}: audit record 1 was altered")
    if (records[-1].sequence, records[-1].sha256) != head:
        raise StoreError(f"{told}: audit record {head[0]} is missing or was altered")
    signed, public_key = dict[tuple[str, int], tuple[str, str | None]](), ""
    for record in records:
        values = record.values
        if values["action"] == "enrol":
            public_key = values["public_key"]
        if values["action"] == "sign":
            keyless = not keyed and before_keys(records[0], record, chosen=bool(public_key))
            key = None if keyless else public_key
            signed[values["alias"], values.get("version", 1)] = (values["signature_sha256"], key)
    for (alias, version), (sha256, made_with) in signed.items():
        _check_reading(connection, alias, version, sha256, made_with)
    held = set(_collected(connection, kit["kit_id"]))
    for alias, version in sorted(held - signed.keys()):
        raise StoreError(f"the reading of case {alias}, version {version}, was added")


def _kit_chain(connection: sa.Connection, kit_id: str, told: str) -> Iterator[Record]:
    previous, expected = "0" * 64, 1
    statement = sa.select(t.kit_audit).where(t.kit_audit.c.kit_id == kit_id).order_by(t.kit_audit.c.sequence)
    for row in connection.execute(statement):
        if row.sequence != expected:
            raise StoreError(f"{told}: audit record {expected} is missing")
        if row.previous != previous or row.sha256 != digest(f"{expected}\n{previous}\n{row.content}"):
            raise StoreError(f"{told}: audit record {expected} was altered")
        yield Record(row.sequence, row.content, row.previous, row.sha256)
        previous, expected = row.sha256, expected + 1


def _collected(connection: sa.Connection, kit_id: str) -> Iterator[tuple[str, int]]:
    of_kit = t.kit_cases.c.kit_id == kit_id
    for alias in connection.execute(sa.select(t.readings.c.alias).join(t.kit_cases).where(of_kit)).scalars():
        yield alias, 1
    later = sa.select(t.later_readings.c.alias, t.later_readings.c.version)
    later = later.join(t.kit_cases, t.kit_cases.c.alias == t.later_readings.c.alias).where(of_kit)
    yield from ((row.alias, row.version) for row in connection.execute(later))


def _check_reading(connection: sa.Connection, alias: str, version: int, sha256: str, key: str | None) -> None:
    case = f"the reading of case {alias}, version {version},"
    readings, rois, chosen = t.readings, t.reading_rois, [t.readings.c.alias == alias]
    of_reading = [t.reading_rois.c.alias == alias]
    if version > 1:
        readings, rois = t.later_readings, t.later_rois
        chosen = [readings.c.alias == alias, readings.c.version == version]
        of_reading = [rois.c.alias == alias, rois.c.version == version]
    row = connection.execute(sa.select(readings).where(*chosen)).mappings().first()
    if row is None:
        raise StoreError(f"{case} is missing")
    if row["sha256"] != sha256:
        raise StoreError(f"{case} was altered")
    signature = Signature(row["record"], row["sha256"], row["ed25519"] or b"", version)
    content = check_seal(signature, key, case)["content"]
    regions = {r["roi"]: r for r in connection.execute(sa.select(rois).where(*of_reading)).mappings()}
    _check_regions(connection, alias, case, content, regions)


def _check_regions(
    connection: sa.Connection,
    alias: str,
    case: str,
    content: Mapping[str, Any],
    regions: Mapping[str, sa.RowMapping],
) -> None:
    if regions.keys() != {roi["roi"] for roi in content["rois"]}:
        raise StoreError(f"{case} has other regions than were signed")
    statement = sa.select(t.scans.c.grid).join(t.kit_cases).where(t.kit_cases.c.alias == alias)
    shape = grid_from_text(connection.execute(statement).scalar_one()).shape
    for roi in content["rois"]:
        stored, what = regions[roi["roi"]], f"the {roi['kind']} region of case {alias}"
        unpacked_coverage(stored["coverage"], roi["coverage_sha256"], shape, what)
        if digest(stored["outlines"]) != roi["outlines_sha256"]:
            raise StoreError(f"{what} was altered")


def _check_tables(connection: sa.Connection, records: list[Record]) -> None:
    newest: Record | None = None
    for record in records:
        if record.values.get("action") == "tables":
            newest = record
        if newest is not None and record.values.get("action") == "altered":
            altered = ", ".join(record.values["tables"])
            raise StoreError(
                f"audit record {newest.sequence} and the study differ: its {altered} were altered, "
                f"as record {record.sequence} tells"
            )
    if newest is None:
        return
    found = table_hashes(connection)
    for name, sha256 in newest.values["sha256"].items():
        if found.get(name) != sha256:
            raise StoreError(f"audit record {newest.sequence} and the study differ: its {name} were altered")


def _table_hash(connection: sa.Connection, table: sa.Table) -> str:
    columns = [column for column in table.columns if column.name not in _HASHED]
    whole = hashlib.sha256()
    for row in connection.execute(sa.select(*columns).order_by(*table.primary_key.columns)):
        values = [value.hex() if isinstance(value, bytes) else value for value in row]
        whole.update(canonical(values).encode() + b"\n")
    return whole.hexdigest()


def anchor_from(text: str) -> tuple[int, str]:
    """Return the head that an export anchors, from the text of its audit-head.json.

    Raises
    ------
    StoreError
        If it is none.
    """
    try:
        values = from_json(text)
        return int(values["sequence"]), str(values["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        told = "this file anchors no audit trail; give the audit-head.json of an analysis"
        raise StoreError(told) from error
