"""A kit is checked whole: the audit chain is done again, and must end at what the kit holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import AppError, StoreError
from core.imaging.coverage import coverage_sha256
from core.imaging.roi import Label
from core.reading.protocol import Protocol
from core.reading.questions import AnswerKey
from core.reading.reading import Reading
from core.study import kit_tables as t
from core.study.audit import canonical, checked
from core.study.database import plain
from core.study.kit_changes import load_seconds, told_seconds
from core.study.kit_facts import SINCE, Images, deal_values, image_hashes
from core.study.kit_guesses import guesses_told
from core.study.kit_state import load_reading, outlines_text
from core.study.pictures import check_picture
from core.study.rater_key import kept_sha256
from core.study.replaying import Replay, TrainingRule
from core.study.sealing import unwrap

# what the first record tells by name, in words; of the rest the name is one
_DEALT = {
    "cases": "place or grid", "closes_signed": "whether signed cases open again",
    "expected": "what is sealed", "fields": "the field strength", "images": "the pictures",
    "kit": "the kit's id", "marks": "the prescribed marks", "opens_utc": "the day it opens",
    "opinions": "the opinions", "protocol_sha256": "the protocol", "purpose": "its purpose",
    "rater": "the rater", "sealed": "the steps of pictures", "seals": "the keys of steps",
    "session": "the session", "study": "the study's id", "training": "the round of training",
}  # fmt: skip
Versions = Mapping[tuple[str, int], Reading]  # every reading as it was signed, by alias and version


def verify_kit(connection: sa.Connection, folder: Path, protocol: Protocol) -> Versions:
    """Check chain, states, signatures and pictures of a kit; return every reading as it was signed.

    Parameters
    ----------
    connection : sa.Connection
        Inside a transaction on the kit's file.
    folder : Path
        The kit's folder, under which the pictures lie.
    protocol : Protocol
        The kit's protocol.

    Returns
    -------
    mapping of alias and version to Reading
        Of every signature, those that were corrected since too.

    Raises
    ------
    StoreError
        At the first record that does not hold; the message names it.
    """
    images = image_hashes(connection)
    replay = _replayed(connection, protocol, images)
    _compare_guesses(connection)
    _check_released(connection, protocol, replay)
    _compare_people(connection, replay)
    for alias, replayed in replay.readings.items():
        _compare(load_reading(plain(connection), alias), replayed)
        _compare_places(connection, alias, replayed)
        _compare_times(connection, alias, replay)
    for files in images.values():
        for name, sha256 in files.items():
            check_picture(folder, name, sha256)
    return replay.signed


def _replayed(connection: sa.Connection, protocol: Protocol, images: Images) -> Replay:
    records = list(checked(connection, t.audit))
    if not records:
        raise StoreError("audit record 1 is missing")
    values = records[0].values
    told = {name: value for name, value in values.items() if name not in ("action", "at", "clock", *SINCE)}
    if values.get("action") != "deal":
        raise StoreError("audit record 1 does not tell what was dealt")
    _compare_deal(told, deal_values(connection))
    replay = Replay(connection, protocol, images, records)
    training = TrainingRule(connection, protocol)
    for record in records[1:]:
        try:
            training.check(record, replay.readings)
            replay.do(record)
        except (AppError, AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            raise StoreError(f"audit record {record.sequence} does not hold: {error}") from error
    return replay


def _compare_deal(told: Mapping[str, Any], held: Mapping[str, Any]) -> None:
    """Compare what the first record tells with what is held; StoreError names what differs, and the case."""
    for name in sorted(told.keys() | held.keys()):
        before, now = told.get(name), held.get(name)
        if canonical(before) == canonical(now):
            continue
        differing = (json.loads(entry) for entry in _entries(before) ^ _entries(now))
        aliases = sorted(entry[0] for entry in differing if isinstance(entry, list))
        of_case = f" of case {aliases[0]}" if aliases else ""
        raise StoreError(f"audit record 1 and the kit differ in {_DEALT.get(name, name)}{of_case}")


def _entries(value: Any) -> set[str]:
    """Return what a name of the first record tells: of every case an entry, or one thing of the kit."""
    return {canonical(entry) for entry in value} if isinstance(value, list) else {canonical(value)}


def _compare_people(connection: sa.Connection, replay: Replay) -> None:
    """Compare signatures, corrections and keys that are held with the records that tell them."""
    rows = connection.execute(sa.select(t.signatures.c.alias, t.signatures.c.version))
    held = {(row.alias, row.version) for row in rows}
    for alias, version in sorted(held ^ replay.signed.keys()):
        told = "was added" if (alias, version) in held else "is missing"
        raise StoreError(f"the signature of case {alias} {told}")
    rows = connection.execute(sa.select(t.corrections))
    reasons = {(row.alias, row.version): row.reason for row in rows}
    for place in sorted(reasons.keys() | replay.corrections.keys()):
        if reasons.get(place) != replay.corrections.get(place):
            raise StoreError(f"the corrections of case {place[0]} were altered")
    keys = {row["number"]: row for row in connection.execute(sa.select(t.rater_keys)).mappings()}
    if {number: row["public_key"] for number, row in keys.items()} != {
        number: public_key for number, (public_key, _) in replay.keys.items()
    }:
        raise StoreError("the rater's key was altered")
    for number, (_, kept) in replay.keys.items():
        if kept is not None and kept_sha256(dict(keys[number])) != kept:
            raise StoreError(f"the rater's key {number} was altered")


def _compare_guesses(connection: sa.Connection) -> None:
    """Compare the guesses that are held with the one record that tells them."""
    records = [record.values for record in checked(connection, t.audit)]
    told = [values["guesses"] for values in records if values.get("action") == "guess"]
    if len(told) > 1:
        raise StoreError("the guesses were given twice")
    differing = _entries(guesses_told(connection)) ^ _entries(told[0] if told else [])
    if differing:
        alias = json.loads(min(differing))[0]
        raise StoreError(f"the guesses of case {alias} were altered")


def _check_released(connection: sa.Connection, protocol: Protocol, replay: Replay) -> None:
    """Compare the keys that lie open with the steps that were reached."""
    kit_id = connection.execute(sa.select(t.kit.c.kit_id)).scalar_one()
    rows = connection.execute(sa.select(t.released)).mappings()
    held = {(row["alias"], row["step_index"]): row["step_key"] for row in rows}
    due = {}
    for row in connection.execute(sa.select(t.seals)).mappings():
        reading, step_index = replay.readings[row["alias"]], row["step_index"]
        behind = step_index == len(protocol.steps)
        reached = reading.signed if behind else step_index <= reading.step_index
        if reached:
            key = unwrap(row["wrapped"], kit_id, row["alias"], step_index)
            due[row["alias"], step_index] = key
    for place in held.keys() | due.keys():
        if held.get(place) != due.get(place):
            raise StoreError(f"the steps of case {place[0]} were altered")


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


def _compare_places(connection: sa.Connection, alias: str, replayed: Reading) -> None:
    """Compare the numbers that keep lists in order; the order alone is compared with the readings."""
    for table, column, listed in (
        (t.marks, "mark", replayed.marks),
        (t.rois, "roi", replayed.rois),
        (t.rulers, "ruler", replayed.rulers),
    ):
        rows = connection.execute(sa.select(table.c[column], table.c.place).where(table.c.alias == alias))
        if {row[0]: row[1] for row in rows} != {name: place for place, name in enumerate(listed)}:
            raise StoreError(f"the order of the {table.name} of case {alias} was altered")


def _compare_times(connection: sa.Connection, alias: str, replay: Replay) -> None:
    """Compare a case's time, and when its answers were given, as far as records tell them."""
    total, answers = load_seconds(connection, alias)
    held, told = told_seconds(total), replay.seconds[alias]
    if held < told or (alias in replay.timed and held != told):
        raise StoreError(f"the time of case {alias} was altered")
    for key, seconds in replay.answer_seconds[alias].items():
        if told_seconds(answers[key]) != seconds:
            raise StoreError(f"the time of an answer of case {alias} was altered")


def _answers(reading: Reading) -> dict[AnswerKey, str]:
    return {key: canonical(value) for key, value in reading.answers.items()}


def _regions(reading: Reading) -> list[tuple[str, str, Label, str, str]]:
    return [
        (roi_id, roi.kind, roi.label, coverage_sha256(roi.coverage), outlines_text(roi.outlines))
        for roi_id, roi in reading.rois.items()
    ]
