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
from core.relaxometry.line import Line, Scatter, Vials, fit_line, lines_differ_risk, saturated_from

# ICH Q2(R1), 6.3 and 7.3: detection 3.3 and quantification 10 standard deviations of the blank over slope
DETECTION_FACTOR = 3.3
QUANTIFICATION_FACTOR = 10.0
# relative: magnets and headers round (0.0632 for 0.064, 7.054 for 7), other fields differ by far more
FIELD_TOLERANCE = 0.05
# first or last echo later or earlier by more than this factor is another range
TE_FACTOR = 1.5
# pooled phantoms whose own lines would differ as much less often than this are told
DIFFERENT_PHANTOMS_RISK = 0.01


def same_field(one: float, other: float) -> bool:
    """Whether two field strengths (tesla) are one: headers round, and inferred ones are near only."""
    return abs(one - other) <= FIELD_TOLERANCE * max(one, other)


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error and 95 % interval; NaN where too few points tell it."""

    value: float
    se: float
    ci95: tuple[float, float]


@dataclass(frozen=True)
class CalibrationPoint:
    """One vial: what it holds, what was measured, and whether it counts.

    `fitted_per_s` is the line there; `standardised_residual` the residual over the SD of such a vial about
    the line, its own SD, that of iron and that between vials included.
    """

    iron_mmol_per_l: float
    r2star_per_s: float
    r2star_sd_per_s: float | None = None
    used: bool = True
    reason: str = ""
    residual_per_s: float = float("nan")
    phantom: str = ""
    iron_sd_mmol_per_l: float | None = None
    vial: str = ""
    fitted_per_s: float = float("nan")
    standardised_residual: float = float("nan")


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
        SD about the line of a vial with little iron: the scatter's scale times the median SD of the lower
        half of the vials (three at least), so that no single stated SD decides. Without SDs it is the root
        of (sum of squares / degrees of freedom).
    detection_limit_mmol_per_l, quantification_limit_mmol_per_l : float
        3.3 and 10 times `residual_sd_per_s` over the relaxivity (ICH Q2(R1), 6.3 and 7.3).
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
    date : str
        Of the scans.
    sources : mapping of str to str
        File name to SHA-256.
    scatter : {"scale", "add"}
        How scatter beyond the stated SDs was taken (core.relaxometry.line.fit_line).
    between_vials_sd_per_s : float
        That scatter, where it was added; 0 otherwise.
    notes : tuple of str
        What a person should know before using it.
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
    scatter: Scatter = "scale"
    between_vials_sd_per_s: float = 0.0
    notes: tuple[str, ...] = ()

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
        values["points"] = tuple(_point(point) for point in values["points"])
        values["notes"] = tuple(values.get("notes", ()))
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
        """Raise InputError unless the calibration is for `field_t` (tesla), which relaxivity depends on.

        The two may differ by 5 % of the calibration's: headers round, and inferred fields are near only.
        """
        if field_t is None:
            raise InputError("the scan's field strength is not known; give it with --field, in tesla")
        if not same_field(field_t, self.field_t):
            raise InputError(
                f"the calibration is for {self.field_t:g} T, the scan was made at {field_t:g} T; "
                f"calibrate with a phantom at {field_t:g} T"
            )

    def warnings(self, te_ms: Sequence[float], agent: str = "") -> tuple[str, ...]:
        """Tell where a scan differs from the phantom's in ways that do not forbid its use.

        Parameters
        ----------
        te_ms : sequence of float
            The scan's echo times; told where first or last differ from the phantom's by more than 1.5 times.
        agent : str
            The scan's agent, where it is known.
        """
        found = list(self.notes)
        if agent and self.agent and agent.strip().casefold() != self.agent.strip().casefold():
            found.append(f"the calibration is of {self.agent}, the agent here is {agent}")
        if self.te_ms and te_ms:
            factors = np.array([te_ms[0] / self.te_ms[0], te_ms[-1] / self.te_ms[-1]])
            if np.any(np.maximum(factors, 1 / factors) > TE_FACTOR):
                found.append(
                    f"the phantom was scanned with echoes {self.te_ms[0]:g} to {self.te_ms[-1]:g} ms, "
                    f"this has {te_ms[0]:g} to {te_ms[-1]:g} ms"
                )
        return tuple(found)

    def band(self, iron_mmol_per_l: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the line and the half width of its 95 % band at some iron, in 1/s, for a plot."""
        x = np.asarray(iron_mmol_per_l, dtype=float)
        slope, intercept = self.relaxivity, self.intercept
        reach = (slope.ci95[1] - slope.value) / slope.se if slope.se > 0 else 0.0
        variance = intercept.se**2 + 2 * x * self.covariance + x**2 * slope.se**2
        return intercept.value + slope.value * x, reach * np.sqrt(np.maximum(variance, 0.0))


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
    vials: Sequence[str] | None = None,
    left_out: Sequence[str] | None = None,
    scatter: Scatter = "scale",
) -> Calibration:
    """Fit R2* = intercept + relaxivity x [Fe] to vials.

    Points are weighted by 1/SD^2 where SDs are given; with SDs of iron too, the line is York's (2004, doi
    10.1119/1.1632486). Intervals are Student's (n - 2 degrees of freedom). Vials that fall below the line
    of the weaker ones are taken for saturated and left out with that reason.

    Parameters
    ----------
    iron_mmol_per_l, r2star_per_s : array, shape (vial,)
        Iron in mmol/L and R2* in 1/s; R2* may be NaN in a vial that is left out.
    sd_per_s : array, shape (vial,), optional
        Standard error of each R2*, positive.
    field_t : float
        Field strength in tesla.
    agent, matrix : str
        What was measured, in what.
    iron_sd_mmol_per_l : array, shape (vial,), optional
        Standard error of each concentration; 0 or NaN counts as exact. Needs `sd_per_s`.
    phantoms, vials : sequence of str, optional
        Phantom or date that each vial belongs to, where several are pooled, and its name there. Phantoms
        whose own lines differ get a note.
    left_out : sequence of str, optional
        Why a vial must not count; "" where it may.
    scatter : {"scale", "add"}
        Whether scatter beyond the SDs scales them (they are relative), or is added to each (they are
        measured, and vials differ besides); see core.relaxometry.line.fit_line.

    Raises
    ------
    InputError
        If there are fewer than two different concentrations, or values are missing, negative or not finite.
    """
    names = (phantoms, vials, left_out)
    points = _points(iron_mmol_per_l, r2star_per_s, sd_per_s, iron_sd_mmol_per_l, names)
    if not (np.isfinite(field_t) and field_t > 0):
        raise InputError(f"the field strength must be positive, in tesla, not {field_t}")
    # values too large for their squares give no line, which is said below
    with np.errstate(all="ignore"):
        points = _without_saturated(points, scatter)
        line = fit_line(_columns([point for point in points if point.used]), scatter)
    if not np.isfinite([line.slope, line.intercept]).all():
        raise InputError("no line goes through these vials; check the units: mmol/L and 1/s are asked for")
    if line.slope <= 0:
        raise InputError("R2* does not rise with iron in these vials; check the columns and the vials' order")
    residual_sd = _low_iron_sd(points, line)
    covariance = line.covariance
    return Calibration(
        field_t=float(field_t),
        agent=agent,
        matrix=matrix,
        relaxivity=_interval(line.slope, covariance[0, 0], line.freedom),
        intercept=_interval(line.intercept, covariance[1, 1], line.freedom),
        covariance=float(covariance[0, 1]),
        r_squared=_r_squared(points, line),
        residual_sd_per_s=residual_sd,
        detection_limit_mmol_per_l=DETECTION_FACTOR * residual_sd / line.slope,
        quantification_limit_mmol_per_l=QUANTIFICATION_FACTOR * residual_sd / line.slope,
        points=_with_residuals(points, line),
        errors="both" if any(point.iron_sd_mmol_per_l for point in points) else "r2star",
        scatter=scatter,
        between_vials_sd_per_s=line.between_sd,
        notes=_notes(points, line),
    )


