"""Accuracies compared: between fields, between raters, and between groups of animals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from core.statistics.accuracy import Comparison, McNemar, compare_paired, compare_unpaired, mcnemar
from core.statistics.linking import THRESHOLD, LinkedReading
from core.statistics.listings import Row, Table
from core.statistics.study_accuracy import CASES, NODES, Scored, case_score, node_scores

COMPARISON_COLUMNS = (
    "item", "comparison", "first", "second", "rater", "session", "field_t", "n", "left_out",
    "auc_difference", "se", "ci_low", "ci_high", "z", "p", "method", "reason",
    "calls", "calls_left_out", "only_first_positive", "only_second_positive",
    "mcnemar_chi_square", "mcnemar_p", "mcnemar_p_exact", "mcnemar_clustered_chi_square",
    "mcnemar_clustered_p", "mcnemar_reason",
)  # fmt: skip
FIELDS, RATERS, GROUPS = "fields, paired", "raters, paired", "groups, unpaired"


@dataclass(frozen=True)
class _Score:
    """One score against the reference; `unit` is the same at both fields and for all raters."""

    rater: str
    session: int
    field_t: float
    group: str
    subject: str
    unit: tuple[str, ...]
    value: float
    positive: bool


def comparisons_table(linked: Sequence[LinkedReading], threshold: float = THRESHOLD) -> Table:
    """Return AUCs and calls compared: fields by each rater, raters at each field, groups at each field.

    Fields and raters are paired, by subject and visit, or by node of it; groups are of different animals.
    Animals are clusters in every interval (Obuchowski 1997) and in the clustered McNemar test (Durkalski
    2003), which stands beside the plain one. `threshold` or more calls a unit positive. First readings only.
    """
    rows: list[Row] = []
    for item, scored in ((CASES, case_score), (NODES, node_scores)):
        scores = _scores(linked, scored)
        for session in sorted({score.session for score in scores}):
            part = [score for score in scores if score.session == session]
            rows += [{"item": item, "session": session, **row} for row in _compared(part, threshold)]
    return Table(COMPARISON_COLUMNS, tuple(rows))


def _scores(linked: Sequence[LinkedReading], scored: Callable[[LinkedReading], Scored]) -> list[_Score]:
    found = []
    for case in linked:
        reading = case.reading
        if reading.repeat_of:
            continue
        for unit, value, positive in scored(case):
            # the unit's own name begins with its scan, of one field: what is compared lies at both
            name = (reading.subject, reading.visit, unit.partition("/")[2])
            who = (reading.rater, reading.session, reading.field_t, reading.group, reading.subject)
            found.append(_Score(*who, name, value, positive))
    return found


def _compared(scores: Sequence[_Score], threshold: float) -> list[Row]:
    fields = sorted({score.field_t for score in scores}, reverse=True)
    raters = sorted({score.rater for score in scores})
    groups = sorted({score.group for score in scores}, key=str.lower)
    rows: list[Row] = []
    for rater in raters:
        own = [score for score in scores if score.rater == rater]
        for a, b in combinations(fields, 2):
            sides = [[s for s in own if s.field_t == field_t] for field_t in (a, b)]
            cells: Row = {"comparison": FIELDS, "rater": rater, "first": f"{a:g} T", "second": f"{b:g} T"}
            rows.append({**cells, **_paired(sides[0], sides[1], threshold)})
    for field_t in fields:
        here = [score for score in scores if score.field_t == field_t]
        of_rater = {rater: [score for score in here if score.rater == rater] for rater in raters}
        for one, other in combinations(raters, 2):
            cells = {"comparison": RATERS, "field_t": field_t, "first": one, "second": other}
            rows.append({**cells, **_paired(of_rater[one], of_rater[other], threshold)})
        for rater, own in of_rater.items():
            for one, other in combinations(groups, 2):
                cells = {"comparison": GROUPS, "field_t": field_t, "rater": rater}
                samples = [_sample([s for s in own if s.group == group]) for group in (one, other)]
                tested = compare_unpaired(samples[0], samples[1])
                rows.append({**cells, "first": one, "second": other, **_difference(tested)})
    return rows


def _paired(first: Sequence[_Score], second: Sequence[_Score], threshold: float) -> Row:
    """Compare two scores of the same units; a unit that lacks either is left out of the test, and counted."""
    units = {score.unit: score for score in (*first, *second)}
    columns = []
    for side in (first, second):
        given = {score.unit: score.value for score in side}
        columns.append(np.array([given.get(unit, np.nan) for unit in units], dtype=np.float64))
    positive = np.array([score.positive for score in units.values()], dtype=bool)
    subjects = np.array([score.subject for score in units.values()], dtype=object)
    calls = [np.where(np.isnan(column), np.nan, column >= threshold) for column in columns]
    tested = compare_paired(columns[0], columns[1], positive, subjects)
    return {**_difference(tested), **_calls(mcnemar(calls[0], calls[1], subjects))}


def _sample(scores: Sequence[_Score]) -> tuple[ArrayLike, ...]:
    return (
        np.array([score.value for score in scores], dtype=np.float64),
        np.array([score.positive for score in scores], dtype=bool),
        np.array([score.subject for score in scores], dtype=object),
    )


def _difference(found: Comparison) -> Row:
    estimate = found.difference
    row: Row = {"n": estimate.n, "left_out": estimate.left_out, "auc_difference": estimate.value}
    row |= {"se": estimate.se, "ci_low": estimate.ci_low, "ci_high": estimate.ci_high}
    return row | {"z": found.z, "p": found.p, "method": estimate.method, "reason": estimate.reason}


def _calls(found: McNemar) -> Row:
    return {
        "calls": found.n,
        "calls_left_out": found.left_out,
        "only_first_positive": found.only_first,
        "only_second_positive": found.only_second,
        "mcnemar_chi_square": found.chi_square,
        "mcnemar_p": found.p,
        "mcnemar_p_exact": found.p_exact,
        "mcnemar_clustered_chi_square": found.chi_square_clustered,
        "mcnemar_clustered_p": found.p_clustered,
        "mcnemar_reason": found.reason,
    }
