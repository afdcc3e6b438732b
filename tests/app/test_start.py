"""What a command has loaded when its window is painted: nothing heavy that the window does not need yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.bench.views import ECHO_SPACING, make_kit
from app.bench.views import _scan as scan

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


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """Run a command on an account of its own; what its window is called, the packages that are loaded,
    and the files whose source was read as well.
    """
    home = tmp_path / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    inside = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home))

    def run(*words: str) -> tuple[str, set[str], set[str]]:
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, *words],
            env={**kept, **inside}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        line, sources = ended.stdout.splitlines()
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
