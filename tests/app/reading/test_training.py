"""Training comes first: feedback after each case, and the study's cases when a round is passed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.app.reading.conftest import LESION_MM, opened
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.rounds import WHY_SHARP, deal_rounds
from widgets.feedback_page import FeedbackPage


@pytest.fixture(scope="module")
def rounds(tmp_path_factory) -> Path:
    return deal_rounds(tmp_path_factory.mktemp("rounds"))


@pytest.fixture
def hand(qtbot, language, rounds: Path, tmp_path: Path) -> Iterator[Hand]:
    with opened(qtbot, shutil.copytree(rounds, tmp_path / "A.kit")) as window:
        yield Hand(window)


@pytest.fixture
def page(hand: Hand) -> FeedbackPage:
    return hand.child("feedback_page", FeedbackPage)


def sign(hand: Hand, qtbot, quality: str, *, lesion: bool = False) -> str:
    """Read the open case by keys, sign it, and return its alias."""
    qtbot.waitUntil(lambda: hand.window.case.ready)
    alias = hand.window.case.alias
    hand.key(quality)
    if lesion:
        hand.key("l")
        hand.click_at(LESION_MM)
        hand.key("2")
    for _ in range(2):
        hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading.signed
    return alias


def enter(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Return)


def listed(hand: Hand) -> list[str]:
    model = hand.window.worklist.model
    return [model.index(row).data() for row in range(model.rowCount())]


def said(page: FeedbackPage) -> list[str]:
    return [label.text() for label in page.area.widget().findChildren(QLabel)]


def train(hand: Hand, qtbot, *, lesion: bool) -> None:
    """Read a round to its last page."""
    for number in range(2):
        if number:
            enter(hand)
        sign(hand, qtbot, "2", lesion=lesion)


def test_the_list_tells_training_apart_and_the_study_stands_closed_below(hand):
    cases = hand.window.kit.cases()
    aliases = [case.alias for case in cases if not case.training]
    assert listed(hand) == ["Training 1 of 2", "Training 2 of 2", f"1.  {aliases[0]}", f"2.  {aliases[1]}"]
    assert hand.text("worklist_count") == "Training, round 1 of 2: 0 of 2 signed"
    assert hand.window.case.alias == cases[0].alias
    view = hand.window.worklist.view
    closed = view.model().index(2)
    told = closed.data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == f"Case {aliases[0]}, opens when the training is passed"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(closed).center())
    assert hand.text("message_text") == f"Case {aliases[0]} opens when the training is passed"
    assert hand.window.case.alias == cases[0].alias and hand.window.case.ready
    assert view.currentIndex().row() == 0
    hand.key(Qt.Key.Key_Right, CTRL)
    hand.key(Qt.Key.Key_Right, CTRL)
    assert hand.window.case.alias == cases[1].alias


def test_after_a_training_case_a_page_tells_what_was_expected(hand, page, qtbot):
    first = sign(hand, qtbot, "1")
    assert page.isVisible() and not hand.right.isVisible()
    assert hand.text("feedback_title") == "Training 1 of 2"
    (told, *others) = hand.window.kit.feedback(first)
    words = said(page)
    for word in (told.question, "1 poor", "2 good", "✗ not as expected", WHY_SHARP):
        assert word in words
    assert hand.text("feedback_state") == f"0 of {1 + len(others)} as expected."
    assert hand.text("feedback_outcome") == "1 more case of this training round."
    hand.key(Qt.Key.Key_Escape)
    assert not page.isVisible() and hand.right.isVisible()
    hand.key(Qt.Key.Key_F5)
    assert page.isVisible()
    enter(hand)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.alias != first)
    assert not page.isVisible() and hand.window.case.writable


def test_a_round_that_is_not_passed_begins_again_and_the_next_opens_the_study(hand, page, qtbot):
    train(hand, qtbot, lesion=False)
    kit = hand.window.kit
    assert hand.text("feedback_outcome").startswith("Not passed yet: 2 of 5 were as expected, 4 are needed.")
    assert "again with round 2 of 2" in hand.text("feedback_outcome")
    enter(hand)
    assert hand.text("worklist_count") == "Training, round 2 of 2: 0 of 2 signed"
    assert listed(hand)[:2] == ["Training 1 of 2", "Training 2 of 2"] and len(listed(hand)) == 4
    train(hand, qtbot, lesion=True)
    assert hand.text("feedback_outcome").startswith("Training passed: 5 of 5 were as expected.")
    enter(hand)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.writable)
    study = [case.alias for case in kit.cases() if not case.training]
    assert hand.window.case.alias == study[0] and not page.isVisible()
    assert hand.text("worklist_count") == "0 of 2 signed"
    # a case of the study tells nothing when it is signed
    sign(hand, qtbot, "2")
    assert not page.isVisible()


def test_the_place_of_a_finding_is_shown_in_the_pictures(hand, page, qtbot):
    train(hand, qtbot, lesion=False)
    shown, told = said(page), hand.window.kit.feedback(hand.window.case.alias)
    assert {"Finding to be marked: lesion", "not marked"} <= set(shown)
    assert {each.text for each in told} <= {*shown, ""} and len(told) >= 2
    place = next(
        each for each in page.area.widget().findChildren(QPushButton) if each.text() == "Show the place"
    )
    place.setFocus()
    enter(hand)
    assert not page.isVisible()
    assert hand.right.depth == hand.right.plane.slice_of(LESION_MM)


def test_who_passes_no_round_is_told_and_nothing_opens(hand, page, qtbot):
    for _ in range(2):
        train(hand, qtbot, lesion=False)
        last = hand.text("feedback_outcome")
        enter(hand)
    assert last.startswith("Training not passed: 2 of 5 were as expected, 4 are needed.")
    assert not page.isVisible()
    assert "Please ask the coordinator" in hand.text("finish_reason")
    assert not hand.child("finish_button").isVisible()
    assert [case.closed for case in hand.window.kit.cases() if not case.training] == [True, True]


def test_the_page_has_the_keys_when_it_comes(hand, page, qtbot):
    sign(hand, qtbot, "2")
    assert QApplication.focusWidget() is page.go_on
