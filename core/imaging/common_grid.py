"""One field of view, matrix and number of slices for several pictures, so that none is told by its frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry

# spacings and directions that differ by less are the same: the coordinator is told three digits
_SAME = 0.005
_ROUNDING = 1e-6
# of a target without a size: its centre shall not lie on the border itself
_LEAST_RADIUS_MM = 0.001
_MOST_NAMED = 5


@dataclass(frozen=True)
class Ball:
    """What must stay in a picture: its name for the coordinator, its centre in LPS mm and its radius."""

    name: str
    centre_mm: tuple[float, float, float]
    radius_mm: float = 0.0


Vector = NDArray[Any]
Balls = Mapping[str, Sequence[Ball]]
Centres = Mapping[str, NDArray[np.float64]]


def common_crops(
    grids: Mapping[str, Geometry], balls: Balls, near: Centres | None = None
) -> dict[str, Geometry]:
    """Cut grids to the smallest number of slices, rows and columns among them; no voxel is interpolated.

    Parameters
    ----------
    grids : mapping of name to Geometry
        Of one kind of picture, all with the same spacing.
    balls : mapping of name to sequence of Ball
        What must stay in each picture, as far as it is in it.
    near : mapping of name to array, shape (3,), optional
        LPS mm about which each is cut as nearly as can be; its own middle if not given.

    Returns
    -------
    dict of name to Geometry
        Grids of one shape, each a part of its own grid.

    Raises
    ------
    InputError
        If spacings differ, or a ball would be cut off; it names them.
    """
    spacings = np.array([grid.spacing_mm for grid in grids.values()])
    if np.any(np.ptp(spacings, axis=0) > _SAME * spacings.min(axis=0)):
        raise InputError("voxels differ in size, which no crop evens out; choose resample")
    shape = np.min([grid.shape for grid in grids.values()], axis=0)
    place = {name: near[name] if near else _middle(grid) for name, grid in grids.items()}
    return _all_of(
        {name: _cut(grid, shape, balls.get(name, ()), place[name]) for name, grid in grids.items()}, balls
    )


def common_grids(
    grids: Mapping[str, Geometry], balls: Balls, near: Centres | None = None
) -> dict[str, Geometry]:
    """Lay grids of one spacing, extent and orientation into pictures: the coarsest voxels, the least extent.

    The orientation is the one that most pictures have. A picture that has it, and the spacing, keeps its
    voxels' places: it is cut and not interpolated.

    Parameters
    ----------
    grids, balls, near
        As for `common_crops`; spacings and orientations may differ.

    Returns
    -------
    dict of name to Geometry
        Grids of one shape, spacing and orientation, each within its own grid.

    Raises
    ------
    InputError
        If a ball would be cut off, or the pictures have no voxel in common.
    """
    axes = _usual_directions(grids)
    extents = {
        name: _along(grid, axes).T @ np.multiply(grid.shape, grid.spacing_mm) for name, grid in grids.items()
    }
    spacing = np.max([_along(grid, axes).T @ grid.spacing_mm for grid in grids.values()], axis=0)
    extent = np.min(list(extents.values()), axis=0)
    # the corners of a box that is turned have to lie in the picture as well
    extent = extent * min(1.0, *(_share_inside(grid, axes, extent) for grid in grids.values()))
    shape = np.floor(extent / spacing + _ROUNDING).astype(int)
    if shape.min() < 1:
        raise InputError("the pictures have not one voxel of the coarsest in common; leave a scan out")
    found = {}
    for name, grid in grids.items():
        place, kept = near[name] if near else _middle(grid), balls.get(name, ())
        alike = np.allclose(grid.directions, axes, atol=_SAME) and np.allclose(
            grid.spacing_mm, spacing, rtol=1e-4
        )
        found[name] = (
            _cut(grid, shape, kept, place) if alike else _laid(grid, axes, spacing, shape, kept, place)
        )
    return _all_of(found, balls)


def _cut(grid: Geometry, shape: Vector, balls: Sequence[Ball], place_mm: Vector) -> Geometry | None:
    """Return the part of a grid about a place, moved so that it holds the balls; None where none does."""
    low, high = np.zeros(3), np.subtract(grid.shape, shape).astype(float)
    for ball in balls:
        middle, radius = grid.to_index(ball.centre_mm), _radius(ball) / np.asarray(grid.spacing_mm)
        first = np.maximum(middle - radius, -0.5)
        last = np.minimum(middle + radius, np.asarray(grid.shape) - 0.5)
        low = np.maximum(low, np.ceil(last + 0.5 - shape - _ROUNDING))
        high = np.minimum(high, np.floor(first + 0.5 + _ROUNDING))
    if np.any(low > high):
        return None
    start = np.clip(np.floor(grid.to_index(place_mm) - (shape - 1) / 2 + 0.5 - _ROUNDING), low, high)
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_mm(start)
    return _grid(shape, affine)


def _laid(
    grid: Geometry,
    axes: NDArray[np.float64],
    spacing: Vector,
    shape: Vector,
    balls: Sequence[Ball],
    place_mm: Vector,
) -> Geometry | None:
    """Return a grid of these axes about a place in another, moved so that it holds the balls, or None."""
    own, half = _middle(grid), shape * spacing / 2
    held = _along(grid, axes).T @ np.multiply(grid.shape, grid.spacing_mm) / 2
    low, high = half - held, held - half
    for ball in balls:
        middle = axes.T @ np.subtract(ball.centre_mm, own)
        low = np.maximum(low, np.minimum(middle + _radius(ball), held) - half)
        high = np.minimum(high, np.maximum(middle - _radius(ball), -held) + half)
    if np.any(low > high + _ROUNDING):
        return None
    shift = np.clip(axes.T @ (np.asarray(place_mm) - own), low, np.maximum(low, high))
    # of a grid that is turned, the corners have less room than its sides
    room = np.multiply(grid.shape, grid.spacing_mm) / 2 - _along(grid, axes) @ half
    if np.any(np.abs(grid.directions.T @ axes @ shift) > room + _ROUNDING):
        return None
    affine = np.eye(4)
    affine[:3, :3] = axes * spacing
    affine[:3, 3] = own + axes @ (shift - (shape - 1) / 2 * spacing)
    return _grid(shape, affine)


def _all_of(found: Mapping[str, Geometry | None], balls: Balls) -> dict[str, Geometry]:
    """Return the grids; InputError where one cannot be, with what would be cut off."""
    cut = [
        ", ".join(ball.name for ball in balls.get(name, ())) or name
        for name, grid in found.items()
        if grid is None
    ]
    if cut:
        more = len(cut) - _MOST_NAMED
        raise InputError(
            f"what all scans have in common would cut off {'; '.join(cut[:_MOST_NAMED])}"
            f"{f'; and {more} more' if more > 0 else ''}; leave out the scan with the smallest field of view"
        )
    return {name: grid for name, grid in found.items() if grid is not None}


def _usual_directions(grids: Mapping[str, Geometry]) -> NDArray[np.float64]:
    """Return the directions that most grids have; of several, those of the first by name."""
    of = {name: tuple((grids[name].directions.round(2) + 0.0).ravel()) for name in sorted(grids)}
    usual, _ = Counter(of.values()).most_common(1)[0]
    return grids[next(name for name, each in of.items() if each == usual)].directions


def _along(grid: Geometry, axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each of a grid's axes goes along each of others, shape (own, other)."""
    return np.asarray(np.abs(grid.directions.T @ axes).round(9), dtype=np.float64)


def _share_inside(grid: Geometry, axes: NDArray[np.float64], extent: Vector) -> float:
    """Return to which share a box along other axes has to shrink to lie in a grid."""
    return float(np.min(np.multiply(grid.shape, grid.spacing_mm) / (_along(grid, axes) @ extent)))


def _radius(ball: Ball) -> float:
    return max(ball.radius_mm, _LEAST_RADIUS_MM)


def _middle(grid: Geometry) -> NDArray[np.float64]:
    return grid.to_mm((np.asarray(grid.shape) - 1) / 2)


def _grid(shape: Vector, affine: NDArray[np.float64]) -> Geometry:
    slices, rows, columns = (int(count) for count in shape)
    return Geometry((slices, rows, columns), affine)
