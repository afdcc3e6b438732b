"""Where a PostgreSQL server is, and connecting to it; the password never stands in an address."""

from __future__ import annotations

import getpass
import os
import re
import ssl
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pg8000.dbapi

from core.errors import InputError, StoreError

_SCHEMES = ("postgresql", "postgres")
_OPTIONS = frozenset({"host", "sslmode", "sslrootcert"})
_LOCAL = ("localhost", "127.0.0.1", "::1")
# before it, whoever could connect could make objects that the study's owner would take for PostgreSQL's
_OLDEST = 15
# a server that does not answer for so long is taken for gone
_PATIENCE_S = 60
_FIELD = re.compile(r"((?:[^\\:]|\\.)*)(?::|$)")


@dataclass(frozen=True)
class Address:
    """A database on a server and the role that logs in, as libpq's addresses name them.

    `host` is a name, a number or the folder of a socket. `verified`: whether the connection is encrypted and
    the server shows a certificate of its name; `authorities`: the file of those that may vouch for it, ""
    for the system's.
    """

    host: str
    port: int
    database: str
    role: str
    verified: bool
    authorities: str = ""

    @property
    def told(self) -> str:
        """What people read of it."""
        return f"postgresql://{self.role}@{self.host}:{self.port}/{self.database}"


def address_from(url: str) -> Address:
    """Read an address: postgresql://ROLE@HOST:PORT/DATABASE, with sslmode, sslrootcert or host behind a "?".

    Only verify-full (the default of every host but this computer) and disable are modes of TLS that are
    taken: the others encrypt for whoever answers.

    Raises
    ------
    InputError
        If it is none, or a password stands in it.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port or 5432
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise InputError(f"{url!r} is no address; give postgresql://ROLE@HOST:PORT/DATABASE") from error
    if parts.password is not None or "password" in options:
        raise InputError(
            "a password stands in the server's address; leave it out, and put it into the file .pgpass"
        )
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in _SCHEMES or not database or not options.keys() <= _OPTIONS:
        raise InputError(f"{url!r} is no address; give postgresql://ROLE@HOST:PORT/DATABASE")
    host = options.get("host") or unquote(parts.hostname or "localhost")
    usual = "disable" if host.startswith("/") or host in _LOCAL else "verify-full"
    mode = options.get("sslmode", usual)
    if mode not in ("verify-full", "disable"):
        raise InputError(f"sslmode={mode} is not taken; give verify-full, or disable for a network you trust")
    role = unquote(parts.username or "") or os.environ.get("PGUSER") or getpass.getuser()
    return Address(host, port, database, role, mode == "verify-full", options.get("sslrootcert", ""))


def connect(address: Address) -> Any:
    """Return a connection of pg8000, in which nothing is acknowledged before the server's disk has it.

    Raises
    ------
    StoreError
        If the server cannot be reached, refuses the role, or does not wait for its disk.
    """
    place: dict[str, Any] = {"host": address.host, "port": address.port}
    if address.host.startswith("/"):
        place = {"unix_sock": f"{address.host}/.s.PGSQL.{address.port}"}
    with told_of_server(address):
        connection = pg8000.dbapi.connect(
            user=address.role, database=address.database, password=password_for(address),
            ssl_context=_encryption(address), timeout=_PATIENCE_S, application_name="ferroread", **place,
        )  # fmt: skip
        connection.close = partial(_close, connection.close)
        try:
            _prepare(connection, address)
        except BaseException:
            connection.close()
            raise
    return connection


def _close(close: Callable[[], None]) -> None:
    # of one that was cut off there is nothing to say any more
    with suppress(pg8000.dbapi.InterfaceError, OSError):
        close()


def _prepare(connection: Any, address: Address) -> None:
    cursor = connection.cursor()
    for setting in (
        "synchronous_commit = on",
        # rows come in the order they were written in, from a large table too
        "synchronize_seqscans = off",
        "lock_timeout = '20s'",
        # a workstation that is gone lets go of its study after a minute
        "tcp_keepalives_idle = 30",
        "tcp_keepalives_interval = 10",
        "tcp_keepalives_count = 3",
    ):
        cursor.execute(f"SET {setting}")
    cursor.execute("SELECT current_setting('server_version_num')::integer / 10000, current_setting('fsync')")
    version, waits = cursor.fetchone()
    if version < _OLDEST:
        raise StoreError(
            f"{address.told}: the server is PostgreSQL {version}; FerroRead needs {_OLDEST} or later"
        )
    if waits != "on":
        raise StoreError(
            f"{address.told}: the server does not wait for its disk (fsync is off), so that what is saved "
            "could be lost; have it set to on"
        )
    connection.commit()


def _encryption(address: Address) -> ssl.SSLContext | bool:
    if not address.verified:
        return False
    try:
        return ssl.create_default_context(cafile=address.authorities or None)
    except (OSError, ssl.SSLError) as error:
        raise InputError(f"{address.authorities} holds no certificates; mend sslrootcert") from error


def password_for(address: Address) -> str | None:
    """Return the role's password from PGPASSWORD, libpq's password file or the keyring; None without one.

    The file is PGPASSFILE, or .pgpass at home (%APPDATA%/postgresql/pgpass.conf under Windows), in libpq's
    form (postgresql.org/docs/current/libpq-pgpass.html). In the keyring it is that of the service
    "ferroread" and the address, as `Address.told` gives it.

    Raises
    ------
    InputError
        If others can read the file.
    """
    if os.environ.get("PGPASSWORD"):
        return os.environ["PGPASSWORD"]
    return _from_file(address) or _from_keyring(address)


def _from_file(address: Address) -> str | None:
    path = _password_file()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return None
    if sys.platform != "win32" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(f"{path} can be read by others; make it yours alone with `chmod 600`")
    host = "localhost" if address.host.startswith("/") else address.host
    asked = (host, str(address.port), address.database, address.role)
    for line in text.splitlines():
        fields = [re.sub(r"\\(.)", r"\1", field) for field in _FIELD.findall(line)][:5]
        if line.startswith("#") or len(fields) < 5:
            continue
        if all(given in ("*", wanted) for given, wanted in zip(fields, asked, strict=False)):
            return fields[4]
    return None


def _from_keyring(address: Address) -> str | None:
    import keyring  # noqa: PLC0415 - looks for the system's services when it is imported
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password("ferroread", address.told)
    except KeyringError:
        return None


def _password_file() -> Path:
    if os.environ.get("PGPASSFILE"):
        return Path(os.environ["PGPASSFILE"])
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "postgresql" / "pgpass.conf"
    return Path.home() / ".pgpass"


class told_of_server:  # noqa: N801 - reads as a verb where it is used
    """Turn what the driver complains about into one line for the person."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        cause = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver says
        why = _why(cause)
        if why:
            raise StoreError(f"{self._address.told}: {why}") from error


