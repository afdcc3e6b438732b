"""What about the pictures would tell a rater visits or groups apart, though every name is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.study.records import Scan


@dataclass(frozen=True)
class Looks:
    """How a scan presents itself before anybody looks at the anatomy."""

    matrix: str  # slices x rows x columns
    spacing: str  # mm
    echo_times: str  # ms
    pictures: str  # which there are


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
