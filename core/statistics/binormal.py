"""The binormal ROC curve of rating data, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from core.errors import InputError
from core.statistics.estimate import Estimate, cluster_numbers, not_estimable

METHOD = "binormal AUC, maximum likelihood"
# scores of finer steps are put into so many classes of about equal size, as Metz, Herman and Shen 1998 do
MOST_CATEGORIES = 20
_STEPS = 200
_NO_CURVE = "no binormal curve goes through these scores"


@dataclass(frozen=True)
class Binormal:
    """The curve sensitivity = Phi(a + b Phi^-1(1 - specificity)), with standard errors and the area.

    `a` is the distance of the two normals in SDs of the positives, `b` the negatives' SD over the positives'.
    """

    auc: Estimate
    a: float = np.nan
    b: float = np.nan
    a_se: float = np.nan
    b_se: float = np.nan

    def curve(self, false_positive: ArrayLike) -> NDArray[np.float64]:
        """Return the sensitivity at each false positive share; NaN where there is no curve."""
        return np.asarray(norm.cdf(self.a + self.b * norm.ppf(np.asarray(false_positive, dtype=np.float64))))


def binormal_roc(scores: ArrayLike, positive: ArrayLike, clusters: ArrayLike | None = None) -> Binormal:
    """Fit a binormal ROC curve to scores.

    Dorfman and Alf 1969 (doi 10.1016/0022-2496(69)90019-4): Fisher's scoring on the ordered categories, the
    standard errors from the expected information; with clusters from the scores summed within each (the
    sandwich of Liang and Zeger 1986, doi 10.1093/biomet/73.1.13). The area is Phi(a / sqrt(1 + b^2)); its
    interval is symmetrical on the scale of a / sqrt(1 + b^2), so that it stays between 0 and 1.

    Parameters
    ----------
    scores : array, shape (units,)
        Rising with suspicion; NaN for none: left out and counted. More than `MOST_CATEGORIES` distinct
        scores are put into classes.
    positive : array of bool, shape (units,)
        The reference.
    clusters : array, shape (units,), optional
        The animal of each unit where units of one animal resemble each other.

    Raises
    ------
    InputError
        If scores and reference differ in length.
    """
    values, truth = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    if values.shape != truth.shape or values.ndim != 1:
        raise InputError("scores and reference must be two lists of the same length")
    given = np.isfinite(values)
    values, truth = values[given], truth[given]
    n, left_out = len(values), int((~given).sum())
    method = METHOD if clusters is None else f"{METHOD}, sandwich by cluster"

    def none(reason: str) -> Binormal:
        return Binormal(not_estimable(reason, n=n, left_out=left_out, method=method))

    if not truth.any() or truth.all():
        lacking = "negative" if n and truth.all() else "positive"
        return none(f"no unit is {lacking} in the reference")
    place = _categories(values)
    counts = np.array(
        [np.bincount(place[of], minlength=place.max() + 1) for of in (~truth, truth)], np.float64
    )
    if not _determined(counts):
        return none(f"{_NO_CURVE}: fewer than two thresholds lie inside the curve")
    theta = _fit(counts)
    if theta is None:
        return none(_NO_CURVE)
    a, b = float(theta[0]), float(theta[1])
    root = np.sqrt(1 + b**2)
    z = a / root
    spread = np.linalg.inv(_score(counts, theta)[1])
    if clusters is not None:
        index = cluster_numbers(np.asarray(clusters)[given])
        if index.max() < 2:
            note = "interval not estimable: there are fewer than three clusters"
            return Binormal(
                Estimate(float(norm.cdf(z)), n=n, left_out=left_out, method=method, reason=note), a, b
            )
        spread = spread @ _between(place, truth, index, theta) @ spread
    slope = np.array([1 / root, -a * b / root**3])
    se_z = float(np.sqrt(slope @ spread[:2, :2] @ slope))
    low, high = (float(norm.cdf(z + side * norm.ppf(0.975) * se_z)) for side in (-1, 1))
    se = float(norm.pdf(z)) * se_z
    area = Estimate(float(norm.cdf(z)), se, low, high, n, left_out, method)
    return Binormal(area, a, b, float(np.sqrt(spread[0, 0])), float(np.sqrt(spread[1, 1])))


def _categories(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the category of every score, in rising order."""
    levels, place = np.unique(values, return_inverse=True)
    if len(levels) > MOST_CATEGORIES:
        size = np.bincount(place)
        middle = (np.cumsum(size) - size / 2) / size.sum()
        place = np.unique((middle * MOST_CATEGORIES).astype(np.int64), return_inverse=True)[1][place]
    return np.asarray(place, dtype=np.int64)


