"""A cohort's manifest: a scan a row, in the words of a study's manifest and of `map`'s options.

What a row leaves empty is as the command line has it. One row at fault is told and hinders no other.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from app.cohort.places import Place, beside, check, fetched, folder_of, refuse_secret, without_secret
from core.errors import InputError
from core.export.names import safe_name
from core.export.tables import read_csv

# the study's columns that tell whose scan it is, and what they are called as options of `map`
IDENTITY = ("subject", "group", "visit")
_AS_OPTIONS = {"field_t": "field", "echoes": "series"}
# of the study's manifest, and nothing to maps
_UNUSED = ("burned_in", "anatomy", "gre3d")
_VALUES = (
    "te", "part", "method", "noise", "coils", "mask", "calibration", "baseline", "registration", "r2star0",
    "density", "slice_thickness", "agent",
)  # fmt: skip
_SWITCHES = ("truncate", "correct_gradient")
COLUMNS = ("path", "scan", *IDENTITY, *_AS_OPTIONS, *_VALUES, *_SWITCHES, "roi", *_UNUSED)
# of these an option of the command line goes when a row has the other
_INSTEAD = {"baseline": "r2star0", "r2star0": "baseline"}
_TRUE, _FALSE = ("1", "yes", "true"), ("0", "no", "false")
_LONGEST_NAME = 60
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ENDING = re.compile(r"\.(nii(\.gz)?|dcm|zip)$", re.IGNORECASE)
# what stands beside the scans' folders
RESERVED = ("summary.csv", "summary.json")


@dataclass(frozen=True)
class Row:
    """A scan of the cohort: its folder's name, its line in the manifest, what stands there, its fault.

    Addresses in its cells hold no secret: what was one is left out, and the row at fault.
    """

    name: str
    line: int
    cells: Mapping[str, str]
    fault: str = ""


class Cohort:
    """The rows of a manifest, and what each means as `map`'s options.

    Parameters
    ----------
    manifest : Place
        A CSV file.
    given : argparse.Namespace
        Options of the command line, which stand for what rows leave empty.

    Raises
    ------
    InputError
        If it cannot be read, has no path column or one that is unknown, or no row.
    """

    def __init__(self, manifest: Place, given: argparse.Namespace) -> None:
        columns, lines = _read(manifest)
        unknown = [column for column in columns if column not in COLUMNS]
        if "path" not in columns or unknown:
            # without a header it is a scan's line, and may hold what is not to be shown
            names = ", ".join(map(without_secret, unknown))
            what = f"unknown columns {names}" if unknown else "no column path"
            raise InputError(f"{manifest}: has {what}; a cohort's manifest may have {', '.join(COLUMNS)}")
        if len(set(columns)) < len(columns):
            raise InputError(f"{manifest}: a column stands twice; rename one")
        if not lines:
            raise InputError(f"{manifest}: holds no scan; give one line per scan")
        self._folder, self._given, self._parser = folder_of(manifest), given, _parser()
        self.rows = _rows(columns, lines)

    def options(self, row: Row) -> argparse.Namespace:
        """Return `map`'s options for a row; raise InputError where they make no sense."""
        return _options(row.cells, self._folder, self._given, self._parser)


