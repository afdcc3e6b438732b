"""What the report's plots show is what the tables say, session by session."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from core.export.report.blocks import Grid, Heading
from core.export.report.cases import typical_cases
from core.export.report.document import report_blocks
from core.export.report.plots import heat_maps, roc_plot, survival_plot
from core.export.report.style import styled
from core.statistics.analysis import analyse
from core.statistics.linking import link
from core.statistics.listings import Table
from core.statistics.study_agreement import roi_agreement_table
from core.statistics.study_groups import FREE, LAST_SEEN
from core.study.records import StudyData

sys.path.insert(0, str(Path(__file__).parents[1] / "statistics"))
import small_study as small


@pytest.fixture(scope="module")
def two_sessions():
    study = small.two_sessions()
    return study, analyse(study)


def test_a_roc_curve_is_of_one_session_and_its_auc_that_of_the_table(two_sessions):
    tables = two_sessions[1].tables
    with styled():
        plot = roc_plot(tables)
        found = {
            (axes.get_title(), text.get_text())
            for axes in plot.figure.axes
            for text in axes.get_legend().get_texts()
        }
    rows = [
        row
        for row in tables["accuracy"].rows
        if "auc" in row and row["field_t"] is not None and not row["visit"] and row["rater"] != "pooled"
    ]
    assert {
        (f"{row['item']}, {row['field_t']:g} T, session {row['session']}",
         f"{row['rater']}, AUC {row['auc']:.2f}")
        for row in rows
    } == found  # fmt: skip
    nodes = {row["auc"] for row in rows if (row["item"], row["field_t"]) == ("node malignant", 3.0)}
    assert nodes >= {0.0, 1.0}


def test_a_heat_map_counts_the_readings_of_one_session(two_sessions):
    tables = two_sessions[1].tables
    with styled():
        plot = heat_maps(tables)
    for session in (1, 2):
        rows = [row for row in plot.data.rows if row["session"] == session]
        # two raters read eight scans once a session
        assert sum(row["n"] for row in rows if row["item"] == "margin_conspicuity") == 8
    assert sum(
        f"session {session}" in axes.get_title() for axes in plot.figure.axes for session in (1, 2)
    ) == len(plot.figure.axes)


def test_no_two_rows_of_a_report_are_alike_but_for_numbers(two_sessions):
    study, analysis = two_sessions
    blocks = report_blocks(study, analysis, {})
    chapters = ("Agreement between raters", "Regions", "Accuracy against the reference standard")
    for place, block in enumerate(blocks):
        if isinstance(block, Heading) and block.text in (*chapters, "Lesions and nodes found"):
            table = blocks[place + 1]
            assert isinstance(table, Grid)
            assert "session" in table.headings
            column = list(table.headings).index("session")
            assert {row[column] for row in table.rows} >= {"1", "2"}


def test_one_session_needs_no_column():
    study = small.whole_study()
    for block in report_blocks(study, analyse(study), {}):
        if isinstance(block, Grid) and "rater" in block.headings:
            assert "session" not in block.headings or "cases dealt" in block.headings


def followed(*, grown: str) -> StudyData:
    """Four animals seen at three visits by one rater; those named in `grown` progress at 24 h."""
    bigger = small.box(slice(6, 18), slice(6, 18))
    readings = []
    for subject in "ABCD":
        for visit in ("baseline", "24 h", "48 h"):
            mask = bigger if subject in grown and visit != "baseline" else small.TUMOUR
            scan = replace(small.scan_of(subject, 3.0), scan_id=f"{subject}-{visit}", visit=visit)
            readings.append(small.reading("x", scan, tumour=mask))
    return small.study(*readings, targets=(), icpms=())


def drawn(study: StudyData):
    tables = analyse(study).tables
    with styled():
        plot = survival_plot(tables)
    (axes,) = plot.figure.axes
    return tables, axes


def test_a_group_without_progression_is_drawn_to_the_last_time_it_was_seen():
    tables, axes = drawn(followed(grown="A"))
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines["vehicle"].get_xydata().ravel()) == [0, 1, 48, 1]
    # A progressed at 24 h, B was seen for the last time at 48 h
    assert lines["MNP"].get_xydata().tolist() == [[0, 1], [24, 0.5], [48, 0.5]]
    marks = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "|"]
    assert sorted(marks) == [[[48, 0.5]], [[48, 1]]]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "24", "48"]
    assert [text.get_text() for text in axes.texts] == ["MNP", "2", "2", "1", "vehicle", "2", "2", "2"]
    (seen,) = [
        row for row in tables["survival"].rows
        if (row["quantity"], row["group"]) == ("last seen without progression", "vehicle")
    ]  # fmt: skip
    assert (seen["time_h"], seen["at_risk"], seen["n"], seen["events"]) == (48.0, 2, 2, 0)


def test_names_and_numbers_at_risk_of_two_panels_do_not_touch():
    names = ("MNP", "MNP + magnet", "vehicle", "a name longer than all the others")
    rows = [
        {"quantity": quantity, "field_t": field, "group": group, "time_h": hour, "value": 0.5, "ci_low": 0.2,
         "ci_high": 0.8, "at_risk": 12}
        for field in small.FIELDS for group in names
        for quantity, hour in ((FREE, 24.0), (FREE, 72.0), (LAST_SEEN, 336.0))
    ]  # fmt: skip
    tables = {"survival": Table(tuple(rows[0]), tuple(rows))}
    with styled():
        figure = survival_plot(tables).figure
        figure.draw_without_rendering()
        boxes = [
            text.get_window_extent().padded(1)
            for axes in figure.axes
            for text in (*axes.texts, *axes.get_xticklabels(), axes.xaxis.label, axes.yaxis.label)
        ]
    for axes in figure.axes:
        assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "72", "336"]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


def test_where_nobody_progressed_the_curves_stay_at_one_and_the_report_says_so():
    study = followed(grown="")
    _, axes = drawn(study)
    assert all(height == 1 for line in axes.lines for height in line.get_ydata())
    blocks = report_blocks(study, analyse(study), {})
    assert any(
        "not estimable: no event was seen" in text
        for block in blocks if isinstance(block, Grid) for text in (block.note, *block.remarks)
    )  # fmt: skip


def test_a_typical_case_shows_its_own_raters_where_one_name_is_part_of_another():
    study = small.whole_study()
    names = {"x": "Rater 10, head", "y": "Rater 2"}
    two = [replace(each, rater=names[each.rater]) for each in study.readings]
    third = [
        replace(each, rater="Rater 1", alias=f"{each.alias}-1", kit_id="kit-1-1")
        for each in study.readings if each.rater == "x"
    ]  # fmt: skip
    study = replace(study, readings=(*two, *third))
    table = roi_agreement_table(link(study.readings, study.targets))
    pair = "Rater 10, head, Rater 2"
    rows = tuple(row for row in table.rows if row["raters"] == pair)
    with styled():
        plot = typical_cases(study, replace(table, rows=rows))
    assert len(plot.figure.axes) == 2
    for axes in plot.figure.axes:
        assert ", ".join(text.get_text() for text in axes.get_legend().get_texts()) == pair
