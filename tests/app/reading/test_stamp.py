"""A volume that looks like itself from no other side, stored in every order, flipped and tilted."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from app.voxels import value_at
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from tests.widgets.hands import pixels
from widgets.plane import ORIENTATIONS, axis_across
from widgets.slice_view import SliceView

# voxels and mm along the patient's x, y and z, before any tilt
SIZE, SPACING = (9, 7, 11), (0.6, 0.8, 1.0)
STAMP = np.random.default_rng(5).permutation(np.arange(np.prod(SIZE)) % 256).reshape(SIZE).astype(np.float32)
SHOWN = (4, 2, 7)
MIDDLE_MM = np.array([3.0, -20.0, 40.0])
WIDTH, HEIGHT = 331, 278
# which of x, y, z runs to the right and down, and whether down is towards its end (radiological convention)
SCREEN = {"axial": (0, 1, 1), "coronal": (0, 2, -1), "sagittal": (1, 2, -1)}
LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
ORDERS = [(order, signs) for order in permutations(range(3)) for signs in product((1, -1), repeat=3)]
UPRIGHT = np.eye(3)


def tilted(seed: int) -> np.ndarray:
    """A rotation of 5 to 35 degrees about any axis: no axis of the patient comes to lie nearer to another."""
    draw = np.random.default_rng(seed)
    axis = draw.normal(size=3)
    axis /= np.linalg.norm(axis)
    angle = np.deg2rad(draw.uniform(5, 35))
    x, y, z = axis
    across = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * across + (1 - np.cos(angle)) * across @ across


def stored(order: tuple[int, ...], signs: tuple[int, ...], turn: np.ndarray) -> Volume:
    """The stamp with its axes x, y, z as index axes in this order, each along the patient's or against."""
    data = STAMP.transpose(order)[tuple(slice(None, None, sign) for sign in signs)]
    affine = np.eye(4)
    for index, (axis, sign) in enumerate(zip(order, signs, strict=True)):
        affine[:3, index] = turn[:, axis] * SPACING[axis] * sign
    middle = (np.array(data.shape) - 1) / 2
    affine[:3, 3] = MIDDLE_MM - affine[:3, :3] @ middle
    return Volume(np.ascontiguousarray(data), Geometry(data.shape, affine))


def place_of(voxel: tuple[float, float, float], turn: np.ndarray) -> np.ndarray:
    """Where a voxel of the stamp lies in the patient."""
    offset = (np.asarray(voxel) - (np.asarray(SIZE) - 1) / 2) * SPACING
    return MIDDLE_MM + turn @ offset


def expected(orientation: str) -> tuple[np.ndarray, np.ndarray]:
    """Each screen pixel's grey value, and where none lies on the border of two voxels or of the picture."""
    right, down, way = SCREEN[orientation]
    across = next(axis for axis in range(3) if axis not in (right, down))
    cut = np.take(STAMP, SHOWN[across], axis=across)
    # the axes left are in rising order, and "right" always comes before "down"
    picture = cut.T if way > 0 else cut.T[::-1]
    size_mm = np.array([picture.shape[0] * SPACING[down], picture.shape[1] * SPACING[right]])
    scale = min(HEIGHT / size_mm[0], WIDTH / size_mm[1])
    places = []
    for pixels_there, length, count in zip((HEIGHT, WIDTH), size_mm, picture.shape, strict=True):
        middle = np.arange(pixels_there) + 0.5 - pixels_there / 2
        places.append((middle / scale + length / 2) / length * count)
    rows, columns = np.meshgrid(*places, indexing="ij")
    inside = (rows >= 0) & (rows < picture.shape[0]) & (columns >= 0) & (columns < picture.shape[1])
    grey = np.zeros(rows.shape)
    grey[inside] = picture[rows[inside].astype(int), columns[inside].astype(int)]
    voxel_px = scale * min(SPACING[right], SPACING[down])
    near = [np.abs(each - np.rint(each)) < 1.5 / voxel_px for each in (rows, columns)]
    return grey, ~(near[0] | near[1])


def edge_letters(direction: np.ndarray) -> str:
    """Name a direction: every component of more than 15 degrees, the largest first."""
    parts = [axis for axis in np.argsort(-np.abs(direction), kind="stable") if abs(direction[axis]) >= 0.26]
    return "".join(LETTERS[axis][int(direction[axis] > 0)] for axis in parts)


@pytest.fixture
def view(qtbot):
    made = SliceView()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.set_window(127.5, 255.0)
    made.set_smooth(False)
    made.set_show_texts(False)
    made.show_cursor = False
    return made


def check(view: SliceView, volume: Volume, turn: np.ndarray) -> None:
    for orientation in ORIENTATIONS:
        view.set_picture(volume, "", axis_across(volume.geometry, orientation))
        view.show_position(place_of(SHOWN, turn))
        view.fit()
        grey, clear = expected(orientation)
        shown = pixels(view)[:, :, 0].astype(float)
        assert clear.mean() > 0.5
        assert np.abs(shown - grey)[clear].max() <= 1.0, orientation
        right, down, way = SCREEN[orientation]
        to_right, downwards = turn[:, right], turn[:, down] * way
        ends = (-to_right, to_right, -downwards, downwards)
        assert view.plane.letters == tuple(edge_letters(end) for end in ends)
        across = next(axis for axis in range(3) if axis not in (right, down))
        for one, other in ((0, 0), (3, 5), (6, 2)):
            voxel = [0, 0, 0]
            voxel[across], voxel[right], voxel[down] = SHOWN[across], one % SIZE[right], other % SIZE[down]
            place = place_of(tuple(voxel), turn)
            point = view.exact_point_at(place)
            assert np.allclose(view.position_at(point), place, atol=1e-6)
            assert value_at(volume, view.position_at(point + QPointF(2, -2))) == STAMP[tuple(voxel)]


@pytest.mark.parametrize(("order", "signs"), ORDERS)
def test_every_order_and_flip_is_shown_with_right_letters_aspect_and_values(view, order, signs):
    check(view, stored(order, signs, UPRIGHT), UPRIGHT)


@pytest.mark.parametrize("seed", range(10))
def test_tilted_stacks_too(view, seed):
    turn = tilted(seed)
    order, signs = ORDERS[(7 * seed + 3) % len(ORDERS)]
    check(view, stored(order, signs, turn), turn)


def test_the_picture_of_a_mirrored_volume_is_another_one(view):
    """The test above would not see a mirrored picture otherwise."""
    grey, clear = expected("axial")
    assert np.abs(grey - grey[:, ::-1])[clear & clear[:, ::-1]].max() > 50
    assert np.abs(grey - grey[::-1])[clear & clear[::-1]].max() > 50
