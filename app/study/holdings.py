"""What a study holds, and how each step of it stands: done, to do, or waiting for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from app.study.manifest import Line, checked
from core.relaxometry.calibration import Calibration, same_field
from core.study.names import same_rater
from core.study.password import has_password
from core.study.people import people_of
from core.study.plan import Plan, open_sessions, read_plan
from core.study.records import IcpMs, KitStatus, Scan, Target
from core.study.store import Study
from core.study.unblinding import awaited_guesses
from core.study.witness import LostKit

translate = QCoreApplication.translate
State = Literal["done", "todo", "waiting"]


@dataclass(frozen=True, eq=False)
class Holdings:
    """What is there. `pending` and `faulty` count the lines of scans that are being put in.

    `awaited_guesses`: kits whose protocol asks for a guess that was not collected yet.

    `lost` names kits that a study put back from a backup does not know, unless another one was dealt instead
    and collected whole; `may_have_forgotten`: there may be more of them. `lost_people` were named, and
    `kept_people` retired, since that backup was made.
    """

    scans: tuple[Scan, ...]
    with_iron: frozenset[str]
    targets: tuple[Target, ...]
    icpms: tuple[IcpMs, ...]
    calibrations: tuple[Calibration, ...]
    kits: tuple[KitStatus, ...]
    training: frozenset[str]
    plan: Plan
    sessions: dict[str, int]
    has_password: bool
    pending: int
    faulty: int
    lost: tuple[str, ...] = ()
    may_have_forgotten: bool = False
    people: int = 0
    lost_people: tuple[str, ...] = ()
    kept_people: tuple[str, ...] = ()
    awaited_guesses: int = 0

    @property
    def collected(self) -> int:
        """Readings taken in."""
        return sum(kit.collected for kit in self.kits)

    @property
    def uncollected(self) -> int:
        """Cases that were dealt and whose readings were not taken in."""
        return sum(kit.cases - kit.collected for kit in self.kits)

    @property
    def pair(self) -> tuple[KitStatus, ...]:
        """Kits of raters who read on their own and were collected whole."""
        return tuple(kit for kit in self.kits if kit.purpose == "reading" and kit.collected == kit.cases)

    @property
    def may_adjudicate(self) -> bool:
        """Whether two raters have signed a session whole, by a protocol that has a rule."""
        sessions = [kit.session for kit in self.pair]
        rule = self.plan.protocol is not None and self.plan.protocol.conduct.adjudication is not None
        return rule and any(sessions.count(session) > 1 for session in sessions)


@dataclass(frozen=True)
class Stand:
    """How a step stands, and one line: what is missing before it, or what to do next."""

    state: State
    text: str


def holdings_of(study: Study, lines: Sequence[Line]) -> Holdings:
    """Look what a study holds, beside the lines of scans that are being put in."""
    scans, plan, kits = study.scans(), read_plan(study), study.kits()
    named, retired = study.lost_people()
    known = {(scan.subject, scan.visit, scan.field_t) for scan in scans}
    faults = checked(lines)
    rows = [line.row() for line, fault in faults if not fault]
    return Holdings(
        scans=scans,
        with_iron=frozenset(name for name, look in study.looks().items() if "iron" in look.pictures.split()),
        targets=study.targets(),
        icpms=study.icpms(),
        calibrations=study.calibrations(),
        kits=kits,
        training=study.training_subjects(),
        plan=plan,
        sessions=open_sessions(study, plan),
        has_password=has_password(study),
        pending=sum((row.subject, row.visit, row.field_t) not in known for row in rows),
        faulty=sum(bool(fault) for _, fault in faults),
        lost=tuple(f"{kit.rater} ({kit.session})" for kit in study.lost_kits() if not _replaced(kit, kits)),
        may_have_forgotten=study.may_have_forgotten(),
        people=len([person for person in people_of(study) if not person.retired]),
        lost_people=tuple(named),
        kept_people=tuple(retired),
        awaited_guesses=awaited_guesses(study),
    )


def _replaced(lost: LostKit, kits: Sequence[KitStatus]) -> bool:
    """Tell whether another kit of the same session was dealt instead of a lost one and collected whole."""
    others = [kit for kit in kits if same_rater(kit.rater, lost.rater) and kit.session == lost.session]
    return any(kit.collected == kit.cases for kit in others)


def stand_of(step: str, held: Holdings) -> Stand:
    """Return how a step stands by its name."""
    return _STANDS[step](held)


def _scans(held: Holdings) -> Stand:
    if held.faulty:
        told = translate("Stand", "Lines that cannot be used yet: {count}. Correct them in the table")
        return Stand("todo", told.format(count=held.faulty))
    if held.pending:
        return Stand("done", translate("Stand", "Next: the series of these scans"))
    if held.scans:
        return Stand("done", translate("Stand", "The study has scans; more can be added at any time"))
    return Stand("todo", translate("Stand", "Next: choose a manifest, or a folder of scans"))


def _series(held: Holdings) -> Stand:
    if held.pending:
        return Stand("todo", translate("Stand", "Next: look at which series are which, then add the scans"))
    if held.scans:
        return Stand("done", translate("Stand", "All scans that were named are in the study"))
    return Stand("waiting", translate("Stand", "First name the scans, on the page before"))


def _targets(held: Holdings) -> Stand:
    if not held.scans:
        return Stand("waiting", translate("Stand", "First add scans: targets belong to their subjects"))
    if not held.targets:
        told = translate("Stand", "Next: choose the table of targets; without it nothing is told of accuracy")
        return Stand("todo", told)
    without = {scan.subject for scan in held.scans} - {target.subject for target in held.targets}
    if without:
        told = translate("Stand", "No target is given for {subjects}: right if they have none")
        return Stand("done", told.format(subjects=", ".join(sorted(without))))
    return Stand("done", translate("Stand", "Every subject has a target"))


def _iron(held: Holdings) -> Stand:
    if not held.scans:
        return Stand("waiting", translate("Stand", "First add scans"))
    fields = sorted({scan.field_t for scan in held.scans})
    known = [calibration.field_t for calibration in held.calibrations]
    missing = [each for each in fields if not any(same_field(each, other) for other in known)]
    if missing:
        told = translate("Stand", "No calibration for {fields}: these scans will have no iron map")
        return Stand("todo", told.format(fields=", ".join(f"{each:g} T" for each in missing)))
    if len(held.with_iron) < len(held.scans):
        return Stand("todo", translate("Stand", "Next: make the iron maps, after the targets"))
    return Stand("done", translate("Stand", "Every scan has an iron map"))


def _raters(held: Holdings) -> Stand:
    if not held.plan.raters:
        return Stand("todo", translate("Stand", "Next: name those who will read"))
    if len(held.plan.raters) == 1:
        return Stand("done", translate("Stand", "One reader: nothing can be told of agreement"))
    return Stand("done", translate("Stand", "These readers can be dealt kits"))


def _protocol(held: Holdings) -> Stand:
    if held.plan.protocol is None:
        return Stand("todo", translate("Stand", "Next: choose a protocol and use it for this study"))
    told = translate("Stand", "Kits are dealt with {id}, version {version}")
    return Stand("done", told.format(id=held.plan.protocol.id, version=held.plan.protocol.version))


def _training(held: Holdings) -> Stand:
    protocol = held.plan.protocol
    asked = protocol is not None and protocol.conduct.training is not None
    if not held.scans:
        return Stand("waiting", translate("Stand", "First add scans"))
    if asked and not held.training:
        return Stand("todo", translate("Stand", "The protocol asks for training: say what is expected"))
    if held.training and not asked:
        return Stand(
            "todo", translate("Stand", "The protocol asks for no training: these scans are left out")
        )
    if not asked:
        return Stand("done", translate("Stand", "The protocol asks for no training"))
    return Stand("done", translate("Stand", "These scans come first, with feedback"))


def _precision(held: Holdings) -> Stand:
    if not held.scans:
        return Stand("todo", translate("Stand", "A plan can be tried before there is any scan"))
    return Stand("done", translate("Stand", "See whether these cases and readers are enough"))


def _deal(held: Holdings) -> Stand:
    missing = [
        told
        for lacking, told in (
            (not held.scans, translate("Stand", "scans")),
            (not held.plan.raters, translate("Stand", "readers")),
            (held.plan.protocol is None, translate("Stand", "a protocol")),
        )
        if lacking
    ]
    if missing:
        return Stand("waiting", translate("Stand", "Missing before: {what}").format(what=", ".join(missing)))
    if held.pending:
        return Stand("todo", translate("Stand", "Some scans that were named are not in the study yet"))
    undealt = [rater for rater, session in held.sessions.items() if session == 1]
    if undealt:
        told = translate("Stand", "Next: a kit for {raters}").format(raters=", ".join(undealt))
    else:
        told = translate("Stand", "Every reader has a kit; another session needs its washout")
    return Stand("todo" if undealt else "done", ". ".join([*_forgotten(held), told]))


def _forgotten(held: Holdings) -> list[str]:
    """Return what a backup that was put back does not know: it is to be minded and holds no step back."""
    told = []
    if held.lost:
        lost = translate("Stand", "Dealt after the backup that was put back, and lost here: {kits}")
        told.append(lost.format(kits=", ".join(held.lost)))
    elif held.may_have_forgotten:
        told += [translate("Stand", "Kits may have been dealt since the backup that nothing here tells of")]
    return told


def _guesses_to_come(held: Holdings) -> str:
    told = translate("Stand", "Kits whose guesses are not collected yet: {count}. Collect these once more")
    return told.format(count=held.awaited_guesses)


def _progress(held: Holdings) -> Stand:
    if not held.kits:
        return Stand("waiting", translate("Stand", "First deal kits"))
    if held.uncollected:
        told = translate("Stand", "Cases not collected yet: {count}. Look into kits that came back")
        return Stand("todo", told.format(count=held.uncollected))
    if held.awaited_guesses:
        return Stand("todo", _guesses_to_come(held))
    return Stand("done", translate("Stand", "Everything that was dealt is collected"))


def _collect(held: Holdings) -> Stand:
    if not held.kits:
        return Stand("waiting", translate("Stand", "First deal kits"))
    if held.uncollected:
        return Stand("todo", translate("Stand", "Next: collect kits that came back signed"))
    if held.awaited_guesses:
        return Stand("todo", _guesses_to_come(held))
    return Stand("done", translate("Stand", "Everything that was dealt is collected"))


def _adjudicate(held: Holdings) -> Stand:
    protocol = held.plan.protocol
    if protocol is None:
        return Stand("waiting", translate("Stand", "First choose a protocol"))
    if protocol.conduct.adjudication is None:
        return Stand("done", translate("Stand", "The protocol has no rule of adjudication: nothing is sent"))
    if not held.may_adjudicate:
        return Stand("waiting", translate("Stand", "First collect two readers of a session whole"))
    if any(kit.purpose == "adjudication" for kit in held.kits):
        return Stand("done", translate("Stand", "A third reader has a kit"))
    if len(held.plan.raters) <= len({kit.rater for kit in held.pair}):
        return Stand("waiting", translate("Stand", "First name a third reader"))
    return Stand("todo", translate("Stand", "Next: deal the third reader's kit, if the two disagree"))


def _unblind(held: Holdings) -> Stand:
    if not held.kits:
        return Stand("waiting", translate("Stand", "First deal kits: before that there is no key"))
    if not held.has_password:
        return Stand("todo", translate("Stand", "The study has no password yet: set one below"))
    if held.uncollected:
        told = translate("Stand", "Cases not signed and collected: {count}. The key would unblind them")
        return Stand("waiting", told.format(count=held.uncollected))
    if held.awaited_guesses:
        return Stand("waiting", _guesses_to_come(held))
    return Stand("done", translate("Stand", "All readings are collected; the analysis does not need the key"))


def _analyse(held: Holdings) -> Stand:
    if not held.collected:
        return Stand("waiting", translate("Stand", "First collect signed readings"))
    if held.uncollected:
        told = translate("Stand", "Cases not collected yet: {count}. An analysis now is an interim one")
        return Stand("todo", told.format(count=held.uncollected))
    if held.awaited_guesses:
        return Stand("todo", _guesses_to_come(held))
    return Stand("todo", translate("Stand", "Next: choose where the tables shall lie"))


def _people(held: Holdings) -> Stand:
    told = []
    if held.lost_people:
        lost = translate("Stand", "Named after the backup that was put back, and not known here: {names}")
        told.append(lost.format(names=", ".join(held.lost_people)))
    if held.kept_people:
        kept = translate("Stand", "Retired after the backup that was put back, and let in again: {names}")
        told.append(kept.format(names=", ".join(held.kept_people)))
    if held.people and held.may_have_forgotten:
        told.append(
            translate("Stand", "witness.jsonl was missing: look whether everybody retired is retired here")
        )
    if told:
        return Stand("todo", ". ".join(told))
    if held.people:
        return Stand("done", translate("Stand", "Whoever works at the study logs in"))
    if held.has_password:
        return Stand("done", translate("Stand", "The study has one owner; name people where several work"))
    return Stand("done", translate("Stand", "To name people, first set the study's password (page Unblind)"))


_STANDS: dict[str, Callable[[Holdings], Stand]] = {
    "scans": _scans,
    "series": _series,
    "targets": _targets,
    "iron": _iron,
    "raters": _raters,
    "protocol": _protocol,
    "training": _training,
    "precision": _precision,
    "deal": _deal,
    "progress": _progress,
    "collect": _collect,
    "adjudicate": _adjudicate,
    "unblind": _unblind,
    "analyse": _analyse,
    "people": _people,
}
