"""What follows from echoes and R2*: right where the decay is known, and nothing where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Silent
from core.reading.derived import decay_errors, decay_errors_at, iron_per_r2star, t2star_ms

GRID = Geometry.axial((2, 30, 40), (1.0, 0.5, 0.5))
TE_MS = (2.0, 4.0, 7.0, 11.0, 16.0)


def series(
    rate: np.ndarray, s0: float = 1000.0, noise: float = 0.0, te_ms: tuple[float, ...] = TE_MS
) -> EchoSeries:
    te_s = np.asarray(te_ms)[:, None, None, None] / 1000
    clean = s0 * np.exp(-te_s * rate)
    return EchoSeries(clean + np.random.default_rng(1).normal(0, noise, clean.shape), te_ms, GRID)


def test_t2star_is_a_thousand_over_r2star_and_nothing_where_that_is_not_positive() -> None:
    found = t2star_ms(np.array([50.0, 0.0, -3.0, np.nan]))
    assert found[0] == pytest.approx(20.0)
    assert np.isnan(found[1:]).all()


def test_a_decay_without_noise_leaves_no_residual_however_fast() -> None:
    rate = np.random.default_rng(2).uniform(5, 2000, GRID.shape)
    residual, error = decay_errors(series(rate), rate)
    assert residual.max() < 1e-3 * 1000 * np.exp(-0.002 * 5)
    assert np.nanmax(error[rate < 300]) < 0.1


def test_the_residual_is_the_noise_and_the_error_is_how_far_fits_scatter() -> None:
    rate = np.full(GRID.shape, 60.0)
    noisy = series(rate, noise=10.0)
    te_s = np.asarray(TE_MS) / 1000
    # least squares of each voxel, by its own normal equations, a few Gauss-Newton steps from the truth
    signal = noisy.magnitude.reshape(len(TE_MS), -1).astype(np.float64)
    fitted = np.full(signal.shape[1], 60.0)
    for _ in range(20):
        decay = np.exp(-te_s[:, None] * fitted)
        s0 = (signal * decay).sum(0) / (decay**2).sum(0)
        slope = -te_s[:, None] * s0 * decay
        rest = signal - s0 * decay
        across = slope - decay * (slope * decay).sum(0) / (decay**2).sum(0)
        fitted = fitted + (across * rest).sum(0) / (across**2).sum(0)
    residual, error = decay_errors(noisy, fitted.reshape(GRID.shape))
    assert np.sqrt(np.mean(residual**2)) == pytest.approx(10.0, rel=0.05)
    assert np.sqrt(np.mean(error**2)) == pytest.approx(fitted.std(), rel=0.05)


def test_one_voxel_has_what_the_whole_map_has() -> None:
    rate = np.random.default_rng(2).uniform(5, 300, GRID.shape).astype(np.float32)
    noisy, index = series(rate, noise=10.0), (1, 7, 9)
    maps = decay_errors(noisy, rate)
    one = decay_errors_at(noisy, float(rate[index]), index)
    assert one == pytest.approx([found[index] for found in maps], rel=1e-4)


def test_scaling_the_signal_scales_the_residual_and_leaves_the_error() -> None:
    rate = np.full(GRID.shape, 60.0)
    plain = series(rate, noise=10.0)
    scaled = EchoSeries(plain.magnitude * 7, TE_MS, GRID)
    (one, error), (seven, other) = decay_errors(plain, rate), decay_errors(scaled, rate)
    np.testing.assert_allclose(seven, 7 * one, rtol=1e-4)
    np.testing.assert_allclose(other, error, rtol=1e-4)


def test_where_there_is_no_value_there_is_no_error() -> None:
    rate = np.full(GRID.shape, 60.0)
    rate[0] = np.nan
    residual, error = decay_errors(series(rate, noise=5.0), rate)
    assert np.isnan(residual[0]).all() and np.isnan(error[0]).all()
    assert np.isfinite(residual[1]).all() and np.isfinite(error[1]).all()
    # a residual over no degree of freedom says nothing
    two = series(rate, te_ms=(2.0, 4.0))
    assert all(np.isnan(found).all() for found in decay_errors(two, rate))
    assert np.isnan(decay_errors_at(two, 60.0, (1, 2, 3))).all()


def test_the_slope_of_iron_is_found_where_the_maps_lie_on_a_line() -> None:
    rate = np.random.default_rng(3).uniform(20, 200, GRID.shape).astype(np.float32)
    rate[0, :5] = np.nan
    assert iron_per_r2star(rate, np.float32(0.31) * (rate - 25)) == pytest.approx(0.31, rel=1e-4)
    assert iron_per_r2star(rate, rate**2) is None
    assert iron_per_r2star(np.full(GRID.shape, np.nan), rate) is None
    assert iron_per_r2star(np.full(GRID.shape, 3.0), rate) is None


def test_the_slope_is_found_where_a_large_case_has_few_voxels_with_iron() -> None:
    rate = np.full((4, 300, 301), np.nan, dtype=np.float32)
    rate[2, 100:102, 50:55] = np.random.default_rng(3).uniform(20, 200, (2, 5))
    assert iron_per_r2star(rate, np.float32(0.31) * (rate - 25)) == pytest.approx(0.31, rel=1e-4)


def test_working_out_the_errors_can_be_stopped() -> None:
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    grid = Geometry.axial((1, 1, 1), (1.0, 1.0, 1.0))
    series = EchoSeries(np.ones((3, 1, 1, 1), np.float32), (1.0, 2.0, 3.0), grid)
    with pytest.raises(InputError, match="stopped"):
        decay_errors(series, np.ones(grid.shape), Stopped())
