"""What was done, told beside a study's file: an older copy of the file finds out what came after it.

A backup that is put back knows nothing of what happened since: of a kit, whose washout would be skipped, of
the key that was shown, of what was collected before that, of the clock, of who was named to work at the study
or retired. `witness.jsonl` in the study's folder has a line for each such record of the audit trail, and is
only ever added to. Whoever opens a study whose trail lacks lines of it puts them on record there. No line
names a subject or a seed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError
from core.study import clock
from core.study import tables as t
from core.study.audit import Record, append, canonical, digest, from_json, head, moment_of
from core.study.clock import Moment

FILE_NAME = "witness.jsonl"
# after these nothing is blinded any more
KEY_ACTIONS = ("key", "export_images", "look")
_OF_PEOPLE = ("add_person", "retire_person")
ACTIONS = ("create", "deal", "opened", "reset_kit", "collect", *_OF_PEOPLE, *KEY_ACTIONS)
# what the content of such records begins with, as SQL's LIKE takes it
BEGINNINGS = tuple(f'{{"action":"{action}",%' for action in ACTIONS)
_TOLD = ("action", "at", "clock", "kit_id", "rater", "session", "kit", "kit_head", "person")

Line = Mapping[str, Any]


@dataclass(frozen=True)
class LostKit:
    """A kit that was dealt, and of which a study that was put back from a backup knows nothing else."""

    kit_id: str
    rater: str
    session: int


def line_of(sha256: str, content: str) -> Line | None:
    """Return what is told of an audit record; None where its content is damaged."""
    try:
        values = from_json(content)
        line = {"sha256": sha256, **{name: values[name] for name in _TOLD if name in values}}
    except (ValueError, TypeError, KeyError):
        return None
    return line if is_sound(line) else None


def told_in(folder: Path) -> list[Line] | None:
    """Return the lines of a study's witness; None where it is not there. Damaged ones are left out."""
    lines = _lines(folder)
    return None if lines is None else [line for line in map(_read, lines) if line is not None]


def add(folder: Path, lines: Sequence[Line]) -> None:
    """Add to a study's witness what it does not tell yet, and make it where it is not there.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    known = told_in(folder)
    new = [line for line in lines if line["sha256"] not in {each["sha256"] for each in known or ()}]
    if known is not None and not new:
        return
    path = folder / FILE_NAME
    try:
        with path.open("a", encoding="utf-8") as stream:
            # on a line of its own, whatever a power cut left of the last one
            stream.writelines(f"\n{canonical(line)}\n" for line in new)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StoreError(f"{path} cannot be written; check its permissions and the disk") from error


def bring_up(connection: sa.Connection, folder: Path) -> None:
    """Let trail and witness tell each other what they lack, when a study is opened.

    What the trail lacks goes on record: it came after this copy of the study was made. That the witness is
    gone, emptied or damaged does, too, each damaged line once. The first time in a run of the computer, that
    run is: a clock that is set forward later is found by it.
    """
    if head(connection, t.audit) is None:
        return  # a trail that was emptied is not begun anew: whoever checks it shall find it so
    trail = of_trail(connection)
    known = {line["sha256"] for line in (*trail, *_put_on_record(connection))}
    told = told_in(folder)
    lost = [line for line in told or () if line["sha256"] not in known]
    if lost:
        shown = any(line["action"] in KEY_ACTIONS for line in lost)
        append(connection, t.audit, "older_copy", lost=lost, key_shown=shown)
    damaged = _damaged(connection, folder, trail)
    # of a new study it tells the beginning from its first opening on
    emptied = not _lines(folder) and any(line["action"] != "create" for line in trail)
    if told is None or damaged or emptied:
        append(connection, t.audit, "witness", damaged=damaged)
    if not _contents(connection, [f'%"clock":["{clock.moment().run}",%']):
        append(connection, t.audit, "opened")


def of_trail(connection: sa.Connection, after: int = 0) -> list[Line]:
    """Return what a witness is to tell of a study's records, those after a number."""
    chosen = (_like(BEGINNINGS), t.audit.c.sequence > after)
    rows = connection.execute(sa.select(t.audit).where(*chosen).order_by(t.audit.c.sequence))
    lines = (line_of(row.sha256, row.content) for row in rows)
    return [line for line in lines if line is not None]


def lost_kits(connection: sa.Connection) -> list[LostKit]:
    """Return the kits that were dealt and that this study has lost by being put back from a backup."""
    there = set(connection.execute(sa.select(t.kits.c.kit_id)).scalars())
    return [
        LostKit(line["kit_id"], line["rater"], line["session"])
        for line in _put_on_record(connection)
        if line["action"] == "deal" and line["kit_id"] not in there
    ]


