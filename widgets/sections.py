"""Cuts a volume along the slices of another grid, so that different series lie over each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from widgets.plane import Plane


class Section(NamedTuple):
    """Values as shown, and where they lie in the slice: top, left, height, width in mm."""

    values: NDArray[Any]
    top: float
    left: float
    height: float
    width: float


@dataclass
class ParallelPlanes:
    """Finds, once for each grid, the stack of it that lies parallel to a plane."""

    plane: Plane
    _found: dict[int, tuple[Geometry, Plane | None]] = field(default_factory=dict)

    def of(self, geometry: Geometry) -> Plane | None:
        """Return the parallel stack of a grid, or None where no index axis of it goes the same way."""
        # the grid is kept beside its stack, so that no other one can take its id
        if id(geometry) not in self._found:
            stacks = (Plane(geometry, axis) for axis in range(3))
            parallel = next((stack for stack in stacks if stack.parallel_to(self.plane)), None)
            self._found[id(geometry)] = (geometry, parallel)
        return self._found[id(geometry)][1]


def section(volume: Volume, parallels: ParallelPlanes, depth: int) -> Section | None:
    """Cut `volume` where slice `depth` of the plane lies; None where it does not reach.

    Every value is one of the volume's voxels, never interpolated. A parallel stack gives its nearest slice
    in its own pixels; another orientation is looked up at the centre of each pixel of the plane, NaN outside.
    """
    plane, own = parallels.plane, parallels.of(volume.geometry)
    if own is None:
        height, width = plane.size_mm
        return Section(_looked_up(volume, plane, depth), 0.0, 0.0, height, width)
    own_depth = own_depth_of(own, plane, depth)
    if own_depth is None:
        return None
    top, left = plane.place_of(own.position_of((own_depth, 0.0, 0.0)))[1:]
    return Section(own.picture(volume.data, own_depth), float(top), float(left), *own.size_mm)


def own_depth_of(own: Plane, plane: Plane, depth: int) -> int | None:
    """Return the slice of a parallel stack in which the middle of slice `depth` of the plane lies."""
    exact = float(own.place_of(plane.position_of((float(depth), 0.0, 0.0)))[0])
    nearest = int(np.floor(exact + 0.5 + 1e-9))
    return nearest if 0 <= nearest < own.count else None


def pixel_indices(geometry: Geometry, plane: Plane, depth: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the flat index of the voxel that holds the centre of each pixel of a slice, and where one does.

    Both have the shape (rows, columns) of the slice.
    """
    (rows, columns), (height, width) = plane.pixels, plane.pixel_mm
    corner = geometry.to_index(plane.position_of((depth, height / 2, width / 2)))
    down = geometry.to_index(plane.position_of((depth, 1.5 * height, width / 2))) - corner
    right = geometry.to_index(plane.position_of((depth, height / 2, 1.5 * width))) - corner
    inside = np.ones((rows, columns), dtype=np.bool_)
    flat = np.zeros((rows, columns), dtype=np.intp)
    for axis, size in enumerate(geometry.shape):
        # half a voxel on, so that cutting off the fraction finds the nearest centre
        start = corner[axis] + 0.5 + down[axis] * np.arange(rows)
        index = np.add.outer(start, right[axis] * np.arange(columns))
        inside &= index >= 0
        inside &= index < size
        flat *= size
        flat += index.astype(np.intp)
    return flat, inside


def _looked_up(volume: Volume, plane: Plane, depth: int) -> NDArray[np.float32]:
    flat, inside = pixel_indices(volume.geometry, plane, depth)
    # what lies outside takes any value, and loses it in the next line
    values = volume.data.reshape(-1).take(flat, mode="clip").astype(np.float32, copy=False)
    return np.where(inside, values, np.float32(np.nan))
