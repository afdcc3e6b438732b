from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.statistics.paired_clusters import jackknifed
from core.statistics.quantitation import (
    bland_altman,
    concordance,
    deming,
    ols,
    passing_bablok,
    pearson,
    spearman,
)


def plain(x, y):
    limits, least, both = bland_altman(y, x), ols(x, y), deming(x, y)
    return {
        "pearson": pearson(x, y).estimate,
        "ccc": concordance(x, y),
        "OLS slope": least.slope,
        "OLS intercept": least.intercept,
        "Deming slope": both.slope,
        "Deming intercept": both.intercept,
        "bias": limits.bias,
        "lower limit": limits.lower,
        "upper limit": limits.upper,
    }


def samples(seed, animals=30, alike=0.5):
    """Two samples per animal, whose errors are correlated; the bias is 2 and the slope 1."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(animals), 2)
    x = rng.uniform(5, 25, animals)[owner] + rng.uniform(-1, 1, 2 * animals)
    error = np.sqrt(alike) * rng.normal(0, 2, animals)[owner] + np.sqrt(1 - alike) * rng.normal(
        0, 2, 2 * animals
    )
    return x, x + 2 + error, owner


def test_each_animal_is_left_out_in_turn():
    x, y, owner = samples(1, animals=8)
    found, whole = jackknifed(plain(x, y), x, y, owner), plain(x, y)
    left = [plain(x[owner != animal], y[owner != animal]) for animal in range(8)]
    for name, (estimate, _) in found.items():
        through = np.arctanh if name in ("pearson", "ccc") else float
        without = np.array([through(one[name].value) for one in left])
        reach = stats.t.ppf(0.975, 7) * np.sqrt(7 / 8 * ((without - without.mean()) ** 2).sum())
        assert estimate.value == whole[name].value
        assert (through(estimate.ci_low), through(estimate.ci_high)) == pytest.approx(
            (through(estimate.value) - reach, through(estimate.value) + reach)
        )
        assert estimate.method.endswith("jackknife of 8 animals")


def test_samples_that_are_there_twice_tell_no_more():
    x, y, _ = samples(2, animals=12)
    once, twice = np.arange(24), np.repeat(np.arange(24), 2)
    one = jackknifed(plain(x, y), x, y, once)
    two = jackknifed(plain(x[twice], y[twice]), x[twice], y[twice], twice)
    # the jackknife of a mean is Student's
    bias = bland_altman(y, x).bias
    assert (one["bias"][0].ci_low, one["bias"][0].ci_high) == pytest.approx((bias.ci_low, bias.ci_high))
    for name in ("OLS slope", "Deming slope", "bias", "pearson"):
        assert two[name][0].ci_low == pytest.approx(one[name][0].ci_low)
    assert two["pearson"][1] == pytest.approx(one["pearson"][1])


def test_ranks_have_no_interval_and_what_had_none_stays():
    x, y, owner = samples(3)
    ranks = {"spearman": spearman(x, y).estimate, "Passing-Bablok slope": passing_bablok(x, y).slope}
    for estimate, p in jackknifed(ranks, x, y, owner).values():
        assert "several samples are of one animal" in estimate.reason
        assert np.isnan([estimate.ci_low, estimate.se, p]).all()
    line = {"pearson": pearson(x, 2 * x).estimate}
    assert jackknifed(line, x, 2 * x, owner)["pearson"][0] == line["pearson"]
    alone = jackknifed({"bias": bland_altman(y, x).bias}, x, y, np.zeros(60))["bias"][0]
    assert "without one of the animals" in alone.reason


def test_intervals_hold_where_samples_are_alike_and_plain_ones_do_not():
    held = {"jackknife": 0, "plain": 0}
    for seed in range(300):
        x, y, owner = samples(seed, alike=0.8)
        bias = {"bias": bland_altman(y, x).bias}
        held["plain"] += bias["bias"].ci_low < 2 < bias["bias"].ci_high
        found = jackknifed(bias, x, y, owner)["bias"][0]
        held["jackknife"] += found.ci_low < 2 < found.ci_high
    assert held["jackknife"] > 300 * 0.92
    assert held["plain"] < 300 * 0.91
