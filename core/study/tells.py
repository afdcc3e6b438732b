"""What about the pictures would tell visits or groups apart, or link scans, though every name is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from core.imaging.geometry import Geometry
from core.study.as_dealt import DIRECTION, PLACE, SPACING, TE, by_numbers, centre_mm, dealt_grid, dealt_te_ms
from core.study.records import Scan

_MOST_LISTED = 4


@dataclass(frozen=True)
class Looks:
    """How a scan presents itself before anybody looks at the anatomy, to the last digit that is dealt."""

    matrix: str  # slices x rows x columns
    spacing: str  # mm
    echo_times: str  # ms
    pictures: str  # which there are
    slices: str = ""
    field_of_view: str = ""  # mm
    echoes: str = ""  # how many
    orientation: str = ""  # directions of slices, rows and columns: obliquity, and the way they are sorted
    anatomy: str = ""  # its matrix and spacing
    gre3d: str = ""
    anatomy_place: str = ""  # its directions, and where its middle lies from that of the echoes, in mm
    gre3d_place: str = ""
    fractions: str = ""  # in which pictures values lie between whole numbers


def looks_of(
    grid: Geometry,
    te_ms: Sequence[float],
    roles: Collection[str],
    own_grids: Mapping[str, Geometry],
    fractions: Collection[str] = (),
) -> Looks:
    """Return how a scan presents itself.

    Parameters
    ----------
    grid : Geometry
        Of the multi-echo series, in the scanner's own LPS mm.
    te_ms : sequence of float
    roles : collection of str
        What pictures there are.
    own_grids : mapping of role to Geometry
        Of the pictures that have a grid of their own, in the same LPS mm.
    fractions : collection of str
        Roles of the pictures that are stored as such, since their values are not all whole numbers.
    """
    about = centre_mm(grid)
    shown = dealt_grid(grid, about)
    extent = np.multiply(shown.shape, shown.spacing_mm)
    own = {role: dealt_grid(each, about) for role, each in own_grids.items()}
    return Looks(
        matrix=_by(shown.shape),
        spacing=by_numbers(shown.spacing_mm, SPACING, " x "),
        echo_times=by_numbers([dealt_te_ms(te) for te in te_ms], TE, " "),
        pictures=" ".join(sorted(set(roles) & {"anatomy", "gre3d", "r2star", "iron"})),
        slices=str(shown.shape[0]),
        field_of_view=by_numbers(extent, SPACING, " x "),
        echoes=str(len(te_ms)),
        orientation=_orientation(shown),
        fractions=" ".join(sorted(fractions)),
        **{role: f"{_by(each.shape)}, {by_numbers(each.spacing_mm, SPACING, ' x ')}"
           for role, each in own.items()},
        **{f"{role}_place": f"{_orientation(each)}; at {by_numbers(centre_mm(each), PLACE, ' ')}"
           for role, each in own.items()},
    )  # fmt: skip


def _orientation(grid: Geometry) -> str:
    # one digit more: a length of exactly 1 is what rounded directions get at the end
    return "; ".join(by_numbers(axis, DIRECTION + 1, " ") for axis in grid.directions.T)


def _by(parts: Iterable[object]) -> str:
    return " x ".join(map(str, parts))


def tells(looks: Mapping[str, Looks], scans: Sequence[Scan]) -> tuple[str, ...]:
    """Say what differs between visits, or between groups, among scans of one field, and how many are alone.

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
        alone = _alone([looks[scan.scan_id] for scan in same_field])
        if alone:
            told.append(f"{field_t:g} T: {alone}")
    return tuple(told)


def _alone(looks: Sequence[Looks]) -> str:
    """How many scans look like no other, and by what: they can be matched between kits; else nothing."""
    alone = sum(count == 1 for count in Counter(looks).values())
    if not alone or len(looks) < 2:
        return ""
    by = [
        name.replace("_", " ")
        for name in Looks.__annotations__
        if 1 in Counter(getattr(look, name) for look in looks).values()
    ]
    what = ", ".join(by) or "in several things together"
    return (
        f"{alone} of {len(looks)} scans look like no other ({what}), so whoever has two raters' kits can "
        "lay them side by side"
    )


def _difference(
    scans: Sequence[Scan], what: str, of: Callable[[Scan], str], looks: Mapping[str, Looks]
) -> str:
    """Which values each visit or group has, where the shares are not the same everywhere; else nothing."""
    values: dict[str, Counter[str]] = {}
    for scan in scans:
        values.setdefault(of(scan), Counter())[str(getattr(looks[scan.scan_id], what))] += 1
    shares = {
        frozenset((value, Fraction(count, counts.total())) for value, count in counts.items())
        for counts in values.values()
    }
    if len(shares) == 1:
        return ""
    return "; ".join(f"{name} {_listed(counts)}" for name, counts in sorted(values.items()))


def _listed(counts: Counter[str]) -> str:
    """Tell the most frequent values: a scan may have an obliquity of its own, and hundreds say nothing."""
    by_count = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    more = len(by_count) - _MOST_LISTED
    named = ", ".join(f"{value} ({count})" for value, count in by_count[:_MOST_LISTED])
    return f"{named}, ... ({more})" if more > 0 else named
