"""What a kit tells of a scan's frame: rounded, so that the last digits of a number single out no scan.

A header's numbers carry noise: a scanner's float, a sum of positions. It differs from scan to scan, and a
repeat, or the same scan in another kit, would be known by it. What is left is far below a voxel: 5e-6 mm a
voxel, 5e-6 of a direction, 5e-5 mm of a place, 5e-5 ms of an echo. `core.study.tells` compares what is dealt.
What is reported comes from the study's own numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.imaging.geometry import Geometry

# decimals of mm, of direction cosines, of a place in mm and of ms
SPACING, DIRECTION, PLACE, TE = 5, 5, 4, 4
# field of view by matrix often ends in a 5 (10 mm / 128), where noise would decide which way it is rounded
_OFF_HALF = 0.04


def dealt_te_ms(te_ms: float) -> float:
    """Return an echo time as a kit has it."""
    return float(_rounded(te_ms, TE))


def dealt_grid(grid: Geometry, about_mm: ArrayLike) -> Geometry:
    """Return a grid as a kit has it: moved so that `about_mm` is 0, and rounded.

    Parameters
    ----------
    grid : Geometry
        In the scanner's own LPS mm.
    about_mm : array, shape (3,)
        The middle of the multi-echo series; it is 0 in the kit.
    """
    affine = np.eye(4)
    directions = _rounded(grid.directions, DIRECTION)
    directions /= np.linalg.norm(directions, axis=0)
    affine[:3, :3] = directions * _rounded(grid.spacing_mm, SPACING)
    middle = _rounded(centre_mm(grid) - np.asarray(about_mm), PLACE)
    affine[:3, 3] = middle - affine[:3, :3] @ _middle_index(grid)
    return Geometry(grid.shape, affine + 0.0)


def centre_mm(grid: Geometry) -> NDArray[np.float64]:
    """Return the middle of a grid, (x, y, z) in LPS mm."""
    return grid.to_mm(_middle_index(grid))


def plain_number(value: float, decimals: int) -> str:
    """Return a number with as many decimals as are dealt, and no zeros behind."""
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def by_numbers(values: Iterable[float], decimals: int, between: str) -> str:
    """Return numbers as `plain_number` tells them, joined."""
    return between.join(plain_number(value, decimals) for value in values)


def _rounded(values: ArrayLike, decimals: int) -> NDArray[np.float64]:
    # + 0.0: -0.0 is another text than 0.0
    return np.round(np.asarray(values, dtype=np.float64) + _OFF_HALF * 10.0**-decimals, decimals) + 0.0


def _middle_index(grid: Geometry) -> NDArray[np.float64]:
    return (np.asarray(grid.shape) - 1) / 2
