"""Several raters, several modalities, the same cases: Obuchowski and Rockette's analysis of variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from core.errors import InputError
from core.statistics.accuracy import areas_without_each, placements
from core.statistics.estimate import Estimate, not_estimable

Covariance = Literal["jackknife", "DeLong"]
Model = Literal["random raters, random cases", "fixed raters, random cases", "random raters, fixed cases"]
RRRC: Model = "random raters, random cases"
FRRC: Model = "fixed raters, random cases"
RRFC: Model = "random raters, fixed cases"
MODELS: tuple[Model, ...] = (RRRC, FRRC, RRFC)
TWO_RATERS = (
    "with two raters an inference to other raters rests on a sample of two: it is next to empty, "
    "whatever its p; read the result for fixed raters, which speaks of these two alone"
)


@dataclass(frozen=True)
class Components:
    """What the figures of merit vary by: mean squares of the two-way table and covariances of its errors.

    `cov1`: same rater, other modality; `cov2`: other rater, same modality; `cov3`: both differ.
    """

    ms_modality: float
    ms_rater: float
    ms_interaction: float
    variance: float
    cov1: float
    cov2: float
    cov3: float

    def rater_variance(self, modalities: int) -> tuple[float, float]:
        """Return the variance components of raters and of rater by modality; either can come out negative."""
        interaction = self.ms_interaction - self.variance + self.cov1 + max(self.cov2 - self.cov3, 0.0)
        rater = (self.ms_rater - self.ms_interaction) / modalities - self.cov1 + self.cov3
        return rater, interaction


@dataclass(frozen=True)
class ModelResult:
    """Whether the modalities differ, under one view of what is random, and the estimates that go with it."""

    model: Model
    statistic: float
    df1: float
    df2: float
    p: float
    modalities: tuple[Estimate, ...]
    differences: tuple[tuple[str, str, Estimate, float], ...]
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Mrmc:
    """An Obuchowski-Rockette analysis.

    `figures` has shape (modalities, raters); `within_raters` holds (rater, modality, other modality,
    difference, p) for each rater alone.
    """

    modality_names: tuple[str, ...]
    rater_names: tuple[str, ...]
    figures: NDArray[np.float64]
    components: Components | None
    models: tuple[ModelResult, ...]
    within_raters: tuple[tuple[str, str, str, Estimate, float], ...]
    cases: int
    left_out: int
    method: str
    warning: str = ""
    reason: str = ""


def obuchowski_rockette(
    scores: ArrayLike,
    positive: ArrayLike,
    *,
    modalities: Sequence[str] | None = None,
    raters: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    covariance: Covariance = "jackknife",
) -> Mrmc:
    """Compare modalities read by the same raters on the same cases by their empirical AUC.

    Obuchowski and Rockette 1995 (doi 10.1080/03610919508813243) with Hillis' degrees of freedom (Hillis
    2007, doi 10.1002/sim.2532) and, for single modalities, Hillis 2014 (doi 10.1002/sim.5926). Cases that
    any rater did not score in any modality are left out of all and counted.

    Parameters
    ----------
    scores : array, shape (modalities, raters, cases)
        Rising with suspicion; NaN for none.
    positive : array of bool, shape (cases,)
        The reference.
    clusters : array, shape (cases,), optional
        The animal of each case; the jackknife then leaves out whole animals.
    covariance : {"jackknife", "DeLong"}
        How the covariances of the AUCs are had; "DeLong" knows no clusters.

    Raises
    ------
    InputError
        If the shapes disagree, or DeLong is asked for with clusters.
    """
    table = np.asarray(scores, dtype=np.float64)
    truth = np.asarray(positive, dtype=bool)
    if table.ndim != 3 or table.shape[2] != len(truth):
        raise InputError("scores must be a table of modalities by raters by cases, with a reference per case")
    if clusters is not None and covariance == "DeLong":
        raise InputError("DeLong's covariances take cases as independent; use the jackknife with clusters")
    whole = np.isfinite(table).all((0, 1))
    left_out = int((~whole).sum())
    groups = (
        np.arange(len(truth)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    )
    table, truth, groups = table[:, :, whole], truth[whole], groups[whole]
    names = (_names(modalities, table.shape[0], "modality"), _names(raters, table.shape[1], "rater"))
    method = f"Obuchowski-Rockette, AUC, {covariance} covariances" + (
        " by cluster" if clusters is not None else ""
    )
    reason = _unfit(table, truth, groups)
    if reason:
        return Mrmc(*names, np.full(table.shape[:2], np.nan), None, (), (), len(truth), left_out, method,
                    reason=f"not estimable: {reason}")  # fmt: skip
    figures = _aucs(table, truth)
    flat = _delong(table, truth) if covariance == "DeLong" else _jackknife(table, truth, groups)
    components = _components(figures, flat)
    models = tuple(_model(model, figures, flat, components, names[0]) for model in MODELS)
    warning = TWO_RATERS if figures.shape[1] == 2 else ""
    within = _within_raters(figures, flat, names)
    return Mrmc(*names, figures, components, models, within, len(truth), left_out, method, warning)


def _names(given: Sequence[str] | None, count: int, what: str) -> tuple[str, ...]:
    return tuple(given) if given is not None else tuple(f"{what} {k + 1}" for k in range(count))


def _unfit(table: NDArray[np.float64], truth: NDArray[np.bool_], groups: NDArray[np.int64]) -> str:
    modalities, raters, cases = table.shape
    if modalities < 2:
        return "fewer than two modalities"
    if raters < 2:
        return "fewer than two raters have read all modalities"
    if not cases:
        return "no case was scored by all raters in all modalities"
    if min(truth.sum(), (~truth).sum()) < 2:
        return "fewer than two positive or two negative cases were scored by all"
    for group in np.unique(groups):
        left = truth[groups != group]
        if not left.any() or left.all():
            return "all positive or all negative cases are of one cluster"
    return ""


def _aucs(table: NDArray[np.float64], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.array([[placements(row, truth).area for row in modality] for modality in table])


def _delong(table: NDArray[np.float64], truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    parts = [placements(row, truth) for modality in table for row in modality]
    positive = np.cov([part.positive for part in parts]) / truth.sum()
    negative = np.cov([part.negative for part in parts]) / (~truth).sum()
    return np.asarray(positive + negative)


def _jackknife(
    table: NDArray[np.float64], truth: NDArray[np.bool_], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the covariances of all AUCs, flat over (modality, rater), leaving out one cluster at a time."""
    index = np.unique(groups, return_inverse=True)[1]
    rows = table.reshape(-1, table.shape[2])
    without = np.array([areas_without_each(row, truth, index) for row in rows])
    k = without.shape[1]
    deviations = without - without.mean(axis=1, keepdims=True)
    return np.asarray((k - 1) / k * deviations @ deviations.T)


