"""Windows that a rater meets seldom: the trail, the report of a fault, what is left of a damaged kit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from unittest.mock import patch

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from app.bug_window import BugWindow, show_report
from app.damaged_kit import DamagedKit
from app.messages import reports_shown, told
from app.reading.window import ReadingWindow
from app.start_window import StartWindow
from app.trail_dialog import TrailDialog
from widgets.password_dialog import PasswordDialog

LEFT = Qt.MouseButton.LeftButton
Listen = Callable[[], object]


class NeverSeenError(Exception):
    """An error that nobody has foreseen."""


def wait_until(reached: Callable[[], object]) -> None:
    """Let the program run until something is there; who started it ends it when that never comes."""
    while not reached():
        QTest.qWait(20)


def saved() -> Path:
    """Return the folder of what the rater saves by hand, where the rater's own name may stand."""
    folder = Path(gettempdir(), "saved")
    folder.mkdir(exist_ok=True)
    return folder


def look_at_trail(window: ReadingWindow, password: str, listen: Listen) -> None:
    """Look through the kit's trail, and save it as a table and to print."""
    for asked in window.findChildren(PasswordDialog):
        asked.close()
    window.door.show_trail()
    (asked,) = (each for each in window.findChildren(PasswordDialog) if each.isVisible())
    QTest.keyClicks(asked.old, password)
    QTest.mouseClick(asked.accept_button, LEFT)
    (trail,) = window.findChildren(TrailDialog)
    for name in ("trail.csv", "trail.pdf"):
        trail.save_to(saved() / name)
        assert (saved() / name).is_file()
    listen()
    trail.close()


def look_at_bug(window: ReadingWindow, listen: Listen) -> None:
    """Read the report of a fault of the program's own, and copy it."""
    with reports_shown(show_report):
        try:
            raise NeverSeenError(str(window.kit.cases()))
        except NeverSeenError as error:
            window.say(told(error))
    wait_until(lambda: _shown(BugWindow))
    (report,) = _shown(BugWindow)
    QTest.mouseClick(report.findChild(QPushButton, "bug_copy"), LEFT)
    listen()
    report.close()
    window.activateWindow()


def look_at_damaged(kit: Path, password: str, listen: Listen) -> None:
    """Open a copy of a kit whose trail is damaged, look at what is left of it, and save that."""
    copy = shutil.copytree(kit, saved() / "damaged.kit")
    file = copy / "kit.sqlite"
    whole = file.read_bytes()
    page = whole.rindex(b'{"action":"deal"') // 4096 * 4096
    file.write_bytes(whole[:page] + b"\xa5" * 4096 + whole[page + 4096 :])
    start = StartWindow()
    start.show()
    start.open_kit(copy)
    wait_until(lambda: start.findChild(DamagedKit))
    window = start.findChild(DamagedKit)
    listen()
    QTest.keyClicks(window.password, password)
    QTest.mouseClick(window.show_button, LEFT)
    assert window.save_button.isEnabled()
    listen()
    # the system's dialog for files is nothing that a script can answer everywhere
    with patch.object(QFileDialog, "getSaveFileName", lambda *_: (str(saved() / "rescued"), "")):
        QTest.mouseClick(window.save_button, LEFT)
    assert (saved() / "rescued").is_dir()
    listen()
    window.close()
    start.close()


def _shown(kind: type[QWidget]) -> list[QWidget]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
