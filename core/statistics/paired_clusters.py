"""Two measurements of samples that share animals: their intervals by leaving out animal after animal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from core.statistics.estimate import Estimate, cluster_numbers, with_interval

Floats = NDArray[np.float64]
_CORRELATIONS = ("pearson", "ccc")


def jackknifed(
    plain: Mapping[str, Estimate], x: ArrayLike, y: ArrayLike, clusters: ArrayLike
) -> dict[str, tuple[Estimate, float]]:
    """Return estimates with intervals that hold where samples of one animal resemble each other, and p.

    Each animal is left out in turn (jackknife); Student's t with animals - 1 degrees of freedom, on
    Fisher's z for the correlations. What is not among the names below keeps its value and loses its
    interval. An estimate without an interval stays as it is. The p is Pearson's alone, otherwise NaN.

    Parameters
    ----------
    plain : mapping of name to Estimate
        "pearson", "ccc", "OLS slope", "OLS intercept", "Deming slope", "Deming intercept", "bias" (y - x),
        "lower limit", "upper limit"; others may be there.
    x, y, clusters : arrays, shape (samples,)
        The measurements, NaN for none, and the animal of each sample; any labels.
    """
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    whole = np.isfinite(a) & np.isfinite(b)
    a, b, index = a[whole], b[whole], cluster_numbers(np.asarray(clusters)[whole])
    found = _without_each(a, b, index) if len(a) else {}
    count = int(index.max(initial=-1)) + 1
    return {name: _ranged(name, estimate, found.get(name), count) for name, estimate in plain.items()}


def _ranged(name: str, plain: Estimate, without: Floats | None, count: int) -> tuple[Estimate, float]:
    if not np.isfinite(plain.ci_low):
        return plain, np.nan
    bare = replace(plain, se=np.nan, ci_low=np.nan, ci_high=np.nan)
    if without is None:
        note = "interval not estimable: several samples are of one animal, and ranks take each as its own"
        return replace(bare, reason=note), np.nan
    if count < 2 or not np.isfinite(without).all():
        note = "interval not estimable: without one of the animals there is no value"
        return replace(bare, reason=note), np.nan
    through_z = name in _CORRELATIONS
    value = float(np.arctanh(plain.value)) if through_z else plain.value
    se = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    method = f"{plain.method.split(',')[0]}, jackknife of {count} animals"
    ranged = with_interval(value, se, n=plain.n, left_out=plain.left_out, method=method, df=count - 1)
    if not through_z:
        return ranged, np.nan
    limits = float(np.tanh(ranged.ci_low)), float(np.tanh(ranged.ci_high))
    p = float(2 * stdtr(count - 1, -abs(value) / se)) if name == "pearson" and se > 0 else np.nan
    return replace(ranged, value=plain.value, se=np.nan, ci_low=limits[0], ci_high=limits[1]), p


def _without_each(x: Floats, y: Floats, index: NDArray[np.int64]) -> dict[str, Floats]:
    """Return every coefficient without each animal, shape (animals,); correlations as Fisher's z."""
    # about the mean, for squares not to swallow the spread
    middle_x, middle_y = x.mean(), y.mean()
    a, b = x - middle_x, y - middle_y
    columns = (np.ones_like(a), a, b, a * a, b * b, a * b)
    n, sx, sy, sxx, syy, sxy = (column.sum() - np.bincount(index, column) for column in columns)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x, mean_y = sx / n, sy / n
        xx, yy, xy = sxx / n - mean_x**2, syy / n - mean_y**2, sxy / n - mean_x * mean_y
        mean_x, mean_y = mean_x + middle_x, mean_y + middle_y
        ols, lean, bias = xy / xx, yy - xx, mean_y - mean_x
        deming = (lean + np.sqrt(lean**2 + 4 * xy**2)) / (2 * xy)
        reach = 1.96 * np.sqrt(np.maximum(xx + yy - 2 * xy, 0) * n / (n - 1))
        return {
            "pearson": np.arctanh(xy / np.sqrt(xx * yy)),
            "ccc": np.arctanh(2 * xy / (xx + yy + bias**2)),
            "OLS slope": ols,
            "OLS intercept": mean_y - ols * mean_x,
            "Deming slope": deming,
            "Deming intercept": mean_y - deming * mean_x,
            "bias": bias,
            "lower limit": bias - reach,
            "upper limit": bias + reach,
        }
