"""Regions drawn on a grid: masks from polygons and brush strokes, and the numbers inside them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume

RoiKind = Literal["tumour", "reference", "noise"]
ROI_KINDS: tuple[RoiKind, ...] = get_args(RoiKind)
Mask = NDArray[np.bool_]

# In voxels. A point this near to an edge counts as on it, so that a mirrored or turned copy of a drawing,
# whose numbers differ in the last bit, takes the same voxels.
_ON_EDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Roi:
    """One region on one grid.

    Parameters
    ----------
    roi_id : str
        Unique name, 32 hexadecimal digits.
    kind : {"tumour", "reference", "noise"}
        What the region stands for.
    mask : bool array, shape (slice, row, column)
        The voxels taken; kept read-only.
    geometry : Geometry
        The grid, that of the multi-echo series.

    Raises
    ------
    InputError
        If the kind is unknown or mask and geometry differ in shape.
    """

    roi_id: str
    kind: RoiKind
    mask: Mask
    geometry: Geometry

    def __post_init__(self) -> None:
        if self.kind not in ROI_KINDS:
            raise InputError(f"a region is one of {', '.join(ROI_KINDS)}, not {self.kind!r}")
        if self.mask.shape != self.geometry.shape:
            raise InputError(f"the region has shape {self.mask.shape}, its grid {self.geometry.shape}")
        mask = np.array(self.mask, dtype=np.bool_)
        mask.setflags(write=False)
        object.__setattr__(self, "mask", mask)

    @property
    def voxels(self) -> int:
        """How many voxels the region takes."""
        return int(np.count_nonzero(self.mask))

    @property
    def volume_mm3(self) -> float:
        """Volume over all slices, in mm^3."""
        return self.voxels * self.geometry.voxel_volume_mm3

    @property
    def area_mm2(self) -> float:
        """Area in the slice where it is largest, in mm^2."""
        return largest_area_mm2(self.mask, self.geometry)


@dataclass(frozen=True)
class RegionNumbers:
    """What a region holds. Voxels whose value is not finite are left out of the statistics and counted.

    Statistics of no voxel at all are NaN; `sd` (n - 1 in the denominator) needs two.
    """

    voxels: int  # all voxels of the region
    left_out: int  # of these, without a finite value
    area_mm2: float  # in the slice where it is largest
    volume_mm3: float
    mean: float
    sd: float
    median: float
    q25: float
    q75: float


def polygon_mask(geometry: Geometry, points_mm: ArrayLike) -> Mask:
    """Take the voxels whose centres lie inside or on a closed polygon drawn in one slice.

    Parameters
    ----------
    geometry : Geometry
        The grid.
    points_mm : array, shape (n, 3)
        Corners in LPS mm, in order; the last joins the first. Where the outline crosses itself the
        even-odd rule holds.

    Returns
    -------
    bool array, shape (slice, row, column)

    Raises
    ------
    InputError
        If there are fewer than three corners, one is not finite, or the corners leave the plane of one
        slice by more than half a slice.
    """
    index = _in_one_slice(geometry, points_mm, at_least=3)
    mask = np.zeros(geometry.shape, dtype=np.bool_)
    k = round(float(index[:, 0].mean()))
    box = _box(geometry, index[:, 1:], (_ON_EDGE, _ON_EDGE))
    if box is None or not 0 <= k < geometry.shape[0]:
        return mask
    rows, columns = box
    row, column = np.meshgrid(
        np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop), indexing="ij"
    )
    mask[k, rows, columns] = _inside(row, column, index[:, 1:])
    return mask


def stroke_mask(geometry: Geometry, path_mm: ArrayLike, radius_mm: float) -> Mask:
    """Take the voxels of one slice whose centres lie within `radius_mm` of a path: a disc swept along it.

    Parameters
    ----------
    geometry : Geometry
        The grid.
    path_mm : array, shape (n, 3)
        Points of the path in LPS mm; one point gives a disc. A disc narrower than a voxel may reach no
        centre and so take nothing.
    radius_mm : float
        Radius of the brush in mm.

    Returns
    -------
    bool array, shape (slice, row, column)

    Raises
    ------
    InputError
        If the path is empty or not finite, leaves the plane of one slice by more than half a slice, or
        the radius is not positive.
    """
    if not (np.isfinite(radius_mm) and radius_mm > 0):
        raise InputError(f"a brush needs a positive radius, not {radius_mm} mm")
    index = _in_one_slice(geometry, path_mm, at_least=1)
    mask = np.zeros(geometry.shape, dtype=np.bool_)
    k = round(float(index[:, 0].mean()))
    _, row_mm, column_mm = geometry.spacing_mm
    # on sheared grids a disc reaches further along an index than radius / spacing: the sine corrects it
    _, row_axis, column_axis = geometry.directions.T
    sine = max(float(np.linalg.norm(np.cross(row_axis, column_axis))), 1e-6)
    box = _box(geometry, index[:, 1:], (radius_mm / (row_mm * sine), radius_mm / (column_mm * sine)))
    if box is None or not 0 <= k < geometry.shape[0]:
        return mask
    rows, columns = box
    grid = np.stack(
        np.meshgrid(
            [k], np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop), indexing="ij"
        ),
        axis=-1,
    )[0]
    centres = geometry.to_mm(grid)
    flat = index.copy()
    flat[:, 0] = k
    path = geometry.to_mm(flat)
    near = np.zeros(centres.shape[:2], dtype=np.bool_)
    limit = radius_mm + _ON_EDGE * min(row_mm, column_mm)
    for start, stop in zip(path, path[1:] if len(path) > 1 else path, strict=False):
        near |= _distance(centres, start, stop) <= limit
    mask[k, rows, columns] = near
    return mask


def region_numbers(values: Volume | NDArray[Any], mask: Mask, geometry: Geometry) -> RegionNumbers:
    """Return size and statistics of a map inside a region.

    Parameters
    ----------
    values : Volume or array, shape (slice, row, column)
        The map, in any unit; the statistics are in the same.
    mask : bool array, shape (slice, row, column)
        The region.
    geometry : Geometry
        The grid of both.

    Raises
    ------
    InputError
        If the shapes differ.
    """
    data = values.data if isinstance(values, Volume) else values
    if not data.shape == mask.shape == geometry.shape:
        raise InputError(f"map {data.shape}, region {mask.shape} and grid {geometry.shape} differ in shape")
    inside = np.asarray(data[mask], dtype=np.float64)
    found = inside[np.isfinite(inside)]
    mean = sd = median = q25 = q75 = float("nan")
    if found.size:
        mean = float(found.mean())
        q25, median, q75 = (float(q) for q in np.percentile(found, (25, 50, 75)))
    if found.size > 1:
        sd = float(found.std(ddof=1))
    return RegionNumbers(
        voxels=inside.size,
        left_out=inside.size - found.size,
        area_mm2=largest_area_mm2(mask, geometry),
        volume_mm3=inside.size * geometry.voxel_volume_mm3,
        mean=mean, sd=sd, median=median, q25=q25, q75=q75,
    )  # fmt: skip


def largest_area_mm2(mask: Mask, geometry: Geometry) -> float:
    """Return the region's area in mm^2 in the slice where it is largest."""
    row_axis, column_axis = geometry.affine[:3, 1], geometry.affine[:3, 2]
    voxel = float(np.linalg.norm(np.cross(row_axis, column_axis)))
    return int(np.count_nonzero(mask, axis=(1, 2)).max()) * voxel


