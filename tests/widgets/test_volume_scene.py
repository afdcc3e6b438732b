"""3D pictures, by their pixels. What is expected is written in patient millimetres, apart from the camera."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import numpy as np
import pytest

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from tests.widgets.graphics import (
    BLOCKS,
    SCREEN,
    SPACING_MM,
    needs_graphics,
    oblique_grids,
    stamp,
    stamp_volume,
    straight_grids,
)
from widgets.volume_camera import Camera
from widgets.volume_grey import TOP_LEVEL, Cut, Surface, grey_volume

PX, SCALE = 128, 4.0
ORANGE = "#e69f00"


@pytest.fixture(scope="module")
def opened():
    needs_graphics()
    from widgets.volume_scene import VolumeScene

    made = VolumeScene()
    yield made
    made.close()


@pytest.fixture
def scene(opened):
    opened.set_volume(None)
    opened.set_surfaces(())
    opened.set_cuts(())
    return opened


def picture(scene, camera, px=PX, box=None, *, coarse=False):
    return scene.picture(camera, (px, px), 1.0, box or (0, 0, px, px), coarse=coarse)[..., :3].astype(int)


def seen_at(side, place_mm, middle_mm, px=PX, scale=SCALE):
    """Where a place should be seen, (row, column), by the table of what runs right and down."""
    right, down = (np.array(axis, dtype=float) for axis in SCREEN[side])
    apart = np.asarray(place_mm) - middle_mm
    return px / 2 + scale * (apart @ down) - 0.5, px / 2 + scale * (apart @ right) - 0.5


def blocks_seen(scene, grid, side):
    """Compare the grey at each corner's place with the brightest block that lies there."""
    ready = stamp_volume(grid)
    scene.set_volume(ready)
    scene.set_look(0.0, float(TOP_LEVEL), brightest=True)
    shown = picture(scene, Camera.from_side(side, ready.middle_mm, SCALE))
    places = {block: grid.to_mm(block) for block in BLOCKS}
    spots = {block: np.array(seen_at(side, place, ready.middle_mm)) for block, place in places.items()}
    compared = 0
    for block, spot in spots.items():
        apart = {other: np.abs(spots[other] - spot).max() for other in BLOCKS}
        # half-hidden neighbours are left out: only what surely covers the spot, or surely does not
        if any(2.0 < distance < 2.2 * max(SPACING_MM) * SCALE for distance in apart.values()):
            continue
        brightest = max(BLOCKS[other] for other, distance in apart.items() if distance <= 2.0)
        row, column = np.rint(spot).astype(int)
        assert shown[row, column] == pytest.approx(255 * brightest / 1000, abs=3), (side, block)
        compared += 1
    return compared


@pytest.mark.parametrize("side", SCREEN)
def test_in_all_orders_and_flips_of_the_axes_corners_lie_where_they_should(scene, side):
    assert all(blocks_seen(scene, grid, side) == 8 for grid in straight_grids())


@pytest.mark.parametrize("side", ["A", "L", "S"])
def test_oblique_volumes_lie_where_they_should(scene, side):
    assert sum(blocks_seen(scene, grid, side) for grid in oblique_grids()) >= 30


@pytest.mark.parametrize("brightest", [True, False])
def test_a_volume_looks_the_same_whichever_way_its_axes_are_counted(scene, brightest):
    data = stamp(straight_grids()[0]).data
    shown = []
    for step in (1, -1):
        affine = straight_grids()[0].affine.copy()
        affine[:3, 3] += 0 if step == 1 else (data.shape[0] - 1) * affine[:3, 0]
        affine[:3, 0] *= step
        counted = np.ascontiguousarray(data[::step])
        ready = grey_volume(Volume(counted, Geometry(data.shape, affine)))
        scene.set_volume(ready)
        scene.set_look(0.0, float(TOP_LEVEL), brightest=brightest)
        shown.append(picture(scene, Camera.from_side("A", ready.middle_mm, SCALE).turned(40, 30)))
    assert shown[0].max() > 200
    assert np.abs(shown[0] - shown[1]).max() <= 6


