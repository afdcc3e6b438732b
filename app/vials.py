"""From a phantom's picture and a list of concentrations to vials with iron and R2*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from core.errors import InputError
from core.export.tables import number, read_columns, write_csv
from core.files import whole_file
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.relaxometry.calibration import same_field
from core.relaxometry.phantom import FoundVial, reading_order

CENTRES = ("centre_x_mm", "centre_y_mm", "centre_z_mm")
# R2* that falls from one vial to a stronger one by more than this share speaks for another order
FALL = 0.05

# digits of three by five dots, rows from the top, the bits of a row from the left
_DIGITS = (0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71111, 0o75757, 0o75717)
_ZOOM_TO = 640
_GOOD, _LEFT_OUT = (80, 255, 120), (255, 80, 80)


@dataclass(frozen=True)
class Listed:
    """A line of the list of concentrations."""

    name: str
    iron_mmol_per_l: float
    iron_sd_mmol_per_l: float | None = None
    centre_mm: tuple[float, float, float] | None = None


@dataclass(frozen=True, eq=False)
class Match:
    """Which found vial is which listed one; `doubt` says why that is not certain, "" where it is."""

    pairs: tuple[tuple[Listed, FoundVial], ...]
    missing: tuple[Listed, ...] = ()
    spare: tuple[FoundVial, ...] = ()
    by: str = "centres"
    doubt: str = ""


def read_concentrations(path: Path, field_t: float) -> tuple[Listed, ...]:
    """Read the vials of a field; a list without the column `field_t` holds at any.

    Raises
    ------
    InputError
        If the file or a cell cannot be read, or no line is of this field.
    """
    optional = ("iron_sd_mmol_per_l", "field_t", *CENTRES)
    columns = read_columns(path, ("vial", "iron_mmol_per_l"), optional)
    fields: set[str] = set()
    listed = []
    for line, cells in enumerate(zip(*columns.values(), strict=True), start=2):
        row = dict(zip(columns, cells, strict=True))
        values = {name: _cell(path, line, name, row.get(name, "")) for name in row if name != "vial"}
        field, iron, iron_sd = (
            values.get(name) for name in ("field_t", "iron_mmol_per_l", "iron_sd_mmol_per_l")
        )
        if field is not None and not same_field(field, field_t):
            fields.add(row["field_t"])
            continue
        if iron is None:
            raise InputError(f"{path} line {line}: iron_mmol_per_l is empty; every vial needs it")
        x, y, z = (values.get(name) for name in CENTRES)
        centre = None if x is None or y is None or z is None else (x, y, z)
        if row["vial"] and any(row["vial"] == other.name for other in listed):
            raise InputError(f"{path} line {line}: vial {row['vial']} stands twice; name each once")
        listed.append(Listed(row["vial"], iron, iron_sd, centre))
    if not listed:
        others = f"; its fields are {', '.join(sorted(fields))} T" if fields else ""
        raise InputError(f"{path}: lists no vial for {field_t:g} T{others}")
    if len({one.centre_mm is None for one in listed}) > 1:
        raise InputError(f"{path}: give {', '.join(CENTRES)} for every vial or for none")
    return tuple(listed)


def _cell(path: Path, line: int, name: str, cell: str) -> float | None:
    if not cell:
        return None
    try:
        return number(cell)
    except ValueError as error:
        raise InputError(f"{path} line {line}: {name} is {cell!r}; it must be a number") from error


def match_vials(listed: Sequence[Listed], found: Sequence[FoundVial], geometry: Geometry, by: str) -> Match:
    """Tell which found vial is which listed one: by stated centres if there are any, else by reading order.

    Parameters
    ----------
    by : str
        One of core.relaxometry.phantom.ORDERS.

    Raises
    ------
    InputError
        If there are no centres and not as many vials were found as are listed.
    """
    if listed[0].centre_mm is not None:
        return _by_centres(listed, found, geometry)
    whole = [vial for vial in found if not vial.dented]
    # what a bubble has left counts only where a vial is missing without it
    taken = whole if len(whole) == len(listed) else list(found)
    if len(taken) != len(listed):
        raise InputError(
            f"{len(whole)} vials were found, {len(listed)} are listed: {_places(found)}; look at --preview "
            f"and list what is there, or state {', '.join(CENTRES)}"
        )
    order = reading_order(
        [vial.centre_mm for vial in taken], [vial.radius_mm for vial in taken], geometry, by
    )
    pairs = tuple(zip(listed, (taken[k] for k in order.order), strict=True))
    if order.ambiguous:
        doubt = f"{by} cannot be told apart in this arrangement"
    elif len(taken) > len(whole):
        doubt = "; ".join(f"{vial.number}: {vial.problem}" for vial in taken if vial.dented)
    else:
        doubt = _falls(pairs)
    return Match(pairs, spare=tuple(vial for vial in found if vial not in taken), by=by, doubt=doubt)


def _by_centres(listed: Sequence[Listed], found: Sequence[FoundVial], geometry: Geometry) -> Match:
    if not found:
        return Match((), tuple(listed))
    stated = np.array([one.centre_mm for one in listed])
    steps = stated[:, None, :] - np.array([vial.centre_mm for vial in found])[None, :, :]
    # a vial is long: where along it the centre was stated does not matter
    normal = np.cross(geometry.directions[:, 1], geometry.directions[:, 2])
    away = np.linalg.norm(steps - (steps @ normal)[..., None] * normal, axis=-1)
    radius = np.array([vial.radius_mm for vial in found])
    rows, columns = linear_sum_assignment(np.minimum(away, 10 * radius))
    pairs = {int(i): int(k) for i, k in zip(rows, columns, strict=True) if away[i, k] <= radius[k]}
    return Match(
        tuple((listed[i], found[k]) for i, k in sorted(pairs.items())),
        tuple(one for i, one in enumerate(listed) if i not in pairs),
        tuple(vial for k, vial in enumerate(found) if k not in pairs.values()),
    )


def _falls(pairs: Sequence[tuple[Listed, FoundVial]]) -> str:
    """Say where R2* falls from a vial to a stronger one: then the order is another, or a vial saturates."""
    rising = sorted(pairs, key=lambda pair: pair[0].iron_mmol_per_l)
    for (weak, one), (strong, other) in pairwise(rising):
        error = 3 * np.hypot(one.r2star_se_per_s, other.r2star_se_per_s)
        falls = one.r2star_per_s - other.r2star_per_s > FALL * one.r2star_per_s + error
        if falls and weak.iron_mmol_per_l < strong.iron_mmol_per_l:
            return f"R2* would fall from {weak.name} to {strong.name}, which holds more iron"
    return ""


def _places(found: Sequence[FoundVial]) -> str:
    return ", ".join(
        f"{vial.number} at ({_place(vial)}) mm {vial.r2star_per_s:.4g} 1/s"
        + (f", {vial.problem}" if vial.dented else "")
        for vial in found
    )


def _place(vial: FoundVial) -> str:
    # without it a zero shows its sign
    return ", ".join(f"{round(mm, 1) + 0.0:.1f}" for mm in vial.centre_mm)


def told(match: Match) -> str:
    """Tell a match in one line, for an error."""
    return ", ".join(
        f"{listed.name} ({listed.iron_mmol_per_l:g} mmol/L) = {_places([vial])}"
        for listed, vial in match.pairs
    )


def table(match: Match) -> list[str]:
    """Tell a match as lines of a table, in the order of the picture's numbers."""
    rows = sorted([(vial, one) for one, vial in match.pairs], key=lambda row: row[0].number)
    lines = ["no.  vial        mmol/L   R2* (1/s)         voxels  at x, y, z (mm)"]
    for vial, one in [*rows, *((spare, None) for spare in match.spare)]:
        name, iron = ("not listed", "") if one is None else (one.name, f"{one.iron_mmol_per_l:g}")
        rate = f"{vial.r2star_per_s:.4g} +- {vial.r2star_se_per_s:.2g}"
        line = f"{vial.number:<4} {name:<11} {iron:<8} {rate:<17} {vial.voxels:<7} {_place(vial)}"
        lines.append(f"{line}  {vial.problem}".rstrip())
    return lines + [f"     {one.name:<11} {one.iron_mmol_per_l:<8g} not found" for one in match.missing]


