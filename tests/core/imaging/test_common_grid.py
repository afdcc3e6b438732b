"""Pictures get one frame: the least extent, the coarsest voxels, and what must stay in stays in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.common_grid import Ball, common_crops, common_grids
from core.imaging.geometry import Geometry

SPACING = (1.0, 0.5, 0.25)


def axial(shape, spacing_mm=SPACING, origin_mm=(0.0, 0.0, 0.0)) -> Geometry:
    return Geometry.axial(shape, spacing_mm, origin_mm)


def middle(grid: Geometry) -> np.ndarray:
    return grid.to_mm((np.asarray(grid.shape) - 1) / 2)


def turned(grid: Geometry, degrees: float) -> Geometry:
    """The same grid, turned about its middle in the plane of its slices."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    affine = grid.affine.copy()
    affine[:3, :3] = turn @ affine[:3, :3]
    affine[:3, 3] = middle(grid) + turn @ (grid.affine[:3, 3] - middle(grid))
    return Geometry(grid.shape, affine)


def test_a_crop_is_the_middle_of_every_picture_on_its_own_voxels():
    grids = {"a": axial((8, 20, 30)), "b": axial((6, 24, 30), origin_mm=(7.0, -2.0, 3.0))}
    found = common_crops(grids, {})
    assert {grid.shape for grid in found.values()} == {(6, 20, 30)}
    np.testing.assert_allclose(grids["a"].to_index(found["a"].to_mm((0, 0, 0))), (1, 0, 0), atol=1e-9)
    np.testing.assert_allclose(grids["b"].to_index(found["b"].to_mm((0, 0, 0))), (0, 2, 0), atol=1e-9)


def test_a_crop_moves_as_far_as_a_target_asks_and_is_refused_where_two_ask_for_more():
    grids = {"a": axial((8, 20, 30)), "b": axial((4, 20, 30))}
    low, high = Ball("L1 of a", (3.0, 4.0, 0.6), 0.5), Ball("L2 of a", (3.0, 4.0, 7.0), 0.5)
    found = common_crops(grids, {"a": [low]})
    np.testing.assert_allclose(grids["a"].to_index(found["a"].to_mm((0, 0, 0))), (0, 0, 0), atol=1e-9)
    found = common_crops(grids, {"a": [high]})
    np.testing.assert_allclose(grids["a"].to_index(found["a"].to_mm((0, 0, 0))), (4, 0, 0), atol=1e-9)
    for find in (common_crops, common_grids):
        with pytest.raises(InputError, match="would cut off L1 of a, L2 of a; leave out"):
            find(grids, {"a": [low, high]})


def test_a_crop_of_voxels_of_several_sizes_is_refused():
    with pytest.raises(InputError, match="choose resample"):
        common_crops({"a": axial((8, 20, 30)), "b": axial((8, 20, 30), (1.0, 0.5, 0.3))}, {})


def test_a_common_grid_has_the_coarsest_voxels_and_the_least_extent_about_each_middle():
    grids = {"a": axial((8, 40, 60)), "b": axial((10, 20, 20), (0.9, 1.0, 0.5), (50.0, 0.0, 0.0))}
    found = common_grids(grids, {})
    for name, grid in found.items():
        assert grid.shape == (8, 20, 20) and grid.spacing_mm == pytest.approx((1.0, 1.0, 0.5))
        # 9 mm of slices in b; 8 of 1 mm stand about its middle
        np.testing.assert_allclose(middle(grid), middle(grids[name]), atol=1e-9)


def test_a_picture_that_has_the_common_voxels_is_cut_and_not_interpolated():
    coarse = (1.0, 1.0, 0.5)
    grids = {"a": axial((8, 41, 60)), "b": axial((8, 20, 30), coarse), "c": axial((7, 21, 30), coarse)}
    found = common_grids(grids, {})
    for name in "bc":
        start = grids[name].to_index(found[name].to_mm((0, 0, 0)))
        np.testing.assert_allclose(start, start.round(), atol=1e-9)


def test_slices_sorted_the_other_way_and_turned_ones_get_the_usual_orientation():
    flipped = axial((8, 20, 30)).affine.copy()
    flipped[:3, 0] *= -1
    grids = {"a": axial((8, 20, 30)), "b": axial((8, 20, 30)), "c": Geometry((8, 20, 30), flipped)}
    found = common_grids(grids, {})
    assert all(np.allclose(grid.directions, grids["a"].directions) for grid in found.values())
    assert {grid.shape for grid in found.values()} == {(8, 20, 30)}
    np.testing.assert_allclose(middle(found["c"]), middle(grids["c"]), atol=1e-9)


@given(
    shapes=st.lists(st.tuples(*[st.integers(3, 24)] * 3), min_size=2, max_size=4),
    fine=st.lists(st.sampled_from([0.5, 0.8, 1.0]), min_size=4, max_size=4),
    angle=st.sampled_from([0.0, 7.0, 30.0]),
    place=st.tuples(*[st.floats(0.0, 1.0)] * 3),
    radius=st.floats(0.0, 1.0),
)
@settings(max_examples=60)
def test_every_grid_lies_in_its_picture_and_holds_its_target(shapes, fine, angle, place, radius):
    grids = {str(n): axial(shape, (1.0, fine[n], fine[n])) for n, shape in enumerate(shapes)}
    grids["0"] = turned(grids["0"], angle)
    index = np.asarray(place) * np.subtract(grids["0"].shape, 1)
    target = Ball("L1", tuple(grids["0"].to_mm(index).tolist()), radius)
    try:
        found = common_grids(grids, {"0": [target]})
    except InputError as error:
        assert "L1" in str(error) or "in common" in str(error)
        return
    assert len({grid.shape for grid in found.values()}) == 1
    for name, grid in found.items():
        corners = np.array(np.meshgrid(*[(-0.5, count - 0.5) for count in grid.shape])).reshape(3, -1).T
        inside = grids[name].to_index(grid.to_mm(corners))
        assert (inside >= -0.5 - 1e-4).all() and (inside <= np.asarray(grids[name].shape) - 0.5 + 1e-4).all()
    assert found["0"].holds(target.centre_mm)
