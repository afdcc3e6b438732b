"""How R2* or T2* is spread over a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.relaxometry.fit import R2StarMaps

Quantity = Literal["r2star_per_s", "t2star_ms"]
MOST_BINS = 200


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of a region's voxels and what describes them.

    Parameters
    ----------
    quantity : {"r2star_per_s", "t2star_ms"}
        What is counted, its unit in the name.
    edges : float64 array, shape (bin + 1,)
        Rising; a bin holds its lower edge, the last its upper too.
    counts : int64 array, shape (bin,)
        Voxels.
    below, above : int
        Voxels beyond the edges.
    left_out : int
        Voxels without a value.
    mean, sd, median, q25, q75, skewness : float
        Of all voxels with a value, those beyond the edges too; NaN where there are too few.
    """

    quantity: Quantity
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    below: int
    above: int
    left_out: int
    mean: float
    sd: float
    median: float
    q25: float
    q75: float
    skewness: float


def roi_histogram(
    maps: R2StarMaps,
    mask: NDArray[np.bool_],
    *,
    quantity: Quantity = "r2star_per_s",
    edges: ArrayLike | None = None,
) -> Histogram:
    """Count a region's R2* (1/s) or T2* (ms).

    Parameters
    ----------
    maps : R2StarMaps
        The fit.
    mask : bool array, shape (slice, row, column)
        The region.
    quantity : {"r2star_per_s", "t2star_ms"}
        T2* = 1000 / R2*; a voxel whose R2* is not positive has none and is left out.
    edges : array, shape (bin + 1,), optional
        By Freedman and Diaconis (1981, doi 10.1007/BF01025868) if not given.

    Raises
    ------
    InputError
        If the region is empty, on another grid or without values, or the edges do not rise.
    """
    if mask.shape != maps.geometry.shape:
        raise InputError(f"the region has shape {mask.shape}, the map {maps.geometry.shape}; they must agree")
    values = maps.r2star_per_s[mask].astype(np.float64)
    total = values.size
    values = values[np.isfinite(values)]
    if quantity == "t2star_ms":
        values = 1e3 / values[values > 0]
    if not values.size:
        raise InputError("no voxel of the region has a value; look at the flags of the map")
    bins = _edges(values) if edges is None else np.asarray(edges, dtype=np.float64)
    if bins.ndim != 1 or bins.size < 2 or not np.isfinite(bins).all() or not np.all(np.diff(bins) > 0):
        raise InputError("the edges of a histogram must be two or more finite numbers that rise")
    q25, median, q75 = (float(q) for q in np.percentile(values, (25, 50, 75)))
    sd = float(values.std(ddof=1)) if values.size > 1 else float("nan")
    skewness = float(np.mean((values - values.mean()) ** 3) / values.std() ** 3) if sd > 0 else float("nan")
    return Histogram(
        quantity=quantity,
        edges=bins,
        counts=np.histogram(values, bins)[0].astype(np.int64),
        below=int(np.count_nonzero(values < bins[0])),
        above=int(np.count_nonzero(values > bins[-1])),
        left_out=total - values.size,
        mean=float(values.mean()),
        sd=sd,
        median=median,
        q25=q25,
        q75=q75,
        skewness=skewness,
    )


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # one wild voxel must not stretch the axis: it is counted as beyond
    low, q25, q75, high = np.percentile(values, (1, 25, 75, 99))
    width = 2 * (q75 - q25) / np.cbrt(values.size)
    if not high > low:
        return np.array([low - 0.5, low + 0.5])
    count = int(np.clip(np.ceil((high - low) / width), 1, MOST_BINS)) if width > 0 else 1
    return np.linspace(low, high, count + 1)
