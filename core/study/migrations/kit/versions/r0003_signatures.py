"""The rater's key, signatures made with it, and corrections of what is signed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what a kit of the second schema has none of; a signature of its has no key behind it."""
    text, blob = sa.Text(), sa.LargeBinary()
    op.create_table(
        "rater_keys",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("public_key", text, nullable=False),
        sa.Column("salt", blob, nullable=False),
        sa.Column("cost", text, nullable=False),
        sa.Column("sealed", blob, nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("reason", text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.rename_table("signatures", "signatures_before")
    op.create_table(
        "signatures",
        sa.Column("alias", text, sa.ForeignKey("cases.alias"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("record", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("ed25519", blob, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO signatures SELECT alias, 1, record, sha256, x'' FROM signatures_before")
    op.execute("DROP TABLE signatures_before")
    for table in ("rater_keys", "corrections", "signatures"):
        for change in ("UPDATE", "DELETE"):
            _trigger(f"{table}_{change.lower()}", f"{change} ON {table}", "1", f"{table} cannot be changed")
    signed = "(SELECT count(*) FROM signatures WHERE alias = NEW.alias)"
    corrected = "(SELECT count(*) FROM corrections WHERE alias = NEW.alias)"
    _trigger(
        "corrections_insert", "INSERT ON corrections", f"NEW.version <> {signed} + 1",
        "only what is signed is corrected",
    )  # fmt: skip
    op.execute("DROP TRIGGER cases_update")
    _trigger(
        "cases_update", "UPDATE ON cases",
        f"OLD.status = 'signed' AND NOT (NEW.status = 'open' AND {corrected} = {signed})",
        "a signed case cannot change",
    )  # fmt: skip


def _trigger(name: str, when: str, condition: str, message: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
