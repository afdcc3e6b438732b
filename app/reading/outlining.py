"""Tools that draw outlines: by corners, by a free hand, as an ellipse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.reading.drawing import DrawingTool, ToolOptions, apart_px, on_slice_of
from app.reading.regions import RegionsController
from core.imaging.regions.drawing import in_one_slice
from core.imaging.regions.outline import ellipse_between, polygon
from widgets.outlines import Sketch
from widgets.slice_view import Position, SliceView, ToolEvent

# a press so near the first corner closes an outline, a smaller one only nearer than a quarter of its reach
_CLOSE_PX = 9.0
_CLOSE_SHARE = 0.25
# a second press so near the first is a double click; one further away is the next corner of a small outline
_STILL_PX = 2.0
# how far a free hand's outline may be simplified: by less than can be seen, and by less than counts
_SIMPLER_PX, _SIMPLER_VOXELS = 0.3, 0.03


class OutlineTool(DrawingTool):
    """Draws outlines in one slice and commits what they cover."""

    deed = ""  # of core.reading.tool_edits

    def _show(self, corners_mm: NDArray[np.float64]) -> None:
        """Show the region as it would be with what the outline covers now."""
        regions = self._regions
        if len(corners_mm) < 3 or regions.begin() is None:
            regions.drop()
            return
        patch = regions.guarded(lambda: polygon(regions.grid, corners_mm))
        if patch is None or regions.draft is None:
            regions.drop()
            return
        regions.draft.lay(patch)
        regions.say_preview()

    def _commit(self, corners_mm: NDArray[np.float64]) -> None:
        """Add what an outline covers to the active region; the outline stays to be changed."""
        regions = self._regions
        self.sketch_changed.emit(None)
        patch = regions.guarded(lambda: polygon(regions.grid, corners_mm))
        draft = None if patch is None else regions.begin()
        if patch is None or draft is None:
            regions.drop()
            return
        if patch.empty:
            regions.drop()
            beside = self.tr("The outline holds nothing of the multi-echo series; draw it in the picture")
            flat = self.tr("The outline has no inside: its corners lie on a line")
            regions.refuse(flat if any(map(regions.grid.holds, corners_mm)) else beside)
            return
        k, corners = in_one_slice(regions.grid, corners_mm, at_least=3)
        draft.add_outline(k, corners, patch)
        regions.commit(self.deed)


class PolygonTool(OutlineTool):
    """Corner by corner: the first corner, a double click or Enter closes."""

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._corners: list[Position] = []

    @property
    def drawing(self) -> bool:
        """Whether a corner is set."""
        return bool(self._corners)

    @property
    def under_way(self) -> bool:
        """Whether a second corner is set."""
        return len(self._corners) > 1

    def use(self, event: ToolEvent) -> None:
        """Set a corner, or close."""
        position, view = event.position_mm, event.view
        if (
            event.kind == "double"
            and self._corners
            and apart_px(view, position, self._corners[-1]) <= _STILL_PX
        ):
            self.close()
        elif event.kind in ("press", "double"):
            if self._closes(view, position):
                self.close()
            elif self._corners and not on_slice_of(view, self._corners[0], position):
                self._regions.refuse(
                    self.tr("Close the outline on its own slice first (Enter), or drop it (Esc)")
                )
            elif self._corners or self._regions.may_begin():
                self._corners.append(position)
                self._say(position, closing=False)
        elif self._corners and on_slice_of(view, self._corners[0], position):
            self._say(position, closing=self._closes(view, position))

    def close(self) -> None:
        """Close the outline: its inside is added to the region."""
        corners, self._corners = self._corners, []
        if len(corners) > 2:
            self._commit(np.array(corners))
        elif corners:
            self.drop()
            self._regions.refuse(self.tr("An outline needs at least three corners"))

    def take_back(self) -> None:
        """Remove the last corner."""
        if self._corners:
            self._corners.pop()
            self._say(self._corners[-1] if self._corners else None, closing=False)

    def drop(self) -> None:
        """Forget the outline."""
        self._corners = []
        super().drop()

    def _closes(self, view: SliceView, position: Position) -> bool:
        return len(self._corners) > 2 and closes(view, position, self._corners)

    def _say(self, hand: Position | None, *, closing: bool) -> None:
        corners = self._corners
        colour = self._regions.colour
        self.sketch_changed.emit(Sketch(tuple(corners), hand, colour, closing) if corners else None)
        shown = [*corners, hand] if hand is not None and not closing else corners
        self._show(np.array(shown).reshape(-1, 3))


class FreehandTool(OutlineTool):
    """Drawn round with the button held; letting go closes."""

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._path: list[Position] = []

    @property
    def drawing(self) -> bool:
        """Whether the hand is drawing."""
        return bool(self._path)

    def use(self, event: ToolEvent) -> None:
        """Follow the hand."""
        if event.kind in ("press", "double"):
            self._path = [event.position_mm] if self._regions.may_begin() else []
        elif event.kind == "drag" and self._path:
            self._path.append(event.position_mm)
            self.sketch_changed.emit(Sketch(tuple(self._path), None, self._regions.colour, dots_mm=()))
            self._show(np.array(self._path))
        elif event.kind == "release" and self._path:
            path, self._path = np.array(self._path), []
            voxel_mm = min(self._regions.grid.spacing_mm[1:])
            corners = simpler(path, min(_SIMPLER_PX / event.view.px_per_mm, _SIMPLER_VOXELS * voxel_mm))
            if len(corners) > 2:
                self._commit(corners)
            else:
                self.drop()
                self._regions.refuse(self.tr("Hold the button and draw round the region"))

    def drop(self) -> None:
        """Forget the outline."""
        self._path = []
        super().drop()


class EllipseTool(OutlineTool):
    """Drawn from corner to corner of the box around it."""

    def __init__(self, regions: RegionsController, options: ToolOptions) -> None:
        super().__init__(regions, options)
        self._from: Position | None = None
        self._outline: NDArray[np.float64] | None = None

    @property
    def drawing(self) -> bool:
        """Whether the hand is drawing."""
        return self._from is not None

    def use(self, event: ToolEvent) -> None:
        """Follow the hand."""
        if event.kind in ("press", "double"):
            self._from = event.position_mm if self._regions.may_begin() else None
        elif event.kind == "drag" and self._from is not None:
            right, down = event.view.directions
            self._outline = ellipse_between(self._from, event.position_mm, right, down)
            points = tuple(map(tuple, self._outline))
            self.sketch_changed.emit(Sketch(points, points[0], self._regions.colour, dots_mm=()))
            self._show(self._outline)
        elif event.kind == "release" and self._from is not None:
            outline, self._from, self._outline = self._outline, None, None
            if outline is not None:
                self._commit(outline)
            else:
                self.drop()
                self._regions.refuse(self.tr("Hold the button and draw the ellipse from corner to corner"))

    def drop(self) -> None:
        """Forget the ellipse."""
        self._from = self._outline = None
        super().drop()


def closes(view: SliceView, position: Position, corners: list[Position]) -> bool:
    """Tell whether a press is so near to the first corner that it closes the outline."""
    reach = max(apart_px(view, corner, corners[0]) for corner in corners)
    return apart_px(view, position, corners[0]) <= min(_CLOSE_PX, _CLOSE_SHARE * reach)


def simpler(path: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """Leave out what a way needs not to run within a tolerance of all its points (Ramer 1972).

    Parameters
    ----------
    path : float64 array, shape (n, 3)
        Points of the way, in order.
    tolerance : float
        In the unit of the points.
    """
    keep = np.zeros(len(path), dtype=np.bool_)
    keep[[0, -1]] = True
    pieces = [(0, len(path) - 1)]
    while pieces:
        first, last = pieces.pop()
        between = path[first + 1 : last] - path[first]
        if not len(between):
            continue
        way = path[last] - path[first]
        length2 = float(way @ way)
        part = np.clip(between @ way / length2, 0, 1) if length2 else np.zeros(len(between))
        away = np.linalg.norm(between - part[:, None] * way, axis=1)
        furthest = int(np.argmax(away))
        if away[furthest] > tolerance:
            middle = first + 1 + furthest
            keep[middle] = True
            pieces += [(first, middle), (middle, last)]
    kept = path[keep]
    # the hand may end where it began
    return kept[:-1] if len(kept) > 1 and np.array_equal(kept[0], kept[-1]) else kept
