from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from core.reading.questions import CHOICE_PICTURES, NOTE, QUERY, Choice, Question
from tests.widgets.hands import click, double_click, pixels
from widgets.answer_form import AnswerForm, FormSection
from widgets.choice_row import ChoiceRow, picture
from widgets.question_cards import FormQuestion

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
    with qtbot.waitSignal(form.answer_given) as said:
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
    form.answer_given.connect(lambda *what: said.append(what))
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


def test_the_second_click_of_a_double_click_answers_nothing(form):
    """The first has folded the question, and the next one's choices have come under the hand."""
    said = []
    form.answer_given.connect(lambda *what: said.append(what))
    double_click(form.cards["first", None].rows[3], QPoint(30, 12))
    assert said == [(("first", None), 4)]


def test_every_drawing_a_protocol_may_name_is_there_and_no_other(qapp):
    drawn = {path.stem for path in (Path(__file__).parents[2] / "resources" / "pictures").iterdir()}
    assert drawn == set(CHOICE_PICTURES)
    assert all(picture(name).isValid() for name in CHOICE_PICTURES)


def test_a_drawing_stands_between_key_and_words(qtbot):
    rows = [ChoiceRow(Choice(1, "dark", "short", picture=name)) for name in ("", "node_dark")]
    for row in rows:
        qtbot.addWidget(row)
        row.resize(280, row.heightForWidth(280))
        row.show()
    plain, drawn = (pixels(row) for row in rows)
    assert rows[1].height() >= 44
    # the ground of the drawing, grey, where the plain row has its words
    assert (drawn[25, 40:80] == 0x7D).all(axis=1).any()
    assert not (plain[:, 40:80] == 0x7D).all(axis=2).any()


def test_an_answer_that_ends_the_case_says_so(qtbot):
    row = ChoiceRow(Choice(1, "unusable", "Nothing can be told.", ends_case=True))
    qtbot.addWidget(row)
    assert "Ends this case" in row.accessibleName()


# ---- numbers


SIZE = Question(
    "size", "Longest diameter", "case", (), True, "step", type="number", unit="mm", least=0.5, most=200,
    decimals=1,
)  # fmt: skip


@pytest.fixture
def asked(form):
    """Show questions of their own, answered as the window would answer them."""

    class Asked:
        def __init__(self) -> None:
            self.values: dict[str, object] = {}
            self.given = []
            self.questions = (SIZE,)
            form.answer_given.connect(self._on_given)

        def show(self, *questions: Question, **values: object) -> None:
            self.questions, self.values = questions, values
            self._show()
            form.set_current((questions[0].id, None))

        def _on_given(self, key, value) -> None:
            self.given.append(value)
            self.values[key[0]] = value
            self._show()

        def _show(self) -> None:
            each = (
                FormQuestion((question.id, None), question, self.values.get(question.id), False)
                for question in self.questions
            )
            form.set_sections((FormSection(None, "This case", "", tuple(each)),))

    return Asked()


def typed(qtbot, form, text: str, key: tuple[str, None] = ("size", None)):
    card = form.cards[key]
    card.field.setFocus()
    qtbot.keyClicks(card.field, text)
    return card


def test_a_number_is_given_with_enter_and_enter_goes_on(form, asked, qtbot):
    asked.show(SIZE)
    card = typed(qtbot, form, "7,25"[:3])
    assert asked.given == []
    with qtbot.waitSignal(form.passed):
        qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == [7.2]
    assert card.answer.text() == "7.2 mm"
    assert card.field.text() == "7.2"


@pytest.mark.parametrize(
    ("text", "doubt"),
    [("250", "outside 0.5 to 200"), ("7.25", "in steps of 0.1"), ("1.2.3", "not a number"), ("0", "outside")],
)
def test_what_does_not_serve_is_said_while_typing_and_never_given(form, asked, qtbot, text, doubt):
    asked.show(SIZE, size=12)
    card = form.cards["size", None]
    card.field.selectAll()
    typed(qtbot, form, text)
    assert doubt in card.note.text()
    assert card.note.property("role") == "warning"
    with qtbot.waitSignal(form.refused) as said:
        qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert "Longest diameter" in said.args[0]
    assert asked.given == []
    # the field shows what stands
    assert card.field.text() == "12" and card.note.property("role") == "quiet"


def test_the_range_stands_beside_the_field_and_its_note_moves_nothing(form, asked, qtbot):
    asked.show(SIZE, question("after"))
    card, after = form.cards["size", None], form.cards["after", None]
    assert card.note.text() == "0.5 to 200"
    place = after.y()
    typed(qtbot, form, "999")
    form.widget().layout().activate()
    assert after.y() == place


def test_a_number_left_for_another_place_is_given(form, asked, qtbot):
    asked.show(SIZE, question("after"))
    typed(qtbot, form, "8")
    click(form.cards["after", None], QPoint(20, 10))
    form.cards["after", None].setFocus(Qt.FocusReason.MouseFocusReason)
    assert asked.given == [8]


def test_a_number_half_typed_is_not_given_when_another_program_comes_to_the_front(form, asked, qtbot):
    asked.show(SIZE)
    card = typed(qtbot, form, "1")
    gone = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(card.field, gone)
    assert asked.given == []
    assert card.field.text() == "1"


