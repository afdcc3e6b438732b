"""Relaxivity: the straight line from iron to R2* of one field, agent and matrix."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from core.errors import InputError
from core.files import whole_file

# ICH Q2(R1), 6.3 and 7.3: detection 3.3 and quantification 10 standard deviations of the blank over slope
DETECTION_FACTOR = 3.3
QUANTIFICATION_FACTOR = 10.0
# a vial below the line of the weaker ones by more than this many standard errors has saturated
SATURATION_LIMIT = 3.0
# no line is judged by fewer points than this
FEWEST_FOR_SATURATION = 3
FIELD_TOLERANCE = 0.05


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error and 95 % interval; NaN where too few points tell it."""

    value: float
    se: float
    ci95: tuple[float, float]


@dataclass(frozen=True)
class CalibrationPoint:
    """One vial: what it holds, what was measured, and whether it counts."""

    iron_mmol_per_l: float
    r2star_per_s: float
    r2star_sd_per_s: float | None = None
    used: bool = True
    reason: str = ""
    residual_per_s: float = float("nan")
    phantom: str = ""
    iron_sd_mmol_per_l: float | None = None


@dataclass(frozen=True)
class Calibration:
    """R2* = intercept + relaxivity x [Fe], for one field, agent and matrix.

    Parameters
    ----------
    field_t : float
        Field strength in tesla.
    agent, matrix : str
        Iron-oxide agent, and what the vials hold besides (agarose, water).
    relaxivity : Estimate
        In 1/s per mmol/L.
    intercept : Estimate
        In 1/s.
    covariance : float
        Of relaxivity and intercept.
    r_squared : float
        Weighted coefficient of determination.
    residual_sd_per_s : float
        Root of (weighted sum of squares / degrees of freedom), in 1/s of a vial of average weight.
    detection_limit_mmol_per_l, quantification_limit_mmol_per_l : float
        3.3 and 10 times the residual SD over the relaxivity (ICH Q2(R1), 6.3 and 7.3).
    points : tuple of CalibrationPoint
        All vials, those left out with the reason.
    errors : {"r2star", "both"}
        Whether iron counts as exact.
    te_ms : tuple of float
        Echo times of the phantom scan; empty for a table.
    method : str
        Estimator of the phantom's R2*; empty for a table.
    temperature_c : float or None
        Of the phantom.
    sources : mapping of str to str
        File name to SHA-256.
    """

    field_t: float
    agent: str
    matrix: str
    relaxivity: Estimate
    intercept: Estimate
    covariance: float
    r_squared: float
    residual_sd_per_s: float
    detection_limit_mmol_per_l: float
    quantification_limit_mmol_per_l: float
    points: tuple[CalibrationPoint, ...]
    errors: Literal["r2star", "both"] = "r2star"
    te_ms: tuple[float, ...] = ()
    method: str = ""
    temperature_c: float | None = None
    date: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the calibration as docs and contract name it."""
        data = asdict(self)
        data["relaxivity_per_s_per_mmol_per_l"] = data.pop("relaxivity")
        data["intercept_per_s"] = data.pop("intercept")
        return dict(_without_nan(data))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        """Rebuild what `as_json` gave; KeyError, TypeError or ValueError if it is something else."""
        values = dict(data)
        values["relaxivity"] = _estimate(values.pop("relaxivity_per_s_per_mmol_per_l"))
        values["intercept"] = _estimate(values.pop("intercept_per_s"))
        values["points"] = tuple(
            CalibrationPoint(**{**point, "residual_per_s": _number(point.get("residual_per_s"))})
            for point in values["points"]
        )
        values["te_ms"] = tuple(float(te) for te in values.get("te_ms", ()))
        for name in ("covariance", "r_squared", "residual_sd_per_s"):
            values[name] = _number(values[name])
        for name in ("detection_limit_mmol_per_l", "quantification_limit_mmol_per_l"):
            values[name] = _number(values[name])
        values["field_t"] = float(values["field_t"])
        return cls(**values)

    def save(self, path: Path, *, force: bool = False) -> None:
        """Write the calibration as JSON, whole or not at all."""
        with whole_file(path, force=force) as draft:
            text = json.dumps(self.as_json(), indent=2, ensure_ascii=False)
            draft.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read a calibration.

        Raises
        ------
        InputError
            If the file is missing or is no calibration.
        """
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); name a calibration file") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}: is no calibration; make one with `ferroread calibrate`") from error

    def check_field(self, field_t: float | None) -> None:
        """Raise InputError unless the calibration is for `field_t` (tesla), which relaxivity depends on."""
        if field_t is None:
            raise InputError("the scan's field strength is not known; give it with --field, in tesla")
        if abs(field_t - self.field_t) > FIELD_TOLERANCE * self.field_t:
            raise InputError(
                f"the calibration is for {self.field_t:g} T, the scan was made at {field_t:g} T; "
                f"calibrate with a phantom at {field_t:g} T"
            )

    def warnings(self, te_ms: Sequence[float], agent: str = "") -> tuple[str, ...]:
        """Tell where the scan differs from the phantom's in ways that do not forbid its use."""
        found = []
        if agent and self.agent and agent != self.agent:
            found.append(f"the calibration is of {self.agent}, the agent here is {agent}")
        if self.te_ms and te_ms and (te_ms[0] > 1.5 * self.te_ms[0] or te_ms[-1] < 0.67 * self.te_ms[-1]):
            found.append(
                f"the phantom was scanned with echoes {self.te_ms[0]:g} to {self.te_ms[-1]:g} ms, "
                f"this has {te_ms[0]:g} to {te_ms[-1]:g} ms"
            )
        return tuple(found)


