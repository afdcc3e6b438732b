"""One slice of a volume, in mm, with a map over it, and the hand's way through it.

What mouse and wheel do is bound in `widgets.mouse`; the tool of the moment comes out as `tool_used`.
A view changes nothing but itself: what a click means is decided by whoever listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.imaging.volume import Volume
from widgets import slice_painter
from widgets.grips import GripKey, Grips, RulerLine, grip_at
from widgets.legend import Legend
from widgets.outlines import Outline, OutlineCache, Pin, Sketch
from widgets.plane import Plane, SlabKind
from widgets.sections import ParallelPlanes
from widgets.slice_hand import SliceHand
from widgets.slice_layers import Compare, LayerName, Overlay, Picture, make_picture

Position = tuple[float, float, float]
ToolKind = Literal["press", "drag", "release", "double", "hover"]
_PIN_REACH_PX = 8.0
_MOST_PX_PER_PIXEL = 64.0
# with Shift: how many pixels right and down the cross-hair goes
_CURSOR_KEYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


@dataclass(frozen=True)
class ToolEvent:
    """What the left button (or the pointer alone) did, and where in the patient."""

    kind: ToolKind
    position_mm: Position
    view: SliceView
    pin: str | None  # the mark under the pointer
    grip: GripKey | None = None  # the place to drag under the pointer


class SliceView(QWidget):
    """See the module."""

    position_chosen = Signal(object)  # LPS mm: gone here, by wheel or keys
    window_changed = Signal(float, float)  # centre, width
    framed = Signal(object, float)  # LPS mm at the middle, screen pixels per mm
    hovered = Signal(object)  # LPS mm under the pointer, or None
    tool_used = Signal(object)  # ToolEvent
    echo_wished = Signal(int)  # how many echoes further
    size_wished = Signal(int)  # how many steps larger the brush
    entered = Signal()  # it has the focus

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.volume: Volume | None = None
        self.plane: Plane | None = None
        self.parallels: ParallelPlanes | None = None
        self.depth = 0
        self.centre, self.width_of_window, self.inverted = 0.5, 1.0, False
        self.slab_mm = 0.0
        self.slab_kind: SlabKind = "mean"
        self.overlay: Overlay | None = None
        self.compare: Compare | None = None
        self.divider = 0.5  # of the width: right of it the other picture is shown
        self.smooth = True
        self.show_texts = True
        self.waiting_for = ""
        self.caption = ""
        self.cursor_mm: Position | None = None
        self.show_cursor = True
        self.legend: Legend | None = None
        self.outlines: tuple[Outline, ...] = ()
        self.pins: tuple[Pin, ...] = ()
        self.sketch: Sketch | None = None
        self.grips: tuple[Grips, ...] = ()
        self.held: GripKey | None = None  # the place to drag under the pointer
        self.rulers: tuple[RulerLine, ...] = ()
        self.brush_mm: float | None = None
        self.brush_colour = "#ffffff"
        self.pointer: QPointF | None = None
        self.edges = OutlineCache()
        self.hand = SliceHand(self)
        self.px_per_mm = 1.0
        self._middle = (0.0, 0.0)  # (down, right) mm at the widget's centre
        self._fitted = True
        self._pictures: dict[LayerName, Picture | None] = {}
        self._canvas: QPixmap | None = None
        self._changed = True

    # ---- what is shown

    def set_picture(self, volume: Volume | None, caption: str = "", slice_axis: int = 0) -> None:
        """Show a volume cut across one of its index axes.

        Place, zoom and slice stay where grid and axis are those of the picture before.
        """
        before, self.volume, self.caption = self.plane, volume, caption
        if volume is not None and self.accessibleDescription():
            self.setAccessibleDescription("")
        same = (
            volume is not None
            and before is not None
            and before.slice_axis == slice_axis
            and volume.geometry.same_grid(before.geometry)
        )
        if not same:
            self.plane = None if volume is None else Plane(volume.geometry, slice_axis)
            self.parallels = None if self.plane is None else ParallelPlanes(self.plane)
            self.depth = 0 if self.plane is None else self.plane.count // 2
            self.overlay = self.compare = None
            self.edges.clear()
            if self.plane is not None and self.cursor_mm is not None:
                self.depth = self.plane.slice_of(self.cursor_mm)
            self.fit()
        self._recolour("base", "overlay", "compare")

    def wait_for(self, text: str) -> None:
        """Show no picture, but what there will be, or why there is none."""
        self.waiting_for = text
        self.setAccessibleDescription(text)
        self.set_picture(None)

    def set_overlay(self, overlay: Overlay | None) -> None:
        """Lay a map over the picture, or take it away."""
        if overlay != self.overlay:
            self.overlay = overlay
            self._recolour("overlay")

    def set_legend(self, legend: Legend | None) -> None:
        """Write what the map's colours mean into the margin, or nothing."""
        if legend != self.legend:
            self.legend = legend
            self.update()

    def set_compare(self, compare: Compare | None) -> None:
        """Show another picture right of a divider that the hand can move, or take it away."""
        self.compare = compare
        self._recolour("compare")

    def move_divider(self, x: float) -> None:
        """Put the divider between the two pictures at a place of the widget."""
        self.divider = min(max(x / max(self.width(), 1), 0.02), 0.98)
        self._reframe()

    @property
    def divider_x(self) -> float:
        """Where the divider lies in the widget."""
        return self.divider * self.width()

    def set_window(self, centre: float, width: float) -> None:
        """Set level and width of the grey scale."""
        if (centre, width) != (self.centre, self.width_of_window):
            self.centre, self.width_of_window = centre, max(width, 1e-9)
            self._recolour("base")

    def set_inverted(self, inverted: bool) -> None:
        """Show low values white, or black again."""
        self.inverted = inverted
        self._recolour("base", "compare")

    def set_slab(self, mm: float, kind: SlabKind) -> None:
        """Show mean, highest or lowest value over a thickness round the slice; 0: the slice alone."""
        self.slab_mm, self.slab_kind = mm, kind
        self._recolour("base")

    def set_smooth(self, smooth: bool) -> None:
        """Choose between interpolated pixels and plain ones."""
        self.smooth = smooth
        self._recolour()

    def set_show_texts(self, shown: bool) -> None:
        """Show or hide everything that is written round the picture; without it the picture has all room."""
        if shown != self.show_texts:
            self.show_texts = shown
            self.fit() if self._fitted else self._reframe()

    def set_outlines(self, outlines: tuple[Outline, ...]) -> None:
        """Outline these regions; the lines of one that is the same array as before are kept."""
        self.outlines = outlines
        self.update()

    def refresh_outline(self, key: str) -> None:
        """Draw the outline of a region anew, after its coverage was changed in place."""
        self.edges.clear(key)
        self.update()

    def set_grips(self, grips: tuple[Grips, ...]) -> None:
        """Show these places to drag."""
        self.grips = grips
        self.update()

    def set_rulers(self, rulers: tuple[RulerLine, ...]) -> None:
        """Show these lengths."""
        self.rulers = rulers
        self.update()

    def set_pins(self, pins: tuple[Pin, ...]) -> None:
        """Show these marks."""
        self.pins = pins
        self.update()

    def set_sketch(self, sketch: Sketch | None) -> None:
        """Show the outline being drawn."""
        self.sketch = sketch
        self.update()

    def set_brush(self, radius_mm: float | None, colour: str = "#ffffff") -> None:
        """Show a circle of this radius round the pointer; None: no brush."""
        self.brush_mm, self.brush_colour = radius_mm, colour
        self.update()

    # ---- where things are

    def show_position(self, position_mm: ArrayLike) -> None:
        """Put the cross-hair at a place and show the slice nearest to it."""
        x, y, z = (float(value) for value in np.asarray(position_mm))
        self.cursor_mm = (x, y, z)
        if self.plane is not None:
            self._set_depth(self.plane.slice_of(self.cursor_mm))
        self.update()

    def show_slice(self, depth: int) -> None:
        """Show a slice by number from 0, and say so through `position_chosen`."""
        if self.plane is None:
            return
        depth = min(max(depth, 0), self.plane.count - 1)
        if depth == self.depth:
            return
        place = [float(depth), *(size / 2 for size in self.plane.size_mm)]
        if self.cursor_mm is not None:
            place[1:] = self.plane.place_of(self.cursor_mm)[1:]
        x, y, z = (float(value) for value in self.plane.position_of(place))
        self.show_position((x, y, z))
        self.position_chosen.emit((x, y, z))

    def point_at(self, position_mm: ArrayLike) -> QPoint:
        """Return where a place of the patient lies in the widget (across the slices: straight above it)."""
        return self.exact_point_at(position_mm).toPoint()

    def exact_point_at(self, position_mm: ArrayLike) -> QPointF:
        """Return the same as `point_at`, with fractions of a pixel."""
        if self.plane is None:
            return QPointF()
        _, down, right = self.plane.place_of(position_mm)
        return self.point_of(float(down), float(right))

    def points_at(self, positions_mm: ArrayLike) -> NDArray[np.float64]:
        """Return where places, shape (n, 3), lie in the widget: x and y, shape (n, 2)."""
        if self.plane is None:
            return np.zeros((len(np.asarray(positions_mm)), 2))
        place = self.plane.place_of(positions_mm)[:, 1:] - self._middle
        return place[:, ::-1] * self.px_per_mm + (self.width() / 2, self.height() / 2)

    def point_of(self, down: float, right: float) -> QPointF:
        """Return the widget's point of a place in the slice, in mm from its top-left corner."""
        x = (right - self._middle[1]) * self.px_per_mm + self.width() / 2
        y = (down - self._middle[0]) * self.px_per_mm + self.height() / 2
        return QPointF(x, y)

    def position_at(self, point: QPointF | QPoint) -> Position:
        """Return the place of the patient, LPS mm, at a point of the widget, on the slice shown."""
        if self.plane is None:
            return (0.0, 0.0, 0.0)
        right = (point.x() - self.width() / 2) / self.px_per_mm + self._middle[1]
        down = (point.y() - self.height() / 2) / self.px_per_mm + self._middle[0]
        x, y, z = (float(value) for value in self.plane.position_of((self.depth, down, right)))
        return (x, y, z)

    def pin_at(self, point: QPointF) -> str | None:
        """Return the mark of this slice that lies under a point of the widget."""
        near = [
            (QPointF(self.exact_point_at(pin.position_mm) - point).manhattanLength(), pin.key)
            for pin in self.pins_here()
        ]
        distance, key = min(near, default=(np.inf, ""))
        return key if distance <= _PIN_REACH_PX else None

    def pins_here(self) -> list[Pin]:
        """Return the marks that lie within half a slice of the one shown."""
        if self.plane is None:
            return []
        return [pin for pin in self.pins if self.plane.slice_of(pin.position_mm) == self.depth]

    @property
    def directions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Unit vectors in LPS along the screen, to the right and down."""
        if self.plane is None:
            return np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
        return self.plane.directions

    def fit(self) -> None:
        """Show the whole picture, as large as it goes."""
        self._fitted = True
        if self.plane is None:
            return
        height, width = self.plane.size_mm
        self.px_per_mm = self._fitting_scale()
        self._middle = (height / 2, width / 2)
        self._reframe()

    def _fitting_scale(self) -> float:
        height, width = self.plane.size_mm if self.plane is not None else (1.0, 1.0)
        room = self.picture_area()
        return max(min(room.width() / width, room.height() / height), 1e-3)

    def picture_area(self) -> QRectF:
        """Return where the picture may lie: texts have their own margin, so that none covers a lesion."""
        margin_x, margin_y = slice_painter.MARGINS_PX if self.show_texts else (0.0, 0.0)
        return QRectF(self.rect()).adjusted(margin_x, margin_y, -margin_x, -margin_y)

    def set_zoom(self, factor: float) -> None:
        """Show the middle of the picture, `factor` times as large as when all of it is shown."""
        self.fit()
        self.px_per_mm *= factor
        self._fitted = factor == 1.0
        self._reframe()

    @property
    def zoom(self) -> float:
        """How much larger than the whole picture it is shown."""
        return self.px_per_mm / self._fitting_scale()

    def set_frame(self, middle_mm: Position, px_per_mm: float) -> None:
        """Bring a place to the middle at a given zoom, as another view has it; nothing is said of it."""
        if self.plane is not None:
            _, down, right = self.plane.place_of(middle_mm)
            self._middle, self.px_per_mm, self._fitted = (float(down), float(right)), px_per_mm, False
            self._reframe()

    def zoom_about(self, point: QPointF, factor: float) -> None:
        """Zoom so that what lies under `point` stays there."""
        if self.plane is None:
            return
        least = 0.25 * self._fitting_scale()
        most = _MOST_PX_PER_PIXEL / min(self.plane.pixel_mm)
        scale = min(max(self.px_per_mm * factor, least), most)
        x, y = point.x() - self.width() / 2, point.y() - self.height() / 2
        moved = 1 / self.px_per_mm - 1 / scale
        self._middle = (self._middle[0] + y * moved, self._middle[1] + x * moved)
        self.px_per_mm, self._fitted = scale, False
        self._say_frame()

    def pan(self, across_px: float, down_px: float) -> None:
        """Move the picture by screen pixels."""
        down, right = self._middle
        self._middle = (down - down_px / self.px_per_mm, right - across_px / self.px_per_mm)
        self._fitted = False
        self._say_frame()

    def _say_frame(self) -> None:
        self._reframe()
        self.framed.emit(self.position_at(QPointF(self.width() / 2, self.height() / 2)), self.px_per_mm)

    def _set_depth(self, depth: int) -> None:
        if depth != self.depth:
            self.depth = depth
            self._recolour("base", "overlay", "compare")

    def _recolour(self, *which: LayerName) -> None:
        """Have these pictures coloured anew, and what is made of them painted anew."""
        for name in which:
            self._pictures.pop(name, None)
        self._reframe()

    def _reframe(self) -> None:
        self._canvas, self._changed = None, True
        self.update()

    # ---- painting

    def picture(self, which: LayerName) -> Picture | None:
        """Return a coloured slice, made once and kept until slice, window or map change."""
        if which not in self._pictures:
            self._pictures[which] = make_picture(self, which)
        return self._pictures[which]

    def paint_pictures(self, painter: QPainter) -> None:
        """Paint the pictures as they lie in the widget.

        While they change with every frame they are painted as they are; what is painted a second time is
        kept, since then only what lies over it changes: the brush, the cross-hair.
        """
        if self._changed:
            self._changed = False
            slice_painter.paint_pictures(painter, self)
            return
        if self._canvas is None:
            ratio = self.devicePixelRatioF()
            # a part of a pixel at the edge is a pixel: else a seam of the old picture would stay there
            self._canvas = QPixmap(int(np.ceil(self.width() * ratio)), int(np.ceil(self.height() * ratio)))
            self._canvas.setDevicePixelRatio(ratio)
            onto = QPainter(self._canvas)
            slice_painter.paint_pictures(onto, self)
            onto.end()
        painter.drawPixmap(0, 0, self._canvas)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        slice_painter.paint(painter, self)
        painter.end()

    # ---- the hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.hand.roll(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        before, self.pointer = self.pointer, event.position()
        if self.plane is not None:
            self.hovered.emit(self.position_at(event.position()))
        self.hand.move(event)
        for point in (before, self.pointer):
            self._repaint_brush(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.hand.press(event, "double")

    def leaveEvent(self, event: QEvent) -> None:
        self._repaint_brush(self.pointer)
        self.pointer = None
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_Home: -100_000,
            Qt.Key.Key_End: 100_000,
        }
        if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.show_slice(self.depth + steps[Qt.Key(event.key())])
        elif event.key() in _CURSOR_KEYS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_cursor(*_CURSOR_KEYS[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Space and self.cursor_mm is not None:
            for kind in ("press", "release"):
                self.use_tool(kind, self.exact_point_at(self.cursor_mm))
        elif event.text() in ("+", "-"):
            middle = QPointF(self.width() / 2, self.height() / 2)
            self.zoom_about(self.pointer or middle, 1.2 if event.text() == "+" else 1 / 1.2)
        else:
            super().keyPressEvent(event)

    def _move_cursor(self, right: int, down: int) -> None:
        """Move the cross-hair by pixels of the picture, and say so through `position_chosen`."""
        if self.plane is None:
            return
        start = self.plane.size_mm[0] / 2, self.plane.size_mm[1] / 2
        if self.cursor_mm is not None:
            start = tuple(self.plane.place_of(self.cursor_mm)[1:])
        moved = (down * self.plane.pixel_mm[0], right * self.plane.pixel_mm[1])
        place = [
            min(max(at + step, 0.0), size)
            for at, step, size in zip(start, moved, self.plane.size_mm, strict=True)
        ]
        x, y, z = (float(value) for value in self.plane.position_of((self.depth, *place)))
        self.show_position((x, y, z))
        self.position_chosen.emit((x, y, z))

    def use_tool(self, kind: ToolKind, point: QPointF) -> None:
        """Say that the hand uses the tool here."""
        if self.plane is not None:
            grip = grip_at(self, point)
            if grip != self.held:
                self.held = grip
                self.update()
            self.tool_used.emit(ToolEvent(kind, self.position_at(point), self, self.pin_at(point), grip))

    def drag_window(self, moved: QPointF) -> None:
        """Change window (across) and level (up and down) by a way on the screen, and say so."""
        # a full drag across 300 pixels doubles the window, wherever the numbers lie
        gain = max(self.width_of_window, 1e-9) / 300
        width = max(self.width_of_window + moved.x() * gain, 1e-9)
        self.set_window(self.centre - moved.y() * gain, width)
        self.window_changed.emit(self.centre, self.width_of_window)

    def _repaint_brush(self, point: QPointF | None) -> None:
        if self.brush_mm is not None and point is not None:
            reach = round(self.brush_mm * self.px_per_mm) + 4
            self.update(QRect(point.toPoint(), QSize()).adjusted(-reach, -reach, reach, reach))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._reframe()
        if self._fitted:
            self.fit()

    def sizeHint(self) -> QSize:
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 90)
