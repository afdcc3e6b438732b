"""Diameters: true lengths in mm, with ends on the outline, whichever way the grid lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.axes import largest_diameter, long_and_short_axis, sphere_diameter_mm
from core.imaging.regions.brush import ball, stroke
from core.imaging.regions.outline import ellipse_outline, polygon
from tests.core.imaging.regions.grids import Points, flipped, motions, moved, oblique, swapped

GRID = Geometry.axial((9, 60, 64), (1.5, 0.5, 0.4))
MIDDLE = GRID.to_mm((4, 29.3, 31.8))
STILL = np.eye(4)

ellipses = st.tuples(st.floats(4, 10), st.floats(0.35, 0.9), st.floats(0, np.pi))


def off(x: float, y: float, z: float) -> Points:
    """A place so many mm off the middle."""
    return MIDDLE + np.array([x, y, z])


def ellipse(drawn: tuple[float, float, float], grid: Geometry = GRID, motion: Points = STILL) -> np.ndarray:
    half, ratio, angle = drawn
    along = half * np.array([np.cos(angle), np.sin(angle), 0.0])
    across = half * ratio * np.array([-np.sin(angle), np.cos(angle), 0.0])
    return polygon(grid, moved(ellipse_outline(MIDDLE, along, across), motion)).on(grid.shape)


@given(ellipses)
@settings(max_examples=30)
def test_an_ellipse_has_its_two_axes(drawn: tuple[float, float, float]) -> None:
    found = long_and_short_axis(ellipse(drawn), GRID)
    half, ratio, angle = drawn
    assert found is not None and found.slice_index == 4
    assert found.long.length_mm == pytest.approx(2 * half, abs=0.2)
    assert found.short.length_mm == pytest.approx(2 * half * ratio, abs=0.12)
    # both run through the middle, square to each other
    along, across = (axis.end_mm - axis.start_mm for axis in (found.long, found.short))
    assert along @ across == pytest.approx(0, abs=1e-6 * found.long.length_mm**2)
    direction = np.array([np.cos(angle), np.sin(angle), 0.0])
    assert abs(along @ direction) / found.long.length_mm > 0.985
    np.testing.assert_allclose(0.5 * (found.long.start_mm + found.long.end_mm), MIDDLE, atol=0.25)


@given(ellipses, motions)
@settings(max_examples=20)
def test_grid_and_patient_may_lie_as_they_like(drawn: tuple[float, float, float], motion: Points) -> None:
    expected, deep = long_and_short_axis(ellipse(drawn), GRID), largest_diameter(ellipse(drawn), GRID)
    assert expected is not None and deep is not None
    for grid, turn in ((oblique(GRID, motion), motion), (flipped(GRID, 1), STILL), (swapped(GRID), STILL)):
        region = ellipse(drawn, grid, turn)
        found, other = long_and_short_axis(region, grid), largest_diameter(region, grid)
        assert found is not None and other is not None
        assert found.long.length_mm == pytest.approx(expected.long.length_mm, rel=1e-3)
        assert found.short.length_mm == pytest.approx(expected.short.length_mm, rel=0.01)
        assert other.length_mm == pytest.approx(deep.length_mm, rel=1e-3)


@pytest.mark.parametrize("radius", [1.5, 3.0, 6.0])
def test_a_sphere_is_as_long_in_every_way(radius: float) -> None:
    """Within 5 % at six voxels across, and better where it is larger."""
    grid = Geometry.axial((28, 28, 28), (0.5, 0.5, 0.5))
    sphere = ball(grid, [(6.9, 6.6, 7.1)], radius).on(grid.shape)
    found, deep = long_and_short_axis(sphere, grid), largest_diameter(sphere, grid)
    assert found is not None and deep is not None
    for length in (found.long.length_mm, found.short.length_mm, deep.length_mm):
        assert length == pytest.approx(2 * radius, rel=0.05 * 1.5 / radius)
    volume = sphere.sum() / WHOLE * 0.125
    assert sphere_diameter_mm(volume) == pytest.approx(2 * radius, rel=2e-3)


def test_the_longest_way_may_run_through_slices() -> None:
    capsule = ball(GRID, [off(-5.0, -2.0, -4.0), off(5, 2, 4)], 1.0).on(GRID.shape)
    deep = largest_diameter(capsule, GRID)
    assert deep is not None
    assert deep.length_mm == pytest.approx(2 * np.sqrt(45) + 2, rel=0.02)
    ends = sorted((deep.start_mm, deep.end_mm), key=lambda point: point[0])
    np.testing.assert_allclose(ends[1] - MIDDLE, (5.7, 2.3, 4.6), atol=0.5)
    # nodes: a long thin one has the width of its thin side for a short axis
    node = stroke(GRID, [off(-4.0, -3.0, 0), off(4, 3, 0)], 1.0).on(GRID.shape)
    found = long_and_short_axis(node, GRID)
    assert found is not None
    assert found.long.length_mm == pytest.approx(12, abs=0.15)
    assert found.short.length_mm == pytest.approx(2, abs=0.12)


def test_each_part_of_a_slice_is_measured_by_itself_and_the_longest_slice_counts() -> None:
    region = stroke(GRID, [off(-6.0, 0, 0)], 2.0).on(GRID.shape)
    region |= stroke(GRID, [off(6, 0, 0)], 3.0).on(GRID.shape)
    region |= stroke(GRID, [off(0, 0, 3)], 1.0).on(GRID.shape)
    found = long_and_short_axis(region, GRID)
    assert found is not None and found.slice_index == 4
    assert found.long.length_mm == pytest.approx(6, abs=0.1)
    hollow = np.where(
        stroke(GRID, [MIDDLE], 3.0).on(GRID.shape) > 127, 0, stroke(GRID, [MIDDLE], 5.0).on(GRID.shape)
    )
    found = long_and_short_axis(hollow.astype(np.uint8), GRID)
    assert found is not None
    assert (found.long.length_mm, found.short.length_mm) == pytest.approx((10, 10), abs=0.15)


def test_single_voxels_and_faint_regions() -> None:
    region = np.zeros(GRID.shape, dtype=np.uint8)
    assert long_and_short_axis(region, GRID) is None and largest_diameter(region, GRID) is None
    region[0, 0, 0] = 100
    assert long_and_short_axis(region, GRID) is None and largest_diameter(region, GRID) is None
    region[0, 0, 0] = WHOLE
    found, deep = long_and_short_axis(region, GRID), largest_diameter(region, GRID)
    assert found is not None and deep is not None
    assert found.long.length_mm == pytest.approx(0.5)
    assert deep.length_mm == pytest.approx(1.5)
    with pytest.raises(InputError, match="shape"):
        long_and_short_axis(region[:2], GRID)
    with pytest.raises(InputError, match="shape"):
        largest_diameter(region[:2], GRID)
