"""Sigma from air, residuals and repeats; the mask that rests on it."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.relaxometry.fit import fit_r2star
from core.relaxometry.mask import auto_mask
from core.relaxometry.noise import (
    coils_from_air,
    estimate_sigma,
    sigma_from_air,
    sigma_from_repeat,
    sigma_map,
)
from tests import naive

TE_MS = (1.5, 4.0, 6.5, 9.0, 11.5, 14.0)
SHAPE = (6, 48, 48)
GEOMETRY = Geometry.axial(SHAPE, (1.0, 0.5, 0.5))


def body():
    """A round body in air."""
    rows, columns = np.indices(SHAPE[1:])
    disc = np.hypot(rows - 23.5, columns - 23.5) < 15
    return np.broadcast_to(disc, SHAPE)


def scan(sigma, seed=0, coils=1, inside=None, s0=100.0):
    rng = np.random.default_rng(seed)
    inside = body() if inside is None else inside
    rates = np.where(inside, rng.uniform(20, 60, SHAPE), 1.0)
    clean = naive.decay(TE_MS, rates, np.where(inside, s0, 0.0))
    return EchoSeries(naive.rician(rng, clean, sigma, coils), TE_MS, GEOMETRY, field_t=3.0)


@pytest.mark.parametrize("coils", [1, 4, 8])
def test_air_tells_sigma(coils):
    found = sigma_from_air(scan(2.0, coils=coils).magnitude, coils=coils)
    assert found.method == "air"
    assert found.sigma == pytest.approx(2.0, rel=0.01)
    assert found.voxels > 3000


@pytest.mark.parametrize("coils", [1, 4, 12])
def test_air_tells_the_number_of_coils(coils):
    found = coils_from_air(scan(2.0, coils=coils).magnitude)
    assert found.coils == coils
    assert found.sigma == pytest.approx(2.0, rel=0.02)


def test_one_coil_taken_for_four_is_not_silently_wrong():
    found = sigma_from_air(scan(2.0).magnitude, coils=4)
    assert found is None or found.sigma < 1.5


def test_a_background_set_to_zero_is_not_air():
    series = scan(2.0)
    magnitude = np.where(body(), series.magnitude, 0.0).astype(np.float32)
    masked = EchoSeries(magnitude, TE_MS, GEOMETRY)
    found = estimate_sigma(masked)
    assert found.method == "residual"
    assert found.sigma == pytest.approx(2.0, rel=0.1)


def test_flat_tissue_is_not_taken_for_air():
    found = estimate_sigma(scan(1.0, inside=np.ones(SHAPE, bool)))
    assert found.method == "residual"
    assert found.sigma == pytest.approx(1.0, rel=0.1)


def test_nothing_to_go_by_is_nan():
    empty = EchoSeries(np.zeros((6, *SHAPE), np.float32), TE_MS, GEOMETRY)
    assert np.isnan(estimate_sigma(empty).sigma)


def test_a_repeated_scan_tells_sigma():
    first, second = scan(2.0, 1), scan(2.0, 1)
    rng = np.random.default_rng(7)
    clean = naive.decay(TE_MS, np.full(SHAPE, 30.0), 100.0)
    first, second = (EchoSeries(naive.rician(rng, clean, 2.0), TE_MS, GEOMETRY) for _ in range(2))
    found = sigma_from_repeat(first, second)
    assert found.method == "repeat"
    assert found.sigma == pytest.approx(2.0, rel=0.02)
    moved = EchoSeries(second.magnitude, TE_MS, GEOMETRY.moved((1.0, 0.0, 0.0)))
    with pytest.raises(InputError, match="repeated scan"):
        sigma_from_repeat(first, moved)


def test_noise_that_grows_to_one_side_is_seen():
    rng = np.random.default_rng(8)
    level = np.broadcast_to(np.linspace(1.0, 3.0, SHAPE[2]), SHAPE).astype(np.float32)
    clean = naive.decay(TE_MS, np.full(SHAPE, 30.0), 200.0)
    series = EchoSeries(naive.rician(rng, clean, level), TE_MS, GEOMETRY)
    noise = estimate_sigma(series)
    maps = fit_r2star(series, method="weighted", sigma=noise)
    found = sigma_map(maps.residual, maps.flags == 0, noise)
    inner = (slice(None), slice(8, -8), slice(8, -8))
    ratio = found[inner] / level[inner]
    assert np.std(ratio) / np.mean(ratio) < 0.1
    assert np.mean(ratio) == pytest.approx(1.0, abs=0.1)


def test_the_mask_is_the_body():
    mask = auto_mask(scan(2.0))
    assert np.mean(mask == body()) > 0.995


def test_a_dark_lesion_inside_the_body_stays_in_the_mask():
    series = scan(2.0)
    magnitude = series.magnitude.copy()
    magnitude[:, 2:4, 20:24, 20:24] = 0.5
    mask = auto_mask(EchoSeries(magnitude, TE_MS, GEOMETRY))
    assert mask[2:4, 20:24, 20:24].all()


def test_numbers_that_are_none_are_outside():
    series = scan(2.0)
    magnitude = series.magnitude.copy()
    magnitude[:, 0, :5, :5] = np.nan
    assert not auto_mask(EchoSeries(magnitude, TE_MS, GEOMETRY))[0, :5, :5].any()
