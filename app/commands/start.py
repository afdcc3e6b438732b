"""`ferroread` alone, or with what is to be opened: the start window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import Outcome
from core.errors import AppError, DamagedError
from core.progress import Progress

if TYPE_CHECKING:
    from app.importing.window import ImportWindow
    from app.protocols.window import ProtocolWindow
    from app.reading.window import ReadingWindow
    from app.start_window import StartWindow
    from app.study.window import StudyWindow
    from core.study.kit import Kit

    Opened = ReadingWindow | ImportWindow | ProtocolWindow | StudyWindow


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Show the start window, and the window of what is opened there, until the last one is closed."""
    from PySide6.QtCore import Qt

    from app.language import speak, spoken_language
    from app.settings import load_settings
    from app.startup import application, errors_shown
    from app.theme import dress

    running = application()
    from app.start_window import StartWindow

    start: StartWindow
    opened: list[Opened] = []

    def show_start() -> None:
        nonlocal start
        start = StartWindow()
        start.kit_opened.connect(show_reading)
        start.images_requested.connect(show_images)
        _lead_coordinators(start, opened)
        # after the menu has closed, which goes with the window
        start.language_changed.connect(speak_anew, Qt.ConnectionType.QueuedConnection)
        start.show()

    def speak_anew() -> None:
        # a window under the hand keeps its words, and what is under way is not lost
        if not start.workers.busy and not any(window.isVisible() for window in opened):
            before = start
            speak(running, spoken_language(load_settings().language))
            show_start()
            start.move(before.pos())
            before.close()
            before.deleteLater()

    def show_reading(kit: Kit) -> None:
        settings = load_settings(kit.rater)
        speak(running, spoken_language(settings.language))
        dress(running, settings.theme, hold=settings.still)
        opened.append(_reading_window(kit))

    def show_images(paths: tuple[Path, ...]) -> None:
        from app.importing.window import ImportWindow

        there = [window for window in opened if isinstance(window, ImportWindow) and window.isVisible()]
        window = there[-1] if there else ImportWindow()
        opened.extend(() if there else (window,))
        window.show()
        window.activateWindow()
        if paths:
            window.open(paths)

    def say(text: str) -> None:
        visible = [window for window in opened if window.isVisible()]
        (visible[-1] if visible else start).say(text)

    show_start()
    with errors_shown(say):
        if args.opened:
            start.open(args.opened)
        running.exec()
    start.workers.close()
    return Outcome()


def _reading_window(kit: Kit) -> ReadingWindow:
    from app.reading.window import ReadingWindow

    window = ReadingWindow(kit)
    window.show()
    window.door.ask()
    return window


def _protocol_window() -> ProtocolWindow:
    from app.protocols.window import ProtocolWindow

    window = ProtocolWindow()
    window.show()
    return window


def _lead_coordinators(start: StartWindow, opened: list[Opened]) -> None:
    start.protocol_requested.connect(lambda: opened.append(_protocol_window()))
    start.study_requested.connect(lambda path: _show_study(path, start, opened))
    start.new_study_requested.connect(lambda: _make_study(start, opened))


def _show_study(path: Path, start: StartWindow, opened: list[Opened]) -> None:
    from app.messages import told
    from app.study.window import study_window

    try:
        opened.append(study_window(path))
    except AppError as error:
        start.say(told(error))
        if isinstance(error, DamagedError):
            from app.study.damaged import DamagedStudy

            dialog = DamagedStudy(path, start)
            dialog.restored.connect(lambda: _show_study(path, start, opened))
            dialog.open()


def _make_study(start: StartWindow, opened: list[Opened]) -> None:
    from app.study.new_study import NewStudyDialog

    dialog = NewStudyDialog(start)
    dialog.made.connect(lambda path: _show_study(path, start, opened))
    dialog.open()
