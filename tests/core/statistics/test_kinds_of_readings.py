"""Cases that were ended early, targets that were prescribed, answers that are no scores, regions in part."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from core.imaging.roi import Roi
from core.reading.protocol import parse_protocol
from core.reading.reading import Mark, Ruler
from core.statistics.analysis import Analysis, analyse
from core.statistics.linking import LinkedReading, link, measure
from core.statistics.listings import Table
from core.study.records import SignedReading, StudyData
from tests.core.statistics import small_study as small

PROTOCOL = parse_protocol(
    small.PROTOCOL.text
    + """
  - id: quality
    text: Image quality
    scope: case
    step: detection
    choices:
      - {value: 1, label: not diagnostic, anchor: "Nothing can be said.", ends_case: true}
      - {value: 2, label: diagnostic, anchor: "Something can be said."}
  - id: why
    text: Why it cannot be read
    scope: case
    step: detection
    type: text
    when: {question: quality, is: [1]}
  - id: size
    text: Longest diameter
    scope: lesion
    step: detection
    type: number
    unit: mm
    decimals: 1
    required: false
  - id: rim
    text: Rim of the tumour
    scope: tumour
    step: quantification
    required: false
    choices:
      - {value: 1, label: sharp, anchor: "Sharp all round."}
      - {value: 2, label: blurred, anchor: "Blurred somewhere."}
""",
    "p",
)
WHY = "Image quality: not diagnostic (it moved)"


def with_protocol(*readings: SignedReading) -> StudyData:
    told = [replace(reading, protocol_sha256=PROTOCOL.sha256) for reading in readings]
    return small.study(*told, protocols={PROTOCOL.sha256: PROTOCOL})


def ended(reading: SignedReading) -> SignedReading:
    """The same case, given up at once."""
    answers: Any = {("quality", None): 1, ("why", None): "it moved"}
    seconds = dict.fromkeys(answers, 2.0)
    return replace(reading, answers=answers, answer_seconds=seconds, marks={}, rois={}, ended=WHY)


@cache
def given_up(subject: str = "A", rater: str = "x") -> tuple[Analysis, Analysis]:
    """The analysis with one of a rater's cases ended early, and the one without that reading."""
    readings = small.whole_study().readings
    chosen = [r.rater == rater and r.subject == subject and r.field_t == 3.0 for r in readings]
    assert sum(chosen) == 1
    told = [ended(r) if this else r for r, this in zip(readings, chosen, strict=True)]
    without = [r for r, this in zip(readings, chosen, strict=True) if not this]
    return analyse(with_protocol(*told)), analyse(with_protocol(*without))


def numbers(table: Table) -> list[str]:
    """The rows to nine digits, without what counts the left out and rows that hold nothing else."""

    def cell(value: Any) -> Any:
        # another order of the same cases changes the last digits, and what is 0 but for them
        return f"{round(value, 12) + 0.0:.9g}" if isinstance(value, float) else value

    counts = ("left_out", "cases_left_out", "mri_left_out")
    rows = [{name: cell(value) for name, value in row.items() if name not in counts} for row in table.rows]
    rows = [row for row in rows if row.get("item") != "quality" and row.get("targets") != 0]
    return [repr(sorted(row.items())) for row in rows]


@pytest.mark.parametrize("subject", ["A", "D"])
@pytest.mark.parametrize(
    "name",
    [
        "accuracy", "detection", "froc", "mrmc", "agreement", "iron_agreement", "groups", "survival", "rois",
        "tables/table1a", "tables/table1b", "tables/table2", "tables/table3", "roi_agreement_summary",
    ],
)  # fmt: skip
def test_a_case_ended_early_counts_like_one_that_was_never_read(name: str, subject: str) -> None:
    told, without = given_up(subject)
    assert numbers(told.tables[name]) == numbers(without.tables[name])


def row_of(table: Table, **wanted: Any) -> dict[str, Any]:
    found = [row for row in table.rows if wanted.items() <= row.items()]
    assert len(found) == 1, found
    return found[0]


