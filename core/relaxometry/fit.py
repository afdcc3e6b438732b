"""R2* maps of a multi-echo series."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Progress, Silent
from core.relaxometry import general
from core.relaxometry.noise import NoiseEstimate, estimate_sigma

METHODS = ("auto", "loglinear", "weighted", "nlls")

# the search for R2* ends where the signal falls by exp(-10) between the first two echoes ...
FASTEST = 10.0
# ... and where it grows by exp(2) from first to last, which noise can do and tissue cannot
SLOWEST = -2.0
GRID_STEP = 0.125
SLAB_VOXELS = 1 << 20


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
    sigma: float | NoiseEstimate | None = None,
    mask: NDArray[np.bool_] | None = None,
    progress: Progress | None = None,
) -> R2StarMaps:
    """Fit S(TE) = S0 exp(-TE R2*) in every voxel.

    Parameters
    ----------
    series : EchoSeries
        Two echoes or more.
    method : str
        One of `METHODS`; docs/relaxometry.md says which serves when.
    sigma : float or NoiseEstimate, optional
        Noise SD in signal units; told from the pictures if not given.
    mask : bool array, shape (slice, row, column), optional
        Voxels to fit; all if not given.
    progress : Progress, optional
        Told after every slab; cancelled() stops with InputError.

    Raises
    ------
    InputError
        If the method is unknown, the series has fewer than two echoes, or mask or sigma do not fit.
    """
    _check(series, method, mask)
    progress = progress or Silent()
    if sigma is None:
        noise = estimate_sigma(series)
    else:
        noise = sigma if isinstance(sigma, NoiseEstimate) else NoiseEstimate(float(sigma), "given", 0)
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
    )
    _fill(maps, series, mask, progress)
    return maps


def search_grid(te_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the R2* values (1/s) that the global search tries, rising.

    The step grows with R2* as the resolution of the echoes falls: a fraction of 1/(echo train) + R2*.
    """
    span, gap = te_s[-1] - te_s[0], te_s[1] - te_s[0]
    lowest, highest = SLOWEST / span, FASTEST / gap
    points = [lowest]
    while points[-1] < highest:
        points.append(points[-1] + GRID_STEP * (1.0 / span + max(points[-1], 0.0)))
    points[-1] = highest
    return np.asarray(points)


def _check(series: EchoSeries, method: str, mask: NDArray[np.bool_] | None) -> None:
    if method not in METHODS:
        raise InputError(f"there is no method {method!r}; choose one of {', '.join(METHODS)}")
    if len(series.te_ms) < 2:
        raise InputError("R2* needs two echoes or more; this series has one")
    if mask is not None and mask.shape != series.geometry.shape:
        raise InputError(
            f"the mask has shape {mask.shape}, the series {series.geometry.shape}; they must agree"
        )


def _fill(maps: R2StarMaps, series: EchoSeries, mask: NDArray[np.bool_] | None, progress: Progress) -> None:
    """Fit slab after slab into the arrays of `maps`."""
    te_s = np.asarray(series.te_ms) * 1e-3
    grid = search_grid(te_s)
    table = np.exp(-np.outer(grid, te_s - te_s[0]))
    inverse_norm = 1.0 / np.sum(table * table, axis=1)
    code = {"loglinear": general.LOGLINEAR, "weighted": general.WEIGHTED}.get(maps.method, general.NLLS)
    sigma = maps.sigma if np.isfinite(maps.sigma) else 0.0
    flat = series.magnitude.reshape(len(te_s), -1)
    voxels = flat.shape[1]
    inside: NDArray[Any] = np.ones(voxels, dtype=np.bool_) if mask is None else mask.reshape(-1)
    for start in range(0, voxels, SLAB_VOXELS):
        if progress.cancelled():
            raise InputError("the fit was stopped before it was done; nothing was kept")
        part = slice(start, min(start + SLAB_VOXELS, voxels))
        general.fit_block(
            code,
            flat[:, part],
            inside[part],
            te_s,
            grid,
            table,
            inverse_norm,
            sigma,
            3.0 * sigma,
            maps.r2star_per_s.reshape(-1)[part],
            maps.se_per_s.reshape(-1)[part],
            maps.s0.reshape(-1)[part],
            maps.residual.reshape(-1)[part],
            maps.flags.reshape(-1)[part],
        )
        progress.report(part.stop / voxels, "fitting R2*")