def test_a_pixel_is_as_grey_as_in_the_2d_views(scene):
    data = np.full((20, 20, 20), 300.0, dtype=np.float32)
    data[0, 0, 0], data[-1, -1, -1] = 0.0, 1000.0
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1.0, 1.0, 1.0), (-9.5, -9.5, -9.5))))
    scene.set_volume(ready)
    for low, high in ((0.0, 1000.0), (200.0, 400.0), (-500.0, 500.0), (350.0, 400.0)):
        scene.set_look(ready.level(low), ready.level(high), brightest=True)
        shown = picture(scene, Camera.from_side("A", (0.0, 0.0, 0.0), SCALE))
        grey = 255 * min(max((300.0 - low) / (high - low), 0.0), 1.0)
        assert shown[PX // 2, PX // 2] == pytest.approx([grey] * 3, abs=2)


def test_a_black_ground_is_black(scene):
    ready = stamp_volume(straight_grids()[0])
    scene.set_volume(ready)
    for brightest in (True, False):
        scene.set_look(0.0, float(TOP_LEVEL), brightest=brightest)
        shown = picture(scene, Camera.from_side("A", ready.middle_mm, SCALE))
        assert not shown[0].any() and not shown[PX // 2, PX // 2].any()


def test_pieces_join_into_the_picture_made_at_once(scene):
    grid = oblique_grids(1)[0]
    ready = stamp_volume(grid)
    scene.set_volume(ready)
    ball = np.ones(grid.shape, dtype=bool)
    ball[:4] = ball[-4:] = False
    scene.set_surfaces((Surface("tumour", ball, grid.affine, ORANGE),))
    camera = Camera.from_side("A", ready.middle_mm, SCALE).turned(30, 20)
    for brightest in (True, False):
        scene.set_look(0.0, float(TOP_LEVEL), brightest=brightest)
        whole, joined = picture(scene, camera), np.zeros((PX, PX, 3), dtype=int)
        for y in range(0, PX, 48):
            for x in range(0, PX, 64):
                width, height = min(64, PX - x), min(48, PX - y)
                joined[y : y + height, x : x + width] = picture(scene, camera, box=(x, y, width, height))
        assert np.abs(whole - joined).max() <= 4
        assert whole.max() > 100


def test_a_coarse_picture_shows_the_same_at_a_tenth_of_the_pixels(scene):
    grid = straight_grids()[0]
    ready = stamp_volume(grid)
    scene.set_volume(ready)
    scene.set_look(0.0, float(TOP_LEVEL), brightest=True)
    camera = Camera.from_side("A", ready.middle_mm, SCALE)
    full = picture(scene, camera)
    small = scene.picture(camera, (PX, PX), 0.25, (0, 0, PX // 4, PX // 4), coarse=True)[..., :3].astype(int)
    averaged = full.reshape(PX // 4, 4, PX // 4, 4, 3).mean(axis=(1, 3))
    assert np.corrcoef(small.reshape(-1), averaged.reshape(-1))[0, 1] > 0.95


# ---- surfaces


def ball(grid: Geometry, middle_mm, radius_mm: float) -> np.ndarray:
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.shape], indexing="ij"), axis=-1)
    return np.linalg.norm(grid.to_mm(index) - np.asarray(middle_mm), axis=-1) < radius_mm


@pytest.mark.parametrize("side", SCREEN)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_ball_has_the_outline_of_a_ball_in_millimetres(scene, side, number):
    directions = np.eye(3) if number == 0 else oblique_grids(3)[number].directions
    affine = np.eye(4)
    affine[:3, :3] = directions * np.array([0.9, 0.3, 0.3])
    affine[:3, 3] = -affine[:3, :3] @ np.array([12.0, 36.0, 36.0])
    grid = Geometry((24, 72, 72), affine)
    middle, radius = np.array([1.0, -2.0, 0.5]), 6.0
    scene.set_surfaces((Surface("tumour", ball(grid, middle, radius), grid.affine, ORANGE),))
    shown = picture(scene, Camera.from_side(side, (0.0, 0.0, 0.0), SCALE)).max(axis=2) > 40
    rows, columns = np.nonzero(shown)
    assert len(rows) == pytest.approx(np.pi * (radius * SCALE) ** 2, rel=0.04)
    # half a voxel of the coarse axis, the others are finer
    row, column = seen_at(side, middle, np.zeros(3))
    assert (rows.mean(), columns.mean()) == pytest.approx((row, column), abs=0.45 * SCALE)
    for across in (rows, columns):
        assert np.ptp(across) + 1 == pytest.approx(2 * radius * SCALE, abs=0.9 * SCALE)


def test_smoothing_keeps_the_volume_of_a_region():
    needs_graphics()
    from vtkmodules.vtkFiltersCore import vtkMassProperties

    from widgets.volume_scene import surface_of

    for grid in (Geometry.axial((24, 60, 60), (1.0, 0.4, 0.4)), oblique_grids(1)[0]):
        middle = grid.to_mm([(n - 1) / 2 for n in grid.shape])
        mask = ball(grid, middle, 4.5)
        masses = vtkMassProperties()
        masses.SetInputData(surface_of(Surface("tumour", mask, grid.affine, ORANGE)))
        assert masses.GetVolume() == pytest.approx(mask.sum() * grid.voxel_volume_mm3, rel=0.05)


def test_a_surface_hides_behind_tissue_but_shines_through_and_stands_in_front_of_it(scene):
    data = np.zeros((20, 40, 20), dtype=np.float32)
    data[:, 15:25] = 1000.0
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1.0, 1.0, 1.0), (-9.5, -19.5, -9.5))))
    scene.set_volume(ready)
    scene.set_look(0.0, float(TOP_LEVEL), brightest=False)
    mask = np.zeros(data.shape, dtype=bool)
    mask[6:14, 30:36, 6:14] = True
    scene.set_surfaces((Surface("tumour", mask, ready.matrix, ORANGE),))
    middle = PX // 2, PX // 2

    def colourful(pixel):
        return int(pixel.max() - pixel.min())

    behind = picture(scene, Camera.from_side("A", (0.0, 0.0, 0.0), SCALE))
    in_front = picture(scene, Camera.from_side("P", (0.0, 0.0, 0.0), SCALE))
    assert 25 < colourful(behind[middle]) < 0.6 * colourful(in_front[middle])
    assert in_front[middle][0] > 180 and in_front[middle][2] < 40
    assert colourful(behind[PX // 2, 40]) == 0 and behind[PX // 2, 40].max() > 200


def test_an_empty_region_shows_nothing_and_one_taken_away_is_gone(scene):
    grid = straight_grids()[0]
    camera = Camera.from_side("A", grid.to_mm([7, 10, 13]), SCALE)
    scene.set_surfaces((Surface("tumour", np.zeros(grid.shape, dtype=bool), grid.affine, ORANGE),))
    assert not picture(scene, camera).any()
    scene.set_surfaces((Surface("tumour", np.ones(grid.shape, dtype=bool), grid.affine, ORANGE),))
    assert picture(scene, camera).any()
    scene.set_surfaces(())
    assert not picture(scene, camera).any()


# ---- cuts


@pytest.mark.parametrize("brightest", [True, False])
@pytest.mark.parametrize("keeps", [1, -1])
@pytest.mark.parametrize(("axis", "side"), [(0, "A"), (0, "S"), (1, "L"), (1, "I"), (2, "A"), (2, "R")])
def test_a_cut_takes_away_what_lies_beyond_it_to_the_pixel(scene, axis, side, keeps, brightest):
    data = np.full((21, 21, 21), 1000.0, dtype=np.float32)
    data[0, 0, 0] = 0.0
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1.0, 1.0, 1.0), (-10.0, -10.0, -10.0))))
    scene.set_volume(ready)
    scene.set_look(0.0, float(TOP_LEVEL), brightest=brightest)
    at_mm = 3.0
    scene.set_cuts((Cut(axis, at_mm, keeps),))
    shown = picture(scene, Camera.from_side(side, (0.0, 0.0, 0.0), SCALE)).max(axis=2) > 60
    rows, columns = np.mgrid[0:PX, 0:PX]
    right, down = (np.array(vector, dtype=float) for vector in SCREEN[side])
    apart = (columns[..., None] + 0.5 - PX / 2) * right + (rows[..., None] + 0.5 - PX / 2) * down
    place = apart[..., axis] / SCALE
    inside = np.all(np.abs(apart) / SCALE < 9.5, axis=-1)
    spared = keeps * (place - at_mm)
    assert shown[inside & (spared > 0.3)].all()
    assert not shown[inside & (spared < -0.3)].any()


