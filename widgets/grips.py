"""Places over a picture that the hand can drag: corners of outlines, ends of rulers.

They are as large on the screen at every zoom. Where neighbours come too near each other they are left out, so
that on a small region the press goes to the tool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF

from core.imaging.geometry import Geometry
from widgets.sections import own_depth_of

if TYPE_CHECKING:
    from widgets.slice_view import SliceView

GripKey = tuple[str, int, int]  # what it is of, which of its lines, which place of the line
GRIP_REACH_PX = 5.0
_EDGE_REACH_PX = 4.0
# a grip shows where both neighbours are at least so far: between them stays more than what they take
_APART_PX = 3 * GRIP_REACH_PX


@dataclass(frozen=True, eq=False)
class Grips:
    """The places of one line.

    Parameters
    ----------
    key : str
        What the line is of.
    line : int
        Which line of it.
    points_mm : float64 array, shape (n, 3)
        LPS mm.
    colour : str
        As #rrggbb.
    geometry, k : Geometry and int, optional
        The grid and the slice of it in which the line lies: the places show wherever that slice does. Without
        them they show in the slice nearest to their middle.
    edges : bool
        Whether the last place joins the first and the edges between them can be taken too.
    """

    key: str
    line: int
    points_mm: NDArray[np.float64]
    colour: str
    geometry: Geometry | None = None
    k: int = 0
    edges: bool = False


@dataclass(frozen=True)
class RulerLine:
    """A length to show: its ends in LPS mm, and what is written beyond one of them."""

    key: str
    start_mm: tuple[float, float, float]
    end_mm: tuple[float, float, float]
    text: str
    colour: str
    bold: bool = False


def shows(view: SliceView, grips: Grips) -> bool:
    """Tell whether the slice that a view shows is the one of these places."""
    if view.plane is None or view.parallels is None:
        return False
    if grips.geometry is None:
        return view.plane.slice_of(grips.points_mm.mean(axis=0)) == view.depth
    own = view.parallels.of(grips.geometry)
    if own is None or own.slice_axis != 0:
        return False
    return own_depth_of(own, view.plane, view.depth) == grips.k


def grips_here(view: SliceView, grips: Grips) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return where a line's places lie in the widget, shape (n, 2) of x and y, and which can be taken."""
    points = view.points_at(grips.points_mm)
    away = np.linalg.norm(np.diff(points, axis=0, append=points[:1]), axis=1)
    if len(points) == 2:
        away[1] = away[0]
    return points, np.minimum(away, np.roll(away, 1)) >= _APART_PX


def grip_at(view: SliceView, point: QPointF) -> GripKey | None:
    """Return the place to drag under a point of the widget."""
    best, found = GRIP_REACH_PX, None
    for grips in view.grips:
        if not shows(view, grips):
            continue
        points, free = grips_here(view, grips)
        away = np.hypot(*(points - (point.x(), point.y())).T)
        away[~free] = np.inf
        nearest = int(np.argmin(away))
        if away[nearest] <= best:
            best, found = float(away[nearest]), (grips.key, grips.line, nearest)
    return found


def ruler_here(view: SliceView, ruler: RulerLine) -> QLineF | None:
    """Return where a ruler lies in the widget; None where its middle is not in the slice shown."""
    if view.plane is None:
        return None
    middle = [(a + b) / 2 for a, b in zip(ruler.start_mm, ruler.end_mm, strict=True)]
    if view.plane.slice_of(middle) != view.depth:
        return None
    return QLineF(view.exact_point_at(ruler.start_mm), view.exact_point_at(ruler.end_mm))


def ruler_at(view: SliceView, point: QPointF) -> str | None:
    """Return the ruler under a point of the widget."""
    away = {}
    for ruler in view.rulers:
        line = ruler_here(view, ruler)
        if line is not None:
            away[ruler.key] = _from_edges(
                np.array([line.p1().toTuple()]), np.array([line.p2().toTuple()]), point
            )[0]
    key = min(away, key=lambda each: away[each], default=None)
    return key if key is not None and away[key] <= _EDGE_REACH_PX else None


def edge_at(view: SliceView, point: QPointF) -> GripKey | None:
    """Return the edge under a point of the widget: as the place that it begins at."""
    best, found = _EDGE_REACH_PX, None
    for grips in view.grips:
        if not grips.edges or not shows(view, grips):
            continue
        start = view.points_at(grips.points_mm)
        away = _from_edges(start, np.roll(start, -1, axis=0), point)
        nearest = int(np.argmin(away))
        if away[nearest] <= best:
            best, found = float(away[nearest]), (grips.key, grips.line, nearest)
    return found


def _from_edges(start: NDArray[np.float64], end: NDArray[np.float64], point: QPointF) -> NDArray[np.float64]:
    """Return how far a point is from each of some edges, shape (n,)."""
    way, to = end - start, np.array([point.x(), point.y()]) - start
    length2 = np.maximum((way * way).sum(axis=1), 1e-12)
    part = np.clip((to * way).sum(axis=1) / length2, 0.0, 1.0)
    return np.asarray(np.linalg.norm(to - part[:, None] * way, axis=1))
