"""A database's file as it lies: it can be looked into, and neither it nor what lies beside it changes.

SQLite folds the log of saved changes into the file as soon as it has opened both for writing, and what is
damaged would no longer be what was found.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

# the log of saved changes, its index, and the journal of a file that is not written by way of a log
_BESIDE = ("-wal", "-shm", "-journal")
_PATIENCE_S = 0.5


def evidence_of(place: Path) -> list[Path]:
    """Return a database's file and what SQLite has left beside it, as far as they are there."""
    beside = (place.with_name(place.name + end) for end in _BESIDE)
    return [path for path in (place, *beside) if path.is_file()]


@contextmanager
def as_it_lies(place: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that sees what is saved in a database, and leaves every byte of it as it is.

    Raises
    ------
    OSError, sqlite3.Error
        If it cannot be read.
    """
    parts = evidence_of(place)
    if not any(part.stat().st_size for part in parts if part != place):
        # read as if nobody could change it: without locks, and without a log
        with closing(sqlite3.connect(_address(place, "immutable=1"), uri=True)) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            # the index is made anew from the log
            if not part.name.endswith("-shm"):
                shutil.copyfile(part, Path(folder) / part.name)
        with closing(sqlite3.connect(Path(folder) / place.name)) as connection:
            yield connection


def open_elsewhere(place: Path) -> bool:
    """Tell whether a program has a database open for itself; nothing of it is written to.

    One that is open has a log beside it, from the first moment on.
    """
    if not place.with_name(f"{place.name}-wal").exists():
        return False
    address = _address(place, "mode=ro&readonly_shm=1")
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_S)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # whatever else it is, nobody holds it
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return False


def _address(place: Path, how: str) -> str:
    path = place.resolve().as_posix()
    # SQLite wants no host in it: of a share of Windows (//HOST/SHARE) that is part of the path
    return f"file://{'' if path.startswith('/') else '/'}{quote(path, safe='/:')}?{how}"
