"""Every kind of question in the window: by keys, from anywhere, and never reaching for the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QListView, QPushButton

from tests.app.reading.conftest import LESION_MM, NODE_MM, TUMOUR_MM, opened
from tests.app.reading.hand import CTRL, Hand

TWO_STEPS = """\
id: two
version: "1"
title: Two steps
steps:
  - {id: look, title: Look, shows: [anatomy, echoes]}
  - {id: draw, title: Draw, shows: [echoes, r2star]}
rois:
  - {kind: tumour, step: draw}
questions:
  - id: usable
    text: Can it be read?
    scope: case
    step: look
    choices:
      - {value: 0, label: "no", anchor: "Nothing can be told from it.", ends_case: true}
      - {value: 1, label: "yes", anchor: "It can."}
  - id: why
    text: Why not?
    scope: case
    step: look
    type: text
    most: 60
    when: {question: usable, is: [0]}
  - id: kinds
    text: "How many kinds?"
    scope: case
    step: look
    type: number
    least: 1
    most: 30
  - id: sure
    text: Sure?
    scope: lesion
    step: look
    choices:
      - {value: 1, label: "no", anchor: "Not at all sure."}
      - {value: 2, label: "yes", anchor: "Quite sure."}
  - {id: side, text: "Which side?", scope: lesion, step: look, type: text, required: false}
  - id: volume
    text: Volume
    scope: tumour
    step: draw
    type: number
    least: 0
    most: 100000
    decimals: 1
    unit: mm³
    measure: volume
