"""Two hundred random tables and score sets against Debian's R, psych and pROC; skipped where they are not."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest

from core.statistics.accuracy import auc, compare_paired, compare_unpaired, mcnemar
from core.statistics.agreement import cohen_kappa
from core.statistics.groups import compare_groups
from core.statistics.quantitation import ols, pearson
from core.statistics.reliability import icc

pytestmark = pytest.mark.soak

SAMPLES = 200
SCRIPT = r"""
suppressMessages({library(jsonlite); library(psych); library(pROC)})
args <- commandArgs(trailingOnly = TRUE)
input <- fromJSON(args[1], simplifyMatrix = TRUE, simplifyDataFrame = FALSE)
quiet <- function(x) suppressWarnings(suppressMessages(x))
num <- function(x) if (length(x) == 0) NA else as.numeric(x)
kappas <- lapply(input$tables, function(t) {
  k <- quiet(cohen.kappa(t, n.obs = sum(t)))
  list(kappa = k$kappa, quadratic = k$weighted.kappa, se = sqrt(k$var.kappa))
})
iccs <- lapply(input$ratings, function(x) {
  r <- quiet(ICC(x, lmer = FALSE))$results
  list(value = r$ICC, low = r[["lower bound"]], high = r[["upper bound"]])
})
areas <- lapply(input$scores, function(s) {
  one <- quiet(roc(s$positive, s$first, direction = "<", levels = c(0, 1)))
  two <- quiet(roc(s$positive, s$second, direction = "<", levels = c(0, 1)))
  ci <- quiet(ci.auc(one))
  paired <- quiet(roc.test(one, two, method = "delong", paired = TRUE))
  alone <- quiet(roc.test(one, two, method = "delong", paired = FALSE))
  list(auc = as.numeric(one$auc), low = ci[1], high = ci[3], variance = as.numeric(quiet(var(one))),
       p = num(paired$p.value), unpaired_z = num(alone$statistic),
       mcnemar = num(mcnemar.test(table(factor(s$first >= 3, c(FALSE, TRUE)),
                                        factor(s$second >= 3, c(FALSE, TRUE))), correct = FALSE)$p.value))
})
lines <- lapply(input$ratings[1:40], function(x) {
  fit <- summary(lm(x[, 2] ~ x[, 1]))$coefficients
  groups <- stack(as.data.frame(x))
  list(slope = fit[2, 1], slope_se = fit[2, 2], r_low = cor.test(x[, 1], x[, 2])$conf.int[1],
       welch = oneway.test(values ~ ind, groups)$p.value,
       kruskal = kruskal.test(values ~ ind, groups)$p.value,
       tukey = as.numeric(TukeyHSD(aov(values ~ ind, groups))$ind[1, "p adj"]))
})
write(toJSON(list(kappas = kappas, iccs = iccs, areas = areas, lines = lines), digits = I(17),
             auto_unbox = TRUE, na = "null", null = "null"), args[2])
