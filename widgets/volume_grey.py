"""A volume made ready for 3D: 16-bit levels, of bounded size, and what a ray through it meets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from core.errors import InputError
from core.imaging.roi import Mask
from core.imaging.volume import Volume
from core.progress import Progress

# 64 MiB as levels, and as much again as a texture; a larger volume is averaged down to it
MOST_VOXELS = 2**25
# what OpenGL 3.2 promises of a 3D texture, and all that we have met keep
_LONGEST_AXIS = 2048
TOP_LEVEL = 65535
# opacity of what is white, for each hundred-and-fiftieth of the volume's diagonal; nothing under _CLEAR of
# the window is seen, since air's noise would lie round the body as fog
_WHITE_OPACITY = 0.55
_CLEAR = 0.18


@dataclass(frozen=True, eq=False)
class GreyVolume:
    """Levels, shape (slice, row, column), 0 to 65535 for the values `low` to `high`; NaN is 0.

    `matrix` maps (slice, row, column, 1) to LPS mm. `note` tells what was done to the picture, if anything.
    """

    levels: NDArray[np.uint16]
    matrix: NDArray[np.float64]
    low: float
    high: float
    note: str = ""

    @cached_property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance of neighbouring voxels along (slice, row, column)."""
        slice_mm, row_mm, column_mm = (float(n) for n in np.linalg.norm(self.matrix[:3, :3], axis=0))
        return slice_mm, row_mm, column_mm

    @cached_property
    def corners_mm(self) -> NDArray[np.float64]:
        """The eight outermost voxel centres, LPS mm, shape (8, 3)."""
        index = np.array(list(product(*((0.0, n - 1.0) for n in self.levels.shape))))
        return np.asarray(index @ self.matrix[:3, :3].T + self.matrix[:3, 3])

    @property
    def middle_mm(self) -> NDArray[np.float64]:
        """The middle of the volume, LPS mm."""
        return np.asarray(self.corners_mm.mean(axis=0))

    @cached_property
    def diagonal_mm(self) -> float:
        """From corner to corner; that of a single voxel where there is no more."""
        return float(max(np.ptp(self.corners_mm, axis=0) @ np.ptp(self.corners_mm, axis=0), 1e-12) ** 0.5)

    def level(self, value: float) -> float:
        """Return the level, with fractions and beyond both ends, of a value."""
        return (value - self.low) / (self.high - self.low) * TOP_LEVEL

    @cached_property
    def _inverse(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)

    def levels_at(self, positions_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the levels nearest to LPS positions, shape (n, 3); NaN outside."""
        index = np.rint(positions_mm @ self._inverse[:3, :3].T + self._inverse[:3, 3]).astype(np.int64)
        held = np.all((index >= 0) & (index < np.asarray(self.levels.shape)), axis=1)
        found = np.full(len(index), np.nan)
        found[held] = self.levels[tuple(index[held].T)]
        return found


@dataclass(frozen=True, eq=False)
class Surface:
    """A region to be seen as a body. `mask`, shape (slice, row, column); `matrix` as in GreyVolume."""

    key: str
    mask: Mask
    matrix: NDArray[np.float64]
    colour: str

    @cached_property
    def corners_mm(self) -> NDArray[np.float64]:
        """The corners of the box round the region, LPS mm, shape (8, 3)."""
        where = np.argwhere(self.mask)
        index = np.array(list(product(*zip(where.min(axis=0) - 0.5, where.max(axis=0) + 0.5, strict=True))))
        return np.asarray(index @ self.matrix[:3, :3].T + self.matrix[:3, 3])


@dataclass(frozen=True)
class Cut:
    """Takes away what lies beyond a plane across x, y or z (`axis` 0, 1, 2) of the patient.

    What remains is the side to which the axis points (`keeps` 1) or the other (-1).
    """

    axis: int
    at_mm: float
    keeps: int

    def spares(self, positions_mm: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which positions, shape (n, 3), remain."""
        return np.asarray(self.keeps * (positions_mm[:, self.axis] - self.at_mm) >= 0)


def grey_volume(
    volume: Volume, most_voxels: int = MOST_VOXELS, progress: Progress | None = None
) -> GreyVolume:
    """Make a volume ready; one that is too large is averaged over whole blocks, finest axis first.

    `progress` is asked before every slice: cancelled() stops with InputError.
    """
    factors = _factors(volume, most_voxels)
    low, high = _range(volume.data)
    shape = tuple(-(-n // f) for n, f in zip(volume.data.shape, factors, strict=True))
    levels = np.empty(shape, dtype=np.uint16)
    for k in range(shape[0]):
        if progress is not None and progress.cancelled():
            raise InputError("the 3D picture was stopped")
        # one slice at a time: the floats of a whole volume would take twice its room
        part = _averaged(volume.data[k * factors[0] : (k + 1) * factors[0]], factors)
        part -= np.float32(low)
        part *= np.float32(TOP_LEVEL / (high - low))
        np.fmax(part, np.float32(0), out=part)
        np.fmin(part, np.float32(TOP_LEVEL), out=part)
        levels[k] = np.rint(part)
    to_old = np.diag([*(float(f) for f in factors), 1.0])
    to_old[:3, 3] = [(f - 1) / 2 for f in factors]
    note = ""
    if max(factors) > 1:
        note = QCoreApplication.translate("VolumeGrey", "Coarser: {factors} voxels in one")
        note = note.format(factors=" × ".join(str(f) for f in factors))
    return GreyVolume(levels, volume.geometry.affine @ to_old, low, high, note)


def opacity_points(low: float, high: float) -> tuple[tuple[float, float], ...]:
    """Return (level, opacity) of the volume picture for a window from `low` to `high`, both levels."""
    width = high - low
    return (
        (low + _CLEAR * width, 0.0),
        (low + 0.5 * width, 0.35 * _WHITE_OPACITY),
        (high, _WHITE_OPACITY),
    )


def opacity_unit_mm(grey: GreyVolume) -> float:
    """Return the way through tissue for which `opacity_points` holds."""
    return grey.diagonal_mm / 150


def met(
    grey: GreyVolume,
    surfaces: tuple[Surface, ...],
    cuts: tuple[Cut, ...],
    ray: tuple[NDArray[np.float64], NDArray[np.float64]],
    window: tuple[float, float],
    *,
    brightest: bool,
) -> NDArray[np.float64] | None:
    """Return what a ray (a place, a unit vector into the screen) points at, LPS mm; None: at nothing.

    A surface comes first, since it shows through everything. Else it is the brightest voxel of the ray
    (MIP), or the depth at which half of the light is stopped. `window`: lowest and highest level shown.
    """
    start, into = ray
    reach = (grey.corners_mm - start) @ into
    step = min(grey.spacing_mm) / 2
    depths = np.arange(reach.min(), reach.max() + step, step)
    way = start + depths[:, None] * into
    for inside in (_in_surface(surface, way) for surface in surfaces):
        if inside.any():
            return np.asarray(way[int(np.argmax(inside))])
    levels = grey.levels_at(way)
    for cut in cuts:
        levels[~cut.spares(way)] = np.nan
    low, high = window
    if not np.any(levels > low):
        return None
    if brightest:
        return np.asarray(way[int(np.nanargmax(levels))])
    at, opacity = zip(*opacity_points(low, high), strict=True)
    passed = 1.0 - np.interp(np.nan_to_num(levels, nan=-np.inf), at, opacity)
    left = np.cumprod(passed ** (step / opacity_unit_mm(grey)))
    stopped = left < 0.5
    return np.asarray(way[int(np.argmax(stopped))]) if stopped.any() else None


def _in_surface(surface: Surface, way: NDArray[np.float64]) -> NDArray[np.bool_]:
    inverse = np.linalg.inv(surface.matrix)
    index = np.rint(way @ inverse[:3, :3].T + inverse[:3, 3]).astype(np.int64)
    held = np.all((index >= 0) & (index < np.asarray(surface.mask.shape)), axis=1)
    inside = np.zeros(len(way), dtype=np.bool_)
    inside[held] = surface.mask[tuple(index[held].T)]
    return inside


def _range(data: NDArray[Any]) -> tuple[float, float]:
    low, high = np.inf, -np.inf
    for part in data:
        finite = part[np.isfinite(part)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if not low < high:
        low = low if np.isfinite(low) else 0.0
        high = low + 1.0
    return low, high


def _factors(volume: Volume, most_voxels: int) -> tuple[int, int, int]:
    factors, shape = [1, 1, 1], np.asarray(volume.data.shape)
    while True:
        left = -(-shape // factors)
        too_long = left > _LONGEST_AXIS
        if not too_long.any() and np.prod(left) <= most_voxels:
            return factors[0], factors[1], factors[2]
        spacing = np.asarray(volume.geometry.spacing_mm) * factors
        spacing[left == 1] = np.inf
        if too_long.any():
            spacing[~too_long] = np.inf
        factors[int(np.argmin(spacing))] += 1


def _averaged(slices: NDArray[Any], factors: tuple[int, int, int]) -> NDArray[np.float32]:
    """Average some slices into one, and blocks of its pixels."""
    made = np.asarray(slices, dtype=np.float32).mean(axis=0) if len(slices) > 1 else slices[0]
    made = np.array(made, dtype=np.float32)
    for axis, factor in ((0, factors[1]), (1, factors[2])):
        if factor > 1:
            starts = np.arange(0, made.shape[axis], factor)
            counts = np.minimum(factor, made.shape[axis] - starts).astype(np.float32)
            made = np.add.reduceat(made, starts, axis=axis)
            made /= counts[:, None] if axis == 0 else counts
    return made
