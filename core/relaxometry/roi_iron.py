"""Iron of a region with its interval: what a person reports of a tumour, not what one voxel says.

Errors of two kinds go into the interval. Noise and the unevenness of the tissue average out over a region;
R2* without the agent (R2*_0) and the relaxivity are shared by all of its voxels and do not, however large
the region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage, optimize, signal, stats

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.relaxometry.calibration import Calibration
from core.relaxometry.fit import Flag, R2StarMaps
from core.relaxometry.iron import DETECTION_FACTOR, IRON_MOLAR_MASS, TISSUE_DENSITY

Mask = NDArray[np.bool_]
Used = Literal["core", "core in the plane", "all voxels", "median of all voxels"]

# fewer voxels do not tell a mean and its spread
LEAST_VOXELS = 12
# standard error of a median over that of a mean, of normal values
MEDIAN_FACTOR = 1.2533
# of the tissue's grain, as shares of the region's extent that its map can tell
GRAINS = np.geomspace(0.04, 0.5, 14)
LONGEST_LAG = 8


@dataclass(frozen=True)
class RestingRate:
    """R2*_0: R2* of the tissue without the agent.

    Parameters
    ----------
    value_per_s, se_per_s : float
        Its estimate and that estimate's standard error, in 1/s; for a tissue value from others, the spread
        between animals belongs into the error.
    visit_sd_per_s : float
        SD of one tissue's R2* between visits without any agent (shim, oxygen), in 1/s, where known.
    visits : int
        Baseline visits that the value averages; 0 for a tissue value from others.
    source : str
        In words.
    """

    value_per_s: float
    se_per_s: float = 0.0
    visit_sd_per_s: float = 0.0
    visits: int = 1
    source: str = ""

    def __post_init__(self) -> None:
        numbers = (self.value_per_s, self.se_per_s, self.visit_sd_per_s)
        if not np.isfinite(numbers).all() or min(numbers) < 0 or self.visits < 0:
            raise InputError(f"R2*_0 and its errors must be numbers of 0 or more, not {numbers}")

    @property
    def total_se_per_s(self) -> float:
        """Standard error against what the tissue's R2* would be now: this visit deviates, and those did."""
        shares = 1.0 + (1.0 / self.visits if self.visits else 0.0)
        return float(np.hypot(self.se_per_s, self.visit_sd_per_s * np.sqrt(shares)))


@dataclass(frozen=True)
class RegionMean:
    """Mean of a map over a region, from those of its voxels that hold nothing else.

    `se` has two parts: `noise_se` and `sampling_se`, what the voxels used may differ from the whole by.
    `freedom` is that of `se`; `voxels` those used, `left_out` those without a value.
    """

    value: float
    noise_se: float
    sampling_se: float
    freedom: float
    voxels: int
    left_out: int
    used: Used

    @property
    def se(self) -> float:
        """Standard error of the value as the mean of the whole region."""
        return float(np.hypot(self.noise_se, self.sampling_se))


@dataclass(frozen=True)
class RoiIron:
    """Iron of a region.

    Parameters
    ----------
    mean_ug_per_g : float
        ug iron per g of wet tissue; may be negative by chance, so that averages over animals stay right.
    se_ug_per_g : float
        Standard error from all sources; its parts are `own_se_ug_per_g` (noise, unevenness of the region),
        `resting_se_ug_per_g` (R2*_0 and visits) and the relative `relaxivity_relative_se`.
    interval_ug_per_g : tuple of float
        95 %, Student's with the degrees of freedom of Satterthwaite.
    dose_ug : float
        Mean times the region's mass; the volume counts as drawn.
    dose_interval_ug : tuple of float
        95 %.
    detection_limit_ug_per_g : float
        3.29 standard errors at no iron (Currie 1968, doi 10.1021/ac60259a007).
    below_limit : bool
        Whether the mean is below it: iron cannot be told from none.
    volume_mm3 : float
        Of the region.
    r2star : RegionMean
        In 1/s.
    notes : tuple of str
        What a person should know, in words.
    """

    mean_ug_per_g: float
    se_ug_per_g: float
    interval_ug_per_g: tuple[float, float]
    dose_ug: float
    dose_interval_ug: tuple[float, float]
    detection_limit_ug_per_g: float
    below_limit: bool
    volume_mm3: float
    own_se_ug_per_g: float
    resting_se_ug_per_g: float
    relaxivity_relative_se: float
    freedom: float
    r2star: RegionMean
    notes: tuple[str, ...] = ()

    @property
    def statement(self) -> str:
        """One line for a person."""
        low, high = self.interval_ug_per_g
        if self.below_limit:
            return (
                f"below the limit of detection ({self.detection_limit_ug_per_g:.2g} ug/g); "
                f"at most {max(high, 0.0):.2g} ug/g (95 %)"
            )
        return f"{self.mean_ug_per_g:.3g} ug/g (95 % {max(low, 0.0):.3g} to {high:.3g})"


