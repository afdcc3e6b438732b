"""Trial fits are the same fits, in pieces; iron follows where it is a straight line of R2*."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.relaxometry.trial import TrialBench, line_between

TE_MS = (2.5, 5.0, 7.5, 10.0, 14.0, 18.0)
GRID = Geometry.axial((4, 40, 40), (1.0, 0.5, 0.5))


@pytest.fixture(scope="module")
def r2star() -> np.ndarray:
    rates = np.random.default_rng(3).uniform(20.0, 180.0, GRID.shape).astype(np.float32)
    rates[:, :8] = np.nan
    return rates


@pytest.fixture(scope="module")
def bench(r2star: np.ndarray) -> TrialBench:
    draw = np.random.default_rng(4)
    clean = 500.0 * np.exp(-1e-3 * np.reshape(TE_MS, (-1, 1, 1, 1)) * np.nan_to_num(r2star))
    clean[:, np.isnan(r2star)] = 0.0
    magnitude = np.hypot(clean + draw.normal(0, 3, clean.shape), draw.normal(0, 3, clean.shape))
    own = Volume(r2star, GRID)
    return TrialBench(EchoSeries(magnitude, TE_MS, GRID), own, Volume(0.2 * (r2star - 38.0), GRID))


def test_what_is_measured_is_found_again_and_air_is_left_out(bench, r2star):
    found = bench.fit((0, 4), "loglinear", (0, 6), masked=True)
    tissue = np.isfinite(r2star)
    assert np.nanmedian(np.abs(found - r2star)[tissue]) < 3.0
    assert np.isnan(found[~tissue]).mean() > 0.99


def test_without_the_mask_air_is_fitted_too(bench, r2star):
    found = bench.fit((0, 4), "loglinear", (0, 6), masked=False)
    assert np.isfinite(found[np.isnan(r2star)]).all()


def test_one_slice_is_that_slice_of_the_volume(bench):
    whole = bench.fit((0, 4), "loglinear", (0, 6), masked=True)
    pieces = [bench.fit((k, k + 1), "loglinear", (0, 6), masked=True) for k in range(4)]
    assert np.array_equal(np.concatenate(pieces), whole, equal_nan=True)


def test_pieces_are_the_volume_once():
    grid = Geometry.axial((7, 300, 300), (1.0, 1.0, 1.0))
    series = EchoSeries(np.ones((2, 7, 300, 300), np.float32), (1.0, 2.0), grid)
    covered = [k for first, stop in TrialBench(series).pieces() for k in range(first, stop)]
    assert covered == list(range(7))


def test_only_the_chosen_echoes_count(bench, r2star):
    tissue = np.isfinite(r2star)
    spoilt = bench.series.magnitude.copy()
    spoilt[4:] = 1.0
    other = TrialBench(EchoSeries(spoilt, TE_MS, GRID))
    other.mask = bench.mask
    found = other.fit((0, 4), "loglinear", (0, 4), masked=True)
    assert np.nanmedian(np.abs(found - r2star)[tissue]) < 5.0


def test_iron_lies_on_the_line_of_the_cases_own_maps(bench, r2star):
    slope, start = bench.line
    assert (slope, start) == pytest.approx((0.2, 38.0), rel=1e-4)
    maps = bench.maps(np.full(GRID.shape, 88.0, np.float32))
    assert maps["iron"].data == pytest.approx(10.0, rel=1e-4)


def test_maps_that_are_no_line_of_each_other_give_no_iron(bench, r2star):
    assert line_between(r2star, np.maximum(0.2 * (r2star - 90.0), 0)) is None
    assert line_between(r2star, np.full_like(r2star, np.nan)) is None
    assert line_between(r2star, np.ones_like(r2star)) is None
    without = TrialBench(bench.series, Volume(r2star, GRID), Volume(r2star**2, GRID))
    assert set(without.maps(r2star)) == {"r2star"}


def test_a_method_that_cannot_serve_says_so(bench):
    with pytest.raises(InputError, match="ARLO needs three echoes"):
        bench.fit((0, 1), "arlo", (0, 2), masked=False)
