"""An audit trail on paper: what was done, when, to which case, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.export.report.blocks import Grid, Paragraph
from core.export.report.printed import as_pdf
from core.files import whole_file
from core.study.audit import Record

_HEADINGS = ("No.", "When (UTC)", "What", "Case", "Told", "SHA-256")
# of a hash or another long word; the CSV and the file hold all of it
_LONGEST = 16


def write_trail(
    path: Path, rows: Sequence[Mapping[str, Any]], records: Sequence[Record], *, force: bool = False
) -> None:
    """Write a trail that was checked as PDF.

    Parameters
    ----------
    path : Path
    rows : sequence of mapping
        Of `core.study.audit_listing.listed`: all records, or some that were chosen.
    records : sequence of Record
        All of the trail, at least one: the newest is named.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        If the file exists and `force` is not set, or its folder cannot be written.
    """
    head = records[-1]
    told = (
        f"{len(rows)} of {len(records)} records. The trail was checked when this was written: none is "
        f"missing and none was altered. The newest is record {head.sequence}, SHA-256 {head.sha256}. "
        "Times are those of the computer's clock; the number alone gives the order. Long words are cut here, "
        "and stand whole in the CSV."
    )
    table = Grid(_HEADINGS, [_cells(row) for row in rows])
    with whole_file(path, force=force) as draft:
        as_pdf(draft, "Audit trail", [Paragraph(told), table], {}, whole="the trail as CSV")


def _cells(row: Mapping[str, Any]) -> list[str]:
    told = "; ".join(f"{name}: {text}" for name, text in _flat(json.loads(row["detail"])))
    return [str(row["sequence"]), row["at"], row["action"], row["case"], told, _short(row["sha256"])]


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and values of JSON without its brackets; lists of lists are counted."""
    for name, value in values.items():
        if value in ("", []):
            continue
        if isinstance(value, dict):
            yield from _flat(value)
        elif isinstance(value, list) and any(isinstance(each, list) for each in value):
            yield name, f"{len(value)} entries"
        elif isinstance(value, list):
            yield name, ", ".join(_short(str(each)) for each in value)
        elif value is not None:
            yield _short(name), _short(str(value))


def _short(text: str) -> str:
    """Return a text with its long words cut."""
    return " ".join(word if len(word) <= 24 else f"{word[:_LONGEST]}…" for word in text.split(" "))
