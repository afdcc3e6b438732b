"""CSV tables out and in: RFC 4180, UTF-8, point as decimal mark, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import locale
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InputError
from core.files import whole_file

# a spreadsheet takes text that starts so for a formula; apostrophes before it mean an earlier guard
_LIVE = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ",;\t"
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Profile:
    """How a CSV file is written: its delimiter, and whether a byte order mark leads it."""

    delimiter: str = ","
    bom: bool = False


PLAIN = Profile()


def excel_profile() -> Profile:
    """Return what this machine's Excel opens by itself: a byte order mark and the locale's delimiter."""
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "")
        comma = locale.localeconv()["decimal_point"] == ","
    except locale.Error:
        comma = False
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
    return Profile(delimiter=";" if comma else ",", bom=True)


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    profile: Profile = PLAIN,
    force: bool = False,
) -> None:
    """Write rows as CSV; the file appears whole or not at all.

    Numbers are written so that they come back bit for bit; None and NaN leave the cell empty; booleans
    become 1 and 0. Text that starts with ``= + - @``, tab or carriage return gets an apostrophe in front
    (as does text that starts with apostrophes and then one of these, so that `read_csv` can take it off).

    Parameters
    ----------
    columns : sequence of str
        Header and order of the cells; a row may leave some out, and may not have others.

    Raises
    ------
    InputError
        If the file exists and `force` is not set, or its folder cannot be written.
    """
    with whole_file(path, force=force) as draft:
        encoding = "utf-8-sig" if profile.bom else "utf-8"
        with draft.open("w", newline="", encoding=encoding) as stream:
            writer = csv.writer(stream, delimiter=profile.delimiter)
            writer.writerow([cell(column) for column in columns])
            known = frozenset(columns)
            for row in rows:
                if not known.issuperset(row):
                    raise ValueError(f"unknown columns {sorted(set(row) - known)} for {path.name}")
                writer.writerow([cell(row.get(column)) for column in columns])


def cell(value: Any) -> str:
    """Return how a value stands in a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if _LIVE.match(value) else value
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return "" if math.isnan(number) else repr(number)
    raise TypeError(f"a table cell holds text or a number, not {type(value).__name__}")


def read_csv(path: Path, *, header: bool = True) -> tuple[list[str], list[list[str]]]:
    """Read a CSV file with comma, semicolon or tab, with or without a byte order mark.

    Returns
    -------
    columns : list of str
        The header, stripped; empty without one.
    rows : list of list of str
        The cells, the guard against formulas taken off; rows that are wholly empty are dropped.

    Raises
    ------
    InputError
        If the file is missing, is no UTF-8 text, is empty, or a row has more or fewer cells than the header.
    """
    try:
        # as bytes: text mode would change line ends inside quoted cells
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text; export it as CSV in UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    if "\0" in text:
        raise InputError(f"{path}: holds zero bytes, so it is no CSV file; export it as CSV in UTF-8")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        # line ends inside quotes belong to the cell, so the text is not split beforehand
        rows = list(csv.reader(_lines(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(f"{path}: is not a sound CSV file ({error}); look at its quotes") from error
    rows = [row for row in rows if any(map(str.strip, row))]
    if "'" in text:
        rows = [[_unguarded(value) for value in row] for row in rows]
    if not rows:
        raise InputError(f"{path}: is empty; a table with a header is needed")
    width = len(rows[0])
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != width:
            raise InputError(
                f"{path}: row {number} has {len(row)} cells where the first has {width}; correct it"
            )
    if not header:
        return [], rows
    return [name.strip() for name in rows[0]], rows[1:]


def read_columns(
    path: Path, required: Sequence[str], optional: Sequence[str] = (), rename: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """Read named columns of a CSV file as lists of stripped text.

    Parameters
    ----------
    required, optional : sequence of str
        Names we know the columns by; an optional one that is absent is absent from the result.
    rename : mapping of our name to the file's, optional

    Raises
    ------
    InputError
        As `read_csv`, and if a required column is missing or a wanted one stands twice.
    """
    columns, rows = read_csv(path)
    found: dict[str, list[str]] = {}
    for name in (*required, *optional):
        wanted = (rename or {}).get(name, name)
        if columns.count(wanted) > 1:
            raise InputError(f"{path}: the column {wanted!r} stands twice; rename one")
        if wanted in columns:
            place = columns.index(wanted)
            found[name] = [row[place].strip() for row in rows]
        elif name in required or wanted != name:
            raise InputError(f"{path}: the column {wanted!r} is missing; it has {', '.join(columns)}")
    return found


def number(text: str) -> float:
    """Return the number that a cell holds, with point or decimal comma; ValueError where it is none."""
    value = float(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def _unguarded(value: str) -> str:
    return value[1:] if _GUARDED.match(value) else value


def _lines(text: str) -> Iterable[str]:
    # like a file opened with newline="": split after line feeds, keep every character
    return io.StringIO(text, newline="")
