"""What the left button does: turns the hand's way over a picture into regions and marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import uuid4

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.core_words import in_words
from app.messages import told
from app.reading.case import CaseController
from app.reading.shades import REGION_COLOURS
from core.errors import AppError, InputError
from core.imaging.coverage import Mask
from core.imaging.geometry import Geometry
from core.imaging.roi import RoiKind, polygon_mask, stroke_mask
from core.reading.edits import AddMark, MoveMark, remove_mark
from core.reading.questions import MarkKind
from core.reading.reading import Mark
from core.reading.roi_edits import change_roi, draw_roi, remove_roi
from widgets.outlines import Sketch
from widgets.slice_view import Position, SliceView, ToolEvent

Tool = Literal["navigate", "polygon", "brush", "eraser", "lesion", "node"]
_CLOSE_PX = 9.0
_BRUSH_LIMITS_MM = (0.05, 30.0)


class ToolsController(QObject):
    """One tool at a time, for all views. Regions lie on the multi-echo grid, wherever they are drawn."""

    position_chosen = Signal(object)  # LPS mm
    preview_changed = Signal(str)  # kind of the region being drawn
    sketch_changed = Signal(object)  # Sketch or None
    tool_changed = Signal()  # tool, kind or brush size
    mark_set = Signal(str)  # a new mark
    mark_picked = Signal(str)
    pin_moved = Signal(str, object)  # mark id, LPS mm, while it is dragged

    def __init__(self, case: CaseController, brush_mm: float = 1.0) -> None:
        super().__init__(case)
        self._case = case
        self.tool: Tool = "navigate"
        self.kind: RoiKind = "tumour"
        self.brush_mm = brush_mm
        self._preview: tuple[RoiKind, Mask] | None = None
        self._corners: list[Position] = []
        self._stroke: list[Position] = []
        self._moving: str | None = None
        self._moved_to: Position | None = None
        case.opening.connect(self.drop)

    # ---- choices

    def choose_tool(self, tool: Tool) -> None:
        """Take another tool; an outline that is not closed is dropped."""
        if tool != self.tool:
            self.drop()
            self.tool = tool
        self.tool_changed.emit()

    def choose_kind(self, kind: RoiKind) -> None:
        """Draw another kind of region."""
        if kind != self.kind:
            self.drop()
            self.kind = kind
        if self.tool not in ("polygon", "brush", "eraser"):
            self.tool = "polygon"
        self.tool_changed.emit()

    def resize_brush(self, factor: float) -> None:
        """Make brush and eraser larger or smaller."""
        low, high = _BRUSH_LIMITS_MM
        self.brush_mm = float(min(max(self.brush_mm * factor, low), high))
        self.tool_changed.emit()

    @property
    def colour(self) -> str:
        """Colour of the region being drawn."""
        return REGION_COLOURS[self.kind]

    @property
    def drawing(self) -> bool:
        """Whether an outline is begun and not closed."""
        return bool(self._corners)

    def mask(self, kind: RoiKind) -> Mask | None:
        """Return a region as it looks now, the drawing included."""
        if self._preview is not None and self._preview[0] == kind:
            return self._preview[1]
        roi = self._case.reading.roi(kind) if self._case.reading is not None else None
        return None if roi is None else roi.mask

    # ---- the hand

    def on_tool_used(self, event: ToolEvent) -> None:
        """Answer what the left button did in a view."""
        if not self._case.ready:
            return
        if self._moving is not None:
            self._drag_mark(event)
        elif event.kind == "press" and event.pin is not None and self.tool in ("navigate", "lesion", "node"):
            self.mark_picked.emit(event.pin)
            self._moving = event.pin if self._movable(event.pin) else None
        elif self.tool == "navigate":
            if event.kind in ("press", "drag"):
                self.position_chosen.emit(event.position_mm)
        elif not self._case.writable:
            if event.kind == "press":
                self._case.refused.emit(self.tr("This case is signed and cannot change any more"))
        else:
            self._draw(event)

    def close_polygon(self) -> None:
        """Close the outline: its inside is added to the region."""
        if self.tool != "polygon" or not self._corners:
            return
        corners = self._corners
        self.drop()
        if len(corners) < 3:
            self._case.refused.emit(self.tr("An outline needs at least three corners"))
            return
        inside = self._guarded(lambda: polygon_mask(self._grid, corners))
        if inside is not None and not inside.any():
            self._case.refused.emit(
                self.tr("The outline holds no voxel's centre of the multi-echo series; draw it larger")
            )
        elif inside is not None:
            self._commit(inside, add=True)

    def take_corner_back(self) -> None:
        """Remove the last corner of the outline being drawn."""
        if self._corners:
            self._corners.pop()
            self._say_sketch(self._corners[-1] if self._corners else None, closing=False)

    def drop(self) -> None:
        """Forget what is being drawn."""
        self._corners, self._stroke = [], []
        self._moving = self._moved_to = None
        self._set_preview(None)
        self.sketch_changed.emit(None)

    def remove_region(self) -> None:
        """Remove the region of the active kind."""
        reading = self._case.reading
        roi = reading.roi(self.kind) if reading is not None else None
        if roi is None:
            self._case.refused.emit(
                self.tr("There is no {kind} region to remove").format(kind=in_words(self.kind))
            )
        else:
            self._case.edit(remove_roi(reading, roi.roi_id))

    def remove_mark(self, mark_id: str | None) -> None:
        """Remove a mark with its answers."""
        reading = self._case.reading
        if reading is None or mark_id is None or mark_id not in reading.marks:
            self._case.refused.emit(self.tr("Choose a finding first, then delete it"))
        elif reading.marks[mark_id].prescribed:
            self._case.refused.emit(self.tr("This finding is given by the study: it stays where it is"))
        else:
            self._case.edit(remove_mark(reading, mark_id))

    @property
    def _grid(self) -> Geometry:
        if self._case.images is None:
            raise InputError(self.tr("the pictures are not there yet; wait a moment"))
        return self._case.images.echoes.geometry

    def _draw(self, event: ToolEvent) -> None:
        if self.tool == "polygon":
            self._outline(event)
        elif self.tool in ("brush", "eraser"):
            self._paint(event)
        elif event.kind == "press":
            self._set_mark(event.position_mm)

    # ---- polygon

    def _outline(self, event: ToolEvent) -> None:
        position, view = event.position_mm, event.view
        if event.kind == "double":
            self.close_polygon()
        elif event.kind == "press":
            if self._closes(view, position):
                self.close_polygon()
            elif self._corners and not self._on_same_slice(view, position):
                self._case.refused.emit(
                    self.tr("Close the outline on its own slice first (Enter), or drop it (Esc)")
                )
            else:
                self._corners.append(position)
                self._say_sketch(position, closing=False)
        elif self._corners and self._on_same_slice(view, position):
            self._say_sketch(position, closing=self._closes(view, position))

    def _closes(self, view: SliceView, position: Position) -> bool:
        if len(self._corners) < 3:
            return False
        apart = view.exact_point_at(position) - view.exact_point_at(self._corners[0])
        return bool(np.hypot(apart.x(), apart.y()) <= _CLOSE_PX)

    def _on_same_slice(self, view: SliceView, position: Position) -> bool:
        plane = view.plane
        return plane is not None and plane.slice_of(self._corners[0]) == plane.slice_of(position)

    def _say_sketch(self, hand: Position | None, *, closing: bool) -> None:
        sketch = Sketch(tuple(self._corners), hand, self.colour, closing) if self._corners else None
        self.sketch_changed.emit(sketch)
        points = list(self._corners)
        if hand is not None and not closing:
            points.append(hand)
        if len(points) < 3:
            self._set_preview(None)
            return
        try:
            inside = polygon_mask(self._grid, points)
        except AppError:
            inside = None
        self._set_preview(None if inside is None else self._joined(inside, add=True))

    # ---- brush

    def _paint(self, event: ToolEvent) -> None:
        if event.kind in ("press", "double"):
            self._stroke = [event.position_mm]
        elif event.kind == "drag" and self._stroke:
            self._stroke.append(event.position_mm)
        elif event.kind == "release" and self._stroke:
            self._end_stroke()
            return
        else:
            return
        piece = self._guarded(lambda: stroke_mask(self._grid, self._stroke[-2:], self.brush_mm))
        if piece is None:
            self.drop()
        elif self._preview is None:
            self._set_preview(self._joined(piece, add=self.tool == "brush"))
        else:
            mask = self._preview[1]
            np.logical_or(mask, piece, out=mask) if self.tool == "brush" else np.logical_and(
                mask, ~piece, out=mask
            )
            self.preview_changed.emit(self.kind)

    def _end_stroke(self) -> None:
        preview, self._stroke = self._preview, []
        if preview is not None:
            self._preview = None
            self._commit_mask(preview[1])
            self.preview_changed.emit(self.kind)

    # ---- marks

    def _movable(self, mark_id: str) -> bool:
        """Whether a mark follows the hand: not in a signed case, and none that the study gave."""
        reading = self._case.reading
        return self._case.writable and reading is not None and not reading.marks[mark_id].prescribed

    def _set_mark(self, position: Position) -> None:
        kind: MarkKind = "node" if self.tool == "node" else "lesion"
        mark = Mark(uuid4().hex, kind, position)
        if self._case.edit(AddMark(mark)):
            self.mark_set.emit(mark.mark_id)

    def _drag_mark(self, event: ToolEvent) -> None:
        mark_id, reading = self._moving, self._case.reading
        if mark_id is None or reading is None:
            return
        if event.kind == "drag":
            self._moved_to = event.position_mm
            self.pin_moved.emit(mark_id, event.position_mm)
        elif event.kind == "release":
            moved_to, self._moving, self._moved_to = self._moved_to, None, None
            before = reading.marks[mark_id].position_mm
            if (
                moved_to is not None
                and moved_to != before
                and not self._case.edit(MoveMark(mark_id, before, moved_to))
            ):
                self.pin_moved.emit(mark_id, before)

    # ---- masks

    def _joined(self, piece: Mask, *, add: bool) -> Mask:
        roi = self._case.reading.roi(self.kind) if self._case.reading is not None else None
        before = np.zeros_like(piece) if roi is None else roi.mask
        return before | piece if add else before & ~piece

    def _commit(self, piece: Mask, *, add: bool) -> None:
        self._commit_mask(self._joined(piece, add=add))

    def _commit_mask(self, after: Mask) -> None:
        reading = self._case.reading
        roi = reading.roi(self.kind) if reading is not None else None
        if reading is None or (roi is None and not after.any()):
            return
        if roi is None:
            self._case.edit(draw_roi(reading, self.kind, after))
        elif not after.any():
            self._case.edit(remove_roi(reading, roi.roi_id))
        elif not np.array_equal(roi.mask, after):
            self._case.edit(change_roi(roi, after))

    def _set_preview(self, mask: Mask | None) -> None:
        if mask is None and self._preview is None:
            return
        self._preview = None if mask is None else (self.kind, mask)
        self.preview_changed.emit(self.kind)

    def _guarded(self, work: Callable[[], Mask]) -> Mask | None:
        try:
            return work()
        except AppError as error:
            self._case.refused.emit(told(error))
            return None
