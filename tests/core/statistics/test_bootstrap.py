from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from core.errors import InputError
from core.progress import Silent
from core.statistics.bootstrap import bootstrap


def mean_of(values, index):
    return float(values[index].mean()) if len(index) else np.nan


VALUES = np.random.default_rng(11).normal(5, 2, 60)


def test_interval_of_a_mean_is_that_of_students_t():
    found = bootstrap(partial(mean_of, VALUES), 60, seed=3, interval="percentile")
    assert found.value == pytest.approx(VALUES.mean())
    assert found.se == pytest.approx(VALUES.std(ddof=1) / np.sqrt(60), rel=0.06)
    assert found.ci_low == pytest.approx(VALUES.mean() - 2 * found.se, abs=0.1 * found.se)


def test_the_same_seed_gives_the_same_interval_and_another_one_another():
    one, again, other = (bootstrap(partial(mean_of, VALUES), 60, replicates=200, seed=s) for s in (1, 1, 2))
    assert one == again
    assert one.ci_low != other.ci_low


def test_many_processes_draw_what_one_draws():
    job = partial(mean_of, np.round(VALUES, 3))
    one = bootstrap(job, 60, replicates=250, seed=5)
    assert bootstrap(job, 60, replicates=250, seed=5, processes=2) == one


def test_whole_clusters_are_drawn():
    animals = np.repeat(np.arange(15), 4)
    copied = np.repeat(VALUES[:15], 4)
    clustered = bootstrap(partial(mean_of, copied), 60, clusters=animals, interval="percentile")
    naive = bootstrap(partial(mean_of, copied), 60, interval="percentile")
    # copies add nothing: the naive interval is half as wide as it should be
    assert clustered.se == pytest.approx(copied[::4].std(ddof=1) / np.sqrt(15), rel=0.1)
    assert naive.se < 0.6 * clustered.se
    assert "15 clusters" in clustered.method


def test_strata_keep_their_size():
    strata = np.repeat([0, 1], 30)

    def share(index):
        return float(strata[index].mean())

    found = bootstrap(share, 60, strata=strata, replicates=100)
    assert "no variation" in found.reason
    with pytest.raises(InputError, match="several strata"):
        bootstrap(share, 60, strata=strata, clusters=np.arange(60) % 10)


def test_bca_leans_with_a_skewed_statistic():
    skewed = np.exp(np.random.default_rng(2).normal(0, 1, 40))
    bca, plain = (bootstrap(partial(mean_of, skewed), 40, seed=4, interval=i) for i in ("bca", "percentile"))
    assert bca.ci_high > plain.ci_high
    assert bca.ci_low > plain.ci_low


def test_what_cannot_be_had_is_said():
    assert "not defined" in bootstrap(partial(mean_of, VALUES), 0).reason
    assert "two clusters" in bootstrap(partial(mean_of, VALUES), 60, clusters=np.zeros(60)).reason
    assert "no variation" in bootstrap(partial(mean_of, np.ones(9)), 9).reason

    def seldom(index):
        return 1.0 if 0 in index else np.nan

    assert "resamples have no value" in bootstrap(seldom, 10).reason


@pytest.mark.parametrize("processes", [1, 2])
def test_it_can_be_stopped(processes):
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(InputError, match="stopped"):
        bootstrap(partial(mean_of, VALUES), 60, processes=processes, progress=Stopped())
