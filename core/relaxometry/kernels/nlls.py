"""Nonlinear least squares for S0 exp(-R2* TE) over a volume, by variable projection.

Written out by core.relaxometry.unroll. Voxels go in chunks through a scratch of fixed size:

1. every voxel: ARLO gives the start, and a step of Halley's on the projected problem (Golub and Pereyra 1973,
   doi 10.1137/0710036; Halley's because it leaves an error of the third order) mostly the rest;
2. those that have not converged take one step more; those that still have not, or whose
   residual leaves room for a second optimum, go the careful way: projection on many decays, more steps;
3. the few that resist are marked, for the double-precision fit of core.relaxometry.general;
4. where more than R2* is wanted, a Gauss-Newton step from the residuals.

For even spacing the unknown is q = exp(-R2* spacing) and every sum a polynomial in q by Horner's rule: there
is no exponential in the loops. A voxel's result depends neither on its place in the chunk and the other
voxels there nor on the number of threads: loops always run over whole vectors, and a voxel that has converged
stays as it is.

With SQUARED the same fit is made of M^2 - 2 L sigma^2 and exp(-2 R2* TE): the second-moment estimator of
Feng 2013 (doi 10.1002/mrm.24607); the echo times come in doubled.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.jit import inlined, kernel
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
from core.relaxometry.kernels.formulas import (
    FOUR,
    HALF,
    NAN,
    ONE,
    SIX,
    THREE,
    TWO,
    ZERO,
    F,
    fast_exp,
    fast_log,
)
from core.relaxometry.unroll import echoes

ECHOES = 3
EVEN = 1
SQUARED = 0
# whether errors and the rest are wanted too; if not, every voxel has to be inside
WHOLE = 1
# voxels that go together: their echoes and results fit the first-level cache
CHUNK = 512
# rows of the scratch stand so far apart that no two share a set of the cache
STRIDE = 528
# rows of the scratch after the echoes
RATE, LEVEL, RMS, ERROR, TROUBLE, ENERGY, Q, ROWS = 0, 1, 2, 3, 4, 5, 6, 7
VECTOR = 16
# places in `numbers`
FIRST_TE, SPACING, SIGMA, BIAS, FLOOR, DIM_LIMIT, FREEDOM, SLOWEST, FASTEST = 0, 1, 2, 3, 4, 5, 6, 7, 8
# q beyond these is beyond the search (see core.relaxometry.fit.FASTEST and SLOWEST)
Q_LOW, Q_HIGH = F(1e-5), F(8.0)
# below this share of the signal's energy in the residual there is one optimum only (found by trial on
# 10^5 voxels at SNR 5 to 20, where the smallest with two was 0.20)
ONE_OPTIMUM = F(0.19)
# nor where the signal falls, or rises by less than exp(this) from first to last
RISE = F(0.5)
# the last step: what Newton's would have left, times (share of the energy in the residual + SAFE), below
# GAP (1 + R2* / 100) in 1/s, and the step itself below LONGEST (1 / train + R2*); found by trial on 2 x 10^5
# voxels each at SNR 5 to 200
GAP, SAFE, LONGEST = F(0.009), F(0.01), F(0.15)
# the first step is the last only where there is little noise: at this share of the energy in the residual
BRIGHT = F(0.03)
CAREFUL_STEPS = 3
ENDLESS = F(np.inf)
# where more than one voxel in so many has not converged, packing them costs more than it saves
FEW = 10


def place(row: int, i: Any) -> Any:
    """Place of voxel i in a row of the scratch; unsigned, or the compiler would gather. Written out too."""
    return np.uintp(row * STRIDE) + np.uintp(i)


@kernel
def pack(signal: Any, first: int, inside: Any, base: int, count: int, packed: Any, index: Any) -> int:
    """Pack the voxels of a chunk that are inside the mask; return how many.

    A whole chunk that is inside is not packed. What is left of the last vector is filled up.
    """
    chosen = 0
    for i in range(np.uintp(base), np.uintp(base + count)):
        chosen += int(inside[i])
    if chosen == CHUNK:
        return chosen
    chosen = 0
    for i in range(count):
        index[chosen] = i
        chosen += int(inside[base + i])
    for k in range(ECHOES):
        for i in range(chosen):
            packed[k, i] = signal[k, first + base + index[i]]
        for i in range(chosen, min(CHUNK, chosen + VECTOR)):
            packed[k, i] = ONE / F(1 + k)
    return chosen


@inlined
def in_powers(y: Any, q: Any) -> Any:
    """Sum the projection on q^k, and three derivatives of its logarithm over q.

    Returns
    -------
    tuple
        Sum of y q^k, sum of q^2k; first, second and third derivative of ln(projection).
    """
    z = q * q
    p0 = y[ECHOES - 1]
    d0 = ONE
    p1 = p2 = p3 = d1 = d2 = d3 = ZERO
    # Horner's rule for a polynomial and its Taylor coefficients; of the norm in z = q^2
    for k in echoes(1, ECHOES):
        p3 = p3 * q + p2
        p2 = p2 * q + p1
        p1 = p1 * q + p0
        p0 = p0 * q + y[ECHOES - 1 - k]
        d3 = d3 * z + d2
        d2 = d2 * z + d1
        d1 = d1 * z + d0
        d0 = d0 * z + ONE
    per_p, per_d = ONE / p0, ONE / d0
    u, a = p1 * per_p, TWO * p2 * per_p
    v, b = d1 * per_d, TWO * d2 * per_d
    u1, v1 = a - u * u, b - v * v
    u2 = SIX * p3 * per_p - u * (a + TWO * u1)
    v2 = SIX * d3 * per_d - v * (b + TWO * v1)
    return p0, d0, u - q * v, u1 - v - TWO * z * v1, u2 - q * (SIX * v1 + FOUR * z * v2)


@inlined
def in_rates(y: Any, rate: Any, te_s: Any) -> Any:
    """Sum the projection on exp(-R2* TE) and three derivatives of its logarithm over R2*, as `in_powers`."""
    p0 = y[0]
    d0 = ONE
    p1 = p2 = p3 = d1 = d2 = d3 = ZERO
    for k in echoes(1, ECHOES):
        e = fast_exp(-rate * te_s[k])
        ye, ee = y[k] * e, e * e
        p0 += ye
        d0 += ee
        ye, ee = ye * te_s[k], ee * te_s[k]
        p1 += ye
        d1 += ee
        ye, ee = ye * te_s[k], ee * te_s[k]
        p2 += ye
        d2 += ee
        p3 += ye * te_s[k]
        d3 += ee * te_s[k]
    per_p, per_d = ONE / p0, ONE / d0
    u, a = p1 * per_p, p2 * per_p
    v, b = d1 * per_d, d2 * per_d
    u1, v1 = u * u - a, TWO * (v * v - b)
    u2 = p3 * per_p - a * u + TWO * u * u1
    v2 = FOUR * (d3 * per_d - b * v + v * v1)
    return p0, d0, v - u, v1 - u1, v2 - u2


@inlined
def stepped(y: Any, at: Any, energy: Any, te_s: Any, low: Any, high: Any, spacing: Any, limit: Any) -> Any:
    """Take a step of Halley's on the logarithm of the projection, in q or R2*; tell whether it was the last.

    The error that is left is of the third order; what Newton's step, of the second, would have left is the
    difference of the two. So the step was the last if that is small (the smaller, the more noise there is),
    the step itself is not large, and the share of the energy in the residual is below `limit`.

    `y`: the echoes; `te_s`: float32 (echo,), from the first echo on; `spacing`: float32, of q. The answer
    must lie between `low` and `high`.

    Returns
    -------
    tuple
        q or R2*, the amplitude before the step, and whether it was the last.
    """
    if EVEN == 1:
        p0, d0, slope, bend, twist = in_powers(y, at)
    else:
        p0, d0, slope, bend, twist = in_rates(y, at, te_s)
    newton = -slope / bend
    lower = bend + HALF * twist * newton
    step = -slope / lower if lower < ZERO else newton
    step = step if bend < ZERO else ZERO
    left = energy * d0
    rest = (ONE + SAFE) * left - p0 * p0
    gap, size = abs(step - newton), abs(step)
    if EVEN == 1:
        # in units of q, times 1 + q: -ln q is at least 2 (1 - q) / (1 + q)
        over = ONE + at
        fall = max(TWO - TWO * at, ZERO)
        near = gap * over * rest < GAP * at * left * (spacing * over + F(0.01) * fall)
        small = size * over < LONGEST * at * (over / F(ECHOES - 1) + fall)
        following = min(max(at + step, Q_LOW), Q_HIGH)
    else:
        near = gap * rest < GAP * left * (ONE + F(0.01) * abs(at))
        small = size < LONGEST * (ONE / te_s[ECHOES - 1] + abs(at))
        following = at + step
    within = following > low and following < high and p0 > ZERO and bend < ZERO
    settled = near and small and within and rest < (limit + SAFE) * left
    return following, p0 / d0, settled


@kernel
def begin(source: Any, base: int, voxels: int, numbers: Any, weights: Any, work: Any) -> None:
    """Bring voxels into the scratch and start each from ARLO, computed while the next come from memory.

    `source`: float32 (echo, voxel), read from `base` on; `weights`: float32 (3 (echo - 2),) as for
    core.relaxometry.kernels.closed.arlo; of two echoes the ratio is the answer.
    """
    spacing, bias = numbers[SPACING], numbers[BIAS]
    origin = np.uintp(base)
    for i in range(np.uintp(voxels)):
        y = tuple(source[k, origin + i] for k in echoes(0, ECHOES))
        if SQUARED == 1:
            # no magnitude is negative: squared it would pass for signal
            y = tuple(y[k] * y[k] - bias if y[k] >= ZERO else NAN for k in echoes(0, ECHOES))
        rr = rd = energy = ZERO
        for k in echoes(0, ECHOES):
            work[place(k, i)] = y[k]
            energy += y[k] * y[k]
        for k in echoes(0, ECHOES - 2):
            difference = y[k] - y[k + 2]
            if EVEN == 1:
                # less the weight of Simpson's rule, a third of the spacing
                area = y[k] + FOUR * y[k + 1] + y[k + 2]
                pull = area + difference
            else:
                last = weights[2 * (ECHOES - 2) + k]
                area = weights[k] * y[k] + weights[ECHOES - 2 + k] * y[k + 1] + last * y[k + 2]
                pull = area + last * difference
            rr += area * pull
            rd += difference * pull
        if ECHOES > 2 and EVEN == 1:
            # exp(-2x) is nearly (1 - x) / (1 + x)
            x = THREE * HALF * rd
            at = min(max((rr - x) / (rr + x), F(0.02)), F(1.2))
        elif ECHOES > 2:
            at = rd / rr
        else:
            at = max(y[1] / y[0], Q_LOW)
            if EVEN == 0:
                at = -fast_log(at) / spacing
        work[place(ECHOES + Q, i)] = at
        work[place(ECHOES + ENERGY, i)] = energy
        work[place(ECHOES + LEVEL, i)] = ZERO
        work[place(ECHOES + TROUBLE, i)] = ONE


@kernel
def search(work: Any, voxels: int, decays: Any, table: Any) -> None:
    """Start every voxel in trouble at the best of many decays, which are tried two by two.

    `decays`: float32 (decay,), q or R2* of each, an even number of them; `table`: float32 (decay, echo + 1),
    the decays and one over the sum of their squares.
    """
    for i in range(np.uintp(voxels)):
        # nothing is better than what has converged
        work[place(ECHOES + RMS, i)] = ZERO if work[place(ECHOES + TROUBLE, i)] != ZERO else ENDLESS
    for j in range(0, table.shape[0], 2):
        one, two = decays[j], decays[j + 1]
        first = tuple(table[j, k] for k in echoes(0, ECHOES + 1))
        second = tuple(table[j + 1, k] for k in echoes(0, ECHOES + 1))
        for i in range(np.uintp(voxels)):
            if EVEN == 1:
                p = r = work[place(ECHOES - 1, i)]
                for k in echoes(1, ECHOES):
                    p = p * one + work[place(ECHOES - 1 - k, i)]
                    r = r * two + work[place(ECHOES - 1 - k, i)]
            else:
                p = r = work[i]
                for k in echoes(1, ECHOES):
                    p += work[place(k, i)] * first[k]
                    r += work[place(k, i)] * second[k]
            p = max(p, ZERO)
            r = max(r, ZERO)
            score = p * p * first[ECHOES]
            other = r * r * second[ECHOES]
            at = one if score > other else two
            score = max(score, other)
            best = work[place(ECHOES + RMS, i)]
            work[place(ECHOES + Q, i)] = at if score > best else work[place(ECHOES + Q, i)]
            work[place(ECHOES + RMS, i)] = max(score, best)


@kernel
def improve(work: Any, voxels: int, te_s: Any, low: Any, high: Any, spacing: Any, limit: Any) -> None:
    """Take a step in every voxel of the scratch that is in trouble."""
    for i in range(np.uintp(voxels)):
        y = tuple(work[place(k, i)] for k in echoes(0, ECHOES))
        before, amplitude = work[place(ECHOES + Q, i)], work[place(ECHOES + LEVEL, i)]
        trouble = work[place(ECHOES + TROUBLE, i)]
        at, level, settled = stepped(
            y, before, work[place(ECHOES + ENERGY, i)], te_s, low, high, spacing, limit
        )
        work[place(ECHOES + Q, i)] = at if trouble != ZERO else before
        work[place(ECHOES + LEVEL, i)] = level if trouble != ZERO else amplitude
        work[place(ECHOES + TROUBLE, i)] = ZERO if settled else trouble


@inlined
def rate_of(at: Any, spacing: Any) -> Any:
    """R2* of the unknown."""
    return -fast_log(at) / spacing if EVEN == 1 else at


@kernel
def finish(work: Any, voxels: int, te_s: Any, spacing: Any) -> None:
    """Turn q into R2* and take a last step from the residuals; leave R2*, amplitude, squares and error.

    The residuals are small numbers with small rounding errors, so this step reaches the precision of the
    data.
    """
    for i in range(np.uintp(voxels)):
        q = work[place(ECHOES + Q, i)]
        rate = rate_of(q, spacing)
        level = work[place(ECHOES + LEVEL, i)]
        e = d0 = ONE
        g0 = work[i] - level
        squares = g0 * g0
        g1 = d1 = d2 = ZERO
        for k in echoes(1, ECHOES):
            e = e * q if EVEN == 1 else fast_exp(-rate * te_s[k])
            r = work[place(k, i)] - level * e
            ee = e * e
            d0 += ee
            d1 += ee * te_s[k]
            d2 += ee * (te_s[k] * te_s[k])
            squares += r * r
            re = r * e
            g0 += re
            g1 += re * te_s[k]
        determinant = d0 * d2 - d1 * d1
        rise = (d2 * g0 - d1 * g1) / determinant
        # the amplitude is from before the last step, so it moves first and takes R2* along
        step = (d1 * g0 - d0 * g1) / ((level + rise) * determinant)
        squares -= g0 * rise - level * g1 * step
        work[place(ECHOES + RATE, i)] = rate + step
        work[place(ECHOES + LEVEL, i)] = level + rise
        work[place(ECHOES + RMS, i)] = max(squares, ZERO)
        if SQUARED == 0:
            # Cramer-Rao for known S0: sigma^2 = variance x amplitude^2 x d0 / determinant
            work[place(ECHOES + ERROR, i)] = np.sqrt(d0 / determinant) / (level + rise)
        else:
            work[place(ECHOES + ERROR, i)] = ZERO


@kernel
def in_trouble(work: Any, voxels: int, index: Any) -> int:
    """List the voxels in trouble; return how many."""
    chosen = 0
    for i in range(voxels):
        index[chosen] = i
        chosen += int(work[place(ECHOES + TROUBLE, i)] != ZERO)
    return chosen


@kernel
def any_trouble(work: Any, voxels: int) -> Any:
    """Tell how many voxels are in trouble."""
    total = ZERO
    for i in range(np.uintp(voxels)):
        total += work[place(ECHOES + TROUBLE, i)]
    return total


@kernel
def gather(work: Any, index: Any, chosen: int, careful: Any) -> None:
    """Pack the listed voxels into the second scratch."""
    for k in range(ECHOES):
        for i in range(chosen):
            careful[place(k, i)] = work[place(k, index[i])]
        for i in range(chosen, min(CHUNK, chosen + VECTOR)):
            careful[place(k, i)] = ONE / F(1 + k)
    for i in range(chosen):
        careful[place(ECHOES + ENERGY, i)] = work[place(ECHOES + ENERGY, index[i])]
        careful[place(ECHOES + Q, i)] = work[place(ECHOES + Q, index[i])]
        careful[place(ECHOES + LEVEL, i)] = work[place(ECHOES + LEVEL, index[i])]
    for i in range(np.uintp(CHUNK)):
        careful[place(ECHOES + TROUBLE, i)] = ONE if i < chosen else ZERO


@kernel
def put_back(careful: Any, index: Any, chosen: int, work: Any) -> None:
    """Return the listed voxels to their places; those that still resist without a value.

    They are for the fit in double precision, if there is a signal.
    """
    for i in range(chosen):
        resists = careful[place(ECHOES + TROUBLE, i)] != ZERO
        energy = careful[place(ECHOES + ENERGY, i)]
        signal = energy > ZERO and energy < F(1e30)
        at = index[i]
        work[place(ECHOES + Q, at)] = NAN if resists else careful[place(ECHOES + Q, i)]
        work[place(ECHOES + LEVEL, at)] = careful[place(ECHOES + LEVEL, i)]
        work[place(ECHOES + TROUBLE, at)] = F(RESISTS) if resists and signal else ZERO


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
        # read whether it is needed or not: a load on a condition would keep the loop from being vectorised
        trouble = work[place(ECHOES + TROUBLE, i)]
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
        # NaN where the fit failed, else nothing; conditions on it would keep the loop from being vectorised
        failed = rate * ZERO
        flag = F(BELOW_NOISE) if first < numbers[FLOOR] else ZERO
        flag += F(TOO_FAST) if second < sigma else gone
        flag += F(TOO_SLOW) if rate < F(Z95) * error or rate <= ZERO else ZERO
        flag += F(DIM) if min(low, first) < numbers[DIM_LIMIT] else ZERO
        flag = flag if failed == ZERO else F(FAILED) + gone + trouble
        work[place(ECHOES + LEVEL, i)] = amplitude + failed
        work[place(ECHOES + RMS, i)] = residual + failed
        work[place(ECHOES + ERROR, i)] = error + failed
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
def fit(
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
    work = np.empty((ECHOES + ROWS) * STRIDE, np.float32)
    careful = np.empty((ECHOES + ROWS) * STRIDE, np.float32)
    low, high = slowest, fastest
    usual_low, usual_high = -RISE / te_s[ECHOES - 1], fastest
    if EVEN == 1:
        low, high = F(np.exp(-fastest * spacing)), F(np.exp(-slowest * spacing))
        usual_low, usual_high = low, F(np.exp(-usual_low * spacing))
    packed = np.empty((ECHOES, CHUNK), np.float32)
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
        begin(source, origin, whole, numbers, weights, work)
        improve(work, whole, te_s, usual_low, usual_high, spacing, BRIGHT)
        number = in_trouble(work, chosen, troubled)
        many = number * FEW > chosen
        if many:
            improve(work, whole, te_s, usual_low, usual_high, spacing, ONE_OPTIMUM)
            number = in_trouble(work, chosen, troubled)
        if number > 0:
            packed_up = (number + VECTOR - 1) // VECTOR * VECTOR
            gather(work, troubled, number, careful)
            if not many:
                improve(careful, packed_up, te_s, usual_low, usual_high, spacing, ONE_OPTIMUM)
            if any_trouble(careful, packed_up) != ZERO:
                search(careful, packed_up, decays, fine)
            for _ in range(CAREFUL_STEPS):
                improve(careful, packed_up, te_s, low, high, spacing, TWO)
                if any_trouble(careful, packed_up) == ZERO:
                    break
            put_back(careful, troubled, number, work)
        if WHOLE == 1:
            finish(work, whole, te_s, spacing)
            report(work, whole, te_s, numbers)
            write(work, index, chosen, base, count, r2star, se, s0, residual, flags)
        else:
            for i in range(np.uintp(count)):
                r2star[base + i] = rate_of(work[place(ECHOES + Q, i)], spacing)
