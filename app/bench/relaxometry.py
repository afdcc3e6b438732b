"""How fast maps are made, as a share of what the memory can deliver, and beside other programs.

The roofline is a kernel that reads every echo once, adds them up and writes one float: no map can be
faster. It is measured before every run of every estimator, over as many voxels as the memory notices, and the
median of the ratios is the share, because the bandwidth of a shared machine changes from one second to the
next; of two threads it has two modes, so one thread is measured too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from app.workers import fit_threads
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Progress
from core.relaxometry import lanes
from core.relaxometry.engine import Engine, Outputs
from core.relaxometry.unroll import written_out

ECHOES, SPACING_MS = 12, 1.1
VOXELS = (32, 256, 256)
RUNS = 15
SIGMA = 10.0
# R2* of the simulated voxels, 1/s, and where every echo stays well above the noise at SNR 100
RATES, SLOW_RATES = (3.0, 800.0), (3.0, 200.0)
# voxels given to slow methods and to other programs
FEW, FEWER, FEWEST = 1 << 18, 1 << 17, 2000


@dataclass(frozen=True)
class Case:
    """One estimator on one kind of data."""

    name: str
    method: str
    snr: float = 100.0
    rates: tuple[float, float] = RATES
    even: bool = True
    whole: bool = True
    voxels: int = VOXELS[0] * VOXELS[1] * VOXELS[2]


CASES = (
    Case("arlo", "arlo", whole=False),
    Case("loglinear", "loglinear", whole=False),
    Case("weighted", "weighted", whole=False),
    Case("nlls", "nlls", whole=False),
    Case("nlls, SNR 10", "nlls", snr=10, whole=False),
    Case("nlls, any echo times", "nlls", even=False, whole=False),
    Case("moment", "moment"),
    Case("likelihood", "likelihood", voxels=FEW),
    Case("likelihood, SNR 20", "likelihood", snr=20, voxels=FEW),
    Case("auto, least squares serves", "auto", rates=SLOW_RATES),
    Case("auto, likelihood asked for", "auto", snr=20, voxels=FEW),
    Case("offset", "offset", voxels=1 << 14),
)


def measure(progress: Progress) -> dict[str, Any]:
    """Measure roofline, estimators and peers; rates in 10^6 voxels per second.

    "whole" says whether standard error, S0, residual and flags are written too, or R2* alone.
    """
    most = os.cpu_count() or 1
    found: dict[str, Any] = {"echoes": ECHOES, "threads": most}
    by_threads = {}
    counts = sorted({1, most}, reverse=True)
    for turn, count in enumerate(counts):
        with fit_threads(count):
            by_threads[count] = _measure(progress, turn, len(counts) + 1)
    found |= by_threads[most]
    found["one_thread"] = by_threads[1]
    progress.report(len(counts) / (len(counts) + 1), "measuring other programs")
    found["peers"] = peers(simulated(Case("", "", rates=SLOW_RATES, voxels=FEWER)))
    return found


def _measure(progress: Progress, turn: int, turns: int) -> dict[str, Any]:
    roofs: list[float] = []
    estimators: dict[str, dict[str, Any]] = {}
    most = simulated(CASES[0]).magnitude.reshape(ECHOES, -1)
    for number, case in enumerate(CASES):
        progress.report((turn + number / len(CASES)) / turns, f"measuring {case.name}")
        series = simulated(case)
        work = prepared(series, case)
        work()  # compiles
        seconds, beside = beside_roofline(most, work)
        roofs += beside
        rates = case.voxels / np.asarray(seconds)
        estimators[case.name] = {
            "mvox_per_s": float(np.median(rates)) / 1e6,
            "share_of_roofline": float(np.median(rates / np.asarray(beside))),
            "snr": case.snr,
            "whole": case.whole,
            "voxels": case.voxels,
        }
    return {"roofline_mvox_per_s": float(np.median(roofs)) / 1e6, "estimators": estimators}


def beside_roofline(
    signal: NDArray[np.float32], work: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Return the seconds of some runs of `work`, and the roofline just before each, voxels/s."""
    out = np.empty(signal.shape[1], np.float32)
    sum_of_echoes(signal, out)
    times, roofs = [], []
    for _ in range(RUNS):
        roofs.append(signal.shape[1] / fastest(lambda: sum_of_echoes(signal, out), 2))
        times.append(fastest(work, 2))
    return times, roofs


