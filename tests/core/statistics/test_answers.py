"""Every number of the reference answers, found again to 1e-6: an answer that nothing here gives fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from core.statistics.accuracy import auc, compare_paired, mcnemar
from core.statistics.agreement import WEIGHTS, Kappa, cohen_kappa, cross_table, encode
from core.statistics.mrmc import FRRC, RRFC, RRRC, ModelResult, Mrmc, obuchowski_rockette
from core.statistics.multirater import (
    category_kappas,
    conger_kappa,
    fleiss_kappa,
    fleiss_test,
    light_kappa,
    light_test,
    rating_counts,
)
from core.statistics.quantitation import bland_altman, concordance, pearson
from core.statistics.reliability import Icc, icc, kendall_w, krippendorff_alpha

# what is said beside the numbers
WORDS = {"source", "published", "direction", "_row", "Var1", "Var2", "type"}
# irr rounds what it says of single categories
ROUNDED = "irr_diagnoses/per_category"
EIGHT = "VanDyke_OR_wilcoxon_jackknife_RJafroc_goodValues"
Found = dict[str, Any]


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number or word of the answers with the path that leads to it."""
    if isinstance(node, (dict, list)):
        for name, below in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(below, f"{path}/{name}" if path else str(name))
    else:
        yield path, node


def columns(rows: list[Mapping[str, str]]) -> dict[str, np.ndarray]:
    return {
        name: np.array([np.nan if row[name] in ("", "NA") else float(row[name]) for row in rows])
        for name in rows[0]
    }


def matrix(rows: list[Mapping[str, str]]) -> np.ndarray:
    return np.column_stack(list(columns(rows).values()))


def diagnoses(rows: list[Mapping[str, str]]) -> Found:
    answers = [list(row.values()) for row in rows]
    names = sorted({value for row in answers for value in row})
    codes = np.array([encode(row, names) for row in answers])
    counts = rating_counts(codes, len(names))
    size = {"subjects": len(codes), "raters": codes.shape[1]}
    fleiss, light = (
        dict(zip(("value", "z", "p"), (kappa.value, *test), strict=True)) | size
        for kappa, test in (
            (fleiss_kappa(counts), fleiss_test(counts)),
            (light_kappa(codes, len(names)), light_test(codes, len(names))),
        )
    )
    single = [{"Freq": value} for column in zip(*category_kappas(counts), strict=True) for value in column]
    exact = conger_kappa(codes, len(names)).value
    return {"fleiss": fleiss, "fleiss_conger_exact": exact, "light": light, "per_category": single}


def kappa_found(found: Kappa) -> Found:
    return {"value": found.estimate.value, "z": found.z, "p": found.p, "subjects": found.n, "raters": 2}


def icc_found(row: Icc) -> Found:
    limits = {"value": row.estimate.value, "lower": row.estimate.ci_low, "upper": row.estimate.ci_high}
    return {**limits, "F": row.f, "df1": row.df1, "df2": row.df2, "p": row.p}


def all_icc(table: np.ndarray) -> Found:
    names = {"1": "oneway_consistency", "2": "twoway_agreement", "3": "twoway_consistency"}
    units = {"1": "single", "k": "average"}
    return {f"icc_{names[row.form[4]]}_{units[row.form[6]]}": icc_found(row) for row in icc(table)}


def anxiety(rows: list[Mapping[str, str]]) -> Found:
    table = matrix(rows)
    found = all_icc(table)
    for a, b in ((1, 2), (2, 3)):
        # irr's kappa2 knows the categories that these two raters used
        first, second = table[:, a - 1].tolist(), table[:, b - 1].tolist()
        used = sorted({*first, *second})
        counts = cross_table(encode(first, used), encode(second, used), len(used))
        for weights in WEIGHTS:
            name = f"kappa_r{a}r{b}" + ("" if weights == "unweighted" else f"_{weights}")
            found[name] = kappa_found(cohen_kappa(counts, weights))
    w = kendall_w(table)
    of_w = {"value": w.estimate.value, "z": w.chi_square, "p": w.p}
    return {**found, "kendall_W_tie_corrected": {**of_w, "subjects": len(table), "raters": table.shape[1]}}


def shrout_fleiss(rows: list[Mapping[str, str]]) -> Found:
    table = matrix(rows)
    forms = icc(table, average_interval="Spearman-Brown")
    by_form = {row.form: row for row in forms}
    found = []
    for row in forms:
        # psych tests ICC(2,.) by the F of ICC(3,.); irr, as McGraw and Wong, with degrees of its own
        test = by_form[row.form.replace("(2", "(3")]
        limits = {"lower bound": row.estimate.ci_low, "upper bound": row.estimate.ci_high}
        told = {"F": test.f, "df1": test.df1, "df2": test.df2, "p": test.p}
        found.append({"ICC": row.estimate.value, **limits, **told})
    return {**all_icc(table), "psych_ICC": found}


