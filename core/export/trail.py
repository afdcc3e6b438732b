"""An audit trail on paper: what was done, when, to which case, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.export.report.blocks import Grid, Paragraph
from core.export.report.printed import as_pdf
from core.export.tables import write_csv
from core.files import whole_file
from core.study.audit import Record
from core.study.audit_listing import COLUMNS, told, without_long_words

_HEADINGS = ("No.", "When (UTC)", "Who", "What", "Case", "Told", "SHA-256")


def write_trail(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    records: Sequence[Record],
    *,
    withheld: bool = False,
    force: bool = False,
) -> None:
    """Write a trail that was checked as PDF.

    Parameters
    ----------
    path : Path
    rows : sequence of mapping
        Of `core.study.audit_listing.listed`: all records, or some that were chosen.
    records : sequence of Record
        All of the trail, at least one: the newest is named.
    withheld : bool
        Whether what some of the records say is not told; no hash that covers them is then.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        If the file exists and `force` is not set, or its folder cannot be written.
    """
    head = records[-1]
    if withheld:
        named = (
            f"record {head.sequence}. From the first record on of which is not told what it says, no SHA-256 "
            "is told either: with it, what is withheld could be found by trying"
        )
    else:
        named = f"record {head.sequence}, SHA-256 {head.sha256}"
    checked = (
        f"{len(rows)} of {len(records)} records. When this was written, each followed from the one "
        f"before, up to the newest, {named}. Whether newer ones were "
        "cut off shows against the head that an export or a collection keeps. "
        "Times are those of the computer's clock; the number alone gives the order. Long words are cut here, "
        "and stand whole in the CSV."
    )
    table = Grid(_HEADINGS, [_cells(row) for row in rows])
    with whole_file(path, force=force) as draft:
        as_pdf(draft, "Audit trail", [Paragraph(checked), table], {}, whole="the trail as CSV")


def write_rows(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    records: Sequence[Record],
    *,
    withheld: bool = False,
    force: bool = False,
) -> None:
    """Write a trail that was checked as the file is called: NAME.pdf to print, anything else as CSV.

    Takes and raises what `write_trail` does.
    """
    if path.suffix.lower() == ".pdf":
        write_trail(path, rows, records, withheld=withheld, force=force)
    else:
        write_csv(path, COLUMNS, rows, force=force)


def _cells(row: Mapping[str, Any]) -> list[str]:
    words = (str(row["sequence"]), row["at"], row["who"], row["action"], row["case"])
    return [*words, told(row), without_long_words(row["sha256"])]
