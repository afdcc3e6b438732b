"""One scan laid on another: found where it is, the same every time, refused where it cannot be."""

import numpy as np
import pytest
from scipy import ndimage

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.registration import agreement, checkerboard, register
from core.imaging.volume import Volume

SHAPE = (10, 40, 40)
SPACING = (1.3, 0.5, 0.5)


def animal(seed=0, noise=0.02, dark=False):
    """An uneven body with organs in air; `dark` gives it a tumour full of iron."""
    grid = Geometry.axial(SHAPE, SPACING, (-9.75, -9.75, -5.85))
    x, y, z = np.moveaxis(grid.to_mm(np.moveaxis(np.indices(SHAPE), 0, -1)), -1, 0)
    body = (x / 8) ** 2 + (y / 6.5) ** 2 + (z / 9) ** 2 < 1
    data = 1.0 * body
    for cx, cy, cz, r, value in ((-3, 1, 2, 2.2, 1.6), (3, -2, -1, 2.5, 0.6), (0, 4, 0, 1.2, 0.3)):
        data[body & ((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 < r**2)] = value
    if dark:
        data[body & ((x - 4) ** 2 + (y - 2) ** 2 + z**2 < 2**2)] = 0.25
    data = ndimage.gaussian_filter(data, 0.6)
    noisy = np.abs(data + noise * np.random.default_rng(seed + 1).standard_normal(SHAPE))
    return Volume((1000 * noisy).astype(np.float32), grid)


def moved(volume, turn_deg, shift_mm):
    """The same animal after it was turned about its length and put down elsewhere."""
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    move = np.eye(4)
    move[:3, :3] = [[c, -s, 0], [s, c, 0], [0, 0, 1]]
    move[:3, 3] = shift_mm
    return Volume(volume.data, Geometry(volume.geometry.shape, move @ volume.geometry.affine)), move


@pytest.fixture(scope="module")
def displaced():
    """A scan with iron, and the baseline of the same animal, which lay elsewhere."""
    baseline, move = moved(animal(3), 7.0, (1.6, -1.1, 0.9))
    scan = animal(5, dark=True)
    return scan, baseline, move, register(scan, baseline)


def test_a_moved_animal_is_found_within_half_a_voxel(displaced):
    scan, _, move, found = displaced
    points = scan.geometry.to_mm(np.argwhere(scan.data > 500)[::37])
    placed = points @ found.transform_mm[:3, :3].T + found.transform_mm[:3, 3]
    wanted = points @ move[:3, :3].T + move[:3, 3]
    assert np.linalg.norm(placed - wanted, axis=1).mean() < 0.1
    assert found.turn_deg == pytest.approx(7.0, abs=0.5)


def test_the_quality_says_that_it_became_better(displaced):
    found = displaced[3]
    assert found.after.correlation > found.before.correlation + 0.2
    assert found.after.overlap > max(0.95, found.before.overlap)
    assert found.as_json()["correlation"] == found.after.correlation


def test_the_result_is_the_same_every_time(displaced):
    scan, baseline, _, found = displaced
    assert np.array_equal(register(scan, baseline).transform_mm, found.transform_mm)


def test_an_animal_that_did_not_move_stays():
    found = register(animal(1), animal(2, dark=True), kind="rigid")
    assert np.abs(found.transform_mm[:3, 3]).max() < 0.15
    assert found.turn_deg < 0.8
    assert found.after.correlation >= found.before.correlation


def test_correlation_serves_pictures_of_one_contrast():
    baseline, move = moved(animal(3), 0.0, (1.0, 0.5, 0.0))
    found = register(animal(4), baseline, kind="rigid", metric="correlation")
    assert found.transform_mm[:3, 3] == pytest.approx(move[:3, 3], abs=0.3)


def test_another_object_is_refused_with_the_reason():
    noise = np.abs(np.random.default_rng(0).standard_normal(SHAPE)).astype(np.float32)
    with pytest.raises(InputError, match=r"cannot be laid on the scan.*r2star0"):
        register(animal(), Volume(noise, animal().geometry), kind="rigid")


def test_an_empty_picture_and_a_single_slice_are_refused():
    scan = animal()
    with pytest.raises(InputError, match="empty"):
        register(scan, Volume(np.zeros(SHAPE, np.float32), scan.geometry))
    thin = Volume(scan.data[:1], Geometry((1, *SHAPE[1:]), scan.geometry.affine))
    with pytest.raises(InputError, match="one slice"):
        register(thin, Volume(scan.data[3:4], thin.geometry))
    assert register(thin, thin, kind="none").after.correlation == pytest.approx(1.0)


def test_a_checkerboard_of_one_picture_is_that_picture():
    scan = animal()
    board = checkerboard(scan, scan).data
    assert np.allclose(board, np.clip(scan.data / np.quantile(scan.data, 0.99), 0, 1.5), atol=1e-5)
    shifted = moved(scan, 0.0, (3.0, 0.0, 0.0))[0]
    # outlines break across squares where it is not laid right
    ideal = np.abs(np.diff(board, axis=2)).sum()
    assert np.abs(np.diff(checkerboard(scan, shifted).data, axis=2)).sum() > 1.1 * ideal


def test_agreement_of_a_picture_with_itself_is_perfect():
    scan = animal()
    same = agreement(scan, scan, np.eye(4))
    assert (same.overlap, same.correlation) == (1.0, pytest.approx(1.0))
