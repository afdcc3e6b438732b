"""Regions: the same drawing gives the same numbers whichever way the grid lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.roi import (
    ROI_COLOURS,
    ROI_KINDS,
    ROI_WORDS,
    Label,
    Roi,
    polygon_mask,
    resample_mask,
    stroke_mask,
)

SHAPE = (3, 9, 11)
SPACING = (2.0, 0.7, 0.5)
GRID = Geometry.axial(SHAPE, SPACING, (-3.0, 5.0, 20.0))


def turned(geometry: Geometry, degrees: float, axis: tuple[float, float, float]) -> NDArray[np.float64]:
    """A rigid motion of patient space, as a (4, 4) matrix."""
    x, y, z = np.asarray(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.deg2rad(degrees)
    motion = np.eye(4)
    motion[:3, :3] = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    motion[:3, 3] = (7.0, -4.0, 11.0)
    return motion


def flipped(geometry: Geometry, axis: int) -> Geometry:
    """The same voxels, counted from the other end of an axis."""
    flip = np.eye(4)
    flip[axis, axis], flip[axis, 3] = -1, geometry.shape[axis] - 1
    return Geometry(geometry.shape, geometry.affine @ flip)


def moved(points: NDArray[np.float64], motion: NDArray[np.float64]) -> NDArray[np.float64]:
    return points @ motion[:3, :3].T + motion[:3, 3]


corners = st.lists(
    st.tuples(st.integers(-4, 40), st.integers(-4, 48)), min_size=3, max_size=8, unique=True
)  # in quarters of a voxel: many corners and edges fall on voxel centres
drawings = st.tuples(st.integers(0, SHAPE[0] - 1), corners)
motions = st.tuples(
    st.floats(-180, 180),
    st.tuples(st.floats(0.1, 1), st.floats(-1, 1), st.floats(-1, 1)),
)


def in_mm(drawing: tuple[int, list[tuple[int, int]]]) -> NDArray[np.float64]:
    k, points = drawing
    return GRID.to_mm([(k, row / 4, column / 4) for row, column in points])


@given(drawings, st.sampled_from([0, 1, 2]))
@settings(max_examples=60, deadline=None)
def test_a_polygon_takes_the_same_voxels_on_a_flipped_grid(
    drawing: tuple[int, list[tuple[int, int]]], axis: int
) -> None:
    points = in_mm(drawing)
    mask = polygon_mask(flipped(GRID, axis), points)
    np.testing.assert_array_equal(np.flip(mask, axis), polygon_mask(GRID, points))


@given(drawings, motions)
@settings(max_examples=60, deadline=None)
def test_a_polygon_takes_the_same_voxels_however_the_patient_lies(
    drawing: tuple[int, list[tuple[int, int]]], motion: tuple[float, tuple[float, float, float]]
) -> None:
    points = in_mm(drawing)
    matrix = turned(GRID, *motion)
    oblique = Geometry(SHAPE, matrix @ GRID.affine)
    mask = polygon_mask(oblique, moved(points, matrix))
    np.testing.assert_array_equal(mask, polygon_mask(GRID, points))


@given(drawings, motions, st.sampled_from([0.2, 0.35, 0.5, 0.7, 1.5]))
@settings(max_examples=60, deadline=None)
def test_a_stroke_takes_the_same_voxels_however_grid_and_patient_lie(
    drawing: tuple[int, list[tuple[int, int]]],
    motion: tuple[float, tuple[float, float, float]],
    radius_mm: float,
) -> None:
    points = in_mm(drawing)
    expected = stroke_mask(GRID, points, radius_mm)
    matrix = turned(GRID, *motion)
    oblique = flipped(flipped(Geometry(SHAPE, matrix @ GRID.affine), 2), 0)
    mask = stroke_mask(oblique, moved(points, matrix), radius_mm)
    np.testing.assert_array_equal(np.flip(mask, (0, 2)), expected)


def test_a_polygon_holds_the_centres_inside_and_on_its_edge() -> None:
    # a triangle through voxel centres (0,0), (0,4), (4,0): the hypotenuse takes its five centres too
    points = GRID.to_mm([(1, 0, 0), (1, 0, 4), (1, 4, 0)])
    mask = polygon_mask(GRID, points)
    rows, columns = np.nonzero(mask[1])
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == {
        (r, c) for r in range(5) for c in range(5) if r + c <= 4
    }
    assert not mask[0].any() and not mask[2].any()


def test_an_outline_that_crosses_itself_follows_the_even_odd_rule() -> None:
    # two squares, one inside the other, drawn in one go: a frame
    square = [(1, 0.5, 0.5), (1, 0.5, 8.5), (1, 7.5, 8.5), (1, 7.5, 0.5), (1, 0.5, 0.5)]
    hole = [(1, 2.5, 2.5), (1, 2.5, 6.5), (1, 5.5, 6.5), (1, 5.5, 2.5), (1, 2.5, 2.5)]
    mask = polygon_mask(GRID, GRID.to_mm(square + hole))
    assert mask[1, 1, 1] and not mask[1, 4, 4]
    assert mask.sum() == 7 * 8 - 3 * 4


def test_the_order_of_corners_does_not_matter_to_a_convex_polygon() -> None:
    points = GRID.to_mm([(0, 1.2, 1.1), (0, 1.3, 7.9), (0, 6.6, 8.2), (0, 5.9, 0.8)])
    np.testing.assert_array_equal(polygon_mask(GRID, points), polygon_mask(GRID, points[::-1]))
    np.testing.assert_array_equal(polygon_mask(GRID, points), polygon_mask(GRID, np.roll(points, 2, axis=0)))


def test_a_disc_has_about_the_area_of_a_circle() -> None:
    fine = Geometry.axial((1, 200, 200), (1.0, 0.1, 0.1))
    mask = stroke_mask(fine, [(10.0, 10.0, 0.0)], 5.0)
    assert Roi("a", "tumour", mask, fine).area_mm2 == pytest.approx(np.pi * 25, rel=0.01)


def test_a_stroke_is_the_disc_at_every_point_of_its_path() -> None:
    path = GRID.to_mm([(1, 2, 2), (1, 2, 8)])
    swept = np.zeros(SHAPE, bool)
    for column in np.linspace(2, 8, 200):
        swept |= stroke_mask(GRID, GRID.to_mm([(1, 2, column)]), 0.8)
    np.testing.assert_array_equal(stroke_mask(GRID, path, 0.8), swept)


def test_drawings_outside_the_grid_take_nothing_and_partly_outside_are_cut() -> None:
    assert not polygon_mask(GRID, GRID.to_mm([(1, 20, 20), (1, 20, 24), (1, 24, 20)])).any()
    assert not polygon_mask(GRID, GRID.to_mm([(7, 1, 1), (7, 1, 5), (7, 5, 1)])).any()
    whole = polygon_mask(GRID, GRID.to_mm([(1, -50, -50), (1, -50, 50), (1, 50, 50), (1, 50, -50)]))
    assert whole[1].all() and whole.sum() == SHAPE[1] * SHAPE[2]
    assert not stroke_mask(GRID, GRID.to_mm([(-3, 1, 1)]), 1.0).any()


def test_a_drawing_across_slices_is_refused() -> None:
    with pytest.raises(InputError, match="crosses slices"):
        polygon_mask(GRID, GRID.to_mm([(0, 1, 1), (1.2, 1, 5), (0, 5, 1)]))
    # half a slice of tilt still belongs to one slice
    assert polygon_mask(GRID, GRID.to_mm([(0.6, 1, 1), (1.4, 1, 5), (1.0, 5, 1)]))[1].any()


@pytest.mark.parametrize(
    "points", [[], [(0, 0, 0), (1, 1, 1)], [(0, 0, 0), (1, 0, np.nan), (0, 1, 0)], [(0, 0), (1, 1), (1, 0)]]
)
def test_a_polygon_needs_three_finite_corners(points: list[tuple[float, ...]]) -> None:
    with pytest.raises(InputError, match="at least 3 points"):
        polygon_mask(GRID, points)


@pytest.mark.parametrize("radius_mm", [0.0, -1.0, np.nan, np.inf])
def test_a_brush_needs_a_positive_radius(radius_mm: float) -> None:
    with pytest.raises(InputError, match="positive radius"):
        stroke_mask(GRID, GRID.to_mm([(1, 2, 2)]), radius_mm)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="shape"):
        Roi("a", "tumour", np.zeros((2, 2, 2), bool), GRID)
    with pytest.raises(InputError, match="shape"):
        resample_mask(np.zeros((2, 2, 2), bool), GRID, GRID)


def test_a_region_is_of_a_known_kind_and_cannot_be_changed() -> None:
    mask = np.zeros(SHAPE, bool)
    with pytest.raises(InputError, match="is one of"):
        Roi("a", "liver", mask, GRID)
    roi = Roi("a", "tumour", mask, GRID)
    mask[0, 0, 0] = True
    assert roi.voxels == 0 and roi.empty
    for kept in (roi.mask, roi.coverage):
        with pytest.raises(ValueError, match="read-only"):
            kept[0, 0, 0] = True


@given(st.integers(0, 2**32 - 1), motions)
@settings(max_examples=30, deadline=None)
def test_resampling_to_the_same_or_a_flipped_grid_loses_nothing(
    seed: int, motion: tuple[float, tuple[float, float, float]]
) -> None:
    mask = np.random.default_rng(seed).random(SHAPE) < 0.3
    oblique = Geometry(SHAPE, turned(GRID, *motion) @ GRID.affine)
    np.testing.assert_array_equal(resample_mask(mask, oblique, oblique), mask)
    np.testing.assert_array_equal(np.flip(resample_mask(mask, oblique, flipped(oblique, 1)), 1), mask)


def test_resampling_to_a_finer_grid_keeps_the_volume_and_ends_at_the_border() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[1, 3:6, 2:7] = True
    fine = Geometry.axial(
        (6, 18, 22),
        (1.0, 0.35, 0.25),
        tuple(GRID.to_mm((-0.25, -0.25, -0.25))),
    )
    assert resample_mask(mask, GRID, fine).sum() == 8 * mask.sum()
    beside = GRID.moved((100.0, 0.0, 0.0))
    assert not resample_mask(np.ones(SHAPE, bool), GRID, beside).any()


def test_a_region_weighs_parts_of_voxels_and_takes_whole_ones_from_half_on() -> None:
    coverage = np.zeros(SHAPE, np.uint8)
    coverage[1, 2, 2:6] = (255, 128, 127, 51)
    coverage[2, 2, 2] = 51
    roi = Roi("a", "ring", coverage, GRID)
    assert roi.voxels == 2 and roi.mask[1, 2, 2:4].all() and not roi.empty
    assert roi.area_mm2 == pytest.approx(2.2 * 0.7 * 0.5)
    assert roi.volume_mm3 == pytest.approx(2.4 * 2.0 * 0.7 * 0.5)
    # no voxel to half, and yet there is something
    little = Roi("a", "ring", np.where(coverage == 51, coverage, 0), GRID)
    assert little.voxels == 0 and not little.empty and little.volume_mm3 > 0


def test_every_kind_has_its_word_and_a_colour_of_its_own() -> None:
    assert set(ROI_WORDS) == set(ROI_COLOURS) == set(ROI_KINDS)
    assert len(set(ROI_WORDS.values())) == len(set(ROI_COLOURS.values())) == len(ROI_KINDS)
    for kind in ROI_KINDS:
        roi = Roi("a", kind, np.zeros(SHAPE, bool), GRID)
        assert roi.label == Label(ROI_WORDS[kind], ROI_COLOURS[kind], locked=False)


@pytest.mark.parametrize(
    ("name", "colour"),
    [("", "#000000"), (" a", "#000000"), ("a\nb", "#000000"), ("a" * 61, "#000000"), ("a", "red"),
     ("a", "#00000g"), ("a", "#000000\n"), ("\ud800", "#000000")],
)  # fmt: skip
def test_a_label_is_one_line_and_a_colour(name: str, colour: str) -> None:
    with pytest.raises(InputError, match="a region's"):
        Label(name, colour)


@pytest.mark.parametrize(
    "outlines",
    [
        {3: (np.zeros((3, 2)),)},
        {-1: (np.zeros((3, 2)),)},
        {0: (np.zeros((2, 2)),)},
        {0: (np.zeros((3, 3)),)},
        {0: (np.array([(0, 0), (0, 1), (np.nan, 0)]),)},
    ],
)
def test_outlines_are_polygons_of_slices_that_are_there(outlines: dict[int, tuple[np.ndarray]]) -> None:
    with pytest.raises(InputError, match=r"outline"):
        Roi("a", "tumour", np.zeros(SHAPE, bool), GRID, outlines=outlines)


def test_outlines_are_kept_in_order_and_cannot_be_changed() -> None:
    triangle = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0)])
    roi = Roi("a", "tumour", np.zeros(SHAPE, bool), GRID, outlines={2: (triangle,), 0: (triangle,), 1: ()})
    triangle[0, 0] = 9
    assert list(roi.outlines) == [0, 2] and roi.outlines[2][0][0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        roi.outlines[0][0][0, 0] = 1
