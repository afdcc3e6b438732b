from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.progress import Silent
from tests.widgets.graphics import BLOCKS, SHAPE, oblique_grids, stamp_volume, straight_grids
from widgets.volume_grey import TOP_LEVEL, Cut, Surface, grey_volume, met

ALONG_Y = (0.0, 1.0, 0.0)


def ray(x: float, z: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([x, -500.0, z]), np.array(ALONG_Y)


@pytest.fixture
def slabs() -> Volume:
    """From front to back: air, tissue of 400, air, a bright plate of 900, air."""
    data = np.zeros((20, 60, 20), dtype=np.float32)
    data[:, 10:30], data[:, 40:44] = 400.0, 900.0
    return Volume(data, Geometry.axial(data.shape, (1.0, 0.5, 1.0), (-10.0, -15.0, -10.0)))


def test_levels_run_from_the_lowest_to_the_highest_number_and_nan_is_dark():
    data = np.array([[[-50.0, 0.0], [np.nan, 150.0]]], dtype=np.float32)
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1, 1, 1))))
    assert (ready.low, ready.high, ready.note) == (-50.0, 150.0, "")
    assert ready.levels.tolist() == [[[0, round(TOP_LEVEL / 4)], [0, TOP_LEVEL]]]
    assert ready.level(50.0) == TOP_LEVEL / 2


@pytest.mark.parametrize("value", [7.0, np.nan])
def test_a_volume_of_one_value_is_dark_and_no_error(value):
    data = np.full((3, 4, 5), value, dtype=np.float32)
    assert not grey_volume(Volume(data, Geometry.axial(data.shape, (1, 1, 1)))).levels.any()


@pytest.mark.parametrize("grid", [straight_grids()[0], straight_grids()[29], *oblique_grids(2)])
def test_a_large_volume_is_averaged_its_finest_axis_first_and_nothing_moves(grid):
    volume = Volume(np.zeros(SHAPE, dtype=np.float32), grid)
    volume.data[4:8, 6:12, 8:20] = 100.0
    ready = grey_volume(volume, most_voxels=SHAPE[0] * SHAPE[1] * SHAPE[2] // 3)
    assert ready.levels.size <= volume.data.size // 3
    factors = [-(-old // new) for old, new in zip(SHAPE, ready.levels.shape, strict=True)]
    assert factors == [1, 2, 2]
    assert ready.note == "Coarser: 1 × 2 × 2 voxels in one"

    def middle_mm(weights, affine):
        index = np.argwhere(weights > 0)
        return np.average(index @ affine[:3, :3].T + affine[:3, 3], axis=0, weights=weights[weights > 0])

    before, after = middle_mm(volume.data, grid.affine), middle_mm(ready.levels, ready.matrix)
    assert after == pytest.approx(before, abs=0.01)
    assert ready.levels.max() == TOP_LEVEL


def test_an_axis_longer_than_graphics_allow_is_shortened():
    volume = Volume(np.zeros((2, 2, 5000), dtype=np.float32), Geometry.axial((2, 2, 5000), (1, 1, 1)))
    assert grey_volume(volume).levels.shape == (2, 2, 1667)


def test_the_last_uneven_block_is_averaged_over_what_it_has():
    data = np.arange(5, dtype=np.float32).reshape(1, 1, 5)
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1, 1, 1))), most_voxels=3)
    assert (ready.levels / TOP_LEVEL * 4).reshape(-1) == pytest.approx([0.5, 2.5, 4.0], abs=1e-3)


@pytest.mark.parametrize("grid", [*straight_grids()[::7], *oblique_grids(3)])
def test_levels_are_found_at_their_places(grid):
    ready = stamp_volume(grid)
    found = ready.levels_at(grid.to_mm(np.array(list(BLOCKS))))
    assert found / TOP_LEVEL * 1000 == pytest.approx(list(BLOCKS.values()), abs=0.1)
    assert np.isnan(ready.levels_at(grid.to_mm([[-2, 0, 0], [0, 0, 99]]))).all()


def test_in_a_mip_one_points_at_the_brightest_in_a_body_at_what_comes_first(slabs):
    ready, window = grey_volume(slabs), (0.0, float(TOP_LEVEL))
    brightest = met(ready, (), (), ray(0, 0), window, brightest=True)
    first = met(ready, (), (), ray(0, 0), window, brightest=False)
    assert 5.0 - 0.25 <= brightest[1] <= 6.5 + 0.25
    assert -10.0 - 0.25 <= first[1] <= 0.0
    assert met(ready, (), (), ray(99, 0), window, brightest=True) is None
    assert met(ready, (), (), ray(99, 0), window, brightest=False) is None


def test_one_points_through_what_is_cut_away_and_not_at_what_is_black(slabs):
    ready, window = grey_volume(slabs), (0.0, float(TOP_LEVEL))
    behind = met(ready, (), (Cut(1, 2.0, 1),), ray(0, 0), window, brightest=False)
    assert behind[1] >= 5.0 - 0.25
    no_plate = (Cut(1, 2.0, -1),)
    assert met(ready, (), no_plate, ray(0, 0), window, brightest=True)[1] <= 0.25
    assert met(ready, (), no_plate, ray(0, 0), (ready.level(500.0), 6e4), brightest=True) is None


def test_a_surface_shines_through_and_so_is_pointed_at_first(slabs):
    mask = np.zeros(slabs.data.shape, dtype=bool)
    mask[:, 50:54] = True
    surface = Surface("tumour", mask, slabs.geometry.affine, "#e69f00")
    found = met(grey_volume(slabs), (surface,), (), ray(0, 0), (0.0, 65535.0), brightest=False)
    assert found[1] == pytest.approx(10.0, abs=0.5)


def test_making_the_levels_can_be_stopped():
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(InputError, match="stopped"):
        grey_volume(Volume(np.zeros(SHAPE), straight_grids()[0]), progress=Stopped())
