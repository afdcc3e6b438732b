"""Two raters' readings of one case, answer by answer, and how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, MarkKind, Question, Value
from core.statistics.analysis import Measured, compared
from core.statistics.linking import MEASURES, Measures, as_number
from core.statistics.order import visit_key
from core.study.adjudicating import finding_name, region_dice, same_findings
from core.study.records import SignedReading

FOUND, ENDED = "found", "ended early"
_Pairs = Mapping[MarkKind, list[tuple[str | None, str | None]]]


@dataclass(frozen=True)
class Line:
    """What two raters said to one thing.

    Parameters
    ----------
    item : str
        The question's id, `FOUND`, `ENDED` or one of `MEASURES`.
    text : str
        What was asked, as a rater reads it; the item again where nothing was asked.
    about : str
        The finding that it is about, as the first rater calls it, with whose it is where one alone has it; ""
        for the case.
    first, second : str
        What each said; "" where one said nothing.
    apart : float
        How far apart they are: 0 where they agree or nothing can be compared, 1 at the most. A choice by its
        place on the scale, a number by the larger of the two.
    differs : bool
        Whether the answers are not the same; never of what was measured, which always differs a little.
    """

    item: str
    text: str
    about: str
    first: str
    second: str
    apart: float
    differs: bool


@dataclass(frozen=True, eq=False)
class Pair:
    """A case with the readings of two raters, or of the one who has read it.

    `dice` is the Dice coefficient of the tumour regions, NaN where not both have drawn one.
    """

    first: SignedReading
    second: SignedReading | None
    lines: tuple[Line, ...]
    dice: float

    @property
    def differing(self) -> int:
        """How many answers differ."""
        return sum(line.differs for line in self.lines)

    @property
    def apart(self) -> float:
        """How far apart the answers are, together."""
        return math.fsum(line.apart for line in self.lines)


def pairs_of(found: Measured, items: tuple[str, ...] | None = None) -> tuple[Pair, ...]:
    """Return every case with each two raters who read it in one session, by subject, visit and field.

    First readings alone; a third rater's, who adjudicates, is compared with nobody's.

    Parameters
    ----------
    found : Measured
    items : tuple of str, optional
        Questions and measures that are compared, all if not given. What was found by one alone, and what was
        ended early, is always told.
    """
    cases: dict[tuple[str, int], list[SignedReading]] = {}
    measures = {id(case.reading): found.measures[place] for place, case in enumerate(found.linked)}
    for case in compared(found.linked):
        if not case.reading.repeat_of:
            cases.setdefault((case.reading.scan_id, case.reading.session), []).append(case.reading)
    made: list[Pair] = []
    for readings in cases.values():
        ordered = sorted(readings, key=lambda reading: reading.rater)
        if len(ordered) == 1:
            made.append(Pair(ordered[0], None, _alone(found, ordered[0], measures, items), math.nan))
        made += [_pair(found, one, other, measures, items) for one, other in combinations(ordered, 2)]
    return tuple(sorted(made, key=_order))


def disagreements(pairs: tuple[Pair, ...]) -> tuple[int, ...]:
    """Return the places of pairs whose answers differ, those farthest apart first."""
    places = [place for place, pair in enumerate(pairs) if pair.differing]
    return tuple(sorted(places, key=lambda place: (-pairs[place].apart, _last(pairs[place].dice), place)))


def _last(dice: float) -> float:
    return math.inf if math.isnan(dice) else dice


def _order(pair: Pair) -> tuple[object, ...]:
    reading = pair.first
    return reading.subject, visit_key(reading.visit), -reading.field_t, reading.session, reading.rater


def _pair(
    found: Measured,
    one: SignedReading,
    other: SignedReading,
    measures: Mapping[int, Measures],
    items: tuple[str, ...] | None,
) -> Pair:
    if one.ended or other.ended:
        differs = one.ended != other.ended
        told = Line(ENDED, ENDED, "", one.ended or "no", other.ended or "no", float(differs), differs)
        return Pair(one, other, (told,), math.nan)
    protocol = found.study.protocols[one.protocol_sha256]
    lines = [*_answers(protocol, one, other), *_measured(measures[id(one)], measures[id(other)])]
    kept = tuple(line for line in lines if items is None or line.item in (*items, FOUND))
    drawn = all(any(roi.kind == "tumour" for roi in each.rois.values()) for each in (one, other))
    return Pair(one, other, kept, region_dice("tumour", one, other) if drawn else math.nan)


def _alone(
    found: Measured,
    reading: SignedReading,
    measures: Mapping[int, Measures],
    items: tuple[str, ...] | None,
) -> tuple[Line, ...]:
    """Return one rater's lines: what is compared with nobody's differs from nobody's."""
    protocol = found.study.protocols[reading.protocol_sha256]
    lines = [*_answers(protocol, reading, reading), *_measured(measures[id(reading)], measures[id(reading)])]
    return tuple(
        Line(line.item, line.text, line.about, line.first, "", 0.0, False)
        for line in lines
        if items is None or line.item in (*items, FOUND)
    )


