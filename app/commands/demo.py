"""`demo`: the whole chain on the simulated study, without a screen, or opened for the person to read."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path

from app.commands import Outcome, add_json
from app.commands.simulate import add_fields
from core.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--animals-per-group", type=int, default=1, metavar="N", help="default 1")
    add_fields(parser)
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same study (default 7)")
    parser.add_argument(
        "--open", action="store_true", help="open a kit of the demo study and read it yourself"
    )
    parser.add_argument("--force", action="store_true", help="replace an earlier demo")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.demo.chain import YOU, Chain, Places
    from app.demo.show import fresh_folder, outcome, run_demo

    tell = partial(print, file=sys.stderr if args.json else sys.stdout, flush=True)
    if not args.open:
        # before Qt is imported: the demo needs no display, and opens no window where there is one
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        with fresh_folder(args.out, force=args.force) as places:
            run_demo(places, args.seed, args.animals_per_group, args.fields, tell, progress)
            return outcome(places, args.out)
    kit = Places(args.out.resolve()).kit(YOU)
    if args.force or not kit.is_dir():
        tell("Making the demo study; this takes a minute or two, once.")
        with fresh_folder(args.out, force=args.force) as places:
            chain = Chain(places, progress, tell)
            chain.build_study(args.seed, args.animals_per_group, args.fields)
            chain.deal([YOU], args.seed)
    from app.cli import call

    return call(["read", str(kit)], progress)
