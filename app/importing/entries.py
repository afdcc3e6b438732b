"""A series as it was found, with what a person said of it; and how both are told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.core_words import in_words
from app.scans import check_field
from core.errors import InputError
from core.export.tables import cell
from readers import SeriesInfo, Skipped, corrected, numbered_echoes, takes_part
from readers.model import Part
from widgets.series_form import Said, SeriesCard
from widgets.text_table import Column, Row
from widgets.words import marked, said

translate = QCoreApplication.translate

SERIES_COLUMNS = (
    Column(marked("Series"), 190), Column(marked("For R2*"), 228), Column(marked("Where"), 112),
    Column(marked("Field"), 145), Column(marked("Shows"), 140), Column(marked("Echo times, ms"), 140),
    Column(marked("Matrix"), 130), Column(marked("Spacing, mm"), 150),
    Column(marked("Files"), 64, number=True), Column(marked("Scanner"), 0),
)  # fmt: skip
SKIPPED_COLUMNS = (Column(marked("Skipped"), 620), Column(marked("Why"), 0))
SAYABLE_PARTS: tuple[Part, ...] = ("magnitude", "phase")

_FIELD_FROM = {
    "header": marked("T, from the header"),
    "inferred": marked("T, from the frequency"),
    "user": marked("T, given by you"),
    "unknown": marked("T, not in the header"),
}


@dataclass(frozen=True)
class Entry:
    """A series and what was said of it; `info` has both. Copies of a series have one id, each its own key."""

    key: str
    found: SeriesInfo
    field_t: float | None = None
    te_ms: tuple[float, ...] | None = None
    part: Part | None = None
    left_out: bool = False

    @cached_property
    def info(self) -> SeriesInfo:
        """The series with what a person knows better."""
        info = self.found
        if self.part is not None or self.te_ms is not None:
            info = corrected(info, part=self.part, te_ms=self.te_ms)
        return info if self.field_t is None else replace(info, field_t=self.field_t, field_source="user")

    @property
    def ready(self) -> bool:
        """Whether it can be mapped, and shall be."""
        return self.info.fit_for_r2star and not self.left_out

    @property
    def name(self) -> str:
        """The scanner's name for it, else that of its file or folder."""
        return self.info.description or self.info.path.name

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong or had to be assumed, in the words of a window."""
        told = self.info.problems
        if self.field_t is not None:
            told = tuple(problem for problem in told if not problem.startswith("the field is not"))
        told = tuple(problem.replace("give it with --field", "type it below") for problem in told)
        if numbered_echoes(self.found):
            told = tuple(f"{one}, or type them below" if " EchoTime in " in one else one for one in told)
        return tuple(in_words(problem) for problem in told)

    def given(self, what: str, text: str) -> Entry:
        """Return the entry with what was typed: `what` is "field", "times" or "part"; "" takes it back.

        Raises
        ------
        InputError
            If it cannot be.
        """
        words = text.strip()
        if what == "field":
            value = _number(words) if words else None
            check_field(self.found, value)
            return replace(self, field_t=value)
        if what == "times":
            changed = replace(self, te_ms=_times_of(words) or None)
        else:
            part = next(part for part in SAYABLE_PARTS if part == words)
            changed = replace(self, part=None if part == self.found.part[0] else part)
        # what cannot be is refused here and not when it is first used
        _ = changed.info
        return changed

    def map_words(self, out: Path) -> list[str]:
        """Return the words of the `map` command that does with this series what the window does."""
        words = ["map", str(self.info.path), "--series", self.found.id, "--out", str(out)]
        words += ["--field", f"{self.field_t:g}"] if self.field_t is not None else []
        words += ["--part", self.part] if self.part is not None else []
        return words + (["--te", ",".join(f"{te:g}" for te in self.te_ms)] if self.te_ms is not None else [])

    def row(self, roots: Sequence[Path]) -> Row:
        """Return its line in the list; `roots` are the folders that were opened."""
        info = self.info
        if self.left_out:
            state = translate("Entry", "left out by you")
        elif self.ready:
            state = translate("Entry", "ready")
        else:
            state = self.problems[0] if self.problems else translate("Entry", "not complete")
        cells = (
            self.name,
            state,
            below(info.path, roots),
            _field(info),
            _shows(info),
            _times(info.te_ms),
            " × ".join(map(str, info.shape)),
            " × ".join(f"{size:.3g}" for size in info.spacing_mm),
            str(info.files),
            _scanner(info),
        )
        tip = "\n".join([self.name, str(info.path), *(f"– {problem}" for problem in self.problems)])
        return Row(self.key, cells, tip, "ready" if self.ready else "not ready", self.left_out)

    def card(self, roots: Sequence[Path]) -> SeriesCard:
        """Return what the form shows of it; `roots` are the folders that were opened."""
        info, echoes = self.info, numbered_echoes(self.found)
        times_open = echoes > 0
        if self.te_ms is not None:
            source = translate("Entry", "ms, given by you")
        elif info.te_ms:
            source = translate("Entry", "ms, from the header")
        elif times_open:
            source = translate("Entry", "ms; none in the files, type {count}").format(count=echoes)
        else:
            source = translate("Entry", "ms; none in the files")
        part_open = takes_part(self.found)
        shows = translate("Entry", "from the name") if part_open else ""
        if self.part is not None:
            shows = translate("Entry", "given by you")
        return SeriesCard(
            title=self.name,
            scanner=_scanner(info),
            place=below(info.path, roots),
            whole_place=str(info.path),
            problems=(*self.problems, *((in_words(info.scaling),) if self.ready and info.scaling else ())),
            field=Said(
                "" if info.field_t is None else f"{info.field_t:.4g}",
                said(_FIELD_FROM[info.field_source]),
                self.found.field_t is None,
            ),
            times=Said(", ".join(f"{te:g}" for te in info.te_ms), source, times_open),
            part=Said(_shows(info), shows, part_open),
            parts=tuple((part, in_words(part)) for part in SAYABLE_PARTS),
            ready=self.ready,
            left_out=self.left_out,
        )


def series_text(entries: Sequence[Entry]) -> str:
    """Return the list that `inspect` prints as lines of cells between tabs, for a spreadsheet."""
    rows = [entry.info.as_json() | {"left_out": entry.left_out} for entry in entries]
    header = list(rows[0]) if rows else []
    return "\n".join(
        "\t".join(line) for line in [header, *([_cell(row[name]) for name in header] for row in rows)]
    )


def skipped_rows(skipped: Sequence[Skipped], roots: Sequence[Path]) -> list[Row]:
    """Return what was skipped as lines of a list; what lies below a folder that was opened, from there."""
    return [
        Row(
            str(number), (below(one.path, roots), in_words(one.reason)), f"{one.path}\n{in_words(one.reason)}"
        )
        for number, one in enumerate(skipped)
    ]


def below(path: Path, roots: Sequence[Path]) -> str:
    """Return the way to a file from the folder that was opened."""
    for root in roots:
        if path != root and path.is_relative_to(root):
            return str(path.relative_to(root))
    return path.name


def skipped_text(skipped: Sequence[Skipped]) -> str:
    """Return what was skipped as lines of cells between tabs."""
    return "\n".join(
        "\t".join(line)
        for line in [("path", "reason"), *((_cell(str(one.path)), _cell(one.reason)) for one in skipped)]
    )


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        value = "; ".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    # a tab or a line's end in a header would begin another cell
    return str(cell(" ".join(value.split()) if isinstance(value, str) else value))


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        told = translate("Entry", "{text} is not a number; type for example 3 or 0.064")
        raise InputError(told.format(text=repr(text))) from error
    if not 0 < value < math.inf:
        told = translate("Entry", "{text} cannot be; it must be a positive number")
        raise InputError(told.format(text=text))
    return value


def _times_of(text: str) -> tuple[float, ...]:
    """Read "2.5, 5, 7.5", and "2,5 5 7,5" of those who write a decimal comma."""
    words = text.replace(";", " ").replace(", ", " ").split()
    if len(words) == 1:
        words = text.split(",")
    return tuple(_number(word) for word in words)


def _scanner(info: SeriesInfo) -> str:
    return " ".join(word for word in (info.manufacturer, info.model) if word)


def _shows(info: SeriesInfo) -> str:
    return ", ".join(in_words(part) for part in info.part)


def _field(info: SeriesInfo) -> str:
    if info.field_t is None:
        return translate("Entry", "not known")
    told = {
        "inferred": translate("Entry", "{field} T, inferred"), "user": translate("Entry", "{field} T, yours"),
    }.get(info.field_source, "{field} T")  # fmt: skip
    return told.format(field=f"{info.field_t:.4g}")


def _times(te_ms: Sequence[float]) -> str:
    if not te_ms:
        return translate("Entry", "none")
    if len(te_ms) == 1:
        return f"{te_ms[0]:.4g}"
    told = translate("Entry", "{count}: {first} to {last}")
    return told.format(count=len(te_ms), first=f"{te_ms[0]:.4g}", last=f"{te_ms[-1]:.4g}")
