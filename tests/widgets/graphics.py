"""Volumes whose picture is known, and a 3D scene where the machine can make one."""

from __future__ import annotations

from functools import cache
from itertools import permutations, product

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from core.errors import AppError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from widgets.volume_grey import GreyVolume, grey_volume

# what runs right and down on the screen, LPS, where one stands at a side: written down, not computed
SCREEN = {
    "A": ((1, 0, 0), (0, 0, -1)),
    "P": ((-1, 0, 0), (0, 0, -1)),
    "L": ((0, 1, 0), (0, 0, -1)),
    "R": ((0, -1, 0), (0, 0, -1)),
    "S": ((-1, 0, 0), (0, 1, 0)),
    "I": ((1, 0, 0), (0, 1, 0)),
}
SHAPE, SPACING_MM = (14, 20, 26), (1.5, 0.8, 0.6)
# (slice, row, column) of the middle of eight blocks of 3 x 3 x 3 voxels, one in each corner, all unlike
BLOCKS = {
    (k, r, c): 1000.0 - 100.0 * place for place, (k, r, c) in enumerate(product((2, 11), (2, 17), (2, 23)))
}


@cache
def why_no_graphics() -> str:
    """Return why there can be no 3D picture here, "" where there can."""
    try:
        from widgets.volume_scene import VolumeScene

        VolumeScene().close()
    except (ImportError, AppError) as error:
        return str(error)
    return ""


def needs_graphics() -> None:
    """Skip the test, with the reason, where there are no off-screen graphics."""
    if why_no_graphics():
        pytest.skip(why_no_graphics())


def stamp(geometry: Geometry) -> Volume:
    data = np.zeros(SHAPE, dtype=np.float32)
    for (k, r, c), value in BLOCKS.items():
        data[k - 1 : k + 2, r - 1 : r + 2, c - 1 : c + 2] = value
    return Volume(data, geometry)


def stamp_volume(geometry: Geometry) -> GreyVolume:
    return grey_volume(stamp(geometry))


def straight_grids() -> list[Geometry]:
    """All 48 orders and flips of the index axes."""
    return [
        _grid(np.eye(3)[:, list(order)] * np.array(signs))
        for order in permutations(range(3))
        for signs in product((1.0, -1.0), repeat=3)
    ]


def oblique_grids(count: int = 10) -> list[Geometry]:
    """Turned by any angle, every second one mirrored."""
    turns = Rotation.random(count, random_state=7).as_matrix()
    return [_grid(turn * np.array([1.0, 1.0, -1.0 if n % 2 else 1.0])) for n, turn in enumerate(turns)]


def _grid(directions: np.ndarray) -> Geometry:
    affine = np.eye(4)
    affine[:3, :3] = directions * np.array(SPACING_MM)
    affine[:3, 3] = np.array([12.0, -30.0, 7.0])
    return Geometry(SHAPE, affine)
