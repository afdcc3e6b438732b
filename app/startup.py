"""Begins a program with windows: the application, its look, and where unexpected errors go."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QSettings
from PySide6.QtGui import QFont, QFontMetrics, QIcon
from PySide6.QtWidgets import QApplication

import app.imports  # noqa: F401 - before all that it makes quicker to import
from app.language import speak, spoken_language
from app.messages import reports_shown, told
from app.settings import load_settings
from app.theme import dress
from app.waste import collect_here
from core.errors import InputError

_ICON = Path(__file__).resolve().parents[1] / "resources" / "desktop" / "ferroread.svg"


def application(rater: str = "") -> QApplication:
    """Return the application, made, dressed and with its language where there is none yet.

    Look and language are those of a rater who is known already, else those of the account.

    Raises
    ------
    InputError
        If the machine has no font: every letter would be an empty box.
    """
    running = QApplication.instance()
    if isinstance(running, QApplication):
        if not running.styleSheet():
            _dress(running, rater)
        return running
    # Qt's own file dialog writes down which folders were looked at, for whoever uses the account next: a
    # study's folder names it. The dialogs of Windows and macOS are not Qt's, and are not touched by this
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    made = QApplication(["ferroread"])
    collect_here(made)
    made.setApplicationName("FerroRead")
    made.setApplicationDisplayName("FerroRead")
    made.setDesktopFileName("ferroread")
    made.setWindowIcon(QIcon(str(_ICON)))
    speak(made, spoken_language(load_settings(rater).language))
    if not QFontMetrics(QFont()).inFont("A"):
        raise InputError("this machine has no fonts; install one, for instance the package fonts-dejavu-core")
    _dress(made, rater)
    # every edit is on disk already, so Ctrl-C in the terminal may end the program at once
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return made


def _dress(running: QApplication, rater: str) -> None:
    settings = load_settings(rater)
    dress(running, settings.theme, hold=settings.still)


@contextmanager
def errors_shown(show: Callable[[str], None]) -> Iterator[None]:
    """Hand errors that nobody caught to the person as one line, as long as the block lasts.

    The report of one that is a bug is shown whole beside it.
    """
    from app.bug_window import show_report

    before = sys.excepthook

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            before(kind, error, trace)
        else:
            show(told(error))

    sys.excepthook = caught
    try:
        with reports_shown(show_report):
            yield
    finally:
        sys.excepthook = before
