"""Getting the compiled loops ready, so that the first stroke is not the one that waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from core.imaging.geometry import Geometry
from core.imaging.regions.axes import long_and_short_axis
from core.imaging.regions.brush import ball, stroke
from core.imaging.regions.edge import FOUND, fit_edge
from core.imaging.regions.numbers import histograms, summaries
from core.imaging.regions.outline import polygon
from core.progress import Progress, Silent


def warm(progress: Progress | None = None) -> None:
    """Compile what follows the hand, or load it from disk: outlines, brushes, numbers, axes, margins.

    Seconds the first time on a machine; call it in the background. Piece by piece, so that it can be stopped
    and go on later: what is compiled stays so. The other tools compile when first used.
    """
    progress = progress or Silent()
    for piece in _pieces():
        if progress.cancelled():
            return
        piece()


def _pieces() -> Iterator[Callable[[], object]]:
    grid = Geometry.axial((1, 6, 6), (1.0, 1.0, 1.0))
    picture = np.arange(36, dtype=np.float32).reshape(grid.shape)
    yield partial(polygon, grid, [(1.0, 1.0, 0.0), (4.0, 1.0, 0.0), (2.0, 4.0, 0.0)])
    places = [(2.0, 2.0, 0.0), (3.0, 2.0, 0.0)]
    for tool in (stroke, ball):
        yield partial(tool, grid, places, 1.2)
    region = stroke(grid, places, 1.2).on(grid.shape)
    yield partial(long_and_short_axis, region, grid)
    for values in (picture, picture.astype(np.float64)):
        for numbers in (summaries, histograms):
            yield partial(numbers, [values], region)
    away = np.linspace(-3.0, 3.0, 20)
    yield partial(fit_edge, away, np.zeros(20), np.tanh(away), 1.0, 3.0, np.empty(FOUND))
