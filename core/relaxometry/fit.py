"""R2* maps of a multi-echo series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Progress, Silent
from core.relaxometry import extended, general
from core.relaxometry.engine import FLOOR, Engine, Outputs, search_grid, share_kernel, slabs
from core.relaxometry.noise import NoiseEstimate, estimate_sigma

METHODS = ("auto", "loglinear", "weighted", "arlo", "nlls", "offset", "moment", "likelihood", "complex")

# echoes below so many sigma are left out where `truncate` is asked for: 1 in 90 of noise alone passes
TRUNCATION = 3.0
# what stands so many SD above nothing is no noise
BRIGHT = 5.0
# an offset and a decay slower than this share of 1/(echo train) are one and the same
SLOWEST_WITH_OFFSET = 0.03


class Flag(IntFlag):
    """What stands against a voxel's value; the bits of flags.nii.gz."""

    OUTSIDE_MASK = general.OUTSIDE_MASK
    FAILED = general.FAILED
    BELOW_NOISE = general.BELOW_NOISE
    TOO_FAST = general.TOO_FAST
    TOO_SLOW = general.TOO_SLOW


@dataclass(frozen=True, eq=False)
class R2StarMaps:
    """What a fit tells of every voxel; arrays are (slice, row, column).

    Parameters
    ----------
    r2star_per_s : float32 array
        R2* in 1/s; NaN outside the mask and where the fit failed, never 0 for that.
    se_per_s : float32 array
        Standard error of R2* in 1/s.
    s0 : float32 array
        Signal at TE = 0, in the scanner's units.
    residual : float32 array
        Root of (sum of squared residuals / degrees of freedom), in the scanner's units.
    flags : uint8 array
        Bits of `Flag`.
    geometry : Geometry
        The grid.
    method : str
        The estimator asked for.
    noise : NoiseEstimate
        Sigma and how it was found.
    te_ms : tuple of float
        Echo times used.
    field_t : float or None
        Field strength.
    echoes_used : uint8 array or None
        Echoes that each voxel's fit rests on; None where it is all of them.
    frequency_hz : float32 array or None
        Off-resonance, of the complex fit.
    """

    r2star_per_s: NDArray[np.float32]
    se_per_s: NDArray[np.float32]
    s0: NDArray[np.float32]
    residual: NDArray[np.float32]
    flags: NDArray[np.uint8]
    geometry: Geometry
    method: str
    noise: NoiseEstimate
    te_ms: tuple[float, ...]
    field_t: float | None
    echoes_used: NDArray[np.uint8] | None = None
    frequency_hz: NDArray[np.float32] | None = None

    @property
    def sigma(self) -> float:
        """Noise SD that the standard errors rest on; NaN where it could not be told."""
        return self.noise.sigma

    @property
    def reduced_chi2(self) -> NDArray[np.float32]:
        """Squared residual over squared noise: about 1 where the model holds."""
        return np.asarray(np.square(self.residual / np.float32(self.sigma)), dtype=np.float32)


def fit_r2star(
    series: EchoSeries,
    *,
    method: str = "auto",
    sigma: float | NoiseEstimate | NDArray[np.float32] | None = None,
    mask: NDArray[np.bool_] | None = None,
    coils: int = 1,
    truncate: bool = False,
    progress: Progress | None = None,
) -> R2StarMaps:
    """Fit S(TE) = S0 exp(-TE R2*) in every voxel.

    Parameters
    ----------
    series : EchoSeries
        Two echoes or more; with phase for "complex".
    method : str
        One of `METHODS`; docs/relaxometry.md says which serves when.
    sigma : float, NoiseEstimate, or float32 array of shape (slice, row, column), optional
        Noise SD in signal units, or a map of it; told from the pictures if not given.
    mask : bool array, shape (slice, row, column), optional
        Voxels to fit; all if not given.
    coils : int
        Channels combined by sum of squares, for the moment, the likelihood and `auto`.
    truncate : bool
        Leave out the echoes from the first one below 3 sigma on (loglinear, weighted, nlls, auto).
    progress : Progress, optional
        Told after every slab; cancelled() stops with InputError.

    Raises
    ------
    InputError
        If the method is unknown or cannot serve, or mask or sigma do not fit the series.
    """
    _check(series, method, mask)
    noise, sigma_map = _noise(series, sigma, coils)
    shape = series.geometry.shape
    maps = R2StarMaps(
        r2star_per_s=np.empty(shape, dtype=np.float32),
        se_per_s=np.empty(shape, dtype=np.float32),
        s0=np.empty(shape, dtype=np.float32),
        residual=np.empty(shape, dtype=np.float32),
        flags=np.empty(shape, dtype=np.uint8),
        geometry=series.geometry,
        method=method,
        noise=noise,
        te_ms=series.te_ms,
        field_t=series.field_t,
        echoes_used=np.zeros(shape, dtype=np.uint8) if truncate else None,
        frequency_hz=np.empty(shape, dtype=np.float32) if method == "complex" else None,
    )
    progress = progress or Silent()
    progress.report(0.0, "preparing the fit (some seconds, once after installation)")
    if method in ("offset", "complex"):
        if truncate:
            raise InputError(f"{method} does not go with leaving echoes out; choose nlls")
        _fill_extended(maps, series, mask, progress)
    else:
        level = 1.0 if sigma_map is not None else noise.sigma if np.isfinite(noise.sigma) else 0.0
        engine = Engine(method, series.te_ms, level, coils, TRUNCATION if truncate else 0.0)
        _fill(maps, series, mask, engine, sigma_map, progress)
    if not truncate:
        fail_gaps(maps, series, noise.sigma if sigma_map is None else sigma_map)
    return maps


