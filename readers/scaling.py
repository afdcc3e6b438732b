"""Stored values to signal, and to phase in radians, by vendor."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from readers.model import Layout, Part, Scale

DISPLAYED = "displayed values (no Philips scale slope)"

# half periods in which phase is found stored: radians, degrees, Siemens' 12 bits and 13 with sign,
# thousandths of a radian, full 16 bits
_HALF_PERIODS = (math.pi, 180.0, 2048.0, 1000 * math.pi, 4096.0, 32768.0)


def dicom_scale(
    part: Part,
    manufacturer: str,
    layout: Layout,
    *,
    slope: float | None,
    intercept: float | None,
    rescale_type: str = "",
    philips_scale: float | None = None,
) -> Scale:
    """Choose how a DICOM frame's stored values become signal or radians.

    Parameters
    ----------
    part : Part
        What the frame shows.
    manufacturer : str
        As in the header.
    layout : Layout
        For the range of stored values.
    slope, intercept : float or None
        RS and RI, Rescale Slope (0028,1053) and Intercept (0028,1052).
    rescale_type : str
        Rescale Type (0028,1054).
    philips_scale : float or None
        SS, Philips' private (2005,100E).

    Notes
    -----
    Philips: floating-point signal FP = (PV RS + RI) / (RS SS), Chenevert et al. 2014,
    doi 10.1593/tlo.13811. Real-world value maps are not used: on Philips they repeat RS and RI.
    """
    usable = slope is not None and math.isfinite(slope) and slope != 0
    rs = slope if usable and slope is not None else 1.0
    ri = intercept if intercept is not None and math.isfinite(intercept) else 0.0
    if part == "phase":
        return phase_scale(manufacturer, layout, rs, ri, rescale_type)
    if part in ("real", "imaginary") and layout.dtype[1] == "u" and ri == 0:
        # stored without a sign, as Siemens does: zero lies in the middle of the range
        return Scale(
            rs, -rs * 2.0 ** (layout.bits_stored - 1), 1.0, "stored values about the middle of their range"
        )
    philips = manufacturer.upper().startswith("PHILIPS")
    if philips and philips_scale and part != "other":
        return Scale(rs, ri, 1.0 / (rs * philips_scale), "floating-point values (Philips scale slope)")
    if philips:
        return Scale(rs, ri, 1.0, DISPLAYED)
    return Scale(rs, ri, 1.0, "rescaled values" if usable else "stored values")


def phase_scale(
    manufacturer: str, layout: Layout, slope: float, intercept: float, rescale_type: str
) -> Scale:
    """Choose what turns a phase picture's values into radians.

    The unit follows from the rescale type, or from the range that the stored bits span after rescale: one
    period. Siemens spans it with 0..4095, or -4096..4094 after rescale; Philips and GE store thousandths of
    a radian. Where 16 bits say nothing the factor is None and the values decide at load.
    """
    signed = layout.dtype[1] == "i"
    low = -(2.0 ** (layout.bits_stored - 1)) if signed else 0.0
    first, last = slope * low + intercept, slope * (low + 2.0**layout.bits_stored - 1) + intercept
    period = abs(last - first) + abs(slope)
    unit = rescale_type.strip().upper()
    if unit in ("RAD", "RADIAN", "RADIANS") or _near(period, 2 * math.pi):
        return Scale(slope, intercept, 1.0, "radians")
    if unit in ("MRAD", "MILLIRADIANS") or _near(period, 2000 * math.pi):
        return Scale(slope, intercept, 1e-3, "radians/1000")
    if unit in ("DEG", "DEGREE", "DEGREES") or _near(period, 360.0):
        return Scale(slope, intercept, math.pi / 180, "degrees")
    if manufacturer.upper().startswith("GE") and signed:
        return Scale(slope, intercept, 1e-3, "radians/1000")
    if layout.dtype[1] == "f" or layout.bits_stored > 14:
        return Scale(slope, intercept, None, "phase of unknown unit")
    centre = (first + last + abs(slope)) / 2
    return Scale(slope, intercept - centre, 2 * math.pi / period, "one period over all stored bits")


def _near(value: float, target: float) -> bool:
    return abs(value / target - 1) < 0.02


def phase_in_radians(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale a phase of unknown unit by the range that it fills.

    Parameters
    ----------
    values : float32 array, any shape
        Phase in radians, degrees, thousandths of a radian or stored bits; NaN where there is none.

    Returns
    -------
    float32 array
        Radians. The smallest known period that holds every value is taken for 2 pi.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return values
    low, high = float(finite.min()), float(finite.max())
    # [0, 2 pi) as well as [-pi, pi)
    shifted = low >= 0
    reach = high / 2 if shifted else max(-low, high)
    half = next((period for period in _HALF_PERIODS if reach <= 1.002 * period), reach)
    scaled = (values - (half if shifted else 0)) * (math.pi / half)
    return np.asarray(scaled, dtype=np.float32)
