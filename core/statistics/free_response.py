"""Free response: marks where the rater sees something, judged by place as well as by confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.statistics.accuracy import areas_without_each, placements
from core.statistics.estimate import Estimate, not_estimable, with_interval

Figure = Literal["JAFROC", "JAFROC1"]
FIGURES: tuple[Figure, ...] = ("JAFROC", "JAFROC1")
UNMARKED = -np.inf


@dataclass(frozen=True)
class FreeCase:
    """One case: the confidence of each lesion (-inf where unmarked) and of each mark that hit nothing."""

    cluster: str
    lesions: tuple[float, ...]
    false_marks: tuple[float, ...]


def froc_curve(cases: Sequence[FreeCase]) -> NDArray[np.float64]:
    """Return the operating points as rows (threshold, false marks per case, share of lesions found).

    From the strictest threshold down; the share is NaN where there is no lesion.
    """
    lesions = np.array([score for case in cases for score in case.lesions], dtype=np.float64)
    false = np.array([score for case in cases for score in case.false_marks], dtype=np.float64)
    levels = np.unique(np.concatenate([lesions[np.isfinite(lesions)], false]))[::-1]
    found = [(lesions >= level).mean() if len(lesions) else np.nan for level in levels]
    alarms = [(false >= level).sum() / len(cases) for level in levels]
    return np.column_stack([levels, alarms, found]) if len(levels) else np.empty((0, 3))


def jafroc(cases: Sequence[FreeCase], figure: Figure = "JAFROC") -> Estimate:
    """Return the figure of merit: the chance that a lesion outranks a case's highest false mark.

    Chakraborty and Berbaum 2004 (doi 10.1118/1.1769352): "JAFROC" takes the false marks of cases without
    a lesion, "JAFROC1" those of all cases. An unmarked lesion or a case without a false mark ranks below
    every mark; equal ranks count half. Standard error by leaving out one animal at a time, interval
    Student's t with animals - 1 degrees of freedom.
    """
    method = f"{figure}, unweighted, jackknife by animal"
    n = len(cases)
    none = _unfit(cases, figure)
    if none:
        return not_estimable(none, n=n, method=method)
    labels, index = np.unique([case.cluster for case in cases], return_inverse=True)
    lesions, lesion_owner = _flat([case.lesions for case in cases], index)
    taken = [k for k, case in enumerate(cases) if figure == "JAFROC1" or not case.lesions]
    false = np.array([max(cases[k].false_marks, default=UNMARKED) for k in taken], dtype=np.float64)
    scores, owner = np.concatenate([lesions, false]), np.concatenate([lesion_owner, index[taken]])
    is_lesion = np.arange(len(scores)) < len(lesions)
    value = placements(scores, is_lesion).area
    without = areas_without_each(scores, is_lesion, owner)
    count = len(labels)
    if count < 3 or not np.isfinite(without).all():
        note = "interval not estimable: all lesions or all cases without one are of one animal"
        return Estimate(value, n=n, method=method, reason=note)
    se = float(np.sqrt((count - 1) / count * ((without - np.mean(without)) ** 2).sum()))
    return with_interval(value, se, n=n, method=method, df=count - 1, low=0.0, high=1.0)


def _unfit(cases: Sequence[FreeCase], figure: Figure) -> str:
    if not any(case.lesions for case in cases):
        return "no case has a lesion"
    if figure == "JAFROC" and all(case.lesions for case in cases):
        return "every case has a lesion; JAFROC1 takes the false marks of all cases"
    return ""


def _flat(
    scores: Sequence[tuple[float, ...]], owner: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    values = np.array([score for of_case in scores for score in of_case], dtype=np.float64)
    return values, np.repeat(owner, [len(of_case) for of_case in scores])
