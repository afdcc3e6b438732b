"""Copies of a study's file, made while it is open, and bringing one back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.files import sha256, whole_file
from core.study import tables as t
from core.study import witness
from core.study.audit import append, utc_now
from core.study.backup_rights import Asked, let_in_by_backups, refuse_foreign_backup, rows_of, told_by
from core.study.database import STUDY, Database, refuse_open_elsewhere, told
from core.study.evidence import as_it_lies, evidence_of
from core.study.people import Person, require
from core.study.store import Study
from core.study.study_place import BACKUPS as FOLDER
from core.study.study_place import FILE_NAME, server_of

# the oldest goes when one more is made; the oldest of all stays, for what is noticed late
KEPT = 20
# a study that is put back counts its records from there again, so backups are numbered on their own; those of
# earlier versions have no number
_NAME = re.compile(r"study-(\d{9})-(\w+?)(?:-(\d+)-([0-9a-f]{16}))?\.sqlite")


@dataclass(frozen=True)
class Backup:
    """A copy of a study's file: where it lies, its newest audit record, and what it was made for.

    `number` counts the backups of a folder in the order in which they were made, 0 for those of earlier
    versions; `head` is the beginning of the newest record's SHA-256.
    """

    path: Path
    sequence: int
    why: str
    number: int = 0
    head: str = ""


def back_up(study: Study, why: str, *, kept: int = KEPT) -> Backup:
    """Copy the study's file into its folder `backups`, whole and checked, and let the oldest go.

    Parameters
    ----------
    study : Study
    why : str
        One word for the file's name: "collect", "demand".
    kept : int
        How many stay, besides the first of all.

    Raises
    ------
    StoreError, InputError
        If it cannot be written, or the study was altered, and would push out those that can be put back;
        the study is as it was.
    """
    require(study, "back_up")
    study.refuse_altered()
    with study.database.transaction() as connection:
        newest = connection.execute(t.audit.select().order_by(t.audit.c.sequence.desc()).limit(1)).one()
    before = backups(study.path)
    number, head = 1 + max((old.number for old in before), default=0), newest.sha256[:16]
    name = f"study-{newest.sequence:09d}-{why}-{number}-{head}.sqlite"
    made = Backup(study.path / FOLDER / name, newest.sequence, why, number, head)
    with whole_file(made.path, force=True) as draft:
        study.database.copy_to(draft)
        _refuse_damaged(draft)
    # nothing has changed since: one copy of that will do, and the first of all stays
    same = [old for old in before[1:] if (old.head, old.why) == (head, why)]
    others = [old for old in before if old not in same]
    for old in (*same, *others[1 : max(1, len(others) + 1 - kept)]):
        old.path.unlink(missing_ok=True)
    return made


def backups(study: Path) -> list[Backup]:
    """Return the backups of a study's folder, the oldest first, in the order in which they were made."""
    found = []
    for path in (study / FOLDER).glob("study-*.sqlite"):
        name = _NAME.fullmatch(path.name)
        if name is not None:
            found.append(Backup(path, int(name[1]), name[2], int(name[3] or 0), name[4] or ""))
    return sorted(found, key=lambda backup: (backup.number, backup.sequence, backup.why))


def restore(study: Path, backup: Path, log_in: Callable[[Study], object] = bool) -> Path:
    """Put a backup in the place of the study's file, which is kept beside it, whatever is left of it.

    What came after the backup, kits that were dealt and the key that was shown, goes on record in the
    restored study, as far as the file that is replaced or the witness tells it (`core.study.witness`).

    Parameters
    ----------
    study : Path
        The study's folder; its file may be damaged or missing.
    backup : Path
        One of `backups`.
    log_in : callable
        Lets somebody in to the study that is replaced, where it has people; where that can no longer be
        opened, to the newest backup with people, or asks for its owner's password (`let_in_by_backups`).

    Returns
    -------
    Path
        Where the file that stood there is kept; the backup's own place where there was none.

    Raises
    ------
    InputError
        If the backup is not there or of another study, the study's database is on a server, or nobody is let
        in who may.
    StoreError
        If it is no sound study, or the study is open in another program; nothing has changed then.
    """
    if server_of(study) is not None:
        raise InputError(
            f"{study} has its database on a server; have that restored there, or put the backup into a copy "
            "of the folder as study.sqlite"
        )
    if not backup.is_file():
        raise InputError(f"{backup} is not there; `study restore` without --backup lists what there is")
    place = study / FILE_NAME
    # one that is damaged is evidence: nothing is written to it, not even what its log holds
    refuse_open_elsewhere(place, STUDY)
    newest_first = [each.path for each in reversed(backups(study))]
    others = [each for each in newest_first if each.resolve() != backup.resolve()]
    recognised = refuse_foreign_backup(study, backup, others)
    person = _let_in(study, log_in) if rows_of(place, "SELECT 1 FROM people LIMIT 1") else None
    asked: Asked = "people"
    with whole_file(study / f"{FILE_NAME}.restored", force=True) as draft:
        draft.write_bytes(backup.read_bytes())
        # opened where it lies, with the maps that belong to it
        database = Database.open(draft, STUDY)
        with closing(database):
            found = Study(study, database)
            found.verify()
            if person is None:
                person, asked = let_in_by_backups(study, found, backup, newest_first, log_in)
    lines = told_by(place)
    known = lines is not None or witness.told_in(study) is not None
    if lines is not None:
        witness.add(study, lines)
    evidence = _set_aside(place)
    (study / f"{FILE_NAME}.restored").replace(place)
    with Study.open(study) as opened:
        opened.let_in(person)
        values = {"backup": backup.name, "sha256": sha256(backup), "known": known}
        values |= {"asked": asked, "recognised": recognised}
        with opened.database.transaction() as connection:
            append(connection, t.audit, "restore", **values, kept=evidence.name if evidence else "")
    return evidence or backup


def newest_restoring(study: Study) -> Mapping[str, Any]:
    """Return what the trail says of the newest restoring; nothing where there was none.

    `asked` tells who was asked for a password, "people", "owner" or "nobody"; `recognised`, whether anything
    told that the backup was of this study.
    """
    put_back = t.audit.c.content.like('{"action":"restore",%')
    newest = sa.select(t.audit.c.content).where(put_back).order_by(t.audit.c.sequence.desc()).limit(1)
    with study.database.transaction() as connection:
        content = connection.execute(newest).scalar()
    return {} if content is None else json.loads(content)


def _let_in(study: Path, log_in: Callable[[Study], object]) -> Person | None:
    """Let somebody in to the study that is to be replaced; nobody where it can no longer be opened."""
    try:
        opened = Study.open(study)
    except StoreError:
        return None  # the backups are asked then
    with opened:
        log_in(opened)
        require(opened, "restore")
        return opened.person


def _set_aside(place: Path) -> Path | None:
    """Rename the file that stands there, and what SQLite wrote beside it; nothing of it is lost."""
    if not place.exists():
        return None
    stamp = re.sub(r"\W", "", utc_now())
    evidence = place.with_name(f"{FILE_NAME}.before-{stamp}")
    # the file last: what is left of a restoring that was cut off can be restored again
    for part in reversed(evidence_of(place)):
        part.replace(evidence.with_name(evidence.name + part.name.removeprefix(place.name)))
    return evidence


def _refuse_damaged(copy: Path) -> None:
    with told(copy, STUDY), as_it_lies(copy) as connection:
        faults = connection.execute("PRAGMA quick_check(1)").fetchone()
    if faults != ("ok",):
        raise StoreError(f"{copy} was not written whole; check the disk and try again")
