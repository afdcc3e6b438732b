"""The first schema of a study."""

import sqlalchemy as sa
from alembic import op

from core.study.migrations.forever import keep_forever, number_without_gaps

revision = "0001"
down_revision = None

_FOREVER = (
    *("audit", "kit_audit", "kits", "kit_cases", "kit_marks", "protocols", "readings", "reading_rois"),
    "study",
)


def upgrade() -> None:
    """Make the tables, and the triggers that keep what stands forever."""
    _make_study_tables()
    _make_reading_tables()
    keep_forever(_FOREVER)
    number_without_gaps("audit")


def _make_study_tables() -> None:
    text, number, whole = sa.Text(), sa.Float(), sa.Integer()
    op.create_table(
        "study",
        sa.Column("study_id", text, primary_key=True),
        sa.Column("name", text, nullable=False),
        sa.Column("created_utc", text, nullable=False),
    )
    op.create_table(
        "subjects",
        sa.Column("subject", text, primary_key=True),
        sa.Column("group_name", text, nullable=False),
    )
    op.create_table(
        "scans",
        sa.Column("scan_id", text, primary_key=True),
        sa.Column("subject", text, sa.ForeignKey("subjects.subject"), nullable=False),
        sa.Column("visit", text, nullable=False),
        sa.Column("field_t", number, nullable=False),
        sa.Column("field_source", text, nullable=False),
        sa.Column("grid", text, nullable=False),
        sa.Column("facts", text, nullable=False),
        sa.UniqueConstraint("subject", "visit", "field_t", name="one_scan_per_visit_and_field"),
    )
    op.create_table(
        "sources",
        sa.Column("scan_id", text, sa.ForeignKey("scans.scan_id"), primary_key=True),
        sa.Column("path", text, primary_key=True),
        sa.Column("sha256", text, nullable=False),
    )
    op.create_table(
        "images",
        sa.Column("scan_id", text, sa.ForeignKey("scans.scan_id"), primary_key=True),
        sa.Column("role", text, primary_key=True),
        sa.Column("number", whole, primary_key=True),
        sa.Column("file", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("te_ms", number),
    )
    op.create_table(
        "targets",
        sa.Column("subject", text, sa.ForeignKey("subjects.subject"), primary_key=True),
        sa.Column("target", text, primary_key=True),
        sa.Column("kind", text, nullable=False),
        sa.Column("malignant", sa.Boolean),
        sa.Column("diameter_mm", number),
        sa.Column("x_mm", number),
        sa.Column("y_mm", number),
        sa.Column("z_mm", number),
    )
    op.create_table(
        "icpms",
        sa.Column("subject", text, sa.ForeignKey("subjects.subject"), primary_key=True),
        sa.Column("visit", text, primary_key=True),
        sa.Column("iron_ug_per_g", number, nullable=False),
    )
    op.create_table(
        "calibrations",
        sa.Column("field_t", number, primary_key=True),
        sa.Column("content", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
    )


def _make_reading_tables() -> None:
    text, number, whole = sa.Text(), sa.Float(), sa.Integer()
    op.create_table(
        "protocols",
        sa.Column("sha256", text, primary_key=True),
        sa.Column("id", text, nullable=False),
        sa.Column("version", text, nullable=False),
        sa.Column("content", text, nullable=False),
    )
    op.create_table(
        "kits",
        sa.Column("kit_id", text, primary_key=True),
        sa.Column("rater", text, nullable=False),
        sa.Column("session", whole, nullable=False),
        sa.Column("seed", text, nullable=False),
        sa.Column("protocol_sha256", text, sa.ForeignKey("protocols.sha256"), nullable=False),
        sa.Column("deal_sha256", text, nullable=False),
        sa.Column("dealt_utc", text, nullable=False),
        sa.UniqueConstraint("rater", "session", name="one_kit_per_rater_and_session"),
    )
    op.create_table(
        "kit_cases",
        sa.Column("kit_id", text, sa.ForeignKey("kits.kit_id"), primary_key=True),
        sa.Column("alias", text, primary_key=True, unique=True),
        sa.Column("position", whole, nullable=False),
        sa.Column("scan_id", text, sa.ForeignKey("scans.scan_id"), nullable=False),
        sa.Column("repeat_of", text, nullable=False),
        sa.Column("shift_x_mm", number, nullable=False),
        sa.Column("shift_y_mm", number, nullable=False),
        sa.Column("shift_z_mm", number, nullable=False),
    )
    op.create_table(
        "kit_marks",
        sa.Column("alias", text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
        sa.Column("mark", text, primary_key=True),
        sa.Column("target", text, nullable=False),
    )
    op.create_table(
        "readings",
        sa.Column("alias", text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
        sa.Column("record", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("collected_utc", text, nullable=False),
    )
    op.create_table(
        "reading_rois",
        sa.Column("alias", text, sa.ForeignKey("readings.alias"), primary_key=True),
        sa.Column("roi", text, primary_key=True),
        sa.Column("kind", text, nullable=False),
        sa.Column("coverage", sa.LargeBinary, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("outlines", text, nullable=False),
    )
    op.create_table(
        "kit_audit",
        sa.Column("kit_id", text, sa.ForeignKey("kits.kit_id"), primary_key=True),
        sa.Column("sequence", whole, primary_key=True),
        sa.Column("content", text, nullable=False),
        sa.Column("previous", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("sequence", whole, primary_key=True, autoincrement=False),
        sa.Column("content", text, nullable=False),
        sa.Column("previous", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
    )