def _points(
    iron: ArrayLike,
    r2star: ArrayLike,
    sd: ArrayLike | None,
    iron_sd: ArrayLike | None,
    names: tuple[Sequence[str] | None, Sequence[str] | None, Sequence[str] | None],
) -> tuple[CalibrationPoint, ...]:
    x, y = np.asarray(iron, dtype=float), np.asarray(r2star, dtype=float)
    columns = [x, y] + [np.asarray(c, dtype=float) for c in (sd, iron_sd) if c is not None]
    if x.ndim != 1 or any(column.shape != x.shape for column in columns):
        raise InputError("iron, R2* and their SDs must be columns of the same length")
    phantoms, vials, left_out = (list(given) if given is not None else [""] * x.size for given in names)
    used = np.array([not reason for reason in left_out], dtype=bool)
    if not np.isfinite(x).all() or not np.isfinite(y[used]).all() or (x < 0).any():
        raise InputError("every vial needs an iron concentration of 0 or more and an R2*, both finite")
    if sd is not None and not (np.isfinite(columns[2][used]).all() and (columns[2][used] > 0).all()):
        raise InputError("every R2* SD must be positive; leave the column out where they are not known")
    if iron_sd is not None and sd is None:
        raise InputError("errors of the iron can only be weighed against errors of R2*; give the SDs of R2*")
    if iron_sd is not None and (columns[-1] < 0).any():
        raise InputError("every SD of the iron must be 0 or more")
    return tuple(
        CalibrationPoint(
            float(x[i]),
            float(y[i]),
            None if sd is None else float(columns[2][i]),
            used=bool(used[i]),
            reason=left_out[i],
            phantom=phantoms[i],
            iron_sd_mmol_per_l=None if iron_sd is None else float(np.nan_to_num(columns[-1][i])),
            vial=vials[i],
        )
        for i in range(x.size)
    )


