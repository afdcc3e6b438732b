"""The order in which visits, groups and fields stand in a table."""

from __future__ import annotations

import re

_BEFORE = ("baseline", "pre", "before")
_HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0, "m": 730.0, "y": 8766.0}
# "24 h", "day 7", "2w"
_TIME = re.compile(r"(?:\b(d|w|m|y)[a-z]*\s*)?(-?\d+(?:[.,]\d+)?)\s*(min|s|h|d|w|m|y)?")


def visit_hours(visit: str) -> float | None:
    """Return the hours that a visit's name tells ("24 h", "day 7"), 0 for the baseline, else None."""
    name = visit.strip().lower()
    if name.startswith(_BEFORE):
        return 0.0
    found = _TIME.search(name)
    if found is None:
        return None
    return float(found[2].replace(",", ".")) * _HOURS[found[3] or found[1] or "h"]


def visit_key(visit: str) -> tuple[int, float, str]:
    """Return a key that sorts visits by time: the baseline, then "1 h", "24 h", "7 d", then other names."""
    name = visit.strip().lower()
    hours = visit_hours(visit)
    if hours is None:
        return 2, 0.0, name
    return (0 if name.startswith(_BEFORE) else 1), hours, name


def stratum_key(field_t: float | None, visit: str) -> tuple[float, tuple[int, float, str]]:
    """Return a key that puts the whole before the fields, the strongest first, and each before its visits."""
    whole = (-1, 0.0, "")
    return (float("-inf") if field_t is None else -field_t), visit_key(visit) if visit else whole
