"""How the slices of a grid lie on the screen: which index axis runs right, which down, which is flipped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.imaging.geometry import Geometry

# Radiological convention in LPS: (screen right, screen down) for slices whose normal is mostly x, y or z.
# Sagittal: front left, head up. Coronal: patient's right on the left, head up. Axial: front up.
_SCREEN = (
    (np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, -1.0])),
    (np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0])),
    (np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])),
)

Orientation = Literal["axial", "coronal", "sagittal"]
ORIENTATIONS: tuple[Orientation, ...] = get_args(Orientation)
SlabKind = Literal["mean", "max", "min"]
# the component of LPS along which the slices of an orientation follow each other
_NORMALS = {"sagittal": 0, "coronal": 1, "axial": 2}


def axis_across(geometry: Geometry, orientation: Orientation) -> int:
    """Return the index axis whose slices come closest to an orientation; no two orientations share one."""
    along = np.abs(geometry.directions)
    best = max(permutations(range(3)), key=lambda axes: sum(along[k, axes[k]] for k in range(3)))
    return best[_NORMALS[orientation]]


@dataclass(frozen=True, eq=False)
class Plane:
    """The stack of pictures that a grid makes when it is cut across one of its index axes.

    A place in the stack is (depth, down, right): depth counts slices (integers are slice centres), down and
    right are mm from the picture's top and left edge.
    """

    geometry: Geometry
    slice_axis: int = 0

    @cached_property
    def _axes(self) -> tuple[int, int, bool, bool]:
        """Return the index axes that run (down, right), and whether each is flipped."""
        directions = self.geometry.directions
        normal = int(np.argmax(np.abs(directions[:, self.slice_axis])))
        right, down = _SCREEN[normal]
        a, b = (axis for axis in range(3) if axis != self.slice_axis)
        if abs(directions[:, a] @ right) > abs(directions[:, b] @ right):
            a, b = b, a
        return a, b, bool(directions[:, a] @ down < 0), bool(directions[:, b] @ right < 0)

    @property
    def count(self) -> int:
        """How many slices there are."""
        return self.geometry.shape[self.slice_axis]

    @property
    def pixels(self) -> tuple[int, int]:
        """Rows and columns of a picture as shown."""
        down, right, _, _ = self._axes
        return self.geometry.shape[down], self.geometry.shape[right]

    @property
    def pixel_mm(self) -> tuple[float, float]:
        """Height and width of a pixel."""
        down, right, _, _ = self._axes
        return self.geometry.spacing_mm[down], self.geometry.spacing_mm[right]

    @property
    def thickness_mm(self) -> float:
        """Distance from slice to slice."""
        return self.geometry.spacing_mm[self.slice_axis]

    @property
    def size_mm(self) -> tuple[float, float]:
        """Height and width of a picture."""
        (rows, columns), (height, width) = self.pixels, self.pixel_mm
        return rows * height, columns * width

    @cached_property
    def _from_mm(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.inv(self._to_mm), dtype=np.float64)

    @cached_property
    def _to_mm(self) -> NDArray[np.float64]:
        """Matrix from (depth, down, right, 1) to LPS mm."""
        down, right, down_flipped, right_flipped = self._axes
        to_index = np.zeros((4, 4))
        to_index[self.slice_axis, 0] = 1.0
        to_index[3, 3] = 1.0
        for place, axis, flipped in ((1, down, down_flipped), (2, right, right_flipped)):
            spacing, count = self.geometry.spacing_mm[axis], self.geometry.shape[axis]
            # the top and left edges are half a pixel before the first centre
            to_index[axis, place] = -1.0 / spacing if flipped else 1.0 / spacing
            to_index[axis, 3] = count - 0.5 if flipped else -0.5
        return self.geometry.affine @ to_index

    def place_of(self, position_mm: ArrayLike) -> NDArray[np.float64]:
        """Turn LPS mm, shape (..., 3), into (depth, down, right)."""
        points = np.asarray(position_mm, dtype=np.float64)
        return np.asarray(points @ self._from_mm[:3, :3].T + self._from_mm[:3, 3])

    def position_of(self, place: ArrayLike) -> NDArray[np.float64]:
        """Turn (depth, down, right), shape (..., 3), into LPS mm."""
        points = np.asarray(place, dtype=np.float64)
        return np.asarray(points @ self._to_mm[:3, :3].T + self._to_mm[:3, 3])

    def slice_of(self, position_mm: ArrayLike) -> int:
        """Return the slice nearest to a position, the first or last one where it lies outside."""
        depth = float(self.place_of(position_mm)[0])
        return int(min(max(np.floor(depth + 0.5), 0), self.count - 1))

    def picture(self, data: NDArray[Any], depth: int) -> NDArray[Any]:
        """Cut slice `depth` out of (slice, row, column) data, as it is shown; a view, never a copy."""
        down, right, down_flipped, right_flipped = self._axes
        stack = data.transpose(self.slice_axis, down, right)
        return stack[depth, :: -1 if down_flipped else 1, :: -1 if right_flipped else 1]

    def slab(self, data: NDArray[Any], depth: int, mm: float, kind: SlabKind) -> NDArray[Any]:
        """Cut a slab: the mean, highest or lowest value of the slices whose centres lie within it.

        A slab no thicker than a slice is that slice. NaN spreads through a mean; the others leave it out.
        """
        reach = int(mm / 2 / self.thickness_mm + 1e-6)
        if reach == 0:
            return self.picture(data, depth)
        within = [slice(None)] * 3
        within[self.slice_axis] = slice(max(depth - reach, 0), depth + reach + 1)
        block = data[tuple(within)]
        if kind == "mean":
            flat = block.mean(axis=self.slice_axis, dtype=np.float32, keepdims=True)
        else:
            join = np.fmax if kind == "max" else np.fmin
            flat = join.reduce(block, axis=self.slice_axis, keepdims=True)
        return self.picture(flat, 0)

    @cached_property
    def directions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Unit vectors in LPS to the right and down on the screen."""
        down, right = self._to_mm[:3, 1], self._to_mm[:3, 2]
        return right / np.linalg.norm(right), down / np.linalg.norm(down)

    @cached_property
    def orientation(self) -> Orientation:
        """Which orientation the slices come closest to."""
        return next(each for each in ORIENTATIONS if axis_across(self.geometry, each) == self.slice_axis)

    @cached_property
    def letters(self) -> tuple[str, str, str, str]:
        """Name the patient directions at the left, right, top and bottom edge."""
        down, right, down_flipped, right_flipped = self._axes
        left_right = self.geometry.letters(right)
        top_bottom = self.geometry.letters(down)
        left, right_letter = left_right[::-1] if right_flipped else left_right
        top, bottom = top_bottom[::-1] if down_flipped else top_bottom
        return left, right_letter, top, bottom

    def parallel_to(self, other: Plane) -> bool:
        """Tell whether both stacks are cut along the same plane, turned the same way on the screen."""
        mine, theirs = self._to_mm[:3, :3], other._to_mm[:3, :3]
        mine, theirs = mine / np.linalg.norm(mine, axis=0), theirs / np.linalg.norm(theirs, axis=0)
        # 1e-3 is a twentieth of a degree: far below a pixel over any field of view
        return bool(np.abs(np.abs(np.sum(mine * theirs, axis=0)) - 1.0).max() < 1e-6)
