"""Contrast-to-noise: known pictures give known ratios, and the noise method travels with them."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.reading.contrast import (
    AIR_ONE_COIL,
    DIFFERENCE,
    REFERENCE_SD,
    cnr_air,
    cnr_difference,
    cnr_reference,
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
