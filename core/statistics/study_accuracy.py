"""Accuracy of a study's raters against the reference standard: cases, nodes, and lesions by size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.statistics.detection import ACCURACY_COLUMNS, POOLED, Scores, accuracy_rows
from core.statistics.estimate import cluster_numbers
from core.statistics.free_response import FIGURES, FreeCase, froc_curve, jafroc
from core.statistics.free_response import UNMARKED as NEVER
from core.statistics.linking import DETECTION, SUSPICION, THRESHOLD, LinkedReading, as_number
from core.statistics.listings import Row, Table
from core.statistics.mrmc import MRMC_COLUMNS, mrmc_rows, obuchowski_rockette
from core.statistics.order import stratum_key
from core.statistics.study_targets import ALL_SIZES, SIZE_CLASSES, Places, TargetReads

# (unit, score, positive) of a case
Scored = list[tuple[str, float, bool]]
Stratum = tuple[float, str]

COLUMNS = (*ACCURACY_COLUMNS[:3], "session", "field_t", "visit", *ACCURACY_COLUMNS[3:])
CASES, NODES, LESIONS = "lesion in the case", "node malignant", "lesion marks"


def accuracy_table(linked: Sequence[LinkedReading], threshold: float = THRESHOLD) -> Table:
    """Return accuracy per rater and pooled, per field, and per field and visit.

    - "lesion in the case": a case is positive if its subject has a lesion in the reference; its score is
      the highest detection confidence, 1 where nothing was marked.
    - "node malignant": a node of the reference; its score is the suspicion of the mark that hit it, 1
      where none did.
    - "lesion marks": lesions hit at `threshold` or more against marks at that confidence which hit
      nothing; there are no negative units, so specificity and AUC do not exist.

    Animals are clusters, in all intervals. First readings only.
    """
    rows: list[Row] = []
    places, found = Places(linked), TargetReads.of(linked, threshold)
    items = [(item, _Column.of(linked, scored)) for item, scored in scored_items(linked)]
    has_lesions = _has_lesions(linked)
    for session, cells, cases in strata(linked):
        modality = "" if cells["field_t"] is None else f"{cells['field_t']:g} T"
        common = {"session": session, **cells}
        readings = {rater: places.flags(part) for rater, part in by_rater(cases).items()}
        for item, column in items:
            raters = [column.scores(rater, part) for rater, part in readings.items()]
            told = accuracy_rows(raters, threshold, item=item, modality=modality, clustered=True)
            rows += [{**row.as_row(), **common} for row in told]
        if has_lesions:
            if len(readings) > 1:
                readings[POOLED] = places.flags(cases)
            for rater, part in readings.items():
                named = {"item": LESIONS, "rater": rater, "modality": modality, "threshold": threshold}
                rows.append({**named, **common, **_mark_row(found, part)})
    return Table(COLUMNS, tuple(rows))


def scored_items(
    linked: Sequence[LinkedReading],
) -> list[tuple[str, Callable[[LinkedReading], Scored]]]:
    """Return what has scores to be judged by the reference: its name, and how a reading's are had."""
    asked = {question for case in linked for question, _ in case.reading.answers}
    items: list[tuple[str, Callable[[LinkedReading], Scored]]] = []
    if DETECTION in asked or _has_lesions(linked):
        items.append((CASES, case_score))
    if SUSPICION in asked:
        items.append((NODES, node_scores))
    return items


def _has_lesions(linked: Sequence[LinkedReading]) -> bool:
    return any(target.kind == "lesion" for case in linked for target in case.targets)


def strata(linked: Sequence[LinkedReading]) -> list[tuple[int, Row, list[LinkedReading]]]:
    """Return first readings by session: all of them, each field, each field and visit."""
    found: dict[tuple[int, float | None, str], list[LinkedReading]] = {}
    for case in linked:
        reading = case.reading
        if reading.repeat_of:
            continue
        for where in ((None, ""), (reading.field_t, ""), (reading.field_t, reading.visit)):
            found.setdefault((reading.session, *where), []).append(case)
    ordered = sorted(found, key=lambda where: (where[0], stratum_key(*where[1:])))
    return [(where[0], {"field_t": where[1], "visit": where[2]}, found[where]) for where in ordered]


def by_rater(cases: Sequence[LinkedReading]) -> dict[str, list[LinkedReading]]:
    """Return readings by rater, raters in order of name."""
    found: dict[str, list[LinkedReading]] = {}
    for case in sorted(cases, key=lambda case: case.reading.rater):
        found.setdefault(case.reading.rater, []).append(case)
    return found


