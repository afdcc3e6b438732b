"""What may be done to a reading, and when: open, then step by step locked, then signed."""

from __future__ import annotations

from dataclasses import replace

from core.errors import InputError
from core.reading.edits import AddMark, Edit, EditRoi, MoveMark, SetAnswer
from core.reading.protocol import MarkKind, Protocol
from core.reading.reading import Reading


def apply_edit(protocol: Protocol, reading: Reading, edit: Edit) -> Reading:
    """Return the reading after an edit.

    Raises
    ------
    InputError
        If the rules of reading forbid the edit, with the reason in a rater's words: the case is signed,
        the step is locked or not reached, the value is no choice of the question, or the reading is not
        what the edit expects.
    """
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed and cannot change any more")
    if isinstance(edit, SetAnswer):
        _check_answer(protocol, reading, edit)
    elif isinstance(edit, EditRoi):
        _check_roi(protocol, reading, edit)
    elif isinstance(edit, MoveMark):
        mark = reading.marks.get(edit.mark_id)
        if mark is None:
            raise InputError("the mark is not there any more")
        _check_mark_step(protocol, reading, mark.kind)
    else:
        _check_mark_step(protocol, reading, edit.mark.kind)
        if isinstance(edit, AddMark):
            for question, value in edit.answers:
                _check_answer(protocol, reading, SetAnswer(question, edit.mark.mark_id, None, value), edit)
    return edit.apply(reading)


def lock_step(protocol: Protocol, reading: Reading) -> Reading:
    """Return the reading with its open step locked and the next one open.

    Raises
    ------
    InputError
        If the case is signed, the step is the last one, or something required is missing in it.
    """
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed; its steps are locked")
    step = protocol.steps[reading.step_index]
    if reading.step_index == len(protocol.steps) - 1:
        raise InputError(f"“{step.title}” is the last step; sign the case instead")
    refuse_missing(reading.missing(protocol, step.id), f"“{step.title}” cannot be closed yet")
    return replace(reading, step_index=reading.step_index + 1)


def sign(protocol: Protocol, reading: Reading) -> Reading:
    """Return the reading as signed.

    Raises
    ------
    InputError
        If it is signed already, or something required is missing.
    """
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed already")
    refuse_missing(reading.missing(protocol), f"case {reading.alias} cannot be signed yet")
    return replace(reading, status="signed")


def refuse_missing(missing: tuple[str, ...], what: str) -> None:
    """Raise InputError that says what cannot be done and what is missing, if anything is."""
    if missing:
        raise InputError(f"{what}: {'; '.join(missing)}")


def _check_answer(
    protocol: Protocol, reading: Reading, edit: SetAnswer, adding: AddMark | None = None
) -> None:
    question = protocol.question(edit.question_id)
    _check_step(protocol, reading, protocol.step_index(question.step), "this answer")
    if edit.mark_id is None:
        scope = "case"
    elif adding is not None:
        scope = adding.mark.kind
    elif edit.mark_id in reading.marks:
        scope = reading.marks[edit.mark_id].kind
    else:
        raise InputError("the mark this answer belongs to is not there any more")
    if scope != question.scope:
        raise InputError(
            f"“{question.text}” is a question about each {question.scope}, not about the {scope}"
        )
    if edit.after is not None and question.choice(edit.after) is None:
        values = ", ".join(str(choice.value) for choice in question.choices)
        raise InputError(f"“{question.text}” is answered with one of {values}, not {edit.after}")


def _check_roi(protocol: Protocol, reading: Reading, edit: EditRoi) -> None:
    step = protocol.roi_step(edit.kind)
    if step is not None and step < reading.step_index:
        raise InputError(_locked(protocol, step, f"the {edit.kind} region"))
    if not edit.existed_before and reading.roi(edit.kind) is not None:
        raise InputError(f"the case has a {edit.kind} region already; add to it or remove it first")


def _check_mark_step(protocol: Protocol, reading: Reading, kind: MarkKind) -> None:
    step = protocol.mark_step(kind)
    if step is not None:
        _check_step(protocol, reading, step, f"a {kind} mark")


def _check_step(protocol: Protocol, reading: Reading, step: int, what: str) -> None:
    if step < reading.step_index:
        raise InputError(_locked(protocol, step, what))
    if step > reading.step_index:
        raise InputError(f"{what} belongs to the step “{protocol.steps[step].title}”, which is not open yet")


def _locked(protocol: Protocol, step: int, what: str) -> str:
    return f"{what} belongs to the step “{protocol.steps[step].title}”, which is locked"
