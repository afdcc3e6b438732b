"""The questions of a protocol, read from YAML; whatever cannot be asked is named with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.imaging.roi import RoiKind
from core.reading.fields import Fields
from core.reading.questions import (
    CHOICE_PICTURES,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_DECIMALS,
    QUESTION_MEASURES,
    QUESTION_TYPES,
    RECORDED,
    RESERVED,
    SCOPES,
    Choice,
    Condition,
    Question,
)

_USUAL_TEXT = 500


@dataclass(frozen=True)
class _Line:
    """A question and where it stands."""

    question: Question
    fields: Fields


def parse_questions(
    listed: Sequence[Fields], steps: tuple[str, ...], roi_steps: Mapping[RoiKind, int]
) -> tuple[Question, ...]:
    """Make the questions of a protocol.

    Parameters
    ----------
    listed : sequence of Fields
        One per question.
    steps : tuple of str
        The protocol's steps in order.
    roi_steps : mapping of RoiKind to int
        The place of the step in which a region that is asked for is finished.

    Raises
    ------
    InputError
        At the first fault, with its line.
    """
    lines: list[_Line] = []
    for fields in listed:
        question = _question(fields, steps)
        if any(question.id == line.question.id for line in lines):
            raise fields.fault(f"the question {question.id!r} stands twice")
        lines.append(_Line(question, fields))
    known = {line.question.id: line.question for line in lines}
    for line in lines:
        _check_region(line, steps, roi_steps)
        _check_condition(line, known, steps)
    for line in lines:
        _refuse_circle(line, known)
        _check_ending(line, known)
    return tuple(known.values())


def _question(fields: Fields, steps: tuple[str, ...]) -> Question:
    name = fields.name("id")
    if name in RESERVED or name in RECORDED:
        kept = name if name in RESERVED else "proposals"
        raise fields.fault(f"{name!r} is kept for the {kept} that every case has; choose another id")
    scope, step = fields.text("scope"), fields.text("step")
    if scope not in SCOPES:
        raise fields.fault(f"the scope of {name!r} should be one of {', '.join(SCOPES)}, not {scope!r}")
    if step not in steps:
        raise fields.fault(f"the question {name!r} belongs to a step {step!r} that is not there")
    kind = next(kind for kind in QUESTION_TYPES if kind == fields.choice("type", QUESTION_TYPES, "choice"))
    question = Question(
        id=name,
        text=fields.text("text"),
        scope=scope,
        choices=_choices(fields, name, scope) if kind == "choice" else (),
        required=fields.yes("required", True),
        step=step,
        source=fields.text("source") if fields.has("source") else "",
        type=kind,
        when=_condition(fields.one("when")) if fields.has("when") else None,
        **(_number(fields) if kind == "number" else {}),
        **(_text(fields) if kind == "text" else {}),
    )
    fields.done()
    return question


def _choices(fields: Fields, name: str, scope: str) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for entry in fields.many("choices"):
        ends = entry.yes("ends_case", False)
        picture = entry.choice("picture", CHOICE_PICTURES) if entry.has("picture") else ""
        choice = Choice(entry.number("value"), entry.text("label"), entry.text("anchor"), ends, picture)
        entry.done()
        if not 0 <= choice.value <= 9:
            raise entry.fault(f"the value {choice.value} cannot be typed with one key; use 0 to 9")
        if any(choice.value == other.value for other in choices):
            raise entry.fault(f"the value {choice.value} stands twice")
        if ends and scope != "case":
            raise entry.fault(f"only a question about the case can end it; {name!r} is about each {scope}")
        choices.append(choice)
    if len(choices) < 2:
        raise fields.fault(f"the question {name!r} needs at least two choices")
    return tuple(choices)


def _number(fields: Fields) -> dict[str, Any]:
    least, most = (
        fields.real(end, -LARGEST_NUMBER, LARGEST_NUMBER) if fields.has(end) else other
        for end, other in (("least", -LARGEST_NUMBER), ("most", LARGEST_NUMBER))
    )
    if least >= most:
        raise fields.fault(f"'least' should be less than 'most', and {least:g} is not less than {most:g}")
    decimals = fields.number("decimals") if fields.has("decimals") else 0
    if not 0 <= decimals <= MOST_DECIMALS:
        raise fields.fault(f"'decimals' should be 0 to {MOST_DECIMALS}, not {decimals}")
    return {
        "least": least,
        "most": most,
        "decimals": decimals,
        "unit": fields.text("unit") if fields.has("unit") else "",
        "measure": fields.choice("measure", QUESTION_MEASURES) if fields.has("measure") else "",
    }


def _text(fields: Fields) -> dict[str, Any]:
    most = fields.number("most") if fields.has("most") else _USUAL_TEXT
    if not 1 <= most <= LONGEST_TEXT:
        raise fields.fault(f"'most', the longest text, should be 1 to {LONGEST_TEXT} characters, not {most}")
    return {"least": 1, "most": most}


def _condition(fields: Fields) -> Condition:
    condition = Condition(fields.text("question"), fields.numbers("is"))
    fields.done()
    return condition


def _check_region(line: _Line, steps: tuple[str, ...], roi_steps: Mapping[RoiKind, int]) -> None:
    """A question about each region cannot close before the region is drawn."""
    question, kind = line.question, line.question.roi_kind
    if kind is not None and steps.index(question.step) < roi_steps.get(kind, 0):
        raise line.fields.fault(
            f"the question {question.id!r} is about each {question.about}, which is finished in a later step"
        )


def _check_condition(line: _Line, known: Mapping[str, Question], steps: tuple[str, ...]) -> None:
    question, fault = line.question, line.fields.fault
    if question.when is None:
        return
    other = known.get(question.when.question_id)
    if other is None:
        raise fault(f"the condition of {question.id!r}: there is no question {question.when.question_id!r}")
    if other.scope not in ("case", question.scope):
        raise fault(
            f"the condition of {question.id!r}, about each {question.about}, "
            f"looks at {other.id!r}, about each {other.about}"
        )
    if steps.index(other.step) > steps.index(question.step):
        raise fault(f"the condition of {question.id!r} looks at {other.id!r}, which is asked in a later step")
    for value in question.when.values:
        if other.choice(value) is None:
            raise fault(f"the condition of {question.id!r} wants {value}, which is no choice of {other.id!r}")


def _refuse_circle(line: _Line, known: Mapping[str, Question]) -> None:
    way = [line.question.id]
    while (when := known[way[-1]].when) is not None:
        way.append(when.question_id)
        if way[-1] in way[:-1]:
            raise line.fields.fault(f"the condition of {way[0]!r} runs in a circle: {' on '.join(way)}")


def _check_ending(line: _Line, known: Mapping[str, Question]) -> None:
    """An answer that ends the case needs a question that asks why, in the same step."""
    question = line.question
    for choice in question.choices:
        if choice.ends_case and not any(
            other.type == "text" and other.required and (other.scope, other.step) == ("case", question.step)
            and other.when is not None and other.when.question_id == question.id
            and choice.value in other.when.values
            for other in known.values()
        ):  # fmt: skip
            raise line.fields.fault(
                f"the answer {choice.value} of {question.id!r} ends the case, so a required question of type "
                f"text in the same step must ask why, when {question.id!r} is {choice.value}"
            )