@dataclass(frozen=True, eq=False)
class _Column:
    """Every score of one item with its reading's place and subject; `unknown` units lack a reference."""

    place: NDArray[np.int64]
    value: NDArray[np.float64]
    positive: NDArray[np.bool_]
    subject: NDArray[np.int64]
    unknown: NDArray[np.int64]

    @classmethod
    def of(cls, linked: Sequence[LinkedReading], scored: Callable[[LinkedReading], Scored]) -> _Column:
        found = [
            (place, score, positive)
            for place, case in enumerate(linked)
            for _, score, positive in scored(case)
        ]
        places, scores, truths = zip(*found, strict=True) if found else ((),) * 3
        place = np.array(places, dtype=np.int64)
        subjects = cluster_numbers(np.array([case.reading.subject for case in linked], dtype=object))
        unknown = [_unknown_nodes(case) if scored is node_scores else 0 for case in linked]
        return cls(
            place,
            np.array(scores, dtype=np.float64),
            np.array(truths, dtype=np.bool_),
            subjects[place],
            np.array(unknown, dtype=np.int64),
        )

    def scores(self, rater: str, readings: NDArray[np.bool_]) -> Scores:
        """Return the scores of some readings, flags of shape (readings,)."""
        own, unknown = readings[self.place], int(self.unknown[readings].sum())
        lost = {"reference unknown": unknown} if unknown else {}
        return Scores(rater, self.value[own], self.positive[own], self.subject[own], lost)


def case_score(case: LinkedReading) -> Scored:
    """Return the case as one unit: its highest detection confidence, positive if the subject has a lesion."""
    positive = any(target.kind == "lesion" for target in case.targets)
    return [(case.reading.scan_id, case.case_score(), positive)]


def node_scores(case: LinkedReading) -> Scored:
    """Return every node whose nature is known: the suspicion of the mark that hit it."""
    return [
        (f"{case.reading.scan_id}/{target.target}", case.score(SUSPICION, target), target.malignant)
        for target in case.targets
        if target.kind == "node" and target.malignant is not None
    ]


def _unknown_nodes(case: LinkedReading) -> int:
    return sum(target.kind == "node" and target.malignant is None for target in case.targets)


def _mark_row(found: TargetReads, readings: NDArray[np.bool_]) -> Row:
    share = found.found_row(readings, "lesion", none="there is no lesion")
    false = int(found.false_marks["lesion"][readings].sum())
    tp = share["detected"]
    note = "specificity, npv and auc not estimable: marks are free, there are no negative units"
    row: Row = {
        "n": share["targets"],
        "positives": share["targets"],
        "tp": tp,
        "fn": share["targets"] - tp,
        "fp": false,
        "sensitivity": share["sensitivity"],
        "sensitivity_ci_low": share["ci_low"],
        "sensitivity_ci_high": share["ci_high"],
        "ppv": tp / (tp + false) if tp + false else math.nan,
        "left_out": share["left_out"],
        "method": share["method"],
        "reason": "; ".join(filter(None, (share["reason"], note))),
    }
    return row


def mrmc_table(linked: Sequence[LinkedReading]) -> Table:
    """Compare the fields over all raters (Obuchowski-Rockette), by case and by node, animals as clusters.

    A unit is a subject at a visit, or a node of it: what was read at both fields by all raters counts,
    the rest is left out and counted.
    """
    rows: list[Row] = []
    for item, scored in ((CASES, case_score), (NODES, node_scores)):
        found: dict[tuple[float, str, tuple[str, ...]], float] = {}
        positive: dict[tuple[str, ...], bool] = {}
        for case in linked:
            reading = case.reading
            if reading.repeat_of:
                continue
            for unit, score, truth in scored(case):
                # the unit's own name begins with its scan, of one field: what is compared lies at both
                name = (reading.subject, reading.visit, str(reading.session), unit.partition("/")[2])
                found[reading.field_t, reading.rater, name] = score
                positive[name] = truth
        fields = sorted({field for field, _, _ in found}, reverse=True)
        raters = sorted({rater for _, rater, _ in found})
        if len(fields) < 2 or len(raters) < 2:
            continue
        units = list(positive)
        scores = [[[found.get((f, r, u), math.nan) for u in units] for r in raters] for f in fields]
        result = obuchowski_rockette(
            scores,
            [positive[unit] for unit in units],
            modalities=[f"{field:g} T" for field in fields],
            raters=raters,
            clusters=[unit[0] for unit in units],
        )
        rows += mrmc_rows(result, item)
    return Table(MRMC_COLUMNS, tuple(rows))


