from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.statistics.accuracy import (
    auc,
    clustered_proportion,
    compare_paired,
    compare_unpaired,
    confusion,
    mcnemar,
    proportion,
    roc_points,
)

MARKERS = ("s100b", "wfns", "ndka")
samples = st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=25)


def slow_auc(scores: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """AUC and DeLong's variance from every pair of a positive and a negative unit."""
    win = np.array(
        [[1.0 if p > n else 0.5 if p == n else 0.0 for n in scores[~positive]] for p in scores[positive]]
    )
    m, n = win.shape
    variance = win.mean(1).var(ddof=1) / m + win.mean(0).var(ddof=1) / n if min(m, n) > 1 else np.nan
    return win.mean(), variance


def haemorrhage(reference_rows):
    rows = reference_rows("pROC_aSAH")
    poor = np.array([row["outcome"] == "Poor" for row in rows])
    return {name: np.array([float(row[name]) for row in rows]) for name in MARKERS}, poor


@pytest.mark.parametrize("name", MARKERS)
def test_auc_equals_proc(name, reference_rows, answers):
    scores, poor = haemorrhage(reference_rows)
    wanted = answers["pROC_aSAH"][name]
    found = auc(scores[name], poor)
    assert found.value == pytest.approx(wanted["auc"], rel=1e-6)
    assert found.se**2 == pytest.approx(wanted["delong_var"], rel=1e-6)
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (wanted["delong_ci95"][0], wanted["delong_ci95"][2]), rel=1e-6
    )


def test_paired_comparison_equals_proc(reference_rows, answers):
    scores, poor = haemorrhage(reference_rows)
    for pair in (("s100b", "wfns"), ("s100b", "ndka"), ("wfns", "ndka")):
        wanted = answers["pROC_aSAH"]["paired_delong"]["_vs_".join(pair)]
        found = compare_paired(scores[pair[0]], scores[pair[1]], poor)
        assert (found.z, found.p) == pytest.approx((wanted["stat"], wanted["p"]), rel=1e-6)


def test_unpaired_comparison_adds_the_variances(reference_rows):
    scores, poor = haemorrhage(reference_rows)
    found = compare_unpaired((scores["wfns"], poor), (scores["s100b"], poor))
    first, second = auc(scores["wfns"], poor), auc(scores["s100b"], poor)
    assert found.z == pytest.approx((first.value - second.value) / np.hypot(first.se, second.se))
    # these two scores of the same patients rise together, so the paired test is the sharper one
    assert found.p > compare_paired(scores["wfns"], scores["s100b"], poor).p
    assert (
        "positive"
        in compare_unpaired((scores["wfns"], poor & False), (scores["s100b"], poor)).difference.reason
    )


@settings(max_examples=60, deadline=None)
@given(samples)
def test_auc_equals_the_count_of_pairs(sample):
    scores = np.array([score for score, _ in sample], dtype=float)
    positive = np.array([truth for _, truth in sample])
    found = auc(scores, positive)
    if positive.all() or not positive.any():
        assert not found.estimable
        assert "reference" in found.reason
        return
    value, variance = slow_auc(scores, positive)
    assert found.value == pytest.approx(value)
    if np.isfinite(found.se):
        assert found.se**2 == pytest.approx(variance)
        assert 0 <= found.ci_low <= found.value <= found.ci_high <= 1
    else:
        assert found.reason
    # only the order of the scores counts, and turning it round turns the curve round
    assert auc(scores**3, positive).value == pytest.approx(found.value)
    assert auc(-scores, positive).value == pytest.approx(1 - found.value)
    # every unit its own cluster: Obuchowski's variance is DeLong's
    own = auc(scores, positive, np.arange(len(scores)))
    assert own.se == pytest.approx(found.se, nan_ok=True)


