from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.statistics.accuracy import compare_paired
from core.statistics.mrmc import FRRC, RRFC, RRRC, TWO_RATERS, obuchowski_rockette


@pytest.fixture(scope="module")
def van_dyke(reference_rows):
    rows = reference_rows("MRMCaov_VanDyke")
    cases = sorted({row["case"] for row in rows}, key=int)
    scores = np.full((2, 5, len(cases)), np.nan)
    positive = np.zeros(len(cases), dtype=bool)
    for row in rows:
        case = cases.index(row["case"])
        scores[int(row["treatment"]) - 1, int(row["reader"]) - 1, case] = float(row["rating"])
        positive[case] = row["truth"] == "1"
    return scores, positive


@pytest.fixture(scope="module")
def wanted(answers):
    return answers["VanDyke_OR_wilcoxon_jackknife_RJafroc_goodValues"]


def by_model(found):
    return {result.model: result for result in found.models}


def test_figures_and_components_equal_rjafroc(van_dyke, wanted):
    found = obuchowski_rockette(*van_dyke)
    for row, figures in zip(wanted["FOMs"]["foms"], found.figures, strict=True):
        assert list(figures) == pytest.approx([row[f"rdr{r}"] for r in range(5)], rel=1e-6)
    squares = {row["_row"]: row["MS"] for row in wanted["ANOVA"]["TRanova"]}
    parts = found.components
    assert (parts.ms_modality, parts.ms_rater, parts.ms_interaction) == pytest.approx(
        (squares["T"], squares["R"], squares["TR"]), rel=1e-6
    )
    variances = {row["_row"]: row["Estimates"] for row in wanted["ANOVA"]["VarCom"]}
    told = (*parts.rater_variance(2), parts.cov1, parts.cov2, parts.cov3, parts.variance)
    names = ("VarR", "VarTR", "Cov1", "Cov2", "Cov3", "Var")
    assert told == pytest.approx([variances[name] for name in names], rel=1e-6)


def test_delong_components_equal_rjafroc(van_dyke, answers):
    parts = obuchowski_rockette(*van_dyke, covariance="DeLong").components
    variances = {row["_row"]: row["Estimates"] for row in answers["VanDyke_varcomponents_DeLong"]["VarCom"]}
    told = (*parts.rater_variance(2), parts.cov1, parts.cov2, parts.cov3, parts.variance)
    names = ("VarR", "VarTR", "Cov1", "Cov2", "Cov3", "Var")
    assert told == pytest.approx([variances[name] for name in names], rel=1e-6)


@pytest.mark.parametrize(("key", "model"), [("RRRC", RRRC), ("FRRC", FRRC), ("RRFC", RRFC)])
def test_models_equal_rjafroc(key, model, van_dyke, wanted):
    result = by_model(obuchowski_rockette(*van_dyke))[model]
    test = wanted[key]["FTests"][0]
    statistic = next(test[name] for name in ("FStat", "Chisq", "F") if name in test)
    assert (result.statistic, result.p) == pytest.approx((statistic, test["p"]), rel=1e-6)
    if key != "FRRC":
        assert result.df2 == pytest.approx(wanted[key]["FTests"][1]["DF"], rel=1e-6)
    difference = wanted[key]["ciDiffTrt"][0]
    estimate = result.differences[0][2]
    told = (estimate.value, estimate.se, estimate.ci_low, estimate.ci_high, result.differences[0][3])
    p = difference.get("PrGTt", difference.get("PrGTz"))
    names = ("Estimate", "StdErr", "CILower", "CIUpper")
    assert told == pytest.approx([*(difference[name] for name in names), p], rel=1e-6)
    for single, row in zip(result.modalities, wanted[key]["ciAvgRdrEachTrt"], strict=True):
        told = (single.value, single.se, single.ci_low, single.ci_high)
        assert told == pytest.approx([row[name] for name in names], rel=1e-6)