def test_what_was_ended_early_is_counted_and_its_reason_shown() -> None:
    told, without = given_up()
    x = {"rater": "x", "field_t": 3.0, "visit": ""}
    case = row_of(told.tables["accuracy"], item="lesion in the case", **x)
    assert (case["n"], case["left_out"]) == (3, 1)
    found = row_of(told.tables["detection"], kind="lesion", size_class="all", **x)
    assert (found["targets"], found["left_out"], found["cases"], found["cases_left_out"]) == (1, 2, 3, 1)
    froc = row_of(told.tables["froc"], quantity="JAFROC", **x)
    assert (froc["cases"], froc["cases_left_out"]) == (3, 1)
    margin = row_of(
        told.tables["agreement"], item="margin_conspicuity", coefficient="kappa", weights="linear",
        field_t=3.0, visit="",
    )  # fmt: skip
    assert (margin["n"], margin["left_out"]) == (3, 1)
    table2 = row_of(told.tables["tables/table2"], field_t=3.0, group="all")
    assert (table2["reads"], table2["left_out"]) == (7, 1)
    pair = row_of(told.tables["roi_agreement"], subject="A", field_t=3.0, roi="tumour")
    assert math.isnan(pair["dice"]) and pair["reason"] == f"x ended the case early: {WHY}"
    assert told.counts["ended_early"] == 1 and without.counts["ended_early"] == 0
    reads = [row for row in told.tables["reads"].rows if row["ended"]]
    assert {row["ended"] for row in reads} == {WHY} and len(reads) == 3
    assert all("marked" not in row and row["why"] == "it moved" for row in reads)
    reason = row_of(told.tables["answers"], question="why")
    assert (reason["value"], reason["unit"], reason["rater"]) == ("it moved", "text", "x")


def test_that_a_case_is_not_diagnostic_is_itself_an_answer_to_agree_on() -> None:
    readings = [
        replace(r, answers={**r.answers, ("quality", None): 2}) if r.rater == "y" else ended(r)
        for r in small.whole_study().readings
        if r.field_t == 3.0
    ]
    agreement = analyse(with_protocol(*readings)).tables["agreement"]
    row = row_of(agreement, item="quality", coefficient="ac1", field_t=3.0, visit="")
    assert row["n"] == 4
    margins = [row for row in agreement.rows if row["item"] == "margin_conspicuity"]
    assert all(row["n"] == 0 for row in margins if row["coefficient"] == "kappa")


# ---- prescribed


def prescribed(reading: SignedReading, kind: str, scores: dict[str, int]) -> SignedReading:
    """A reading whose marks of a kind were set by the study: each target's name with its score."""
    question = {"node": "node_suspicion", "lesion": "detection_confidence"}[kind]
    centres = {t.target: t.centre_mm for t in small.TARGETS if t.subject == reading.subject}
    marks = {f"m-{name}": Mark(f"m-{name}", kind, centres[name], True) for name in scores}
    others = {key: mark for key, mark in reading.marks.items() if mark.kind != kind}
    answers: dict[Any, Any] = {key: v for key, v in reading.answers.items() if key[1] in (None, *others)}
    answers |= {(question, f"m-{name}"): score for name, score in scores.items()}
    return replace(
        reading, marks={**marks, **others}, answers=answers, answer_seconds={},
        target_of={f"m-{name}": name for name in scores}, prescribed=(kind,),
    )  # fmt: skip


def linked(reading: SignedReading) -> LinkedReading:
    return link([reading], small.TARGETS)[0]


def test_a_prescribed_mark_is_its_target_whatever_lies_nearer() -> None:
    reading = small.reading("x", small.scan_of("A", 3.0))
    given = prescribed(reading, "lesion", {"a1": 2, "a2": 5})
    # as if the centres had been corrected since: far away, and nearer to the other one
    swapped = {
        "m-a1": replace(given.marks["m-a1"], position_mm=given.marks["m-a2"].position_mm),
        "m-a2": replace(given.marks["m-a2"], position_mm=(90.0, 0.0, 0.0)),
    }
    case = linked(replace(given, marks=swapped))
    assert {name: mark.mark_id for name, mark in case.mark_of.items()} == {"a1": "m-a1", "a2": "m-a2"}
    assert case.unmatched == ()
    targets = {target.target: target for target in case.targets}
    scores = [case.score("detection_confidence", targets[name]) for name in ("a1", "a2")]
    assert scores == [2.0, 5.0]


