"""Contrast-to-noise: known pictures give known ratios, and the noise method travels with them."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.reading.air import air_sd_factor
from core.reading.contrast import (
    AIR_ONE_COIL,
    DIFFERENCE,
    REFERENCE_SD,
    cnr_air,
    cnr_difference,
    cnr_reference,
    signal_loss_percent,
)

SHAPE = (20, 60, 60)
SIGMA = 5.0
TUMOUR, REFERENCE, AIR = (np.zeros(SHAPE, bool) for _ in range(3))
TUMOUR[:, :20, :], REFERENCE[:, 20:40, :], AIR[:, 40:, :] = True, True, True


def magnitude(rng: np.random.Generator) -> np.ndarray:
    """Tumour 100, tissue 200, air 0, with complex noise of SD 5 in each part."""
    signal = np.select([TUMOUR, REFERENCE], [100.0, 200.0], 0.0)
    return np.abs(signal + rng.normal(0, SIGMA, SHAPE) + 1j * rng.normal(0, SIGMA, SHAPE))


def test_every_method_finds_the_contrast_that_was_drawn() -> None:
    rng = np.random.default_rng(3)
    picture, again = magnitude(rng), magnitude(rng)
    found = [
        cnr_air(picture, TUMOUR, REFERENCE, AIR),
        cnr_reference(picture, TUMOUR, REFERENCE),
        cnr_difference(picture, again, TUMOUR, REFERENCE),
    ]
    for contrast in found:
        assert contrast.cnr == pytest.approx(100 / SIGMA, rel=0.02)
        assert contrast.sigma == pytest.approx(SIGMA, rel=0.02)
    assert [contrast.noise_method for contrast in found] == [AIR_ONE_COIL, REFERENCE_SD, DIFFERENCE]
    assert AIR_ONE_COIL == "air SD/0.655 (one coil)"


def test_gain_and_the_sign_of_the_contrast_do_not_matter() -> None:
    picture = magnitude(np.random.default_rng(4))
    once = cnr_air(picture, TUMOUR, REFERENCE, AIR).cnr
    assert cnr_air(7.5 * picture, TUMOUR, REFERENCE, AIR).cnr == pytest.approx(once)
    assert cnr_air(picture, REFERENCE, TUMOUR, AIR).cnr == pytest.approx(once)


def test_the_difference_image_does_not_mind_a_textured_tissue() -> None:
    rng = np.random.default_rng(5)
    texture = np.where(REFERENCE, rng.normal(0, 40, SHAPE), 0.0)
    picture, again = magnitude(rng) + texture, magnitude(rng) + texture
    assert cnr_difference(picture, again, TUMOUR, REFERENCE).sigma == pytest.approx(SIGMA, rel=0.02)
    assert cnr_reference(picture, TUMOUR, REFERENCE).sigma > 30


def test_nothing_to_go_by_gives_nan_not_zero() -> None:
    picture, none = magnitude(np.random.default_rng(6)), np.zeros(SHAPE, bool)
    assert np.isnan(cnr_air(picture, none, REFERENCE, AIR).cnr)
    assert np.isnan(cnr_air(picture, TUMOUR, REFERENCE, none).cnr)
    assert np.isnan(cnr_reference(np.full(SHAPE, 3.0), TUMOUR, REFERENCE).cnr)  # no noise at all
    picture[0, 0, 0] = np.nan
    assert np.isfinite(cnr_air(picture, TUMOUR, REFERENCE, AIR).cnr)


def test_pictures_and_regions_must_fit() -> None:
    with pytest.raises(InputError, match="shape"):
        cnr_air(np.zeros((2, 2, 2)), TUMOUR, REFERENCE, AIR)
    with pytest.raises(InputError, match="shapes"):
        cnr_difference(np.zeros(SHAPE), np.zeros((2, 2, 2)), TUMOUR, REFERENCE)


def sum_of_squares(rng: np.random.Generator, coils: int) -> np.ndarray:
    """The same picture through coils of equal sensitivity, whose signals add up in squares."""
    signal = np.select([TUMOUR, REFERENCE], [100.0, 200.0], 0.0) / np.sqrt(coils)
    power = np.zeros(SHAPE)
    for _ in range(coils):
        power += (signal + rng.normal(0, SIGMA, SHAPE)) ** 2 + rng.normal(0, SIGMA, SHAPE) ** 2
    return np.sqrt(power)


@pytest.mark.parametrize("coils", [1, 2, 8, 32])
def test_the_air_of_several_coils_tells_their_noise(coils: int) -> None:
    picture = sum_of_squares(np.random.default_rng(coils), coils)
    found = cnr_air(picture, TUMOUR, REFERENCE, AIR, coils=coils)
    assert found.sigma == pytest.approx(SIGMA, rel=0.02)
    if coils <= 8:
        # by hand; with more coils the sum of squares lifts the darker tissue above its signal
        assert found.cnr == pytest.approx((200 - 100) / SIGMA, rel=0.03)
    assert f"{coils} coils" in found.noise_method or found.noise_method == AIR_ONE_COIL
    if coils > 1:
        # taken for one coil, the noise comes out too high, by as much as the factors differ
        wrong = cnr_air(picture, TUMOUR, REFERENCE, AIR)
        excess = air_sd_factor(coils) / air_sd_factor(1)
        assert excess > 1.03
        assert wrong.sigma / found.sigma == pytest.approx(excess)


def test_known_factors_of_air() -> None:
    assert air_sd_factor(1) == pytest.approx(np.sqrt(2 - np.pi / 2))
    # far from zero the distribution is as good as Gaussian, and the SD half a chi-square's: 1 / sqrt(2)
    assert air_sd_factor(4096) == pytest.approx(np.sqrt(0.5), rel=1e-4)
    with pytest.raises(InputError, match="one coil or more"):
        air_sd_factor(0)


def test_signal_loss_is_told_in_percent_of_the_baseline() -> None:
    assert signal_loss_percent(200.0, 150.0) == pytest.approx(25)
    assert signal_loss_percent(200.0, 220.0) == pytest.approx(-10)
    assert np.isnan(signal_loss_percent(0.0, 10.0)) and np.isnan(signal_loss_percent(np.nan, 1.0))
