"""Fits of one voxel after the other in double precision: any echo times, any number of echoes.

The fast kernels are checked against these, and hand over to these what they cannot do. The nonlinear fit
is a variable projection (Golub and Pereyra 1973, doi 10.1137/0710036): for a given R2* the best S0 is
known, so the search is over R2* alone, first on a grid (so that the global optimum is found), then by
Newton's method between the neighbours of the best grid point.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.jit import kernel

Array = NDArray[Any]

LOGLINEAR, WEIGHTED, NLLS = 0, 1, 2
OUTSIDE_MASK, FAILED, BELOW_NOISE, TOO_FAST, TOO_SLOW = 1, 2, 4, 8, 16
# a bit for ourselves: some echo is so weak that its noise is no longer Gaussian
DIM = 128
# and one: the fast fit could not tell, there is a signal though
RESISTS = 64
# two-sided 95 % point of the normal distribution: below it a decay cannot be told from none
Z95 = 1.959964
NEWTON_STEPS = 60
# voxels that a thread takes together
CHUNK = 1024


@kernel
def loglinear_voxel(signal: Array, te_s: Array, weighted: bool) -> tuple[float, float]:
    """Fit ln S against TE by least squares, weighted by S^2 if `weighted`; return (R2*, S0).

    `signal`: float64 (echo,), all positive; `te_s`: seconds.
    """
    w0 = w1 = w2 = y0 = y1 = 0.0
    for k in range(te_s.size):
        w = signal[k] * signal[k] if weighted else 1.0
        y = np.log(signal[k])
        w0 += w
        w1 += w * te_s[k]
        y0 += w * y
    t_mean, y_mean = w1 / w0, y0 / w0
    for k in range(te_s.size):
        w = signal[k] * signal[k] if weighted else 1.0
        t = te_s[k] - t_mean
        w2 += w * t * t
        y1 += w * t * (np.log(signal[k]) - y_mean)
    rate = -y1 / w2
    return rate, np.exp(y_mean + rate * t_mean)


@kernel
def grid_search(signal: Array, table: Array, inverse_norm: Array) -> int:
    """Return the grid point where the projection of the signal on the decay is largest.

    `table`: (grid, echo) decays exp(-R2* TE); `inverse_norm`: (grid,) 1 / sum of their squares.
    """
    best, at = -1.0, 0
    for j in range(table.shape[0]):
        p = 0.0
        for k in range(signal.size):
            p += signal[k] * table[j, k]
        score = p * p * inverse_norm[j] if p > 0.0 else 0.0
        if score > best:
            best, at = score, j
    return at


@kernel
def nlls_voxel(
    signal: Array, te_s: Array, grid: Array, table: Array, inverse_norm: Array
) -> tuple[float, float]:
    """Return the global least-squares (R2*, S0) of S0 exp(-R2* TE) within the grid's ends; NaN at an end."""
    at = grid_search(signal, table, inverse_norm)
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, grid.size - 1)]
    rate = grid[at]
    amplitude = np.nan
    for _ in range(NEWTON_STEPS):
        p0 = p1 = p2 = d0 = d1 = d2 = 0.0
        for k in range(te_s.size):
            t = te_s[k] - te_s[0]
            e = np.exp(-rate * t)
            ye, ee = signal[k] * e, e * e
            p0 += ye
            p1 += t * ye
            p2 += t * t * ye
            d0 += ee
            d1 += t * ee
            d2 += t * t * ee
        amplitude = p0 / d0 * np.exp(rate * te_s[0])
        # first and second derivative of ln(p0^2 / d0) over R2*
        slope = 2.0 * (d1 / d0 - p1 / p0)
        bend = 2.0 * (p2 / p0 - (p1 / p0) ** 2) - 4.0 * (d2 / d0 - (d1 / d0) ** 2)
        if slope > 0.0:
            low = rate
        else:
            high = rate
        step = -slope / bend if bend < 0.0 else np.inf
        following = rate + step
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - rate) <= 1e-12 * abs(rate) + 1e-9:
            break
        rate = following
    edge = 1e-6 * (grid[1] - grid[0])
    if not rate > grid[0] + edge or not rate < grid[-1] - edge:
        return np.nan, np.nan
    return rate, amplitude