FROC_COLUMNS = (
    "rater", "session", "field_t", "visit", "quantity", "threshold", "false_marks_per_case", "value", "se",
    "ci_low", "ci_high", "cases", "lesions", "left_out", "method", "reason", "cases_left_out",
)  # fmt: skip


def froc_table(linked: Sequence[LinkedReading]) -> Table:
    """Return free-response figures of merit (JAFROC, JAFROC1) and the points of the FROC curve per rater.

    Lesions only; an answer of 1 is a mark "to be complete" and ranks as a mark all the same. Lesions
    without a centre are left out and counted, and cases that were ended early or had their lesions set by
    the study.
    """
    rows: list[Row] = []
    for session, cells, cases in strata(linked):
        for rater, all_cases in by_rater(cases).items():
            part = [case for case in all_cases if case.searched("lesion")]
            free = [_free_case(case) for case in part]
            common: Row = {"rater": rater, "session": session, **cells, "cases": len(free)}
            common["cases_left_out"] = len(all_cases) - len(part)
            common["lesions"] = sum(len(case.lesions) for case in free)
            common["left_out"] = sum(
                target.kind == "lesion" and target.centre_mm is None
                for case in part
                for target in case.targets
            )
            if not common["lesions"]:
                continue
            for figure in FIGURES:
                found = jafroc(free, figure)
                row: Row = {"quantity": figure, "value": found.value, "se": found.se, "ci_low": found.ci_low}
                row |= {"ci_high": found.ci_high, "method": found.method, "reason": found.reason}
                rows.append({**common, **row})
            for threshold, alarms, share in froc_curve(free).tolist():
                point: Row = {"quantity": "FROC point", "threshold": threshold, "value": share}
                rows.append({**common, **point, "false_marks_per_case": alarms})
    return Table(FROC_COLUMNS, tuple(rows))


def _free_case(case: LinkedReading) -> FreeCase:
    def confidence(mark_id: str) -> float:
        # a protocol that does not ask for confidence: every mark ranks alike
        given = as_number(case.reading.answers.get((DETECTION, mark_id)))
        return 1.0 if math.isnan(given) else given

    lesions = [t for t in case.targets if t.kind == "lesion" and t.centre_mm is not None]
    marks = [case.mark_of.get(target.target) for target in lesions]
    return FreeCase(
        case.reading.subject,
        tuple(NEVER if mark is None else confidence(mark.mark_id) for mark in marks),
        tuple(confidence(mark.mark_id) for mark in case.unmatched if mark.kind == "lesion"),
    )


DETECTION_COLUMNS = (
    "kind", "rater", "session", "field_t", "visit", "size_class", "targets", "detected", "sensitivity",
    "ci_low", "ci_high", "false_marks", "cases", "false_marks_per_case", "left_out", "method", "reason",
    "cases_left_out",
)  # fmt: skip


def detection_table(linked: Sequence[LinkedReading], threshold: float = THRESHOLD) -> Table:
    """Return the share of targets found, by size class, field and visit, per rater and pooled.

    A lesion is found if a mark within reach has detection confidence `threshold` or more; a node, which
    has no such question, if it was marked. Marks that hit nothing are counted with the row of all sizes.
    Cases that were ended early, or had marks of the kind set by the study, are left out and counted.
    """
    rows: list[Row] = []
    places, found = Places(linked), TargetReads.of(linked, threshold)
    kinds = [kind for kind in ("lesion", "node") if (found.kind == kind).any()]
    for session, cells, cases in strata(linked):
        groups = by_rater(cases)
        if len(groups) > 1:
            groups[POOLED] = cases
        for kind in kinds:
            for rater, part in groups.items():
                readings = places.flags(part)
                searched = int(found.searched[kind][readings].sum())
                counts: Row = {"cases": searched, "cases_left_out": len(part) - searched}
                for name in SIZE_CLASSES:
                    row: Row = {"kind": kind, "rater": rater, "session": session, **cells, "size_class": name}
                    row |= found.found_row(readings, kind, name)
                    if name == ALL_SIZES:
                        false = int(found.false_marks[kind][readings].sum())
                        row |= {"false_marks": false}
                        row["false_marks_per_case"] = false / searched if searched else math.nan
                    if row["targets"] or row["left_out"] or name == ALL_SIZES:
                        rows.append({**row, **counts})
    return Table(DETECTION_COLUMNS, tuple(rows))