def test_a_cut_towards_the_eye_uncovers_what_was_hidden(scene):
    data = np.zeros((20, 40, 20), dtype=np.float32)
    data[:, 5:15], data[6:14, 25:35, 6:14] = 1000.0, 400.0
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1.0, 1.0, 1.0), (-9.5, -19.5, -9.5))))
    scene.set_volume(ready)
    scene.set_look(0.0, float(TOP_LEVEL), brightest=True)
    camera, middle = Camera.from_side("A", (0.0, 0.0, 0.0), SCALE), (PX // 2, PX // 2)
    assert picture(scene, camera)[middle] == pytest.approx([255] * 3, abs=2)
    scene.set_cuts((Cut(1, 0.0, 1),))
    assert picture(scene, camera)[middle] == pytest.approx([102] * 3, abs=2)
    scene.set_cuts((Cut(1, 0.0, 1), Cut(0, 0.0, 1)))
    shown = picture(scene, camera)
    assert not shown[PX // 2, PX // 2 - 10].any() and shown[PX // 2, PX // 2 + 10].any()
    scene.set_cuts(())
    assert picture(scene, camera)[middle] == pytest.approx([255] * 3, abs=2)


# ---- resources


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_fifty_scenes_opened_and_closed_leave_nothing_behind():
    needs_graphics()
    from widgets.volume_scene import VolumeScene

    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    data = np.random.default_rng(0).random((64, 64, 64)).astype(np.float32)
    ready = grey_volume(Volume(data, Geometry.axial(data.shape, (1.0, 1.0, 1.0))))
    mask = data > 0.999
    before = (0.0, 0)
    for number in range(50):
        scene = VolumeScene()
        scene.set_volume(ready)
        scene.set_look(0.0, float(TOP_LEVEL), brightest=True)
        scene.set_surfaces((Surface("tumour", mask, ready.matrix, ORANGE),))
        assert picture(scene, Camera.from_side("A", ready.middle_mm, 1.0), px=64).any()
        scene.close()
        del scene
        if number == 9:
            gc.collect()
            before = resident_mb(), handles()
    gc.collect()
    # forty textures of this volume alone would be 20 MB
    assert resident_mb() - before[0] < 12
    assert handles() <= before[1]
