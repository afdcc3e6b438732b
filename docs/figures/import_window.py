"""Draw docs/images/import-window.png: the import window with a simulated scan, found, mapped and shown.

Run from the checkout:
FERROREAD_LANGUAGE=en QT_QPA_PLATFORM=offscreen .venv/bin/python docs/figures/import_window.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, QPointF, QTimer

from app.cli import call
from app.importing.window import ImportWindow
from app.settings import Settings
from app.startup import application
from core.progress import Silent
from tests.widgets.hands import hover

PICTURE = Path(__file__).resolve().parents[1] / "images" / "import-window.png"


def settle(window: ImportWindow) -> None:
    """Let the window work until nothing is under way."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: None if window.workers.busy else loop.quit())
    timer.start(50)
    loop.exec()


def main() -> None:
    application()
    with tempfile.TemporaryDirectory() as folder:
        scans = Path(folder) / "scans"
        words = ["simulate", "--seed", "7", "--animals-per-group", "1", "--fields", "3", "--out", str(scans)]
        call(words, Silent())
        window = ImportWindow(Settings(show_crosshair=False))
        window.resize(1366, 768)
        window.show()
        window.open([scans / "dicom" / "M01"])
        settle(window)
        ready = [entry for entry in window.finding.entries.values() if entry.ready]
        window.series.choose(next(entry.key for entry in ready if "24h" in str(entry.info.path)))
        window.mapping.map()
        settle(window)
        view = window.pictures.view
        hover(view, QPointF(view.width() * 0.3, view.height() * 0.45))
        settle(window)
        window.grab().save(str(PICTURE))
        window.close()


if __name__ == "__main__":
    main()