def _answers(protocol: Protocol, one: SignedReading, other: SignedReading) -> Iterator[Line]:
    found: _Pairs = {kind: same_findings(kind, one, other) for kind in MARK_KINDS}
    for kind in MARK_KINDS:
        for first, second in found[kind]:
            if first is None or second is None:
                name = _finding(one, first, other, second)
                said = ("yes", "no") if second is None else ("no", "yes")
                yield Line(FOUND, FOUND, name, *said, 1.0, True)
    for question in protocol.questions:
        for about, values in _values(question, found, one, other):
            if values != (None, None):
                apart, differs = _apart(question, *values)
                said = (_said(question, values[0]), _said(question, values[1]))
                yield Line(question.id, question.text, about, *said, apart, differs)


def _values(
    question: Question, found: _Pairs, one: SignedReading, other: SignedReading
) -> Iterator[tuple[str, tuple[Value | None, Value | None]]]:
    """Yield what a question is about and both answers; of a finding that one alone has, that one's."""
    kind = next((kind for kind in MARK_KINDS if kind == question.scope), None)
    if kind is not None:
        for first, second in found[kind]:
            name = _finding(one, first, other, second)
            yield name, (_answer(question, one, first), _answer(question, other, second))
        return
    yield "", (_of_case(question, one), _of_case(question, other))


def _finding(one: SignedReading, first: str | None, other: SignedReading, second: str | None) -> str:
    """Return what the first rater called a finding; of one that one alone has, whose it is besides."""
    if first is not None:
        name = finding_name(one, first)
        return name if second is not None else f"{name}, {one.rater}"
    return f"{finding_name(other, str(second))}, {other.rater}"


def _answer(question: Question, reading: SignedReading, mark_id: str | None) -> Value | None:
    return None if mark_id is None else reading.answers.get((question.id, mark_id))


def _of_case(question: Question, reading: SignedReading) -> Value | None:
    """Return the answer about the case, or about its region where there is one alone of the kind."""
    if question.roi_kind is None:
        return reading.answers.get((question.id, None))
    regions = [roi.roi_id for roi in reading.rois.values() if roi.kind == question.roi_kind]
    return reading.answers.get((question.id, regions[0])) if len(regions) == 1 else None


def _apart(question: Question, first: Value | None, second: Value | None) -> tuple[float, bool]:
    """Return how far apart two answers are, 0 to 1, and whether they differ."""
    if first is None or second is None:
        return float(question.type != "text"), True
    if first == second:
        return 0.0, False
    if question.type == "text":
        return 0.0, True
    one, other = as_number(first), as_number(second)
    if question.type == "number":
        return min(1.0, abs(one - other) / max(abs(one), abs(other))), True
    codes = [choice.value for choice in question.choices if not choice.ends_case]
    if not all(value in codes for value in (one, other)):
        # a choice that ends the case is no step of a scale
        return 1.0, True
    return abs(one - other) / (max(codes) - min(codes)), True


def _said(question: Question, value: Value | None) -> str:
    if value is None:
        return ""
    choice = question.choice(value)
    return str(value) if choice is None else f"{value} {choice.label}"


def _measured(first: Measures, second: Measures) -> Iterator[Line]:
    for item, unit in MEASURES.items():
        numbers = [measures.number(item) for measures in (first, second)]
        if any(map(math.isfinite, numbers)):
            said = ["" if math.isnan(number) else f"{number:.4g} {unit if unit != '1' else ''}".strip()
                    for number in numbers]  # fmt: skip
            yield Line(item, item, "", said[0], said[1], 0.0, False)
