"""Regions as coverage: the share of every voxel that lies inside, and the form it is stored and hashed in."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry

Coverage = NDArray[np.uint8]  # (slice, row, column), 0 nothing of the voxel to 255 all of it
Mask = NDArray[np.bool_]
Region = Coverage | Mask
Box = tuple[slice, slice, slice]

WHOLE = 255
# from here up a voxel belongs to the region where voxels count whole: Dice, voxel-wise kappa, SEG
HALF = 128
# first and last + 1 along slice, row and column, little endian, before the voxels of a stored coverage
_BOX = np.dtype(("<u4", (3, 2)))


def as_coverage(region: NDArray[Any]) -> Coverage:
    """Return a region as coverage: what is one already as it is, a bool mask as 0 and 255.

    Raises
    ------
    InputError
        If it is neither of uint8 nor of bool.
    """
    if region.dtype == np.uint8:
        return np.asarray(region, dtype=np.uint8)
    if region.dtype == np.bool_:
        return np.where(region, np.uint8(WHOLE), np.uint8(0))
    raise InputError(f"a region is coverage (uint8) or a mask (bool), not {region.dtype}")


def coverage_mask(coverage: Coverage) -> Mask:
    """Return the voxels of which at least half lie inside (`HALF` and more)."""
    return np.asarray(coverage >= HALF)


def coverage_box(region: Region) -> Box | None:
    """Return the smallest box that holds every voxel the region touches; None where it touches none."""
    slices, rows, columns = region.shape
    lines = np.ascontiguousarray(region).view(np.uint8).reshape(slices * rows, columns)
    # eight voxels at a time
    words = lines.view(np.uint64) if columns % 8 == 0 else lines
    touched = np.bitwise_or.reduce(words, axis=1).reshape(slices, rows) > 0
    if not touched.any():
        return None
    held, row = _span(touched.any(axis=1)), _span(touched.any(axis=0))
    column = _span(np.bitwise_or.reduce(region[held, row], axis=(0, 1)) > 0)
    return held, row, column


def coverage_size(region: Region, *, box: Box | None = None) -> NDArray[np.float64]:
    """Return how many voxels lie inside in every slice, parts of voxels as such; shape (slices,).

    `box` holds all of the region, if it is known.
    """
    size = np.zeros(len(region))
    box = coverage_box(region) if box is None else box
    if box is not None:
        size[box[0]] = region[box].sum(axis=(1, 2), dtype=np.int64)
    return size if region.dtype == np.bool_ else size / WHOLE


def holds_voxel(region: Region) -> bool:
    """Tell whether all parts of voxels inside make one voxel or more."""
    return float(coverage_size(region).sum()) >= 1


def largest_area_mm2(region: Region, geometry: Geometry) -> float:
    """Return the region's area in mm^2 in the slice where it is largest."""
    return float(coverage_size(region).max()) * voxel_area_mm2(geometry)


def voxel_area_mm2(geometry: Geometry) -> float:
    """Return the area of a voxel in its slice, in mm^2."""
    (a, b), (c, d), (e, f) = geometry.affine[:3, 1:3].tolist()
    # the cross product's length; numpy's own takes longer than a region's sum
    return math.hypot(c * f - e * d, e * b - a * f, a * d - c * b)


def coverage_bytes(coverage: Coverage) -> bytes:
    """Return the form that is hashed and stored: the box that holds the region, then its voxels."""
    box = coverage_box(coverage)
    if box is None:
        return bytes(_BOX.itemsize)
    ends = np.array([(side.start, side.stop) for side in box], dtype="<u4")
    return ends.tobytes() + coverage[box].tobytes()


def coverage_from_bytes(data: bytes, shape: tuple[int, int, int]) -> Coverage:
    """Return the coverage that `coverage_bytes` wrote.

    Raises
    ------
    InputError
        If the bytes do not describe a region on a grid of this shape.
    """
    fault = InputError(f"a region of {len(data)} bytes does not fit a grid of {shape}")
    if len(data) < _BOX.itemsize:
        raise fault
    ends = np.frombuffer(data, dtype="<u4", count=6).reshape(3, 2).astype(np.int64)
    sides = ends[:, 1] - ends[:, 0]
    if (sides < 0).any() or (ends[:, 1] > shape).any() or len(data) != _BOX.itemsize + int(sides.prod()):
        raise fault
    coverage = np.zeros(shape, dtype=np.uint8)
    box = tuple(slice(int(first), int(last)) for first, last in ends)
    coverage[box] = np.frombuffer(data, dtype=np.uint8, offset=_BOX.itemsize).reshape(sides)
    return coverage


def largest_bytes(shape: tuple[int, int, int]) -> int:
    """Return the most bytes that a region on a grid of this shape can take."""
    return _BOX.itemsize + int(np.prod(shape))


def coverage_sha256(coverage: Coverage) -> str:
    """Return the SHA-256 of a grid's shape and the region on it, in hexadecimal."""
    shape = ",".join(str(n) for n in coverage.shape).encode()
    return hashlib.sha256(shape + b":" + coverage_bytes(coverage)).hexdigest()


def _span(touched: Mask) -> slice:
    places = np.flatnonzero(touched)
    return slice(int(places[0]), int(places[-1]) + 1)
