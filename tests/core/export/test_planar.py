"""Regions as closed paths that know no holes: the even-odd rule takes the same places from them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.export.planar import closed_paths
from core.imaging.geometry import Geometry
from core.imaging.regions.outline import polygons_in_slice
from core.imaging.roi import Roi
from tests.naive_regions import even_odd

SHAPE = (1, 9, 8)
GRID = Geometry.axial(SHAPE, (1.0, 0.5, 0.5))
CENTRES = np.moveaxis(np.indices(SHAPE[1:], dtype=float), 0, -1)


def roi_of(coverage, outlines=None):
    return Roi("0" * 32, "tumour", coverage, GRID, outlines={0: outlines} if outlines else {})


def square(low, high):
    return np.array([(low, low), (low, high), (high, high), (high, low)], dtype=float)


@given(arrays(np.uint8, SHAPE, elements=st.sampled_from([0, 1, 90, 127, 128, 200, 254, 255])))
def test_the_line_at_half_coverage_holds_the_centres_of_the_mask(coverage):
    roi = roi_of(coverage)
    inside = np.zeros(SHAPE[1:], bool)
    for path in closed_paths(roi, 0):
        inside ^= even_odd(path, CENTRES)
    assert np.array_equal(inside, roi.mask[0])


def winding(path):
    """How often a path goes around each voxel's centre: the angles between its corners, summed."""
    around = np.zeros(SHAPE[1:])
    seen = [np.arctan2(*np.moveaxis(corner - CENTRES, -1, 0)) for corner in path]
    for here, there in zip(seen, seen[1:] + seen[:1], strict=True):
        around += (there - here + np.pi) % (2 * np.pi) - np.pi
    return np.rint(around / (2 * np.pi)).astype(int)


corner = st.tuples(st.floats(-1, 9), st.floats(-1, 8))


@given(st.lists(st.lists(corner, min_size=3, max_size=6), min_size=1, max_size=4))
def test_kept_outlines_cover_the_same_however_they_lie(drawn):
    polygons = tuple(np.array(points) for points in drawn)
    coverage = polygons_in_slice(SHAPE, 0, polygons).on(SHAPE)
    paths = closed_paths(roi_of(coverage, polygons), 0)
    again = polygons_in_slice(SHAPE, 0, paths).on(SHAPE)
    assert np.abs(again.astype(int) - coverage).max() <= 1


def test_a_hole_and_what_lies_in_it_are_one_path_and_islands_are_not():
    # the ways between them pass beside the centres of voxels
    nested = tuple(square(*ends) + np.array([0, 0.25]) for ends in ((-0.3, 6.4), (1.1, 5.2), (2.2, 3.6)))
    coverage = polygons_in_slice(SHAPE, 0, nested).on(SHAPE)
    (path,) = closed_paths(roi_of(coverage, nested), 0)
    # to the hole and back, and from there to the island and back: four corners come twice
    assert len(path) == 12 + 4
    assert np.array_equal(polygons_in_slice(SHAPE, 0, [path]).on(SHAPE), coverage)
    # programs that count how often a path goes around a place find the same
    assert np.array_equal(winding(path) != 0, even_odd(path, CENTRES))
    apart = (square(0, 2), square(4, 6))
    coverage = polygons_in_slice(SHAPE, 0, apart).on(SHAPE)
    assert len(closed_paths(roi_of(coverage, apart), 0)) == 2
    assert closed_paths(roi_of(np.zeros(SHAPE, bool)), 0) == []