def roi_iron(
    maps: R2StarMaps,
    mask: Mask,
    calibration: Calibration,
    resting: RestingRate,
    *,
    density_g_per_ml: float = TISSUE_DENSITY,
) -> RoiIron:
    """Tell the iron of a region, its dose and their 95 % intervals.

    Parameters
    ----------
    maps : R2StarMaps
        The fit.
    mask : bool array, shape (slice, row, column)
        The region. Voxels on its rim hold other tissue too and are left out of the mean (see
        `region_mean`); they count for the volume.
    calibration : Calibration
        Of the same field.
    resting : RestingRate
        R2*_0 of this tissue.
    density_g_per_ml : float
        Wet tissue.

    Raises
    ------
    InputError
        If the calibration is of another field, the region is empty or on another grid, none of its voxels
        has a value, or the density is not positive.
    """
    calibration.check_field(maps.field_t)
    if not density_g_per_ml > 0:
        raise InputError(f"the density must be positive, in g/mL, not {density_g_per_ml}")
    rate = region_mean(maps.r2star_per_s, mask, maps.geometry)
    relaxivity = calibration.relaxivity
    to_iron = IRON_MOLAR_MASS / density_g_per_ml / relaxivity.value
    mean = (rate.value - resting.value_per_s) * to_iron
    own, at_rest = rate.se * to_iron, resting.total_se_per_s * to_iron
    known = np.isfinite(relaxivity.se)
    shared = relaxivity.se / relaxivity.value if known else 0.0
    parts = np.array([own, at_rest, abs(mean) * shared])
    vials = sum(point.used for point in calibration.points) - 2
    freedom = satterthwaite(parts, np.array([rate.freedom, np.inf, max(vials, 1)]))
    se = float(np.linalg.norm(parts))
    reach = float(stats.t.ppf(0.975, freedom)) * se
    limit = DETECTION_FACTOR * float(np.hypot(rate.noise_se, resting.total_se_per_s)) * to_iron
    volume = int(np.count_nonzero(mask)) * maps.geometry.voxel_volume_mm3
    grams = volume * 1e-3 * density_g_per_ml
    return RoiIron(
        mean_ug_per_g=mean,
        se_ug_per_g=se,
        interval_ug_per_g=(mean - reach, mean + reach),
        dose_ug=mean * grams,
        dose_interval_ug=((mean - reach) * grams, (mean + reach) * grams),
        detection_limit_ug_per_g=limit,
        below_limit=mean < limit,
        volume_mm3=volume,
        own_se_ug_per_g=own,
        resting_se_ug_per_g=at_rest,
        relaxivity_relative_se=shared,
        freedom=freedom,
        r2star=rate,
        notes=_notes(maps, mask, rate, resting, known),
    )


def resting_rate(
    r2star_per_s: NDArray[np.floating],
    mask: Mask,
    geometry: Geometry,
    *,
    rim: bool = True,
    visit_sd_per_s: float = 0.0,
    source: str = "baseline",
) -> RestingRate:
    """Take R2*_0 from a region of a baseline map, on its own grid or registered to this scan's.

    Parameters
    ----------
    r2star_per_s : array, shape (slice, row, column)
        R2* before the agent, 1/s; NaN where there is none.
    mask : bool array, shape (slice, row, column)
        The tissue.
    geometry : Geometry
        Of both.
    rim : bool
        Whether the outermost voxels may hold other tissue; False for a region well inside.
    visit_sd_per_s : float
        See RestingRate.

    Raises
    ------
    InputError
        As `region_mean`.
    """
    found = region_mean(r2star_per_s, mask, geometry, rim=rim)
    return RestingRate(found.value, found.se, visit_sd_per_s, 1, source)


def between_visits_sd(r2star_per_s: ArrayLike, se_per_s: ArrayLike = 0.0) -> float:
    """Tell how much R2* varies between visits of animals that got no agent: what RestingRate wants.

    Parameters
    ----------
    r2star_per_s, se_per_s : array, shape (animal, visit)
        Mean R2* of the tissue and its standard error, 1/s; NaN where a visit is missing.

    Returns
    -------
    float
        Pooled SD within animals less the measurement's own error, 1/s; 0 where that explains all.

    Raises
    ------
    InputError
        If no animal has two visits.
    """
    rates = np.atleast_2d(np.asarray(r2star_per_s, dtype=np.float64))
    errors = np.broadcast_to(np.asarray(se_per_s, dtype=np.float64), rates.shape)
    kept = np.isfinite(rates).sum(axis=1) > 1
    if not kept.any():
        raise InputError("variation between visits needs an animal with two visits or more")
    rates, errors = rates[kept], errors[kept]
    count = np.isfinite(rates).sum(axis=1, keepdims=True)
    deviation = rates - np.nansum(rates, axis=1, keepdims=True) / count
    variance = np.nansum(deviation**2) / float(np.sum(count - 1))
    own = float(np.mean(np.square(errors[np.isfinite(rates)])))
    return float(np.sqrt(max(variance - own, 0.0)))


