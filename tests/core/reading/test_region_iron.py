"""Iron and dose of a region: what was put in, and how often the interval holds it."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.reading.region_iron import region_iron

GRID = Geometry.axial((5, 24, 24), (1.0, 0.5, 0.5))
BLOCK = (slice(1, 4), slice(4, 16), slice(6, 18))


def region() -> np.ndarray:
    coverage = np.zeros(GRID.shape, dtype=np.uint8)
    coverage[BLOCK] = 255
    return coverage


def test_an_even_region_has_its_iron_and_the_dose_of_its_mass():
    found = region_iron(Volume(np.full(GRID.shape, 40.0, dtype=np.float32), GRID), region())
    grams = 3 * 12 * 12 * 0.25e-3 * 1.05
    assert found.ug_per_g == pytest.approx(40.0)
    assert found.interval_ug_per_g == pytest.approx((40.0, 40.0))
    assert found.dose_ug == pytest.approx(40.0 * grams)


def test_the_interval_holds_the_iron_as_often_as_it_says():
    draw, held = np.random.default_rng(3), 0
    for _ in range(200):
        noisy = Volume(draw.normal(40.0, 8.0, GRID.shape).astype(np.float32), GRID)
        low, high = region_iron(noisy, region()).interval_ug_per_g
        held += low <= 40.0 <= high
    # 95 % of 200, give or take three standard errors; grain that is not there may widen it
    assert held >= 181


def test_half_covered_rims_count_for_the_dose_by_their_share():
    coverage = region()
    coverage[1:4, 3, 6:18] = 51
    iron = Volume(np.full(GRID.shape, 10.0, dtype=np.float32), GRID)
    whole, more = region_iron(iron, region()), region_iron(iron, coverage)
    assert more.dose_ug / whole.dose_ug == pytest.approx(1 + 0.2 / 12)


def test_what_tells_no_iron_is_refused():
    iron = Volume(np.full(GRID.shape, np.nan, dtype=np.float32), GRID)
    with pytest.raises(InputError, match="no voxel of the region has a value"):
        region_iron(iron, region())
    with pytest.raises(InputError, match="empty"):
        region_iron(iron, np.zeros(GRID.shape, dtype=np.uint8))
    with pytest.raises(InputError, match="shape"):
        region_iron(iron, np.zeros((1, 2, 2), dtype=np.uint8))
