"""Signatures made with a rater's key, corrected readings, and what a guess of a password costs."""

import sqlalchemy as sa
from alembic import op

from core.study.migrations.forever import keep_forever

revision = "0003"
down_revision = "0002"

_FOREVER = ("later_readings", "later_rois")


def upgrade() -> None:
    """Add what a study of the second schema has none of."""
    text, whole, blob = sa.Text(), sa.Integer(), sa.LargeBinary()
    op.add_column("readings", sa.Column("ed25519", blob))
    op.add_column("passwords", sa.Column("cost", text, nullable=False, server_default=""))
    op.create_table(
        "later_readings",
        sa.Column("alias", text, sa.ForeignKey("readings.alias"), primary_key=True),
        sa.Column("version", whole, primary_key=True),
        sa.Column("reason", text, nullable=False),
        sa.Column("record", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("ed25519", blob, nullable=False),
        sa.Column("collected_utc", text, nullable=False),
        sa.Column("after_key", sa.Boolean, nullable=False),
    )
    op.create_table(
        "later_rois",
        sa.Column("alias", text, primary_key=True),
        sa.Column("version", whole, primary_key=True),
        sa.Column("roi", text, primary_key=True),
        sa.Column("kind", text, nullable=False),
        sa.Column("coverage", blob, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("outlines", text, nullable=False),
        sa.ForeignKeyConstraint(
            ["alias", "version"], ["later_readings.alias", "later_readings.version"], name="of_a_reading"
        ),
    )
    keep_forever(_FOREVER)
