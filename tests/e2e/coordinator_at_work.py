"""A coordinator goes through a study's window, on a real display: what is told and left there is looked at.

Run by tests/e2e/test_canary_sweep.py:  coordinator_at_work.py STUDY KIT OUT
Looks at every page and into a kit that is not signed to its end, collects it, has the key shown, looks at the
results, analyses and exports into OUT. Writes what a rater at work does (tests/e2e/rater_at_work.py), and to
OUT/titles.txt what every window is called.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton

from app.analysis.window import AnalysisWindow
from app.messages import told
from app.passwords import coordinator_password
from app.startup import application
from app.study.window import StudyWindow, study_window
from tests.e2e.other_windows import NeverSeenError, wait_until
from tests.e2e.rater_at_work import Listener, look_at_memory
from widgets.password_dialog import PasswordDialog

LEFT = Qt.MouseButton.LeftButton
REASON = "The study is read."


class TitleListener(Listener):
    """Keeps what windows are called apart from what stands in them."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.titles = set[str]()

    def listen(self, *, picture: bool = False) -> None:
        super().listen(picture=picture)
        for top in QApplication.topLevelWidgets():
            self.titles.update(
                (top.windowTitle(), top.windowFilePath(), top.windowIconText(), top.windowRole())
            )
        for window in QApplication.topLevelWindows():
            self.titles.update((window.title(), window.filePath()))

    def write(self) -> None:
        super().write()
        (self.out / "titles.txt").write_text("\n".join(sorted(self.titles)), encoding="utf-8")


def press(window: StudyWindow, name: str) -> None:
    """Press a button, answer what is asked, and wait for what it has begun."""
    QTimer.singleShot(0, say_yes)
    QTest.mouseClick(window.findChild(QPushButton, name), LEFT)
    for dialog in window.findChildren(PasswordDialog):
        if dialog.isVisible():
            QTest.keyClicks(dialog.reason, REASON)
            QTest.keyClicks(dialog.old, coordinator_password())
            QTest.mouseClick(dialog.accept_button, LEFT)
    wait_until(lambda: not window.desk.busy)


def say_yes() -> None:
    """Confirm what is asked before a key is shown early."""
    asked = QApplication.activeModalWidget()
    if isinstance(asked, QMessageBox):
        asked.button(QMessageBox.StandardButton.Yes).click()


def choose(window: StudyWindow, folder: Path) -> None:
    """Choose a folder in the dialog for it, which remembers folders where nobody forbids it."""
    QTimer.singleShot(500, lambda: QApplication.activeModalWidget().accept())
    assert Path(QFileDialog.getExistingDirectory(window, "", str(folder.resolve()))).samefile(folder)


def show_key(window: StudyWindow) -> None:
    """Type password and reason, and have the key shown."""
    window.go_to("unblind")
    typed = {"unblind_password": coordinator_password(), "unblind_reason": REASON}
    for name, text in typed.items():
        QTest.keyClicks(window.findChild(QLineEdit, name), text)
    press(window, "unblind_show")


def look_at_results(window: StudyWindow, listener: Listener) -> None:
    """Open the window of results, and close it when all of it is there."""
    window.go_to("analyse")
    press(window, "analyse_look")
    (results,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, AnalysisWindow))
    wait_until(lambda: results.ready)
    listener.listen(picture=True)
    results.close()


def work(study: Path, kit: Path, listener: Listener) -> None:
    window = study_window(study)
    for step in window.pages:
        window.go_to(step)
        QTest.qWait(50)
        listener.listen()
    choose(window, study)
    for step, take in (("progress", "look_into"), ("collect", "take")):
        window.go_to(step)
        getattr(window.pages[step], take)([kit])
        wait_until(lambda: not window.desk.busy)
        listener.listen(picture=True)
    show_key(window)
    listener.listen(picture=True)
    look_at_results(window, listener)
    for deed, folder in (("analyse_to", "results"), ("export_to", "images")):
        getattr(window.pages["analyse"], deed)(listener.out / folder)
        wait_until(lambda: not window.desk.busy)
        listener.listen()
        assert (listener.out / folder).is_dir()
    window.say(told(NeverSeenError()))  # what is written of a bug
    listener.listen(picture=True)
    look_at_memory("worked")
    window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> None:
    study, kit, out = map(Path, sys.argv[1:])
    application()
    listener = TitleListener(out)
    work(study, kit, listener)
    listener.write()


if __name__ == "__main__":
    main()
