"""What a command has loaded: nothing heavy before its window is painted, nothing of a study to read a kit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.bench.views import ECHO_SPACING, make_kit
from app.bench.views import _scan as scan
from core.study.kit import Kit
from tests.signing import enrol

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    *("SimpleITK", "alembic", "matplotlib", "nibabel", "numba", "pandas", "pydicom", "pyqtgraph", "scipy"),
    *("sqlalchemy", "statsmodels", "vtk", "vtkmodules"),
}
# the program itself, but for its event loop: that ends when the window is painted
COMMAND = """
import linecache
import sys
from time import sleep
from PySide6.QtWidgets import QApplication, QDialog


def until_painted(*_):
    shown = (each for each in QApplication.topLevelWidgets() if each.isVisible())
    # before it the question who is there
    window, = (each for each in shown if not isinstance(each, QDialog))
    while hasattr(window, "case") and not window.case.ready:
        QApplication.processEvents()
        sleep(0.001)
    picture = window.grab().toImage()
    print(window.objectName(), picture.width(), *{name.partition(".")[0] for name in sys.modules})
    print(*{name.rpartition("/")[2] for name in linecache.cache})
    window.close()
    return 0


QApplication.exec = until_painted
import main
sys.exit(main.main())
"""

# the same, but somebody logs in, reads the first case and signs it
READ_A_CASE = """
import sys
from time import sleep
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def wait_until(met):
    while not met():
        QApplication.processEvents()
        sleep(0.001)


def read_a_case(*_):
    from tests.app.reading.hand import Hand
    from tests.signing import RATERS_PASSWORD
    from widgets.password_dialog import PasswordDialog

    shown = lambda: [each for each in QApplication.topLevelWidgets() if each.objectName() == "reading_window"]
    wait_until(shown)
    window, = shown()
    dialog = window.findChild(PasswordDialog)
    QTest.keyClicks(dialog.old, RATERS_PASSWORD)
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    wait_until(lambda: window.case.ready)
    hand = Hand(window)
    hand.press("choice-seen-2")
    hand.finish()
    print(window.door.closed, window.case.reading.signed, *sys.modules)
    window.close()
    return 0


QApplication.exec = read_a_case
import main
sys.exit(main.main())
"""


@pytest.fixture
def carried_out(tmp_path):
    """Carry a script out that is the program, on an account of its own; gives what it prints."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    inside = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home))

    def run(script: str, *words: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", script, *words],
            env={**kept, **inside}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


@pytest.fixture
def loaded(carried_out):
    """Run a command; what its window is called, the packages that are loaded, and the files whose source was
    read as well.
    """

    def run(*words: str) -> tuple[str, set[str], set[str]]:
        line, sources = carried_out(COMMAND, *words).splitlines()
        name, width, *packages = line.split()
        assert int(width) > 100
        return name, set(packages), set(sources.split())

    return run


def test_the_start_window_waits_for_nothing_that_it_does_not_need(loaded) -> None:
    name, packages, _ = loaded()
    assert name == "start_window"
    assert packages & {*HEAVY, "numpy"} == set()


def test_the_first_case_waits_for_nothing_that_it_does_not_need(loaded, tmp_path) -> None:
    make_kit(tmp_path / "k", [scan((4, 24, 24), ECHO_SPACING, seed) for seed in range(2)])
    name, packages, sources = loaded("read", str(tmp_path / "k" / "bench.kit"))
    assert name == "reading_window"
    assert packages & HEAVY == set()
    assert "numpy" in packages  # the list is one of packages that are really loaded
    assert sources & {"slice_view.py", "views.py"} == set()


def test_who_reads_a_kit_has_nothing_in_the_process_that_opens_a_study(carried_out, tmp_path) -> None:
    make_kit(tmp_path / "k", [scan((4, 24, 24), ECHO_SPACING, 1)])
    path = tmp_path / "k" / "bench.kit"
    with Kit.open(path) as kit:
        enrol(kit)
    # what a file manager hands over, by way of the start window
    closed, signed, *modules = carried_out(READ_A_CASE, str(path)).split()
    assert (closed, signed) == ("False", "True") and "core.study.kit" in modules
    of_studies = {"core.study.study_database", "core.plug_ins", "app.study", "app.analysis", "app.importing"}
    for file in (ROOT / "core" / "study").glob("*.py"):
        if file.stem == "store" or "from core.study.store import" in file.read_text(encoding="utf-8"):
            of_studies.add(f"core.study.{file.stem}")
    assert {"core.study.unblinding", "core.study.people", "core.study.dealing"} <= of_studies
    assert of_studies & set(modules) == set()
