"""Geometry: index and millimetre are two names of one place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.geometry import Geometry


def rotation(angles: tuple[float, float, float]) -> np.ndarray:
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        c, s = np.cos(angle), np.sin(angle)
        i, j = [k for k in range(3) if k != axis]
        turn = np.eye(3)
        turn[i, i], turn[i, j], turn[j, i], turn[j, j] = c, -s, s, c
        matrix = matrix @ turn
    return matrix


angle = st.floats(-np.pi, np.pi)
geometries = st.builds(
    lambda angles, spacing, origin, flips, shape: Geometry(
        shape,
        np.block(
            [
                [rotation(angles) * np.array(spacing) * np.array(flips), np.array(origin)[:, None]],
                [0, 0, 0, 1],
            ]
        ),
    ),
    st.tuples(angle, angle, angle),
    st.tuples(*[st.floats(0.05, 10)] * 3),
    st.tuples(*[st.floats(-500, 500)] * 3),
    st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3),
    st.tuples(*[st.integers(1, 300)] * 3),
)


@given(geometries, st.tuples(*[st.floats(-50, 350)] * 3))
def test_index_to_mm_and_back_is_the_same_index(
    geometry: Geometry, index: tuple[float, float, float]
) -> None:
    np.testing.assert_allclose(geometry.to_index(geometry.to_mm(index)), index, atol=1e-6)


@given(geometries)
def test_neighbouring_voxels_lie_one_spacing_apart(geometry: Geometry) -> None:
    origin = geometry.to_mm((0, 0, 0))
    steps = np.linalg.norm(geometry.to_mm(np.eye(3)) - origin, axis=1)
    np.testing.assert_allclose(steps, geometry.spacing_mm, rtol=1e-9)
    assert geometry.voxel_volume_mm3 == pytest.approx(np.prod(geometry.spacing_mm), rel=1e-9)


@given(geometries)
def test_a_grid_holds_its_own_voxel_centres_and_nothing_beyond_half_a_voxel(geometry: Geometry) -> None:
    last = np.array(geometry.shape) - 1.0
    assert geometry.holds(geometry.to_mm((0, 0, 0)))
    assert geometry.holds(geometry.to_mm(last))
    assert not geometry.holds(geometry.to_mm(last + 0.51))
    assert not geometry.holds(geometry.to_mm((-0.51, 0, 0)))


@given(geometries, st.tuples(*[st.floats(-100, 100)] * 3))
def test_moving_a_grid_moves_every_position_by_the_offset(
    geometry: Geometry, offset: tuple[float, ...]
) -> None:
    moved = geometry.moved(offset)
    np.testing.assert_allclose(moved.to_mm((1, 2, 3)), geometry.to_mm((1, 2, 3)) + offset, atol=1e-9)


def test_axial_slices_have_the_letters_a_radiologist_expects() -> None:
    geometry = Geometry.axial((4, 5, 6), (2.0, 1.0, 1.0))
    assert geometry.letters(2) == ("R", "L")  # columns run from the patient's right to the left
    assert geometry.letters(1) == ("A", "P")
    assert geometry.letters(0) == ("F", "H")


def test_flipping_an_axis_swaps_its_letters() -> None:
    affine = Geometry.axial((4, 5, 6), (2.0, 1.0, 1.0)).affine.copy()
    affine[:, 2] *= -1
    assert Geometry((4, 5, 6), affine).letters(2) == ("L", "R")


def test_an_oblique_axis_names_both_components_the_larger_first() -> None:
    affine = np.eye(4)
    affine[:3, :3] = np.array([[0, 0, 0.8], [0, 1, 0], [1, 0, 0.6]])
    assert Geometry((2, 2, 2), affine).letters(2) == ("RF", "LH")


def test_same_grid_sees_a_shift_a_rotation_and_another_shape() -> None:
    geometry = Geometry.axial((4, 50, 60), (2.0, 1.0, 1.0))
    assert geometry.same_grid(Geometry.axial((4, 50, 60), (2.0, 1.0, 1.0), (5e-4, 0.0, 0.0)))
    assert not geometry.same_grid(Geometry.axial((4, 50, 60), (2.0, 1.0, 1.0), (0.01, 0.0, 0.0)))
    assert not geometry.same_grid(Geometry.axial((4, 50, 61), (2.0, 1.0, 1.0)))
    # spacing off by 1e-4 mm adds up to 6e-3 mm at the far corner
    assert not geometry.same_grid(Geometry.axial((4, 50, 60), (2.0, 1.0, 1.0001)))


@pytest.mark.parametrize(
    "affine", [np.zeros((4, 4)), np.diag([1.0, 0.0, 1.0, 1.0]), np.full((4, 4), np.nan), np.eye(3)]
)
def test_an_affine_that_is_no_grid_is_refused(affine: np.ndarray) -> None:
    with pytest.raises(InputError, match="regular grid"):
        Geometry((2, 2, 2), affine)


def test_an_empty_dimension_is_refused() -> None:
    with pytest.raises(InputError, match="three positive dimensions"):
        Geometry((2, 0, 2), np.eye(4))


def test_nobody_can_change_an_affine_in_place() -> None:
    source = np.eye(4)
    geometry = Geometry((2, 2, 2), source)
    source[0, 3] = 99.0
    assert geometry.affine[0, 3] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        geometry.affine[0, 3] = 1.0