def _columns(points: Sequence[CalibrationPoint]) -> Vials:
    sd = [point.r2star_sd_per_s for point in points]
    return Vials(
        np.array([point.iron_mmol_per_l for point in points]),
        np.array([point.r2star_per_s for point in points]),
        np.array([1.0 if one is None else one for one in sd]),
        np.array([point.iron_sd_mmol_per_l or 0.0 for point in points]),
        bool(sd) and sd[0] is not None,
    )


def _without_saturated(
    points: tuple[CalibrationPoint, ...], scatter: Scatter
) -> tuple[CalibrationPoint, ...]:
    cut = saturated_from(_columns([point for point in points if point.used]), scatter)
    if cut is None:
        return points
    weaker = _columns([point for point in points if point.used and point.iron_mmol_per_l < cut])
    line = fit_line(weaker, scatter)
    return tuple(
        replace(
            point,
            used=False,
            reason="saturated: from here on R2* falls short of the line of the weaker vials "
            f"({line.intercept + line.slope * point.iron_mmol_per_l:.4g} 1/s)",
        )
        if point.used and point.iron_mmol_per_l >= cut
        else point
        for point in points
    )


def _low_iron_sd(points: Sequence[CalibrationPoint], line: Line) -> float:
    """SD about the line of a vial with little iron; see Calibration.residual_sd_per_s."""
    vials = _columns([point for point in points if point.used])
    lower = np.argsort(vials.x, kind="stable")[: max(3, (vials.x.size + 1) // 2)]
    low = vials.take(np.isin(np.arange(vials.x.size), lower))
    blank = replace(low, x=np.zeros_like(low.x), x_sd=np.zeros_like(low.x))
    return float(np.sqrt(line.scale * np.median(line.variance_of(blank))))


def _r_squared(points: Sequence[CalibrationPoint], line: Line) -> float:
    y, weights = _columns([point for point in points if point.used]).y, 1.0 / line.variances
    spread = float(np.sum(weights * (y - np.average(y, weights=weights)) ** 2))
    return 1.0 - line.chi2 / spread if spread > 0 else float("nan")


def _with_residuals(points: Sequence[CalibrationPoint], line: Line) -> tuple[CalibrationPoint, ...]:
    vials = _columns(points)
    fitted = line.at(vials.x)
    sd = np.sqrt(line.scale * line.variance_of(vials))
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = np.where(sd > 0, (vials.y - fitted) / sd, np.nan)
    return tuple(
        replace(
            point,
            fitted_per_s=float(fitted[i]),
            residual_per_s=float(vials.y[i] - fitted[i]),
            standardised_residual=float(standardised[i]),
        )
        for i, point in enumerate(points)
    )


def _notes(points: Sequence[CalibrationPoint], line: Line) -> tuple[str, ...]:
    used = [point for point in points if point.used]
    groups = np.unique([point.phantom for point in used], return_inverse=True)[1]
    if lines_differ_risk(_columns(used), groups, line.variances) >= DIFFERENT_PHANTOMS_RISK:
        return ()
    return (
        "the pooled phantoms' own lines differ by more than their vials scatter: the interval is too narrow",
    )


def _interval(value: float, variance: float, freedom: int) -> Estimate:
    se = float(np.sqrt(variance))
    reach = float(stats.t.ppf(0.975, freedom)) if freedom > 0 else 1.959964
    return Estimate(value, se, (value - reach * se, value + reach * se))


def _point(data: Mapping[str, Any]) -> CalibrationPoint:
    return CalibrationPoint(**{**data, **{name: _number(data.get(name)) for name in _NAN_IN_POINTS}})


def _estimate(data: Mapping[str, Any]) -> Estimate:
    low, high = data["ci95"]
    return Estimate(_number(data["value"]), _number(data["se"]), (_number(low), _number(high)))


_NAN_IN_POINTS = ("r2star_per_s", "residual_per_s", "fitted_per_s", "standardised_residual")


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _without_nan(value: Any) -> Any:
    """JSON has no NaN."""
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
