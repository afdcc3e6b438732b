"""Brushes: round in mm on every grid, the same drawn at once or piece by piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import ball, stroke
from core.imaging.regions.patch import combined
from tests import naive_regions as naive
from tests.core.imaging.regions.grids import Points, flipped, motions, moved, oblique, sheared, swapped

SHAPE = (3, 12, 14)
GRID = Geometry.axial(SHAPE, (2.0, 0.7, 0.5), (-3.0, 5.0, 20.0))

paths = st.lists(st.tuples(st.floats(-2, 13), st.floats(-2, 15)), min_size=1, max_size=6).map(
    lambda points: GRID.to_mm([(1, *point) for point in points])
)
radii = st.sampled_from([0.1, 0.25, 0.4, 0.8, 1.5, 3.0])


def whole(tool, geometry: Geometry, path: Points, radius: float) -> np.ndarray:
    return tool(geometry, path, radius).on(geometry.shape).astype(int)


@given(paths, radii, st.floats(-0.8, 0.8))
@settings(max_examples=25)
def test_a_stroke_covers_what_lies_within_its_radius(path: Points, radius: float, shear: float) -> None:
    grid = sheared(GRID, shear)
    samples = naive.samples(SHAPE[1:], 48)
    points = grid.to_mm(np.concatenate([np.ones((*samples.shape[:-1], 1)), samples], axis=-1))
    counted = (naive.distance_to_path(points, path) <= radius).mean(axis=-1)
    found = whole(stroke, grid, path, radius)
    assert not found[[0, 2]].any()
    assert np.abs(found[1] / WHOLE - counted).max() < 0.012


@given(st.lists(st.tuples(*[st.floats(-1, 9)] * 3), min_size=1, max_size=4), st.sampled_from([0.3, 1.1, 2.6]))
@settings(max_examples=15)
def test_a_ball_covers_what_lies_within_its_radius(points: list[tuple[float, ...]], radius: float) -> None:
    grid = sheared(Geometry.axial((5, 9, 8), (1.5, 0.8, 0.6)), 0.3)
    path = grid.to_mm(points)
    counted = (naive.distance_to_path(grid.to_mm(naive.samples(grid.shape, 14)), path) <= radius).mean(
        axis=-1
    )
    assert np.abs(whole(ball, grid, path, radius) / WHOLE - counted).max() < 0.03


@given(paths, radii, motions)
@settings(max_examples=25)
def test_grid_and_patient_may_lie_as_they_like(path: Points, radius: float, motion: Points) -> None:
    other = swapped(GRID)
    for tool in (stroke, ball):
        expected = whole(tool, GRID, path, radius)
        turned = whole(tool, oblique(GRID, motion), moved(path, motion), radius)
        assert np.abs(turned - expected).max() <= 1
        for axis in range(3):
            mirrored = np.flip(whole(tool, flipped(GRID, axis), path, radius), axis)
            assert np.abs(mirrored - expected).max() <= 1
        assert np.abs(whole(tool, other, path, radius).transpose(0, 2, 1) - expected).max() <= 1


@given(paths, radii)
@settings(max_examples=25)
def test_a_stroke_drawn_piece_by_piece_is_the_stroke_drawn_at_once(path: Points, radius: float) -> None:
    for tool in (stroke, ball):
        drawn = np.zeros(SHAPE, dtype=np.uint8)
        for n in range(len(path)):
            patch = tool(GRID, path[: n + 1], radius, since=n)
            drawn[patch.box] = combined(drawn, patch).coverage
        np.testing.assert_array_equal(drawn, tool(GRID, path, radius).on(SHAPE))


@given(paths, radii)
@settings(max_examples=25)
def test_a_wider_brush_and_a_longer_path_cover_more(path: Points, radius: float) -> None:
    for tool in (stroke, ball):
        one = whole(tool, GRID, path, radius)
        assert (whole(tool, GRID, path, 1.3 * radius) >= one - 1).all()
        assert (whole(tool, GRID, np.vstack([path, path[:1]]), radius) >= one - 1).all()


@pytest.mark.parametrize("voxel_mm", [0.1, None])
@pytest.mark.parametrize("diameter_mm", [1.0, 2.3, 5.0, 10.0])
def test_discs_and_spheres_have_their_size_and_mean(voxel_mm: float | None, diameter_mm: float) -> None:
    """Area and volume within 2 % at 0.1 mm and 10 % at six voxels across; a slope's mean is its middle's."""
    voxel = voxel_mm or diameter_mm / 6
    size = int(np.ceil(diameter_mm / voxel)) + 4
    grid = Geometry.axial((size, size, size), (voxel, voxel, voxel))
    k = size // 2
    centre = grid.to_mm((k, size / 2 - 0.37, size / 2 - 0.61))
    slope = 50 + 3 * (np.arange(size) * voxel - centre[0])
    for tool, truth in ((stroke, np.pi / 4 * diameter_mm**2 * voxel), (ball, np.pi / 6 * diameter_mm**3)):
        share = tool(grid, [centre], diameter_mm / 2).on(grid.shape) / WHOLE
        assert share.sum() * voxel**3 == pytest.approx(truth, rel=2e-3)
        assert np.average(slope, weights=share.sum(axis=(0, 1))) == pytest.approx(50, rel=1e-3)


def test_a_stroke_far_from_the_grid_covers_nothing_and_one_at_its_border_is_cut() -> None:
    assert stroke(GRID, GRID.to_mm([(-3, 1, 1)]), 1.0).empty
    assert ball(GRID, GRID.to_mm([(1, 90, 1), (1, 95, 1)]), 1.0).empty
    half = whole(stroke, GRID, GRID.to_mm([(1, -0.5, 7)]), 1.4)
    assert half.sum() / WHOLE * 0.35 == pytest.approx(np.pi * 1.4**2 / 2, rel=5e-3)
    one = Geometry.axial((1, 1, 1), (1, 1, 1))
    assert whole(ball, one, np.zeros((1, 3)), 5.0) == WHOLE


@pytest.mark.parametrize("radius_mm", [0.0, -1.0, np.nan, np.inf])
def test_a_brush_needs_a_positive_radius(radius_mm: float) -> None:
    with pytest.raises(InputError, match="positive radius"):
        stroke(GRID, GRID.to_mm([(1, 2, 2)]), radius_mm)
    with pytest.raises(InputError, match="positive radius"):
        ball(GRID, GRID.to_mm([(1, 2, 2)]), radius_mm)


def test_a_stroke_needs_a_path_within_one_slice_and_a_ball_does_not() -> None:
    for tool in (stroke, ball):
        with pytest.raises(InputError, match="at least 1 points"):
            tool(GRID, [], 1.0)
    path = GRID.to_mm([(0, 2, 2), (2, 2, 2)])
    with pytest.raises(InputError, match="crosses slices"):
        stroke(GRID, path, 1.0)
    assert ball(GRID, path, 1.5).on(SHAPE)[:, 2, 2].min() == WHOLE
