"""How long the numbers of a large region take, and filling the slices between drawn ones."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time
from typing import Any

import numpy as np

from core.imaging.geometry import Geometry

TURNS = 15
_MILLION = (16, 250, 250)
_BETWEEN = (30, 512, 512)


def measure() -> dict[str, float]:
    """Measure in numbers and interpolation, each the median of several turns.

    Returns
    -------
    dict
        "numbers_of_a_million_ms": size, mean, SD and quartiles of a region of 10^6 voxels in a series of 16
        slices; "interpolation_s": two outlines, 30 slices of 512 x 512 apart, filled; beside each as
        "..._cpu_ms" and "..._cpu_s" the processor's time.
    """
    from core.imaging.region_numbers import region_numbers
    from core.imaging.regions.outline import ellipse_outline, polygon
    from core.imaging.regions.slices import interpolated

    rng = np.random.default_rng(1)
    grid = Geometry.axial((_MILLION[0], 512, 512), (1.0, 0.5, 0.5))
    picture = rng.normal(100, 20, grid.shape).astype(np.float32)
    region = np.zeros(grid.shape, dtype=np.uint8)
    region[:, 100:350, 100:350] = 255
    numbers = _median(lambda: region_numbers(picture, region, grid), TURNS)

    grid = Geometry.axial(_BETWEEN, (1.0, 0.5, 0.5))
    drawn = np.zeros(grid.shape, dtype=np.uint8)
    for k, radius in ((0, 60.0), (_BETWEEN[0] - 1, 90.0)):
        middle = grid.to_mm((k, 256, 240 + k))
        drawn |= polygon(grid, ellipse_outline(middle, (radius, 0, 0), (0, 0.7 * radius, 0))).on(grid.shape)
    between = _median(lambda: interpolated(drawn, grid), 3)
    return {
        "numbers_of_a_million_ms": 1e3 * numbers[0],
        "numbers_of_a_million_cpu_ms": 1e3 * numbers[1],
        "interpolation_s": between[0],
        "interpolation_cpu_s": between[1],
    }


def told(found: dict[str, Any]) -> list[str]:
    """Return the result as lines for a person."""
    numbers = [found[f"numbers_of_a_million_{unit}"] for unit in ("ms", "cpu_ms")]
    between = [found[f"interpolation_{unit}"] for unit in ("s", "cpu_s")]
    return [
        f"{'numbers of 10^6 voxels':30}{numbers[0]:9.1f} ms (processor {numbers[1]:.1f} ms)",
        f"{'interpolation, 30 slices':30}{between[0]:9.2f} s  (processor {between[1]:.2f} s)",
    ]


def _median(deed: Callable[[], object], turns: int) -> tuple[float, float]:
    """Return the medians of the time that passed and of the processor's, in s; the first turn compiles."""
    deed()
    times = []
    for _ in range(turns):
        start, used = perf_counter(), thread_time()
        deed()
        times.append((perf_counter() - start, thread_time() - used))
    passed, worked = np.median(times, axis=0)
    return float(passed), float(worked)
