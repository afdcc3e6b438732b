"""What a report is made of, whatever it is printed as."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.export.report.style import Plot

# columns that hold p values
_P = ("p", "p_adjusted")
# the column that says why a number is missing, or what is to be minded of it
REASON = "reason"


@dataclass(frozen=True)
class Heading:
    """A section's title: level 1 is a chapter, 2 a section."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table with its headings, cells as text, and what stands under it: a note, and what letters mean."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    remarks: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """A plot with its number."""

    number: int
    plot: Plot


Block = Heading | Paragraph | Grid | Picture


def grid(
    headings: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    note: str = "",
    *,
    digits: int = 3,
    compact: bool = True,
) -> Grid:
    """Return rows as a Grid: `headings` maps columns to what stands over them, numbers have `digits`.

    A `compact` one leaves out columns that are empty in every row; what is the same in all of several rows
    stands in the note once. The column `reason` holds letters, and under the table stands once what each
    says; without any reason there is no such column. A row may have several reasons, as a sequence.
    """
    given = [_reasons(row) for row in rows]
    columns = {name: [_cell(name, row.get(name), digits) for row in rows] for name in headings}
    if REASON in headings:
        columns[REASON] = ["; ".join(texts) for texts in given]
    same = {
        name: cells[0]
        for name, cells in columns.items()
        if compact and len(rows) > 1 and len(set(cells)) == 1
    }  # fmt: skip
    remarks: list[str] = []
    reasons = list(dict.fromkeys(text for texts in given for text in texts))
    if reasons and REASON in headings and REASON not in same:
        columns[REASON] = [", ".join(_letter(reasons.index(text)) for text in texts) for texts in given]
        remarks = [f"{_letter(place)}: {text}" for place, text in enumerate(reasons)]
    kept = [name for name in headings if name not in same and (name != REASON or remarks)]
    alike = "; ".join(f"{headings[name]}: {text}" for name, text in same.items() if text)
    told = " ".join(filter(None, (f"In all rows {alike}." if alike else "", note)))
    cells = [list(row) for row in zip(*(columns[name] for name in kept), strict=True)]
    return Grid([headings[name] for name in kept], cells, told, remarks)


def _reasons(row: Mapping[str, Any]) -> Sequence[str]:
    """Return a row's reasons: one text, or several."""
    found = row.get(REASON) or ()
    return (found,) if isinstance(found, str) else tuple(found)


def _letter(place: int) -> str:
    """Return a, b, … z, aa, ab, …"""
    more, last = divmod(place, 26)
    return (_letter(more - 1) if more else "") + chr(ord("a") + last)


def shown(value: Any, digits: int = 3) -> str:
    """Return a cell as text: an empty one for what is not there."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if value == round(value) and abs(value) < 1e6 else f"{value:z.{digits}f}"
    return str(value)


def _cell(name: str, value: Any, digits: int) -> str:
    """Return a cell of a column; a p too small for its digits is not 0."""
    small = name in _P and isinstance(value, float) and value < 10**-digits
    return f"< {10**-digits:.{digits}f}" if small else shown(value, digits)


def unbroken(text: str) -> str:
    """Return a text that no line end breaks."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def interval(row: Mapping[str, Any], low: str = "ci_low", high: str = "ci_high", digits: int = 2) -> str:
    """Return "0.12 to 0.90", or nothing where there is no interval."""
    ends = row.get(low), row.get(high)
    if any(end is None or not math.isfinite(end) for end in ends):
        return ""
    return unbroken(f"{ends[0]:z.{digits}f} to {ends[1]:z.{digits}f}")
