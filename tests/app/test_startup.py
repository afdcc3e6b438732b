from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPlainTextEdit, QPushButton

from app import messages
from app.bug_window import BugWindow
from app.startup import errors_shown
from core.errors import InputError


class Bell(QObject):
    rung = Signal(object)


def bug_windows() -> list[BugWindow]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, BugWindow)]


@pytest.fixture(autouse=True)
def no_report_stays(qapp):
    yield
    for window in bug_windows():
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def ring(error: Exception) -> None:
    raise error


def test_an_error_in_a_slot_is_shown_in_one_line(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "user_log_path", lambda *_, **__: tmp_path)
    shown, bell, before = [], Bell(), sys.excepthook
    bell.rung.connect(ring)
    with errors_shown(shown.append):
        bell.rung.emit(InputError("the file is empty;\nchoose another"))
        bell.rung.emit(RuntimeError("Mrs Smith"))
    assert shown[0] == "The file is empty; choose another"
    assert "bug in FerroRead (RuntimeError" in shown[1]
    assert "Smith" not in shown[1]
    assert sys.excepthook is before


CHOOSES = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from app.startup import application

def accept():
    asked = QApplication.activeModalWidget()
    QTimer.singleShot(50, accept) if asked is None else asked.accept()

application()
QTimer.singleShot(50, accept)
print(QFileDialog.getExistingDirectory(None, "", sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file dialog is the system's there")
def test_no_folder_that_was_chosen_is_left_on_the_account(tmp_path):
    home, chosen = tmp_path / "home", tmp_path / "study-of-subject-seven"
    for each in (home, chosen):
        each.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    ran = subprocess.run(
        [sys.executable, "-c", CHOOSES, str(chosen)], capture_output=True, text=True, check=True,
        env={**kept, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.stdout.split() == [str(chosen)]
    held = [path for path in home.rglob("*") if path.is_file() and chosen.name.encode() in path.read_bytes()]
    assert held == []


def test_the_report_of_a_bug_is_read_before_anybody_sends_it(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "user_log_path", lambda *_, **__: tmp_path)
    saved = tmp_path / "report.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    shown, bell = [], Bell()
    bell.rung.connect(ring)
    with errors_shown(shown.append):
        bell.rung.emit(InputError("the file is empty"))
        bell.rung.emit(ValueError("Mrs Smith, 24 h"))
        # faults come in swarms: one of them is shown
        bell.rung.emit(KeyError("mouse-1"))
        qtbot.waitUntil(lambda: bool(bug_windows()))
        QApplication.processEvents()
    (window,) = bug_windows()
    assert window.findChild(QLabel, "bug_line").text().lower() == shown[1].lower()
    text = window.findChild(QPlainTextEdit, "bug_text").toPlainText()
    # all of what was kept as a file, and nothing of what the error said
    assert text in [file.read_text(encoding="utf-8") for file in tmp_path.glob("bug-*.txt")]
    assert "in ring\nValueError" in text and "Python" in text
    assert not any(word in text for word in ("Smith", "24 h", "mouse"))
    for name in ("bug_copy", "bug_save"):
        qtbot.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == text == saved.read_text(encoding="utf-8")


@pytest.mark.parametrize(("home", "told"), [("maxmuster", "Please send ~/logs/bug-"), ("other", "send bug-")])
def test_neither_line_nor_report_of_a_bug_names_the_account(qapp, monkeypatch, tmp_path, home, told):
    logs = tmp_path / "maxmuster" / "logs"
    logs.mkdir(parents=True)
    monkeypatch.setattr(messages, "user_log_path", lambda *_, **__: logs)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / home)
    line = messages.told(FileExistsError(str(logs)))
    (report,) = logs.iterdir()
    assert told in line and "maxmuster" not in line + report.read_text(encoding="utf-8")
    assert "/" not in report.read_text(encoding="utf-8")


def test_no_report_is_shown_where_no_window_asked_for_it(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "user_log_path", lambda *_, **__: tmp_path)
    assert "bug in FerroRead" in messages.told(ValueError("Mrs Smith"))
    QApplication.processEvents()
    assert bug_windows() == []
