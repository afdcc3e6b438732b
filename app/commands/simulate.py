"""`simulate`: writes the demo study as scanners would, with its truth."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

from app.commands import Outcome, UsageError, add_json
from core.errors import InputError
from core.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same study (default 0)")
    parser.add_argument(
        "--animals-per-group",
        type=int,
        default=10,
        metavar="N",
        help="animals in each of three groups (default 10)",
    )
    add_fields(parser)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--force", action="store_true", help="replace an earlier simulated study")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    from core.export.digital_study import write_study
    from core.files import refuse_existing
    from core.relaxometry.simulate import draw_study

    begun = perf_counter()
    try:
        plan = draw_study(args.seed, args.animals_per_group, args.fields)
    except InputError as error:
        # nothing but the words of the command has been looked at
        raise UsageError(str(error)) from error
    refuse_existing(args.out, force=args.force)
    written = write_study(plan, args.out, force=args.force, progress=progress)
    data = {
        "out": str(args.out),
        "seed": plan.seed,
        "subjects": len(plan.subjects),
        "fields_t": list(plan.fields_t),
        "scans": written.scans,
        "files": written.files,
        "bytes": written.bytes,
        "seconds": round(perf_counter() - begun, 2),
    }
    text = (
        f"{len(plan.subjects)} animals, {written.scans} scans, {written.files} DICOM files "
        f"({written.bytes / 1e6:.0f} MB) in {args.out}\n"
        f"Next: ferroread study create, then study add with {args.out / 'manifest.csv'}"
    )
    return Outcome(data, text)


def add_fields(parser: argparse.ArgumentParser) -> None:
    """Let a command be told at which fields the animals are scanned."""
    parser.add_argument(
        "--fields",
        type=_fields,
        default=(3.0, 0.064),
        metavar="T,T",
        help="fields in tesla (default 3,0.064)",
    )


def _fields(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of fields such as 3,0.064") from None
