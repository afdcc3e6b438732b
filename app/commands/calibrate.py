"""`ferroread calibrate`: relaxivity from a table of vials or a phantom scan."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.commands import Outcome, add_json
from core.errors import InputError
from core.files import refuse_existing, sha256
from core.progress import Progress
from core.relaxometry.calibration import Calibration, Estimate, fit_calibration


def configure(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--table", type=Path, help="CSV: iron_mmol_per_l,r2star_per_s[,r2star_sd_per_s]")
    parser.add_argument("--field", type=float, help="field strength in tesla")
    parser.add_argument("--agent", default="", help="name of the iron-oxide agent")
    parser.add_argument("--matrix", default="", help="what the vials hold besides, e.g. agarose")
    parser.add_argument("--out", type=Path, help="file for the calibration")
    parser.add_argument("--force", action="store_true", help="replace the output file")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    if args.out is not None:
        refuse_existing(args.out, force=args.force)
    if args.field is None:
        raise InputError("a table does not say at which field it was measured; add --field, in tesla")
    calibration = from_table(args.table, args.field, args.agent, args.matrix)
    if args.out is not None:
        calibration.save(args.out, force=args.force)
    return Outcome(calibration.as_json(), describe(calibration, args.out))


def from_table(path: Path, field_t: float, agent: str, matrix: str) -> Calibration:
    """Fit the calibration of a CSV file of vials.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or a cell is no number.
    """
    rows = read_columns(path, ("iron_mmol_per_l", "r2star_per_s"), ("r2star_sd_per_s",))
    sd = rows.get("r2star_sd_per_s")
    calibration = fit_calibration(
        rows["iron_mmol_per_l"], rows["r2star_per_s"], sd, field_t=field_t, agent=agent, matrix=matrix
    )
    return replace(calibration, sources={path.name: sha256(path)})


def read_columns(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, list[float]]:
    """Read columns of numbers from a CSV file with a header; optional columns only where they are there."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            table = list(csv.DictReader(stream))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a CSV file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: is no CSV table in UTF-8") from error
    if not table:
        raise InputError(f"{path}: has no rows; it needs a header {','.join(needed)} and one row per vial")
    header = [name for name in table[0] if name]
    missing = [name for name in needed if name not in header]
    if missing:
        raise InputError(f"{path}: has no column {', '.join(missing)}; its columns are {', '.join(header)}")
    wanted = [*needed, *(name for name in optional if name in header)]
    return {
        name: [_number(row[name], path, line, name) for line, row in enumerate(table, 2)] for name in wanted
    }


def _number(cell: str | None, path: Path, line: int, name: str) -> float:
    try:
        return float(cell or "")
    except ValueError as error:
        raise InputError(f"{path}, line {line}: {name} is {cell!r}; it must be a number") from error


def describe(calibration: Calibration, out: Path | None) -> str:
    """Tell a calibration in a few lines."""
    used = [point for point in calibration.points if point.used]
    lines = [
        f"{calibration.field_t:g} T, {len(used)} of {len(calibration.points)} vials",
        f"relaxivity {_interval(calibration.relaxivity)} 1/s per mmol/L",
        f"intercept {_interval(calibration.intercept)} 1/s, r2 {calibration.r_squared:.4f}",
        f"limit of detection {calibration.detection_limit_mmol_per_l:.3g}, of quantification "
        f"{calibration.quantification_limit_mmol_per_l:.3g} mmol/L",
    ]
    lines += [
        f"left out: {point.iron_mmol_per_l:g} mmol/L, {point.r2star_per_s:.4g} 1/s: {point.reason}"
        for point in calibration.points
        if not point.used
    ]
    return "\n".join(lines if out is None else [*lines, f"written to {out}"])


def _interval(estimate: Estimate) -> str:
    low, high = estimate.ci95
    return f"{estimate.value:.4g} (95 % {low:.4g} to {high:.4g})"
