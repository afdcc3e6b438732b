"""A part of a study gives the tables that a study of that part alone gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.export.report.plots import all_plots
from core.statistics.analysis import Measured, analyse, measure_all, tabulate
from core.statistics.filtering import Part, of_items, part_of, whole
from tests.core.statistics.small_study import whole_study


@pytest.fixture(scope="module")
def found() -> Measured:
    return measure_all(whole_study())


@pytest.fixture(scope="module")
def everything(found: Measured) -> Part:
    return whole(found, tabulate(found).tables)


def unlike(tables, wanted) -> list[str]:
    """The tables that differ, down to the last digit; NaN is alike."""
    return [name for name in wanted if repr(tables[name].rows) != repr(wanted[name].rows)]


def test_the_whole_offers_what_there_is_and_keeps_all(found, everything):
    assert everything.fields == (3.0, 0.064) and everything.raters == ("x", "y")
    assert everything.groups == ("MNP", "vehicle") and everything.visits == ("24 h",)
    assert {"margin_conspicuity", "iron_ug_per_g"} <= set(everything.items)
    kept, before = tabulate(part_of(found, everything)), tabulate(found)
    assert kept.counts == before.counts
    assert unlike(kept.tables, before.tables) == []


@pytest.mark.parametrize(
    ("change", "keeps"),
    [
        ({"fields": (0.064,)}, lambda reading: reading.field_t == 0.064),
        ({"raters": ("y",)}, lambda reading: reading.rater == "y"),
        ({"groups": ("MNP",)}, lambda reading: reading.group == "MNP"),
    ],
)
def test_a_part_is_the_analysis_of_a_study_that_has_no_more(found, everything, change, keeps):
    part = replace(everything, **change)
    study = whole_study()
    scans = tuple(scan for scan in study.scans if part.keeps_scan(scan))
    subjects = {scan.subject for scan in scans}
    alone = replace(
        study,
        readings=tuple(filter(keeps, study.readings)),
        scans=scans,
        targets=tuple(target for target in study.targets if target.subject in subjects),
        icpms=tuple(value for value in study.icpms if value.subject in subjects),
    )
    kept, wanted = tabulate(part_of(found, part)), analyse(alone)
    assert kept.counts == wanted.counts and kept.counts["readings"] < len(study.readings)
    assert unlike(kept.tables, wanted.tables) == []
    all_plots(kept.tables)


def test_items_leave_the_rows_and_panels_of_others_out(found, everything):
    part = replace(everything, items=("iron_ug_per_g",))
    tables = of_items(tabulate(found).tables, part)
    assert {row["item"] for row in tables["agreement"].rows} == {"iron_ug_per_g"}
    assert {row["question"] for row in tables["answers"].rows} == {"iron_ug_per_g"}
    (dots,) = [plot for plot in all_plots(tables) if plot.name == "groups"]
    assert {point.row["item"] for point in dots.points} == {"iron_ug_per_g"}


def test_points_stand_where_their_rows_say(found):
    plots = {plot.name: plot for plot in all_plots(tabulate(found).tables)}
    for name, x, y in (
        ("iron", "icpms_ug_per_g", "iron_ug_per_g"), ("bland-altman", "mean", "difference")
    ):  # fmt: skip
        points = plots[name].points
        assert len(points) == 8 and [point.row for point in points] == list(plots[name].data.rows)
        assert all((point.x, point.y) == (point.row[x], point.row[y]) for point in points)
    assert all(point.y == point.row["value"] for point in plots["groups"].points)
