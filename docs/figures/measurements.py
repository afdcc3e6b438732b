"""Draw docs/images/measurements.png: CNR by the air of several coils, and margins of known width.

Run from the checkout: .venv/bin/python docs/figures/measurements.py [--print]; --print gives the numbers,
those of discs and spheres as well.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.special import ndtr

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.imaging.geometry import Geometry
from core.imaging.region_numbers import region_numbers
from core.imaging.regions.brush import ball
from core.imaging.regions.outline import ellipse_outline, polygon
from core.reading.contrast import cnr_air
from core.reading.margin import region_margin

COILS = (1, 2, 4, 8, 16, 32)
SIGMA, CONTRAST = 5.0, 100.0
RADII, WIDTHS, CASES = (3.0, 5.0, 10.0, 20.0), (1.0, 1.5, 2.5, 4.0), 12
DIAMETERS_MM = (1.0, 2.0, 3.0, 5.0, 7.5, 10.0)


def contrasts() -> np.ndarray:
    """(coils, 2): CNR with the coils' own factor and with one coil's, by hand 100 / 5 = 20."""
    shape = (6, 60, 180)
    tumour, reference, air = (np.zeros(shape, bool) for _ in range(3))
    tumour[..., :60], reference[..., 60:120], air[..., 120:] = True, True, True
    signal = np.select([tumour, reference], [300.0, 400.0], 0.0)
    found = []
    for coils in COILS:
        rng = np.random.default_rng(coils)
        power = np.zeros(shape)
        for _ in range(coils):
            power += (signal / np.sqrt(coils) + rng.normal(0, SIGMA, shape)) ** 2 + rng.normal(
                0, SIGMA, shape
            ) ** 2
        picture = np.sqrt(power)
        found.append([cnr_air(picture, tumour, reference, air, coils=n).cnr for n in (coils, 1)])
    return np.array(found)


def margins() -> np.ndarray:
    """(radius, width, case): measured width of edges of known width, in voxels, at a CNR of 10."""
    found = np.full((len(RADII), len(WIDTHS), CASES), np.nan)
    for i, radius in enumerate(RADII):
        size = int(2 * radius + 30)
        grid = Geometry.axial((1, size, size), (1.0, 1.0, 1.0))
        for j, width in enumerate(WIDTHS):
            for case in range(CASES):
                rng = np.random.default_rng(case)
                middle = grid.to_mm([0, *(size / 2 + rng.uniform(-0.5, 0.5, 2))])
                away = (
                    np.linalg.norm(grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1)) - middle, axis=-1)
                    - radius
                )
                picture = 200 - 10 * SIGMA * ndtr(-2.5631 * away / width) + rng.normal(0, SIGMA, away.shape)
                outline = ellipse_outline(middle, (radius, 0, 0), (0, radius, 0))
                margin = region_margin(picture, polygon(grid, outline).on(grid.shape), grid)
                found[i, j, case] = np.nan if margin is None else margin.whole.width_mm
    return found


def discs(voxel_mm: float | None) -> np.ndarray:
    """Worst error of area, volume of a sphere, and mean of a ramp, in %; None: six voxels across."""
    worst = np.zeros(3)
    for diameter in DIAMETERS_MM:
        side = diameter / 6 if voxel_mm is None else voxel_mm
        size = int(diameter / side) + 8
        for case in range(6 if size < 90 else 1):
            grid = Geometry.axial((size, size, size), (side, side, side))
            middle = grid.to_mm(size / 2 + np.random.default_rng(case).uniform(-0.5, 0.5, 3))
            flat = Geometry.axial((1, size, size), (side, side, side), (0.0, 0.0, middle[2]))
            r = diameter / 2
            disc = polygon(flat, ellipse_outline(middle, (r, 0, 0), (0, r, 0))).on(flat.shape)
            ramp = np.broadcast_to(
                100.0 + 50 * (flat.to_mm(np.moveaxis(np.indices(flat.shape), 0, -1))[..., 0] - middle[0]) / r,
                flat.shape,
            )
            numbers = region_numbers(np.ascontiguousarray(ramp), disc, flat)
            sphere = ball(grid, [middle], r)
            volume = sphere.coverage.sum(dtype=float) / 255 * side**3
            errors = numbers.area_mm2 / (np.pi * r**2), volume / (4 / 3 * np.pi * r**3), numbers.mean / 100
            worst = np.maximum(worst, 100 * np.abs(np.array(errors) - 1))
    return worst


def draw(cnr: np.ndarray, widths: np.ndarray, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.2), layout="constrained")
    places = np.arange(len(COILS))
    left.axhline(CONTRAST / SIGMA, color="#888888", lw=1, label="by hand: 100 / 5")
    left.plot(places, cnr[:, 0], "o", color="#0072b2", label="the coils' own factor")
    left.plot(places, cnr[:, 1], "s", color="#d55e00", label="0.655, as for one coil")
    left.set(xticks=places, xticklabels=COILS, xlabel="receive coils", ylabel="CNR", ylim=(17.5, 21.5))
    left.set_title("CNR by the noise of air")
    left.legend(frameon=False)
    colours = ("#cc79a7", "#e69f00", "#009e73", "#0072b2")
    right.plot((0.6, 4.6), (0.6, 4.6), color="#888888", lw=1, label="true")
    right.fill_between(
        (0.6, 4.6), (0.54, 4.14), (0.66, 5.06), color="#888888", alpha=0.15, lw=0, label="± 10 %"
    )
    for i, radius in enumerate(RADII):
        told = np.isfinite(widths[i]).mean(axis=1) > 0.5
        mean, spread = np.nanmean(widths[i][told], axis=1), np.nanstd(widths[i][told], axis=1)
        shift = 0.05 * (i - 1.5)
        label = f"{2 * radius:g} voxels across"
        right.errorbar(
            np.array(WIDTHS)[told] + shift, mean, spread, fmt="o", ms=4, color=colours[i], label=label
        )
    right.set(
        xlabel="true width, 10 to 90 %, voxels",
        ylabel="measured, mean and SD",
        xlim=(0.6, 4.6),
        ylim=(0.5, 4.9),
    )
    right.set_title("Margin of one lesion at a CNR of 10")
    right.legend(frameon=False)
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true")
    cnr, widths = contrasts(), margins()
    draw(cnr, widths, Path(__file__).resolve().parents[1] / "images" / "measurements.png")
    if parser.parse_args().print:
        for coils, (own, one) in zip(COILS, cnr, strict=True):
            print(f"{coils:3} coils: CNR {own:.2f}, as for one coil {one:.2f}")
        for i, radius in enumerate(RADII):
            for j, width in enumerate(WIDTHS):
                told = widths[i, j][np.isfinite(widths[i, j])]
                text = (
                    f"bias {100 * (told.mean() / width - 1):+.1f} %, SD {100 * told.std() / width:.1f} %"
                    if told.size
                    else ""
                )
                print(f"{2 * radius:g} voxels across, width {width:g}: told in {told.size} of {CASES} {text}")
        for name, side in (("0.1 mm voxels", 0.1), ("six voxels across", None)):
            area, volume, mean = discs(side)
            print(f"{name}: worst area {area:.2f} %, volume {volume:.2f} %, mean {mean:.2f} %")


if __name__ == "__main__":
    main()
