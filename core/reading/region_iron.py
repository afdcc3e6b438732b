"""Iron and dose of a region from a kit's map, with the interval that its own voxels tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from core.errors import InputError
from core.imaging.coverage import Coverage, coverage_box, coverage_mask, coverage_size
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.relaxometry.iron import TISSUE_DENSITY
from core.relaxometry.roi_iron import region_mean


@dataclass(frozen=True)
class RegionIron:
    """Iron of a region; intervals are 95 % and hold noise and unevenness of the region alone.

    A kit knows neither the relaxivity's error nor that of R2*_0: theirs are not in the interval.
    """

    ug_per_g: float
    interval_ug_per_g: tuple[float, float]
    dose_ug: float
    dose_interval_ug: tuple[float, float]


def region_iron(iron: Volume, coverage: Coverage, *, density_g_per_ml: float = TISSUE_DENSITY) -> RegionIron:
    """Tell a region's iron as `core.relaxometry.roi_iron.region_mean` does, and its dose.

    Parameters
    ----------
    iron : Volume
        ug iron per g of wet tissue; NaN where there is none.
    coverage : uint8 array, shape (slice, row, column)
        The region on the map's grid. Voxels of half and more tell the mean; the dose is the mean times the
        mass of all that is covered.
    density_g_per_ml : float
        Wet tissue.

    Raises
    ------
    InputError
        If shapes differ, no voxel is half covered or none of these has a value.
    """
    if iron.data.shape != coverage.shape:
        raise InputError(f"the map has shape {iron.data.shape}, the region {coverage.shape}")
    box = coverage_box(coverage)
    if box is None:
        raise InputError("the region is empty; draw it again")
    inside = coverage[box]
    grid = Geometry(inside.shape, iron.geometry.affine)
    found = region_mean(iron.data[box], coverage_mask(inside), grid)
    reach = float(stats.t.ppf(0.975, found.freedom)) * found.se
    low, high = found.value - reach, found.value + reach
    grams = float(np.sum(coverage_size(inside))) * grid.voxel_volume_mm3 * 1e-3 * density_g_per_ml
    return RegionIron(found.value, (low, high), found.value * grams, (low * grams, high * grams))
