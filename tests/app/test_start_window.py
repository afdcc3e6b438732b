from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton

from app import recent, settings, start_window
from app.start_window import StartWindow
from app.theme import dress
from core.errors import InputError
from core.study.kit import Kit
from tests.app.importing.conftest import drop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_places(monkeypatch, tmp_path):
    """Nothing of the account that runs the tests is read or changed."""
    monkeypatch.setattr(recent, "recent_path", lambda: tmp_path / "state" / "recent.json")
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "config" / "settings.json")


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
    monkeypatch.setattr(Kit, "open", lambda path: opened)
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
    monkeypatch.setattr(Kit, "open", opened.append)
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


def test_images_have_a_door_that_leaves_the_window_open(start, qtbot):
    with qtbot.waitSignal(start.images_requested) as said:
        qtbot.mouseClick(start.images_button, Qt.MouseButton.LeftButton)
    assert said.args == [()]
    assert start.isVisible()
    with qtbot.waitSignal(start.images_requested):
        qtbot.keyClick(start, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)


def test_what_is_dropped_is_a_kit_or_images(start, qtbot, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(Kit, "open", opened.append)
    scan, archive, kit, renamed = (tmp_path / name for name in ("scan", "a.zip", "b.kit", "renamed"))
    for folder in (scan, kit, renamed):
        folder.mkdir()
    archive.touch()
    (renamed / "kit.sqlite").touch()
    with qtbot.waitSignal(start.images_requested) as said:
        drop(start, [scan, archive])
    assert said.args == [(scan, archive)]
    with qtbot.assertNotEmitted(start.images_requested):
        drop(start, [kit])
        start.show()
        drop(start, [renamed])
        start.show()
        # a file manager goes into the folder
        drop(start, [renamed / "kit.sqlite"])
    assert opened == [kit, renamed, renamed]


def test_every_door_is_in_the_menu_and_named(start):
    doors = (start.kit_button, start.images_button, start.study_button, start.new_study_button)
    assert all(door.accessibleName() for door in (*doors, start.demo_button))
    menu, _ = [action.menu() for action in start.layout().menuBar().actions()]
    assert [action.text() for action in menu.actions()] == [
        "Open a kit …",
        "Images …",
        "Open a study …",
        "New study …",
        "Open the demo",
        "Write a protocol …",
        "Close",
    ]


def test_the_command_opens_one_window_of_images_for_all_that_is_dropped(qtbot, monkeypatch, tmp_path):
    """`ferroread` alone: the second folder falls into the window of the first."""
    from app.commands import start as command
    from app.importing.window import ImportWindow
    from core.progress import Silent

    asked, shown = [], []
    monkeypatch.setattr(ImportWindow, "open", lambda window, paths: asked.append((window, paths)))

    class Running:
        def exec(self):
            shown[0].images_requested.emit((tmp_path,))
            shown[0].images_requested.emit((tmp_path / "other",))

    class Seen(StartWindow):
        def __init__(self):
            super().__init__()
            qtbot.addWidget(self)
            shown.append(self)

    monkeypatch.setattr("app.startup.application", Running)
    monkeypatch.setattr(start_window, "StartWindow", Seen)
    command.run(Namespace(opened=[]), Silent())
    assert [paths for _, paths in asked] == [(tmp_path,), (tmp_path / "other",)]
    (window,) = {window for window, _ in asked}
    assert window.isVisible()
    window.close()


def test_the_command_opens_the_protocol_editor(qtbot, monkeypatch):
    from app.commands import start as command
    from app.protocols.window import ProtocolWindow
    from core.progress import Silent

    seen, shown = [], []

    class Running:
        def exec(self):
            shown[0].actions_by_name["write_protocol"].trigger()
            # one of another test may be waiting, closed, to be deleted
            seen.extend(
                window
                for window in QApplication.topLevelWidgets()
                if isinstance(window, ProtocolWindow) and window.isVisible()
            )

    class Seen(StartWindow):
        def __init__(self):
            super().__init__()
            qtbot.addWidget(self)
            shown.append(self)

    monkeypatch.setattr("app.startup.application", Running)
    monkeypatch.setattr(start_window, "StartWindow", Seen)
    command.run(Namespace(opened=[]), Silent())
    assert len(seen) == 1
    seen[0].close()


def test_nobody_waits_for_what_is_not_needed_yet():
    """Neither this window nor that of images loads a database, a fit or a renderer to be shown."""
    heavy = ("numba", "vtkmodules", "SimpleITK", "sqlalchemy", "statsmodels", "pandas", "pydicom")
    code = (
        "import sys; import app.start_window, app.importing.window; "
        f"print(*[name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def known_kits(tmp_path):
    """Make two kits known to this account."""
    for number in (1, 2):
        folder = tmp_path / f"Secret {number}.kit"
        folder.mkdir()
        recent.remember(SimpleNamespace(path=folder, enrolled=True))


@pytest.fixture
def opened(monkeypatch):
    found = []
    monkeypatch.setattr(Kit, "open", found.append)
    return found


def lines(window) -> list[QToolButton]:
    return [line for line in window.findChildren(QToolButton) if line.objectName().startswith("recent-")]


def test_kits_that_were_opened_are_offered_by_a_name_that_tells_nothing(qtbot, start, tmp_path, opened):
    assert lines(start) == [] and not start.recent.isVisible()
    known_kits(tmp_path)
    start.show_recent()
    first, second = lines(start)
    assert (first.text(), second.text()) == ("Kit 2", "Kit 1")
    said = [getter() for line in lines(start) for getter in (line.text, line.toolTip, line.accessibleName)]
    assert not any(word in text for text in said for word in ("Secret", "Reader", str(tmp_path)))
    with qtbot.waitSignal(start.kit_opened):
        qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert opened == [tmp_path / "Secret 1.kit"]


def test_neither_words_nor_pictures_nor_order_tell_which_kit_was_opened_last(start, tmp_path):
    known_kits(tmp_path)
    seen = []
    for _ in range(2):
        start.show_recent()
        seen.append([
            (line.text(), line.toolTip(), line.accessibleName(), line.icon().pixmap(24).toImage())
            for line in start.recent.lines
        ])  # fmt: skip
        recent.remember(SimpleNamespace(path=tmp_path / "Secret 1.kit", enrolled=True))
    assert seen[0] == seen[1]
    assert seen[0][0][3] == seen[0][1][3]


def test_what_was_opened_can_be_forgotten(qtbot, start, tmp_path):
    known_kits(tmp_path)
    start.show_recent()
    qtbot.mouseClick(start.findChild(QToolButton, "recent_forget"), Qt.MouseButton.LeftButton)
    assert not start.recent.isVisible()
    assert recent.recent_kits() == () and (tmp_path / "Secret 1.kit").is_dir()


def test_coordinators_have_doors_of_their_own(qtbot, start, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "study"))
    with qtbot.waitSignal(start.study_requested) as asked:
        qtbot.mouseClick(start.study_button, Qt.MouseButton.LeftButton)
    assert asked.args == [tmp_path / "study"] and start.isVisible()
    with qtbot.waitSignal(start.new_study_requested):
        qtbot.mouseClick(start.new_study_button, Qt.MouseButton.LeftButton)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.sqlite").touch()
    with qtbot.waitSignal(start.study_requested):
        start.open([tmp_path / "study"])
