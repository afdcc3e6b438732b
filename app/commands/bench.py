"""`bench`: measures this machine, FerroRead on it and other programs beside it, in one run."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import Outcome, add_json
from core.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=["relaxometry"], default="relaxometry", help="default: all"
    )
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.bench import relaxometry

    found = relaxometry.measure(progress)
    return Outcome(found, _told(found))


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
