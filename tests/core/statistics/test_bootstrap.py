from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from core.relaxometry import lanes
from core.statistics.bootstrap import bootstrap_all, bootstrap_sums
from core.statistics.sums import Sums, pair_sums

VALUES = np.random.default_rng(11).normal(5, 2, 30)


def mean_of(values: np.ndarray, clusters: np.ndarray | None = None) -> Sums:
    """The mean of some values, each its own cluster unless told: the bias against a rater who says 0."""
    index = np.arange(len(values)) if clusters is None else clusters
    return pair_sums(values, np.zeros(len(values)), index)["bias"]


def test_the_interval_of_a_mean_is_students():
    found = bootstrap_sums(mean_of(VALUES), clustered=False, replicates=20_000)
    se = VALUES.std(ddof=1) / np.sqrt(30)
    low, high = stats.t.interval(0.95, 29, VALUES.mean(), se)
    assert found.value == pytest.approx(VALUES.mean())
    # a bootstrap divides by n, not by n - 1; the wider quantiles make up for it
    assert found.se == pytest.approx(se * np.sqrt(29 / 30), rel=0.03)
    assert found.ci_low == pytest.approx(low, abs=0.1 * se)
    assert found.ci_high == pytest.approx(high, abs=0.1 * se)


def test_it_leans_with_a_skewed_sample():
    skewed = np.exp(np.random.default_rng(2).normal(0, 1, 40))
    found = bootstrap_sums(mean_of(skewed), clustered=False)
    assert found.ci_high - found.value > 1.3 * (found.value - found.ci_low)


def test_the_same_seed_gives_the_same_interval_and_another_one_another():
    one, again, other = (bootstrap_sums(mean_of(VALUES), clustered=False, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.ci_low != other.ci_low


def test_copies_within_a_cluster_add_nothing():
    animals = np.repeat(np.arange(15), 4)
    copied = mean_of(np.repeat(VALUES[:15], 4), animals)
    once = bootstrap_sums(mean_of(VALUES[:15]), clustered=True)
    found = bootstrap_sums(copied, clustered=True)
    assert (found.ci_low, found.ci_high) == pytest.approx((once.ci_low, once.ci_high))
    assert "15 clusters" in found.method


@pytest.mark.parametrize("clusters", [2, 3, 4])
def test_of_a_handful_of_clusters_the_interval_is_in_order_and_within_them(clusters):
    skewed = np.array([0.0, 0.1, 0.2, 50.0])[-clusters:]
    for values in (skewed, -skewed):
        found = bootstrap_sums(mean_of(values), clustered=True)
        assert values.min() - 1e-9 <= found.ci_low <= found.value <= found.ci_high <= values.max() + 1e-9


def test_threads_that_are_lent_change_nothing():
    made = [lambda k=k: mean_of(VALUES * k) for k in range(1, 8)] + [None]
    alone = bootstrap_all(made, clustered=False)
    threads: set[str] = set()
    with ThreadPoolExecutor(3) as pool:
        lanes.lend(pool, 3)
        try:
            shared = bootstrap_all(made, clustered=False)
            lanes.share(lambda lane, count: threads.add(f"{lane} of {count}"))
        finally:
            lanes.lend(None)
    assert shared == alone
    assert threads == {"0 of 3", "1 of 3", "2 of 3"}
    assert shared[-1] is None
    assert [each.value for each in shared[:-1]] == pytest.approx([VALUES.mean() * k for k in range(1, 8)])


def test_replicates_without_a_value_are_no_limits():
    def seldom(sums: np.ndarray) -> np.ndarray:
        # not defined unless the first cluster was drawn
        return np.where(sums[:, 0] > 0, sums[:, 1], np.nan)

    found = bootstrap_sums(Sums(np.array([[1.0, 1], [0, 2], [0, 3]]), seldom, 3), clustered=True)
    assert found.value == 6
    assert np.isnan(found.ci_low)
    assert "resamples have no value" in found.reason
