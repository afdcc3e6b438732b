"""`ferroread read KIT`: the rater's window."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands import Outcome
from core.errors import DamagedError
from core.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "kit", type=Path, metavar="KIT", help="the folder NAME.kit that the coordinator gave you"
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Open the kit and wait until its window is closed."""
    from core.study.kit import Kit

    # before any window: what is no kit ends with one line in the terminal
    try:
        kit = Kit.open(args.kit)
    except DamagedError as error:
        return _damaged(args.kit, error)
    try:
        from app.startup import application, errors_shown

        running = application(kit.rater)
        from app.reading.window import ReadingWindow
        from app.waste import spare_imports

        spare_imports()
        window = ReadingWindow(kit)
        with errors_shown(window.say):
            window.show()
            window.door.ask()
            running.exec()
    finally:
        kit.close()
    return Outcome()


def _damaged(path: Path, error: DamagedError) -> Outcome:
    """Offer what is left of a kit that cannot be opened; the command has failed all the same."""
    from app.startup import application

    application()
    from app.damaged_kit import DamagedKit

    DamagedKit(path).exec()
    return Outcome(error=str(error))
