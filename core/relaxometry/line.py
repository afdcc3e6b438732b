"""The straight line from iron to R2*: weights, errors in both, scatter between vials, saturation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from core.errors import InputError

Scatter = Literal["scale", "add"]

# (pull on the slope, risk): a vial that pulls less stays, however sure its shortfall; one that pulls more
# needs less proof. So many straight calibrations lose their strongest vial: precision, but no truth
SATURATION_LIMITS = ((0.01, 0.01), (0.02, 0.05))
# no line is judged by fewer levels of iron than this
FEWEST_FOR_SATURATION = 3


@dataclass(frozen=True, eq=False)
class Vials:
    """The columns of a line: iron (mmol/L), R2* (1/s) and their SDs, all of shape (vial,).

    `known_sd` is False where `sd` is 1 for want of anything better.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    sd: NDArray[np.float64]
    x_sd: NDArray[np.float64]
    known_sd: bool

    def take(self, chosen: NDArray[np.bool_]) -> Vials:
        """Return some of the vials."""
        return Vials(self.x[chosen], self.y[chosen], self.sd[chosen], self.x_sd[chosen], self.known_sd)


@dataclass(frozen=True, eq=False)
class Line:
    """y = intercept + slope x.

    Parameters
    ----------
    slope, intercept : float
        In 1/s per mmol/L and 1/s.
    unscaled : array, shape (2, 2)
        Covariance of slope and intercept if the variances were exact.
    variances : array, shape (vial,)
        Of each vial about the line, that of iron and between vials included, in (1/s)^2.
    chi2 : float
        Weighted sum of squared residuals.
    known_sd : bool
        Whether the variances stand on stated SDs.
    covariance : array, shape (2, 2)
        Of slope and intercept, from how the vials scatter.
    between_sd : float
        SD between vials beyond their stated SDs, root mean square, in 1/s; 0 where scatter scales these.
    mean_square : float
        Mean of iron squared, which the scatter between vials refers to.
    """

    slope: float
    intercept: float
    unscaled: NDArray[np.float64]
    variances: NDArray[np.float64]
    chi2: float
    known_sd: bool
    covariance: NDArray[np.float64]
    between_sd: float
    mean_square: float

    @property
    def freedom(self) -> int:
        """Degrees of freedom."""
        return int(self.variances.size) - 2

    @property
    def scale(self) -> float:
        """Squared scale of the errors; with no degree of freedom left, the stated SDs have to do."""
        if self.freedom > 0:
            return self.chi2 / self.freedom
        return 1.0 if self.known_sd else float("nan")

    def at(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the line's R2* at iron `x`."""
        return np.asarray(self.intercept + self.slope * x)

    def variance_of(self, vials: Vials) -> NDArray[np.float64]:
        """Return the variance about the line of vials that it need not have been fitted to, unscaled."""
        between = self.between_sd**2 * _between_shape(vials.x, self.mean_square)
        return np.asarray(vials.sd**2 + between + (self.slope * vials.x_sd) ** 2)


def fit_line(vials: Vials, scatter: Scatter) -> Line:
    """Fit the line by weighted least squares or, where iron has SDs, by York's (2004) equations.

    Parameters
    ----------
    vials : Vials
        Two different iron concentrations or more.
    scatter : {"scale", "add"}
        What vials that scatter by more than their SDs tell. "scale": the SDs are relative, and their
        common scale is the scatter about the line (Birge). "add": the SDs hold what was measured, and
        vials differ besides: half of that variance is the same for all (shim), half goes with iron squared
        (pipetting), and its size makes chi-square equal its degrees of freedom (Paule and Mandel 1982, doi
        10.6028/jres.087.022). As the shares are a guess, the errors are then those that hold for any
        (HC3: MacKinnon and White 1985, doi 10.1016/0304-4076(85)90158-7). Where vials scatter by less than
        their SDs, the scale takes over.

    Raises
    ------
    InputError
        If there are fewer than two different concentrations.

    Notes
    -----
    York, Evensen, Martinez and De Basabe Delgado 2004, doi 10.1119/1.1632486, eqs 13a to 13d.
    """
    if np.unique(vials.x).size < 2:
        raise InputError("a calibration needs vials of at least two different iron concentrations")
    line = _york(vials, 0.0)
    freedom = line.freedom
    if scatter == "scale" or not vials.known_sd or freedom < 1 or line.chi2 <= freedom:
        return line

    def excess(between: float) -> float:
        return _york(vials, between).chi2 - freedom

    # with a variance this large the residuals of the first line alone weigh less than chi-square asks for
    shape = _between_shape(vials.x, float(np.mean(vials.x**2)))
    highest = 2.0 * line.chi2 / freedom * float(np.max(line.variances / shape))
    between = optimize.brentq(
        lambda variance: _york(vials, variance).chi2 - freedom, 0.0, highest, xtol=1e-12 * highest, rtol=1e-10
    )
    line = _york(vials, float(between))
    return replace(line, covariance=_robust(vials, line))


def _between_shape(x: NDArray[np.float64], mean_square: float) -> NDArray[np.float64]:
    """How the variance between vials goes with iron; about 1 on average."""
    return np.asarray(0.5 + 0.5 * x**2 / mean_square)


def _robust(vials: Vials, line: Line) -> NDArray[np.float64]:
    """Covariance of slope and intercept by the sandwich HC3, each vial's residual for its own variance."""
    weights = 1.0 / line.variances
    design = np.stack([vials.x, np.ones_like(vials.x)], axis=1)
    bread = np.linalg.inv(design.T @ (weights[:, None] * design))
    leverage = weights * np.einsum("vi,ij,vj->v", design, bread, design)
    if line.freedom < 2 or np.max(leverage) > 0.99:
        return line.covariance
    jackknifed = (vials.y - line.at(vials.x)) / (1 - leverage)
    meat = design.T @ ((weights * jackknifed)[:, None] ** 2 * design)
    return np.asarray(bread @ meat @ bread)


def _york(vials: Vials, between: float) -> Line:
    """York's iteration with a variance between vials; with exact iron its first round is the last."""
    x, y = vials.x, vials.y
    mean_square = float(np.mean(x**2))
    variance_y, variance_x = vials.sd**2 + between * _between_shape(x, mean_square), vials.x_sd**2
    slope, exact = 0.0, not variance_x.any()
    for _ in range(100):
        variances = variance_y + slope**2 * variance_x
        weights = 1.0 / variances
        total = weights.sum()
        x_mean, y_mean = weights @ x / total, weights @ y / total
        u, v = x - x_mean, y - y_mean
        beta = weights * (u * variance_y + slope * v * variance_x)
        following = float(np.sum(weights * beta * v) / np.sum(weights * beta * u))
        done = exact or abs(following - slope) <= 1e-13 * abs(following)
        slope = following
        if done:
            break
    intercept = float(y_mean - slope * x_mean)
    adjusted = x_mean + beta
    centre = weights @ adjusted / total
    of_slope = 1.0 / np.sum(weights * (adjusted - centre) ** 2)
    unscaled = np.array(
        [[of_slope, -centre * of_slope], [-centre * of_slope, 1 / total + centre**2 * of_slope]]
    )
    chi2 = float(np.sum(weights * (y - intercept - slope * x) ** 2))
    line = Line(
        slope,
        intercept,
        unscaled,
        variances,
        chi2,
        vials.known_sd,
        unscaled,
        float(np.sqrt(between)),
        mean_square,
    )
    return replace(line, covariance=unscaled * line.scale)


def saturated_from(vials: Vials, scatter: Scatter) -> float | None:
    """Return the lowest iron concentration whose R2* has left the line downwards, or None.

    From the strongest vial down: it is left out while it pulls the slope down and either falls short of the
    line of the weaker vials, or the vials bend (a square term below zero), each at a one-sided risk of 1 %
    where it pulls by 1 %, of 5 % where it pulls by 2 %. At least three concentrations remain.
    """
    cut = None
    levels = np.unique(vials.x)
    for count in range(levels.size, FEWEST_FOR_SATURATION, -1):
        top = levels[count - 1]
        kept, weaker = vials.take(vials.x <= top), vials.take(vials.x < top)
        line = fit_line(weaker, scatter)
        pull = (line.slope - fit_line(kept, scatter).slope) / abs(line.slope)
        risk = min(_shortfall_risk(line, vials.take(vials.x == top)), _bend_risk(kept, scatter))
        if not any(pull > least and risk < highest for least, highest in SATURATION_LIMITS):
            break
        cut = float(top)
    return cut


def _shortfall_risk(line: Line, top: Vials) -> float:
    """Return the chance that vials on the line of the weaker ones fall short of it as far as these do."""
    row = np.array([top.x[0], 1.0])
    own = line.variance_of(top)
    # the scatter of few vials may be small by chance: stated SDs are its floor
    scale = max(line.scale, 1.0) if line.known_sd else line.scale
    variance = scale * (row @ line.unscaled @ row + 1 / np.sum(1 / own))
    shortfall = float(np.average(line.at(top.x) - top.y, weights=1 / own))
    if variance == 0:
        return float(shortfall <= 0)
    return _upper_tail(shortfall / np.sqrt(variance), line, line.chi2, line.freedom)


def _bend_risk(vials: Vials, scatter: Scatter) -> float:
    """Return the chance that a straight line bends down as far as these vials do."""
    freedom = vials.x.size - 3
    if freedom < 1:
        return 1.0
    line = fit_line(vials, scatter)
    unit = vials.x / vials.x.max()
    root = np.sqrt(line.variances)
    design = np.stack([unit**2, unit, np.ones_like(unit)], axis=1) / root[:, None]
    coefficients = np.linalg.lstsq(design, vials.y / root, rcond=None)[0]
    chi2 = float(np.sum((vials.y / root - design @ coefficients) ** 2))
    # a bend adds to the scatter about the line: what is left about the bent one counts
    stated = vials.known_sd and line.between_sd == 0
    scale = max(chi2 / freedom, 1.0) if stated else chi2 / freedom
    variance = scale * np.linalg.inv(design.T @ design)[0, 0]
    if variance == 0:
        return float(coefficients[0] >= 0)
    return _upper_tail(float(-coefficients[0] / np.sqrt(variance)), line, chi2, freedom)


def _upper_tail(statistic: float, line: Line, chi2: float, freedom: int) -> float:
    """Normal where the stated SDs explain the scatter, Student's where the scatter had to be estimated."""
    if line.known_sd and line.between_sd == 0 and chi2 <= max(freedom, 0):
        return float(stats.norm.sf(statistic))
    return float(stats.t.sf(statistic, freedom)) if freedom > 0 else 1.0


def lines_differ_risk(vials: Vials, groups: NDArray[np.intp], variances: NDArray[np.float64]) -> float:
    """Return the chance that groups of vials of one line have lines as different as these (F test).

    Parameters
    ----------
    groups : int array, shape (vial,)
        Which phantom each vial belongs to; phantoms of fewer than two concentrations are not asked.
    variances : array, shape (vial,)
        Of each vial about the common line (`Line.variances`).
    """
    chosen = [g for g in np.unique(groups) if np.unique(vials.x[groups == g]).size >= 2]
    parts = [groups == g for g in chosen]
    freedom = sum(int(part.sum()) for part in parts) - 2 * len(parts)
    if len(parts) < 2 or freedom < 1:
        return 1.0
    separate = sum(_squares(vials, variances, part) for part in parts)
    common = _squares(vials, variances, np.isin(groups, chosen))
    ratio = (common - separate) / (2 * (len(parts) - 1)) / (separate / freedom) if separate > 0 else 0.0
    return float(stats.f.sf(ratio, 2 * (len(parts) - 1), freedom))


def _squares(vials: Vials, variances: NDArray[np.float64], part: NDArray[np.bool_]) -> float:
    """Return the weighted sum of squares of some vials about their own line."""
    root = 1.0 / np.sqrt(variances[part])
    x, y = vials.x[part], vials.y[part]
    return float(np.sum((root * (y - np.polyval(np.polyfit(x, y, 1, w=root), x))) ** 2))
