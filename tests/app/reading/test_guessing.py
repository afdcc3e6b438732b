"""The guess: asked when all cases are signed, by keys alone, kept as it is made, closed when confirmed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from app.reading.window import ReadingWindow
from app.settings import Settings
from core.errors import StoreError
from core.reading.edits import SetAnswer
from core.study.kit import Kit
from tests.app.reading.conftest import opened
from tests.app.reading.hand import CTRL, SHIFT, Hand
from tests.app.reading.rounds import deal_rounds
from tests.app.reading.test_training import sign
from tests.signing import sign_as_rater
from widgets.guess_page import GuessPage


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> Path:
    """A kit of two cases, of which only the last one is still to be signed."""
    path = deal_rounds(tmp_path_factory.mktemp("guess"), training=False)
    with Kit.open(path) as kit:
        alias = kit.cases()[0].alias
        kit.record(alias, SetAnswer("quality", None, None, 2))
        sign_as_rater(kit, alias)
    return path


@pytest.fixture
def path(signed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(signed, tmp_path / "A.kit")


def page_of(hand: Hand) -> GuessPage:
    return hand.child("guess_page", GuessPage)


def shown(page: GuessPage) -> list[QPushButton]:
    """The choices of the chosen cell."""
    return page.choices.currentWidget().findChildren(QPushButton)


def choices(page: GuessPage) -> list[str]:
    return [button.text().replace("&&", "&") for button in shown(page)]


@contextmanager
def opened_at_the_guess(path: Path) -> Iterator[ReadingWindow]:
    """Open a window on a kit whose cases are all signed: it opens none of them."""
    window = ReadingWindow(Kit.open(path), Settings())
    window.show()
    window.activateWindow()
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def cells(page: GuessPage) -> list[list[str]]:
    table = page.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


@pytest.fixture
def hand(qtbot, language, path: Path) -> Iterator[Hand]:
    """A person who has just signed the last case."""
    with opened(qtbot, path) as window:
        made = Hand(window)
        assert not page_of(made).isVisible()
        sign(made, qtbot, "2")
        yield made


def test_all_is_guessed_by_keys_and_given_for_good(hand, qtbot):
    page, kit = page_of(hand), hand.window.kit
    first, second = (case.alias for case in kit.cases())
    assert page.isVisible() and QApplication.focusWidget() is page.table
    assert cells(page) == [[f"1.  {first}", "", ""], [f"2.  {second}", "", ""]]
    # nothing is chosen beforehand; choices stand in the protocol's order, and the last is not to know
    assert choices(page) == ["1   MNP & magnet", "2   vehicle", "3   MNP", "0   don't know"]
    assert not any(button.isChecked() for button in shown(page)) and not page.confirm.isEnabled()
    hand.key("1")
    assert choices(page) == ["1   24 h", "2   baseline", "0   don't know"]
    hand.key("0")
    hand.key("9")
    hand.key("2")
    hand.key("3")
    assert cells(page)[0][1:] == ["MNP & magnet", "don't know"]
    assert cells(page)[1][1:] == ["vehicle", ""] and not page.confirm.isEnabled()
    hand.key("2")
    assert QApplication.focusWidget() is page.confirm and kit.guesses_due()
    hand.key(Qt.Key.Key_Return)
    assert not kit.guesses_due() and not page.isVisible()
    assert "the kit is complete" in hand.text("finish_reason")
    assert not hand.child("finish_button").isVisible()
    given = {(alias, of): choice for alias, of, choice in kit.guesses()}
    assert given == {
        (first, "group"): "MNP & magnet", (first, "visit"): None,
        (second, "group"): "vehicle", (second, "visit"): "baseline",
    }  # fmt: skip
    kit.verify()


def test_what_was_guessed_is_there_again_after_a_restart(hand, path, qtbot):
    hand.key("3")
    assert hand.text("saved").startswith("Saved")
    hand.window.close()
    with opened_at_the_guess(path) as window:
        again = Hand(window)
        page = page_of(again)
        qtbot.waitUntil(page.isVisible)
        assert cells(page)[0][1:] == ["MNP", ""]
        assert (page.table.currentRow(), page.table.currentColumn()) == (0, 2)
        assert "1 of 4 given" in again.text("guess_state")
        # changed by going back with an arrow
        qtbot.waitUntil(lambda: QApplication.focusWidget() is page.table)
        again.key(Qt.Key.Key_Left)
        assert [button.isChecked() for button in shown(page)] == [False, False, True, False]
        again.key("2")
        assert cells(page)[0][1:] == ["vehicle", ""]


def test_cases_can_be_looked_at_meanwhile_and_not_changed(hand, qtbot):
    page = page_of(hand)
    hand.key("1")
    hand.key(Qt.Key.Key_Escape)
    assert not page.isVisible() and hand.right.isVisible()
    alias = hand.window.case.alias
    hand.key(Qt.Key.Key_Left, CTRL)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.alias != alias)
    assert not hand.window.case.writable
    before = hand.window.case.reading
    hand.key("1")
    assert hand.window.kit.reading(before.alias) == before
    assert "what you believe each case was" in hand.text("finish_reason")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert page.isVisible() and cells(page)[0][1:] == ["MNP & magnet", ""]


def test_a_choice_is_clicked_too_and_all_can_be_changed_at_the_end(hand, qtbot):
    page = page_of(hand)
    for key in "1111":
        hand.key(key)
    hand.key(Qt.Key.Key_Tab, SHIFT)
    page.table.setFocus()
    page.table.setCurrentCell(0, 2)
    qtbot.mouseClick(hand.child("guess-visit-0"), Qt.MouseButton.LeftButton)
    assert cells(page)[0][1:] == ["MNP & magnet", "don't know"]
    # it stays where it was changed
    assert (page.table.currentRow(), page.table.currentColumn()) == (0, 2)


def test_a_guess_that_cannot_be_written_is_said_and_not_shown_as_kept(hand, monkeypatch):
    def full(*_: object) -> None:
        raise StoreError("the disk is full; make room and try again; what was saved is kept")

    monkeypatch.setattr(Kit, "draft_guess", full)
    hand.key("1")
    assert hand.text("message_text").startswith("The disk is full")
    assert cells(page_of(hand))[0][1:] == ["", ""]
    assert not any(button.isChecked() for button in shown(page_of(hand)))


def test_a_protocol_that_does_not_ask_shows_no_page(qtbot, language, read_by):
    hand = read_by("tumour-conspicuity")
    for number in range(2):
        if number:
            hand.key(Qt.Key.Key_Return, CTRL)
        sign(hand, qtbot, "3")
    assert not page_of(hand).isVisible() and "the kit is complete" in hand.text("finish_reason")