def fit_calibration(
    iron_mmol_per_l: ArrayLike,
    r2star_per_s: ArrayLike,
    sd_per_s: ArrayLike | None = None,
    *,
    field_t: float,
    agent: str = "",
    matrix: str = "",
    iron_sd_mmol_per_l: ArrayLike | None = None,
    phantoms: Sequence[str] | None = None,
) -> Calibration:
    """Fit R2* = intercept + relaxivity x [Fe] to vials.

    Points are weighted by 1/SD^2 where SDs are given. The SDs are taken as relative: the scatter about the
    line scales the standard errors, and the intervals are Student's (n - 2 degrees of freedom). With SDs of
    iron too, the line is York's (2004, doi 10.1119/1.1632486). Vials that fall below the line of the weaker
    ones are taken for saturated and left out with that reason.

    Parameters
    ----------
    iron_mmol_per_l, r2star_per_s : array, shape (vial,)
        Iron in mmol/L and R2* in 1/s.
    sd_per_s : array, shape (vial,), optional
        Standard error of each R2*, positive.
    field_t : float
        Field strength in tesla.
    agent, matrix : str
        What was measured, in what.
    iron_sd_mmol_per_l : array, shape (vial,), optional
        Standard error of each concentration; 0 or NaN counts as exact.
    phantoms : sequence of str, optional
        Phantom or date that each vial belongs to, where several are pooled.

    Raises
    ------
    InputError
        If there are fewer than two different concentrations, or values are missing, negative or not finite.
    """
    points = _points(iron_mmol_per_l, r2star_per_s, sd_per_s, iron_sd_mmol_per_l, phantoms)
    if not (np.isfinite(field_t) and field_t > 0):
        raise InputError(f"the field strength must be positive, in tesla, not {field_t}")
    points = _without_saturated(points)
    line = _line(points)
    return _calibration(points, line, field_t, agent, matrix)


@dataclass(frozen=True)
class _Line:
    slope: float
    intercept: float
    # of slope, of both, of intercept, before scaling by the scatter
    covariance: NDArray[np.float64]
    weights: NDArray[np.float64]
    chi2: float
    known_sd: bool

    @property
    def freedom(self) -> int:
        return int(self.weights.size) - 2

    def scale(self) -> float:
        """Squared scale of the standard errors; with no degree of freedom left, the given SDs have to do."""
        if self.freedom > 0:
            return self.chi2 / self.freedom
        return 1.0 if self.known_sd else float("nan")


def _points(
    iron: ArrayLike,
    r2star: ArrayLike,
    sd: ArrayLike | None,
    iron_sd: ArrayLike | None,
    phantoms: Sequence[str] | None,
) -> tuple[CalibrationPoint, ...]:
    x, y = np.asarray(iron, dtype=float), np.asarray(r2star, dtype=float)
    columns = [x, y] + [np.asarray(c, dtype=float) for c in (sd, iron_sd) if c is not None]
    if x.ndim != 1 or any(column.shape != x.shape for column in columns):
        raise InputError("iron, R2* and their SDs must be columns of the same length")
    if not np.isfinite(x).all() or not np.isfinite(y).all() or (x < 0).any():
        raise InputError("every vial needs an iron concentration of 0 or more and an R2*, both finite")
    if sd is not None and not (np.isfinite(columns[2]).all() and (columns[2] > 0).all()):
        raise InputError("every R2* SD must be positive; leave the column out where they are not known")
    names = list(phantoms) if phantoms is not None else [""] * x.size
    return tuple(
        CalibrationPoint(
            float(x[i]),
            float(y[i]),
            None if sd is None else float(columns[2][i]),
            phantom=names[i],
            iron_sd_mmol_per_l=None if iron_sd is None else float(np.nan_to_num(columns[-1][i])),
        )
        for i in range(x.size)
    )


def _columns(points: Sequence[CalibrationPoint]) -> tuple[NDArray[np.float64], ...]:
    x = np.array([p.iron_mmol_per_l for p in points])
    y = np.array([p.r2star_per_s for p in points])
    sd = np.array([1.0 if p.r2star_sd_per_s is None else p.r2star_sd_per_s for p in points])
    x_sd = np.array([p.iron_sd_mmol_per_l or 0.0 for p in points])
    return x, y, sd, x_sd