def test_a_target_that_was_not_dealt_is_unknown_and_not_unseen() -> None:
    case = linked(prescribed(small.reading("x", small.scan_of("A", 3.0)), "lesion", {"a1": 5}))
    target = next(target for target in case.targets if target.target == "a2")
    assert math.isnan(case.score("detection_confidence", target))


def test_suspicion_of_prescribed_nodes_is_accuracy_like_that_of_found_ones() -> None:
    readings = [r for r in small.whole_study().readings if r.field_t == 3.0]
    names = {"A": "an", "B": "bn", "C": "cn"}

    def scores(r: SignedReading) -> dict[str, int]:
        found = [int(value) for key, value in r.answers.items() if key[0] == "node_suspicion"]
        return {names[r.subject]: found[0]} if found else {}

    given = [prescribed(r, "node", scores(r)) for r in readings]
    tables = [analyse(with_protocol(*rs)).tables for rs in (readings, given)]
    free, set_by_study = (
        [row for row in each["accuracy"].rows if row["item"] == "node malignant"] for each in tables
    )
    assert repr(free) == repr(set_by_study) and free[0]["n"]
    # but that they were "found" says nothing of a rater
    kinds = [
        row for row in tables[1]["detection"].rows if row["kind"] == "node" and row["size_class"] == "all"
    ]
    assert kinds and all(row["targets"] == row["detected"] == 0 and row["left_out"] for row in kinds)


def test_what_the_study_showed_is_no_free_search() -> None:
    """A marked lesion tells that there is one: cases with and without would be told apart perfectly."""
    readings = []
    for r in small.whole_study().readings:
        scores = {t.target: 3 for t in small.TARGETS if t.subject == r.subject and t.kind == "lesion"}
        readings.append(prescribed(r, "lesion", scores))
    tables = analyse(with_protocol(*readings)).tables
    cases = [row for row in tables["accuracy"].rows if row["item"] == "lesion in the case"]
    assert cases and all(row["n"] == 0 and row["left_out"] for row in cases)
    assert all(row["n"] == 0 for row in tables["accuracy"].rows if row["item"] == "lesion marks")
    assert tables["froc"].rows == ()
    assert all(row["n"] == 0 for row in tables["agreement"].rows if row["item"] == "detected")


# ---- answers that are no scores, rulers, regions in part


def test_numbers_agree_as_numbers_and_texts_not_at_all() -> None:
    readings = []
    for r in small.whole_study().readings:
        if r.field_t == 3.0 and r.subject == "A":
            sizes = {"x": (2.3, 5), "y": (2.5, 4.5)}[r.rater]
            marks = [mark for mark in r.marks.values() if mark.kind == "lesion"]
            more: Any = {("size", mark.mark_id): size for mark, size in zip(marks, sizes, strict=True)}
            more |= {("note", None): "=1+1", ("query", None): "left?"}
            readings.append(replace(r, answers={**r.answers, **more}))
    tables = analyse(with_protocol(*readings)).tables
    agreement = [row for row in tables["agreement"].rows if row["item"] == "size" and not row["visit"]]
    kinds = {row["coefficient"] for row in agreement}
    assert "icc" in kinds and "kappa" not in kinds and all(row["n"] == 2 for row in agreement)
    assert not {"why", "note", "query"} & {row["item"] for row in tables["agreement"].rows}
    sizes = [row for row in tables["answers"].rows if row["question"] == "size"]
    assert sorted((row["value"], row["unit"], row["target"]) for row in sizes) == [
        (2.3, "mm", "a1"), (2.5, "mm", "a1"), (4.5, "mm", "a2"), (5, "mm", "a2"),
    ]  # fmt: skip
    notes = [row["value"] for row in tables["answers"].rows if row["question"] == "note"]
    assert notes == ["=1+1"] * 2
    assert {(row["note"], row["query"]) for row in tables["reads"].rows} == {("=1+1", "left?")}


