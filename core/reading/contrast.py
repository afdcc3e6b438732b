"""Contrast-to-noise ratio of tumour and reference tissue; the way the noise was found travels with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import Region
from core.imaging.region_numbers import weighted_mean_sd, weighted_values

# SD of Rayleigh noise is sigma * sqrt(2 - pi/2) = 0.655 sigma: air around the animal in a magnitude image
# of one coil (Gudbjartsson and Patz 1995, doi 10.1002/mrm.1910340618)
RAYLEIGH_SD = float(np.sqrt(2 - np.pi / 2))
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


def cnr_air(picture: NDArray[Any], tumour: Region, reference: Region, air: Region) -> Contrast:
    """Return the CNR with sigma = SD of air / 0.655, right for a magnitude image of one coil only.

    With several coils or parallel imaging the noise of air says little about that of tissue
    (Dietrich et al. 2007, doi 10.1002/jmri.20969); use `cnr_difference` there.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        A magnitude picture.
    tumour, reference, air : uint8 or bool arrays of the same shape
        The regions as coverage or masks; `air` the one called noise.

    Raises
    ------
    InputError
        If the shapes differ.
    """
    return _contrast(picture, tumour, reference, _sd(picture, air) / RAYLEIGH_SD, AIR_ONE_COIL)


def cnr_reference(picture: NDArray[Any], tumour: Region, reference: Region) -> Contrast:
    """Return the CNR with the reference tissue's SD as sigma: its texture counts as noise."""
    return _contrast(picture, tumour, reference, _sd(picture, reference), REFERENCE_SD)


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


def _contrast(
    picture: NDArray[Any], tumour: Region, reference: Region, sigma: float, method: str
) -> Contrast:
    tumour_mean, reference_mean = _mean_sd(picture, tumour)[0], _mean_sd(picture, reference)[0]
    cnr = abs(tumour_mean - reference_mean) / sigma if sigma > 0 else float("nan")
    return Contrast(cnr, tumour_mean, reference_mean, sigma, method)


def _sd(picture: NDArray[Any], region: Region) -> float:
    return _mean_sd(picture, region)[1]


def _mean_sd(picture: NDArray[Any], region: Region) -> tuple[float, float]:
    if picture.shape != region.shape:
        raise InputError(f"the picture has shape {picture.shape}, the region {region.shape}")
    values, weights = weighted_values(picture, region)
    found = np.isfinite(values)
    return weighted_mean_sd(values[found], weights[found])
