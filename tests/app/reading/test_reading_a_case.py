"""A case from the first look to the signature, by hand and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.imaging.roi import polygon_mask
from core.study.kit import Kit
from tests.app.reading.conftest import (
    AIR_MM,
    ECHO_GRID,
    LESION_MM,
    MUSCLE_MM,
    NODE_MM,
    NOISE,
    TUMOUR_MM,
    TUMOUR_R2STAR,
    opened,
)
from tests.app.reading.hand import CTRL, Hand, ring


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


def detect(hand: Hand) -> None:
    """Answer everything of the first step."""
    hand.key("4")
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("5")
    hand.key("n")
    hand.click_at(NODE_MM)
    hand.key("1")
    hand.key("2")


def quantify(hand: Hand, qtbot) -> None:
    """Close the first step and draw the three regions."""
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    for key, middle, radius in (("t", TUMOUR_MM, 3.0), ("r", MUSCLE_MM, 2.5), ("a", AIR_MM, 2.2)):
        hand.key(key)
        hand.outline(middle, radius)
        hand.key(Qt.Key.Key_Return)


def test_a_case_is_read_and_signed_and_the_kit_holds_it(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        alias = window.case.alias
        detect(hand)
        quantify(hand, qtbot)
        hand.finish()
        assert hand.text("finish_reason") == "This case is signed."
        hand.press("finish_button")
        qtbot.waitUntil(lambda: window.case.ready and window.case.alias != alias)
        assert hand.text("worklist_count") == "1 of 3 signed"
    with Kit.open(kit_path) as kit:
        kit.verify()
        reading = kit.reading(alias)
        assert reading.signed
        assert reading.answers["margin_conspicuity", None] == 4
        lesion, node = reading.marks_of("lesion")[0], reading.marks_of("node")[0]
        assert reading.answers["detection_confidence", lesion.mark_id] == 5
        assert reading.answers["node_pattern", node.mark_id] == 1
        assert reading.answers["node_suspicion", node.mark_id] == 2
        # a click lands on a pixel of the screen: a tenth of a millimetre here
        assert lesion.position_mm == pytest.approx(LESION_MM, abs=0.15)
        assert node.position_mm == pytest.approx(NODE_MM, abs=0.15)
        drawn = reading.roi("tumour").mask
        assert np.array_equal(drawn, polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0)))


def test_what_comes_later_is_not_loaded_before_the_step_is_closed(hand, qtbot):
    assert set(hand.window.case.images.volumes) == {"anatomy"}
    assert not hand.child("right_map").isVisible()
    assert not hand.child("colour_bar").isVisible()
    detect(hand)
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    qtbot.waitUntil(lambda: hand.child("colour_bar").isVisible())
    assert hand.text("colour_bar_title") == "Iron"
    assert hand.text("colour_bar_unit") == "µg/g"


def test_a_step_is_not_closed_while_an_answer_is_missing(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    assert "Margin conspicuity" in hand.text("finish_reason")
    hand.press("finish_button")
    assert "Margin conspicuity" in hand.text("message_text")
    assert not hand.child("finish_confirm").isVisible()
    # and the rater is brought to what is missing
    assert hand.child("question-margin_conspicuity").property("current")
    assert hand.window.case.reading.step_index == 0


def test_a_case_is_not_signed_without_its_regions(hand, qtbot):
    detect(hand)
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    hand.press("finish_button")
    assert "tumour region is not drawn" in hand.text("message_text")
    assert not hand.window.case.reading.signed


def test_a_signed_case_cannot_be_changed(hand, qtbot):
    detect(hand)
    quantify(hand, qtbot)
    hand.finish()
    before = hand.window.case.reading
    hand.key("b")
    hand.drag_along([TUMOUR_MM, (2.0, 2.0, 0.5)])
    hand.key(Qt.Key.Key_Z, CTRL)
    hand.key("1")
    hand.key(Qt.Key.Key_Delete)
    assert hand.window.case.reading is before
    for name in ("tool_polygon", "tool_brush", "tool_lesion", "tool_undo", "tool_tumour"):
        assert not hand.child(name).isEnabled()
    assert hand.text("saved") == "Signed"


def test_the_step_that_is_closed_cannot_be_changed_by_undo(hand, qtbot):
    detect(hand)
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    before = dict(hand.window.case.reading.answers)
    assert not hand.child("tool_undo").isEnabled()
    hand.key(Qt.Key.Key_Z, CTRL)
    hand.key("1")
    assert dict(hand.window.case.reading.answers) == before


def test_the_numbers_are_those_of_the_animal(hand, qtbot):
    detect(hand)
    quantify(hand, qtbot)
    mask = polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0))
    assert hand.number("tumour", "voxels") == mask.sum()
    # twelve corners; a slice is 1 mm thick
    drawn = 0.5 * 12 * 3.0**2 * np.sin(2 * np.pi / 12)
    assert hand.number("tumour", "area") == pytest.approx(drawn, rel=0.01)
    assert hand.number("tumour", "volume") == pytest.approx(drawn, rel=0.01)
    assert hand.number("tumour", "r2star") == pytest.approx(TUMOUR_R2STAR, abs=2)
    assert hand.number("tumour", "iron") == pytest.approx((TUMOUR_R2STAR - 30) * 0.1, abs=0.3)
    expected = 900 * np.exp(-2.5 * TUMOUR_R2STAR / 1000)
    assert hand.number("tumour", "signal") == pytest.approx(expected, rel=0.02)
    # sigma from air, one coil: the noise that was put in
    said = hand.text("number-cnr")
    assert "air SD/0.655 (one coil)" in said
    muscle = 700 * np.exp(-2.5 * 30 / 1000)
    assert float(said.split("; ")[-1].split(": ")[1].split()[0]) == pytest.approx(
        abs(muscle - expected) / NOISE, rel=0.15
    )
    assert hand.text("number-noise-iron") == "–"


def test_without_air_the_noise_is_that_of_the_reference_and_says_so(hand, qtbot):
    detect(hand)
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    for key, middle in (("t", TUMOUR_MM), ("r", MUSCLE_MM)):
        hand.key(key)
        hand.outline(middle, 2.5)
        hand.key(Qt.Key.Key_Return)
    assert "reference SD" in hand.text("number-cnr")


def test_another_echo_gives_its_own_signal_and_contrast(hand, qtbot):
    detect(hand)
    quantify(hand, qtbot)
    first = hand.number("tumour", "signal")
    hand.right.setFocus()
    for _ in range(3):
        hand.key(Qt.Key.Key_Right)
    assert "10 ms" in hand.text("number-cnr")
    assert hand.number("tumour", "signal") == pytest.approx(
        first * np.exp(-7.5 * TUMOUR_R2STAR / 1000), rel=0.05
    )


def test_saved_is_said_after_every_commit(hand, qtbot):
    assert hand.text("saved") == ""
    hand.key("3")
    assert hand.text("saved").startswith("Saved ")


def test_what_could_not_be_written_is_said_and_not_shown(hand, monkeypatch):
    from core.errors import StoreError

    def full(*_, **__):
        raise StoreError("the kit cannot be written: the disk is full; make room and do it again")

    hand.key("3")
    monkeypatch.setattr(hand.window.kit, "record", full)
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key(Qt.Key.Key_Z, CTRL)
    assert "disk is full" in hand.text("message_text")
    assert "do it again" in hand.text("message_text")
    assert hand.text("saved") == "Not saved"
    assert hand.child("saved", QWidget).property("role") == "warning"
    assert not hand.window.case.reading.marks
    assert hand.window.case.reading.answers["margin_conspicuity", None] == 3
    monkeypatch.undo()
    # what was not written was taken back by the first Ctrl+Z; now goes what was written before
    hand.key(Qt.Key.Key_Z, CTRL)
    assert not hand.window.case.reading.answers
    assert hand.text("saved").startswith("Saved ") and hand.child("saved", QWidget).property("role") == "good"
    assert not hand.child("message_text", QWidget).isVisible()


def test_an_edit_that_the_disk_refuses_is_kept_and_written_when_it_can_be(hand, qtbot, monkeypatch):
    from core.errors import StoreError

    window, tried = hand.window, []

    def full(*_, **__):
        tried.append(1)
        raise StoreError("the disk is full; make room and try again")

    alias = window.case.alias
    monkeypatch.setattr(window.kit, "record", full)
    hand.key("3")
    assert hand.text("saved") == "Not saved" and not window.case.reading.answers
    # neither another edit, nor another case, nor closing lets go of it
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key(Qt.Key.Key_Right, CTRL)
    window.close()
    assert window.isVisible() and window.case.alias == alias and len(tried) == 4
    assert hand.text("saved") == "Not saved" and not window.case.reading.marks
    monkeypatch.undo()
    qtbot.waitUntil(lambda: bool(window.case.reading.answers))
    assert window.case.reading.answers["margin_conspicuity", None] == 3
    assert hand.text("saved").startswith("Saved ")
    hand.click_at(LESION_MM)
    assert len(window.case.reading.marks) == 1
    window.kit.verify()


def test_time_at_work_is_kept(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        alias = window.case.alias
        window.case.clock._now = iter(range(0, 10_000, 7)).__next__
        window.case.clock.take()
        hand.key("3")
        hand.key(Qt.Key.Key_Right, CTRL)
        qtbot.waitUntil(lambda: window.case.ready and window.case.alias != alias)
    import sqlite3

    with sqlite3.connect(kit_path / "kit.sqlite") as connection:
        seconds = dict(connection.execute("select alias, seconds from cases"))
    assert seconds[alias] >= 7
