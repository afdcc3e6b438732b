"""`ferroread agreement`: how far raters agree, from a list of ratings or a table of counts."""

from __future__ import annotations

import argparse
import math
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.commands import Outcome, UsageError, add_json
from app.text_tables import interval_text, text_table
from core.errors import InputError
from core.export.tables import number, read_columns, read_csv
from core.progress import Progress
from core.statistics.ratings import (
    Coefficient,
    Ratings,
    Scale,
    coefficients,
    observed_categories,
    ratings_from_columns,
    ratings_from_table,
)

_MISSING = frozenset({"", ".", "na", "nan", "n/a", "null", "none"})
_SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval")
# the largest table a person can mean; beyond it the values are measurements, not categories
_MOST_CATEGORIES = 100


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", type=Path, help="CSV with columns rater,unit,value and maybe item, cluster"
    )
    parser.add_argument("--table", type=Path, metavar="FILE", help="square table of counts, without header")
    parser.add_argument("--columns", default="", help="other column names: rater=R,unit=U,value=V,item=I")
    parser.add_argument("--scale", choices=_SCALES, help="what the values are; otherwise told from them")
    parser.add_argument("--categories", help="all categories in order, such as 1,2,3,4,5")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    if (args.file is None) == (args.table is None):
        raise UsageError("give either a FILE of ratings or --table FILE, one of them")
    declared = _declared(args.categories)
    if args.table is not None:
        tables, categories, scale = _from_table(args.table, declared, args.scale)
    else:
        tables, categories, scale = _from_ratings(args.file, args.columns, declared, args.scale)
    found: list[Coefficient] = []
    for done, table in enumerate(tables):
        progress.report(done / len(tables), "agreement")
        found += coefficients(table, categories.get(table.item, ()), scale)
    return Outcome(_data(found, tables, categories, scale), _text(found, tables, categories, scale))


def _declared(text: str | None) -> list[str] | None:
    if text is None:
        return None
    categories = [part.strip() for part in text.split(",")]
    if len(set(categories)) != len(categories) or "" in categories:
        raise UsageError(f"--categories {text}: list each category once, separated by commas")
    return categories


def _from_table(
    path: Path, declared: list[str] | None, scale: Scale | None
) -> tuple[list[Ratings], dict[str, list[Hashable]], Scale]:
    if scale == "interval":
        raise UsageError("a table of counts has categories, not an interval scale; use nominal or ordinal")
    _, rows = read_csv(path, header=False)
    try:
        counts = np.array([[number(value.strip()) for value in row] for row in rows])
    except ValueError as error:
        raise InputError(f"{path}: holds something other than counts; give the bare square table") from error
    names: list[Hashable] = list(declared or range(1, len(counts) + 1))
    try:
        table = ratings_from_table(counts)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    if len(names) != len(counts):
        raise InputError(f"{path}: has {len(counts)} categories, --categories lists {len(names)}")
    # the codes stand for the names, whatever these are
    return [table], {table.item: list(range(len(counts)))}, scale or "ordinal"


def _from_ratings(
    path: Path, columns: str, declared: list[str] | None, scale: Scale | None
) -> tuple[list[Ratings], dict[str, list[Hashable]], Scale]:
    cells = read_columns(path, ("rater", "unit", "value"), ("item", "cluster"), _renamed(columns))
    if not cells["rater"]:
        raise InputError(f"{path}: has a header and no ratings")
    for name in ("rater", "unit"):
        if "" in cells[name]:
            raise InputError(
                f"{path}: row {cells[name].index('') + 2} has no {name}; fill it in or delete the row"
            )
    if "cluster" in cells:
        _check_clusters(path, cells)
    known = [
        None if text.lower() in _MISSING and text not in (declared or ()) else text for text in cells["value"]
    ]
    values, numeric = _numbers(known, declared)
    if not numeric:
        _check_infinite(path, known, declared)
    scale = scale or _scale_of(values, numeric)
    if scale == "interval" and not numeric:
        row, text = next((row, text) for row, text in enumerate(known, 2) if text and not _is_number(text))
        raise InputError(f"{path}: row {row}: {text!r} is not a number; an interval scale needs numbers")
    if scale == "ordinal" and not numeric and declared is None:
        raise InputError(
            f"{path}: text has no order of its own; give --categories in order, or --scale nominal"
        )
    columns_of = (cells["rater"], cells["unit"], values, cells.get("item"), cells.get("cluster"))
    tables = list(ratings_from_columns(*columns_of))
    categories = {table.item: _categories(table, declared, numeric) for table in tables}
    most = max(len(listed) for listed in categories.values())
    if scale != "interval" and most > _MOST_CATEGORIES:
        raise InputError(f"{path}: has {most} different values; for measurements use --scale interval")
    return tables, categories, scale


def _renamed(columns: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in columns.split(","))):
        ours, separator, theirs = part.partition("=")
        if not separator or ours.strip() not in {"rater", "unit", "value", "item", "cluster"}:
            raise UsageError(
                f"--columns {part}: write rater=NAME,unit=NAME,value=NAME,item=NAME,cluster=NAME"
            )
        names[ours.strip()] = theirs.strip()
    if len(set(names.values())) < len(names):
        raise UsageError(f"--columns {columns}: one column cannot be two things; name each once")
    return names


