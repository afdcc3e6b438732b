from __future__ import annotations

import numpy as np
import pytest

from core.statistics.agreement import MISSING, cohen_kappa, encode
from core.statistics.multirater import (
    brennan_prediger,
    category_kappas,
    conger_kappa,
    fleiss_kappa,
    fleiss_test,
    gwet_ac,
    light_kappa,
    light_test,
    rating_counts,
)


def diagnoses(reference_rows) -> tuple[np.ndarray, int]:
    rows = [list(row.values()) for row in reference_rows("irr_diagnoses")]
    categories = sorted({value for row in rows for value in row})
    return np.array([encode(row, categories) for row in rows]), len(categories)


def test_diagnoses_equal_irr(reference_rows, answers):
    codes, categories = diagnoses(reference_rows)
    counts = rating_counts(codes, categories)
    wanted = answers["irr_diagnoses"]
    assert fleiss_kappa(counts).value == pytest.approx(wanted["fleiss"]["value"], rel=1e-6)
    assert fleiss_test(counts)[0] == pytest.approx(wanted["fleiss"]["z"], rel=1e-6)
    light = (light_kappa(codes, categories).value, *light_test(codes, categories))
    assert light == pytest.approx([wanted["light"][name] for name in ("value", "z", "p")], rel=1e-6)
    assert conger_kappa(codes, categories).value == pytest.approx(wanted["fleiss_conger_exact"], rel=1e-6)
    # irr rounds these to three digits
    by_name = {(row["Var1"], row["Var2"]): row["Freq"] for row in wanted["per_category"]}
    names = sorted({name for name, _ in by_name})
    for name, (kappa, z, _) in zip(names, category_kappas(counts), strict=True):
        assert (round(kappa, 3), round(z, 3)) == (by_name[name, "Kappa"], by_name[name, "z"])


def test_gwets_published_example():
    # Gwet 2008, table 2: prevalence drives kappa to about 0 while the raters agree on 118 of 125
    counts = rating_counts(np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], [118, 5, 2, 0], axis=0), 2)
    assert gwet_ac(counts).value == pytest.approx(0.9408, abs=5e-4)
    # by hand: 118 units pull 1.003311, 7 units -0.113379, over 125 times 124
    assert gwet_ac(counts).se == pytest.approx(0.023057, abs=2e-6)
    assert cohen_kappa([[118, 5], [2, 0]]).estimate.value == pytest.approx(-0.0234, abs=5e-4)
    assert brennan_prediger(counts).value == pytest.approx(2 * 118 / 125 - 1)


def test_linearised_errors_agree_with_the_jackknife():
    codes = np.random.default_rng(5).integers(0, 4, (80, 3))
    codes[:, 1] = np.where(np.random.default_rng(6).random(80) < 0.6, codes[:, 0], codes[:, 1])
    counts = rating_counts(codes, 4)
    for coefficient in (fleiss_kappa, gwet_ac, brennan_prediger):
        without = np.array([coefficient(np.delete(counts, i, 0)).value for i in range(80)])
        jackknife = np.sqrt(79 / 80 * ((without - without.mean()) ** 2).sum())
        assert coefficient(counts).se == pytest.approx(jackknife, rel=0.03)


def test_units_with_one_answer_are_counted_as_left_out():
    codes = np.array(
        [[0, 0, MISSING], [1, 1, 1], [0, MISSING, MISSING], [MISSING, MISSING, MISSING], [1, 0, 1]]
    )
    found = gwet_ac(rating_counts(codes, 2))
    assert (found.n, found.left_out) == (3, 2)
    assert not fleiss_kappa(rating_counts(codes[2:4], 2)).estimable
    for coefficient in (light_kappa, conger_kappa):
        assert coefficient(codes, 2).left_out == 3
        assert not coefficient(codes[:, :1], 2).estimable
    assert np.isnan(light_test(codes[:, :1], 2)[0])


def test_one_category_is_not_estimable_for_any_coefficient():
    counts = rating_counts(np.zeros((9, 3), dtype=int), 3)
    assert "same category" in fleiss_kappa(counts).reason
    assert np.isnan(fleiss_test(counts)[0])
    # AC1 and Brennan-Prediger take chance from the declared categories, so they do have a value here
    assert gwet_ac(counts).value == 1.0
    assert np.isnan(gwet_ac(counts).ci_low)
    assert not gwet_ac(rating_counts(np.zeros((9, 3), dtype=int), 1)).estimable