def fail_gaps(maps: R2StarMaps, series: EchoSeries, sigma: float | NDArray[np.float32]) -> None:
    """Fail the voxels with an echo of nothing before a bright one: it was lost, and any fit believes it.

    `sigma`: noise SD, one or of each voxel; where it is not known, a tenth of the first echo is bright.
    """
    for number, echoes in enumerate(np.moveaxis(series.magnitude, 1, 0)):
        nothing = echoes[:-1] == 0
        if not nothing.any():
            continue
        of_slice = sigma if np.ndim(sigma) == 0 else np.asarray(sigma)[number]
        least = np.where(np.nan_to_num(of_slice) > 0, BRIGHT * np.nan_to_num(of_slice), 0.1 * echoes[0])
        later = np.maximum.accumulate(echoes[:0:-1], axis=0)[::-1]
        lost = np.any(nothing & (later > least), axis=0) & (maps.flags[number] != Flag.OUTSIDE_MASK)
        for values in (maps.r2star_per_s, maps.se_per_s, maps.s0, maps.residual):
            values[number][lost] = np.nan
        maps.flags[number][lost] = Flag.FAILED


def part_of(series: EchoSeries, *, echoes: slice = slice(None), slices: slice = slice(None)) -> EchoSeries:
    """Return some echoes and slices of a series: what a viewer fits while an echo limit is being moved.

    A voxel's fit does not depend on its neighbours, so the fit of one slice is that slice of the volume's.
    A run of echoes of all slices is not copied.
    """
    kept = range(series.geometry.shape[0])[slices]
    if len(kept) == 0 or kept.step != 1:
        raise InputError("a part of a series needs one slice or more, one beside the other")
    affine = series.geometry.affine.copy()
    affine[:, 3] = affine @ np.array([kept.start, 0.0, 0.0, 1.0])
    return replace(
        series,
        magnitude=series.magnitude[echoes, slices],
        phase=None if series.phase is None else series.phase[echoes, slices],
        te_ms=series.te_ms[echoes],
        geometry=Geometry((len(kept), *series.geometry.shape[1:]), affine),
    )


def warm(te_ms: tuple[float, ...], method: str = "auto", progress: Progress | None = None) -> None:
    """Compile what `method` needs for echoes like these, or load it from disk; meant for the background."""
    progress = progress or Silent()
    progress.report(0.0, "preparing the fit (once after installation)")
    te = np.asarray(te_ms, dtype=np.float32)
    # a bright voxel and a dim one, so that `auto` needs all it may need
    decay = np.exp(-te / te[-1]) * np.array([[[[100.0, 4.0]]]], dtype=np.float32).T.reshape(-1, 1)
    magnitude = decay.T.reshape(te.size, 1, 1, 2).astype(np.float32)
    geometry = Geometry.axial((1, 1, 2), (1.0, 1.0, 1.0))
    phase = np.zeros_like(magnitude)
    fit_r2star(EchoSeries(magnitude, te_ms, geometry, phase), method=method, sigma=1.0)
    progress.report(1.0, "the fit is ready")


def _check(series: EchoSeries, method: str, mask: NDArray[np.bool_] | None) -> None:
    if method not in METHODS:
        raise InputError(f"there is no method {method!r}; choose one of {', '.join(METHODS)}")
    if len(series.te_ms) < 2:
        raise InputError("R2* needs two echoes or more; this series has one")
    if method == "offset" and len(series.te_ms) < 4:
        raise InputError("a fit with an offset needs four echoes or more; choose another method")
    if method == "complex" and series.phase is None:
        raise InputError("the complex fit needs phase images, which this series does not have")
    if mask is not None and mask.shape != series.geometry.shape:
        raise InputError(
            f"the mask has shape {mask.shape}, the series {series.geometry.shape}; they must agree"
        )


def _noise(
    series: EchoSeries, sigma: float | NoiseEstimate | NDArray[np.float32] | None, coils: int
) -> tuple[NoiseEstimate, NDArray[np.float32] | None]:
    """Return the noise of the series, and its map where it varies."""
    if sigma is None:
        return estimate_sigma(series, coils=coils), None
    if isinstance(sigma, NoiseEstimate):
        return sigma, None
    if isinstance(sigma, np.ndarray):
        if sigma.shape != series.geometry.shape or not np.all(sigma > 0):
            raise InputError("a noise map must be positive and on the series' grid")
        return NoiseEstimate(float(np.median(sigma)), "given", sigma.size, coils), sigma
    return NoiseEstimate(float(sigma), "given", 0, coils), None


