"""One SQLite file, held by this program alone: opened with every check, written in whole transactions."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import DamagedError, StoreError, StoreVersionError
from core.study.evidence import as_it_lies, open_elsewhere
from core.study.log_damage import loses_what_was_saved

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.config import Config

# reads by SQL with "?" and its values; a row's values by their columns' names
Rows = Callable[..., Sequence[Mapping[str, Any]]]

MAGIC = b"SQLite format 3\x00"
# what reading a damaged file raises: SQLite's message may quote what is no UTF-8, and Python cannot read it
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
# of Python 3.11's own on any system that is still looked after; what is older was never tried
OLDEST_SQLITE = (3, 37, 0)
# what a cell of a column's type is, in SQL; a number is one that JSON can tell
_IS_ONE = {
    "TEXT": "typeof({0}) = 'text'", "VARCHAR": "typeof({0}) = 'text'", "BLOB": "typeof({0}) = 'blob'",
    "INTEGER": "typeof({0}) = 'integer' AND abs({0}) < 1 << 31", "BOOLEAN": "{0} IN (0, 1)",
    "FLOAT": "typeof({0}) = 'real' AND abs({0}) < 9e999", "": "1",
}  # fmt: skip
# file systems that lie on another machine; SQLite's locks cannot be trusted there (sqlite.org/faq.html#q5)
_NETWORK_TYPES = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "afs", "coda"),
        *("ncpfs", "glusterfs", "ceph", "lustre", "gpfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs"),
        *("fuse.davfs", "fuse.glusterfs", "fuse.cephfs"),
    )
)


@dataclass(frozen=True)
class Kind:
    """What sort of file it is: its name for people, its mark in the file's header, its migrations.

    `damaged` is what is said of one that is, and what to do.
    """

    name: str
    application_id: int
    migrations: str  # folder under core/study/migrations
    head: str  # the revision this version of FerroRead writes
    damaged: str


STUDY = Kind("study", 0x46525354, "study", "0004", damaged="the study is damaged; restore it from a backup")
KIT = Kind(
    "kit", 0x46524B54, "kit", "0003",
    damaged="the kit is damaged; leave it as it is, and give it to the coordinator",
)  # fmt: skip


class Database:
    """An open SQLite file of ours. `transaction` is the only way to write, `rows` reads; threads take turns.

    SQLAlchemy is imported by the first transaction: looking into a file does not wait for it.

    WAL with synchronous=FULL: what a transaction has committed survives a power cut. Exclusive locking
    with one connection: SQLite before 3.51.3 can corrupt a WAL that two connections write.
    """

    def __init__(self, path: Path, kind: Kind, connection: sqlite3.Connection) -> None:
        self.path, self.kind, self._connection = path, kind, connection
        self._engine: sa.Engine | None = None
        self.actor = ""  # who stands in the audit records that are written from now on
        # called at the end of every transaction that has changed something, inside it
        self.before_commit: Callable[[sa.Connection], None] | None = None
        # called when such a transaction is on disk
        self.after_commit: Callable[[], None] | None = None
        self._turn = threading.RLock()
        self._closed = False

    @classmethod
    def create(cls, path: Path, kind: Kind) -> Database:
        """Make a new file with the newest schema.

        Raises
        ------
        StoreError
            If the place is taken, cannot be written or lies on a network drive, or this SQLite is too old.
        """
        _refuse_old_sqlite()
        refuse_network_drive(path)
        if path.exists():
            raise StoreError(f"{path} exists already; choose another place")
        database = cls._connect(path, kind)
        with database._kept_or_closed(), database.transaction() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {kind.application_id}")
            for statement in _newest(kind):
                connection.exec_driver_sql(statement)
        return database

    @classmethod
    def open(cls, path: Path, kind: Kind, sound: Callable[[Rows], object] = lambda rows: None) -> Database:
        """Open a file, checked whole; an older one is brought to the newest schema.

        One that is damaged is left as it is, byte for byte, with what lies beside it.

        Parameters
        ----------
        path : Path
        kind : Kind
        sound : callable
            Looks at the content, in whatever schema it is, and raises DamagedError where that is none.

        Raises
        ------
        StoreError
            If it is missing, is not a `kind`, is damaged, locked by another program or on a network drive, or
            this SQLite is too old.
        StoreVersionError
            If a newer FerroRead wrote it.
        """
        _refuse_old_sqlite()
        refuse_network_drive(path)
        refuse_open_elsewhere(path, kind)
        _refuse_foreign(path, kind)
        revision = look_into(path, kind, sound)
        database = cls._connect(path, kind)
        with database._kept_or_closed():
            if revision != kind.head:
                database.copy_to(_unused(path.with_name(f"{path.name}.schema-{revision}")))
                database._migrate()
        return database

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Give a connection inside a transaction that is committed, on disk, when the block ends well.

        Raises
        ------
        StoreError
            If the file cannot be read or written; nothing of the block has happened then.
        """
        with self._turn, told(self.path, self.kind):
            self._refuse_closed()
            if self._engine is None:
                self._engine = _engine_on(self._connection)
            with self._engine.begin() as connection:
                connection.info["actor"] = self.actor
                before = self._connection.total_changes
                yield connection
                changed = self._connection.total_changes != before
                if self.before_commit is not None and changed:
                    self.before_commit(connection)
            if self.after_commit is not None and changed:
                self.after_commit()

    def rows(self, sql: str, *values: object) -> Sequence[Mapping[str, Any]]:
        """Read by plain SQL.

        Raises
        ------
        StoreError
            If the file cannot be read.
        """
        with self._turn, told(self.path, self.kind):
            self._refuse_closed()
            return _read(self._connection, sql, *values)

    def copy_to(self, path: Path) -> None:
        """Write all that is committed to a file of its own; StoreError where it cannot be written."""
        with self._turn, told(path, self.kind):
            self._refuse_closed()
            copy = sqlite3.connect(path, isolation_level=None)
            try:
                self._connection.backup(copy)
                # one file that stands for itself, without a log beside it
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()

    def close(self) -> None:
        """Fold the write-ahead log in and let go of the file; harmless when closed already."""
        with self._turn:
            if not self._closed:
                self._closed = True
                if self._engine is not None:
                    self._engine.dispose()
                self._connection.close()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StoreError(f"{self.path} is closed; open it again")

    @classmethod
    def _connect(cls, path: Path, kind: Kind) -> Database:
        with told(path, kind):
            # transactions are ours (isolation_level None): the driver would leave DDL outside of them
            connection = sqlite3.connect(path, isolation_level=None, timeout=0.5, check_same_thread=False)
            try:
                for pragma in (
                    "locking_mode = EXCLUSIVE",  # before the first access: then WAL needs no shared memory
                    "journal_mode = WAL",
                    "synchronous = FULL",
                    "foreign_keys = ON",
                    "secure_delete = ON",  # what was taken back shall not be found in the file's slack
                    "trusted_schema = OFF",
                ):
                    connection.execute(f"PRAGMA {pragma}")
                connection.execute("BEGIN EXCLUSIVE")
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
        return cls(path, kind, connection)

    @contextmanager
    def _kept_or_closed(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _migrate(self) -> None:
        # imported late: a file of today's schema is opened without alembic
        from alembic import command  # noqa: PLC0415

        with self.transaction() as connection:
            config = alembic_config(self.kind)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@cache
def _newest(kind: Kind) -> tuple[str, ...]:
    """Return what makes an empty file one of the newest schema.

    The migrations say so, but to go through them takes as long as all else that a new study or kit needs.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    database = Database(Path(":memory:"), kind, connection)
    with closing(database):
        database._migrate()
        _, *statements, _ = connection.iterdump()  # between begin and commit
    return tuple(statements)


def _unused(path: Path) -> Path:
    """Return the path, with a number where a copy of that name was kept before."""
    names = chain([path], (path.with_name(f"{path.name}-{number}") for number in count(2)))
    return next(name for name in names if not name.exists())


def _refuse_old_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(
            f"this Python has SQLite {sqlite3.sqlite_version}, and {oldest} or newer is needed; "
            "install a newer Python"
        )


def refuse_open_elsewhere(path: Path, kind: Kind) -> None:
    """Raise StoreError where another program has the file open; it is not written to, whatever it is."""
    if open_elsewhere(path):
        raise StoreError(f"{path}: {_why(sqlite3.SQLITE_BUSY, kind)}")


def look_into(path: Path, kind: Kind, sound: Callable[[Rows], object] = lambda rows: None) -> str:
    """Check a file whole, without writing to it or beside it; return its schema.

    Raises
    ------
    DamagedError
        If it is no sound `kind`, or `sound` says so.
    StoreError, StoreVersionError
        If the disk does not give it, or a newer FerroRead wrote it.
    """
    try:
        if loses_what_was_saved(path.with_name(f"{path.name}-wal")):
            raise DamagedError(f"{path}: {kind.damaged}")
        with told(path, kind), as_it_lies(path) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise DamagedError(f"{path}: {kind.damaged}")
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = str(found[0]) if found else ""
            if revision != kind.head and revision not in known_revisions(kind):
                raise StoreVersionError(
                    f"{path} was written by a newer FerroRead (schema {revision}); update FerroRead"
                )
            _refuse_none(connection, path, kind)
            sound(partial(_read, connection))
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}); check the disk and try again") from error
    return revision


def _refuse_none(connection: sqlite3.Connection, path: Path, kind: Kind) -> None:
    """Raise DamagedError where a cell holds what its column is not for, or a row names one that is not there.

    SQLite keeps whatever it is given, and looks after rows that name others only where it is asked to.
    """
    # SQLite's own are of whoever has looked into the file, as are columns of no type
    ours = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    tables = connection.execute(ours).fetchall()
    for (table,) in tables:
        for _, name, of, needed, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            # of another type there are columns in a damaged file alone
            is_one = _IS_ONE.get(of.split("(")[0], "0").format(f'"{name}"')
            given = "" if needed else f'AND "{name}" IS NOT NULL'
            odd = f'SELECT 1 FROM "{table}" WHERE NOT ({is_one}) {given} LIMIT 1'
            if connection.execute(odd).fetchone():
                raise DamagedError(
                    f"{path}: table {table}, column {name} holds another kind of value; {kind.damaged}"
                )
    astray = connection.execute("PRAGMA foreign_key_check").fetchone()
    if astray is not None:
        raise DamagedError(f"{path}: {astray[0]} names what is not among the {astray[2]}; {kind.damaged}")


def _read(connection: sqlite3.Connection, sql: str, *values: object) -> Sequence[Mapping[str, Any]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql, values)
        # SQLite asks for columns in any case and names them as a file, perhaps a damaged one, does
        names = [column[0].lower() for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def refuse_network_drive(path: Path) -> None:
    """Raise StoreError where the path lies on a network drive: SQLite's locks do not hold there."""
    if on_network_drive(path):
        raise StoreError(
            f"{path} lies on a network drive, where a crash or a second user can damage it; "
            "copy it to a local disk (for a site with several workstations use PostgreSQL)"
        )


def on_network_drive(path: Path, mounts: str | None = None) -> bool:
    """Tell whether a path lies on a network drive, as far as the system lets us know.

    `mounts` stands for the text of /proc/self/mounts in tests.
    """
    resolved = path.resolve()
    if sys.platform == "win32":
        return _windows_remote(resolved)
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False  # no such table here (macOS): SQLite's own locking has to do
    kind, deepest = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if resolved.is_relative_to(place) and len(place.parts) >= deepest:
            kind, deepest = fields[2], len(place.parts)
    return kind in _NETWORK_TYPES


def _windows_remote(path: Path) -> bool:
    import ctypes  # noqa: PLC0415

    drive = str(path.drive)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - not there on other systems
    return drive.startswith("\\\\") or kernel.GetDriveTypeW(drive + "\\") == 4  # DRIVE_REMOTE, winbase.h


@contextmanager
def told(path: Path, kind: Kind) -> Iterator[None]:
    """Turn what SQLite complains about into one line for the person."""
    try:
        yield
    except UnicodeDecodeError as error:
        # SQLite's message quoted what it could not read
        raise DamagedError(f"{path}: {kind.damaged}") from error
    except Exception as error:
        cause = getattr(error, "orig", error)  # SQLAlchemy wraps what SQLite says
        bug = isinstance(cause, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError))
        if bug or not isinstance(cause, sqlite3.Error):
            raise  # a bug of ours or a trigger's refusal: whoever asked knows what to make of it
        # without a code: text that is not UTF-8
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        # the first: a table that is not there
        damaged = code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        raise (DamagedError if damaged else StoreError)(f"{path}: {_why(code, kind)}") from error


