"""The tables of a study's file, as core/study/migrations/study makes them."""

from __future__ import annotations

import sqlalchemy as sa

from core.study.audit import audit_table

metadata = sa.MetaData()

# one row: the study itself
study = sa.Table(
    "study",
    metadata,
    sa.Column("study_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_utc", sa.Text, nullable=False),
)
subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("group_name", sa.Text, nullable=False),
)
# facts: JSON of what the maps were made with (noise, estimator, R2*_0, calibration)
scans = sa.Table(
    "scans",
    metadata,
    sa.Column("scan_id", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, sa.ForeignKey("subjects.subject"), nullable=False),
    sa.Column("visit", sa.Text, nullable=False),
    sa.Column("field_t", sa.Float, nullable=False),
    sa.Column("field_source", sa.Text, nullable=False),
    sa.Column("grid", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.UniqueConstraint("subject", "visit", "field_t", name="one_scan_per_visit_and_field"),
)
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("scan_id", sa.Text, sa.ForeignKey("scans.scan_id"), primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
)
# file is relative to the study's folder
images = sa.Table(
    "images",
    metadata,
    sa.Column("scan_id", sa.Text, sa.ForeignKey("scans.scan_id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("te_ms", sa.Float),
)
targets = sa.Table(
    "targets",
    metadata,
    sa.Column("subject", sa.Text, sa.ForeignKey("subjects.subject"), primary_key=True),
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("malignant", sa.Boolean),
    sa.Column("diameter_mm", sa.Float),
    sa.Column("x_mm", sa.Float),
    sa.Column("y_mm", sa.Float),
    sa.Column("z_mm", sa.Float),
)
icpms = sa.Table(
    "icpms",
    metadata,
    sa.Column("subject", sa.Text, sa.ForeignKey("subjects.subject"), primary_key=True),
    sa.Column("visit", sa.Text, primary_key=True),
    sa.Column("iron_ug_per_g", sa.Float, nullable=False),
)
# content: the calibration's JSON; one per field
calibrations = sa.Table(
    "calibrations",
    metadata,
    sa.Column("field_t", sa.Float, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
)
protocols = sa.Table(
    "protocols",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
# deal_sha256: hash of the first record of the kit's chain, which covers cases, pictures and protocol;
# washout_days, waited_days: what was asked and what had passed at dealing, where there was a session before
kits = sa.Table(
    "kits",
    metadata,
    sa.Column("kit_id", sa.Text, primary_key=True),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("protocol_sha256", sa.Text, sa.ForeignKey("protocols.sha256"), nullable=False),
    sa.Column("deal_sha256", sa.Text, nullable=False),
    sa.Column("dealt_utc", sa.Text, nullable=False),
    sa.Column("washout_days", sa.Float),
    sa.Column("waited_days", sa.Float),
    sa.Column("washout_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("purpose", sa.Text, nullable=False, server_default="reading"),
    sa.UniqueConstraint("rater", "session", name="one_kit_per_rater_and_session"),
)
# the key: shift_* was added to the scan's LPS mm in the kit
kit_cases = sa.Table(
    "kit_cases",
    metadata,
    sa.Column("kit_id", sa.Text, sa.ForeignKey("kits.kit_id"), primary_key=True),
    sa.Column("alias", sa.Text, primary_key=True, unique=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("scan_id", sa.Text, sa.ForeignKey("scans.scan_id"), nullable=False),
    sa.Column("repeat_of", sa.Text, nullable=False),
    sa.Column("shift_x_mm", sa.Float, nullable=False),
    sa.Column("shift_y_mm", sa.Float, nullable=False),
    sa.Column("shift_z_mm", sa.Float, nullable=False),
    sa.Column("training_round", sa.Integer, nullable=False, server_default="0"),
)
# which target of its subject each mark is that a kit was dealt with
kit_marks = sa.Table(
    "kit_marks",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, nullable=False),
)
# record: the signature's canonical text; ed25519: over it; after_key: collected when the key had been shown
readings = sa.Table(
    "readings",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("collected_utc", sa.Text, nullable=False),
    sa.Column("after_key", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("ed25519", sa.LargeBinary),
)
reading_rois = sa.Table(
    "reading_rois",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("readings.alias"), primary_key=True),
    sa.Column("roi", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("coverage", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("outlines", sa.Text, nullable=False),
)
# readings that correct what was signed before; the first version stays where it is
later_readings = sa.Table(
    "later_readings",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("readings.alias"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("ed25519", sa.LargeBinary, nullable=False),
    sa.Column("collected_utc", sa.Text, nullable=False),
    sa.Column("after_key", sa.Boolean, nullable=False),
)
later_rois = sa.Table(
    "later_rois",
    metadata,
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("roi", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("coverage", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("outlines", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(
        ["alias", "version"], ["later_readings.alias", "later_readings.version"], name="of_a_reading"
    ),
)
# the collected kits' own audit trails
kit_audit = sa.Table(
    "kit_audit",
    metadata,
    sa.Column("kit_id", sa.Text, sa.ForeignKey("kits.kit_id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
)
# whose scans are for training alone, and what is expected of their readings; value: JSON
training_subjects = sa.Table(
    "training_subjects",
    metadata,
    sa.Column("subject", sa.Text, sa.ForeignKey("subjects.subject"), primary_key=True),
)
training_answers = sa.Table(
    "training_answers",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("subject", sa.Text, sa.ForeignKey("subjects.subject"), nullable=False),
    sa.Column("visit", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("tolerance", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
# how much of what a training case expected was met
training_results = sa.Table(
    "training_results",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("readings.alias"), primary_key=True),
    sa.Column("met", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
)
# what a rater believed a case to be, of group and visit; choice is empty where they did not know
kit_guesses = sa.Table(
    "kit_guesses",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
    sa.Column("of", sa.Text, primary_key=True),
    sa.Column("choice", sa.Text),
)
# why a case was sent to a third rater: the readings that disagreed, and on what
adjudications = sa.Table(
    "adjudications",
    metadata,
    sa.Column("alias", sa.Text, sa.ForeignKey("kit_cases.alias"), primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("first_alias", sa.Text, sa.ForeignKey("readings.alias"), nullable=False),
    sa.Column("second_alias", sa.Text, sa.ForeignKey("readings.alias"), nullable=False),
    sa.Column("first", sa.Text, nullable=False),
    sa.Column("second", sa.Text, nullable=False),
)
# the newest one counts; verifier: Argon2id of the password, scrypt where cost is ""
passwords = sa.Table(
    "passwords",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("verifier", sa.LargeBinary, nullable=False),
    sa.Column("cost", sa.Text, nullable=False, server_default=""),
)
# a row for each change of a person; the newest of a name counts. verifier: Argon2id of the password, which
# is `own` where the person chose it
people = sa.Table(
    "people",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("own", sa.Boolean, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("verifier", sa.LargeBinary, nullable=False),
    sa.Column("cost", sa.Text, nullable=False),
)
audit = audit_table(metadata)
