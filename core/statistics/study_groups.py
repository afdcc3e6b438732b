"""A study's groups over time: volumes, response, progression; and what its raters agree on, in short."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.statistics.groups import GroupTest, compare_groups
from core.statistics.linking import MEASURES, LinkedReading, Measures
from core.statistics.listings import Row, Table
from core.statistics.order import visit_hours, visit_key
from core.statistics.survival import (
    ResponseRule,
    SurvivalCurve,
    kaplan_meier,
    log_rank,
    responses,
    time_to_progression,
)

# subject -> field -> visit -> value, the mean over raters
Animals = dict[str, dict[float, dict[str, float]]]


def by_animal(linked: Sequence[LinkedReading], measures: Mapping[int, Measures], item: str) -> Animals:
    """Return one of `MEASURES` by subject, field and visit: the mean over all first readings that have it."""
    found: dict[tuple[str, float, str], list[float]] = {}
    for place, case in enumerate(linked):
        reading = case.reading
        if not reading.repeat_of and place in measures:
            key = reading.subject, reading.field_t, reading.visit
            found.setdefault(key, []).append(measures[place].number(item))
    animals: Animals = {}
    for (subject, field_t, visit), values in found.items():
        known = [value for value in values if not math.isnan(value)]
        mean = float(np.mean(known)) if known else math.nan
        animals.setdefault(subject, {}).setdefault(field_t, {})[visit] = mean
    return animals


def groups_of(linked: Sequence[LinkedReading]) -> dict[str, str]:
    """Return the group of each subject that was read."""
    return {case.reading.subject: case.reading.group for case in linked}


# tests whose statistic anybody can compute from the values alone
GROUP_TESTS = ("ANOVA", "Student t", "Welch t")
GROUP_COLUMNS = (
    "item", "field_t", "visit", "test", "groups", "n", "left_out", "statistic", "df1", "df2", "p",
    "p_adjusted", "difference", "ci_low", "ci_high", "reason",
)  # fmt: skip


def groups_table(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return the tests between groups of every measure, per field and visit; a unit is an animal."""
    group_of = groups_of(linked)
    rows: list[Row] = []
    for item in MEASURES:
        animals = by_animal(linked, measures, item)
        for field_t, visit in _strata(animals):
            values: dict[str, list[float]] = {group: [] for group in sorted(set(group_of.values()))}
            for subject, of_subject in animals.items():
                if visit in of_subject.get(field_t, {}):
                    values[group_of[subject]].append(of_subject[field_t][visit])
            cells: Row = {"item": item, "field_t": field_t, "visit": visit}
            rows += [{**cells, **_test_cells(test)} for test in compare_groups(values)]
    return Table(GROUP_COLUMNS, tuple(rows))


def _strata(animals: Animals) -> list[tuple[float, str]]:
    found = {
        (field, visit) for fields in animals.values() for field, visits in fields.items() for visit in visits
    }
    return sorted(found, key=lambda stratum: (-stratum[0], visit_key(stratum[1])))


def _test_cells(test: GroupTest) -> Row:
    row: Row = {"test": test.name, "groups": ", ".join(test.groups), "n": test.n, "left_out": test.left_out}
    row |= {"statistic": test.statistic, "df1": test.df1, "df2": test.df2, "p": test.p, "reason": test.reason}
    row["p_adjusted"] = test.p_adjusted
    if test.difference is not None:
        row |= {"difference": test.difference.value, "ci_low": test.difference.ci_low}
        row["ci_high"] = test.difference.ci_high
    return row


TABLE_1B_COLUMNS = (
    "group", "visit", "field_t", "volume_mean_mm3", "volume_sd_mm3", "n", "left_out", "change_mean_percent",
    "change_sd_percent", "change_n", "CR", "PR", "SD", "PD", "rule",
)  # fmt: skip


