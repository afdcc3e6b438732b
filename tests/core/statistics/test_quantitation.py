from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from core.errors import InputError
from core.statistics.quantitation import (
    bland_altman,
    concordance,
    deming,
    ols,
    passing_bablok,
    pearson,
    repeatability,
    spearman,
)


@pytest.fixture(scope="module")
def flow(reference_rows):
    rows = reference_rows("bland_altman_1986_pefr")
    return tuple(np.array([float(row[name]) for row in rows]) for name in ("wright1", "mini1"))


def noisy_line(seed: int = 2, n: int = 60, slope: float = 1.5, intercept: float = 4.0):
    rng = np.random.default_rng(seed)
    truth = rng.uniform(5, 20, n)
    return truth + rng.normal(0, 1, n), intercept + slope * truth + rng.normal(0, 1, n)


def test_peak_flow_equals_the_lancet(flow, answers):
    wanted = answers["bland_altman_1986"]
    found = bland_altman(*flow)
    assert (found.bias.value, found.sd) == pytest.approx((wanted["mean"], wanted["sd"]), rel=1e-6)
    assert (found.lower.value, found.upper.value) == pytest.approx(wanted["loa196"], rel=1e-6)
    twice = bland_altman(*flow, multiple=2.0)
    assert (twice.lower.value, twice.upper.value) == pytest.approx(wanted["loa2"], rel=1e-6)
    assert pearson(*flow).estimate.value == pytest.approx(wanted["pearson"], rel=1e-6)
    agreed = concordance(*flow)
    told = (agreed.value, agreed.ci_low, agreed.ci_high)
    assert told == pytest.approx([wanted["ccc"][key] for key in ("est", "lower", "upper")], rel=1e-6)


def test_limits_have_intervals_that_lie_around_them(flow):
    found = bland_altman(*flow)
    for limit in (found.lower, found.upper):
        assert limit.ci_low < limit.value < limit.ci_high
    # turning the subtraction round turns everything round
    turned = bland_altman(*flow[::-1])
    assert turned.upper.ci_high == pytest.approx(-found.lower.ci_low)


