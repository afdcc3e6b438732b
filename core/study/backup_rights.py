"""Whose a backup is, and who may put it in the place of a study that can no longer be asked."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.study import tables as t
from core.study import witness
from core.study.audit import Record, head
from core.study.database import STUDY, UNREADABLE, Database
from core.study.evidence import as_it_lies
from core.study.people import OwnerNeededError, Person, require
from core.study.rescue_tries import note_try, refuse_hasty
from core.study.store import Study
from core.study.study_place import FILE_NAME

Asked = Literal["people", "owner", "nobody"]
_TRIED = ("wrong_password", "right_password", "log_in")


def rows_of(place: Path, sql: str, values: Sequence[str] = ()) -> list[Any] | None:
    """Return rows of a study's file, whatever is left of it; None where it can no longer be asked."""
    if not place.exists():
        return None
    try:
        with as_it_lies(place) as connection:
            return connection.execute(sql, values).fetchall()
    except (OSError, *UNREADABLE):
        return None


def told_by(place: Path) -> list[witness.Line] | None:
    """Return what a study's file tells a witness; None where it can no longer be asked."""
    rows = _records(place, witness.BEGINNINGS)
    if rows is None:
        return None
    lines = (witness.line_of(record.sha256, record.content) for record in rows)
    return [line for line in lines if line is not None]


def refuse_foreign_backup(study: Path, backup: Path, others: Sequence[Path]) -> bool:
    """Refuse a backup of another study; tell whether anything says whose it is.

    The witness says it by the record that the study began with, and where it tells none, the file that is to
    be replaced or another backup by the study's id.

    Parameters
    ----------
    study : Path
        The study's folder.
    backup : Path
    others : sequence of Path
        The other backups in the study's folder.

    Raises
    ------
    InputError
        If it is of another study.
    """
    mine = _study_id(backup)
    if mine is None:
        return False  # damaged: it is refused as such
    told, own = _beginnings(witness.told_in(study)), _beginnings(told_by(backup))
    asked, alike = bool(told), bool(told & own)
    if not asked:
        ids = {_study_id(place) for place in (study / FILE_NAME, *others)} - {None}
        asked, alike = bool(ids), mine in ids
    if asked and not alike:
        raise InputError(f"{backup} is of another study than {study}; choose a backup of this one")
    return asked


def had_people(study: Path) -> bool:
    """Tell whether a study that may be damaged says, or its witness, that people were named in it."""
    lines = (*(witness.told_in(study) or ()), *(told_by(study / FILE_NAME) or ()))
    named = any(line["action"] == "add_person" for line in lines)
    return named or bool(rows_of(study / FILE_NAME, "SELECT 1 FROM people LIMIT 1"))


def let_in_by_backups(
    study: Path, found: Study, backup: Path, backups: Sequence[Path], log_in: Callable[[Study], object]
) -> tuple[Person | None, Asked]:
    """Let somebody in who may put a backup in place of a study that can no longer be asked.

    The newest backup that knows people is asked, be it another one; where the study had people and none knows
    them, the newest that has the owner's password. What is tried is recorded beside the study, and makes the
    next try wait.

    Parameters
    ----------
    study : Path
        The study's folder.
    found : Study
        What is to be put in place, opened.
    backup : Path
        Where that lies as a backup.
    backups : sequence of Path
        Those in the study's folder, the newest first.
    log_in : callable
        Lets somebody in to the study it is given, or asks for its owner's password where it has no people.

    Raises
    ------
    InputError
        If nobody is let in who may, or a password was wrong too often just now.
    StoreError
        If nothing can be recorded beside the study.
    """
    places = backups if any(_same(place, backup) for place in backups) else (*backups, backup)
    for table in ("people", "passwords") if had_people(study) else ("people",):
        for place in places:
            if not rows_of(place, f"SELECT 1 FROM {table} LIMIT 1") or _study_id(place) != found.study_id:
                continue
            if _same(place, backup):
                return _asked(study, found, log_in)
            with tempfile.TemporaryDirectory() as folder:
                copy = _copy(study, place, Path(folder))
                if copy is not None:
                    with closing(copy.database):
                        return _asked(study, copy, log_in)
    return None, "nobody"


def _asked(study: Path, keeper: Study, log_in: Callable[[Study], object]) -> tuple[Person | None, Asked]:
    actions = _tries(study, keeper, log_in)
    require(keeper, "restore")
    if keeper.has_people:
        return keeper.person, "people"
    if "right_password" not in actions:
        raise OwnerNeededError(
            "no backup knows the people of this study; the coordinator's password of before is needed"
        )
    return None, "owner"


def _tries(study: Path, keeper: Study, log_in: Callable[[Study], object]) -> list[str]:
    """Let somebody try a password on a copy; return what came of it, which is recorded beside the study."""
    before = tuple(f'{{"action":"{action}",%' for action in _TRIED)
    refuse_hasty(study, _records(study / FILE_NAME, before) or ())
    with keeper.database.transaction() as connection:
        newest = head(connection, t.audit)
    try:
        log_in(keeper)
    finally:
        since = newest.sequence if newest is not None else 0
        later = sa.select(t.audit.c.content).where(t.audit.c.sequence > since).order_by(t.audit.c.sequence)
        with keeper.database.transaction() as connection:
            came = [json.loads(content) for content in connection.execute(later).scalars()]
        tried = [values for values in came if values["action"] in _TRIED]
        for values in tried:
            note_try(study, right=values["action"] != "wrong_password", person=values.get("person", ""))
    return [values["action"] for values in tried]


def _copy(study: Path, place: Path, folder: Path) -> Study | None:
    """Open a copy of a backup, that nothing is written to; None where it is damaged."""
    copy = folder / FILE_NAME
    copy.write_bytes(place.read_bytes())
    try:
        return Study(study, Database.open(copy, STUDY))
    except StoreError:
        return None


def _records(place: Path, beginnings: Sequence[str]) -> list[Record] | None:
    asked = " OR ".join("content LIKE ?" for _ in beginnings)
    sql = f"SELECT sequence, content, previous, sha256 FROM audit WHERE {asked} ORDER BY sequence"
    rows = rows_of(place, sql, beginnings)
    return None if rows is None else [Record(*row) for row in rows]


def _beginnings(lines: Sequence[witness.Line] | None) -> set[str]:
    return {line["sha256"] for line in lines or () if line["action"] == "create"}


def _study_id(place: Path) -> str | None:
    rows = rows_of(place, "SELECT study_id FROM study LIMIT 1")
    return str(rows[0][0]) if rows else None


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
