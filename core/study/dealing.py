"""Dealing a kit: the study's scans under aliases, without anything that tells whose they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.errors import InputError, StoreError
from core.files import whole_folder
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.progress import Progress, Silent
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS
from core.reading.reading import Mark
from core.study import kit_tables, tables
from core.study.audit import append, utc_now
from core.study.blinding import Drawn, draw, new_seed
from core.study.database import KIT, Database, refuse_network_drive
from core.study.kit import FILE_NAME
from core.study.kit_changes import insert_mark
from core.study.kit_state import grid_text
from core.study.pictures import Picture, volumes_of, write_pictures
from core.study.records import Scan, Target
from core.study.store import Study
from core.study.tells import tells
from core.study.verifying import deal_values
from core.study.washout import Washout, agree_washout

# 1 January 2000: every file of a kit is as old as every other, so that their times tell no order
_FILE_TIME = 946_684_800
_MOST_NAMED = 5


@dataclass(frozen=True)
class Deal:
    """What was dealt."""

    kit_id: str
    path: Path
    rater: str
    session: int
    cases: int
    repeats: int
    tells: tuple[str, ...]  # for the coordinator alone: what tells visits or groups apart
    outside: tuple[str, ...] = ()  # for the coordinator alone: prescribed targets that some cases do not show


@dataclass(frozen=True)
class _Terms:
    """What a kit is dealt on."""

    kit_id: str
    rater: str
    session: int
    seed: str
    protocol: Protocol
    washout: Washout
    closes_signed: bool


@dataclass(frozen=True)
class _Case:
    drawn: Drawn
    shift_mm: tuple[float, float, float]
    grid: Geometry
    pictures: list[Picture]
    marks: tuple[tuple[Mark, str], ...] = ()  # set by the study, each with the target it stands for


def deal_kit(
    study: Study,
    rater: str,
    session: int,
    protocol: Protocol,
    out: Path,
    *,
    seed: str | None = None,
    repeat_fraction: float = 0.0,
    share: float = 1.0,
    washout_days: float | None = None,
    reason: str = "",
    password: str = "",
    leave_outside: bool = False,
    progress: Progress | None = None,
) -> Deal:
    """Make a rater's kit of the study's scans and note it in the study.

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
        Share of scans that come twice; in such a kit no signed case is opened again.
    share : float
        Share of the study's scans that are dealt, drawn anew: a later session may repeat some.
    washout_days : float, optional
        Days that must lie between this rater's sessions, the protocol's if not given; fewer than the
        protocol asks for need a reason and the password.
    reason, password : str
        Why the washout is cut short, which is recorded, and the coordinator's password.
    leave_outside : bool
        Deal cases without those prescribed targets that lie outside their scan, and record which; else
        such a target refuses the deal.
    progress : Progress, optional
        Told after every case; cancelled() stops with InputError and leaves nothing behind.

    Raises
    ------
    InputError
        If this rater has a kit for this session, another session is not all collected or was read less than
        the washout ago (`core.study.washout`), the washout or a share is out of range, the study has no
        scans, `out` exists, or a target that the protocol prescribes has no centre or lies outside the
        multi-echo series of a scan; target and scan are named.
    StoreError
        If a picture of the study is missing or was altered, or nothing can be written.
    """
    progress = progress or Silent()
    rater = " ".join(rater.split())
    if not rater or session < 1:
        raise InputError("a kit needs a rater's name and a session from 1; give --rater and --session")
    _refuse_dealt(study, rater, session)
    washout = agree_washout(
        study, rater, session, protocol, days=washout_days, reason=reason, password=password
    )
    refuse_network_drive(out)
    seed = new_seed() if seed is None else seed
    with study.database.transaction() as connection:
        taken = set(connection.execute(sa.select(tables.kit_cases.c.alias)).scalars())
    scans = study.scans()
    drawn = draw(
        [scan.scan_id for scan in scans],
        seed=seed,
        rater=rater,
        session=session,
        repeat_fraction=repeat_fraction,
        share=share,
        taken=taken,
    )
    terms = _Terms(uuid.uuid4().hex, rater, session, seed, protocol, washout, repeat_fraction > 0)
    shown, chosen = _shown_iron(study), {case.scan_id for case in drawn}
    dealt = [scan for scan in scans if scan.scan_id in chosen]
    given, outside = _inside(study, dealt, _prescribed(study, protocol))
    if outside and not leave_outside:
        raise InputError(_outside_told(outside))
    with whole_folder(out, result=False) as draft:
        cases = []
        for done, case in enumerate(sorted(drawn, key=lambda case: case.alias)):
            if progress.cancelled():
                raise InputError("dealing the kit was stopped; nothing was kept")
            progress.report(done / len(drawn), "dealing the kit")
            written = _write_case(study, case, protocol, draft, shown)
            cases.append(_with_marks(written, given[case.scan_id], seed))
        deal_sha256 = _write_kit(draft / FILE_NAME, study, terms, cases)
        _make_times_equal(draft)
    try:
        _note(study, terms, deal_sha256, cases, outside)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)  # a kit the study does not know could never be collected
        raise
    repeats = sum(1 for case in drawn if case.repeat_of)
    told = tells(study.looks(), scans)
    return Deal(terms.kit_id, out, rater, session, len(drawn), repeats, told, tuple(outside))


def _refuse_dealt(study: Study, rater: str, session: int) -> None:
    for kit in study.kits():
        if kit.rater.casefold() == rater.casefold() and kit.session == session:
            raise InputError(
                f"{kit.rater} has a kit for session {session} already; its order is drawn once. "
                "Give a new --session for another round"
            )


def _shown_iron(study: Study) -> dict[str, float]:
    """Return by scan what is added to its iron map, in ug/g, before a rater sees it.

    A study takes R2*_0 from each subject's own baseline. Whoever has R2* and iron of a case can work R2*_0
    out, and so tell which cases are one subject's; and a voxel of exactly 0 would tell a baseline visit. So
    a kit's maps all count from one R2*_0 per field, a round number near the subjects' mean. What is
    reported comes from the study's own maps.
    """
    starts: dict[float, dict[str, float]] = {}
    slopes: dict[str, tuple[float, float, float]] = {}
    for scan in study.scans():
        facts = study.images(scan.scan_id).facts
        if "r2star0_per_s" in facts and "iron_ug_per_g_per_r2star" in facts:
            start, slope = float(str(facts["r2star0_per_s"])), float(str(facts["iron_ug_per_g_per_r2star"]))
            starts.setdefault(scan.field_t, {})[scan.subject] = start
            slopes[scan.scan_id] = (scan.field_t, start, slope)
    common = {field: round(float(np.mean(list(each.values()))), 1) for field, each in starts.items()}
    return {scan_id: (start - common[field]) * slope for scan_id, (field, start, slope) in slopes.items()}


def _write_case(
    study: Study, drawn: Drawn, protocol: Protocol, draft: Path, shown_iron: dict[str, float]
) -> _Case:
    images = study.images(drawn.scan_id)
    grid = images.echoes.geometry
    # the scanner's origin could tell which visit a case is: every case is centred on 0
    centre = grid.to_mm((np.asarray(grid.shape) - 1) / 2)
    shift = (-float(centre[0]), -float(centre[1]), -float(centre[2]))
    shown = {role for step in protocol.steps for role in step.shows}
    folder = draft / "images" / drawn.alias
    folder.mkdir(parents=True)
    moved = [
        (role, number, te_ms, Volume(_shown(role, volume, shown_iron, drawn), volume.geometry.moved(shift)))
        for role, number, te_ms, volume in volumes_of(images)
        if role in shown
    ]
    return _Case(drawn, shift, grid.moved(shift), write_pictures(folder, moved))


def _prescribed(study: Study, protocol: Protocol) -> dict[str, list[Target]]:
    """Return by subject the targets that raters are to judge."""
    targets = [target for target in study.targets() if target.kind in protocol.prescribed]
    for kind in protocol.prescribed:
        if not any(target.kind == kind for target in targets):
            raise InputError(
                f"the protocol prescribes each {kind}, and the reference standard has none; "
                "give it with `study add --reference`"
            )
    found: dict[str, list[Target]] = {}
    for target in targets:
        if target.centre_mm is None:
            raise InputError(
                f"the protocol prescribes each {target.kind}, and {target.target} of {target.subject} has no "
                "centre; complete the reference standard"
            )
        found.setdefault(target.subject, []).append(target)
    return found


def _inside(
    study: Study, scans: Sequence[Scan], targets: dict[str, list[Target]]
) -> tuple[dict[str, list[Target]], list[str]]:
    """Return by scan the targets inside its multi-echo series, and what is said of those outside."""
    grids = study.grids()
    inside: dict[str, list[Target]] = {}
    outside = []
    for scan in scans:
        inside[scan.scan_id] = []
        for target in targets.get(scan.subject, []):
            if grids[scan.scan_id].holds(target.centre_mm or ()):
                inside[scan.scan_id].append(target)
            else:
                outside.append(f"{target.target} of {scan.subject}, {scan.visit} at {scan.field_t:g} T")
    return inside, outside


def _outside_told(outside: Sequence[str]) -> str:
    named = "; ".join(outside[:_MOST_NAMED])
    more = len(outside) - _MOST_NAMED
    return (
        f"prescribed, but outside the multi-echo series: {named}{f'; and {more} more' if more > 0 else ''}; "
        "correct the reference standard, or leave such marks out of those cases with --leave-outside"
    )


def _with_marks(case: _Case, targets: Sequence[Target], seed: str) -> _Case:
    """Set a subject's targets in a case: their places and nothing else, in an order that tells nothing."""
    text = f"{len(seed)}:{seed}{case.drawn.alias}"
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))
    marks = []
    for target in [targets[place] for place in rng.permutation(len(targets))]:
        x, y, z = np.add(target.centre_mm or (), case.shift_mm).tolist()
        kind = next(kind for kind in MARK_KINDS if kind == target.kind)
        marks.append((Mark(rng.bytes(16).hex(), kind, (x, y, z), prescribed=True), target.target))
    return replace(case, marks=tuple(marks))


