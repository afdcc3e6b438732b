"""What an uneven field adds to R2*: the gradient across a slice, and the decay with it taken out.

A field that changes by f Hz from one face of a slice to the other spreads the phases within it; for a
rectangular slice the signal falls by |sinc(f TE)| besides its own decay (sinc(x) = sin(pi x) / (pi x);
Fernandez-Seara and Wehrli 2000, doi 10.1002/1522-2594(200009)44:3<358::AID-MRM3>3.0.CO;2-I; as the
voxel-spread function of one axis in Yablonskiy et al. 2013, doi 10.1002/mrm.24585). Within the slice,
where k-space is sampled, a gradient shifts the echo and costs nothing until it leaves the readout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.errors import InputError
from core.imaging.volume import EchoSeries
from core.progress import Progress, Silent
from core.relaxometry.fit import Flag, R2StarMaps
from core.relaxometry.noise import NoiseEstimate, estimate_sigma

Array = NDArray[np.float64]

# Bit of flags.nii.gz beside those of core.relaxometry.fit.Flag: the gradient alone takes more than half of
# the signal before the last echo, so that a plain fit is far off and the corrected one rests on fewer echoes
FIELD_GRADIENT_STRONG = 32
STRONG_FACTOR = 0.5
# near its zero the sinc says nothing any more: the profile of a real slice is not a rectangle
LOWEST_FACTOR = 0.2
# an echo expected below so many sigma is left out: its Rician mean is not the signal
LOWEST_SNR = 2.0
# voxels, in the plane: the field of the magnet and of the body changes slowly there, noise does not
SMOOTHING = 1.0
# 95 % point of chi-square with one degree of freedom: what a gradient must gain to be believed
GAIN = 3.84
STEPS_OF_SEARCH = 48
ITERATIONS = 25


@dataclass(frozen=True, eq=False)
class FieldGradient:
    """The field's change across a slice.

    Parameters
    ----------
    hz_per_slice : float32 array, shape (slice, row, column)
        From one face of the slice to the other, in Hz; its sign is that of the slice index, or none where
        it comes from the magnitude. NaN where it cannot be told, infinite where it is more than the echoes
        can tell.
    source : {"phase", "magnitude"}
        What it was told from.
    """

    hz_per_slice: NDArray[np.float32]
    source: Literal["phase", "magnitude"]


def field_gradient(
    series: EchoSeries,
    *,
    slice_thickness_mm: float | None = None,
    sigma: float | NoiseEstimate | None = None,
    mask: NDArray[np.bool_] | None = None,
) -> FieldGradient:
    """Tell the gradient across the slices: from phase where there is phase and a neighbour, else from decay.

    Parameters
    ----------
    series : EchoSeries
        Three echoes or more; phase in radians.
    slice_thickness_mm : float, optional
        What one slice excites; the distance of the slices if not given (no gap).
    sigma : float or NoiseEstimate, optional
        Noise SD, told from the pictures if not given; only the search in the magnitude needs it.
    mask : bool array, shape (slice, row, column), optional
        Tissue; only the search in the magnitude heeds it.

    Raises
    ------
    InputError
        If there are fewer than three echoes or the thickness is not positive.
    """
    distance = series.geometry.spacing_mm[0]
    thickness = distance if slice_thickness_mm is None else slice_thickness_mm
    if not (np.isfinite(thickness) and thickness > 0):
        raise InputError(f"the slice thickness must be positive, in mm, not {thickness}")
    if len(series.te_ms) < 3:
        raise InputError("a field gradient needs three echoes or more to be told from the decay")
    if series.phase is not None and series.geometry.shape[0] > 1:
        return FieldGradient(_from_phase(series, series.phase, thickness / distance), "phase")
    return FieldGradient(_from_magnitude(series, _noise(series, sigma), mask), "magnitude")


def sinc_factors(te_ms: tuple[float, ...], hz_per_slice: NDArray[np.floating]) -> Array:
    """Return what the gradient leaves of each echo: |sinc(f TE)|, shape (echo, ...) for f of shape (...)."""
    te_s = np.asarray(te_ms, dtype=np.float64).reshape(-1, *[1] * np.ndim(hz_per_slice)) * 1e-3
    bounded = np.where(np.isinf(hz_per_slice), 0.0, hz_per_slice)
    return np.where(np.isinf(hz_per_slice), 0.0, np.abs(np.sinc(te_s * bounded)))


def corrected_echoes(series: EchoSeries, gradient: FieldGradient) -> EchoSeries:
    """Divide every echo by what the gradient left of it; NaN where that is under a fifth.

    The noise grows with the division, so echoes like these serve to look at; `fit_with_gradient` puts the
    loss into the model and weighs all echoes rightly.
    """
    factors = sinc_factors(series.te_ms, gradient.hz_per_slice)
    with np.errstate(divide="ignore", invalid="ignore"):
        magnitude = np.where(factors >= LOWEST_FACTOR, series.magnitude / factors, np.nan)
    return EchoSeries(
        magnitude.astype(np.float32), series.te_ms, series.geometry, series.phase, series.field_t,
        series.field_source,
    )  # fmt: skip


def fit_with_gradient(
    series: EchoSeries,
    gradient: FieldGradient,
    *,
    sigma: float | NoiseEstimate | None = None,
    mask: NDArray[np.bool_] | None = None,
    progress: Progress | None = None,
) -> R2StarMaps:
    """Fit S(TE) = S0 exp(-TE R2*) |sinc(f TE)| in every voxel, f known.

    Least squares over the echoes of which the gradient leaves a fifth and which stand 2 sigma or more out
    of the noise by the fit itself; magnitudes are freed of the noise's mean, A^2 = M^2 - sigma^2
    (Gudbjartsson and Patz 1995, doi 10.1002/mrm.1910340618). The standard error is that of Cramer and Rao
    with f taken as known.

    Parameters
    ----------
    series : EchoSeries
        Three echoes or more.
    gradient : FieldGradient
        On the same grid; where it is NaN no correction is made.
    sigma : float or NoiseEstimate, optional
        Noise SD; told from the pictures if not given.
    mask : bool array, shape (slice, row, column), optional
        Voxels to fit; all if not given.
    progress : Progress, optional
        Told after every slice; cancelled() stops with InputError.

    Returns
    -------
    R2StarMaps
        Flags hold `FIELD_GRADIENT_STRONG` (32) where the gradient takes more than half of the last echo. A
        voxel with fewer than three echoes left is NaN and FAILED (two where the series has no more).

    Raises
    ------
    InputError
        If shapes differ, there are fewer than three echoes, or the work was cancelled.
    """
    shape = series.geometry.shape
    for what, data in (("gradient", gradient.hz_per_slice), ("mask", mask)):
        if data is not None and data.shape != shape:
            raise InputError(f"the {what} has shape {data.shape}, the series {shape}; they must agree")
    if len(series.te_ms) < 3:
        raise InputError("a fit with a field gradient needs three echoes or more")
    noise = _noise(series, sigma)
    progress = progress or Silent()
    level = _floor(noise)
    parts = [np.full(shape, np.nan, dtype=np.float32) for _ in range(4)]
    flags = np.zeros(shape, dtype=np.uint8)
    for k in range(shape[0]):
        if progress.cancelled():
            raise InputError("the fit was stopped before it was done; nothing was kept")
        inside = np.ones(shape[1:], dtype=bool) if mask is None else mask[k]
        hertz = gradient.hz_per_slice[k][inside].astype(np.float64)
        hertz[np.isnan(hertz)] = 0.0
        found = _fit(series.magnitude[:, k][:, inside].astype(np.float64), series.te_ms, hertz, level)
        for part, values in zip(parts, found[:4], strict=True):
            part[k][inside] = values
        flags[k] = Flag.OUTSIDE_MASK
        flags[k][inside] = found[4]
        progress.report((k + 1) / shape[0], "fitting R2* with the field's gradient")
    return R2StarMaps(
        r2star_per_s=parts[0],
        se_per_s=parts[1],
        s0=parts[2],
        residual=parts[3],
        flags=flags,
        geometry=series.geometry,
        method=f"nlls with the field's gradient from {gradient.source}",
        noise=noise,
        te_ms=series.te_ms,
        field_t=series.field_t,
    )


def _noise(series: EchoSeries, sigma: float | NoiseEstimate | None) -> NoiseEstimate:
    if sigma is None:
        return estimate_sigma(series)
    return sigma if isinstance(sigma, NoiseEstimate) else NoiseEstimate(float(sigma), "given", 0)


def _floor(noise: NoiseEstimate) -> float:
    """Noise that may be taken out of the magnitudes; residuals hold the gradient's own misfit besides."""
    told = np.isfinite(noise.sigma) and noise.method != "residual"
    return noise.sigma if told else 0.0


