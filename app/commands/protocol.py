"""`protocol`: check a protocol, and write one with a preview of the form."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands import Outcome, add_json
from core.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    summary = "check a protocol; names the line and the fault of what is wrong"
    check = actions.add_parser("check", help=summary, description=summary)
    check.add_argument("file", type=Path, metavar="FILE", help="the protocol, YAML")
    add_json(check)
    summary = "write a protocol beside the form as the rater will see it"
    edit = actions.add_parser("edit", help=summary, description=summary)
    edit.add_argument("file", type=Path, metavar="FILE", nargs="?", help="the protocol, YAML")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Check the file, or show the window until it is closed."""
    return _check(args.file) if args.action == "check" else _edit(args.file)


def _check(path: Path) -> Outcome:
    from core.reading.fields import ProtocolError
    from core.reading.protocol import load_protocol

    try:
        protocol = load_protocol(path)
    except ProtocolError as error:
        data = {"file": str(path), "valid": False, "line": error.line, "fault": error.fault}
        return Outcome(data, error=str(error))
    data = {
        "file": str(path), "valid": True, "id": protocol.id, "version": protocol.version,
        "title": protocol.title, "sha256": protocol.sha256,
        "steps": [step.id for step in protocol.steps],
        "questions": [question.id for question in protocol.questions],
        "regions": list(protocol.required_rois),
    }  # fmt: skip
    steps, questions = len(protocol.steps), len(protocol.questions)
    text = (
        f"{path}: valid; {protocol.id}, version {protocol.version}: "
        f"{steps} step{'s' * (steps != 1)}, {questions} question{'s' * (questions != 1)}"
    )
    return Outcome(data, text)


def _edit(path: Path | None) -> Outcome:
    from core.reading.protocol import read_protocol

    # before any window: what cannot be read ends with one line in the terminal
    if path is not None:
        read_protocol(path)
    from app.startup import application, errors_shown

    running = application()
    from app.protocols.window import ProtocolWindow

    window = ProtocolWindow()
    if path is not None:
        window.open(path)
    with errors_shown(window.say):
        window.show()
        running.exec()
    return Outcome()
