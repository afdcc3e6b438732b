"""The long lists of an analysis: every answer, every read target, every region."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.reading.proposed import origin
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, RECORDED, RESERVED, Question
from core.reading.reading import Mark
from core.statistics.linking import MEASURES, LinkedReading, Measures
from core.study.records import SignedReading, Target

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Table:
    """A table of results: its columns in order, and rows that hold some of them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


CASE_COLUMNS = ("rater", "session", "alias", "repeat_of", "subject", "group", "visit", "field_t")
# after_key: collected when the key had been shown; adjudicates: read by a third rater because two disagreed;
# version: 2 and more where the rater has corrected what was signed before, and correction why
PART_COLUMNS = ("after_key", "adjudicates", "version", "correction")


def case_cells(reading: SignedReading) -> Row:
    """Return what says which case was read by whom, in which part, and whether the key had been shown."""
    return {name: getattr(reading, name) for name in (*CASE_COLUMNS, *PART_COLUMNS)}


def answers_table(
    linked: Sequence[LinkedReading], measures: Mapping[int, Measures], protocols: Mapping[str, Protocol]
) -> Table:
    """Return every answer and every measured number in long form.

    `target` is the reference's name of what was marked, empty for an answer about the case, a region or a
    mark that hit no target; `mark` and `roi` are the names of mark and region in the reading. `unit` is
    "score" for a choice, "text" for a text.

    Parameters
    ----------
    linked, measures
        The readings, and their numbers by place among them.
    protocols : mapping of SHA-256 to Protocol
        Those that the readings name.
    """
    columns = (
        *(c for c in CASE_COLUMNS if c != "repeat_of"),
        "target",
        "question",
        "value",
        "unit",
        "seconds",
    )
    rows: list[Row] = []
    for place, case in enumerate(linked):
        cells = case_cells(case.reading)
        protocol = protocols[case.reading.protocol_sha256]
        for (question, about), value in case.reading.answers.items():
            row = {**cells, "question": question, "value": value}
            if about is not None and question in RECORDED and about in case.reading.rois:
                # what was proposed is recorded as a hash, which tells nobody anything
                row["value"] = origin(case.reading.answers, case.reading.rois[about])
            row["unit"] = _unit(protocol.question(question))
            row["seconds"] = case.reading.answer_seconds.get((question, about), math.nan)
            rows.append({**row, **_about_cells(case, about)})
        if place in measures:
            rows += [
                {**cells, "question": item, "value": measures[place].number(item), "unit": unit}
                for item, unit in MEASURES.items()
            ]
    return Table((*columns, "mark", "repeat_of", "roi", *PART_COLUMNS), tuple(rows))


def _unit(question: Question) -> str:
    return {"choice": "score", "text": "text"}.get(question.type, question.unit or "1")


def _about_cells(case: LinkedReading, about: str | None) -> Row:
    """Return what says which mark or region something is about."""
    if about is None:
        return {}
    if about in case.reading.rois:
        return {"roi": case.reading.rois[about].name}
    target_of = {mark.mark_id: target for target, mark in case.mark_of.items()}
    return {"target": target_of.get(about, ""), "mark": case.mark_name(case.reading.marks[about])}


def measurements_table(linked: Sequence[LinkedReading], protocols: Mapping[str, Protocol]) -> Table:
    """Return every ruler: what it measures, its length, and its ends in the scan's own LPS mm."""
    ends = [f"{end}_{axis}_mm" for end in ("start", "end") for axis in "xyz"]
    rows: list[Row] = []
    for case in linked:
        reading = case.reading
        steps = protocols[reading.protocol_sha256].steps
        for number, ruler in enumerate(reading.rulers.values(), start=1):
            row = {**case_cells(reading), "ruler": f"ruler {number}", **_about_cells(case, ruler.about)}
            row |= {"step": steps[ruler.step_index].id, "length_mm": ruler.length_mm}
            rows.append({**row, **dict(zip(ends, (*ruler.start_mm, *ruler.end_mm), strict=True))})
    return Table(
        (*CASE_COLUMNS, "ruler", "target", "mark", "step", "length_mm", *ends, *PART_COLUMNS), tuple(rows)
    )


def reads_table(
    linked: Sequence[LinkedReading], measures: Mapping[int, Measures], protocols: Sequence[Protocol]
) -> Table:
    """Return a row per reading and target, and per mark that hit none; a case without either has one.

    An answer about a region stands here where its case has one region alone of the kind. `ended` says what
    ended a case early; nothing was searched for there, so `marked` is empty.
    """
    questions = {question.id: question for protocol in protocols for question in protocol.questions}
    of_case = [question for question in questions.values() if question.scope not in MARK_KINDS]
    rows: list[Row] = []
    for place, case in enumerate(linked):
        cells = {**case_cells(case.reading), "seconds": case.reading.seconds, "ended": case.reading.ended}
        cells |= {question.id: case.answer_of_case(question) for question in of_case}
        cells |= {name: case.answer(name) for name in RESERVED}
        cells |= _measured(measures.get(place))
        about: list[tuple[Target | None, Mark | None]] = [
            (t, case.mark_of.get(t.target)) for t in case.targets
        ]
        about += [(None, mark) for mark in case.unmatched]
        for target, mark in about or [(None, None)]:
            row = {**cells, **_target_cells(case, target, mark)}
            if mark is not None:
                row |= {
                    question.id: case.reading.answers.get((question.id, mark.mark_id))
                    for question in questions.values()
                    if question.scope == mark.kind
                }
            rows.append(row)
    target_columns = ("target", "target_kind", "malignant", "diameter_mm", "mark", "marked", "distance_mm")
    measured = ("cnr", "cnr_noise_method", "cnr_te_ms", "tumour_volume_mm3", "r2star_per_s", "iron_ug_per_g")
    columns = (*CASE_COLUMNS, *target_columns, *questions, *measured, "iron_limit_ug_per_g", "seconds")
    return Table((*columns, "ended", *RESERVED, *PART_COLUMNS, "pixels"), tuple(rows))


