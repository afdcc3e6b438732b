"""Regions grown, shrunk and ringed: distances are mm in every direction, finer than a voxel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import ball, stroke
from core.imaging.regions.distance import FAR_MM, signed_distance_mm
from core.imaging.regions.margins import grown, ring
from core.imaging.regions.outline import polygon
from tests.core.imaging.regions.grids import Points, flipped, motions, moved, oblique, sheared, swapped

GRID = Geometry.axial((5, 24, 30), (1.6, 0.7, 0.5), (-3.0, 5.0, 20.0))
STILL = np.eye(4)
MIDDLE = GRID.to_mm([(2, 11.3, 14.6)])

blobs = st.lists(
    st.tuples(st.floats(6, 18), st.floats(7, 22), st.sampled_from([0.6, 1.1, 2.0])), min_size=1, max_size=3
)
distances = st.sampled_from([-1.3, -0.4, -0.1, 0.0, 0.2, 0.6, 1.7])


def region(drawn: list[tuple[float, float, float]], grid: Geometry = GRID, motion: Points = STILL):
    covered = np.zeros(grid.shape, dtype=np.uint8)
    for row, column, radius in drawn:
        path = moved(GRID.to_mm([(2, row, column)]), motion)
        covered = np.maximum(covered, ball(grid, path, radius).on(grid.shape))
    return covered


def size(coverage: np.ndarray) -> float:
    return float(coverage.sum()) / WHOLE


@pytest.mark.parametrize("radius", [1.6, 3.0, 5.0, 12.3])
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.6, 1.0)])
def test_the_distance_from_a_disc_is_that_from_a_circle(radius: float, spacing: tuple[float, float]) -> None:
    grid = sheared(Geometry.axial((1, 70, 70), (1.0, *spacing)), 0.2)
    centre = grid.to_mm([(0, 35.2, 33.7)])
    disc = stroke(grid, centre, radius).on(grid.shape)
    found = signed_distance_mm(disc, grid.affine[:3, :3], in_plane=True)
    index = np.stack(np.meshgrid([0], *[np.arange(70)] * 2, indexing="ij"), axis=-1)
    truth = np.linalg.norm(grid.to_mm(index) - centre[0], axis=-1) - radius
    # half a voxel inside, where opposite sides are far apart, and everywhere outside
    counted = truth > -0.5
    assert np.abs(found - truth)[counted].max() < 0.13
    assert np.sqrt(np.mean((found - truth)[counted] ** 2)) < (0.05 if radius < 2 else 0.025)


@pytest.mark.parametrize("by_mm", [-1.2, -0.5, 0.3, 1.0, 2.6])
@pytest.mark.parametrize("radius", [3.0, 6.0])
def test_discs_and_spheres_grow_and_shrink_to_the_right_size(by_mm: float, radius: float) -> None:
    flat = Geometry.axial((1, 60, 60), (2.0, 0.5, 0.5))
    disc = stroke(flat, flat.to_mm([(0, 29.2, 30.4)]), radius).on(flat.shape)
    area = size(grown(disc, flat, by_mm, in_plane=True).on(flat.shape)) * 0.25
    assert area == pytest.approx(np.pi * (radius + by_mm) ** 2, rel=0.006)
    deep = Geometry.axial((24, 34, 40), (0.9, 0.7, 0.6))
    sphere = ball(deep, deep.to_mm([(11.3, 16.8, 19.6)]), radius).on(deep.shape)
    volume = size(grown(sphere, deep, by_mm).on(deep.shape)) * deep.voxel_volume_mm3
    assert volume == pytest.approx(4 / 3 * np.pi * (radius + by_mm) ** 3, rel=0.035)


@given(blobs, distances, st.floats(0.0, 0.8))
@settings(max_examples=20)
def test_further_is_more(drawn: list[tuple[float, float, float]], by_mm: float, more_mm: float) -> None:
    before = region(drawn)
    for in_plane in (False, True):
        after = grown(before, GRID, by_mm, in_plane=in_plane).on(GRID.shape)
        assert (after >= before).all() if by_mm >= 0 else (after <= before).all()
        assert by_mm != 0 or (after == before).all()
        assert (grown(before, GRID, by_mm + more_mm, in_plane=in_plane).on(GRID.shape) >= after).all()


@given(blobs, distances, motions)
@settings(max_examples=20)
def test_grid_and_patient_may_lie_as_they_like(
    drawn: list[tuple[float, float, float]], by_mm: float, motion: Points
) -> None:
    for in_plane in (False, True):
        expected = size(grown(region(drawn), GRID, by_mm, in_plane=in_plane).coverage)
        for grid, turn in (
            (oblique(GRID, motion), motion),
            *((flipped(GRID, axis), STILL) for axis in range(3)),
            (swapped(GRID), STILL),
        ):
            found = grown(region(drawn, grid, turn), grid, by_mm, in_plane=in_plane)
            assert size(found.coverage) == pytest.approx(expected, rel=2e-3, abs=0.05)


@given(blobs, st.sampled_from([0.3, 0.9]), st.sampled_from([1.2, 2.0]))
@settings(max_examples=15)
def test_rings_and_what_they_are_around_make_up_what_is_grown(
    drawn: list[tuple[float, float, float]], inner_mm: float, outer_mm: float
) -> None:
    tumour = region(drawn)
    for in_plane in (False, True):
        near = ring(tumour, GRID, 0, inner_mm, in_plane=in_plane).on(GRID.shape).astype(int)
        far = ring(tumour, GRID, inner_mm, outer_mm, in_plane=in_plane).on(GRID.shape)
        whole = grown(tumour, GRID, outer_mm, in_plane=in_plane).on(GRID.shape)
        np.testing.assert_array_equal(tumour + near + far, whole)


def test_a_ring_has_the_area_between_its_circles_and_leaves_out_other_regions() -> None:
    flat = Geometry.axial((1, 80, 80), (1.0, 0.25, 0.25))
    disc = stroke(flat, flat.to_mm([(0, 40.2, 39.1)]), 3.0).on(flat.shape)
    around = ring(disc, flat, 1.0, 3.0, in_plane=True)
    assert size(around.coverage) / 16 == pytest.approx(np.pi * (36 - 16), rel=0.005)
    half = polygon(flat, flat.to_mm([(0, -9, -9), (0, -9, 90), (0, 40.2, 90), (0, 40.2, -9)])).on(flat.shape)
    rest = ring(disc, flat, 1.0, 3.0, in_plane=True, without=[half])
    assert size(rest.coverage) == pytest.approx(size(around.coverage) / 2, rel=0.01)
    within = ring(disc, flat, -1.0, 0.0, in_plane=True)
    assert size(within.coverage) / 16 == pytest.approx(np.pi * (9 - 4), rel=0.01)


def test_growing_in_the_plane_leaves_other_slices_alone() -> None:
    tumour = ball(GRID, MIDDLE, 1.5).on(GRID.shape)
    tumour[4, 3, 3] = 40  # a slice that is nowhere half covered stays as it is
    after = grown(tumour, GRID, 0.8, in_plane=True).on(GRID.shape)
    assert not after[0].any() and after[2].sum() > tumour[2].sum()
    np.testing.assert_array_equal(after[4], tumour[4])
    assert grown(tumour, GRID, 0.9).on(GRID.shape)[0].any()


def test_at_the_border_and_in_single_voxels() -> None:
    corner = np.zeros(GRID.shape, dtype=np.uint8)
    corner[0, 0, 0] = WHOLE
    after = grown(corner, GRID, 0.5).on(GRID.shape)
    # a row's voxel is 0.7 mm: of the next row 0.5 / 0.7 is within 0.5 mm
    assert after[0, 1, 0] / WHOLE == pytest.approx(0.5 / 0.7, abs=0.05)
    assert grown(corner, GRID, -0.5).empty
    faint = np.zeros(GRID.shape, dtype=np.uint8)
    faint[2, 10, 10:14] = 60
    assert size(grown(faint, GRID, 0.5).coverage) > size(faint)
    everything = np.full(GRID.shape, WHOLE, dtype=np.uint8)
    assert (grown(everything, GRID, 3.0).on(GRID.shape) == WHOLE).all()
    assert grown(everything, GRID, -0.4).on(GRID.shape)[2, 0, 15] / WHOLE == pytest.approx(
        0.3 / 0.7, abs=0.05
    )
    nothing = np.zeros(GRID.shape, dtype=np.uint8)
    assert grown(nothing, GRID, 1.0).empty and ring(nothing, GRID, 0, 1).empty
    assert (signed_distance_mm(nothing, GRID.affine[:3, :3], in_plane=False) == FAR_MM).all()


def test_what_makes_no_sense_is_refused() -> None:
    tumour = ball(GRID, MIDDLE, 1.5).on(GRID.shape)
    for by_mm in (np.nan, np.inf):
        with pytest.raises(InputError, match="distance in mm"):
            grown(tumour, GRID, by_mm)
    with pytest.raises(InputError, match="must be larger"):
        ring(tumour, GRID, 2.0, 2.0)
    with pytest.raises(InputError, match="shape"):
        grown(tumour[:2], GRID, 1.0)
    with pytest.raises(InputError, match="shape"):
        ring(tumour, GRID, 0.0, 2.0, without=[tumour[:2]])