def test_deming_minimises_the_distance_to_the_line():
    x, y = noisy_line()

    def distance(line):
        # for equal error variances: perpendicular distance
        return ((y - line[1] - line[0] * x) ** 2 / (1 + line[0] ** 2)).sum()

    best = optimize.minimize(
        distance, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    found = deming(x, y)
    assert (found.slope.value, found.intercept.value) == pytest.approx(best.x, rel=1e-4)


def test_deming_is_the_same_line_seen_from_both_axes():
    x, y = noisy_line()
    there, back = deming(x, y, 2.0), deming(y, x, 0.5)
    assert there.slope.value * back.slope.value == pytest.approx(1.0)
    # least squares is not: error in x flattens it
    assert ols(x, y).slope.value < there.slope.value


def test_deming_jackknife_leaves_out_one_pair_at_a_time():
    x, y = noisy_line(n=12)
    found = deming(x, y, 1.5)
    for name in ("slope", "intercept"):
        whole = getattr(found, name)
        without = np.array(
            [getattr(deming(np.delete(x, i), np.delete(y, i), 1.5), name).value for i in range(12)]
        )
        pseudo = 12 * whole.value - 11 * without
        assert whole.se == pytest.approx(pseudo.std(ddof=1) / np.sqrt(12))


@pytest.mark.parametrize("fit", [ols, deming, passing_bablok])
def test_a_line_without_noise_is_found_exactly(fit):
    x = np.array([1.0, 2.0, 4.0, 7.0, 11.0, 12.0])
    found = fit(x, 3.0 - 0.0 + 2.5 * x)
    assert found.slope.value == pytest.approx(2.5)
    assert found.intercept.value == pytest.approx(3.0)


@pytest.mark.parametrize("fit", [ols, deming, passing_bablok])
def test_intervals_hold_the_truth_of_a_long_sample(fit):
    x, y = noisy_line(n=300)
    if fit is ols:
        # what OLS estimates is the flattened slope
        assert fit(x, y).slope.ci_high < 1.5
        return
    found = fit(x, y)
    assert found.slope.ci_low < 1.5 < found.slope.ci_high
    assert found.intercept.ci_low < 4.0 < found.intercept.ci_high


def test_passing_bablok_shrugs_off_an_outlier():
    x = np.arange(1.0, 15.0)
    y = 2 * x
    y[-1] = 400.0
    assert passing_bablok(x, y).slope.value == pytest.approx(2.0)
    assert ols(x, y).slope.value > 5


def test_rank_correlation_sees_only_order(flow):
    x, y = flow
    assert spearman(x, np.exp(y / 100)).estimate.value == pytest.approx(spearman(x, y).estimate.value)
    assert spearman(x, y).estimate.ci_low < spearman(x, y).estimate.value


@pytest.mark.parametrize(("n", "p"), [(3, 2 / 6), (4, 2 / 24), (5, 2 / 120), (9, 2 / 362880)])
@pytest.mark.parametrize("sign", [1, -1])
def test_few_pairs_in_perfect_order_are_one_order_of_many(n, p, sign):
    assert spearman(np.arange(n), sign * np.arange(n) ** 3).p == pytest.approx(p)


def test_exact_p_of_spearman():
    # seven pairs at the published critical value of 5 %, 0.786: R's cor.test has p = 0.04802
    assert spearman(range(7), [2, 0, 1, 3, 6, 4, 5]).estimate.value == pytest.approx(1 - 6 * 12 / 336)
    assert spearman(range(7), [2, 0, 1, 3, 6, 4, 5]).p == pytest.approx(242 / 5040)
    # x ties in pairs: of the six ways to choose which two of y stand low, two are as far apart
    assert spearman([1, 1, 2, 2], [1, 2, 3, 4]).p == pytest.approx(2 / 6)


def test_interval_of_spearman_by_hand():
    found = spearman(range(7), [2, 0, 1, 3, 6, 4, 5]).estimate
    # Bonett and Wright: rho 11/14, variance of its z (1 + rho^2 / 2) / (7 - 3)
    reach = 1.959964 * np.sqrt((1 + 121 / 392) / 4)
    limits = np.arctanh([found.ci_low, found.ci_high])
    assert limits == pytest.approx([0.5 * np.log(25 / 3) - reach, 0.5 * np.log(25 / 3) + reach], abs=1e-6)


def test_rank_interval_of_passing_and_bablok_by_hand():
    rng = np.random.default_rng(8)
    x = np.arange(1.0, 11.0)
    y = 2 * x + rng.uniform(-0.4, 0.4, 10)
    slopes = sorted((y[j] - y[i]) / (x[j] - x[i]) for i in range(10) for j in range(i + 1, 10))
    # ten pairs: 1.96 sqrt(10 9 25 / 18) is 21.9, so of 45 slopes the 12th and the 34th
    found = passing_bablok(x, y).slope
    assert slopes[0] > 0
    assert (found.ci_low, found.value, found.ci_high) == pytest.approx((slopes[11], slopes[22], slopes[33]))


def test_interval_of_lins_coefficient_by_hand():
    found = concordance([1, 2, 3, 4, 5], [4, 6, 5, 8, 7])
    # r 4/5, variances 2 and 2, means 3 apart: u^2 is 9/2, the variance of z (0.03202 + 0.12649 - 0.05808) / 3
    assert found.value == pytest.approx(3.2 / 13)
    half = 1.959964 * 0.182961 / (1 - (3.2 / 13) ** 2)
    limits = np.arctanh([found.ci_low, found.ci_high])
    assert limits == pytest.approx([0.251318 - half, 0.251318 + half], abs=2e-5)


def test_repeats_that_do_not_differ_have_no_interval():
    same = repeatability([[1.0, 1.0], [2.0, 2.0], [5.5, 5.5]])
    assert (same.value, same.n) == (0.0, 3)
    assert same.reason == "interval not estimable: the repeats do not differ"
    assert np.isnan([same.se, same.ci_low, same.ci_high]).all()
    alone = repeatability([[1.0, 3.0], [2.0, np.nan]])
    assert alone.reason == "not estimable: fewer than two units have two values"
    assert (alone.n, alone.left_out) == (1, 1)


def test_repeatability_of_peak_flow(reference_rows):
    # Bland and Altman 1986: within-subject SD of the Wright meter is 15.3 l/min
    rows = reference_rows("bland_altman_1986_pefr")
    found = repeatability([[float(row["wright1"]), float(row["wright2"])] for row in rows])
    assert found.value / (1.96 * np.sqrt(2)) == pytest.approx(15.3, abs=0.05)
    assert found.ci_low < found.value < found.ci_high
    assert not repeatability([[1.0, np.nan]]).estimable


@pytest.mark.parametrize("fit", [ols, deming, passing_bablok])
@pytest.mark.parametrize(
    ("x", "y"), [([], []), ([1, 2], [1, 2]), ([1, 1, 1, 1], [1, 2, 3, 4]), ([1, 2, np.nan], [1, np.nan, 3])]
)
def test_lines_say_why_there_is_none(fit, x, y):
    found = fit(x, y)
    assert np.isnan(found.slope.value)
    assert found.slope.reason.startswith("not estimable: ")


def test_correlation_and_limits_say_why_there_is_none():
    for test in (pearson, spearman):
        assert not test([1, 1, 1], [1, 2, 3]).estimate.estimable
        assert "interval" in test([1, 2, 3], [1, 2, 3]).estimate.reason
    assert not concordance([2, 2, 2], [1, 2, 3]).estimable
    assert not bland_altman([1], [2]).bias.estimable
    same = bland_altman([1, 2, 3], [2, 3, 4])
    assert same.bias.value == -1.0
    assert "vary" in same.lower.reason
    assert bland_altman([1, 2, np.nan, 5], [2, 3, 4, 7]).bias.left_out == 1
    with pytest.raises(InputError):
        pearson([1, 2], [1])
    with pytest.raises(InputError):
        deming([1, 2, 3], [1, 2, 3], 0.0)
