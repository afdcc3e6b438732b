"""How blurred an edge is: one of known profile, fitted to voxels at known distances from an outline.

Voxels are taken as they are, each at its own distance: no profile is resampled, so that none is widened, as
in the slanted edge method (ISO 12233). The profile is the normal distribution's, which an edge has that
is blurred by a Gaussian; between 10 and 90 % of the contrast it is 2.563 sigma wide.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from core.jit import kernel

Values = NDArray[np.float64]

WIDTH_PER_SIGMA = 2.5631031310892007  # from 10 to 90 % of the normal distribution
# what `fit_edge` fills in
INSIDE, OUTSIDE, OFFSET, TILT, LOG_SIGMA, NOISE, SE_CONTRAST, SE_LOG_SIGMA, STEP = range(9)
FOUND = 9
_PARAMETERS = 5
# Tukey's biweight keeps 95 % of what least squares would tell of Gaussian noise (Huber 1981)
_TUKEY = 4.685
# as a share of the contrast
_MODEL = 0.03
_TURNS = 3
# by how much the SD that is left is too small then
_LEFT_OUT = 1.08
_STEPS = 30
# in voxels: narrower edges look alike; an edge that leaves the outline by more between the middle of a sector
# and its end is another one
_LEAST_SIGMA, _STEEPEST = 0.1, 1.5


@kernel
def fit_edge(away: Values, along: Values, values: Values, pitch: float, reach: float, found: Values) -> bool:
    """Fit the edge's two levels, place, tilt and width to voxels; return whether that settled.

    `away` is a voxel's distance from the outline in mm, below 0 inside; `along` its place along the outline,
    -1 to 1, on which the edge's distance from the outline may depend; `pitch` the finest voxel side. Least
    squares first, then voxels far off the profile weigh less (Tukey's biweight). `found` gets what the names
    above count: the parameters, the noise of a voxel, standard errors, and the difference between the
    medians of both sides in standard errors of its own.
    """
    size = values.size
    at = np.empty(_PARAMETERS)
    at[INSIDE] = _level(away, values, -reach, 0.5 * np.min(away))
    at[OUTSIDE] = _level(away, values, 0.5 * np.max(away), reach)
    at[OFFSET], at[TILT], at[LOG_SIGMA] = 0.0, 0.0, np.log(max(0.25 * reach, 0.5 * pitch))
    weights = np.ones(size)
    rest = np.empty(size)
    matrix, right = np.empty((_PARAMETERS, _PARAMETERS)), np.empty(_PARAMETERS)
    settled = _descend(away, along, values, weights, pitch, reach, at, matrix, right, rest)
    for _ in range(_TURNS):
        # what the profile misses of a real edge is nothing astray, however little noise there is
        scale = max(1.4826 * np.median(np.abs(rest)), _MODEL * abs(at[OUTSIDE] - at[INSIDE]))
        if scale == 0.0:
            break
        for n in range(size):
            part = rest[n] / (_TUKEY * scale)
            weights[n] = (1 - part * part) ** 2 if abs(part) < 1 else 0.0
        settled = _descend(away, along, values, weights, pitch, reach, at, matrix, right, rest)
    total, square = 0.0, 0.0
    for n in range(size):
        total += weights[n]
        square += weights[n] * rest[n] * rest[n]
    found[:_PARAMETERS] = at
    if total <= _PARAMETERS + 1:
        return False
    # the weights leave out a part of Gaussian noise
    noise = _LEFT_OUT * sqrt(square / (total - _PARAMETERS))
    found[NOISE] = noise
    found[STEP] = _step(away, values, noise)
    inverse = np.empty((_PARAMETERS, _PARAMETERS))
    if not _invert(matrix, inverse):
        return False
    spread = inverse[0, 0] + inverse[1, 1] - 2 * inverse[0, 1]
    found[SE_CONTRAST] = noise * sqrt(max(spread, 0.0))
    found[SE_LOG_SIGMA] = noise * sqrt(max(inverse[LOG_SIGMA, LOG_SIGMA], 0.0))
    return bool(settled)


@kernel
def _level(away: Values, values: Values, low: float, high: float) -> float:
    chosen = values[(away >= low) & (away <= high)]
    return float(np.median(chosen if chosen.size else values))


@kernel
def _step(away: Values, values: Values, noise: float) -> float:
    """Return by how many standard errors the medians of both sides differ; 0 where there is one side."""
    inside, outside = values[away < 0], values[away >= 0]
    if inside.size == 0 or outside.size == 0:
        return 0.0
    # 1.25: a median's standard error beside a mean's
    error = 1.25 * noise * sqrt(1 / inside.size + 1 / outside.size)
    return float(abs(np.median(inside) - np.median(outside)) / error) if error > 0.0 else np.inf


@kernel
def _descend(
    away: Values,
    along: Values,
    values: Values,
    weights: Values,
    pitch: float,
    reach: float,
    at: Values,
    matrix: NDArray[np.float64],
    right: Values,
    rest: Values,
) -> bool:
    """Go down by Levenberg and Marquardt; leave the normal equations' matrix and the residuals behind."""
    damp = 1e-3
    trial = np.empty(_PARAMETERS)
    damped, inverse = np.empty_like(matrix), np.empty_like(matrix)
    other, other_right = np.empty_like(matrix), np.empty(_PARAMETERS)
    other_rest = np.empty_like(rest)
    cost = _normal(away, along, values, weights, at, matrix, right, rest)
    for _ in range(_STEPS):
        damped[:] = matrix
        for n in range(_PARAMETERS):
            damped[n, n] += damp * matrix[n, n] + 1e-30
        if not _invert(damped, inverse):
            damp *= 10
            continue
        step = 0.0
        for n in range(_PARAMETERS):
            move = 0.0
            for m in range(_PARAMETERS):
                move += inverse[n, m] * right[m]
            trial[n] = at[n] + move
        trial[OFFSET] = min(max(trial[OFFSET], -0.5 * reach), 0.5 * reach)
        trial[TILT] = min(max(trial[TILT], -_STEEPEST * pitch), _STEEPEST * pitch)
        trial[LOG_SIGMA] = min(max(trial[LOG_SIGMA], np.log(_LEAST_SIGMA * pitch)), np.log(2 * reach))
        lower = _normal(away, along, values, weights, trial, other, other_right, other_rest)
        if lower <= cost:
            step = abs(trial[LOG_SIGMA] - at[LOG_SIGMA]) + abs(trial[OFFSET] - at[OFFSET]) / pitch
            at[:], matrix[:], right[:], rest[:] = trial, other, other_right, other_rest
            done = cost - lower <= 1e-7 * cost and step < 1e-3
            cost = lower
            damp = max(damp / 10, 1e-9)
            if done:
                return True
        else:
            damp *= 10
            if damp > 1e8:
                return True
    return False


@kernel
def _normal(
    away: Values,
    along: Values,
    values: Values,
    weights: Values,
    at: Values,
    matrix: NDArray[np.float64],
    right: Values,
    rest: Values,
) -> float:
    """Fill in the normal equations and the residuals; return the weighted sum of squares."""
    matrix[:], right[:] = 0.0, 0.0
    sigma, contrast = exp(at[LOG_SIGMA]), at[OUTSIDE] - at[INSIDE]
    rise = np.empty(_PARAMETERS)
    cost = 0.0
    for n in range(values.size):
        x = (away[n] - at[OFFSET] - at[TILT] * along[n]) / sigma
        share = 0.5 * (1 + erf(x / sqrt(2.0)))
        rest[n] = values[n] - at[INSIDE] - contrast * share
        density = contrast * exp(-0.5 * x * x) / sqrt(2 * pi)
        rise[0], rise[1] = 1 - share, share
        rise[2], rise[3] = -density / sigma, -density * along[n] / sigma
        rise[4] = -density * x
        cost += weights[n] * rest[n] * rest[n]
        for p in range(_PARAMETERS):
            right[p] += weights[n] * rise[p] * rest[n]
            for q in range(p + 1):
                matrix[p, q] += weights[n] * rise[p] * rise[q]
    for p in range(_PARAMETERS):
        for q in range(p):
            matrix[q, p] = matrix[p, q]
    return cost


@kernel
def _invert(matrix: NDArray[np.float64], inverse: NDArray[np.float64]) -> bool:
    """Invert a symmetric positive matrix by Cholesky's root; return whether it has one."""
    size = matrix.shape[0]
    scale, part = np.empty(size), np.empty(size)
    root = np.zeros((size, size))
    for i in range(size):
        # scaled to a diagonal of ones: the parameters' units differ
        scale[i] = 1 / sqrt(matrix[i, i]) if matrix[i, i] > 0.0 else 0.0
        for j in range(i + 1):
            rest = matrix[i, j] * scale[i] * scale[j] - np.sum(root[i, :j] * root[j, :j])
            if i > j:
                root[i, j] = rest / root[j, j]
            elif rest > 1e-12:
                root[i, i] = sqrt(rest)
            else:
                return False
    for c in range(size):
        for i in range(size):
            part[i] = ((i == c) - np.sum(root[i, :i] * part[:i])) / root[i, i]
        for i in range(size - 1, -1, -1):
            part[i] = (part[i] - np.sum(root[i + 1 :, i] * part[i + 1 :])) / root[i, i]
        inverse[:, c] = scale * part * scale[c]
    return True
