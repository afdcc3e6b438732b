"""What may be done to a reading, and when: open, then step by step locked, then signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.errors import InputError
from core.imaging.roi import Roi, RoiKind
from core.reading.edits import (
    AddRuler,
    Edit,
    MoveMark,
    MoveRuler,
    RemoveMark,
    RemoveRuler,
    SetAnswer,
    Single,
    Together,
    parts_of,
    remove_ruler,
)
from core.reading.protocol import Protocol
from core.reading.questions import MarkKind
from core.reading.reading import Reading
from core.reading.roi_edits import EditRoi, LabelRoi


def completed(protocol: Protocol, reading: Reading, edit: Edit) -> Edit:
    """Return an edit together with what follows from it, so that one step back undoes all.

    - Answers and rulers about a mark, and answers about a region, go before it does.
    - An answer goes where its question is no longer asked, because another answer has changed.

    The edit itself is returned where nothing follows.

    Raises
    ------
    InputError
        If the edit does not fit the reading.
    """
    parts: list[Single] = []
    after = reading

    def do(part: Single) -> None:
        nonlocal after
        after = part.apply(after)
        parts.append(part)

    for part in parts_of(edit):
        for going in _going_with(after, part):
            do(going)
        do(part)
    for unasked in _unasked(protocol, after):
        do(unasked)
    return edit if len(parts) == len(parts_of(edit)) else Together(tuple(parts), edit.name)


def apply_edit(protocol: Protocol, reading: Reading, edit: Edit) -> Reading:
    """Return the reading after an edit.

    Raises
    ------
    InputError
        If the rules of reading forbid the edit, with the reason in a rater's words: the case is signed,
        the step is locked or not reached, the value does not serve as an answer, a region is locked, a mark
        is prescribed, an answer would stand to a question that is not asked, or the reading is not what the
        edit expects.
    """
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed and cannot change any more")
    for part in parts_of(edit):
        _check(protocol, reading, part)
        reading = part.apply(reading)
    orphan = next(_unasked(protocol, reading), None)
    if orphan is not None:
        question = protocol.question(orphan.question_id)
        raise InputError(f"“{question.text}” is not asked here, so it cannot be answered")
    if any(ruler.about is not None and ruler.about not in reading.marks for ruler in reading.rulers.values()):
        raise InputError("a ruler measures a mark that is not there any more; remove the ruler first")
    return reading


def lock_step(protocol: Protocol, reading: Reading) -> Reading:
    """Return the reading with its open step locked and the next one open.

    Raises
    ------
    InputError
        If the case is signed, ended early, the step is the last one, or something required is missing in it.
    """
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed; its steps are locked")
    step = protocol.steps[reading.step_index]
    ending = protocol.ending(reading.answers)
    if ending is not None:
        raise InputError(f"“{ending.choice.label}” has ended this case; sign it, or change that answer first")
    if reading.step_index == len(protocol.steps) - 1:
        raise InputError(f"“{step.title}” is the last step; sign the case instead")
    refuse_missing(reading.missing(protocol, step.id), f"“{step.title}” cannot be closed yet")
    return replace(reading, step_index=reading.step_index + 1)


def to_sign(protocol: Protocol, reading: Reading) -> bool:
    """Tell whether the open step is finished by signing: it is the last, or an answer has ended the case."""
    last = reading.step_index == len(protocol.steps) - 1
    return last or protocol.ending(reading.answers) is not None


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


def correct(reading: Reading) -> Reading:
    """Return a signed reading open again at the step where it was signed; steps before stay locked.

    Raises
    ------
    InputError
        If it is not signed.
    """
    if not reading.signed:
        raise InputError(f"case {reading.alias} is not signed, so there is nothing to correct")
    return replace(reading, status="open")


def refuse_drawing(protocol: Protocol, reading: Reading, kind: RoiKind, roi: Roi | None) -> None:
    """Raise InputError with the reason where a region may not be drawn in, or, for None, not be begun."""
    step = protocol.roi_step(kind)
    if step is not None and step < reading.step_index:
        raise InputError(_locked(protocol, step, f"the {kind} region"))
    if roi is not None:
        if roi.locked:
            raise InputError(f"“{roi.name}” is locked; unlock it to change it")
        return
    _check_asked(protocol, reading, kind)
    rule = protocol.roi_rule(kind)
    if rule is not None and not rule.many and reading.roi(kind) is not None:
        raise InputError(f"the case has a {kind} region already; add to it or remove it first")


def refuse_missing(missing: tuple[str, ...], what: str) -> None:
    """Raise InputError that says what cannot be done and what is missing, if anything is."""
    if missing:
        raise InputError(f"{what}: {'; '.join(missing)}")


def _going_with(reading: Reading, edit: Single) -> list[Single]:
    """Return what must go before a mark or a region does."""
    if isinstance(edit, RemoveMark):
        gone = edit.mark.mark_id
    elif isinstance(edit, EditRoi) and not edit.exists_after:
        gone = edit.roi_id
    else:
        return []
    answers = [
        SetAnswer(question, about, value, None)
        for (question, about), value in sorted(reading.answers.items(), key=lambda entry: entry[0][0])
        if about == gone
    ]
    going: list[Single] = [*answers]
    # last to first, so that each place holds when the ones behind it are back
    for ruler in reversed(list(reading.rulers.values())):
        if ruler.about == gone:
            going.append(remove_ruler(reading, ruler.ruler_id))
    return going


def _unasked(protocol: Protocol, reading: Reading) -> Iterator[SetAnswer]:
    """Yield, for every answer that stands to a question not asked, the edit that takes it away."""
    for (question_id, about), value in reading.answers.items():
        question = protocol.question(question_id)
        if reading.scope_of(about) != question.scope or not protocol.is_asked(
            question, about, reading.answers
        ):
            yield SetAnswer(question_id, about, value, None)


def _check(protocol: Protocol, reading: Reading, edit: Single) -> None:
    if isinstance(edit, SetAnswer):
        _check_answer(protocol, reading, edit)
    elif isinstance(edit, EditRoi):
        _check_roi(protocol, reading, edit)
    elif isinstance(edit, LabelRoi):
        if edit.roi_id not in reading.rois:
            raise InputError("the region is not there any more")
    elif isinstance(edit, (AddRuler, RemoveRuler, MoveRuler)):
        _check_ruler(protocol, reading, edit)
    elif isinstance(edit, MoveMark):
        mark = reading.marks.get(edit.mark_id)
        if mark is None:
            raise InputError("the mark is not there any more")
        _check_mark(protocol, reading, mark.kind)
    else:
        _check_mark(protocol, reading, edit.mark.kind)


def _check_answer(protocol: Protocol, reading: Reading, edit: SetAnswer) -> None:
    question = protocol.question(edit.question_id)
    if question.step:
        _check_step(protocol, reading, protocol.step_index(question.step), "this answer")
    scope = reading.scope_of(edit.about)
    if scope is None:
        raise InputError("what this answer is about is not there any more")
    if scope != question.scope:
        raise InputError(
            f"“{question.text}” is a question about each {question.about}, "
            f"not about {reading.name_of(edit.about)}"
        )
    refusal = "" if edit.after is None else question.refusal(edit.after)
    if refusal:
        raise InputError(refusal)


def _check_roi(protocol: Protocol, reading: Reading, edit: EditRoi) -> None:
    refuse_drawing(protocol, reading, edit.kind, reading.rois.get(edit.roi_id))
    if not edit.exists_after:
        _check_asked(protocol, reading, edit.kind)


def _check_asked(protocol: Protocol, reading: Reading, kind: RoiKind) -> None:
    asked = protocol.region_step(kind)
    if asked is not None and asked < reading.step_index:
        raise InputError(_locked(protocol, asked, f"what is asked of each {kind} region"))


def _check_ruler(protocol: Protocol, reading: Reading, edit: AddRuler | RemoveRuler | MoveRuler) -> None:
    known = reading.rulers.get(edit.ruler_id) if isinstance(edit, MoveRuler) else edit.ruler
    if known is None:
        raise InputError("the ruler is not there any more")
    _check_step(protocol, reading, known.step_index, "this ruler")


def _check_mark(protocol: Protocol, reading: Reading, kind: MarkKind) -> None:
    if kind in protocol.prescribed:
        raise InputError(f"each {kind} to be judged is given by the study; none is added, moved or removed")
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
