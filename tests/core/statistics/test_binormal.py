from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import norm

from core.errors import InputError
from core.statistics.accuracy import auc
from core.statistics.binormal import MOST_CATEGORIES, binormal_roc

# Hanley and McNeil 1982, table I: 58 normal and 51 abnormal scans rated 1 to 5
NORMAL, ABNORMAL = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)


def rated(negatives, positives):
    steps = np.arange(1.0, len(negatives) + 1)
    scores = np.concatenate([np.repeat(steps, negatives), np.repeat(steps, positives)])
    return scores, np.arange(len(scores)) >= sum(negatives)


def test_hanley_and_mcneils_scans():
    found = binormal_roc(*rated(NORMAL, ABNORMAL))
    # Stata's manual fits the same table: intercept 1.656782, slope 0.713002, area 0.911331
    assert (found.a, found.b) == pytest.approx((1.656782, 0.713002), abs=1e-6)
    assert found.auc.value == pytest.approx(0.911331, abs=1e-6)
    # its standard errors come from the observed information, ours from the expected
    assert (found.a_se, found.b_se, found.auc.se) == pytest.approx((0.310456, 0.215882, 0.029506), rel=0.01)
    assert (found.auc.n, found.auc.left_out) == (109, 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_no_other_curve_is_likelier(seed):
    rng = np.random.default_rng(seed)
    positive = rng.random(120) < 0.5
    scores = np.digitize(rng.normal(0, 1, 120) + 1.3 * positive, [-0.5, 0.2, 0.9, 1.7]).astype(float)
    found = binormal_roc(scores, positive)
    if not found.auc.estimable:
        assert found.auc.reason.startswith("not estimable: ")
        return

    levels, place = np.unique(scores, return_inverse=True)

    def unlikely(theta):
        cuts = np.concatenate([[-np.inf], np.cumsum([theta[2], *np.exp(theta[3:])]), [np.inf]])
        shares = np.array([np.diff(norm.cdf(cuts)), np.diff(norm.cdf(np.exp(theta[1]) * cuts - theta[0]))])
        return -np.log(np.maximum(shares[positive.astype(int), place], 1e-300)).sum()

    start = [1.0, 0.0, -0.5, *np.full(len(levels) - 2, -0.5)]
    best = minimize(unlikely, start, method="BFGS")
    assert found.a == pytest.approx(best.x[0], abs=2e-3)
    assert found.b == pytest.approx(np.exp(best.x[1]), abs=2e-3)


def test_a_long_sample_has_the_curve_it_was_drawn_from():
    rng = np.random.default_rng(3)
    positive = np.arange(40_000) % 2 == 0
    scores = np.where(positive, rng.normal(1.5, 1.25, 40_000), rng.normal(0, 1, 40_000))
    found = binormal_roc(np.digitize(scores, [-0.5, 0.5, 1, 2]), positive)
    assert (found.a, found.b) == pytest.approx((1.5 / 1.25, 1 / 1.25), abs=0.03)
    assert found.curve([0.2])[0] == pytest.approx(norm.cdf(1.2 + 0.8 * norm.ppf(0.2)), abs=0.01)
    # fine scores are put into classes and give the same curve; only their order counts
    fine = binormal_roc(np.exp(scores), positive)
    assert fine.auc.value == pytest.approx(auc(scores, positive).value, abs=0.005)
    assert len(np.unique(scores)) > MOST_CATEGORIES


def test_copies_within_clusters_do_not_sharpen_the_interval():
    scores, positive = rated(NORMAL, ABNORMAL)
    units = np.arange(len(scores))
    alone = binormal_roc(scores, positive, units)
    assert alone.auc.se == pytest.approx(binormal_roc(scores, positive).auc.se, rel=0.15)
    thrice = binormal_roc(np.tile(scores, 3), np.tile(positive, 3), np.tile(units, 3))
    assert thrice.auc.se == pytest.approx(alone.auc.se, rel=1e-6)
    assert binormal_roc(np.tile(scores, 3), np.tile(positive, 3)).auc.se < 0.65 * alone.auc.se


def test_turning_the_scores_round_turns_the_curve_round():
    scores, positive = rated(NORMAL, ABNORMAL)
    back = binormal_roc(-scores, ~positive)
    assert back.auc.value == pytest.approx(binormal_roc(scores, positive).auc.value)


@pytest.mark.parametrize(
    ("negatives", "positives", "why"),
    [
        ((5, 0), (0, 5), "two thresholds"),
        ((5, 3), (2, 5), "two thresholds"),
        ((4, 0, 0), (0, 3, 2), "two thresholds"),
        ((0, 0, 0), (1, 2, 3), "negative"),
        ((1, 2, 3), (0, 0, 0), "positive"),
        ((0,), (0,), "positive"),
    ],
)
def test_what_has_no_curve_says_why(negatives, positives, why):
    found = binormal_roc(*rated(negatives, positives))
    assert found.auc.reason.startswith("not estimable: ")
    assert why in found.auc.reason
    assert np.isnan(found.curve([0.5])).all()


def test_scores_without_a_number_are_left_out_and_counted():
    scores, positive = rated(NORMAL, ABNORMAL)
    scores[[0, 70]] = np.nan
    found = binormal_roc(scores, positive)
    assert (found.auc.n, found.auc.left_out) == (107, 2)
    with pytest.raises(InputError):
        binormal_roc([1, 2], [True])
