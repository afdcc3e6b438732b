"""One decay, fitted: exact without noise, and with the errors that statistics textbooks give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from core.errors import InputError
from core.relaxometry.decay import fit_decay

TE_MS = (2.5, 5.0, 7.5, 10.0, 14.0, 18.0)


def decay(r2star: float, s0: float = 500.0, te_ms: tuple[float, ...] = TE_MS) -> np.ndarray:
    return s0 * np.exp(-1e-3 * np.asarray(te_ms) * r2star)


@settings(max_examples=40, deadline=None)
@given(st.floats(1.0, 600.0), st.floats(1e-2, 1e4))
def test_a_decay_without_noise_is_found_again(r2star, s0):
    found = fit_decay(TE_MS, decay(r2star, s0))
    assert found.r2star_per_s == pytest.approx(r2star, rel=1e-6)
    assert found.s0 == pytest.approx(s0, rel=1e-6)
    assert found.se_per_s == pytest.approx(0.0, abs=1e-3 * r2star)
    assert found.echoes == len(TE_MS)


def test_value_and_standard_error_are_those_of_a_least_squares_fit():
    signal = decay(120.0) + np.array([3.0, -4.0, 2.0, 1.0, -3.0, 2.0])
    found = fit_decay(TE_MS, signal)
    values, covariance = curve_fit(
        lambda te, s0, r2star: s0 * np.exp(-te * r2star), 1e-3 * np.asarray(TE_MS), signal, (400.0, 100.0)
    )
    assert (found.s0, found.r2star_per_s) == pytest.approx(tuple(values), rel=1e-5)
    assert found.se_per_s == pytest.approx(np.sqrt(covariance[1, 1]), rel=1e-4)


def test_the_unit_of_the_signal_does_not_matter():
    signal = decay(80.0) + np.array([5.0, -3.0, 0.0, 2.0, -1.0, 1.0])
    one, thousand = fit_decay(TE_MS, signal), fit_decay(TE_MS, 1000 * signal)
    assert thousand.r2star_per_s == pytest.approx(one.r2star_per_s, rel=1e-9)
    assert thousand.se_per_s == pytest.approx(one.se_per_s, rel=1e-6)
    assert thousand.s0 == pytest.approx(1000 * one.s0, rel=1e-9)


def test_points_that_have_sunk_into_the_noise_are_left_out():
    signal = np.maximum(decay(300.0), 40.0)
    whole, cut = fit_decay(TE_MS, signal), fit_decay(TE_MS, signal, lowest=50.0)
    assert cut.echoes == 3
    assert cut.r2star_per_s == pytest.approx(300.0, rel=1e-6)
    assert whole.r2star_per_s < 270.0


def test_two_points_give_a_value_without_an_error():
    found = fit_decay(TE_MS[:2], decay(100.0)[:2])
    assert found.r2star_per_s == pytest.approx(100.0, rel=1e-6)
    assert np.isnan(found.se_per_s)


@pytest.mark.parametrize("signal", [np.zeros(6), np.full(6, np.nan), -decay(50.0)])
def test_what_is_no_decay_has_no_value(signal):
    found = fit_decay(TE_MS, signal)
    assert np.isnan([found.r2star_per_s, found.se_per_s, found.s0]).all()


def test_points_and_echo_times_must_go_together():
    with pytest.raises(InputError, match="one per echo time"):
        fit_decay(TE_MS, decay(50.0)[:4])
    with pytest.raises(InputError, match="two points or more"):
        fit_decay((2.0,), [1.0])
