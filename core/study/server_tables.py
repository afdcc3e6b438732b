"""The tables that a study has on a server alone, as core/study/migrations/server makes them.

A rater's role reads and writes its own rows of them through functions of the database (`served_rows`); it may
see no table, of these or of the study.
"""

from __future__ import annotations

import sqlalchemy as sa

from core.study.database import Kind

SERVER = Kind("study", 0x46525356, "server", "0002", damaged="")

metadata = sa.MetaData()

# the name that every transaction leaves which has changed something, drawn by the program that made it
commits = sa.Table("commits", metadata, sa.Column("commit_id", sa.Text, primary_key=True))
# the log-in that may fetch a kit; its files as they were dealt
served_kits = sa.Table(
    "served_kits",
    metadata,
    sa.Column("kit_id", sa.Text, primary_key=True),
    sa.Column("role_name", sa.Text, nullable=False),
)
served_files = sa.Table(
    "served_files",
    metadata,
    sa.Column("kit_id", sa.Text, primary_key=True),
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
# a state of a kit's file: head: its newest audit record; pages, sha256: how long the file is, and its hash
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("kit_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("head_sequence", sa.Integer, nullable=False),
    sa.Column("head_sha256", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
)
# what of the file has changed since the delivery before; of every page the newest counts
delivered_pages = sa.Table(
    "delivered_pages",
    metadata,
    sa.Column("kit_id", sa.Text, primary_key=True),
    sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
