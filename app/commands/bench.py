"""`bench`: measures this machine, FerroRead on it and other programs beside it, in one run."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import Outcome, add_json
from core.progress import Progress

NAMES = ("relaxometry", "import", "views")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=NAMES, help="default: all")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    # imported here: each needs what the others do not
    if args.what == "import":
        from app.bench import importing

        found = importing.measure(progress)
        return Outcome(found, _import_told(found))
    if args.what == "views":
        from app.bench import views

        found = views.measure(progress)
        return Outcome(found, views.told(found))
    if args.what == "relaxometry":
        from app.bench import relaxometry

        found = relaxometry.measure(progress)
        return Outcome(found, _told(found))
    outcomes = {name: run(argparse.Namespace(what=name), progress) for name in NAMES}
    data = {name: outcome.data for name, outcome in outcomes.items()}
    return Outcome(data, "\n\n".join(outcome.text for outcome in outcomes.values()))


def _told(found: dict[str, Any]) -> str:
    one = found["one_thread"]
    threads = found["threads"]
    lines = [
        f"memory roofline, {found['echoes']} echoes: {found['roofline_mvox_per_s']:.0f} million voxels/s on "
        f"{threads} threads, {one['roofline_mvox_per_s']:.0f} on one",
        "",
        f"{'':34}{'Mvox/s':>10}{'share':>8}{'one thread':>14}{'share':>8}",
    ]
    for name, rate in found["estimators"].items():
        alone = one["estimators"][name]
        label = name + (": whole map" if rate["whole"] else ": R2*")
        lines.append(
            f"{label:38}{rate['mvox_per_s']:6.2f}{rate['share_of_roofline']:8.3f}"
            f"{alone['mvox_per_s']:14.2f}{alone['share_of_roofline']:8.3f}"
        )
    lines += [f"{name:34}{rate['mvox_per_s']:10.4f}" for name, rate in found["peers"].items()]
    return "\n".join(lines)


def _import_told(found: dict[str, Any]) -> str:
    listed = found["listed"]
    lines = [
        f"{found['files']} files from the folder to arrays:",
        *_beside(found),
        *(f"  {name} is not installed and was left out" for name in found["missing"]),
        f"{listed['files']} files listed:",
        *_beside(listed),
        f"first picture of such a folder: {found['first_picture_ms']:.0f} ms",
    ]
    for name, told in found["compressed"].items():
        lines += [f"{told['files']} {name} files:", *_beside(told)]
    return "\n".join(lines)


def _beside(told: dict[str, Any]) -> list[str]:
    """One line per program: FerroRead's time as a share of its, and its seconds."""
    seconds = told["seconds"]
    return [
        f"  {'':24}{'FerroRead takes':>16}{'seconds':>10}",
        f"  {'FerroRead':24}{'':16}{seconds['ferroread']:10.3f}",
        *(
            f"  {name:24}{f'{ratio:.2f} of it':>16}{seconds[name]:10.3f}"
            for name, ratio in told["ratios"].items()
        ),
    ]
