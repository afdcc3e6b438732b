"""Dealing a kit: the study's scans under aliases, without anything that tells whose they are."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from core.errors import InputError
from core.files import whole_folder
from core.progress import Progress, Silent
from core.reading.protocol import Protocol
from core.study import tables as t
from core.study.audit import append, utc_now
from core.study.blinding import Drawn, draw, draw_training, new_seed
from core.study.database import refuse_network_drive
from core.study.dealt_case import (
    DealtCase,
    added_iron_of,
    dealt_types,
    prescribed_targets,
    refuse_outside,
    targets_inside,
    with_expected,
    with_marks,
    write_case,
)
from core.study.dealt_kit import Terms, make_times_equal, write_kit
from core.study.kit import FILE_NAME
from core.study.names import same_rater, told_spelling
from core.study.people import require
from core.study.plan import rater_named
from core.study.records import Scan
from core.study.store import Study
from core.study.tells import tells
from core.study.training_set import expected_of, training_scans
from core.study.washout import agree_washout


@dataclass(frozen=True)
class Deal:
    """What was dealt.

    For the coordinator alone: `tells`, what tells visits or groups apart, and `outside`, prescribed targets
    that some cases do not show. `training` is the number of cases that come before, in all rounds.
    `spelling` says by which name the study knows the rater, where it was asked for another spelling.
    """

    kit_id: str
    path: Path
    rater: str
    session: int
    cases: int
    repeats: int
    tells: tuple[str, ...]
    outside: tuple[str, ...] = ()
    training: int = 0
    spelling: str = ""


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
        For whom, and which round of reading, from 1. Whom the study knows by another spelling is
        dealt to by that one (`core.study.plan.rater_named`).
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
        Days that must lie between this rater's sessions; fewer than the study's protocols ask for
        (`core.study.washout.least_washout`), which hold if not given, need a reason and the password.
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
        If a name that is new cannot be printed or mixes alphabets, this rater has a kit for this session,
        another session is not all collected or was read less than the washout ago (`core.study.washout`), the
        washout or a share is out of range, the study has no scans, `out` exists, or a target that the
        protocol prescribes has no centre or lies outside the multi-echo series of a scan; target and scan are
        named.
    StoreError
        If the study or a picture of it was altered, one is missing, or nothing can be written.
    """
    require(study, "deal")
    study.refuse_altered()
    progress = progress or Silent()
    asked = rater
    if not rater.strip() or session < 1:
        raise InputError("a kit needs a rater's name and a session from 1; give --rater and --session")
    rater = rater_named(study, asked)
    refuse_dealt(study, rater, session)
    washout = agree_washout(
        study, rater, session, protocol, days=washout_days, reason=reason, password=password
    )
    scans = study.scans_to_read()
    refuse_unknown_guesses(protocol, scans)
    seed = new_seed() if seed is None else seed
    taken = aliases_taken(study)
    practice = () if protocol.conduct.training is None else draw_training(
        [scan.scan_id for scan in training_scans(study)],
        seed=seed, rater=rater, session=session, rounds=protocol.conduct.training.rounds, taken=taken,
    )  # fmt: skip
    drawn = draw(
        [scan.scan_id for scan in scans],
        seed=seed,
        rater=rater,
        session=session,
        repeat_fraction=repeat_fraction,
        share=share,
        taken={*taken, *(case.alias for case in practice)},
        after=len(practice),
    )
    terms = Terms(uuid.uuid4().hex, rater, session, seed, protocol, washout, repeat_fraction > 0)
    outside = deal_cases(study, terms, (*practice, *drawn), out, progress, leave_outside=leave_outside)
    repeats = sum(1 for case in drawn if case.repeat_of)
    told = tells(study.looks(), scans)
    return Deal(
        terms.kit_id, out, rater, session, len(drawn), repeats, told, outside, len(practice),
        told_spelling(asked, rater),
    )  # fmt: skip


