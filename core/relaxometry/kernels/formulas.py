"""Logarithm, exponential and Bessel ratio in single precision, as polynomials that vectorise.

The library's own functions are calls, and a call in a loop keeps it from being vectorised. Every literal is
a float32: numba would compute in double precision with a plain one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.jit import inlined

F = np.float32
ZERO, HALF, ONE, TWO, THREE, FOUR, SIX = F(0), F(0.5), F(1), F(2), F(3), F(4), F(6)
NAN = F(np.nan)
LOG2_E = F(1.4426950408889634)
LN2 = F(0.6931471805599453)
# ln 2 in two parts: n * LN2_HIGH is exact for |n| < 2^9 (Cody and Waite 1980, chapter 6)
LN2_HIGH, LN2_LOW = F(0.693359375), F(-2.12194440e-4)
ROOT_HALF_BITS, BIAS = np.int32(0x3F3504F3), np.int32(127)
MANTISSA_BITS = np.int32(23)
# the smallest float32 with a full mantissa
TINY = F(1.17549435e-38)
# ln(1 + f) = f - f^2/2 + f^3 P(f) for 1 + f from 1/sqrt 2 to sqrt 2: Chebyshev fit, error 8e-9
L0, L1, L2, L3 = F(0.333333286), F(-0.250002965), F(0.200014686), F(-0.166422476)
L4, L5, L6, L7 = F(0.142021738), F(-0.12972239), F(0.127123077), F(-0.0810155833)
# exp(r) for |r| up to (ln 2)/2: Chebyshev fit, relative error 3e-9
E1, E2, E3 = F(1.000000038), F(0.5000000108), F(0.166664154)
E4, E5, E6 = F(0.04166621814), F(0.008375135274), F(0.001394858994)
EXP_SHIFT, EXP_LIMIT = F(126.5), F(87.0)
EXP_STEPS = np.int32(126)


@inlined
def exponent(x: Any) -> Any:
    """Power of two (int32) that leaves a positive, normal float32 between 1/sqrt 2 and sqrt 2."""
    return np.int32(np.int32(np.float32(x).view(np.int32) - ROOT_HALF_BITS) >> MANTISSA_BITS)


@inlined
def mantissa(x: Any, power: Any) -> Any:
    """What is left of x without that power of two."""
    return np.int32(np.float32(x).view(np.int32) - np.int32(power << MANTISSA_BITS)).view(np.float32)


@inlined
def fast_log(x: Any) -> Any:
    """Natural logarithm of a positive, normal float32; within 1e-7 of (1 + |ln x|)."""
    power = exponent(x)
    f = mantissa(x, power) - ONE
    tail = ((((((L7 * f + L6) * f + L5) * f + L4) * f + L3) * f + L2) * f + L1) * f + L0
    return np.float32(power) * LN2 + (f + f * f * (f * tail - HALF))


@inlined
def fast_exp(x: Any) -> Any:
    """Exponential of a float32, clamped to the range of float32; relative error 2e-7."""
    x = min(max(x, -EXP_LIMIT), EXP_LIMIT)
    # a shift makes the argument positive, where cutting off the fraction is rounding down
    n = np.int32(np.int32(x * LOG2_E + EXP_SHIFT) - EXP_STEPS)
    r = x - np.float32(n) * LN2_HIGH - np.float32(n) * LN2_LOW
    power = np.int32(np.int32(n + BIAS) << MANTISSA_BITS).view(np.float32)
    return power * ((((((E6 * r + E5) * r + E4) * r + E3) * r + E2) * r + E1) * r + ONE)
