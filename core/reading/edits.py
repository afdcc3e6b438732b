"""What a rater can do to a reading: frozen edits with their before and after, so that each can be undone.

Every edit has
    name              what the undo menu says
    apply(reading)    the reading after it; InputError where `before` is not what the reading holds
    inverse()         the edit that takes it back
    as_dict()         plain values for the audit trail, from which `edit_from_dict` makes the edit again

What follows from an edit, such as the answers that go with a mark, is not in it:
`core.reading.rules.completed` puts both together. Edits of regions stand in core.reading.roi_edits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import InputError
from core.reading.edit_base import (
    expect,
    inserted,
    read_about,
    read_place,
    read_position,
    read_text,
    read_value,
    read_whole,
    refuse_signed,
    without,
)
from core.reading.questions import MARK_KINDS, Value, same_value
from core.reading.reading import Mark, Position, Reading, Ruler
from core.reading.roi_edits import EditRoi, LabelRoi, edit_roi_from, label_roi_from

# beside the voxels of regions: small things, counted roundly
_SMALL_EDIT_BYTES = 1000


@dataclass(frozen=True)
class SetAnswer:
    """Give, change or take back (None) one answer: about the case (None), a mark or a region."""

    question_id: str
    about: str | None
    before: Value | None
    after: Value | None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        if self.after is None:
            return "clear answer"
        if isinstance(self.after, str):
            return "write text"
        return f"answer {self.after}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the answer set."""
        refuse_signed(reading)
        if reading.scope_of(self.about) is None:
            raise InputError("what this answer is about is not there")
        key = (self.question_id, self.about)
        answers = dict(reading.answers)
        expect(same_value(answers.get(key), self.before))
        answers.pop(key, None)
        if self.after is not None:
            answers[key] = self.after
        return replace(reading, answers=answers)

    def inverse(self) -> SetAnswer:
        """Return the edit that takes this one back."""
        return SetAnswer(self.question_id, self.about, self.after, self.before)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {
            "edit": "set_answer", "question": self.question_id, "about": self.about,
            "before": self.before, "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True)
class AddMark:
    """Set a mark, in its place among the marks where this takes back a removal."""

    mark: Mark
    place: int | None = None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return f"mark {self.mark.kind}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the mark."""
        refuse_signed(reading)
        expect(not reading.holds(self.mark.mark_id) and not self.mark.prescribed)
        if not reading.grid.holds(self.mark.position_mm):
            raise InputError("the mark lies outside the multi-echo series; set it inside the picture")
        if self.place is not None:
            # those that the study prescribed come first
            expect(self.place >= sum(mark.prescribed for mark in reading.marks.values()))
        return replace(reading, marks=inserted(reading.marks, self.mark.mark_id, self.mark, self.place))

    def inverse(self) -> RemoveMark:
        """Return the edit that takes this one back."""
        return RemoveMark(self.mark, self.place)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "add_mark", **_mark_dict(self)}


@dataclass(frozen=True)
class RemoveMark:
    """Take a mark away about which nothing is answered or measured; `remove_mark` makes one."""

    mark: Mark
    place: int | None = None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return f"remove {self.mark.kind}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading without the mark."""
        refuse_signed(reading)
        mark_id = self.mark.mark_id
        expect(reading.marks.get(mark_id) == self.mark and not self.mark.prescribed)
        return replace(reading, marks=without(reading.marks, mark_id, self.place))

    def inverse(self) -> AddMark:
        """Return the edit that takes this one back."""
        return AddMark(self.mark, self.place)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "remove_mark", **_mark_dict(self)}


