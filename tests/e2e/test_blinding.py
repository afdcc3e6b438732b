"""Nothing of who was scanned, when or why reaches the rater: every word of the source is a canary."""

from __future__ import annotations

import contextlib
import csv
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import pydicom
import pytest
from pydicom.datadict import DicomDictionary

from tests.e2e.conftest import ROOT, ferroread

TEXT_VRS = {"LO", "SH", "PN", "LT", "ST", "UT", "UC", "AE", "DA", "TM", "DT", "UI", "UR"}
# what the file cannot be read without, or what says what kind of picture it is
NEEDED = {"SOPClassUID", "SpecificCharacterSet", "ImageType"}
# every canary has one of these shapes, so that one pass over the bytes finds them all
WORD, UID = "ZqXvB", "1.2.826.0.1.3680043.8.498."
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        WORD.encode() + rb"[a-z]{9}",
        re.escape(UID).encode() + rb"\d{21}",
        rb"(?<!\d)(?:18[89]|19[01])\d{5}(?!\d)",  # dates between 1880 and 1919
        rb"(?<!\d)\d{6}\.\d{6}(?!\d)",  # times with all their digits
    )
)
Blinded = tuple[Path, "Canaries", Path]


class Canaries:
    """Makes strings that occur nowhere else, and remembers what each stood for."""

    def __init__(self) -> None:
        self._draw = random.Random(20)
        self.planted: dict[str, str] = {}

    def text(self, where: str) -> str:
        """A word that no program would write by itself."""
        return self._keep(WORD + "".join(self._draw.choices("bcdfghjklmnpqrstvwxz", k=9)), where)

    def value(self, vr: str, where: str) -> str:
        """A value that is valid for a value representation."""
        number = self._draw.randint
        if vr == "UI":
            return self._keep(f"{UID}{number(10**20, 10**21 - 1)}", where)
        if vr == "DA":
            return self._keep(f"{number(1880, 1919)}{number(1, 12):02d}{number(1, 28):02d}", where)
        time = f"{number(0, 23):02d}{number(0, 59):02d}{number(0, 59):02d}.{number(100_000, 999_999)}"
        if vr == "TM":
            return self._keep(time, where)
        if vr == "DT":
            return f"19990203{time}"
        return self.text(where)

    def _keep(self, value: str, where: str) -> str:
        self.planted[value] = where
        return value

    def found_in(self, data: bytes) -> list[str]:
        """Return the canaries that stand in the bytes, as UTF-8 or UTF-16."""
        texts = (data, data.replace(b"\0", b""))
        words = {word.decode() for text in texts for pattern in PATTERNS for word in pattern.findall(text)}
        return sorted(words & self.planted.keys())


def plant(path: Path, canaries: Canaries, shared: dict[str, str], *, every_attribute: bool) -> None:
    """Put canaries into the text attributes of a file; UIDs that tie files together stay shared."""
    dataset = pydicom.dcmread(path)
    tags = {int(element.tag) for element in dataset}
    if every_attribute:
        tags |= set(DicomDictionary)
    for tag in sorted(tags):
        vr, _, _, retired, keyword = DicomDictionary.get(tag, ("UN", "", "", "", ""))
        # groups below 8 are the file's and the directory's own; above 0x4FFF begin the pixels
        if vr not in TEXT_VRS or retired or keyword in NEEDED or not 8 <= tag >> 16 <= 0x4FFF:
            continue
        if keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
            before = keyword + str(dataset.get(keyword, ""))
            if before not in shared:
                shared[before] = canaries.value(vr, keyword)
            value = shared[before]
        else:
            value = canaries.value(vr, keyword)
        dataset.add_new(tag, vr, value)
    block = dataset.private_block(0x0099, canaries.text("private creator"), create=True)
    block.add_new(1, "LO", canaries.text("private attribute"))
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(path, enforce_file_format=True)


def done(*words: str | Path | int) -> None:
    """Run a command that must end well."""
    ended = ferroread(*words)
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def blinded(tmp_path_factory: pytest.TempPathFactory) -> Blinded:
    """A study of one animal's scans full of canaries, the canaries, and a kit dealt from it."""
    root, canaries = tmp_path_factory.mktemp("planted"), Canaries()
    plain = root / "plain"
    done("simulate", "--seed", 3, "--animals-per-group", 1, "--fields", "3", "--out", plain)
    with (plain / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        scans = list(csv.DictReader(stream))[:2]
    subject, group = canaries.text("subject"), canaries.text("group")
    lines = ["path,subject,group,visit,field_t"]
    shared: dict[str, str] = {}
    for scan in scans:
        folder = root / canaries.text("path") / canaries.text("path")
        shutil.copytree(plain / scan["path"], folder)
        for number, path in enumerate(sorted(folder.rglob("*.dcm"))):
            plant(path, canaries, shared, every_attribute=number == 0)
            path.rename(path.with_name(f"{canaries.text('file name')}.dcm"))
        lines.append(f"{folder.relative_to(root)},{subject},{group},{canaries.text('visit')},3")
    manifest, calibration = root / "manifest.csv", root / "calibration.json"
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    study, table = root / canaries.text("study folder"), plain / "phantom" / "3T_table.csv"
    done("study", "create", study, "--name", canaries.text("study name"))
    names = ["--agent", canaries.text("agent"), "--matrix", canaries.text("matrix")]
    done("calibrate", "--table", table, "--field", 3, *names, "--out", calibration)
    given = ["--manifest", manifest, "--calibration", calibration, "--r2star0", 30]
    done("study", "add", study, *given)
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
from app.demo.rater import ScriptedRater
from app.demo.script import CaseScript, Spot
from app.reading.window import ReadingWindow
from app.startup import application
from core.study.kit import Kit

WORDS = ("windowTitle", "text", "toolTip", "statusTip", "whatsThis", "accessibleName", "objectName",
         "accessibleDescription", "placeholderText", "windowFilePath", "plainText", "title")
ROLES = (Qt.DisplayRole, Qt.ToolTipRole, Qt.AccessibleTextRole, Qt.EditRole, Qt.UserRole)


def listen(window, texts):
    window.actions_by_name["keys"].trigger()
    for widget in QApplication.allWidgets():
        texts.update(str(widget.property(word)) for word in WORDS)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            rows = [widget.model().index(row, 0) for row in range(widget.model().rowCount())]
            texts.update(str(row.data(role)) for row in rows for role in ROLES)
    texts.add(QApplication.clipboard().text())
    texts.update(QApplication.arguments())
    for dialog in window.findChildren(QDialog):
        dialog.close()
    window.activateWindow()
    QApplication.processEvents()


def main():
    application()
    kit = Kit.open(Path(sys.argv[1]))
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
    window.close()
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
        cwd=home, capture_output=True, check=False, timeout=200,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr.decode()
    texts = (tmp_path / "texts.txt").read_bytes()
    assert b"Margin conspicuity" in texts  # the window was really listened to
    assert not canaries.found_in(texts)
    assert not canaries.found_in(ended.stdout + ended.stderr)
    left = [path for path in home.rglob("*") if path.is_file()]
    assert left  # settings at least
    # the kit's rater is not named outside of the kit
    assert not any(b"Example" in str(path.name).encode() + path.read_bytes() for path in left)
    for path in [*left, *(path for path in kit.rglob("*") if path.is_file())]:
        assert not canaries.found_in(str(path.relative_to(path.anchor)).encode() + path.read_bytes()), path
