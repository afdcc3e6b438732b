"""Numbers as a rater reads them."""

from __future__ import annotations

import math


def figure(value: float) -> str:
    """Write a number with three digits that count; a dash for NaN."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    text = f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def with_sd(mean: float, sd: float) -> str:
    """Write mean and standard deviation, this one with the two digits that count."""
    if not math.isfinite(sd):
        return figure(mean)
    digits = 0 if sd >= 10 else 1 if sd >= 1 else 2
    return f"{figure(mean)} ± {sd:.{digits}f}"
