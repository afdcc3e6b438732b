"""Manifests: whose scans lie where, line by line; one line at fault is told and hinders no other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import InputError
from core.export.tables import number, read_columns, write_csv
from core.imaging.burned_in import TextBox

COLUMNS = ("path", "subject", "group", "visit", "field_t")
# what a manifest may say besides: text in the pixels, and which series are which
EXTRA = ("burned_in", "echoes", "anatomy", "gre3d")
ROLES = ("echoes", "anatomy", "gre3d")
_LONGEST_NAME = 64
# in place of a series' name
NO_SERIES = "none"
_BOX = re.compile(r"slices? (\d+)(?: to (\d+))?, rows (\d+) to (\d+), columns (\d+) to (\d+)")

Boxes = Mapping[str, tuple[TextBox, ...]]


@dataclass(frozen=True)
class Row:
    """One line of a manifest: a folder of images, and whose scan it is.

    `burned_in` is what the coordinator decided on text in the pixels: "" nothing yet, "none" that there is
    none, "mask" that it be masked; `boxes` are the places by role, none where they are to be found. `roles`
    are the series chosen by hand, by role: a series' name of `inspect`, or "none".
    """

    path: Path
    subject: str
    group: str
    visit: str
    field_t: float
    burned_in: str = ""
    boxes: Boxes = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.subject}, {self.visit}, {self.field_t:g} T"


@dataclass(frozen=True)
class Line:
    """One line as it is written, right or wrong; a relative path is one in `folder`."""

    cells: Mapping[str, str]
    folder: Path

    def with_cell(self, column: str, text: str) -> Line:
        """Return the line with another text in a column."""
        return replace(self, cells={**self.cells, column: text.strip()})

    def row(self) -> Row:
        """Return what the line says.

        Raises
        ------
        InputError
            If a cell is empty or makes no sense; it says which and why.
        """
        cells = {name: self.cells.get(name, "") for name in (*COLUMNS, *EXTRA)}
        if not all(cells[name] for name in ("path", "subject", "group", "visit")):
            raise InputError("path, subject, group and visit must all be filled in")
        for column in ("subject", "group", "visit"):
            _refuse_unwritable(column, cells[column])
        burned_in, boxes = parse_burned_in(cells["burned_in"])
        try:
            field_t = number(cells["field_t"])
        except ValueError as error:
            raise InputError(f"field_t should be a number, not {cells['field_t']!r}") from error
        if field_t <= 0:
            raise InputError(f"field_t must be positive, in tesla, not {cells['field_t']}")
        if cells["echoes"] == NO_SERIES:
            raise InputError("echoes must name a series, or be empty")
        roles = {role: cells[role] for role in ROLES if cells[role]}
        return Row(
            self.folder / cells["path"], cells["subject"], cells["group"], cells["visit"], field_t,
            burned_in, boxes, roles,
        )  # fmt: skip


def read_lines(path: Path) -> list[Line]:
    """Read a manifest's lines, whatever they say; paths are relative to its own folder.

    Raises
    ------
    InputError
        If it cannot be read, a column is missing, or there is no line.
    """
    columns = read_columns(path, COLUMNS, EXTRA)
    lines = [
        Line(dict(zip(columns, cells, strict=True)), path.parent)
        for cells in zip(*columns.values(), strict=True)
    ]
    if not lines:
        raise InputError(f"{path}: holds no scan; give one line per scan")
    return lines


def read_manifest(path: Path) -> list[Row]:
    """Read a manifest; InputError names line and fault of the first line that is not right."""
    rows: list[Row] = []
    for place, (line, fault) in enumerate(checked(read_lines(path)), start=2):
        if fault:
            raise InputError(f"{path} line {place}: {fault}")
        rows.append(line.row())
    return rows


def checked(lines: Sequence[Line]) -> list[tuple[Line, str]]:
    """Return every line with what is wrong with it, "" where nothing is."""
    found: list[tuple[Line, str]] = []
    seen: set[tuple[str, str, float]] = set()
    groups: dict[str, str] = {}
    for line in lines:
        try:
            row = line.row()
            _refuse_again(row, seen, groups)
        except InputError as error:
            found.append((line, str(error)))
        else:
            found.append((line, ""))
    return found


def write_manifest(path: Path, lines: Sequence[Line], *, force: bool = False) -> None:
    """Write lines so that `read_manifest` reads them; InputError if it cannot be written."""
    extra = [name for name in EXTRA if any(line.cells.get(name) for line in lines)]
    columns = (*COLUMNS, *extra)
    rows = [
        {name: line.cells.get(name, "") for name in columns}
        | {"path": str((line.folder / line.cells.get("path", "")).resolve())}
        for line in lines
    ]
    write_csv(path, columns, rows, force=force)


def parse_burned_in(text: str) -> tuple[str, dict[str, tuple[TextBox, ...]]]:
    """Return what a cell decides on text in the pixels, and the boxes that it names by role.

    Raises
    ------
    InputError
        If it is neither none, mask, mask with places, nor empty.
    """
    decision, _, places = text.partition(" ")
    if decision not in ("", "none", "mask") or (places and decision != "mask"):
        raise InputError(f"burned_in must be none, mask or empty, not {text!r}")
    boxes: dict[str, tuple[TextBox, ...]] = {}
    for place in filter(None, places.split("; ")):
        role, _, where = place.partition(": ")
        found = _BOX.fullmatch(where)
        if role not in ROLES or found is None:
            raise InputError(
                f"burned_in: {place!r} is no place; write it as "
                "mask echoes: slices 1 to 9, rows 3 to 14, columns 1 to 90"
            )
        first, last, top, bottom, left, right = (int(part or found[1]) for part in found.groups())
        box = TextBox(top - 1, left - 1, bottom, right, tuple(range(first - 1, last)))
        boxes[role] = (*boxes.get(role, ()), box)
    return decision, boxes


def place_text(box: TextBox) -> str:
    """Return where a box is, in words, counted from 1."""
    first, last = box.slices[0] + 1, box.slices[-1] + 1
    slices = f"slice {first}" if first == last else f"slices {first} to {last}"
    return f"{slices}, rows {box.top + 1} to {box.bottom}, columns {box.left + 1} to {box.right}"


def places_text(boxes: Mapping[str, Sequence[TextBox]]) -> str:
    """Return where the boxes of several series are, as a manifest's `burned_in` has them."""
    return "; ".join(f"{role}: {place_text(box)}" for role, each in boxes.items() for box in each)


def _refuse_unwritable(column: str, name: str) -> None:
    """Refuse what neither a plot nor another program's syntax can hold in one line."""
    broken = any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name)
    if broken or len(name) > _LONGEST_NAME:
        raise InputError(
            f"{column} must be one line of at most {_LONGEST_NAME} characters, without tabs; shorten it"
        )


def _refuse_again(row: Row, seen: set[tuple[str, str, float]], groups: dict[str, str]) -> None:
    what = (row.subject, row.visit, row.field_t)
    if what in seen:
        raise InputError(f"{row.name} stands twice; one scan per visit and field")
    group = groups.setdefault(row.subject, row.group)
    if group != row.group:
        raise InputError(f"{row.subject} is in group {group!r} above; a subject is in one group")
    seen.add(what)
