"""`ferroread power`: plans worked out from the terminal."""

from __future__ import annotations

import json

import pytest

from tests.app.commands.coordinator import ran, refused


def plan(capsys: pytest.CaptureFixture[str], words: str) -> dict:
    return json.loads(ran(capsys, "power", *words.split(), "--json"))


def test_lesions_for_a_kappa(capsys):
    """Reichenheim 2000 (Stata Technical Bulletin 58): kappa 0.1, 20 % positive, ± 0.2 takes 114."""
    found = plan(capsys, "kappa --kappa 0.1 --margins 0.2,0.8 --half-width 0.2")
    assert found["units"] == 114
    back = plan(capsys, "kappa --kappa 0.1 --margins 0.2,0.8 --units 114")
    assert back["half_width"] == pytest.approx(0.2, abs=0.001)
    assert "animals" not in found


@pytest.mark.parametrize("what", ["kappa --kappa 0.6", "sensitivity --expected 0.8"])
def test_lesions_that_share_animals_tell_less(capsys, what):
    alone = plan(capsys, f"{what} --half-width 0.1")
    shared = plan(capsys, f"{what} --half-width 0.1 --per-animal 3 --alike 0.5")
    # 1 + (3 - 1) 0.5
    assert shared["design_effect"] == 2
    assert shared["units"] == pytest.approx(2 * alone["units"], abs=2)
    assert shared["animals"] == -(-shared["units"] // 3)
    back = plan(capsys, f"{what} --units {shared['units']} --per-animal 3 --alike 0.5")
    assert back["half_width"] <= 0.1


def test_units_for_a_difference_of_two_aucs_have_the_power_asked_for(capsys):
    found = plan(capsys, "auc --first 0.8 --second 0.9 --ratio 2")
    assert found["negatives"] == 2 * found["positives"]
    units = f"--positives {found['positives']} --negatives {found['negatives']}"
    assert plan(capsys, f"auc --first 0.8 --second 0.9 {units}")["power"] == found["power"] >= 0.8


def test_power_over_raters_is_simulated(capsys):
    words = "auc --first 0.7 --second 0.9 --raters 2 --positives 20 --negatives 20 --samples 20"
    found = plan(capsys, words)
    fixed, random = (found["models"][f"{kind} raters, random cases"]["power"] for kind in ("fixed", "random"))
    assert fixed > random
    assert found == plan(capsys, words)
    assert "two raters stand for no others" in ran(capsys, "power", *words.split())


def test_a_power_of_no_study_in_many_has_an_interval(capsys):
    words = "auc --first 0.7 --second 0.701 --raters 2 --positives 10 --negatives 10 --samples 50 --seed 2"
    found = plan(capsys, words)["models"]["random raters, fixed cases"]
    assert found["power"] == 0
    # Wilson's upper limit of none in n is z squared / (n + z squared)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((0, 1.96**2 / (50 + 1.96**2)), abs=1e-4)
    assert "power 0.000 (95 % interval 0.000 to 0.071)" in ran(capsys, "power", *words.split())


def test_animals_for_a_paired_difference_of_cnr(capsys):
    """The user guide of G*Power, after Cohen 1969: dz 0.4216 and 50 pairs have power 0.832."""
    found = plan(capsys, "cnr --difference 0.421637 --sd 1 --animals 50")
    assert found["power"] == pytest.approx(0.832114, abs=1e-5)
    assert plan(capsys, "cnr --difference 0.421637 --sd 1 --power 0.832")["animals"] == 50


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        ("kappa --kappa 1.2 --half-width 0.1", 1, "a planned kappa lies from 0"),
        ("kappa --kappa 0.5 --units 9 --margins a,b", 2, "give shares that sum to 1"),
        ("kappa --kappa 0.5 --units 9 --categories 1", 2, "needs two or more"),
        ("kappa --kappa 0.99 --units 60 --margins 0.999,0.001", 1, "plan a lower one"),
        ("kappa --kappa 0.6 --half-width 3", 1, "lies between 0 and 1"),
        ("kappa --kappa 0.6 --half-width 1e-9", 1, "plan for less"),
        ("kappa --kappa 0.6 --units 1", 1, "needs two units"),
        ("sensitivity --expected 1.4 --units 9", 1, "lies from 0 to 1"),
        ("sensitivity --expected 0.5 --units 9 --per-animal 0.5", 1, "one unit per animal"),
        ("sensitivity --expected 0.5 --half-width 0.6", 1, "between 0 and 0.5"),
        ("auc --first 0.8 --second 0.8", 1, "must differ"),
        ("auc --first 0.8 --second 0.9 --positives 9", 2, "or neither"),
        ("auc --first 0.8 --second 0.9 --raters 3", 2, "give --positives and --negatives"),
        ("auc --first 0.8 --second 0.80000001", 1, "plan for less"),
        ("cnr --difference 0 --sd 1", 1, "needs a difference"),
        ("cnr --difference 1 --sd 1 --power 1", 1, "a power between 0 and 1"),
    ],
)  # fmt: skip
def test_impossible_plans_are_refused_in_a_line(capsys, words, status, why):
    assert why in refused(capsys, "power", *words.split(), status=status)
