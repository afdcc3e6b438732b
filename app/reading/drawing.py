"""What every tool that draws has in common: it is used by the hand, closed, taken back, dropped.

The tools themselves are imported when the first is taken: with them come numba and the kernels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.reading.regions import RegionsController
from widgets.slice_view import Position, SliceView, ToolEvent


@dataclass
class ToolOptions:
    """What the rater sets of the tools, within LIMITS; kept with the person's settings."""

    brush_mm: float = 1.0  # radius
    spread_sd: float = 2.5  # growing and threshold brush: how far values may lie from the mean
    within_mm: float = 10.0  # growing: how far from the click
    margin_mm: float = 0.5  # by how much regions grow and shrink, and how wide a ring is
    solid: bool = False  # through slices, else in each slice by itself

    def __setattr__(self, name: str, value: float) -> None:
        low, high = LIMITS.get(name, (-math.inf, math.inf))
        super().__setattr__(name, min(max(value, low), high))

    def resize_brush(self, steps: int) -> None:
        """Make the brush larger by a quarter for each step, or smaller by steps below 0."""
        self.brush_mm = float(self.brush_mm * _SIZE_STEP**steps)


LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "brush_mm": (0.05, 30.0),
        "spread_sd": (0.2, 20.0),
        "within_mm": (0.5, 100.0),
        "margin_mm": (0.05, 20.0),
    }
)
_SIZE_STEP = 1.25


class DrawingTool(QObject):
    """One tool. What it draws is shown through the regions' draft, and as a sketch before that."""

    sketch_changed = Signal(object)  # Sketch or None
    noted = Signal(str)  # what the rater should know of what is drawn

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions)
        self._regions, self._options = regions, options

    @property
    def drawing(self) -> bool:
        """Whether something is begun that Enter closes, Backspace takes back and Esc drops."""
        return False

    @property
    def under_way(self) -> bool:
        """Whether more is begun than the first press of a double click begins."""
        return False

    def use(self, event: ToolEvent) -> None:
        """Answer what the hand does in a view."""
        raise NotImplementedError

    def close(self) -> None:
        """Close what is begun."""

    def take_back(self) -> None:
        """Take the last piece back."""

    def drop(self) -> None:
        """Forget what is begun."""
        self._regions.drop()
        self.sketch_changed.emit(None)


def values_shown(regions: RegionsController, view: SliceView) -> NDArray[Any] | None:
    """Return the values of the picture shown, on the grid of the regions; None where it has another."""
    volume = view.volume
    if volume is None or not volume.geometry.same_grid(regions.grid):
        regions.refuse(
            QCoreApplication.translate(
                "DrawingTool", "This tool follows values: use it in a picture of the multi-echo series"
            )
        )
        return None
    return volume.data


def on_slice_of(view: SliceView, place: Position, position: Position) -> bool:
    """Tell whether two places lie in the same slice of a view."""
    plane = view.plane
    return plane is not None and plane.slice_of(place) == plane.slice_of(position)


def apart_px(view: SliceView, one: Position, other: Position) -> float:
    """Return how far two places lie apart on the screen, in pixels."""
    way = view.exact_point_at(one) - view.exact_point_at(other)
    return float(np.hypot(way.x(), way.y()))
