"""Polynomials for the Rician and non-central chi likelihood of magnitudes, fitted once per number of coils.

For L coils the score and the likelihood need I_L(z) / I_{L-1}(z) and ln I_{L-1}(z), which no vectorisable
library offers. With u = 1 / (1 + c z), z from 0 to infinity is u from 1 to 0, and what is left after the
leading terms is smooth in u:

- ratio = z / (z + g(u));
- ln I_{L-1}(z) - (L - 1) ln z - z = (L - 1/2) ln u + k(u);
- Fisher information of the signal s in units of sigma = s^2 / (s^2 + f(1 / (1 + s^2 / 2 L))).

Leading terms: Abramowitz and Stegun 1964, 9.6.7 and 9.7.1; the density: Constantinides 1997
(doi 10.1002/mrm.1910380524).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray
from scipy import special

RATIO_DEGREE, LOG_DEGREE, INFORMATION_DEGREE = 12, 10, 10
# beyond it scipy's scaled Bessel functions underflow at small z
MOST_COILS = 32


@dataclass(frozen=True, eq=False)
class Polynomials:
    """Coefficients, constant first, float32, and the scale c of the variable."""

    coils: int
    scale: float
    ratio: NDArray[np.float32]
    log: NDArray[np.float32]
    information: NDArray[np.float32]


@cache
def polynomials(coils: int) -> Polynomials:
    """Fit the polynomials for `coils` channels: ratio to 6e-5 / z, log to 6e-5, information to 1e-3."""
    scale = 0.4 / coils
    nodes = (np.cos(np.pi * (np.arange(600) + 0.5) / 600) + 1) / 2
    u = np.clip(nodes, 1e-5, 1 - 1e-5)
    z = (1 / u - 1) / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = special.ive(coils - 1, z), special.ive(coils, z)
        ratio = z * (lower / upper - 1)
        log = np.log(lower) - (coils - 1) * np.log(z) - (coils - 0.5) * np.log(u)
    signal = np.concatenate([np.linspace(0.05, 6, 60), np.linspace(6.5, 40, 40)])
    information = np.array([fisher_information(s, coils) for s in signal])
    rest = signal**2 * (1 / information - 1)
    return Polynomials(
        coils,
        scale,
        _fitted(u, ratio, RATIO_DEGREE),
        _fitted(u, log, LOG_DEGREE),
        _fitted(1 / (1 + signal**2 / (2 * coils)), rest, INFORMATION_DEGREE),
    )


def fisher_information(signal: float, coils: int) -> float:
    """Return the Fisher information that one magnitude holds on the signal, both in units of sigma."""
    x = np.linspace(1e-6, signal + 12 + 3 * np.sqrt(2 * coils), 4001)
    lower = special.ive(coils - 1, x * signal)
    density = x * (x / signal) ** (coils - 1) * np.exp(-((x - signal) ** 2) / 2) * lower
    score = x * special.ive(coils, x * signal) / lower - signal
    return float(np.trapezoid(density * score**2, x) / np.trapezoid(density, x))


def _fitted(x: NDArray[np.float64], y: NDArray[np.float64], degree: int) -> NDArray[np.float32]:
    good = np.isfinite(y)
    fit = Polynomial.fit(x[good], y[good], degree, domain=[0, 1]).convert(domain=[-1, 1])
    return np.asarray(fit.coef, dtype=np.float32)
