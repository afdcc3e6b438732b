"""`ferroread calibrate`: relaxivity from phantom scans, tables of vials, or samples with ICP-MS."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.commands import Outcome, UsageError, add_json
from app.vials import Match, as_json, match_vials, read_concentrations, table, told, write_preview
from core.errors import InputError
from core.export.tables import number, read_columns, write_csv
from core.files import refuse_existing, sha256
from core.progress import Progress
from core.relaxometry.calibration import Calibration, Estimate, fit_calibration, same_field
from core.relaxometry.fit import METHODS
from core.relaxometry.iron import IRON_MOLAR_MASS, TISSUE_DENSITY
from core.relaxometry.phantom import ORDERS, find_vials, measure_vials, phantom_noise

NOT_FOUND = "not found in the picture: little more than air in it, or no signal in the first echo"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, nargs="*", help="phantom scans; several are pooled")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--concentrations",
        type=Path,
        action="append",
        help="CSV: vial,iron_mmol_per_l[,iron_sd_mmol_per_l][,field_t][,centre_x_mm,...y...,...z...]; "
        "one for all scans, or one for each in their order",
    )
    source.add_argument(
        "--table", type=Path, action="append", help="CSV: iron_mmol_per_l,r2star_per_s[,r2star_sd_per_s]"
    )
    source.add_argument(
        "--icpms",
        type=Path,
        action="append",
        help="CSV of samples: iron_ug_per_g,r2star_per_s[,r2star_sd_per_s,iron_sd_ug_per_g,r2star0_per_s]",
    )
    parser.add_argument(
        "--order", choices=ORDERS, default="rows", help="of the vials where no centres are given"
    )
    parser.add_argument("--yes", action="store_true", help="the vials are as shown; do not ask")
    parser.add_argument("--preview", type=Path, help="PNG of the vials found, with a CSV beside it")
    parser.add_argument("--method", choices=METHODS, default="auto", help="estimator (default: auto)")
    parser.add_argument("--errors", choices=("r2star", "both"), help="of R2* alone, or of iron too")
    parser.add_argument("--pipetting", type=float, metavar="PERCENT", help="SD of the vials' iron")
    parser.add_argument("--density", type=float, default=TISSUE_DENSITY, help="of the samples, in g/mL")
    parser.add_argument("--field", type=float, help="field strength in tesla")
    parser.add_argument("--agent", default="", help="name of the iron-oxide agent")
    parser.add_argument("--matrix", default="", help="what the vials hold besides, e.g. agarose")
    parser.add_argument("--temperature", type=float, metavar="C", help="of the phantom, in degrees Celsius")
    parser.add_argument("--date", default="", help="of the scans")
    parser.add_argument("--residuals", type=Path, help="CSV for a residual plot")
    parser.add_argument("--out", type=Path, help="file for the calibration")
    parser.add_argument("--force", action="store_true", help="replace the output files")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    _check(args)
    _check_outputs(args)
    shown: list[str] = []
    vials: list[dict[str, Any]] = []
    if args.concentrations:
        calibration, shown, vials = from_phantoms(args, progress)
    else:
        calibration = from_tables(args)
    calibration = replace(calibration, temperature_c=args.temperature, date=args.date)
    if args.out is not None:
        calibration.save(args.out, force=args.force)
    if args.residuals is not None:
        write_csv(args.residuals, RESIDUAL_COLUMNS, residual_rows(calibration), force=args.force)
    data = calibration.as_json() | ({"vials": vials} if vials else {})
    return Outcome(data, "\n".join([*shown, describe(calibration, args.out)]))


def _check(args: argparse.Namespace) -> None:
    if args.concentrations and not args.path:
        raise UsageError("--concentrations needs a phantom scan; name its file, folder or zip")
    if not args.concentrations and args.path:
        raise UsageError(
            f"{args.path[0]}: a scan needs the vials' iron; add --concentrations instead of a table"
        )
    if args.concentrations and len(args.concentrations) not in (1, len(args.path)):
        raise UsageError("give --concentrations once for all scans, or once for each")
    if not args.concentrations and args.field is None:
        raise UsageError("a table does not say at which field it was measured; add --field, in tesla")
    if args.pipetting is not None and not 0 <= args.pipetting < math.inf:
        raise UsageError(f"--pipetting must be 0 or more, in percent, not {args.pipetting:g}")
    if args.errors == "r2star" and args.pipetting:
        raise UsageError("--pipetting is an error of iron; leave it out or give --errors both")
    if args.field is not None and not 0 < args.field < math.inf:
        raise UsageError(f"--field must be positive, in tesla, not {args.field:g}")
    if args.temperature is not None and not math.isfinite(args.temperature):
        raise UsageError(f"--temperature must be a number, in degrees Celsius, not {args.temperature:g}")
    if not 0 < args.density < math.inf:
        raise UsageError(f"--density must be positive, in g/mL, not {args.density:g}")
    if args.preview is not None and args.preview.suffix.lower() != ".png":
        raise UsageError(f"{args.preview}: the picture is a PNG; give a name that ends in .png")


def _check_outputs(args: argparse.Namespace) -> None:
    """Refuse, before any work, what would end half done or write over what is read."""
    outputs = [path for path in (args.out, args.residuals, args.preview) if path is not None]
    tables = [*(args.concentrations or ()), *(args.table or ()), *(args.icpms or ())]
    sources = {path.resolve() for path in (*args.path, *tables)}
    for index, path in enumerate(outputs):
        if path.resolve() in sources:
            raise InputError(f"{path}: is read by this command; choose another file to write")
        if path.resolve() in {other.resolve() for other in outputs[:index]}:
            raise UsageError(f"{path}: two results cannot have one name; choose another")
        if path.parent.exists() and not path.parent.is_dir():
            raise InputError(f"{path}: {path.parent} is no folder; choose another place")
        refuse_existing(path, force=args.force)


@dataclass
class _Points:
    """What a calibration is fitted to, gathered from its sources."""

    iron: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    sd: list[float | None] = field(default_factory=list)
    iron_sd: list[float | None] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    vial: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(
        self, iron: float, rate: float, sd: float | None, iron_sd: float | None,
        phantom: str, vial: str, left_out: str = "",
    ) -> None:  # fmt: skip
        columns = (self.iron, self.rate, self.sd, self.iron_sd, self.phantom, self.vial, self.left_out)
        for column, value in zip(columns, (iron, rate, sd, iron_sd, phantom, vial, left_out), strict=True):
            column.append(value)  # type: ignore[attr-defined]


def _fit(points: _Points, args: argparse.Namespace, field_t: float, scatter: Any) -> Calibration:
    iron = np.array(points.iron)
    iron_sd = np.array([np.nan if one is None else one for one in points.iron_sd])
    if args.pipetting is not None:
        iron_sd = np.hypot(np.nan_to_num(iron_sd), 0.01 * args.pipetting * iron)
    both = args.errors != "r2star" and bool(np.any(np.nan_to_num(iron_sd) > 0))
    if args.errors == "both" and not both:
        raise InputError(
            "the SD of iron is not known; add a column iron_sd_mmol_per_l or --pipetting PERCENT"
        )
    sd = [np.nan if one is None else one for one in points.sd]
    return fit_calibration(
        iron,
        points.rate,
        None if all(one is None for one in points.sd) else sd,
        field_t=field_t,
        agent=args.agent,
        matrix=args.matrix,
        iron_sd_mmol_per_l=iron_sd if both else None,
        phantoms=points.phantom,
        vials=points.vial,
        left_out=points.left_out,
        scatter=scatter,
    )


# --- phantom scans -------------------------------------------------------------------------------------


def from_phantoms(
    args: argparse.Namespace, progress: Progress
) -> tuple[Calibration, list[str], list[dict[str, Any]]]:
    """Find the vials of every scan and fit one line to all; returns what to show and the vials as well."""
    from app.scans import load_scan

    points, shown, vials, sources = _Points(), [], [], {}
    names = _names(args.path)
    lists = args.concentrations * (len(args.path) if len(args.concentrations) == 1 else 1)
    te_ms: list[tuple[float, ...]] = []
    fields: list[float] = []
    for k, (path, listing, name) in enumerate(zip(args.path, lists, names, strict=True)):
        scan = load_scan(path, None, args.field, progress)
        if scan.series.field_t is None:
            raise InputError(f"{path}: does not say its field strength; add --field, in tesla")
        listed = read_concentrations(listing, scan.series.field_t)
        noise = phantom_noise(scan.series)
        found = find_vials(scan.series, noise)
        found = measure_vials(scan.series, found, method=args.method, noise=noise, progress=progress)
        if args.preview is not None:
            picture = (
                args.preview if len(names) == 1 else args.preview.with_stem(f"{args.preview.stem}-{k + 1}")
            )
            write_preview(picture, scan.series, found, force=args.force)
        if not found:
            raise InputError(f"{path}: no vial was found; the slices must lie across upright vials")
        match = match_vials(listed, found, scan.series.geometry, args.order)
        lines = [*([f"{name}:"] if len(names) > 1 else []), *table(match)]
        _confirm(match, lines, path, args)
        shown += lines
        vials += as_json(match, name)
        for one, vial in match.pairs:
            points.add(
                one.iron_mmol_per_l, vial.r2star_per_s, vial.r2star_se_per_s, one.iron_sd_mmol_per_l,
                name if len(names) > 1 else "", one.name, vial.problem,
            )  # fmt: skip
        for one in match.missing:
            points.add(
                one.iron_mmol_per_l, np.nan, None, one.iron_sd_mmol_per_l,
                name if len(names) > 1 else "", one.name, NOT_FOUND,
            )  # fmt: skip
        prefix = f"{name}/" if len(names) > 1 else ""
        sources |= {prefix + file: digest for file, digest in scan.inputs.items()}
        sources[listing.name if len(set(lists)) == 1 else str(listing)] = sha256(listing)
        te_ms.append(scan.series.te_ms)
        fields.append(scan.series.field_t)
    if not same_field(min(fields), max(fields)):
        raise InputError(
            f"the scans were made at {', '.join(f'{one:g}' for one in fields)} T; pool one field only"
        )
    calibration = _fit(points, args, fields[0], "add")
    notes = calibration.notes
    if any(one != te_ms[0] for one in te_ms):
        notes += ("the pooled phantoms were scanned with different echo times",)
    made = replace(calibration, te_ms=te_ms[0], method=args.method, sources=sources, notes=notes)
    return made, shown, vials


def _names(paths: Sequence[Path]) -> list[str]:
    """Short names of the scans; whole paths where short ones would be the same."""
    short = [path.name or str(path) for path in paths]
    return short if len(set(short)) == len(short) else [path.as_posix() for path in paths]


def _confirm(match: Match, lines: Sequence[str], path: Path, args: argparse.Namespace) -> None:
    """Ask whether the vials are as shown; stated centres leave nothing to ask."""
    if match.by == "centres" or args.yes:
        return
    if sys.stdin.isatty() and sys.stderr.isatty():
        doubt = f"\nCareful: {match.doubt}." if match.doubt else ""
        question = "\n".join(lines) + f"{doubt}\nVials were taken by {match.by}. Is this right? [y/N] "
        sys.stderr.write("\n" + question)
        sys.stderr.flush()
        if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
            raise InputError(
                "the vials were not confirmed; nothing was written; try another --order or state centres"
            )
    elif match.doubt:
        raise InputError(
            f"{path}: which vial is which is not certain ({match.doubt}): {told(match)}; "
            "look at --preview, then add --yes, another --order, or centre columns to the list"
        )


# --- tables --------------------------------------------------------------------------------------------


def from_tables(args: argparse.Namespace) -> Calibration:
    """Fit the calibration of tables of vials, or of samples whose iron ICP-MS has told.

    Raises
    ------
    InputError
        If a file cannot be read, lacks a column, or a cell is no number.
    """
    points = _Points()
    paths = args.table or args.icpms
    names = _names(paths)
    for path, name in zip(paths, names, strict=True):
        phantom = name if len(paths) > 1 else ""
        if args.table:
            _add_table(points, path, phantom)
        else:
            _add_samples(points, path, phantom, args.density)
    if len({one is None for one in points.sd}) > 1:
        raise InputError("r2star_sd_per_s must be given for every line of every table, or for none")
    calibration = _fit(points, args, args.field, "scale" if args.table else "add")
    sources = {name: sha256(path) for path, name in zip(paths, names, strict=True)}
    return replace(calibration, sources=sources, matrix=args.matrix or ("" if args.table else "tissue"))


def _add_table(points: _Points, path: Path, phantom: str) -> None:
    rows = _numbers(
        path, ("iron_mmol_per_l", "r2star_per_s"), ("r2star_sd_per_s", "iron_sd_mmol_per_l"), ("vial",)
    )
    for row in rows:
        sd, iron_sd = row.get("r2star_sd_per_s"), row.get("iron_sd_mmol_per_l")
        points.add(row["iron_mmol_per_l"], row["r2star_per_s"], sd, iron_sd, phantom, row.get("vial", ""))


def _add_samples(points: _Points, path: Path, phantom: str, density: float) -> None:
    optional = ("r2star_sd_per_s", "iron_sd_ug_per_g", "r2star0_per_s")
    to_volume = density / IRON_MOLAR_MASS
    for row in _numbers(path, ("iron_ug_per_g", "r2star_per_s"), optional, ("subject", "visit", "tissue")):
        iron_sd = row.get("iron_sd_ug_per_g")
        points.add(
            row["iron_ug_per_g"] * to_volume,
            row["r2star_per_s"] - (row.get("r2star0_per_s") or 0.0),
            row.get("r2star_sd_per_s"),
            None if iron_sd is None else iron_sd * to_volume,
            phantom,
            ", ".join(row[name] for name in ("subject", "visit", "tissue") if row.get(name)),
        )


def _numbers(
    path: Path, needed: Sequence[str], optional: Sequence[str], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Read rows of numbers (None where an optional cell is empty), and of names as they are."""
    columns = read_columns(path, needed, (*optional, *names))
    rows = []
    for line, cells in enumerate(zip(*columns.values(), strict=True), start=2):
        row: dict[str, Any] = {}
        for name, cell in zip(columns, cells, strict=True):
            if name in names:
                row[name] = cell
            elif name in optional and not cell:
                row[name] = None
            else:
                row[name] = _number(cell, path, line, name)
        rows.append(row)
    if not rows:
        raise InputError(f"{path}: has no rows; it needs a header {','.join(needed)} and one row per vial")
    return rows


