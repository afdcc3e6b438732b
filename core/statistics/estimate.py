"""A number with its interval, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """What a sample says about a quantity.

    Parameters
    ----------
    value : float
        The point estimate; NaN where there is none, and then `reason` says why.
    se : float
        Its standard error, NaN where the method gives none.
    ci_low, ci_high : float
        The 95 % interval, NaN where it cannot be had; then `reason` says why.
    n : int
        Units (cases, targets, pairs) that went in.
    left_out : int
        Units that were offered but could not be used.
    method : str
        How value and interval were made, for the table's reader.
    reason : str
        Why value or interval are missing; empty where both stand.
    """

    value: float
    se: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    n: int = 0
    left_out: int = 0
    method: str = ""
    reason: str = ""

    @property
    def estimable(self) -> bool:
        """Whether there is a number."""
        return not math.isnan(self.value)


def cluster_numbers(labels: ArrayLike) -> NDArray[np.int64]:
    """Return the number of each unit's cluster, from 0, in the order of the labels.

    What a bootstrap draws then hangs on which clusters there are, not on the order in which they come.
    """
    # pandas hashes and sorts each label once; numpy sorts all, most of the time of a table of names
    return np.asarray(pd.factorize(np.asarray(labels), sort=True)[0], dtype=np.int64)


def not_estimable(reason: str, *, n: int = 0, left_out: int = 0, method: str = "") -> Estimate:
    """Return an Estimate without a number, `reason` said in words a person understands."""
    return Estimate(math.nan, n=n, left_out=left_out, method=method, reason=f"not estimable: {reason}")


def with_interval(
    value: float,
    se: float,
    *,
    n: int,
    left_out: int = 0,
    method: str = "",
    df: float | None = None,
    low: float = -math.inf,
    high: float = math.inf,
    level: float = LEVEL,
) -> Estimate:
    """Return `value` with the symmetric interval of its standard error, cut at what the quantity can be.

    Parameters
    ----------
    df : float or None
        Degrees of freedom of a t interval; None for a normal one.
    low, high : float
        The range of the quantity (-1 to 1 for kappa).
    """
    estimate = Estimate(value, n=n, left_out=left_out, method=method)
    if not math.isfinite(se) or se <= 1e-12 * max(1.0, abs(value)):
        # a variance of zero means the sample shows no variation at all, not that we are certain
        return replace(estimate, reason="interval not estimable: the sample shows no variation")
    # of scipy.special: what scipy.stats calls as well, after checks that take most of the time of a table
    quantile = ndtri(0.5 + level / 2) if df is None else stdtrit(df, 0.5 + level / 2)
    return replace(
        estimate,
        se=float(se),
        ci_low=max(low, float(value - quantile * se)),
        ci_high=min(high, float(value + quantile * se)),
    )
