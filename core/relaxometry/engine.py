"""Runs the kernels: which ones for which method, with the tables they need, slab after slab.

The rule of `auto` is here: least squares where every echo stands well above the noise, so that magnitudes
are as good as Gaussian; maximum likelihood where one does not (docs/relaxometry.md shows why). Without a
noise to go by `auto` is least squares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.relaxometry import general
from core.relaxometry.bessel import MOST_COILS, polynomials
from core.relaxometry.kernels import likelihood
from core.relaxometry.lanes import share
from core.relaxometry.unroll import MOST_ECHOES, written_out

Floats = NDArray[np.float32]

CLOSED = {"loglinear": 0, "weighted": 1, "arlo": 2}
NEEDS_NOISE = ("moment", "likelihood")

# the search for R2* ends where the signal falls by exp(-10) between the first two echoes ...
FASTEST = 10.0
# ... and where it grows by exp(2) from first to last, which noise can do and tissue cannot
SLOWEST = -2.0
# steps of the search, as a share of 1 / (echo train) + R2*
GRID_STEP = 0.125
# the single-precision search of least squares takes every third: beside the fit that came before it, it has
# only to find optima elsewhere (of 10^5 voxels at SNR 5 to 20, 2 to 5 more then differ from the oracle's)
COARSE = 3
# an echo below so many sigma is not Gaussian enough for least squares: at 5 sigma its mean is 2 % too high
DIM_LIMIT = 5.0
# a first echo below so many sigma is not told from noise (Rayleigh: 1 in 90 air voxels passes)
FLOOR = 3.0
# a noise-free decay may come out of ARLO wrong by so much, lest it be called too fast for the echoes
ARLO_BIAS = 0.02
# R2* that the careful way of the likelihood starts from, as places on the search grid
STARTS = 6
SLAB_VOXELS = 1 << 20


@dataclass(frozen=True, eq=False)
class Outputs:
    """Arrays that a fit fills, one value per voxel."""

    r2star: Floats
    se: Floats
    s0: Floats
    residual: Floats
    flags: NDArray[np.uint8]

    def part(self, start: int, stop: int) -> Outputs:
        """Views of a run of voxels."""
        return Outputs(
            self.r2star[start:stop],
            self.se[start:stop],
            self.s0[start:stop],
            self.residual[start:stop],
            self.flags[start:stop],
        )

    def arrays(self) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.uint8]]:
        """The arrays in the order of the kernels' last arguments."""
        return self.r2star, self.se, self.s0, self.residual, self.flags


