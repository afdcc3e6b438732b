"""Accuracy of several raters on the same units, rater by rater and pooled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.statistics.accuracy import Confusion, auc, clustered_proportion, confusion, proportion
from core.statistics.binormal import Binormal, binormal_roc
from core.statistics.estimate import Estimate

POOLED = "pooled"


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of one rater: one per unit, with the reference and the cluster (animal) of each unit.

    `left_out` counts scores that were offered and not used, by reason.
    """

    rater: str
    values: NDArray[np.float64]
    positive: NDArray[np.bool_]
    clusters: NDArray[np.generic]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AccuracyRow:
    """Accuracy of one rater, or of all pooled: a row of accuracy.csv."""

    item: str
    rater: str
    modality: str
    threshold: float
    counts: Confusion
    sensitivity: Estimate
    specificity: Estimate
    ppv: Estimate
    npv: Estimate
    auc: Estimate
    left_out: int
    clustered: bool
    binormal: Binormal

    def as_row(self) -> dict[str, Any]:
        """Return the columns of accuracy.csv."""
        row: dict[str, Any] = {
            "item": self.item,
            "rater": self.rater,
            "modality": self.modality,
            "threshold": self.threshold,
            "n": self.counts.tp + self.counts.fp + self.counts.tn + self.counts.fn,
            "positives": self.counts.tp + self.counts.fn,
            "negatives": self.counts.tn + self.counts.fp,
            "tp": self.counts.tp,
            "fp": self.counts.fp,
            "tn": self.counts.tn,
            "fn": self.counts.fn,
        }
        reasons = []
        for name in ("sensitivity", "specificity", "ppv", "npv", "auc"):
            estimate: Estimate = getattr(self, name)
            row[name] = estimate.value
            if name == "auc":
                row["auc_se"] = estimate.se
            row[f"{name}_ci_low"], row[f"{name}_ci_high"] = estimate.ci_low, estimate.ci_high
            if estimate.reason:
                reasons.append(f"{name} {estimate.reason}")
        curve = self.binormal
        row |= {"binormal_auc": curve.auc.value, "binormal_auc_ci_low": curve.auc.ci_low}
        row |= {"binormal_auc_ci_high": curve.auc.ci_high, "binormal_a": curve.a, "binormal_b": curve.b}
        if curve.auc.reason:
            reasons.append(f"binormal_auc {curve.auc.reason}")
        row["left_out"] = self.left_out
        row["method"] = f"{self.sensitivity.method}; {self.auc.method}; {curve.auc.method}"
        row["reason"] = "; ".join(reasons)
        return row


ACCURACY_COLUMNS = (
    "item", "rater", "modality", "threshold", "n", "positives", "negatives", "tp", "fp", "tn", "fn",
    "sensitivity", "sensitivity_ci_low", "sensitivity_ci_high",
    "specificity", "specificity_ci_low", "specificity_ci_high",
    "ppv", "ppv_ci_low", "ppv_ci_high", "npv", "npv_ci_low", "npv_ci_high",
    "auc", "auc_se", "auc_ci_low", "auc_ci_high", "left_out", "method", "reason",
    "binormal_auc", "binormal_auc_ci_low", "binormal_auc_ci_high", "binormal_a", "binormal_b",
)  # fmt: skip


def accuracy_rows(
    raters: Sequence[Scores], threshold: float, *, item: str = "", modality: str = "", clustered: bool = False
) -> list[AccuracyRow]:
    """Return the accuracy of each rater, and of all pooled where there are several.

    Pooled, every rater's score of a unit is one observation; scores of one cluster (without clusters: of
    one unit) resemble each other, so the pooled intervals are always clustered ones. Those of a single
    rater are clustered if `clustered` is set.

    Parameters
    ----------
    threshold : float
        Scores from here up call a unit positive.
    """
    rows = [_row(scores, threshold, item, modality, clustered=clustered) for scores in raters]
    if len(raters) > 1:
        rows.append(_row(pool(raters), threshold, item, modality, clustered=True))
    return rows


def pool(raters: Sequence[Scores]) -> Scores:
    """Put the scores of several raters into one list."""
    lost: dict[str, int] = {}
    for scores in raters:
        for reason, count in scores.left_out.items():
            lost[reason] = lost.get(reason, 0) + count
    return Scores(
        POOLED,
        np.concatenate([scores.values for scores in raters]),
        np.concatenate([scores.positive for scores in raters]),
        np.concatenate([scores.clusters for scores in raters]),
        lost,
    )


def _row(scores: Scores, threshold: float, item: str, modality: str, *, clustered: bool) -> AccuracyRow:
    counts = confusion(scores.values, scores.positive, threshold)
    given = np.isfinite(scores.values)
    called, truth = scores.values[given] >= threshold, scores.positive[given]
    clusters = scores.clusters[given]

    def share(hit: NDArray[np.bool_], among: NDArray[np.bool_], none: str) -> Estimate:
        if clustered:
            return clustered_proportion(hit[among], clusters[among], none)
        return proportion(int(hit[among].sum()), int(among.sum()), none)

    return AccuracyRow(
        item=item,
        rater=scores.rater,
        modality=modality,
        threshold=threshold,
        counts=counts,
        sensitivity=share(called, truth, "no unit is positive in the reference"),
        specificity=share(~called, ~truth, "no unit is negative in the reference"),
        ppv=share(truth, called, "no unit was called positive"),
        npv=share(~truth, ~called, "no unit was called negative"),
        auc=auc(scores.values, scores.positive, scores.clusters if clustered else None),
        left_out=sum(scores.left_out.values()) + int((~given).sum()),
        clustered=clustered,
        binormal=binormal_roc(scores.values, scores.positive, scores.clusters if clustered else None),
    )


def fraction_text(estimate: Estimate) -> str:
    """Return "0.85 (0.71 to 0.93)", or why there is no number."""
    if not estimate.estimable:
        return estimate.reason
    if math.isnan(estimate.ci_low):
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} ({estimate.ci_low:.3f} to {estimate.ci_high:.3f})"
