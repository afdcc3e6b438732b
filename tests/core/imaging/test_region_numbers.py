"""Numbers of a region: every voxel weighs by what of it lies inside, whole ones as they always did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.region_numbers import RegionNumbers, region_numbers, weighted_values
from core.imaging.volume import Volume

SHAPE = (3, 9, 11)
GRID = Geometry.axial(SHAPE, (2.0, 0.7, 0.5), (-3.0, 5.0, 20.0))


def naive(values: np.ndarray, region: np.ndarray) -> RegionNumbers:
    """The definitions, written out voxel by voxel."""
    inside = [(float(values[i]), float(region[i]) / 255) for i in np.ndindex(SHAPE) if region[i]]
    found = sorted((value, weight) for value, weight in inside if np.isfinite(value))
    total = sum(weight for _, weight in found)
    squares = sum(weight**2 for _, weight in found)
    mean = sum(value * weight for value, weight in found) / total
    spread = sum(weight * (value - mean) ** 2 for value, weight in found)
    count = total**2 / squares

    def quantile(share: float) -> float:
        low, high = share * (count - 1) / count, (share * (count - 1) + 1) / count
        result, reached = 0.0, 0.0
        for value, weight in found:
            start, reached = reached, reached + weight / total
            result += value * max(0.0, min(reached, high) - max(start, low)) * count
        return result

    slices = [float(region[k].astype(float).sum()) / 255 for k in range(SHAPE[0])]
    return RegionNumbers(
        len(inside), len(inside) - len(found), max(slices) * 0.7 * 0.5, sum(slices) * 2.0 * 0.7 * 0.5, mean,
        np.sqrt(spread / (total - squares / total)), quantile(0.5), quantile(0.25), quantile(0.75),
    )  # fmt: skip


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_numbers_are_what_their_definitions_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    region = np.where(rng.random(SHAPE) < 0.3, rng.integers(0, 256, SHAPE), 0).astype(np.uint8)
    region[0, 0, :2] = (3, 255)
    values = rng.normal(100, 30, SHAPE).astype(np.float32)
    values[rng.random(SHAPE) < 0.05] = np.nan
    values[0, 0, :2] = (90, 110)
    found, wanted = region_numbers(values, region, GRID), naive(values, region)
    assert list(vars(found).values()) == pytest.approx(list(vars(wanted).values()), rel=1e-9)


@given(st.integers(0, 2**32 - 1), st.sampled_from([255, 77]))
@settings(max_examples=30, deadline=None)
def test_a_mask_and_an_even_coverage_have_the_statistics_of_their_voxels(seed: int, share: int) -> None:
    rng = np.random.default_rng(seed)
    mask, values = rng.random(SHAPE) < 0.3, rng.normal(size=SHAPE)
    mask[1, 1, 1:4] = True
    kept = values[mask]
    for region in (mask, np.where(mask, np.uint8(share), np.uint8(0))):
        found = region_numbers(values, region, GRID)
        assert found.voxels == kept.size
        assert (found.mean, found.sd) == pytest.approx((kept.mean(), kept.std(ddof=1)))
        quartiles = (found.q25, found.median, found.q75)
        assert quartiles == pytest.approx(tuple(np.percentile(kept, (25, 50, 75))))


def test_a_voxel_that_is_hardly_inside_hardly_counts() -> None:
    """However far off its value is: else the rim of every outline would tell."""
    region = np.zeros(SHAPE, np.uint8)
    region[1, 2:8, 2:8] = 255
    values = np.random.default_rng(1).normal(100, 1, SHAPE)
    values[1, 1, 1] = 1000
    inner = region_numbers(values, region, GRID)
    region[1, 1, 1] = 1
    found = region_numbers(values, region, GRID)
    assert found.voxels == inner.voxels + 1
    assert found.mean == pytest.approx(inner.mean + 900 / 255 / 36, rel=0.01)
    for name in ("median", "q25", "q75"):
        assert getattr(found, name) == pytest.approx(getattr(inner, name), abs=0.02)


def test_numbers_leave_out_what_is_not_finite_and_count_it() -> None:
    values = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(SHAPE)
    mask = np.zeros(SHAPE, bool)
    mask[0, 0, :4] = mask[1, 0, :2] = True
    values[0, 0, 0] = np.nan
    values[1, 0, 0] = np.inf
    numbers = region_numbers(Volume(values, GRID), mask, GRID)
    kept = np.array([1.0, 2.0, 3.0, 100.0])
    assert (numbers.voxels, numbers.left_out) == (6, 2)
    assert numbers.mean == pytest.approx(kept.mean())
    assert numbers.sd == pytest.approx(kept.std(ddof=1))
    assert (numbers.q25, numbers.median, numbers.q75) == tuple(np.percentile(kept, (25, 50, 75)))
    assert numbers.area_mm2 == pytest.approx(4 * 0.7 * 0.5)
    assert numbers.volume_mm3 == pytest.approx(6 * 2.0 * 0.7 * 0.5)


def test_numbers_of_nothing_are_missing_not_zero() -> None:
    numbers = region_numbers(np.ones(SHAPE), np.zeros(SHAPE, bool), GRID)
    assert numbers.voxels == 0 and numbers.volume_mm3 == 0
    assert np.isnan([numbers.mean, numbers.sd, numbers.median, numbers.q25, numbers.q75]).all()
    one = np.zeros(SHAPE, bool)
    one[0, 0, 0] = True
    assert np.isnan(region_numbers(np.ones(SHAPE), one, GRID).sd)


def test_values_of_a_region_and_how_much_of_each_lies_inside() -> None:
    values = np.arange(np.prod(SHAPE), dtype=np.float32).reshape(SHAPE)
    values[1, 4, 4] = np.nan
    region = np.zeros(SHAPE, np.uint8)
    region[0, 2, 3], region[1, 4, 4], region[2, 0, 0] = 51, 255, 255
    inside, weights = weighted_values(values, region)
    np.testing.assert_allclose(inside, [values[0, 2, 3], np.nan, values[2, 0, 0]])
    np.testing.assert_allclose(weights, [0.2, 1.0, 1.0])
    assert weighted_values(values, region == 51)[1].tolist() == [1.0]
    assert weighted_values(values, np.zeros(SHAPE, bool))[0].size == 0


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="differ in shape"):
        region_numbers(np.ones((2, 2, 2)), np.zeros(SHAPE, bool), GRID)


def test_a_box_that_is_known_changes_no_number():
    draw = np.random.default_rng(3)
    values, region = draw.normal(50, 9, SHAPE).astype(np.float32), np.zeros(SHAPE, np.uint8)
    region[1:, 2:6, 3:9] = draw.integers(0, 256, (2, 4, 6))
    found = region_numbers(values, region, GRID)
    for box in (np.s_[1:3, 2:6, 3:9], np.s_[0:3, 1:8, 0:11]):
        assert region_numbers(values, region, GRID, box=box) == found