def table_1b(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return tumour volume by group, visit and field (mean of raters), its change, and responses."""
    group_of = groups_of(linked)
    animals = by_animal(linked, measures, "tumour_volume_mm3")
    rule = ResponseRule()
    rows: list[Row] = []
    for group in sorted(set(group_of.values()), key=str.lower):
        for field_t, visit in sorted(_strata(animals), key=lambda s: (visit_key(s[1]), -s[0])):
            members = [
                v[field_t] for s, v in animals.items() if group_of[s] == group and visit in v.get(field_t, {})
            ]
            if not members:
                continue
            row: Row = {"group": group, "visit": visit, "field_t": field_t, "rule": rule.text()}
            row |= _summary([visits[visit] for visits in members], "volume", "_mm3", count="n")
            changes = [_change(visits, visit) for visits in members if visit != _ordered(visits)[0]]
            row |= _summary(changes, "change", "_percent", count="change_n")
            answers = [_response(visits, visit, rule) for visits in members]
            row |= {name: answers.count(name) for name in ("CR", "PR", "SD", "PD")}
            rows.append(row)
    return Table(TABLE_1B_COLUMNS, tuple(rows))


def _ordered(visits: Mapping[str, float]) -> list[str]:
    return sorted(visits, key=visit_key)


def _change(visits: Mapping[str, float], visit: str) -> float:
    first = visits[_ordered(visits)[0]]
    return 100 * (visits[visit] / first - 1) if first > 0 else math.nan


def _response(visits: Mapping[str, float], visit: str, rule: ResponseRule) -> str | None:
    names = _ordered(visits)
    place = names.index(visit)
    return responses([visits[name] for name in names], rule)[place - 1] if place else None


def _summary(values: Sequence[float], name: str, unit: str, *, count: str) -> Row:
    known = [value for value in values if not math.isnan(value)]
    row: Row = {count: len(known)}
    row[f"{name}_mean{unit}"] = float(np.mean(known)) if known else math.nan
    row[f"{name}_sd{unit}"] = float(np.std(known, ddof=1)) if len(known) > 1 else math.nan
    if count == "n":
        row["left_out"] = len(values) - len(known)
    return row


FREE, LAST_SEEN = "free of progression", "last seen without progression"
SURVIVAL_COLUMNS = (
    "field_t", "group", "quantity", "time_h", "value", "ci_low", "ci_high", "at_risk", "n", "events",
    "chi_square", "df", "p", "rule", "reason",
)  # fmt: skip


def survival_table(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return time to progression per field: Kaplan-Meier by group, its median, and the log-rank test.

    Beside the steps stands when animals were seen for the last time without progression: there a curve has
    its marks, and to there it goes on. Times are hours from the first visit, read from the visits' names
    ("24 h", "day 7"); visits without a time in their name are left out.
    """
    group_of = groups_of(linked)
    animals = by_animal(linked, measures, "tumour_volume_mm3")
    rule = ResponseRule()
    rows: list[Row] = []
    for field_t in sorted({field for fields in animals.values() for field in fields}, reverse=True):
        groups: dict[str, tuple[list[float], list[bool]]] = {
            group: ([], []) for group in sorted(set(group_of.values()), key=str.lower)
        }
        for subject, fields in animals.items():
            found = _progression(fields.get(field_t, {}), rule)
            if found is not None:
                groups[group_of[subject]][0].append(found[0])
                groups[group_of[subject]][1].append(found[1])
        cells: Row = {"field_t": field_t, "rule": rule.text()}
        for group, (times, events) in groups.items():
            rows += _curve_rows(kaplan_meier(times, events), {**cells, "group": group})
            rows += _last_seen_rows(times, events, {**cells, "group": group})
        test = log_rank(groups)
        row = {"quantity": "log-rank test", "group": ", ".join(groups), "n": test.n, "events": test.events}
        rows.append(
            {**cells, **row, "chi_square": test.chi_square, "df": test.df, "p": test.p, "reason": test.reason}
        )
    return Table(SURVIVAL_COLUMNS, tuple(rows))


def _progression(visits: Mapping[str, float], rule: ResponseRule) -> tuple[float, bool] | None:
    timed = sorted((hours, visits[name]) for name in visits if (hours := visit_hours(name)) is not None)
    if len(timed) < 2:
        return None
    times = [hours - timed[0][0] for hours, _ in timed]
    return time_to_progression(times, [volume for _, volume in timed], rule)


def _curve_rows(curve: SurvivalCurve, cells: Row) -> list[Row]:
    cells = {**cells, "n": curve.n, "events": curve.events}
    median = curve.median
    row: Row = {**cells, "quantity": "median, h", "value": median.value, "reason": median.reason}
    rows = [{**row, "ci_low": median.ci_low, "ci_high": median.ci_high}]
    columns = zip(curve.times, curve.survival, curve.low, curve.high, curve.at_risk, strict=True)
    for time, share, low, high, at_risk in columns:
        step = {"quantity": FREE, "time_h": float(time), "value": float(share)}
        rows.append({**cells, **step, "ci_low": float(low), "ci_high": float(high), "at_risk": int(at_risk)})
    return rows


def _last_seen_rows(times: Sequence[float], events: Sequence[bool], cells: Row) -> list[Row]:
    """Return when animals without progression were seen last, and how many were at risk until then."""
    cells = {**cells, "quantity": LAST_SEEN, "n": len(times), "events": sum(events)}
    alone = sorted({time for time, event in zip(times, events, strict=True) if not event})
    return [{**cells, "time_h": time, "at_risk": sum(other >= time for other in times)} for time in alone]


TABLE_3_COLUMNS = (
    "field_t", "session", "quantity", "item", "raters", "n", "left_out", "value", "ci_low", "ci_high",
    "label", "reason",
)  # fmt: skip


def table_3(agreement: Table, accuracy: Table) -> Table:
    """Return agreement and accuracy in short, per field: kappa of every item, accuracy pooled over raters.

    Intervals are those that take animals as clusters.
    """
    rows: list[Row] = []
    for row in agreement.rows:
        per_field = row["field_t"] is not None and not row["visit"]
        if row["coefficient"] == "kappa" and per_field and row["comparison"] == "between raters":
            cells = {
                name: row[name]
                for name in ("field_t", "session", "item", "raters", "n", "left_out", "label", "reason")
            }
            limits = {"ci_low": row["cluster_ci_low"], "ci_high": row["cluster_ci_high"]}
            rows.append({**cells, "quantity": f"kappa, {row['weights']}", "value": row["kappa"], **limits})
    pooled = [row for row in accuracy.rows if row["field_t"] is not None and not row["visit"]]
    several = any(row["rater"] == "pooled" for row in pooled)
    for row in pooled:
        if several and row["rater"] != "pooled":
            continue
        for quantity in ("sensitivity", "specificity", "auc"):
            if quantity in row:
                rows.append(_accuracy_cells(row, quantity))
    return Table(TABLE_3_COLUMNS, tuple(rows))


def _accuracy_cells(row: Mapping[str, Any], quantity: str) -> Row:
    cells: Row = {name: row[name] for name in ("field_t", "session", "item", "n", "left_out")}
    cells |= {"raters": row["rater"], "quantity": quantity, "value": row[quantity]}
    reasons = [part for part in row["reason"].split("; ") if part.startswith(quantity)]
    return {**cells, "ci_low": row.get(f"{quantity}_ci_low"), "ci_high": row.get(f"{quantity}_ci_high"),
            "reason": "; ".join(reasons)}  # fmt: skip
