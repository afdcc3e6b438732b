"""How plots look: colours that colour-blind eyes tell apart, marks and lines that tell apart in grey."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.statistics.listings import Row, Table

# Okabe and Ito 2008, from dark to light; with marker and dash, so that grey print tells them apart
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2), (1, 1.5), (6, 2, 1, 2), (3, 1), (8, 2))
INK, FAINT = "#222222", "#8a8a8a"

_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "svg.fonttype": "path",
    # without it every SVG has other ids
    "svg.hashsalt": "ferroread",
}


@dataclass(frozen=True, eq=False)
class Point:
    """Where a row of a plot's data stands, in the numbers of its panel's axes."""

    axes: Axes
    x: float
    y: float
    row: Row


@dataclass(frozen=True, eq=False)
class Plot:
    """A figure with the name of its files, what stands under it, and the numbers that it shows.

    `points` are those that each stand for one case: their rows name subject, visit and field.
    """

    name: str
    caption: str
    figure: Figure
    data: Table
    points: tuple[Point, ...] = ()


# the settings are the whole program's: one thread at a time makes, draws or saves plots
_TURN = threading.RLock()


@contextmanager
def styled(*, wait: bool = True) -> Iterator[bool]:
    """Give the settings under which plots are made, drawn and saved; tells whether it is this thread's turn.

    It always is after waiting for it; without `wait` it may not be, and the settings are not given then.
    """
    if not _TURN.acquire(blocking=wait):
        yield False
        return
    try:
        with rc_context(_SETTINGS):
            yield True
    finally:
        _TURN.release()


def panels(
    count: int, *, width: float = 6.7, height: float = 2.5, across: int = 2
) -> tuple[Figure, list[Axes]]:
    """Return a figure in inches with `count` panels, `across` in a row."""
    across = min(across, count)
    down = -(-count // across)
    figure = Figure(figsize=(width, height * down), layout="constrained")
    axes = figure.subplots(down, across, squeeze=False).ravel().tolist()
    for spare in axes[count:]:
        spare.remove()
    return figure, axes[:count]


def kinds(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return colour and marker of each name, the same in every plot that has the same names."""
    return {
        name: {"color": COLOURS[place % len(COLOURS)], "marker": MARKERS[place % len(MARKERS)]}
        for place, name in enumerate(names)
    }
