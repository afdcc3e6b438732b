"""`ferroread inspect`: every series in files, folders and zips; what was skipped and why."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands import Outcome, add_json
from core.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("path", nargs="+", type=Path, metavar="PATH", help="a file, folder or zip archive")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """List what is there."""
    from readers import inspect

    inspection = inspect(args.path, progress)
    return Outcome(inspection.as_json(), str(inspection.as_json()))
