"""What a rater can do to a reading: frozen edits with their before and after, so that each can be undone.

Every edit has
    name              what the undo menu says
    apply(reading)    the reading after it; InputError where `before` is not what the reading holds
    inverse()         the edit that takes it back
    as_dict()         plain values for the audit trail, from which `edit_from_dict` makes the edit again
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.roi import ROI_KINDS, Mask, Roi, RoiKind
from core.reading.protocol import MARK_KINDS
from core.reading.reading import Mark, Reading

# voxels; a record that claims more is not one of ours
_LARGEST_GRID = 100_000_000

Answers = tuple[tuple[str, int], ...]  # (question id, value) of one mark, sorted by question


@dataclass(frozen=True)
class SetAnswer:
    """Give, change or take back (None) one answer."""

    question_id: str
    mark_id: str | None
    before: int | None
    after: int | None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return "clear answer" if self.after is None else f"answer {self.after}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the answer set."""
        _refuse_signed(reading)
        if self.mark_id is not None and self.mark_id not in reading.marks:
            raise InputError("the mark this answer belongs to is not there")
        key = (self.question_id, self.mark_id)
        answers = dict(reading.answers)
        _expect(answers.get(key) == self.before)
        answers.pop(key, None)
        if self.after is not None:
            answers[key] = self.after
        return replace(reading, answers=answers)

    def inverse(self) -> SetAnswer:
        """Return the edit that takes this one back."""
        return SetAnswer(self.question_id, self.mark_id, self.after, self.before)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {
            "edit": "set_answer", "question": self.question_id, "mark": self.mark_id,
            "before": self.before, "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True)
class AddMark:
    """Set a mark, with the answers and the place among the marks it had where this takes back a removal."""

    mark: Mark
    answers: Answers = ()
    place: int | None = None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return f"mark {self.mark.kind}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the mark."""
        _refuse_signed(reading)
        _expect(self.mark.mark_id not in reading.marks)
        if not reading.grid.holds(self.mark.position_mm):
            raise InputError("the mark lies outside the multi-echo series; set it inside the picture")
        answers = dict(reading.answers)
        answers.update({(question, self.mark.mark_id): value for question, value in self.answers})
        marks = list(reading.marks.items())
        marks.insert(len(marks) if self.place is None else self.place, (self.mark.mark_id, self.mark))
        return replace(reading, marks=dict(marks), answers=answers)

    def inverse(self) -> RemoveMark:
        """Return the edit that takes this one back."""
        return RemoveMark(self.mark, self.answers, self.place)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "add_mark", **_mark_dict(self)}


@dataclass(frozen=True)
class RemoveMark:
    """Take a mark away, with its answers; `remove_mark` makes one."""

    mark: Mark
    answers: Answers = ()
    place: int | None = None

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return f"remove {self.mark.kind}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading without the mark and its answers."""
        _refuse_signed(reading)
        mark_id = self.mark.mark_id
        _expect(reading.marks.get(mark_id) == self.mark and answers_of(reading, mark_id) == self.answers)
        marks = {key: mark for key, mark in reading.marks.items() if key != mark_id}
        answers = {key: value for key, value in reading.answers.items() if key[1] != mark_id}
        return replace(reading, marks=marks, answers=answers)

    def inverse(self) -> AddMark:
        """Return the edit that takes this one back."""
        return AddMark(self.mark, self.answers, self.place)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {"edit": "remove_mark", **_mark_dict(self)}


@dataclass(frozen=True)
class MoveMark:
    """Move a mark; positions in LPS mm."""

    mark_id: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]

    @property
    def name(self) -> str:
        """What the undo menu says."""
        return "move mark"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the mark in its new place."""
        _refuse_signed(reading)
        mark = reading.marks.get(self.mark_id)
        _expect(mark is not None and mark.position_mm == self.before)
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


@dataclass(frozen=True, eq=False)
class EditRoi:
    """Add voxels to a region, take some away, begin one or remove one.

    Parameters
    ----------
    roi_id : str
        The region, 32 hexadecimal digits.
    kind : {"tumour", "reference", "noise"}
        What it stands for.
    indices : int64 array, shape (n,)
        The changed voxels as flat C-order indices into the grid, rising strictly.
    before, after : bool arrays, shape (n,)
        Whether each was in the region; they differ everywhere.
    existed_before, exists_after : bool
        Whether the region was there at all.
    """

    roi_id: str
    kind: RoiKind
    indices: NDArray[np.int64]
    before: NDArray[np.bool_]
    after: NDArray[np.bool_]
    existed_before: bool
    exists_after: bool

    @classmethod
    def between(cls, roi_id: str, kind: RoiKind, before: Mask | None, after: Mask | None) -> EditRoi:
        """Make the edit that turns one mask into another; None stands for no region.

        Raises
        ------
        InputError
            If both are None, or the masks differ in shape.
        """
        known = before if before is not None else after
        if known is None:
            raise InputError("an edit of a region needs the region before or after it")
        old = before if before is not None else np.zeros_like(known)
        new = after if after is not None else np.zeros_like(known)
        if old.shape != new.shape:
            raise InputError(f"the region had shape {old.shape} and would get {new.shape}")
        indices = np.flatnonzero(old != new).astype(np.int64)
        return cls(
            roi_id, kind, indices, old.ravel()[indices], new.ravel()[indices],
            before is not None, after is not None,
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the undo menu says."""
        if not self.existed_before:
            return f"draw {self.kind} region"
        return f"change {self.kind} region" if self.exists_after else f"remove {self.kind} region"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the region changed."""
        _refuse_signed(reading)
        shape = reading.grid.shape
        old = reading.rois.get(self.roi_id)
        _expect((old is not None) == self.existed_before and (old is None or old.kind == self.kind))
        if self.indices.size and not 0 <= self.indices[0] <= self.indices[-1] < int(np.prod(shape)):
            raise InputError("the region would leave the picture")
        flat = np.zeros(int(np.prod(shape)), dtype=np.bool_) if old is None else old.mask.ravel().copy()
        _expect(bool(np.array_equal(flat[self.indices], self.before)))
        flat[self.indices] = self.after
        rois = dict(reading.rois)
        if self.exists_after:
            rois[self.roi_id] = Roi(self.roi_id, self.kind, flat.reshape(shape), reading.grid)
        else:
            _expect(not flat.any())
            rois.pop(self.roi_id, None)
        return replace(reading, rois=rois)

    def inverse(self) -> EditRoi:
        """Return the edit that takes this one back."""
        return EditRoi(
            self.roi_id, self.kind, self.indices, self.after, self.before,
            self.exists_after, self.existed_before,
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail: changed voxels as runs of [first, count]."""
        return {
            "edit": "edit_roi", "roi": self.roi_id, "kind": self.kind,
            "taken": _runs(self.indices[self.after]), "left": _runs(self.indices[self.before]),
            "existed_before": self.existed_before, "exists_after": self.exists_after,
        }  # fmt: skip