def test_clusters_that_repeat_their_units_do_not_sharpen_the_interval():
    rng = np.random.default_rng(3)
    positive = rng.random(60) < 0.5
    scores = positive + rng.normal(0, 1, 60)
    once = auc(scores, positive)
    repeated = auc(np.tile(scores, 4), np.tile(positive, 4), np.tile(np.arange(60), 4))
    assert repeated.value == pytest.approx(once.value)
    assert repeated.se == pytest.approx(once.se, rel=0.02)
    assert auc(np.tile(scores, 4), np.tile(positive, 4)).se < 0.6 * once.se


def test_clustered_variance_of_mixed_animals_by_hand():
    # three animals with a positive and a negative each: placements 2/3, 1, 2/3 and 1, 1/3, 1;
    # S10 1/27, S01 4/27, S11 -2/9, so (1/27 + 4/27) / 3 + 2 (-2/9) / 9
    found = auc([3, 1, 5, 4, 2, 0], [True, False] * 3, [1, 1, 2, 2, 3, 3])
    assert found.value == pytest.approx(7 / 9)
    assert found.se == pytest.approx(1 / 9)


def test_one_cluster_is_the_reason_and_not_a_lack_of_variation():
    scores, other, truth = [1, 3, 2, 4, 5], [2, 1, 3, 5, 4], [False, False, True, True, True]
    for animals in ([1] * 5, [1, 1, 2, 3, 4]):
        found, compared = auc(scores, truth, animals), compare_paired(scores, other, truth, animals)
        for estimate in (found, compared.difference):
            assert estimate.reason == "interval not estimable: all units of a class are of one cluster"
            assert np.isfinite(estimate.value)
        assert np.isnan(compared.p)


def test_scores_without_a_number_are_left_out_and_counted():
    found = auc([1, 2, np.nan, 4, 5], [False, False, True, True, True])
    assert (found.n, found.left_out) == (4, 1)
    assert found.value == 1.0
    assert "no variation" in found.reason
    with pytest.raises(InputError):
        auc([1, 2], [True])


def test_confusion_and_its_shares():
    counts = confusion([1, 3, 4, 2, 5, np.nan], [False, False, True, True, True, True], 3)
    assert (counts.tp, counts.fp, counts.tn, counts.fn) == (2, 1, 1, 1)
    assert counts.sensitivity.value == pytest.approx(2 / 3)
    assert counts.specificity.value == 0.5
    assert counts.positive_predictive.value == pytest.approx(2 / 3)
    assert counts.negative_predictive.value == 0.5
    nobody = confusion([], [], 3)
    for share in (
        nobody.sensitivity,
        nobody.specificity,
        nobody.positive_predictive,
        nobody.negative_predictive,
    ):
        assert not share.estimable
        assert share.reason.startswith("not estimable: no unit")


def test_wilson_of_the_published_example():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662, 0 of 20 gives 0 to 0.1611
    found = proportion(81, 263)
    assert (round(found.ci_low, 4), round(found.ci_high, 4)) == (0.2553, 0.3662)
    assert round(proportion(0, 20).ci_high, 4) == 0.1611


def test_clustered_share_is_never_narrower_and_equals_wilson_without_clustering():
    rng = np.random.default_rng(8)
    hits = rng.random(200) < 0.7
    alone = clustered_proportion(hits, np.arange(200))
    plain = proportion(int(hits.sum()), 200)
    assert (alone.ci_low, alone.ci_high) == pytest.approx((plain.ci_low, plain.ci_high), abs=0.002)
    repeated = clustered_proportion(np.repeat(hits[:50], 4), np.repeat(np.arange(50), 4))
    fifty = proportion(int(hits[:50].sum()), 50)
    assert (repeated.ci_low, repeated.ci_high) == pytest.approx((fifty.ci_low, fifty.ci_high), abs=0.01)
    everyone = clustered_proportion(np.ones(12), np.repeat(np.arange(4), 3))
    assert everyone.ci_low == pytest.approx(proportion(4, 4).ci_low)
    assert "one cluster" in clustered_proportion(np.array([1, 0]), np.array(["a", "a"])).reason
    assert not clustered_proportion([], []).estimable


