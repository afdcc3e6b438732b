"""Regions drawn on a grid: what they stand for, and masks from polygons and brush strokes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.coverage import (
    WHOLE,
    Box,
    Coverage,
    Mask,
    as_coverage,
    coverage_box,
    coverage_mask,
    holds_voxel,
    largest_area_mm2,
)
from core.imaging.geometry import Geometry

RoiKind = Literal["tumour", "node", "reference", "noise", "ring", "ablation", "other"]
ROI_KINDS: tuple[RoiKind, ...] = get_args(RoiKind)
# what a person reads for each kind
ROI_WORDS: Mapping[RoiKind, str] = MappingProxyType(
    {
        "tumour": "tumour",
        "node": "node",
        "reference": "reference tissue",
        "noise": "noise",
        "ring": "ring",
        "ablation": "ablation zone",
        "other": "other",
    }
)
# Okabe and Ito 2008, "Color universal design", and Tol 2021 for the rest: told apart with every kind of
# colour vision, and from the colours of marks
ROI_COLOURS: Mapping[RoiKind, str] = MappingProxyType(
    {
        "tumour": "#e69f00",
        "node": "#44aa99",
        "reference": "#56b4e9",
        "noise": "#cc79a7",
        "ring": "#d55e00",
        "ablation": "#aa4499",
        "other": "#bbbbbb",
    }
)

# corners of a closed outline in one slice: (row, column) as indices, shape (n, 2)
Polygon = NDArray[np.float64]
# slice -> the polygons that its coverage is made of
Outlines = Mapping[int, tuple[Polygon, ...]]

_LONGEST_NAME = 60
# In voxels. A point this near to an edge counts as on it, so that a mirrored or turned copy of a drawing,
# whose numbers differ in the last bit, takes the same voxels.
_ON_EDGE = 1e-6


@dataclass(frozen=True)
class Label:
    """How a region is told from others: its name, its colour as #rrggbb, and whether it is locked.

    Raises
    ------
    InputError
        If the name is empty, longer than a line or not printable, or the colour is none.
    """

    name: str
    colour: str
    locked: bool = False

    def __post_init__(self) -> None:
        if not (self.name == self.name.strip() and 0 < len(self.name) <= _LONGEST_NAME):
            raise InputError(f"a region's name has 1 to {_LONGEST_NAME} characters")
        if not self.name.isprintable():
            raise InputError("a region's name is one line of printable text")
        if not re.fullmatch("#[0-9a-f]{6}", self.colour):
            raise InputError("a region's colour is written as #rrggbb, in small letters")


@dataclass(frozen=True, eq=False)
class Roi:
    """One region on one grid.

    Parameters
    ----------
    roi_id : str
        Unique name, 32 hexadecimal digits.
    kind : RoiKind
        What the region stands for, of ROI_KINDS.
    coverage : uint8 array, shape (slice, row, column)
        The share of each voxel inside, 0 to 255; kept read-only. A bool mask means 0 and 255.
    geometry : Geometry
        The grid, that of the multi-echo series.
    name, colour : str
        How the rater tells it from others; the kind's own if not given.
    locked : bool
        Whether drawing in it is refused.
    outlines : mapping of slice to polygons
        For slices whose coverage is exactly what these polygons cover: float arrays, shape (n, 2), of
        (row, column) indices. The coverage counts; polygons are there so that corners can be dragged.

    Raises
    ------
    InputError
        If the kind is unknown, coverage and geometry differ in shape, or label or outlines cannot be.
    """

    roi_id: str
    kind: RoiKind
    coverage: Coverage
    geometry: Geometry
    name: str = ""
    colour: str = ""
    locked: bool = False
    outlines: Outlines = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in ROI_KINDS:
            raise InputError(f"a region is one of {', '.join(ROI_KINDS)}, not {self.kind!r}")
        if self.coverage.shape != self.geometry.shape:
            raise InputError(f"the region has shape {self.coverage.shape}, its grid {self.geometry.shape}")
        coverage = as_coverage(self.coverage)
        if coverage.flags.writeable:
            coverage = coverage.copy()
            coverage.setflags(write=False)
        label = Label(self.name or ROI_WORDS[self.kind], self.colour or ROI_COLOURS[self.kind], self.locked)
        for name, value in (("coverage", coverage), ("name", label.name), ("colour", label.colour)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "outlines", frozen_outlines(self.outlines, self.geometry.shape[0]))

    @cached_property
    def mask(self) -> Mask:
        """The voxels of which at least half lie inside; read-only."""
        mask = coverage_mask(self.coverage)
        mask.setflags(write=False)
        return mask

    @property
    def label(self) -> Label:
        """Name, colour and lock."""
        return Label(self.name, self.colour, self.locked)

    @cached_property
    def box(self) -> Box | None:
        """The smallest box that holds every voxel the region touches; None where it touches none."""
        return coverage_box(self.coverage)

    @property
    def empty(self) -> bool:
        """Whether nothing lies inside, not even a part of a voxel."""
        return self.box is None

    @cached_property
    def counts(self) -> bool:
        """Whether all parts of voxels inside make one voxel or more: less is no region, but a slip."""
        return self.box is not None and holds_voxel(self.coverage[self.box])

    @property
    def voxels(self) -> int:
        """How many voxels lie inside by at least half."""
        return int(np.count_nonzero(self.mask))

    @property
    def volume_mm3(self) -> float:
        """Volume over all slices, in mm^3."""
        return int(self.coverage.sum(dtype=np.int64)) / WHOLE * self.geometry.voxel_volume_mm3

    @property
    def area_mm2(self) -> float:
        """Area in the slice where it is largest, in mm^2."""
        return largest_area_mm2(self.coverage, self.geometry)


def frozen_outlines(outlines: Outlines, slices: int) -> Outlines:
    """Return outlines as Roi keeps them: slices in order, none without polygons, corners read-only.

    Raises
    ------
    InputError
        If a slice is not in the grid, or a polygon has fewer than three corners or one that is not finite.
    """
    frozen: dict[int, tuple[Polygon, ...]] = {}
    for k in sorted(outlines):
        if not 0 <= k < slices:
            raise InputError(f"an outline lies in slice {k} of a grid with {slices}")
        polygons = []
        for corners in outlines[k]:
            polygon = np.array(corners, dtype=np.float64)
            if polygon.ndim != 2 or polygon.shape[1] != 2 or len(polygon) < 3:
                raise InputError("an outline needs at least three corners of row and column")
            if not np.isfinite(polygon).all():
                raise InputError("a corner of an outline is not a place")
            polygon.setflags(write=False)
            polygons.append(polygon)
        if polygons:
            frozen[k] = tuple(polygons)
    return MappingProxyType(frozen)


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