Edit = SetAnswer | AddMark | RemoveMark | MoveMark | EditRoi


def answers_of(reading: Reading, mark_id: str) -> Answers:
    """Return the answers about one mark, sorted by question."""
    return tuple(sorted((key[0], value) for key, value in reading.answers.items() if key[1] == mark_id))


def remove_mark(reading: Reading, mark_id: str) -> RemoveMark:
    """Return the edit that removes a mark with its answers; undoing it puts the mark back in its place."""
    place = list(reading.marks).index(mark_id)
    return RemoveMark(reading.marks[mark_id], answers_of(reading, mark_id), place)


def edit_from_dict(values: Mapping[str, Any]) -> Edit:
    """Make an edit again from what `as_dict` gave.

    Raises
    ------
    InputError
        If the values do not describe an edit.
    """
    try:
        return _PARSERS[values["edit"]](values)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError("the record does not describe an edit that this version knows") from error


def _refuse_signed(reading: Reading) -> None:
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed and cannot change any more")


def _expect(holds: bool) -> None:
    if not holds:
        raise InputError("the case has changed meanwhile, so this step does not fit; look and do it again")


def _mark_dict(edit: AddMark | RemoveMark) -> dict[str, Any]:
    return {
        "mark": edit.mark.mark_id, "kind": edit.mark.kind, "position_mm": list(edit.mark.position_mm),
        "answers": [list(answer) for answer in edit.answers], "place": edit.place,
    }  # fmt: skip


def _runs(indices: NDArray[np.int64]) -> list[list[int]]:
    breaks = np.flatnonzero(np.diff(indices) != 1) + 1
    bounds = [0, *breaks.tolist(), len(indices)]
    return [[int(indices[a]), b - a] for a, b in pairwise(bounds) if b > a]


def _from_runs(runs: list[list[int]]) -> NDArray[np.int64]:
    if any(count < 1 for _, count in runs) or sum(count for _, count in runs) > _LARGEST_GRID:
        raise ValueError
    parts = [np.arange(first, first + count, dtype=np.int64) for first, count in runs]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _position(values: Any) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _value(value: Any) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError
    return value


def _set_answer(values: Mapping[str, Any]) -> Edit:
    mark = values["mark"]
    return SetAnswer(
        str(values["question"]), None if mark is None else str(mark),
        _value(values["before"]), _value(values["after"]),
    )  # fmt: skip


def _mark_and_answers(values: Mapping[str, Any]) -> tuple[Mark, Answers, int | None]:
    kind = MARK_KINDS[MARK_KINDS.index(values["kind"])]
    answers = tuple((str(question), int(value)) for question, value in values["answers"])
    return Mark(str(values["mark"]), kind, _position(values["position_mm"])), answers, _value(values["place"])


def _move_mark(values: Mapping[str, Any]) -> Edit:
    return MoveMark(str(values["mark"]), _position(values["before"]), _position(values["after"]))


def _edit_roi(values: Mapping[str, Any]) -> Edit:
    taken, left = _from_runs(values["taken"]), _from_runs(values["left"])
    indices = np.concatenate([taken, left])
    if np.unique(indices).size != indices.size:
        raise ValueError
    order = np.argsort(indices)
    after = np.concatenate([np.ones(taken.size, np.bool_), np.zeros(left.size, np.bool_)])[order]
    kind = ROI_KINDS[ROI_KINDS.index(values["kind"])]
    return EditRoi(
        str(values["roi"]), kind, indices[order], ~after, after,
        bool(values["existed_before"]), bool(values["exists_after"]),
    )  # fmt: skip


_PARSERS: dict[str, Callable[[Mapping[str, Any]], Edit]] = {
    "set_answer": _set_answer,
    "add_mark": lambda values: AddMark(*_mark_and_answers(values)),
    "remove_mark": lambda values: RemoveMark(*_mark_and_answers(values)),
    "move_mark": _move_mark,
    "edit_roi": _edit_roi,
}
