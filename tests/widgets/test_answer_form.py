from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt

from core.reading.protocol import Choice, Question
from tests.widgets.hands import click
from widgets.answer_form import AnswerForm, FormQuestion, FormSection
from widgets.choice_row import ChoiceRow

LONG = "The border can be drawn on more than three quarters of the circumference, blurred in places. " * 2


def question(name: str, anchor: str = LONG) -> Question:
    choices = tuple(Choice(value, f"label {value}", anchor) for value in range(1, 6))
    return Question(name, f"What of {name}?", "case", choices, True, "step")


def sections(values: dict[str, int | None], *, locked: bool = False) -> tuple[FormSection, ...]:
    asked = tuple(FormQuestion((name, None), question(name), value, locked) for name, value in values.items())
    return (FormSection(None, "This case", "", asked),)


@pytest.fixture
def form(qtbot):
    made = AnswerForm()
    qtbot.addWidget(made)
    made.resize(310, 480)
    made.set_sections(sections({"first": None, "second": None, "third": 2}))
    made.set_current(("first", None))
    made.show()
    return made


def test_the_current_question_shows_its_anchors_and_the_others_their_answer(form):
    first, third = form.cards["first", None], form.cards["third", None]
    assert first.body.isVisible()
    assert not third.body.isVisible()
    assert (first.answer.text(), third.answer.text()) == ("–", "2")


def test_every_anchor_text_has_the_room_it_needs(form, qtbot):
    rows = form.cards["first", None].rows
    qtbot.waitUntil(lambda: all(row.height() == row.heightForWidth(row.width()) for row in rows))
    form.resize(260, 480)
    qtbot.waitUntil(lambda: all(row.height() == row.heightForWidth(row.width()) for row in rows))
    pairs = list(pairwise(rows))
    qtbot.waitUntil(lambda: all(upper.geometry().bottom() < lower.y() for upper, lower in pairs))


def test_a_narrow_row_is_taller(qtbot):
    row = ChoiceRow(Choice(1, "label", LONG))
    qtbot.addWidget(row)
    assert row.heightForWidth(200) > row.heightForWidth(400)


def test_a_click_on_a_choice_answers(form, qtbot):
    row = form.cards["first", None].rows[3]
    with qtbot.waitSignal(form.answer_chosen) as said:
        click(row, QPoint(30, 12))
    assert said.args == [("first", None), 4]


def test_a_click_or_the_focus_makes_a_question_current(form, qtbot):
    with qtbot.waitSignal(form.question_entered) as said:
        click(form.cards["third", None], QPoint(20, 10))
    assert said.args == [("third", None)]


def test_arrows_ask_for_the_next_question_and_do_not_scroll(form, qtbot):
    steps = []
    form.stepped.connect(steps.append)
    card = form.cards["first", None]
    card.setFocus()
    scrolled = form.verticalScrollBar().value()
    qtbot.keyClick(card, Qt.Key.Key_Down)
    qtbot.keyClick(card, Qt.Key.Key_Up)
    assert steps == [1, -1]
    assert form.verticalScrollBar().value() == scrolled


def test_the_current_question_is_scrolled_into_view_whole(form, qtbot):
    form.resize(316, 600)
    form.set_sections(sections({f"q{number}": None for number in range(60)}))
    form.set_current(("q59", None))
    bottom = form.cards["q59", None]
    qtbot.waitUntil(lambda: bottom.visibleRegion().boundingRect().height() == bottom.height())


def test_a_locked_question_cannot_be_answered(form, qtbot):
    form.set_sections(sections({"first": 3, "second": None, "third": 2}, locked=True))
    said = []
    form.answer_chosen.connect(lambda *what: said.append(what))
    click(form.cards["first", None].rows[0], QPoint(30, 12))
    assert said == []
    assert "locked" in form.cards["first", None].accessibleName()


def test_new_answers_keep_the_cards_and_show(form):
    card = form.cards["first", None]
    form.set_sections(sections({"first": 5, "second": None, "third": 2}))
    assert form.cards["first", None] is card
    assert card.rows[4].isChecked()
    assert not card.rows[0].isChecked()
    assert "answered 5" in card.accessibleName()


def test_a_folded_question_takes_one_line(form, qtbot):
    def heights():
        return [card.height() for card in form.cards.values() if not card.body.isVisible()]

    qtbot.waitUntil(lambda: form.cards["first", None].height() > 200)
    form.set_sections((*sections({"first": 4, "second": None, "third": 2}), more("fourth")))
    form.set_current(("fourth", "mark"))
    qtbot.waitUntil(lambda: len(heights()) == 3 and max(heights()) < 60)


def more(name: str) -> FormSection:
    return FormSection(
        "mark", "Lesion 1", "#ff0", (FormQuestion((name, "mark"), question(name), None, False),)
    )