def deal_cases(
    study: Study,
    terms: Terms,
    drawn: Sequence[Drawn],
    out: Path,
    progress: Progress,
    finished: Callable[[DealtCase], DealtCase] = lambda case: case,
    *,
    leave_outside: bool = False,
) -> tuple[str, ...]:
    """Write a kit of the cases drawn and note it in the study; return what lies outside its scan.

    `finished` is given every case before it is written, and returns it with what else belongs to it.

    Raises
    ------
    InputError, StoreError
        As `deal_kit` does; nothing is left behind then.
    """
    refuse_network_drive(out)
    _refuse_inside(study, out)
    protocol = terms.protocol
    chosen = {case.scan_id for case in drawn}
    scan_of = {scan.scan_id: scan for scan in study.scans() if scan.scan_id in chosen}
    given, outside = targets_inside(study, tuple(scan_of.values()), prescribed_targets(study, protocol))
    if not leave_outside:
        refuse_outside(outside, sum(map(len, given.values())))
    added_iron, types = added_iron_of(study), dealt_types(study, chosen)
    with whole_folder(out, result=False) as draft:
        cases = []
        for done, each in enumerate(sorted(drawn, key=lambda case: case.alias)):
            if progress.cancelled():
                raise InputError("dealing the kit was stopped; nothing was kept")
            progress.report(done / len(drawn), "dealing the kit")
            case = write_case(study, each, protocol, draft, added_iron, types)
            case = with_marks(case, given[each.scan_id], terms.seed)
            if each.training_round:
                case = with_expected(case, expected_of(study, scan_of[each.scan_id], protocol))
            cases.append(finished(case))
        deal_sha256 = write_kit(draft / FILE_NAME, study.study_id, terms, cases)
        make_times_equal(draft)
    try:
        _note(study, terms, deal_sha256, cases, outside, out.name)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)  # a kit the study does not know could never be collected
        raise
    return tuple(outside)


def _refuse_inside(study: Study, out: Path) -> None:
    """Raise InputError where a kit would lie among the study's own files, elsewhere than in its kits/."""
    folder, place = study.path.resolve(), out.resolve()
    if place.is_relative_to(folder) and not place.parent.is_relative_to(folder / "kits"):
        raise InputError(f"{out} lies in the study's own folder, which no rater gets; choose a place outside")


def aliases_taken(study: Study) -> set[str]:
    """Return the aliases of all kits: none comes again."""
    with study.database.transaction() as connection:
        return set(connection.execute(sa.select(t.kit_cases.c.alias)).scalars())


def refuse_dealt(study: Study, rater: str, session: int) -> None:
    """Raise InputError where a rater has a kit for this session."""
    for kit in study.kits():
        if same_rater(kit.rater, rater) and kit.session == session:
            raise InputError(
                f"{kit.rater} has a kit for session {session} already; its order is drawn once. "
                "Give a new --session for another round"
            )


def refuse_unknown_guesses(protocol: Protocol, scans: Sequence[Scan]) -> None:
    """Raise InputError where a rater could not guess right: a group or visit is not among the choices."""
    for of, choices in protocol.conduct.guess.items():
        missing = sorted({getattr(scan, of) for scan in scans} - set(choices))
        if missing:
            raise InputError(
                f"the protocol lets raters guess the {of} among {', '.join(choices)}, and the study has "
                f"{', '.join(missing)} too; name the same in both"
            )


def _note(
    study: Study,
    terms: Terms,
    deal_sha256: str,
    cases: Sequence[DealtCase],
    outside: Sequence[str],
    folder: str,
) -> None:
    protocol = terms.protocol
    kit = {
        "kit_id": terms.kit_id, "rater": terms.rater, "session": terms.session, "seed": terms.seed,
        "protocol_sha256": protocol.sha256, "deal_sha256": deal_sha256,
        "washout_days": terms.washout.days, "waited_days": terms.washout.waited_days,
        "washout_reason": terms.washout.reason, "purpose": terms.purpose,
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
            for each in case.disagreements:
                row = {"alias": case.drawn.alias, **vars(each)}
                connection.execute(t.adjudications.insert().values(**row))
        left_out = {"outside": list(outside)} if outside else {}
        append(connection, t.audit, "deal", **kit, folder=folder, cases=len(cases), **left_out)
