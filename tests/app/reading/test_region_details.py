"""What is told of the selected region below the table: sizes, quartiles, iron, contrast, histogram."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox

from tests.app.reading.conftest import AIR_MM, ECHO_GRID, MUSCLE_MM, TUMOUR_MM, TUMOUR_R2STAR
from tests.app.reading.hand import CTRL, Hand
from widgets.histogram import HistogramView


@pytest.fixture
def hand(window, qtbot) -> Hand:
    """In the step that shows maps, with a brush of 3 mm."""
    made = Hand(window)
    made.key("4")
    made.finish()
    qtbot.waitUntil(lambda: "iron" in window.case.images.volumes)
    made.key("b")
    field = made.child("option_brush_mm", QDoubleSpinBox)
    field.setValue(3.0)
    return made


def paint(hand: Hand, key: str, *places: tuple[float, float, float]) -> None:
    hand.key(key)
    hand.key("b")
    hand.drag_along(places)


def numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.?\d*", text)]


def test_sizes_and_quartiles_are_those_of_the_disc_that_was_painted(hand, qtbot):
    paint(hand, "t", TUMOUR_MM)
    qtbot.waitUntil(lambda: "∅ sphere" in hand.text("number-sizes"))
    sphere, long, short, median, q25, q75 = numbers(hand.text("number-sizes"))
    volume = np.pi * 1.5**2 * ECHO_GRID.spacing_mm[0]
    assert sphere == pytest.approx(np.cbrt(6 * volume / np.pi), rel=0.02)
    assert (long, short) == pytest.approx((3.0, 3.0), rel=0.05)
    signal = 900 * np.exp(-2.5 * TUMOUR_R2STAR / 1000)
    assert q25 < median < q75 and median == pytest.approx(signal, rel=0.02)


def test_they_follow_the_hand_and_undo_brings_them_back(hand, qtbot):
    paint(hand, "t", TUMOUR_MM)
    qtbot.waitUntil(lambda: "95 %" in hand.text("number-dose"))
    before = hand.text("number-sizes"), hand.text("number-dose")
    along = TUMOUR_MM[0] - 2, TUMOUR_MM[1], TUMOUR_MM[2]
    points = [hand.right.exact_point_at(place) for place in (TUMOUR_MM, along)]
    hand.hold(hand.right, points)
    # the button is down: sizes are those of the stroke, iron is still that of before and looks it
    qtbot.waitUntil(lambda: hand.text("number-sizes") != before[0])
    assert numbers(hand.text("number-sizes"))[1] == pytest.approx(5.0, rel=0.05)
    iron = hand.child("number-dose")
    assert iron.text() == before[1] and iron.property("role") == "quiet" and "Before" in iron.toolTip()
    hand.let_go(hand.right, points[-1])
    qtbot.waitUntil(lambda: iron.text() != before[1])
    assert "95 %" in iron.text() and iron.property("role") == "" and iron.toolTip() == ""
    hand.key(Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: (hand.text("number-sizes"), hand.text("number-dose")) == before)


def test_iron_of_one_region_is_never_shown_beside_another(hand, qtbot):
    paint(hand, "t", TUMOUR_MM)
    qtbot.waitUntil(lambda: "95 %" in hand.text("number-dose"))
    hand.key("r")
    hand.key("b")
    hand.hold(hand.right, [hand.right.exact_point_at(MUSCLE_MM)] * 2)
    qtbot.waitUntil(lambda: hand.text("number-sizes").startswith("Reference"))
    assert hand.text("number-dose") == "Iron and dose: …"


def test_iron_has_its_interval_and_the_dose_of_the_regions_mass(hand, qtbot):
    paint(hand, "t", TUMOUR_MM)
    qtbot.waitUntil(lambda: "95 %" in hand.text("number-dose"))
    iron, _, low, high, dose, least, most = numbers(hand.text("number-dose"))
    assert low < iron < high and iron == pytest.approx((TUMOUR_R2STAR - 30) * 0.1, abs=0.3)
    grams = np.pi * 1.5**2 * ECHO_GRID.spacing_mm[0] * 1.05e-3
    assert (dose, least, most) == pytest.approx((iron * grams, low * grams, high * grams), rel=0.02)


def test_the_histogram_counts_the_voxels_of_the_region(hand, qtbot):
    histogram = hand.child("histogram", HistogramView)
    assert histogram.bars is None
    paint(hand, "t", TUMOUR_MM)
    qtbot.waitUntil(lambda: histogram.bars is not None)
    assert histogram.bars.title == "R2* 1/s"
    assert sum(histogram.bars.counts) == pytest.approx(np.pi * 1.5**2 / 0.16, rel=0.02)
    assert float(histogram.bars.low) < TUMOUR_R2STAR < float(histogram.bars.high)


def test_contrast_is_told_by_each_way_of_finding_the_noise(hand):
    for key, place in (("t", TUMOUR_MM), ("r", MUSCLE_MM)):
        paint(hand, key, place)
    assert hand.text("number-cnr").endswith("by reference SD")
    alone = numbers(hand.text("number-cnr").split("; ")[-1])[1]
    paint(hand, "a", AIR_MM)
    by_air, by_reference = hand.text("number-cnr").split("; ")[-1].split(": ")[1].split(", ")
    assert "air SD/0.655 (one coil)" in by_air
    assert numbers(by_reference)[0] == alone
