"""Adjudication: what two raters disagree on goes to a third; all three readings are kept as they are."""

from __future__ import annotations

import hashlib
import math
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from core.errors import InputError
from core.imaging.coverage import coverage_mask
from core.progress import Progress, Silent
from core.reading.conduct import Adjudication
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, MarkKind, Question, Value
from core.reading.reading import Mark
from core.study import tables as t
from core.study.blinding import draw, new_seed
from core.study.dealing import Deal, aliases_taken, deal_cases, refuse_dealt
from core.study.dealt_case import DealtCase, with_opinions
from core.study.dealt_kit import Terms
from core.study.kit_state import Opinion
from core.study.names import known_as, told_spelling
from core.study.people import require
from core.study.plan import rater_named
from core.study.records import Disagreement, SignedReading
from core.study.store import Study
from core.study.washout import agree_washout

# two marks this near to each other are the same finding
_SAME_FINDING_MM = 2.0


def disagreements(
    study: Study, session: int, raters: tuple[str, str] | None = None
) -> dict[str, tuple[Disagreement, ...]]:
    """Return, by scan, what two raters disagree on by their protocol's rule.

    Parameters
    ----------
    study : Study
    session : int
        The session both have read.
    raters : tuple of str, optional
        Which two, where more than two have.

    Raises
    ------
    InputError
        If there are not two raters of this session, one has not signed everything, or their protocol has no
        rule.
    """
    require(study, "deal")
    one, other = _pair(study, session, raters)
    protocol = _protocol(study, (*one.values(), *other.values()))
    rule = protocol.conduct.adjudication
    if rule is None:
        raise InputError("the protocol has no rule of adjudication; give it one before the kits are dealt")
    found = {}
    for scan_id in one.keys() & other.keys():
        items = tuple(_items(protocol, rule, one[scan_id], other[scan_id]))
        if items:
            found[scan_id] = items
    return dict(sorted(found.items()))


def deal_adjudication(
    study: Study,
    rater: str,
    session: int,
    out: Path,
    *,
    raters: tuple[str, str] | None = None,
    seed: str | None = None,
    washout_days: float | None = None,
    reason: str = "",
    password: str = "",
    progress: Progress | None = None,
) -> Deal:
    """Make a third rater's kit of what two raters of a session disagree on, under new aliases.

    Parameters
    ----------
    study : Study
    rater : str
        The third rater, who is neither of the two.
    session : int
        The session of the two.
    out : Path
        The kit's folder, which must not exist.
    raters, seed, washout_days, reason, password, progress
        As in `disagreements` and `core.study.dealing.deal_kit`.

    Raises
    ------
    InputError
        If `disagreements` does, a name that is new cannot be printed or mixes alphabets, the rater is one of
        the two, or there is nothing (left) to adjudicate.
    StoreError
        As `deal_kit`.
    """
    require(study, "deal")
    study.refuse_altered()
    asked = rater
    if not rater.strip():
        raise InputError("a kit needs a rater's name; give --rater")
    rater = rater_named(study, asked)
    refuse_dealt(study, rater, session)
    found = _left(study, disagreements(study, session, raters))
    if not found:
        raise InputError(f"the raters of session {session} disagree on nothing that was not sent already")
    protocol = _protocol_of(study, session)
    washout = agree_washout(
        study, rater, session, protocol, days=washout_days, reason=reason, password=password
    )
    seed = new_seed() if seed is None else seed
    drawn = draw(list(found), seed=seed, rater=rater, session=session, taken=aliases_taken(study))
    terms = Terms(uuid.uuid4().hex, rater, session, seed, protocol, washout, purpose="adjudication")
    shown = protocol.conduct.adjudication is not None and protocol.conduct.adjudication.shown

    def finished(case: DealtCase) -> DealtCase:
        items = found[case.drawn.scan_id]
        opinions = _unnamed(items, f"{seed}{case.drawn.alias}") if shown else ()
        return with_opinions(replace(case, disagreements=items), opinions, protocol)

    # what the two were dealt without, the third is dealt without too
    deal_cases(study, terms, drawn, out, progress or Silent(), finished, leave_outside=True)
    return Deal(terms.kit_id, out, rater, session, len(drawn), 0, (), spelling=told_spelling(asked, rater))