@dataclass(frozen=True)
class MoveMark:
    """Move a mark; positions in LPS mm."""

    mark_id: str
    before: Position
    after: Position

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return "move mark"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the mark moved."""
        refuse_signed(reading)
        mark = reading.marks.get(self.mark_id)
        expect(mark is not None and mark.position_mm == self.before and not mark.prescribed)
        if not reading.grid.holds(self.after):
            raise InputError("the mark would lie outside the multi-echo series; keep it inside the picture")
        moved = replace(reading.marks[self.mark_id], position_mm=self.after)
        return replace(reading, marks={**reading.marks, self.mark_id: moved})

    def inverse(self) -> MoveMark:
        """Return the edit that takes this one back."""
        return MoveMark(self.mark_id, self.after, self.before)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {
            "edit": "move_mark", "mark": self.mark_id,
            "before": list(self.before), "after": list(self.after),
        }  # fmt: skip


@dataclass(frozen=True)
class AddRuler:
    """Lay a ruler, in its place among the rulers where this takes back a removal."""

    ruler: Ruler
    place: int | None = None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return "lay ruler"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the ruler."""
        refuse_signed(reading)
        ruler = self.ruler
        expect(not reading.holds(ruler.ruler_id) and ruler.step_index == reading.step_index)
        if ruler.about is not None and ruler.about not in reading.marks:
            raise InputError("the mark this ruler measures is not there")
        return replace(reading, rulers=inserted(reading.rulers, ruler.ruler_id, ruler, self.place))

    def inverse(self) -> RemoveRuler:
        """Return the edit that takes this one back."""
        return RemoveRuler(self.ruler, self.place)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "add_ruler", **_ruler_dict(self)}


@dataclass(frozen=True)
class RemoveRuler:
    """Take a ruler away; `remove_ruler` makes one."""

    ruler: Ruler
    place: int | None = None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return "remove ruler"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading without the ruler."""
        refuse_signed(reading)
        expect(reading.rulers.get(self.ruler.ruler_id) == self.ruler)
        return replace(reading, rulers=without(reading.rulers, self.ruler.ruler_id, self.place))

    def inverse(self) -> AddRuler:
        """Return the edit that takes this one back."""
        return AddRuler(self.ruler, self.place)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "remove_ruler", **_ruler_dict(self)}


@dataclass(frozen=True)
class MoveRuler:
    """Move the ends of a ruler; (start, end) in LPS mm."""

    ruler_id: str
    before: tuple[Position, Position]
    after: tuple[Position, Position]

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return "move ruler"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the ruler moved."""
        refuse_signed(reading)
        ruler = reading.rulers.get(self.ruler_id)
        expect(ruler is not None and (ruler.start_mm, ruler.end_mm) == self.before)
        start_mm, end_mm = self.after
        moved = replace(reading.rulers[self.ruler_id], start_mm=start_mm, end_mm=end_mm)
        return replace(reading, rulers={**reading.rulers, self.ruler_id: moved})

    def inverse(self) -> MoveRuler:
        """Return the edit that takes this one back."""
        return MoveRuler(self.ruler_id, self.after, self.before)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {
            "edit": "move_ruler", "ruler": self.ruler_id,
            "before": [list(end) for end in self.before], "after": [list(end) for end in self.after],
        }  # fmt: skip


Single = SetAnswer | AddMark | RemoveMark | MoveMark | AddRuler | RemoveRuler | MoveRuler | EditRoi | LabelRoi


@dataclass(frozen=True, eq=False)
class Together:
    """Several edits that are done, and taken back, as one; `name` is what the undo menu says."""

    edits: tuple[Single, ...]
    name: str

    def apply(self, reading: Reading) -> Reading:
        """Return the reading after all of them, in order."""
        for edit in self.edits:
            reading = edit.apply(reading)
        return reading

    def inverse(self) -> Together:
        """Return the edit that takes all of them back."""
        return Together(tuple(edit.inverse() for edit in reversed(self.edits)), self.name)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "together", "name": self.name, "edits": [edit.as_dict() for edit in self.edits]}


Edit = Single | Together


def parts_of(edit: Edit) -> tuple[Single, ...]:
    """Return the single edits an edit is made of."""
    return edit.edits if isinstance(edit, Together) else (edit,)


def together(name: str, *edits: Edit) -> Together:
    """Return several edits as one."""
    return Together(tuple(part for edit in edits for part in parts_of(edit)), name)


