"""Who is at a kit: the rater's key, log-ins, and what comes of passwords that are wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.study import clock
from core.study.audit import append, moment_of
from core.study.clock import Moment
from core.study.database import Database, Rows
from core.study.rater_key import (
    USUAL,
    Cost,
    StoredKey,
    cost_text,
    kept_anew,
    kept_sha256,
    new_key,
    opened_key,
    stored_from,
)
from core.study.waiting import left_s

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# actions after which the password counts as known
RIGHT = ("log_in", "sign", "correct", "set_password", "export", "enrol")
_KEYS = "number, public_key, salt, cost, sealed"


@dataclass(frozen=True)
class LogIn:
    """What is told when somebody has logged in.

    Parameters
    ----------
    before_utc : str
        The log-in before this one; "" where there was none.
    failures : int
        Wrong passwords since then, by whomever.
    failed_utc : str
        The last of them; "" where there was none.
    """

    before_utc: str
    failures: int
    failed_utc: str


@dataclass(frozen=True)
class Retired:
    """When the coordinator had the rater's password reset, in UTC, and why."""

    at_utc: str
    reason: str


def stored_key(rows: Rows) -> StoredKey | None:
    """Return the rater's key, None where no password was chosen yet, or another one is to be chosen."""
    found = rows(f"SELECT {_KEYS} FROM rater_keys ORDER BY number DESC LIMIT 1")
    return stored_from(found[0]) if found and found[0]["public_key"] else None


def enrol(database: Database, password: str, cost: Cost = USUAL) -> None:
    """Make the rater's key and keep it under the password; InputError where there is one already."""
    if stored_key(database.rows) is not None:
        raise InputError("a password was chosen for this kit already; log in with it")
    _keep(database, new_key(password, cost), "enrol", timed=True)


def log_in(database: Database, password: str) -> LogIn:
    """Record that the rater is here, and tell what was tried since the last time.

    Raises
    ------
    InputError
        If the password is not the rater's, which is recorded, or was wrong too often just now.
    """
    told = _since_last(database.rows)
    unlocked(database, password, "log_in")
    return told


def unlocked(database: Database, password: str, what: str) -> Ed25519PrivateKey:
    """Return the rater's key.

    Parameters
    ----------
    database : Database
        The kit's.
    password : str
        What was typed.
    what : {"log_in", "sign", "correct", "set_password", "export"}
        What it is needed for; a log-in is recorded here, the others with what they do.

    Raises
    ------
    InputError
        If there is no key yet, the password is not the rater's, which is recorded, or was wrong too often
        just now.
    """
    kept = stored_key(database.rows)
    if kept is None:
        raise InputError("no password was chosen for this kit yet; open it to choose one")
    wait_s = left_s(_failures(database.rows), clock.moment())
    if wait_s > 0:
        raise InputError(f"the password was wrong too often; wait {wait_s:.0f} seconds and try again")
    key = opened_key(kept, password)
    if key is None:
        record(database, "wrong_password", {"what": what})
        raise InputError("this is not the password that was chosen for this kit; try again")
    if what == "log_in":
        record(database, "log_in", {"timed": True})
    return key


def set_password(database: Database, before: str, new: str, cost: Cost = USUAL) -> None:
    """Keep the same key under another password; InputError where `before` is wrong or `new` too short."""
    key = unlocked(database, before, "set_password")
    _keep(database, kept_anew(key, new, cost), "set_password")


def let_choose_anew(database: Database, reason: str) -> None:
    """Retire the rater's key, whose password is forgotten: whoever opens the kit next chooses another.

    What was signed with it stays verifiable with it. As with dealing, nothing is told of the computer: it is
    the coordinator's.

    Raises
    ------
    InputError
        If no password was chosen yet.
    """
    if stored_key(database.rows) is None:
        raise InputError("no password was chosen for this kit yet; open it to choose one")
    _keep(database, StoredKey("", b"", USUAL, b""), "retire_key", clock=None, reason=reason)


def retired(rows: Rows) -> Retired | None:
    """Return when and why the key was retired; None where it is in use, or none was ever made."""
    last = _last(rows, "retire_key", "enrol")
    told = json.loads(last["content"]) if last else {}
    if told.get("action") != "retire_key":
        return None
    return Retired(str(told["at"]), str(told["reason"]))


def note_export(database: Database, password: str, what: str) -> None:
    """Record that something of the kit is written out.

    A kit for which no password was ever chosen asks for none.

    Raises
    ------
    InputError
        If the password is wrong, or was retired and its rater has chosen no other yet.
    """
    if stored_key(database.rows) is not None:
        unlocked(database, password, "export")
    elif retired(database.rows) is not None:
        raise InputError(
            "the coordinator had this kit's password reset, so nothing is shown of it until its rater has "
            "chosen another; open it to choose one"
        )
    record(database, "export", {"what": what})


def note_idle(database: Database) -> None:
    """Record that the session was locked because nobody had done anything for a while."""
    record(database, "idle", {})


def _failures(rows: Rows) -> list[Moment]:
    """Return the moments of wrong passwords since the last log-in or signature."""
    last = _last(rows, *RIGHT)
    after = last["sequence"] if last else 0
    sql = "SELECT content FROM audit WHERE sequence > ? AND content LIKE ? ORDER BY sequence"
    found = rows(sql, after, '{"action":"wrong_password",%')
    return [moment_of(json.loads(row["content"])) for row in found]


def _since_last(rows: Rows) -> LogIn:
    before = _last(rows, "log_in")
    sql = "SELECT content FROM audit WHERE sequence > ? AND content LIKE ? ORDER BY sequence"
    failed = rows(sql, before["sequence"] if before else 0, '{"action":"wrong_password",%')
    return LogIn(
        json.loads(before["content"])["at"] if before else "",
        len(failed),
        json.loads(failed[-1]["content"])["at"] if failed else "",
    )


def _last(rows: Rows, *actions: str) -> Mapping[str, Any] | None:
    told = " OR ".join("content LIKE ?" for _ in actions)
    sql = f"SELECT sequence, content FROM audit WHERE {told} ORDER BY sequence DESC LIMIT 1"
    found = rows(sql, *(f'{{"action":"{action}",%' for action in actions))
    return found[0] if found else None


def _keep(database: Database, key: StoredKey, action: str, **values: Any) -> None:
    from core.study import kit_tables as t  # noqa: PLC0415 - looking does without

    with database.transaction() as connection:
        count = t.rater_keys.select().with_only_columns(t.rater_keys.c.number)
        number = len(connection.execute(count).all()) + 1
        row = {**vars(key), "cost": cost_text(key.cost), "number": number}
        connection.execute(t.rater_keys.insert().values(**row))
        told = {"number": number, "public_key": key.public_key, "kept_sha256": kept_sha256(row)}
        append(connection, t.audit, action, **told, **values)


def record(database: Database, action: str, values: Mapping[str, Any]) -> None:
    """Put something on a kit's record, in a change of its own."""
    from core.study import kit_tables as t  # noqa: PLC0415

    with database.transaction() as connection:
        append(connection, t.audit, action, **values)
