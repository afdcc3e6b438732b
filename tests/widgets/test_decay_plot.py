"""The plot of the decay, looked at."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from tests.widgets.hands import pixels
from widgets.decay_plot import Decay, DecayPlot

ORANGE, PINK = "#e69f00", "#cc79a7"
TE_MS = (2.0, 6.0, 10.0, 14.0)


@pytest.fixture
def plot(qtbot) -> DecayPlot:
    made = DecayPlot()
    qtbot.addWidget(made)
    made.resize(300, 130)
    made.show()
    return made


def decay(used: int = 4, **fit: float) -> Decay:
    signal = tuple(100.0 * float(np.exp(-te / 10)) for te in TE_MS)
    return Decay("tumour", "Tumour", ORANGE, TE_MS, signal, used, text="100 ± 2.0", **fit)


def inked(plot: DecayPlot, colour: str) -> np.ndarray:
    """Where the plot has a colour."""
    wanted = np.array(QColor(colour).getRgb()[:3])
    return np.abs(pixels(plot.plot).astype(int) - wanted).max(axis=2) < 40


def test_points_fall_from_left_to_right(plot):
    plot.set_decays((decay(),), "R2* 1/s", None)
    rows, columns = np.nonzero(inked(plot, ORANGE))
    left, right = columns < np.median(columns), columns > np.median(columns)
    assert rows[left].mean() < rows[right].mean() - 10


def test_the_curve_is_drawn_only_where_there_is_a_fit(plot):
    plot.set_decays((decay(),), "Signal by echo", None)
    without = np.count_nonzero(inked(plot, ORANGE).any(axis=0))
    plot.set_decays((decay(s0=100.0, r2star_per_s=100.0),), "R2* 1/s", None)
    columns = inked(plot, ORANGE).any(axis=0)
    assert np.count_nonzero(columns) > 2 * without
    # unbroken from the first point to the last
    first, last = np.flatnonzero(columns)[[0, -1]]
    assert columns[first : last + 1].mean() > 0.95


def test_points_that_the_fit_leaves_out_are_hollow(plot):
    plot.set_decays((decay(),), "", None)
    full = np.count_nonzero(inked(plot, ORANGE))
    plot.set_decays((decay(used=2),), "", None)
    assert np.count_nonzero(inked(plot, ORANGE)) < 0.85 * full


def test_the_noise_floor_is_dashed(plot):
    plot.set_decays((decay(),), "", (10.0, PINK))
    row = inked(plot, PINK).sum(axis=1).argmax()
    dashes = inked(plot, PINK)[row]
    assert 0.3 * dashes.size < np.count_nonzero(dashes) < 0.9 * dashes.size
    plot.set_decays((decay(),), "", None)
    assert not inked(plot, PINK).any()


def test_waiting_takes_everything_away(plot):
    plot.set_decays((decay(),), "R2* 1/s", None)
    plot.set_waiting("Draw something")
    assert not plot.plot.isVisible()
    assert plot.waiting.isVisible()
    assert plot.told["tumour"].text() == ""
    assert plot.accessibleDescription() == "Draw something"