def _why(code: int, kind: Kind) -> str:
    reasons = {
        sqlite3.SQLITE_BUSY: f"the {kind.name} is open in another program; close it there and try again",
        sqlite3.SQLITE_LOCKED: f"the {kind.name} is open in another program; close it there and try again",
        sqlite3.SQLITE_FULL: "the disk is full; make room and try again; what was saved is kept",
        sqlite3.SQLITE_READONLY: f"the {kind.name} cannot be written; check its permissions",
        sqlite3.SQLITE_CANTOPEN: f"the {kind.name} cannot be opened for writing; check its permissions",
        sqlite3.SQLITE_PERM: f"the {kind.name} cannot be written; check its permissions",
        sqlite3.SQLITE_IOERR: "the disk reports an error; check it and try again; what was saved is kept",
        sqlite3.SQLITE_CORRUPT: kind.damaged,
        sqlite3.SQLITE_NOTADB: f"is not a FerroRead {kind.name}, or is damaged; choose another file",
        sqlite3.SQLITE_TOOBIG: "the region is too large to be kept",
    }
    return reasons.get(code, f"this is not the content of a FerroRead {kind.name}, or it is damaged")


def _refuse_foreign(path: Path, kind: Kind) -> None:
    """Look at the header before SQLite does: it would take an empty file for a new database."""
    try:
        with path.open("rb") as stream:
            header = stream.read(100)
    except OSError as error:
        reason = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise StoreError(f"{path} {reason}; choose a FerroRead {kind.name}") from error
    if len(header) < 100 or not header.startswith(MAGIC):
        raise DamagedError(f"{path} is not a FerroRead {kind.name}; choose another file")
    # bytes 68 to 71: the application id (sqlite.org/fileformat.html, 1.3)
    if int.from_bytes(header[68:72], "big") != kind.application_id:
        raise DamagedError(f"{path} is a database, but not a FerroRead {kind.name}; choose another file")
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise StoreError(f"{path} cannot be written; check its permissions")


def plain(connection: sa.Connection) -> Rows:
    """Return what `Database.rows` does, for an open transaction."""

    def rows(sql: str, *values: object) -> Sequence[Mapping[str, Any]]:
        found = connection.exec_driver_sql(sql, values).mappings()
        return [{name.lower(): value for name, value in row.items()} for row in found]

    return rows


def _engine_on(connection: sqlite3.Connection) -> sa.Engine:
    import sqlalchemy as sa  # noqa: PLC0415

    engine = sa.create_engine("sqlite://", creator=lambda: connection, poolclass=sa.StaticPool)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def alembic_config(kind: Kind) -> Config:
    """Return what Alembic needs to find the migrations of a kind."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = Path(__file__).parent / "migrations" / kind.migrations
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def known_revisions(kind: Kind) -> set[str]:
    """Return the schemas that this version of FerroRead can bring up to date."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory.from_config(alembic_config(kind))
    return {script.revision for script in scripts.walk_revisions()}
