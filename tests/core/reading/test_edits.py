"""Every edit can be taken back, done again, and made again from what the audit trail keeps of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.reading.edits import (
    AddMark,
    AddRuler,
    Edit,
    MoveMark,
    MoveRuler,
    RemoveMark,
    RemoveRuler,
    SetAnswer,
    Together,
    edit_bytes,
    edit_from_dict,
    parts_of,
    remove_mark,
    remove_ruler,
    set_answer,
    together,
)
from core.reading.reading import Mark, Reading, Ruler
from core.reading.roi_edits import EditRoi
from tests.core.reading.states import EMPTY, SHAPE, same, single_edits

HALF = np.full(SHAPE, 100, np.uint8)


@st.composite
def edits(draw: st.DrawFn, reading: Reading) -> Edit:
    """Any edit that fits the reading, at times several as one."""
    first = draw(single_edits(reading))
    if draw(st.integers(0, 3)):
        return first
    return together("two things", first, draw(single_edits(first.apply(reading))))


@given(st.data())
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
def test_an_edit_comes_back_from_the_audit_trails_text(data: st.DataObject) -> None:
    reading = EMPTY
    for _ in range(data.draw(st.integers(1, 5))):
        edit = data.draw(edits(reading))
        again = edit_from_dict(json.loads(json.dumps(edit.as_dict())))
        assert again.as_dict() == edit.as_dict()
        assert same(again.apply(reading), edit.apply(reading))
        assert edit.name and edit_bytes(edit) > 0
        reading = edit.apply(reading)


def test_a_removed_lesion_comes_back_in_its_place() -> None:
    reading = EMPTY
    for number in range(3):
        reading = AddMark(Mark(f"m{number}", "lesion", (0.0, 0.0, 0.0))).apply(reading)
    edit = remove_mark(reading, "m0")
    gone = edit.apply(reading)
    assert gone.mark_name("m1") == "lesion 1"
    back = edit.inverse().apply(gone)
    assert back.mark_name("m0") == "lesion 1" and list(back.marks) == ["m0", "m1", "m2"]


def test_a_ruler_tells_its_length_and_comes_back_in_its_place() -> None:
    reading = AddMark(Mark("m0", "lesion", (0.0, 0.0, 0.0))).apply(EMPTY)
    for name, end in (("l0", (3.0, 4.0, 0.0)), ("l1", (1.0, 0.0, 0.0))):
        reading = AddRuler(Ruler(name, (0.0, 0.0, 0.0), end, "m0")).apply(reading)
    assert reading.rulers["l0"].length_mm == 5.0 and reading.name_of("l1") == "ruler 2"
    edit = remove_ruler(reading, "l0")
    assert list(edit.inverse().apply(edit.apply(reading)).rulers) == ["l0", "l1"]
    with pytest.raises(InputError, match="the mark this ruler measures is not there"):
        AddRuler(Ruler("l2", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), "m7")).apply(reading)


@pytest.mark.parametrize("end", [(0.0, 0.0, 0.0), (np.nan, 0.0, 0.0), (np.inf, 0.0, 0.0), (1e9, 0.0, 0.0)])
def test_a_ruler_needs_two_ends_in_the_picture(end: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="ruler"):
        Ruler("l", (0.0, 0.0, 0.0), end)


STATE = together(
    "a case",
    AddMark(Mark("m0", "lesion", (0.0, 0.0, 0.0))),
    AddRuler(Ruler("l0", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0))),
    SetAnswer("size", None, None, 2),
    EditRoi.between("r2", "tumour", None, HALF),
).apply(EMPTY)


@pytest.mark.parametrize(
    "edit",
    [
        SetAnswer("q", None, 3, 4),
        SetAnswer("size", None, 2.0, 4),
        SetAnswer("size", None, "2", 4),
        MoveMark("m0", (9.0, 9.0, 9.0), (0.0, 0.0, 0.0)),
        MoveMark("none", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
        AddMark(Mark("m0", "lesion", (0.0, 0.0, 0.0))),
        AddMark(Mark("r2", "lesion", (0.0, 0.0, 0.0))),
        AddMark(Mark("m1", "lesion", (0.0, 0.0, 0.0)), 5),
        AddMark(Mark("m1", "lesion", (0.0, 0.0, 0.0), prescribed=True)),
        RemoveMark(Mark("m0", "lesion", (1.0, 0.0, 0.0))),
        RemoveMark(Mark("m0", "lesion", (0.0, 0.0, 0.0)), 1),
        AddRuler(Ruler("l0", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0))),
        AddRuler(Ruler("l1", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), None, 1)),
        RemoveRuler(Ruler("l0", (0.0, 0.0, 0.0), (2.0, 0.0, 0.0))),
        MoveRuler("l9", ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), ((0.0, 0.0, 0.0), (2.0, 0.0, 0.0))),
        MoveRuler("l0", ((0.0, 0.0, 0.0), (3.0, 0.0, 0.0)), ((0.0, 0.0, 0.0), (2.0, 0.0, 0.0))),
        EditRoi.between("r1", "tumour", np.zeros(SHAPE, bool), np.ones(SHAPE, bool)),
        EditRoi.between("r2", "tumour", None, np.ones(SHAPE, bool)),
        EditRoi.between("m0", "tumour", None, np.ones(SHAPE, bool)),
        EditRoi.between("r2", "noise", HALF, np.ones(SHAPE, bool)),
        EditRoi.between("r2", "tumour", np.ones(SHAPE, bool), None),
        EditRoi.between("r2", "tumour", HALF // 2, HALF),
        together("both", SetAnswer("q", None, None, 3), SetAnswer("q", None, 4, 5)),
    ],
)
def test_an_edit_of_another_state_is_refused(edit: Edit) -> None:
    with pytest.raises(InputError, match="changed meanwhile"):
        edit.apply(STATE)


def test_nothing_changes_a_signed_reading() -> None:
    signed = replace(STATE, status="signed")
    changes: list[Edit] = [
        SetAnswer("q", None, None, 1),
        AddMark(Mark("m1", "node", (0.0, 0.0, 0.0))),
        remove_mark(signed, "m0"),
        MoveMark("m0", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
        AddRuler(Ruler("l1", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0))),
        remove_ruler(signed, "l0"),
        MoveRuler("l0", ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)), ((0.0, 0.0, 0.0), (2.0, 0.0, 0.0))),
        together("several", SetAnswer("q", None, None, 1)),
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


def test_an_answer_needs_what_it_is_about() -> None:
    with pytest.raises(InputError, match="is not there"):
        SetAnswer("q", "m9", None, 1).apply(EMPTY)
    assert SetAnswer("q", "r2", None, 1).apply(STATE).answers["q", "r2"] == 1


def test_an_answer_is_kept_as_it_was_given() -> None:
    reading = EMPTY
    for value in (2, 2.0, 2.3, 0.1 + 0.2, "2", "two\nlines", "µm ≥ 3"):
        edit = edit_from_dict(json.loads(json.dumps(set_answer(reading, "q", None, value).as_dict())))
        reading = edit.apply(reading)
        kept = reading.answers["q", None]
        assert kept == value and type(kept) is type(value)


def test_edits_as_one_go_back_as_one_in_reverse() -> None:
    mark = Mark("m", "lesion", (0.0, 0.0, 0.0))
    both = together("mark and answer", AddMark(mark), SetAnswer("q", "m", None, 3))
    nested = together("more", both, SetAnswer("q", None, None, 1))
    assert [type(part) for part in parts_of(nested)] == [AddMark, SetAnswer, SetAnswer]
    after = nested.apply(EMPTY)
    assert same(nested.inverse().apply(after), EMPTY)
    assert nested.inverse().name == nested.name == "more"


RULER = {"edit": "add_ruler", "ruler": "l", "start_mm": [0, 0, 0], "end_mm": [1, 0, 0], "about": None,
         "step_index": 0, "place": None}  # fmt: skip
MARK = {"edit": "add_mark", "mark": "m", "kind": "node", "position_mm": [0, 0, 0], "place": None}
ANSWER = {"edit": "set_answer", "question": "q", "about": None, "before": None, "after": 5}


@pytest.mark.parametrize("values", [RULER, MARK, ANSWER, {"edit": "together", "name": "x", "edits": [MARK]}])
def test_the_records_below_are_sound_where_nothing_is_changed(values: dict[str, Any]) -> None:
    """Otherwise the next test could not fail."""
    assert edit_from_dict(values).apply(EMPTY) is not EMPTY


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"edit": "burn"},
        {"edit": ["set_answer"]},
        {"edit": "set_answer", "question": "q"},
        {**ANSWER, "after": [5]},
        {**ANSWER, "after": True},
        {**ANSWER, "after": float("nan")},
        {**ANSWER, "after": float("inf")},
        {**ANSWER, "about": 7},
        {**ANSWER, "question": None},
        {**MARK, "kind": "heart"},
        {**MARK, "position_mm": [0, 0]},
        {**MARK, "place": "first"},
        {**MARK, "mark": 3},
        {**RULER, "end_mm": [0, 0]},
        {**RULER, "step_index": "0"},
        {**RULER, "about": 1},
        {"edit": "move_ruler", "ruler": "l", "before": [[0, 0, 0]], "after": [[0, 0, 0], [1, 0, 0]]},
        {"edit": "together", "name": "x", "edits": [{"edit": "together", "name": "y", "edits": []}]},
        {"edit": "together", "name": 1, "edits": []},
        {"edit": "together", "name": "x", "edits": 3},
    ],
)
def test_what_is_no_edit_is_refused(values: Mapping[str, Any]) -> None:
    with pytest.raises(InputError, match="does not describe an edit"):
        edit_from_dict(values)


def test_a_reading_on_a_large_grid_takes_an_edit_of_few_voxels_in_little_memory() -> None:
    grid = Geometry.axial((4, 600, 600), (1.0, 0.5, 0.5))
    coverage = np.zeros(grid.shape, np.uint8)
    coverage[2, 100:120, 100:120] = 255
    edit = EditRoi.between("r", "tumour", None, coverage)
    assert edit.indices.dtype == np.int32 and edit.nbytes == 400 * (4 + 1 + 1)
    assert Together((edit, edit.inverse()), "x").apply(Reading("A", grid)).rois == {}
