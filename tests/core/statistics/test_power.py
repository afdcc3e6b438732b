from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from core.errors import InputError
from core.statistics.accuracy import compare_paired, placements, proportion
from core.statistics.agreement import cohen_kappa
from core.statistics.mrmc import FRRC, MODELS
from core.statistics.power import (
    auc_half_width,
    auc_variance,
    design_effect,
    draw_mrmc,
    kappa_half_width,
    mrmc_power,
    paired_power,
    pairs_for_difference,
    share_half_width,
    simulated_power,
    table_for_kappa,
    units_for_auc_difference,
    units_for_kappa,
    units_for_share,
)


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
@pytest.mark.parametrize("kappa", [0.0, 0.4, 0.8])
def test_the_planned_table_has_the_planned_kappa_and_margins(weights, kappa):
    margins = np.array([0.1, 0.3, 0.4, 0.2])
    table = table_for_kappa(kappa, margins, weights)
    assert table.sum(0) == pytest.approx(margins, abs=1e-4)
    assert table.sum(1) == pytest.approx(margins, abs=1e-4)
    found = cohen_kappa(np.round(table * 1e7), weights)
    assert found.estimate.value == pytest.approx(kappa, abs=1e-3)


def test_units_for_kappa_give_the_half_width():
    margins, kappa = (0.5, 0.5), 0.6
    n = units_for_kappa(kappa, 0.1, margins)
    # two balanced categories: var(kappa) = (1 - kappa^2) / n for equal margins (Fleiss 1969)
    assert n == pytest.approx((1 - 0.36) * (1.96 / 0.1) ** 2, rel=0.02)
    assert units_for_kappa(kappa, 0.05, margins) == pytest.approx(4 * n, rel=0.02)


def test_hanley_and_mcneils_variance():
    # their paper's example: area 0.893, 51 abnormal and 58 normal gives a standard error of 0.032
    assert np.sqrt(auc_variance(0.893, 51, 58)) == pytest.approx(0.032, abs=0.001)


def test_units_for_a_difference_shrink_with_correlation_and_grow_with_power():
    plain = units_for_auc_difference(0.8, 0.9, correlation=0.0)
    assert units_for_auc_difference(0.8, 0.9, correlation=0.6)[0] < plain[0]
    assert units_for_auc_difference(0.8, 0.9, correlation=0.0, power=0.9)[0] > plain[0]
    positives, negatives = units_for_auc_difference(0.8, 0.9, ratio=2.0)
    assert negatives == 2 * positives


def test_the_planned_study_reaches_about_its_power():
    positives, negatives = units_for_auc_difference(0.75, 0.9, correlation=0.35)

    def significant(rng):
        scores, truth = draw_mrmc(
            rng, [0.75, 0.9], raters=1, positives=positives, negatives=negatives, rater_sd=0.0
        )
        return bool(compare_paired(scores[0, 0], scores[1, 0], truth).p < 0.05)

    share, error = simulated_power(significant, samples=300, seed=4)
    assert error < 0.03
    assert 0.65 < share < 0.95


def test_drawn_studies_have_the_planned_areas():
    scores, truth = draw_mrmc(
        np.random.default_rng(1), [0.7, 0.9], raters=2, positives=4000, negatives=4000, rater_sd=0
    )
    areas = [[placements(row, truth).area for row in modality] for modality in scores]
    assert np.array(areas) == pytest.approx(np.array([[0.7, 0.7], [0.9, 0.9]]), abs=0.02)
    # the raters share the cases, so their scores go together
    assert np.corrcoef(scores[0, 0, truth], scores[0, 1, truth])[0, 1] == pytest.approx(0.5, abs=0.05)


def test_impossible_plans_are_refused():
    for call in (
        lambda: units_for_kappa(0.6, 0.0, (0.5, 0.5)),
        lambda: units_for_kappa(1.0, 0.1, (0.5, 0.5)),
        lambda: units_for_kappa(0.5, 0.1, (0.5, 0.6)),
        lambda: units_for_auc_difference(0.8, 0.8),
        lambda: units_for_auc_difference(0.8, 0.9, correlation=1.0),
    ):
        with pytest.raises(InputError):
            call()


def test_simulation_can_be_stopped():
    class Stopped:
        def report(self, fraction: float, what: str) -> None:
            pass

        def cancelled(self) -> bool:
            return True

    with pytest.raises(InputError, match="stopped"):
        simulated_power(lambda rng: True, progress=Stopped())


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
def test_the_half_width_of_a_kappa_is_the_inverse_of_the_units_it_needs(weights):
    margins = (0.2, 0.3, 0.5)
    for wanted in (0.05, 0.1, 0.2):
        units = units_for_kappa(0.6, wanted, margins, weights)
        assert kappa_half_width(0.6, units, margins, weights) <= wanted
        assert kappa_half_width(0.6, units - 1, margins, weights) > wanted


def test_the_half_width_of_a_kappa_is_as_wide_as_its_estimates_scatter():
    """Against draws: 1.96 SD of kappa over tables of 150 units."""
    shares = table_for_kappa(0.5, (0.4, 0.6))
    draws = np.random.default_rng(8).multinomial(150, shares.ravel(), 2000).reshape(-1, 2, 2)
    spread = np.std([cohen_kappa(draw, "unweighted").estimate.value for draw in draws])
    assert kappa_half_width(0.5, 150, (0.4, 0.6)) == pytest.approx(1.96 * spread, rel=0.06)