def _determined(counts: NDArray[np.float64]) -> bool:
    """Tell whether two different operating points lie inside the square: two numbers need as many."""
    shares = np.cumsum(counts, axis=1)[:, :-1] / counts.sum(1, keepdims=True)
    inside = ((shares > 0) & (shares < 1)).all(0)
    points = np.unique(shares[:, inside], axis=1)
    # with points that rise in one direction alone the slope is 0 or infinite
    return points.shape[1] > 1 and bool((np.ptp(points, axis=1) > 0).all())


def _fit(counts: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return a, b and the thresholds; None where the likelihood has no maximum inside."""
    theta = _start(counts)
    best = _likelihood(counts, theta)
    for _ in range(_STEPS):
        score, information = _score(counts, theta)
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return None
        length = 1.0
        while length > 1e-6:
            trial = theta + length * step
            found = _likelihood(counts, trial)
            if found >= best - 1e-12:
                break
            length /= 2
        else:
            return None
        theta, moved = trial, float(np.abs(length * step).max())
        best = found
        if not np.isfinite(theta).all() or not 1e-3 < theta[1] < 1e3 or np.abs(theta).max() > 50:
            return None
        if moved < 1e-9:
            return theta
    return None


def _start(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a, b and the thresholds by a line through the operating points on normal axes."""
    # half a unit in every category keeps the points off the border
    shares = np.cumsum(counts + 0.5, axis=1)[:, :-1] / (counts + 0.5).sum(1, keepdims=True)
    negative, positive = norm.ppf(shares)
    b = max(0.2, float(np.polyfit(negative, positive, 1)[0]))
    return np.concatenate([[float((b * negative - positive).mean()), b], negative])


def _edges(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the thresholds of negatives and positives on their own normal axes, shape (2, cuts)."""
    a, b, cuts = theta[0], theta[1], theta[2:]
    return np.array([cuts, b * cuts - a])


def _shares(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = norm.cdf(_edges(theta))
    whole = np.concatenate([np.zeros((2, 1)), inner, np.ones((2, 1))], axis=1)
    return np.asarray(np.diff(whole, axis=1))


def _likelihood(counts: NDArray[np.float64], theta: NDArray[np.float64]) -> float:
    if theta[1] <= 0:
        return -np.inf
    shares = _shares(theta)
    if (shares <= 0).any():
        return -np.inf
    return float((counts * np.log(shares)).sum())


def _score(
    counts: NDArray[np.float64], theta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the slope of the log likelihood, and the expected information."""
    shares = _shares(theta)
    slopes = _slopes(theta)
    score = np.einsum("tpk,tk->p", slopes, counts / shares)
    information = np.einsum("tpk,tqk,tk->pq", slopes, slopes, counts.sum(1, keepdims=True) / shares)
    return np.asarray(score), np.asarray(information)


def _slopes(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how each category's share moves with each parameter, shape (2, parameters, categories)."""
    b, cuts = theta[1], theta[2:]
    density = norm.pdf(_edges(theta))
    moved = np.zeros((2, len(theta), len(cuts)))
    moved[1, 0], moved[1, 1] = -density[1], cuts * density[1]
    every = np.arange(len(cuts))
    moved[:, 2 + every, every] = density * np.array([[1.0], [b]])
    return np.asarray(np.diff(np.pad(moved, ((0, 0), (0, 0), (1, 1))), axis=2))


def _between(
    place: NDArray[np.int64], truth: NDArray[np.bool_], index: NDArray[np.int64], theta: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sum over clusters of the outer product of their scores."""
    of_category = _slopes(theta) / _shares(theta)[:, None]
    of_unit = of_category[truth.astype(np.int64), :, place]
    clusters = int(index.max()) + 1
    sums = np.zeros((clusters, len(theta)))
    np.add.at(sums, index, of_unit)
    return np.asarray(clusters / (clusters - 1) * sums.T @ sums)
