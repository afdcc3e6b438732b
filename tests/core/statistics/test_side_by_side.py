"""Two raters' readings of one case beside each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.statistics.analysis import measure_all, tabulate
from core.statistics.side_by_side import ENDED, FOUND, disagreements, pairs_of
from tests.core.statistics.small_study import TUMOUR, reading, scan_of, study, whole_study


def pair_of(*readings):
    (pair,) = pairs_of(measure_all(study(*readings)))
    return pair


def line(pair, item: str):
    (found,) = (each for each in pair.lines if each.item == item)
    return found


SCAN = scan_of("A", 3.0)


def test_the_same_answers_are_not_apart():
    pair = pair_of(reading("x", SCAN), reading("y", SCAN))
    assert (pair.differing, pair.apart, pair.dice) == (0, 0.0, 1.0)
    assert line(pair, "margin_conspicuity").first == line(pair, "margin_conspicuity").second


@pytest.mark.parametrize(("margin", "apart"), [(5, 0.25), (2, 0.5), (1, 0.75)])
def test_scores_are_apart_by_their_steps_on_the_scale(margin, apart):
    pair = pair_of(reading("y", SCAN, margin=margin), reading("x", SCAN, margin=4))
    found = line(pair, "margin_conspicuity")
    assert (pair.first.rater, found.apart, found.differs) == ("x", apart, True)
    assert found.first.startswith("4 ") and found.second.startswith(f"{margin} ")
    assert pair.apart == apart


def test_a_finding_of_one_alone_is_told_with_its_answer():
    here = {(3.0, 3.0, 1.0): 5}
    pair = pair_of(reading("x", SCAN, lesions=here), reading("y", SCAN))
    assert (line(pair, FOUND).about, line(pair, FOUND).first, line(pair, FOUND).second) == (
        "lesion 1, x", "yes", "no",
    )  # fmt: skip
    assert line(pair, "detection_confidence").second == ""
    near = pair_of(reading("x", SCAN, lesions=here), reading("y", SCAN, lesions={(3.5, 3.0, 1.0): 3}))
    assert line(near, "detection_confidence").apart == 0.5
    assert not [each for each in near.lines if each.item == FOUND]


def test_an_ended_case_says_nothing_else():
    pair = pair_of(replace(reading("x", SCAN), ended="not readable"), reading("y", SCAN))
    assert [(each.item, each.first, each.second) for each in pair.lines] == [(ENDED, "not readable", "no")]
    assert pair.differing == 1 and np.isnan(pair.dice)


def test_dice_is_that_of_the_table_of_regions():
    moved = np.roll(TUMOUR, 3, axis=2)
    found = measure_all(study(reading("x", SCAN), reading("y", SCAN, tumour=moved)))
    (row,) = (row for row in tabulate(found).tables["roi_agreement"].rows if row["roi"] == "tumour")
    assert pairs_of(found)[0].dice == pytest.approx(row["dice"], abs=1e-12)
    assert row["dice"] == pytest.approx(5 / 8)


def test_cases_of_one_rater_are_there_and_repeats_and_third_readings_are_not():
    alone = pairs_of(measure_all(study(reading("x", SCAN), reading("x", SCAN, repeat_of="x1A-3"))))
    assert [(pair.first.rater, pair.second, pair.differing) for pair in alone] == [("x", None, 0)]
    third = replace(reading("z", SCAN, margin=1), adjudicates=True)
    two = pairs_of(measure_all(study(reading("x", SCAN), reading("y", SCAN), third)))
    assert [(pair.first.rater, pair.second.rater) for pair in two] == [("x", "y")]


def test_disagreements_come_farthest_apart_first():
    pairs = pairs_of(measure_all(whole_study()))
    assert len(pairs) == 8
    places = disagreements(pairs)
    assert places and [pairs[place].apart for place in places] == sorted(
        (pair.apart for pair in pairs if pair.differing), reverse=True
    )
    of_one = pairs_of(measure_all(whole_study()), ("margin_conspicuity",))
    assert {each.item for pair in of_one for each in pair.lines} <= {"margin_conspicuity", FOUND}
