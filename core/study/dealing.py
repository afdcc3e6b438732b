"""Dealing a kit: the study's scans under aliases, without anything that tells whose they are."""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.files import whole_folder
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.progress import Progress, Silent
from core.reading.protocol import Protocol
from core.study import kit_tables, tables
from core.study.audit import append, utc_now
from core.study.blinding import Drawn, draw, new_seed
from core.study.database import KIT, Database, refuse_network_drive
from core.study.kit import FILE_NAME
from core.study.kit_state import grid_text
from core.study.pictures import Picture, volumes_of, write_pictures
from core.study.store import Study
from core.study.verifying import deal_values

# 1 January 2000: every file of a kit is as old as every other, so that their times tell no order
_FILE_TIME = 946_684_800


@dataclass(frozen=True)
class Deal:
    """What was dealt."""

    kit_id: str
    path: Path
    rater: str
    session: int
    cases: int
    repeats: int


@dataclass(frozen=True)
class _Case:
    drawn: Drawn
    shift_mm: tuple[float, float, float]
    grid: Geometry
    pictures: list[Picture]


def deal_kit(
    study: Study,
    rater: str,
    session: int,
    protocol: Protocol,
    out: Path,
    *,
    seed: str | None = None,
    repeat_fraction: float = 0.0,
    progress: Progress | None = None,
) -> Deal:
    """Make a rater's kit of all scans and note it in the study.

    Parameters
    ----------
    study : Study
        The study.
    rater, session
        For whom, and which round of reading, from 1.
    protocol : Protocol
        What is asked; its text goes into the kit.
    out : Path
        The kit's folder, which must not exist.
    seed : str, optional
        From which order and aliases are drawn; unguessable if not given. Recorded in the study only.
    repeat_fraction : float
        Share of scans that come twice.
    progress : Progress, optional
        Told after every case; cancelled() stops with InputError and leaves nothing behind.

    Raises
    ------
    InputError
        If this rater has a kit for this session, the study has no scans, or `out` exists.
    StoreError
        If a picture of the study is missing or was altered, or nothing can be written.
    """
    progress = progress or Silent()
    rater = " ".join(rater.split())
    if not rater or session < 1:
        raise InputError("a kit needs a rater's name and a session from 1; give --rater and --session")
    _refuse_dealt(study, rater, session)
    refuse_network_drive(out)
    seed = new_seed() if seed is None else seed
    with study.database.transaction() as connection:
        taken = set(connection.execute(sa.select(tables.kit_cases.c.alias)).scalars())
    drawn = draw(
        [scan.scan_id for scan in study.scans()],
        seed=seed, rater=rater, session=session, repeat_fraction=repeat_fraction, taken=taken,
    )  # fmt: skip
    kit_id = uuid.uuid4().hex
    with whole_folder(out) as draft:
        cases = []
        for done, case in enumerate(sorted(drawn, key=lambda case: case.alias)):
            if progress.cancelled():
                raise InputError("dealing the kit was stopped; nothing was kept")
            progress.report(done / len(drawn), "dealing the kit")
            cases.append(_write_case(study, case, protocol, draft))
        deal_sha256 = _write_kit(draft / FILE_NAME, study, kit_id, rater, session, protocol, cases)
        _make_times_equal(draft)
    try:
        _note(study, kit_id, rater, session, seed, protocol, deal_sha256, cases)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)  # a kit the study does not know could never be collected
        raise
    repeats = sum(1 for case in drawn if case.repeat_of)
    return Deal(kit_id, out, rater, session, len(drawn), repeats)


def _refuse_dealt(study: Study, rater: str, session: int) -> None:
    for kit in study.kits():
        if kit.rater.casefold() == rater.casefold() and kit.session == session:
            raise InputError(
                f"{kit.rater} has a kit for session {session} already; its order is drawn once. "
                "Give a new --session for another round"
            )


def _write_case(study: Study, drawn: Drawn, protocol: Protocol, draft: Path) -> _Case:
    images = study.images(drawn.scan_id)
    grid = images.echoes.geometry
    # the scanner's origin could tell which visit a case is: every case is centred on 0
    centre = grid.to_mm((np.asarray(grid.shape) - 1) / 2)
    shift = (-float(centre[0]), -float(centre[1]), -float(centre[2]))
    shown = {role for step in protocol.steps for role in step.shows}
    folder = draft / "images" / drawn.alias
    folder.mkdir(parents=True)
    moved = [
        (role, number, te_ms, Volume(volume.data, volume.geometry.moved(shift)))
        for role, number, te_ms, volume in volumes_of(images)
        if role in shown
    ]
    return _Case(drawn, shift, grid.moved(shift), write_pictures(folder, moved))


def _write_kit(
    path: Path, study: Study, kit_id: str, rater: str, session: int, protocol: Protocol, cases: list[_Case]
) -> str:
    t = kit_tables
    database = Database.create(path, KIT)
    try:
        with database.transaction() as connection:
            connection.execute(
                t.kit.insert().values(
                    kit_id=kit_id,
                    study_id=study.study_id,
                    rater=rater,
                    session=session,
                    protocol=protocol.text,
                )
            )
            for case in cases:
                _insert_case(connection, case)
            record = append(connection, t.audit, "deal", **deal_values(connection))
    finally:
        database.close()
    return record.sha256


def _insert_case(connection: sa.Connection, case: _Case) -> None:
    alias = case.drawn.alias
    row: dict[str, Any] = {"alias": alias, "position": case.drawn.position, "grid": grid_text(case.grid)}
    connection.execute(kit_tables.cases.insert().values(**row, step_index=0, status="open", seconds=0.0))
    for picture in case.pictures:
        file = f"images/{alias}/{picture.file}"
        connection.execute(kit_tables.images.insert().values(alias=alias, **{**vars(picture), "file": file}))


def _make_times_equal(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        try:
            os.utime(path, (_FILE_TIME, _FILE_TIME))
        except OSError as error:
            raise StoreError(f"the times of the kit's files cannot be set ({error.strerror})") from error


def _note(
    study: Study,
    kit_id: str,
    rater: str,
    session: int,
    seed: str,
    protocol: Protocol,
    deal_sha256: str,
    cases: list[_Case],
) -> None:
    t = tables
    with study.database.transaction() as connection:
        known = sa.select(t.protocols.c.sha256).where(t.protocols.c.sha256 == protocol.sha256)
        if connection.execute(known).first() is None:
            row = {"sha256": protocol.sha256, "id": protocol.id, "version": protocol.version}
            connection.execute(t.protocols.insert().values(**row, content=protocol.text))
        connection.execute(
            t.kits.insert().values(
                kit_id=kit_id,
                rater=rater,
                session=session,
                seed=seed,
                protocol_sha256=protocol.sha256,
                deal_sha256=deal_sha256,
                dealt_utc=utc_now(),
            )
        )
        for case in cases:
            x, y, z = case.shift_mm
            connection.execute(
                t.kit_cases.insert().values(
                    kit_id=kit_id, **vars(case.drawn), shift_x_mm=x, shift_y_mm=y, shift_z_mm=z
                )
            )
        append(connection, t.audit, "deal", kit=kit_id, rater=rater, session=session, seed=seed,
               protocol_sha256=protocol.sha256, deal_sha256=deal_sha256, cases=len(cases))  # fmt: skip
