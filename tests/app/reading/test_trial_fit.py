"""Trying other fits: seen at once, said plainly, never recorded, and one key away from the study's map."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider

from tests.app.reading.conftest import AIR_MM, MUSCLE_MM, TE_MS, TUMOUR_MM, TUMOUR_R2STAR
from tests.app.reading.hand import CTRL, Hand

# compiling a fit takes its time after a fresh installation
PATIENCE_MS = 120_000


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


@pytest.fixture
def with_maps(hand, qtbot) -> Hand:
    hand.key("3")
    hand.finish()
    qtbot.waitUntil(lambda: hand.right.overlay is not None)
    return hand


@pytest.fixture
def trying(with_maps, qtbot) -> Hand:
    """The panel open, with a log-linear trial of all echoes on the screen."""
    hand = with_maps
    hand.key("g")
    choose(hand, "Log-linear")
    finished(hand, qtbot)
    return hand


def choose(hand: Hand, method: str) -> None:
    combo = hand.child("trial_method", QComboBox)
    combo.setCurrentIndex(combo.findText(method))


def finished(hand: Hand, qtbot) -> None:
    case = hand.window.case
    qtbot.waitUntil(lambda: case.on_trial and not hand.window.workers.busy, timeout=PATIENCE_MS)


def test_before_the_maps_are_shown_there_is_no_trial(hand):
    assert not hand.window.actions_by_name["trial"].isEnabled()
    hand.key("g")
    assert not hand.child("trial").isVisible()


def test_the_panel_opens_with_the_studys_map_and_says_what_is_recorded(with_maps):
    hand = with_maps
    hand.press("tool_trial")
    assert hand.child("trial").isVisible()
    assert "the study's map is what is recorded" in hand.text("trial_says")
    assert not hand.window.case.on_trial
    assert hand.text("trial_first_text") == "1: 2.5 ms"
    assert hand.text("trial_last_text") == f"6: {TE_MS[5]:g} ms"
    assert hand.child("trial_masked", QCheckBox).isChecked()


def test_overlay_probe_and_numbers_follow_a_trial_and_come_back_from_it(with_maps, qtbot):
    hand = with_maps
    hand.key("t")
    hand.key("b")
    hand.drag_along([TUMOUR_MM])
    study, own = hand.text("number-tumour-r2star"), hand.right.overlay.volume
    hand.click_at(TUMOUR_MM)
    hand.key("g")
    choose(hand, "Log-linear")
    hand.child("trial_last", QSlider).setValue(3)
    finished(hand, qtbot)
    assert hand.right.overlay.volume is not own
    assert hand.child("colour_bar_trial").isVisible()
    assert hand.text("number-tumour-r2star") != study
    assert hand.number("tumour", "r2star") == pytest.approx(TUMOUR_R2STAR, rel=0.05)
    assert hand.number("tumour", "iron") == pytest.approx(0.1 * (TUMOUR_R2STAR - 30.0), rel=0.1)
    hand.hover_at(TUMOUR_MM)
    qtbot.waitUntil(lambda: "trial fit:" in hand.text("probe"))
    hand.press("trial_back")
    assert hand.right.overlay.volume is own
    assert hand.text("number-tumour-r2star") == study
    assert not hand.child("trial").isVisible() and not hand.child("colour_bar_trial").isVisible()
    assert not hand.child("tool_trial").isChecked()
    hand.hover_at(TUMOUR_MM)
    qtbot.waitUntil(lambda: "trial" not in hand.text("probe"))


def test_all_slices_are_fitted_and_air_only_when_asked_for(trying, qtbot):
    hand = trying
    index = (slice(None), *hand.right.volume.geometry.to_index(AIR_MM)[1:].round().astype(int))
    tried = hand.window.case.maps["r2star"].data
    assert np.isfinite(tried).any(axis=(1, 2)).all()
    assert np.isnan(tried[index]).all()
    hand.child("trial_masked", QCheckBox).click()
    qtbot.waitUntil(lambda: not hand.window.workers.busy, timeout=PATIENCE_MS)
    assert np.isfinite(hand.window.case.maps["r2star"].data[index]).all()


def test_a_trial_leaves_no_trace_in_the_reading(trying):
    hand = trying
    before = hand.window.case.reading
    hand.key("g")
    assert hand.window.case.reading is before
    assert not hand.window.case.history.undo_name
    assert not hand.window.case.on_trial


def test_the_range_of_the_colours_stays_so_that_fits_compare_by_eye(trying):
    hand = trying
    protocol = hand.window.kit.protocol
    assert (hand.right.overlay.low, hand.right.overlay.high) == protocol.map_range("iron")


def test_another_case_begins_with_the_studys_map(trying, qtbot):
    hand, alias = trying, trying.window.case.alias
    hand.key(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.alias != alias)
    assert not hand.window.case.on_trial
    assert not hand.child("trial").isVisible()


def test_one_can_draw_while_trying(trying):
    hand = trying
    hand.key("r")
    hand.key("b")
    hand.drag_along([MUSCLE_MM])
    assert hand.number("reference", "r2star") == pytest.approx(30.0, abs=4.0)


def test_what_cannot_serve_says_why_and_shows_the_studys_map(with_maps, qtbot):
    hand, own = with_maps, with_maps.right.overlay.volume
    hand.key("g")
    choose(hand, "ARLO")
    finished(hand, qtbot)
    assert hand.right.overlay.volume is not own
    hand.child("trial_last", QSlider).setValue(1)
    qtbot.waitUntil(lambda: "ARLO needs three echoes" in hand.text("trial_note"), timeout=PATIENCE_MS)
    assert "The study's map is shown" in hand.text("trial_note")
    assert hand.right.overlay.volume is own
