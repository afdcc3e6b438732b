"""The study's training cases: whose scans they are, and what is expected of their readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, Value
from core.reading.training import Expected
from core.study import tables as t
from core.study.audit import append, canonical, from_json
from core.study.people import require
from core.study.records import Scan, Target, TrainingResult
from core.study.store import Study

# a mark within this of the centre of a smaller finding hits it, as in core.statistics.matching
_SMALLEST_REACH_MM = 2.0


@dataclass(frozen=True)
class TrainingAnswer:
    """What a reading of a training subject should answer.

    Parameters
    ----------
    subject : str
    question : str
        The question's id.
    value : int, float or str
        The answer expected.
    visit : str
        Of which visit; "" for all.
    target : str
        About which target of the reference standard; "" for the case.
    tolerance : float
        How far a number may lie from it.
    text : str
        What the rater is told about it afterwards.
    """

    subject: str
    question: str
    value: Value
    visit: str = ""
    target: str = ""
    tolerance: float = 0.0
    text: str = ""


def set_training(study: Study, subjects: Sequence[str], answers: Sequence[TrainingAnswer]) -> None:
    """Say whose scans are for training, and what is expected of them; replaces what was said before.

    They are dealt as training alone, and are never among what is analysed.

    Raises
    ------
    InputError
        If a subject is not in the study, was dealt as a case to be read, or an answer is about none of them.
    """
    require(study, "training")
    known = {subject.subject for subject in study.subjects()}
    for subject in subjects:
        if subject not in known:
            raise InputError(f"the study has no subject {subject!r}; add its scans first")
    for answer in answers:
        if answer.subject not in subjects:
            raise InputError(
                f"an answer is expected of {answer.subject!r}, who is not among those for training"
            )
    dealt = (
        sa.select(t.scans.c.subject)
        .join(t.kit_cases, t.kit_cases.c.scan_id == t.scans.c.scan_id)
        .where(t.kit_cases.c.training_round == 0, t.scans.c.subject.in_(subjects))
    )
    with study.database.transaction() as connection:
        read = connection.execute(dealt).scalars().first()
        if read is not None:
            raise InputError(
                f"scans of {read} were dealt to be read; whoever read them has no use for training"
            )
        connection.execute(t.training_answers.delete())
        connection.execute(t.training_subjects.delete())
        for subject in subjects:
            connection.execute(t.training_subjects.insert().values(subject=subject))
        for number, answer in enumerate(answers):
            row = {**vars(answer), "value": canonical(answer.value)}
            connection.execute(t.training_answers.insert().values(number=number, **row))
        append(connection, t.audit, "set_training", subjects=list(subjects), answers=len(answers))


def training_scans(study: Study) -> tuple[Scan, ...]:
    """Return the scans for training, by subject, visit and field."""
    subjects = study.training_subjects()
    return tuple(scan for scan in study.scans() if scan.subject in subjects)


def training_results(study: Study) -> tuple[TrainingResult, ...]:
    """Return what raters met in training, by rater, session, round and place in the order."""
    columns = (
        t.kits.c.kit_id, t.kits.c.session, t.kit_cases.c.training_round, t.kit_cases.c.alias,
        t.scans.c.subject, t.scans.c.visit, t.scans.c.field_t, t.training_results.c.met,
        t.training_results.c.total,
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(t.training_results)
        .join(t.kit_cases, t.kit_cases.c.alias == t.training_results.c.alias)
        .join(t.kits, t.kits.c.kit_id == t.kit_cases.c.kit_id)
        .join(t.scans, t.scans.c.scan_id == t.kit_cases.c.scan_id)
        .order_by(t.kit_cases.c.position)
    )
    rater_of = {kit.kit_id: kit.rater for kit in study.kits()}
    with study.database.transaction() as connection:
        rows = connection.execute(statement).all()
    results = (TrainingResult(rater_of[kit_id], *row) for kit_id, *row in rows)
    return tuple(sorted(results, key=lambda result: (result.rater, result.session)))


def expected_of(study: Study, scan: Scan, protocol: Protocol) -> tuple[Expected, ...]:
    """Return what a reading of a training scan should hold, positions in the scan's own LPS mm.

    Every lesion and node of the reference standard that the rater has to find, and every answer that was
    given for the subject.

    Raises
    ------
    InputError
        If nothing is expected, or an answer names a question or target that is not there.
    """
    targets = {target.target: target for target in study.targets() if target.subject == scan.subject}
    expected = [
        Expected("", None, kind=target.kind, position_mm=target.centre_mm, reach_mm=_reach(target))
        for target in targets.values()
        if target.kind in MARK_KINDS and target.centre_mm is not None
        if target.kind not in protocol.prescribed
        and any(question.scope == target.kind for question in protocol.questions)
    ]
    for answer in study.training_answers(scan.subject):
        if answer["visit"] in ("", scan.visit):
            expected.append(_answer(answer, targets, protocol))
    if not expected:
        raise InputError(
            f"nothing is expected of {scan.subject}, {scan.visit}, so training with it tells nothing; give "
            "answers with `study training --answers`, or a reference standard"
        )
    return tuple(expected)


def _answer(answer: sa.RowMapping, targets: dict[str, Target], protocol: Protocol) -> Expected:
    question = protocol.question(answer["question"])
    try:
        value = from_json(answer["value"])
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"an answer expected of {answer['subject']} is damaged; restore the study from a backup"
        ) from error
    refusal = question.refusal(value)
    if refusal:
        raise InputError(f"the answer expected of {answer['subject']} does not serve: {refusal}")
    about = {"tolerance": answer["tolerance"], "text": answer["text"]}
    if not answer["target"]:
        if question.scope in MARK_KINDS:
            raise InputError(
                f"{question.id} is about each {question.scope}; name the target it is expected of"
            )
        return Expected(question.id, value, **about)
    target = targets.get(answer["target"])
    if target is None or target.centre_mm is None or target.kind != question.scope:
        raise InputError(
            f"{answer['subject']} has no {question.scope} {answer['target']!r} with a centre in the "
            "reference standard"
        )
    return Expected(
        question.id, value, **about, kind=target.kind, position_mm=target.centre_mm, reach_mm=_reach(target)
    )


def _reach(target: Target) -> float:
    return max((target.diameter_mm or 0.0) / 2, _SMALLEST_REACH_MM)
