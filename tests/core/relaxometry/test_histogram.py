"""Histograms of a region."""

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.relaxometry.fit import R2StarMaps
from core.relaxometry.histogram import roi_histogram
from core.relaxometry.noise import NoiseEstimate


def maps_of(values):
    data = np.asarray(values, dtype=np.float32).reshape(1, 1, -1)
    grid = Geometry.axial(data.shape, (1.0, 1.0, 1.0))
    none = np.full(data.shape, np.nan, np.float32)
    flags = np.zeros(data.shape, np.uint8)
    return R2StarMaps(
        data, none, none, none, flags, grid, "nlls", NoiseEstimate(1.0, "given", 0), (1.0, 2.0), 3.0
    )


def everywhere(maps):
    return np.ones(maps.geometry.shape, bool)


def test_every_voxel_is_counted_once():
    values = np.random.default_rng(0).normal(60, 8, 500)
    values[:7] = np.nan
    found = roi_histogram(maps_of(values), everywhere(maps_of(values)))
    assert found.counts.sum() + found.below + found.above + found.left_out == 500
    assert found.left_out == 7
    assert found.median == pytest.approx(np.nanmedian(values), abs=1e-4)
    assert found.sd == pytest.approx(np.nanstd(values, ddof=1), rel=1e-5)
    assert abs(found.skewness) < 0.4


def test_given_edges_hold_and_what_lies_beyond_is_told():
    maps = maps_of([10, 20, 30, 40, 50])
    found = roi_histogram(maps, everywhere(maps), edges=[15, 25, 40])
    assert found.counts.tolist() == [1, 2]
    assert (found.below, found.above) == (1, 1)


def test_t2star_is_the_inverse_in_ms_and_leaves_out_what_has_none():
    maps = maps_of([10, 20, 40, -5, 0])
    found = roi_histogram(maps, everywhere(maps), quantity="t2star_ms")
    assert found.median == pytest.approx(50.0)
    assert found.left_out == 2


def test_one_wild_voxel_does_not_stretch_the_axis():
    values = np.append(np.random.default_rng(1).normal(60, 2, 999), 1e6)
    maps = maps_of(values)
    found = roi_histogram(maps, everywhere(maps))
    assert found.edges[-1] < 80
    assert found.above >= 1


def test_constant_values_make_one_bin():
    maps = maps_of([25.0] * 20)
    found = roi_histogram(maps, everywhere(maps))
    assert found.counts.tolist() == [20]
    assert np.isnan(found.skewness)


@pytest.mark.parametrize("edges", [[1.0], [2.0, 1.0], [0.0, np.nan]])
def test_edges_that_do_not_rise_are_refused(edges):
    maps = maps_of([1, 2, 3])
    with pytest.raises(InputError, match="rise"):
        roi_histogram(maps, everywhere(maps), edges=edges)


def test_an_empty_region_is_refused():
    maps = maps_of([np.nan, np.nan])
    with pytest.raises(InputError, match="no voxel"):
        roi_histogram(maps, everywhere(maps))
    with pytest.raises(InputError, match="shape"):
        roi_histogram(maps, np.ones((2, 2, 2), bool))
