"""Nonlinear least squares for S0 exp(-R2* TE) over a volume, by variable projection.

Written out by core.relaxometry.unroll. Voxels go in chunks through a scratch of fixed size:

1. every voxel: ARLO gives the start, two Newton steps on the projected problem (Golub and Pereyra 1973,
   doi 10.1137/0710036) and one Gauss-Newton step from the residuals the rest;
2. those that have not converged, or whose residual leaves room for a second optimum, are packed together
   and go the careful way: projection on many decays, more steps;
3. the few that resist are marked, for the double-precision fit of core.relaxometry.general.

For even spacing the unknown is q = exp(-R2* spacing) and every sum a polynomial in q by Horner's rule: there
is no exponential in the loops. A voxel's result does not depend on its place in the chunk nor on the number
of threads: loops always run over whole vectors.

With SQUARED the same fit is made of M^2 - 2 L sigma^2 and exp(-2 R2* TE): the second-moment estimator of
Feng 2013 (doi 10.1002/mrm.24607); the echo times come in doubled.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.jit import kernel
from core.relaxometry.general import (
    BELOW_NOISE,
    DIM,
    FAILED,
    OUTSIDE_MASK,
    RESISTS,
    TOO_FAST,
    TOO_SLOW,
    Z95,
)
from core.relaxometry.kernels.formulas import FOUR, HALF, NAN, ONE, TWO, ZERO, F, fast_exp, fast_log
from core.relaxometry.unroll import echoes

ECHOES = 3
EVEN = 1
SQUARED = 0
# whether errors and the rest are wanted too; if not, every voxel has to be inside
WHOLE = 1
# voxels that go together: their echoes and results fit the first-level cache
CHUNK = 512
# rows of the scratch after the echoes
RATE, LEVEL, RMS, ERROR, TROUBLE, D0, D1, D2, Q, ROWS = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
VECTOR = 16
# places in `numbers`
FIRST_TE, SPACING, SIGMA, BIAS, FLOOR, DIM_LIMIT, FREEDOM, SLOWEST, FASTEST = 0, 1, 2, 3, 4, 5, 6, 7, 8
# q beyond these is beyond the search (see core.relaxometry.fit.FASTEST and SLOWEST)
Q_LOW, Q_HIGH = F(1e-5), F(8.0)
# below this share of the signal's energy in the residual there is one optimum only (found by trial on
# 10^5 voxels at SNR 5 to 20, where the smallest with two was 0.20)
ONE_OPTIMUM = F(0.19)
# the last step may leave this much of itself, in 1/s and relative
STEP_ABSOLUTE, STEP_RELATIVE = F(0.02), F(4e-4)
FAST_STEPS, CAREFUL_STEPS = 2, 4
# a step more for all costs less than the careful way for one in so many
FEW = 10


def place(row: int, i: Any) -> Any:
    """Place of voxel i in a row of the scratch; unsigned, or the compiler would gather. Written out too."""
    return np.uintp(row * CHUNK) + np.uintp(i)


@kernel
def pack(signal: Any, first: int, inside: Any, base: int, count: int, packed: Any, index: Any) -> int:
    """Pack the voxels of a chunk that are inside the mask; return how many. If all are, nothing is done."""
    chosen = 0
    for i in range(np.uintp(base), np.uintp(base + count)):
        chosen += int(inside[i])
    if chosen == count:
        return chosen
    chosen = 0
    for i in range(count):
        index[chosen] = i
        chosen += int(inside[base + i])
    for k in range(ECHOES):
        for i in range(chosen):
            packed[k, i] = signal[k, first + base + index[i]]
    return chosen


@kernel
def begin(source: Any, base: int, voxels: int, bias: Any, weights: Any, spacing: Any, work: Any) -> None:
    """Bring voxels into the scratch and start each from ARLO, computed while the next come from memory.

    `source`: float32 (echo, voxel), read from `base` on; `weights`: float32 (3 (echo - 2),) as for
    core.relaxometry.kernels.closed.arlo; of two echoes the ratio is the answer.
    """
    origin = np.uintp(base)
    for i in range(np.uintp(voxels)):
        y = tuple(source[k, origin + i] for k in echoes(0, ECHOES))
        if SQUARED == 1:
            # no magnitude is negative: squared it would pass for signal
            y = tuple(y[k] * y[k] - bias if y[k] >= ZERO else NAN for k in echoes(0, ECHOES))
        rr = rd = ZERO
        for k in echoes(0, ECHOES - 2):
            if EVEN == 1:
                last = weights[0]
                area = last * (y[k] + FOUR * y[k + 1] + y[k + 2])
            else:
                last = weights[2 * (ECHOES - 2) + k]
                area = weights[k] * y[k] + weights[ECHOES - 2 + k] * y[k + 1] + last * y[k + 2]
            difference = y[k] - y[k + 2]
            rr += area * (area + last * difference)
            rd += difference * (area + last * difference)
        for k in echoes(0, ECHOES):
            work[place(k, i)] = y[k]
        if ECHOES > 2:
            # exp(-2x) is nearly (1 - x) / (1 + x)
            x = HALF * spacing * rd / rr
            q = (ONE - x) / (ONE + x) if x > -ONE else ONE
            if EVEN == 1:
                work[place(ECHOES + Q, i)] = min(max(q, F(0.02)), F(1.2))
            else:
                work[place(ECHOES + Q, i)] = rd / rr
        else:
            q = max(y[1] / y[0], Q_LOW)
            if EVEN == 1:
                work[place(ECHOES + Q, i)] = q
            else:
                work[place(ECHOES + Q, i)] = -fast_log(q) / spacing


@kernel
def search(work: Any, voxels: int, decays: Any, table: Any) -> None:
    """Start every voxel at the best of many decays.

    `decays`: float32 (decay,), q or R2* of each; `table` as in `guess`.
    """
    for i in range(np.uintp(voxels)):
        work[place(ECHOES + Q, i)] = decays[0]
        work[place(ECHOES + RMS, i)] = ZERO
    for j in range(table.shape[0]):
        decay = tuple(table[j, k] for k in echoes(0, ECHOES + 1))
        start = decays[j]
        for i in range(np.uintp(voxels)):
            p = work[i]
            for k in echoes(1, ECHOES):
                p += work[place(k, i)] * decay[k]
            p = max(p, ZERO)
            score = p * p * decay[ECHOES]
            best = work[place(ECHOES + RMS, i)]
            at = work[place(ECHOES + Q, i)]
            work[place(ECHOES + Q, i)] = start if score > best else at
            work[place(ECHOES + RMS, i)] = max(score, best)


@kernel
def improve(work: Any, voxels: int, steps: int, te_s: Any, spacing: Any) -> None:
    """Take Newton steps on the logarithm of the projection, in q or R2*; leave the amplitude beside it.

    `te_s`: float32 (echo,), from the first echo on; `spacing`: float32, of q.
    """
    for _ in range(steps):
        for i in range(np.uintp(voxels)):
            if EVEN == 1:
                q = work[place(ECHOES + Q, i)]
                z = q * q
                p0 = work[place(ECHOES - 1, i)]
                d0 = ONE
                p1 = p2 = d1 = d2 = ZERO
                for k in echoes(1, ECHOES):
                    p2 = p2 * q + p1
                    p1 = p1 * q + p0
                    p0 = p0 * q + work[place(ECHOES - 1 - k, i)]
                    d2 = d2 * z + d1
                    d1 = d1 * z + d0
                    d0 = d0 * z + ONE
                u = p1 / p0
                v = d1 / d0
                slope = u - q * v
                bend = TWO * p2 / p0 - u * u - v - TWO * z * (TWO * d2 / d0 - v * v)
                step = -slope / bend if bend < ZERO else ZERO
                work[place(ECHOES + Q, i)] = min(max(q + step, Q_LOW), Q_HIGH)
                work[place(ECHOES + LEVEL, i)] = p0 / d0
                # sums of e^2, t e^2 and t^2 e^2
                work[place(ECHOES + D0, i)] = d0
                work[place(ECHOES + D1, i)] = spacing * z * d1
                work[place(ECHOES + D2, i)] = spacing * spacing * z * (d1 + TWO * z * d2)
            else:
                rate = work[place(ECHOES + Q, i)]
                p0 = work[i]
                d0 = ONE
                p1 = p2 = d1 = d2 = ZERO
                for k in echoes(1, ECHOES):
                    e = fast_exp(-rate * te_s[k])
                    ye = work[place(k, i)] * e
                    ee = e * e
                    p0 += ye
                    d0 += ee
                    ye *= te_s[k]
                    ee *= te_s[k]
                    p1 += ye
                    d1 += ee
                    p2 += ye * te_s[k]
                    d2 += ee * te_s[k]
                u = p1 / p0
                v = d1 / d0
                slope = v - u
                bend = p2 / p0 - u * u - TWO * (d2 / d0 - v * v)
                step = -slope / bend if bend < ZERO else ZERO
                work[place(ECHOES + Q, i)] = rate + step
                work[place(ECHOES + LEVEL, i)] = p0 / d0
                work[place(ECHOES + D0, i)] = d0
                work[place(ECHOES + D1, i)] = d1
                work[place(ECHOES + D2, i)] = d2


@kernel
def finish(work: Any, voxels: int, te_s: Any, spacing: Any, slowest: Any, fastest: Any, limit: Any) -> None:
    """Turn q into R2* and take a last step from the residuals; leave R2*, amplitude, squares and error.

    The residuals are small numbers with small rounding errors, so this step reaches the precision of the
    data. The matrix of the step and the error are those of the last Newton step, a hair away. TROUBLE becomes
    1 where the step is not small, the result is beyond `slowest` or `fastest`, or the share of the energy in
    the residual is over `limit`.
    """
    for i in range(np.uintp(voxels)):
        q = work[place(ECHOES + Q, i)]
        rate = -fast_log(q) / spacing if EVEN == 1 else q
        level = work[place(ECHOES + LEVEL, i)]
        d0 = work[place(ECHOES + D0, i)]
        d1 = work[place(ECHOES + D1, i)]
        d2 = work[place(ECHOES + D2, i)]
        e = ONE
        g0 = work[i] - level
        squares = g0 * g0
        g1 = ZERO
        for k in echoes(1, ECHOES):
            e = e * q if EVEN == 1 else fast_exp(-rate * te_s[k])
            r = work[place(k, i)] - level * e
            squares += r * r
            re = r * e
            g0 += re
            g1 += re * te_s[k]
        energy = squares + level * (TWO * g0 + level * d0)
        determinant = d0 * d2 - d1 * d1
        step = (d1 * g0 - d0 * g1) / (level * determinant)
        rise = (d2 * g0 - d1 * g1) / determinant
        squares -= g0 * rise - level * g1 * step
        rate += step
        level += rise
        converged = abs(step) <= STEP_ABSOLUTE + STEP_RELATIVE * abs(rate)
        within = rate > slowest and rate < fastest and level > ZERO
        sure = squares <= limit * energy
        work[place(ECHOES + RATE, i)] = rate
        work[place(ECHOES + LEVEL, i)] = level
        work[place(ECHOES + RMS, i)] = max(squares, ZERO)
        if SQUARED == 0:
            # Cramer-Rao for known S0: sigma^2 = variance x amplitude^2 x d0 / determinant
            work[place(ECHOES + ERROR, i)] = np.sqrt(d0 / determinant) / level
        else:
            work[place(ECHOES + ERROR, i)] = ZERO
        work[place(ECHOES + TROUBLE, i)] = ZERO if converged and within and sure else ONE


@kernel
def in_trouble(work: Any, voxels: int, index: Any) -> int:
    """List the voxels in trouble; return how many."""
    chosen = 0
    for i in range(voxels):
        index[chosen] = i
        chosen += int(work[place(ECHOES + TROUBLE, i)] != ZERO)
    return chosen


@kernel
def gather(work: Any, index: Any, chosen: int, careful: Any) -> None:
    """Pack the listed voxels into the second scratch."""
    for k in range(ECHOES):
        for i in range(chosen):
            careful[place(k, i)] = work[place(k, index[i])]
        for i in range(chosen, min(CHUNK, chosen + VECTOR)):
            careful[place(k, i)] = ONE / F(1 + k)


@kernel
def give_up(work: Any, i: int) -> None:
    """Leave a voxel that resists without a value: to the fit in double precision, if there is a signal."""
    energy = ZERO
    for k in range(ECHOES):
        energy += work[place(k, i)] * work[place(k, i)]
    work[place(ECHOES + RATE, i)] = NAN
    work[place(ECHOES + TROUBLE, i)] = F(RESISTS) if energy > ZERO and energy < F(1e30) else ZERO


@kernel
def report(work: Any, voxels: int, te_s: Any, numbers: Any) -> None:
    """Turn the rows of the scratch into R2*, S0, residual, standard error and flags.

    `numbers`: float32, see the constants from FIRST_TE on.
    """
    sigma = numbers[SIGMA]
    freedom = numbers[FREEDOM]
    for i in range(np.uintp(voxels)):
        rate = work[place(ECHOES + RATE, i)]
        level = work[place(ECHOES + LEVEL, i)]
        squares = work[place(ECHOES + RMS, i)]
        first = work[i]
        low = high = work[place(1, i)]
        for k in echoes(2, ECHOES):
            low = min(low, work[place(k, i)])
            high = max(high, work[place(k, i)])
        gone = F(TOO_FAST) if first >= numbers[FLOOR] and high < numbers[FLOOR] else ZERO
        second = level * fast_exp(-rate * te_s[1])
        if SQUARED == 1:
            squares = variance = ZERO
            d0 = d1 = d2 = ZERO
            for k in echoes(0, ECHOES):
                e = fast_exp(-rate * te_s[k])
                gap = np.sqrt(max(work[place(k, i)] + numbers[BIAS], ZERO)) - np.sqrt(
                    max(level * e + numbers[BIAS], ZERO)
                )
                squares += gap * gap
                d0 += e * e
                d1 += te_s[k] * e * e
                d2 += te_s[k] * te_s[k] * e * e
            noise = sigma * sigma if sigma > ZERO else squares / freedom
            for k in echoes(0, ECHOES):
                e = fast_exp(-rate * te_s[k])
                pull = (d1 - te_s[k] * d0) * e
                # variance of M^2: 4 S^2 sigma^2 + 4 L sigma^4, where BIAS is 2 L sigma^2
                variance += pull * pull * (FOUR * level * e + TWO * numbers[BIAS]) * noise
            error = np.sqrt(variance) / (level * (d0 * d2 - d1 * d1))
            second = np.sqrt(max(second, ZERO))
            amplitude = np.sqrt(max(level, ZERO)) * fast_exp(HALF * rate * numbers[FIRST_TE])
            residual = np.sqrt(squares / freedom)
        else:
            residual = np.sqrt(squares / freedom)
            error = work[place(ECHOES + ERROR, i)] * (sigma if sigma > ZERO else residual)
            amplitude = level * fast_exp(rate * numbers[FIRST_TE])
        failed = not abs(rate) < F(1e30)
        flag = F(BELOW_NOISE) if first < numbers[FLOOR] else ZERO
        flag += F(TOO_FAST) if second < sigma else gone
        flag += F(TOO_SLOW) if rate < F(Z95) * error or rate <= ZERO else ZERO
        flag += F(DIM) if min(low, first) < numbers[DIM_LIMIT] else ZERO
        flag = F(FAILED) + gone + work[place(ECHOES + TROUBLE, i)] if failed else flag
        work[place(ECHOES + LEVEL, i)] = NAN if failed else amplitude
        work[place(ECHOES + RMS, i)] = NAN if failed else residual
        work[place(ECHOES + ERROR, i)] = NAN if failed else error
        work[place(ECHOES + TROUBLE, i)] = flag


@kernel
def write(
    work: Any,
    index: Any,
    chosen: int,
    base: int,
    count: int,
    r2star: Any,
    se: Any,
    s0: Any,
    residual: Any,
    flags: Any,
) -> None:
    """Put the rows of the scratch in their places; the rest of the chunk is outside the mask."""
    if chosen == count:
        for i in range(np.uintp(count)):
            r2star[base + i] = work[place(ECHOES + RATE, i)]
            s0[base + i] = work[place(ECHOES + LEVEL, i)]
            residual[base + i] = work[place(ECHOES + RMS, i)]
            se[base + i] = work[place(ECHOES + ERROR, i)]
            flags[base + i] = np.uint8(work[place(ECHOES + TROUBLE, i)])
        return
    for i in range(np.uintp(base), np.uintp(base + count)):
        r2star[i] = NAN
        s0[i] = NAN
        residual[i] = NAN
        se[i] = NAN
        flags[i] = OUTSIDE_MASK
    for i in range(chosen):
        at = base + index[i]
        r2star[at] = work[place(ECHOES + RATE, i)]
        s0[at] = work[place(ECHOES + LEVEL, i)]
        residual[at] = work[place(ECHOES + RMS, i)]
        se[at] = work[place(ECHOES + ERROR, i)]
        flags[at] = np.uint8(work[place(ECHOES + TROUBLE, i)])


@kernel
def fit(  # noqa: PLR0912 the whole way of a chunk
    lane: int,
    lanes: int,
    signal: Any,
    first: int,
    inside: Any,
    te_s: Any,
    numbers: Any,
    weights: Any,
    decays: Any,
    fine: Any,
    r2star: Any,
    se: Any,
    s0: Any,
    residual: Any,
    flags: Any,
) -> None:
    """Fit the voxels of `signal`, float32 (echo, voxel), from `first` on, that are `inside`.

    A thread (`lane` of `lanes`) takes every n-th chunk.

    `te_s`, `numbers`, `weights`, `decays`, `fine`: see the stages. The rest are outputs of the size of
    `inside`.
    """
    voxels = inside.size
    chunks = (voxels + CHUNK - 1) // CHUNK
    spacing, slowest, fastest = numbers[SPACING], numbers[SLOWEST], numbers[FASTEST]
    work = np.empty((ECHOES + ROWS) * CHUNK, np.float32)
    packed = np.empty((ECHOES, CHUNK), np.float32)
    careful = np.empty((ECHOES + ROWS) * CHUNK, np.float32)
    index = np.empty(CHUNK + 1, np.int32)
    troubled = np.empty(CHUNK + 1, np.int32)
    for chunk in range(lane, chunks, lanes):
        base = chunk * CHUNK
        count = min(CHUNK, voxels - base)
        chosen = pack(signal, first, inside, base, count, packed, index)
        whole = (chosen + VECTOR - 1) // VECTOR * VECTOR
        source, origin = packed, 0 * base
        if chosen == CHUNK:
            source, origin = signal, first + base
        elif chosen == count:
            for k in range(ECHOES):
                for i in range(count):
                    packed[k, i] = signal[k, first + base + i]
        for k in range(ECHOES):
            for i in range(chosen, whole):
                packed[k, i] = ONE / F(1 + k)
        begin(source, origin, whole, numbers[BIAS], weights, spacing, work)
        scratch, limit, number = work, ONE_OPTIMUM, chosen
        steps = FAST_STEPS
        # all together; once more, where many have not converged; the rest the careful way
        for attempt in range(3):
            if attempt == 1 and number * FEW <= chosen:
                continue
            if attempt == 1:
                steps = 1
            if attempt == 2:
                whole = (number + VECTOR - 1) // VECTOR * VECTOR
                scratch, limit, steps = careful, TWO, CAREFUL_STEPS
                gather(work, troubled, number, careful)
                search(scratch, whole, decays, fine)
            improve(scratch, whole, steps, te_s, spacing)
            finish(scratch, whole, te_s, spacing, slowest, fastest, limit)
            if attempt < 2:
                number = in_trouble(work, chosen, troubled)
        for i in range(number):
            resists = careful[place(ECHOES + TROUBLE, i)] != ZERO
            careful[place(ECHOES + TROUBLE, i)] = ZERO
            if resists:
                give_up(careful, i)
            for row in range(ECHOES, ECHOES + TROUBLE + 1):
                work[place(row, troubled[i])] = careful[place(row, i)]
        whole = (chosen + VECTOR - 1) // VECTOR * VECTOR
        if WHOLE == 1:
            report(work, whole, te_s, numbers)
            write(work, index, chosen, base, count, r2star, se, s0, residual, flags)
        else:
            for i in range(np.uintp(count)):
                r2star[base + i] = work[place(ECHOES + RATE, i)]