def region_mean(
    values: NDArray[np.floating], mask: Mask, geometry: Geometry, *, rim: bool = True
) -> RegionMean:
    """Tell the mean of a map over a region whose rim holds other tissue too.

    The mean is that of the core: voxels all of whose six neighbours belong to the region (four in the
    plane, where a region is too thin for six). It stands for the whole with an error of its own, the
    extension variance (Matheron 1963, doi 10.2113/gsecongeo.58.8.1246): the map's variogram within the core
    tells noise from the tissue's unevenness and how large its grains are. Where there is no core of 12
    voxels, it is the median of all voxels, which the rim's move least.

    Parameters
    ----------
    values : array, shape (slice, row, column)
        The map; NaN voxels are left out and counted.
    mask : bool array, shape (slice, row, column)
        The region.
    geometry : Geometry
        Of both.
    rim : bool
        False takes the mean of all voxels, for a region that holds nothing else.

    Raises
    ------
    InputError
        If shapes differ, the region is empty or none of its voxels has a value.
    """
    if not values.shape == mask.shape == geometry.shape:
        raise InputError(f"map {values.shape}, region {mask.shape} and grid {geometry.shape} differ in shape")
    if not mask.any():
        raise InputError("the region is empty; draw it again")
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    region, data = mask[box], np.asarray(values[box], dtype=np.float64)
    told = region & np.isfinite(data)
    if not told.any():
        raise InputError("no voxel of the region has a value; look at the flags of the map")
    core, used = _core(region, told, rim=rim)
    inside = data[core]
    left_out = int(np.count_nonzero(region & ~told))
    if inside.size < 2:
        return RegionMean(float(inside.mean()), float("inf"), 0.0, 1.0, inside.size, left_out, used)
    if used == "median of all voxels":
        error = MEDIAN_FACTOR * float(inside.std(ddof=1)) / np.sqrt(inside.size)
        return RegionMean(
            float(np.median(inside)), error, 0.0, inside.size - 1.0, inside.size, left_out, used
        )
    noise, spread, grain_mm = _variogram(np.where(core, data, np.nan), geometry)
    noise_se = float(np.sqrt(noise / inside.size))
    weights = core / inside.size - region / np.count_nonzero(region)
    sampling = spread * _covered(weights, grain_mm, geometry)
    # how many grains the core holds: what the spread was told from
    grains = 1.0 / max(_covered(core / inside.size, grain_mm, geometry), 1.0 / inside.size)
    sampling_se = float(np.sqrt(max(sampling, 0.0)))
    freedom = satterthwaite(
        np.array([noise_se, sampling_se]), np.array([inside.size - 1.0, max(grains - 1.0, 1.0)])
    )
    return RegionMean(float(inside.mean()), noise_se, sampling_se, freedom, inside.size, left_out, used)


def _core(region: Mask, told: Mask, *, rim: bool) -> tuple[Mask, Used]:
    if not rim:
        return told, "all voxels"
    whole = ndimage.generate_binary_structure(3, 1)
    plane = whole & np.array([False, True, False])[:, None, None]
    tries: tuple[tuple[Mask, Used], ...] = ((whole, "core"), (plane, "core in the plane"))
    for structure, name in tries:
        core = ndimage.binary_erosion(region, structure) & told
        if np.count_nonzero(core) >= LEAST_VOXELS:
            return np.asarray(core), name
    return told, "median of all voxels"


def _variogram(data: NDArray[np.float64], geometry: Geometry) -> tuple[float, float, float]:
    """Return noise variance, the tissue's variance and the SD of its Gaussian grain in mm.

    Half the mean squared difference of voxels h apart is noise + spread (1 - exp(-h^2 / (2 grain^2))).
    """
    lags, halves, pairs = [], [], []
    for axis, step in enumerate(geometry.spacing_mm):
        along = np.moveaxis(data, axis, 0)
        for lag in range(1, min(along.shape[0] - 1, LONGEST_LAG) + 1):
            square = np.square(along[lag:] - along[:-lag])
            count = int(np.isfinite(square).sum())
            if count:
                lags.append(lag * step)
                halves.append(0.5 * float(np.nansum(square)) / count)
                pairs.append(count)
    total = float(np.nanvar(data, ddof=1))
    if len(lags) < 3:
        return total, 0.0, float(min(geometry.spacing_mm))
    h, half, weight = np.array(lags), np.array(halves), np.sqrt(np.array(pairs, dtype=np.float64))
    best = (np.inf, total, 0.0, float(h.min()))
    extent = float(np.cbrt(np.isfinite(data).sum() * geometry.voxel_volume_mm3))
    for grain in np.maximum(GRAINS * extent, h.min()):
        design = np.stack([np.ones_like(h), 1.0 - np.exp(-0.5 * (h / grain) ** 2)], axis=1)
        (noise, spread), left = optimize.nnls(design * weight[:, None], half * weight)
        if left < best[0]:
            best = (float(left), float(noise), float(spread), float(grain))
    return best[1:]


