"""What keeps a session blinded: washout, steps that are sealed, training, guesses, adjudication."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_FOREVER = ("seals", "released", "training", "guesses", "opinions")


def upgrade() -> None:
    """Add what a kit of the first schema has none of."""
    op.add_column("kit", sa.Column("opens_utc", sa.Text))
    op.add_column("kit", sa.Column("closes_signed", sa.Boolean, nullable=False, server_default="0"))
    op.add_column("kit", sa.Column("purpose", sa.Text, nullable=False, server_default="reading"))
    op.add_column("cases", sa.Column("training_round", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("field_t", sa.Float))
    op.add_column("images", sa.Column("step_index", sa.Integer, nullable=False, server_default="0"))
    text, blob = sa.Text(), sa.LargeBinary()
    _of_case(
        "seals",
        sa.Column("step_index", sa.Integer, primary_key=True),
        sa.Column("wrapped", blob, nullable=False),
    )
    _of_case(
        "released",
        sa.Column("step_index", sa.Integer, primary_key=True),
        sa.Column("step_key", blob, nullable=False),
    )
    _of_case("training", sa.Column("sealed", blob, nullable=False))
    _of_case("guesses", sa.Column("of", text, primary_key=True), sa.Column("choice", text))
    _of_case(
        "opinions",
        sa.Column("item", text, primary_key=True),
        sa.Column("first", text, nullable=False),
        sa.Column("second", text, nullable=False),
    )
    for table in _FOREVER:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} cannot be changed'); END"
            )


def _of_case(name: str, *columns: sa.Column[Any]) -> None:
    case = sa.Column("alias", sa.Text, sa.ForeignKey("cases.alias"), primary_key=True)
    op.create_table(name, case, *columns, sqlite_with_rowid=False)