"""


def current(hand: Hand) -> str | None:
    return hand.window.answers.current and hand.window.answers.current[0]


def answers(hand: Hand) -> dict[tuple[str, str | None], object]:
    return dict(hand.window.case.reading.answers)


# ---- numbers and texts by keys


def test_a_number_is_typed_wherever_the_keys_go_and_they_go_back_to_the_picture(read_by):
    hand = read_by(TWO_STEPS)
    hand.right.setFocus()
    hand.key("1")
    assert current(hand) == "kinds"
    hand.key("1")
    hand.key("2")
    assert ("kinds", None) not in answers(hand)
    hand.key(Qt.Key.Key_Return)
    assert answers(hand)["kinds", None] == 12
    assert QApplication.focusWidget() is hand.right
    # a tool's key is a tool's key again
    hand.key("l")
    assert hand.window.tools.tool == "lesion"


def test_a_tools_key_works_while_a_number_is_typed(read_by):
    hand = read_by(TWO_STEPS)
    hand.key("1")
    hand.key("7")
    assert QApplication.focusWidget() is hand.window.form.cards["kinds", None].field
    hand.key("l")
    assert hand.window.tools.tool == "lesion"
    # the mark leaves the number, which is kept
    hand.click_at(LESION_MM)
    assert answers(hand)["kinds", None] == 7
    assert current(hand) == "sure"


def test_what_is_out_of_range_is_not_kept_and_said(read_by):
    hand = read_by(TWO_STEPS)
    hand.key("1")
    hand.key("3")
    hand.key("1")
    card = hand.window.form.cards["kinds", None]
    assert "outside 1 to 30" in card.note.text()
    hand.key(Qt.Key.Key_Return)
    assert ("kinds", None) not in answers(hand)
    assert "between 1 and 30" in hand.text("message_text")


def test_typing_is_kept_when_the_case_is_left_and_when_the_window_closes(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    window = hand.window
    alias = window.case.alias
    hand.key("1")
    hand.key("5")
    hand.key(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: window.case.ready and window.case.alias != alias)
    assert window.kit.reading(alias).answers["kinds", None] == 5
    hand.key("1")
    hand.key("8")
    other = window.case.alias
    path = window.kit.path
    window.close()
    with opened(qtbot, path) as again:
        assert again.kit.reading(other).answers["kinds", None] == 8


def test_finishing_counts_what_is_being_typed(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    hand.key("1")
    hand.key("9")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert answers(hand)["kinds", None] == 9
    # it was the last thing missing
    assert hand.child("finish_confirm").isVisible()


def test_enter_goes_on_from_any_question_and_up_and_down_to_all(read_by):
    hand = read_by(TWO_STEPS)
    assert current(hand) == "usable"
    hand.right.setFocus()
    hand.key(Qt.Key.Key_Return)
    assert current(hand) == "kinds"
    hand.key(Qt.Key.Key_Return)
    assert current(hand) == "usable"
    for expected in ("kinds", "note", "query"):
        hand.key(Qt.Key.Key_Down)
        assert current(hand) == expected


def test_an_optional_text_is_asked_and_not_waited_for(read_by):
    hand = read_by(TWO_STEPS)
    hand.key("1")
    hand.key("3")
    hand.key(Qt.Key.Key_Return)
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("2")
    (mark,) = hand.window.case.reading.marks
    card = hand.window.form.cards["side", mark]
    assert card.answer.text() == "optional"
    assert hand.text("step_count") == "3 of 3"
    assert not hand.window.finish._finish.missing


# ---- conditions and the early end


def test_a_case_ends_early_with_its_reason(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    hand.right.setFocus()
    hand.key("0")
    # why is asked at once, and written at once
    assert current(hand) == "why"
    assert QApplication.focusWidget() is hand.window.form.cards["why", None].field
    assert hand.text("step_count") == "1 of 2"
    hand.press("finish_button")
    assert "“Why not?” is not answered" in hand.text("message_text")
    hand.window.form.cards["why", None].field.setFocus()
    hand.key("no tissue in it")
    hand.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is hand.right
    assert "ends this case" in hand.text("finish_reason")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert "no tissue in it" in hand.text("review_state")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading.signed
    assert answers(hand) == {("usable", None): 0, ("why", None): "no tissue in it"}


def test_an_answer_changed_back_takes_its_question_away_and_undo_brings_both(read_by):
    hand = read_by(TWO_STEPS)
    hand.key("0")
    hand.key("blurred")
    hand.key(Qt.Key.Key_Return)
    hand.window.answers.enter(("usable", None))
    hand.key("1")
    assert ("why", None) not in hand.window.form.cards
    assert answers(hand) == {("usable", None): 1}
    hand.key("z", CTRL)
    assert answers(hand) == {("usable", None): 0, ("why", None): "blurred"}
    assert hand.window.form.cards["why", None].field.toPlainText() == "blurred"


# ---- regions


def test_a_region_has_its_own_questions_and_proposes_what_it_measures(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    for key in "13":
        hand.key(key)
    hand.key(Qt.Key.Key_Return)
    hand.finish()
    qtbot.waitUntil(lambda: hand.window.case.ready and "r2star" in hand.window.case.images.volumes)
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key(Qt.Key.Key_Return)
    (roi,) = hand.window.case.reading.rois.values()
    assert hand.window.answers.current == ("volume", roi.roi_id)
    card = hand.window.form.cards["volume", roi.roi_id]
    assert f"{round(roi.volume_mm3, 1)} mm³" in card.proposal.text()
    hand.key("=")
    assert answers(hand)["volume", roi.roi_id] == round(roi.volume_mm3, 1)
    assert not card.proposal.isVisible()


def test_a_region_that_is_asked_about_is_shown(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    for key in "13":
        hand.key(key)
    hand.key(Qt.Key.Key_Return)
    hand.finish()
    qtbot.waitUntil(lambda: hand.window.case.ready and "r2star" in hand.window.case.images.volumes)
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key(Qt.Key.Key_Return)
    (roi,) = hand.window.case.reading.rois
    hand.window.answers.enter(("note", None))
    hand.go_to((0.0, 0.0, 3.5))
    hand.window.answers.enter(("volume", roi))
    assert hand.right.depth == hand.right.plane.slice_of(TUMOUR_MM)


def test_nothing_measured_is_said(read_by):
    hand = read_by(TWO_STEPS)
    hand.key("=")
    assert "Nothing is measured" in hand.text("message_text")


# ---- note, query, findings


def test_note_and_query_are_written_by_keys_and_the_flag_is_seen(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    hand.right.setFocus()
    hand.key(Qt.Key.Key_F3)
    hand.key("left kidney cut off")
    # a text is kept whichever way it is left
    hand.key(Qt.Key.Key_Escape)
    assert answers(hand)["note", None] == "left kidney cut off"
    hand.key(Qt.Key.Key_F3)
    hand.key(Qt.Key.Key_A, CTRL)
    hand.key("kidney cut off")
    hand.key(Qt.Key.Key_Return)
    assert answers(hand)["note", None] == "kidney cut off"
    hand.key(Qt.Key.Key_F4)
    assert answers(hand)["query", None] == ""
    hand.key("Which side was injected?")
    hand.key(Qt.Key.Key_Return)
    assert answers(hand)["query", None] == "Which side was injected?"
    worklist = hand.window.worklist
    assert "⚑" in worklist.model.data(worklist.view.currentIndex())
    # a flag is taken back as any answer is
    hand.window.answers.enter(("query", None))
    hand.right.setFocus()
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert ("query", None) not in answers(hand)
    assert "⚑" not in worklist.model.data(worklist.view.currentIndex())


def test_the_flag_card_can_be_ticked_by_hand(read_by):
    hand = read_by(TWO_STEPS)
    hand.window.answers.enter(("query", None))
    flag = hand.child("flag-query", QCheckBox)
    flag.click()
    assert answers(hand)["query", None] == ""
    flag.click()
    assert ("query", None) not in answers(hand)


def test_findings_are_visited_in_turn_by_keys(read_by):
    hand = read_by(TWO_STEPS)
    hand.key("l")
    places = (LESION_MM, TUMOUR_MM, NODE_MM)
    for place in places:
        hand.click_at(place)
    marks = list(hand.window.case.reading.marks)
    hand.go_to((0.0, 0.0, 3.5))
    for mark, place in (*zip(marks, places, strict=True), (marks[0], places[0])):
        hand.key(Qt.Key.Key_Down, CTRL)
        assert hand.window.answers.selected == mark
        assert hand.window.answers.current == ("sure", mark)
        assert hand.right.depth == hand.right.plane.slice_of(place)
    hand.key(Qt.Key.Key_Up, CTRL)
    assert hand.window.answers.selected == marks[-1]


# ---- prescribed targets


@pytest.fixture
def given(read_by) -> Hand:
    return read_by(TWO_STEPS + "marks: {lesion: prescribed}\n")


def test_given_targets_are_listed_visited_and_answered_and_cannot_be_moved(given):
    hand = given
    reading = hand.window.case.reading
    marks = list(reading.marks.values())
    assert marks and all(mark.prescribed for mark in marks)
    items = [hand.window.findings.list.item(row).text() for row in range(len(marks))]
    assert all("(given)" in text and "1 of 1 to answer" in text for text in items)
    for mark in marks:
        hand.key(Qt.Key.Key_Down, CTRL)
        assert hand.window.answers.current == ("sure", mark.mark_id)
        assert hand.right.depth == hand.right.plane.slice_of(mark.position_mm)
        hand.window.answers.enter(("usable", None))
    for key in ("1", "3", Qt.Key.Key_Return, "2", "2"):
        hand.key(key)
    assert [answers(hand)["sure", mark.mark_id] for mark in marks] == [2, 2]
    first = marks[0].position_mm
    hand.key("q")
    away = (first[0] + 2.0, *first[1:])
    hand.drag_along([first, (first[0] + 1.0, *first[1:]), away])
    assert hand.window.case.reading.marks[marks[0].mark_id].position_mm == first
    assert [pin.position_mm for pin in hand.right.pins if pin.key == marks[0].mark_id] == [first]
    hand.key(Qt.Key.Key_Delete)
    assert list(hand.window.case.reading.marks) == [mark.mark_id for mark in marks]
    assert "given by the study" in hand.text("message_text")
    hand.key("l")
    hand.click_at(away)
    assert len(hand.window.case.reading.marks) == len(marks)


def test_free_marks_go_beside_given_ones(given):
    hand = given
    before = len(hand.window.case.reading.marks)
    hand.key("n")
    hand.click_at(NODE_MM)
    added = list(hand.window.case.reading.marks.values())[-1]
    assert len(hand.window.case.reading.marks) == before + 1
    assert added.kind == "node" and not added.prescribed


# ---- counting, and the form


def test_required_answers_are_counted_as_they_are_given(read_by):
    hand = read_by(TWO_STEPS)
    assert hand.text("step_count") == "0 of 2"
    hand.key("1")
    assert hand.text("step_count") == "1 of 2"
    hand.key("l")
    hand.click_at(LESION_MM)
    assert hand.text("step_count") == "1 of 3"
    hand.key("z", CTRL)
    assert hand.text("step_count") == "1 of 2"


def test_the_worklist_is_narrowed_and_keeps_the_open_case(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    worklist = hand.window.worklist
    hand.key("1")
    begun = hand.window.case.alias

    def shown() -> list[str]:
        return [row.alias for row in worklist.model.rows]

    everything = shown()
    assert len(everything) == 2
    worklist.filter.setCurrentIndex(worklist.filter.findData("begun"))
    assert shown() == [begun]
    worklist.filter.setCurrentIndex(worklist.filter.findData("flagged"))
    assert shown() == [begun] and "(0)" in worklist.filter.currentText()
    worklist.filter.setCurrentIndex(worklist.filter.findData("to_do"))
    assert shown() == everything
    hand.child("worklist", QListView).setFocus()
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.alias != begun)


def test_begun_and_flagged_cases_are_known_when_the_kit_is_opened_again(qtbot, read_by):
    hand = read_by(TWO_STEPS)
    alias, path = hand.window.case.alias, hand.window.kit.path
    hand.key(Qt.Key.Key_F4)
    hand.window.close()
    with opened(qtbot, path) as again:
        rows = {row.alias: row for row in again.worklist.model.rows}
        assert rows[alias].state == "begun" and rows[alias].flagged
        (other,) = set(rows) - {alias}
        assert rows[other].state == "untouched" and not rows[other].flagged


def test_enter_does_what_a_focused_button_says(read_by):
    hand = read_by(TWO_STEPS)
    hand.child("finish_button", QPushButton).setFocus()
    hand.key(Qt.Key.Key_Return)
    assert "Not yet" in hand.text("message_text")