class Engine:
    """A method made ready for the echo times and the noise of a series.

    Parameters
    ----------
    method : str
        One of core.relaxometry.fit.METHODS but "complex" and "offset".
    te_ms : tuple of float
        Echo times.
    sigma : float
        Noise SD; 0 for unknown.
    coils : int
        Channels of the sum of squares.
    cut : float
        Echoes from the first one below `cut` sigma on are left out; 0 to use all.

    Raises
    ------
    InputError
        If the method cannot serve: too few or too many echoes, no noise to go by.
    """

    def __init__(
        self, method: str, te_ms: tuple[float, ...], sigma: float, coils: int = 1, cut: float = 0.0
    ) -> None:
        self.method = method
        self.te_s = np.asarray(te_ms, dtype=np.float64) * 1e-3
        self.sigma = sigma
        self.coils = coils
        self.cut = cut
        self.count = len(te_ms)
        gaps = np.diff(self.te_s)
        self.even = bool(np.ptp(gaps) <= 1e-4 * gaps.mean())
        self._check()

    def _check(self) -> None:
        if self.method == "arlo" and self.count < 3:
            raise InputError("ARLO needs three echoes or more; choose another method")
        if self.method in NEEDS_NOISE and not self.sigma > 0:
            raise InputError(f"{self.method} needs the noise, which could not be told; give it with --noise")
        if not 1 <= self.coils <= MOST_COILS:
            raise InputError(f"the number of coils must be from 1 to {MOST_COILS}, not {self.coils}")
        slow = self.count > MOST_ECHOES or self.cut > 0
        if slow and self.method not in ("auto", "nlls", "loglinear", "weighted"):
            what = "leaving echoes out at the noise" if self.cut > 0 else f"more than {MOST_ECHOES} echoes"
            raise InputError(f"{self.method} does not go with {what}; choose nlls, weighted or loglinear")

    @property
    def careful(self) -> bool:
        """Whether voxels go one by one, in double precision."""
        return self.count > MOST_ECHOES or self.cut > 0

    def run(
        self, signal: Floats, first: int, inside: NDArray[np.bool_], out: Outputs, used: NDArray[np.uint8]
    ) -> None:
        """Fit the voxels from `first` on; `inside` and `out` say how many.

        `signal`: float32 (echo, voxel), contiguous; `used`: uint8 (voxel,), filled where echoes are left out,
        else of size 0.
        """
        if self.careful:
            self._run_general(signal[:, first : first + inside.size], inside, out, used)
        elif self.method in CLOSED:
            self._run_closed(signal, first, inside, out)
        elif self.method == "moment":
            self._run_squares(signal, first, inside, out, squared=True)
        else:
            self._run_squares(signal, first, inside, out, squared=False)
            if self.method == "likelihood":
                self._run_likelihood(signal, first, inside, out)
            dim = (out.flags & general.DIM) != 0
            np.bitwise_and(out.flags, np.uint8(~general.DIM & 0xFF), out=out.flags)
            if self.method == "auto" and dim.any():
                self._run_likelihood(signal, first, dim, out)

    def r2star(self, signal: Floats, out: Floats) -> None:
        """Tell R2* alone, of every voxel: what the bare estimator costs.

        `signal`: float32 (echo, voxel), contiguous; `out`: float32 (voxel,). Voxels that `run` would send to
        the double-precision fit come out as NaN.

        Raises
        ------
        InputError
            If the method has no such kernel.
        """
        if self.method in CLOSED:
            self._closed(self._closed_kernels(), signal, 0, out)
        elif self.method == "nlls" and not self.careful:
            kernels = written_out("nlls", self.count, EVEN=self.even, SQUARED=0, WHOLE=0)
            none, no_flags = np.empty(0, np.float32), np.empty(0, np.uint8)
            inside = np.ones(out.size, np.bool_)
            tables = self._square_tables(self.te_s, squared=False)
            share_kernel(kernels.fit, signal, 0, inside, *tables, out, none, none, none, no_flags)
        else:
            raise InputError(f"{self.method} does not tell R2* alone; use run")

    def _run_general(
        self, signal: Floats, inside: NDArray[np.bool_], out: Outputs, used: NDArray[np.uint8]
    ) -> None:
        grid, table, inverse_norm = search_table(self.te_s)
        code = {"loglinear": general.LOGLINEAR, "weighted": general.WEIGHTED}.get(self.method, general.NLLS)
        share_kernel(
            general.fit_block,
            code,
            signal,
            inside,
            self.te_s,
            grid,
            table,
            inverse_norm,
            self.sigma,
            self._floor(),
            self.cut * self.sigma,
            *out.arrays(),
            used,
        )

    def _closed_kernels(self) -> ModuleType:
        return written_out("closed", self.count, EVEN=self.even, METHOD=CLOSED[self.method])

    def _closed(self, kernels: ModuleType, signal: Floats, first: int, r2star: Floats) -> None:
        if self.method == "loglinear":
            centred = self.te_s - self.te_s.mean()
            slope = _single(-centred / (centred @ centred))
            share_kernel(kernels.loglinear, signal, first, slope, r2star)
        elif self.method == "weighted":
            share_kernel(kernels.weighted, signal, first, _single(self.te_s - self.te_s[0]), r2star)
        else:
            share_kernel(kernels.arlo, signal, first, simpson_weights(self.te_s), r2star)

    def _run_closed(self, signal: Floats, first: int, inside: NDArray[np.bool_], out: Outputs) -> None:
        kernels = self._closed_kernels()
        self._closed(kernels, signal, first, out.r2star)
        from_first = _single(self.te_s - self.te_s[0])
        weights = simpson_weights(self.te_s)
        fastest = arlo_fastest(self.te_s) if self.method == "arlo" else np.inf
        numbers = _single([self.te_s[0], self.sigma, self._floor(), self._freedom(), fastest])
        share_kernel(kernels.describe, signal, first, inside, from_first, weights, numbers, *out.arrays())

    def _square_tables(self, te_s: NDArray[np.float64], *, squared: bool) -> tuple[Floats, ...]:
        """Return what the kernel of least squares needs besides the signal."""
        grid, table, inverse_norm = (part[::COARSE] for part in search_table(te_s))
        if grid.size % 2:
            # the kernel tries two at once
            grid, table, inverse_norm = (
                np.concatenate([part, part[-1:]]) for part in (grid, table, inverse_norm)
            )
        spacing = (te_s[-1] - te_s[0]) / (self.count - 1)
        bias = self._bias() if squared else 0.0
        floor = self._floor() ** 2 - bias if squared else self._floor()
        dim = -np.inf if squared else self._dim()
        slowest, fastest = search_range(te_s)
        limits = [self._freedom(), slowest, fastest]
        return (
            _single(te_s - te_s[0]),
            _single([te_s[0], spacing, self.sigma, bias, floor, dim, *limits]),
            simpson_weights(te_s),
            _single(np.exp(-grid * spacing) if self.even else grid),
            _single(np.column_stack([table, inverse_norm])),
        )

    def _run_squares(
        self, signal: Floats, first: int, inside: NDArray[np.bool_], out: Outputs, *, squared: bool
    ) -> None:
        kernels = written_out("nlls", self.count, EVEN=self.even, SQUARED=squared, WHOLE=1)
        # of squared magnitudes the decay is exp(-2 R2* TE): the same fit with doubled times
        te_s = self.te_s * (2.0 if squared else 1.0)
        tables = self._square_tables(te_s, squared=squared)
        share_kernel(kernels.fit, signal, first, inside, *tables, *out.arrays())
        resisting = np.flatnonzero(out.flags & general.RESISTS)
        if resisting.size:
            self._resist(signal, first, resisting, te_s, self._bias() if squared else 0.0, out)

    def _resist(
        self,
        signal: Floats,
        first: int,
        voxels: NDArray[np.intp],
        te_s: NDArray[np.float64],
        bias: float,
        out: Outputs,
    ) -> None:
        """Fit a few voxels in double precision."""
        y = signal[:, first + voxels].astype(np.float64)
        squared = bias > 0
        grid, table, inverse_norm = search_table(te_s)
        count = voxels.size
        r2star, error, s0, rms = (np.empty(count) for _ in range(4))
        flags = np.empty(count, np.uint8)
        share_kernel(
            general.fit_block,
            general.NLLS,
            y**2 - bias if squared else y,
            np.ones(count, np.bool_),
            te_s,
            grid,
            table,
            inverse_norm,
            self.sigma**2 if squared else self.sigma,
            self._floor() ** 2 - bias if squared else self._floor(),
            0.0,
            r2star,
            error,
            s0,
            rms,
            flags,
            np.empty(0, np.uint8),
        )
        if squared:
            s0 = np.sqrt(s0)
            model = s0 * np.exp(-np.outer(self.te_s, r2star))
            rms = np.sqrt(np.sum((y - np.sqrt(model**2 + bias)) ** 2, axis=0) / self._freedom())
            # the error of a fit to squares, at their own noise at the first echo
            error = error / self.sigma**2 * np.sqrt(4 * model[0] ** 2 + 2 * bias) * self.sigma
        out.r2star[voxels], out.se[voxels], out.s0[voxels] = r2star, error, s0
        out.residual[voxels] = rms
        dim = np.uint8(0) if squared else np.where(y.min(axis=0) < self._dim(), general.DIM, 0)
        out.flags[voxels] = flags | dim

    def _bias(self) -> float:
        """Mean of squared magnitudes in air."""
        return 2.0 * self.coils * self.sigma**2

    def _dim(self) -> float:
        """Echo below which a magnitude is not Gaussian enough for least squares."""
        return float(DIM_LIMIT * np.sqrt(2.0 * self.coils - 1.0) * self.sigma)

    def _run_likelihood(self, signal: Floats, first: int, inside: NDArray[np.bool_], out: Outputs) -> None:
        fitted = polynomials(self.coils)
        grid, _, _ = search_table(self.te_s)
        # past four fifths of the grid nothing is left at the second echo; an end, that is a rise or a signal
        # in the first echo alone, may be likelier than any decay
        rates = grid[[0, *np.linspace(4, 0.8 * (grid.size - 1), STARTS).astype(int), -1]]
        decays = np.exp(-2.0 * np.outer(rates, self.te_s - self.te_s[0]))
        span = self.te_s[-1] - self.te_s[0]
        numbers = [self.te_s[0], self.sigma, self._floor(), self._freedom()]
        numbers += [grid[0], grid[-1], span, fitted.scale, self.coils]
        share_kernel(
            likelihood.fit,
            signal,
            first,
            inside,
            _single(self.te_s - self.te_s[0]),
            _single(numbers),
            fitted.ratio,
            fitted.log,
            fitted.information,
            _single(rates),
            _single(np.column_stack([decays, 1.0 / np.sum(decays**2, axis=1)])),
            *out.arrays(),
        )

    def _floor(self) -> float:
        """First echo below which a voxel is noise: the same share of air passes for any number of coils."""
        return float(np.sqrt(FLOOR**2 + 2.0 * (self.coils - 1)) * self.sigma)

    def _freedom(self) -> float:
        """Degrees of freedom of the residual; 0 makes it NaN: two echoes have none."""
        return float(self.count - 2) if self.count > 2 else float("nan")