def _numbers(texts: Sequence[str | None], declared: list[str] | None) -> tuple[list[Any], bool]:
    """Return the values as numbers if all of them, and all declared categories, are numbers."""
    try:
        for text in declared or ():
            number(text)
        return [None if text is None else number(text) for text in texts], True
    except ValueError:
        return list(texts), False


def _check_clusters(path: Path, cells: Mapping[str, Sequence[str]]) -> None:
    """Refuse a unit without a cluster, or with two."""
    owner: dict[tuple[str, str], str] = {}
    items = cells.get("item", [""] * len(cells["unit"]))
    for row, (item, unit, cluster) in enumerate(zip(items, cells["unit"], cells["cluster"], strict=True), 2):
        if not cluster:
            raise InputError(f"{path}: row {row} has no cluster; fill it in or delete the row")
        if owner.setdefault((item, unit), cluster) != cluster:
            raise InputError(
                f"{path}: row {row}: the unit {unit!r} stands before in another cluster; keep one"
            )


def _check_infinite(path: Path, texts: Sequence[str | None], declared: list[str] | None) -> None:
    """Refuse an infinite value among numbers, which would make categories of all of them."""
    told = [(row, text) for row, text in enumerate(texts, 2) if text is not None and not _is_number(text)]
    if told and declared is None and all(_is_infinite(text) for _, text in told) and len(told) < len(texts):
        row, text = told[0]
        raise InputError(f"{path}: row {row}: the value {text!r} is not a finite number; correct it")


def _is_infinite(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    try:
        number(text)
    except ValueError:
        return False
    return True


def _scale_of(values: Sequence[Any], numeric: bool) -> Scale:
    if not numeric:
        return "nominal"
    return "ordinal" if all(value is None or value == int(value) for value in values) else "interval"


def _categories(table: Ratings, declared: list[str] | None, numeric: bool) -> list[Hashable]:
    if declared is None:
        return observed_categories([table])
    return [number(name) if numeric else name for name in declared]


def _data(
    found: list[Coefficient], tables: list[Ratings], categories: dict[str, list[Hashable]], scale: Scale
) -> dict[str, Any]:
    data: dict[str, Any] = {"scale": scale}
    for row in found:
        data.setdefault(row.coefficient, []).append(row.as_json())
    data["items"] = [
        {
            "item": table.item,
            "raters": list(table.raters),
            "units": len(table.units),
            "categories": None if scale == "interval" else len(categories[table.item]),
            "left_out": dict(table.left_out),
            "note": _gap(categories.get(table.item, [])),
        }
        for table in tables
    ]
    return data


def _text(
    found: list[Coefficient], tables: list[Ratings], categories: dict[str, list[Hashable]], scale: Scale
) -> str:
    names = {
        "kappa": "Cohen's kappa",
        "fleiss": "Fleiss' kappa",
        "light": "Light's kappa",
        "ac1": "Gwet's AC1",
    }
    names |= {"ac2": "Gwet's AC2", "alpha": "Krippendorff's alpha", "icc": "ICC", "ccc": "Lin's CCC"}
    names |= {"brennan_prediger": "Brennan-Prediger", "bias": "bias", "repeatability": "repeatability"}
    names |= {"lower_limit": "lower limit of agreement", "upper_limit": "upper limit of agreement"}
    rows = [
        {
            **row.as_row(),
            "name": row.weights if row.coefficient == "icc" else names[row.coefficient],
            "weights": "" if row.coefficient == "icc" else row.weights,
            "reason": _reasons(row),
            "interval": interval_text(row.estimate.ci_low, row.estimate.ci_high),
            "clustered": interval_text(row.clustered.ci_low, row.clustered.ci_high) if row.clustered else "",
            "bootstrap": interval_text(row.bootstrap.ci_low, row.bootstrap.ci_high) if row.bootstrap else "",
        }
        for row in found
    ]
    headings = {"item": "item", "raters": "raters", "name": "coefficient", "weights": "weights", "n": "n"}
    headings |= {"left_out": "left out", "kappa": "value", "se": "SE", "interval": "95 % interval"}
    headings |= {"clustered": "clustered", "label": "Landis-Koch", "bootstrap": "bootstrap", "reason": "note"}
    lines = [text_table(headings, rows), ""]
    for table in tables:
        size = "" if scale == "interval" else f", {len(categories[table.item])} categories"
        lost = ", ".join(f"{count} {reason}" for reason, count in table.left_out.items()) or "none"
        name = f"{table.item}: " if table.item else ""
        size = f"{len(table.units)} units, {len(table.raters)} raters{size}"
        lines.append(f"{name}{size}, {scale}; answers left out: {lost}")
        lines += filter(None, [_gap(categories.get(table.item, []))])
    return "\n".join(lines)


def _reasons(row: Coefficient) -> str:
    clustered = "" if row.clustered is None else row.clustered.reason
    told = [row.estimate.reason, f"clustered {clustered}" if clustered and row.estimate.estimable else ""]
    return "; ".join(filter(None, told))


def _gap(categories: Sequence[Any]) -> str:
    """Warn where whole numbers skip one: weights go by a category's place, so an unused one matters."""
    if (
        not categories
        or isinstance(categories[0], str)
        or categories[-1] - categories[0] == len(categories) - 1
    ):
        return ""
    listed = ", ".join(f"{category:g}" for category in categories)
    return f"the categories were taken to be {listed}; name those nobody chose with --categories"
