from __future__ import annotations

import csv
import json

import pytest

from app.cli import run


@pytest.fixture
def call(capsys, tmp_path):
    """Run the command on two texts; give status, JSON or text, and the error line."""

    def command(scores: str, reference: str, *options: str, as_json: bool = True):
        for name, text in (("scores.csv", scores), ("reference.csv", reference)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        words = ["accuracy", str(tmp_path / "scores.csv"), str(tmp_path / "reference.csv"), *options]
        status = run([*words, "--json"] if as_json else words)
        told = capsys.readouterr()
        return status, json.loads(told.out) if as_json and told.out else told.out, told.err

    return command


SCORES = "rater,unit,score\n" + "".join(
    f"{rater},{unit},{score}\n"
    for rater, given in (("a", (1, 2, 4, 3, 5)), ("b", (3, 1, 5, 4, 2)))
    for unit, score in enumerate(given)
)
REFERENCE = "unit,positive\n0,0\n1,0\n2,1\n3,0\n4,1\n"


def test_counts_and_intervals_per_rater_and_pooled(call):
    status, data, _ = call(SCORES, REFERENCE)
    assert status == 0
    rows = {row["rater"]: row for row in data["accuracy"]}
    assert [rows["a"][k] for k in ("tp", "fp", "tn", "fn")] == [2, 1, 2, 0]
    assert [rows["b"][k] for k in ("tp", "fp", "tn", "fn")] == [1, 2, 1, 1]
    assert [rows["pooled"][k] for k in ("tp", "fp", "tn", "fn")] == [3, 3, 3, 1]
    assert rows["a"]["auc"] == 1.0
    assert rows["a"]["auc_ci_low"] is None
    # Wilson for 2 of 2
    assert rows["a"]["sensitivity_ci_low"] == pytest.approx(0.3424, abs=1e-4)
    assert rows["b"]["auc"] == pytest.approx(4 / 6)


def test_threshold_moves_the_counts_and_not_the_auc(call):
    first, second = (call(SCORES, REFERENCE, "--threshold", t)[1]["accuracy"][0] for t in ("3", "4"))
    assert (first["fp"], second["fp"]) == (1, 0)
    assert first["auc"] == second["auc"]


def test_haemorrhage_through_the_command_equals_proc(call, shared_data, answers):
    with (shared_data / "statistics/data/pROC_aSAH.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    markers = ("s100b", "wfns", "ndka")
    scores = "rater,unit,score,modality\n" + "".join(
        f"r,{i},{row[m]},{m}\n" for m in markers for i, row in enumerate(rows)
    )
    reference = "unit,positive\n" + "".join(
        f"{i},{int(row['outcome'] == 'Poor')}\n" for i, row in enumerate(rows)
    )
    _, data, _ = call(scores, reference)
    for row in data["accuracy"]:
        wanted = answers[row["modality"]]["delong_ci95"]
        assert [row["auc_ci_low"], row["auc"], row["auc_ci_high"]] == pytest.approx(wanted, rel=1e-6)
    tests = {row["modality"]: row["p"] for row in data["comparisons"]}
    assert tests["s100b - wfns"] == pytest.approx(answers["paired_delong"]["s100b_vs_wfns"]["p"], rel=1e-6)


@pytest.fixture
def answers(shared_data):
    return json.loads((shared_data / "statistics/answers.json").read_text())["pROC_aSAH"]


def test_what_finds_no_partner_is_counted(call):
    scores = SCORES + "a,99,4\na,1,2\nb,2,\n"
    status, data, _ = call(scores, REFERENCE + "77,1\n")
    assert status == 0
    assert data["left_out"] == {"": {"missing": 1, "repeated": 1, "without reference": 1, "never scored": 1}}
    text = call(scores, REFERENCE + "77,1\n", as_json=False)[1]
    assert "1 without reference" in text


def test_clusters_widen_the_intervals(call):
    scores = "rater,unit,score\n" + "".join(f"a,{i},{(i // 3) % 5 + (i % 2)}\n" for i in range(60))
    plain = "unit,positive\n" + "".join(f"{i},{int((i // 3) % 5 > 1)}\n" for i in range(60))
    clustered = "unit,positive,cluster\n" + "".join(
        f"{i},{int((i // 3) % 5 > 1)},{i // 3}\n" for i in range(60)
    )
    one = call(scores, plain)[1]["accuracy"][0]
    other = call(scores, clustered)[1]["accuracy"][0]
    assert other["auc"] == one["auc"]
    assert other["auc_se"] > one["auc_se"]
    assert (
        other["specificity_ci_high"] - other["specificity_ci_low"]
        > one["specificity_ci_high"] - one["specificity_ci_low"]
    )


@pytest.mark.parametrize("word", ["0", "1"])
def test_one_class_only_is_not_estimable(call, word):
    status, data, _ = call(SCORES, "unit,positive\n" + "".join(f"{i},{word}\n" for i in range(5)))
    assert status == 0
    row = data["accuracy"][0]
    assert row["auc"] is None
    assert "not estimable" in row["reason"]
    assert row["sensitivity" if word == "0" else "specificity"] is None


@pytest.mark.parametrize(
    ("scores", "reference", "why"),
    [
        (SCORES, "unit,positive\n1,maybe\n", "write 1 or 0"),
        (SCORES, "unit,positive\n1,0\n1,1\n", "another reference"),
        (SCORES, "unit,positive\n", "no units"),
        (SCORES, "unit,positive,cluster\n1,0,x\n2,1,\n", "row 3 has no cluster"),
        (SCORES, "unit\n1\n", "'positive' is missing"),
        ("rater,unit,score\na,1,high\n", REFERENCE, "not a number"),
        ("rater,unit,score\n", REFERENCE, "no scores"),
    ],
)
def test_wrong_input_ends_with_one_clear_line(call, scores, reference, why):
    status, _, error = call(scores, reference)
    assert status == 1
    assert why in error
    assert error.count("\n") == 1


def test_scores_of_other_units_only_are_not_estimable(call):
    status, data, _ = call(SCORES, "unit,positive\nx,1\ny,0\n")
    assert status == 0
    assert data["accuracy"][0]["auc"] is None
    assert data["left_out"][""]["without reference"] == 10
