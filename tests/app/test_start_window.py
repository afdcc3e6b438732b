from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app import start_window
from app.start_window import StartWindow
from app.theme import dress
from core.errors import InputError


@pytest.fixture
def start(qtbot, qapp):
    if not qapp.styleSheet():
        dress(qapp)
    made = StartWindow()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_what_is_no_kit_is_said_and_the_window_stays(start, tmp_path):
    start.open_kit(tmp_path)
    assert "not a kit" in start.text.text()
    assert start.isVisible()


def test_a_folder_is_chosen_and_handed_over_open(start, qtbot, monkeypatch, tmp_path):
    opened = object()
    monkeypatch.setattr(start_window.QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    monkeypatch.setattr(start_window.Kit, "open", lambda path: opened)
    with qtbot.waitSignal(start.kit_opened) as said:
        qtbot.mouseClick(start.kit_button, Qt.MouseButton.LeftButton)
    assert said.args == [opened]
    assert not start.isVisible()


def test_a_choice_taken_back_changes_nothing(start, qtbot, monkeypatch):
    monkeypatch.setattr(start_window.QFileDialog, "getExistingDirectory", lambda *_: "")
    qtbot.mouseClick(start.kit_button, Qt.MouseButton.LeftButton)
    assert start.isVisible()
    assert start.text.text() == ""


def test_the_demo_is_made_once_with_progress_and_opened(start, qtbot, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(start_window, "demo_folder", lambda: tmp_path / "demo")

    def make(job):
        job.report(0.5, "half of it")
        return tmp_path

    monkeypatch.setattr(start_window, "_make_demo", make)
    monkeypatch.setattr(start_window.Kit, "open", opened.append)
    qtbot.mouseClick(start.demo_button, Qt.MouseButton.LeftButton)
    assert start.stop.isVisible()
    assert not start.kit_button.isEnabled()
    qtbot.waitUntil(lambda: opened == [tmp_path])


def test_a_demo_that_fails_says_why_and_can_be_tried_again(start, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(start_window, "demo_folder", lambda: tmp_path / "demo")

    def make(job):
        raise InputError("the disk is full; make room")

    monkeypatch.setattr(start_window, "_make_demo", make)
    qtbot.mouseClick(start.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "disk is full" in start.text.text())
    assert start.demo_button.isEnabled()


def test_making_the_demo_can_be_cancelled(start, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(start_window, "demo_folder", lambda: tmp_path / "demo")

    def make(job):
        while not job.cancelled():
            pass
        return tmp_path

    monkeypatch.setattr(start_window, "_make_demo", make)
    qtbot.mouseClick(start.demo_button, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(start.kit_opened, wait=50):
        qtbot.mouseClick(start.stop, Qt.MouseButton.LeftButton)
    assert start.demo_button.isEnabled()
