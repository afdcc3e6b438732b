"""Bodies as signed distances, and the share of each voxel that they fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from core.imaging.geometry import Geometry

Points = NDArray[np.float32]  # (3, n): x, y, z in LPS mm, apart because that is faster

Distances = NDArray[np.float32]  # (...), mm, negative inside
Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


class Shape(Protocol):
    """A body in patient space."""

    @property
    def bounds_mm(self) -> Bounds:
        """A box that holds the body: its lowest and its highest LPS corner."""

    def distance(self, points: Points) -> Distances:
        """Return the (nearly) signed distance to the surface, negative inside."""


@dataclass(frozen=True, eq=False)
class Ellipsoid:
    """An ellipsoid; `rotation`, shape (3, 3), holds the directions of its semi-axes as rows."""

    centre_mm: tuple[float, float, float]
    semi_axes_mm: tuple[float, float, float]
    rotation: NDArray[np.float64] | None = None

    @property
    def bounds_mm(self) -> Bounds:
        """The tightest box."""
        rotation = np.eye(3) if self.rotation is None else self.rotation
        half = np.linalg.norm(rotation * np.asarray(self.semi_axes_mm)[:, None], axis=0)
        return np.asarray(self.centre_mm) - half, np.asarray(self.centre_mm) + half

    def distance(self, points: Points) -> Distances:
        """Return the first-order distance k0 (k0 - 1) / k1, exact on the surface."""
        local = _local(points, self.centre_mm)
        if self.rotation is not None:
            local = np.asarray(self.rotation.astype(np.float32) @ local)
        inverse = (1 / np.asarray(self.semi_axes_mm, dtype=np.float32))[:, None]
        local *= inverse
        k0 = _length(local)
        local *= inverse
        return np.asarray(k0 * (k0 - 1) / np.maximum(_length(local), 1e-6), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Blob:
    """A ball with an irregular margin: r(u) = radius (1 + sum of plane waves over the direction u).

    Parameters
    ----------
    radius_mm : float
        Radius of the ball of the same volume.
    waves : array, shape (n, 3)
        Wave vectors over the unit sphere.
    phases, amplitudes : array, shape (n,)
        Their phases and relative amplitudes.
    """

    centre_mm: tuple[float, float, float]
    radius_mm: float
    waves: NDArray[np.float32]
    phases: NDArray[np.float32]
    amplitudes: NDArray[np.float32]

    @classmethod
    def draw(
        cls,
        rng: np.random.Generator,
        centre_mm: tuple[float, float, float],
        radius_mm: float,
        irregularity: float,
    ) -> Blob:
        """Draw a margin whose relative roughness (SD of the radius) is `irregularity`."""
        n = 8
        waves = rng.normal(size=(n, 3)) * rng.uniform(1.2, 4.0, size=(n, 1))
        phases = rng.uniform(0, 2 * np.pi, size=n)
        amplitudes = rng.uniform(0.5, 1.0, size=n) / (1 + 0.3 * np.linalg.norm(waves, axis=1))
        amplitudes *= irregularity * np.sqrt(2) / np.linalg.norm(amplitudes)
        parts = [np.asarray(part, dtype=np.float32) for part in (waves, phases, amplitudes)]
        rough = cls(centre_mm, 1.0, *parts)
        # equal volume: the mean of r^3 over all directions must be 1
        directions = rng.normal(size=(4000, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        mean_cube = float(np.mean(rough._radius(directions.T.astype(np.float32)) ** 3))
        return cls(centre_mm, radius_mm / mean_cube ** (1 / 3), *parts)

    @property
    def bounds_mm(self) -> Bounds:
        """A box that holds the body even where all waves crest."""
        half = self.radius_mm * (1 + float(np.abs(self.amplitudes).sum()))
        return np.asarray(self.centre_mm) - half, np.asarray(self.centre_mm) + half

    def _radius(self, directions: Points) -> Distances:
        waved = self.amplitudes @ np.cos(self.waves @ directions + self.phases[:, None])
        return np.asarray(self.radius_mm * np.maximum(1 + waved, 0.3), dtype=np.float32)

    def distance(self, points: Points) -> Distances:
        """Return the distance along the radius."""
        local = _local(points, self.centre_mm)
        length = _length(local)
        local /= np.maximum(length, np.float32(1e-6))
        return length - self._radius(local)


@dataclass(frozen=True, eq=False)
class Union:
    """The union of bodies, their junctions rounded over `blend_mm`, grown by `grow_mm`."""

    parts: tuple[Shape, ...]
    blend_mm: float = 0.0
    grow_mm: float = 0.0

    @property
    def bounds_mm(self) -> Bounds:
        """A box that holds every part."""
        lows, highs = zip(*(part.bounds_mm for part in self.parts), strict=True)
        margin = self.grow_mm + self.blend_mm / 4
        return np.min(lows, axis=0) - margin, np.max(highs, axis=0) + margin

    def distance(self, points: Points) -> Distances:
        """Return the polynomial smooth minimum of the parts' distances."""
        total = self.parts[0].distance(points)
        for part in self.parts[1:]:
            other = part.distance(points)
            lower = np.minimum(total, other)
            if self.blend_mm > 0:
                h = np.maximum(self.blend_mm - np.abs(total - other), 0) / np.float32(self.blend_mm)
                lower -= h * h * np.float32(self.blend_mm / 4)
            total = lower
        return total - np.float32(self.grow_mm)


