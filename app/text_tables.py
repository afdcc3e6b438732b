"""Tables for a terminal: columns lined up, numbers to the right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def text_table(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], digits: int = 4) -> str:
    """Return rows as lined-up text.

    Parameters
    ----------
    columns : mapping of key to heading
        What to show, in order; a column that is empty in every row is left away.
    rows : sequence of mappings
        None and NaN show as nothing.
    digits : int
        Decimals of fractional numbers.
    """
    cells = {key: [_cell(row.get(key), digits) for row in rows] for key in columns}
    shown = [key for key in columns if any(cells[key])]
    lines = []
    widths = {key: max(len(columns[key]), *(len(text) for text in cells[key])) for key in shown}
    right = {key: any(isinstance(row.get(key), (int, float)) for row in rows) for key in shown}
    for texts in [columns, *({key: cells[key][i] for key in shown} for i in range(len(rows)))]:
        line = "  ".join(
            texts[key].rjust(widths[key]) if right[key] else texts[key].ljust(widths[key]) for key in shown
        )
        lines.append(line.rstrip())
    return "\n".join(lines)


def interval_text(low: float, high: float, digits: int = 4) -> str:
    """Return "0.1234 to 0.5678", or nothing where there is no interval."""
    return "" if math.isnan(low) or math.isnan(high) else f"{low:.{digits}f} to {high:.{digits}f}"


def _cell(value: Any, digits: int) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)
