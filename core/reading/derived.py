"""What follows from a case's echoes and its R2* map, for looking at: T2*, how well the decay fits, its error.

A kit holds R2* and the echoes; nothing here needs more, so nothing more need be in a kit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.volume import EchoSeries
from core.progress import Progress

# voxels taken at a time: a few megabytes for each intermediate array
_PIECE = 1 << 16


def t2star_ms(r2star_per_s: NDArray[Any]) -> NDArray[np.float32]:
    """Return T2* = 1000 / R2* in ms, NaN where R2* is not positive.

    Parameters
    ----------
    r2star_per_s : array
        R2* in 1/s.
    """
    rate = np.asarray(r2star_per_s, dtype=np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate > 0, np.float32(1000.0) / rate, np.float32(np.nan))


def decay_errors(
    series: EchoSeries, r2star_per_s: NDArray[Any], progress: Progress | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return how far the echoes lie from the decay with a given R2*, and the error of R2* that follows.

    With R2* given, S0 is the least-squares amplitude. The residual is the root of the sum of squares over
    its degrees of freedom, echoes - 2; the standard error is that of least squares (the inverse of J^T J
    times the residual's square: Seber and Wild 1989, Nonlinear Regression, 2.1.2), J the derivatives of
    S0 exp(-TE R2*).

    Parameters
    ----------
    series : EchoSeries
        The echoes.
    r2star_per_s : array, shape (slice, row, column)
        R2* in 1/s on the grid of the echoes; NaN where there is none.
    progress : Progress
        Asked before every piece of the volume; cancelled() stops with InputError.

    Returns
    -------
    residual : float32 array, shape (slice, row, column)
        In the echoes' units; NaN where R2* is, and everywhere with fewer than three echoes.
    standard_error : float32 array, shape (slice, row, column)
        Of R2*, in 1/s.
    """
    rate = np.asarray(r2star_per_s, dtype=np.float32).reshape(-1)
    te_s = np.asarray(series.te_ms, dtype=np.float32)[:, None] / np.float32(1000.0)
    signal = series.magnitude.reshape(len(series.te_ms), -1)
    residual, error = (np.full(rate.size, np.nan, dtype=np.float32) for _ in range(2))
    known = np.flatnonzero(np.isfinite(rate))
    if len(series.te_ms) > 2:
        for first in range(0, known.size, _PIECE):
            if progress is not None and progress.cancelled():
                raise InputError("working out the errors was stopped")
            voxels = known[first : first + _PIECE]
            residual[voxels], error[voxels] = _errors(te_s, signal[:, voxels], rate[voxels])
    shape = series.geometry.shape
    return residual.reshape(shape), error.reshape(shape)


def decay_errors_at(
    series: EchoSeries, r2star_per_s: float, index: tuple[int, int, int]
) -> tuple[float, float]:
    """Return the same for one voxel, (slice, row, column), with its R2*; NaN where there is none."""
    if len(series.te_ms) < 3 or not np.isfinite(r2star_per_s):
        return float("nan"), float("nan")
    te_s = np.asarray(series.te_ms, dtype=np.float32)[:, None] / np.float32(1000.0)
    signal = series.magnitude[(slice(None), *index)][:, None]
    residual, error = _errors(te_s, signal, np.array([r2star_per_s], dtype=np.float32))
    return float(residual[0]), float(error[0])


def _errors(
    te_s: NDArray[np.float32], signal: NDArray[np.float32], rate: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    # from the first echo on: a fast decay would leave nothing of single precision over the whole time
    late = te_s - te_s[0]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        decay = np.exp(-late * rate)
        power = np.sum(decay * decay, axis=0)
        amplitude = np.sum(signal * decay, axis=0) / power
        square = np.sum((signal - amplitude * decay) ** 2, axis=0) / np.float32(len(te_s) - 2)
        once = np.sum(late * decay * decay, axis=0)
        twice = np.sum(late * late * decay * decay, axis=0)
        error = np.sqrt(square * power / (power * twice - once * once)) / np.abs(amplitude)
        return np.sqrt(square), np.where(np.isfinite(error), error, np.float32(np.nan))


def iron_per_r2star(r2star_per_s: NDArray[Any], iron_ug_per_g: NDArray[Any]) -> float | None:
    """Return the slope of a case's iron over its R2*, ug/g per 1/s, for the error of a voxel's iron.

    None where the maps lie on no straight line. Both have the shape (slice, row, column).
    """
    rate, iron = np.asarray(r2star_per_s).reshape(-1), np.asarray(iron_ug_per_g).reshape(-1)
    # the slope is exact but for rounding, and a thousand voxels tell it, looked for in a part or in all
    for step in (max(1, rate.size // 100_000), 1):
        known = step * np.flatnonzero(np.isfinite(rate[::step]) & np.isfinite(iron[::step]))
        if known.size >= 1000:
            break
    if known.size < 3:
        return None
    chosen = known[:: max(1, known.size // 1000)]
    x, y = rate[chosen].astype(np.float64), iron[chosen].astype(np.float64)
    if not np.ptp(x) > 0:
        return None
    slope, start = np.polyfit(x, y, 1)
    if np.abs(slope * x + start - y).max() > 1e-4 * max(float(np.ptp(y)), 1e-30):
        return None
    return float(slope)
