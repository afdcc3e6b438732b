"""Every edit can be taken back, done again, and made again from what the audit trail keeps of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.roi import mask_sha256
from core.reading.edits import (
    AddMark,
    Edit,
    EditRoi,
    MoveMark,
    RemoveMark,
    SetAnswer,
    answers_of,
    edit_from_dict,
    remove_mark,
)
from core.reading.reading import Mark, Reading

SHAPE = (2, 4, 5)
EMPTY = Reading("KDX42", Geometry.axial(SHAPE, (1.0, 1.0, 1.0)))
POSITIONS = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 1)).map(
    lambda p: (float(p[0]), float(p[1]), float(p[2]))
)


def same(one: Reading, other: Reading) -> bool:
    return (
        dict(one.answers) == dict(other.answers)
        and list(one.marks.items()) == list(other.marks.items())
        and {k: (r.kind, mask_sha256(r.mask)) for k, r in one.rois.items()}
        == {k: (r.kind, mask_sha256(r.mask)) for k, r in other.rois.items()}
        and (one.step_index, one.status) == (other.step_index, other.status)
    )


@st.composite
def edits(draw: st.DrawFn, reading: Reading) -> Edit:
    """Any edit that fits the reading."""
    marks = list(reading.marks.values())
    kinds = ["answer", "add", "roi"] + (["remove", "move", "mark_answer"] if marks else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "add":
        number = 1 + max((int(mark.mark_id[1:]) for mark in marks), default=0)
        new = Mark(f"m{number}", draw(st.sampled_from(["lesion", "node"])),
                   draw(POSITIONS))  # fmt: skip
        return AddMark(new)
    if kind == "remove":
        return remove_mark(reading, draw(st.sampled_from(marks)).mark_id)
    if kind == "move":
        mark = draw(st.sampled_from(marks))
        return MoveMark(mark.mark_id, mark.position_mm, draw(POSITIONS))
    if kind == "roi":
        roi_id = draw(st.sampled_from(["r1", "r2"]))
        old = reading.rois.get(roi_id)
        before = None if old is None else old.mask
        after = None if old is not None and draw(st.booleans()) else np.array(
            draw(st.lists(st.booleans(), min_size=40, max_size=40))
        ).reshape(SHAPE)  # fmt: skip
        return EditRoi.between(roi_id, "tumour", before, after)
    mark_id = draw(st.sampled_from(marks)).mark_id if kind == "mark_answer" else None
    before_value = reading.answers.get(("q", mark_id))
    return SetAnswer("q", mark_id, before_value, draw(st.one_of(st.none(), st.integers(1, 5))))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_undoing_every_edit_gives_back_every_state(data: st.DataObject) -> None:
    states, done = [EMPTY], []
    for _ in range(data.draw(st.integers(1, 8))):
        edit = data.draw(edits(states[-1]))
        done.append(edit)
        states.append(edit.apply(states[-1]))
    reading = states[-1]
    for edit, before in zip(reversed(done), reversed(states[:-1]), strict=True):
        reading = edit.inverse().apply(reading)
        assert same(reading, before)
    for edit, after in zip(done, states[1:], strict=True):
        reading = edit.apply(reading)
        assert same(reading, after)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_an_edit_comes_back_from_the_audit_trails_text(data: st.DataObject) -> None:
    reading = EMPTY
    for _ in range(data.draw(st.integers(1, 5))):
        edit = data.draw(edits(reading))
        again = edit_from_dict(json.loads(json.dumps(edit.as_dict())))
        assert again.as_dict() == edit.as_dict()
        assert same(again.apply(reading), edit.apply(reading))
        assert edit.name
        reading = edit.apply(reading)


def test_a_removed_lesion_comes_back_in_its_place_with_its_answers() -> None:
    reading = EMPTY
    for number in range(3):
        reading = AddMark(Mark(f"m{number}", "lesion", (0.0, 0.0, 0.0))).apply(reading)
        reading = SetAnswer("sure", f"m{number}", None, number + 1).apply(reading)
    edit = remove_mark(reading, "m0")
    gone = edit.apply(reading)
    assert gone.mark_name("m1") == "lesion 1" and ("sure", "m0") not in gone.answers
    back = edit.inverse().apply(gone)
    assert back.mark_name("m0") == "lesion 1" and answers_of(back, "m0") == (("sure", 1),)


@pytest.mark.parametrize(
    "edit",
    [
        SetAnswer("q", None, 3, 4),
        MoveMark("m0", (9.0, 9.0, 9.0), (0.0, 0.0, 0.0)),
        MoveMark("none", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
        AddMark(Mark("m0", "lesion", (0.0, 0.0, 0.0))),
        RemoveMark(Mark("m0", "lesion", (1.0, 0.0, 0.0))),
        RemoveMark(Mark("m0", "lesion", (0.0, 0.0, 0.0)), (("q", 1),)),
        EditRoi.between("r1", "tumour", np.zeros(SHAPE, bool), np.ones(SHAPE, bool)),
        EditRoi.between("r2", "tumour", None, np.ones(SHAPE, bool)),
        EditRoi.between("r2", "noise", np.zeros(SHAPE, bool), np.ones(SHAPE, bool)),
        EditRoi.between("r2", "tumour", np.ones(SHAPE, bool), None),
    ],
)
def test_an_edit_of_another_state_is_refused(edit: Edit) -> None:
    reading = AddMark(Mark("m0", "lesion", (0.0, 0.0, 0.0))).apply(EMPTY)
    reading = EditRoi.between("r2", "tumour", None, np.eye(4, 5, dtype=bool)[None].repeat(2, 0)).apply(
        reading
    )
    with pytest.raises(InputError, match="changed meanwhile"):
        edit.apply(reading)


def test_nothing_changes_a_signed_reading() -> None:
    signed = replace(AddMark(Mark("m0", "lesion", (0.0, 0.0, 0.0))).apply(EMPTY), status="signed")
    changes: list[Edit] = [
        SetAnswer("q", None, None, 1),
        AddMark(Mark("m1", "node", (0.0, 0.0, 0.0))),
        remove_mark(signed, "m0"),
        MoveMark("m0", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
        EditRoi.between("r1", "tumour", None, np.ones(SHAPE, bool)),
    ]
    for edit in changes:
        with pytest.raises(InputError, match="KDX42 is signed"):
            edit.apply(signed)


def test_a_mark_stays_inside_the_picture() -> None:
    with pytest.raises(InputError, match="outside"):
        AddMark(Mark("m", "node", (40.0, 0.0, 0.0))).apply(EMPTY)
    reading = AddMark(Mark("m", "node", (0.0, 0.0, 0.0))).apply(EMPTY)
    with pytest.raises(InputError, match="outside"):
        MoveMark("m", (0.0, 0.0, 0.0), (0.0, 0.0, 7.0)).apply(reading)


def test_an_answer_about_a_mark_needs_the_mark() -> None:
    with pytest.raises(InputError, match="is not there"):
        SetAnswer("q", "m9", None, 1).apply(EMPTY)


def test_a_region_edit_holds_only_what_changes() -> None:
    before = np.zeros(SHAPE, bool)
    before[0, 1, 1:4] = True
    after = before.copy()
    after[0, 1, 1], after[1, 0, 0:2] = False, True
    edit = EditRoi.between("r", "tumour", before, after)
    assert edit.indices.tolist() == [6, 20, 21]
    assert edit.as_dict()["taken"] == [[20, 2]] and edit.as_dict()["left"] == [[6, 1]]
    with pytest.raises(InputError, match="before or after"):
        EditRoi.between("r", "tumour", None, None)
    with pytest.raises(InputError, match="shape"):
        EditRoi.between("r", "tumour", before, np.zeros((1, 1, 1), bool))


ROI: dict[str, Any] = {
    "edit": "edit_roi", "roi": "r", "kind": "tumour", "taken": [[0, 2]], "left": [],
    "existed_before": False, "exists_after": True,
}  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"edit": "burn"},
        {"edit": "set_answer", "question": "q"},
        {"edit": "set_answer", "question": "q", "mark": None, "before": None, "after": "5"},
        {"edit": "set_answer", "question": "q", "mark": None, "before": None, "after": True},
        {
            "edit": "add_mark",
            "mark": "m",
            "kind": "heart",
            "position_mm": [0, 0, 0],
            "answers": [],
            "place": None,
        },
        {
            "edit": "add_mark",
            "mark": "m",
            "kind": "node",
            "position_mm": [0, 0],
            "answers": [],
            "place": None,
        },
        {**ROI, "kind": "liver"},
        {**ROI, "taken": [[0]]},
        {**ROI, "taken": [[0, 0]]},
        {**ROI, "taken": [[0, 10**12]]},
        {**ROI, "taken": [[0, 2], [1, 2]]},
        {**ROI, "left": [[1, 1]]},
    ],
)
def test_what_is_no_edit_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="does not describe an edit"):
        edit_from_dict(values)


@pytest.mark.parametrize("taken", [[[-3, 2]], [[39, 2]]])
def test_a_region_cannot_leave_the_grid(taken: list[list[int]]) -> None:
    with pytest.raises(InputError, match="leave the picture"):
        edit_from_dict({**ROI, "taken": taken}).apply(EMPTY)
