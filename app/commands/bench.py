"""`bench`: measures this machine, FerroRead on it and other programs beside it, in one run."""

from __future__ import annotations

import argparse
from importlib import import_module

from app.commands import Outcome, add_json
from core.progress import Progress

MODULES = {
    "relaxometry": "relaxometry",
    "import": "importing",
    "views": "views",
    "volume": "volume",
    "statistics": "statistics",
    "cohort": "cohort",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=list(MODULES), help="default: all but cohort, which takes half an hour"
    )
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    if args.what is None:
        outcomes = {name: _measured(name, progress) for name in MODULES if name != "cohort"}
        data = {name: outcome.data for name, outcome in outcomes.items()}
        return Outcome(data, "\n\n".join(outcome.text for outcome in outcomes.values()))
    return _measured(args.what, progress)


def _measured(name: str, progress: Progress) -> Outcome:
    # imported here: each needs what the others do not
    bench = import_module(f"app.bench.{MODULES[name]}")
    found = bench.measure(progress)
    return Outcome(found, bench.told(found))