def _line(points: Sequence[CalibrationPoint]) -> _Line:
    used = [p for p in points if p.used]
    x, y, sd, x_sd = _columns(used)
    if np.unique(x).size < 2:
        raise InputError("a calibration needs vials of at least two different iron concentrations")
    slope = float(np.polyfit(x, y, 1, w=1 / sd)[0])
    at = x
    # York's iteration; with exact iron its first round is weighted least squares
    for _ in range(100):
        weights = 1.0 / (sd**2 + (slope * x_sd) ** 2)
        x_mean, y_mean = np.average(x, weights=weights), np.average(y, weights=weights)
        u, v = x - x_mean, y - y_mean
        beta = weights * (u * sd**2 + slope * v * x_sd**2)
        following = float(np.sum(weights * beta * v) / np.sum(weights * beta * u))
        at = x_mean + beta
        done = abs(following - slope) <= 1e-13 * abs(following)
        slope = following
        if done:
            break
    intercept = float(y_mean - slope * x_mean)
    centre = np.average(at, weights=weights)
    variance = 1.0 / np.sum(weights * (at - centre) ** 2)
    covariance = np.array(
        [[variance, -centre * variance], [-centre * variance, 1 / weights.sum() + centre**2 * variance]]
    )
    chi2 = float(np.sum(weights * (y - intercept - slope * x) ** 2))
    known = used[0].r2star_sd_per_s is not None
    return _Line(slope, intercept, covariance, weights, chi2, known)


def _without_saturated(points: tuple[CalibrationPoint, ...]) -> tuple[CalibrationPoint, ...]:
    """Leave out the vials from the first that falls below the line of all weaker ones."""
    result = list(points)
    levels = sorted({p.iron_mmol_per_l for p in points})
    for level in levels:
        weaker = [p for p in points if p.iron_mmol_per_l < level]
        here = [p for p in points if p.iron_mmol_per_l == level]
        if len({p.iron_mmol_per_l for p in weaker}) < FEWEST_FOR_SATURATION:
            continue
        line = _line(weaker)
        expected = line.intercept + line.slope * level
        row = np.array([level, 1.0])
        # the scatter of few points may be small by chance; known SDs are the floor
        scale = max(line.scale(), 1.0) if line.known_sd else line.scale()
        limit = SATURATION_LIMIT if line.known_sd else float(stats.t.ppf(0.9987, line.freedom))
        shortfall = [
            (expected - p.r2star_per_s)
            / np.sqrt(scale * (row @ line.covariance @ row + (p.r2star_sd_per_s or 1.0) ** 2))
            for p in here
        ]
        if np.mean(shortfall) * np.sqrt(len(here)) > limit:
            reason = f"R2* falls short of the line of the weaker vials ({expected:.4g} 1/s): saturated"
            result = [
                replace(p, used=False, reason=reason) if p.iron_mmol_per_l >= level else p for p in result
            ]
            break
    return tuple(result)


def _calibration(
    points: tuple[CalibrationPoint, ...], line: _Line, field_t: float, agent: str, matrix: str
) -> Calibration:
    used = [p for p in points if p.used]
    _, y, _, _ = _columns(used)
    spread = float(np.sum(line.weights * (y - np.average(y, weights=line.weights)) ** 2))
    covariance = line.covariance * line.scale()
    # scatter of a vial of average weight
    residual_sd = float(np.sqrt(line.scale() / line.weights.mean()))
    if line.slope <= 0:
        raise InputError("R2* does not rise with iron in these vials; check the columns and the vials' order")
    return Calibration(
        field_t=float(field_t),
        agent=agent,
        matrix=matrix,
        relaxivity=_interval(line.slope, covariance[0, 0], line.freedom),
        intercept=_interval(line.intercept, covariance[1, 1], line.freedom),
        covariance=float(covariance[0, 1]),
        r_squared=1.0 - line.chi2 / spread if spread > 0 else float("nan"),
        residual_sd_per_s=residual_sd,
        detection_limit_mmol_per_l=DETECTION_FACTOR * residual_sd / line.slope,
        quantification_limit_mmol_per_l=QUANTIFICATION_FACTOR * residual_sd / line.slope,
        points=tuple(
            replace(p, residual_per_s=p.r2star_per_s - line.intercept - line.slope * p.iron_mmol_per_l)
            for p in points
        ),
        errors="both" if any(p.iron_sd_mmol_per_l for p in points) else "r2star",
    )


def _interval(value: float, variance: float, freedom: int) -> Estimate:
    se = float(np.sqrt(variance))
    reach = float(stats.t.ppf(0.975, freedom)) if freedom > 0 else 1.959964
    return Estimate(value, se, (value - reach * se, value + reach * se))


def _estimate(data: Mapping[str, Any]) -> Estimate:
    low, high = data["ci95"]
    return Estimate(_number(data["value"]), _number(data["se"]), (_number(low), _number(high)))


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _without_nan(value: Any) -> Any:
    """JSON has no NaN."""
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