def test_mcnemar_equals_r(answers):
    wanted = answers["mcnemar_794_86_150_570"]
    counts = [794, 86, 150, 570]
    found = mcnemar(np.repeat([1, 1, 0, 0], counts), np.repeat([1, 0, 1, 0], counts))
    assert found.chi_square == pytest.approx(wanted["uncorrected"], rel=1e-6)
    assert found.chi_square_corrected == pytest.approx(wanted["corrected"], rel=1e-6)
    assert found.p == pytest.approx(wanted["p_uncorrected"], rel=1e-6)
    assert (found.only_first, found.only_second) == (86, 150)
    same = mcnemar([1, 0, np.nan], [1, 0, 1])
    assert "never differ" in same.reason
    assert same.left_out == 1


def test_clustered_mcnemar():
    rng = np.random.default_rng(6)
    first, second = (rng.random(90) < share for share in (0.6, 0.4))
    plain = mcnemar(first, second)
    # every unit its own cluster: Durkalski's test is McNemar's
    alone = mcnemar(first, second, np.arange(90))
    assert (alone.chi_square_clustered, alone.p_clustered) == pytest.approx((plain.chi_square, plain.p))
    assert np.isnan(plain.p_clustered)
    copies = mcnemar(*(np.tile(column, 3) for column in (first, second, np.arange(90))))
    assert copies.p_clustered == pytest.approx(plain.p)
    assert copies.chi_square == pytest.approx(3 * plain.chi_square)
    # one animal alone tells nothing of others
    assert np.isnan(mcnemar([1, 1, 0], [0, 0, 0], ["a", "a", "b"]).p_clustered)
    assert "no unit was called in both" in mcnemar([np.nan], [1]).reason


def test_unpaired_comparison_with_clusters():
    rng = np.random.default_rng(4)
    positive = rng.random(60) < 0.5
    samples = [(positive + rng.normal(0, sd, 60), positive) for sd in (1, 2)]
    plain = compare_unpaired(*samples)
    own = [(*sample, np.arange(60)) for sample in samples]
    assert compare_unpaired(*own).z == pytest.approx(plain.z)
    copied = [tuple(np.tile(column, 3) for column in sample) for sample in own]
    assert compare_unpaired(*copied).z == pytest.approx(plain.z, rel=0.03)
    assert "clustered" in compare_unpaired(*copied).difference.method


def test_paired_comparison_with_clusters():
    rng = np.random.default_rng(4)
    positive = rng.random(80) < 0.5
    first, second = positive + rng.normal(0, 1, 80), positive + rng.normal(0, 2, 80)
    plain = compare_paired(first, second, positive)
    assert compare_paired(first, second, positive, np.arange(80)).z == pytest.approx(plain.z)
    tripled = [np.tile(column, 3) for column in (first, second, positive)]
    animals = np.tile(np.arange(80), 3)
    # copies look like new units unless it is said that they are not
    assert compare_paired(*tripled).z == pytest.approx(np.sqrt(3) * plain.z, rel=0.03)
    assert compare_paired(*tripled, animals).z == pytest.approx(plain.z, rel=0.03)


@settings(max_examples=30, deadline=None)
@given(samples)
def test_area_under_the_points_is_the_auc(sample):
    scores, positive = np.array([s for s, _ in sample], float), np.array([t for _, t in sample])
    points = roc_points(scores, positive)
    if positive.all() or not positive.any():
        assert np.isnan(points).any()
        return
    area = np.trapezoid(points[:, 2], points[:, 1])
    assert area == pytest.approx(auc(scores, positive).value)
    assert points[0].tolist() == [np.inf, 0, 0]
    assert points[-1, 1:].tolist() == [1, 1]
