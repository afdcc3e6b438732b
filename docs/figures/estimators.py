"""Draw docs/images/estimators.png: bias and spread of every estimator over R2* and SNR.

Run from the checkout: .venv/bin/python docs/figures/estimators.py [--print]; --print gives the numbers.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.workers import fit_threads
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.relaxometry.fit import fit_r2star

TE_MS = tuple(1.1 * (k + 1) for k in range(12))
RATES = np.array([5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 400, 500, 600, 700, 800], dtype=float)
SNRS = (5, 20, 60, 200)
METHODS = ("loglinear", "weighted", "arlo", "nlls", "moment", "likelihood", "auto")
VOXELS = 20_000


def series(rate: float, snr: float, voxels: int, seed: int) -> EchoSeries:
    rng = np.random.default_rng(seed)
    clean = snr * np.exp(-np.asarray(TE_MS) * 1e-3 * rate)[:, None]
    noise = rng.standard_normal((2, len(TE_MS), voxels))
    magnitude = np.hypot(clean + noise[0], noise[1]).astype(np.float32)
    geometry = Geometry.axial((1, 1, voxels), (1.0, 1.0, 1.0))
    return EchoSeries(magnitude.reshape(len(TE_MS), 1, 1, -1), TE_MS, geometry)


def measured() -> dict[str, np.ndarray]:
    """(snr, rate, 4) per method: median over truth, robust SD over truth, coverage of 95 %, share failed."""
    found = {method: np.empty((len(SNRS), RATES.size, 4)) for method in METHODS}
    for i, snr in enumerate(SNRS):
        for j, rate in enumerate(RATES):
            voxels = series(rate, snr, VOXELS, 100 * i + j)
            for method in METHODS:
                maps = fit_r2star(voxels, method=method, sigma=1.0)
                values, errors = maps.r2star_per_s.ravel(), maps.se_per_s.ravel()
                told = np.isfinite(values)
                # a failed fit counts as too fast: the upper end of the search is where fits fail
                ranked = np.where(told, values, np.inf)
                q16, middle, q84 = np.quantile(ranked, [0.1587, 0.5, 0.8413], method="nearest")
                covered = np.abs(values - rate)[told] <= 1.96 * errors[told]
                found[method][i, j] = (
                    middle / rate,
                    0.5 * (q84 - q16) / rate,
                    covered.mean() if told.any() else np.nan,
                    1 - told.mean(),
                )
    return found


def draw(found: dict[str, np.ndarray], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    styles = {"auto": ("black", 2.6), "likelihood": ("#0072b2", 1.4), "moment": ("#009e73", 1.4)}
    styles |= {"nlls": ("#d55e00", 1.4), "arlo": ("#cc79a7", 1.4), "weighted": ("#e69f00", 1.4)}
    styles |= {"loglinear": ("#888888", 1.4)}
    figure, axes = plt.subplots(3, len(SNRS), figsize=(13, 8.2), sharex=True, sharey="row")
    for i, snr in enumerate(SNRS):
        for method in METHODS:
            colour, width = styles[method]
            dash = "--" if method == "auto" else "-"
            for row, scale, shift in ((0, 100, 1), (1, 100, 0), (2, 100, 0)):
                curve = scale * (found[method][i, :, row] - shift)
                axes[row, i].plot(RATES, curve, dash, color=colour, lw=width, label=method)
        axes[0, i].set_title(f"SNR {snr} at TE = 0")
        axes[0, i].set_ylim(-60, 30)
        axes[1, i].set_ylim(0, 60)
        axes[2, i].set_ylim(70, 100)
        axes[0, i].axhline(0, color="black", lw=0.6)
        axes[2, i].axhline(95, color="black", lw=0.6)
        axes[2, i].set_xlabel("true R2* (1/s)")
        axes[2, i].set_xscale("log")
        axes[2, i].set_xticks([5, 20, 100, 400, 800], ["5", "20", "100", "400", "800"])
        axes[2, i].minorticks_off()
    axes[0, 0].set_ylabel("median bias (%)")
    axes[1, 0].set_ylabel("robust SD (% of truth)")
    axes[2, 0].set_ylabel("95 % interval covers (%)")
    figure.suptitle("12 echoes, 1.1 to 13.2 ms, Rician noise")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(METHODS))
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=90)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--print", action="store_true")
    args = parser.parse_args()
    with fit_threads():
        found = measured()
    draw(found, Path(__file__).resolve().parents[1] / "images" / "estimators.png")
    if args.print:
        for method in METHODS:
            for i, snr in enumerate(SNRS):
                cells = " ".join(
                    f"{rate:.0f}:{100 * (m - 1):+.1f}±{100 * s:.0f}/{100 * c:.0f}({100 * f:.0f})"
                    for rate, (m, s, c, f) in zip(RATES, found[method][i], strict=True)
                )
                print(f"{method} SNR {snr}: {cells}")


if __name__ == "__main__":
    main()
