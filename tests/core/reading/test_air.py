"""What air tells of the noise, by its SD and by its mean."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.reading.air import air_mean_factor, air_noise, air_sd_factor

SHAPE = (4, 60, 60)
SIGMA = 5.0
ALL = np.ones(SHAPE, bool)


def air(coils: int, seed: int = 1) -> np.ndarray:
    parts = np.random.default_rng(seed).normal(0, SIGMA, (2 * coils, *SHAPE))
    return np.sqrt((parts**2).sum(axis=0))


def test_known_factors_of_air() -> None:
    assert air_sd_factor(1) == pytest.approx(np.sqrt(2 - np.pi / 2))
    assert air_mean_factor(1) == pytest.approx(np.sqrt(np.pi / 2))
    for coils in (1, 2, 8, 32):
        assert air_mean_factor(coils) ** 2 + air_sd_factor(coils) ** 2 == pytest.approx(2 * coils)
        assert air(coils).mean() / SIGMA == pytest.approx(air_mean_factor(coils), rel=0.01)
        assert air(coils).std() / SIGMA == pytest.approx(air_sd_factor(coils), rel=0.02)
    with pytest.raises(InputError, match="one coil"):
        air_mean_factor(0)


@pytest.mark.parametrize("coils", [1, 8])
def test_in_noise_alone_both_say_the_same(coils: int) -> None:
    for seed in range(5):
        found = air_noise(air(coils, seed), ALL, coils=coils)
        assert (found.sigma, found.sigma_of_mean) == pytest.approx((SIGMA, SIGMA), rel=0.03)
        assert found.warning == "" and abs(found.apart_percent) < 3


def test_what_is_not_noise_alone_is_said_with_its_number() -> None:
    taken_for_one = air_noise(air(8), ALL)
    assert "215 % more noise" in taken_for_one.warning or taken_for_one.apart_percent > 150
    assert f"{taken_for_one.apart_percent:.0f} % more" in taken_for_one.warning
    ghosted = air(1) + 6.0
    assert "more noise than its SD: ghosts" in air_noise(ghosted, ALL).warning
    masked = np.where(np.random.default_rng(2).random(SHAPE) < 0.4, 0.0, air(1))
    assert "less noise than its SD: a masked background" in air_noise(masked, ALL).warning


def test_few_voxels_accuse_nobody() -> None:
    few = np.zeros(SHAPE, bool)
    few[0, 0, :12] = True
    assert all(air_noise(air(1, seed), few).warning == "" for seed in range(40))
    none = air_noise(air(1), np.zeros(SHAPE, bool))
    assert np.isnan(none.sigma) and none.warning == ""