"""


def has_r() -> bool:
    if not shutil.which("Rscript"):
        return False
    code = "for (p in c('psych', 'pROC', 'jsonlite')) library(p, character.only = TRUE)"
    return subprocess.run(["Rscript", "-e", code], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def samples():
    rng = np.random.default_rng(2024)
    tables, ratings, scores = [], [], []
    for _ in range(SAMPLES):
        k = int(rng.integers(2, 7))
        table = rng.poisson(rng.uniform(0.2, 6), (k, k)) + np.diag(rng.poisson(rng.uniform(0, 12), k))
        if rng.random() < 0.3:
            # a category that nobody chose
            table[-1], table[:, -1] = 0, 0
        tables.append(table)
        n, raters = int(rng.integers(4, 40)), int(rng.integers(2, 6))
        trait = rng.normal(0, 2, (n, 1))
        ratings.append(np.round(trait + rng.normal(0, 1, (n, raters)) + rng.normal(0, 0.5, raters), 2))
        positive = np.concatenate([[0, 0, 1, 1], rng.integers(0, 2, rng.integers(4, 80))])
        # five categories: ties everywhere
        first = np.clip(np.round(2.5 + positive + rng.normal(0, 1, len(positive))), 1, 5)
        second = np.clip(np.round(2.5 + 0.5 * positive + rng.normal(0, 1, len(positive))), 1, 5)
        scores.append((first, second, positive))
    return tables, ratings, scores


@pytest.fixture(scope="module")
def r(samples, tmp_path_factory):
    if not has_r():
        pytest.skip(
            "R with psych, pROC and jsonlite is not here (Debian: r-cran-psych r-cran-proc r-cran-jsonlite)"
        )
    folder = tmp_path_factory.mktemp("r")
    tables, ratings, scores = samples
    content = {
        "tables": [t.tolist() for t in tables],
        "ratings": [x.tolist() for x in ratings],
        "scores": [
            dict(zip(("first", "second", "positive"), map(np.ndarray.tolist, s), strict=True)) for s in scores
        ],
    }
    (folder / "in.json").write_text(json.dumps(content))
    (folder / "script.R").write_text(SCRIPT)
    words = ["Rscript", str(folder / "script.R"), str(folder / "in.json"), str(folder / "out.json")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "out.json").read_text())


def number(value) -> float:
    return float("nan") if value in (None, "NA", "NaN") else float(value)


def test_kappa_equals_psych(samples, r):
    for table, wanted in zip(samples[0], r["kappas"], strict=True):
        unweighted, quadratic = (
            cohen_kappa(table, weights).estimate for weights in ("unweighted", "quadratic")
        )
        if unweighted.estimable:
            assert unweighted.value == pytest.approx(number(wanted["kappa"]), rel=1e-6, abs=1e-9)
        if np.isfinite(unweighted.se):
            assert unweighted.se == pytest.approx(number(wanted["se"]), rel=1e-6)
        # psych's weighted standard error is not compared: docs/statistics.md says what is wrong with it
        if quadratic.estimable:
            assert quadratic.value == pytest.approx(number(wanted["quadratic"]), rel=1e-6, abs=1e-9)


def test_icc_equals_psych(samples, r):
    for table, wanted in zip(samples[1], r["iccs"], strict=True):
        for row, value, low, high in zip(
            icc(table, average_interval="Spearman-Brown"),
            wanted["value"],
            wanted["low"],
            wanted["high"],
            strict=True,
        ):
            assert row.estimate.value == pytest.approx(value, rel=1e-6, abs=1e-8), row.form
            if not low <= value <= high:
                # with a few units psych's steps give limits such as 159: ours says that there is none
                assert "interval not estimable" in row.estimate.reason
                continue
            limits = (row.estimate.ci_low, row.estimate.ci_high)
            assert limits == pytest.approx((low, high), rel=1e-6, abs=1e-8), row.form


def test_areas_equal_proc(samples, r):
    for (first, second, positive), wanted in zip(samples[2], r["areas"], strict=True):
        truth = positive.astype(bool)
        found = auc(first, truth)
        assert found.value == pytest.approx(wanted["auc"], rel=1e-6)
        if np.isfinite(found.se):
            told = (found.se**2, found.ci_low, found.ci_high)
            assert told == pytest.approx((wanted["variance"], wanted["low"], wanted["high"]), rel=1e-6)
        paired = compare_paired(first, second, truth)
        if np.isfinite(paired.p):
            assert paired.p == pytest.approx(number(wanted["p"]), rel=1e-6)
        apart = compare_unpaired((first, truth), (second, truth))
        if np.isfinite(apart.z):
            assert apart.z == pytest.approx(number(wanted["unpaired_z"]), rel=1e-6)
        calls = mcnemar((first >= 3).astype(float), (second >= 3).astype(float))
        if not calls.reason:
            assert calls.p == pytest.approx(number(wanted["mcnemar"]), rel=1e-6)


def test_lines_and_groups_equal_r(samples, r):
    # the first forty: the studentised range takes its time
    for table, wanted in zip(samples[1], r["lines"], strict=False):
        line = ols(table[:, 0], table[:, 1]).slope
        assert (line.value, line.se) == pytest.approx((wanted["slope"], wanted["slope_se"]), rel=1e-6)
        assert pearson(table[:, 0], table[:, 1]).estimate.ci_low == pytest.approx(
            wanted["r_low"], rel=1e-6, abs=1e-9
        )
        tests = compare_groups({str(k): column for k, column in enumerate(table.T)})
        by_name = {test.name: test for test in reversed(tests)}
        assert by_name["Welch"].p == pytest.approx(wanted["welch"], rel=1e-6)
        assert by_name["Kruskal-Wallis"].p == pytest.approx(wanted["kruskal"], rel=1e-6)
        if "Tukey HSD" in by_name:
            # scipy and R integrate the studentised range differently
            assert by_name["Tukey HSD"].p_adjusted == pytest.approx(wanted["tukey"], abs=1e-4)
