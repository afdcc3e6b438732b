from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from app import messages
from app.startup import errors_shown
from core.errors import InputError


class Bell(QObject):
    rung = Signal(object)


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