def haemorrhage(rows: list[Mapping[str, str]]) -> Found:
    poor = np.array([row["outcome"] == "Poor" for row in rows])
    markers = ("s100b", "wfns", "ndka")
    scores = {name: np.array([float(row[name]) for row in rows]) for name in markers}
    found: Found = {}
    for name, values in scores.items():
        area = auc(values, poor)
        limits = [area.ci_low, area.value, area.ci_high]
        found[name] = {"auc": area.value, "delong_var": area.se**2, "delong_ci95": limits}
        found[name] |= {"controls": int((~poor).sum()), "cases": int(poor.sum())}
    pairs = {(a, b): compare_paired(scores[a], scores[b], poor) for a, b in combinations(markers, 2)}
    paired: Found = {f"{a}_vs_{b}": {"stat": test.z, "p": test.p} for (a, b), test in pairs.items()}
    variances = [found[name]["delong_var"] for name in ("s100b", "wfns")]
    paired["cov_s100b_wfns"] = (sum(variances) - pairs["s100b", "wfns"].difference.se ** 2) / 2
    return {**found, "paired_delong": paired}


def peak_flow(rows: list[Mapping[str, str]]) -> Found:
    of = columns(rows)
    x, y = of["wright1"], of["mini1"]
    limits, twice = bland_altman(x, y), bland_altman(x, y, multiple=2.0)
    ccc = concordance(x, y)
    return {
        "n": limits.bias.n,
        "mean": limits.bias.value,
        "sd": limits.sd,
        "loa196": [limits.lower.value, limits.upper.value],
        "loa2": [twice.lower.value, twice.upper.value],
        "pearson": pearson(x, y).estimate.value,
        "ccc": {"est": ccc.value, "lower": ccc.ci_low, "upper": ccc.ci_high},
        "icc_A1_wright1_mini1": icc_found(icc(np.column_stack([x, y]))[1]),
    }