def lost_people(connection: sa.Connection) -> tuple[list[str], list[str]]:
    """Return who was named, and who was retired, of whom a study put back from a backup does not know it."""
    rows = connection.execute(sa.select(t.people.c.name, t.people.c.retired)).all()
    known = {"add_person": {row.name for row in rows}, "retire_person": {r.name for r in rows if r.retired}}
    lost = {
        action: dict.fromkeys(
            line["person"]
            for line in _put_on_record(connection)
            if line["action"] == action and line["person"] not in names
        )
        for action, names in known.items()
    }
    return list(lost["add_person"]), list(lost["retire_person"])


def resets(connection: sa.Connection, kit_id: str) -> list[list[Any]]:
    """Return where a kit's trail stood, number and SHA-256, each time its password was let be chosen anew."""
    own = [json.loads(content) for content in _contents(connection, ['{"action":"reset_kit",%'])]
    lost = [line for line in _put_on_record(connection) if line["action"] == "reset_kit"]
    return [values["kit_head"] for values in (*own, *lost) if values["kit"] == kit_id]


def history(connection: sa.Connection) -> Iterator[Line]:
    """Yield what the study's records and its witness tell, and each restoring, in the order of the doings."""
    for content in _contents(connection, [*BEGINNINGS, '{"action":"older_copy",%', '{"action":"restore",%']):
        values = json.loads(content)
        yield from values["lost"] if values["action"] == "older_copy" else [values]


def moments(records: Sequence[Record]) -> list[Moment]:
    """Return when the records were written, and what they tell of was, in the order in which it happened."""
    found = []
    for record in records:
        values = record.values
        found += [moment_of(line) for line in values.get("lost", ()) if values["action"] == "older_copy"]
        found.append(record.moment)
    return found


def was_gone(connection: sa.Connection) -> bool:
    """Tell whether something may have been dealt or shown that neither trail nor witness tells of.

    A witness that the trail knows of was once missing, emptied or damaged, or there was none when a file that
    could not be read any more was replaced by a backup.
    """
    begun = [1 for content in _contents(connection, ['{"action":"create",%']) if '"witness":true' in content]
    begun += [1 for _ in _contents(connection, ['{"action":"witness",%'])]
    blind = _contents(connection, ['{"action":"restore",%"known":false%'])
    return len(begun) > 1 or bool(blind)


def _put_on_record(connection: sa.Connection) -> list[Line]:
    contents = _contents(connection, ['{"action":"older_copy",%'])
    return [line for content in contents for line in json.loads(content)["lost"]]


def _contents(connection: sa.Connection, patterns: Sequence[str]) -> Sequence[str]:
    found = sa.select(t.audit.c.content).where(_like(patterns)).order_by(t.audit.c.sequence)
    return connection.execute(found).scalars().all()


def _like(patterns: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(t.audit.c.content.like(pattern) for pattern in patterns))


def _lines(folder: Path) -> list[str] | None:
    """Return the lines of a witness that are not empty, whatever they say; None where it is not there."""
    try:
        text = (folder / FILE_NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return [line for line in text.split("\n") if line.strip()]


def _damaged(connection: sa.Connection, folder: Path, trail: Sequence[Line]) -> list[str]:
    """Return the hashes of damaged lines that are not on record yet.

    The beginning of a line that the trail tells is what a power cut left of it: nothing is lost.
    """
    whole = [canonical(line) for line in trail]
    broken = [line for line in _lines(folder) or () if _read(line) is None]
    found = {digest(line) for line in broken if not any(each.startswith(line) for each in whole)}
    contents = _contents(connection, ['{"action":"witness",%'])
    return sorted(found.difference(*(json.loads(content).get("damaged", ()) for content in contents)))


def _read(text: str) -> Line | None:
    """Return what a line says; None where it is damaged."""
    try:
        values = from_json(text)
    except ValueError:
        return None
    return values if isinstance(values, dict) and is_sound(values) else None


def is_sound(line: Any) -> bool:
    """Tell whether something is a line, by shape and types: it comes from a file that anybody can write."""
    try:
        # refuses what is no number and what is no text
        canonical(line).encode()
        moment_of(line)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, StoreError):
        return False
    texts = [line.get("sha256"), line.get("action")]
    if line.get("action") == "deal":
        texts += [line.get("kit_id"), line.get("rater")]
        if type(line.get("session")) is not int:
            return False
    if line.get("action") in _OF_PEOPLE:
        texts.append(line.get("person"))
    if line.get("action") in ("reset_kit", "collect"):
        texts.append(line.get("kit"))
        if not is_head(line.get("kit_head")):
            return False
    return all(isinstance(text, str) for text in texts) and line["action"] in ACTIONS


def is_head(value: Any) -> bool:
    """Tell whether something names a kit's record: its number, which a database can hold, and its SHA-256."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    number, sha256 = value
    return type(number) is int and 0 < number < 2**31 and isinstance(sha256, str)