def test_the_half_width_of_an_auc_is_as_wide_as_its_estimates_scatter():
    """Against draws from two negative exponentials, the law that Hanley and McNeil's q1 and q2 are of."""
    area, positives, negatives = 0.8, 40, 60
    rng = np.random.default_rng(9)
    rate = area / (1 - area)  # P(X > Y) of exponentials with this ratio of means
    above = rng.exponential(rate, (1500, positives, 1)) > rng.exponential(1.0, (1500, 1, negatives))
    spread = np.std(above.mean(axis=(1, 2)))
    assert auc_half_width(area, positives, negatives) == pytest.approx(1.96 * spread, rel=0.06)


def test_more_raters_narrow_an_auc_as_far_as_they_are_not_alike():
    one = auc_half_width(0.8, 30, 30)
    assert auc_half_width(0.8, 30, 30, raters=5, correlation=1.0) == pytest.approx(one)
    assert auc_half_width(0.8, 30, 30, raters=4, correlation=0.0) == pytest.approx(one / 2)
    assert auc_half_width(0.8, 30, 30, raters=4, correlation=0.5) == pytest.approx(one * np.sqrt(0.625))


@pytest.mark.parametrize(
    "wrong",
    [(0.4, 9, 9, 1, 0.5), (1.0, 9, 9, 1, 0.5), (0.8, 0, 9, 1, 0.5), (0.8, 9, 9, 0, 0.5), (0.8, 9, 9, 1, 1.1)],
)
def test_half_widths_of_what_cannot_be_are_refused(wrong):
    area, positives, negatives, raters, correlation = wrong
    with pytest.raises(InputError, match="needs an AUC from"):
        auc_half_width(area, positives, negatives, raters=raters, correlation=correlation)
    with pytest.raises(InputError, match="needs two units"):
        kappa_half_width(0.5, 0, (0.5, 0.5))


def test_reichenheims_table_of_kappa():
    """Stata Technical Bulletin 58 (2000), sskdlg: the most are needed where kappa is 0.289."""
    needed = {kappa: units_for_kappa(kappa, 0.2, (0.2, 0.8)) for kappa in (0.1, 0.2, 0.289, 0.4, 0.6)}
    assert needed[0.1] == 114
    assert needed[0.289] == 126 == max(needed.values())
    # 384 there: it rounds 384.15
    assert units_for_kappa(0.0, 0.1, (0.1, 0.9)) == 385


@pytest.mark.parametrize(("share", "half_width"), [(0.9, 0.1), (0.5, 0.05), (1.0, 0.04)])
def test_units_for_a_share_are_the_least_that_do(share, half_width):
    n = units_for_share(share, half_width)
    assert share_half_width(share, n) <= half_width < share_half_width(share, n - 1)
    # as accuracy.csv has it
    given = proportion(round(share * 100), 100)
    assert share_half_width(share, 100) == pytest.approx((given.ci_high - given.ci_low) / 2)


def test_units_for_a_sensitivity_are_about_buderers():
    """Buderer 1996 (doi 10.1111/j.1553-2712.1996.tb03538.x) with the normal interval: z^2 p q / w^2."""
    for share, half_width in ((0.9, 0.05), (0.8, 0.05), (0.7, 0.03)):
        normal = 1.959964**2 * share * (1 - share) / half_width**2
        assert units_for_share(share, half_width) == pytest.approx(normal, rel=0.03)


def test_units_that_share_animals_count_for_less():
    assert design_effect(1, 0.9) == 1
    assert design_effect(4, 0.5) == 2.5
    assert units_for_share(0.8, 0.05, 2.5) == pytest.approx(2.5 * units_for_share(0.8, 0.05), abs=3)


@pytest.mark.parametrize(("dz", "pairs"), [(0.3, 12), (0.421637, 50), (1.5, 5)])
def test_the_power_of_a_paired_test_is_that_of_statsmodels(dz, pairs):
    assert paired_power(-2 * dz, 2.0, pairs) == pytest.approx(TTestPower().power(dz, pairs, 0.05), abs=1e-9)


def test_animals_for_a_paired_difference_are_the_least_that_do():
    n = pairs_for_difference(2.0, 3.0, power=0.9)
    assert paired_power(2.0, 3.0, n) >= 0.9 > paired_power(2.0, 3.0, n - 1)


def test_the_simulated_power_of_one_more_rater_or_more_cases_grows():
    few = mrmc_power((0.75, 0.85), raters=3, positives=12, negatives=12, samples=40)
    many = mrmc_power((0.75, 0.85), raters=3, positives=90, negatives=90, samples=40)
    for model in MODELS[:2]:
        assert many[model][0] > few[model][0] + 0.2
    with pytest.raises(InputError, match="needs two raters"):
        mrmc_power((0.7, 0.8), raters=1, positives=9, negatives=9)
    with pytest.raises(InputError, match="AUCs lie"):
        mrmc_power((0.7, 1.0), raters=2, positives=9, negatives=9)


@pytest.mark.soak
def test_no_difference_is_found_in_one_study_of_twenty():
    found = mrmc_power((0.8, 0.8), raters=4, positives=40, negatives=40, samples=2000)
    for model, (share, _) in found.items():
        # raters who differ in skill by field are a difference to whoever takes them as fixed
        if model != FRRC:
            assert 0.02 <= share <= 0.07, model
