"""R2* maps: physics first, then numbers against plain oracles, then what must not happen."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Silent
from core.relaxometry import lanes
from core.relaxometry.fit import METHODS, Flag, fit_r2star, part_of, warm
from core.relaxometry.noise import NoiseEstimate
from tests import naive

# one echo train for most tests: every number of echoes is compiled anew
TE_MS = (1.5, 4.0, 6.5, 9.0, 11.5, 14.0)
UNEVEN_MS = (1.5, 3.0, 7.5, 14.0)
MANY_MS = tuple(1.0 + 0.5 * k for k in range(64))
CLOSED = ("loglinear", "weighted", "arlo")
SEARCHING = ("nlls", "moment", "likelihood", "offset")


def series_of(signal, te_ms=TE_MS, phase=None):
    """A series of one row per slice and 100 voxels a row, or of one row."""
    signal = np.asarray(signal, dtype=np.float32)
    voxels = signal.shape[1]
    columns = 100 if voxels % 100 == 0 else voxels
    geometry = Geometry.axial((1, voxels // columns, columns), (2.0, 1.0, 1.0))
    shape = (len(te_ms), *geometry.shape)
    return EchoSeries(
        signal.reshape(shape), te_ms, geometry, None if phase is None else phase.reshape(shape), 3.0
    )


def noisy(snr, count=2000, seed=0, te_ms=TE_MS, highest=500.0):
    rng = np.random.default_rng(seed)
    truth = rng.uniform(3, highest, count)
    return truth, naive.rician(rng, naive.decay(te_ms, truth, snr), 1.0)


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("arlo", "complex")])
def test_noise_free_decays_come_back(method):
    truth = np.array([3.0, 20.0, 50.0, 120.0, 200.0])
    maps = fit_r2star(series_of(naive.decay(TE_MS, truth)), method=method, sigma=0.01)
    np.testing.assert_allclose(maps.r2star_per_s.ravel(), truth, rtol=2e-4)
    np.testing.assert_allclose(maps.s0.ravel(), 1000.0, rtol=1e-3)
    assert np.all(maps.residual < 0.1)
    assert not maps.flags.any()


def test_arlo_is_right_for_slow_decays_only():
    # Simpson's rule is exact to the third power of R2* times the spacing
    truth = np.array([3.0, 20.0, 50.0])
    maps = fit_r2star(series_of(naive.decay(TE_MS, truth)), method="arlo", sigma=0.01)
    np.testing.assert_allclose(maps.r2star_per_s.ravel(), truth, rtol=2e-3)


@pytest.mark.parametrize("method", ["auto", *CLOSED, *SEARCHING])
def test_r2star_does_not_depend_on_the_unit_of_the_signal(method):
    _, signal = noisy(40.0, 200)
    plain = fit_r2star(series_of(signal), method=method, sigma=1.0)
    scaled = fit_r2star(series_of(signal * 512.0), method=method, sigma=512.0)
    np.testing.assert_allclose(scaled.r2star_per_s, plain.r2star_per_s, rtol=2e-3, atol=0.05)
    np.testing.assert_allclose(scaled.s0, 512.0 * plain.s0, rtol=5e-3)
    np.testing.assert_allclose(scaled.se_per_s, plain.se_per_s, rtol=1e-2)


@pytest.mark.parametrize("snr", [5.0, 10.0, 100.0])
@pytest.mark.parametrize("method", ["nlls", "moment", "offset"])
def test_the_global_optimum_is_found(method, snr):
    _, signal = noisy(snr)
    found = fit_r2star(series_of(signal), method=method, sigma=1.0)
    oracle = {
        "nlls": lambda: naive.least_squares(TE_MS, signal),
        "moment": lambda: naive.second_moment(TE_MS, signal, 1.0),
        "offset": lambda: naive.with_offset(TE_MS, signal),
    }[method]()
    good = naive.agrees(found.r2star_per_s.ravel(), oracle)
    # where the level is free, a slow decay is hardly told from the end of the search
    assert good.mean() >= (0.998 if method == "offset" else 0.999)
    assert np.all(found.flags.ravel()[~good] != 0)


@pytest.mark.parametrize(("snr", "share"), [(5.0, 0.98), (20.0, 0.995)])
def test_the_likeliest_decay_is_found(snr, share):
    _, signal = noisy(snr, 200)
    found = fit_r2star(series_of(signal), method="likelihood", sigma=1.0)
    good = naive.agrees(found.r2star_per_s.ravel(), naive.most_likely(TE_MS, signal, 1.0))
    assert good.mean() >= share
    assert np.count_nonzero(found.flags.ravel()[~good] == 0) <= 1


def test_the_likeliest_decay_of_several_coils_is_found():
    rng = np.random.default_rng(3)
    signal = naive.rician(rng, naive.decay(TE_MS, rng.uniform(20, 300, 200), 30.0), 1.0, coils=4)
    found = fit_r2star(series_of(signal), method="likelihood", sigma=1.0, coils=4)
    good = naive.agrees(found.r2star_per_s.ravel(), naive.most_likely(TE_MS, signal, 1.0, coils=4))
    assert good.mean() >= 0.99


def test_auto_is_least_squares_in_bright_voxels_and_likelihood_in_dim_ones():
    _, signal = noisy(30.0)
    auto, nlls, likely = (
        fit_r2star(series_of(signal), method=m, sigma=1.0).r2star_per_s.ravel()
        for m in ("auto", "nlls", "likelihood")
    )
    bright = np.all(signal > 5.0, axis=0)
    assert 0.1 < bright.mean() < 0.9
    np.testing.assert_array_equal(auto[bright], nlls[bright])
    np.testing.assert_array_equal(auto[~bright], likely[~bright])


def test_plain_least_squares_collapses_where_auto_holds():
    rng = np.random.default_rng(1)
    signal = naive.rician(rng, naive.decay(TE_MS, np.full(4000, 300.0), 20.0), 1.0)
    medians = {
        method: float(np.nanmedian(fit_r2star(series_of(signal), method=method, sigma=1.0).r2star_per_s))
        for method in ("auto", "loglinear", "nlls")
    }
    assert medians["auto"] == pytest.approx(300.0, rel=0.05)
    assert medians["nlls"] < 280.0
    assert medians["loglinear"] < 220.0


@pytest.mark.parametrize("method", ["auto", "nlls", "moment", "weighted", "loglinear", "arlo", "offset"])
def test_the_standard_error_is_the_spread_of_repeated_measurements(method):
    rng = np.random.default_rng(2)
    signal = naive.rician(rng, naive.decay(TE_MS, np.full(4000, 60.0), 100.0), 1.0)
    maps = fit_r2star(series_of(signal), method=method, sigma=1.0)
    assert np.median(maps.se_per_s) == pytest.approx(np.std(maps.r2star_per_s), rel=0.06)


def test_the_interval_of_auto_covers_the_truth_as_often_as_it_says():
    truth, signal = noisy(25.0, 20_000, seed=4, highest=250.0)
    maps = fit_r2star(series_of(signal), sigma=1.0)
    told = maps.flags.ravel() & (Flag.FAILED | Flag.TOO_FAST) == 0
    inside = np.abs(maps.r2star_per_s.ravel() - truth) <= 1.96 * maps.se_per_s.ravel()
    assert 0.93 <= inside[told].mean() <= 0.97


def test_the_residual_is_the_noise_where_the_model_holds():
    _, signal = noisy(200.0, 4000, highest=80.0)
    maps = fit_r2star(series_of(signal), sigma=1.0)
    assert float(np.mean(maps.reduced_chi2)) == pytest.approx(1.0, abs=0.05)


def test_uneven_echoes():
    te_ms = UNEVEN_MS
    truth, signal = noisy(50.0, 1000, te_ms=te_ms, highest=200.0)
    maps = fit_r2star(series_of(signal, te_ms), method="nlls", sigma=1.0)
    assert naive.agrees(maps.r2star_per_s.ravel(), naive.least_squares(te_ms, signal)).mean() >= 0.999
    clean = fit_r2star(series_of(naive.decay(te_ms, truth), te_ms), method="nlls", sigma=0.01)
    np.testing.assert_allclose(clean.r2star_per_s.ravel(), truth, rtol=1e-4)


def test_more_echoes_than_are_written_out():
    te_ms = MANY_MS
    truth = np.array([10.0, 100.0, 400.0])
    maps = fit_r2star(series_of(naive.decay(te_ms, truth), te_ms), sigma=0.0)
    np.testing.assert_allclose(maps.r2star_per_s.ravel(), truth, rtol=1e-5)
    with pytest.raises(InputError, match="24 echoes"):
        fit_r2star(series_of(naive.decay(te_ms, truth), te_ms), method="likelihood", sigma=1.0)


def test_complex_fit_has_no_bias_at_low_signal_and_tells_the_frequency():
    rng = np.random.default_rng(5)
    te_s = np.array(TE_MS) * 1e-3
    clean = naive.decay(TE_MS, np.full(2000, 250.0), 15.0) * np.exp(2j * np.pi * 40.0 * te_s + 0.7j)[:, None]
    noise = rng.normal(size=clean.shape) + 1j * rng.normal(size=clean.shape)
    signal = clean + noise
    maps = fit_r2star(
        series_of(np.abs(signal), phase=np.angle(signal).astype(np.float32)), method="complex", sigma=1.0
    )
    assert np.nanmedian(maps.r2star_per_s) == pytest.approx(250.0, rel=0.04)
    assert np.nanmedian(maps.frequency_hz) == pytest.approx(40.0, abs=2.0)


def test_echoes_lost_in_noise_are_left_out_on_request():
    signal = naive.decay(TE_MS, np.array([20.0, 600.0]), 100.0)
    signal[2:, 1] = 1.25
    maps = fit_r2star(series_of(signal), method="nlls", sigma=1.0, truncate=True)
    assert maps.echoes_used.ravel().tolist() == [6, 2]
    np.testing.assert_allclose(maps.r2star_per_s.ravel(), [20.0, 600.0], rtol=1e-5)
    plain = fit_r2star(series_of(signal), method="loglinear", sigma=1.0)
    assert plain.r2star_per_s.ravel()[1] < 400.0


def test_voxels_outside_the_mask_have_no_value_and_say_so():
    _, signal = noisy(50.0, 1000)
    mask = np.zeros((1, 10, 100), bool)
    mask[0, 3:7, 20:60] = True
    whole = fit_r2star(series_of(signal), sigma=1.0)
    maps = fit_r2star(series_of(signal), sigma=1.0, mask=mask)
    assert np.all(maps.flags[~mask] == Flag.OUTSIDE_MASK)
    for name in ("r2star_per_s", "se_per_s", "s0", "residual"):
        assert np.isnan(getattr(maps, name)[~mask]).all()
        np.testing.assert_array_equal(getattr(maps, name)[mask], getattr(whole, name)[mask])


@pytest.mark.parametrize("method", ["auto", *CLOSED, "nlls", "moment", "likelihood"])
def test_an_echo_that_was_lost_fails_its_voxel(method):
    """A zero before a bright echo comes from no decay; a zero at the end of one may."""
    te_ms = tuple(1.4 * (k + 1) for k in range(6))
    te = np.array(te_ms, np.float32)
    decay, gone = 100.0 * np.exp(-0.05 * te), np.round(100.0 * np.exp(-0.8 * te))
    lost = decay.copy()
    lost[2] = 0.0
    assert gone[-1] == 0 and gone[0] > 5
    maps = fit_r2star(series_of(np.stack([decay, lost, gone], axis=1), te_ms), method=method, sigma=1.0)
    assert np.isfinite(maps.r2star_per_s.ravel()[0]) and maps.flags.ravel()[0] == 0
    assert np.isnan(maps.r2star_per_s.ravel()[1]) and maps.flags.ravel()[1] == Flag.FAILED
    alone = fit_r2star(series_of(gone[:, None], te_ms), method=method, sigma=1.0)
    np.testing.assert_array_equal(maps.r2star_per_s.ravel()[2:], alone.r2star_per_s.ravel())


def test_a_voxel_does_not_depend_on_its_neighbours():
    _, signal = noisy(15.0, 2000)
    whole = fit_r2star(series_of(signal), sigma=1.0)
    for some in (slice(0, 1), slice(700, 1733), slice(1999, 2000)):
        alone = fit_r2star(series_of(signal[:, some]), sigma=1.0)
        np.testing.assert_array_equal(alone.r2star_per_s.ravel(), whole.r2star_per_s.ravel()[some])
        np.testing.assert_array_equal(alone.flags.ravel(), whole.flags.ravel()[some])


@pytest.mark.parametrize("method", ["auto", *CLOSED, "moment", "offset"])
def test_one_thread_and_two_give_the_same_bits(method):
    _, signal = noisy(12.0, 5000)
    alone = fit_r2star(series_of(signal), method=method, sigma=1.0)
    with ThreadPoolExecutor(2) as pool:
        lanes.lend(pool, 2)
        try:
            shared = fit_r2star(series_of(signal), method=method, sigma=1.0)
        finally:
            lanes.lend(None)
    results = [alone, shared]
    for name in ("r2star_per_s", "se_per_s", "s0", "residual", "flags"):
        np.testing.assert_array_equal(getattr(results[0], name), getattr(results[1], name))


def test_two_threads_may_fit_at_once():
    _, signal = noisy(20.0, 3000)
    wanted = fit_r2star(series_of(signal), sigma=1.0)
    with ThreadPoolExecutor(2) as pool:
        fits = [pool.submit(fit_r2star, series_of(signal), sigma=1.0) for _ in range(4)]
        for fit in fits:
            np.testing.assert_array_equal(fit.result().r2star_per_s, wanted.r2star_per_s)


def test_a_noise_map_is_as_good_as_its_value_where_it_is_even():
    _, signal = noisy(20.0, 500)
    level = np.full((1, 5, 100), 2.0, np.float32)
    mapped = fit_r2star(series_of(2 * signal), sigma=level)
    plain = fit_r2star(series_of(2 * signal), sigma=2.0)
    np.testing.assert_allclose(mapped.r2star_per_s, plain.r2star_per_s, rtol=1e-3, atol=0.05)
    np.testing.assert_allclose(mapped.s0, plain.s0, rtol=1e-3)


def test_a_part_of_a_series_is_fitted_as_in_the_whole():
    rng = np.random.default_rng(6)
    magnitude = naive.rician(rng, naive.decay(TE_MS, rng.uniform(5, 200, 600), 50.0), 1.0)
    geometry = Geometry.axial((3, 10, 20), (2.0, 0.5, 0.5), (1.0, 2.0, 3.0))
    series = EchoSeries(magnitude.reshape(6, 3, 10, 20), TE_MS, geometry, field_t=3.0)
    slice_ = part_of(series, slices=slice(1, 2))
    whole = fit_r2star(series, sigma=1.0)
    np.testing.assert_array_equal(fit_r2star(slice_, sigma=1.0).r2star_per_s[0], whole.r2star_per_s[1])
    np.testing.assert_allclose(slice_.geometry.to_mm([0, 4, 5]), geometry.to_mm([1, 4, 5]))
    fewer = part_of(series, echoes=slice(0, 4))
    assert fewer.te_ms == TE_MS[:4]
    assert np.shares_memory(fewer.magnitude, series.magnitude)


@given(st.floats(1.0, 300.0), st.floats(50.0, 5000.0))
@settings(max_examples=25, deadline=None)
def test_any_noise_free_decay_comes_back(rate, s0):
    maps = fit_r2star(series_of(naive.decay(TE_MS, [rate], s0)), method="nlls", sigma=0.0)
    assert maps.r2star_per_s.item() == pytest.approx(rate, rel=1e-4)


def test_what_is_too_fast_or_too_weak_says_so():
    signal = np.stack([naive.decay(TE_MS, 1500.0, 100.0), naive.decay(TE_MS, 20.0, 1.0)], axis=1)
    flags = fit_r2star(series_of(signal), method="nlls", sigma=1.0).flags.ravel()
    assert flags[0] & Flag.TOO_FAST
    assert flags[1] & Flag.BELOW_NOISE


@pytest.mark.parametrize(
    ("method", "te_ms"),
    [*((method, TE_MS) for method in METHODS), ("nlls", UNEVEN_MS), ("arlo", UNEVEN_MS), ("nlls", MANY_MS)],
)
def test_a_signal_that_is_gone_by_the_second_echo_says_so(method, te_ms):
    noise = 1.25 + 0.6 * np.sin(np.arange(len(te_ms)))
    signal = np.stack([noise, np.zeros(len(te_ms)), noise], axis=1)
    signal[0, :2] = 1000.0
    maps = fit_r2star(series_of(signal, te_ms, phase=np.zeros_like(signal)), method=method, sigma=1.0)
    flags = maps.flags.ravel()
    assert np.all(flags[:2] & Flag.TOO_FAST)
    assert not flags[2] & Flag.TOO_FAST or flags[2] & Flag.BELOW_NOISE


def test_arlo_says_where_a_decay_is_faster_than_simpsons_rule_can_follow():
    truth = np.array([20.0, 400.0, 550.0, 650.0, 1000.0, 3000.0])
    maps = fit_r2star(series_of(naive.decay(TE_MS, truth)), method="arlo", sigma=0.0)
    wrong = np.abs(maps.r2star_per_s.ravel() / truth - 1) > 0.02
    assert wrong.tolist() == [False, False, False, True, True, True]
    np.testing.assert_array_equal(maps.flags.ravel() & Flag.TOO_FAST != 0, wrong)


def test_without_a_noise_to_go_by_auto_is_least_squares():
    _, signal = noisy(50.0, 300)
    unknown = NoiseEstimate(float("nan"), "residual", 0)
    auto = fit_r2star(series_of(signal), sigma=unknown)
    nlls = fit_r2star(series_of(signal), method="nlls", sigma=1.0)
    np.testing.assert_array_equal(auto.r2star_per_s, nlls.r2star_per_s)
    # the error then rests on the residuals
    assert np.nanmedian(auto.se_per_s / nlls.se_per_s) == pytest.approx(0.95, abs=0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "magic"}, "no method"),
        ({"mask": np.ones((2, 2, 2), bool)}, "mask has shape"),
        ({"sigma": -1.0}, "0 or more"),
        ({"method": "complex"}, "phase"),
        ({"method": "likelihood", "sigma": 0.0}, "needs the noise"),
        ({"method": "arlo", "truncate": True}, "choose nlls"),
        ({"method": "moment", "sigma": 1.0, "coils": 99}, "number of coils"),
        ({"sigma": np.zeros((1, 1, 3), np.float32)}, "noise map"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(options, message):
    series = series_of(naive.decay(TE_MS, np.array([10.0, 20.0, 30.0])))
    with pytest.raises(InputError, match=message):
        fit_r2star(series, **{"sigma": 1.0, **options})


def test_one_echo_is_refused():
    with pytest.raises(InputError, match="two echoes"):
        fit_r2star(series_of(np.ones((1, 3)), (2.0,)))


def test_a_stopped_fit_says_so():
    class Stopped(Silent):
        def cancelled(self):
            return True

    with pytest.raises(InputError, match="stopped"):
        fit_r2star(series_of(naive.decay(TE_MS, [10.0])), sigma=1.0, progress=Stopped())


def test_warming_reports_its_progress():
    said = []

    class Told(Silent):
        def report(self, fraction, what):
            said.append((fraction, what))

    warm(TE_MS, "auto", Told())
    assert said[0][0] == 0.0
    assert said[-1][0] == 1.0


def test_a_map_takes_little_more_memory_than_it_returns():
    magnitude = (
        np.ones((6, 8, 200, 200), np.float32) * np.exp(-np.array(TE_MS, np.float32) / 20)[:, None, None, None]
    )
    series = EchoSeries(magnitude, TE_MS, Geometry.axial((8, 200, 200), (1.0, 1.0, 1.0)))
    fit_r2star(series, method="weighted", sigma=0.01)
    tracemalloc.start()
    try:
        maps = fit_r2star(series, method="weighted", sigma=0.01)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    outputs = sum(
        array.nbytes for array in (maps.r2star_per_s, maps.se_per_s, maps.s0, maps.residual, maps.flags)
    )
    assert peak <= outputs + 0.1 * (outputs + magnitude.nbytes)


@pytest.mark.parametrize("method", ["moment", "complex"])
def test_negative_magnitudes_are_no_signal(method):
    decay = -naive.decay(TE_MS, [50.0], s0=1000.0).astype(np.float32)
    maps = fit_r2star(series_of(decay, phase=np.zeros_like(decay)), method=method, sigma=1.0)
    assert np.isnan(maps.r2star_per_s).all() and (maps.flags & Flag.FAILED).all()


@pytest.mark.parametrize("te_ms", [TE_MS, (1.0, 2.5, 4.0, 7.0, 11.0), tuple(1.1 * k for k in range(1, 25))])
def test_a_constant_signal_has_no_decay_beside_an_offset(te_ms):
    constant = np.full((len(te_ms), 3), 700.0, np.float32)
    maps = fit_r2star(series_of(constant, te_ms), method="offset")
    assert np.isnan(maps.r2star_per_s).all() and (maps.flags & Flag.FAILED).all()