def resample_mask(mask: Mask, from_geometry: Geometry, to_geometry: Geometry) -> Mask:
    """Carry a region to another grid: each voxel takes what the nearest voxel of the old grid has.

    Parameters
    ----------
    mask : bool array, shape of `from_geometry`
        The region.
    from_geometry, to_geometry : Geometry
        The grids.

    Returns
    -------
    bool array, shape of `to_geometry`; False outside the old grid.

    Raises
    ------
    InputError
        If mask and `from_geometry` differ in shape.
    """
    if mask.shape != from_geometry.shape:
        raise InputError(f"the region has shape {mask.shape}, its grid {from_geometry.shape}")
    carried = np.zeros(to_geometry.shape, dtype=np.bool_)
    row, column = np.meshgrid(*(np.arange(n) for n in to_geometry.shape[1:]), indexing="ij")
    for k in range(to_geometry.shape[0]):
        # slice by slice: the indices of a whole volume would take 24 bytes per voxel
        position = to_geometry.to_mm(np.stack([np.full_like(row, k), row, column], axis=-1))
        index = np.rint(from_geometry.to_index(position)).astype(np.int64)
        held = np.all((index >= 0) & (index < np.asarray(mask.shape)), axis=-1)
        carried[k][held] = mask[tuple(index[held].T)]
    return carried


