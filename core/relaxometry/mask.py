"""Which voxels hold tissue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.imaging.volume import EchoSeries
from core.relaxometry.noise import NoiseEstimate, estimate_sigma

# mean of a Rayleigh variable is 1.25 sigma, its SD 0.66: 4 sigma is passed by 3 air voxels in 10,000
NOISE_FACTOR = 4.0
# without noise to go by: the share of the brightest voxels that counts as tissue
BRIGHT_SHARE = 0.05
SMALLEST_ISLAND = 8


def auto_mask(series: EchoSeries, noise: NoiseEstimate | None = None) -> NDArray[np.bool_]:
    """Tell tissue from air: the first echo well above the noise, specks dropped, holes kept out of it filled.

    A lesion so full of iron that even the first echo is dark stays in, since enclosed holes are filled
    slice by slice; the maps' own flags then say what cannot be told there.

    Returns
    -------
    bool array, shape (slice, row, column)
    """
    noise = noise or estimate_sigma(series)
    first = np.nan_to_num(series.magnitude[0], nan=0.0, posinf=0.0, neginf=0.0)
    bright = float(np.quantile(first, 0.995))
    threshold = (
        max(NOISE_FACTOR * noise.sigma, 1e-6 * bright) if noise.method == "air" else BRIGHT_SHARE * bright
    )
    tissue = first > threshold
    labels, count = ndimage.label(tissue)
    if count:
        sizes = np.bincount(labels.ravel())
        small = sizes < min(SMALLEST_ISLAND, int(sizes[1:].max()))
        small[0] = False
        tissue &= ~small[labels]
    for plane in tissue:
        plane[...] = ndimage.binary_fill_holes(plane)
    return np.asarray(tissue, dtype=np.bool_)
