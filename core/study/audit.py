"""The audit chain: what was done, in order, each record bound to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import StoreError
from core.study import clock

if TYPE_CHECKING:
    import sqlalchemy as sa

START = "0" * 64  # what the first record is bound to
_FAR_S = 2e11  # in the year 8307: of later ones no calendar is known here
# by action, what its records are relied on for: a name, and whether what stands there will do
Needed = Mapping[str, Mapping[str, Callable[[Any], bool]]]


@dataclass(frozen=True)
class Record:
    """One line of the audit trail; `content` is the text that was hashed."""

    sequence: int
    content: str
    previous: str
    sha256: str

    @property
    def values(self) -> dict[str, Any]:
        """What the content says; ValueError where that is no JSON."""
        found = from_json(self.content)
        return found if isinstance(found, dict) else {}

    @property
    def moment(self) -> clock.Moment:
        """When it was written, and how long the computer had run; StoreError where it does not tell."""
        return moment_of(values_if_any(self))


def values_if_any(record: Record) -> dict[str, Any]:
    """Return what a record says; nothing where it is of a damaged file and cannot be read."""
    try:
        return record.values
    except (TypeError, ValueError):
        return {}


def moment_of(values: Mapping[str, Any]) -> clock.Moment:
    """Return when a record was written from its values; StoreError where they do not tell."""
    try:
        run, running_s = values.get("clock") or ("", 0.0)
        found = clock.Moment(values["at"], str(run), float(running_s))
        if not (abs(clock.seconds_of(found.utc)) < _FAR_S and abs(found.running_s) < _FAR_S):
            raise ValueError(found)
        return found
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise StoreError("an audit record does not tell when it was written") from error


def canonical(values: Any) -> str:
    """Return values as JSON that is the same for the same values: sorted names, no spaces, no NaN."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def from_json(text: str | bytes) -> Any:
    """Return what JSON says that anybody may have written; ValueError or TypeError where it is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def utc_now() -> str:
    """Return the time as ISO 8601 in UTC, to the millisecond."""
    return clock.moment().utc


def audit_table(metadata: sa.MetaData) -> sa.Table:
    """Return the audit table, the same in studies and kits."""
    import sqlalchemy as sa  # noqa: PLC0415 - what a chain says is read without it

    return sa.Table(
        "audit",
        metadata,
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )


def append(connection: sa.Connection, table: sa.Table, action: str, **values: Any) -> Record:
    """Add a record to the chain, in the caller's transaction.

    Who is logged in stands in it as `actor`, where a study has people. The clock stands in it too, beside
    how long the computer has run, but orders nothing: the sequence number does.
    """
    last = head(connection, table)
    sequence = last.sequence + 1 if last else 1
    previous = last.sha256 if last else START
    now = clock.moment()
    if actor := connection.info.get("actor"):
        values["actor"] = actor
    content = canonical({"action": action, "at": now.utc, "clock": [now.run, now.running_s], **values})
    record = Record(sequence, content, previous, _bound(sequence, content, previous))
    connection.execute(table.insert().values(**vars(record)))
    return record


def head(connection: sa.Connection, table: sa.Table) -> Record | None:
    """Return the newest record, or None."""
    row = connection.execute(table.select().order_by(table.c.sequence.desc()).limit(1)).first()
    return None if row is None else Record(**row._mapping)


def checked(connection: sa.Connection, table: sa.Table) -> Iterator[Record]:
    """Yield the records of a trail in order, each one verified as `verified` does."""
    rows = connection.execute(table.select().order_by(table.c.sequence))
    return verified(Record(**row._mapping) for row in rows)


def verified(records: Iterable[Record]) -> Iterator[Record]:
    """Yield records in their order, each one verified.

    Raises
    ------
    StoreError
        At the first record that is missing, out of order or altered; the message names it.
    """
    previous, expected = START, 1
    for record in records:
        if record.sequence != expected:
            raise StoreError(f"audit record {expected} is missing")
        if not _follows(record, previous):
            raise StoreError(f"audit record {expected} was altered")
        yield record
        previous, expected = record.sha256, expected + 1


def broken_at(records: Sequence[Record]) -> int | None:
    """Return the number of the first record that is missing or was altered, None where there is none."""
    previous = START
    for expected, record in enumerate(records, start=1):
        if record.sequence != expected or not _follows(record, previous):
            return expected
        previous = record.sha256
    return None


def is_whole(record: Record) -> bool:
    """Tell whether a record says what was written in it; of those beside it nothing is asked."""
    return record.sha256 == _bound(record.sequence, record.content, record.previous)


def refuse_odd(records: Sequence[Record], needed: Needed, trail: Callable[[], Iterable[Record]]) -> None:
    """Raise StoreError where a record does not say what was written in it, or what others rely on.

    Parameters
    ----------
    records : sequence of Record
        Those of a trail that are looked at.
    needed : Needed
        A chain that was computed anew around other values is whole, too.
    trail : callable
        Gives all records in their order: the first that is broken may be another one, and is named.
    """
    odd = next((record for record in records if not _holds(record, needed)), None)
    if odd is not None:
        list(verified(trail()))
        raise StoreError(f"audit record {odd.sequence} was altered")


def is_text(value: Any) -> bool:
    """Tell whether a value of a record is a text."""
    return isinstance(value, str)


def are_texts(value: Any) -> bool:
    """Tell whether a value of a record is a list of texts."""
    return isinstance(value, list) and all(map(is_text, value))


def _holds(record: Record, needed: Needed) -> bool:
    values = values_if_any(record)
    try:
        moment_of(values)
        canonical(values).encode()
    except (StoreError, ValueError):
        return False
    action = str(values.get("action"))
    return (
        is_whole(record)
        and is_text(values.get("alias", ""))
        # as records are looked for
        and record.content.startswith(f'{{"action":"{action}",')
        and all(will_do(values.get(name)) for name, will_do in needed.get(action, {}).items())
    )


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _follows(record: Record, previous: str) -> bool:
    return record.previous == previous and is_whole(record)


def _bound(sequence: int, content: str, previous: str) -> str:
    return digest(f"{sequence}\n{previous}\n{content}")
