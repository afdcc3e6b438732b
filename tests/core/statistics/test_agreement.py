from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.errors import InputError
from core.statistics.agreement import (
    MISSING,
    WEIGHTS,
    clustered_kappa,
    cohen_kappa,
    cross_table,
    encode,
    landis_koch,
    weight_matrix,
)

FIVE = [[10, 3, 1, 0, 0], [2, 9, 4, 1, 0], [0, 3, 12, 3, 1], [0, 1, 3, 11, 2], [0, 0, 0, 2, 12]]
tables = st.integers(2, 5).flatmap(lambda k: arrays(np.int64, (k, k), elements=st.integers(0, 12)))


def slow_kappa(table: np.ndarray, w: np.ndarray) -> tuple[float, float]:
    """Kappa and its standard error, term by term as Fleiss, Cohen and Everitt 1969 print equation 9.

    In fractions: a difference of squares that should be 0 is 0.
    """
    k, total = len(table), Fraction(int(table.sum()))
    p = [[int(table[i, j]) / total for j in range(k)] for i in range(k)]
    w = [[Fraction(float(w[i, j])).limit_denominator(1000) for j in range(k)] for i in range(k)]
    row, column = [sum(p[i]) for i in range(k)], [sum(p[i][j] for i in range(k)) for j in range(k)]
    observed = sum(w[i][j] * p[i][j] for i in range(k) for j in range(k))
    expected = sum(w[i][j] * row[i] * column[j] for i in range(k) for j in range(k))
    variance = Fraction(0)
    for i in range(k):
        for j in range(k):
            mean_row = sum(w[i][m] * column[m] for m in range(k))
            mean_column = sum(w[m][j] * row[m] for m in range(k))
            variance += p[i][j] * (w[i][j] * (1 - expected) - (mean_row + mean_column) * (1 - observed)) ** 2
    variance -= (observed * expected - 2 * expected + observed) ** 2
    variance /= total * (1 - expected) ** 4
    return float((observed - expected) / (1 - expected)), float(variance) ** 0.5


@pytest.mark.parametrize(
    ("weights", "kappa", "se"),
    [("unweighted", 0.5919, 0.0662), ("linear", 0.7516, 0.0466), ("quadratic", 0.8671, 0.0329)],
)
def test_five_category_table(weights, kappa, se):
    found = cohen_kappa(FIVE, weights)
    assert (round(found.estimate.value, 4), round(found.estimate.se, 4)) == (kappa, se)
    assert found.estimate.ci_low == pytest.approx(found.estimate.value - 1.959964 * found.estimate.se)
    assert found.n == 80
    assert found.categories == 5


@settings(max_examples=60, deadline=None)
@example(np.array([[4, 1, 0], [0, 0, 0], [0, 0, 0]]))
@given(tables)
def test_kappa_equals_the_printed_formula(table):
    for weights in WEIGHTS:
        found = cohen_kappa(table, weights).estimate
        w = weight_matrix(len(table), weights)
        p = table / max(1, table.sum())
        if table.sum() < 2 or 1 - p.sum(1) @ w @ p.sum(0) < 1e-12:
            assert not found.estimable
            assert found.reason
            continue
        kappa, se = slow_kappa(table, w)
        assert found.value == pytest.approx(kappa, abs=1e-12)
        if np.isfinite(found.se):
            assert found.se == pytest.approx(se, rel=1e-6)
        else:
            assert se == 0
            assert found.reason


@settings(max_examples=40, deadline=None)
@given(tables)
def test_kappa_does_not_care_which_rater_comes_first_or_about_unused_categories(table):
    padded = np.zeros((len(table) + 1, len(table) + 1), dtype=np.int64)
    padded[:-1, :-1] = table
    for weights in WEIGHTS:
        one = cohen_kappa(table, weights).estimate.value
        assert cohen_kappa(table.T, weights).estimate.value == pytest.approx(one, nan_ok=True)
        # linear and quadratic kappa depend on differences of places alone
        assert cohen_kappa(padded, weights).estimate.value == pytest.approx(one, nan_ok=True)


def test_perfect_agreement_has_a_value_and_no_interval():
    found = cohen_kappa(np.diag([4, 5, 6])).estimate
    assert found.value == 1.0
    assert np.isnan(found.ci_low)
    assert "no variation" in found.reason


@pytest.mark.parametrize("table", [np.zeros((3, 3)), np.diag([1, 0, 0]), np.diag([9, 0, 0])])
def test_degenerate_tables_say_why(table):
    found = cohen_kappa(table, left_out=4)
    assert np.isnan(found.estimate.value)
    assert found.estimate.reason.startswith("not estimable: ")
    assert found.estimate.left_out == 4


@pytest.mark.parametrize(
    "table", [[[1, 2]], [], [[1, -1], [0, 2]], [[0.5, 1], [1, 1]], [[np.nan, 1], [1, 1]]]
)
def test_what_is_not_a_table_of_counts_is_refused(table):
    with pytest.raises(InputError):
        cohen_kappa(table)


