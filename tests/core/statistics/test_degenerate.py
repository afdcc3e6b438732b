"""Whatever the answers are: a number with its reason for lacking an interval, or a reason; never a crash."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.accuracy import auc, clustered_proportion, compare_paired, confusion
from core.statistics.quantitation import (
    bland_altman,
    concordance,
    deming,
    ols,
    passing_bablok,
    pearson,
    spearman,
)
from core.statistics.ratings import coefficients, observed_categories, ratings_from_columns

values = st.sampled_from([1.0, 2.0, 3.0, 5.0, None])
answers = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5), values), min_size=1, max_size=25)
numbers = st.lists(st.sampled_from([0.0, 1.0, 1.0, 2.5, -3.0, math.nan]), max_size=9)


def sound(estimate) -> None:
    if estimate.estimable:
        assert math.isfinite(estimate.value)
        if math.isfinite(estimate.ci_low) and math.isfinite(estimate.ci_high):
            assert estimate.ci_low <= estimate.value + 1e-9
            assert estimate.ci_high >= estimate.value - 1e-9
        else:
            assert "not estimable" in estimate.reason
    else:
        assert estimate.reason.startswith("not estimable: ")


@settings(max_examples=120, deadline=None)
@given(answers, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_agreement_of_any_answers(rows, scale):
    (table,) = ratings_from_columns(*zip(*rows, strict=True), cluster=[unit % 3 for _, unit, _ in rows])
    offered = sum(value is not None for _, _, value in rows)
    used = sum(value is not None for value in table.values.ravel())
    dropped = table.left_out.get("repeated", 0) + table.left_out.get("contradictory", 0)
    assert used + dropped == offered
    for found in coefficients(table, observed_categories([table]), scale):
        sound(found.estimate)
        if found.clustered is not None:
            sound(found.clustered)
        assert found.estimate.n + found.estimate.left_out <= len(table.units)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1.0, 2.0, 3.0, math.nan]),
            st.sampled_from([1.0, 4.0]),
            st.booleans(),
            st.integers(0, 3),
        ),
        max_size=12,
    )
)
def test_accuracy_of_any_scores(rows):
    first, second, truth, animals = ([row[k] for row in rows] for k in range(4))
    for estimate in (
        auc(first, truth),
        auc(first, truth, animals),
        compare_paired(first, second, truth).difference,
        compare_paired(first, second, truth, animals).difference,
        clustered_proportion(truth, animals),
        confusion(first, truth, 2.0).sensitivity,
        confusion(first, truth, 2.0).negative_predictive,
    ):
        sound(estimate)


@settings(max_examples=80, deadline=None)
@given(numbers, st.randoms(use_true_random=False))
def test_measurements_of_any_kind(x, random):
    y = random.sample(x, len(x))
    for estimate in (
        pearson(x, y).estimate,
        spearman(x, y).estimate,
        concordance(x, y),
        bland_altman(x, y).upper,
    ):
        sound(estimate)
    for fit in (ols, deming, passing_bablok):
        line = fit(x, y)
        sound(line.slope)
        sound(line.intercept)
