"""Estimators in closed form, straight from the series: log-linear, S^2-weighted, ARLO; and the roofline.

Written out by core.relaxometry.unroll. `signal` is float32 (echo, voxel) and read from `first` on, outputs
are (voxel,). The voxel loop is cut into chunks of fixed size, of which a thread (`lane` of `lanes`) takes
every n-th, so that any number of threads gives the same bits. Indices are unsigned: with signed ones numba
allows for negative indices, and the compiler gathers where it could load.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.jit import kernel
from core.relaxometry.general import BELOW_NOISE, FAILED, OUTSIDE_MASK, TOO_FAST, TOO_SLOW, Z95
from core.relaxometry.kernels.formulas import (
    FOUR,
    LN2,
    NAN,
    ONE,
    TINY,
    ZERO,
    F,
    exponent,
    fast_exp,
    fast_log,
    mantissa,
)
from core.relaxometry.unroll import echoes

ECHOES = 3
EVEN = True
CHUNK = 8192
# estimator that `describe` speaks of
METHOD = 0
LOGLINEAR = 0
WEIGHTED = 1
ARLO = 2


@kernel
def roofline(lane: int, lanes: int, signal: Any, first: int, out: Any) -> None:
    """Sum the echoes: nothing that reads the signal and writes one number can be faster."""
    voxels = out.size
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        base = chunk * CHUNK
        for j in range(np.uintp(base), np.uintp(min(base + CHUNK, voxels))):
            i = np.uintp(first) + j
            total = signal[0, i]
            for k in echoes(1, ECHOES):
                total += signal[k, i]
            out[j] = total


@kernel
def loglinear(lane: int, lanes: int, signal: Any, first: int, slope: Any, r2star: Any) -> None:
    """Plain log-linear fit: R2* = sum(slope ln S).

    `slope`: float32 (echo,), a row of the pseudo-inverse, which sums to nothing; so the logarithms may be of
    S over the first S, small numbers with small errors. Of even spacing the slopes are whole numbers of one,
    so one logarithm serves: of the product of powers, mantissas and exponents of two apart, lest it overflow.
    A voxel with an echo that is not positive and finite comes out as NaN.
    """
    voxels = r2star.size
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        base = chunk * CHUNK
        for j in range(np.uintp(base), np.uintp(min(base + CHUNK, voxels))):
            i = np.uintp(first) + j
            low = signal[ECHOES // 2, i]
            check = low * ZERO
            if EVEN:
                # early and late echoes, each to the power of its distance from the middle
                early = late = early_powers = late_powers = ONE
                powers = np.int32(0)
                for k in echoes(0, ECHOES // 2):
                    y = signal[k, i]
                    z = signal[ECHOES - 1 - k, i]
                    y_power = exponent(y)
                    z_power = exponent(z)
                    # whole steps from the middle, or half ones
                    steps = ECHOES // 2 - k if ECHOES % 2 == 1 else ECHOES - 1 - 2 * k
                    powers += np.int32(steps) * np.int32(y_power - z_power)
                    early *= mantissa(y, y_power)
                    late *= mantissa(z, z_power)
                    early_powers *= early
                    late_powers *= late
                    low = min(low, y)
                    low = min(low, z)
                    # 0 for a number, NaN for NaN and infinity
                    check += (y + z) * ZERO
                ratio = early_powers / late_powers
                if ECHOES % 2 == 0:
                    ratio = ratio * ratio * (late / early)
                rate = slope[ECHOES // 2 - 1] * (np.float32(powers) * LN2 + fast_log(ratio))
            else:
                scale = ONE / signal[0, i]
                rate = ZERO
                for k in echoes(0, ECHOES):
                    y = signal[k, i]
                    rate += slope[k] * fast_log(y * scale)
                    low = min(low, y)
                    check += y * ZERO
            r2star[j] = rate if low >= TINY and check == ZERO else NAN


@kernel
def arlo(lane: int, lanes: int, signal: Any, first: int, weights: Any, r2star: Any) -> None:
    """ARLO (Pei 2015, doi 10.1002/mrm.25137, eq. 9); uneven echoes by the parabola through each three.

    `weights`: float32 (3 (echo - 2),), of the integral over each three echoes, in seconds.
    """
    voxels = r2star.size
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        base = chunk * CHUNK
        for j in range(np.uintp(base), np.uintp(min(base + CHUNK, voxels))):
            i = np.uintp(first) + j
            rr = rd = dd = ZERO
            for k in echoes(0, ECHOES - 2):
                last = signal[k + 2, i]
                difference = signal[k, i] - last
                if EVEN:
                    area = weights[0] * (signal[k, i] + FOUR * signal[k + 1, i] + last)
                    rr += area * area
                    rd += area * difference
                    dd += difference * difference
                else:
                    area = (
                        weights[k] * signal[k, i]
                        + weights[ECHOES - 2 + k] * signal[k + 1, i]
                        + weights[2 * (ECHOES - 2) + k] * last
                    )
                    rr += area * (area + weights[2 * (ECHOES - 2) + k] * difference)
                    rd += difference * (area + weights[2 * (ECHOES - 2) + k] * difference)
            if EVEN:
                r2star[j] = (rd + weights[0] * dd) / (rr + weights[0] * rd)
            else:
                r2star[j] = rd / rr


@kernel
def weighted(lane: int, lanes: int, signal: Any, first: int, te_s: Any, r2star: Any) -> None:
    """Log-linear fit weighted by the measured S^2.

    `te_s`: float32 (echo,), from the first echo on, where the weight is: so nothing cancels. A voxel with an
    echo that is not positive and finite comes out as NaN.
    """
    voxels = r2star.size
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        base = chunk * CHUNK
        for j in range(np.uintp(base), np.uintp(min(base + CHUNK, voxels))):
            i = np.uintp(first) + j
            low = signal[0, i]
            scale = ONE / low
            w0 = ONE
            w1 = w2 = l0 = l1 = ZERO
            check = low * ZERO
            for k in echoes(1, ECHOES):
                y = signal[k, i]
                ratio = y * scale
                log = fast_log(ratio)
                w = ratio * ratio
                wt = w * te_s[k]
                w0 += w
                w1 += wt
                w2 += wt * te_s[k]
                l0 += w * log
                l1 += wt * log
                low = min(low, y)
                check += y * ZERO
            rate = (w1 * l0 - w0 * l1) / (w0 * w2 - w1 * w1)
            r2star[j] = rate if low > ZERO and check == ZERO else NAN


@kernel
def describe(  # noqa: PLR0912, PLR0915 one formula per method, chosen when written out
    lane: int,
    lanes: int,
    signal: Any,
    first: int,
    inside: Any,
    te_s: Any,
    weights: Any,
    numbers: Any,
    r2star: Any,
    se: Any,
    s0: Any,
    residual: Any,
    flags: Any,
) -> None:
    """Tell S0, standard error, residual and flags of an R2* that one of the above found; mask it.

    The standard error is the noise propagated through the estimator (METHOD) at the fitted decay.

    `te_s`: float32 (echo,), from the first echo on; `weights` as for `arlo`; `numbers`: float32, first echo
    time (s), sigma (0: unknown), floor, degrees of freedom, R2* (1/s) up to which ARLO can follow.
    """
    voxels = r2star.size
    first_te, sigma, floor, freedom, fastest = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    for chunk in range(lane, (voxels + CHUNK - 1) // CHUNK, lanes):
        base = chunk * CHUNK
        for j in range(np.uintp(base), np.uintp(min(base + CHUNK, voxels))):
            i = np.uintp(first) + j
            rate = r2star[j]
            decay = tuple(fast_exp(-rate * te_s[k]) for k in echoes(0, ECHOES))
            high = signal[1, i]
            for k in echoes(2, ECHOES):
                high = max(high, signal[k, i])
            w0 = level = ZERO
            for k in echoes(0, ECHOES):
                y = signal[k, i]
                if METHOD == LOGLINEAR:
                    w0 += ONE
                    level += fast_log(y) + rate * te_s[k]
                elif METHOD == WEIGHTED:
                    w0 += y * y
                    level += y * y * (fast_log(y) + rate * te_s[k])
                else:
                    w0 += decay[k] * decay[k]
                    level += y * decay[k]
            level = fast_exp(level / w0) if METHOD != ARLO else level / w0
            squares = w0 = w1 = w2 = spread = ZERO
            for k in echoes(0, ECHOES):
                gap = signal[k, i] - level * decay[k]
                squares += gap * gap
                w = ONE if METHOD == LOGLINEAR else decay[k] * decay[k]
                w0 += w
                w1 += w * te_s[k]
                w2 += w * te_s[k] * te_s[k]
            if METHOD == ARLO:
                bottom = now = before = earlier = ZERO
                for k in echoes(0, ECHOES):
                    pull = -before * rate * weights[ECHOES - 2 + k - 1] if 0 < k < ECHOES - 1 else ZERO
                    pull -= earlier * (ONE + rate * weights[2 * (ECHOES - 2) + k - 2]) if k > 1 else ZERO
                    if k < ECHOES - 2:
                        area = weights[k] * decay[k] + weights[ECHOES - 2 + k] * decay[k + 1]
                        area += weights[2 * (ECHOES - 2) + k] * decay[k + 2]
                        now = area + weights[2 * (ECHOES - 2) + k] * (decay[k] - decay[k + 2])
                        bottom += area * now
                        pull += now * (ONE - rate * weights[k])
                    else:
                        now = ZERO
                    spread += pull * pull
                    earlier = before
                    before = now
                spread = np.sqrt(spread) / abs(bottom)
            elif METHOD == LOGLINEAR:
                for k in echoes(0, ECHOES):
                    pull = (w0 * te_s[k] - w1) / decay[k]
                    spread += pull * pull
                spread = np.sqrt(spread) / (w0 * w2 - w1 * w1)
            else:
                spread = np.sqrt(w0 / (w0 * w2 - w1 * w1))
            spread = spread / level
            rms = np.sqrt(squares / freedom)
            error = spread * (sigma if sigma > ZERO else rms)
            failed = not (abs(rate) < F(1e30) and abs(level) < F(1e30))
            gone = signal[0, i] >= floor and high < floor
            fast = gone or level * decay[1] < sigma
            if METHOD == ARLO:
                fast = fast or rate > fastest
            flag = F(BELOW_NOISE) if signal[0, i] < floor else ZERO
            flag += F(TOO_FAST) if fast else ZERO
            flag += F(TOO_SLOW) if rate < F(Z95) * error or rate <= ZERO else ZERO
            flag = F(FAILED) + (F(TOO_FAST) if gone else ZERO) if failed else flag
            outside = not inside[j]
            nothing = failed or outside
            r2star[j] = NAN if nothing else rate
            se[j] = NAN if nothing else error
            s0[j] = NAN if nothing else level * fast_exp(rate * first_te)
            residual[j] = NAN if nothing else rms
            flags[j] = np.uint8(F(OUTSIDE_MASK) if outside else flag)