def test_custom_weights_are_checked_and_used():
    linear = weight_matrix(5, "linear")
    assert cohen_kappa(FIVE, linear).estimate.value == cohen_kappa(FIVE, "linear").estimate.value
    for wrong in (np.ones((4, 4)), 2 * np.eye(5), np.zeros((5, 5))):
        with pytest.raises(InputError):
            cohen_kappa(FIVE, wrong)


def test_indices_of_two_categories():
    found = cohen_kappa([[40, 9], [6, 45]])
    assert found.prevalence_index == pytest.approx(0.05)
    assert found.bias_index == pytest.approx(0.03)
    # Cohen 1960: the margins allow min(49, 46) + min(51, 54) = 97 of 100 to agree
    assert found.maximum == pytest.approx((0.97 - found.p_expected) / (1 - found.p_expected))
    assert np.isnan(cohen_kappa(FIVE).prevalence_index)


def test_words_of_landis_and_koch_are_for_unweighted_kappa_only():
    assert cohen_kappa(FIVE).label == "moderate"
    assert cohen_kappa(FIVE, "quadratic").label == ""
    words = [landis_koch(k) for k in (-0.1, 0.0, 0.2, 0.21, 0.6, 0.61, 0.81)]
    assert words == ["poor", "slight", "slight", "fair", "moderate", "substantial", "almost perfect"]


def test_encoding_knows_only_what_was_declared():
    assert encode(["b", None, "a"], ["a", "b"]).tolist() == [1, MISSING, 0]
    with pytest.raises(InputError, match="'c' is not among the categories a, b"):
        encode(["c"], ["a", "b"])
    with pytest.raises(InputError, match="twice"):
        encode([], ["a", "a"])


def test_cross_table_leaves_out_what_one_rater_did_not_answer():
    table = cross_table([0, 1, MISSING, 1], [0, 0, 1, MISSING], 2)
    assert table.tolist() == [[1, 0], [1, 0]]


def test_anxiety_equals_irr(reference_rows, answers):
    rows = reference_rows("irr_anxiety")
    for a, b, name in ((1, 2, "kappa_r1r2"), (2, 3, "kappa_r2r3")):
        # irr's kappa2 knows the categories that these two raters used
        first, second = ([int(row[f"rater{r}"]) for row in rows] for r in (a, b))
        categories = sorted({*first, *second})
        table = cross_table(encode(first, categories), encode(second, categories), len(categories))
        for weights, key in zip(WEIGHTS, ("", "_linear", "_quadratic"), strict=True):
            wanted = answers["irr_anxiety"].get(name + key)
            if wanted:
                found = cohen_kappa(table, weights)
                assert found.estimate.value == pytest.approx(wanted["value"], rel=1e-6)
                assert (found.z, found.p) == pytest.approx((wanted["z"], wanted["p"]), rel=1e-6)


def test_clustered_interval_is_the_plain_one_without_clusters_and_wider_with_copies():
    rng = np.random.default_rng(7)
    first = rng.integers(0, 4, 60)
    second = np.where(rng.random(60) < 0.6, first, rng.integers(0, 4, 60))
    for weights in WEIGHTS:
        plain = cohen_kappa(cross_table(first, second, 4), weights).estimate
        alone = clustered_kappa(first, second, 4, weights, clusters=np.arange(60))
        assert alone.value == plain.value
        assert alone.se == pytest.approx(plain.se * np.sqrt(60 / 59))
        copies = [np.tile(column, 5) for column in (first, second, np.arange(60))]
        assert clustered_kappa(*copies[:2], 4, weights, clusters=copies[2]).se == pytest.approx(alone.se)
        assert cohen_kappa(cross_table(*copies[:2], 4), weights).estimate.se < 0.5 * alone.se
    assert "one cluster" in clustered_kappa(first, second, 4, clusters=np.zeros(60)).reason
    assert "same category" in clustered_kappa([0, 0, -1], [0, 0, 1], 4, clusters=[1, 2, 3]).reason


def test_standard_error_is_that_of_the_delta_method():
    # an independent way to it: the slope of kappa in every cell, and the multinomial covariance
    table = np.array([[10, 0, 0], [1, 16, 1], [3, 1, 9]])
    p, n = table / table.sum(), table.sum()
    for weights in WEIGHTS:
        w = weight_matrix(3, weights)

        def kappa(q, w=w):
            expected = q.sum(1) @ w @ q.sum(0)
            return ((w * q).sum() - expected) / (1 - expected)

        slope = np.zeros((3, 3))
        for cell in np.ndindex(3, 3):
            step = np.zeros((3, 3))
            step[cell] = 1e-6
            slope[cell] = (kappa(p + step) - kappa(p - step)) / 2e-6
        variance = ((p * slope**2).sum() - (p * slope).sum() ** 2) / n
        assert cohen_kappa(table, weights).estimate.se == pytest.approx(np.sqrt(variance), rel=1e-6)
