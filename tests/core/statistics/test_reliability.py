from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.errors import InputError
from core.statistics.reliability import FORMS, icc, kendall_w, krippendorff_alpha

METRICS = ("nominal", "ordinal", "interval", "ratio")
FORM_OF = {"oneway_consistency": 1, "twoway_agreement": 2, "twoway_consistency": 3}


def table_of(rows) -> np.ndarray:
    return np.array([[np.nan if v == "NA" else float(v) for v in row.values()] for row in rows])


def slow_alpha(values: np.ndarray, metric: str) -> float:
    """Krippendorff's alpha from every pair of answers, one by one."""
    units = [row[np.isfinite(row)] for row in values]
    units = [row for row in units if len(row) > 1]
    every = np.concatenate(units)

    def distance(a: float, b: float) -> float:
        if metric == "nominal":
            return float(a != b)
        if metric == "interval":
            return (a - b) ** 2
        if metric == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        low, high = min(a, b), max(a, b)
        between = ((every >= low) & (every <= high)).sum()
        return float(between - ((every == low).sum() + (every == high).sum()) / 2) ** 2

    observed = sum(
        distance(a, b) / (len(row) - 1)
        for row in units
        for i, a in enumerate(row)
        for j, b in enumerate(row)
        if i != j
    )
    expected = sum(distance(a, b) for i, a in enumerate(every) for j, b in enumerate(every) if i != j)
    return 1 - (len(every) - 1) * observed / expected


@pytest.mark.parametrize("name", ["irr_anxiety", "shrout_fleiss_1979"])
def test_icc_equals_irr(name, reference_rows, answers):
    found = {row.form: row for row in icc(table_of(reference_rows(name)))}
    for key, number in FORM_OF.items():
        for unit, raters in (("single", "1"), ("average", "k")):
            wanted = answers[name][f"icc_{key}_{unit}"]
            row = found[f"ICC({number},{raters})"]
            told = (
                row.estimate.value,
                row.estimate.ci_low,
                row.estimate.ci_high,
                row.f,
                row.df1,
                row.df2,
                row.p,
            )
            assert told == pytest.approx(
                [wanted[k] for k in ("value", "lower", "upper", "F", "df1", "df2", "p")], rel=1e-6
            )


def test_icc_equals_psych_with_its_own_interval(reference_rows, answers):
    found = icc(table_of(reference_rows("shrout_fleiss_1979")), average_interval="Spearman-Brown")
    for row, wanted in zip(found, answers["shrout_fleiss_1979"]["psych_ICC"], strict=True):
        limits = (row.estimate.value, row.estimate.ci_low, row.estimate.ci_high)
        assert limits == pytest.approx(
            [wanted["ICC"], wanted["lower bound"], wanted["upper bound"]], rel=1e-6
        )
    assert "Spearman-Brown" in found[4].estimate.method


def test_icc_of_two_methods_equals_irr(reference_rows, answers):
    rows = reference_rows("bland_altman_1986_pefr")
    found = icc([[float(row["wright1"]), float(row["mini1"])] for row in rows])[1]
    wanted = answers["bland_altman_1986"]["icc_A1_wright1_mini1"]
    told = (found.estimate.value, found.estimate.ci_low, found.estimate.ci_high)
    assert told == pytest.approx((wanted["value"], wanted["lower"], wanted["upper"]), rel=1e-6)


def test_icc_sees_a_shift_of_one_rater_only_as_disagreement():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 3, (40, 1)) + rng.normal(0, 1, (40, 2))
    plain, shifted = icc(values), icc(values + np.array([0, 5]))
    assert shifted[2].estimate.value == pytest.approx(plain[2].estimate.value)
    assert shifted[1].estimate.value < plain[1].estimate.value - 0.2


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.full((5, 2), 3.0), "all values are equal"),
        (np.ones((1, 2)), "fewer than two units"),
        (np.arange(4.0)[:, None], "fewer than two raters"),
        (np.full((4, 2), np.nan), "fewer than two units"),
    ],
)
def test_icc_says_why_there_is_none(values, why):
    found = icc(values)
    assert [row.form for row in found] == list(FORMS)
    assert all(why in row.estimate.reason for row in found)


