from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.imaging.geometry import Geometry
from widgets.outlines import Outline, borders, section_edges
from widgets.plane import Plane
from widgets.sections import ParallelPlanes


@settings(max_examples=60)
@given(hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_borders_are_as_long_as_the_changes_between_neighbours(mask):
    padded = np.pad(mask, 1).astype(int)
    changes = np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    edges = borders(mask)
    assert np.abs(edges[:, 2:] - edges[:, :2]).sum() == changes
    # each runs along one axis, forwards
    assert np.all((edges[:, 2:] >= edges[:, :2]).all(axis=1))
    assert np.all((edges[:, 0] == edges[:, 2]) ^ (edges[:, 1] == edges[:, 3]))


@given(st.integers(0, 5), st.integers(0, 6))
def test_one_pixel_has_four_sides_round_it(row, column):
    mask = np.zeros((6, 7), bool)
    mask[row, column] = True
    sides = {tuple(edge) for edge in borders(mask).tolist()}
    assert sides == {
        (row, column, row, column + 1), (row + 1, column, row + 1, column + 1),
        (row, column, row + 1, column), (row, column + 1, row + 1, column + 1),
    }  # fmt: skip


COARSE = Geometry.axial((4, 10, 10), (2.0, 1.0, 1.0), (0.5, 0.5, 1.0))
FINE = Plane(Geometry.axial((8, 40, 40), (1.0, 0.25, 0.25), (0.125, 0.125, 0.5)))


def outline(mask: np.ndarray) -> Outline:
    return Outline("tumour", COARSE, mask, "#e69f00")


def test_a_region_has_its_own_voxels_borders_in_a_finer_picture():
    mask = np.zeros(COARSE.shape, bool)
    mask[1, 2, 3] = True
    for depth in range(FINE.count):
        edges = section_edges(outline(mask), ParallelPlanes(FINE), depth)
        if depth in (2, 3):
            assert np.allclose([edges[:, ::2].min(), edges[:, ::2].max()], [2.0, 3.0])
            assert np.allclose([edges[:, 1::2].min(), edges[:, 1::2].max()], [3.0, 4.0])
        else:
            assert len(edges) == 0


def test_a_cut_across_the_slices_shows_the_region_where_it_lies():
    mask = np.zeros(COARSE.shape, bool)
    mask[1, 2, 3] = True
    coronal = Plane(FINE.geometry, 1)
    position = COARSE.to_mm((1, 2, 3))
    edges = section_edges(outline(mask), ParallelPlanes(coronal), coronal.slice_of(position))
    middle = coronal.place_of(position)[1:]
    assert np.allclose(edges[:, :2].min(axis=0) + edges[:, 2:].max(axis=0), 2 * middle, atol=0.3)
    assert len(section_edges(outline(mask), ParallelPlanes(coronal), 0)) == 0


@pytest.mark.parametrize("turn", (10, 35))
def test_a_turned_picture_shows_about_the_regions_area(turn):
    angle = np.deg2rad(turn)
    affine = FINE.geometry.affine.copy()
    middle = np.array([5.0, 5.0])
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    affine[:2, :3] = rotation @ affine[:2, :3]
    affine[:2, 3] = rotation @ (affine[:2, 3] - middle) + middle
    plane = Plane(Geometry(FINE.geometry.shape, affine))
    mask = np.zeros(COARSE.shape, bool)
    mask[1, 3:7, 3:7] = True
    edges = section_edges(outline(mask), ParallelPlanes(plane), 2)
    # a turned square reaches as far as its corners
    reach = edges.reshape(-1, 2).max(axis=0) - edges.reshape(-1, 2).min(axis=0)
    assert reach == pytest.approx(4 * (np.cos(angle) + np.sin(angle)), abs=0.6)
