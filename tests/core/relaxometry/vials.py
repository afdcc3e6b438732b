"""Made-up phantoms: vials in random arrangements, with what spoils their pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries

TE_MS = tuple(1.5 + 2.0 * k for k in range(8))
SUBSAMPLES = 3


@dataclass(frozen=True, eq=False)
class MadePhantom:
    series: EchoSeries
    centres_mm: NDArray[np.float64]  # (vial, 3), LPS, in the middle slice
    radius_mm: float
    r2star_per_s: NDArray[np.float64]


def arrange(rng: np.random.Generator, count: int, radius: float, size: float) -> NDArray[np.float64]:
    """Centres (vial, 2) anywhere in a square of half-width `size`, walls at least 0.8 apart."""
    while True:
        placed: list[NDArray[np.float64]] = []
        for _ in range(2000):
            spot = rng.uniform(-size + radius, size - radius, 2)
            if all(np.hypot(*(spot - other)) > 2 * radius + 0.8 for other in placed):
                placed.append(spot)
            if len(placed) == count:
                return np.array(placed)


def make_phantom(
    rng: np.random.Generator,
    r2star_per_s: NDArray[np.float64],
    *,
    snr: float = 50.0,
    bath: bool = False,
    bubbles: bool = True,
    shading: float = 0.3,
    tilt: float = 0.06,
    radius: float = 3.2,
    shape: tuple[int, int, int] = (5, 80, 80),
    centres: NDArray[np.float64] | None = None,
    spoiled: int | None = None,
    te_ms: tuple[float, ...] = TE_MS,
) -> MadePhantom:
    """Vials of signal 1 at TE 0 with air bubbles, coil shading, partial volume and complex noise.

    In a bath (R2* 4 1/s, signal 0.9) the vials have dark walls 0.6 mm thick. The vial `spoiled` has a column
    of air along its wall, through every slice.
    """
    geometry = Geometry.axial(
        shape, (2.0, 0.6, 0.6), (-0.6 * (shape[2] - 1) / 2, -0.6 * (shape[1] - 1) / 2, 0)
    )
    fine = np.indices((shape[0], shape[1] * SUBSAMPLES, shape[2] * SUBSAMPLES)).astype(np.float64)
    fine[1:] = (fine[1:] + 0.5) / SUBSAMPLES - 0.5
    points = geometry.to_mm(np.moveaxis(fine, 0, -1))
    half = 0.6 * shape[1] / 2
    if centres is None:
        centres = arrange(rng, r2star_per_s.size, radius, half - 3.0)
    middle = points[..., 2].mean()
    lean = tilt * rng.uniform(-1, 1, 2) * (points[..., 2] - middle)[..., None]
    label = np.full(points.shape[:3], -1)
    plane = points[..., :2] - lean
    if bath:
        label[np.max(np.abs(plane), axis=-1) < half - 1.5] = r2star_per_s.size
    for k, centre in enumerate(centres):
        away = np.hypot(*np.moveaxis(plane - centre, -1, 0))
        label[away < radius + 0.6] = -1
        label[away < radius] = k
    if bubbles:
        _blow(rng, label, points, centres, radius)
    if spoiled is not None:
        column = np.hypot(*np.moveaxis(plane - centres[spoiled] - (0.5 * radius, 0.4 * radius), -1, 0))
        label[(column < 0.5 * radius) & (label == spoiled)] = -1
    rates = np.append(r2star_per_s, 4.0)
    te_s = 1e-3 * np.array(te_ms)
    signal = np.zeros((te_s.size, *shape))
    for k, rate in enumerate(rates):
        share = (label == k).reshape(shape[0], shape[1], SUBSAMPLES, shape[2], SUBSAMPLES).mean(axis=(2, 4))
        signal += share * (0.9 if k == r2star_per_s.size else 1.0) * np.exp(-te_s * rate)[:, None, None, None]
    coil = 1 + shading * np.tanh(
        (geometry.to_mm(np.moveaxis(np.indices(shape), 0, -1)) @ [0.6, 0.8, 0]) / half
    )
    clean = 1000.0 * signal * coil
    noise = rng.standard_normal((2, *clean.shape)) * 1000.0 / snr
    magnitude = np.hypot(clean + noise[0], noise[1]).astype(np.float32)
    positions = np.column_stack([centres, np.full(len(centres), middle)])
    series = EchoSeries(magnitude, te_ms, geometry, field_t=3.0, field_source="header")
    return MadePhantom(series, positions, radius, r2star_per_s)


def _blow(rng, label, points, centres, radius) -> None:
    """Air: a bubble in a third of the vials, and some in the bath."""
    spots = [c + 0.6 * radius * rng.uniform(-0.7, 0.7, 2) for c in centres if rng.random() < 0.33]
    spots += list(rng.uniform(-18, 18, (4, 2)))
    for spot in spots:
        middle = np.append(spot, rng.uniform(points[..., 2].min(), points[..., 2].max()))
        label[np.linalg.norm(points - middle, axis=-1) < rng.uniform(0.5, 1.1)] = -1
