"""Numbers of a region: against their definitions, and numpy's for whole voxels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.regions.numbers import histograms, summaries
from tests import naive_regions as naive

SHAPE = (3, 4, 5)
levels = st.sampled_from([0, 0, 1, 40, 128, 254, WHOLE])
regions = arrays(np.uint8, SHAPE, elements=levels)
numbers = st.one_of(
    st.floats(-1e6, 1e6, width=32), st.sampled_from([0.0, -0.0, 1.0, 7.0, np.nan, np.inf, -np.inf, 1e30])
)
pictures = st.sampled_from([np.float32, np.float64]).flatmap(
    lambda kind: arrays(kind, SHAPE, elements=numbers)
)
LARGE = np.random.default_rng(1)
HARD = {
    "normal": LARGE.normal(100, 20, 30_000),
    "few values": LARGE.integers(0, 5, 30_000).astype(float),
    "two heaps": np.repeat([0.0, 1.0], 15_000) + LARGE.normal(0, 1e-9, 30_000),
    "one value": np.full(30_000, 3.25),
    "mostly one value": np.where(LARGE.random(30_000) < 0.7, 3.25, LARGE.normal(0, 9, 30_000)),
    "far outliers": np.where(LARGE.random(30_000) < 1e-3, 1e30, LARGE.normal(0, 1, 30_000)),
    "close together": 1e6 + LARGE.normal(0, 1e-7, 30_000),
}


def held(picture: np.ndarray, region: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    usable = (region > 0) & np.isfinite(picture)
    return picture[usable].astype(np.float64), region[usable] / WHOLE


@given(pictures, regions)
def test_every_number_is_what_its_definition_says(picture: np.ndarray, region: np.ndarray) -> None:
    (found,) = summaries([picture], region)
    values, weights = held(picture, region)
    assert found.touched == np.count_nonzero(region)
    assert found.left_out == found.touched - values.size
    assert found.voxels == pytest.approx(weights.sum())
    if not values.size:
        assert np.isnan([found.mean, found.sd, found.q25, found.median, found.q75, found.most]).all()
        return
    close = {"rel": 1e-9, "abs": 1e-9 * np.abs(values).max()}
    mean = np.average(values, weights=weights)
    assert found.mean == pytest.approx(mean, **close)
    assert (found.least, found.most) == (values.min(), values.max())
    if region[(region > 0) & np.isfinite(picture)].sum(dtype=int) < 2 * WHOLE:
        assert np.isnan(found.sd)
    else:
        freedom = weights.sum() - np.sum(weights**2) / weights.sum()
        sd = np.sqrt(np.sum(weights * (values - mean) ** 2) / freedom)
        assert found.sd == pytest.approx(sd, rel=1e-6, abs=1e-9 * np.abs(values).max())
    for share, quantile in ((0.25, found.q25), (0.5, found.median), (0.75, found.q75)):
        assert quantile == pytest.approx(naive.weighted_quantile(values, weights, share), **close)


@pytest.mark.parametrize("values", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_whole_voxels_give_numpy_s_numbers(values: np.ndarray, kind: type) -> None:
    picture = values.astype(kind).reshape(30, 40, 25)
    exact = picture.ravel().astype(np.float64)
    for region in (np.ones(picture.shape, bool), np.full(picture.shape, WHOLE, np.uint8)):
        (found,) = summaries([picture], region)
        assert found.mean == pytest.approx(exact.mean(), rel=1e-12)
        assert found.sd == pytest.approx(exact.std(ddof=1), rel=1e-6, abs=1e-12)
        quartiles = np.percentile(exact, (25, 50, 75))
        np.testing.assert_allclose((found.q25, found.median, found.q75), quartiles, rtol=1e-12)


@pytest.mark.parametrize("values", HARD.values(), ids=HARD.keys())
def test_weighted_quantiles_of_many_voxels_are_exact(values: np.ndarray) -> None:
    weights = np.random.default_rng(2).integers(1, 256, values.size).astype(np.uint8)
    (found,) = summaries([values.reshape(30, 40, 25)], weights.reshape(30, 40, 25))
    wanted = [naive.weighted_quantile(values, weights / WHOLE, share) for share in (0.25, 0.5, 0.75)]
    np.testing.assert_allclose((found.q25, found.median, found.q75), wanted, rtol=1e-9, atol=1e-9)


@given(pictures, regions, st.integers(0, 2))
@settings(max_examples=30)
def test_mirrored_pictures_and_given_boxes_give_the_same(
    picture: np.ndarray, region: np.ndarray, axis: int
) -> None:
    whole = tuple(slice(0, n) for n in SHAPE)
    (expected,), (in_box,) = summaries([picture], region), summaries([picture], region, box=whole)
    (mirrored,) = summaries([np.flip(picture, axis)], np.flip(region, axis))
    scale = 1e-9 * max(abs(expected.least), abs(expected.most), 1e-300) if expected.voxels else 0.0
    for other in (in_box, mirrored):
        for name in ("touched", "left_out", "voxels", "mean", "sd", "q25", "median", "q75"):
            one, two = getattr(expected, name), getattr(other, name)
            assert one == pytest.approx(two, rel=1e-6, abs=scale, nan_ok=True)


def test_several_pictures_at_once_and_other_types() -> None:
    rng = np.random.default_rng(4)
    region = rng.integers(0, 256, SHAPE).astype(np.uint8)
    shorts, echoes = rng.integers(-900, 900, SHAPE).astype(np.int16), rng.normal(size=(2, *SHAPE))
    first, second = summaries([shorts, echoes[1]], region)
    assert first == summaries([shorts.astype(np.float64)], region)[0]
    assert second == summaries([np.asfortranarray(echoes[1])], region)[0]
    assert summaries([], region) == ()


@given(pictures, regions, st.integers(1, 9))
def test_a_histogram_counts_every_voxel_once(picture: np.ndarray, region: np.ndarray, bins: int) -> None:
    values, weights = held(picture, region)
    (found,) = histograms([picture], region, bins=bins, limits=(-10.0, 30.0))
    if not values.size:
        assert found is None
        return
    assert found is not None
    counted, edges = np.histogram(values, bins, (-10.0, 30.0), weights=weights)
    np.testing.assert_allclose(found.edges, edges)
    assert found.below == pytest.approx(weights[values < -10].sum())
    assert found.above == pytest.approx(weights[values > 30].sum())
    assert found.voxels.sum() == pytest.approx(counted.sum())
    # a value on an edge may fall to either side of it
    near = np.abs(values[:, None] - edges).min(axis=1) < 1e-5
    assert np.abs(found.voxels - counted).max() <= weights[near].sum() + 1e-9


def test_a_histogram_chooses_its_bins() -> None:
    picture = np.random.default_rng(5).normal(50, 10, (10, 20, 30))
    one, same = histograms([picture, np.full(picture.shape, 4.0)], np.ones(picture.shape, bool))
    assert one is not None and same is not None
    assert (one.edges[0], one.edges[-1]) == (picture.min(), picture.max())
    wanted = np.ptp(picture) / (2 * np.subtract(*np.percentile(picture, (75, 25))) / np.cbrt(6000))
    assert one.voxels.size == np.ceil(wanted) and one.voxels.sum() == pytest.approx(6000)
    assert same.voxels.sum() == 6000 and (same.edges[0], same.edges[-1]) == (3.5, 4.5)


def test_what_makes_no_sense_is_refused() -> None:
    region = np.ones(SHAPE, bool)
    with pytest.raises(InputError, match="shape"):
        summaries([np.ones((2, 2, 2))], region)
    with pytest.raises(InputError, match="must rise"):
        histograms([np.ones(SHAPE)], region, limits=(2.0, 2.0))
    with pytest.raises(InputError, match="needs a bin"):
        histograms([np.ones(SHAPE)], region, bins=0)


def test_slivers_that_make_less_than_two_voxels_tell_no_spread():
    picture = np.array([[[1.0, 2.0, 4.0]]])
    for shares, told in (((10, 20, 0), False), ((254, 255, 0), False), ((255, 255, 0), True)):
        (found,) = summaries([picture], np.array([[shares]], np.uint8))
        assert np.isfinite(found.mean)
        assert np.isfinite(found.sd) == told