@kernel
def spread(te_s: Array, rate: float, amplitude: float, weighted: bool) -> float:
    """Return the standard error of R2* for noise of 1: Cramer-Rao for NLLS, propagation for a plain line.

    `weighted` says that the fit weighs echoes by S^2 (NLLS does so to first order).
    """
    w0 = w1 = 0.0
    for k in range(te_s.size):
        s = amplitude * np.exp(-rate * te_s[k])
        w = s * s if weighted else 1.0
        w0 += w
        w1 += w * te_s[k]
    mean = w1 / w0
    bottom = top = 0.0
    for k in range(te_s.size):
        s = amplitude * np.exp(-rate * te_s[k])
        w = s * s if weighted else 1.0
        t = te_s[k] - mean
        bottom += w * t * t
        top += w * w * t * t / (s * s)
    return float(np.sqrt(top) / bottom)


@kernel
def leading(signal: Array, cut: float) -> int:
    """Count the echoes before the first that is below `cut`, or is no number."""
    for k in range(signal.size):
        if not signal[k] >= cut:
            return k
    return int(signal.size)


@kernel
def gone(signal: Array, floor: float) -> bool:
    """Whether the first echo stands above the noise and none after it: gone by the second."""
    return bool(signal[0] >= floor and signal[1:].max() < floor)


@kernel
def fit_block(  # noqa: PLR0912 one pass over a voxel
    lane: int,
    lanes: int,
    method: int,
    signal: Array,
    inside: Array,
    te_s: Array,
    grid: Array,
    table: Array,
    inverse_norm: Array,
    sigma: float,
    floor: float,
    cut: float,
    r2star: Array,
    se: Array,
    s0: Array,
    residual: Array,
    flags: Array,
    used: Array,
) -> None:
    """Fit every voxel of a block; a thread (`lane` of `lanes`) takes every n-th chunk.

    `signal`: float32 (echo, voxel); `inside`: bool (voxel,); `sigma`: noise SD, 0 for unknown; `floor`: the
    first echo below which a voxel is noise; `cut`: the signal at which the decay is cut off, 0 to keep all.
    The rest are outputs, (voxel,); `used`, the number of echoes, only where its size is not 0.
    """
    y = np.empty(te_s.size)
    short = np.empty_like(inverse_norm)
    voxels = signal.shape[1]
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        for v in range(chunk * CHUNK, min((chunk + 1) * CHUNK, voxels)):
            rate = amplitude = error = rms = np.nan
            flag = FAILED
            n = te_s.size
            for k in range(n):
                y[k] = signal[k, v]
            if cut > 0.0:
                n = leading(y, cut)
            total = 0.0
            usable = n >= 2
            for k in range(n):
                total += y[k]
                usable = usable and np.isfinite(y[k]) and (method == NLLS or y[k] > 0.0)
            if not inside[v]:
                flag = OUTSIDE_MASK
            elif not usable:
                flag = FAILED | TOO_FAST if n == 1 else FAILED | BELOW_NOISE if n == 0 else FAILED
            elif total > 0.0:
                if method == NLLS and n == te_s.size:
                    rate, amplitude = nlls_voxel(y, te_s, grid, table, inverse_norm)
                elif method == NLLS:
                    for j in range(grid.size):
                        norm = 0.0
                        for k in range(n):
                            norm += table[j, k] * table[j, k]
                        short[j] = 1.0 / norm
                    rate, amplitude = nlls_voxel(y[:n], te_s[:n], grid, table, short)
                else:
                    rate, amplitude = loglinear_voxel(y[:n], te_s[:n], method == WEIGHTED)
            fast = inside[v] and gone(y, floor)
            if np.isfinite(rate) and np.isfinite(amplitude):
                squares = 0.0
                for k in range(n):
                    squares += (y[k] - amplitude * np.exp(-rate * te_s[k])) ** 2
                rms = np.sqrt(squares / (n - 2)) if n > 2 else np.nan
                noise = sigma if sigma > 0.0 else rms
                error = noise * spread(te_s[:n], rate, amplitude, method != LOGLINEAR)
                flag = BELOW_NOISE if y[0] < floor else 0
                fast = fast or amplitude * np.exp(-rate * te_s[1]) < sigma
                if rate <= 0.0 or rate < Z95 * error:
                    flag |= TOO_SLOW
            else:
                rate = amplitude = np.nan
            if fast:
                flag |= TOO_FAST
            r2star[v] = rate
            se[v] = error
            s0[v] = amplitude
            residual[v] = rms
            flags[v] = flag
            if used.size > 0:
                used[v] = 0 if flag & (FAILED | OUTSIDE_MASK) else n
