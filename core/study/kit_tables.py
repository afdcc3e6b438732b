"""The tables of a kit's file, as core/study/migrations/kit makes them."""

from __future__ import annotations

import sqlalchemy as sa

from core.study.audit import audit_table

metadata = sa.MetaData()


def _case_column() -> sa.Column[str]:
    return sa.Column("alias", sa.Text, sa.ForeignKey("cases.alias"), primary_key=True)


# one row: whose kit this is; opens_utc: when the washout ends, where there is one; closes_signed: a signed
# case is not opened again, because it may come a second time; purpose: "reading", or "adjudication"
kit = sa.Table(
    "kit",
    metadata,
    sa.Column("kit_id", sa.Text, primary_key=True),
    sa.Column("study_id", sa.Text, nullable=False),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("opens_utc", sa.Text),
    sa.Column("closes_signed", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("purpose", sa.Text, nullable=False, server_default="reading"),
)
cases = sa.Table(
    "cases",
    metadata,
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False, unique=True),
    sa.Column("grid", sa.Text, nullable=False),
    sa.Column("step_index", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("training_round", sa.Integer, nullable=False, server_default="0"),
    sa.Column("field_t", sa.Float),
)
# role as in a protocol's steps; echoes are numbered from 1 and carry their echo time, others are number 0;
# step_index: the step that shows it; from 1 on the file is sealed under the key of that step
images = sa.Table(
    "images",
    metadata,
    _case_column(),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("te_ms", sa.Float),
    sa.Column("step_index", sa.Integer, nullable=False, server_default="0"),
)
marks = sa.Table(
    "marks",
    metadata,
    _case_column(),
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("prescribed", sa.Boolean, nullable=False),
    sa.Column("x_mm", sa.Float, nullable=False),
    sa.Column("y_mm", sa.Float, nullable=False),
    sa.Column("z_mm", sa.Float, nullable=False),
)
# about is "" for an answer about the case; value is JSON, so that 2, 2.0 and "2" come back as they were given
answers = sa.Table(
    "answers",
    metadata,
    _case_column(),
    sa.Column("question", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
)
# coverage: zlib over core.imaging.coverage.coverage_bytes; sha256: coverage_sha256 of the same;
# outlines: JSON of core.reading.roi_edits.outlines_list
rois = sa.Table(
    "rois",
    metadata,
    _case_column(),
    sa.Column("roi", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("colour", sa.Text, nullable=False),
    sa.Column("locked", sa.Boolean, nullable=False),
    sa.Column("coverage", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("outlines", sa.Text, nullable=False),
)
# about is "" for a ruler that measures nothing marked; ends are JSON, [x, y, z] in LPS mm
rulers = sa.Table(
    "rulers",
    metadata,
    _case_column(),
    sa.Column("ruler", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("step_index", sa.Integer, nullable=False),
    sa.Column("start_mm", sa.Text, nullable=False),
    sa.Column("end_mm", sa.Text, nullable=False),
)
# version 1 is the first signature of a case, each later one that of a correction; ed25519: over the record
signatures = sa.Table(
    "signatures",
    metadata,
    _case_column(),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("ed25519", sa.LargeBinary, nullable=False),
)
# why a signed case was opened again for the version that comes next
corrections = sa.Table(
    "corrections",
    metadata,
    _case_column(),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
)
# the newest one counts, and is empty where another password is to be chosen; sealed: the private key under
# the password, see core.study.rater_key
rater_keys = sa.Table(
    "rater_keys",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("cost", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
# the key of every case's later steps, as it lies there until the step before is locked; the one behind the
# last step is that of a training case's feedback, which signing releases
seals = sa.Table(
    "seals",
    metadata,
    _case_column(),
    sa.Column("step_index", sa.Integer, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)
# the same keys, released
released = sa.Table(
    "released",
    metadata,
    _case_column(),
    sa.Column("step_index", sa.Integer, primary_key=True),
    sa.Column("step_key", sa.LargeBinary, nullable=False),
)
# sealed: JSON of what a training case expects, or of what two raters said of a case that is adjudicated
training = sa.Table(
    "training",
    metadata,
    _case_column(),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
# of: "group" or "visit"; choice is empty where the rater does not know
guesses = sa.Table(
    "guesses",
    metadata,
    _case_column(),
    sa.Column("of", sa.Text, primary_key=True),
    sa.Column("choice", sa.Text),
)
# what two raters said of a case that is adjudicated, where the protocol has one step and so nothing is sealed
opinions = sa.Table(
    "opinions",
    metadata,
    _case_column(),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("first", sa.Text, nullable=False),
    sa.Column("second", sa.Text, nullable=False),
)
audit = audit_table(metadata)
