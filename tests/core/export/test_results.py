"""An analysis's folder: other programs come to the same figures, and know what every column means."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyreadstat
import pytest

from core.errors import InputError
from core.export.dictionary import variables
from core.export.results import analyse_study, write_analysis
from core.export.spss import ENDED_EARLY, MISSING, NOT_ASKED, NOT_GIVEN, write_sav
from core.export.tables import PLAIN, Profile, read_csv
from core.statistics.analysis import Analysis, analyse
from core.statistics.listings import Table
from core.study.records import StudyData

sys.path.insert(0, str(Path(__file__).parents[1] / "statistics"))
import small_study as small

AWKWARD = {"x": "O'Neill, J.", "y": '=Müller "M" Ω'}


def renamed(study: StudyData) -> StudyData:
    """The same with names that quote, separate, and begin like a formula."""
    # in a German's order the second is the first
    groups = {"MNP": 'MNP "new"', "vehicle": "ältere, +vehicle"}
    return replace(
        study,
        readings=tuple(
            replace(each, rater=AWKWARD[each.rater], group=groups[each.group]) for each in study.readings
        ),
    )


def from_before(study: StudyData) -> StudyData:
    """The same with names as old studies may have them: of several lines, and longer than any field."""
    names = {"x": "old\r\nnew 'line', \"J.\"", "y": "ö" * 300}
    groups = {"MNP": "a\nb", "vehicle": "b" * 300 + "'"}
    return replace(
        study,
        readings=tuple(
            replace(each, rater=names[each.rater], group=groups[each.group], subject=f"mouse\n{each.subject}",
                    visit="1 h\nlate")
            for each in study.readings
        ),
        scans=tuple(replace(each, subject=f"mouse\n{each.subject}") for each in study.scans),
        targets=tuple(
            replace(each, subject=f"mouse\n{each.subject}", target=f"{each.target}\n")
            for each in study.targets
        ),
        icpms=tuple(
            replace(each, subject=f"mouse\n{each.subject}", visit="1 h\nlate") for each in study.icpms
        ),
    )  # fmt: skip


def without_subject(study: StudyData, subject: str) -> StudyData:
    return replace(study, readings=tuple(each for each in study.readings if each.subject != subject))


STUDIES = {
    "two groups": (small.whole_study, PLAIN),
    "awkward names": (lambda: renamed(small.whole_study()), PLAIN),
    "names from before": (lambda: from_before(small.whole_study()), PLAIN),
    "as Excel opens it": (lambda: renamed(small.whole_study()), Profile(";", bom=True)),
}


@pytest.fixture(scope="module", params=STUDIES)
def folder(request, tmp_path_factory) -> Path:
    study, profile = STUDIES[request.param]
    out = tmp_path_factory.mktemp("out") / "analysis"
    analyse_study(study(), out, profile=profile, report=False)
    return out


def figures(folder: Path) -> list[dict[str, str]]:
    columns, rows = read_csv(folder / "figures.csv")
    return [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("language", [{"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "R_ICU_LOCALE": "de_DE"}])
def test_r_computes_the_same_figures_on_computers_of_every_language(folder, language):
    ended = subprocess.run(
        ["Rscript", "recompute.R"],
        cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **language},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    expected = figures(folder)
    assert f"{len(expected)} figures computed again, 0 differ" in ended.stdout
    with (folder / "recomputed_by_r.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    values = [float(row["r"]) for row in found]
    np.testing.assert_allclose(values, [float(row["value"]) for row in expected], rtol=1e-6, atol=1e-9)


def test_an_analysis_that_was_computed_again_may_be_replaced(tmp_path):
    study = small.study(small.whole_study().readings[0])
    out = tmp_path / "out"
    analyse_study(study, out, report=False)
    (out / "recomputed_by_r.csv").write_text("figure\n")
    analyse_study(study, out, report=False, force=True)
    assert not (out / "recomputed_by_r.csv").exists()
    (out / "my notes.txt").write_text("keep")
    with pytest.raises(InputError, match="my notes"):
        analyse_study(study, out, report=False, force=True)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("folder", ["as Excel opens it"], indirect=True)
def test_r_says_where_a_figure_is_another(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "changed")
    path = tmp_path / "changed" / "figures.csv"
    text = path.read_text(encoding="utf-8")
    value = figures(folder)[0]["value"]
    path.write_text(text.replace(value, f"{float(value) + 1e-5!r}", 1), encoding="utf-8")
    ended = subprocess.run(
        ["Rscript", "recompute.R"], cwd=path.parent, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "1 differ" in ended.stdout


@pytest.mark.skipif(shutil.which("pspp") is None, reason="PSPP is not installed")
def test_pspp_computes_the_same_figures(folder, tmp_path):
    ended = subprocess.run(
        ["pspp", "recompute.sps", "-o", str(tmp_path / "told.txt")],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = (tmp_path / "told.txt").read_text(encoding="utf-8")
    found = {int(n): float(value) for n, value in re.findall(r"^figure (\d+): +(\S+)$", told, re.M)}
    expected = [float(row["value"]) for row in figures(folder)]
    assert sorted(found) == list(range(1, len(expected) + 1))
    values = [found[number] for number in sorted(found)]
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-9)


def test_the_figures_are_of_every_kind_and_those_of_the_tables(folder):
    rows = figures(folder)
    assert {row["kind"] for row in rows} == {"kappa", "auc", "test", "ols"}
    columns, agreement = read_csv(folder / "agreement.csv")
    kappas = {row[columns.index("kappa")] for row in agreement}
    assert {row["value"] for row in rows if row["kind"] == "kappa"} <= kappas


def test_what_cannot_be_estimated_is_no_figure(tmp_path):
    """Nobody but A and B: no negative case, so no AUC of cases."""
    study = without_subject(without_subject(small.whole_study(), "C"), "D")
    analyse_study(study, tmp_path / "out", report=False)
    rows = figures(tmp_path / "out")
    assert not [row for row in rows if row["item"] == "lesion in the case"]
    assert [row for row in rows if row["kind"] == "kappa"]


def test_every_column_of_every_table_is_described(folder):
    columns, rows = read_csv(folder / "dictionary.csv")
    described = {(row[0], row[1]) for row in rows}
    assert all(row[columns.index("meaning")] for row in rows)
    for path in folder.rglob("*.csv"):
        name = path.relative_to(folder).with_suffix("").as_posix()
        # the dictionary describes the others; R's own file is read by nobody else
        if name not in ("dictionary", "recomputed_by_r"):
            assert {(name, column) for column in read_csv(path)[0]} <= described
    (margin,) = [row for row in rows if row[:2] == ["reads", "margin_conspicuity"]]
    assert margin[2] == "ordinal"
    assert margin[-1].startswith("1 = ")


def test_a_column_that_nobody_described_is_a_fault():
    with pytest.raises(KeyError, match="colour"):
        variables(["rater", "colour"], ())


def test_the_sav_file_has_labels_and_says_why_a_number_is_missing(tmp_path):
    study = small.whole_study()
    first = study.readings[0]
    ended = replace(first, ended="image quality 1: motion", answers={}, marks={})
    study = replace(study, readings=(ended, *study.readings[1:]))
    tables = analyse(study).tables
    path = tmp_path / "study.sav"
    write_sav(path, tables["reads"], (small.PROTOCOL,), title="a study")
    frame, about = pyreadstat.read_sav(path, user_missing=True)
    assert len(frame) == len(tables["reads"].rows)
    question = small.PROTOCOL.question("margin_conspicuity")
    assert about.column_names_to_labels["margin_conspicuity"] == question.text
    assert about.column_names_to_labels["iron_ug_per_g"].endswith("(ug/g)")
    labels = about.variable_value_labels["margin_conspicuity"]
    assert labels == {**{float(c.value): c.label for c in question.choices}, **MISSING}
    measures = about.variable_measure
    assert (measures["margin_conspicuity"], measures["cnr"], measures["rater"]) == (
        "ordinal", "scale", "nominal",
    )  # fmt: skip
    of_ended = frame[(frame["rater"] == first.rater) & (frame["alias"] == first.alias)]
    assert (of_ended["margin_conspicuity"] == ENDED_EARLY).all()
    assert (of_ended["cnr"] == ENDED_EARLY).all()
    others = frame[frame["alias"] != first.alias]
    lesions = others[others["target_kind"] == "lesion"]
    assert (lesions["node_suspicion"] == NOT_ASKED).all()
    marked = others[(others["target_kind"] == "node") & (others["marked"] == 1)]
    assert not marked["node_suspicion"].isin([NOT_ASKED, NOT_GIVEN]).any()
    # small_study's raters say nothing of the pattern
    assert (marked["node_pattern"] == NOT_GIVEN).all()
    # a program that honours user-missing codes sees none of them
    honoured = pyreadstat.read_sav(path)[0]
    assert honoured["cnr"].min() > 0


def test_questions_have_names_that_spss_takes_and_none_twice(tmp_path):
    """A protocol's ids may hold hyphens, be words of SPSS's language and differ in case alone."""
    asked = ["size-mm", "size_mm", "By", "Margin", "MARGIN", "x" * 63 + "-", "X" * 63 + "_", "q" * 64]
    question = small.PROTOCOL.question("margin_conspicuity")
    questions = tuple(replace(question, id=name, text='What "is" it, isn\'t it?') for name in asked)
    protocol = replace(small.PROTOCOL, questions=questions)
    reads = Table(tuple(asked), (dict(zip(asked, range(8), strict=True)),))
    write_sav(tmp_path / "names.sav", reads, (protocol,), title="names")
    frame, about = pyreadstat.read_sav(tmp_path / "names.sav")
    names = list(about.column_names)
    assert names[:4] == ["size_mm", "size_mm_", "By_", "Margin"]
    assert len({name.upper() for name in names}) == 8
    assert all(re.fullmatch(r"[A-Za-z]\w{0,63}", name, re.ASCII) for name in names)
    assert frame.iloc[0].tolist() == list(range(8))
    assert set(about.column_names_to_labels.values()) == {'What "is" it, isn\'t it?'}


@pytest.mark.skipif(shutil.which("pspp") is None, reason="PSPP is not installed")
def test_pspp_opens_the_sav_file_and_leaves_the_codes_out(folder, tmp_path):
    syntax = tmp_path / "look.sps"
    syntax.write_text(
        f"GET FILE='{(folder / 'study.sav').as_posix()}'.\nDESCRIPTIVES margin_conspicuity.\n", "utf-8"
    )
    ended = subprocess.run(
        ["pspp", str(syntax), "-o", str(tmp_path / "told.csv")], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    columns, rows = read_csv(folder / "reads.csv")
    scores = [float(row[columns.index("margin_conspicuity")]) for row in rows]
    told = (tmp_path / "told.csv").read_text(encoding="utf-8")
    table = [line.split(",") for line in told.splitlines()]
    (head,) = [line for line in table if "Mean" in line]
    (line,) = [line for line in table if "Mean" not in line and f"{np.mean(scores):.2f}" in line]
    assert line[head.index("N")] == str(len(scores))


def test_the_imrmc_file_counts_what_it_holds(folder):
    lines = (folder / "imrmc.imrmc").read_text(encoding="utf-8").splitlines()
    begin = lines.index("BEGIN DATA:")
    counts = {name: int(n) for name, n in (line.split(": ") for line in lines[begin - 4 : begin])}
    rows = [tuple(map(float, line.split(","))) for line in lines[begin + 1 :]]
    truth = {case: score for rater, case, _, score in rows if rater == -1}
    assert counts == {"NR": 2, "N0": 2, "N1": 2, "NM": 2}
    assert len(truth) == counts["N0"] + counts["N1"]
    assert sum(truth.values()) == counts["N1"]
    read = [row for row in rows if row[0] != -1]
    assert len(read) == len({row[:3] for row in read}) == 2 * 2 * 4
    # reader 1's AUC over the first field by Mann-Whitney is that of accuracy.csv
    columns, table = read_csv(folder / "accuracy.csv")
    wanted = {"item": "lesion in the case", "field_t": "3.0", "visit": ""}
    (auc, _) = [
        float(row[columns.index("auc")])
        for row in table
        if all(row[columns.index(n)] == v for n, v in wanted.items())
        and row[columns.index("rater")] != "pooled"
    ]
    scores = {case: score for rater, case, modality, score in read if (rater, modality) == (1, 1)}
    pairs = [
        (scores[p] > scores[n]) + 0.5 * (scores[p] == scores[n])
        for p in truth if truth[p] for n in truth if not truth[n]
    ]  # fmt: skip
    assert np.mean(pairs) == pytest.approx(auc)


def test_everything_in_one_file_with_the_hash_of_every_other(folder):
    told = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    assert told["libraries"].keys() >= {"numpy", "scipy", "statsmodels"}
    assert len(told["readings"]) == 16
    assert [p["text"] for p in told["protocols"].values()] == [small.PROTOCOL.text]
    columns, rows = read_csv(folder / "reads.csv")
    assert [row["alias"] for row in told["tables"]["reads"]] == [row[columns.index("alias")] for row in rows]
    for name, sha256 in told["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    assert told["sha256"].keys() >= {"agreement.csv", "study.sav", "recompute.R", "inputs/ratings.csv"}


def test_the_same_study_gives_the_same_files_but_for_the_time(tmp_path):
    study = small.whole_study()
    analysis: Analysis = analyse(study)
    for name in ("one", "two"):
        write_analysis(study, analysis, tmp_path / name, report=False)
    for path in sorted((tmp_path / "one").rglob("*")):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        if path.name in ("study.sav", "analysis.json") or path.is_dir():
            continue
        assert path.read_bytes() == other.read_bytes(), path.name
    first, second = (json.loads((tmp_path / name / "analysis.json").read_text()) for name in ("one", "two"))
    for told in (first, second):
        del told["created_utc"], told["sha256"]["study.sav"]
    assert first == second
    frames = [pyreadstat.read_sav(tmp_path / name / "study.sav")[0] for name in ("one", "two")]
    assert frames[0].equals(frames[1])
