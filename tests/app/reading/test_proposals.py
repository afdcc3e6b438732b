"""Reference tissue and air are proposed, taken or refused by keys alone; the edge's width is told."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.imaging.geometry import Geometry
from core.reading.air import air_noise
from core.reading.proposed import origin
from tests.app.reading.conftest import (
    MUSCLE_MM,
    NODE_MM,
    NOISE,
    PROTOCOL,
    TUMOUR_MM,
    TUMOUR_RADIUS_MM,
    animal,
)
from tests.app.reading.hand import SHIFT, Hand


@pytest.fixture
def hand(window) -> Hand:
    """A tumour is drawn in its slice, and a node is marked."""
    made = Hand(window)
    made.key("n")
    made.click_at(NODE_MM)
    made.key("t")
    made.outline(TUMOUR_MM, TUMOUR_RADIUS_MM, corners=16)
    made.key(Qt.Key.Key_Return)
    return made


def dashed(hand: Hand) -> list[str]:
    return [outline.colour for outline in hand.right.outlines if outline.proposed]


def wait_for(qtbot, hand: Hand, colour: str) -> None:
    qtbot.waitUntil(lambda: dashed(hand) == [colour], timeout=60_000)


def kinds(hand: Hand) -> list[str]:
    return [roi.kind for roi in hand.window.case.reading.rois.values()]


REFERENCE, AIR = "#56b4e9", "#cc79a7"


def test_reference_tissue_is_proposed_and_taken_by_keys_alone(hand, qtbot):
    hand.key("r", SHIFT)
    wait_for(qtbot, hand, REFERENCE)
    assert kinds(hand) == ["tumour"]
    hand.key(Qt.Key.Key_Return)
    assert kinds(hand) == ["tumour", "reference"] and dashed(hand) == []
    reading = hand.window.case.reading
    roi = reading.roi("reference")
    assert origin(reading.answers, roi) == "as proposed"
    signal, r2star = animal(roi.geometry)
    inside = roi.coverage > 0
    assert (signal[inside] == 700).all() and (r2star[inside] == 30).all()
    assert not (inside & (reading.roi("tumour").coverage > 0)).any()
    assert float(hand.text("number-reference-signal").split(" ")[0]) > 0
    # one step back takes the region and its record away
    hand.choose("undo")
    assert kinds(hand) == ["tumour"] and not any(
        "proposed" in key for key, _ in hand.window.case.reading.answers
    )
    hand.choose("redo")
    reading = hand.window.case.reading
    assert origin(reading.answers, reading.roi("reference")) == "as proposed"


def test_a_taken_region_that_is_changed_is_known_as_changed(hand, qtbot):
    hand.key("r", SHIFT)
    wait_for(qtbot, hand, REFERENCE)
    hand.key("r", SHIFT)
    roi = hand.window.case.reading.roi("reference")
    hand.key("b")
    k, row, column = (side.start for side in roi.box)
    hand.drag_along([tuple(roi.geometry.to_mm((k, row, column)))])
    reading = hand.window.case.reading
    assert origin(reading.answers, reading.roi("reference")) == "changed"


def test_air_is_proposed_in_the_slice_shown_and_tells_the_noise(hand, qtbot):
    hand.key("a", SHIFT)
    wait_for(qtbot, hand, AIR)
    hand.key(Qt.Key.Key_Return)
    air = hand.window.case.reading.roi("noise")
    signal, _ = animal(air.geometry)
    assert (signal[air.coverage > 0] == 0).all()
    series = hand.window.case.images.echoes
    assert air_noise(series.magnitude[0], air.coverage).sigma == pytest.approx(NOISE, rel=0.03)
    assert hand.text("message_text") == ""


def test_escape_refuses_and_nothing_is_recorded(hand, qtbot):
    hand.key("r", SHIFT)
    wait_for(qtbot, hand, REFERENCE)
    hand.key(Qt.Key.Key_Escape)
    assert dashed(hand) == [] and kinds(hand) == ["tumour"]
    hand.key(Qt.Key.Key_Return)
    assert kinds(hand) == ["tumour"]


def test_without_a_tumour_no_reference_is_proposed_and_no_second_one(window, qtbot):
    hand = Hand(window)
    hand.choose("propose_reference")
    assert "Draw the tumour first" in hand.text("message_text")
    hand.key("t")
    hand.outline(TUMOUR_MM, TUMOUR_RADIUS_MM, corners=16)
    hand.key(Qt.Key.Key_Return)
    hand.key("r", SHIFT)
    wait_for(qtbot, hand, REFERENCE)
    hand.key(Qt.Key.Key_Return)
    hand.choose("propose_reference")
    assert "already" in hand.text("message_text") and dashed(hand) == []


def test_air_that_holds_more_than_noise_is_said_with_the_number(hand):
    hand.key("a")
    hand.key("b")
    # from air into the body
    hand.drag_along([(-13.0, -13.0, 0.5), (-9.0, -9.0, 0.5), (-4.0, -4.0, 0.5)])
    assert "% less noise than its SD" in hand.text("message_text")


def test_the_margin_is_told_and_drawn_while_it_is_wanted(hand, qtbot):
    for _ in range(3):  # to an echo with contrast
        hand.key(Qt.Key.Key_Right)
    hand.key("m", SHIFT)
    qtbot.waitUntil(lambda: hand.text("number-sizes").startswith("Edge width 0"))
    # measured in one echo, whatever the panes show
    assert "mm at TE 10 ms (10 to 90 %)" in hand.text("number-sizes")
    spokes = [line for line in hand.right.rulers if line.key == "margin"]
    assert len(spokes) == 8
    assert not [line for line in hand.left.rulers if line.key == "margin"]
    width = float(hand.text("number-sizes").split(" ")[2])
    # a sharp ball in voxels of 0.4 mm
    assert 0 < width < 1.0
    told = [float(line.text.removeprefix("≤ ")) for line in spokes if line.text != "–"]
    assert len(told) >= 6 and 0.3 < np.median(told) < 1.0
    hand.key("m", SHIFT)
    assert not [line for line in hand.right.rulers if line.key == "margin"]
    qtbot.waitUntil(lambda: hand.text("number-sizes").startswith("Tumour"))


def test_the_sectors_lie_round_the_tumour(hand, qtbot):
    hand.key("m", SHIFT)
    qtbot.waitUntil(lambda: any(line.key == "margin" for line in hand.right.rulers))
    grid: Geometry = hand.window.case.reading.grid
    for line in hand.right.rulers:
        middle = (np.array(line.start_mm) + np.array(line.end_mm)) / 2
        assert np.linalg.norm(middle - TUMOUR_MM) == pytest.approx(TUMOUR_RADIUS_MM, abs=0.7)
        assert grid.holds(middle)


def test_a_protocol_may_ask_for_a_proposal(read_by, qtbot):
    """The key of the kind shows it, and takes it; drawing in its place leaves it aside."""
    text = PROTOCOL.with_name("roi-quantification.yaml").read_text(encoding="utf-8")
    asked = text.replace("{kind: reference, step: quantification}",
                         "{kind: reference, step: quantification, propose: true}")  # fmt: skip
    assert asked != text
    hand = read_by(asked)
    hand.key("r")
    assert not hand.window.proposals.shown and hand.text("message_text") == ""
    hand.key("t")
    hand.outline(TUMOUR_MM, TUMOUR_RADIUS_MM, corners=16)
    hand.key(Qt.Key.Key_Return)
    hand.key("r")
    wait_for(qtbot, hand, REFERENCE)
    hand.outline(MUSCLE_MM, 2.0, corners=8)
    assert dashed(hand) == []
    hand.key(Qt.Key.Key_Return)
    reading = hand.window.case.reading
    assert origin(reading.answers, reading.roi("reference")) == ""
    hand.choose("undo")
    hand.key("r")
    wait_for(qtbot, hand, REFERENCE)
    hand.key("r")
    reading = hand.window.case.reading
    assert origin(reading.answers, reading.roi("reference")) == "as proposed"


def test_a_proposal_of_less_than_a_voxel_is_refused_with_what_to_do(hand):
    regions = hand.window.tools.regions
    sliver = np.zeros(regions.grid.shape, np.uint8)
    sliver[4, 40, 40:42] = 120
    before = hand.window.case.reading
    assert not regions.take_proposed("reference", sliver)
    assert hand.window.case.reading is before
    assert "less than one voxel" in hand.text("message_text")
