"""The command line: every command is a module of app.commands, imported only when it is called.

A command module offers

    configure(parser: argparse.ArgumentParser)       its arguments
    run(args: argparse.Namespace, progress: Progress) -> Outcome
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from app.commands import Outcome, UsageError
from app.logs import write_line
from app.progress import Terminal
from core.errors import AppError
from core.progress import Progress
from core.version import program_version

# command -> (module of app.commands, one line of help); "study create" is a sub-command of "study"
COMMANDS: dict[str, tuple[str, str]] = {
    "inspect": ("inspect", "list every series in files, folders and zips; what was skipped and why"),
    "map": ("map", "compute R2* and, with a calibration, iron maps"),
    "calibrate": ("calibrate", "fit relaxivity from a phantom scan or a table"),
    "compare": ("compare", "a region's iron over visits, or at two fields"),
    "simulate": ("simulate", "write the demo study as DICOM, with its truth"),
    "study": ("study", "build, open, collect and analyse a study"),
    "kit": ("kit", "deal out a rater's kit; check its chain"),
    "read": ("read", "open a kit in the rater's window"),
    "protocol": ("protocol", "check or write a protocol"),
    "pacs": ("pacs", "find, get and send with a picture archive"),
    "agreement": ("agreement", "agreement statistics on anybody's CSV"),
    "accuracy": ("accuracy", "sensitivity, specificity and AUC on anybody's CSV"),
    "power": ("power", "how many lesions, animals and raters a study needs"),
    "bench": ("bench", "measure this machine, peers and limits in one run"),
    "doctor": ("doctor", "what this computer offers, and what would get in the way"),
    "demo": ("demo", "the whole chain on the simulated study, without a screen"),
}

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 wrong usage."""
    opened = _to_be_opened(argv)
    words = [] if opened else argv
    args = build_parser(words).parse_args(words)
    args.opened = opened
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    ended: dict[str, str | int | float] = {"command": args.module}
    began = perf_counter()
    try:
        ended["status"] = _run(args, ended)
    finally:
        write_line("ended", {**ended, "seconds": round(perf_counter() - began, 3)})
    return int(ended["status"])


def _to_be_opened(argv: Sequence[str]) -> list[Path]:
    """Return the files and folders where nothing else is named: a file manager hands over what it opens."""
    if not argv or argv[0] in COMMANDS:
        return []
    paths = [Path(word) for word in argv]
    return paths if all(path.exists() for path in paths) else []


def _run(args: argparse.Namespace, ended: dict[str, str | int | float]) -> int:
    """Carry a command out and say what came of it; the kind of an error goes to the log."""
    progress = Terminal(sys.stderr)
    try:
        outcome = carry_out(args, progress)
    except AppError as error:
        ended["error"] = type(error).__name__
        progress.clear()
        complain(error)
        return WRONG_USAGE if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        progress.clear()
        print("ferroread: stopped; nothing half-written is left", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        # the disk, the network or a permission: the surroundings, not a bug
        progress.clear()
        where = f"{error.filename}: " if error.filename else ""
        print(f"ferroread: {where}{error.strerror or error}; check the place and try again", file=sys.stderr)
        return FAILED
    except Exception as error:
        ended["error"] = type(error).__name__
        progress.clear()
        from app.messages import write_bug_report

        print(f"ferroread: {write_bug_report(error)}", file=sys.stderr)
        return FAILED
    progress.clear()
    show(outcome, as_json=getattr(args, "json", False))
    if outcome.error:
        complain(outcome.error)
    return FAILED if outcome.error else DONE


def call(words: Sequence[str], progress: Progress) -> Outcome:
    """Run one command inside the program, as if its words had been typed; errors are raised."""
    return carry_out(build_parser(words).parse_args(words), progress)


def carry_out(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Run the command that was parsed."""
    module = import_module(f"app.commands.{args.module}")
    outcome: Outcome = module.run(args, progress)
    return outcome


def build_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser; only the module of the command that `argv` names is imported for its arguments."""
    parser = argparse.ArgumentParser(
        prog="ferroread",
        description="Blinded reader studies of iron-oxide-nanoparticle MRI. "
        "Without a command: the start window; with a kit, a study or images alone: it opens them.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=16),
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which FerroRead this is and end")
    parser.set_defaults(module="start", opened=[])
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    called = next((word for word in argv if not word.startswith("-")), None)
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name == called:
            command.set_defaults(module=module)
            import_module(f"app.commands.{module}").configure(command)
    return parser


class _Version(argparse.Action):
    """As argparse's own, but which version it is is looked up only when somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(f"ferroread {program_version()}")
        parser.exit()


def complain(error: AppError | str) -> None:
    """Say on standard error, in one line, what went wrong."""
    print(f"ferroread: {' '.join(str(error).split())}", file=sys.stderr)


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print a command's result on standard output."""
    text = json.dumps(finite(outcome.data), indent=2, ensure_ascii=False) if as_json else outcome.text
    if not text:
        return
    # a file's name may hold bytes of no character; as \udcff it is valid JSON all the same
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except BrokenPipeError:
        # whoever read us has seen enough; nothing is left to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def finite(value: Any) -> Any:
    """Replace NaN and infinities by None: JSON has no such numbers."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
