"""Fit methods of plug-ins: their numbers, our mask, flags and residuals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.volume import EchoSeries
from core.plug_ins import PlugIn, usable
from core.relaxometry.engine import FLOOR
from core.relaxometry.fit import METHODS, Flag, R2StarMaps, fail_gaps
from core.relaxometry.general import Z95
from core.relaxometry.noise import NoiseEstimate


def added_methods() -> dict[str, PlugIn]:
    """Return the fit methods of plug-ins by their names."""
    return usable("fit_methods", _fits)


def fit_added(
    plug_in: PlugIn, series: EchoSeries, noise: NoiseEstimate, mask: NDArray[np.bool_] | None
) -> R2StarMaps:
    """Fit a series by a plug-in's method.

    The plug-in is called as `fit(magnitude, te_ms, sigma)`: float32 (echo, voxel) of the voxels in the mask,
    float64 echo times in ms, and the SD of the noise in signal units (NaN where it is not known). It returns
    R2* in 1/s, its standard error in 1/s and S0, each of shape (voxel,), NaN where the fit failed.

    Raises
    ------
    InputError
        If the mask or series do not serve, or the plug-in fails or gives back what is no such result.
    """
    shape = series.geometry.shape
    if len(series.te_ms) < 2:
        raise InputError("R2* needs two echoes or more; this series has one")
    inside = np.ones(shape, np.bool_) if mask is None else mask
    if inside.shape != shape:
        raise InputError(f"the mask has shape {inside.shape}, the series {shape}; they must agree")
    te_ms = np.asarray(series.te_ms, np.float64)
    signal = np.ascontiguousarray(series.magnitude[:, inside], np.float32)
    try:
        # a copy: what is left over of it is compared with what the fit says
        given = plug_in.made(signal.copy(), te_ms.copy(), float(noise.sigma))
        rate, error, amplitude = (np.array(part, np.float32) for part in given)
    except Exception as error_:  # whatever a plug-in does, it is told as its own
        raise InputError(plug_in.failed(error_)) from error_
    if not rate.shape == error.shape == amplitude.shape == (signal.shape[1],):
        raise InputError(plug_in.failed(ValueError()))
    values = {name: np.full(shape, np.nan, np.float32) for name in ("rate", "error", "amplitude", "residual")}
    flags = np.full(shape, Flag.OUTSIDE_MASK, np.uint8)
    bad = ~(np.isfinite(rate) & np.isfinite(amplitude))
    for part in (rate, error, amplitude):
        part[bad] = np.nan
    fitted = amplitude * np.exp(-np.outer(te_ms * 1e-3, rate))
    squares = np.sum(np.square(signal - fitted, dtype=np.float64), axis=0)
    free = len(te_ms) - 2
    residual = np.sqrt(squares / free) if free else np.full_like(squares, np.nan)
    for name, part in (("rate", rate), ("error", error), ("amplitude", amplitude), ("residual", residual)):
        values[name][inside] = part
    flags[inside] = _flags(signal, te_ms, rate, error, amplitude, noise.sigma)
    maps = R2StarMaps(
        values["rate"],
        values["error"],
        values["amplitude"],
        values["residual"],
        flags,
        series.geometry,
        plug_in.name,
        noise,
        series.te_ms,
        series.field_t,
    )
    fail_gaps(maps, series, noise.sigma)
    return maps


def _flags(
    signal: NDArray[np.float32],
    te_ms: NDArray[np.float64],
    rate: NDArray[np.float32],
    error: NDArray[np.float32],
    amplitude: NDArray[np.float32],
    sigma: float,
) -> NDArray[np.uint8]:
    """Judge each voxel as our own fits are judged, by noise and echoes."""
    flags = np.where(np.isnan(rate), Flag.FAILED, 0).astype(np.uint8)
    known = sigma if np.isfinite(sigma) else 0.0
    with np.errstate(invalid="ignore"):
        flags[signal[0] < FLOOR * known] |= np.uint8(Flag.BELOW_NOISE)
        flags[amplitude * np.exp(-rate * te_ms[1] * 1e-3) < known] |= np.uint8(Flag.TOO_FAST)
        flags[(rate <= 0) | (rate < Z95 * error)] |= np.uint8(Flag.TOO_SLOW)
    return flags


def _fits(plug_in: PlugIn) -> str:
    if plug_in.name in METHODS:
        return "FerroRead has a method of this name"
    return "" if callable(plug_in.made) else "it is no function"
