"""Training cases: what was expected of a reading, and what a rater is told afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.reading.conduct import Training
from core.reading.protocol import Protocol
from core.reading.questions import Value
from core.reading.reading import Mark, Position, Reading


@dataclass(frozen=True)
class Expected:
    """One thing that a training case expects.

    Parameters
    ----------
    question : str
        Which question; "" where a finding is to be marked and nothing else is asked.
    value : int, float, str or None
        The answer; None where a finding is to be marked.
    tolerance : float
        How far a number may lie from it.
    text : str
        What the rater is told about it.
    kind : str
        "lesion" or "node" where it is about a finding, else "".
    position_mm : tuple of float, optional
        Where that lies, LPS mm.
    reach_mm : float
        How far from there a mark still hits it.
    """

    question: str
    value: Value | None
    tolerance: float = 0.0
    text: str = ""
    kind: str = ""
    position_mm: Position | None = None
    reach_mm: float = 0.0


@dataclass(frozen=True)
class Feedback:
    """What is told of one thing: what was asked, expected and given, whether that meets it, and why."""

    question: str
    expected: str
    given: str
    met: bool
    text: str
    position_mm: Position | None = None


@dataclass(frozen=True)
class TrainingState:
    """How far a rater's training is.

    Parameters
    ----------
    round, rounds : int
        The round being read, from 1, of how many there are.
    met, total : int
        What was met of what was expected, in the cases of that round that are signed.
    passed : bool
        Whether a round was passed: the study's cases are open.
    failed : bool
        Whether all rounds were read and none was passed.
    """

    round: int
    rounds: int
    met: int
    total: int
    passed: bool
    failed: bool


def feedback(protocol: Protocol, reading: Reading, expected: Sequence[Expected]) -> tuple[Feedback, ...]:
    """Compare a reading with what was expected of it, thing by thing."""
    return tuple(_compared(protocol, reading, each) for each in expected)


def training_state(
    training: Training,
    rounds: Mapping[str, int],
    told: Mapping[str, Sequence[Feedback]],
) -> TrainingState:
    """Tell how far the training is.

    Parameters
    ----------
    training : Training
        The protocol's rule.
    rounds : mapping of alias to int
        The round that each training case belongs to, from 1.
    told : mapping of alias to feedback
        Of the training cases that are signed.
    """
    last = max(rounds.values(), default=0)
    met = total = 0
    for number in range(1, last + 1):
        of_round = [alias for alias, belongs in rounds.items() if belongs == number]
        results = [each.met for alias in of_round for each in told.get(alias, ())]
        met, total = sum(results), len(results)
        if any(alias not in told for alias in of_round):
            return TrainingState(number, last, met, total, passed=False, failed=False)
        if met >= training.share * total:
            return TrainingState(number, last, met, total, passed=True, failed=False)
    return TrainingState(last, last, met, total, passed=last == 0, failed=last > 0)


def _compared(protocol: Protocol, reading: Reading, expected: Expected) -> Feedback:
    mark = _mark_of(reading, expected)
    if not expected.question:
        given = reading.mark_name(mark.mark_id) if mark else ""
        return Feedback("", expected.kind, given, mark is not None, expected.text, expected.position_mm)
    question = protocol.question(expected.question)
    about = mark.mark_id if mark else None
    value = None if expected.kind and mark is None else reading.answers.get((expected.question, about))
    return Feedback(
        question.text,
        _shown(protocol, expected.question, expected.value),
        _shown(protocol, expected.question, value),
        _meets(value, expected),
        expected.text,
        expected.position_mm,
    )


def _mark_of(reading: Reading, expected: Expected) -> Mark | None:
    """Return the mark that hits a finding, the nearest where several do."""
    place = expected.position_mm
    if place is None:
        return None
    reached = [
        (math.dist(mark.position_mm, place), mark.mark_id, mark)
        for mark in reading.marks.values()
        if mark.kind == expected.kind and math.dist(mark.position_mm, place) <= expected.reach_mm
    ]
    return min(reached)[2] if reached else None


def _meets(value: Value | None, expected: Expected) -> bool:
    if value is None or expected.value is None or isinstance(value, str) or isinstance(expected.value, str):
        return value is not None and value == expected.value
    return abs(value - expected.value) <= expected.tolerance


def _shown(protocol: Protocol, question_id: str, value: Value | None) -> str:
    if value is None:
        return ""
    question = protocol.question(question_id)
    choice = question.choice(value)
    return f"{value} {question.unit}".strip() if choice is None else f"{value} {choice.label}"
