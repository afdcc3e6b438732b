"""Sums give the coefficients of the plain functions, on the sample and on any drawn from it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from core.statistics.agreement import WEIGHTS, cohen_kappa, cross_table
from core.statistics.bootstrap import bootstrap_sums
from core.statistics.multirater import brennan_prediger, fleiss_kappa, gwet_ac, light_kappa, rating_counts
from core.statistics.quantitation import bland_altman, concordance, repeatability
from core.statistics.reliability import FORMS, icc, krippendorff_alpha
from core.statistics.sums import alpha_sums, chance_sums, icc_sums, kappa_sums, light_sums, pair_sums

ANIMALS = np.repeat(np.arange(15), 4)
CATEGORIES = 4


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    rng = np.random.default_rng(5)
    trait = rng.integers(0, CATEGORIES, 60)
    columns = [np.where(rng.random(60) < 0.6, trait, rng.integers(0, CATEGORIES, 60)) for _ in range(3)]
    found = np.column_stack(columns)
    found[rng.random(found.shape) < 0.08] = -1
    return found


def coefficients_of(codes: np.ndarray, clusters: np.ndarray):
    """Every coefficient twice: its sums, and the function that takes the units with the clusters' numbers."""
    numbers = np.where(codes < 0, np.nan, 2.5 * codes + 10 + np.arange(3))
    for w in WEIGHTS:
        yield (
            kappa_sums(codes[:, 0], codes[:, 1], CATEGORIES, w, clusters),
            lambda c, w=w: cohen_kappa(cross_table(c[:, 0], c[:, 1], CATEGORIES), w).estimate.value,
        )
    yield (
        light_sums(codes, CATEGORIES, clusters),
        lambda c: light_kappa(c, CATEGORIES).value,
    )
    for chance, w, plain in (
        ("fleiss", "unweighted", fleiss_kappa),
        ("gwet", "unweighted", gwet_ac),
        ("gwet", "quadratic", lambda counts: gwet_ac(counts, "quadratic")),
        ("uniform", "unweighted", brennan_prediger),
    ):
        yield (
            chance_sums(codes, CATEGORIES, chance, w, clusters),
            lambda c, plain=plain: plain(rating_counts(c, CATEGORIES)).value,
        )

    def as_numbers(c):
        return np.where(c < 0, np.nan, 2.5 * c + 10 + np.arange(3))

    for metric in ("nominal", "ordinal", "interval"):
        yield (
            alpha_sums(numbers, metric, clusters),
            lambda c, metric=metric: krippendorff_alpha(as_numbers(c), metric).value,
        )
    for place, form in enumerate(FORMS):
        yield (
            icc_sums(numbers, clusters)[form],
            lambda c, place=place: icc(as_numbers(c))[place].estimate.value,
        )
    for quantity, plain in (
        ("ccc", concordance),
        ("bias", lambda x, y: bland_altman(x, y).bias),
        ("lower_limit", lambda x, y: bland_altman(x, y).lower),
        ("upper_limit", lambda x, y: bland_altman(x, y).upper),
        ("repeatability", lambda x, y: repeatability(np.column_stack([x, y]))),
    ):
        yield (
            pair_sums(numbers[:, 0], numbers[:, 1], clusters)[quantity],
            lambda c, plain=plain: plain(*as_numbers(c)[:, :2].T).value,
        )


def test_sums_give_what_the_plain_functions_give_on_any_sample_of_clusters(codes):
    rng = np.random.default_rng(9)
    taken = [np.arange(15), *(rng.integers(0, 15, 15) for _ in range(4))]
    counts = np.array([np.bincount(drawn, minlength=15) for drawn in taken], dtype=np.float64)
    for sums, plain in coefficients_of(codes, ANIMALS):
        found = sums.value(counts @ sums.of_cluster)
        wanted = [
            plain(np.concatenate([codes[np.isin(ANIMALS, animal)] for animal in drawn])) for drawn in taken
        ]
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_every_coefficient_has_an_interval_round_it(codes):
    for sums, plain in coefficients_of(codes, ANIMALS):
        found = bootstrap_sums(sums, clustered=True)
        assert found.value == pytest.approx(plain(codes))
        assert found.ci_low < found.value < found.ci_high
        assert "15 clusters" in found.method


def test_it_is_the_bootstrap_of_whole_clusters(codes):
    sums = kappa_sums(codes[:, 0], codes[:, 1], CATEGORIES, "linear", ANIMALS)

    def kappa(index):
        return cohen_kappa(cross_table(codes[index, 0], codes[index, 1], CATEGORIES), "linear").estimate.value

    rng = np.random.default_rng(3)
    drawn = [
        np.concatenate([np.flatnonzero(animal == ANIMALS) for animal in rng.integers(0, 15, 15)])
        for _ in range(800)
    ]
    plain = np.array([kappa(index) for index in drawn])
    found = bootstrap_sums(sums, clustered=True, replicates=4000)
    assert found.se == pytest.approx(plain.std(ddof=1), rel=0.1)
    # 15 clusters: quantiles of t with 14 degrees of freedom, 2.145, times the root of 15/14
    reach = norm.cdf([-2.220, 2.220])
    assert (found.ci_low, found.ci_high) == pytest.approx(
        tuple(np.quantile(plain, reach)), abs=0.5 * found.se
    )


def test_many_clusters_are_left_out_one_by_one():
    rng = np.random.default_rng(4)
    x, y = rng.normal(0, 1, (2, 400))
    found = bootstrap_sums(pair_sums(x, y, np.arange(400))["bias"], clustered=True)
    # the jackknife of a mean is its standard error
    assert found.se == pytest.approx((x - y).std(ddof=1) / 20)
    assert found.method == "jackknife of 400 clusters"


def test_what_cannot_be_drawn_says_why(codes):
    one_animal = kappa_sums(codes[:, 0], codes[:, 1], CATEGORIES, "linear", np.zeros(60, dtype=int))
    assert "fewer than two clusters" in bootstrap_sums(one_animal, clustered=True).reason
    nobody = kappa_sums(codes[:, 0] * 0 - 1, codes[:, 1], CATEGORIES, "linear", ANIMALS)
    assert bootstrap_sums(nobody, clustered=True).reason.startswith("not estimable: ")
    alike = icc_sums(np.repeat(np.arange(8.0)[:, None], 2, axis=1), np.arange(8))["ICC(1,1)"]
    assert "no variation" in bootstrap_sums(alike, clustered=False).reason


def test_samples_of_equal_values_have_no_icc():
    # three times the first unit: rounding is all that differs in it
    for form, sums in icc_sums([[0, 0, 0], [1, 2, 3], [2, 0, 2]], [0, 1, 2]).items():
        found = sums.value(np.array([[3.0, 0, 0]]) @ sums.of_cluster)
        assert np.isnan(found[0]), form
        drawn = bootstrap_sums(sums, clustered=False)
        assert not drawn.ci_high > 1