def _components(figures: NDArray[np.float64], flat: NDArray[np.float64]) -> Components:
    modalities, raters = figures.shape
    of_modality, of_rater = figures.mean(1), figures.mean(0)
    residual = figures - of_modality[:, None] - of_rater + figures.mean()
    variance, cov1, cov2, cov3 = _average(flat, modalities, raters)
    return Components(
        ms_modality=float(raters * of_modality.var(ddof=1)),
        ms_rater=float(modalities * of_rater.var(ddof=1)),
        ms_interaction=float((residual**2).sum() / ((modalities - 1) * (raters - 1))),
        variance=variance,
        cov1=cov1,
        cov2=cov2,
        cov3=cov3,
    )


def _average(flat: NDArray[np.float64], modalities: int, raters: int) -> tuple[float, float, float, float]:
    """Return the mean variance and the mean covariances by what two AUCs share."""
    modality = np.repeat(np.arange(modalities), raters)
    rater = np.tile(np.arange(raters), modalities)
    same_modality, same_rater = modality[:, None] == modality, rater[:, None] == rater
    kinds = (
        same_modality & same_rater,
        ~same_modality & same_rater,
        same_modality & ~same_rater,
        ~same_modality & ~same_rater,
    )
    means = [float(flat[kind].mean()) if kind.any() else 0.0 for kind in kinds]
    return means[0], means[1], means[2], means[3]


def _model(
    model: Model,
    figures: NDArray[np.float64],
    flat: NDArray[np.float64],
    parts: Components,
    names: tuple[str, ...],
) -> ModelResult:
    modalities, raters = figures.shape
    spread = raters * max(parts.cov2 - parts.cov3, 0.0)
    if model == RRRC:
        error = parts.ms_interaction + spread
        df2 = (
            error**2 / (parts.ms_interaction**2 / ((modalities - 1) * (raters - 1)))
            if parts.ms_interaction
            else np.inf
        )
    elif model == FRRC:
        error, df2 = parts.variance - parts.cov1 + (raters - 1) * (parts.cov2 - parts.cov3), np.inf
    else:
        error, df2 = parts.ms_interaction, float((modalities - 1) * (raters - 1))
    singles = tuple(_single(model, figures[i], flat, i) for i in range(modalities))
    if error <= 1e-16:
        none = not_estimable("the AUCs show no error")
        pairs = tuple((a, b, none, np.nan) for a, b in combinations(names, 2))
        return ModelResult(model, np.nan, modalities - 1, df2, np.nan, singles, pairs, none.reason)
    ratio = parts.ms_modality / error
    # with infinitely many degrees of freedom F times its own is chi-square
    p = (
        stats.chi2.sf((modalities - 1) * ratio, modalities - 1)
        if np.isinf(df2)
        else stats.f.sf(ratio, modalities - 1, df2)
    )
    se = float(np.sqrt(2 / raters * error))
    pairs = tuple(
        (
            names[a],
            names[b],
            *_tested(float(figures[a].mean() - figures[b].mean()), se, df2, f"difference of AUCs, {model}"),
        )
        for a, b in combinations(range(modalities), 2)
    )
    statistic = (modalities - 1) * ratio if np.isinf(df2) else ratio
    return ModelResult(model, float(statistic), float(modalities - 1), float(df2), float(p), singles, pairs)


