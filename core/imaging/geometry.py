"""Where voxels lie in the patient: (slice, row, column) indices to LPS millimetres and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError

# DICOM PS3.3 C.7.6.2.1.1: x grows to the patient's left, y to the back (posterior), z to the head.
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))


@dataclass(frozen=True, eq=False)
class Geometry:
    """A regular grid of voxels in patient space.

    Parameters
    ----------
    shape : tuple of int
        (slices, rows, columns).
    affine : array, shape (4, 4)
        Maps the homogeneous index (slice, row, column, 1) to LPS mm; integer indices are voxel centres.

    Raises
    ------
    InputError
        If a dimension is not positive or the affine is not finite and invertible.
    """

    shape: tuple[int, int, int]
    affine: NDArray[np.float64]

    def __post_init__(self) -> None:
        if len(self.shape) != 3 or min(self.shape) < 1:
            raise InputError(f"a volume needs three positive dimensions, not {self.shape}")
        affine = np.array(self.affine, dtype=np.float64)
        if affine.shape != (4, 4) or not np.isfinite(affine).all() or abs(np.linalg.det(affine)) < 1e-12:
            raise InputError("the image's position or orientation is not a regular grid")
        affine.setflags(write=False)
        object.__setattr__(self, "shape", tuple(int(n) for n in self.shape))
        object.__setattr__(self, "affine", affine)

    @classmethod
    def axial(
        cls,
        shape: tuple[int, int, int],
        spacing_mm: tuple[float, float, float],
        origin_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
    ) -> Geometry:
        """Make a grid of axial slices: columns to the left, rows to the back, slices to the head.

        `spacing_mm` is (slice, row, column); `origin_mm` the LPS centre of voxel (0, 0, 0).
        """
        affine = np.zeros((4, 4))
        affine[2, 0], affine[1, 1], affine[0, 2] = spacing_mm
        affine[:3, 3] = origin_mm
        affine[3, 3] = 1.0
        return cls(shape, affine)

    @cached_property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance of neighbouring voxel centres along (slice, row, column)."""
        lengths = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(lengths[0]), float(lengths[1]), float(lengths[2])

    @cached_property
    def voxel_volume_mm3(self) -> float:
        """Volume of one voxel."""
        return float(abs(np.linalg.det(self.affine[:3, :3])))

    @cached_property
    def directions(self) -> NDArray[np.float64]:
        """Unit vectors in LPS along the slice, row and column index, as the columns of a (3, 3) array."""
        return np.asarray(self.affine[:3, :3] / np.asarray(self.spacing_mm), dtype=np.float64)

    @cached_property
    def _inverse(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.inv(self.affine), dtype=np.float64)

    def to_mm(self, index: ArrayLike) -> NDArray[np.float64]:
        """Turn indices, shape (..., 3) as (slice, row, column), into LPS mm, shape (..., 3)."""
        points = np.asarray(index, dtype=np.float64)
        return np.asarray(points @ self.affine[:3, :3].T + self.affine[:3, 3])

    def to_index(self, position_mm: ArrayLike) -> NDArray[np.float64]:
        """Turn LPS mm, shape (..., 3), into fractional (slice, row, column) indices, shape (..., 3)."""
        points = np.asarray(position_mm, dtype=np.float64)
        return np.asarray(points @ self._inverse[:3, :3].T + self._inverse[:3, 3])

    def holds(self, position_mm: ArrayLike) -> bool:
        """Tell whether the LPS position (x, y, z) lies inside one of the voxels."""
        index = self.to_index(position_mm)
        return bool(np.all(index >= -0.5) and np.all(index < np.asarray(self.shape) - 0.5))

    def same_grid(self, other: Geometry, tolerance_mm: float = 1e-3) -> bool:
        """Tell whether both grids have the same shape and no corner differs by more than `tolerance_mm`."""
        if self.shape != other.shape:
            return False
        corners = np.array(np.meshgrid(*[(0, n - 1) for n in self.shape])).reshape(3, -1).T
        return bool(np.abs(self.to_mm(corners) - other.to_mm(corners)).max() <= tolerance_mm)

    def moved(self, offset_mm: ArrayLike) -> Geometry:
        """Return the same grid with `offset_mm` (x, y, z) added to every position."""
        affine = self.affine.copy()
        affine[:3, 3] += np.asarray(offset_mm, dtype=np.float64)
        return Geometry(self.shape, affine)

    def letters(self, axis: int) -> tuple[str, str]:
        """Name the patient directions at the low and the high end of an index axis.

        Oblique axes get one letter per component that counts, the largest first ("LPH"), as DICOM's
        Patient Orientation (PS3.3 C.7.6.1.1.1). `axis`: 0 slice, 1 row, 2 column.
        """
        return direction_letters(-self.directions[:, axis]), direction_letters(self.directions[:, axis])


def direction_letters(direction: ArrayLike) -> str:
    """Name the patient direction of a unit vector (x, y, z) in LPS, as `Geometry.letters` does."""
    # rounded: halfway between two directions the order must not hang on the last bit
    parts = np.round(np.asarray(direction, dtype=np.float64), 9)
    # a component under 0.26 (15 degrees off the plane) would only clutter the letter
    counting = [k for k in np.argsort(-np.abs(parts), kind="stable") if abs(parts[k]) >= 0.26]
    return "".join(_LETTERS[k][int(parts[k] > 0)] for k in counting)
