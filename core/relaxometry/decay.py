"""The decay of a region: its mean signal at every echo, fitted like one voxel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.errors import InputError
from core.relaxometry import general
from core.relaxometry.engine import search_table


@dataclass(frozen=True)
class DecayFit:
    """S0 exp(-TE R2*) through the points of a decay; NaN where it cannot be told.

    `s0` has the signal's unit; `echoes` is how many points, from the first on, the fit rests on.
    """

    r2star_per_s: float
    se_per_s: float
    s0: float
    echoes: int


def fit_decay(te_ms: tuple[float, ...], signal: ArrayLike, lowest: float = 0.0) -> DecayFit:
    """Fit one decay by least squares (the method "nlls" of `fit_r2star`).

    The standard error is told from the scatter of the points about the curve: over a region the noise
    averages out, and what is left is mostly what one exponential cannot describe. Two points have none.

    No threads and no code per number of echoes: it may be called from any thread, and compiles once.

    Parameters
    ----------
    te_ms : tuple of float
        Echo times, rising.
    signal : array, shape (echo,)
        Mean signal at each of them.
    lowest : float
        Points from the first one below it on are left out, for instance what has sunk into the noise.

    Raises
    ------
    InputError
        If there are not as many points as echo times, or fewer than two.
    """
    points = np.ascontiguousarray(signal, dtype=np.float64)
    if points.shape != (len(te_ms),) or len(te_ms) < 2:
        raise InputError(f"a decay needs two points or more, one per echo time, not {points.shape}")
    count = int(general.leading(points, float(lowest)))
    if count < 2 or not points[:count].max() > 0:
        return DecayFit(np.nan, np.nan, np.nan, count)
    points, te_s = points[:count], np.asarray(te_ms[:count]) * 1e-3
    rate, s0 = general.nlls_voxel(points, te_s, *search_table(te_s))
    if count == 2 or not np.isfinite(rate):
        return DecayFit(float(rate), np.nan, float(s0), count)
    scatter = np.sqrt(np.sum(np.square(points - s0 * np.exp(-rate * te_s))) / (count - 2))
    error = scatter * general.spread(te_s, rate, s0, True)
    return DecayFit(float(rate), float(error), float(s0), count)