def _fill(
    maps: R2StarMaps,
    series: EchoSeries,
    mask: NDArray[np.bool_] | None,
    engine: Engine,
    sigma_map: NDArray[np.float32] | None,
    progress: Progress,
) -> None:
    """Fit slab after slab into the arrays of `maps`."""
    flat = series.magnitude.reshape(len(series.te_ms), -1)
    whole = Outputs(
        maps.r2star_per_s.reshape(-1),
        maps.se_per_s.reshape(-1),
        maps.s0.reshape(-1),
        maps.residual.reshape(-1),
        maps.flags.reshape(-1),
    )
    used = np.empty(0, np.uint8) if maps.echoes_used is None else maps.echoes_used.reshape(-1)
    for start, stop in slabs(flat.shape[1]):
        if progress.cancelled():
            raise InputError("the fit was stopped before it was done; nothing was kept")
        inside = np.ones(stop - start, np.bool_) if mask is None else mask.reshape(-1)[start:stop]
        out = whole.part(start, stop)
        if sigma_map is None:
            engine.run(flat, start, inside, out, used[start:stop])
        else:
            # the fit scales with the signal: noise of 1 everywhere, then back
            scale = sigma_map.reshape(-1)[start:stop]
            engine.run(np.ascontiguousarray(flat[:, start:stop] / scale), 0, inside, out, used[start:stop])
            np.multiply(out.s0, scale, out=out.s0)
            np.multiply(out.residual, scale, out=out.residual)
        progress.report(stop / flat.shape[1], "fitting R2*")


def _offset_search(te_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """R2* (1/s) that the fit with an offset tries, and the decays less their mean, of norm 1."""
    span = te_s[-1] - te_s[0]
    grid = search_grid(te_s)
    # two optima may lie closer together where the level is free: twice as fine
    grid = np.sort(np.concatenate([grid, 0.5 * (grid[1:] + grid[:-1])]))
    slowest = SLOWEST_WITH_OFFSET / span
    # the ends are answers no more than beyond them, so the first steps are small
    grid = np.concatenate([slowest * np.array([1.0, 1.05, 1.5]), grid[grid > 2 * slowest]])
    # at 0 a decay is no more than its mean; beside it it is the straight line that it tends to
    grid[np.abs(grid) < 1e-6 / span] = 1e-6 / span
    table = np.expm1(-np.outer(grid, te_s - te_s[0]))
    table -= table.mean(axis=1, keepdims=True)
    return grid, table / np.linalg.norm(table, axis=1, keepdims=True)


def _fill_extended(
    maps: R2StarMaps, series: EchoSeries, mask: NDArray[np.bool_] | None, progress: Progress
) -> None:
    te_s = np.asarray(series.te_ms) * 1e-3
    grid, table = _offset_search(te_s) if maps.method == "offset" else (search_grid(te_s), np.empty(0))
    sigma = maps.sigma if np.isfinite(maps.sigma) else 0.0
    # off-resonance is told modulo one turn between echoes; half a turn over the train is one step
    widest = np.pi / np.diff(te_s).min()
    turns = np.arange(-widest, widest, 0.5 * np.pi / (te_s[-1] - te_s[0]))
    flat = series.magnitude.reshape(te_s.size, -1)
    whole = Outputs(
        maps.r2star_per_s.reshape(-1),
        maps.se_per_s.reshape(-1),
        maps.s0.reshape(-1),
        maps.residual.reshape(-1),
        maps.flags.reshape(-1),
    )
    for start, stop in slabs(flat.shape[1]):
        if progress.cancelled():
            raise InputError("the fit was stopped before it was done; nothing was kept")
        inside = np.ones(stop - start, np.bool_) if mask is None else mask.reshape(-1)[start:stop]
        parts = whole.part(start, stop).arrays()
        magnitude = flat[:, start:stop]
        if maps.method == "offset":
            share_kernel(
                extended.fit_offset, magnitude, inside, te_s, grid, table, sigma, FLOOR * sigma, *parts
            )
        elif series.phase is not None and maps.frequency_hz is not None:
            phase = series.phase.reshape(te_s.size, -1)[:, start:stop]
            # no magnitude is negative or without end: with a phase it would pass for signal
            magnitude = np.where((magnitude >= 0) & np.isfinite(magnitude), magnitude, np.float32(np.nan))
            share_kernel(
                extended.fit_complex,
                magnitude * np.cos(phase),
                magnitude * np.sin(phase),
                inside,
                te_s,
                grid,
                turns,
                sigma,
                FLOOR * sigma,
                *parts,
                maps.frequency_hz.reshape(-1)[start:stop],
            )
        progress.report(stop / flat.shape[1], "fitting R2*")