def test_each_rater_alone_equals_rjafroc(van_dyke, wanted):
    found = obuchowski_rockette(*van_dyke).within_raters
    for (*_, estimate, p), row in zip(found, wanted["FRRC"]["ciDiffTrtEachRdr"], strict=True):
        told = (estimate.value, estimate.se, estimate.ci_low, estimate.ci_high, p)
        names = ("Estimate", "StdErr", "CILower", "CIUpper", "PrGTz")
        assert told == pytest.approx([row[name] for name in names], rel=1e-6)


def test_one_rater_with_delong_is_the_paired_comparison(van_dyke):
    scores, positive = van_dyke
    found = obuchowski_rockette(scores, positive, covariance="DeLong").within_raters
    for rater, (*_, estimate, p) in enumerate(found):
        other = compare_paired(scores[0, rater], scores[1, rater], positive)
        assert (estimate.value, estimate.se, p) == pytest.approx(
            (other.difference.value, other.difference.se, other.p)
        )


def test_clusters_are_left_out_whole(van_dyke):
    scores, positive = van_dyke
    alone = obuchowski_rockette(scores, positive, clusters=np.arange(len(positive)))
    assert by_model(alone)[RRRC].p == pytest.approx(by_model(obuchowski_rockette(scores, positive))[RRRC].p)
    # every case copied: no new animals, so hardly any more certainty
    doubled = obuchowski_rockette(
        np.tile(scores, (1, 1, 2)), np.tile(positive, 2), clusters=np.tile(np.arange(len(positive)), 2)
    )
    assert doubled.components.variance == pytest.approx(alone.components.variance, rel=0.02)


def test_jackknife_by_cluster_equals_recomputing_without_each(van_dyke):
    scores, positive = van_dyke
    clusters = np.arange(len(positive)) // 3
    parts = obuchowski_rockette(scores, positive, clusters=clusters).components
    k = clusters.max() + 1
    without = np.array(
        [
            obuchowski_rockette(scores[:, :, clusters != c], positive[clusters != c]).figures.ravel()
            for c in range(k)
        ]
    )
    deviations = without - without.mean(0)
    covariance = (k - 1) / k * deviations.T @ deviations
    assert parts.variance == pytest.approx(np.diag(covariance).mean())
    assert parts.cov1 == pytest.approx(np.mean([covariance[r, r + 5] for r in range(5)]))


def test_two_raters_get_a_plain_warning(van_dyke):
    scores, positive = van_dyke
    assert obuchowski_rockette(scores[:, :2], positive).warning == TWO_RATERS
    assert obuchowski_rockette(scores, positive).warning == ""


def test_cases_that_somebody_skipped_are_left_out_of_all(van_dyke):
    scores, positive = van_dyke
    holed = scores.copy()
    holed[1, 3, 7] = np.nan
    found = obuchowski_rockette(holed, positive)
    assert (found.cases, found.left_out) == (113, 1)
    kept = np.arange(114) != 7
    assert found.figures == pytest.approx(obuchowski_rockette(scores[:, :, kept], positive[kept]).figures)


def test_what_cannot_be_had_is_said(van_dyke):
    scores, positive = van_dyke
    for what, why in (
        ((scores[:1], positive), "modalities"),
        ((scores[:, :1], positive), "raters"),
        ((scores, positive & False), "positive"),
        ((scores * np.nan, positive), "no case"),
    ):
        found = obuchowski_rockette(*what)
        assert found.reason.startswith("not estimable: ")
        assert why in found.reason
        assert not found.models
    one_animal = obuchowski_rockette(scores, positive, clusters=np.where(positive, 0, np.arange(114)))
    assert "one cluster" in one_animal.reason
    perfect = obuchowski_rockette(np.broadcast_to(positive, (2, 3, 114)).astype(float), positive)
    assert all("not estimable" in result.reason for result in perfect.models)
    with pytest.raises(InputError):
        obuchowski_rockette(scores[0], positive)
    with pytest.raises(InputError, match="jackknife"):
        obuchowski_rockette(scores, positive, clusters=np.arange(114), covariance="DeLong")