def test_escape_drops_what_is_typed(form, asked, qtbot):
    asked.show(SIZE, size=3)
    card = typed(qtbot, form, "9")
    with qtbot.waitSignal(form.left):
        qtbot.keyClick(card.field, Qt.Key.Key_Escape)
    assert card.field.text() == "3" and asked.given == []


def test_keys_that_come_before_the_field_has_them_make_one_number(form, asked):
    asked.show(SIZE, size=3)
    form.set_current(("size", None))
    for figure in "12":
        form.type_in(figure)
    assert form.cards["size", None].field.text() == "12"


def test_a_range_is_told_in_plain_figures(form, asked):
    asked.show(replace(SIZE, least=0.1, most=1_000_000.0))
    form.set_current(("size", None))
    assert form.cards["size", None].note.text() == "0.1 to 1000000"


def test_an_emptied_number_is_taken_back(form, asked, qtbot):
    asked.show(SIZE, size=3)
    card = form.cards["size", None]
    card.field.setFocus()
    card.field.selectAll()
    qtbot.keyClick(card.field, Qt.Key.Key_Backspace)
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == [None] and card.answer.text() == "–"


def test_letters_in_a_number_stay_keys_of_the_window(form, asked, qtbot):
    asked.show(SIZE)
    card = typed(qtbot, form, "1l2 =")
    assert card.field.text() == "12"
    for key, text, own in ((Qt.Key.Key_L, "l", False), (Qt.Key.Key_7, "7", True)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
        event.ignore()
        QApplication.sendEvent(card.field, event)
        assert event.isAccepted() == own


def test_a_digit_typed_elsewhere_begins_the_number_anew(form, asked, qtbot):
    asked.show(SIZE, size=12.5)
    form.type_in("7")
    card = form.cards["size", None]
    assert card.field.text() == "7" and card.field.hasFocus()
    qtbot.keyClicks(card.field, "3")
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == [73]


def test_a_measured_value_is_offered_and_taken_by_a_click(form, asked, qtbot):
    asked.show(SIZE)
    form.set_proposal("=  4.2 mm   long axis of tumour")
    button = form.cards["size", None].proposal
    assert button.isVisible()
    with qtbot.waitSignal(form.proposal_taken):
        click(button, button.rect().center())
    form.set_proposal("")
    assert not button.isVisible()


# ---- texts


WHY = Question("why", "Why?", "case", (), True, "step", type="text", least=1, most=30)


def test_a_text_is_kept_when_the_hand_rests_and_the_cursor_stays(form, asked, qtbot):
    asked.show(WHY)
    card = typed(qtbot, form, "too dark ", ("why", None))
    qtbot.waitUntil(lambda: asked.given == ["too dark"])
    qtbot.keyClicks(card.field, "here")
    assert card.field.toPlainText() == "too dark here"
    with qtbot.waitSignal(form.passed):
        qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == ["too dark", "too dark here"]


def test_shift_enter_begins_a_line(form, asked, qtbot):
    asked.show(WHY)
    card = typed(qtbot, form, "one", ("why", None))
    qtbot.keyClick(card.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(card.field, "two")
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == ["one\ntwo"]


def test_a_text_that_is_too_long_is_said_and_kept_for_mending(form, asked, qtbot):
    asked.show(WHY)
    card = typed(qtbot, form, "x" * 31, ("why", None))
    assert card.note.text() == "too long"
    with qtbot.waitSignal(form.refused):
        qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == [] and len(card.field.toPlainText()) == 31


def test_a_case_is_flagged_with_words_or_without(form, asked, qtbot):
    asked.show(NOTE, QUERY)
    form.set_current(("query", None))
    card = form.cards["query", None]
    click(card.flag, QPoint(8, card.flag.height() // 2))
    assert asked.given == [""] and card.answer.text() == "⚑"
    typed(qtbot, form, "Which side?", ("query", None))
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert asked.given == ["", "Which side?"]
    click(card.flag, QPoint(8, card.flag.height() // 2))
    assert asked.given[-1] is None and card.field.toPlainText() == ""


# ---- the form under the hand


def test_questions_that_come_and_go_above_do_not_move_the_one_at_work(form, qtbot):
    form.resize(316, 400)
    mine = FormQuestion(("mine", "mark"), question("mine", "short"), None, False)

    def show(above: int) -> None:
        others = sections({f"q{number}": None for number in range(above)})
        form.set_sections((*others, FormSection("mark", "Lesion 1", "#ff0", (mine,))))

    def place() -> int:
        return form.cards["mine", "mark"].mapTo(form, QPoint(0, 0)).y()

    show(8)
    form.set_current(("mine", "mark"))
    bar = form.verticalScrollBar()
    qtbot.waitUntil(lambda: 0 < bar.value() == bar.maximum() and place() > 100)
    before = place()
    for above in (9, 12, 7, 10):
        show(above)
        assert place() == before
        QApplication.processEvents()
        assert place() == before


def test_folding_what_is_typed_in_hands_the_keys_to_the_next_question_only(form, asked, qtbot):
    asked.show(SIZE, question("after"), question("last"))
    typed(qtbot, form, "8")
    form.set_current(("last", None))
    assert form.cards["last", None].hasFocus()
