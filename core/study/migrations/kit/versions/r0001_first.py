"""The first schema of a kit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW_TABLES = ("answers", "marks", "rois", "rulers")


def upgrade() -> None:
    """Make the tables, and the triggers that keep what is signed."""
    _make_tables()
    for statement in _triggers():
        op.execute(statement)


def _make_tables() -> None:
    text, number, whole = sa.Text(), sa.Float(), sa.Integer()
    op.create_table(
        "kit",
        sa.Column("kit_id", text, primary_key=True),
        sa.Column("study_id", text, nullable=False),
        sa.Column("rater", text, nullable=False),
        sa.Column("session", whole, nullable=False),
        sa.Column("protocol", text, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("alias", text, primary_key=True),
        sa.Column("position", whole, nullable=False, unique=True),
        sa.Column("grid", text, nullable=False),
        sa.Column("step_index", whole, nullable=False),
        sa.Column("status", text, nullable=False),
        sa.Column("seconds", number, nullable=False),
        sa.CheckConstraint("status IN ('open', 'signed')", name="status_known"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "images",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("role", text, primary_key=True),
        sa.Column("number", whole, primary_key=True),
        sa.Column("file", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("te_ms", number),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "marks",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("mark", text, primary_key=True),
        sa.Column("kind", text, nullable=False),
        sa.Column("place", whole, nullable=False),
        sa.Column("prescribed", sa.Boolean, nullable=False),
        sa.Column("x_mm", number, nullable=False),
        sa.Column("y_mm", number, nullable=False),
        sa.Column("z_mm", number, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answers",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("question", text, primary_key=True),
        sa.Column("about", text, primary_key=True),
        sa.Column("value", text, nullable=False),
        sa.Column("seconds", number, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rois",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("roi", text, primary_key=True),
        sa.Column("kind", text, nullable=False),
        sa.Column("place", whole, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("colour", text, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("coverage", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("outlines", text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rulers",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("ruler", text, primary_key=True),
        sa.Column("place", whole, nullable=False),
        sa.Column("about", text, nullable=False),
        sa.Column("step_index", whole, nullable=False),
        sa.Column("start_mm", text, nullable=False),
        sa.Column("end_mm", text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signatures",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("record", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column("sequence", whole, primary_key=True, autoincrement=False),
        sa.Column("content", text, nullable=False),
        sa.Column("previous", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
    )


def _triggers() -> list[str]:
    told = []
    for table in ("audit", "signatures", "kit", "images"):
        for change in ("UPDATE", "DELETE"):
            told.append(_trigger(table, change, "1", f"{table} cannot be changed"))
    told.append(_trigger("cases", "DELETE", "1", "a case cannot be removed"))
    told.append(_trigger("cases", "UPDATE", "OLD.status = 'signed'", "a signed case cannot change"))
    for change in ("UPDATE", "DELETE"):
        told.append(_trigger("marks", change, "OLD.prescribed", "a prescribed mark cannot change", "_given"))
    for table in (*_ROW_TABLES, "images"):
        for change, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            signed = f"EXISTS (SELECT 1 FROM cases WHERE alias = {row}.alias AND status = 'signed')"
            told.append(
                _trigger(table, change, signed, "a signed case cannot change", f"_{row.lower()}_signed")
            )
    gap = "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)"
    told.append(_trigger("audit", "INSERT", gap, "audit records are numbered without gaps"))
    return told


def _trigger(table: str, change: str, when: str, message: str, suffix: str = "") -> str:
    name = f"{table}_{change.lower()}{suffix}"
    return (
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
