"""Triggers that keep rows from being changed or removed, in a file and on a server."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op


def keep_forever(tables: Iterable[str]) -> None:
    """Refuse every change and removal of rows; new ones are let in."""
    for table in tables:
        if _on_sqlite():
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} cannot be changed'); END"
                )
        else:
            op.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN RAISE EXCEPTION '% cannot be changed', TG_TABLE_NAME; END$$"
            )
            op.execute(
                f"CREATE TRIGGER {table}_forever BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def number_without_gaps(table: str) -> None:
    """Refuse a row whose sequence is not the next one."""
    told = f"{table} records are numbered without gaps"
    taken = f"NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM {table})"
    if _on_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} "
            f"WHEN {taken} BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION number_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN IF {taken} THEN RAISE EXCEPTION '{told}'; END IF; RETURN NEW; END$$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION number_{table}()"
    )


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
