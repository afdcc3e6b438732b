"""Parts of a region and holes in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import ball
from core.imaging.regions.islands import holes_filled, island, parts
from core.imaging.regions.patch import combined, less

SHAPE = (4, 7, 8)
GRID = Geometry.axial(SHAPE, (1.0, 1.0, 1.0))
regions = arrays(np.uint8, SHAPE, elements=st.sampled_from([0, 0, 60, 128, WHOLE]))
masks = arrays(np.uint8, SHAPE, elements=st.sampled_from([0, WHOLE]))


@given(regions)
def test_every_half_covered_voxel_is_in_exactly_one_part(region: np.ndarray) -> None:
    found = parts(region)
    inner = region >= 128 if (region >= 128).any() else region > 0
    counts = np.sum(found, axis=0) if found else np.zeros(SHAPE)
    assert (counts[inner] == 1).all()
    assert len(found) == ndimage.label(inner, np.ones((3, 3, 3)))[1]


@given(regions, st.tuples(*[st.integers(0, n - 1) for n in SHAPE]))
def test_one_part_is_kept_and_keeping_it_again_changes_nothing(
    region: np.ndarray, at: tuple[int, ...]
) -> None:
    if not any(part[at] for part in parts(region)):
        with pytest.raises(InputError, match="click on a part"):
            island(region, GRID, GRID.to_mm(at))
        return
    kept = island(region, GRID, GRID.to_mm(at)).on(SHAPE)
    assert kept[at] == region[at] and ((kept == region) | (kept == 0)).all()
    assert len(parts(kept)) == 1
    np.testing.assert_array_equal(island(kept, GRID, GRID.to_mm(at)).on(SHAPE), kept)


def test_a_part_keeps_the_rim_that_is_its_own() -> None:
    grid = Geometry.axial((20, 30, 30), (1, 1, 1))
    near, far = (ball(grid, [place], 3.3).on(grid.shape) for place in [(8.2, 8.4, 9.7), (20.1, 20.3, 9.9)])
    both = np.maximum(near, far)
    patch = island(both, grid, (8, 8, 10))
    after = both.copy()
    after[patch.box] = combined(both, patch, "replace").coverage
    np.testing.assert_array_equal(after, near)
    with pytest.raises(InputError, match="click on a part"):
        island(both, grid, (14, 14, 10))
    with pytest.raises(InputError, match="click on a part"):
        island(both, grid, (-40, 14, 10))
    # in the slice of the click alone
    in_plane = island(both, grid, (8, 8, 10), in_plane=True).on(grid.shape)
    np.testing.assert_array_equal(in_plane[10], near[10])
    np.testing.assert_array_equal(in_plane[11], both[11])


@given(masks)
def test_whole_voxels_are_filled_as_sets_are(mask: np.ndarray) -> None:
    np.testing.assert_array_equal(holes_filled(mask).on(SHAPE) > 0, ndimage.binary_fill_holes(mask))
    layers = np.stack([ndimage.binary_fill_holes(layer) for layer in mask])
    np.testing.assert_array_equal(holes_filled(mask, in_plane=True).on(SHAPE) > 0, layers)


@given(regions)
def test_filling_adds_only_and_filling_twice_is_filling_once(region: np.ndarray) -> None:
    for in_plane in (False, True):
        filled = holes_filled(region, in_plane=in_plane).on(SHAPE)
        assert (filled >= region).all()
        np.testing.assert_array_equal(holes_filled(filled, in_plane=in_plane).on(SHAPE), filled)
    assert (holes_filled(region, in_plane=True).on(SHAPE) >= holes_filled(region).on(SHAPE)).all()


def test_a_hollow_ball_becomes_a_ball_with_its_own_rim() -> None:
    grid = Geometry.axial((30, 30, 30), (1, 1, 1))
    outer, inner = (ball(grid, [(14.3, 15.1, 14.8)], radius).on(grid.shape) for radius in (9, 5))
    np.testing.assert_array_equal(holes_filled(less(outer, inner)).on(grid.shape), outer)


def test_nothing_and_what_does_not_fit() -> None:
    nothing = np.zeros(SHAPE, dtype=np.uint8)
    assert holes_filled(nothing).empty and parts(nothing) == []
    with pytest.raises(InputError, match="click on a part"):
        island(nothing, GRID, (0, 0, 0))
    with pytest.raises(InputError, match="shape"):
        island(nothing[:2], GRID, (0, 0, 0))
