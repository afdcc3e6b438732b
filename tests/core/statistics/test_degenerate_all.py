"""Every public statistic on every kind of poor sample: a finite number, or a reason; never a crash."""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics import (
    accuracy,
    agreement,
    binormal,
    blinding,
    bootstrap,
    free_response,
    groups,
    mrmc,
    multirater,
    quantitation,
    regions,
    reliability,
    sums,
    survival,
)
from core.statistics.estimate import Estimate

MODULES = (
    "accuracy", "agreement", "binormal", "blinding", "bootstrap", "free_response", "groups", "mrmc",
    "multirater", "quantitation", "reliability", "survival",
)  # fmt: skip
# what gives a number with its interval, or holds some
RESULTS = ("Estimate", "Kappa", "Icc", "Concordance", "Binormal", "Comparison", "McNemar", "Mrmc", "Line",
           "Limits", "Test", "GroupTest", "SurvivalCurve", "LogRank")  # fmt: skip
FEW = 4


def sample(rng: np.random.Generator, kind: str, units: int) -> dict[str, Any]:
    """A sample of one kind of poverty."""
    codes = rng.integers(0, 3, (units, 3))
    numbers = np.round(rng.normal(0, 2, (units, 3)), 1)
    truth, animals = rng.random(units) < 0.5, rng.integers(0, 3, units)
    if kind == "one category":
        codes[:], numbers[:] = 1, 5.0
    elif kind == "one rater":
        codes[:, 1:], numbers[:, 1:] = -1, np.nan
    elif kind == "no positives":
        truth[:] = False
    elif kind == "all missing":
        codes[:], numbers[:] = -1, np.nan
    elif kind == "duplicates":
        codes[:], numbers[:], truth[:], animals[:] = codes[:1], numbers[:1], truth[:1], 0
    elif kind == "a rater who skipped":
        codes[rng.random(units) < 0.7, 0] = -1
        numbers[rng.random(units) < 0.7, 0] = np.nan
    elif kind == "perfect":
        codes[:], numbers[:] = codes[:, :1], numbers[:, :1]
    return {"codes": codes, "numbers": numbers, "truth": truth, "animals": animals}


KINDS = ("plain", "one category", "one rater", "no positives", "all missing", "duplicates",
         "a rater who skipped", "perfect")  # fmt: skip


