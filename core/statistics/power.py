"""How many lesions, animals and raters a study needs: closed forms, and simulation where there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, nct, norm, t
from statsmodels.stats.proportion import proportion_confint

from core.errors import InputError
from core.progress import Progress, Silent
from core.statistics.agreement import Weights, cohen_kappa, weight_matrix
from core.statistics.mrmc import MODELS, Model, obuchowski_rockette

# what no study reads
MOST = 10_000_000


def table_for_kappa(kappa: float, margins: ArrayLike, weights: Weights = "unweighted") -> NDArray[np.float64]:
    """Return shares of a square table with these margins for both raters and this kappa.

    Two raters score one normal trait with equal error; the correlation is the one that gives the kappa.
    Categories are ordered.

    Parameters
    ----------
    margins : array, shape (categories,)
        Share of each category; sums to 1.

    Raises
    ------
    InputError
        If the margins are no shares, or kappa is not between 0 and 1.
    """
    shares = np.asarray(margins, dtype=np.float64)
    if shares.ndim != 1 or len(shares) < 2 or (shares <= 0).any() or abs(shares.sum() - 1) > 1e-9:
        raise InputError("the margins must be at least two positive shares that sum to 1")
    if not 0 <= kappa < 1:
        raise InputError(f"a planned kappa lies from 0 to below 1, not {kappa}")
    w = weight_matrix(len(shares), weights)
    expected = float(shares @ w @ shares)

    def table(correlation: float) -> NDArray[np.float64]:
        return _binned(shares, correlation)

    def away(correlation: float) -> float:
        return (float((w * table(correlation)).sum()) - expected) / (1 - expected) - kappa

    if kappa == 0:
        return table(0.0)
    if away(0.9999) < 0:
        raise InputError(
            f"no two raters with these margins are planned to a kappa of {kappa}; plan a lower one"
        )
    return table(float(brentq(away, 0.0, 0.9999, xtol=1e-7)))


def _binned(shares: NDArray[np.float64], correlation: float) -> NDArray[np.float64]:
    if correlation == 0:
        return np.outer(shares, shares)
    cuts = np.concatenate([[-8.0], norm.ppf(np.cumsum(shares)[:-1]), [8.0]])
    law = multivariate_normal(cov=[[1, correlation], [correlation, 1]])
    grid = np.array([[law.cdf([a, b]) for b in cuts] for a in cuts])
    table = np.clip(np.diff(np.diff(grid, axis=0), axis=1), 0, None)
    return np.asarray(table / table.sum())


def units_for_kappa(
    kappa: float, half_width: float, margins: ArrayLike, weights: Weights = "unweighted"
) -> int:
    """Return how many units two raters must score for a 95 % interval of kappa +- `half_width`.

    From the variance of Fleiss, Cohen and Everitt 1969 at the table of `table_for_kappa`.

    Raises
    ------
    InputError
        If the half width is not positive, or the plan is impossible.
    """
    if not 0 < half_width < 1:
        raise InputError(f"the half width of a kappa lies between 0 and 1, not {half_width}")
    units = np.ceil(_unit_variance(kappa, margins, weights) * (norm.ppf(0.975) / half_width) ** 2)
    if not units <= MOST:
        raise InputError(f"more than {MOST} units would be needed; plan for less")
    return max(2, int(units))


def kappa_half_width(kappa: float, units: int, margins: ArrayLike, weights: Weights = "unweighted") -> float:
    """Return the half width of the 95 % interval of kappa when two raters score so many units.

    The inverse of `units_for_kappa`.

    Raises
    ------
    InputError
        If there is no unit, or the plan is impossible.
    """
    if units < 2:
        raise InputError(f"a kappa needs two units, not {units}")
    return float(norm.ppf(0.975) * np.sqrt(_unit_variance(kappa, margins, weights) / units))


def _unit_variance(kappa: float, margins: ArrayLike, weights: Weights) -> float:
    # the formula is exact in shares; a large table stands for them
    counts = np.round(table_for_kappa(kappa, margins, weights) * 10_000_000).astype(np.int64)
    found = cohen_kappa(counts, weights)
    return float(found.estimate.se**2 * found.n)


def auc_variance(area: float, positives: int, negatives: int) -> float:
    """Return Hanley and McNeil's 1982 variance of an AUC (doi 10.1148/radiology.143.1.7063747)."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    return float(
        (area * (1 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2))
        / (positives * negatives)
    )