def adjudicated(study: Study) -> Mapping[str, tuple[Disagreement, ...]]:
    """Return, by the third rater's alias, why each case was sent."""
    found: dict[str, list[Disagreement]] = {}
    statement = sa.select(t.adjudications).order_by(t.adjudications.c.alias, t.adjudications.c.item)
    with study.database.transaction() as connection:
        for row in connection.execute(statement).mappings():
            values = {name: row[name] for name in Disagreement.__annotations__}
            found.setdefault(row["alias"], []).append(Disagreement(**values))
    return {alias: tuple(items) for alias, items in found.items()}


def _pair(
    study: Study, session: int, raters: tuple[str, str] | None
) -> tuple[dict[str, SignedReading], dict[str, SignedReading]]:
    kits = [kit for kit in study.kits() if kit.session == session and kit.purpose == "reading"]
    if raters is not None:
        wanted = {known_as(rater, (kit.rater for kit in kits)) for rater in raters}
        kits = [kit for kit in kits if kit.rater in wanted]
    if len(kits) != 2:
        raise InputError(
            f"adjudication is between two raters, and session {session} has {len(kits)}; "
            "name two with --between"
        )
    for kit in kits:
        if kit.collected < kit.cases:
            raise InputError(
                f"{kit.collected} of {kit.cases} readings of {kit.rater} are signed and collected; "
                "adjudication begins when both have signed everything"
            )
    readings = study.signed_readings()
    one, other = (
        {r.scan_id: r for r in readings if r.kit_id == kit.kit_id and not r.repeat_of} for kit in kits
    )
    return one, other


def _protocol(study: Study, readings: Sequence[SignedReading]) -> Protocol:
    hashes = {reading.protocol_sha256 for reading in readings}
    if len(hashes) != 1:
        raise InputError("the two raters have read by different protocols, so their answers do not compare")
    return study.protocols()[hashes.pop()]


def _protocol_of(study: Study, session: int) -> Protocol:
    readings = [each for each in study.signed_readings() if each.session == session and not each.adjudicates]
    return _protocol(study, readings)


def _left(study: Study, found: Mapping[str, tuple[Disagreement, ...]]) -> dict[str, tuple[Disagreement, ...]]:
    """Return what was not sent to a third rater before."""
    sent = {(item.first_alias, item.second_alias) for items in adjudicated(study).values() for item in items}
    return {
        scan_id: items
        for scan_id, items in found.items()
        if (items[0].first_alias, items[0].second_alias) not in sent
    }


def _unnamed(items: Sequence[Disagreement], text: str) -> tuple[Opinion, ...]:
    """Return what both said, for each case in an order that tells nobody's name."""
    swapped = hashlib.sha256(text.encode()).digest()[0] & 1
    return tuple(
        Opinion(item.item, *((item.second, item.first) if swapped else (item.first, item.second)))
        for item in items
    )


def _items(
    protocol: Protocol, rule: Adjudication, one: SignedReading, other: SignedReading
) -> Iterator[Disagreement]:
    def told(item: str, first: str, second: str) -> Disagreement:
        return Disagreement(item, one.alias, other.alias, first, second)

    endings = [_ending(protocol, reading) for reading in (one, other)]
    if endings[0] != endings[1]:
        yield told("ended early", endings[0], endings[1])
    if one.ended or other.ended:
        return
    pairs = {kind: same_findings(kind, one, other) for kind in MARK_KINDS}
    for question in protocol.questions:
        if question.type != "choice":
            continue
        for name, first, second in _answers(question, pairs, one, other):
            if _differ(question, rule, first, second):
                yield told(name, _said(question, first), _said(question, second))
    for rule_of in protocol.rois:
        dice = region_dice(rule_of.kind, one, other)
        if dice < rule.dice:
            yield told(f"{rule_of.kind} region", f"Dice {dice:.2f}", f"Dice {dice:.2f}")
    if rule.findings:
        for found in pairs.values():
            for mark_id, second in found:
                if second is None or mark_id is None:
                    name = finding_name(one, mark_id) if mark_id else finding_name(other, str(second))
                    yield told(f"{name} found", "yes" if mark_id else "no", "yes" if second else "no")


