"""Bootstrap intervals from whole clusters drawn anew: seeded, and shared by the threads that are lent.

The draws depend on the seed and on the number of clusters and on nothing else: neither on the threads nor, as
clusters are numbered by their names, on the order of readings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from core.relaxometry import lanes
from core.statistics.estimate import LEVEL, Estimate, not_estimable, with_interval
from core.statistics.sums import Floats, Sums

DRAWS, SEED = 1000, 1
# beyond it the jackknife is as good, and drawing takes longer than all else
MOST_CLUSTERS = 200
# what OpenBLAS multiplies on one thread: its second is waited for where others use the core, 20 ms and more
_ONE_THREAD = 2**18


def bootstrap_all(made: Sequence[Callable[[], Sums] | None], *, clustered: bool) -> list[Estimate | None]:
    """Return `bootstrap_sums` of many coefficients, shared by the threads that the program lends.

    Parameters
    ----------
    made : sequence of callables
        Each makes the sums of a coefficient; None where none is wanted.
    """
    found: list[Estimate | None] = [None] * len(made)

    def work(lane: int, count: int) -> None:
        for place in range(lane, len(made), count):
            sums = made[place]
            if sums is not None:
                found[place] = bootstrap_sums(sums(), clustered=clustered)

    lanes.share(work)
    return found


def bootstrap_sums(sums: Sums, *, clustered: bool, replicates: int = DRAWS, seed: int = SEED) -> Estimate:
    """Return a coefficient that is a function of sums with its interval from whole clusters drawn anew.

    Bias-corrected and accelerated (Efron 1987, doi 10.2307/2289144), the acceleration by leaving out each
    cluster; its quantiles expanded for the number of clusters, without which intervals from a few tens of
    them are too short (Hesterberg 2015, doi 10.1080/00031305.2015.1089789). Replicates in which the
    coefficient is not defined are dropped; where they are more than a tenth there is no interval. With more
    than `MOST_CLUSTERS` clusters each is left out once (jackknife, Student's t) instead.

    Parameters
    ----------
    sums : Sums
        See core.statistics.sums.
    clustered : bool
        Whether the clusters are animals rather than single units: said in the method.
    """
    # a cluster without a usable unit is none
    of_cluster = sums.of_cluster[(sums.of_cluster != 0).any(1)]
    count = len(of_cluster)
    what = f"{count} clusters" if clustered else "units"
    method = f"bootstrap of {what}, expanded bca, {replicates} replicates, seed {seed}"
    n = sums.units
    value = float(sums.value(of_cluster.sum(0, keepdims=True))[0]) if n else np.nan
    if np.isnan(value):
        return not_estimable("the coefficient is not defined on the sample", n=n, method=method)
    if count < 2:
        note = "interval not estimable: fewer than two clusters"
        return Estimate(value, n=n, method=method, reason=note)
    without = sums.value(of_cluster.sum(0) - of_cluster)
    if count > MOST_CLUSTERS:
        method = f"jackknife of {what}"
        if not np.isfinite(without).all():
            note = "interval not estimable: all variation hangs on one cluster"
            return Estimate(value, n=n, method=method, reason=note)
        se = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
        return with_interval(value, se, n=n, method=method, df=count - 1)
    return _ranged(value, sums.value(_resampled(of_cluster, replicates, seed)), without, n, method)


def _resampled(of_cluster: Floats, replicates: int, seed: int) -> Floats:
    """Return the sums of every replicate."""
    draws, rows = _draws(len(of_cluster), replicates, seed), max(1, _ONE_THREAD // of_cluster.size)
    return np.concatenate([draws[first : first + rows] @ of_cluster for first in range(0, replicates, rows)])


@lru_cache(maxsize=4)
def _draws(clusters: int, replicates: int, seed: int) -> NDArray[np.float64]:
    """Return how often each cluster is drawn in each replicate."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, clusters, (replicates, clusters)) + clusters * np.arange(replicates)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=replicates * clusters)
    return counts.reshape(replicates, clusters).astype(np.float64)


def _ranged(value: float, found: Floats, without: Floats, n: int, method: str) -> Estimate:
    """Return a value with the quantiles of its replicates, and those of leaving out each cluster."""
    drawn, found = len(found), found[np.isfinite(found)]
    if len(found) < 0.9 * drawn:
        note = f"interval not estimable: {drawn - len(found)} of {drawn} resamples have no value"
        return Estimate(value, n=n, method=method, reason=note)
    if np.ptp(found) <= 1e-12:
        note = "interval not estimable: the sample shows no variation"
        return Estimate(value, n=n, method=method, reason=note)
    low, high = np.quantile(found, _levels(value, found, without))
    return Estimate(value, float(found.std(ddof=1)), float(low), float(high), n, method=method)


def _levels(value: float, found: Floats, without: Floats) -> Floats:
    """Return which quantiles of the replicates are the limits; BCa's where it can be had."""
    clusters = len(without)
    reach = stdtrit(clusters - 1, 0.5 + LEVEL / 2) * np.sqrt(clusters / (clusters - 1))
    z = np.array([-reach, reach])
    without = without[np.isfinite(without)]
    # ties count half: a discrete statistic would be called biased otherwise
    below = float((found < value).mean() + 0.5 * (found == value).mean())
    if not 0 < below < 1 or len(without) < 2 or np.ptp(without) <= 1e-15:
        return np.asarray(ndtr(z))
    bias = ndtri(below)
    away = without.mean() - without
    acceleration = float((away**3).sum() / (6 * ((away**2).sum()) ** 1.5))
    z = z + bias
    # beyond its pole the correction turns round: what it nears there is the end of the replicates
    return np.asarray(ndtr(bias + z / np.maximum(1 - acceleration * z, 1e-9)))