def _target_cells(case: LinkedReading, target: Target | None, mark: Mark | None) -> Row:
    searched = target is None or (target.kind in MARK_KINDS and case.searched(target.kind))
    row: Row = {"marked": mark is not None} if searched else {}
    if target is None and mark is None:
        return {}
    if target is not None:
        row |= {"target": target.target, "target_kind": target.kind, "malignant": target.malignant}
        row |= {"diameter_mm": target.diameter_mm, "distance_mm": case.distance_mm.get(target.target)}
    if mark is not None:
        row |= {"mark": case.mark_name(mark), "target_kind": mark.kind}
    return row


def _measured(measures: Measures | None) -> Row:
    if measures is None:
        return {}
    row: Row = {item: measures.number(item) for item in MEASURES}
    row["cnr_te_ms"], row["iron_limit_ug_per_g"] = measures.contrast_te_ms, measures.iron_limit_ug_per_g
    row["pixels"] = measures.pixels
    row["cnr_noise_method"] = "" if measures.contrast is None else measures.contrast.noise_method
    return row


def rois_table(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return one row per reading and kind of region: whether it was proposed, its R2*, iron and signal.

    `proposed` is empty for regions that the rater drew, "changed" where one of the kind was changed since.
    """
    rows: list[Row] = []
    for place, case in enumerate(linked):
        if place not in measures:
            continue
        numbers = measures[place]
        for kind, signal in numbers.signal.items():
            row = {**case_cells(case.reading), "roi": kind, "voxels": signal.voxels}
            row |= {"volume_mm3": signal.volume_mm3, "area_mm2": signal.area_mm2}
            row["proposed"], row["pixels"] = _origin(case, kind), numbers.pixels
            row |= {
                "signal_te_ms": numbers.contrast_te_ms,
                "signal_mean": signal.mean,
                "signal_sd": signal.sd,
            }
            for name, found in (
                ("r2star_per_s", numbers.r2star.get(kind)),
                ("iron_ug_per_g", numbers.iron.get(kind)),
            ):
                if found is not None:
                    row |= {
                        f"{name}_mean": found.mean,
                        f"{name}_sd": found.sd,
                        f"{name}_median": found.median,
                    }
                    row |= {
                        f"{name}_q25": found.q25,
                        f"{name}_q75": found.q75,
                        f"{name}_left_out": found.left_out,
                    }
            rows.append(row)
    spread = ("mean", "sd", "median", "q25", "q75", "left_out")
    maps = [f"{name}_{part}" for name in ("r2star_per_s", "iron_ug_per_g") for part in spread]
    size = ("roi", "voxels", "volume_mm3", "area_mm2", "signal_te_ms", "signal_mean", "signal_sd")
    return Table((*CASE_COLUMNS, *size, *maps, "proposed", *PART_COLUMNS, "pixels"), tuple(rows))


def _origin(case: LinkedReading, kind: str) -> str:
    rois = (roi for roi in case.reading.rois.values() if roi.kind == kind)
    return max((origin(case.reading.answers, roi) for roi in rois), key=("", "as proposed", "changed").index)


def margins_table(linked: Sequence[LinkedReading], measures: Mapping[int, Measures]) -> Table:
    """Return how sharp every tumour's margin is: a row for the whole outline, and one for each sector.

    `sector` is "whole", or the patient's direction as seen from the tumour's middle; `reason` says why there
    is no width. See core.reading.margin.
    """
    told = ("width_mm", "width_se_mm", "contrast", "contrast_se", "offset_mm", "reason")
    rows: list[Row] = []
    for place, found in measures.items():
        margin = found.margin
        if margin is None:
            continue
        cells = {**case_cells(linked[place].reading), "roi": "tumour", "slice": margin.slice_index}
        cells |= {"signal_te_ms": found.contrast_te_ms, "sharp_mm": margin.sharp_mm}
        for edge in (margin.whole, *margin.sectors):
            row = {**cells, "sector": edge.direction or "whole"}
            rows.append(row | {name: getattr(edge, name) for name in told})
    columns = (*CASE_COLUMNS, "roi", "slice", "signal_te_ms", "sharp_mm", "sector", *told, *PART_COLUMNS)
    return Table(columns, tuple(rows))
