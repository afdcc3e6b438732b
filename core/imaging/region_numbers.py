"""What a region holds of a map: size, mean, spread and quantiles, every voxel weighed by its coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import WHOLE, Box, Region, coverage_box, coverage_size, voxel_area_mm2
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume


@dataclass(frozen=True)
class RegionNumbers:
    """What a region holds; every voxel weighs by the share of it that lies inside.

    Voxels whose value is not finite are left out of the statistics and counted. Statistics of no voxel at
    all are NaN; `sd` needs two.
    """

    voxels: int  # all voxels that the region touches
    left_out: int  # of these, without a finite value
    area_mm2: float  # in the slice where it is largest
    volume_mm3: float
    mean: float
    sd: float
    median: float
    q25: float
    q75: float


def region_numbers(
    values: Volume | NDArray[Any], region: Region, geometry: Geometry, *, box: Box | None = None
) -> RegionNumbers:
    """Return size and statistics of a map inside a region.

    SD and quantiles as `core.imaging.regions.numbers.summaries` defines them.

    Parameters
    ----------
    values : Volume or array, shape (slice, row, column)
        The map, in any unit; the statistics are in the same.
    region : uint8 or bool array, shape (slice, row, column)
        Coverage, or a mask of whole voxels.
    geometry : Geometry
        The grid of both.
    box : tuple of slices, optional
        A box that holds all of the region, if it is known.

    Raises
    ------
    InputError
        If the shapes differ.
    """
    data = values.data if isinstance(values, Volume) else values
    if not data.shape == region.shape == geometry.shape:
        raise InputError(f"map {data.shape}, region {region.shape} and grid {geometry.shape} differ in shape")
    # numba comes with it: a window that opens does not wait for that
    from core.imaging.regions.numbers import summaries  # noqa: PLC0415

    box = coverage_box(region) if box is None else box
    (found,) = summaries([data], region, box=box)
    size = coverage_size(region, box=box)
    return RegionNumbers(
        voxels=found.touched,
        left_out=found.left_out,
        area_mm2=float(size.max()) * voxel_area_mm2(geometry),
        volume_mm3=float(size.sum()) * geometry.voxel_volume_mm3,
        mean=found.mean, sd=found.sd, median=found.median, q25=found.q25, q75=found.q75,
    )  # fmt: skip


def weighted_values(values: NDArray[Any], region: Region) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the voxels that a region touches, and the share of each that lies inside.

    Parameters
    ----------
    values : array, shape (slice, row, column)
    region : uint8 or bool array of the same shape

    Returns
    -------
    values, weights : float64 arrays, shape (n,)
        In C order; weights over 0 and up to 1.
    """
    box = coverage_box(region)
    if box is None:
        return np.empty(0), np.empty(0)
    inner = region[box]
    touched = inner if inner.dtype == np.bool_ else inner > 0
    weights = inner[touched].astype(np.float64)
    return values[box][touched].astype(np.float64), weights if inner.dtype == np.bool_ else weights / WHOLE
