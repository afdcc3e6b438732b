"""A study's main figures, each with what it was computed from, for other programs to compute again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

from core.reading.protocol import Protocol
from core.statistics.listings import Row, Table
from core.statistics.study_agreement import DETECTED
from core.statistics.study_groups import GROUP_TESTS

KAPPA, AUC, TEST, LINE = "kappa", "auc", "test", "ols"


@dataclass(frozen=True)
class Figure:
    """One figure of the analysis and the rows of `inputs/` that give it.

    Parameters
    ----------
    kind : {"kappa", "auc", "test", "ols"}
        A kappa of inputs/ratings, an AUC of inputs/scores, a test between groups of inputs/animals, a
        coefficient of the line of MRI on ICP-MS of inputs/iron.
    statistic : str
        The kappa's weights, "auc", the test's name, "slope" or "intercept".
    item, first_rater, second_rater, session, field_t, visit
        Which rows; None or "" where they are not chosen by it.
    categories : str
        All declared categories of a kappa, joined by ";".
    value : float
        What the analysis found.
    """

    kind: str
    statistic: str
    value: float
    item: str = ""
    first_rater: str = ""
    second_rater: str = ""
    session: int | None = None
    field_t: float | None = None
    visit: str = ""
    categories: str = ""


COLUMNS = tuple(field.name for field in fields(Figure))


def main_figures(tables: Mapping[str, Table], protocols: Iterable[Protocol]) -> list[Figure]:
    """Return the figures that stand in an analysis: those that could be estimated.

    Kappas between raters over all cases, AUCs per rater over all cases, the tests between groups, and the
    lines of iron by MRI on iron by ICP-MS.
    """
    found = [*_kappas(tables, tuple(protocols)), *_aucs(tables), *_tests(tables), *_lines(tables)]
    return [figure for figure in found if math.isfinite(figure.value)]


def figures_table(figures: Sequence[Figure]) -> Table:
    """Return the figures as a table."""
    return Table(COLUMNS, tuple({name: getattr(figure, name) for name in COLUMNS} for figure in figures))


def _kappas(tables: Mapping[str, Table], protocols: Sequence[Protocol]) -> Iterable[Figure]:
    codes: dict[str, set[int]] = {DETECTED: {0, 1}}
    for protocol in protocols:
        for question in protocol.questions:
            codes.setdefault(question.id, set()).update(choice.value for choice in question.choices)
    raters: dict[tuple[str, int], set[str]] = {}
    for row in tables["inputs/ratings"].rows:
        raters.setdefault((row["item"], row["session"]), set()).add(row["rater"])
    for row in tables["agreement"].rows:
        if (row["coefficient"], row["comparison"], row["field_t"]) != ("kappa", "between raters", None):
            continue
        for one, other in combinations(sorted(raters[row["item"], row["session"]]), 2):
            if row["raters"] == f"{one}, {other}":
                declared = ";".join(map(str, sorted(codes[row["item"]])))
                yield Figure(KAPPA, row["weights"], row["kappa"], row["item"], one, other,
                             row["session"], categories=declared)  # fmt: skip


def _aucs(tables: Mapping[str, Table]) -> Iterable[Figure]:
    scored = {(row["item"], row["rater"], row["session"]) for row in tables["inputs/scores"].rows}
    for row in tables["accuracy"].rows:
        if row["field_t"] is None and (row["item"], row["rater"], row["session"]) in scored:
            yield Figure(AUC, "auc", row["auc"], row["item"], row["rater"], session=row["session"])


def _tests(tables: Mapping[str, Table]) -> Iterable[Figure]:
    for row in tables["groups"].rows:
        if row["test"] in GROUP_TESTS:
            yield Figure(TEST, row["test"], row["statistic"], row["item"], field_t=row["field_t"],
                         visit=row["visit"])  # fmt: skip


def _lines(tables: Mapping[str, Table]) -> Iterable[Figure]:
    for row in tables["iron_agreement"].rows:
        if row["comparison"] == "MRI, ICP-MS" and row["statistic"].startswith("OLS "):
            name = row["statistic"].removeprefix("OLS ").partition(",")[0]
            yield Figure(LINE, name, row["value"], first_rater=row["rater"], field_t=row["field_t"])


def imrmc_text(scores: Table, item: str) -> str | None:
    """Return the scores of an item as an iMRMC input file, or None where it has fewer than two fields.

    A case is a subject at a visit in a session; it stands once with its truth (reader -1, modality 0) and
    once per reader and field with its score. Readers, cases and fields are numbered; the lines above the data
    say which is which. Format: the iMRMC user guide (Gallas and others, FDA).
    """
    rows = [row for row in scores.rows if row["item"] == item and not math.isnan(row["score"])]
    fields_t = sorted({row["field_t"] for row in rows}, reverse=True)
    if len(fields_t) < 2:
        return None
    raters = sorted({row["rater"] for row in rows})
    truth: dict[tuple[str, ...], bool] = {}
    for row in rows:
        truth[_case(row)] = bool(row["positive"])
    number = {case: place for place, case in enumerate(truth, start=1)}
    lines = [f"FerroRead: {item}"]
    lines += [f"reader {place}: {rater}" for place, rater in enumerate(raters, start=1)]
    lines += [f"modality {place}: {field:g} T" for place, field in enumerate(fields_t, start=1)]
    lines += [f"case {place}: {' '.join(filter(None, case))}" for case, place in number.items()]
    counts = (len(raters), len(truth) - sum(truth.values()), sum(truth.values()), len(fields_t))
    lines += [f"{name}: {count}" for name, count in zip(("NR", "N0", "N1", "NM"), counts, strict=True)]
    lines.append("BEGIN DATA:")
    lines += [f"-1,{number[case]},0,{int(positive)}" for case, positive in truth.items()]
    lines += [
        f"{raters.index(row['rater']) + 1},{number[_case(row)]},"
        f"{fields_t.index(row['field_t']) + 1},{row['score']!r}"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _case(row: Row) -> tuple[str, ...]:
    # a unit's own name begins with its scan, of one field; the case is what both fields show
    return row["subject"], row["visit"], f"session {row['session']}", row["unit"].partition("/")[2]
