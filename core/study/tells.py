"""What about the pictures would tell a rater visits or groups apart, though every name is gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.imaging.geometry import Geometry
from core.study.records import Scan


@dataclass(frozen=True)
class Looks:
    """How a scan presents itself before anybody looks at the anatomy."""

    matrix: str  # slices x rows x columns
    spacing: str  # mm
    echo_times: str  # ms
    pictures: str  # which there are
    slices: str = ""
    field_of_view: str = ""  # mm
    echoes: str = ""  # how many
    orientation: str = ""  # directions of slices, rows and columns: obliquity, and the way they are sorted
    anatomy: str = ""  # its matrix
    gre3d: str = ""


def looks_of(
    grid: Geometry, te_ms: Sequence[float], roles: Collection[str], matrices: Mapping[str, tuple[int, ...]]
) -> Looks:
    """Return how a scan presents itself.

    Parameters
    ----------
    grid : Geometry
        Of the multi-echo series, in the scanner's own LPS mm.
    te_ms : sequence of float
    roles : collection of str
        What pictures there are.
    matrices : mapping of role to shape
        Of the pictures that have a grid of their own.
    """
    directions = grid.affine[:3, :3] / np.asarray(grid.spacing_mm)
    extent = np.multiply(grid.shape, grid.spacing_mm)
    return Looks(
        matrix=_by(grid.shape),
        spacing=_by(f"{length:.3g}" for length in grid.spacing_mm),
        echo_times=" ".join(f"{te:.4g}" for te in te_ms),
        pictures=" ".join(sorted(set(roles) & {"anatomy", "gre3d", "r2star", "iron"})),
        slices=str(grid.shape[0]),
        field_of_view=_by(f"{length:.3g}" for length in extent),
        echoes=str(len(te_ms)),
        orientation="; ".join(
            " ".join(f"{part:.2f}" for part in axis + 0.0) for axis in directions.T.round(2)
        ),
        **{role: _by(shape) for role, shape in matrices.items()},
    )


def _by(parts: Iterable[object]) -> str:
    return " x ".join(map(str, parts))


def tells(looks: Mapping[str, Looks], scans: Sequence[Scan]) -> tuple[str, ...]:
    """Say what differs between visits, or between groups, among scans of one field.

    Parameters
    ----------
    looks : mapping of scan id to Looks
        How every scan presents itself.
    scans : sequence of Scan
        The scans to be dealt.

    Returns
    -------
    tuple of str
        One line each for the coordinator; they name visits and groups and must not reach a rater. A field
        shows by itself, so scans are compared within one.
    """
    sides: dict[str, Callable[[Scan], str]] = {
        "visits": lambda scan: scan.visit,
        "groups": lambda scan: scan.group,
    }
    told = []
    for field_t in sorted({scan.field_t for scan in scans}):
        same_field = [scan for scan in scans if scan.field_t == field_t]
        for what in Looks.__annotations__:
            for side, of in sides.items():
                line = _difference(same_field, what, of, looks)
                if line:
                    told.append(f"{field_t:g} T: {side} differ in {what.replace('_', ' ')}: {line}")
    return tuple(told)


def _difference(
    scans: Sequence[Scan], what: str, of: Callable[[Scan], str], looks: Mapping[str, Looks]
) -> str:
    """Which values each visit or group has, where they are not the same everywhere; else nothing."""
    values: dict[str, dict[str, int]] = {}
    for scan in scans:
        counts = values.setdefault(of(scan), {})
        value = str(getattr(looks[scan.scan_id], what))
        counts[value] = counts.get(value, 0) + 1
    if len({frozenset(counts) for counts in values.values()}) == 1:
        return ""
    return "; ".join(
        f"{name} {', '.join(f'{value} ({count})' for value, count in sorted(counts.items()))}"
        for name, counts in sorted(values.items())
    )
