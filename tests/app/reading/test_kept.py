"""What a window keeps of its rater for the next time, and that it is of this rater and says nothing."""

from __future__ import annotations

import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import recent, settings, start_window
from app.commands import start as start_command
from app.language import speak
from app.reading.window import ReadingWindow
from app.settings import Settings, load_settings, save_settings
from core.progress import Silent
from core.study.kit import Kit
from tests.app.reading.hand import Hand
from tests.signing import enrol


@pytest.fixture(autouse=True)
def places(monkeypatch, tmp_path) -> Path:
    monkeypatch.setattr(recent, "recent_path", lambda: tmp_path / "kept" / "recent.json")
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "kept" / "settings.json")
    return tmp_path / "kept"


@pytest.fixture
def other_kit(dealt_kit: Path, tmp_path: Path) -> Path:
    """The same pictures, dealt to another rater."""
    path = shutil.copytree(dealt_kit, tmp_path / "B.kit")
    connection = sqlite3.connect(path / "kit.sqlite")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in names:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE kit SET rater = 'Rater B'")
    connection.commit()
    connection.close()
    return path


@contextmanager
def session(qtbot, path: Path) -> Iterator[ReadingWindow]:
    """A window as the program opens it: it keeps what it is told."""
    window = ReadingWindow(enrol(Kit.open(path)))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.case.ready)
    yield window
    window.close()


def test_a_rater_finds_the_window_as_it_was_left_and_another_does_not(qtbot, kit_path, other_kit) -> None:
    with session(qtbot, kit_path) as window:
        Hand(window).key("i")
        Hand(window).key("h")
    with session(qtbot, other_kit) as window:
        assert window.settings == Settings()
        Hand(window).key("x")
    with session(qtbot, kit_path) as window:
        assert not window.left.view.smooth and not window.left.view.show_texts
        assert window.left.view.show_cursor
    with session(qtbot, other_kit) as window:
        assert window.left.view.smooth and not window.left.view.show_cursor
    assert load_settings() == Settings()


def test_what_is_kept_names_no_rater_and_no_case(qtbot, kit_path, places) -> None:
    with session(qtbot, kit_path) as window:
        aliases = [case.alias.encode() for case in window.kit.cases()]
    files = [file for file in places.rglob("*") if file.is_file()]
    assert {file.name for file in files} > {"recent.json", "salt"}
    for file in files:
        written = (str(file.relative_to(places)).encode() + file.read_bytes()).replace(
            str(kit_path.parent).encode(), b""
        )
        assert b"Rater" not in written and b"Iron in mice" not in written
        assert not any(alias in written for alias in aliases)


def test_a_kit_is_remembered(qtbot, kit_path) -> None:
    with session(qtbot, kit_path):
        pass
    (kit,) = recent.recent_kits()
    assert kit.path == str(kit_path.resolve())


def test_the_window_speaks_its_rater_s_language(qtbot, qapp, kit_path, monkeypatch) -> None:
    monkeypatch.delenv("FERROREAD_LANGUAGE")
    save_settings(Settings(language="en"))
    save_settings(Settings(language="de"), "Rater A")
    seen = []

    class Seen(start_window.StartWindow):
        def __init__(self) -> None:
            super().__init__()
            qtbot.addWidget(self)
            seen.append(self)

    def work() -> None:
        """What the person does while the program runs."""
        seen[0].open_kit(kit_path)
        shown = [window for window in qapp.topLevelWidgets() if window.isVisible()]
        (window,) = (each for each in shown if isinstance(each, ReadingWindow))
        seen.append([action.text() for action in window.menuBar().actions()])
        window.close()

    monkeypatch.setattr("app.startup.application", lambda: qapp)
    monkeypatch.setattr(type(qapp), "exec", lambda _: work())
    monkeypatch.setattr(start_window, "StartWindow", Seen)
    try:
        start_command.run(Namespace(opened=[]), Silent())
    finally:
        speak(qapp, "en")
    assert seen[1][0] == "Fall"
