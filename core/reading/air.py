"""What the air of a magnitude picture tells of the noise: by its SD, and by its mean as a check."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import Region

# further apart than this, and than chance, the two estimates do not speak of one noise
_APART, _ERRORS = 0.05, 4.0


def air_sd_factor(coils: int) -> float:
    """Return the SD of air in a magnitude picture of sum-of-squares coils, in units of sigma.

    Air follows the central chi distribution with 2N degrees of freedom (Constantinides et al. 1997,
    doi 10.1002/mrm.1910380524): SD^2 = 2N - 2 (Gamma(N + 1/2) / Gamma(N))^2. For one coil it is Rayleigh's
    0.655 (Gudbjartsson and Patz 1995, doi 10.1002/mrm.1910340618).

    Raises
    ------
    InputError
        If there is no coil.
    """
    return math.sqrt(2 * coils - air_mean_factor(coils) ** 2)


def air_mean_factor(coils: int) -> float:
    """Return the mean of air in a magnitude picture of sum-of-squares coils, in units of sigma.

    sqrt(2) Gamma(N + 1/2) / Gamma(N), of the same distribution; for one coil sqrt(pi / 2).

    Raises
    ------
    InputError
        If there is no coil.
    """
    if coils < 1:
        raise InputError("a picture has one coil or more")
    return math.sqrt(2) * math.exp(math.lgamma(coils + 0.5) - math.lgamma(coils))


@dataclass(frozen=True)
class AirNoise:
    """Sigma as the air's SD and as its mean tell it; NaN where there are fewer than two voxels.

    Parameters
    ----------
    sigma, sigma_of_mean : float
        In the picture's unit.
    coils : int
        Receive coils that both are for.
    warning : str
        What it means where they disagree, "" where they agree.
    """

    sigma: float
    sigma_of_mean: float
    coils: int
    warning: str = ""

    @property
    def apart_percent(self) -> float:
        """By how much the mean's estimate lies above the SD's, in %."""
        return 100 * (self.sigma_of_mean / self.sigma - 1) if self.sigma > 0 else math.nan


def air_noise(picture: NDArray[Any], air: Region, *, coils: int = 1) -> AirNoise:
    """Return what a region of air tells of sigma, by its SD and by its mean.

    In noise alone both are the same. The mean is higher where something else than noise lies in the
    region, such as ghosts, or where there are more coils; lower where the scanner has masked or filtered
    the background.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        A magnitude picture.
    air : uint8 or bool array of the same shape
        The region called noise.
    coils : int
        Receive coils joined by sum of squares.

    Raises
    ------
    InputError
        If the shapes differ, or there is no coil.
    """
    # numba comes with it: a window that opens does not wait for that
    from core.imaging.regions.numbers import summaries  # noqa: PLC0415

    (found,) = summaries([picture], air)
    return noise_of(found.mean, found.sd, found.voxels, coils=coils)


def noise_of(mean: float, sd: float, voxels: float, *, coils: int = 1) -> AirNoise:
    """Return what `air_noise` does, from a region's numbers at hand."""
    noise = AirNoise(sd / air_sd_factor(coils), mean / air_mean_factor(coils), coils)
    # the SD of n values of Rayleigh or chi is right to about 0.75 / sqrt(n), the mean to 0.5 / sqrt(n)
    chance = _ERRORS * 0.9 / math.sqrt(voxels) if voxels > 0 else math.inf
    apart = noise.apart_percent / 100
    if not (math.isfinite(apart) and abs(apart) > max(_APART, chance)):
        return noise
    share = abs(noise.apart_percent)
    if apart > 0:
        said = f"the air's mean says {share:.0f} % more noise than its SD: ghosts, or more coils"
    else:
        said = f"the air's mean says {share:.0f} % less noise than its SD: a masked background, or a filter"
    return AirNoise(noise.sigma, noise.sigma_of_mean, coils, said)