def _number(cell: str, path: Path, line: int, name: str) -> float:
    try:
        return number(cell)
    except ValueError as error:
        raise InputError(f"{path}, line {line}: {name} is {cell!r}; it must be a number") from error


# --- what is told --------------------------------------------------------------------------------------

RESIDUAL_COLUMNS = (
    "phantom", "vial", "iron_mmol_per_l", "r2star_per_s", "r2star_sd_per_s", "fitted_per_s", "band95_per_s",
    "residual_per_s", "standardised_residual", "used", "reason",
)  # fmt: skip


def residual_rows(calibration: Calibration) -> list[dict[str, Any]]:
    """Return the rows of a residual plot, and of the line with its 95 % band."""
    half = calibration.band([point.iron_mmol_per_l for point in calibration.points])[1]
    return [
        {name: getattr(point, name, None) for name in RESIDUAL_COLUMNS} | {"band95_per_s": float(width)}
        for point, width in zip(calibration.points, half, strict=True)
    ]


def describe(calibration: Calibration, out: Path | None) -> str:
    """Tell a calibration in a few lines."""
    used = [point for point in calibration.points if point.used]
    lines = [
        f"{calibration.field_t:g} T, {len(used)} of {len(calibration.points)} vials",
        f"relaxivity {_interval(calibration.relaxivity)} 1/s per mmol/L",
        f"intercept {_interval(calibration.intercept)} 1/s, r2 {calibration.r_squared:.4f}",
    ]
    if np.isfinite(calibration.detection_limit_mmol_per_l):
        lines.append(
            f"limit of detection {calibration.detection_limit_mmol_per_l:.3g}, of quantification "
            f"{calibration.quantification_limit_mmol_per_l:.3g} mmol/L"
        )
    lines += [
        f"left out: {f'{point.vial}, ' if point.vial else ''}{point.iron_mmol_per_l:g} mmol/L, "
        f"{point.r2star_per_s:.4g} 1/s: {point.reason}"
        for point in calibration.points
        if not point.used
    ]
    lines += [f"mind: {note}" for note in calibration.notes]
    return "\n".join(lines if out is None else [*lines, f"written to {out}"])


def _interval(estimate: Estimate) -> str:
    low, high = estimate.ci95
    if not np.isfinite(low + high):
        return f"{estimate.value:.4g} (no interval: too few vials)"
    return f"{estimate.value:.4g} (95 % {low:.4g} to {high:.4g})"