def van_dyke(rows: list[Mapping[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    cases = sorted({row["case"] for row in rows}, key=int)
    scores = np.full((2, 5, len(cases)), np.nan)
    positive = np.zeros(len(cases), dtype=bool)
    for row in rows:
        case = cases.index(row["case"])
        scores[int(row["treatment"]) - 1, int(row["reader"]) - 1, case] = float(row["rating"])
        positive[case] = row["truth"] == "1"
    return scores, positive


def anova_found(scores: np.ndarray, positive: np.ndarray, covariance: Any) -> Found:
    """Mean squares and covariances, of all and, by giving one of them twice, of single ones."""
    whole = obuchowski_rockette(scores, positive, covariance=covariance)
    parts, (modalities, raters) = whole.components, whole.figures.shape
    assert parts is not None
    degrees = (modalities - 1, raters - 1, (modalities - 1) * (raters - 1))
    squares = (parts.ms_modality, parts.ms_rater, parts.ms_interaction)
    table = [{"SS": ms * df, "DF": df, "MS": ms} for ms, df in zip(squares, degrees, strict=True)]
    of_rater, of_interaction = parts.rater_variance(modalities)
    variances: list[Found] = [{"Estimates": of_rater}, {"Estimates": of_interaction}]
    covariances = (parts.cov1, parts.cov2, parts.cov3)
    variances += [{"Estimates": each, "Rhos": each / parts.variance} for each in covariances]
    variances.append({"Estimates": parts.variance})
    of_modality, of_single = [], []
    for m in range(modalities):
        alone = obuchowski_rockette(scores[[m, m]], positive, covariance=covariance).components
        spread = float(whole.figures[m].var(ddof=1))
        of_modality.append({"DF": raters - 1, "msREachTrt": spread})
        of_modality[-1] |= {"varEachTrt": alone.variance, "cov2EachTrt": alone.cov2}
    for r in range(raters):
        alone = obuchowski_rockette(scores[:, [r, r]], positive, covariance=covariance).components
        spread = float(whole.figures[:, r].var(ddof=1))
        of_single.append({"DF": modalities - 1, "msTEachRdr": spread})
        of_single[-1] |= {"varEachRdr": alone.variance, "cov1EachRdr": alone.cov1}
    return {"TRanova": table, "VarCom": variances, "IndividualTrt": of_modality, "IndividualRdr": of_single}


def model_found(result: ModelResult, whole: Mrmc, anova: Found) -> Found:
    """One model as RJafroc prints it."""
    tests = {"p": result.p, "MS": whole.components.ms_modality, "DF": result.df1}
    tests |= {"FStat": result.statistic, "F": result.statistic, "Chisq": result.statistic}
    error = {"MS": whole.components.ms_modality * result.df1 / result.statistic, "DF": result.df2}
    _, _, estimate, p = result.differences[0]
    named = ("StdErr", "CILower", "CIUpper")
    difference = {"Estimate": estimate.value, "DF": result.df2, "PrGTt": p, "PrGTz": p}
    difference |= dict(zip(named, (estimate.se, estimate.ci_low, estimate.ci_high), strict=True))
    difference |= dict.fromkeys(("t", "z"), estimate.value / estimate.se)
    singles = []
    for one, parts in zip(result.modalities, anova["IndividualTrt"], strict=True):
        told = (one.value, one.se, one.ci_low, one.ci_high)
        row = dict(zip(("Estimate", *named), told, strict=True)) | {"Cov2": parts["cov2EachTrt"]}
        # Hillis 2014: of a single modality's mean over raters; RJafroc names cases - 1 with fixed raters
        spread, raters = parts["msREachTrt"], whole.figures.shape[1]
        total = spread + raters * max(parts["cov2EachTrt"], 0.0)
        degrees = {RRRC: total**2 / (spread**2 / (raters - 1)), RRFC: raters - 1, FRRC: whole.cases - 1}
        singles.append({**row, "DF": degrees[result.model]})
    return {"FTests": [tests, error], "ciDiffTrt": [difference], "ciAvgRdrEachTrt": singles}


def rjafroc(scores: np.ndarray, positive: np.ndarray) -> Found:
    whole = obuchowski_rockette(scores, positive)
    anova = anova_found(scores, positive, "jackknife")
    means = whole.figures.mean(1)
    foms = [{f"rdr{r}": figure for r, figure in enumerate(row)} for row in whole.figures]
    found: Found = {
        "FOMs": {
            "foms": foms,
            "trtMeans": [{"Estimate": mean} for mean in means],
            "trtMeanDiffs": [{"Estimate": means[0] - means[1]}],
        },
        "ANOVA": anova,
    }
    names = {RRRC: "RRRC", FRRC: "FRRC", RRFC: "RRFC"}
    found |= {names[result.model]: model_found(result, whole, anova) for result in whole.models}
    alone = []
    for *_, estimate, p in whole.within_raters:
        row = {"Estimate": estimate.value, "StdErr": estimate.se, "z": estimate.value / estimate.se}
        alone.append({**row, "PrGTz": p, "CILower": estimate.ci_low, "CIUpper": estimate.ci_high})
    found["FRRC"] |= {"ciDiffTrtEachRdr": alone, "IndividualRdrVarCov1": anova["IndividualRdr"]}
    return found


@pytest.fixture(scope="module")
def found(reference_rows) -> dict[str, Any]:
    scores, positive = van_dyke(reference_rows("MRMCaov_VanDyke"))
    coders = matrix(reference_rows("krippendorff_4coders_12units")).T
    counts = [794, 86, 150, 570]
    calls = mcnemar(np.repeat([1, 1, 0, 0], counts), np.repeat([1, 0, 1, 0], counts))
    metrics = ("nominal", "ordinal", "interval", "ratio")
    ours = {
        "irr_diagnoses": diagnoses(reference_rows("irr_diagnoses")),
        "irr_anxiety": anxiety(reference_rows("irr_anxiety")),
        "krippendorff": {metric: krippendorff_alpha(coders, metric).value for metric in metrics},
        "shrout_fleiss_1979": shrout_fleiss(reference_rows("shrout_fleiss_1979")),
        "pROC_aSAH": haemorrhage(reference_rows("pROC_aSAH")),
        "bland_altman_1986": peak_flow(reference_rows("bland_altman_1986_pefr")),
        EIGHT: rjafroc(scores, positive),
        "VanDyke_varcomponents_DeLong": anova_found(scores, positive, "DeLong"),
        "mcnemar_794_86_150_570": {
            "corrected": calls.chi_square_corrected,
            "uncorrected": calls.chi_square,
            "p_uncorrected": calls.p,
        },
    }
    return dict(leaves(ours))


def test_every_answer_is_found_again(answers, found):
    numbers, missing, wrong = 0, [], []
    for path, wanted in leaves(answers):
        if isinstance(wanted, str):
            assert path.rsplit("/", 1)[1] in WORDS, f"{path} is a word that nobody expected"
            continue
        numbers += 1
        if path not in found:
            missing.append(path)
        elif path.startswith(ROUNDED):
            wrong += [(path, found[path], wanted)] if round(found[path], 3) != wanted else []
        # a p that the reference prints as 0 is 0 to what it computes with
        elif found[path] != pytest.approx(wanted, rel=1e-6, abs=1e-12):
            wrong.append((path, found[path], wanted))
    assert not missing
    assert not wrong
    # so that an empty file does not pass
    assert numbers > 300
