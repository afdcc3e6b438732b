"""`ferroread accuracy`: sensitivity, specificity and AUC of raters' scores against a reference."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from app.commands import Outcome, UsageError, add_json
from app.text_tables import interval_text, text_table
from core.errors import InputError
from core.export.tables import number, read_columns
from core.progress import Progress
from core.statistics.accuracy import compare_paired
from core.statistics.detection import AccuracyRow, Scores, accuracy_rows
from core.statistics.mrmc import mrmc_rows, obuchowski_rockette
from core.statistics.ratings import Ratings, ratings_from_columns

_POSITIVE = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_MISSING = frozenset({"", ".", "na", "nan", "n/a", "null", "none"})


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scores", type=Path, help="CSV with columns rater,unit,score and maybe field_t or modality"
    )
    parser.add_argument("reference", type=Path, help="CSV with columns unit,positive and maybe cluster")
    parser.add_argument(
        "--threshold",
        type=float,
        default=3.0,
        help="scores from here up count as positive (3 where not given)",
    )
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    if not math.isfinite(args.threshold):
        raise UsageError(f"--threshold must be a number, not {args.threshold}")
    reference = _reference(args.reference)
    tables, column = _scores(args.scores)
    rows: list[AccuracyRow] = []
    comparisons: list[dict[str, Any]] = []
    lost: dict[str, dict[str, int]] = {}
    for done, table in enumerate(tables):
        progress.report(done / len(tables), "accuracy")
        raters, lost[table.item] = _against(table, reference)
        rows += accuracy_rows(raters, args.threshold, modality=table.item, clustered=reference.clustered)
        comparisons += _compare_raters(raters, table.item, reference.clustered)
    comparisons += _compare_modalities(tables, reference)
    mrmc = _several(tables, reference)
    data = {
        "accuracy": [_json_row(row, column) for row in rows],
        "comparisons": comparisons,
        **({"mrmc": mrmc} if mrmc else {}),
        "threshold": args.threshold,
        "clustered": reference.clustered,
        "left_out": {name: counts for name, counts in lost.items() if counts},
    }
    return Outcome(data, _text(rows, comparisons, mrmc, lost, column))


@dataclass(frozen=True)
class _Reference:
    positive: Mapping[str, bool]
    cluster: Mapping[str, str]
    clustered: bool


def _reference(path: Path) -> _Reference:
    cells = read_columns(path, ("unit", "positive"), ("cluster",))
    positive: dict[str, bool] = {}
    cluster: dict[str, str] = {}
    for place, (unit, word) in enumerate(zip(cells["unit"], cells["positive"], strict=True)):
        where = f"{path}: row {place + 2}"
        if word.lower() not in _POSITIVE:
            raise InputError(f"{where}: positive is {word!r}; write 1 or 0")
        if "cluster" in cells and not cells["cluster"][place]:
            raise InputError(f"{where} has no cluster; fill it in or delete the row")
        named = cells["cluster"][place] if "cluster" in cells else unit
        told = _POSITIVE[word.lower()], named
        if unit in positive and (positive[unit], cluster[unit]) != told:
            raise InputError(f"{where}: the unit {unit!r} stands before with another reference; keep one")
        positive[unit], cluster[unit] = told
    if not positive:
        raise InputError(f"{path}: has a header and no units")
    return _Reference(positive, cluster, "cluster" in cells)


def _scores(path: Path) -> tuple[list[Ratings], str]:
    cells = read_columns(path, ("rater", "unit", "score"), ("field_t", "modality"))
    if not cells["rater"]:
        raise InputError(f"{path}: has a header and no scores")
    column = next((name for name in ("modality", "field_t") if name in cells), "modality")
    values: list[float | None] = []
    for place, text in enumerate(cells["score"]):
        try:
            values.append(None if text.lower() in _MISSING else number(text))
        except ValueError as error:
            raise InputError(
                f"{path}: row {place + 2}: the score {text!r} is not a number; correct it"
            ) from error
    return list(ratings_from_columns(cells["rater"], cells["unit"], values, cells.get(column))), column


def _against(table: Ratings, reference: _Reference) -> tuple[list[Scores], dict[str, int]]:
    """Join the scores of one modality to the reference; what finds no partner is counted."""
    # units of the reference that nobody scored count as unread, scores without a reference cannot be used
    known = [place for place, unit in enumerate(table.units) if unit in reference.positive]
    units = [str(table.units[place]) for place in known]
    strange = [place for place, unit in enumerate(table.units) if unit not in reference.positive]
    lost = dict(table.left_out)
    unreferenced = int(sum(value is not None for value in table.values[strange].ravel()))
    unread = len(set(reference.positive) - set(units))
    lost |= {name: n for name, n in (("without reference", unreferenced), ("never scored", unread)) if n}
    positive = np.array([reference.positive[unit] for unit in units], dtype=bool)
    clusters = np.unique(np.array([reference.cluster[unit] for unit in units]), return_inverse=True)[1]
    scores = []
    for place, rater in enumerate(table.raters):
        values = np.array([np.nan if v is None else v for v in table.values[known, place]], dtype=np.float64)
        scores.append(Scores(rater, values, positive, clusters))
    return scores, lost


def _compare_raters(raters: list[Scores], modality: str, clustered: bool) -> list[dict[str, Any]]:
    return [
        _comparison(
            f"{a.rater} - {b.rater}",
            modality,
            a.values,
            b.values,
            a.positive,
            a.clusters if clustered else None,
        )
        for a, b in combinations(raters, 2)
    ]


def _compare_modalities(tables: list[Ratings], reference: _Reference) -> list[dict[str, Any]]:
    """Compare each rater with himself between modalities, on the units scored in both."""
    found = []
    for first, second in combinations(tables, 2):
        others = set(second.units)
        units = [unit for unit in first.units if unit in reference.positive and unit in others]
        positive = np.array([reference.positive[str(unit)] for unit in units], dtype=bool)
        labels = np.array([reference.cluster[str(unit)] for unit in units], dtype=object)
        clusters = labels if reference.clustered else None
        for rater in (r for r in first.raters if r in second.raters):
            columns = []
            for table in (first, second):
                where = {unit: place for place, unit in enumerate(table.units)}
                column = table.values[[where[unit] for unit in units], table.raters.index(rater)]
                columns.append(np.array([np.nan if v is None else v for v in column], dtype=np.float64))
            found.append(_comparison(rater, f"{first.item} - {second.item}", *columns, positive, clusters))
    return found


def _several(tables: list[Ratings], reference: _Reference) -> list[dict[str, Any]]:
    """Compare modalities over several raters, where there are both."""
    common = [rater for rater in tables[0].raters if all(rater in table.raters for table in tables)]
    if len(tables) < 2 or len(common) < 2:
        return []
    units = [str(unit) for unit in tables[0].units if unit in reference.positive]
    scores = np.full((len(tables), len(common), len(units)), np.nan)
    for m, table in enumerate(tables):
        where = {unit: place for place, unit in enumerate(table.units)}
        for r, rater in enumerate(common):
            column = table.values[:, table.raters.index(rater)]
            given = [column[where[unit]] if unit in where else None for unit in units]
            scores[m, r] = [np.nan if value is None else value for value in given]
    result = obuchowski_rockette(
        scores,
        [reference.positive[unit] for unit in units],
        modalities=[table.item for table in tables],
        raters=common,
        clusters=np.array([reference.cluster[unit] for unit in units]) if reference.clustered else None,
    )
    return mrmc_rows(result)


def _comparison(
    raters: str, modality: str, first: Any, second: Any, positive: Any, clusters: Any
) -> dict[str, Any]:
    result = compare_paired(first, second, positive, clusters)
    estimate = result.difference
    return {
        "raters": raters,
        "modality": modality,
        "n": estimate.n,
        "difference": estimate.value,
        "se": estimate.se,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
        "z": result.z,
        "p": result.p,
        "left_out": estimate.left_out,
        "method": estimate.method,
        "reason": estimate.reason,
    }


def _json_row(row: AccuracyRow, column: str) -> dict[str, Any]:
    cells = row.as_row()
    cells[column] = cells.pop("modality")
    del cells["item"]
    return cells


def _text(
    rows: list[AccuracyRow],
    comparisons: list[dict[str, Any]],
    mrmc: list[dict[str, Any]],
    lost: dict[str, dict[str, int]],
    column: str,
) -> str:
    shown = []
    for row in rows:
        cells = row.as_row()
        for name in ("sensitivity", "specificity", "auc"):
            cells[f"{name}_ci"] = interval_text(cells[f"{name}_ci_low"], cells[f"{name}_ci_high"], 3)
        shown.append(cells)
    headings = {
        "rater": "rater",
        "modality": column,
        "n": "n",
        "tp": "TP",
        "fp": "FP",
        "tn": "TN",
        "fn": "FN",
    }
    headings |= {"sensitivity": "sensitivity", "sensitivity_ci": "95 % interval"}
    headings |= {"specificity": "specificity", "specificity_ci": "95 % interval"}
    headings |= {"auc": "AUC", "auc_ci": "95 % interval", "left_out": "left out", "reason": "note"}
    parts = [text_table(headings, shown, 3)]
    if comparisons:
        compared = [
            {**row, "interval": interval_text(row["ci_low"], row["ci_high"], 3)} for row in comparisons
        ]
        headings = {"raters": "raters", "modality": column, "n": "n", "difference": "AUC difference"}
        headings |= {
            "interval": "95 % interval",
            "z": "z",
            "p": "p",
            "left_out": "left out",
            "reason": "note",
        }
        parts.append(text_table(headings, compared, 3))
    if mrmc:
        shown = [{**row, "interval": interval_text(*_limits(row), 3)} for row in mrmc]
        headings = {"quantity": f"over raters, by {column}", "model": "model", "modality": column}
        headings |= {"other_modality": "other", "rater": "rater", "statistic": "F or chi2", "df2": "df"}
        headings |= {"value": "value", "interval": "95 % interval", "p": "p", "reason": "note"}
        parts.append(text_table(headings, shown, 4))
    for name, counts in lost.items():
        told = ", ".join(f"{count} {reason}" for reason, count in counts.items()) or "none"
        parts.append(f"{name + ': ' if name else ''}scores left out: {told}")
    return "\n\n".join(parts)


def _limits(row: dict[str, Any]) -> tuple[float, float]:
    return row.get("ci_low", np.nan), row.get("ci_high", np.nan)