def as_json(match: Match, phantom: str) -> list[dict[str, Any]]:
    """Return the found vials for --json; `vial` and its iron are None where it was not listed."""
    listed = {vial.number: one for one, vial in match.pairs}
    vials = sorted([*(vial for _, vial in match.pairs), *match.spare], key=lambda vial: vial.number)
    rows = []
    for vial in vials:
        one = listed.get(vial.number)
        named = {
            "phantom": phantom,
            "vial": None if one is None else one.name,
            "iron_mmol_per_l": None if one is None else one.iron_mmol_per_l,
        }
        rows.append(named | _row(vial))
    return rows


def _row(vial: FoundVial) -> dict[str, Any]:
    return {
        "number": vial.number,
        "r2star_per_s": vial.r2star_per_s,
        "r2star_sd_per_s": vial.r2star_sd_per_s,
        "r2star_se_per_s": vial.r2star_se_per_s,
        "voxels": vial.voxels,
        "radius_mm": vial.radius_mm,
        **dict(zip(CENTRES, vial.centre_mm, strict=True)),
        "problem": vial.problem,
    }


# --- a picture for confirmation ------------------------------------------------------------------------


def write_preview(path: Path, series: EchoSeries, vials: Sequence[FoundVial], *, force: bool) -> None:
    """Write the phantom's middle slice with its vials outlined and numbered (PNG), and their table (CSV)."""
    import SimpleITK as sitk

    with whole_file(path, force=force) as draft:
        sitk.WriteImage(sitk.GetImageFromArray(_picture(series, vials), isVector=True), str(draft))
    rows = [_row(vial) for vial in vials]
    write_csv(path.with_suffix(".csv"), list(rows[0]) if rows else ["number"], rows, force=force)