def auc_half_width(
    area: float, positives: int, negatives: int, *, raters: int = 1, correlation: float = 0.5
) -> float:
    """Return the half width of the 95 % interval of an AUC, or of the mean AUC of several fixed raters.

    Parameters
    ----------
    area : float
        From 0.5 to below 1.
    positives, negatives : int
        Units of each kind that every rater scores.
    correlation : float
        Of two raters' AUCs on the same units: the mean of R has the variance of one times
        (1 + (R - 1) correlation) / R (Obuchowski and Rockette 1995; Hillis 2005, doi 10.1002/sim.2024).

    Raises
    ------
    InputError
        If the area or a number makes no sense.
    """
    if not (0.5 <= area < 1 and positives >= 1 and negatives >= 1 and raters >= 1 and 0 <= correlation <= 1):
        raise InputError("needs an AUC from 0.5 to below 1, units of both kinds, a rater, a correlation to 1")
    mean = (1 + (raters - 1) * correlation) / raters
    return float(norm.ppf(0.975) * np.sqrt(auc_variance(area, positives, negatives) * mean))


def auc_difference_power(
    first: float, second: float, positives: int, negatives: int, *, correlation: float = 0.5
) -> float:
    """Return the chance that one rater tells two AUCs of the same units apart, two-sided at 5 %.

    Hanley and McNeil 1983 (doi 10.1148/radiology.148.3.6878708), for fixed raters.

    Parameters
    ----------
    first, second : float
        The areas, from 0.5 to below 1.
    positives, negatives : int
        Units of each kind, read both ways.
    correlation : float
        Of the two AUCs' errors; 0 for different units.

    Raises
    ------
    InputError
        If the areas are equal or outside 0.5 to 1, or the other numbers make no sense.
    """
    if not (0.5 <= first < 1 and 0.5 <= second < 1) or first == second:
        raise InputError("the two AUCs must differ and lie from 0.5 to below 1")
    if not (0 <= correlation < 1 and positives >= 1 and negatives >= 1):
        raise InputError("needs a correlation from 0 to below 1, and units of both kinds")
    a, b = (auc_variance(area, positives, negatives) for area in (first, second))
    error = np.sqrt(a + b - 2 * correlation * np.sqrt(a * b))
    return float(norm.cdf(abs(first - second) / error - norm.ppf(0.975)))


def units_for_auc_difference(
    first: float, second: float, *, correlation: float = 0.5, ratio: float = 1.0, power: float = 0.8
) -> tuple[int, int]:
    """Return the positives and negatives that `auc_difference_power` needs, `ratio` negatives per positive.

    Raises
    ------
    InputError
        As there, or if ratio or power make no sense.
    """
    if not (ratio > 0 and 0 < power < 1):
        raise InputError("needs a positive ratio, and a power between 0 and 1")

    def negatives(positives: int) -> int:
        return max(2, round(ratio * positives))

    def enough(positives: int) -> bool:
        found = auc_difference_power(first, second, positives, negatives(positives), correlation=correlation)
        return found >= power

    positives = _least(enough)
    return positives, negatives(positives)


def design_effect(per_cluster: float, correlation: float) -> float:
    """Return by how much units that share animals must be more than units that do not (Kish 1965).

    Parameters
    ----------
    per_cluster : float
        Units per animal, at least 1.
    correlation : float
        Within an animal, 0 to 1.

    Raises
    ------
    InputError
        If a number makes no sense.
    """
    if not (per_cluster >= 1 and 0 <= correlation <= 1):
        raise InputError("needs at least one unit per animal, and a correlation from 0 to 1")
    return 1 + (per_cluster - 1) * correlation


def share_half_width(share: float, units: float) -> float:
    """Return the half width of Wilson's 95 % interval of a sensitivity (or any share) of so many units.

    Raises
    ------
    InputError
        If the share lies outside 0 to 1, or there is no unit.
    """
    if not (0 <= share <= 1 and units > 0):
        raise InputError("a sensitivity lies from 0 to 1 and needs units")
    low, high = proportion_confint(share * units, units, alpha=0.05, method="wilson")
    return float(high - low) / 2


def units_for_share(share: float, half_width: float, effect: float = 1.0) -> int:
    """Return how many units give a sensitivity Wilson's interval of that half width or less.

    Parameters
    ----------
    effect : float
        The `design_effect`; the interval is that of units / effect, as clustered ones in accuracy.csv are.

    Raises
    ------
    InputError
        If the share lies outside 0 to 1, or the half width outside 0 to 0.5.
    """
    if not 0 < half_width < 0.5:
        raise InputError(f"the half width lies between 0 and 0.5, not {half_width}")
    return _least(lambda units: share_half_width(share, units / effect) <= half_width)


