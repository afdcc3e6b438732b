"""Slices between drawn ones: shapes in between, however many parts they have and wide the gaps are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import stroke
from core.imaging.regions.islands import parts
from core.imaging.regions.slices import copied, interpolated
from tests.core.imaging.regions.grids import flipped, swapped

SHAPE = (12, 60, 64)
GRID = Geometry.axial(SHAPE, (2.0, 0.5, 0.4))


def drawn(*discs: tuple[int, float, float, float], grid: Geometry = GRID) -> np.ndarray:
    """Discs of (slice, row, column, radius in mm)."""
    region = np.zeros(grid.shape, dtype=np.uint8)
    for k, row, column, radius in discs:
        patch = stroke(grid, GRID.to_mm([(k, row, column)]), radius)
        region[patch.box] = np.maximum(region[patch.box], patch.coverage)
    return region


def radius_mm(layer: np.ndarray) -> float:
    return float(np.sqrt(layer.sum() / WHOLE * 0.2 / np.pi))


def middle(layer: np.ndarray) -> np.ndarray:
    return np.average(np.indices(layer.shape), axis=(1, 2), weights=layer)


@pytest.mark.parametrize("gaps", [(1, 9), (0, 4, 11), (2, 5, 6, 10)])
def test_a_slanted_cone_comes_back_from_a_few_of_its_slices(gaps: tuple[int, ...]) -> None:
    cone = {k: (k, 20 + 1.7 * k, 38 - 1.1 * k, 3 + 0.35 * k) for k in range(12)}
    region = drawn(*[cone[k] for k in gaps])
    whole = interpolated(region, GRID).on(SHAPE)
    for k in range(12):
        if not gaps[0] <= k <= gaps[-1]:
            assert not whole[k].any()
            continue
        assert radius_mm(whole[k]) == pytest.approx(cone[k][3], rel=0.02)
        np.testing.assert_allclose(middle(whole[k]), cone[k][1:3], atol=0.25)


def test_drawn_slices_stay_and_filling_twice_is_filling_once() -> None:
    region = drawn((1, 20, 20, 4), (6, 25, 30, 6), (7, 25, 30, 2), (11, 30, 30, 5))
    whole = interpolated(region, GRID).on(SHAPE)
    for k in (1, 6, 7, 11):
        np.testing.assert_array_equal(whole[k], region[k])
    assert all(whole[k].any() for k in range(1, 12)) and not whole[0].any()
    np.testing.assert_array_equal(interpolated(whole, GRID).on(SHAPE), whole)


def test_each_part_goes_to_its_own() -> None:
    region = drawn((0, 15, 15, 3), (0, 45, 45, 4), (6, 20, 17, 4), (6, 43, 40, 3))
    whole = interpolated(region, GRID).on(SHAPE)
    for k in range(7):
        first, second = sorted(parts(whole[k]), key=lambda part: middle(part)[0])
        np.testing.assert_allclose(middle(first * whole[k]), (15 + 5 / 6 * k, 15 + k / 3), atol=0.3)
        np.testing.assert_allclose(middle(second * whole[k]), (45 - k / 3, 45 - 5 / 6 * k), atol=0.3)
        assert radius_mm(first * whole[k]) == pytest.approx(3 + k / 6, rel=0.03)


def test_one_part_may_become_two_and_what_has_no_partner_ends() -> None:
    region = drawn((0, 30, 32, 9), (4, 30, 13, 3), (4, 30, 51, 3), (8, 30, 13, 3))
    whole = interpolated(region, GRID).on(SHAPE)
    assert [len(parts(whole[k])) for k in (0, 1, 3, 4)] == [1, 1, 2, 2]
    # from slice 4 on only the left one goes on
    for k in range(5, 9):
        np.testing.assert_allclose(middle(whole[k]), (30, 13), atol=0.2)


def test_a_part_that_moves_away_is_followed_if_it_is_alone() -> None:
    whole = interpolated(drawn((0, 10, 10, 2), (8, 50, 50, 2)), GRID).on(SHAPE)
    for k in range(9):
        np.testing.assert_allclose(middle(whole[k]), (10 + 5 * k, 10 + 5 * k), atol=0.2)
        assert radius_mm(whole[k]) == pytest.approx(2, rel=0.03)
    two = drawn((0, 10, 10, 2), (0, 10, 50, 2), (8, 10, 10, 2), (8, 52, 50, 2))
    whole = interpolated(two, GRID).on(SHAPE)
    np.testing.assert_allclose(middle(whole[4]), (10, 10), atol=0.2)


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 3, 4, 8, 11]), st.floats(8, 50), st.floats(8, 55), st.floats(0.5, 6)),
        min_size=2,
        max_size=6,
    ).filter(lambda discs: len({disc[0] for disc in discs}) > 1)
)
@settings(max_examples=20)
def test_mirrored_pictures_give_mirrored_shapes(discs: list[tuple[int, float, float, float]]) -> None:
    expected = interpolated(drawn(*discs), GRID).on(SHAPE).astype(int)
    for grid, back in (
        (flipped(GRID, 0), lambda a: a[::-1]),
        (flipped(GRID, 1), lambda a: a[:, ::-1]),
        (swapped(GRID), lambda a: a.transpose(0, 2, 1)),
    ):
        found = back(interpolated(drawn(*discs, grid=grid), grid).on(grid.shape).astype(int))
        # where an outline's nearest piece is a matter of the last bit, a border voxel may differ
        assert np.abs(found - expected).mean() < 0.02
        assert found.sum() == pytest.approx(expected.sum(), rel=2e-3)


def test_small_faint_and_border_regions() -> None:
    region = np.zeros(SHAPE, dtype=np.uint8)
    region[0, 0, 0], region[4, 0, 0] = WHOLE, WHOLE
    whole = interpolated(region, GRID).on(SHAPE)
    assert (whole[1:4, 0, 0] > 100).all() and whole[1:4].astype(int).sum() < 3 * 2 * WHOLE
    region[:] = 0
    region[2, 20:23, 20:23], region[5, 20:23, 20:23] = 60, 60
    assert interpolated(region, GRID).on(SHAPE)[3, 21, 21] == WHOLE


def test_a_slice_is_copied_to_another() -> None:
    region = drawn((3, 20, 30, 4))
    np.testing.assert_array_equal(copied(region, 3, 4).on(SHAPE)[4], region[3])
    assert copied(region, 5, 4).empty
    with pytest.raises(InputError, match="no slice 13"):
        copied(region, 3, 12)
    with pytest.raises(InputError, match="two slices or more"):
        interpolated(region, GRID)
    with pytest.raises(InputError, match="shape"):
        interpolated(region[:3], GRID)
