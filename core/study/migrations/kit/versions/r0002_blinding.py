"""What keeps a session blinded: when the kit opens, and whether a signed case closes for good."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what a kit of the first schema has none of."""
    op.add_column("kit", sa.Column("opens_utc", sa.Text))
    op.add_column("kit", sa.Column("closes_signed", sa.Boolean, nullable=False, server_default="0"))
