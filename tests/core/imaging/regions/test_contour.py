"""Outlines found in pictures: every voxel's centre is on the right side, and lines close or are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import stroke
from core.imaging.regions.contour import contours, level_trace, signed_area
from core.imaging.regions.outline import polygon, polygons_in_slice
from tests import naive_regions as naive
from tests.core.imaging.regions.grids import Points, flipped, motions, moved, oblique, swapped

levels = st.sampled_from([0, 30, 127, 128, 200, WHOLE])
slices = arrays(np.uint8, st.tuples(st.integers(1, 8), st.integers(1, 9)), elements=levels)
GRID = Geometry.axial((2, 50, 60), (2.0, 0.7, 0.5), (-3.0, 5.0, 20.0))


def hill(grid: Geometry, centre: Points, width_mm: float = 5.0) -> np.ndarray:
    """A bright spot in every slice, as float32."""
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.shape], indexing="ij"), axis=-1)
    away = (grid.to_mm(index) - centre) @ grid.directions[:, 1:]
    return (100 * np.exp(-0.5 * (away**2).sum(axis=-1) / width_mm**2)).astype(np.float32)


@given(slices)
def test_centres_of_half_covered_voxels_lie_inside_and_the_others_outside(coverage: np.ndarray) -> None:
    centres = np.stack(np.meshgrid(*[np.arange(n) for n in coverage.shape], indexing="ij"), axis=-1)
    inside = np.zeros(coverage.shape, bool)
    for outline in contours(coverage):
        inside ^= naive.even_odd(outline, centres.astype(float))
    np.testing.assert_array_equal(inside, coverage >= 128)


@given(slices)
def test_outer_outlines_run_one_way_and_holes_the_other(coverage: np.ndarray) -> None:
    areas = [signed_area(outline) for outline in contours(coverage)]
    # what touches at a corner may be one outline or two
    fewest = ndimage.label(coverage >= 128, np.ones((3, 3)))[1]
    assert fewest <= sum(area > 0 for area in areas) <= ndimage.label(coverage >= 128)[1]
    assert 0 <= sum(areas) <= coverage.size


@pytest.mark.parametrize("radius", [2.0, 3.0, 6.0, 20.0])
def test_the_outline_of_a_disc_is_a_circle(radius: float) -> None:
    grid = Geometry.axial((1, 50, 50), (1.0, 1.0, 1.0))
    (outline,) = contours(stroke(grid, [(24.3, 25.1, 0.0)], radius).on(grid.shape)[0])
    away = np.hypot(outline[:, 0] - 25.1, outline[:, 1] - 24.3)
    assert np.abs(away - radius).max() < 0.09
    assert signed_area(outline) == pytest.approx(np.pi * radius**2, rel=0.3 / radius**1.6)


@pytest.mark.parametrize(
    "corners", [[(3.2, 4.1), (3.9, 20.4), (17.8, 14.6)], [(2, 2), (2, 18), (15, 18), (15, 2)]]
)
def test_straight_edges_come_back_where_they_were_drawn(corners: list[tuple[float, float]]) -> None:
    (outline,) = contours(polygons_in_slice((1, 25, 25), 0, [np.array(corners)]).on((1, 25, 25))[0])
    away = naive.distance_to_path(outline, np.array([*corners, corners[0]], dtype=float))
    tips = np.min([np.linalg.norm(outline - corner, axis=1) for corner in corners], axis=0)
    assert away[tips > 2.5].max() < 0.02


def test_at_the_picture_s_border_an_outline_follows_the_voxels() -> None:
    (outline,) = contours(np.full((3, 4), WHOLE, dtype=np.uint8))
    assert (outline.min(), outline[:, 0].max(), outline[:, 1].max()) == (-0.5, 2.5, 3.5)
    assert contours(np.zeros((3, 4), dtype=np.uint8)) == []
    assert contours(np.full((3, 4), 100, dtype=np.uint8)) == []


@given(st.floats(2, 9), st.floats(0, 6.28), motions)
@settings(max_examples=25)
def test_a_level_trace_runs_around_the_hill_at_the_height_of_the_click(
    away_mm: float, angle: float, motion: Points
) -> None:
    centre = GRID.to_mm((1, 24.3, 31.2))
    right, down = GRID.directions[:, 2], GRID.directions[:, 1]
    click = centre + away_mm * (np.cos(angle) * right + np.sin(angle) * down)
    outline = level_trace(hill(GRID, centre), GRID, click)
    assert outline is not None
    np.testing.assert_allclose(np.linalg.norm(outline - centre, axis=1), away_mm, atol=0.12)
    area = polygon(GRID, outline).coverage.sum() / WHOLE * 0.35
    assert area == pytest.approx(np.pi * away_mm**2, rel=0.03)
    for grid, turn in (
        (oblique(GRID, motion), motion),
        *((flipped(GRID, axis), np.eye(4)) for axis in range(3)),
        (swapped(GRID), np.eye(4)),
    ):
        other = level_trace(hill(grid, moved(centre, turn)), grid, moved(click, turn))
        assert other is not None
        found = polygon(grid, other).coverage.sum() / WHOLE * 0.35
        assert found == pytest.approx(area, rel=1e-3)


def test_a_level_trace_passes_through_the_click_and_keeps_its_level() -> None:
    noise = ndimage.gaussian_filter(np.random.default_rng(5).normal(size=(40, 40)), 3).astype(np.float32)
    grid = Geometry.axial((1, 40, 40), (1.0, 1.0, 1.0))
    traced = 0
    for row, column in np.random.default_rng(6).uniform(8, 31, (40, 2)):
        outline = level_trace(noise[None], grid, grid.to_mm((0, row, column)))
        if outline is None:
            continue
        traced += 1
        index = grid.to_index(outline)[:, 1:]
        level = ndimage.map_coordinates(noise, [[row], [column]], order=1)[0]
        np.testing.assert_allclose(ndimage.map_coordinates(noise, index.T, order=1), level, atol=1e-5)
        closed = np.vstack([index, index[:1]])
        assert naive.distance_to_path(np.array([[row, column]]), closed)[0] < 0.2
        assert np.linalg.norm(np.diff(closed, axis=0), axis=1).max() <= np.sqrt(2) + 1e-9
    assert traced > 5


def test_there_is_no_level_trace_where_the_line_does_not_close() -> None:
    slope = np.broadcast_to(np.arange(60, dtype=np.float32), GRID.shape)
    assert level_trace(slope, GRID, GRID.to_mm((0, 20, 30.3))) is None
    picture = hill(GRID, GRID.to_mm((0, 24, 31)))
    for place in [(0, -1, 30), (0, 24, 59.2), (5, 24, 31), (-1, 24, 31)]:
        assert level_trace(picture, GRID, GRID.to_mm(place)) is None
    assert level_trace(np.ones(GRID.shape), GRID, GRID.to_mm((0, 24, 31.5))) is None
    picture[0, 24, 36] = np.nan
    assert level_trace(picture, GRID, GRID.to_mm((0, 24.4, 36.5))) is None
    assert level_trace(picture, GRID, GRID.to_mm((0, 24, 36.0))) is None
    # the line around, away from the hole, closes
    assert level_trace(picture, GRID, GRID.to_mm((0, 24, 43))) is not None
    thin = Geometry.axial((1, 1, 9), (1, 1, 1))
    assert level_trace(np.ones((1, 1, 9)), thin, thin.to_mm((0, 0, 4))) is None


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="shape"):
        level_trace(np.ones((2, 3, 4)), GRID, (0, 0, 0))
    with pytest.raises(InputError, match="at least 1"):
        level_trace(np.ones(GRID.shape), GRID, (0, 0, np.nan))
