"""What keeps a study blinded: password, washout, training, guesses, adjudication."""

import sqlalchemy as sa
from alembic import op

from core.study.migrations.forever import keep_forever

revision = "0002"
down_revision = "0001"

_FOREVER = ("passwords", "training_results", "kit_guesses", "adjudications")


def upgrade() -> None:
    """Add what a study of the first schema has none of."""
    _add_columns()
    _make_tables()
    keep_forever(_FOREVER)


def _add_columns() -> None:
    for table, column in (
        ("kits", sa.Column("washout_days", sa.Float)),
        ("kits", sa.Column("waited_days", sa.Float)),
        ("kits", sa.Column("washout_reason", sa.Text, nullable=False, server_default="")),
        ("kits", sa.Column("purpose", sa.Text, nullable=False, server_default="reading")),
        ("kit_cases", sa.Column("training_round", sa.Integer, nullable=False, server_default="0")),
        ("readings", sa.Column("after_key", sa.Boolean, nullable=False, server_default="0")),
    ):
        op.add_column(table, column)


def _make_tables() -> None:
    text, number, whole = sa.Text(), sa.Float(), sa.Integer()
    op.create_table(
        "passwords",
        sa.Column("number", whole, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("verifier", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "training_subjects",
        sa.Column("subject", text, sa.ForeignKey("subjects.subject"), primary_key=True),
    )
    op.create_table(
        "training_answers",
        sa.Column("number", whole, primary_key=True, autoincrement=False),
        sa.Column("subject", text, sa.ForeignKey("subjects.subject"), nullable=False),
        sa.Column("visit", text, nullable=False),
        sa.Column("target", text, nullable=False),
        sa.Column("question", text, nullable=False),
        sa.Column("value", text, nullable=False),
        sa.Column("tolerance", number, nullable=False),
        sa.Column("text", text, nullable=False),
    )
    op.create_table(
        "training_results",
        sa.Column("alias", text, sa.ForeignKey("readings.alias"), primary_key=True),
        sa.Column("met", whole, nullable=False),
        sa.Column("total", whole, nullable=False),
    )
    op.create_table(
        "kit_guesses",
        sa.Column("alias", text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
        sa.Column("of", text, primary_key=True),
        sa.Column("choice", text),
    )
    op.create_table(
        "adjudications",
        sa.Column("alias", text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
        sa.Column("item", text, primary_key=True),
        sa.Column("first_alias", text, sa.ForeignKey("readings.alias"), nullable=False),
        sa.Column("second_alias", text, sa.ForeignKey("readings.alias"), nullable=False),
        sa.Column("first", text, nullable=False),
        sa.Column("second", text, nullable=False),
    )
