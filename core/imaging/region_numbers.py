"""What a region holds of a map: size, mean, spread and quantiles, every voxel weighed by its coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import WHOLE, Region, coverage_box, coverage_size, voxel_area_mm2
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


def region_numbers(values: Volume | NDArray[Any], region: Region, geometry: Geometry) -> RegionNumbers:
    """Return size and statistics of a map inside a region.

    Weights w are the voxels' coverage. The SD has sum(w) - sum(w^2) / sum(w) for denominator, which is n - 1
    for whole voxels. Quantiles are those of Akinshin 2023 (arXiv 2304.07265, weighted type 7), numpy's own
    for whole voxels.

    Parameters
    ----------
    values : Volume or array, shape (slice, row, column)
        The map, in any unit; the statistics are in the same.
    region : uint8 or bool array, shape (slice, row, column)
        Coverage, or a mask of whole voxels.
    geometry : Geometry
        The grid of both.

    Raises
    ------
    InputError
        If the shapes differ.
    """
    data = values.data if isinstance(values, Volume) else values
    if not data.shape == region.shape == geometry.shape:
        raise InputError(f"map {data.shape}, region {region.shape} and grid {geometry.shape} differ in shape")
    inside, weights = weighted_values(data, region)
    size = coverage_size(region)
    found = np.isfinite(inside)
    touched, left_out = inside.size, inside.size - int(np.count_nonzero(found))
    if left_out:
        inside, weights = inside[found], weights[found]
    mean, sd = weighted_mean_sd(inside, weights)
    q25, median, q75 = _quantiles(inside, weights, (0.25, 0.5, 0.75))
    return RegionNumbers(
        voxels=touched,
        left_out=left_out,
        area_mm2=float(size.max()) * voxel_area_mm2(geometry),
        volume_mm3=float(size.sum()) * geometry.voxel_volume_mm3,
        mean=mean, sd=sd, median=median, q25=q25, q75=q75,
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


def weighted_mean_sd(values: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float]:
    """Return mean and SD of finite values, as `region_numbers` defines them; NaN where there are too few."""
    if not values.size:
        return float("nan"), float("nan")
    total = float(weights.sum())
    mean = float(weights @ values) / total
    freedom = total - float(weights @ weights) / total
    if values.size < 2 or not freedom > 0:
        return mean, float("nan")
    away = values - mean
    return mean, float(np.sqrt(weights @ (away * away) / freedom))


def _quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], shares: tuple[float, ...]
) -> tuple[float, ...]:
    if not values.size:
        return (float("nan"),) * len(shares)
    if np.ptp(weights) == 0:
        return tuple(float(q) for q in np.quantile(values, shares))
    order = np.argsort(values)
    values, weights = values[order], weights[order]
    reached = np.concatenate([[0.0], np.cumsum(weights)])
    reached /= reached[-1]
    # how many voxels of equal weight would tell as much (Kish)
    count = float(weights.sum() ** 2 / (weights @ weights))
    return tuple(
        float(np.diff(np.clip(reached * count - share * (count - 1), 0.0, 1.0)) @ values) for share in shares
    )
