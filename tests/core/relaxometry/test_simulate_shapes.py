"""Bodies and the share of each voxel that they fill."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.geometry import Geometry
from core.relaxometry.simulate.shapes import (
    Blob,
    Ellipsoid,
    Intersection,
    Texture,
    Union,
    coverage,
    share_front_to_back,
)

SPACING = (1.3, 0.5, 0.5)


def grid(seed: int = 0, spacing_mm: tuple[float, float, float] = SPACING) -> Geometry:
    """A grid of about 20 mm about the origin, oblique in a way that the seed draws."""
    shape = tuple(round(20 / step) for step in spacing_mm)
    rng = np.random.default_rng(seed)
    rotation = np.linalg.qr(np.eye(3) + (0.15 * rng.normal(size=(3, 3)) if seed else 0))[0]
    affine = np.eye(4)
    affine[:3, :3] = rotation * np.asarray(spacing_mm)
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return Geometry(shape, affine)


def volume(shape, geometry, step_mm=0.2):
    return float(coverage(shape, geometry, step_mm)[1].sum()) * geometry.voxel_volume_mm3


@settings(max_examples=25, deadline=None)
@given(
    radius=st.floats(0.8, 4.5),
    centre=st.tuples(*[st.floats(-2, 2)] * 3),
    seed=st.integers(0, 99),
)
def test_a_ball_fills_its_own_volume_on_any_grid(radius, centre, seed):
    ball = Ellipsoid(centre, (radius,) * 3)
    assert volume(ball, grid(seed)) == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.05)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), radius=st.floats(1.0, 4.0), roughness=st.floats(0.02, 0.16))
def test_an_irregular_body_keeps_the_volume_of_its_ball(seed, radius, roughness):
    body = Blob.draw(np.random.default_rng(seed), (0.3, -0.2, 0.1), radius, roughness)
    assert volume(body, grid(0, (0.4, 0.4, 0.4))) == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.04)


def test_an_irregular_margin_is_irregular():
    body = Blob.draw(np.random.default_rng(5), (0.0, 0.0, 0.0), 4.0, 0.14)
    directions = np.random.default_rng(1).normal(size=(3, 2000)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=0)
    # walking out along a direction, the distance changes sign at that direction's radius
    surface = -body.distance(directions * 4.0) + 4.0
    assert 0.07 < surface.std() / surface.mean() < 0.25


def test_a_voxel_cut_in_half_counts_half():
    geometry = Geometry.axial((3, 3, 3), (1.0, 1.0, 1.0), (-1.0, -1.0, -1.0))
    # a ball so large that its surface is a plane through the middle of the middle voxels
    half_space = Ellipsoid((-1000.0, 0.0, 0.0), (1000.0,) * 3)
    box, share = coverage(half_space, geometry, 0.2)
    whole = np.zeros(geometry.shape)
    whole[box] = share
    assert whole[1, 1] == pytest.approx([1.0, 0.5, 0.0], abs=0.02)


def test_a_body_thinner_than_a_voxel_counts_by_its_thickness():
    geometry = Geometry.axial((1, 9, 9), (1.3, 0.5, 0.5), (-2.0, -2.0, 0.0))
    sheet = Ellipsoid((0.0, 0.0, 0.0), (500.0, 500.0, 0.13))
    assert coverage(sheet, geometry, 0.2)[1][0, 4, 4] == pytest.approx(0.2, abs=0.05)


def test_growing_a_ball_is_a_larger_ball_and_an_intersection_is_the_smaller():
    ball = Ellipsoid((0.0, 0.0, 0.0), (2.0,) * 3)
    fine = grid(3, (0.5, 0.5, 0.5))
    grown = volume(Union((ball,), grow_mm=0.5), fine)
    assert grown == pytest.approx(4 / 3 * np.pi * 2.5**3, rel=0.02)
    assert volume(Intersection(Union((ball,), grow_mm=0.5), ball), fine) == pytest.approx(
        volume(ball, fine), rel=0.01
    )


def test_a_body_outside_the_grid_fills_nothing():
    geometry = grid()
    [(index, share)] = share_front_to_back([(Ellipsoid((90.0, 0.0, 0.0), (2.0,) * 3), 0.2)], geometry)
    assert index.size == 0
    assert share.size == 0


def test_what_lies_in_front_hides_what_lies_behind():
    geometry = grid(4)
    front = Ellipsoid((0.0, 0.0, 0.0), (2.0,) * 3)
    behind = Ellipsoid((1.0, 0.0, 0.0), (4.0,) * 3)
    parts = share_front_to_back([(front, 0.2), (behind, 0.2)], geometry)
    filled = np.zeros(np.prod(geometry.shape))
    for index, share in parts:
        filled[index] += share
    assert filled.max() <= 1 + 1e-6
    volumes = [float(share.sum()) * geometry.voxel_volume_mm3 for _, share in parts]
    assert volumes[0] == pytest.approx(4 / 3 * np.pi * 8, rel=0.03)
    assert sum(volumes) == pytest.approx(4 / 3 * np.pi * 64, rel=0.03)


def test_a_texture_belongs_to_space_not_to_the_grid():
    texture = Texture.draw(np.random.default_rng(2), 1.0)
    points = np.random.default_rng(3).uniform(-10, 10, size=(500, 3))
    assert np.array_equal(texture.at(points), texture.at(points.reshape(50, 10, 3)).reshape(-1))
    # it repeats after its extent, a whole number of steps
    period = texture.lattice.shape[0] * texture.step_mm
    assert np.allclose(texture.at(points), texture.at(points + np.array([period, 0, -period])), atol=1e-3)
    values = texture.at(np.random.default_rng(4).uniform(-18, 18, size=(20000, 3)))
    assert abs(values.mean()) < 0.1
    assert 0.5 < values.std() < 1.05


def test_a_texture_is_smooth():
    texture = Texture.draw(np.random.default_rng(2), 1.6)
    points = np.random.default_rng(3).uniform(-10, 10, size=(2000, 3))
    near = texture.at(points + np.array([0.2, 0.0, 0.0])) - texture.at(points)
    far = texture.at(points + np.array([8.0, 0.0, 0.0])) - texture.at(points)
    assert near.std() < 0.4 * far.std()
