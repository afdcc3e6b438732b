"""Iron of one animal at two fields: the finer map brought to the coarser grid, and how both agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.resampling import resample
from core.imaging.volume import Volume
from core.relaxometry.roi_iron import RoiIron, satterthwaite

MOST_SAMPLES = 6


@dataclass(frozen=True, eq=False)
class MapComparison:
    """Two maps voxel by voxel (Bland and Altman 1986, doi 10.1016/S0140-6736(86)90837-8).

    Parameters
    ----------
    voxels : int
        Of the region, with a value in both maps.
    left_out : int
        Of the region, without.
    bias, sd : float
        Mean and SD of second minus first, in the maps' unit.
    limits : tuple of float
        Bias -+ 1.96 SD: where 95 % of voxels differ. They are not an interval of the bias: neighbours are
        not independent.
    correlation : float
        Pearson's; NaN where a map is constant.
    geometry : Geometry
        The coarser grid, on which they were compared.
    difference : float32 array, shape (slice, row, column)
        Second minus first on that grid; NaN where either has no value.
    """

    voxels: int
    left_out: int
    bias: float
    sd: float
    limits: tuple[float, float]
    correlation: float
    geometry: Geometry
    difference: NDArray[np.float32]


@dataclass(frozen=True)
class RegionComparison:
    """One region at two fields: second minus first in ug/g, with its standard error and 95 % interval."""

    difference_ug_per_g: float
    se_ug_per_g: float
    interval_ug_per_g: tuple[float, float]


def compare_maps(
    first: Volume,
    second: Volume,
    mask: NDArray[np.bool_],
    *,
    transform_mm: NDArray[np.float64] | None = None,
) -> MapComparison:
    """Compare two maps of one animal over a region, on the coarser of both grids.

    Each voxel of the coarser grid gets the mean of the finer map over the voxel's volume, as the scanner
    would have averaged it.

    Parameters
    ----------
    first, second : Volume
        Maps in one unit, such as iron in ug/g at 3 T and at 0.064 T; NaN where there is no value.
    mask : bool array
        The region, on the coarser grid (that with the larger voxels; `first`'s where they are equal).
    transform_mm : array, shape (4, 4), optional
        Maps LPS mm of `first` to LPS mm of `second`, from core.imaging.registration.

    Raises
    ------
    InputError
        If the region is on another grid, or fewer than two of its voxels have both values.
    """
    move = np.eye(4) if transform_mm is None else np.asarray(transform_mm, dtype=np.float64)
    if second.geometry.voxel_volume_mm3 > first.geometry.voxel_volume_mm3:
        grid = second.geometry
        a = voxel_means(first, grid, np.asarray(np.linalg.inv(move), dtype=np.float64)).data
        b = second.data
    else:
        grid = first.geometry
        a, b = first.data, voxel_means(second, grid, move).data
    if mask.shape != grid.shape:
        raise InputError(f"the region has shape {mask.shape}, the coarser map {grid.shape}; draw it on that")
    difference = (b - a).astype(np.float32)
    both = mask & np.isfinite(difference)
    count = int(np.count_nonzero(both))
    if count < 2:
        raise InputError("fewer than two voxels of the region have a value in both maps")
    inside = difference[both].astype(np.float64)
    bias, sd = float(inside.mean()), float(inside.std(ddof=1))
    flat = a[both].std() == 0 or b[both].std() == 0
    return MapComparison(
        voxels=count,
        left_out=int(np.count_nonzero(mask)) - count,
        bias=bias,
        sd=sd,
        limits=(bias - 1.96 * sd, bias + 1.96 * sd),
        correlation=float("nan") if flat else float(np.corrcoef(a[both], b[both])[0, 1]),
        geometry=grid,
        difference=difference,
    )


def compare_regions(first: RoiIron, second: RoiIron) -> RegionComparison:
    """Compare a region's iron at two fields; their calibrations and R2*_0 are of different scans.

    Parameters
    ----------
    first, second : RoiIron
        The same tissue, each drawn and measured at its own field.
    """
    difference = second.mean_ug_per_g - first.mean_ug_per_g
    errors = np.array([first.se_ug_per_g, second.se_ug_per_g])
    freedom = satterthwaite(errors, np.array([first.freedom, second.freedom]))
    se = float(np.linalg.norm(errors))
    reach = float(stats.t.ppf(0.975, freedom)) * se
    return RegionComparison(difference, se, (difference - reach, difference + reach))


def voxel_means(volume: Volume, geometry: Geometry, transform_mm: NDArray[np.float64]) -> Volume:
    """Return a picture on a coarser grid, each voxel the mean over its own volume.

    Parameters
    ----------
    volume : Volume
        The picture; NaN where there is no value.
    geometry : Geometry
        The grid wanted.
    transform_mm : array, shape (4, 4)
        Maps LPS mm of the new grid to LPS mm of the picture.

    Returns
    -------
    Volume
        float32; NaN where less than half of a voxel has a value.
    """
    # how many voxels of the picture a step along each of the new axes passes
    passed = np.linalg.inv(volume.geometry.affine)[:3, :3] @ transform_mm[:3, :3] @ geometry.affine[:3, :3]
    # a grid a little askew passes a little more than one: no reason to blur
    counts = [int(np.clip(np.ceil(most - 0.1), 1, MOST_SAMPLES)) for most in np.abs(passed).max(axis=0)]
    total = np.zeros(geometry.shape)
    told = np.zeros(geometry.shape, dtype=np.int64)
    for place in np.ndindex(*counts):
        offset = (np.array(place) + 0.5) / counts - 0.5
        shifted = geometry.moved(geometry.affine[:3, :3] @ offset)
        part = resample(volume, shifted, transform_mm).data
        known = np.isfinite(part)
        total[known] += part[known]
        told += known
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(2 * told >= np.prod(counts), total / told, np.nan)
    return Volume(means.astype(np.float32), geometry)
