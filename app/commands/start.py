"""`ferroread` alone: the start window."""

from __future__ import annotations

import argparse

from app.commands import Outcome
from core.progress import Progress


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Show the start window, and the window of what is opened there, until the last one is closed."""
    from app.startup import application, errors_shown

    running = application()
    from app.reading.window import ReadingWindow
    from app.start_window import StartWindow
    from core.study.kit import Kit

    start = StartWindow()
    reading: list[ReadingWindow] = []

    def show_reading(kit: Kit) -> None:
        reading.append(ReadingWindow(kit))
        reading[-1].show()

    def say(text: str) -> None:
        (reading[-1] if reading else start).say(text)

    start.kit_opened.connect(show_reading)
    start.show()
    with errors_shown(say):
        running.exec()
    start.workers.close()
    return Outcome()
