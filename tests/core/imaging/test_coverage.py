"""Coverage: what is stored and hashed of a region comes back to the last bit, and is small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.coverage import (
    as_coverage,
    coverage_box,
    coverage_bytes,
    coverage_from_bytes,
    coverage_mask,
    coverage_sha256,
    largest_bytes,
)

SHAPES = st.tuples(*[st.integers(1, 7)] * 3)


def drawn(seed: int, shape: tuple[int, int, int]) -> np.ndarray:
    """Any coverage; at times nothing at all."""
    rng = np.random.default_rng(seed)
    region = np.where(rng.random(shape) < rng.choice([0, 0.1, 0.8]), rng.integers(0, 256, shape), 0)
    return region.astype(np.uint8)


@given(st.integers(0, 2**32 - 1), SHAPES)
@settings(max_examples=60, deadline=None)
def test_a_stored_region_comes_back(seed: int, shape: tuple[int, int, int]) -> None:
    coverage = drawn(seed, shape)
    data = coverage_bytes(coverage)
    assert len(data) <= largest_bytes(shape)
    np.testing.assert_array_equal(coverage_from_bytes(data, shape), coverage)
    for spoiled in (data + b"\0", data[:-1], b""):
        with pytest.raises(InputError, match="does not fit"):
            coverage_from_bytes(spoiled, shape)


def test_a_small_region_on_a_large_grid_takes_few_bytes() -> None:
    coverage = np.zeros((20, 500, 500), np.uint8)
    coverage[3:5, 100:110, 200:220] = 9
    assert len(coverage_bytes(coverage)) == 24 + 2 * 10 * 20
    assert coverage_box(coverage) == (slice(3, 5), slice(100, 110), slice(200, 220))


@given(st.integers(0, 2**32 - 1), st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 17)))
@settings(max_examples=100, deadline=None)
def test_the_box_of_a_region_holds_it_closely(seed: int, shape: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(seed)
    region = np.where(rng.random(shape) < rng.choice([0, 0.03, 0.3]), rng.integers(0, 256, shape), 0)
    region = region.astype(np.uint8)
    box = coverage_box(region)
    for same in (region > 0, np.asfortranarray(region), np.pad(region, 1)[1:-1, 1:-1, 1:-1]):
        assert coverage_box(same) == box
    if box is None:
        assert not region.any()
    else:
        places = np.argwhere(region)
        assert [side.start for side in box] == places.min(axis=0).tolist()
        assert [side.stop - 1 for side in box] == places.max(axis=0).tolist()


def test_nothing_has_no_box() -> None:
    assert coverage_box(np.zeros((2, 3, 4), bool)) is None
    assert coverage_box(np.zeros((0, 0, 0), np.uint8)) is None


@pytest.mark.parametrize("ends", [(0, 3, 0, 3, 0, 4), (2, 1, 0, 3, 0, 4), (0, 2, 0, 3, 0, 2**31)])
def test_a_box_that_cannot_be_is_refused(ends: tuple[int, ...]) -> None:
    data = np.array(ends, "<u4").tobytes() + bytes(36)
    with pytest.raises(InputError, match="does not fit"):
        coverage_from_bytes(data, (2, 3, 4))


def test_the_hash_of_a_region_tells_shape_place_and_every_share() -> None:
    coverage = np.zeros((2, 3, 4), np.uint8)
    coverage[1, 1, 1] = 200
    other, moved = coverage.copy(), np.roll(coverage, 1, axis=2)
    other[1, 1, 1] = 201
    assert coverage_sha256(coverage) == coverage_sha256(coverage.copy())
    found = [coverage, other, moved, coverage.reshape(2, 4, 3), np.zeros_like(coverage)]
    assert len({coverage_sha256(region) for region in found}) == len(found)


def test_a_mask_means_all_or_nothing_and_half_makes_one() -> None:
    mask = np.array([[[True, False, True]]])
    assert as_coverage(mask).tolist() == [[[255, 0, 255]]]
    shares = np.array([[[0, 127, 128, 255]]], np.uint8)
    assert coverage_mask(shares).tolist() == [[[False, False, True, True]]]
    assert as_coverage(shares) is not None and as_coverage(shares).tolist() == shares.tolist()
    with pytest.raises(InputError, match="uint8"):
        as_coverage(np.zeros((1, 1, 1)))
