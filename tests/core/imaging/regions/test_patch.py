"""How regions are combined: drawing twice is drawing once, and whole voxels combine as sets do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.imaging.coverage import WHOLE, coverage_box
from core.imaging.regions.patch import NOTHING, Patch, combined, common, joined, less, trimmed

SHAPE = (2, 4, 5)
levels = st.sampled_from([0, 1, 77, 127, 128, 254, WHOLE])
regions = arrays(np.uint8, SHAPE, elements=levels)
whole_voxels = arrays(np.uint8, SHAPE, elements=st.sampled_from([0, WHOLE]))


@given(regions, regions, regions)
def test_drawing_twice_is_drawing_once_and_the_order_does_not_matter(a, b, c) -> None:
    np.testing.assert_array_equal(joined(joined(a, b), b), joined(a, b))
    np.testing.assert_array_equal(joined(joined(a, b), c), joined(c, joined(b, a)))
    np.testing.assert_array_equal(less(less(a, b), b), less(a, b))
    np.testing.assert_array_equal(less(less(a, b), c), less(a, joined(b, c)))


@given(regions, regions)
def test_nothing_drawn_takes_away_and_nothing_erased_adds(a, b) -> None:
    assert (joined(a, b) >= a).all() and (less(a, b) <= a).all()
    # within what the two shares allow, whichever parts of a voxel they are
    total, difference = a.astype(int) + b, a.astype(int) - b
    assert (joined(a, b) <= np.minimum(total, WHOLE)).all() and (less(a, b) >= difference.clip(0)).all()
    np.testing.assert_array_equal(common(a, b), less(a, WHOLE - b))


@given(whole_voxels, whole_voxels)
def test_whole_voxels_combine_as_sets(a, b) -> None:
    np.testing.assert_array_equal(joined(a, b) > 0, (a > 0) | (b > 0))
    np.testing.assert_array_equal(less(a, b) > 0, (a > 0) & (b == 0))
    np.testing.assert_array_equal(common(a, b) > 0, (a > 0) & (b > 0))


@given(regions, regions)
def test_a_patch_changes_its_box_alone(region, drawn) -> None:
    patch = Patch((0, 1, 2), drawn[:, :2, :3])
    for how, rule in (("add", joined), ("subtract", less), ("replace", lambda _, new: new)):
        changed = combined(region, patch, how)
        assert changed.box == patch.box
        np.testing.assert_array_equal(changed.coverage, rule(region[:, 1:3, 2:5], patch.coverage))


@given(regions)
def test_a_patch_is_cut_to_what_it_touches(region) -> None:
    cut = trimmed(Patch((0, 0, 0), region))
    np.testing.assert_array_equal(cut.on(SHAPE), region)
    if region.any():
        assert coverage_box(cut.coverage) == tuple(slice(0, n) for n in cut.coverage.shape)
    else:
        assert cut is NOTHING and cut.empty and coverage_box(region) is None
