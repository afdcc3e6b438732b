"""Tumours over time: response by a stated rule, time to progression, Kaplan-Meier, log-rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from core.errors import InputError
from core.statistics.estimate import Estimate, not_estimable

Response = Literal["CR", "PR", "SD", "PD"]


@dataclass(frozen=True)
class ResponseRule:
    """When a change of volume is a response; shares are of the volume, not of the diameter.

    The defaults are RECIST 1.1's diameters (-30 %, +20 % from the nadir) turned into volumes of a body
    that keeps its shape: 0.7^3 - 1 and 1.2^3 - 1 (Eisenhauer et al. 2009, doi 10.1016/j.ejca.2008.10.026).
    """

    partial: float = 0.7**3 - 1
    progression: float = 1.2**3 - 1
    complete_mm3: float = 0.0

    def __post_init__(self) -> None:
        if not (-1 <= self.partial < 0 < self.progression) or self.complete_mm3 < 0:
            raise InputError(
                "a response rule has -1 <= partial < 0 < progression, and a complete volume of 0 or more"
            )

    def text(self) -> str:
        """Return the rule in words."""
        return (
            f"CR at or below {self.complete_mm3:g} mm3; PD at {100 * self.progression:+.1f} % of the "
            f"smallest volume so far or more; PR at {100 * self.partial:+.1f} % of the baseline or less; "
            "else SD"
        )


def responses(volumes_mm3: Sequence[float], rule: ResponseRule | None = None) -> tuple[Response | None, ...]:
    """Return the response at each visit after the first, which is the baseline; None without a volume.

    Progression is judged against the smallest volume so far, the baseline among them, and goes before
    a partial response. Without a baseline volume every response is None.
    """
    rule = rule or ResponseRule()
    volumes = np.asarray(volumes_mm3, dtype=np.float64)
    if not len(volumes) or not np.isfinite(volumes[0]) or volumes[0] <= 0:
        return tuple(None for _ in volumes[1:])
    baseline = smallest = float(volumes[0])
    found: list[Response | None] = []
    for volume in map(float, volumes[1:]):
        if not np.isfinite(volume):
            found.append(None)
            continue
        if volume <= rule.complete_mm3:
            found.append("CR")
        elif volume >= smallest * (1 + rule.progression) and volume > rule.complete_mm3:
            found.append("PD")
        else:
            found.append("PR" if volume <= baseline * (1 + rule.partial) else "SD")
        smallest = min(smallest, volume)
    return tuple(found)


def time_to_progression(
    times: Sequence[float], volumes_mm3: Sequence[float], rule: ResponseRule | None = None
) -> tuple[float, bool] | None:
    """Return the time of the first PD and True, or of the last volume and False; None without data."""
    found = responses(volumes_mm3, rule)
    seen = [time for time, response in zip(times[1:], found, strict=True) if response is not None]
    if not seen:
        return None
    for time, response in zip(times[1:], found, strict=True):
        if response == "PD":
            return float(time), True
    return float(seen[-1]), False


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """Kaplan and Meier's estimate: steps at `times`, with pointwise 95 % limits (log-log)."""

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    median: Estimate
    n: int
    events: int


def kaplan_meier(times: ArrayLike, event: ArrayLike) -> SurvivalCurve:
    """Return the survival curve (statsmodels) with log-log limits and the median with its interval.

    Parameters
    ----------
    times : array, shape (subjects,)
        Of event or censoring; positive.
    event : array of bool, shape (subjects,)
        Whether the event was seen.

    Raises
    ------
    InputError
        If a time is not positive and finite.
    """
    t, seen = np.asarray(times, dtype=np.float64), np.asarray(event, dtype=bool)
    if t.shape != seen.shape or (len(t) and (not np.isfinite(t).all() or t.min() <= 0)):
        raise InputError("times must be positive numbers, one per subject, each with an event or none")
    n, events = len(t), int(seen.sum())
    if not events:
        none = np.array([])
        lost = not_estimable(
            "no event was seen" if n else "there is no subject", n=n, method="Kaplan-Meier median"
        )
        return SurvivalCurve(none, none, none, none, none.astype(np.int64), lost, n, 0)
    fit = SurvfuncRight(t, seen.astype(float))
    steps, share = np.asarray(fit.surv_times), np.asarray(fit.surv_prob)
    with np.errstate(divide="ignore", invalid="ignore"):
        # log(-log S): the limits stay between 0 and 1 (Kalbfleisch and Prentice 1980)
        half = 1.959963984540054 * np.asarray(fit.surv_prob_se) / (share * np.abs(np.log(share)))
        low, high = share ** np.exp(half), share ** np.exp(-half)
    low[share <= 0], high[share <= 0] = np.nan, np.nan
    # statsmodels multiplies through logarithms, so a share of a half can come out a hair above it
    half_lost = 0.5 + 1e-9
    reached = np.flatnonzero(share <= half_lost)
    if not len(reached):
        median = not_estimable(
            "fewer than half of the subjects had the event", n=n, method="Kaplan-Meier median"
        )
    else:
        bounds = [_first(steps, np.nan_to_num(limit, nan=0.0) <= half_lost) for limit in (low, high)]
        note = "" if np.isfinite(bounds[1]) else "upper limit not estimable: it was not reached"
        median = Estimate(float(steps[reached[0]]), np.nan, bounds[0], bounds[1], n,
                          method="Kaplan-Meier median, log-log limits", reason=note)  # fmt: skip
    return SurvivalCurve(steps, share, low, high, np.asarray(fit.n_risk, dtype=np.int64), median, n, events)


def _first(steps: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    index = np.flatnonzero(where)
    return float(steps[index[0]]) if len(index) else np.nan


@dataclass(frozen=True)
class LogRank:
    """The log-rank test of several groups' survival."""

    groups: tuple[str, ...]
    n: int
    events: int
    chi_square: float = np.nan
    df: int = 0
    p: float = np.nan
    reason: str = ""


def log_rank(groups: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> LogRank:
    """Compare survival between groups, each given as (times, events) (Mantel 1966; statsmodels)."""
    columns = [
        (np.asarray(t, dtype=np.float64), np.asarray(e, dtype=bool), np.full(np.size(t), name, dtype=object))
        for name, (t, e) in groups.items()
    ]
    filled = [column for column in columns if len(column[0])]
    names = tuple(groups)
    n, events = sum(len(t) for t, _, _ in columns), sum(int(e.sum()) for _, e, _ in columns)
    if len(filled) < 2:
        return LogRank(names, n, events, reason="not estimable: fewer than two groups have subjects")
    if not events:
        return LogRank(names, n, events, reason="not estimable: no event was seen")
    times, seen, label = (np.concatenate(parts) for parts in zip(*filled, strict=True))
    try:
        chi_square, p = survdiff(times, seen.astype(float), label)
    except np.linalg.LinAlgError:
        # a group that nobody of was at risk when an event came has no variance
        note = "not estimable: a group was never at risk together with others when an event came"
        return LogRank(names, n, events, reason=note)
    return LogRank(names, n, events, float(chi_square), len(filled) - 1, float(p))
