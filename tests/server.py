"""A PostgreSQL server of the tests' own, in a folder that goes with it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pg8000.dbapi
import pytest

PASSWORD = "a quiet server"
_OWNER = "owner"
_ROOM_BYTES = 2**30
# the server refuses to be run by root
_UNPRIVILEGED = ("postgres", "nobody")


class Cluster:
    """A server on this computer alone; `sql` is asked by its owner."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="ferroread-server-", dir=_quick_folder()))
        self._user = None
        if sys.platform != "win32" and os.geteuid() == 0:
            import pwd

            known = {entry.pw_name for entry in pwd.getpwall()}
            self._user = next(name for name in _UNPRIVILEGED if name in known)
            shutil.chown(self.folder, self._user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.password_file = self.folder / "password"
        self.password_file.write_text(PASSWORD, encoding="utf-8")
        self.password_file.chmod(0o644)
        self._do(
            "initdb", "--pgdata", str(self.folder / "data"), "--username", _OWNER, "--no-sync",
            "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256",
            f"--pwfile={self.password_file}",
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        listens = f"-h 127.0.0.1 -p {self.port} -k {self.folder} -c shared_buffers=16MB -c max_connections=30"
        listens += " -c max_wal_size=64MB -c min_wal_size=32MB"
        log = str(self.folder / "log")
        self._control("start", "--log", log, "--options", listens, "--timeout", "120")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; "immediate" is as good as a power cut of the server."""
        self._control("stop", "--mode", mode, "--timeout", "120")

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Have its owner do something; return the rows that come of it."""
        socket_file = str(self.folder / f".s.PGSQL.{self.port}")
        connection = pg8000.dbapi.connect(user=_OWNER, database=database, unix_sock=socket_file)
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def refusals(self, statements: Sequence[str], database: str, role: str = _OWNER) -> list[str]:
        """Have somebody do things one by one; return what the server says of each, "" where it does it."""
        connection = pg8000.dbapi.connect(
            user=role, database=database, host="127.0.0.1", port=self.port, password=PASSWORD
        )
        told = []
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            for statement in statements:
                try:
                    cursor.execute(statement)
                    told.append("")
                except pg8000.dbapi.DatabaseError as error:
                    told.append(str(error.args[0]["M"]))
        finally:
            connection.close()
        return told

    def database(self, name: str, locale: str = "C") -> str:
        """Make an empty database; return the address by which its owner comes."""
        made = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE '{locale}'"
        self.sql(made)
        return self.url(name)

    def url(self, database: str, role: str = _OWNER) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def _control(self, *arguments: str) -> None:
        self._do("pg_ctl", "--pgdata", str(self.folder / "data"), "--wait", "--silent", *arguments)

    def _do(self, program: str, *arguments: str) -> str:
        command: Sequence[str] = (str(self._programs / program), *arguments)
        # what the server writes goes to its log, never to a pipe that it would keep open
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                command, user=self._user, cwd=self.folder, stdout=said, stderr=subprocess.STDOUT, check=False
            )  # fmt: skip
            said.seek(0)
            text = said.read().decode()
        assert done.returncode == 0, text
        return text.strip()


def _quick_folder() -> Path | None:
    """Return a folder in memory where there is room for a server; None for the usual one.

    A server that is cut off loses what it has not written, not what the system has not: it is as good.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_BYTES:
        return memory
    return None


def cluster() -> Cluster:
    """Start a server, or skip the test where there is none on this computer."""
    if sys.platform == "win32":
        pytest.skip("the tests come to their server's owner by a socket that Windows has not")
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not places:
        pytest.skip("PostgreSQL is not there (under Debian: apt-get install postgresql)")
    return Cluster(places[0])


class Cut:
    """A network to a server on this computer, which a test cuts at the next commit; opens again at once."""

    def __init__(self, port: int) -> None:
        self._there = port
        self._when, self._forever, self._away, self.cuts = "", False, False, 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])

    def __enter__(self) -> Cut:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        # accept() returns when it is shut down, not when it is closed
        self._listening.shutdown(socket.SHUT_RDWR)
        self._hang_up()
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def cut_at_commit(self, when: str, *, forever: bool = False) -> None:
        """Cut the next commit off, "before" the server hears of it or "after" it has answered."""
        self._when, self._forever = when, forever

    def mend(self) -> None:
        """Let through again what a cut forever has kept out."""
        self._away = False

    def _run(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._away:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._there))
            self._open += [near, far]
            self._run(self._to_server, near, far)
            self._run(self._to_program, far, near)

    def _to_server(self, near: socket.socket, far: socket.socket) -> None:
        for said in _heard(near):
            if self._when and b"commit\x00" in said.lower():
                if self._when == "before":
                    self._cut(near, far)
                    return
                self._when = "answer"
            _say(far, said)
        _shut(far)

    def _to_program(self, far: socket.socket, near: socket.socket) -> None:
        for said in _heard(far):
            # the server parses it first, and says so; only then it is done
            if self._when == "answer" and b"COMMIT\x00" in said:
                self._cut(near, far)
                return
            _say(near, said)
        _shut(near)

    def _cut(self, *ends: socket.socket) -> None:
        self._when, self._away = "", self._forever
        self.cuts += 1
        for end in ends:
            _shut(end)

    def _hang_up(self) -> None:
        for end in self._open:
            _shut(end)
            end.close()


def _heard(end: socket.socket) -> Iterator[bytes]:
    try:
        while said := end.recv(65536):
            yield said
    except OSError:
        return


def _say(end: socket.socket, said: bytes) -> None:
    # the other direction may have cut or hung up in between: then nobody listens any more
    with suppress(OSError):
        end.sendall(said)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
