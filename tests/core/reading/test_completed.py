"""What follows from an edit is done with it and undone with it; nothing unasked is ever left answered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.reading import rules
from core.reading.edits import (
    AddMark,
    AddRuler,
    Edit,
    MoveRuler,
    SetAnswer,
    Together,
    remove_mark,
    remove_ruler,
    set_answer,
)
from core.reading.protocol import Protocol
from core.reading.questions import Value
from core.reading.reading import Mark, Reading, Ruler
from core.reading.roi_edits import change_roi, draw_roi, label_roi, remove_roi
from tests.core.reading.rich import rich
from tests.core.reading.states import same

RICH = rich()
GRID = Geometry.axial((3, 6, 5), (1.0, 0.5, 0.5))
EMPTY = Reading("KDX42", GRID)
ORIGIN, BESIDE = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)


def after(reading: Reading, *edits: Edit, protocol: Protocol = RICH) -> Reading:
    """The reading after edits, each completed and by the rules."""
    for edit in edits:
        reading = rules.apply_edit(protocol, reading, rules.completed(protocol, reading, edit))
    return reading


def answered(reading: Reading, question: str, value: Value | None, about: str | None = None) -> Reading:
    return after(reading, set_answer(reading, question, about, value))


def region(k: int = 1) -> np.ndarray:
    coverage = np.zeros(GRID.shape, np.uint8)
    coverage[k, 2:4, 2:4] = 100
    return coverage


def asked(reading: Reading, protocol: Protocol = RICH) -> list[tuple[str, str | None]]:
    return [(question.id, about) for question, about in reading.asked(protocol)]


def test_a_question_is_asked_only_where_its_condition_holds() -> None:
    assert asked(EMPTY) == [("quality", None)]
    good = answered(EMPTY, "quality", 3)
    assert asked(good) == [("quality", None), ("artefact", None)]
    some = answered(good, "artefact", 2)
    assert ("artefact_source", None) in asked(some)
    assert "“Where the artefacts come from” is not answered" in some.missing(RICH, "look")
    two = after(some, AddMark(Mark("m1", "lesion", ORIGIN)), AddMark(Mark("m2", "lesion", BESIDE)))
    sure = answered(two, "sure", 5, "m2")
    assert [key for key in asked(sure) if key[0] in ("sure", "size")] == [
        ("sure", "m1"), ("sure", "m2"), ("size", "m2"),
    ]  # fmt: skip
    assert "“Longest diameter” is not answered for lesion 2" in sure.missing(RICH, "look")


def test_an_answer_goes_with_what_it_depends_on_along_the_whole_chain() -> None:
    reading = answered(answered(EMPTY, "quality", 3), "artefact", 2)
    reading = answered(reading, "artefact_source", "tail")
    edit = rules.completed(RICH, reading, set_answer(reading, "quality", None, 1))
    assert isinstance(edit, Together) and edit.name == "answer 1"
    ended = rules.apply_edit(RICH, reading, edit)
    assert dict(ended.answers) == {("quality", None): 1}
    assert same(rules.apply_edit(RICH, ended, edit.inverse()), reading)


def test_an_edit_without_consequences_stays_as_it_is() -> None:
    edit = set_answer(EMPTY, "quality", None, 3)
    assert rules.completed(RICH, EMPTY, edit) is edit


@pytest.mark.parametrize("question", ["why", "artefact", "artefact_source", "size"])
def test_what_is_not_asked_cannot_be_answered(question: str) -> None:
    reading = after(EMPTY, AddMark(Mark("m", "lesion", ORIGIN)))
    about = "m" if question == "size" else None
    value: Value = {"artefact": 1, "size": 2.5}.get(question, "text")
    edit = SetAnswer(question, about, None, value)
    with pytest.raises(InputError, match="is not asked here"):
        rules.apply_edit(RICH, reading, edit)
    reading = answered(answered(reading, "quality", 3), "sure", 5, "m")
    if question in ("artefact", "size"):
        assert rules.apply_edit(RICH, reading, edit).answers[question, about] == value


def test_an_answer_that_would_leave_others_behind_is_refused_on_its_own() -> None:
    """Whoever commits must complete it first; nothing can be exported that was not asked."""
    reading = answered(answered(EMPTY, "quality", 3), "artefact", 1)
    with pytest.raises(InputError, match="“Artefacts” is not asked here"):
        rules.apply_edit(RICH, reading, set_answer(reading, "quality", None, None))


def test_a_mark_takes_its_answers_and_rulers_along_and_brings_them_back() -> None:
    reading = answered(EMPTY, "quality", 3)
    for mark in ("m1", "m2"):
        reading = after(reading, AddMark(Mark(mark, "lesion", ORIGIN)))
        reading = answered(answered(reading, "sure", 5, mark), "size", 2.3, mark)
        for ruler in ("a", "b"):
            reading = after(reading, AddRuler(Ruler(f"{mark}{ruler}", ORIGIN, BESIDE, mark)))
    edit = rules.completed(RICH, reading, remove_mark(reading, "m1"))
    gone = rules.apply_edit(RICH, reading, edit)
    assert edit.name == "remove lesion" and list(gone.rulers) == ["m2a", "m2b"]
    assert {key[1] for key in gone.answers} == {None, "m2"}
    back = rules.apply_edit(RICH, gone, edit.inverse())
    assert same(back, reading)
    with pytest.raises(InputError, match=r"is not asked here|remove the ruler first"):
        rules.apply_edit(RICH, reading, remove_mark(reading, "m1"))


def second_step() -> Reading:
    """A reading in its second step, with two tumours about which everything is answered."""
    reading = answered(answered(EMPTY, "quality", 3), "artefact", 1)
    reading = rules.lock_step(RICH, reading)
    for _ in range(2):
        reading = after(reading, draw_roi(reading, "tumour", region()))
        roi_id = list(reading.rois)[-1]
        reading = answered(answered(reading, "rim", 2, roi_id), "rim_where", "left", roi_id)
    return reading


def test_questions_are_asked_of_each_region_and_go_with_it() -> None:
    reading = second_step()
    first, second = reading.rois
    assert [key for key in asked(reading) if key[0] == "rim"] == [("rim", first), ("rim", second)]
    cleared = answered(reading, "rim", None, second)
    assert ("rim_where", second) not in cleared.answers
    assert "“Rim of the tumour” is not answered for tumour 2" in cleared.missing(RICH, "measure")
    edit = rules.completed(RICH, reading, remove_roi(reading, first))
    gone = rules.apply_edit(RICH, reading, edit)
    assert {key[1] for key in gone.answers} == {None, second} and list(gone.rois) == [second]
    assert same(rules.apply_edit(RICH, gone, edit.inverse()), reading)
    marked = after(reading, draw_roi(reading, "ring", region()))
    with pytest.raises(InputError, match="“Rim of the tumour” is a question about each tumour region, not"):
        answered(marked, "rim", 1, list(marked.rois)[-1])


def test_a_protocol_says_how_many_regions_of_a_kind_there_may_be() -> None:
    reading = second_step()
    assert [roi.name for roi in reading.rois_of("tumour")] == ["tumour", "tumour 2"]
    reading = after(reading, draw_roi(reading, "reference", region()))
    with pytest.raises(InputError, match="has a reference region already"):
        after(reading, draw_roi(reading, "reference", region()))
    for _ in range(3):  # of a kind that the protocol does not name
        reading = after(reading, draw_roi(reading, "ring", region()))
    assert len(reading.rois_of("ring")) == 3


def test_a_locked_region_is_not_drawn_in_until_it_is_unlocked() -> None:
    reading = second_step()
    roi = next(iter(reading.rois.values()))
    locked = after(reading, label_roi(roi, locked=True))
    held = locked.rois[roi.roi_id]
    for edit in (change_roi(held, region(2)), remove_roi(locked, roi.roi_id)):
        with pytest.raises(InputError, match="“tumour” is locked; unlock it to change it"):
            rules.apply_edit(RICH, locked, edit)
    assert not after(after(locked, label_roi(held, locked=False)), change_roi(roi, region(2))).missing(
        rich(("  - {kind: reference, step: measure}\n", ""))
    )
    with pytest.raises(InputError, match="the region is not there any more"):
        rules.apply_edit(RICH, EMPTY, label_roi(roi, locked=True))


def test_a_region_that_questions_were_asked_about_neither_comes_nor_goes_in_a_later_step() -> None:
    protocol = rich(
        ("{kind: tumour, step: measure, many: true}", "{kind: tumour, step: look, many: true}"),
        ("scope: tumour\n    step: measure\n    choices", "scope: tumour\n    step: look\n    choices"),
    )
    reading = after(EMPTY, draw_roi(EMPTY, "tumour", region()), protocol=protocol)
    roi_id = next(iter(reading.rois))
    for question, value, about in (("quality", 3, None), ("artefact", 1, None), ("rim", 1, roi_id)):
        reading = after(reading, set_answer(reading, question, about, value), protocol=protocol)
    later = rules.lock_step(protocol, reading)
    for edit in (draw_roi(later, "tumour", region()), remove_roi(later, roi_id)):
        with pytest.raises(InputError, match="“Look”, which is locked"):
            after(later, edit, protocol=protocol)


# ---- a case that is ended early


def test_a_case_that_is_not_diagnostic_is_signed_at_once_with_a_reason() -> None:
    reading = after(EMPTY, AddMark(Mark("m", "lesion", ORIGIN)))
    assert not rules.to_sign(RICH, reading)
    ended = answered(reading, "quality", 1)
    assert ended.missing(RICH) == ended.missing(RICH, "look") == ("“Why it cannot be read” is not answered",)
    assert rules.to_sign(RICH, ended)
    with pytest.raises(InputError, match="cannot be signed yet: “Why it cannot be read” is not answered"):
        rules.sign(RICH, ended)
    with pytest.raises(InputError, match="“not diagnostic” has ended this case; sign it"):
        rules.lock_step(RICH, ended)
    told = answered(ended, "why", "motion")
    assert told.missing(RICH) == () and rules.sign(RICH, told).signed
    ending = RICH.ending(told.answers)
    assert ending is not None and ending.told == "Image quality: not diagnostic (motion)"
    assert told.step_index == 0


def test_an_ending_can_be_taken_back_and_all_is_asked_again() -> None:
    ended = answered(answered(EMPTY, "quality", 1), "why", "motion")
    again = answered(ended, "quality", 2)
    assert ("why", None) not in again.answers and RICH.ending(again.answers) is None
    assert "the step “Measure” is not done" in again.missing(RICH)
    assert not rules.to_sign(RICH, again)


# ---- note, query, rulers, prescribed marks


def test_note_and_query_are_written_in_every_step_and_never_missing() -> None:
    reading = second_step()
    before = reading.missing(RICH)
    for name, text in (("note", "two\nlines"), ("query", ""), ("query", "is this the left?")):
        reading = answered(reading, name, text)
    assert reading.answers["note", None] == "two\nlines"
    assert reading.answers["query", None] == "is this the left?" and reading.missing(RICH) == before
    with pytest.raises(InputError, match="“Note” needs a text"):
        answered(reading, "note", "")
    with pytest.raises(InputError, match="is a question about each case, not about tumour"):
        answered(reading, "note", "x", next(iter(reading.rois)))


def test_a_ruler_stays_as_it_was_when_its_step_is_locked() -> None:
    reading = answered(answered(EMPTY, "quality", 3), "artefact", 1)
    reading = after(reading, AddRuler(Ruler("a", ORIGIN, BESIDE)))
    reading = after(reading, MoveRuler("a", (ORIGIN, BESIDE), (ORIGIN, (0.0, 2.0, 0.0))))
    assert reading.rulers["a"].length_mm == 2.0
    later = rules.lock_step(RICH, reading)
    for edit in (
        remove_ruler(later, "a"),
        MoveRuler("a", (ORIGIN, (0.0, 2.0, 0.0)), (ORIGIN, BESIDE)),
        AddRuler(Ruler("b", ORIGIN, BESIDE, step_index=0)),
    ):
        with pytest.raises(InputError, match="this ruler belongs to the step “Look”, which is locked"):
            rules.apply_edit(RICH, later, edit)
    assert list(after(later, AddRuler(Ruler("b", ORIGIN, BESIDE, step_index=1))).rulers) == ["a", "b"]
    with pytest.raises(InputError, match="the ruler is not there"):
        rules.apply_edit(RICH, later, MoveRuler("z", (ORIGIN, BESIDE), (BESIDE, ORIGIN)))


def test_prescribed_marks_are_judged_and_never_touched() -> None:
    protocol = rich(("lesion: free", "lesion: prescribed"))
    given = Mark("m1", "lesion", ORIGIN, prescribed=True)
    reading = Reading("KDX42", GRID, marks={"m1": given})
    for edit in (
        AddMark(Mark("m2", "lesion", BESIDE)),
        remove_mark(reading, "m1"),
    ):
        with pytest.raises(InputError, match=r"each lesion to be judged is given|changed meanwhile"):
            rules.apply_edit(protocol, reading, edit)
    assert "“Confidence” is not answered for lesion 1" in reading.missing(protocol, "look")
    judged = answered(reading, "sure", 1, "m1")
    assert judged.answers["sure", "m1"] == 1
    # nodes are free all the same, and stand behind
    free = after(judged, AddMark(Mark("n", "node", BESIDE)), protocol=protocol)
    assert list(free.marks) == ["m1", "n"]


# ---- whatever is done


@st.composite
def _deeds(draw: st.DrawFn, reading: Reading) -> Edit:
    """Something that a rater may try: an answer that is asked now, a mark, a region, a removal."""
    kinds = ["answer"] * 4 + ["mark", "region", "ruler", "remove_mark", "remove_region"]
    kind = draw(st.sampled_from(kinds))
    fresh = f"x{len(reading.marks) + len(reading.rois) + len(reading.rulers)}"
    if kind == "mark":
        return AddMark(Mark(f"{fresh}m", draw(st.sampled_from(["lesion", "node"])), ORIGIN))
    if kind == "ruler":
        about = draw(st.sampled_from([None, *reading.marks]))
        return AddRuler(Ruler(f"{fresh}l{len(reading.answers)}", ORIGIN, BESIDE, about, reading.step_index))
    if kind == "region":
        return draw_roi(reading, draw(st.sampled_from(["tumour", "ring"])), region())
    if kind == "remove_mark" and reading.marks:
        return remove_mark(reading, draw(st.sampled_from(list(reading.marks))))
    if kind == "remove_region" and reading.rois:
        return remove_roi(reading, draw(st.sampled_from(list(reading.rois))))
    question, about = draw(st.sampled_from(list(reading.asked(RICH))))
    values: list[Value | None] = [choice.value for choice in question.choices]
    values += {"choice": [None], "number": [None, 1, 2], "text": [None, "words"]}[question.type]
    return set_answer(reading, question.id, about, draw(st.sampled_from(values)))


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_is_done_no_answer_stands_to_a_question_not_asked_and_all_comes_back(
    data: st.DataObject,
) -> None:
    states, done = [EMPTY], []
    for _ in range(data.draw(st.integers(1, 12))):
        reading = states[-1]
        edit = data.draw(_deeds(reading))
        try:
            whole = rules.completed(RICH, reading, edit)
            states.append(rules.apply_edit(RICH, reading, whole))
        except InputError as error:
            assert "\n" not in str(error)
            continue
        done.append(whole)
        open_questions = set(asked(states[-1]))
        assert set(states[-1].answers) <= open_questions
        assert all(ruler.about in (None, *states[-1].marks) for ruler in states[-1].rulers.values())
    for edit, before in zip(reversed(done), reversed(states[:-1]), strict=True):
        reading = rules.apply_edit(RICH, states.pop(), edit.inverse())
        assert same(reading, before)