def _ending(protocol: Protocol, reading: SignedReading) -> str:
    """Return what ended a case early, "no" where nothing did.

    Not what the rater wrote of it: free text may tell who wrote it, or what it is about, and reaches a third
    rater unread. It stands in the list of reads.
    """
    ending = protocol.ending(reading.answers)
    return "no" if ending is None else ending.coded


def same_findings(
    kind: MarkKind, one: SignedReading, other: SignedReading
) -> list[tuple[str | None, str | None]]:
    """Pair the marks of a kind, the nearest first; a mark without a partner stands with None.

    Marks that the study set are paired by the target they stand for.
    """
    marks = [[m for m in reading.marks.values() if m.kind == kind] for reading in (one, other)]

    def apart(first: Mark, second: Mark) -> float:
        if kind in one.prescribed:
            same = one.target_of.get(first.mark_id) == other.target_of.get(second.mark_id)
            return 0.0 if same else math.inf
        return math.dist(first.position_mm, second.position_mm)

    near = sorted((apart(a, b), a.mark_id, b.mark_id) for a in marks[0] for b in marks[1])
    paired: dict[str, str] = {}
    for distance, first, second in near:
        if distance <= _SAME_FINDING_MM and first not in paired and second not in paired.values():
            paired[first] = second
    alone = [(None, m.mark_id) for m in marks[1] if m.mark_id not in paired.values()]
    return [*((m.mark_id, paired.get(m.mark_id)) for m in marks[0]), *alone]


def _answers(
    question: Question,
    pairs: Mapping[MarkKind, list[tuple[str | None, str | None]]],
    one: SignedReading,
    other: SignedReading,
) -> Iterator[tuple[str, Value | None, Value | None]]:
    """Yield what both answered to a question: about the case, the one region of a kind, or a finding."""
    kind = next((kind for kind in MARK_KINDS if kind == question.scope), None)
    if kind is not None:
        for first, second in pairs[kind]:
            if first is not None and second is not None:
                values = one.answers.get((question.id, first)), other.answers.get((question.id, second))
                yield f"{question.id}, {finding_name(one, first)}", *values
        return
    about: list[str | None] = []
    for reading in (one, other):
        regions = [roi.roi_id for roi in reading.rois.values() if roi.kind == question.roi_kind]
        if question.roi_kind is not None and len(regions) != 1:
            return
        about.append(regions[0] if question.roi_kind is not None else None)
    yield question.id, one.answers.get((question.id, about[0])), other.answers.get((question.id, about[1]))


def _differ(question: Question, rule: Adjudication, first: Value | None, second: Value | None) -> bool:
    if first is None or second is None or isinstance(first, str) or isinstance(second, str):
        return first != second
    # a choice that ends the case is no step of a scale
    ends = [choice.ends_case for choice in question.choices if choice.value in (first, second)]
    least = 1 if len(question.choices) == 2 or any(ends) else rule.ordinal
    return abs(first - second) >= least


def region_dice(kind: str, one: SignedReading, other: SignedReading) -> float:
    """Return the Dice coefficient of both raters' regions of a kind; 1 where neither drew any."""
    masks = []
    for reading in (one, other):
        drawn = [coverage_mask(roi.coverage) for roi in reading.rois.values() if roi.kind == kind]
        masks.append(np.logical_or.reduce(drawn) if drawn else None)
    if masks[0] is None or masks[1] is None:
        return 1.0 if masks[0] is masks[1] else 0.0
    total = int(masks[0].sum() + masks[1].sum())
    return 2 * int((masks[0] & masks[1]).sum()) / total if total else 1.0


def _said(question: Question, value: Value | None) -> str:
    if value is None:
        return "not answered"
    choice = question.choice(value)
    return str(value) if choice is None else f"{value} {choice.label}"


def finding_name(reading: SignedReading, mark_id: str) -> str:
    """Return what the rater called a mark: "lesion 2"."""
    mark = reading.marks[mark_id]
    alike = [other.mark_id for other in reading.marks.values() if other.kind == mark.kind]
    return f"{mark.kind} {alike.index(mark_id) + 1}"