def _rows(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> list[Row]:
    rows, taken = [], set(RESERVED)
    for line, texts in enumerate(lines, start=2):
        cells = {column: text.strip() for column, text in zip(columns, texts, strict=True) if text.strip()}
        fault = _secret(cells)
        cells = {column: without_secret(text) for column, text in cells.items()}
        name = _name(cells) if "path" in cells else ""
        if not name:
            fault = fault or "path must be filled in"
        elif not fault:
            if name.casefold() in taken:
                fault = f"the name {name} is taken; give each scan one of its own in the column scan"
            taken.add(name.casefold())
        rows.append(Row(name, line, cells, fault))
    return rows


def _secret(cells: Mapping[str, str]) -> str:
    """Say of the first cell that holds a secret that it does, without it; "" if none does."""
    try:
        for text in cells.values():
            refuse_secret(text)
    except InputError as error:
        return str(error)
    return ""


def _read(manifest: Place) -> tuple[list[str], list[list[str]]]:
    if isinstance(manifest, Path):
        return read_csv(manifest)
    with tempfile.TemporaryDirectory() as folder:
        return read_csv(fetched(manifest, Path(folder)))


def _name(cells: Mapping[str, str]) -> str:
    """Return what a scan's folder is called: as its row says, by subject, visit and field, or by its path."""
    if cells.get("scan"):
        return safe_name(cells["scan"])
    field_t = f"{cells['field_t']}T" if cells.get("field_t") else ""
    if cells.get("subject"):
        return safe_name("_".join(filter(None, (cells["subject"], cells.get("visit", ""), field_t))))
    path = _ENDING.sub("", _SCHEME.sub("", cells["path"]).strip("/\\."))
    if len(path) <= _LONGEST_NAME:
        return safe_name(path)
    # the ends of long paths may be alike
    return f"{safe_name(path[-_LONGEST_NAME:])}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def _options(
    filled: Mapping[str, str], folder: Place, given: argparse.Namespace, parser: argparse.ArgumentParser
) -> argparse.Namespace:
    from app.commands.map import check_combination

    own = argparse.Namespace(**vars(given))
    for option, other in _INSTEAD.items():
        if option in filled and other not in filled:
            setattr(own, other, None)
    words = [
        f"{_switch(_AS_OPTIONS.get(column, column))}={filled[column]}"
        for column in (*_AS_OPTIONS, *_VALUES)
        if column in filled
    ]
    for column in _SWITCHES:
        if column in filled:
            setattr(own, column, _boolean(column, filled[column]))
    if "roi" in filled:
        own.roi = []
        words += [f"--roi={region.strip()}" for region in filled["roi"].split(";")]
    args = parser.parse_args([*words, "--out=.", "--", filled["path"]], own)
    _place(args, filled, folder)
    check_combination(args)
    return args


def _place(args: argparse.Namespace, filled: Mapping[str, str], folder: Place) -> None:
    """Make whole places of what a row names, from the manifest's folder, and the command line from here."""
    for role in ("path", "baseline", "calibration"):
        named = getattr(args, role)
        if named is not None:
            setattr(args, role, _whole(beside(folder, filled[role]) if role in filled else named))
    if args.mask not in ("auto", "none"):
        args.mask = str(_whole(beside(folder if "mask" in filled else Path(), args.mask)))
    regions = {}
    for word in args.roi:
        name, separator, file = word.partition("=")
        named = beside(folder if "roi" in filled else Path(), file if separator else word)
        name = name.strip() if separator else Path(word).name.split(".")[0]
        if not name or name in regions:
            raise InputError(f"roi {word}: give every region a name of its own, as tumour=FILE")
        regions[name] = _whole(named)
    args.roi = [f"{name}={named}" for name, named in regions.items()]


def _whole(named: Place) -> Place:
    check(named)
    return named.absolute() if isinstance(named, Path) else named


def _switch(option: str) -> str:
    return f"--{option.replace('_', '-')}"


def _boolean(column: str, cell: str) -> bool:
    if cell.casefold() not in (*_TRUE, *_FALSE):
        raise InputError(f"{column} must be 1 or 0, not {cell!r}")
    return cell.casefold() in _TRUE


class _Parser(argparse.ArgumentParser):
    """The command's own parser; what it would end the program for is the row's fault."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message.removeprefix("argument "))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise InputError(message or "a cell must hold one value, no option")


def _parser() -> argparse.ArgumentParser:
    from app.commands.map import configure

    parser: Any = _Parser(add_help=False, allow_abbrev=False)
    configure(parser)
    return parser


def shown(rows: Sequence[Row], columns: Sequence[str] = ("path", *IDENTITY)) -> tuple[str, ...]:
    """Return those columns that any row fills."""
    return tuple(column for column in columns if any(row.cells.get(column) for row in rows))