def mask_bytes(mask: Mask) -> bytes:
    """Return a mask as bits, eight voxels a byte in C order: the form that is hashed and stored."""
    return np.packbits(mask, axis=None).tobytes()


def mask_from_bytes(data: bytes, shape: tuple[int, int, int]) -> Mask:
    """Return the mask that `mask_bytes` packed.

    Raises
    ------
    InputError
        If the bytes do not fill a mask of this shape exactly.
    """
    voxels = int(np.prod(shape))
    if len(data) != (voxels + 7) // 8:
        raise InputError(f"a region of {len(data)} bytes does not fit a grid of {shape}")
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), count=voxels)
    return bits.astype(np.bool_).reshape(shape)


def mask_sha256(mask: Mask) -> str:
    """Return the SHA-256 of a mask's shape and bits, in hexadecimal."""
    shape = ",".join(str(n) for n in mask.shape).encode()
    return hashlib.sha256(shape + b":" + mask_bytes(mask)).hexdigest()


def _in_one_slice(geometry: Geometry, points_mm: ArrayLike, *, at_least: int) -> NDArray[np.float64]:
    points = np.asarray(points_mm, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < at_least or not np.isfinite(points).all():
        raise InputError(f"a drawing needs at least {at_least} points of x, y and z in mm")
    index = geometry.to_index(points)
    plane = round(float(index[:, 0].mean()))
    if np.abs(index[:, 0] - plane).max() > 0.5 + _ON_EDGE:
        raise InputError(
            "the drawing crosses slices of the multi-echo series; draw in a view that runs along them"
        )
    return index


def _box(
    geometry: Geometry, points: NDArray[np.float64], reach: tuple[float, float]
) -> tuple[slice, slice] | None:
    sides = []
    for axis in (0, 1):
        low = int(np.ceil(points[:, axis].min() - reach[axis] - _ON_EDGE))
        high = int(np.floor(points[:, axis].max() + reach[axis] + _ON_EDGE))
        low, high = max(low, 0), min(high, geometry.shape[axis + 1] - 1)
        if low > high:
            return None
        sides.append(slice(low, high + 1))
    return sides[0], sides[1]


def _inside(
    row: NDArray[np.int64], column: NDArray[np.int64], corners: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Even-odd rule (crossing number), with every point on an edge counted as inside."""
    odd = np.zeros(row.shape, dtype=np.bool_)
    edge = np.zeros(row.shape, dtype=np.bool_)
    points = np.stack([row, column], axis=-1).astype(np.float64)
    for start, stop in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        edge |= _distance(points, start, stop) <= _ON_EDGE
        spans = (start[0] > row) != (stop[0] > row)
        if start[0] != stop[0]:
            crossing = start[1] + (row - start[0]) / (stop[0] - start[0]) * (stop[1] - start[1])
            odd ^= spans & (column < crossing)
    return odd | edge


def _distance(
    points: NDArray[np.float64], start: NDArray[np.float64], stop: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance of points, shape (..., d), from the segment between two points, shape (...)."""
    along = stop - start
    length2 = float(along @ along)
    if length2 == 0.0:
        return np.asarray(np.linalg.norm(points - start, axis=-1))
    share = np.clip((points - start) @ along / length2, 0.0, 1.0)
    return np.asarray(np.linalg.norm(points - start - share[..., None] * along, axis=-1))
