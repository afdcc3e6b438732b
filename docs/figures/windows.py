"""Draw the windows for the documents: docs/images/reading-*.png, import-window.png and start-window.png.

`make pictures` runs it; `windows.py DIR` takes a demo that `ferroread demo --out DIR` has made already.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, QPointF, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.cli import call
from app.importing.window import ImportWindow
from app.reading.window import ReadingWindow
from app.settings import Settings
from app.start_window import StartWindow
from app.startup import application
from app.theme import dress
from core.progress import Silent
from core.study.kit import Kit
from tests.widgets.hands import hover

IMAGES = Path(__file__).resolve().parents[1] / "images"
SIZE = (1366, 768)
FOUR_PANES = (
    ("anatomy", "as_scanned", ""),
    ("echoes", "as_scanned", "r2star"),
    ("volume", "as_scanned", ""),
    ("gre3d", "sagittal", "iron"),
)


def settle(done: Callable[[], bool]) -> None:
    """Let windows work until nothing is under way, and what was put off has come."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start(600)
    loop.exec()


def keep(window: QWidget, name: str) -> None:
    """Write what a window shows."""
    window.grab().save(str(IMAGES / f"{name}.png"))


def draw_reading(kit: Path, folder: Path) -> None:
    """Four panes in the dark theme, two in the light one, on the first case of a kit."""
    # a kit is open to one program at a time, and notes who read it how long
    window = ReadingWindow(Kit.open(shutil.copytree(kit, folder / kit.name)), Settings())
    window.resize(*SIZE)
    window.show()

    def idle() -> bool:
        return window.case.ready and not window.workers.busy

    settle(idle)
    dress(QApplication.instance(), "light")
    settle(idle)
    keep(window, "reading-window-light")
    dress(QApplication.instance(), "dark")
    views = window.views
    views.set_layout("2x2")
    for pane, (picture, plane, overlay) in zip(views.panes, FOUR_PANES, strict=True):
        views.wish(pane, "picture", picture)
        views.wish(pane, "plane", plane)
        views.wish(pane, "overlay", overlay)
    views.fit()
    settle(idle)
    # the coarse 3D picture becomes sharp while nothing else happens
    settle(idle)
    keep(window, "reading-layouts")
    window.close()


def draw_import(scans: Path) -> None:
    """One animal's scans, listed, and one of them mapped."""
    window = ImportWindow(Settings(show_crosshair=False))
    window.resize(*SIZE)
    window.show()
    window.open([scans])
    settle(lambda: not window.workers.busy)
    ready = [entry for entry in window.finding.entries.values() if entry.ready]
    window.series.choose(next(entry.key for entry in ready if "24h/3T" in entry.info.path.as_posix()))
    window.mapping.map()
    settle(lambda: not window.workers.busy)
    view = window.pictures.view
    hover(view, QPointF(view.width() * 0.3, view.height() * 0.45))
    settle(lambda: not window.workers.busy)
    keep(window, "import-window")
    window.close()


def draw_start() -> None:
    window = StartWindow()
    window.recent.set_items([])
    window.show()
    settle(lambda: True)
    keep(window, "start-window")
    window.close()


def main(demo: Path | None) -> None:
    # no display is needed, and this machine's person does not matter
    os.environ.update(QT_QPA_PLATFORM="offscreen", FERROREAD_LANGUAGE="en")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if demo is None:
            demo = folder / "demo"
            call(["demo", "--out", str(demo)], Silent())
        dress(application(), "dark", hold=False)
        draw_start()
        draw_import(next(path for path in sorted((demo / "scans" / "dicom").iterdir()) if path.is_dir()))
        draw_reading(demo / "kits" / "rater-a.kit", folder)
        # a case half-way through its last step, as the scripted rater saw it
        shutil.copy(demo / "screenshots" / "2-quantification.png", IMAGES / "reading-window.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
