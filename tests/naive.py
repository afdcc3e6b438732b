"""Slow, plain oracles: what a fit must find, by brute force in double precision with numpy and scipy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ive

Array = NDArray[np.float64]
GOLDEN = 0.6180339887498949


def decay(te_ms, r2star, s0=1000.0):
    """Noise-free signals, (echo, voxel)."""
    return np.asarray(s0) * np.exp(-np.multiply.outer(np.asarray(te_ms) * 1e-3, np.asarray(r2star, float)))


def rician(rng, signal, sigma, coils=1):
    """Magnitudes of `coils` channels that share the signal, combined by sum of squares."""
    power = (signal + sigma * rng.normal(size=signal.shape)) ** 2
    for _ in range(2 * coils - 1):
        power = power + (sigma * rng.normal(size=signal.shape)) ** 2
    return np.sqrt(power).astype(np.float32)


def grid(te_ms, finest=0.06):
    """R2* from a signal that doubles thrice over the train to one gone at the second echo."""
    te = np.asarray(te_ms) * 1e-3
    span, gap = te[-1] - te[0], te[1] - te[0]
    points = [-2.0 / span]
    while points[-1] < 10.0 / gap:
        points.append(points[-1] + finest * (1.0 / span + max(points[-1], 0.0)))
    points[-1] = 10.0 / gap
    return np.array(points)


def maximum(score, candidates, steps=60):
    """Best R2* of every voxel: the best candidate, then golden section between its neighbours.

    `score(r2star)` gives one number per voxel for one R2* per voxel. NaN where an end is best.
    """
    scores = np.array([score(value) for value in candidates])
    best = scores.argmax(axis=0)
    low = candidates[np.maximum(best - 1, 0)]
    high = candidates[np.minimum(best + 1, candidates.size - 1)]
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    fa, fb = score(a), score(b)
    for _ in range(steps):
        left = fa > fb
        high, low = np.where(left, b, high), np.where(left, low, a)
        fresh = np.where(left, high - GOLDEN * (high - low), low + GOLDEN * (high - low))
        value = score(fresh)
        a, b = np.where(left, fresh, b), np.where(left, a, fresh)
        fa, fb = np.where(left, value, fb), np.where(left, fa, value)
    found = 0.5 * (low + high)
    return np.where((best == 0) | (best == candidates.size - 1), np.nan, found)


def least_squares(te_ms, signal):
    """R2* of least squares, S0 free."""
    t = (np.asarray(te_ms) - te_ms[0]) * 1e-3
    y = np.asarray(signal, float)

    def score(rate):
        e = np.exp(-np.multiply.outer(t, np.broadcast_to(rate, y.shape[1:])))
        p = np.sum(y * e, axis=0)
        return np.where(p > 0, p * p / np.sum(e * e, axis=0), 0.0)

    return maximum(score, grid(te_ms))


def second_moment(te_ms, signal, sigma, coils=1):
    """R2* of least squares on squared magnitudes less 2 L sigma^2."""
    return least_squares(2 * np.asarray(te_ms), np.asarray(signal, float) ** 2 - 2 * coils * sigma**2)


def with_offset(te_ms, signal):
    """R2* of least squares, S0 > 0 and a constant free."""
    t = (np.asarray(te_ms) - te_ms[0]) * 1e-3
    y = np.asarray(signal, float)
    y = y - y.mean(axis=0)

    def score(rate):
        e = np.expm1(-np.multiply.outer(t, np.broadcast_to(rate, y.shape[1:])))
        e = e - e.mean(axis=0)
        p = np.sum(y * e, axis=0)
        return np.where(p > 0, p * p / np.sum(e * e, axis=0), -1.0)

    candidates = grid(te_ms)
    slowest = 0.03 / t[-1]
    return maximum(score, np.concatenate([[slowest, 1.05 * slowest], candidates[candidates > 1.5 * slowest]]))


def log_likelihood(te_ms, x, level, rate, coils=1):
    """Log-likelihood of magnitudes in units of sigma, less a constant: L = 1 Rice, else non-central chi."""
    t = (np.asarray(te_ms) - te_ms[0]) * 1e-3
    s = level * np.exp(-np.multiply.outer(t, rate))
    z = x * s
    bessel = np.log(ive(coils - 1, z)) - (coils - 1) * np.log(z)
    return np.sum(bessel - 0.5 * (x - s) ** 2, axis=0)


def most_likely(te_ms, signal, sigma, coils=1):
    """R2* of maximum likelihood: the profile over the level, by iteration, then the search over R2*.

    NaN where the likeliest level is no signal at all: every R2* is then as likely.
    """
    t = (np.asarray(te_ms) - te_ms[0]) * 1e-3
    x = np.asarray(signal, float) / sigma

    def profile(rate):
        rate = np.broadcast_to(rate, x.shape[1:])
        e = np.exp(-np.multiply.outer(t, rate))
        level = np.maximum(x[0], 1.0)
        for _ in range(25):
            s = level * e
            z = x * s
            ratio = ive(coils, z) / ive(coils - 1, z)
            slope = np.sum((x * ratio - s) * e, axis=0)
            over = np.divide(ratio, z, out=np.full_like(z, 0.5 / coils), where=z > 1e-8)
            bend = np.sum((x * x * (1 - ratio**2 - (2 * coils - 1) * over) - 1) * e * e, axis=0)
            newton = level - slope / bend
            fixed = np.sum(x * ratio * e, axis=0) / np.sum(e * e, axis=0)
            level = np.maximum(np.where((bend < 0) & (newton > 0), newton, fixed), 1e-6)
        return log_likelihood(te_ms, x, level, rate, coils), level

    found = maximum(lambda rate: profile(rate)[0], grid(te_ms, 0.125), steps=45)
    return np.where(profile(np.nan_to_num(found))[1] > 0.1, found, np.nan)


def agrees(found, wanted):
    """Within 0.05 1/s or 0.1 %, or both without a value."""
    close = np.abs(found - wanted) <= np.maximum(0.05, 1e-3 * np.abs(wanted))
    return close | (np.isnan(found) & np.isnan(wanted))