def _single(model: Model, figures: NDArray[np.float64], flat: NDArray[np.float64], modality: int) -> Estimate:
    """Return one modality's mean AUC over raters with its interval."""
    raters = len(figures)
    block = flat[modality * raters : (modality + 1) * raters, modality * raters : (modality + 1) * raters]
    variance, _, cov2, _ = _average(block, 1, raters)
    mean_square = float(figures.var(ddof=1))
    method = f"mean AUC of {raters} raters, {model}"
    if model == RRRC:
        total = mean_square + raters * max(cov2, 0.0)
        df = total**2 / (mean_square**2 / (raters - 1)) if mean_square else np.inf
    elif model == FRRC:
        total, df = variance + (raters - 1) * cov2, np.inf
    else:
        total, df = mean_square, float(raters - 1)
    return _tested(
        float(figures.mean()), float(np.sqrt(max(total, 0.0) / raters)), df, method, bounds=(0.0, 1.0)
    )[0]


def _within_raters(
    figures: NDArray[np.float64], flat: NDArray[np.float64], names: tuple[tuple[str, ...], tuple[str, ...]]
) -> tuple[tuple[str, str, str, Estimate, float], ...]:
    modalities, raters = figures.shape
    found = []
    for r in range(raters):
        block = flat[r::raters, r::raters]
        variance, cov1, _, _ = _average(block, modalities, 1)
        se = float(np.sqrt(max(2 * (variance - cov1), 0.0)))
        for a, b in combinations(range(modalities), 2):
            tested = _tested(
                float(figures[a, r] - figures[b, r]), se, np.inf, "difference of AUCs of one rater"
            )
            found.append((names[1][r], names[0][a], names[0][b], *tested))
    return tuple(found)


def _tested(
    value: float, se: float, df: float, method: str, bounds: tuple[float, float] = (-1.0, 1.0)
) -> tuple[Estimate, float]:
    if se <= 1e-12:
        note = "interval not estimable: the sample shows no variation"
        return Estimate(value, method=method, reason=note), np.nan
    law = stats.norm() if np.isinf(df) else stats.t(df)
    half = float(law.ppf(0.975)) * se
    estimate = Estimate(value, se, max(bounds[0], value - half), min(bounds[1], value + half), method=method)
    return estimate, float(2 * law.sf(abs(value / se)))


MRMC_COLUMNS = (
    "item", "model", "quantity", "modality", "other_modality", "rater", "cases", "left_out", "statistic",
    "df1", "df2", "value", "se", "ci_low", "ci_high", "p", "method", "reason",
)  # fmt: skip


def mrmc_rows(result: Mrmc, item: str = "") -> list[dict[str, Any]]:
    """Return an analysis as rows of mrmc.csv: tests, differences, mean AUCs, AUCs of each rater."""
    common = {"item": item, "cases": result.cases, "left_out": result.left_out, "method": result.method}
    if not result.models:
        return [{**common, "quantity": "test of all modalities", "reason": result.reason}]
    rows: list[dict[str, Any]] = []
    for model in result.models:
        of_model = {**common, "model": model.model}
        # the warning belongs to what speaks of other raters than these
        warning = result.warning if model.model != FRRC else ""
        # a chi-square has no second degrees of freedom
        df2 = None if np.isinf(model.df2) else model.df2
        test = {"statistic": model.statistic, "df1": model.df1, "df2": df2, "p": model.p}
        reason = "; ".join(filter(None, (model.reason, warning)))
        rows.append({**of_model, "quantity": "test of all modalities", **test, "reason": reason})
        for a, b, estimate, p in model.differences:
            cells = {
                **of_model,
                "quantity": "difference of mean AUCs",
                "modality": a,
                "other_modality": b,
                "p": p,
            }
            rows.append({**cells, **_cells(estimate, warning)})
        for name, estimate in zip(result.modality_names, model.modalities, strict=True):
            rows.append({**of_model, "quantity": "mean AUC", "modality": name, **_cells(estimate, warning)})
    for rater, a, b, estimate, p in result.within_raters:
        cells = {**common, "quantity": "difference of AUCs of one rater", "modality": a, "other_modality": b}
        rows.append({**cells, "rater": rater, "p": p, **_cells(estimate, "")})
    return rows


def _cells(estimate: Estimate, warning: str) -> dict[str, Any]:
    cells = {
        "value": estimate.value,
        "se": estimate.se,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
    }
    return {**cells, "reason": "; ".join(filter(None, (estimate.reason, warning)))}
