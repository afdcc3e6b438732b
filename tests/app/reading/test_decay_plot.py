"""The plot of the decay follows the hand, and tells R2* only where the step shows it."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel

from tests.app.reading.conftest import AIR_MM, MUSCLE_MM, NOISE, TE_MS, TUMOUR_MM, TUMOUR_R2STAR
from tests.app.reading.hand import CTRL, Hand
from widgets.decay_plot import DecayPlot


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


@pytest.fixture
def with_maps(hand, qtbot) -> Hand:
    hand.key("3")
    hand.finish()
    qtbot.waitUntil(lambda: "r2star" in hand.window.case.images.volumes)
    return hand


def plot_of(hand: Hand) -> DecayPlot:
    return hand.child("decay", DecayPlot)


def paint(hand: Hand, key: str, place: tuple[float, float, float]) -> None:
    hand.key(key)
    hand.key("b")
    hand.drag_along([place])


def told(hand: Hand, kind: str) -> float:
    return float(hand.text(f"decay-{kind}").split(" ")[0])


def known(hand: Hand, kind: str) -> bool:
    # compiling the fit takes its time after a fresh installation
    return " ± " in hand.text(f"decay-{kind}")


def test_an_empty_plot_says_what_it_waits_for(hand):
    assert "Draw tumour or reference" in hand.text("decay_waiting")
    assert hand.child("decay_waiting").isVisible()
    assert plot_of(hand).accessibleName() == "Decay of the signal"


def test_before_the_maps_are_shown_there_are_points_and_no_r2star(hand):
    paint(hand, "t", TUMOUR_MM)
    (decay,) = plot_of(hand).decays
    assert decay.te_ms == TE_MS
    assert decay.signal[0] > 2 * decay.signal[-1]
    assert math.isnan(decay.r2star_per_s) and math.isnan(decay.s0)
    shown = [label.text() for label in plot_of(hand).findChildren(QLabel)]
    assert not [text for text in shown if "R2*" in text or "±" in text]
    assert "R2*" not in plot_of(hand).accessibleDescription()


def test_the_curves_rate_is_the_regions_r2star_with_its_error(with_maps, qtbot):
    hand = with_maps
    paint(hand, "t", TUMOUR_MM)
    paint(hand, "r", MUSCLE_MM)
    qtbot.waitUntil(lambda: known(hand, "tumour") and known(hand, "reference"), timeout=60_000)
    assert told(hand, "tumour") == pytest.approx(TUMOUR_R2STAR, rel=0.05)
    assert told(hand, "reference") == pytest.approx(30.0, abs=3.0)
    assert hand.text("decay_head") == "R2* 1/s"
    assert "Tumour: 1" in plot_of(hand).accessibleDescription()


def test_the_plot_follows_an_outline_before_it_is_closed_and_undo(hand, qtbot):
    hand.key("t")
    hand.key("p")
    hand.outline(TUMOUR_MM, 2.0, corners=4)
    qtbot.waitUntil(lambda: len(plot_of(hand).decays) == 1)
    (open_outline,) = plot_of(hand).decays
    hand.key(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plot_of(hand).decays == ())
    paint(hand, "t", TUMOUR_MM)
    (painted,) = plot_of(hand).decays
    assert painted.signal != open_outline.signal
    hand.key("z", CTRL)
    assert plot_of(hand).decays == ()
    assert hand.child("decay_waiting").isVisible()


def test_the_noise_floor_is_that_of_the_noise_region(hand):
    paint(hand, "t", TUMOUR_MM)
    assert plot_of(hand).floor is None
    paint(hand, "a", AIR_MM)
    # mean of Rayleigh noise
    assert plot_of(hand).floor == pytest.approx(1.253 * NOISE, rel=0.15)


def test_the_plot_gives_way_in_a_narrow_window_and_never_takes_height(hand, qtbot):
    window = hand.window
    heights = set()
    for size, shown in ((QSize(1366, 700), True), (QSize(1180, 640), False), (QSize(1280, 720), True)):
        window.resize(size)
        qtbot.waitUntil(lambda size=size: window.size() == size)
        assert plot_of(hand).isVisible() == shown
        heights.add(window.numbers_panel.height())
    assert len(heights) == 1


def test_a_plot_that_comes_back_shows_the_regions_of_now(hand, qtbot):
    window = hand.window
    window.resize(1180, 640)
    qtbot.waitUntil(lambda: not plot_of(hand).isVisible())
    paint(hand, "t", TUMOUR_MM)
    assert plot_of(hand).decays == ()
    window.resize(1366, 700)
    qtbot.waitUntil(lambda: len(plot_of(hand).decays) == 1)
