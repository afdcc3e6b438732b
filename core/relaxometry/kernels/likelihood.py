"""Maximum likelihood for S0 exp(-R2* TE) in magnitudes of known noise: Rician, or non-central chi.

Everything is in units of sigma; the unknowns are b, the logarithm of the signal at the first echo, and R2*.
With x the magnitude, s the model and L coils the log-likelihood of an echo is
(1 - L) ln s - s^2 / 2 + ln I_{L-1}(x s) (Constantinides 1997, doi 10.1002/mrm.1910380524), its slope over s
is x I_L / I_{L-1} - s. Newton steps with the observed information, with Fisher's where that is not positive.

Every voxel starts from the estimate it comes with. Those that do not converge, or whose error is so large
that there may be a second optimum, are packed together and start from several R2*; the likeliest end wins.

Here the loop over echoes is outside the loop over voxels, and the sums stand in the scratch: there is so much
to do for an echo that writing it out would gain little, and it would take long to compile.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.jit import inlined, kernel
from core.relaxometry.general import BELOW_NOISE, FAILED, TOO_FAST, TOO_SLOW, Z95
from core.relaxometry.kernels.formulas import HALF, NAN, ONE, TWO, ZERO, F, fast_exp, fast_log

CHUNK = 512
VECTOR = 16
# rows of the scratch: five for the state, five for the best state so far, eight for sums; the echoes follow.
# Offsets are unsigned, or the compiler would gather
RATE, LEVEL, STEP, ERROR, SCORE, BEST = (np.uintp(row * CHUNK) for row in range(6))
GB, GR, A0, A1, A2, F0, F1, F2, ECHO = (np.uintp(row * CHUNK) for row in range(10, 19))
KEPT, SUMS, ROWS = 5, 8, 18
# places in `numbers`
FIRST_TE, SIGMA, FLOOR, FREEDOM, SLOWEST, FASTEST, SPAN, SCALE, COILS = 0, 1, 2, 3, 4, 5, 6, 7, 8
FAST_STEPS, MORE_STEPS, CAREFUL_STEPS, LAST_STEPS = 5, 8, 6, 14
# a step of Newton's goes at most so far, in b and as a share of 1/span + R2*
LONGEST_RISE, LONGEST_STEP = ONE, ONE
# error over 1/span + R2* above which there may be two optima (found by trial on 10^4 voxels at SNR 5 and 10,
# where the smallest with two was 0.50)
ONE_OPTIMUM = F(0.3)
STEP_ABSOLUTE, STEP_RELATIVE = F(0.02), F(4e-4)
B_LOW, B_HIGH = F(-6.0), F(20.0)
# a first echo of a tenth of sigma is no signal
B_NOTHING = F(-2.3)
LEAST_DETERMINANT = F(1e-4)
NEVER = F(-1e30)
# log-likelihoods are not known to more than this in single precision
SAME = F(1e-3)
ANY = F(1e30)


@inlined
def whole(voxels: int) -> int:
    """Voxels of the vectors that hold `voxels`."""
    return (voxels + VECTOR - 1) // VECTOR * VECTOR


@kernel
def choose(inside: Any, chunk: int, index: Any) -> int:
    """List the voxels of a chunk that are inside; return how many."""
    # counted here: a plain 0 in the caller would have what it calls compiled for a constant 0 as well
    chosen = 0
    for i in range(chunk * CHUNK, min((chunk + 1) * CHUNK, inside.size)):
        index[chosen] = i
        chosen += int(inside[i])
    return chosen


@kernel
def load(
    signal: Any, first: int, index: Any, chosen: int, r2star: Any, s0: Any, numbers: Any, work: Any
) -> None:
    """Bring the chosen voxels of a chunk into the scratch, in units of sigma, with their start."""
    for k in range(signal.shape[0]):
        for i in range(chosen):
            work[ECHO + np.uintp(k * CHUNK) + np.uintp(i)] = signal[k, first + index[i]] / numbers[SIGMA]
        for i in range(chosen, whole(chosen)):
            work[ECHO + np.uintp(k * CHUNK) + np.uintp(i)] = F(100) / F(1 + k)
    for i in range(whole(chosen)):
        rate = level = NAN
        if i < chosen:
            rate = r2star[index[i]]
            level = np.log(s0[index[i]] / numbers[SIGMA]) - rate * numbers[FIRST_TE]
        if not abs(rate) < ANY or not abs(level) < B_HIGH:
            rate = ONE / numbers[SPAN]
            level = np.log(max(work[ECHO + np.uintp(i)], ONE))
        work[RATE + np.uintp(i)] = rate
        work[LEVEL + np.uintp(i)] = max(level, B_LOW)


@kernel
def gather(work: Any, careful: Any, echoes: int, troubled: Any, number: int) -> None:
    """Pack the voxels in trouble into the second scratch."""
    for kept in range(KEPT):
        for i in range(whole(number)):
            careful[np.uintp(kept * CHUNK) + np.uintp(i)] = (
                work[np.uintp(kept * CHUNK) + np.uintp(troubled[i])] if i < number else ONE
            )
    for k in range(echoes):
        for i in range(number):
            careful[ECHO + np.uintp(k * CHUNK) + np.uintp(i)] = work[
                ECHO + np.uintp(k * CHUNK) + np.uintp(troubled[i])
            ]
        for i in range(number, whole(number)):
            careful[ECHO + np.uintp(k * CHUNK) + np.uintp(i)] = F(100) / F(1 + k)
    for i in range(np.uintp(whole(number))):
        careful[BEST + RATE + i] = ONE
        careful[BEST + LEVEL + i] = B_LOW
        careful[BEST + SCORE + i] = NEVER


@kernel
def put_back(careful: Any, troubled: Any, number: int, work: Any) -> None:
    """Return what was packed to its places."""
    for kept in range(KEPT):
        for i in range(number):
            work[np.uintp(kept * CHUNK) + np.uintp(troubled[i])] = careful[
                np.uintp(kept * CHUNK) + np.uintp(i)
            ]


@kernel
def add_up(work: Any, voxels: int, te_s: Any, numbers: Any, ratio: Any) -> None:
    """Sum score and information over the echoes into the scratch."""
    scale, coils = numbers[SCALE], numbers[COILS]
    order = TWO * coils - ONE
    c0, c1, c2, c3, c4, c5, c6 = ratio[0], ratio[1], ratio[2], ratio[3], ratio[4], ratio[5], ratio[6]
    c7, c8, c9, c10, c11, c12 = ratio[7], ratio[8], ratio[9], ratio[10], ratio[11], ratio[12]
    for k in range(SUMS):
        for i in range(np.uintp(voxels)):
            work[GB + np.uintp(k * CHUNK) + i] = ZERO
    for k in range(te_s.size):
        t = te_s[k]
        for i in range(np.uintp(voxels)):
            x = work[ECHO + np.uintp(k * CHUNK) + np.uintp(i)]
            s = fast_exp(work[LEVEL + np.uintp(i)] - work[RATE + np.uintp(i)] * t)
            z = x * s
            u = ONE / (ONE + scale * z)
            g = ((((((c12 * u + c11) * u + c10) * u + c9) * u + c8) * u + c7) * u + c6) * u + c5
            g = ((((g * u + c4) * u + c3) * u + c2) * u + c1) * u + c0
            over = ONE / (z + g)
            bessel = z * over
            ss = s * s
            slope = s * (x * bessel - s)
            # minus the second derivative over b
            bend = ss - z * z * (ONE - bessel * bessel - order * over) - slope
            fisher = ss * ss / (ss + coils)
            work[GB + np.uintp(i)] += slope
            work[GR + np.uintp(i)] -= slope * t
            work[A0 + np.uintp(i)] += bend
            work[A1 + np.uintp(i)] -= bend * t
            work[A2 + np.uintp(i)] += bend * t * t
            work[F0 + np.uintp(i)] += fisher
            work[F1 + np.uintp(i)] -= fisher * t
            work[F2 + np.uintp(i)] += fisher * t * t


@kernel
def move(work: Any, voxels: int, numbers: Any) -> None:
    """Take the Newton step that the sums make; leave its size, and the error of R2*."""
    span, slowest, fastest = numbers[SPAN], numbers[SLOWEST], numbers[FASTEST]
    for i in range(np.uintp(voxels)):
        rate, level = work[RATE + np.uintp(i)], work[LEVEL + np.uintp(i)]
        gb, gr = work[GB + np.uintp(i)], work[GR + np.uintp(i)]
        a0, a1, a2 = work[A0 + np.uintp(i)], work[A1 + np.uintp(i)], work[A2 + np.uintp(i)]
        f0, f1, f2 = work[F0 + np.uintp(i)], work[F1 + np.uintp(i)], work[F2 + np.uintp(i)]
        newton = a0 > ZERO and a0 * a2 - a1 * a1 > LEAST_DETERMINANT * a0 * a2
        a0 = a0 if newton else f0
        a1 = a1 if newton else f1
        a2 = a2 if newton else f2
        determinant = a0 * a2 - a1 * a1
        # held at one R2*, only the amplitude moves
        rise = (a2 * gb - a1 * gr) / determinant if slowest < fastest else gb / a0
        step = (a0 * gr - a1 * gb) / determinant
        reach = LONGEST_STEP * (ONE / span + abs(rate))
        part = min(ONE, min(LONGEST_RISE / abs(rise), reach / abs(step)))  # noqa: PLW3301 numba's min of two
        work[RATE + np.uintp(i)] = min(max(rate + part * step, slowest), fastest)
        work[LEVEL + np.uintp(i)] = min(max(level + part * rise, B_LOW), B_HIGH)
        work[STEP + np.uintp(i)] = step
        work[ERROR + np.uintp(i)] = np.sqrt(f0 / (f0 * f2 - f1 * f1))


@kernel
def likelihood(work: Any, voxels: int, te_s: Any, numbers: Any, log: Any) -> None:
    """Leave the log-likelihood, less what does not depend on the model."""
    scale, coils = numbers[SCALE], numbers[COILS]
    c0, c1, c2, c3, c4, c5 = log[0], log[1], log[2], log[3], log[4], log[5]
    c6, c7, c8, c9, c10 = log[6], log[7], log[8], log[9], log[10]
    for i in range(np.uintp(voxels)):
        work[SCORE + np.uintp(i)] = ZERO
    for k in range(te_s.size):
        t = te_s[k]
        for i in range(np.uintp(voxels)):
            x = work[ECHO + np.uintp(k * CHUNK) + np.uintp(i)]
            s = fast_exp(work[LEVEL + np.uintp(i)] - work[RATE + np.uintp(i)] * t)
            u = ONE / (ONE + scale * x * s)
            g = ((((c10 * u + c9) * u + c8) * u + c7) * u + c6) * u + c5
            g = ((((g * u + c4) * u + c3) * u + c2) * u + c1) * u + c0
            work[SCORE + np.uintp(i)] += g + (coils - HALF) * fast_log(u) - HALF * (x - s) * (x - s)


@kernel
def restart(work: Any, voxels: int, rate: Any, decay: Any) -> None:
    """Start every voxel from one R2*, at the amplitude of the second moment.

    `decay`: float32 (echo + 1,), exp(-2 R2* (TE - TE_1)) and one over the sum of their squares.
    """
    for i in range(np.uintp(voxels)):
        work[LEVEL + np.uintp(i)] = ZERO
    for k in range(decay.size - 1):
        e = decay[k]
        for i in range(np.uintp(voxels)):
            x = work[ECHO + np.uintp(k * CHUNK) + np.uintp(i)]
            work[LEVEL + np.uintp(i)] += (x * x - TWO) * e
    norm = decay[decay.size - 1]
    for i in range(np.uintp(voxels)):
        work[RATE + np.uintp(i)] = rate
        work[LEVEL + np.uintp(i)] = HALF * fast_log(max(work[LEVEL + np.uintp(i)] * norm, F(0.25)))


@kernel
def keep_better(work: Any, voxels: int, margin: Any) -> None:
    """Remember the likeliest of the ends so far; a new one that is less likely by `margin` counts too."""
    for kept in range(KEPT):
        for i in range(np.uintp(voxels)):
            better = work[SCORE + np.uintp(i)] > work[BEST + SCORE + i] - margin
            new, old = (
                work[np.uintp(kept * CHUNK) + np.uintp(i)],
                work[BEST + np.uintp(kept * CHUNK) + np.uintp(i)],
            )
            work[BEST + np.uintp(kept * CHUNK) + np.uintp(i)] = new if better else old


@kernel
def take_best(work: Any, voxels: int) -> None:
    """Return to the likeliest of the ends."""
    for kept in range(KEPT):
        for i in range(voxels):
            work[np.uintp(kept * CHUNK) + np.uintp(i)] = work[BEST + np.uintp(kept * CHUNK) + np.uintp(i)]


@kernel
def improve(work: Any, voxels: int, steps: int, te_s: Any, numbers: Any, ratio: Any) -> None:
    """Take Newton steps."""
    for _ in range(steps):
        add_up(work, voxels, te_s, numbers, ratio)
        move(work, voxels, numbers)


@kernel
def inform(work: Any, voxels: int, te_s: Any, numbers: Any, information: Any) -> None:
    """Sum Fisher information (F0, F1, F2) and squared residuals (GB) over the echoes into the scratch.

    A0 becomes the largest echo after the first.
    """
    coils = numbers[COILS]
    c0, c1, c2, c3 = information[0], information[1], information[2], information[3]
    c4, c5, c6, c7 = information[4], information[5], information[6], information[7]
    c8, c9, c10 = information[8], information[9], information[10]
    for k in range(SUMS):
        for i in range(np.uintp(voxels)):
            work[GB + np.uintp(k * CHUNK) + i] = ZERO
    for k in range(te_s.size):
        t = te_s[k]
        for i in range(np.uintp(voxels)):
            s = fast_exp(work[LEVEL + np.uintp(i)] - work[RATE + np.uintp(i)] * t)
            ss = s * s
            v = ONE / (ONE + ss / (TWO * coils))
            g = ((((c10 * v + c9) * v + c8) * v + c7) * v + c6) * v + c5
            g = ((((g * v + c4) * v + c3) * v + c2) * v + c1) * v + c0
            weight = ss * ss / (ss + g)
            # the mean of a magnitude is about sqrt(S^2 + (2 L - 1) sigma^2)
            x = work[ECHO + np.uintp(k * CHUNK) + np.uintp(i)]
            gap = x - np.sqrt(ss + TWO * coils - ONE)
            work[A0 + np.uintp(i)] = max(work[A0 + np.uintp(i)], x if k > 0 else ZERO)
            work[F0 + np.uintp(i)] += weight
            work[F1 + np.uintp(i)] += weight * t
            work[F2 + np.uintp(i)] += weight * t * t
            work[GB + np.uintp(i)] += gap * gap


@kernel
def report(work: Any, voxels: int, te_s: Any, numbers: Any) -> None:
    """Turn the rows into R2*, S0, residual, standard error (Fisher) and flags, in the order of the rows."""
    sigma, freedom, second = numbers[SIGMA], numbers[FREEDOM], te_s[1]
    slowest, fastest = numbers[SLOWEST], numbers[FASTEST]
    edge = F(1e-3) * (fastest - slowest)
    for i in range(np.uintp(voxels)):
        rate, level, step = work[RATE + np.uintp(i)], work[LEVEL + np.uintp(i)], work[STEP + np.uintp(i)]
        f0, f1, f2 = work[F0 + np.uintp(i)], work[F1 + np.uintp(i)], work[F2 + np.uintp(i)]
        error = np.sqrt(f0 / (f0 * f2 - f1 * f1))
        converged = abs(step) <= STEP_ABSOLUTE + STEP_RELATIVE * abs(rate)
        within = rate > slowest and rate < fastest - edge and level > B_NOTHING
        # as a number: conditions on it would keep the loop from being vectorised
        failed = ZERO if converged and within else NAN
        low = work[ECHO + np.uintp(i)] * sigma < numbers[FLOOR]
        gone = F(TOO_FAST) if not low and work[A0 + np.uintp(i)] * sigma < numbers[FLOOR] else ZERO
        flag = F(BELOW_NOISE) if low else ZERO
        flag += F(TOO_FAST) if level - rate * second < ZERO else gone
        flag += F(TOO_SLOW) if rate < F(Z95) * error or rate <= ZERO else ZERO
        work[RATE + np.uintp(i)] = rate + failed
        work[LEVEL + np.uintp(i)] = sigma * fast_exp(level + rate * numbers[FIRST_TE]) + failed
        work[STEP + np.uintp(i)] = sigma * np.sqrt(work[GB + np.uintp(i)] / freedom) + failed
        work[ERROR + np.uintp(i)] = error + failed
        work[SCORE + np.uintp(i)] = flag if failed == ZERO else F(FAILED) + gone


@kernel
def in_trouble(work: Any, chosen: int, span: Any, troubled: Any) -> int:
    """List the voxels that have not converged or may have a second optimum; return how many."""
    number = 0
    for i in range(chosen):
        rate = abs(work[RATE + np.uintp(i)])
        converged = abs(work[STEP + np.uintp(i)]) <= STEP_ABSOLUTE + STEP_RELATIVE * rate
        sure = work[ERROR + np.uintp(i)] < ONE_OPTIMUM * (ONE / span + rate)
        troubled[number] = i
        number += int(not (converged and sure))
    return number


@kernel
def fit_chunk(
    work: Any,
    careful: Any,
    troubled: Any,
    chosen: int,
    te_s: Any,
    numbers: Any,
    ratio: Any,
    log: Any,
    rates: Any,
    decays: Any,
) -> None:
    """Take the voxels in the scratch from their start to the likeliest end."""
    scratch, number, steps = work, chosen, FAST_STEPS
    bounds = numbers.copy()
    # everybody, then those in trouble some steps more; then one round per start, the first and the last of
    # which are held at their R2*, the ends of the search; in the last round the likeliest end goes on until
    # it stands still, unless it was an end of the search and is likelier still
    for round_ in range(rates.size + 3):
        if round_ == 1:
            number = in_trouble(work, chosen, numbers[SPAN], troubled)
            gather(work, careful, te_s.size, troubled, number)
            scratch, steps = careful, MORE_STEPS
        elif round_ == 2:
            put_back(careful, troubled, number, work)
            number = in_trouble(work, chosen, numbers[SPAN], troubled)
            gather(work, careful, te_s.size, troubled, number)
            steps = CAREFUL_STEPS
        elif round_ == rates.size + 2:
            steps = LAST_STEPS
            take_best(careful, whole(number))
        if number == 0:
            return
        if 2 <= round_ < rates.size + 2:
            restart(careful, whole(number), rates[round_ - 2], decays[round_ - 2])
        held = round_ == 2 or round_ == rates.size + 1
        bounds[SLOWEST] = rates[round_ - 2] if held else numbers[SLOWEST]
        bounds[FASTEST] = rates[round_ - 2] if held else numbers[FASTEST]
        improve(scratch, whole(number), steps, te_s, bounds, ratio)
        if round_ >= 2:
            likelihood(careful, whole(number), te_s, numbers, log)
            keep_better(careful, whole(number), SAME if round_ == rates.size + 2 else ZERO)
    take_best(careful, whole(number))
    put_back(careful, troubled, number, work)


@kernel
def fit(
    lane: int,
    lanes: int,
    signal: Any,
    first: int,
    inside: Any,
    te_s: Any,
    numbers: Any,
    ratio: Any,
    log: Any,
    information: Any,
    rates: Any,
    decays: Any,
    r2star: Any,
    se: Any,
    s0: Any,
    residual: Any,
    flags: Any,
) -> None:
    """Refine the voxels that are `inside` from the R2* and S0 they come with; the others stay as they are.

    `signal`: float32 (echo, voxel), read from `first` on; `te_s`: float32 (echo,), from the first echo on;
    `rates`, `decays`: the starts of the careful way, see `restart`; `ratio`, `log`, `information`:
    core.relaxometry.bessel.
    """
    voxels = inside.size
    chunks = (voxels + CHUNK - 1) // CHUNK
    work = np.zeros((ROWS + te_s.size) * CHUNK, np.float32)
    careful = np.zeros((ROWS + te_s.size) * CHUNK, np.float32)
    index = np.empty(CHUNK + 1, np.int64)
    troubled = np.empty(CHUNK + 1, np.int64)
    for chunk in range(lane, chunks, lanes):
        chosen = choose(inside, chunk, index)
        if chosen > 0:
            load(signal, first, index, chosen, r2star, s0, numbers, work)
            fit_chunk(work, careful, troubled, chosen, te_s, numbers, ratio, log, rates, decays)
            inform(work, whole(chosen), te_s, numbers, information)
            report(work, whole(chosen), te_s, numbers)
            for i in range(chosen):
                r2star[index[i]] = work[RATE + np.uintp(i)]
                s0[index[i]] = work[LEVEL + np.uintp(i)]
                residual[index[i]] = work[STEP + np.uintp(i)]
                se[index[i]] = work[ERROR + np.uintp(i)]
                flags[index[i]] = np.uint8(work[SCORE + np.uintp(i)])
