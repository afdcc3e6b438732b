"""A field that is uneven across the slice: what it does to R2*, and R2* without it."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.relaxometry.field_gradient import (
    FIELD_GRADIENT_STRONG,
    corrected_echoes,
    field_gradient,
    fit_with_gradient,
    sinc_factors,
)
from core.relaxometry.fit import Flag, fit_r2star
from core.relaxometry.noise import NoiseEstimate

TE_MS = tuple(2.0 + 2.5 * k for k in range(8))
RATE = 40.0
SHAPE = (5, 14, 14)
QUIET = NoiseEstimate(1e-3, "given", 0)


def slices(hz_per_slice, snr=None, te_ms=TE_MS, seed=1):
    """Slices of one tissue, R2* 40 1/s, whose signal is summed over 41 sheets of a sloping field."""
    rng = np.random.default_rng(seed)
    place = (np.arange(SHAPE[0] * 41) + 0.5) / 41 - 0.5
    te_s = 1e-3 * np.array(te_ms)[:, None]
    sheets = np.exp(2j * np.pi * hz_per_slice * place * te_s).reshape(len(te_ms), SHAPE[0], 41)
    signal = 1000 * np.exp(-RATE * te_s) * sheets.mean(axis=2)
    signal = np.tile(signal[:, :, None, None], (1, 1, *SHAPE[1:])) * np.exp(1j * rng.uniform(-3, 3))
    if snr:
        noise = rng.standard_normal((2, *signal.shape)) * 1000 / snr
        signal = signal + noise[0] + 1j * noise[1]
    grid = Geometry.axial(SHAPE, (1.5, 0.5, 0.5))
    magnitude, phase = np.abs(signal).astype(np.float32), np.angle(signal).astype(np.float32)
    return EchoSeries(magnitude, te_ms, grid, phase, 3.0, "header")


def corrected(series, sigma):
    return fit_with_gradient(series, field_gradient(series, sigma=sigma), sigma=sigma)


@pytest.mark.parametrize("hertz", [0.0, 10.0, -25.0, 40.0, 60.0, 90.0])
def test_phase_gives_the_gradient_and_the_decay_without_it(hertz):
    series = slices(hertz)
    found = field_gradient(series)
    assert found.source == "phase"
    assert found.hz_per_slice == pytest.approx(np.full(SHAPE, hertz), abs=0.05)
    maps = fit_with_gradient(series, found, sigma=QUIET)
    assert maps.r2star_per_s == pytest.approx(np.full(SHAPE, RATE), rel=0.005)


@pytest.mark.parametrize(("hertz", "least_bias"), [(20.0, 10.0), (40.0, 45.0), (60.0, 90.0)])
def test_without_the_correction_the_decay_reads_too_fast(hertz, least_bias):
    plain = fit_r2star(slices(hertz), method="nlls", sigma=1e-3)
    assert np.median(plain.r2star_per_s) > RATE + least_bias


@pytest.mark.parametrize(("hertz", "tolerance"), [(0.0, 1.0), (25.0, 1.0), (60.0, 1.5)])
def test_noise_leaves_the_corrected_mean_and_its_error_right(hertz, tolerance):
    maps = corrected(slices(hertz, snr=60), 1000 / 60)
    assert np.median(maps.r2star_per_s) == pytest.approx(RATE, abs=tolerance)
    assert np.median(maps.se_per_s) == pytest.approx(maps.r2star_per_s.std(), rel=0.15)


@pytest.mark.parametrize("hertz", [20.0, 30.0, 40.0, 60.0])
def test_the_magnitude_alone_tells_a_strong_gradient(hertz):
    series = replace(slices(hertz, snr=100), phase=None)
    found = field_gradient(series, sigma=10.0)
    assert found.source == "magnitude"
    assert np.median(found.hz_per_slice) == pytest.approx(hertz, rel=0.03)
    maps = fit_with_gradient(series, found, sigma=10.0)
    assert np.median(maps.r2star_per_s) == pytest.approx(RATE, rel=0.03)


def test_the_magnitude_does_not_invent_a_gradient():
    series = replace(slices(0.0, snr=60), phase=None)
    found = field_gradient(series, sigma=1000 / 60)
    assert np.mean(found.hz_per_slice == 0) > 0.8


def test_a_gradient_beyond_what_the_magnitude_tells_gives_no_value():
    series = replace(slices(90.0), phase=None)
    found = field_gradient(series, sigma=QUIET)
    maps = fit_with_gradient(series, found, sigma=QUIET)
    beyond = np.isinf(found.hz_per_slice)
    assert beyond.any()
    assert np.isnan(maps.r2star_per_s[beyond]).all()
    assert np.all(maps.flags[beyond] & Flag.FAILED)
    assert np.all(maps.flags[beyond] & FIELD_GRADIENT_STRONG)


def test_the_flag_is_a_bit_of_its_own_and_marks_strong_gradients_alone():
    assert FIELD_GRADIENT_STRONG == 32
    assert not FIELD_GRADIENT_STRONG & sum(Flag)
    assert not np.any(corrected(slices(10.0), QUIET).flags & FIELD_GRADIENT_STRONG)
    assert np.all(corrected(slices(50.0), QUIET).flags & FIELD_GRADIENT_STRONG)


def test_uneven_echoes_and_a_thinner_slice_are_heeded():
    uneven = slices(30.0, te_ms=(1.5, 3.0, 5.5, 9.0, 12.0, 17.0))
    assert field_gradient(uneven).hz_per_slice == pytest.approx(np.full(SHAPE, 30.0), abs=0.05)
    thin = field_gradient(uneven, slice_thickness_mm=1.0).hz_per_slice
    assert thin == pytest.approx(np.full(SHAPE, 20.0), abs=0.05)


def test_an_odd_even_phase_of_a_two_way_readout_does_no_harm():
    series = slices(30.0)
    phase = series.phase.copy()
    phase[1::2] += 0.7 + 0.05 * np.arange(SHAPE[2])
    assert field_gradient(replace(series, phase=phase)).hz_per_slice == pytest.approx(
        np.full(SHAPE, 30.0), abs=0.05
    )


def test_corrected_echoes_are_the_decay_alone():
    series = slices(20.0)
    echoes = corrected_echoes(series, field_gradient(series)).magnitude
    wanted = 1000 * np.exp(-RATE * 1e-3 * np.array(TE_MS))
    assert echoes[:, 2, 3, 3] == pytest.approx(wanted, rel=2e-3)
    strong = slices(60.0)
    factors = sinc_factors(TE_MS, np.float64(60.0))
    dark = np.isnan(corrected_echoes(strong, field_gradient(strong)).magnitude[:, 2, 3, 3])
    assert np.array_equal(dark, factors < 0.2)


def test_outside_the_mask_and_without_signal_there_is_no_value():
    series = slices(20.0)
    series.magnitude[:, 0, 0, 0] = np.nan
    series.magnitude[:, 0, 0, 1] = 0.0
    mask = np.ones(SHAPE, bool)
    mask[:, 5] = False
    maps = fit_with_gradient(series, field_gradient(series), sigma=QUIET, mask=mask)
    assert np.isnan(maps.r2star_per_s[0, 0, :2]).all()
    assert np.all(maps.flags[0, 0, :2] & Flag.FAILED)
    assert np.isnan(maps.r2star_per_s[:, 5]).all()
    assert np.all(maps.flags[:, 5] == Flag.OUTSIDE_MASK)
    assert np.isfinite(maps.r2star_per_s[1:, 6:]).all()


def test_what_cannot_serve_is_refused():
    series = slices(20.0)
    two = EchoSeries(series.magnitude[:2], TE_MS[:2], series.geometry, series.phase[:2])
    with pytest.raises(InputError, match="three echoes"):
        field_gradient(two)
    with pytest.raises(InputError, match="thickness"):
        field_gradient(series, slice_thickness_mm=0.0)
    with pytest.raises(InputError, match="mask has shape"):
        fit_with_gradient(series, field_gradient(series), mask=np.ones((1, 2, 3), bool))
