"""Names of transactions, kits that raters fetch, and what comes back of them; each rater sees its own."""

import sqlalchemy as sa
from alembic import op

from core.study.migrations.forever import keep_forever

revision = "0001"
down_revision = None

_TABLES = ("commits", "served_kits", "served_files", "deliveries", "delivered_pages")
_OWN = "kit_id IN (SELECT kit_id FROM served_kits WHERE role_name = current_user::text)"


def upgrade() -> None:
    """Make the tables, and let a rater's role see its own rows of them, and nothing else."""
    _make_tables()
    keep_forever(_TABLES)
    # a database that was brought over from a server before version 15 lets everybody make tables there
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY own ON served_kits FOR SELECT USING (role_name = current_user::text)")
    op.execute(f"CREATE POLICY own ON served_files FOR SELECT USING ({_OWN})")
    for table in ("deliveries", "delivered_pages"):
        op.execute(f"CREATE POLICY own ON {table} FOR SELECT USING ({_OWN})")
        op.execute(f"CREATE POLICY own_given ON {table} FOR INSERT WITH CHECK ({_OWN})")
    op.execute("CREATE POLICY given ON commits FOR INSERT WITH CHECK (true)")
    op.execute("GRANT SELECT ON served_kits, served_files, deliveries, delivered_pages TO PUBLIC")
    op.execute("GRANT INSERT ON commits, deliveries, delivered_pages TO PUBLIC")


def _make_tables() -> None:
    text, whole, blob = sa.Text(), sa.Integer(), sa.LargeBinary()
    op.create_table("commits", sa.Column("commit_id", text, primary_key=True))
    op.create_table(
        "served_kits",
        sa.Column("kit_id", text, sa.ForeignKey("kits.kit_id"), primary_key=True),
        sa.Column("role_name", text, nullable=False),
    )
    op.create_table(
        "served_files",
        sa.Column("kit_id", text, sa.ForeignKey("served_kits.kit_id"), primary_key=True),
        sa.Column("file", text, primary_key=True),
        sa.Column("sha256", text, nullable=False),
        sa.Column("content", blob, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("kit_id", text, sa.ForeignKey("served_kits.kit_id"), primary_key=True),
        sa.Column("number", whole, primary_key=True, autoincrement=False),
        sa.Column("head_sequence", whole, nullable=False),
        sa.Column("head_sha256", text, nullable=False),
        sa.Column("pages", whole, nullable=False),
        sa.Column("sha256", text, nullable=False),
    )
    op.create_table(
        "delivered_pages",
        sa.Column("kit_id", text, primary_key=True),
        sa.Column("page", whole, primary_key=True, autoincrement=False),
        sa.Column("number", whole, primary_key=True, autoincrement=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("content", blob, nullable=False),
        sa.ForeignKeyConstraint(
            ["kit_id", "number"], ["deliveries.kit_id", "deliveries.number"], name="of_a_delivery"
        ),
    )
