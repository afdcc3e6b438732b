from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.statistics.groups import compare_groups, spread_of

RNG = np.random.default_rng(21)
THREE = {"vehicle": RNG.normal(1, 1, 10), "MNP": RNG.normal(6, 2, 10), "MNP + magnet": RNG.normal(18, 3, 12)}


def named(tests, name, groups=None):
    (found,) = [t for t in tests if t.name == name and (groups is None or t.groups == groups)]
    return found


def test_two_groups_give_the_t_tests():
    two = {name: THREE[name] for name in ("MNP", "MNP + magnet")}
    found = compare_groups(two)
    welch = named(found, "Welch t")
    result = stats.ttest_ind(*two.values(), equal_var=False)
    assert (welch.statistic, welch.p, welch.df1) == pytest.approx(
        (result.statistic, result.pvalue, result.df)
    )
    assert welch.difference.ci_low < welch.difference.value < welch.difference.ci_high < 0
    # for two groups Welch's ANOVA is the square of Welch's t
    assert named(found, "Welch").statistic == pytest.approx(welch.statistic**2)
    assert named(found, "Welch").p == pytest.approx(welch.p)
    assert named(found, "ANOVA").p == pytest.approx(named(found, "Student t").p)
    assert named(found, "Mann-Whitney").p < 0.001


def test_several_groups_give_the_pairs():
    found = compare_groups(THREE)
    assert named(found, "ANOVA").p == pytest.approx(stats.f_oneway(*THREE.values()).pvalue)
    tukey = named(found, "Tukey HSD", ("vehicle", "MNP"))
    assert tukey.p_adjusted < 0.001
    assert tukey.difference.value == pytest.approx(THREE["vehicle"].mean() - THREE["MNP"].mean())
    dunn = [t for t in found if t.name == "Dunn, Holm"]
    assert len(dunn) == 3
    assert all(t.p <= t.p_adjusted for t in dunn)


def test_dunn_of_two_groups_is_the_kruskal_wallis():
    # with a third group of one rank block far away removed, z squared is Kruskal's H
    ties = {"a": [1.0, 2, 2, 3, 5], "b": [2.0, 4, 4, 6], "c": [5.0, 7, 8, 8]}
    every = np.concatenate(list(ties.values()))
    ranks = stats.rankdata(every)
    mean = {"a": ranks[:5].mean(), "b": ranks[5:9].mean()}
    counts = np.unique(every, return_counts=True)[1]
    spread = 13 * 14 / 12 - (counts**3 - counts).sum() / (12 * 12)
    wanted = (mean["a"] - mean["b"]) / np.sqrt(spread * (1 / 5 + 1 / 4))
    found = next(t for t in compare_groups(ties) if t.name == "Dunn, Holm" and t.groups == ("a", "b"))
    assert found.statistic == pytest.approx(wanted)


def test_welch_anova_of_the_published_example():
    # Welch 1951 by way of R's oneway.test on InsectSprays-like counts computed by hand from its formula
    samples = [np.array([10.0, 7, 20, 14]), np.array([11.0, 17, 21, 11]), np.array([0.0, 1, 7, 2])]
    found = named(compare_groups(dict(zip("abc", samples, strict=True))), "Welch")
    weight = np.array([4 / v.var(ddof=1) for v in samples])
    means = np.array([v.mean() for v in samples])
    grand = (weight * means).sum() / weight.sum()
    top = (weight * (means - grand) ** 2).sum() / 2
    tail = ((1 - weight / weight.sum()) ** 2 / 3).sum()
    assert found.statistic == pytest.approx(top / (1 + 2 * 1 / 8 * tail))
    assert found.df2 == pytest.approx(8 / (3 * tail))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"a": [1, 2, 3]}, "two groups"),
        ({"a": [1, 2, 3], "b": [4]}, "fewer than two values"),
        ({"a": [1, 2, 3], "b": [np.nan, np.nan, 4]}, "fewer than two values"),
        ({"a": [1, 1, 1], "b": [4, 4]}, "varies"),
    ],
)
def test_what_cannot_be_tested_is_said(values, why):
    for test in compare_groups(values):
        assert np.isnan(test.p)
        assert why in test.reason


def test_groups_of_two_values_have_no_levene():
    found = named(compare_groups({"a": [1, 2], "b": [3, 9], "c": [5, 5.5]}), "Levene")
    assert np.isnan([found.statistic, found.p]).all()
    assert found.reason == "not estimable: within each group all values lie equally far from its median"
    assert named(compare_groups({"a": [1, 2], "b": [3, 9, 10]}), "Levene").p > 0


def test_missing_values_are_counted():
    assert compare_groups({"a": [1, 2, np.nan], "b": [3, 5, 6]})[0].left_out == 1
    mean, sd = spread_of([1.0, 3.0, np.nan])
    assert (mean.value, mean.left_out, sd) == (2.0, 1, pytest.approx(np.sqrt(2)))
    assert "one value" in spread_of([1.0])[0].reason
    assert not spread_of([np.nan])[0].estimable
    still = compare_groups({"a": [1.0, 1, 1], "b": [2.0, 3, 4]})
    assert "vary" in named(still, "Welch").reason
