from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.geometry import Geometry
from widgets.plane import Plane

SHAPE, SPACING = (5, 7, 6), (2.0, 0.5, 0.8)
AXES = list(permutations(range(3)))
SIGNS = list(product((1, -1), repeat=3))


def stored(order: tuple[int, ...], signs: tuple[int, ...]) -> Geometry:
    """A grid whose index axes run along the patient axes in any order and sense."""
    affine = np.eye(4)
    affine[:3, :3] = 0
    for index_axis, patient_axis in enumerate(order):
        affine[patient_axis, index_axis] = signs[index_axis] * SPACING[index_axis]
    affine[:3, 3] = (3.0, -20.0, 8.0)
    return Geometry(SHAPE, affine)


@pytest.mark.parametrize("order", AXES)
@pytest.mark.parametrize("signs", SIGNS)
def test_every_storage_order_is_shown_the_radiological_way_round(order, signs):
    plane = Plane(stored(order, signs))
    left, right, top, bottom = plane.letters
    assert (left + right, top + bottom) in {("RL", "AP"), ("RL", "HF"), ("AP", "HF")}


@pytest.mark.parametrize("order", AXES)
@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("slice_axis", (0, 1, 2))
def test_a_pixel_of_the_picture_is_the_voxel_that_its_place_says(order, signs, slice_axis):
    geometry = stored(order, signs)
    plane = Plane(geometry, slice_axis)
    data = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    height, width = plane.pixel_mm
    for depth, row, column in (
        (0, 0, 0),
        (plane.count - 1, 2, 1),
        (1, plane.pixels[0] - 1, plane.pixels[1] - 1),
    ):
        position = plane.position_of((depth, (row + 0.5) * height, (column + 0.5) * width))
        index = tuple(np.rint(geometry.to_index(position)).astype(int))
        assert plane.picture(data, depth)[row, column] == data[index]


@given(
    place=st.tuples(*[st.floats(-50, 50) for _ in range(3)]),
    order=st.sampled_from(AXES),
    sign=st.sampled_from(SIGNS),
)
def test_place_and_position_are_inverse(place, order, sign):
    plane = Plane(stored(order, sign))
    assert np.allclose(plane.place_of(plane.position_of(place)), place, atol=1e-9)


def test_moving_right_or_down_by_a_millimetre_is_a_millimetre_in_the_patient():
    plane = Plane(stored((2, 0, 1), (-1, 1, -1)))
    start, right, down = (plane.position_of((1, *step)) for step in ((0, 0), (0, 1), (1, 0)))
    assert np.linalg.norm(right - start) == pytest.approx(1.0)
    assert np.linalg.norm(down - start) == pytest.approx(1.0)


def test_a_position_beyond_the_stack_gets_its_outermost_slice():
    plane = Plane(Geometry.axial(SHAPE, SPACING))
    assert plane.slice_of((0, 0, -100)) == 0
    assert plane.slice_of((0, 0, 100)) == SHAPE[0] - 1


def test_stacks_of_one_orientation_are_parallel_whatever_their_matrix():
    axial = Plane(Geometry.axial(SHAPE, SPACING))
    finer = Plane(Geometry.axial((9, 20, 30), (1.0, 0.2, 0.2), (1.0, 2.0, 3.0)))
    assert axial.parallel_to(finer)
    assert not axial.parallel_to(Plane(Geometry.axial(SHAPE, SPACING), 1))
