"""A study moves from a file to a server or back, and is compared before anything says that it has."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.files import sha256, whole_folder
from core.progress import Progress, Silent
from core.study import tables as t
from core.study.audit import append
from core.study.copying import copy_rows
from core.study.people import require
from core.study.store import Study
from core.study.study_database import create_database
from core.study.study_place import FILE_NAME, SERVER_FILE, refuse_place, server_of
from core.study.study_verifying import verify_study

MOVED = ".moved"


@dataclass(frozen=True)
class Moved:
    """What was moved: rows of all tables, files beside them, and where the old database is kept."""

    path: Path
    rows: int
    files: int
    kept: Path


def move(
    study: Path,
    out: Path,
    server: str = "",
    *,
    log_in: Callable[[Study], object] = bool,
    progress: Progress | None = None,
) -> Moved:
    """Copy a study whole to another folder, its database into a file there or onto a server, and verify it.

    The old study is left as it is, but for its database's name: so no study has two lives. That it was moved
    stands in the trail of both.

    Parameters
    ----------
    study : Path
        The study's folder.
    out : Path
        The new folder, which must not exist.
    server : str
        The address of an empty database; "" for a file.
    log_in : callable
        Lets somebody in to the study, where it has people.
    progress : Progress
        Told after every file; cancelled() stops with InputError and leaves nothing behind.

    Raises
    ------
    InputError
        If the new place is taken or lies in the old one, or something on a server was not collected yet.
    StoreError
        If the study is not intact, the copy differs, or the server does not serve; nothing is moved then.
    """
    progress = progress or Silent()
    if out.resolve().is_relative_to(study.resolve()):
        raise InputError(f"{out} lies in the study's own folder; choose a place outside")
    refuse_place(out, server)
    with Study.open(study) as opened:
        log_in(opened)
        require(opened, "move")
        opened.verify()
        if server_of(study) is not None:
            from core.study.serving import refuse_uncollected  # noqa: PLC0415 - looks for the driver

            refuse_uncollected(opened)
        with opened.database.transaction() as connection:
            append(connection, t.audit, "move", to="server" if server else "file")
        with whole_folder(out, result=False) as draft:
            files = _copy_files(study, draft, progress)
            rows = 0

            def fill(target: sa.Connection) -> None:
                nonlocal rows
                with opened.database.transaction() as source:
                    rows = copy_rows(source, target)
                verify_study(target, draft)

            progress.report(0.9, "copying the database")
            create_database(draft, server, fill)
    kept = _set_aside(study)
    return Moved(out, rows, files, kept)


def _copy_files(study: Path, draft: Path, progress: Progress) -> int:
    """Copy what lies beside the database; return how many files that is."""
    files = list(_beside(study))
    for done, path in enumerate(files):
        if progress.cancelled():
            raise InputError("moving the study was stopped; nothing was moved")
        progress.report(0.9 * done / len(files), "copying the pictures")
        copy = draft / path.relative_to(study)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
        if sha256(copy) != sha256(path):
            raise StoreError(f"{copy} was not written whole; check the disk and try again")
    for name in ("maps", "kits"):
        (draft / name).mkdir(exist_ok=True)
    return len(files)


def _beside(study: Path) -> Iterator[Path]:
    for path in sorted(study.rglob("*")):
        own = path.parent == study and path.name.startswith((FILE_NAME, SERVER_FILE))
        if path.is_file() and not own:
            yield path


def _set_aside(study: Path) -> Path:
    """Give the old database a name that nothing opens."""
    place = study / (SERVER_FILE if (study / SERVER_FILE).is_file() else FILE_NAME)
    kept = place.with_name(f"{place.name}{MOVED}")
    if kept.exists():
        raise StoreError(f"{kept} is there already; put it away, and rename {place} to it yourself")
    return place.replace(kept)