def sqlstate(error: object) -> str:
    """Return the server's code of an error, "" for one that is not the server's."""
    cause = getattr(error, "orig", error)
    said = cause.args[0] if isinstance(cause, pg8000.dbapi.DatabaseError) and cause.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


_REASONS = {
    "28": "the server refuses the role or its password; check both, and the file .pgpass",
    "3D": "the server has no such database; ask who keeps the server for it",
    "42501": "the role may not do this here; ask who keeps the server",
    "42883": "the study there is of an older FerroRead; have the coordinator open it with this one",
    "55P03": "another program is writing; wait a moment and try again",
    "53": "the server has no room left; make some and try again; what was saved is kept",
    "58": "the server's disk reports an error; have it checked; what was saved is kept",
    "25006": "the server takes no changes now; ask who keeps it",
    "57": "the server is stopping or starting; wait a moment and try again; what was saved is kept",
    "08": "the server does not answer; check the network and try again; what was saved is kept",
    "22021": "a text holds a character that the server cannot keep; mend it in the study first",
    "XX": "the database is damaged; have it restored from the site's backup",
}


def _why(cause: object) -> str:
    if isinstance(cause, (pg8000.dbapi.InterfaceError, ConnectionError, TimeoutError, ssl.SSLError)):
        if isinstance(cause, ssl.SSLCertVerificationError) or isinstance(
            getattr(cause, "__cause__", None), ssl.SSLCertVerificationError
        ):
            return "the server's certificate is not one that may be trusted; check sslrootcert and its name"
        return _REASONS["08"]
    code = sqlstate(cause)
    return next((_REASONS[code[:length]] for length in (5, 2) if code[:length] in _REASONS), "")