def _covered(weights: NDArray[np.float64], grain_mm: float, geometry: Geometry) -> float:
    """Return sum_ij w_i w_j exp(-|x_i - x_j|^2 / (2 grain^2)): the variance of a weighted sum of a field."""
    pairs = signal.fftconvolve(weights, weights[::-1, ::-1, ::-1])
    middle = np.array(weights.shape) - 1
    offsets = np.moveaxis(np.indices(pairs.shape), 0, -1) - middle
    squared = np.sum((offsets @ geometry.affine[:3, :3].T) ** 2, axis=-1)
    return float(np.sum(pairs * np.exp(-0.5 * squared / grain_mm**2)))


def satterthwaite(errors: NDArray[np.float64], freedom: NDArray[np.float64]) -> float:
    """Return the degrees of freedom of a sum of variances, (Satterthwaite 1946, doi 10.2307/3002019)."""
    squares = errors**2
    if not np.isfinite(squares).all() or squares.sum() == 0:
        return 1.0
    weighed = float(np.sum(squares**2 / freedom))
    return float(max(squares.sum() ** 2 / weighed, 1.0)) if weighed > 0 else float("inf")


def _notes(
    maps: R2StarMaps, mask: Mask, rate: RegionMean, resting: RestingRate, relaxivity_known: bool
) -> tuple[str, ...]:
    notes: list[str] = []
    if rate.used == "median of all voxels":
        notes.append("too small for a core: the median of all voxels, which the rim's other tissue may pull")
    if rate.left_out:
        notes.append(f"{rate.left_out} voxels have no value and were left out")
    fast = int(np.count_nonzero(maps.flags[mask] & Flag.TOO_FAST))
    if fast:
        notes.append(f"{fast} voxels decay faster than the echoes can resolve: there may be more iron")
    if not relaxivity_known:
        notes.append("the calibration has no standard error: its part is missing from the interval")
    if resting.total_se_per_s == 0:
        notes.append("R2*_0 counts as exact")
    return tuple(notes)


@dataclass(frozen=True)
class TimePoint:
    """Iron of a target at a visit, and its change since the first one; intervals are 95 %."""

    visit: str
    hours: float
    iron: RoiIron
    change_ug_per_g: float
    change_se_ug_per_g: float
    change_interval_ug_per_g: tuple[float, float]


def iron_time_course(
    visits: Sequence[tuple[str, float, RoiIron]], *, resting_se_per_visit_ug_per_g: float = 0.0
) -> tuple[TimePoint, ...]:
    """Put a target's iron at its visits in order, with the change since the first.

    The visits share R2*_0 and the relaxivity, so R2*_0's error is gone from a change and the relaxivity's is
    in proportion to the change, not to the amounts.

    Parameters
    ----------
    visits : sequence of (name, hours after the agent, RoiIron)
        One field and one calibration; hours differ.
    resting_se_per_visit_ug_per_g : float
        What R2*_0 itself varies by from visit to visit (RestingRate.visit_sd_per_s, as iron).

    Raises
    ------
    InputError
        If there is no visit, or two are of the same time.
    """
    ordered = sorted(visits, key=lambda visit: visit[1])
    if not ordered:
        raise InputError("a time course needs a visit")
    if any(a[1] == b[1] for a, b in pairwise(ordered)):
        raise InputError("two visits of a time course have the same time; give one region per visit")
    first = ordered[0][2]
    points = []
    for k, (name, hours, iron) in enumerate(ordered):
        change = iron.mean_ug_per_g - first.mean_ug_per_g
        if k == 0:
            points.append(TimePoint(name, hours, iron, 0.0, 0.0, (0.0, 0.0)))
            continue
        parts = np.array(
            [
                first.own_se_ug_per_g,
                iron.own_se_ug_per_g,
                np.sqrt(2) * resting_se_per_visit_ug_per_g,
                abs(change) * iron.relaxivity_relative_se,
            ]
        )
        each = np.array([first.r2star.freedom, iron.r2star.freedom, np.inf, np.inf])
        se = float(np.linalg.norm(parts))
        reach = float(stats.t.ppf(0.975, satterthwaite(parts, each))) * se
        points.append(TimePoint(name, hours, iron, change, se, (change - reach, change + reach)))
    return tuple(points)
