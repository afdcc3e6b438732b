"""How fast maps are made, as a share of what the memory can deliver, and beside other programs.

The roofline is a kernel that reads every echo once, adds them up and writes one float: no map can be
faster. It is measured before and after every estimator and the better time counts, because the bandwidth of
a shared machine changes from one second to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Progress
from core.relaxometry.fit import METHODS, fit_r2star
from core.relaxometry.jit import parallel_kernel

ECHOES, SPACING_MS = 12, 1.1
VOXELS = (32, 256, 256)
RUNS = 5
SIGMA = 10.0
# R2* of the simulated voxels, 1/s, and the SNR of the first echo
RATES = (5.0, 300.0)
CASES = {"loglinear": 100, "weighted": 100, "arlo": 100, "nlls": 100, "nlls at SNR 10": 10, "moment": 100,
         "likelihood": 20, "offset": 100, "auto": 100, "auto at SNR 10": 10}  # fmt: skip
# voxels given to slow methods and to other programs
FEW, FEWEST = 1 << 17, 2000


@parallel_kernel
def sum_of_echoes(signal: NDArray[np.float32], out: NDArray[np.float32], lanes: int) -> None:
    """Read every echo and write one float per voxel; signal is (echo, voxel)."""
    size = (signal.shape[1] + lanes - 1) // lanes
    for lane in numba.prange(lanes):
        # unsigned and written out: otherwise LLVM gathers, and the roof is not the memory's
        for i in range(np.uintp(lane * size), np.uintp(min((lane + 1) * size, signal.shape[1]))):
            out[i] = (
                ((signal[0, i] + signal[1, i]) + (signal[2, i] + signal[3, i]))
                + ((signal[4, i] + signal[5, i]) + (signal[6, i] + signal[7, i]))
                + ((signal[8, i] + signal[9, i]) + (signal[10, i] + signal[11, i]))
            )


def measure(progress: Progress) -> dict[str, Any]:
    """Measure roofline, estimators and peers; rates in 10^6 voxels per second."""
    lanes = numba.get_num_threads()
    series = {snr: simulated(snr, VOXELS) for snr in sorted(set(CASES.values()))}
    flat = series[100].magnitude.reshape(ECHOES, -1)
    out = np.empty(flat.shape[1], np.float32)

    def roof() -> float:
        return flat.shape[1] / fastest(lambda: sum_of_echoes(flat, out, lanes))

    roof()  # compiles
    best = roof()
    estimators = {}
    for number, (name, snr) in enumerate(CASES.items()):
        progress.report(number / (len(CASES) + 1), f"measuring {name}")
        method = name.split()[0]
        whole = series[snr] if method in METHODS[:5] or method == "nlls" else part(series[snr], FEW)
        voxels = int(np.prod(whole.geometry.shape))
        work = _fitted(whole, method)
        work()  # compiles
        rate = voxels / fastest(work)
        best = max(best, roof())
        estimators[name] = {"mvox_per_s": rate / 1e6, "snr": snr, "voxels": voxels}
    for found in estimators.values():
        found["share_of_roofline"] = found["mvox_per_s"] * 1e6 / best
    progress.report(len(CASES) / (len(CASES) + 1), "measuring other programs")
    return {
        "roofline_mvox_per_s": best / 1e6,
        "threads": lanes,
        "echoes": ECHOES,
        "estimators": estimators,
        "peers": peers(series[100]),
    }


def peers(series: EchoSeries) -> dict[str, dict[str, float]]:
    """Measure how others fit the same voxels: numpy's least squares of the logarithm, scipy's curve_fit."""
    te_s = np.asarray(series.te_ms) * 1e-3
    flat = series.magnitude.reshape(ECHOES, -1)
    few, fewest = flat[:, :FEW], flat[:, :FEWEST].astype(np.float64)
    design = np.stack([np.ones(ECHOES), -te_s], axis=1)

    def lstsq() -> None:
        np.linalg.lstsq(design, np.log(few), rcond=None)

    def scipy_fit() -> None:
        for voxel in fewest.T:
            try:
                curve_fit(lambda te, s0, rate: s0 * np.exp(-te * rate), te_s, voxel, (voxel[0], 50.0))
            except RuntimeError:
                continue  # it found no minimum; that voxel counts as done

    return {
        "numpy lstsq (log-linear)": {"mvox_per_s": few.shape[1] / fastest(lstsq, 2) / 1e6},
        "scipy curve_fit (NLLS)": {"mvox_per_s": fewest.shape[1] / fastest(scipy_fit, 1) / 1e6},
    }


def simulated(snr: float, shape: tuple[int, int, int]) -> EchoSeries:
    """Return decays with Rician noise: 12 even echoes, R2* spread over RATES, S0 = snr * SIGMA."""
    rng = np.random.default_rng(int(snr))
    te_ms = tuple(SPACING_MS * (k + 1) for k in range(ECHOES))
    rates = rng.uniform(*RATES, shape).astype(np.float32)
    magnitude = np.empty((ECHOES, *shape), np.float32)
    for k, te in enumerate(te_ms):
        clean = snr * SIGMA * np.exp(-te * 1e-3 * rates)
        noise = rng.normal(0, SIGMA, (2, *shape)).astype(np.float32)
        magnitude[k] = np.hypot(clean + noise[0], noise[1])
    return EchoSeries(magnitude, te_ms, Geometry.axial(shape, (1.0, 1.0, 1.0)), field_t=3.0)


def part(series: EchoSeries, voxels: int) -> EchoSeries:
    """Return the first voxels of a series."""
    few = series.magnitude.reshape(ECHOES, -1)[:, :voxels].reshape(ECHOES, 1, 1, -1)
    return EchoSeries(few, series.te_ms, Geometry.axial((1, 1, few.shape[-1]), (1.0, 1.0, 1.0)), field_t=3.0)


def fastest(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the shortest of some runs, in seconds."""
    times = []
    for _ in range(runs):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times)


def _fitted(series: EchoSeries, method: str) -> Callable[[], object]:
    return lambda: fit_r2star(series, method=method, sigma=SIGMA)
