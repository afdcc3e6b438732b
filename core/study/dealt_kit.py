"""Writing a kit's file: what was dealt becomes rows, and the first record of the chain covers them all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError
from core.reading.protocol import Protocol
from core.study import kit_tables as t
from core.study.audit import append, canonical
from core.study.database import KIT, Database
from core.study.dealt_case import DealtCase
from core.study.kit_changes import insert_mark
from core.study.kit_facts import SINCE, deal_values
from core.study.kit_state import grid_text
from core.study.sealing import feedback_about, opinions_about, seal, wrap
from core.study.washout import Washout

# 1 January 2000: every file of a kit is as old as every other, so that their times tell no order
_FILE_TIME = 946_684_800


@dataclass(frozen=True)
class Terms:
    """What a kit is dealt on.

    `closes_signed`: a signed case is not opened again. `purpose`: "reading", or "adjudication" of what two
    raters disagreed on.
    """

    kit_id: str
    rater: str
    session: int
    seed: str
    protocol: Protocol
    washout: Washout
    closes_signed: bool = False
    purpose: str = "reading"


def write_kit(path: Path, study_id: str, terms: Terms, cases: Sequence[DealtCase]) -> str:
    """Write the file of a kit; return the SHA-256 of its first audit record."""
    database = Database.create(path, KIT)
    try:
        with database.transaction() as connection:
            connection.execute(
                t.kit.insert().values(
                    kit_id=terms.kit_id,
                    study_id=study_id,
                    rater=terms.rater,
                    session=terms.session,
                    protocol=terms.protocol.text,
                    opens_utc=terms.washout.opens_utc,
                    closes_signed=terms.closes_signed,
                    purpose=terms.purpose,
                )
            )
            for case in cases:
                _insert_case(connection, terms, case)
            # a kit tells nothing of the coordinator's computer, not even how long it has run
            since = dict.fromkeys(SINCE, True)
            record = append(connection, t.audit, "deal", clock=None, **since, **deal_values(connection))
    finally:
        database.close()
    return record.sha256


def make_times_equal(folder: Path) -> None:
    """Give a folder and everything in it one time; StoreError where the system forbids it."""
    for path in (*folder.rglob("*"), folder):
        try:
            os.utime(path, (_FILE_TIME, _FILE_TIME))
        except OSError as error:
            raise StoreError(f"the times of the kit's files cannot be set ({error.strerror})") from error


def _insert_case(connection: sa.Connection, terms: Terms, case: DealtCase) -> None:
    alias = case.drawn.alias
    row: dict[str, Any] = {"alias": alias, "position": case.drawn.position, "grid": grid_text(case.grid)}
    row |= {"training_round": case.drawn.training_round, "field_t": case.field_t}
    connection.execute(t.cases.insert().values(**row, step_index=0, status="open", seconds=0.0))
    for picture in case.pictures:
        step = terms.protocol.first_shown(picture.role)
        values = {**vars(picture), "file": f"images/{alias}/{picture.file}", "step_index": step}
        connection.execute(t.images.insert().values(alias=alias, **values))
    for place, (mark, _) in enumerate(case.marks):
        insert_mark(connection, alias, mark, place)
    for step_index, key in case.keys.items():
        wrapped = wrap(key, terms.kit_id, alias, step_index)
        connection.execute(t.seals.insert().values(alias=alias, step_index=step_index, wrapped=wrapped))
    if case.drawn.training_round:
        text = canonical([vars(each) for each in case.expected])
        sealed = seal(text.encode(), case.keys[len(terms.protocol.steps)], feedback_about(alias))
        connection.execute(t.training.insert().values(alias=alias, sealed=sealed))
    last = len(terms.protocol.steps) - 1
    if case.opinions and last:
        text = canonical([vars(opinion) for opinion in case.opinions])
        sealed = seal(text.encode(), case.keys[last], opinions_about(alias))
        connection.execute(t.training.insert().values(alias=alias, sealed=sealed))
    for opinion in () if last else case.opinions:
        # where there is one step, they are shown from its beginning
        connection.execute(t.opinions.insert().values(alias=alias, **vars(opinion)))
