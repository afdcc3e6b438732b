"""A damaged kit or study is left as it is; what can be saved is offered in a window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from app import recent, settings
from app.cli import run
from app.commands.start import _lead_coordinators
from app.commands.study import backups_of
from app.damaged_kit import DamagedKit
from app.start_window import StartWindow
from app.study.damaged import DamagedStudy
from app.study.window import StudyWindow
from app.theme import dress
from core.errors import DamagedError
from core.export.tables import read_csv
from core.study.backups import back_up
from core.study.kit import Kit
from core.study.store import Study
from tests.app.commands.test_audit import damage
from tests.core.study.conftest import dealt, kit_path, protocol, read_case, study
from tests.core.study.test_kit import without_triggers
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


def test_a_kit_whose_protocol_is_damaged_is_rescued_by_the_command_that_reads(
    qapp, qtbot, kit_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias)
    without_triggers(kit_path, "UPDATE kit SET protocol = substr(protocol, 1, 300) || '\"'")
    file, shown = kit_path / "kit.sqlite", []
    before = file.read_bytes()

    def work() -> None:
        (window,) = (each for each in qapp.topLevelWidgets() if isinstance(each, DamagedKit))
        QTest.keyClicks(window.password, RATERS_PASSWORD)
        QTest.keyClick(window.password, Qt.Key.Key_Return)
        shown.extend(cells(window, "damaged_table"))
        window.close()

    monkeypatch.setattr("app.startup.application", lambda: qapp)
    QTimer.singleShot(0, work)
    assert run(["read", str(kit_path)]) == 1
    assert (alias, "2", "3", "signed, and it holds") in shown and file.read_bytes() == before
    assert "give it to the coordinator" in capsys.readouterr().err


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


def test_a_study_that_has_lost_its_file_is_brought_back_where_it_is_opened(
    qapp, qtbot, start: StartWindow, study: Study, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    path, shown = study.path, []
    back_up(study, "demand")
    study.close()
    (path / "study.sqlite").unlink()
    _lead_coordinators(start, [])
    start.open([path])
    window = start.findChild(DamagedStudy)
    assert "is missing" in start.text.text() and len(cells(window, "restore_table")) == 1
    window.close()
    # any command tells where they are, and the one that opens the window offers them
    assert run(["study", "status", str(path)]) == 1
    assert f"`ferroread study restore {path}` lists the 1 that it has" in capsys.readouterr().err

    def restored() -> None:
        (dialog,) = (each for each in qapp.topLevelWidgets() if isinstance(each, DamagedStudy))
        qtbot.mouseClick(dialog.findChild(QPushButton, "restore_restore"), LEFT)

    def seen() -> None:
        (opened,) = (each for each in qapp.topLevelWidgets() if isinstance(each, StudyWindow))
        qtbot.addWidget(opened)
        shown.append(opened.desk.study.name)
        opened.close()

    monkeypatch.setattr("app.startup.application", lambda: qapp)
    monkeypatch.setattr(type(qapp), "exec", lambda _: seen())
    QTimer.singleShot(0, restored)
    assert run(["study", "open", str(path)]) == 0 and shown == ["Iron in mice"]


def test_a_backup_that_is_not_wanted_leaves_the_command_with_its_line(
    qapp, study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study.close()
    damage(study.path / "study.sqlite", b'{"action":"create"')

    def leave() -> None:
        (dialog,) = (each for each in qapp.topLevelWidgets() if isinstance(each, DamagedStudy))
        dialog.close()

    monkeypatch.setattr("app.startup.application", lambda: qapp)
    QTimer.singleShot(0, leave)
    assert run(["study", "open", str(study.path)]) == 1
    assert "restore it from a backup" in capsys.readouterr().err


def note(window: DamagedStudy) -> str:
    return window.findChild(QLabel, "restore_note").text()


def test_a_damaged_study_without_a_backup_says_so(start: StartWindow, qtbot, study: Study, capsys) -> None:
    study.close()
    _lead_coordinators(start, [])
    shutil.rmtree(study.path / "backups", ignore_errors=True)
    damage(study.path / "study.sqlite", b'{"action":"create"')
    start.open([study.path])
    window = start.findChild(DamagedStudy)
    assert f"copy one from another disk to {study.path / 'backups'}" in note(window)
    assert not window.findChild(QPushButton, "restore_restore").isEnabled()
    assert run(["study", "status", str(study.path)]) == 1
    assert f"its folder has no backup: copy one from another disk to {study.path}" in capsys.readouterr().err
    # of a study on a server the folder has none, and none would be of use there
    (study.path / "study.server").write_text("postgresql://anna@host:5432/study\n")
    assert "have who keeps that put back a backup of it" in note(DamagedStudy(study.path, start))
    error = DamagedError(f"{study.path}: audit record 2 was altered; restore it from a backup")
    assert "have who keeps that put back a backup" in backups_of(study.path, error)
