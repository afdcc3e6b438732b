"""Getting the compiled loops ready, so that the first stroke is not the one that waits for them."""

from __future__ import annotations

import numpy as np

from core.imaging.geometry import Geometry
from core.imaging.regions.axes import long_and_short_axis
from core.imaging.regions.brush import ball, stroke
from core.imaging.regions.edge import FOUND, fit_edge
from core.imaging.regions.numbers import histograms, summaries
from core.imaging.regions.outline import polygon


def warm() -> None:
    """Compile what follows the hand, or load it from disk: outlines, brushes, numbers, axes, margins.

    Seconds the first time on a machine; call it in the background. The other tools compile when first used.
    """
    grid = Geometry.axial((1, 6, 6), (1.0, 1.0, 1.0))
    picture = np.arange(36, dtype=np.float32).reshape(grid.shape)
    polygon(grid, [(1.0, 1.0, 0.0), (4.0, 1.0, 0.0), (2.0, 4.0, 0.0)])
    for tool in (stroke, ball):
        region = tool(grid, [(2.0, 2.0, 0.0), (3.0, 2.0, 0.0)], 1.2).on(grid.shape)
        long_and_short_axis(region, grid)
    for values in (picture, picture.astype(np.float64)):
        summaries([values], region)
        histograms([values], region)
    away = np.linspace(-3.0, 3.0, 20)
    fit_edge(away, np.zeros(20), np.tanh(away), 1.0, 3.0, np.empty(FOUND))
