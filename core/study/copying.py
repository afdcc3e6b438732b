"""The rows of a study go from one database to another, and are compared there."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from core.errors import StoreError
from core.study import tables as t
from core.study.audit import canonical

_AT_ONCE = 200
# what numbers rows in the order of writing
_NUMBERS = ("sequence", "number")


def copy_rows(source: sa.Connection, target: sa.Connection) -> int:
    """Copy every row of a study, in the order they were written; return how many there are.

    Raises
    ------
    StoreError
        If a table of the target does not hold what that of the source holds.
    """
    place = sa.text("rowid" if source.dialect.name == "sqlite" else "ctid")
    rows = 0
    for table in t.metadata.sorted_tables:
        # a server fills the room that is free, so that rows lie there in the order of writing only mostly;
        # trails take their records in no other
        numbered = [column for column in table.primary_key if column.name in _NUMBERS]
        ordered = sa.select(table).order_by(*(table.primary_key.columns if numbered else (place,)))
        for some in source.execute(ordered).mappings().partitions(_AT_ONCE):
            target.execute(table.insert(), [dict(row) for row in some])
        before, after = _content(source, table), _content(target, table)
        if before != after:
            raise StoreError(
                f"the table {table.name} was not copied whole ({before[0]} rows, {after[0]} copied); "
                "the copy is given up"
            )
        rows += before[0]
    return rows


def _content(connection: sa.Connection, table: sa.Table) -> tuple[int, str]:
    """Return how many rows a table has and the SHA-256 of every value in them."""
    rows, whole = 0, hashlib.sha256()
    for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns)):
        values = [value.hex() if isinstance(value, bytes) else value for value in row]
        whole.update(canonical(values).encode() + b"\n")
        rows += 1
    return rows, whole.hexdigest()