def paired_power(difference: float, sd: float, pairs: int) -> float:
    """Return the power of Student's paired t test, two-sided at 5 %, from the non-central t distribution.

    Parameters
    ----------
    difference : float
        Mean difference of a pair (CNR at two fields, say).
    sd : float
        SD of the differences.
    pairs : int
        Animals measured twice.

    Raises
    ------
    InputError
        If there is no difference, no spread, or fewer than two pairs.
    """
    if not (difference != 0 and sd > 0 and pairs >= 2):
        raise InputError("needs a difference, a positive SD of differences, and two pairs")
    away, df = abs(difference) / sd * np.sqrt(pairs), pairs - 1
    limit = t.ppf(0.975, df)
    return float(nct.sf(limit, df, away) + nct.cdf(-limit, df, away))


def pairs_for_difference(difference: float, sd: float, *, power: float = 0.8) -> int:
    """Return how many animals measured twice `paired_power` needs.

    Raises
    ------
    InputError
        As there, or if the power makes no sense.
    """
    if not 0 < power < 1:
        raise InputError("needs a power between 0 and 1")
    return _least(lambda pairs: paired_power(difference, sd, pairs) >= power)


def _least(enough: Callable[[int], bool]) -> int:
    """Return the least number from 2 on that is enough, for what grows with it."""
    high = 2
    while not enough(high):
        high *= 2
        if high > MOST:
            raise InputError(f"more than {MOST} units would be needed; plan for less")
    low = high // 2 + 1 if high > 2 else 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high


def simulated_power(
    significant: Callable[[np.random.Generator], bool],
    *,
    samples: int = 1000,
    seed: int = 1,
    progress: Progress | None = None,
) -> tuple[float, float]:
    """Return the share of simulated studies that reach significance, and the share's standard error.

    Parameters
    ----------
    significant : callable
        Draws one study with the generator it is given, analyses it, and tells whether p < 0.05.
    progress : Progress, optional
        cancelled() stops with InputError.

    Raises
    ------
    InputError
        If the work was stopped.
    """
    progress = progress or Silent()
    rng = np.random.default_rng(seed)
    hits = 0
    for done in range(samples):
        if progress.cancelled():
            raise InputError("the simulation was stopped; nothing was kept")
        if done % 50 == 0:
            progress.report(done / samples, "simulating studies")
        hits += significant(rng)
    return _share_found(hits, samples)


def _share_found(hits: int, samples: int) -> tuple[float, float]:
    share = hits / samples
    return share, float(np.sqrt(share * (1 - share) / samples))


def draw_mrmc(
    rng: np.random.Generator,
    areas: ArrayLike,
    *,
    raters: int,
    positives: int,
    negatives: int,
    case_share: float = 0.5,
    rater_sd: float = 0.1,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Draw a study's scores, shape (modalities, raters, cases), and the truth of its cases.

    A simple form of Roe and Metz 1997 (doi 10.1016/S1076-6332(97)80210-3): binormal scores; a share
    `case_share` of each score's variance belongs to the case, whoever reads it however; raters differ in
    their separation by `rater_sd`.
    """
    separation = np.sqrt(2) * norm.ppf(np.asarray(areas, dtype=np.float64))
    truth = np.arange(positives + negatives) < positives
    shape = (len(separation), raters, len(truth))
    of_case = rng.normal(0, np.sqrt(case_share), len(truth))
    skill = separation[:, None] + rng.normal(0, rater_sd, (len(separation), raters))
    noise = rng.normal(0, np.sqrt(1 - case_share), shape)
    return of_case + noise + skill[:, :, None] * truth, truth


def mrmc_power(
    areas: tuple[float, float],
    *,
    raters: int,
    positives: int,
    negatives: int,
    samples: int = 500,
    seed: int = 1,
    progress: Progress | None = None,
) -> dict[Model, tuple[float, float]]:
    """Return the simulated power of an Obuchowski-Rockette comparison of two AUCs, and its standard error.

    Studies are drawn by `draw_mrmc` and analysed as `mrmc.csv` is, under each view of what is random; one
    that gives no p has found nothing.

    Raises
    ------
    InputError
        If there are fewer than two raters or units of a kind, no study is to be drawn, the areas make no
        sense, or the work was stopped.
    """
    if raters < 2 or positives < 2 or negatives < 2 or samples < 1:
        raise InputError("a comparison over raters needs two raters, two units of each kind, and a study")
    if not all(0.5 <= area < 1 for area in areas):
        raise InputError("AUCs lie from 0.5 to below 1")
    found = dict.fromkeys(MODELS, 0)

    def analysed(rng: np.random.Generator) -> bool:
        scores, truth = draw_mrmc(rng, areas, raters=raters, positives=positives, negatives=negatives)
        for result in obuchowski_rockette(scores, truth, covariance="DeLong").models:
            found[result.model] += result.p < 0.05
        return True

    simulated_power(analysed, samples=samples, seed=seed, progress=progress)
    return {model: _share_found(hits, samples) for model, hits in found.items()}
