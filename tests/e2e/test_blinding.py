"""Nothing of who was scanned, when or why reaches the rater: every word of the source is a canary."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.e2e.canaries import Canaries, content_of, done, planted_study
from tests.e2e.conftest import ROOT

Blinded = tuple[Path, Canaries, Path]


@pytest.fixture(scope="module")
def blinded(tmp_path_factory: pytest.TempPathFactory) -> Blinded:
    """A study of one animal's scans full of canaries, the canaries, and a kit dealt from it."""
    root, canaries = tmp_path_factory.mktemp("planted"), Canaries()
    subject, group = canaries.text("subject"), canaries.text("group")
    study = planted_study(root, canaries, [(subject, group)] * 2)
    kit = tmp_path_factory.mktemp("raters") / "one.kit"
    done("kit", "make", study, "--rater", "Dr Example", "--session", 1, "--out", kit)
    return root, canaries, kit


def test_the_canaries_are_really_in_the_source(blinded: Blinded) -> None:
    """Otherwise the tests below could not fail."""
    root, canaries, _ = blinded
    found: set[str] = set()
    for path in root.rglob("*"):
        found |= set(canaries.found_in(str(path.relative_to(root)).encode()))
        if path.is_file():
            found |= set(canaries.found_in(path.read_bytes()))
    assert len(found) > 2000
    # a date may happen to stand beside another digit in the bytes of a file
    assert len(found) >= 0.99 * len(canaries.planted)


def test_a_kit_holds_no_canary_in_any_file_name_or_row(blinded: Blinded) -> None:
    _, canaries, kit = blinded
    for path in kit.rglob("*"):
        assert not canaries.found_in(str(path.relative_to(kit)).encode()), path
        if path.is_file():
            assert not canaries.found_in(path.read_bytes()), path
    connection = sqlite3.connect(f"file:{kit / 'kit.sqlite'}?mode=ro", uri=True)
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    for table in tables:
        for row in connection.execute(f'select * from "{table}"'):
            for cell in row:
                data = cell if isinstance(cell, bytes) else str(cell).encode()
                with contextlib.suppress(zlib.error):
                    data += zlib.decompress(data)
                assert not canaries.found_in(data), table
    connection.close()


READ = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QAbstractItemView, QDialog
from app.demo.rater import PASSWORD, ScriptedRater
from app.demo.script import CaseScript, Spot
from app.reading.window import ReadingWindow
from app.startup import application
from core.study.kit import Kit
from core.study.rater_key import Cost
from tests.e2e.other_windows import look_at_bug, look_at_damaged, look_at_trail

WORDS = ("windowTitle", "text", "toolTip", "statusTip", "whatsThis", "accessibleName", "objectName",
         "accessibleDescription", "placeholderText", "windowFilePath", "plainText", "title")
ROLES = (Qt.DisplayRole, Qt.ToolTipRole, Qt.AccessibleTextRole, Qt.EditRole, Qt.UserRole)


def listen(window, texts):
    window.actions_by_name["keys"].trigger()
    hear(texts)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    window.activateWindow()
    QApplication.processEvents()


def hear(texts):
    for widget in QApplication.allWidgets():
        texts.update(str(widget.property(word)) for word in WORDS)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            rows = [widget.model().index(row, 0) for row in range(widget.model().rowCount())]
            texts.update(str(row.data(role)) for row in rows for role in ROLES)
    texts.add(QApplication.clipboard().text())
    texts.update(QApplication.arguments())


def main():
    application()
    kit = Kit.open(Path(sys.argv[1]))
    kit.enrol(PASSWORD, cost=Cost(iterations=1, lanes=1, memory_kib=64))
    grid = kit.reading(kit.cases()[0].alias).grid

    def at(row, column):
        return tuple(grid.to_mm((7, row, column)))

    def square(row, column, size):
        corners = ((0, 0), (0, size), (size, size), (size, 0))
        return np.array([at(row + r, column + c) for r, c in corners])

    spots = (Spot("node", at(40, 40), 1.0), Spot("lesion", at(30, 48), 1.0))
    muscle, air = (at(60, 40), at(60, 44)), square(2, 2, 10)
    script = CaseScript(at(50, 50), 2.0, (square(45, 45, 8),), muscle, air, spots)
    window = ReadingWindow(kit)
    window.show()
    texts = set()
    scripts = {case.alias: script for case in kit.cases()}
    ScriptedRater(window, scripts, np.random.default_rng(1), lambda name: listen(window, texts)).read_all()
    look_at_trail(window, PASSWORD, lambda: hear(texts))
    look_at_bug(window, lambda: hear(texts))
    window.close()
    look_at_damaged(Path(sys.argv[1]), PASSWORD, lambda: hear(texts))
    Path(sys.argv[2]).write_text("\\n".join(sorted(texts)), encoding="utf-8")


if __name__ == "__main__":
    main()
"""


def test_reading_it_leaves_no_canary_in_window_log_settings_or_files(
    blinded: Blinded, tmp_path: Path
) -> None:
    _, canaries, kit = blinded
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "read.py").write_text(READ, encoding="utf-8")
    inside = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "XDG_RUNTIME_DIR"), str(home))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    ended = subprocess.run(
        [sys.executable, str(tmp_path / "read.py"), str(kit), str(tmp_path / "texts.txt")],
        env={**kept, **inside, "PYTHONPATH": str(ROOT)},
        cwd=home, capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr.decode()
    texts = (tmp_path / "texts.txt").read_bytes()
    # the windows were really listened to
    assert all(said in texts for said in (b"Margin conspicuity", b"Audit trail", b"Not whole: audit"))
    assert b"This is the whole report" in texts
    assert not canaries.found_in(texts)
    assert not canaries.found_in(ended.stdout + ended.stderr)
    left = [path for path in home.rglob("*") if path.is_file()]
    assert left  # settings at least
    # the kit's rater is not named outside of the kit and of what was saved by hand
    by_itself = [path for path in left if not path.is_relative_to(home / "saved")]
    assert len(by_itself) < len(left)
    assert not any(b"Example" in str(path.name).encode() + path.read_bytes() for path in by_itself)
    for path in [*left, *(path for path in kit.rglob("*") if path.is_file())]:
        assert not canaries.found_in(str(path.relative_to(path.anchor)).encode() + content_of(path)), path
