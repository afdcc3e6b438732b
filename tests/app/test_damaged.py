"""A damaged kit or study is left as it is; what can be saved is offered in a window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from app import recent, settings
from app.commands.start import _lead_coordinators
from app.damaged_kit import DamagedKit
from app.start_window import StartWindow
from app.study.damaged import DamagedStudy
from app.theme import dress
from core.export.tables import read_csv
from core.study.backups import back_up
from core.study.kit import Kit
from core.study.store import Study
from tests.app.commands.test_audit import damage
from tests.core.study.conftest import dealt, kit_path, protocol, read_case, study
from tests.signing import RATERS_PASSWORD
from widgets.text_table import TextTable

__all__ = ("dealt", "kit_path", "protocol", "study")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def start(qtbot, qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(recent, "recent_path", lambda: tmp_path / "state" / "recent.json")
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "config" / "settings.json")
    if not qapp.styleSheet():
        dress(qapp)
    made = StartWindow()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def cells(window, name: str) -> list[tuple[str, ...]]:
    return [row.cells for row in window.findChild(TextTable, name).words.rows]


def test_what_is_left_of_a_damaged_kit_is_shown_and_saved(
    start: StartWindow, qtbot, kit_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Kit.open(kit_path) as kit:
        signed, under_way, *_ = (case.alias for case in kit.cases())
        read_case(kit, signed)
        read_case(kit, under_way, sign=False)
    file = kit_path / "kit.sqlite"
    left = damage(file, b'{"action":"deal"')
    start.open_kit(kit_path)
    assert "leave it as it is" in start.text.text() and start.isVisible()
    window = start.findChild(DamagedKit)
    note = window.findChild(QLabel, "damaged_note")
    show, save = (window.findChild(QPushButton, f"damaged_{name}") for name in ("show", "save"))
    for password in ("", "somebody else's"):
        QTest.keyClicks(window.password, password)
        qtbot.mouseClick(show, LEFT)
        assert "not the password" in note.text() and not cells(window, "damaged_table")
    assert not save.isEnabled()
    QTest.keyClicks(window.password, RATERS_PASSWORD)
    QTest.keyClick(window.password, Qt.Key.Key_Return)
    shown = {row[0]: row[1:] for row in cells(window, "damaged_table")}
    assert shown[signed] == ("2", "3", "signed, and it holds")
    assert shown[under_way] == ("2", "3", "not signed")
    assert note.text() == "Not whole: audit"
    out = tmp_path / "rescued"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    qtbot.mouseClick(save, LEFT)
    assert "Saved in rescued" in note.text()
    assert {row[0] for row in read_csv(out / "answers.csv")[1]} == {signed, under_way}
    assert file.read_bytes() == left == (out / "evidence" / "kit.sqlite").read_bytes()
    # what was saved stays as it is
    qtbot.mouseClick(save, LEFT)
    assert "already exists" in note.text()


@pytest.mark.parametrize("length", [0, 60, 5000])
def test_a_kit_that_was_cut_is_the_coordinators(
    start: StartWindow, qtbot, kit_path: Path, length: int
) -> None:
    file = kit_path / "kit.sqlite"
    file.write_bytes(file.read_bytes()[:length])
    start.open_kit(kit_path)
    window = start.findChild(DamagedKit)
    qtbot.mouseClick(window.findChild(QPushButton, "damaged_show"), LEFT)
    note = window.findChild(QLabel, "damaged_note").text()
    assert "no longer be checked" in note or "nothing of this kit can be read" in note.lower()


def test_a_backup_is_put_in_the_place_of_a_damaged_study(start: StartWindow, qtbot, study: Study) -> None:
    path, opened = study.path, []
    back_up(study, "demand")
    study.close()
    _lead_coordinators(start, opened)
    file = path / "study.sqlite"
    left = damage(file, b'{"action":"create"')
    start.open([path])
    window = start.findChild(DamagedStudy)
    assert [row[1] for row in cells(window, "restore_table")] == ["by request"]
    qtbot.mouseClick(window.findChild(QPushButton, "restore_restore"), LEFT)
    (shown,) = opened
    qtbot.addWidget(shown)
    assert shown.desk.study.name == "Iron in mice"
    shown.close()
    kept = [each for each in path.glob("study.sqlite.before-*") if not each.name.endswith(("-wal", "-shm"))]
    assert [each.read_bytes() for each in kept] == [left]


def test_a_damaged_study_without_a_backup_says_so(start: StartWindow, qtbot, study: Study) -> None:
    study.close()
    _lead_coordinators(start, [])
    shutil.rmtree(study.path / "backups", ignore_errors=True)
    damage(study.path / "study.sqlite", b'{"action":"create"')
    start.open([study.path])
    window = start.findChild(DamagedStudy)
    assert "no backup" in window.findChild(QLabel, "restore_note").text()
    assert not window.findChild(QPushButton, "restore_restore").isEnabled()
