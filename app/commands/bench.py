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
    roof = found["roofline_mvox_per_s"]
    lines = [
        f"memory roofline: {roof:.0f} million voxels/s, {found['echoes']} echoes, {found['threads']} threads",
        "",
        f"{'whole map: R2*, error, residual, flags':42}{'Mvox/s':>10}{'of roofline':>13}",
    ]
    for name, rate in found["estimators"].items():
        snr = "" if "SNR" in name else f" at SNR {rate['snr']}"
        lines.append(f"{name + snr:42}{rate['mvox_per_s']:10.2f}{rate['share_of_roofline']:13.3f}")
    lines += [f"{name:42}{rate['mvox_per_s']:10.4f}" for name, rate in found["peers"].items()]
    return "\n".join(lines)
