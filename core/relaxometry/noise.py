"""The standard deviation of the noise in one channel (sigma), told from the pictures themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from core.errors import InputError
from core.imaging.volume import EchoSeries

# fewer air voxels than this, or a smaller share, and the corner of the distribution is a guess
MIN_AIR_VOXELS = 200
MIN_AIR_SHARE = 0.002
STEPS = 100


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


def _thinned(flat: NDArray[Any], most: int = 400_000) -> NDArray[Any]:
    """Every n-th voxel, so that a huge volume costs no more than a large one."""
    return flat[:, :: max(1, flat.shape[1] // most)]