def test_an_answer_about_a_region_stands_with_its_name() -> None:
    reading = small.reading("x", small.scan_of("A", 3.0))
    rois = {roi.roi_id: roi for roi in reading.rois.values()}
    roi_id = next(iter(rois))
    reading = replace(reading, rois=rois, answers={**reading.answers, ("rim", roi_id): 2})
    tables = analyse(with_protocol(reading)).tables
    row = row_of(tables["answers"], question="rim")
    assert (row["value"], row["roi"], "mark" in row) == (2, "tumour", False)
    assert all(row["rim"] == 2 for row in tables["reads"].rows)
    # of two of a kind, neither speaks for the case
    second = replace(reading.rois[roi_id], roi_id="second", name="tumour 2")
    two = replace(reading, rois={**reading.rois, "second": second})
    assert all(row["rim"] is None for row in analyse(with_protocol(two)).tables["reads"].rows)


def test_rulers_are_listed_with_what_they_measure() -> None:
    reading = small.reading("x", small.scan_of("A", 3.0), lesions={(3.2, 3.0, 1.0): 5})
    rulers = {
        "r1": Ruler("r1", (0.0, 0.0, 0.0), (3.0, 4.0, 0.0), "lesion0"),
        "r2": Ruler("r2", (1.0, 1.0, 1.0), (1.0, 1.0, 2.5), None, 1),
    }
    table = analyse(with_protocol(replace(reading, rulers=rulers))).tables["measurements"]
    first, second = table.rows
    assert (first["ruler"], first["target"], first["mark"], first["step"], first["length_mm"]) == (
        "ruler 1", "a1", "lesion 1", "detection", 5.0,
    )  # fmt: skip
    assert (second["ruler"], second["step"], second["length_mm"]) == ("ruler 2", "quantification", 1.5)
    assert (second["start_z_mm"], second["end_z_mm"]) == (1.0, 2.5) and set(first) <= set(table.columns)


def test_measures_weigh_what_lies_inside_in_part() -> None:
    """Half of every voxel of the tumour, and a whole one beside it that holds other tissue."""
    reading = small.reading("x", small.scan_of("A", 3.0))
    images = small.images_of("A-3")
    whole = measure(reading, images, coils=1)
    coverage = np.where(small.TUMOUR, np.uint8(51), np.uint8(0))
    partly = {**reading.rois, "t": Roi("t", "tumour", coverage, small.GRID)}
    del partly[next(iter(reading.rois))]
    found = measure(replace(reading, rois=partly), images, coils=1)
    assert found.number("tumour_volume_mm3") == pytest.approx(whole.number("tumour_volume_mm3") / 5)
    assert found.number("iron_ug_per_g") == pytest.approx(whole.number("iron_ug_per_g"))
    assert found.number("cnr") == pytest.approx(whole.number("cnr"))
    assert found.iron_limit_ug_per_g == pytest.approx(whole.iron_limit_ug_per_g)
    mixed = coverage.copy()
    mixed[small.REFERENCE] = 17
    found = measure(
        replace(reading, rois={**partly, "t": Roi("t", "tumour", mixed, small.GRID)}), images, coils=1
    )
    tumour, other = small.TUMOUR.sum() * 51, small.REFERENCE.sum() * 17
    assert found.number("iron_ug_per_g") == pytest.approx(10.0 * tumour / (tumour + other))


def test_two_regions_of_a_kind_are_one_and_share_no_voxel_twice() -> None:
    reading = small.reading("x", small.scan_of("A", 3.0))
    first = next(iter(reading.rois.values()))
    half = first.mask.copy()
    half[2] = False
    two = {**reading.rois, "again": Roi("again", "tumour", half, small.GRID, "tumour 2")}
    images = small.images_of("A-3")
    assert repr(measure(replace(reading, rois=two), images, coils=1)) == repr(
        measure(reading, images, coils=1)
    )


def test_the_order_in_which_kits_come_changes_no_number() -> None:
    readings = small.whole_study().readings
    one, other = (analyse(with_protocol(*given)) for given in (readings, readings[::-1]))
    for name in ("agreement", "accuracy", "detection", "mrmc", "comparisons", "tables/table2"):
        assert numbers(one.tables[name]), name
        assert numbers(one.tables[name]) == numbers(other.tables[name]), name