def _shown(role: str, volume: Volume, shown_iron: dict[str, float], drawn: Drawn) -> NDArray[Any]:
    if role != "iron":
        return volume.data
    return np.asarray(volume.data + np.float32(shown_iron.get(drawn.scan_id, 0.0)), dtype=np.float32)


def _write_kit(path: Path, study: Study, terms: _Terms, cases: list[_Case]) -> str:
    t = kit_tables
    database = Database.create(path, KIT)
    try:
        with database.transaction() as connection:
            connection.execute(
                t.kit.insert().values(
                    kit_id=terms.kit_id,
                    study_id=study.study_id,
                    rater=terms.rater,
                    session=terms.session,
                    protocol=terms.protocol.text,
                    opens_utc=terms.washout.opens_utc,
                    closes_signed=terms.closes_signed,
                )
            )
            for case in cases:
                _insert_case(connection, case)
            # a kit tells nothing of the coordinator's computer, not even how long it has run
            record = append(connection, t.audit, "deal", clock=None, **deal_values(connection))
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
    for place, (mark, _) in enumerate(case.marks):
        insert_mark(connection, alias, mark, place)


def _make_times_equal(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        try:
            os.utime(path, (_FILE_TIME, _FILE_TIME))
        except OSError as error:
            raise StoreError(f"the times of the kit's files cannot be set ({error.strerror})") from error


def _note(study: Study, terms: _Terms, deal_sha256: str, cases: list[_Case], outside: list[str]) -> None:
    t, protocol = tables, terms.protocol
    kit = {
        "kit_id": terms.kit_id, "rater": terms.rater, "session": terms.session, "seed": terms.seed,
        "protocol_sha256": protocol.sha256, "deal_sha256": deal_sha256,
        "washout_days": terms.washout.days, "waited_days": terms.washout.waited_days,
        "washout_reason": terms.washout.reason,
    }  # fmt: skip
    with study.database.transaction() as connection:
        known = sa.select(t.protocols.c.sha256).where(t.protocols.c.sha256 == protocol.sha256)
        if connection.execute(known).first() is None:
            row = {"sha256": protocol.sha256, "id": protocol.id, "version": protocol.version}
            connection.execute(t.protocols.insert().values(**row, content=protocol.text))
        connection.execute(t.kits.insert().values(**kit, dealt_utc=utc_now()))
        for case in cases:
            x, y, z = case.shift_mm
            shift = {"shift_x_mm": x, "shift_y_mm": y, "shift_z_mm": z}
            connection.execute(t.kit_cases.insert().values(kit_id=terms.kit_id, **vars(case.drawn), **shift))
            for mark, target in case.marks:
                row = {"alias": case.drawn.alias, "mark": mark.mark_id, "target": target}
                connection.execute(t.kit_marks.insert().values(**row))
        left_out = {"outside": outside} if outside else {}
        append(connection, t.audit, "deal", **kit, cases=len(cases), **left_out)
