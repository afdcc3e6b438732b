"""A study's database on a PostgreSQL server: what `core.study.database.Database` is for a file."""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa

from core.errors import AppError, StoreError, StoreVersionError
from core.study.database import Database, Kind, alembic_config, known_revisions
from core.study.server_address import Address, connect, sqlstate, told_of_server
from core.study.server_tables import SERVER, commits

# how long an unanswered commit is asked for: a server that crashed has to come up again; a delivery is
# simply made again
_ASK_S, _ASK_BRIEFLY_S = 120.0, 5.0
_ASK_AGAIN_S = 0.25
_UNIQUE = "23505"
_NOT_ALLOWED = "42501"


class ServerDatabase:
    """An open database on a server. `transaction` is the only way in; threads take turns.

    Every transaction that changes something leaves a name that was drawn here. Where the answer to its
    commit is cut off, the server is asked for that name as soon as it can be, so that what was saved is never
    told to be lost, nor the other way round.
    """

    def __init__(self, address: Address, kind: Kind, *, alone: bool) -> None:
        """Use `create`, `open` or `as_rater`."""
        self.address, self.kind = address, kind
        self.actor = ""  # who stands in the audit records that are written from now on
        # called at the end of every transaction that has changed something, inside it
        self.before_commit: Callable[[sa.Connection], None] | None = None
        # called when such a transaction is on disk
        self.after_commit: Callable[[], None] | None = None
        self._alone, self._turn, self._closed, self._changed = alone, threading.RLock(), False, False
        self._engine = sa.create_engine(
            "postgresql+pg8000://", creator=self._connected, pool_size=1, max_overflow=0, pool_pre_ping=True
        )
        sa.event.listen(self._engine, "before_cursor_execute", self._note_change)

    @classmethod
    def create(cls, address: Address, kind: Kind, fill: Callable[[sa.Connection], None]) -> ServerDatabase:
        """Make the tables of the newest schema in an empty database and fill them, all in one transaction.

        Raises
        ------
        StoreError
            If there are tables in it already, it sorts by a language's rules, or the role may not.
        """
        database = cls(address, kind, alone=True)
        with database._kept_or_closed(), database.transaction() as connection:
            _refuse_collation(connection, address)
            if connection.execute(sa.text("SELECT to_regclass('alembic_version')")).scalar() is not None:
                raise StoreError(f"{address.told} holds a study already; give each study its own database")
            database._migrate(connection)
            fill(connection)
        return database

    @classmethod
    def open(cls, address: Address, kind: Kind) -> ServerDatabase:
        """Open a study's database for this program alone; an older schema is brought up to date.

        Raises
        ------
        StoreError
            If it cannot be reached, holds no study, is open in another program, or is of an older schema and
            the role owns nothing there.
        StoreVersionError
            If a newer FerroRead wrote it.
        """
        database = cls(address, kind, alone=True)
        with database._kept_or_closed():
            found = [database._revision(each) for each in (kind, SERVER)]
            if found != [kind.head, SERVER.head]:
                for revision, each in zip(found, (kind, SERVER), strict=True):
                    if revision not in known_revisions(each):
                        raise StoreVersionError(
                            f"{address.told} was written by a newer FerroRead (schema {revision}); "
                            "update FerroRead"
                        )
                database._bring_up_to_date()
        return database

    @classmethod
    def as_rater(cls, address: Address) -> ServerDatabase:
        """Open what a rater's role may see, beside whoever else is there."""
        return cls(address, SERVER, alone=False)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Give a connection inside a transaction that is committed, on disk, when the block ends well.

        Raises
        ------
        StoreError
            If the server cannot be reached or does not do it; nothing of the block has happened then.
        """
        with self._turn, told_of_server(self.address):
            if self._closed:
                raise StoreError(f"{self.address.told} is closed; open it again")
            with self._engine.connect() as connection:
                name = uuid.uuid4().hex
                self._changed = False
                connection.info["actor"] = self.actor
                transaction = connection.begin()
                try:
                    yield connection
                    changed = self._changed
                    if changed:
                        if self.before_commit is not None:
                            self.before_commit(connection)
                        connection.execute(commits.insert().values(commit_id=name))
                except BaseException:
                    # a connection that is gone has rolled back already
                    with suppress(Exception):
                        transaction.rollback()
                    raise
                try:
                    transaction.commit()
                except Exception:  # however the line broke: whether it was committed is asked anew
                    connection.invalidate()
                    connection.close()
                    if not changed or not self._was_committed(name):
                        raise
            if self.after_commit is not None and changed:
                self.after_commit()

    def copy_to(self, path: Path) -> None:
        """Write all that is committed to a study's file of its own; StoreError where it cannot be written."""
        from core.study.copying import copy_rows  # noqa: PLC0415 - of the coordinator's alone

        with tempfile.TemporaryDirectory() as folder:
            copy = Database.create(Path(folder) / path.name, self.kind)
            try:
                with self.transaction() as source, copy.transaction() as target:
                    copy_rows(source, target)
                copy.copy_to(path)
            finally:
                copy.close()

    def close(self) -> None:
        """Let go of the database; harmless when closed already."""
        with self._turn:
            if not self._closed:
                self._closed = True
                self._engine.dispose()

    def _connected(self) -> Any:
        connection = connect(self.address)
        if self._alone:
            cursor = connection.cursor()
            cursor.execute(f"SELECT pg_try_advisory_lock({self.kind.application_id})")
            (held,) = cursor.fetchone()
            connection.commit()
            if not held:
                connection.close()
                raise StoreError(
                    f"{self.address.told}: the {self.kind.name} is open in another program; "
                    "close it there and try again"
                )
        return connection

    def _note_change(self, *given: Any) -> None:
        context = given[4]
        # what a function of the server changes is told by who calls it
        self._changed |= bool(context.execution_options.get("changes"))
        self._changed |= bool(context.isinsert or context.isupdate or context.isdelete or context.isddl)

    def _was_committed(self, name: str) -> bool:
        """Find out what became of a commit that was not answered.

        The name is written once more: that waits for a transaction that still runs, is refused where it was
        committed, and where it was not keeps it from ever being.
        """
        begun = monotonic()
        while True:
            try:
                with self._engine.begin() as connection:
                    connection.execute(commits.insert().values(commit_id=name))
                return False
            except (AppError, sa.exc.DBAPIError, OSError) as error:
                if sqlstate(error) == _UNIQUE:
                    return True
                if monotonic() - begun > (_ASK_S if self._alone else _ASK_BRIEFLY_S):
                    if self._alone:
                        self.close()
                    raise StoreError(
                        f"{self.address.told}: the server went away while it was saving, and whether it has "
                        "is not known; when it is there again, open it and look"
                    ) from error
                sleep(_ASK_AGAIN_S)

    @contextmanager
    def _kept_or_closed(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _revision(self, kind: Kind) -> str:
        table = version_table(kind)
        with self.transaction() as connection:
            if connection.execute(sa.text(f"SELECT to_regclass('{table}')")).scalar() is None:
                raise StoreError(
                    f"{self.address.told} holds no study; make one with `ferroread study create`"
                )
            return str(connection.execute(sa.text(f"SELECT version_num FROM {table}")).scalar())

    def _bring_up_to_date(self) -> None:
        try:
            with self.transaction() as connection:
                self._migrate(connection)
        except StoreError as error:
            if sqlstate(error.__cause__) != _NOT_ALLOWED:
                raise
            raise StoreError(
                f"{self.address.told}: the study there is of an older FerroRead, and this log-in may not "
                "bring it up to date; have its owner's log-in open it first"
            ) from error

    def _migrate(self, connection: sa.Connection) -> None:
        from alembic import command  # noqa: PLC0415 - a study of today's schema is opened without it

        for kind in (self.kind, SERVER):
            config = alembic_config(kind)
            config.attributes["connection"] = connection
            config.attributes["version_table"] = version_table(kind)
            command.upgrade(config, "head")


def version_table(kind: Kind) -> str:
    """Return the table that names the schema a database has."""
    return "alembic_version" if kind is not SERVER else "server_version"


def _refuse_collation(connection: sa.Connection, address: Address) -> None:
    sql = (
        "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    )
    collation, encoding = connection.execute(sa.text(sql)).one()
    if encoding != "UTF8" or collation not in ("C", "POSIX", "C.UTF-8", "C.utf8"):
        raise StoreError(
            f"{address.told} sorts by the rules of {collation} in {encoding}, so that tables would not be "
            "the same everywhere; make it with `createdb --template=template0 --encoding=UTF8 --locale=C`"
        )