def search_range(te_s: NDArray[np.float64]) -> tuple[float, float]:
    """Return the slowest and the fastest R2* (1/s) that the search takes for an answer."""
    return float(SLOWEST / (te_s[-1] - te_s[0])), float(FASTEST / (te_s[1] - te_s[0]))


def search_grid(te_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the R2* values (1/s) that the global search tries, rising.

    The step grows with R2* as the resolution of the echoes falls: a fraction of 1/(echo train) + R2*.
    """
    span = te_s[-1] - te_s[0]
    slowest, fastest = search_range(te_s)
    points = [slowest]
    while points[-1] < fastest:
        points.append(points[-1] + GRID_STEP * (1.0 / span + max(points[-1], 0.0)))
    points[-1] = fastest
    return np.asarray(points)


def search_table(
    te_s: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the search grid, the decays on it, (grid, echo), and one over the sum of their squares."""
    grid = search_grid(te_s)
    table = np.exp(-np.outer(grid, te_s - te_s[0]))
    return grid, table, 1.0 / np.sum(table * table, axis=1)


def simpson_weights(te_s: NDArray[np.float64]) -> Floats:
    """Weights of the integral over each three echoes through their parabola, in seconds.

    (3 (echo - 2),): all of the first echo of the three, then of the second, then of the third.
    """
    before, after = np.diff(te_s)[:-1], np.diff(te_s)[1:]
    whole = before + after
    return _single(
        np.stack(
            [
                whole / 6 * (2 - after / before),
                whole**3 / (6 * before * after),
                whole / 6 * (2 - before / after),
            ]
        ).ravel()
    )


def arlo_fastest(te_s: NDArray[np.float64]) -> float:
    """Return the R2* (1/s) above which ARLO's own answer is not to be trusted.

    Simpson's rule, or the parabola through uneven echoes, makes it wrong by more than `ARLO_BIAS` there; of
    even echoes it never tells more than 3 / spacing, however fast the decay.
    """
    before, within, after = simpson_weights(te_s).reshape(3, -1, 1)
    rates = np.geomspace(0.01 / (te_s[-1] - te_s[0]), search_range(te_s)[1], 2000)
    signal = np.exp(-np.outer(te_s - te_s[0], rates))
    area = before * signal[:-2] + within * signal[1:-1] + after * signal[2:]
    difference = signal[:-2] - signal[2:]
    pull = area + after * difference
    told = np.sum(difference * pull, axis=0) / np.sum(area * pull, axis=0)
    wrong = np.abs(told / rates - 1.0) > ARLO_BIAS
    return float(told[wrong][0]) if wrong.any() else float("inf")


def slabs(voxels: int) -> Iterator[tuple[int, int]]:
    """Cut a volume so that progress can be told and scratch stays small."""
    for start in range(0, voxels, SLAB_VOXELS):
        yield start, min(start + SLAB_VOXELS, voxels)


def share_kernel(kernel: Callable[..., None], *arguments: Any) -> None:
    """Run a kernel on all threads there are."""
    share(lambda lane, lanes: kernel(lane, lanes, *arguments))


def _single(values: Any) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float32)
