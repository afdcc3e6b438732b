"""A protocol is written beside its form: faults are marked, nothing is written over unasked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app.protocols.window import SHIPPED, ProtocolWindow, shipped
from app.theme import dress
from widgets.question_cards import ChoiceCard

NODES = SHIPPED / "lymph-nodes.yaml"


@pytest.fixture
def window(qtbot, language, qapp, tmp_path, monkeypatch) -> Iterator[ProtocolWindow]:
    monkeypatch.setattr("app.settings.user_config_path", lambda *_, **__: tmp_path / "config")
    if not qapp.styleSheet():
        dress(qapp)
    made = ProtocolWindow()
    qtbot.addWidget(made, before_close_func=lambda w: w.text.document().setModified(False))
    made.show()
    made.activateWindow()
    yield made


@pytest.fixture
def path(tmp_path) -> Path:
    return shutil.copy(NODES, tmp_path / "nodes.yaml")


@pytest.fixture
def questions(monkeypatch) -> list[str]:
    """What is asked in message boxes; they are answered with Cancel unless `replies` says otherwise."""
    asked = Asked()

    def question(parent, title, text, buttons, default):
        asked.append(text)
        return asked.reply

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


class Asked(list):
    reply = QMessageBox.StandardButton.Cancel


def replace(qtbot, window: ProtocolWindow, before: str, after: str) -> int:
    """Select a piece of the text and type another; returns its line."""
    found = window.text.document().find(before)
    assert not found.isNull(), before
    window.text.setTextCursor(found)
    window.text.setFocus()
    line = window.text.textCursor().blockNumber() + 1
    qtbot.keyClicks(window.text, after)
    return line


def test_the_form_is_the_raters_own_and_can_be_answered(window, path, qtbot):
    window.open(path)
    form = window.form
    assert [key[0] for key in form.cards] == [
        "image_quality", "node_pattern", "node_suspicion", "node_malignant", "node_short_axis_mm",
        "note", "query",
    ]  # fmt: skip
    form.cards["image_quality", None].setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "3452")
    assert dict(window.case.reading.answers) == {
        ("image_quality", None): 3, ("node_pattern", "node-1"): 4, ("node_suspicion", "node-1"): 5,
        ("node_malignant", "node-1"): 2,
    }  # fmt: skip
    form.cards["image_quality", None].setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "1")
    assert ("quality_reason", None) in form.cards
    window.forget.click()
    assert not window.case.reading.answers and ("quality_reason", None) not in form.cards


def test_a_fault_is_marked_while_typing_and_told(window, path, qtbot):
    window.open(path)
    assert "Valid: lymph-nodes, version 1.0" in window.verdict.text()
    replace(qtbot, window, "measure: short_axis", "measure: shrt_axis")
    qtbot.waitUntil(lambda: window.text.faulty_line is not None)
    lines = window.text.toPlainText().splitlines()
    assert "shrt_axis" in lines[window.text.faulty_line - 1]
    assert "'measure' should be one of" in window.verdict.text()
    assert window.go.text() == f"Line {window.text.faulty_line}"
    assert not window.form.isEnabled()
    window.text.go_to(1)
    window.go.click()
    assert window.text.textCursor().blockNumber() + 1 == window.text.faulty_line
    replace(qtbot, window, "shrt_axis", "short_axis")
    qtbot.waitUntil(lambda: window.text.faulty_line is None)
    assert window.form.isEnabled()


def test_answers_that_still_serve_stay_while_the_text_changes(window, path, qtbot):
    window.open(path)
    window.form.cards["image_quality", None].setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "25")
    replace(qtbot, window, "whole node bright, picture: node_bright", "all bright, picture: node_bright")

    def card() -> ChoiceCard:
        return window.form.cards["node_pattern", "node-1"]

    qtbot.waitUntil(lambda: card().rows[4].choice.label == "all bright")
    assert card().rows[4].isChecked()
    replace(qtbot, window, "- {value: 5, label: all bright", "- {value: 6, label: all bright")
    qtbot.waitUntil(lambda: card().rows[4].choice.value == 6)
    assert ("node_pattern", "node-1") not in window.case.reading.answers
    assert window.case.reading.answers["image_quality", None] == 2


def test_a_text_that_changed_is_reminded_of_its_version(window, path, qtbot):
    window.open(path)
    assert not window.warning.isVisible()
    replace(qtbot, window, "title: Lymph nodes", "title: Nodes")
    qtbot.waitUntil(window.warning.isVisible)
    assert "version 1.0" in window.warning.text()
    replace(qtbot, window, 'version: "1.0"', 'version: "1.1"')
    qtbot.waitUntil(lambda: not window.warning.isVisible())


def test_every_step_can_be_looked_at(window):
    window.start_from(SHIPPED / "tumour-and-nodes.yaml")
    assert [window.step.itemText(place) for place in range(2)] == ["Detection", "Quantification"]
    choice = window.form.cards["margin_conspicuity", None].rows[0]
    assert choice.isEnabled()
    window.step.setCurrentIndex(1)
    assert not choice.isEnabled()


def test_what_is_measured_is_proposed_as_to_a_rater(window, qtbot):
    window.start_from(SHIPPED / "ablative-margin.yaml")
    window.form.cards["ablative_margin", "lesion-1"].setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), "1")
    card = window.form.cards["least_thickness_mm", "lesion-1"]
    qtbot.waitUntil(card.proposal.isVisible)
    qtbot.keyClicks(card, "=")
    assert window.case.reading.answers["least_thickness_mm", "lesion-1"] == 4.5


# ---- files


def test_what_was_opened_is_saved_where_it_came_from(window, path, qtbot, questions):
    window.open(path)
    replace(qtbot, window, 'version: "1.0"', 'version: "1.1"')
    assert window.isWindowModified() or window.text.document().isModified()
    window.actions_by_name["save"].trigger()
    assert 'version: "1.1"' in path.read_text(encoding="utf-8")
    assert questions == [] and not window.text.document().isModified()


def test_a_file_that_somebody_else_changed_is_not_written_over_unasked(window, path, qtbot, questions):
    window.open(path)
    replace(qtbot, window, 'version: "1.0"', 'version: "1.1"')
    path.write_text("id: another\n", encoding="utf-8")
    window.actions_by_name["save"].trigger()
    assert len(questions) == 1 and path.read_text(encoding="utf-8") == "id: another\n"
    questions.reply = QMessageBox.StandardButton.Save
    window.actions_by_name["save"].trigger()
    assert 'version: "1.1"' in path.read_text(encoding="utf-8")


def test_a_shipped_protocol_is_a_start_and_is_never_written_to(window, tmp_path, monkeypatch, questions):
    before = {path: path.read_bytes() for path in shipped()}
    asked = []

    def name(parent, title, proposed, kind):
        asked.append(proposed)
        return str(tmp_path / "mine.yaml"), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    new = window.menuBar().findChild(type(window.menuBar().actions()[0].menu()), "protocol_new")
    assert [action.text() for action in new.actions()] == [path.stem for path in shipped()]
    next(action for action in new.actions() if action.text() == "lymph-nodes").trigger()
    window.actions_by_name["save"].trigger()
    assert asked == ["lymph-nodes.yaml"]
    assert (tmp_path / "mine.yaml").read_bytes() == NODES.read_bytes()
    assert {path: path.read_bytes() for path in shipped()} == before


@pytest.mark.parametrize("reply", ["Cancel", "Discard"])
def test_changes_are_asked_about_before_they_are_lost(window, path, qtbot, questions, reply):
    window.open(path)
    replace(qtbot, window, "title: Lymph nodes", "title: Nodes")
    questions.reply = QMessageBox.StandardButton[reply]
    window.close()
    assert len(questions) == 1
    assert window.isVisible() == (reply == "Cancel")
    assert "title: Lymph nodes" in path.read_text(encoding="utf-8")


def test_a_file_that_is_no_text_is_refused_and_the_text_stays(window, path, tmp_path):
    window.open(path)
    binary = tmp_path / "x.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x81")
    window.open(binary)
    assert "cannot be read" in window.messages.text.text()
    assert window.path == path


# ---- the text


def test_tab_indents_and_enter_keeps_the_indentation(window, qtbot):
    window.text.setFocus()
    qtbot.keyClick(window.text, Qt.Key.Key_Tab)
    qtbot.keyClicks(window.text, "a: 1")
    qtbot.keyClick(window.text, Qt.Key.Key_Return)
    qtbot.keyClicks(window.text, "b: 2")
    assert window.text.toPlainText() == "  a: 1\n  b: 2"
    qtbot.keyClick(window.text, Qt.Key.Key_Backtab)
    assert window.text.toPlainText() == "  a: 1\nb: 2"
