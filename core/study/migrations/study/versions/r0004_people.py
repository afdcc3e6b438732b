"""People by name and role, each with a password."""

import sqlalchemy as sa
from alembic import op

from core.study.migrations.forever import keep_forever

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table of people; a study of the third schema has none."""
    text, blob = sa.Text(), sa.LargeBinary()
    op.create_table(
        "people",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", text, nullable=False),
        sa.Column("role", text, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("salt", blob, nullable=False),
        sa.Column("verifier", blob, nullable=False),
        sa.Column("cost", text, nullable=False),
    )
    keep_forever(("people",))
