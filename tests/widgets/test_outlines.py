from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.imaging.geometry import Geometry
from core.imaging.regions.brush import stroke
from core.imaging.regions.outline import polygons_in_slice
from widgets.outlines import Outline, OutlineCache, border_lines, section_lines, thinned
from widgets.plane import Plane
from widgets.sections import ParallelPlanes


@settings(max_examples=60)
@given(hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_borders_are_as_long_as_the_changes_between_neighbours(mask):
    padded = np.pad(mask, 1).astype(int)
    changes = np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    lines = np.array(border_lines(mask)).reshape(-1, 2, 2)
    ways = lines[:, 1] - lines[:, 0]
    assert ways.sum() == changes
    # each runs along one axis, forwards
    assert np.all((ways >= 0).all(axis=1) & (ways == 0).any(axis=1))


@given(st.integers(0, 5), st.integers(0, 6))
def test_one_pixel_has_four_sides_round_it(row, column):
    mask = np.zeros((6, 7), bool)
    mask[row, column] = True
    sides = {tuple(line.ravel()) for line in border_lines(mask)}
    assert sides == {
        (row, column, row, column + 1), (row + 1, column, row + 1, column + 1),
        (row, column, row + 1, column), (row, column + 1, row + 1, column + 1),
    }  # fmt: skip


COARSE = Geometry.axial((4, 10, 10), (2.0, 1.0, 1.0), (0.5, 0.5, 1.0))
FINE = Plane(Geometry.axial((8, 40, 40), (1.0, 0.25, 0.25), (0.125, 0.125, 0.5)))


def outline(coverage: np.ndarray, **more) -> Outline:
    return Outline("tumour", COARSE, coverage, "#e69f00", **more)


def block(rows: slice, columns: slice) -> np.ndarray:
    coverage = np.zeros(COARSE.shape, np.uint8)
    coverage[1, rows, columns] = 255
    return coverage


def reach(lines: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    every = np.concatenate(lines)
    return every.min(axis=0), every.max(axis=0)


def test_a_region_ends_at_its_own_voxels_borders_in_a_finer_picture():
    for depth in range(FINE.count):
        lines = section_lines(outline(block(slice(2, 5), slice(3, 7))), ParallelPlanes(FINE), depth)
        if depth in (2, 3):
            low, high = reach(lines)
            assert low == pytest.approx([2.0, 3.0], abs=0.01)
            assert high == pytest.approx([5.0, 7.0], abs=0.01)
        else:
            assert not lines


def test_a_brushs_outline_is_as_round_as_the_brush():
    centre, radius = np.array([5.2, 4.7]), 2.5
    position = (0.5 + centre[1], 0.5 + centre[0], 3.0)
    disc = stroke(COARSE, [position], radius).on(COARSE.shape)
    (line,) = section_lines(outline(disc), ParallelPlanes(FINE), 2)
    away = np.linalg.norm(line - (centre + 0.5), axis=1)
    assert away == pytest.approx(np.full(len(line), radius), abs=0.06)


def test_a_polygon_is_drawn_as_it_was_drawn():
    corners = np.array([[1.3, 2.2], [1.3, 6.9], [7.75, 4.0]])
    coverage = polygons_in_slice(COARSE.shape, 1, [corners]).on(COARSE.shape)
    (line,) = section_lines(outline(coverage, polygons={1: (corners,)}), ParallelPlanes(FINE), 3)
    # an index counts from the voxel's centre, half a voxel from the edge
    assert line == pytest.approx(np.concatenate([corners, corners[:1]]) + 0.5)


def test_a_region_of_which_no_voxel_is_half_covered_is_seen_all_the_same():
    coverage = block(slice(2, 3), slice(3, 4)) // 4
    low, high = reach(section_lines(outline(coverage), ParallelPlanes(FINE), 2))
    assert (low.tolist(), high.tolist()) == ([2.0, 3.0], [3.0, 4.0])


def test_a_cut_across_the_slices_shows_the_region_where_it_lies():
    coronal = Plane(FINE.geometry, 1)
    position = COARSE.to_mm((1, 2, 3))
    shown = outline(block(slice(2, 3), slice(3, 4)))
    low, high = reach(section_lines(shown, ParallelPlanes(coronal), coronal.slice_of(position)))
    middle = coronal.place_of(position)[1:]
    assert np.allclose(low + high, 2 * middle, atol=0.3)
    assert not section_lines(shown, ParallelPlanes(coronal), 0)


@pytest.mark.parametrize("turn", (10, 35))
def test_a_turned_picture_shows_about_the_regions_area(turn):
    angle = np.deg2rad(turn)
    affine = FINE.geometry.affine.copy()
    middle = np.array([5.0, 5.0])
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    affine[:2, :3] = rotation @ affine[:2, :3]
    affine[:2, 3] = rotation @ (affine[:2, 3] - middle) + middle
    plane = Plane(Geometry(FINE.geometry.shape, affine))
    low, high = reach(section_lines(outline(block(slice(3, 7), slice(3, 7))), ParallelPlanes(plane), 2))
    # a turned square reaches as far as its corners
    assert high - low == pytest.approx(4 * (np.cos(angle) + np.sin(angle)), abs=0.6)


def test_lines_are_kept_until_it_is_told_that_the_region_changed():
    cache, parallels = OutlineCache(), ParallelPlanes(FINE)
    coverage = block(slice(2, 5), slice(3, 7))
    before = cache.path(outline(coverage), parallels, 2, 4.0)
    coverage[1, 5] = coverage[1, 4]
    assert cache.path(outline(coverage), parallels, 2, 4.0) is before
    cache.clear("another")
    assert cache.path(outline(coverage), parallels, 2, 4.0) is before
    cache.clear("tumour")
    after = cache.path(outline(coverage), parallels, 2, 4.0)
    assert after.boundingRect().height() == pytest.approx(before.boundingRect().height() + 1, abs=0.02)


@given(st.integers(3, 300), st.floats(0.2, 30.0), st.floats(0.05, 3.0))
def test_a_thinned_line_runs_where_all_of_it_does(corners, radius, step):
    angles = np.linspace(0, 2 * np.pi, corners + 1)
    line = radius * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    kept = thinned(line, step)
    assert np.array_equal(kept[0], line[0]) and np.array_equal(kept[-1], line[-1])
    # no corner that is left out lies further than a step from one that is kept
    away = np.linalg.norm(line[:, None] - kept[None], axis=2).min(axis=1)
    assert away.max() <= step
    if np.linalg.norm(line[1] - line[0]) > step:
        assert len(kept) == len(line)


def test_in_a_picture_enlarged_every_corner_of_a_line_is_drawn():
    disc = stroke(COARSE, [(5.2, 5.7, 3.0)], 2.5).on(COARSE.shape)
    cache, parallels = OutlineCache(), ParallelPlanes(FINE)
    counts = [cache.path(outline(disc), parallels, 2, px).elementCount() for px in (64.0, 4.0, 0.5)]
    (line,) = section_lines(outline(disc), parallels, 2)
    assert counts[0] == len(line) > counts[1] > counts[2] > 2
