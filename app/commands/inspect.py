"""`ferroread inspect`: every series in files, folders and zips; what was skipped and why."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import Outcome, add_json
from core.progress import Progress

if TYPE_CHECKING:
    from readers import Inspection, SeriesInfo, Skipped

# so many files with one reason are told one by one; more of them by their folder
_FEW = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("path", nargs="+", type=_path, metavar="PATH", help="a file, folder or zip archive")
    add_json(parser)


def _path(text: str) -> Path:
    """Return a path that was typed; an empty one is a slip, and no name for the folder one stands in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("PATH is empty; name a file, a folder or a zip archive")
    return Path(text)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """List what is there; where that is no picture, what was skipped is still told as JSON."""
    from readers import Inspection, NothingFoundError, inspect

    try:
        inspection = inspect(args.path, progress)
    except NothingFoundError as error:
        return Outcome(Inspection((), error.skipped).as_json(), error=str(error))
    return Outcome(inspection.as_json(), describe(inspection))


def describe(inspection: Inspection) -> str:
    """Return the inspection as a table: what is wrong below each line, and at the end what was skipped."""
    header = ("id", "", "echoes", "TE ms", "slices x rows x columns", "mm", "T", "parts", "series")
    rows = [_row(info) for info in inspection.series]
    widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header) - 1)]
    lines = [_line(header, widths)]
    for info, row in zip(inspection.series, rows, strict=True):
        lines.append(_line(row, widths))
        lines += [f"{'':{widths[0]}}  - {problem}" for problem in info.problems]
        if info.fit_for_r2star and info.scaling:
            lines.append(f"{'':{widths[0]}}  - {info.scaling}")
    fit = sum(info.fit_for_r2star for info in inspection.series)
    lines += ["", f"{len(inspection.series)} series, {fit} of them fit for R2*"]
    # names of files are anybody's, and may steer a terminal
    shown = (
        line if line.isprintable() else _printable(line) for line in lines + _skipped(inspection.skipped)
    )
    return "\n".join(shown)


def _printable(line: str) -> str:
    return "".join(
        letter if letter.isprintable() or "\udc80" <= letter <= "\udcff" else " " for letter in line
    )


def _row(info: SeriesInfo) -> tuple[str, ...]:
    maker = " ".join(word for word in (info.manufacturer, info.model) if word)
    named = ", ".join(word for word in (info.description, maker) if word)
    field = "?" if info.field_t is None else f"{info.field_t:.4g}"
    return (
        info.id,
        "R2*" if info.fit_for_r2star else "-",
        str(len(info.te_ms)) if info.te_ms else "?",
        _range(info.te_ms),
        " x ".join(str(size) for size in info.shape),
        " x ".join(f"{size:.3g}" for size in info.spacing_mm),
        field + (" inferred" if info.field_source == "inferred" else ""),
        ", ".join(info.part),
        f"{named}  {info.path}" if named else str(info.path),
    )


def _range(te_ms: Sequence[float]) -> str:
    if not te_ms:
        return "?"
    return f"{te_ms[0]:g}" if len(te_ms) == 1 else f"{te_ms[0]:g} to {te_ms[-1]:g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*aligned, cells[-1]]).rstrip()


def _skipped(skipped: Sequence[Skipped]) -> list[str]:
    """Name every skipped file, those of one folder and one reason together."""
    if not skipped:
        return []
    together: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for item in skipped:
        together[item.path.parent, item.reason].append(item.path)
    lines = ["", f"{len(skipped)} skipped:"]
    for (folder, reason), paths in together.items():
        if len(paths) <= _FEW:
            lines += [f"  {path}: {reason}" for path in paths]
        else:
            names = ", ".join(path.name for path in paths)
            lines.append(f"  {folder}: {len(paths)} files, each {reason}: {names}")
    return lines
