"""Answers without the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListView

from app.actions import READING
from tests.app.reading.conftest import LESION_MM, NODE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, Hand


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


def current(hand: Hand) -> str | None:
    return hand.window.answers.current and hand.window.answers.current[0]


def test_digits_answer_wherever_the_focus_is(hand):
    hand.child("worklist", QListView).setFocus()
    hand.key("4")
    assert hand.window.case.reading.answers["margin_conspicuity", None] == 4
    hand.left.setFocus()
    hand.key(Qt.Key.Key_Up)
    hand.key("2")
    assert hand.window.case.reading.answers["margin_conspicuity", None] == 2


def test_an_answer_moves_on_to_the_next_open_question(hand):
    hand.key("n")
    hand.click_at(NODE_MM)
    assert current(hand) == "node_pattern"
    hand.key("1")
    assert current(hand) == "node_suspicion"
    hand.key("1")
    assert current(hand) == "margin_conspicuity"
    hand.key("4")
    assert current(hand) == "margin_conspicuity"


def test_a_new_mark_asks_its_own_questions(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("5")
    hand.click_at(TUMOUR_MM)
    hand.key("2")
    reading = hand.window.case.reading
    assert [reading.answers["detection_confidence", mark] for mark in reading.marks] == [5, 2]


def test_a_value_that_is_no_choice_is_refused_with_what_is(hand):
    hand.key("9")
    assert "one of 1, 2, 3, 4, 5" in hand.text("message_text")
    assert not hand.window.case.reading.answers


def test_an_answer_is_taken_back_by_key(hand):
    hand.key("3")
    hand.key(Qt.Key.Key_Delete, CTRL)
    assert not hand.window.case.reading.answers


def test_up_and_down_walk_through_the_questions(hand):
    hand.key("n")
    hand.click_at(NODE_MM)
    hand.right.setFocus()
    hand.key(Qt.Key.Key_Up)
    assert current(hand) == "margin_conspicuity"
    hand.key(Qt.Key.Key_Up)
    assert current(hand) == "margin_conspicuity"
    for expected in ("node_pattern", "node_suspicion", "note", "query", "query"):
        hand.key(Qt.Key.Key_Down)
        assert current(hand) == expected


def test_tab_walks_through_the_questions_and_every_control(hand, qtbot):
    hand.key("n")
    hand.click_at(NODE_MM)
    seen = []
    for _ in range(60):
        hand.key(Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus.objectName() in seen:
            break
        seen.append(focus.objectName())
        assert focus.accessibleName(), focus
    # a question that is typed or ticked has its field take the keys in its place
    asked = [name for name in seen if name.startswith(("question-", "field-", "flag-"))]
    assert [name.rsplit("-", 1)[0] if name.count("-") > 1 else name for name in asked] == [
        "question-margin_conspicuity",
        "question-node_pattern",
        "question-node_suspicion",
        "field-note",
        "flag-query",
        "field-query",
    ]
    for name in (
        "worklist",
        "findings",
        "left_view",
        "right_view",
        "right_echo",
        "finish_button",
        "tool_polygon",
    ):
        assert name in seen


def test_a_step_is_closed_and_a_case_signed_by_keys(hand, qtbot):
    hand.key("4")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading.step_index == 0
    hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading.step_index == 1
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    for key, x in (("t", 0.0), ("r", 4.0), ("a", -13.0)):
        hand.key(key)
        hand.key("b")
        hand.drag_along([(x, x, 0.5)])
    hand.key(Qt.Key.Key_Return, CTRL)
    hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading.signed


def test_the_keys_page_opens_with_f1_and_names_every_key(hand, qtbot):
    from app.reading.keys import KeysDialog

    hand.key(Qt.Key.Key_F1)
    dialog = hand.window.findChild(KeysDialog, "keys_dialog")
    assert dialog.isVisible()
    from PySide6.QtWidgets import QLabel

    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {deed.text for deed in READING if deed.menu and deed.keys} <= texts
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_keys_are_kept_as_pdf_on_one_page_as_they_are_now(hand, qtbot, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog, QPushButton

    from app.reading.keys import KeysDialog, key_map

    hand.window.settings.keys["fit"] = "Ctrl+Shift+F"
    path = tmp_path / "keys.pdf"
    path.write_bytes(b"older")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    hand.key(Qt.Key.Key_F1)
    dialog = hand.window.findChild(KeysDialog, "keys_dialog")
    dialog.findChild(QPushButton, "keys_pdf").click()
    written = path.read_bytes()
    assert written.startswith(b"%PDF") and written.count(b"/Type /Page\n") == 1
    paper = key_map(hand.window.settings).toPlainText()
    assert "Ctrl+Shift+F" in paper
    for deed in READING:
        assert not (deed.menu and deed.keys) or deed.text in paper
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "k.pdf"), ""))
    (tmp_path / "no").write_bytes(b"a file where a folder should be")
    dialog.findChild(QPushButton, "keys_pdf").click()
    assert "choose another place" in dialog.note.text()
    dialog.close()


def test_no_key_stands_for_two_things(hand):
    keys = [
        shortcut.toString()
        for action in hand.window.actions_by_name.values()
        for shortcut in action.shortcuts()
    ]
    assert len(keys) == len(set(keys))
