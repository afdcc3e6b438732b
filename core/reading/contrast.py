"""Contrast-to-noise ratio of tumour and reference tissue; the way the noise was found travels with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import Region
from core.imaging.region_numbers import RegionNumbers
from core.reading.air import air_sd_factor

AIR_ONE_COIL = "air SD/0.655 (one coil)"
REFERENCE_SD = "reference SD"
DIFFERENCE = "difference image"
CNR_DEFINITION = "|mean tumour - mean reference| / sigma"


@dataclass(frozen=True)
class Contrast:
    """CNR with everything it was made of; NaN where a region is empty or the noise is 0."""

    cnr: float
    tumour_mean: float
    reference_mean: float
    sigma: float
    noise_method: str


def contrast_echo(te_ms: Sequence[float]) -> int:
    """Return the echo whose picture gives the CNR: the middle one, fixed before any data is seen."""
    return len(te_ms) // 2


def cnr_air(
    picture: NDArray[Any], tumour: Region, reference: Region, air: Region, *, coils: int = 1
) -> Contrast:
    """Return the CNR with sigma = SD of air / `air_sd_factor(coils)`.

    Right for a magnitude picture of one coil, or of several joined by sum of squares whose noise is alike
    and independent. With parallel imaging or filters the noise of air says little about that of tissue
    (Dietrich et al. 2007, doi 10.1002/jmri.20969); use `cnr_difference` there.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        A magnitude picture.
    tumour, reference, air : uint8 or bool arrays of the same shape
        The regions as coverage or masks; `air` the one called noise.
    coils : int
        Receive coils joined by sum of squares.

    Raises
    ------
    InputError
        If the shapes differ, or there is no coil.
    """
    sigma = _sd(picture, air) / air_sd_factor(coils)
    return _contrast(picture, tumour, reference, sigma, _air_method(coils))


def signal_loss_percent(before: float, after: float) -> float:
    """Return how much of a region's mean signal is lost, in % of the baseline; NaN if that is not above 0.

    Negative where the signal has risen. Both means are of the same region, echo and gain.
    """
    return 100 * (before - after) / before if before > 0 else math.nan


def cnr_reference(picture: NDArray[Any], tumour: Region, reference: Region) -> Contrast:
    """Return the CNR with the reference tissue's SD as sigma: its texture counts as noise."""
    return _contrast(picture, tumour, reference, _sd(picture, reference), REFERENCE_SD)


def cnr_of_numbers(
    tumour: RegionNumbers, reference: RegionNumbers, air: RegionNumbers | None = None, *, coils: int = 1
) -> Contrast:
    """Return what `cnr_air` does, without air what `cnr_reference` does, from regions' numbers at hand."""
    sigma, method = reference.sd, REFERENCE_SD
    if air is not None:
        sigma, method = air.sd / air_sd_factor(coils), _air_method(coils)
    return _contrast_of(tumour.mean, reference.mean, sigma, method)


def cnr_difference(
    picture: NDArray[Any], repeated: NDArray[Any], tumour: Region, reference: Region
) -> Contrast:
    """Return the CNR with sigma from the difference of two repeated pictures.

    sigma = SD of the difference in the reference tissue / sqrt(2), right for any number of coils
    (Dietrich et al. 2007, doi 10.1002/jmri.20969; NEMA MS 1, method 1).

    Raises
    ------
    InputError
        If the shapes differ.
    """
    if picture.shape != repeated.shape:
        raise InputError(f"the two pictures have shapes {picture.shape} and {repeated.shape}")
    difference = np.asarray(picture, dtype=np.float64) - np.asarray(repeated, dtype=np.float64)
    sigma = _sd(difference, reference) / np.sqrt(2)
    return _contrast(picture, tumour, reference, float(sigma), DIFFERENCE)


def _air_method(coils: int) -> str:
    if coils == 1:
        return AIR_ONE_COIL
    return f"air SD/{air_sd_factor(coils):.3f} ({coils} coils, sum of squares)"


def _contrast(
    picture: NDArray[Any], tumour: Region, reference: Region, sigma: float, method: str
) -> Contrast:
    tumour_mean, reference_mean = _mean_sd(picture, tumour)[0], _mean_sd(picture, reference)[0]
    return _contrast_of(tumour_mean, reference_mean, sigma, method)


def _contrast_of(tumour_mean: float, reference_mean: float, sigma: float, method: str) -> Contrast:
    cnr = abs(tumour_mean - reference_mean) / sigma if sigma > 0 else float("nan")
    return Contrast(cnr, tumour_mean, reference_mean, sigma, method)


def _sd(picture: NDArray[Any], region: Region) -> float:
    return _mean_sd(picture, region)[1]


def _mean_sd(picture: NDArray[Any], region: Region) -> tuple[float, float]:
    if picture.shape != region.shape:
        raise InputError(f"the picture has shape {picture.shape}, the region {region.shape}")
    # numba comes with it: a window that opens does not wait for that
    from core.imaging.regions.numbers import summaries  # noqa: PLC0415

    (found,) = summaries([picture], region)
    return found.mean, found.sd
