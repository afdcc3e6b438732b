"""Regions grown from a click, and the threshold brush: what fits and hangs together, within limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import ball, in_range, stroke
from core.imaging.regions.growing import Limits, grown_alike, grown_in_range
from tests.core.imaging.regions.grids import flipped, swapped

SHAPE = (9, 30, 32)
GRID = Geometry.axial(SHAPE, (2.0, 1.0, 0.8))
CLICK = GRID.to_mm((4, 14, 15))
TUMOUR = ball(GRID, [CLICK], 6.0).on(SHAPE) >= 128
WIDE = Limits(within_mm=40.0, most_mm3=1e5)


def picture(noise: float = 4.0) -> np.ndarray:
    """A tumour of 200 in tissue of 100."""
    values = np.where(TUMOUR, 200.0, 100.0)
    return values + np.random.default_rng(2).normal(0, noise, SHAPE)


def taken(grown) -> np.ndarray:
    return grown.patch.on(SHAPE) > 0


def test_both_ways_find_the_tumour() -> None:
    np.testing.assert_array_equal(taken(grown_in_range(picture(), GRID, CLICK, 150, 250, WIDE)), TUMOUR)
    alike = grown_alike(picture(), GRID, CLICK, WIDE, spread=4.0)
    assert (taken(alike) == TUMOUR).mean() > 0.9999
    assert 150 < alike.low < 195 and alike.note == ""
    assert alike.volume_mm3 == pytest.approx(taken(alike).sum() * 1.6)


@given(st.integers(0, 2**31), st.tuples(*[st.integers(0, n - 1) for n in SHAPE]), st.floats(3, 40))
@settings(max_examples=25)
def test_what_grows_fits_hangs_together_and_stays_within_reach(
    seed: int, at: tuple[int, ...], within_mm: float
) -> None:
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=SHAPE), 1.0)
    noise.ravel()[::17] = np.nan
    if not np.isfinite(noise[at]):
        return
    low, high = noise[at] - 0.1, noise[at] + 0.1
    found = taken(grown_in_range(noise, GRID, GRID.to_mm(at), low, high, Limits(within_mm, 1e5)))
    away = np.linalg.norm(GRID.to_mm(np.stack(np.indices(SHAPE), axis=-1)) - GRID.to_mm(at), axis=-1)
    # a voxel just on the limit is in or out by the last bit
    assume(not np.isclose(away, within_mm).any())
    fits = np.isfinite(noise) & (noise >= low) & (noise <= high) & (away <= within_mm)
    labels, _ = ndimage.label(fits)
    np.testing.assert_array_equal(found, labels == labels[at])


def test_thin_bridges_are_not_crossed_where_neighbours_must_fit_too() -> None:
    values = np.where(TUMOUR, 200.0, 100.0)
    values[4, 14, 15:] = 200.0
    values[4, 10:19, 26:] = 200.0
    crossed = taken(grown_in_range(values, GRID, CLICK, 150, 250, WIDE))
    assert crossed[4, 11, 30]
    flat = Limits(40.0, 1e5, in_plane=True)
    stopped = taken(grown_in_range(values, GRID, CLICK, 150, 250, flat, neighbours=1))
    assert stopped[4, 14, 15] and not stopped[4, 11, 30] and not stopped[[3, 5]].any()


def test_a_leak_is_not_made_and_said() -> None:
    leaked = grown_in_range(picture(), GRID, CLICK, 50, 250, Limits(40.0, 2000.0))
    assert leaked.patch.empty and leaked.volume_mm3 > 2000 and "leaks" in leaked.note
    stopped = grown_in_range(picture(), GRID, CLICK, 50, 250, Limits(5.0, 2000.0))
    assert not stopped.patch.empty and "beyond 5 mm" in stopped.note
    assert grown_in_range(picture(), GRID, CLICK, 150, 250, Limits(9.0, 2000.0)).note == ""


def test_a_click_out_of_range_grows_nothing() -> None:
    grown = grown_in_range(picture(), GRID, CLICK, 0, 50, WIDE)
    assert grown.patch.empty and "out of range" in grown.note


def test_flat_pictures_and_single_voxels() -> None:
    flat = grown_alike(np.full(SHAPE, 7.0), GRID, CLICK, Limits(3.0, 1e5))
    away = np.linalg.norm(GRID.to_mm(np.stack(np.indices(SHAPE), axis=-1)) - CLICK, axis=-1)
    np.testing.assert_array_equal(taken(flat), away <= 3.0)
    one = Geometry.axial((1, 1, 1), (1, 1, 1))
    assert grown_in_range(np.ones((1, 1, 1)), one, (0, 0, 0), 0, 2, WIDE).volume_mm3 == 1
    # closer than the next voxel: the click's alone
    assert taken(grown_in_range(picture(), GRID, CLICK, 0, 300, Limits(0.1, 9.0))).sum() == 1


def test_what_makes_no_sense_is_refused() -> None:
    values = picture()
    for call, fault in (
        (lambda: grown_in_range(values, GRID, CLICK, 3, 2, WIDE), "holds no value"),
        (lambda: grown_in_range(values, GRID, CLICK, 0, np.nan, WIDE), "holds no value"),
        (lambda: grown_in_range(values[:2], GRID, CLICK, 0, 1, WIDE), "shape"),
        (lambda: grown_in_range(values, GRID, (999, 0, 0), 0, 1, WIDE), "outside"),
        (lambda: grown_in_range(values, GRID, CLICK, 0, 1, Limits(0, 1)), "above 0"),
        (lambda: grown_alike(values, GRID, CLICK, WIDE, spread=0), "positive"),
        (lambda: grown_alike(np.full(SHAPE, np.nan), GRID, CLICK, WIDE), "no value where you clicked"),
    ):
        with pytest.raises(InputError, match=fault):
            call()


def test_the_threshold_brush_keeps_what_fits() -> None:
    values, path = picture(0.0), GRID.to_mm([(4, 14, 4), (4, 14, 15), (4, 14, 28)])
    for patch in (stroke(GRID, path, 3.0), ball(GRID, path, 3.0)):
        kept = in_range(patch, values, 150, 250).on(SHAPE)
        np.testing.assert_array_equal(kept, np.where(TUMOUR, patch.on(SHAPE), 0))
    values[4, 14, 15] = np.nan
    assert in_range(stroke(GRID, path, 3.0), values, 150, 250).on(SHAPE)[4, 14, 15] == 0


def test_the_threshold_brush_keeps_what_hangs_together_with_its_centre_on_wish() -> None:
    values = np.zeros(SHAPE)
    values[4, 10:13, 10:13] = values[4, 10:13, 15:18] = 1.0
    brush = stroke(GRID, [GRID.to_mm((4, 11, 13))], 5.0)
    both = in_range(brush, values, 0.5, 2).on(SHAPE) > 0
    np.testing.assert_array_equal(both, values > 0)
    at_left = in_range(brush, values, 0.5, 2, connected_to=np.array([[4.2, 11.3, 11.8]])).on(SHAPE) > 0
    assert at_left.sum() == 9 and at_left[4, 11, 11]
    for nowhere in ([[4, 11, 13]], [[40, 11, 13]], np.empty((0, 3))):
        assert in_range(brush, values, 0.5, 2, connected_to=np.array(nowhere)).empty


def test_mirrored_pictures_give_mirrored_regions() -> None:
    noise = ndimage.gaussian_filter(np.random.default_rng(9).normal(size=SHAPE), 1.5)
    at = CLICK
    expected = taken(grown_alike(noise, GRID, at, Limits(12.0, 1e5), spread=1.5))
    for axis in range(3):
        mirrored = grown_alike(np.flip(noise, axis), flipped(GRID, axis), at, Limits(12.0, 1e5), spread=1.5)
        np.testing.assert_array_equal(np.flip(taken(mirrored), axis), expected)
    other = grown_alike(noise.transpose(0, 2, 1), swapped(GRID), at, Limits(12.0, 1e5), spread=1.5)
    np.testing.assert_array_equal(other.patch.on((9, 32, 30)).transpose(0, 2, 1) > 0, expected)
    assert other.patch.coverage.max() == WHOLE