def edit_bytes(edit: Edit) -> int:
    """Return about how much memory an edit takes, in bytes."""
    return sum(
        _SMALL_EDIT_BYTES + (part.nbytes if isinstance(part, EditRoi) else 0) for part in parts_of(edit)
    )


def set_answer(reading: Reading, question_id: str, about: str | None, value: Value | None) -> SetAnswer:
    """Return the edit that answers a question anew, or clears it (None)."""
    return SetAnswer(question_id, about, reading.answers.get((question_id, about)), value)


def remove_mark(reading: Reading, mark_id: str) -> RemoveMark:
    """Return the edit that removes a mark; undoing it puts the mark back in its place."""
    return RemoveMark(reading.marks[mark_id], list(reading.marks).index(mark_id))


def remove_ruler(reading: Reading, ruler_id: str) -> RemoveRuler:
    """Return the edit that removes a ruler; undoing it puts the ruler back in its place."""
    return RemoveRuler(reading.rulers[ruler_id], list(reading.rulers).index(ruler_id))


def edit_from_dict(values: Mapping[str, Any]) -> Edit:
    """Make an edit again from what `as_dict` gave.

    Raises
    ------
    InputError
        If the values do not describe an edit.
    """
    try:
        if values["edit"] == "together":
            edits = tuple(_SINGLE[one["edit"]](one) for one in values["edits"])
            return Together(edits, read_text(values["name"]))
        return _SINGLE[values["edit"]](values)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise InputError("the record does not describe an edit that this version knows") from error


def _mark_dict(edit: AddMark | RemoveMark) -> dict[str, Any]:
    return {
        "mark": edit.mark.mark_id, "kind": edit.mark.kind, "position_mm": list(edit.mark.position_mm),
        "place": edit.place,
    }  # fmt: skip


def _ruler_dict(edit: AddRuler | RemoveRuler) -> dict[str, Any]:
    ruler = edit.ruler
    return {
        "ruler": ruler.ruler_id, "start_mm": list(ruler.start_mm), "end_mm": list(ruler.end_mm),
        "about": ruler.about, "step_index": ruler.step_index, "place": edit.place,
    }  # fmt: skip


def _set_answer(values: Mapping[str, Any]) -> SetAnswer:
    return SetAnswer(
        read_text(values["question"]), read_about(values["about"]),
        read_value(values["before"]), read_value(values["after"]),
    )  # fmt: skip


def _mark_and_place(values: Mapping[str, Any]) -> tuple[Mark, int | None]:
    kind = MARK_KINDS[MARK_KINDS.index(values["kind"])]
    mark = Mark(read_text(values["mark"]), kind, read_position(values["position_mm"]))
    return mark, read_place(values["place"])


def _move_mark(values: Mapping[str, Any]) -> MoveMark:
    return MoveMark(
        read_text(values["mark"]), read_position(values["before"]), read_position(values["after"])
    )


def _ruler_and_place(values: Mapping[str, Any]) -> tuple[Ruler, int | None]:
    ruler = Ruler(
        read_text(values["ruler"]), read_position(values["start_mm"]), read_position(values["end_mm"]),
        read_about(values["about"]), read_whole(values["step_index"]),
    )  # fmt: skip
    return ruler, read_place(values["place"])


def _move_ruler(values: Mapping[str, Any]) -> MoveRuler:
    (start, end), (new_start, new_end) = values["before"], values["after"]
    return MoveRuler(
        read_text(values["ruler"]), (read_position(start), read_position(end)),
        (read_position(new_start), read_position(new_end)),
    )  # fmt: skip


_SINGLE: dict[str, Callable[[Mapping[str, Any]], Single]] = {
    "set_answer": _set_answer,
    "add_mark": lambda values: AddMark(*_mark_and_place(values)),
    "remove_mark": lambda values: RemoveMark(*_mark_and_place(values)),
    "move_mark": _move_mark,
    "add_ruler": lambda values: AddRuler(*_ruler_and_place(values)),
    "remove_ruler": lambda values: RemoveRuler(*_ruler_and_place(values)),
    "move_ruler": _move_ruler,
    "edit_roi": edit_roi_from,
    "label_roi": label_roi_from,
}