def test_icc_counts_units_left_out_and_has_no_interval_without_error():
    values = np.repeat(np.arange(6.0)[:, None], 2, axis=1)
    values[0, 0] = np.nan
    for row in icc(values):
        assert row.estimate.value == pytest.approx(1.0)
        assert row.estimate.left_out == 1
        assert np.isnan(row.estimate.ci_low)
    with pytest.raises(InputError):
        icc([1.0, 2.0])


@pytest.mark.parametrize("pairs", range(2, 13))
def test_raters_who_always_answer_oppositely_have_a_value_and_a_reason(pairs):
    found = {row.form: row.estimate for row in icc([[1, 2], [2, 1]] * pairs)}
    for form in ("ICC(1,1)", "ICC(3,1)"):
        assert found[form].value == pytest.approx(-1.0)
        assert found[form].reason == ("interval not estimable: the raters' mean is the same for every unit")
        assert np.isnan([found[form].ci_low, found[form].ci_high]).all()
    # the mean squares give less than -1 here, as the raters' means agree better than chance lets them
    assert found["ICC(2,1)"].reason.startswith("not estimable: the formula gives a value under -1")


def test_limits_that_would_divide_by_nothing_are_none():
    # the mean square of units is half that of error, where ICC(2,k)'s degrees of freedom are 0 over 0
    for values in ([[0, 0], [0, 0], [0, 1], [1, 0]], [[0, 1], [0, 1], [0, 2], [1, 1]]):
        found = {row.form: row.estimate for row in icc(values)}["ICC(2,k)"]
        assert np.isfinite(found.value)
        assert found.reason == "interval not estimable: too few units for the formula"


@pytest.mark.parametrize("metric", METRICS)
def test_alpha_equals_the_published_table(metric, reference_rows, answers):
    values = table_of(reference_rows("krippendorff_4coders_12units")).T
    found = krippendorff_alpha(values, metric)
    assert found.value == pytest.approx(answers["krippendorff"][metric], rel=1e-6)
    # the twelfth unit has one answer
    assert (found.n, found.left_out) == (11, 1)
    kept = values[np.isfinite(values).sum(1) >= 2]
    without = np.array([slow_alpha(np.delete(kept, unit, 0), metric) for unit in range(len(kept))])
    assert found.se == pytest.approx(np.sqrt(10 / 11 * ((without - without.mean()) ** 2).sum()))


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, (7, 3), elements=st.sampled_from([1.0, 2.0, 3.0, 5.0, np.nan])))
def test_alpha_equals_the_slow_sum_over_pairs(values):
    for metric in METRICS:
        found = krippendorff_alpha(values, metric)
        if found.estimable:
            assert found.value == pytest.approx(slow_alpha(values, metric), abs=1e-9)
        else:
            assert found.reason


def test_alpha_says_why_there_is_none():
    assert "all answers are equal" in krippendorff_alpha(np.ones((5, 2))).reason
    assert "fewer than two units" in krippendorff_alpha([[1, 2], [np.nan, 3]]).reason
    with pytest.raises(InputError, match="negative"):
        krippendorff_alpha([[-1, 2], [1, 3]], "ratio")


def test_kendalls_w_equals_irr(reference_rows, answers):
    found = kendall_w(table_of(reference_rows("irr_anxiety")))
    wanted = answers["irr_anxiety"]["kendall_W_tie_corrected"]
    told = (found.estimate.value, found.chi_square, found.p)
    assert told == pytest.approx((wanted["value"], wanted["z"], wanted["p"]), rel=1e-6)
    assert not kendall_w(np.ones((4, 2))).estimate.estimable
    assert not kendall_w(np.ones((4, 1))).estimate.estimable
