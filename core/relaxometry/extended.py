"""Fits beyond S0 exp(-R2* TE), voxel by voxel in double precision: with an offset, and of complex signals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.jit import kernel
from core.relaxometry.general import (
    BELOW_NOISE,
    CHUNK,
    FAILED,
    OUTSIDE_MASK,
    TOO_FAST,
    TOO_SLOW,
    Z95,
    gone,
)

Array = NDArray[Any]

# 0.618 and 1 - 0.618: golden section (Kiefer 1953)
GOLDEN = 0.6180339887498949
# from two grid steps to 1e-5 of one
GOLDEN_STEPS = 26
COMPLEX_STEPS = 50


@kernel
def offset_sums(signal: Array, te_s: Array, rate: float) -> tuple[float, float, float]:
    """Return mean and centred sum of squares of exp(-R2* t) - 1, and its centred product with the signal.

    Less 1, because of a slow decay that is what counts, and so it keeps its digits.
    """
    n = te_s.size
    e0 = e1 = y0 = y1 = 0.0
    for k in range(n):
        e = np.expm1(-rate * (te_s[k] - te_s[0]))
        e0 += e
        e1 += e * e
        y0 += signal[k]
        y1 += e * signal[k]
    return e0 / n, e1 - e0 * e0 / n, y1 - e0 * y0 / n


@kernel
def offset_score(signal: Array, te_s: Array, rate: float) -> float:
    """Return the sum of squares that S0 exp(-R2* TE) + C explains beyond a constant; -1 for S0 < 0."""
    _, bottom, top = offset_sums(signal, te_s, rate)
    return top * top / bottom if top > 0.0 else -1.0


@kernel
def offset_voxel(signal: Array, te_s: Array, grid: Array, table: Array) -> tuple[float, float, float]:
    """Return the global least-squares (R2*, S0, C) of S0 exp(-R2* TE) + C within the grid; NaN at an end.

    Variable projection in both linear parameters: a search over R2* alone. `table`: (grid, echo), decays
    less their mean, scaled to a sum of squares of 1.
    """
    best, at = 0.0, -1
    low, high = signal.min(), signal.max()
    if high - low <= 1e-6 * abs(high):
        return np.nan, np.nan, np.nan  # constant: every R2* is as good
    for j in range(grid.size):
        p = 0.0
        for k in range(te_s.size):
            p += table[j, k] * signal[k]
        if p > best:
            best, at = p, j
    if at <= 0 or at == grid.size - 1:
        return np.nan, np.nan, np.nan
    low, high = grid[at - 1], grid[at + 1]
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    f_left, f_right = offset_score(signal, te_s, left), offset_score(signal, te_s, right)
    for _ in range(GOLDEN_STEPS):
        if f_left > f_right:
            high, right, f_right = right, left, f_left
            left = high - GOLDEN * (high - low)
            f_left = offset_score(signal, te_s, left)
        else:
            low, left, f_left = left, right, f_right
            right = low + GOLDEN * (high - low)
            f_right = offset_score(signal, te_s, right)
    rate = 0.5 * (low + high)
    mean, bottom, top = offset_sums(signal, te_s, rate)
    slope = top / bottom
    return rate, slope * np.exp(rate * te_s[0]), signal.mean() - slope * (1.0 + mean)


@kernel
def offset_spread(te_s: Array, rate: float, amplitude: float) -> float:
    """Return the Cramer-Rao standard error of R2* for noise of 1, with amplitude and offset unknown."""
    n = te_s.size
    # Fisher information of (R2*, S0, C), reduced to R2* by the Schur complement
    rr = ra = rc = aa = ac = 0.0
    for k in range(n):
        e = np.exp(-rate * te_s[k])
        j = -te_s[k] * amplitude * e
        rr += j * j
        ra += j * e
        rc += j
        aa += e * e
        ac += e
    determinant = aa * n - ac * ac
    taken = (ra * ra * n - 2.0 * ra * rc * ac + rc * rc * aa) / determinant
    return float(np.sqrt(1.0 / max(rr - taken, 1e-300)))


@kernel
def fit_offset(
    lane: int,
    lanes: int,
    signal: Array,
    inside: Array,
    te_s: Array,
    grid: Array,
    table: Array,
    sigma: float,
    floor: float,
    r2star: Array,
    se: Array,
    s0: Array,
    residual: Array,
    flags: Array,
) -> None:
    """Fit S0 exp(-R2* TE) + C in every voxel; arguments as in core.relaxometry.general.fit_block."""
    n = te_s.size
    y = np.empty(n)
    voxels = signal.shape[1]
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        for v in range(chunk * CHUNK, min((chunk + 1) * CHUNK, voxels)):
            rate = amplitude = error = rms = np.nan
            flag = FAILED if inside[v] else OUTSIDE_MASK
            total = 0.0
            for k in range(n):
                y[k] = signal[k, v]
                total += y[k]
            fast = inside[v] and gone(y, floor)
            if inside[v] and np.isfinite(total) and total > 0.0:
                rate, amplitude, constant = offset_voxel(y, te_s, grid, table)
                if np.isfinite(rate) and np.isfinite(amplitude):
                    squares = 0.0
                    for k in range(n):
                        squares += (y[k] - amplitude * np.exp(-rate * te_s[k]) - constant) ** 2
                    rms = np.sqrt(squares / (n - 3)) if n > 3 else np.nan
                    error = (sigma if sigma > 0.0 else rms) * offset_spread(te_s, rate, amplitude)
                    flag = BELOW_NOISE if y[0] < floor else 0
                    fast = fast or amplitude * np.exp(-rate * te_s[1]) < sigma
                    if rate < Z95 * error:
                        flag |= TOO_SLOW
            if fast:
                flag |= TOO_FAST
            r2star[v] = rate if flag & FAILED == 0 else np.nan
            se[v] = error
            s0[v] = amplitude if flag & FAILED == 0 else np.nan
            residual[v] = rms
            flags[v] = flag


@kernel
def complex_sums(
    real: Array, imag: Array, te_s: Array, rate: float, omega: float
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """Return the sums of a variable projection on exp(-(R2* - i omega) t): p, t p, t^2 p (complex) and d."""
    p0r = p0i = p1r = p1i = p2r = p2i = d0 = d1 = d2 = 0.0
    for k in range(te_s.size):
        t = te_s[k] - te_s[0]
        e = np.exp(-rate * t)
        c, s = e * np.cos(omega * t), e * np.sin(omega * t)
        # the conjugate of the model times the signal
        a = c * real[k] + s * imag[k]
        b = c * imag[k] - s * real[k]
        p0r += a
        p0i += b
        p1r += t * a
        p1i += t * b
        p2r += t * t * a
        p2i += t * t * b
        d0 += e * e
        d1 += t * e * e
        d2 += t * t * e * e
    return p0r, p0i, p1r, p1i, p2r, p2i, d0, d1, d2


@kernel
def complex_voxel(
    real: Array, imag: Array, te_s: Array, grid: Array, turns: Array
) -> tuple[float, float, float]:
    """Return the least-squares (R2*, S0, omega) of a complex S0 exp(-(R2* - i omega) TE); NaN at an end.

    omega in rad/s, searched on `turns`. The projected problem max |p|^2 / d is solved on the grid, then by
    Gauss-Newton steps that are halved until they help.
    """
    best, rate, omega = -1.0, np.nan, 0.0
    for turn in turns:
        for j in range(0, grid.size, 4):
            p0r, p0i, _, _, _, _, d0, _, _ = complex_sums(real, imag, te_s, grid[j], turn)
            score = (p0r * p0r + p0i * p0i) / d0
            if score > best:
                best, rate, omega = score, grid[j], turn
    amplitude = np.nan
    for _ in range(COMPLEX_STEPS):
        p0r, p0i, p1r, p1i, _, _, d0, d1, d2 = complex_sums(real, imag, te_s, rate, omega)
        power = (p0r * p0r + p0i * p0i) / d0
        amplitude = np.sqrt(power / d0)
        # residual against -t model and i t model, with the amplitude projected out
        centre = d2 - d1 * d1 / d0
        cross = (p0r * p1r + p0i * p1i) / d0
        turn = (p0r * p1i - p0i * p1r) / d0
        step = -(cross - power * d1 / d0) / (power / d0 * centre)
        swing = turn / (power / d0 * centre)
        part = 1.0
        gained = False
        for _ in range(20):
            q0r, q0i, _, _, _, _, e0, _, _ = complex_sums(
                real, imag, te_s, rate + part * step, omega + part * swing
            )
            if (q0r * q0r + q0i * q0i) / e0 > power:
                gained = True
                break
            part *= 0.5
        if not gained:
            break
        rate += part * step
        omega += part * swing
        if abs(part * step) + abs(part * swing) < 1e-9 * (1.0 + abs(rate)):
            break
    if not rate > grid[0] or not rate < grid[-1]:
        return np.nan, np.nan, np.nan
    return rate, amplitude * np.exp(rate * te_s[0]), omega


@kernel
def fit_complex(
    lane: int,
    lanes: int,
    real: Array,
    imag: Array,
    inside: Array,
    te_s: Array,
    grid: Array,
    turns: Array,
    sigma: float,
    floor: float,
    r2star: Array,
    se: Array,
    s0: Array,
    residual: Array,
    flags: Array,
    frequency: Array,
) -> None:
    """Fit complex decays: Gaussian noise in both parts, so no bias at low signal.

    `real`, `imag`: float32 (echo, voxel); `frequency`: output, off-resonance in Hz; the rest as in
    core.relaxometry.general.fit_block.
    """
    n = te_s.size
    a, b, squared = np.empty(n), np.empty(n), np.empty(n)
    voxels = real.shape[1]
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        for v in range(chunk * CHUNK, min((chunk + 1) * CHUNK, voxels)):
            rate = amplitude = omega = error = rms = np.nan
            flag = FAILED if inside[v] else OUTSIDE_MASK
            total = 0.0
            for k in range(n):
                a[k], b[k] = real[k, v], imag[k, v]
                squared[k] = a[k] * a[k] + b[k] * b[k]
                total += squared[k]
            fast = inside[v] and gone(squared, floor * floor)
            if inside[v] and np.isfinite(total) and total > 0.0:
                rate, amplitude, omega = complex_voxel(a, b, te_s, grid, turns)
            if np.isfinite(rate) and np.isfinite(amplitude):
                p0r, p0i, _, _, _, _, d0, d1, d2 = complex_sums(a, b, te_s, rate, omega)
                squares = max(total - (p0r * p0r + p0i * p0i) / d0, 0.0)
                # 2 n numbers, 4 parameters
                rms = np.sqrt(squares / (2 * n - 4)) if n > 2 else np.nan
                noise = sigma if sigma > 0.0 else rms
                level = amplitude * np.exp(-rate * te_s[0])
                error = noise / level / np.sqrt(max(d2 - d1 * d1 / d0, 1e-300))
                flag = BELOW_NOISE if squared[0] < floor * floor else 0
                fast = fast or amplitude * np.exp(-rate * te_s[1]) < sigma
                if rate <= 0.0 or rate < Z95 * error:
                    flag |= TOO_SLOW
            if fast:
                flag |= TOO_FAST
            r2star[v] = rate
            se[v] = error
            s0[v] = amplitude
            residual[v] = rms
            flags[v] = flag
            frequency[v] = omega / (2.0 * np.pi)