@dataclass(frozen=True, eq=False)
class Intersection:
    """What two bodies share."""

    first: Shape
    second: Shape

    @property
    def bounds_mm(self) -> Bounds:
        """What both boxes share; one point where they share nothing."""
        (low, high), (other_low, other_high) = self.first.bounds_mm, self.second.bounds_mm
        low, high = np.maximum(low, other_low), np.minimum(high, other_high)
        return low, np.maximum(low, high)

    def distance(self, points: Points) -> Distances:
        """Return the larger of both distances."""
        return np.maximum(self.first.distance(points), self.second.distance(points))


def coverage(
    shape: Shape, geometry: Geometry, step_mm: float
) -> tuple[tuple[slice, slice, slice], NDArray[np.float32]]:
    """Return the share of each voxel that a body fills, from 0 to 1.

    A voxel near the surface is sampled on a lattice no coarser than `step_mm`, and each sample counts by
    how far the surface is within its own small cell; so slabs, edges and bodies smaller than a voxel come
    out right.

    Returns
    -------
    box : tuple of slice
        The part of the grid outside which the share is 0.
    share : float32 array
        The share of each voxel of the box.
    """
    box = _box(shape, geometry)
    index = np.indices([s.stop - s.start for s in box], dtype=np.float32).reshape(3, -1)
    steps = geometry.affine[:3, :3]
    first = geometry.to_mm([s.start for s in box])
    centres = (steps.astype(np.float32) @ index) + first.astype(np.float32)[:, None]
    middle = shape.distance(centres)
    share = (middle < 0).astype(np.float32)
    # distances are exact to first order only: a whole diagonal is a safe margin
    near = np.flatnonzero(np.abs(middle) < np.linalg.norm(geometry.spacing_mm))
    # soft cells make more than four samples along an axis a waste
    counts = [min(4, int(np.ceil(step / step_mm))) for step in geometry.spacing_mm]
    cell_mm = float(np.mean([step / n for step, n in zip(geometry.spacing_mm, counts, strict=True)]))
    lattice = (np.indices(counts).reshape(3, -1) + 0.5) / np.array(counts)[:, None] - 0.5
    shifts = (steps @ lattice).astype(np.float32)
    # all samples of all voxels in one go: a call costs more than a hundred points
    samples = (centres[:, None, near] + shifts[:, :, None]).reshape(3, -1)
    inside = np.clip(np.float32(0.5) - shape.distance(samples) / np.float32(cell_mm), 0, 1)
    share[near] = inside.reshape(shifts.shape[1], near.size).mean(axis=0)
    return box, share.reshape([s.stop - s.start for s in box])


def _local(points: Points, centre_mm: tuple[float, float, float]) -> Points:
    return points - np.asarray(centre_mm, dtype=np.float32)[:, None]


def _length(vectors: Points) -> Distances:
    return np.asarray(np.sqrt(vectors[0] ** 2 + vectors[1] ** 2 + vectors[2] ** 2))


def _box(shape: Shape, geometry: Geometry) -> tuple[slice, slice, slice]:
    """Return the index box of all voxels that the body may touch; at least one voxel wide."""
    corners = np.array(list(product(*zip(*shape.bounds_mm, strict=True))))
    index = geometry.to_index(corners)
    # a voxel reaches half a step beyond its centre
    low = np.clip(np.floor(index.min(axis=0) - 0.5), 0, np.array(geometry.shape) - 1).astype(int)
    high = np.clip(np.ceil(index.max(axis=0) + 1.5), low + 1, geometry.shape).astype(int)
    return slice(low[0], high[0]), slice(low[1], high[1]), slice(low[2], high[2])


@dataclass(frozen=True, eq=False)
class Texture:
    """A smooth random field in patient space with mean 0 and SD 1, the same whatever grid asks."""

    lattice: NDArray[np.float32]
    step_mm: float

    @classmethod
    def draw(cls, rng: np.random.Generator, grain_mm: float, extent_mm: float = 40.0) -> Texture:
        """Draw a field whose grains are about `grain_mm` wide; it repeats after `extent_mm`."""
        step_mm = grain_mm / 2
        n = int(np.ceil(extent_mm / step_mm))
        noise = gaussian_filter(rng.normal(size=(n, n, n)).astype(np.float32), 1.0, mode="wrap")
        return cls((noise - noise.mean()) / noise.std(), step_mm)

    def at(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the field at LPS points, shape (..., 3)."""
        index = np.moveaxis(points / self.step_mm + self.lattice.shape[0] / 2, -1, 0)
        return np.asarray(map_coordinates(self.lattice, index, order=1, mode="grid-wrap"))


def share_front_to_back(
    shapes: Sequence[tuple[Shape, float]], geometry: Geometry
) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Give every voxel's volume to the bodies that fill it; those named first hide those behind.

    Parameters
    ----------
    shapes : sequence of (Shape, float)
        Bodies with their sampling step in mm, the foremost first.

    Returns
    -------
    list of (index, share)
        Per body the flat indices of the voxels that it fills at least in part, and the share of each.
        The shares of a voxel add up to 1 at most; what is missing is air.
    """
    free = np.ones(geometry.shape, dtype=np.float32)
    flat = np.arange(free.size).reshape(geometry.shape)
    parts = []
    for shape, step_mm in shapes:
        box, cover = coverage(shape, geometry, step_mm)
        share = free[box] * cover
        free[box] -= share
        seen = share > 1e-3
        parts.append((flat[box][seen], share[seen]))
    return parts
