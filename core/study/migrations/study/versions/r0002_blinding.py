"""What keeps a study blinded: the coordinator's password, and the washout that each kit was dealt on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_FOREVER = ("passwords",)


def upgrade() -> None:
    """Add what a study of the first schema has none of."""
    op.add_column("kits", sa.Column("washout_days", sa.Float))
    op.add_column("kits", sa.Column("waited_days", sa.Float))
    op.add_column("kits", sa.Column("washout_reason", sa.Text, nullable=False, server_default=""))
    op.add_column("readings", sa.Column("after_key", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "passwords",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("verifier", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in _FOREVER:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} cannot be changed'); END"
                )
