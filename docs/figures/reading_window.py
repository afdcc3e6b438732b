"""Draw docs/images/reading-layouts.png: a case of the demo study in four panes.

Run from the checkout, on a KIT of `demo --out DIR` (DIR/kits/rater-a.kit):
FERROREAD_LANGUAGE=en QT_QPA_PLATFORM=offscreen .venv/bin/python docs/figures/reading_window.py KIT
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, QTimer

from app.reading.window import ReadingWindow
from app.settings import Settings
from app.startup import application
from core.study.kit import Kit

PICTURE = Path(__file__).resolve().parents[1] / "images" / "reading-layouts.png"
PANES = (
    ("anatomy", "as_scanned", ""),
    ("echoes", "as_scanned", "r2star"),
    ("gre3d", "coronal", ""),
    ("gre3d", "sagittal", "iron"),
)


def settle(window: ReadingWindow) -> None:
    """Let the window work until nothing is under way, and what was put off has come."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: None if window.workers.busy or not window.case.ready else loop.quit())
    timer.start(400)
    loop.exec()


def main(kit: Path) -> None:
    application()
    with tempfile.TemporaryDirectory() as folder:
        # a kit is open to one program at a time, and notes who read it how long
        window = ReadingWindow(Kit.open(shutil.copytree(kit, Path(folder) / kit.name)), Settings())
        window.resize(1366, 768)
        window.show()
        settle(window)
        views = window.views
        views.set_layout("2x2")
        for pane, (picture, plane, overlay) in zip(views.panes, PANES, strict=True):
            views.wish(pane, "picture", picture)
            views.wish(pane, "plane", plane)
            views.wish(pane, "overlay", overlay)
        views.fit()
        settle(window)
        window.grab().save(str(PICTURE))
        window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
