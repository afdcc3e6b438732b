"""Regions grown from a click: what hangs together with it and looks like it, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.drawing import indices, reached
from core.imaging.regions.patch import NOTHING, Patch, trimmed

_ITERATIONS = 4


@dataclass(frozen=True, eq=False)
class Limits:
    """How far a region may grow from the click; without limits a gap in a tumour's rim would fill the animal.

    Parameters
    ----------
    within_mm : float
        Distance from the click.
    most_mm3 : float
        Volume; a region that would become larger has leaked and is not made.
    in_plane : bool
        Within the click's slice alone.
    """

    within_mm: float
    most_mm3: float
    in_plane: bool = False


@dataclass(frozen=True, eq=False)
class Grown:
    """A region that grew, and what there is to say about it.

    Parameters
    ----------
    patch : Patch
        Whole voxels; empty where the region leaked or the click itself is out of range.
    volume_mm3 : float
        What it takes, or would have taken.
    low, high : float
        The values that belonged to it.
    note : str
        What the rater should know: that it leaked, or reached the distance; empty if nothing.
    """

    patch: Patch
    volume_mm3: float
    low: float
    high: float
    note: str


def grown_in_range(
    picture: NDArray[Any],
    geometry: Geometry,
    point_mm: ArrayLike,
    low: float,
    high: float,
    limits: Limits,
    *,
    neighbours: int = 0,
) -> Grown:
    """Grow over the voxels between two values that hang together with the click over their sides.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        Any unit; voxels without a finite value do not belong to it.
    geometry : Geometry
        Its grid.
    point_mm : array, shape (3,)
        The click, in LPS mm.
    low, high : float
        The range, both included.
    limits : Limits
        How far.
    neighbours : int
        Voxels around each one, along every axis, that must be in range as well: 1 closes thin bridges
        (ITK's NeighborhoodConnected), 0 takes each by itself (ConnectedThreshold).

    Raises
    ------
    InputError
        If picture and grid differ in shape, the range is none, the click is outside the picture or has no
        value, or a limit is not positive.
    """
    if not low <= high:
        raise InputError(f"a range from {low:g} to {high:g} holds no value")
    near = _Near(picture, geometry, point_mm, limits)
    return near.told(near.connected(low, high, neighbours), low, high)


def grown_alike(
    picture: NDArray[Any],
    geometry: Geometry,
    point_mm: ArrayLike,
    limits: Limits,
    *,
    spread: float = 2.5,
    neighbours: int = 1,
) -> Grown:
    """Grow over the voxels that look like those around the click.

    The range is mean +- `spread` SD of the voxels around the click, then, four times over, of what grew: the
    steps of ITK's ConfidenceConnected.

    Parameters
    ----------
    picture, geometry, point_mm, limits
        As for `grown_in_range`.
    spread : float
        How many SD to either side.
    neighbours : int
        Voxels around the click that the first range comes from, along every axis.

    Raises
    ------
    InputError
        As `grown_in_range`, or if `spread` is not positive.
    """
    if not (np.isfinite(spread) and spread > 0):
        raise InputError(f"a spread is a positive number of SD, not {spread:g}")
    near = _Near(picture, geometry, point_mm, limits)
    taken = near.around(neighbours)
    for _ in range(_ITERATIONS + 1):
        values = near.values[taken]
        mean, sd = float(values.mean()), float(values.std())
        low, high = mean - spread * sd, mean + spread * sd
        # the click belongs to what grows from it, whatever the range
        low, high = min(low, near.value), max(high, near.value)
        taken = near.connected(low, high, 0)
    return near.told(taken, low, high)


class _Near:
    """The picture around a click, as far as the region may grow."""

    def __init__(
        self, picture: NDArray[Any], geometry: Geometry, point_mm: ArrayLike, limits: Limits
    ) -> None:
        if picture.shape != geometry.shape:
            raise InputError(f"the picture has shape {picture.shape}, its grid {geometry.shape}")
        if not (limits.within_mm > 0 and limits.most_mm3 > 0):
            raise InputError("a region needs a distance and a volume above 0 to grow within")
        self._geometry, self._limits = geometry, limits
        point = np.asarray(point_mm, dtype=np.float64)
        index = indices(geometry, point[None], at_least=1)[0]
        seed = np.rint(index).astype(np.int64)
        if (seed < 0).any() or (seed >= geometry.shape).any():
            raise InputError("the click is outside the picture")
        axes = geometry.affine[:3, :3]
        reach = limits.within_mm * np.linalg.norm(np.linalg.inv(axes), axis=1) + 1
        if limits.in_plane:
            reach[0] = 0
        box = reached(geometry.shape, seed - reach, seed + reach)
        if box is None:
            raise InputError("the click is outside the picture")
        self._start = np.array([side.start for side in box])
        self._seed = tuple(int(n) for n in seed - self._start)
        # sitk takes a copy: the picture itself must not be touched
        self.values = np.array(picture[box], dtype=np.float64)
        self.value = float(self.values[self._seed])
        if not np.isfinite(self.value):
            raise InputError("there is no value where you clicked; click beside it")
        places = np.stack(
            np.meshgrid(*[np.arange(side.start, side.stop) for side in box], indexing="ij"), axis=-1
        )
        away = np.linalg.norm((places - seed) @ axes.T, axis=-1)
        self._inside = away <= limits.within_mm
        self._inside[self._seed] = True
        self._usable = self._inside & np.isfinite(self.values)

    def around(self, neighbours: int) -> NDArray[np.bool_]:
        """Return the usable voxels around the click."""
        taken = np.zeros(self.values.shape, dtype=np.bool_)
        taken[tuple(slice(max(n - neighbours, 0), n + neighbours + 1) for n in self._seed)] = True
        return np.asarray(taken & self._usable)

    def connected(self, low: float, high: float, neighbours: int) -> NDArray[np.bool_]:
        """Return the usable voxels in range that hang together with the click."""
        fits = self._usable & (self.values >= low) & (self.values <= high)
        image = sitk.GetImageFromArray(fits.astype(np.uint8))
        seed = [self._seed[::-1]]
        if neighbours:
            radius = [neighbours, neighbours, 0 if self._limits.in_plane else neighbours]
            grown = sitk.NeighborhoodConnected(image, seed, 1, 1, radius, 1)
        else:
            grown = sitk.ConnectedThreshold(image, seed, 1, 1)
        return np.asarray(sitk.GetArrayFromImage(grown), dtype=np.bool_)

    def told(self, taken: NDArray[np.bool_], low: float, high: float) -> Grown:
        """Return what grew, or that it leaked."""
        volume = int(np.count_nonzero(taken)) * self._geometry.voxel_volume_mm3
        if not volume:
            return Grown(NOTHING, 0.0, low, high, "the click itself, or what is around it, is out of range")
        if volume > self._limits.most_mm3:
            note = (
                f"it would take {volume:.3g} mm\u00b3, more than {self._limits.most_mm3:.3g}: it leaks; "
                "take a narrower range or a shorter distance"
            )
            return Grown(NOTHING, volume, low, high, note)
        fits = ~self._inside & np.isfinite(self.values) & (self.values >= low) & (self.values <= high)
        note = ""
        if (_beside(taken, self._limits.in_plane) & fits).any():
            note = f"it goes on beyond {self._limits.within_mm:g} mm from the click and was stopped there"
        start = (int(self._start[0]), int(self._start[1]), int(self._start[2]))
        return Grown(trimmed(Patch(start, taken.astype(np.uint8) * np.uint8(WHOLE))), volume, low, high, note)


def _beside(taken: NDArray[np.bool_], in_plane: bool) -> NDArray[np.bool_]:
    """Return the voxels that share a side with one that is taken."""
    beside = np.zeros_like(taken)
    for axis in range(1 if in_plane else 0, 3):
        ahead, behind = np.moveaxis(beside, axis, 0), np.moveaxis(taken, axis, 0)
        ahead[1:] |= behind[:-1]
        ahead[:-1] |= behind[1:]
    return beside
