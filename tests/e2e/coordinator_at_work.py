"""A coordinator goes through a study's window, on a real display: what is left on the account is looked at.

Run by tests/e2e/test_canary_sweep.py:  coordinator_at_work.py STUDY KIT OUT
Looks at every page, collects the kit, shows the key, looks at the results, analyses and exports into OUT.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.analysis.window import AnalysisWindow
from app.messages import told
from app.passwords import coordinator_password
from app.startup import application
from app.study.window import StudyWindow, study_window
from tests.e2e.rater_at_work import NeverSeenError, wait_until


def press(window: StudyWindow, name: str) -> None:
    """Press a button, and wait for what it has begun."""
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)
    wait_until(lambda: not window.desk.busy)


def show_key(window: StudyWindow) -> None:
    """Type password and reason, and have the key shown."""
    window.go_to("unblind")
    typed = {"unblind_password": coordinator_password(), "unblind_reason": "The study is read."}
    for name, text in typed.items():
        QTest.keyClicks(window.findChild(QLineEdit, name), text)
    press(window, "unblind_show")


def look_at_results(window: StudyWindow) -> None:
    """Open the window of results, and close it when all of it is there."""
    window.go_to("analyse")
    press(window, "analyse_look")
    (results,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, AnalysisWindow))
    wait_until(lambda: results.ready)
    results.close()


def main() -> None:
    study, kit, out = map(Path, sys.argv[1:])
    application()
    window = study_window(study)
    for step in window.pages:
        window.go_to(step)
        QTest.qWait(50)
    window.go_to("collect")
    window.pages["collect"].take([kit])
    wait_until(lambda: not window.desk.busy)
    show_key(window)
    look_at_results(window)
    for deed, folder in (("analyse_to", "results"), ("export_to", "images")):
        getattr(window.pages["analyse"], deed)(out / folder)
        wait_until(lambda: not window.desk.busy)
        assert (out / folder).is_dir()
    window.say(told(NeverSeenError()))  # what is written of a bug
    window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    main()