def _from_phase(series: EchoSeries, phase: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Slope over TE of the phase difference between neighbouring slices; no unwrapping in space is needed.

    Differences between slices lose the coil's phase that all echoes have, and what odd and even echoes of
    a two-way readout have apart. They are told as long as neighbours differ by less than half a turn
    between two echoes.
    """
    te_s = np.asarray(series.te_ms) * 1e-3
    magnitude = np.nan_to_num(series.magnitude, nan=0.0, posinf=0.0, neginf=0.0)
    signal = magnitude * np.exp(1j * np.nan_to_num(phase))
    between = signal[:, 1:] * np.conj(signal[:, :-1])
    # the voxel's own gradient is that to both neighbours, each weighing as much as it can be told
    turning = np.zeros_like(signal)
    turning[:, 1:] += between
    turning[:, :-1] += between
    sizes = (0, 0, SMOOTHING, SMOOTHING)
    turning = ndimage.gaussian_filter(turning.real, sizes) + 1j * ndimage.gaussian_filter(turning.imag, sizes)
    gaps = np.diff(te_s)
    shortest = gaps <= 1.01 * gaps.min()
    steps = (turning[1:] * np.conj(turning[:-1]))[shortest].sum(axis=0)
    rate = np.angle(steps) / gaps[shortest].mean()
    # refined over the whole train, the wraps told by the first estimate
    weights = np.abs(turning)
    rest = turning * np.exp(-1j * rate[None] * te_s[:, None, None, None])
    offset = np.angle(rest.sum(axis=0))
    angle = np.angle(rest * np.exp(-1j * offset)[None])
    times = te_s[:, None, None, None]
    total = weights.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = times - (weights * times).sum(axis=0) / total
        slope = (weights * centred * angle).sum(axis=0) / (weights * centred**2).sum(axis=0)
    hertz = (rate + slope) / (2 * np.pi) * share
    return np.where(total > 0, hertz, np.nan).astype(np.float32)


def _from_magnitude(
    series: EchoSeries, noise: NoiseEstimate, mask: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    """Search the f whose sinc, with a decay, explains the echoes of a voxel and its neighbours best.

    A sinc starts as a parabola and a decay as a line, so noise makes one look like the other: f is 0
    unless it explains clearly more (chi-square, one degree of freedom). Past the zero of the middle echo the
    sinc's side lobes can pass for a smaller f: phase is the better source wherever there is any.
    """
    te_ms = series.te_ms
    # up to where the middle echo is at its zero: past that too few echoes are left
    steps = np.linspace(0.0, 1e3 / te_ms[len(te_ms) // 2], STEPS_OF_SEARCH)
    known = np.isfinite(noise.sigma) and noise.sigma > 0
    level = noise.sigma if known else 1e-3 * float(np.nanmax(series.magnitude))
    floor = _floor(noise)
    out = np.full(series.geometry.shape, np.nan, dtype=np.float32)
    for k in range(out.shape[0]):
        echoes = series.magnitude[:, k].reshape(len(te_ms), -1).astype(np.float64)
        usable = np.isfinite(echoes).all(axis=0) & (echoes[0] > 0)
        if mask is not None:
            usable &= mask[k].ravel()
        if not usable.any():
            continue
        inside = usable.reshape(out.shape[1:]).astype(np.float64)
        weight = ndimage.gaussian_filter(inside, SMOOTHING)
        costs = np.empty((steps.size, int(usable.sum())))
        for j, hertz in enumerate(steps):
            misfit = np.zeros(usable.size)
            misfit[usable] = _misfit(echoes[:, usable], te_ms, float(hertz), floor) / level**2
            smooth = ndimage.gaussian_filter(misfit.reshape(inside.shape), SMOOTHING) / np.maximum(
                weight, 1e-9
            )
            costs[j] = smooth.ravel()[usable]
        values = _lowest(costs, steps)
        out[k].reshape(-1)[usable] = values
    return out


def _misfit(echoes: Array, te_ms: tuple[float, ...], hertz: float, floor: float) -> Array:
    """Sum of squares about a decay with this f, shape (voxel,), its rate by weighted logarithms."""
    factors = np.broadcast_to(sinc_factors(te_ms, np.array([hertz])), echoes.shape)
    signal = _free_of_noise(echoes, floor)
    te_s = np.asarray(te_ms)[:, None] * 1e-3
    left = factors >= LOWEST_FACTOR
    s0, _ = _projected(signal, factors, te_s, left, rate := _logarithmic(signal, factors, te_s, left))
    # what is expected beneath the noise is compared with its Rician mean, roughly
    model = np.hypot(s0 * factors * _decay(rate, te_s), floor)
    return np.asarray(np.sum((echoes - model) ** 2, axis=0))


def _lowest(costs: Array, steps: Array) -> Array:
    """Minimum over the search, refined by a parabola; 0 where it gains too little over no gradient."""
    at = np.clip(np.argmin(costs, axis=0), 1, steps.size - 2)
    columns = np.arange(at.size)
    left, middle, right = (costs[at + d, columns] for d in (-1, 0, 1))
    bend = left - 2 * middle + right
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(bend > 0, np.clip(0.5 * (left - right) / bend, -1, 1), 0.0)
    found = steps[at] + shift * (steps[1] - steps[0])
    # the cost is a mean over the neighbourhood: the gain of all its voxels counts
    neighbours = 4 * np.pi * SMOOTHING**2
    believed = neighbours * (costs[0] - costs.min(axis=0)) > GAIN
    found[np.argmin(costs, axis=0) == steps.size - 1] = np.inf
    return np.where(believed, found, 0.0)


def _free_of_noise(echoes: Array, sigma: float) -> Array:
    return np.sqrt(np.maximum(echoes**2 - sigma**2, 0.0))


def _fit(
    echoes: Array, te_ms: tuple[float, ...], hertz: Array, sigma: float
) -> tuple[Array, Array, Array, Array, NDArray[np.uint8]]:
    """Return R2*, its standard error, S0, residual and flags of voxels, each shape (voxel,)."""
    factors = sinc_factors(te_ms, hertz)
    flags = np.where(factors[-1] < STRONG_FACTOR, FIELD_GRADIENT_STRONG, 0).astype(np.uint8)
    good = np.isfinite(echoes).all(axis=0) & (echoes > 0).any(axis=0)
    echoes = np.where(good, echoes, 1.0)
    signal = _free_of_noise(echoes, sigma)
    left = factors >= LOWEST_FACTOR
    te_s = np.asarray(te_ms)[:, None] * 1e-3
    rate, s0, used = _least_squares(signal, factors, te_ms, left)
    # by the fit and not by the echo itself, which would keep those that noise has lifted
    for _ in range(2):
        strong = left & (s0 * factors * _decay(rate, te_s) >= LOWEST_SNR * sigma)
        rate, s0, used = _least_squares(signal, factors, te_ms, strong)
    count = used.sum(axis=0)
    model = factors * _decay(rate, te_s) * used
    residual2 = np.sum(used * (signal - s0 * model) ** 2, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = np.sqrt(residual2 / (count - 2))
        spread = sigma if sigma > 0 else residual
        # of the Fisher matrix of (S0, R2*), what is left for R2* with S0 free
        information = s0**2 * (
            np.sum((model * te_s) ** 2, axis=0)
            - np.sum(model**2 * te_s, axis=0) ** 2 / np.sum(model**2, axis=0)
        )
        error = spread / np.sqrt(information)
    told = good & (count >= 3) & np.isfinite(rate) & np.isfinite(error) & (s0 > 0)
    for where, flag in (
        (~told, Flag.FAILED),
        (good & (count < 3), Flag.BELOW_NOISE),
        (told & (rate < 1.96 * error), Flag.TOO_SLOW),
    ):
        flags[where] |= np.uint8(flag)
    values = [np.where(told, value, np.nan) for value in (rate, error, s0, residual)]
    return values[0], values[1], values[2], values[3], flags


def _least_squares(
    signal: Array, factors: Array, te_ms: tuple[float, ...], wanted: NDArray[np.bool_]
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Variable projection: S0 follows from R2*, which Gauss-Newton steps with halving find.

    Arrays are (echo, voxel). Returns R2* (1/s), S0 and the echoes used.
    """
    te_s = np.asarray(te_ms)[:, None] * 1e-3
    used = wanted & np.isfinite(signal)
    rate = _logarithmic(signal, factors, te_s, used)
    s0, cost = _projected(signal, factors, te_s, used, rate)
    for _ in range(ITERATIONS):
        model = used * factors * _decay(rate, te_s)
        slope = -s0 * model * te_s
        # the part of the slope that S0 cannot take over
        norm = np.maximum(np.sum(model**2, axis=0), 1e-300)
        slope -= model * np.sum(slope * model, axis=0) / norm
        step = np.sum(slope * (signal - s0 * model), axis=0) / np.maximum(np.sum(slope**2, axis=0), 1e-300)
        for _ in range(3):
            new_s0, new_cost = _projected(signal, factors, te_s, used, rate + step)
            worse = ~(new_cost <= cost)
            step = np.where(worse, 0.25 * step, step)
            if not worse.any():
                break
        new_s0, new_cost = _projected(signal, factors, te_s, used, rate + step)
        better = new_cost <= cost
        rate = np.where(better, rate + step, rate)
        s0, cost = np.where(better, new_s0, s0), np.where(better, new_cost, cost)
        if np.all(~better | (np.abs(step) <= 1e-7 * (1.0 + np.abs(rate)))):
            break
    return rate, s0, used


def _projected(
    signal: Array, factors: Array, te_s: Array, used: NDArray[np.bool_], rate: Array
) -> tuple[Array, Array]:
    """Return the best S0 for R2* and what is left of the sum of squares."""
    model = used * factors * _decay(rate, te_s)
    norm = np.sum(model**2, axis=0)
    s0 = np.sum(model * used * np.where(used, signal, 0.0), axis=0) / np.maximum(norm, 1e-300)
    return s0, np.sum(used * (np.where(used, signal, 0.0) - s0 * model) ** 2, axis=0)


def _logarithmic(signal: Array, factors: Array, te_s: Array, used: NDArray[np.bool_]) -> Array:
    """R2* of the straight line through the logarithms, weighted by the squared signal."""
    weight = used * signal**2
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(used & (signal > 0), np.log(signal / np.maximum(factors, 1e-6)), 0.0)
        centred = te_s - (weight * te_s).sum(axis=0) / weight.sum(axis=0)
        rate = -(weight * centred * logs).sum(axis=0) / (weight * centred**2).sum(axis=0)
    return np.asarray(np.nan_to_num(rate, nan=0.0, posinf=0.0, neginf=0.0))


def _decay(rate: Array, te_s: Array) -> Array:
    # a wild step must not overflow; it is refused by what it costs
    return np.asarray(np.exp(np.clip(-rate * te_s, -50.0, 20.0)))