def every_statistic(s: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each public statistic of the sample by name."""
    codes, numbers, truth, animals = s["codes"], s["numbers"], s["truth"], s["animals"]
    x, y = numbers[:, 0], numbers[:, 1]
    counts = multirater.rating_counts(codes, 3)
    table = agreement.cross_table(codes[:, 0], codes[:, 1], 3)
    for weights in agreement.WEIGHTS:
        yield "cohen_kappa", agreement.cohen_kappa(table, weights)
        yield "clustered_kappa", agreement.clustered_kappa(*codes[:, :2].T, 3, weights, clusters=animals)
        yield "gwet_ac", multirater.gwet_ac(counts, weights)
        yield "brennan_prediger", multirater.brennan_prediger(counts, weights)
    yield "fleiss_kappa", multirater.fleiss_kappa(counts)
    yield "light_kappa", multirater.light_kappa(codes, 3)
    yield "conger_kappa", multirater.conger_kappa(codes, 3)
    yield "icc", reliability.icc(numbers)
    for metric in ("nominal", "ordinal", "interval"):
        yield "krippendorff_alpha", reliability.krippendorff_alpha(numbers, metric)
        drawn = sums.alpha_sums(numbers, metric, animals)
        yield "bootstrap_sums", bootstrap.bootstrap_sums(drawn, clustered=True, replicates=40)
    for form in reliability.FORMS:
        drawn = sums.icc_sums(numbers, animals)[form]
        yield "bootstrap_sums", bootstrap.bootstrap_sums(drawn, clustered=True, replicates=40)
        yield "bootstrap_all", bootstrap.bootstrap_all([lambda drawn=drawn: drawn], clustered=False)[0]
    yield "kendall_w", reliability.kendall_w(numbers)
    yield "proportion", accuracy.proportion(int(truth.sum()), len(truth))
    yield "clustered_proportion", accuracy.clustered_proportion(truth, animals)
    for clusters in (None, animals):
        yield "auc", accuracy.auc(x, truth, clusters)
        yield "binormal_roc", binormal.binormal_roc(x, truth, clusters)
        yield "compare_paired", accuracy.compare_paired(x, y, truth, clusters)
        yield (
            "mcnemar",
            accuracy.mcnemar(np.where(np.isnan(x), x, x > 0), np.where(np.isnan(y), y, y > 0), clusters),
        )
    yield "compare_unpaired", accuracy.compare_unpaired((x, truth), (y, truth))
    yield "obuchowski_rockette", mrmc.obuchowski_rockette([[x, y], [y, x]], truth, clusters=animals)
    for figure in free_response.FIGURES:
        free = [
            free_response.FreeCase(str(animal), (5.0,) if positive else (), tuple(row[np.isfinite(row)]))
            for animal, positive, row in zip(animals, truth, numbers, strict=True)
        ]
        yield "jafroc", free_response.jafroc(free, figure)
    for name in ("pearson", "spearman", "concordance", "ols", "deming", "passing_bablok", "bland_altman"):
        yield name, getattr(quantitation, name)(x, y)
    yield "repeatability", quantitation.repeatability(numbers)
    yield "compare_groups", groups.compare_groups({str(k): x[animals == k] for k in range(3)})
    yield "spread_of", groups.spread_of(x)
    times = np.abs(np.where(np.isnan(x), 1.0, x)) + 0.5
    yield "kaplan_meier", survival.kaplan_meier(times, truth)
    yield (
        "log_rank",
        survival.log_rank({str(k): (times[animals == k], truth[animals == k]) for k in range(3)}),
    )
    guesses = blinding.guess_table(np.bincount(animals * 2 + truth, minlength=6).reshape(3, 2), ("a", "b"))
    yield "james_index", blinding.james_index(guesses)
    yield "bang_index", blinding.bang_index(guesses, "a")


def estimates_in(found: Any) -> Iterator[Estimate]:
    """Every estimate inside a result."""
    if isinstance(found, Estimate):
        yield found
    elif dataclasses.is_dataclass(found):
        for part in dataclasses.fields(found):
            yield from estimates_in(getattr(found, part.name))
    elif isinstance(found, tuple):
        for part in found:
            yield from estimates_in(part)


def check(name: str, estimate: Estimate) -> None:
    assert estimate.n >= 0 and estimate.left_out >= 0, name
    if not estimate.estimable:
        assert estimate.reason.startswith("not estimable: "), name
        assert math.isnan(estimate.ci_low) and math.isnan(estimate.ci_high), name
        return
    assert math.isfinite(estimate.value), name
    limits = (estimate.ci_low, estimate.ci_high)
    if all(map(math.isfinite, limits)):
        assert limits[0] <= limits[1], name
    else:
        assert "not estimable" in estimate.reason, (name, estimate)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(KINDS), st.sampled_from((0, 1, 2, 3, FEW, 9)), st.integers(0, 10_000))
def test_a_number_or_a_reason(kind, units, seed):
    for name, found in every_statistic(sample(np.random.default_rng(seed), kind, units)):
        reason = getattr(found, "reason", "")
        # results that are tests have their reason beside them
        p = getattr(found, "p", None)
        if p is not None and not isinstance(found, Estimate) and math.isnan(p) and hasattr(found, "reason"):
            assert reason, name
        for estimate in estimates_in(found):
            check(name, estimate)


def test_no_public_statistic_is_left_out():
    named = {name for name, _ in every_statistic(sample(np.random.default_rng(1), "plain", 9))}
    public = set()
    for module_name in MODULES:
        module = import_module(f"core.statistics.{module_name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            returned = str(inspect.signature(function).return_annotation)
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and any(result in returned for result in RESULTS):
                public.add(name)
    assert public - named == set()
    # regions have a test of their own, with masks
    assert hasattr(regions, "compare_regions")


def test_what_was_left_out_is_counted():
    rng = np.random.default_rng(2)
    numbers = rng.normal(0, 1, (10, 2))
    numbers[:3, 0] = np.nan
    truth = np.arange(10) % 2 == 0
    for estimate in (
        quantitation.pearson(*numbers.T).estimate,
        quantitation.deming(*numbers.T).slope,
        quantitation.bland_altman(*numbers.T).bias,
        quantitation.concordance(*numbers.T),
        quantitation.repeatability(numbers),
        reliability.icc(numbers)[0].estimate,
        reliability.krippendorff_alpha(numbers, "interval"),
        accuracy.auc(numbers[:, 0], truth),
        binormal.binormal_roc(numbers[:, 0], truth).auc,
        accuracy.compare_paired(*numbers.T, truth).difference,
        groups.spread_of(numbers[:, 0])[0],
    ):
        assert estimate.left_out == 3
        assert estimate.n == 7
