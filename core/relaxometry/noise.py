"""The standard deviation of the noise in one channel (sigma), told from the pictures themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, stats

from core.errors import InputError
from core.imaging.volume import EchoSeries

# fewer air voxels than this, or a smaller share, and the corner of the distribution is a guess
MIN_AIR_VOXELS = 200
MIN_AIR_SHARE = 0.002
STEPS = 100
# numbers of channels that the air is compared with
COILS_TRIED = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
# voxels whose residuals make a local sigma: fewer say less than the whole picture does
LOCAL_SD_VOXELS = 4.0
FEWEST_LOCAL = 30.0


@dataclass(frozen=True)
class NoiseEstimate:
    """Noise of a series.

    Parameters
    ----------
    sigma : float
        Standard deviation of the noise in the real and in the imaginary part, in signal units.
    method : {"air", "residual", "repeat", "given"}
        How it was found.
    voxels : int
        Voxels it rests on.
    coils : int
        Receive channels of the sum of squares that the distribution of the air speaks for.
    """

    sigma: float
    method: Literal["air", "residual", "repeat", "given"]
    voxels: int
    coils: int = 1

    def __post_init__(self) -> None:
        if self.method == "given" and not (np.isfinite(self.sigma) and self.sigma >= 0):
            raise InputError(f"the noise must be a number of 0 or more, not {self.sigma}")


def estimate_sigma(series: EchoSeries, *, coils: int = 1) -> NoiseEstimate:
    """Tell the noise of a series: from the air where there is air, else from how the echoes scatter.

    Parameters
    ----------
    series : EchoSeries
        Magnitudes.
    coils : int
        Channels combined by sum of squares (1: Rayleigh in air).
    """
    air = sigma_from_air(series.magnitude, coils=coils)
    return air if air is not None else sigma_from_residual(series)


def sigma_from_air(magnitude: NDArray[np.float32], *, coils: int = 1) -> NoiseEstimate | None:
    """Find the voxels that hold nothing but noise in every echo, and their sigma.

    In air the sum over N echoes of M^2 / (2 sigma^2) is a Gamma variable of shape N L (L coils). Starting
    from a guess, voxels whose sum lies within its central 99 % are air and give the next sigma, until
    nothing changes (PIESNO: Koay, Ozarslan and Pierpaoli 2009, doi 10.1016/j.jmr.2009.03.005).

    Returns
    -------
    NoiseEstimate or None
        None where the series has no air (zeroed background, tissue up to the edge).
    """
    echoes = magnitude.shape[0]
    flat = _thinned(magnitude.reshape(echoes, -1))
    # a background that the scanner set to zero tells nothing
    kept = np.all(np.isfinite(flat) & (flat > 0), axis=0)
    mean_square = np.sort(np.mean(np.square(flat[:, kept], dtype=np.float64), axis=0))
    if mean_square.size < MIN_AIR_VOXELS:
        return None
    shape = echoes * coils
    low, middle, high = stats.gamma.ppf([0.005, 0.5, 0.995], shape) / echoes
    best: tuple[int, float] | None = None
    # several starts: the guess decides which cluster is taken for air
    for start in np.quantile(mean_square, [0.02, 0.05, 0.1, 0.2, 0.4]):
        variance = start / (2 * middle)
        for _ in range(STEPS):
            bounds = np.searchsorted(mean_square, [2 * variance * low, 2 * variance * high])
            chosen = mean_square[bounds[0] : bounds[1]]
            if chosen.size < 2:
                break
            following = float(np.median(chosen)) / (2 * middle)
            if abs(following - variance) <= 1e-6 * variance:
                break
            variance = following
        count = int(bounds[1] - bounds[0])
        enough = count >= max(MIN_AIR_VOXELS, MIN_AIR_SHARE * mean_square.size)
        more = best is None or count > best[0]
        if enough and more and _is_noise(chosen, variance, shape, echoes):
            best = count, variance
    return None if best is None else NoiseEstimate(float(np.sqrt(best[1])), "air", best[0], coils)


def coils_from_air(magnitude: NDArray[np.float32]) -> NoiseEstimate | None:
    """Tell how many channels the sum of squares holds, from the shape of the air's distribution.

    Of the numbers tried that one whose Gamma distribution the air follows best (its quartiles). Correlated
    channels count for fewer.
    """
    found = [estimate for coils in COILS_TRIED if (estimate := sigma_from_air(magnitude, coils=coils))]
    flat = _thinned(magnitude.reshape(magnitude.shape[0], -1))
    with np.errstate(invalid="ignore"):
        sums = np.mean(np.square(flat, dtype=np.float64), axis=0)

    def misfit(estimate: NoiseEstimate) -> float:
        scaled = sums / (2 * estimate.sigma**2) * magnitude.shape[0]
        low, high = stats.gamma.ppf([0.005, 0.995], magnitude.shape[0] * estimate.coils)
        air = scaled[(scaled > low) & (scaled < high)]
        shares = np.linspace(0.05, 0.95, 19)
        expected = stats.gamma.ppf(0.005 + 0.99 * shares, magnitude.shape[0] * estimate.coils)
        return float(np.abs(np.quantile(air, shares) / expected - 1).max())

    return min(found, key=misfit, default=None)


def sigma_from_repeat(first: EchoSeries, second: EchoSeries) -> NoiseEstimate:
    """Tell the noise from the difference of two scans of the same thing, in voxels well above the noise.

    The difference of two magnitudes has an SD of sqrt(2) sigma whatever the coils and the place, as long as
    nothing moved; robust, so that little motion does little harm.

    Raises
    ------
    InputError
        If the scans differ in grid or echo times.
    """
    if first.te_ms != second.te_ms or not first.geometry.same_grid(second.geometry):
        raise InputError("the repeated scan differs in grid or echo times; it cannot tell the noise")
    mean = 0.5 * (first.magnitude + second.magnitude)
    difference = (first.magnitude - second.magnitude).astype(np.float64)
    with np.errstate(invalid="ignore"):
        bright = np.isfinite(difference) & (mean >= np.nanquantile(mean, 0.75))
    chosen = difference[bright]
    if chosen.size < FEWEST_LOCAL:
        return NoiseEstimate(float("nan"), "repeat", int(chosen.size))
    spread = float(stats.median_abs_deviation(chosen, scale="normal"))
    return NoiseEstimate(spread / np.sqrt(2.0), "repeat", int(chosen.size))


def sigma_map(
    residual: NDArray[np.float32], good: NDArray[np.bool_], noise: NoiseEstimate
) -> NDArray[np.float32]:
    """Tell where the noise is higher or lower: parallel imaging amplifies it towards the middle.

    The residuals' mean square over a Gaussian window of 4 voxels in the slice, scaled so that the whole
    picture has the noise's sigma; where the window holds too few voxels, sigma itself.

    Parameters
    ----------
    residual : float32 array, shape (slice, row, column)
        Of a fit (R2StarMaps.residual).
    good : bool array, same shape
        Voxels whose fit carries no flag.
    noise : NoiseEstimate
        Of the series.
    """
    usable = good & np.isfinite(residual)
    squares = np.where(usable, residual, 0.0).astype(np.float64) ** 2
    window = (0.0, LOCAL_SD_VOXELS, LOCAL_SD_VOXELS)
    weight = ndimage.gaussian_filter(usable.astype(np.float64), window, mode="constant")
    local = ndimage.gaussian_filter(squares, window, mode="constant")
    # voxels that the window holds: its area is 4 pi SD^2
    enough = weight * 4 * np.pi * LOCAL_SD_VOXELS**2 >= FEWEST_LOCAL
    level = np.divide(local, weight, out=np.ones_like(local), where=enough & (weight > 0))
    whole = float(np.median(level[usable & enough])) if np.any(usable & enough) else 1.0
    scale = np.where(enough & (whole > 0), np.sqrt(level / whole), 1.0)
    return np.asarray(noise.sigma * scale, dtype=np.float32)


def sigma_from_residual(series: EchoSeries) -> NoiseEstimate:
    """Tell the noise from the scatter of bright voxels around their own log-linear decay.

    Robust (median absolute residual), so that voxels with fat, flow or field gradients do not count much.
    It holds what the model cannot describe as well as noise: an upper limit.
    """
    echoes = len(series.te_ms)
    flat = _thinned(series.magnitude.reshape(echoes, -1)).astype(np.float64)
    with np.errstate(invalid="ignore"):
        usable = np.all(np.isfinite(flat) & (flat > 0), axis=0)
    flat = flat[:, usable]
    if echoes < 3 or flat.shape[1] < 10:
        return NoiseEstimate(float("nan"), "residual", 0)
    bright = flat[-1] >= np.quantile(flat[-1], 0.5)
    flat = flat[:, bright]
    te = np.asarray(series.te_ms)
    design = np.stack([np.ones_like(te), te], axis=1)
    logs = np.log(flat)
    fitted = np.exp(design @ (np.linalg.pinv(design) @ logs))
    variance = np.sum((flat - fitted) ** 2, axis=0) / (echoes - 2)
    middle = stats.chi2.ppf(0.5, echoes - 2) / (echoes - 2)
    return NoiseEstimate(float(np.sqrt(np.median(variance) / middle)), "residual", int(variance.size))


def _is_noise(chosen: NDArray[np.float64], variance: float, shape: int, echoes: int) -> bool:
    """Whether the sums are spread as noise would spread them, and not a flat tissue's."""
    quartiles = np.quantile(chosen, [0.25, 0.75]) / (2 * variance)
    expected = stats.gamma.ppf([0.25, 0.75], shape) / echoes
    ratio = float((quartiles[1] - quartiles[0]) / (expected[1] - expected[0]))
    return 0.7 < ratio < 1.4


def _thinned(flat: NDArray[Any], most: int = 100_000) -> NDArray[Any]:
    """Every n-th voxel, so that a huge volume costs no more than a large one."""
    return flat[:, :: max(1, flat.shape[1] // most)]
