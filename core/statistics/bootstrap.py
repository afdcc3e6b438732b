"""Bootstrap intervals: seeded, over units or whole clusters, on several processes, with progress.

The draws depend on the seed and on nothing else: the same on one process or many.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from core.errors import InputError
from core.progress import Progress, Silent
from core.statistics.estimate import LEVEL, Estimate, not_estimable, with_interval
from core.statistics.sums import Sums

Index = NDArray[np.int64]
Statistic = Callable[[Index], float]
Interval = Literal["percentile", "bca"]
REPLICATES = 2000
# of the many coefficients of a table
DRAWS = 1000
_CHUNK = 100
# beyond it the jackknife is as good, and drawing takes minutes
MOST_CLUSTERS = 200


def bootstrap(
    statistic: Statistic,
    units: int,
    *,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    replicates: int = REPLICATES,
    seed: int = 1,
    interval: Interval = "bca",
    processes: int = 1,
    progress: Progress | None = None,
) -> Estimate:
    """Return a statistic with its bootstrap interval.

    Percentile, or bias-corrected and accelerated (Efron 1987, doi 10.2307/2289144), the acceleration by
    leaving out each cluster. Replicates in which the statistic is NaN are dropped; where they are more
    than a tenth there is no interval.

    Parameters
    ----------
    statistic : callable
        Takes the indices of the units drawn, some of them several times, and returns a number, NaN where
        it is not defined. On several processes it must be picklable (a function of a module, or a
        functools.partial of one).
    units : int
        How many units there are.
    clusters : array, shape (units,), optional
        The cluster (animal) of each unit: whole clusters are drawn.
    strata : array, shape (units,), optional
        Draw within each stratum (positives and negatives, say); a cluster must lie in one stratum.
    replicates, seed : int
    processes : int
        How many processes share the work.
    progress : Progress, optional
        cancelled() stops with InputError.

    Raises
    ------
    InputError
        If a cluster lies in several strata, or the work was stopped.
    """
    progress = progress or Silent()
    members, layers = _sampling(units, clusters, strata)
    method = f"bootstrap, {interval}, {replicates} replicates, seed {seed}" + (
        "" if clusters is None else f", {len(members)} clusters"
    )
    value = statistic(np.arange(units)) if units else np.nan
    if np.isnan(value):
        return not_estimable("the statistic is not defined on the sample", n=units, method=method)
    if len(members) < 2:
        return Estimate(
            value, n=units, method=method, reason="interval not estimable: fewer than two clusters"
        )
    chunks = -(-replicates // _CHUNK)
    seeds = np.random.SeedSequence(seed).spawn(chunks)
    job = _Job(statistic, members, layers, seeds, replicates)
    found = np.concatenate(job.serial(progress) if processes < 2 else job.parallel(processes, progress))
    without = _without_each(statistic, members, units) if interval == "bca" else None
    return _ranged(value, found, without, units, method)


def bootstrap_sums(sums: Sums, *, clustered: bool, replicates: int = DRAWS, seed: int = 1) -> Estimate:
    """Return a coefficient that is a function of sums with its BCa interval from whole clusters drawn anew.

    All draws at once: a matrix product in place of `bootstrap`'s processes, and the same for the same seed.
    With more than `MOST_CLUSTERS` clusters each is left out once (jackknife, Student's t) instead.

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
    method = f"bootstrap of {what}, bca, {replicates} replicates, seed {seed}"
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
    return _ranged(value, sums.value(_draws(count, replicates, seed) @ of_cluster), without, n, method)


@lru_cache(maxsize=4)
def _draws(clusters: int, replicates: int, seed: int) -> NDArray[np.float64]:
    """Return how often each cluster is drawn in each replicate."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, clusters, (replicates, clusters)) + clusters * np.arange(replicates)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=replicates * clusters)
    return counts.reshape(replicates, clusters).astype(np.float64)


def _ranged(
    value: float, found: NDArray[np.float64], without: NDArray[np.float64] | None, n: int, method: str
) -> Estimate:
    """Return a value with the quantiles of its replicates; BCa's where it is known without each cluster."""
    drawn, found = len(found), found[np.isfinite(found)]
    if len(found) < 0.9 * drawn:
        note = f"interval not estimable: {drawn - len(found)} of {drawn} resamples have no value"
        return Estimate(value, n=n, method=method, reason=note)
    if np.ptp(found) <= 1e-12:
        note = "interval not estimable: the sample shows no variation"
        return Estimate(value, n=n, method=method, reason=note)
    levels = np.array([0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    if without is not None:
        levels = _corrected(levels, value, found, without)
    low, high = np.quantile(found, levels)
    return Estimate(value, float(found.std(ddof=1)), float(low), float(high), n, method=method)


def _sampling(
    units: int, clusters: ArrayLike | None, strata: ArrayLike | None
) -> tuple[list[Index], list[Index]]:
    """Return the units of each cluster, and the clusters of each stratum."""
    labels = np.arange(units) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    order = np.argsort(labels, kind="stable")
    count = int(labels.max()) + 1 if units else 0
    members = np.split(order, np.searchsorted(labels[order], np.arange(1, count))) if count else []
    if strata is None:
        return members, [np.arange(count)]
    layer = np.unique(np.asarray(strata), return_inverse=True)[1]
    if any(len(np.unique(layer[m])) > 1 for m in members):
        raise InputError("a cluster lies in several strata; resample without strata")
    of_cluster = np.array([layer[m[0]] for m in members], dtype=np.int64)
    return members, [np.flatnonzero(of_cluster == k) for k in np.unique(of_cluster)]


class _Job:
    """The draws of a bootstrap, in chunks that each have a seed of their own."""

    def __init__(
        self,
        statistic: Statistic,
        members: list[Index],
        layers: list[Index],
        seeds: list[np.random.SeedSequence],
        replicates: int,
    ) -> None:
        self.statistic, self.members, self.layers, self.seeds = statistic, members, layers, seeds
        self.sizes = [min(_CHUNK, replicates - start) for start in range(0, replicates, _CHUNK)]

    def chunk(self, number: int) -> NDArray[np.float64]:
        rng = np.random.default_rng(self.seeds[number])
        found = np.empty(self.sizes[number])
        for place in range(len(found)):
            drawn = np.concatenate([layer[rng.integers(0, len(layer), len(layer))] for layer in self.layers])
            found[place] = self.statistic(np.concatenate([self.members[cluster] for cluster in drawn]))
        return found

    def serial(self, progress: Progress) -> list[NDArray[np.float64]]:
        found = []
        for number in range(len(self.seeds)):
            _check(progress, number / len(self.seeds))
            found.append(self.chunk(number))
        return found

    def parallel(self, processes: int, progress: Progress) -> list[NDArray[np.float64]]:
        """Share the chunks out over processes (only app.workers may start threads)."""
        context = multiprocessing.get_context("spawn")
        shares = [
            range(start, len(self.seeds), processes) for start in range(min(processes, len(self.seeds)))
        ]
        workers: list[multiprocessing.process.BaseProcess] = []
        open_ends: list[Connection] = []
        found: dict[int, NDArray[np.float64]] = {}
        try:
            for share in shares:
                ours, theirs = context.Pipe(duplex=False)
                open_ends.append(ours)
                worker = context.Process(target=_work, args=(self, share, theirs), daemon=True)
                worker.start()
                workers.append(worker)
                theirs.close()
            while open_ends:
                _check(progress, len(found) / len(self.seeds))
                ready = wait(open_ends, timeout=0.5)
                for end in [end for end in open_ends if end in ready]:
                    try:
                        number, values = end.recv()
                        found[number] = values
                    except EOFError:
                        open_ends.remove(end)
                        end.close()
        finally:
            for started in workers:
                started.terminate()
                started.join()
            for end in open_ends:
                end.close()
        if len(found) < len(self.seeds):
            raise InputError("a process of the bootstrap ended early; run it on one process")
        return [found[number] for number in range(len(self.seeds))]


def _work(job: _Job, share: range, out: Connection) -> None:
    for number in share:
        out.send((number, job.chunk(number)))
    out.close()


def _check(progress: Progress, fraction: float) -> None:
    if progress.cancelled():
        raise InputError("the bootstrap was stopped; nothing was kept")
    progress.report(fraction, "bootstrap")


def _without_each(statistic: Statistic, members: list[Index], units: int) -> NDArray[np.float64]:
    every = np.arange(units)
    return np.array([statistic(np.delete(every, group)) for group in members])


def _corrected(
    levels: NDArray[np.float64], value: float, found: NDArray[np.float64], without: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return BCa's quantile levels; plain ones where leaving out a cluster is not defined."""
    without = without[np.isfinite(without)]
    # ties count half: a discrete statistic would be called biased otherwise
    below = float((found < value).mean() + 0.5 * (found == value).mean())
    if not 0 < below < 1 or len(without) < 2 or np.ptp(without) <= 1e-15:
        return levels
    bias = norm.ppf(below)
    away = without.mean() - without
    acceleration = float((away**3).sum() / (6 * ((away**2).sum()) ** 1.5))
    z = bias + norm.ppf(levels)
    return np.asarray(norm.cdf(bias + z / (1 - acceleration * z)))