def sum_of_echoes(signal: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Read every echo and write one float per voxel; `signal` is (echo, voxel)."""
    kernels = written_out("closed", len(signal), EVEN=True, METHOD=0)
    lanes.share(lambda lane, count: kernels.roofline(lane, count, signal, 0, out))


def prepared(series: EchoSeries, case: Case) -> Callable[[], object]:
    """Return the work to be timed, with its outputs made and touched."""
    signal = series.magnitude.reshape(len(series.te_ms), -1)
    voxels = signal.shape[1]
    engine = Engine(case.method, series.te_ms, SIGMA) if case.method != "offset" else None
    if engine is None:
        from core.relaxometry.fit import fit_r2star

        return lambda: fit_r2star(series, method=case.method, sigma=SIGMA)
    if not case.whole:
        alone = np.zeros(voxels, np.float32)
        return lambda: engine.r2star(signal, alone)
    floats = (np.zeros(voxels, np.float32) for _ in range(4))
    out = Outputs(*floats, flags=np.zeros(voxels, np.uint8))
    inside = np.ones(voxels, np.bool_)
    unused = np.empty(0, np.uint8)
    return lambda: engine.run(signal, 0, inside, out, unused)


def peers(series: EchoSeries) -> dict[str, dict[str, float]]:
    """Measure how others fit the same voxels: numpy, scipy, and ukat and tedana where they are installed."""
    te_s = np.asarray(series.te_ms) * 1e-3
    flat = series.magnitude.reshape(ECHOES, -1)
    fewest = flat[:, :FEWEST].astype(np.float64)
    design = np.stack([np.ones(ECHOES), -te_s], axis=1)

    def lstsq() -> None:
        np.linalg.lstsq(design, np.log(flat), rcond=None)

    def scipy_fit() -> None:
        for voxel in fewest.T:
            try:
                curve_fit(lambda te, s0, rate: s0 * np.exp(-te * rate), te_s, voxel, (voxel[0], 50.0))
            except RuntimeError:
                continue  # it found no minimum; that voxel counts as done

    found = {
        "numpy lstsq (log-linear)": {"mvox_per_s": flat.shape[1] / fastest(lstsq, 2) / 1e6},
        "scipy curve_fit (NLLS)": {"mvox_per_s": fewest.shape[1] / fastest(scipy_fit, 1) / 1e6},
    }
    if find_spec("ukat"):
        found["ukat (NLLS)"] = {"mvox_per_s": _ukat(fewest, np.asarray(series.te_ms))}
    if find_spec("tedana"):
        found["tedana (log-linear)"] = {"mvox_per_s": _tedana(flat, np.asarray(series.te_ms))}
    return found


def _ukat(fewest: NDArray[np.float64], te_ms: NDArray[np.float64]) -> float:
    from ukat.mapping.t2star import T2Star

    pixels = fewest.T.reshape(-1, 1, 1, te_ms.size)
    seconds = fastest(lambda: T2Star(pixels, te_ms, np.eye(4), method="2p_exp", multithread=False), 1)
    return float(fewest.shape[1] / seconds / 1e6)


def _tedana(flat: NDArray[np.float32], te_ms: NDArray[np.float64]) -> float:
    from tedana.decay import fit_loglinear

    data = np.ascontiguousarray(flat.T[:, :, np.newaxis])
    mask = np.full(flat.shape[1], te_ms.size)
    seconds = fastest(lambda: fit_loglinear(data, te_ms, mask, report=False), 2)
    return float(flat.shape[1] / seconds / 1e6)


def simulated(case: Case) -> EchoSeries:
    """Return decays with Rician noise: 12 echoes, R2* spread over the case's range, S0 = SNR x SIGMA."""
    rng = np.random.default_rng(int(case.snr))
    te_ms = tuple(SPACING_MS * (k + 1) for k in range(ECHOES))
    if not case.even:
        te_ms = tuple(te * (1 + 0.02 * k) for k, te in enumerate(te_ms))
    rates = rng.uniform(*case.rates, case.voxels).astype(np.float32)
    magnitude = np.empty((ECHOES, 1, 1, case.voxels), np.float32)
    for k, te in enumerate(te_ms):
        clean = case.snr * SIGMA * np.exp(np.float32(-te * 1e-3) * rates)
        noise = rng.standard_normal((2, case.voxels), dtype=np.float32) * np.float32(SIGMA)
        magnitude[k, 0, 0] = np.hypot(clean + noise[0], noise[1])
    geometry = Geometry.axial((1, 1, case.voxels), (1.0, 1.0, 1.0))
    return EchoSeries(magnitude, te_ms, geometry, field_t=3.0)


def fastest(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the shortest of some runs, in seconds."""
    times = []
    for _ in range(runs):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times)


def told(found: dict[str, Any]) -> str:
    """Return the result as a table."""
    one = found["one_thread"]
    threads = found["threads"]
    lines = [
        f"memory roofline, {found['echoes']} echoes: {found['roofline_mvox_per_s']:.0f} million voxels/s on "
        f"{threads} threads, {one['roofline_mvox_per_s']:.0f} on one",
        "",
        f"{'':34}{'Mvox/s':>10}{'share':>8}{'one thread':>14}{'share':>8}",
    ]
    for name, rate in found["estimators"].items():
        alone = one["estimators"][name]
        label = name + (": whole map" if rate["whole"] else ": R2*")
        lines.append(
            f"{label:38}{rate['mvox_per_s']:6.2f}{rate['share_of_roofline']:8.3f}"
            f"{alone['mvox_per_s']:14.2f}{alone['share_of_roofline']:8.3f}"
        )
    lines += [f"{name:34}{rate['mvox_per_s']:10.4f}" for name, rate in found["peers"].items()]
    return "\n".join(lines)
