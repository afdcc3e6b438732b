"""Outlines: exact shares of voxels, whichever way grid and patient lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.outline import ellipse_between, ellipse_outline, polygon, polygons_in_slice
from tests import naive_regions as naive
from tests.core.imaging.regions.grids import (
    Points,
    flipped,
    motions,
    moved,
    oblique,
    sheared,
    swapped,
)

SHAPE = (3, 9, 11)
GRID = Geometry.axial(SHAPE, (2.0, 0.7, 0.5), (-3.0, 5.0, 20.0))
SQUARE = [(0.5, 0.5), (0.5, 8.5), (7.5, 8.5), (7.5, 0.5), (0.5, 0.5)]
HOLE = [(2.5, 2.5), (2.5, 6.5), (5.5, 6.5), (5.5, 2.5), (2.5, 2.5)]

# in eighths of a voxel: many corners and edges fall on borders and centres, where ties are
corners = st.lists(
    st.tuples(st.integers(-12, 84), st.integers(-12, 100)), min_size=3, max_size=9, unique=True
).map(lambda points: np.array(points) / 8)


def in_mm(points: Points, k: float = 1.0) -> Points:
    return GRID.to_mm(np.column_stack([np.full(len(points), k), points]))


def star(points: Points) -> Points:
    """The corners in order around their middle: an outline that does not cross itself."""
    away = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(away[:, 0], away[:, 1]), kind="stable")]


@given(corners)
def test_the_share_of_a_voxel_is_the_area_in_common(points: Points) -> None:
    outline = star(points)
    found = polygon(GRID, in_mm(outline)).on(SHAPE)
    exact = [[naive.area_in_square(outline, r, c) for c in range(SHAPE[2])] for r in range(SHAPE[1])]
    assert not found[[0, 2]].any()
    np.testing.assert_allclose(found[1] / WHOLE, exact, atol=0.51 / WHOLE)


@given(corners)
def test_an_outline_that_crosses_itself_follows_the_even_odd_rule(points: Points) -> None:
    found = polygon(GRID, in_mm(points)).on(SHAPE)[1] / WHOLE
    inside = naive.even_odd(points, naive.samples(SHAPE[1:], 40)).mean(axis=-1)
    # an edge along the samples may put a whole line of forty on its other side
    assert np.abs(found - inside).max() < 0.06 and np.abs(found - inside).mean() < 0.003


@given(corners, motions, st.floats(-0.8, 0.8))
def test_grid_and_patient_may_lie_as_they_like(points: Points, motion: Points, shear: float) -> None:
    drawn, expected = in_mm(points), polygon(GRID, in_mm(points)).on(SHAPE)
    for axis in range(3):
        np.testing.assert_array_equal(np.flip(polygon(flipped(GRID, axis), drawn).on(SHAPE), axis), expected)
    turned = polygon(oblique(GRID, motion), moved(drawn, motion)).on(SHAPE)
    np.testing.assert_array_equal(turned, expected)
    other = swapped(GRID)
    np.testing.assert_array_equal(polygon(other, drawn).on(other.shape).transpose(0, 2, 1), expected)
    skew = sheared(GRID, shear)
    on_skew = skew.to_mm(GRID.to_index(drawn))
    np.testing.assert_array_equal(polygon(skew, on_skew).on(SHAPE), expected)


@given(corners, st.integers(0, 8))
def test_it_does_not_matter_where_an_outline_begins_nor_which_way_it_runs(points: Points, by: int) -> None:
    expected = polygon(GRID, in_mm(points)).on(SHAPE)
    np.testing.assert_array_equal(polygon(GRID, in_mm(np.roll(points, by, axis=0))).on(SHAPE), expected)
    np.testing.assert_array_equal(polygon(GRID, in_mm(points[::-1])).on(SHAPE), expected)


@given(corners, st.floats(0.05, 0.95))
def test_a_triangle_cut_in_two_covers_as_much_in_its_parts(points: Points, part: float) -> None:
    tip, left, right = points[:3]
    middle = (1 - part) * left + part * right
    whole = polygon(GRID, in_mm(points[:3])).on(SHAPE).astype(int)
    parts = [polygon(GRID, in_mm(np.array([tip, middle, end]))).on(SHAPE) for end in (left, right)]
    assert np.abs(whole - parts[0] - parts[1]).max() <= 2


def test_an_outline_within_another_is_a_hole() -> None:
    frame = polygons_in_slice(SHAPE, 1, [np.array(SQUARE), np.array(HOLE)])
    assert frame.coverage.sum() == WHOLE * (7 * 8 - 3 * 4)
    np.testing.assert_array_equal(polygon(GRID, in_mm(np.array(SQUARE + HOLE))).on(SHAPE), frame.on(SHAPE))


@pytest.mark.parametrize("voxel_mm", [0.1, None])
@pytest.mark.parametrize("diameter_mm", [1.0, 2.3, 5.0, 10.0])
@pytest.mark.parametrize("degrees", [0.0, 33.0])
def test_a_disc_has_its_area_and_its_mean(voxel_mm: float | None, diameter_mm: float, degrees: float) -> None:
    """Area within 2 % at 0.1 mm and 10 % at six voxels across; the mean of a slope is that of its centre."""
    voxel = voxel_mm or diameter_mm / 6
    size = int(np.ceil(diameter_mm / voxel)) + 6
    grid = oblique(
        Geometry.axial((1, size, size), (1.0, voxel, voxel)),
        np.eye(4) if degrees == 0 else _turn_about_z(degrees),
    )
    centre = grid.to_mm((0, size / 2 - 0.37, size / 2 - 0.61))
    right, down = grid.directions[:, 2], grid.directions[:, 1]
    disc = polygon(grid, ellipse_outline(centre, 0.5 * diameter_mm * right, 0.5 * diameter_mm * down))
    weights = disc.on(grid.shape) / WHOLE
    area = weights.sum() * voxel**2
    assert area == pytest.approx(np.pi * diameter_mm**2 / 4, rel=2e-3)
    slope = 100 + 10 * grid.to_mm(np.indices(grid.shape).transpose(1, 2, 3, 0))[..., 0]
    assert np.average(slope, weights=weights) == pytest.approx(100 + 10 * centre[0], rel=1e-3)


def _turn_about_z(degrees: float) -> Points:
    motion = np.eye(4)
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    motion[:2, :2] = [[c, -s], [s, c]]
    return motion


def test_an_ellipse_in_a_rectangle_touches_its_sides() -> None:
    right, down = np.array([1.0, 0, 0]), np.array([0, 0.6, 0.8])
    corner, opposite = np.array([2.0, 1, 1]), np.array([2.0, 1, 1]) + 6 * right - 4 * down
    outline = ellipse_between(corner, opposite, right, down)
    across, along = (outline - corner) @ right, (outline - corner) @ down
    assert (across.min(), across.max()) == pytest.approx((0, 6), abs=2e-3)
    assert (along.min(), along.max()) == pytest.approx((-4, 0), abs=2e-3)
    np.testing.assert_allclose(
        ellipse_between(opposite, corner, right, down).mean(axis=0), outline.mean(axis=0)
    )


def test_outlines_outside_the_grid_take_nothing_and_partly_outside_are_cut() -> None:
    assert polygon(GRID, in_mm(np.array([(20.0, 20), (20, 24), (24, 20)]))).empty
    assert polygon(GRID, in_mm(np.array([(1.0, 1), (1, 5), (5, 1)]), k=7)).empty
    whole = polygon(GRID, in_mm(np.array([(-50.0, -50), (-50, 50), (50, 50), (50, -50)]))).on(SHAPE)
    assert (whole[1] == WHOLE).all() and whole.sum() == WHOLE * SHAPE[1] * SHAPE[2]
    assert polygons_in_slice(SHAPE, 1, []).empty
    # corners on one line: no area
    assert polygon(GRID, in_mm(np.array([(1.0, 1), (3, 3), (5, 5)]))).empty


def test_a_drawing_across_slices_is_refused() -> None:
    with pytest.raises(InputError, match="crosses slices"):
        polygon(GRID, GRID.to_mm([(0, 1, 1), (1.2, 1, 5), (0, 5, 1)]))
    # half a slice of tilt still belongs to one slice
    assert polygon(GRID, GRID.to_mm([(0.6, 1, 1), (1.4, 1, 5), (1.0, 5, 1)])).start[0] == 1


@pytest.mark.parametrize(
    "points", [[], [(0, 0, 0), (1, 1, 1)], [(0, 0, 0), (1, 0, np.nan), (0, 1, 0)], [(0, 0), (1, 1), (1, 0)]]
)
def test_an_outline_needs_three_finite_corners(points: list[tuple[float, ...]]) -> None:
    with pytest.raises(InputError, match="at least 3 points"):
        polygon(GRID, points)
    with pytest.raises(InputError, match="ellipse"):
        ellipse_outline((0, 0, np.nan), (1, 0, 0), (0, 1, 0))