def _picture(series: EchoSeries, vials: Sequence[FoundVial]) -> NDArray[np.uint8]:
    middle = series.geometry.shape[0] // 2
    first = np.nan_to_num(series.magnitude[0, middle])
    grey = np.clip(first / max(float(np.quantile(first, 0.995)), 1e-30), 0, 1) * 200
    zoom = max(1, _ZOOM_TO // max(first.shape))
    picture = np.repeat(np.kron(grey, np.ones((zoom, zoom)))[..., None], 3, axis=2).astype(np.uint8)
    rows, columns = np.indices(picture.shape[:2])
    for vial in vials:
        colour = _LEFT_OUT if vial.problem else _GOOD
        at = (series.geometry.to_index(vial.centre_mm)[1:] + 0.5) * zoom
        radii = zoom * vial.radius_mm / np.array(series.geometry.spacing_mm[1:])
        off = np.hypot((rows - at[0]) / radii[0], (columns - at[1]) / radii[1])
        picture[np.abs(off - 1) * radii.min() < 1] = colour
        _number(picture, vial.number, int(at[0]), int(at[1]), max(1, zoom // 2), colour)
    return picture


def _number(
    picture: NDArray[np.uint8], value: int, row: int, column: int, dot: int, colour: tuple[int, int, int]
) -> None:
    """Write a number around (row, column); what would fall outside the picture is left out."""
    digits = [int(digit) for digit in str(value)]
    left, top = column - 2 * len(digits) * dot, row - 5 * dot // 2
    for place, digit in enumerate(digits):
        for i in range(5):
            for j in range(3):
                if _DIGITS[digit] >> (3 * (4 - i) + 2 - j) & 1:
                    y, x = top + i * dot, left + (4 * place + j) * dot
                    picture[max(y, 0) : max(y + dot, 0), max(x, 0) : max(x + dot, 0)] = colour
