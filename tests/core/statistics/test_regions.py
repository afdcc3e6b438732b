from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.statistics.regions import around, compare_regions, staple

GRID = Geometry.axial((6, 20, 24), (1.0, 0.5, 0.5))
masks = arrays(np.bool_, (3, 5, 6))
SMALL = Geometry.axial((3, 5, 6), (2.0, 1.0, 0.7))


def block(slices: slice, rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros(GRID.shape, dtype=bool)
    mask[slices, rows, columns] = True
    return mask


def test_equal_regions_agree_wholly():
    mask = block(slice(1, 5), slice(4, 12), slice(5, 15))
    found = compare_regions(mask, mask, GRID)
    assert (found.dice.value, found.jaccard.value, found.kappa.value) == (1.0, 1.0, 1.0)
    assert (found.hd95_mm.value, found.mean_surface_distance_mm.value) == (0.0, 0.0)
    assert found.volume_difference.value == 0.0
    assert found.volume_first_mm3 == pytest.approx(4 * 8 * 10 * 0.25)


def test_shifted_region_has_the_distance_of_the_shift():
    first = block(slice(1, 5), slice(4, 12), slice(5, 15))
    found = compare_regions(first, np.roll(first, 2, axis=2), GRID)
    assert found.dice.value == pytest.approx(0.8)
    assert found.jaccard.value == pytest.approx(8 / 12)
    assert found.hd95_mm.value == pytest.approx(1.0)


def test_flat_region_has_a_rim():
    # drawn in one slice: were every voxel its surface, the shared inside would hide the distance of the rims
    first = block(slice(2, 3), slice(2, 18), slice(2, 18))
    second = block(slice(2, 3), slice(3, 17), slice(3, 17))
    found = compare_regions(first, second, GRID)
    assert found.mean_surface_distance_mm.value == pytest.approx(0.5, abs=0.02)
    assert found.hd95_mm.value <= np.hypot(0.5, 0.5) + 1e-9


@settings(max_examples=50, deadline=None)
@given(masks, masks)
def test_comparison_is_symmetric_and_bounded(first, second):
    there, back = compare_regions(first, second, SMALL), compare_regions(second, first, SMALL)
    for name in ("dice", "jaccard", "kappa", "hd95_mm", "mean_surface_distance_mm"):
        one, other = getattr(there, name), getattr(back, name)
        assert one.value == pytest.approx(other.value, nan_ok=True)
        assert one.estimable or one.reason
    assert there.volume_difference.value == pytest.approx(-back.volume_difference.value, nan_ok=True)
    if there.dice.estimable:
        assert 0 <= there.jaccard.value <= there.dice.value <= 1
        j = there.jaccard.value
        assert there.dice.value == pytest.approx(2 * j / (1 + j))
        assert -200 <= there.volume_difference.value <= 200


@settings(max_examples=40, deadline=None)
@given(masks, masks)
def test_distances_equal_the_slow_search(first, second):
    found = compare_regions(first, second, SMALL)
    if not found.hd95_mm.estimable:
        assert not (first.any() and second.any())
        return

    def rim(mask):
        axes = [a for a in range(3) if mask.any(axis=tuple(b for b in range(3) if b != a)).sum() > 1]
        kept = []
        for at in map(tuple, np.argwhere(mask)):
            neighbours = [tuple(np.add(at, step * np.eye(3, dtype=int)[a])) for a in axes for step in (-1, 1)]
            inside = all(min(v) >= 0 and np.all(np.less(v, mask.shape)) and mask[v] for v in neighbours)
            if not inside:
                kept.append(SMALL.to_mm(at))
        return np.array(kept)

    # a region of one voxel has no extent along any axis: it is its own surface
    a, b = (rim(m) if m.sum() > 1 else SMALL.to_mm(np.argwhere(m)) for m in (first, second))
    distance = np.linalg.norm(a[:, None] - b[None], axis=2)
    directed = distance.min(1), distance.min(0)
    assert found.hd95_mm.value == pytest.approx(max(np.percentile(d, 95) for d in directed))
    assert found.mean_surface_distance_mm.value == pytest.approx(np.concatenate(directed).mean())


def test_kappa_is_of_the_stated_region():
    first = block(slice(2, 3), slice(8, 12), slice(8, 12))
    second = np.roll(first, 1, axis=1)
    near = compare_regions(first, second, GRID)
    assert near.region == "box of both regions + 2 mm"
    assert near.region_voxels == 5 * (5 + 8) * (4 + 8)
    whole = compare_regions(
        first, second, GRID, region=np.ones(GRID.shape, bool), region_name="whole picture"
    )
    # the wider the region, the nearer kappa comes to Dice
    assert near.kappa.value < whole.kappa.value < near.dice.value
    assert whole.region == "whole picture"
    assert np.isnan(near.kappa.ci_low)


def test_around_stops_at_the_edge_of_the_grid():
    corner = block(slice(0, 1), slice(0, 1), slice(0, 1))
    assert around(corner, GRID).sum() == 3 * 5 * 5
    assert not around(corner & False, GRID).any()


def test_empty_regions_are_not_estimable():
    empty, full = np.zeros(GRID.shape, bool), np.ones(GRID.shape, bool)
    both = compare_regions(empty, empty, GRID)
    assert "empty" in both.dice.reason
    assert not both.kappa.estimable
    one = compare_regions(empty, full, GRID)
    assert one.dice.value == 0.0
    assert "empty" in one.hd95_mm.reason
    with pytest.raises(InputError):
        compare_regions(empty[:2], full, GRID)


def test_consensus_follows_the_raters_who_agree():
    truth = block(slice(1, 5), slice(4, 12), slice(5, 15))
    wild = block(slice(1, 5), slice(10, 18), slice(12, 22))
    found = staple([truth, np.roll(truth, 1, axis=2), truth, wild], GRID)
    assert compare_regions(found.mask, truth, GRID).dice.value > 0.95
    assert found.sensitivity[3] < 0.4 < found.sensitivity[0]
    assert 0 <= found.probability.min() <= found.probability.max() <= 1
    # equal regions are their own consensus
    assert np.array_equal(staple([truth, truth], GRID).mask, truth)


def test_no_consensus_with_nobody():
    mask = block(slice(1, 2), slice(4, 5), slice(5, 6))
    assert "empty" in staple([mask, mask & False], GRID).reason
    for masks in ([mask], [mask, mask[:2]]):
        with pytest.raises(InputError):
            staple(masks, GRID)
