"""Tools that follow edges of the picture: the level through a point, and the wire along an edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.reading.drawing import ToolOptions, on_slice_of
from app.reading.outlining import OutlineTool, closes
from app.reading.regions import RegionsController
from core.imaging.regions.contour import level_trace
from core.imaging.regions.live_wire import LiveWire
from core.imaging.volume import Volume
from widgets.outlines import Sketch
from widgets.slice_view import Position, SliceView, ToolEvent

Points = NDArray[np.float64]


class LevelTraceTool(OutlineTool):
    """Shows the line of equal brightness under the pointer; a click takes it."""

    deed = "trace"

    def use(self, event: ToolEvent) -> None:
        """Show the line, or take it."""
        if event.kind not in ("hover", "press"):
            return
        line = self._line(event)
        if event.kind == "hover":
            self.sketch_changed.emit(None if line is None else _closed_sketch(line, self._regions.colour))
        elif line is None:
            self._regions.refuse(self.tr("Here no line of equal brightness closes; click nearer to an edge"))
        elif self._regions.may_begin():
            self._commit(line)

    def _line(self, event: ToolEvent) -> Points | None:
        volume = event.view.volume
        if volume is None:
            return None
        return self._regions.guarded(lambda: level_trace(volume.data, volume.geometry, event.position_mm))


class LiveWireTool(OutlineTool):
    """Clicks along an edge and finds the way between; the first click, a double click or Enter closes."""

    deed = "trace"

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._wire: LiveWire | None = None
        self._pieces: list[Points] = []  # each begins where the one before ends
        self._anchors: list[Position] = []

    @property
    def drawing(self) -> bool:
        """Whether the wire is begun."""
        return bool(self._anchors)

    @property
    def under_way(self) -> bool:
        """Whether a second click is set."""
        return len(self._anchors) > 1

    def use(self, event: ToolEvent) -> None:
        """Set a click, or show the way to the pointer."""
        position, view = event.position_mm, event.view
        if event.kind in ("press", "double"):
            if self.under_way and (event.kind == "double" or self._closes(view, position)):
                self.close()
            elif not self._anchors:
                self._begin(view, position)
            elif self._here(view, position):
                self._set(position)
        elif event.kind in ("hover", "drag") and self._anchors and self._here(view, position):
            way = self._way_to(self._anchors[0] if self._closes(view, position) else position)
            self._show_way(way, closing=self._closes(view, position))

    def close(self) -> None:
        """Close along the edge to the first click."""
        back = self._way_to(self._anchors[0]) if len(self._anchors) > 1 else None
        if back is None:
            self.drop()
            self._regions.refuse(self.tr("A wire needs at least two clicks along the edge"))
            return
        corners = np.concatenate([*self._pieces, back[1:]])
        self._forget()
        self._commit(corners)

    def take_back(self) -> None:
        """Remove the last click."""
        if len(self._anchors) < 2:
            self.drop()
            return
        self._anchors.pop()
        self._pieces.pop()
        if self._wire is not None:
            self._wire.start(self._anchors[-1])
        self._show_way(None, closing=False)

    def drop(self) -> None:
        """Forget the wire."""
        self._forget()
        super().drop()

    def _forget(self) -> None:
        self._wire, self._pieces, self._anchors = None, [], []

    def _begin(self, view: SliceView, position: Position) -> None:
        volume = view.volume
        if volume is None or view.plane is None or not self._regions.may_begin():
            return
        if view.plane.slice_axis:
            self._regions.refuse(self.tr("The live wire works in pictures as they were scanned"))
            return
        self._wire = self._regions.guarded(lambda: _wire_at(volume, position))
        if self._wire is not None:
            self._anchors, self._pieces = [position], []
            self._show_way(None, closing=False)

    def _set(self, position: Position) -> None:
        way = self._way_to(position)
        if way is None or self._wire is None:
            return
        self._pieces.append(way)
        self._anchors.append(position)
        self._wire.start(position)
        self._show_way(None, closing=False)

    def _here(self, view: SliceView, position: Position) -> bool:
        return on_slice_of(view, self._anchors[0], position)

    def _closes(self, view: SliceView, position: Position) -> bool:
        return len(self._anchors) > 1 and closes(view, position, self._anchors)

    def _way_to(self, position: Position) -> Points | None:
        wire = self._wire
        return None if wire is None else self._regions.guarded(lambda: wire.path_to(position))

    def _show_way(self, way: Points | None, *, closing: bool) -> None:
        pieces = [np.array(self._anchors[:1]), *self._pieces, *([] if way is None else [way])]
        points = np.concatenate(pieces)
        places = _places(points)
        hand = places[0] if closing else None
        dots = tuple(self._anchors)
        self.sketch_changed.emit(Sketch(places, hand, self._regions.colour, closing, dots_mm=dots))
        self._show(points)


def _wire_at(volume: Volume, position: Position) -> LiveWire:
    wire = LiveWire(volume.data, volume.geometry, round(float(volume.geometry.to_index(position)[0])))
    wire.start(position)
    return wire


def _closed_sketch(line: Points, colour: str) -> Sketch:
    points = _places(line)
    return Sketch(points, points[0], colour, dots_mm=())


def _places(points: Points) -> tuple[Position, ...]:
    return tuple((x, y, z) for x, y, z in points.tolist())
