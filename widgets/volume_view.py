"""A volume in 3D, and the hand's way round it.

A drag with the tool's button turns, a click with it points at what is seen there; what the other buttons do
is bound in `widgets.mouse`, where scrolling moves the cut of the moment. The wheel zooms about the pointer;
with Shift it moves the cut, as Page Up and Page Down do. Keys: A P L R S I views from that side, arrows turn,
X Y Z cuts (Shift: the other half), V maximum or body, + and - zoom, Home as at first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import volume_painter
from widgets.mouse import PRESETS, USUAL, deed_of
from widgets.outlines import Pin
from widgets.slice_painter import MARGINS_PX
from widgets.volume_camera import SIDES, Camera, Position
from widgets.volume_grey import Cut, GreyVolume, Surface, met
from widgets.volume_pictures import VolumePictures

Mode = Literal["mip", "body"]
_NOTCH = 120  # eighths of a degree: one step of a mouse wheel (QWheelEvent)
_CLICK_PX = 3.0
_DEGREES_PER_PX = 0.5
_KEY_DEGREES = 15.0
_CUT_KEYS = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
_SIDE_KEYS = {getattr(Qt.Key, f"Key_{side}"): side for side in SIDES}
_TURN_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class VolumeView(QWidget):
    """See the module. Graphics memory is held while the widget is shown, and no longer."""

    position_chosen = Signal(object)  # LPS mm: pointed at
    window_changed = Signal(float, float)  # centre, width
    look_changed = Signal()  # mode or cuts
    settled = Signal()  # the full picture is there
    entered = Signal()  # it has the focus
    used = Signal()  # a hand is at work here

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.grey: GreyVolume | None = None
        self.camera = Camera.from_side("A", (0.0, 0.0, 0.0), 1.0)
        # iron makes tissue dark, and a maximum shows what is bright: that is for vessels, and on demand
        self.mode: Mode = "body"
        self.centre, self.width_of_window = 0.5, 1.0
        self.cuts: dict[int, Cut] = {}
        self.active_cut: int | None = None
        self.surfaces: tuple[Surface, ...] = ()
        self.pins: tuple[Pin, ...] = ()
        self.cursor_mm: Position | None = None
        self.show_cursor = True
        self.show_texts = True
        self.waiting_for = ""
        self.pictures = VolumePictures(self)
        self._fitted = True
        self.bound = dict(PRESETS[USUAL].bindings)
        # the button held, what it does, and where it went down
        self._held: tuple[Qt.MouseButton, str, QPointF] | None = None
        self._last, self._dragged = QPointF(), False
        self._wheel = 0

    # ---- what is shown

    def set_volume(self, grey: GreyVolume | None) -> None:
        """Show a volume; where one stands stays if it lies where the last one lay."""
        before, self.grey = self.grey, grey
        if grey is not None and (before is None or not np.array_equal(before.corners_mm, grey.corners_mm)):
            self.cuts, self.active_cut = {}, None
            self.look_changed.emit()
            self.reset()
        self.pictures.renew()

    def set_window(self, centre: float, width: float) -> None:
        """Set level and width of the grey scale, in the volume's own values; nothing is said of it."""
        self.centre, self.width_of_window = centre, max(width, 1e-9)
        self.pictures.renew(from_elsewhere=True)
        self.update()

    def set_mode(self, mode: Mode) -> None:
        """Show the brightest along each ray (MIP), or a body with depth."""
        if mode != self.mode:
            self.mode = mode
            self.pictures.renew()
            self.look_changed.emit()

    def set_surfaces(self, surfaces: tuple[Surface, ...]) -> None:
        """Show regions as bodies; they shine through tissue that hides them."""
        if surfaces != self.surfaces:
            self.surfaces = surfaces
            self.pictures.renew(from_elsewhere=True)

    def set_pins(self, pins: tuple[Pin, ...]) -> None:
        """Show these marks."""
        self.pins = pins
        self.update()

    def set_show_texts(self, shown: bool) -> None:
        """Show or hide everything that is written over the picture."""
        self.show_texts = shown
        if self._fitted:
            self.fit()
        self.update()

    def show_position(self, position_mm: ArrayLike) -> None:
        """Put the cross at a place of the patient; nothing is said of it."""
        x, y, z = (float(value) for value in np.asarray(position_mm))
        self.cursor_mm = (x, y, z)
        self.update()

    # ---- cuts

    def set_cut(self, axis: int, on: bool) -> None:
        """Cut across x, y or z (0, 1, 2) where the cross is, else in the middle; the nearer half goes."""
        if self.grey is None or on == (axis in self.cuts):
            return
        if on:
            low, high = self._extent(axis)
            at = self.grey.middle_mm[axis] if self.cursor_mm is None else self.cursor_mm[axis]
            keeps = -1 if self.camera.axes[2][axis] < 0 else 1
            self.cuts[axis] = Cut(axis, float(min(max(at, low), high)), keeps)
            self.active_cut = axis
        else:
            del self.cuts[axis]
            self.active_cut = next(iter(self.cuts), None)
        self.pictures.renew()
        self.look_changed.emit()

    def place_cut(self, axis: int, at_mm: float) -> None:
        """Move a cut to x, y or z in mm; it stays inside the volume."""
        if axis in self.cuts:
            low, high = self._extent(axis)
            self.cuts[axis] = replace(self.cuts[axis], at_mm=float(min(max(at_mm, low), high)))
            self.active_cut = axis
            self.pictures.renew()

    def swap_cut(self, axis: int) -> None:
        """Show the half that a cut took away, and take the other."""
        if axis in self.cuts:
            self.cuts[axis] = replace(self.cuts[axis], keeps=-self.cuts[axis].keeps)
            self.active_cut = axis
            self.pictures.renew()

    def _extent(self, axis: int) -> tuple[float, float]:
        along = np.zeros(1) if self.grey is None else self.grey.corners_mm[:, axis]
        return float(along.min()), float(along.max())

    def _step_cut(self, steps: int) -> None:
        if self.active_cut is not None and self.grey is not None:
            # one voxel of the grid's axis that runs most along the patient's
            along = np.abs(self.grey.matrix[self.active_cut, :3])
            at = self.cuts[self.active_cut].at_mm
            self.place_cut(self.active_cut, at + steps * self.grey.spacing_mm[int(np.argmax(along))])

    # ---- where one stands

    @property
    def extent_px(self) -> tuple[float, float]:
        """Width and height of the widget."""
        return float(self.width()), float(self.height())

    def picture_area(self) -> QRectF:
        """Return the part of the widget that pictures fill: all of it, or what the texts leave."""
        across, down = MARGINS_PX if self.show_texts else (0.0, 0.0)
        return QRectF(self.rect()).adjusted(across, down, -across, -down)

    def look_from(self, side: str) -> None:
        """Stand at a side of the patient: "A", "P", "L", "R", "S" or "I"."""
        self.look(self.camera.seen_from(side))
        if self._fitted:
            self.fit()

    def fit(self) -> None:
        """Show the whole volume, as large as it goes."""
        self._fitted = True
        if self.grey is None:
            return
        across = (self.grey.corners_mm - self.grey.middle_mm) @ self.camera.axes[:2].T
        wide, high = np.maximum(np.ptp(across, axis=0), 1e-3)
        area = self.picture_area()
        scale = 0.96 * max(min(area.width() / wide, area.height() / high), 1e-3)
        self.look(replace(self.camera, middle_mm=self.grey.middle_mm, px_per_mm=float(scale)))

    def reset(self) -> None:
        """Stand in front of the patient and see the whole."""
        self.camera = self.camera.seen_from("A")
        self.fit()

    def point_at(self, position_mm: ArrayLike) -> QPoint:
        """Return where a place of the patient is seen in the widget."""
        x, y, _ = self.camera.project(position_mm, self.extent_px)
        return QPointF(float(x), float(y)).toPoint()

    def position_under(self, point: QPointF | QPoint) -> Position | None:
        """Return the place of the patient that is seen at a point of the widget; None: nothing is."""
        if self.grey is None:
            return None
        ray = (self.camera.position(point.x(), point.y(), self.extent_px), self.camera.axes[2])
        found = met(
            self.grey, self.surfaces, tuple(self.cuts.values()), ray, self.levels(),
            brightest=self.mode == "mip",
        )  # fmt: skip
        return None if found is None else (float(found[0]), float(found[1]), float(found[2]))

    def look(self, camera: Camera) -> None:
        """Stand where this camera stands."""
        self.camera = camera
        self.pictures.redraw()

    def levels(self) -> tuple[float, float]:
        """Return the levels of the volume that are black and white."""
        half = self.width_of_window / 2
        grey = self.grey
        return (
            (0.0, 1.0) if grey is None else (grey.level(self.centre - half), grey.level(self.centre + half))
        )

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(0, 0, 0))
        if self.pictures.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipRect(self.picture_area())
            painter.drawImage(self.pictures.covers, self.pictures.image)
            painter.setClipping(False)
        volume_painter.paint(painter, self)
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        self.pictures.redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        # a window that is only put away comes back as it was
        if not event.spontaneous():
            self.pictures.release()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitted:
            self.fit()
        self.pictures.redraw()

    def sizeHint(self) -> QSize:
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    # ---- the hand

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._deed(event)
        ):
            # with the focus here these keys are the view's own, whatever the window does with them
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.pictures.redraw()
        return super().event(event)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does here, None for nothing."""
        key, shift = Qt.Key(event.key()), event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if self.grey is None or event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            return None
        if key in _CUT_KEYS:
            axis = _CUT_KEYS[key]
            return (
                (lambda: self.swap_cut(axis)) if shift else lambda: self.set_cut(axis, axis not in self.cuts)
            )
        if event.text() in ("+", "-"):
            return lambda: self._zoom(1.2 if event.text() == "+" else 1 / 1.2, QRectF(self.rect()).center())
        if shift:
            return None
        if key in _TURN_KEYS:
            right, down = _TURN_KEYS[key]
            return lambda: self.look(self.camera.turned(right * _KEY_DEGREES, down * _KEY_DEGREES))
        deeds: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Home: self.reset,
            Qt.Key.Key_V: lambda: self.set_mode("body" if self.mode == "mip" else "mip"),
            Qt.Key.Key_PageUp: lambda: self._step_cut(1),
            Qt.Key.Key_PageDown: lambda: self._step_cut(-1),
            **{at: (lambda side=side: self.look_from(side)) for at, side in _SIDE_KEYS.items()},
        }
        return deeds.get(key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.used.emit()
        deed = self._deed(event)
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.used.emit()
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._step_cut(notches)
        elif notches:
            self._zoom(1.2**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            deed = deed_of(self.bound, event.button(), event.modifiers())
            self._held, self._last = (event.button(), deed, event.position()), event.position()
            self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.used.emit()
        if self._held is None or self.grey is None:
            return
        _, deed, start = self._held
        if not self._dragged and (event.position() - start).manhattanLength() <= _CLICK_PX:
            return
        self._dragged = True
        moved, self._last = event.position() - self._last, event.position()
        if deed == "tool":
            self.look(self.camera.turned(moved.x() * _DEGREES_PER_PX, moved.y() * _DEGREES_PER_PX))
        elif deed == "window":
            self._drag_window(moved)
        elif deed == "pan":
            self._fitted = False
            self.look(self.camera.moved(moved.x(), moved.y()))
        elif deed == "zoom":
            self._zoom(1.01 ** -moved.y(), start)
        elif deed == "scroll":
            self._drag_cut(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is None or self._held[0] != event.button():
            return
        deed, self._held = self._held[1], None
        if deed == "tool" and not self._dragged:
            self._click(event.position())

    def _click(self, point: QPointF) -> None:
        faces = volume_painter.cube_faces(self) if self.show_texts and self.grey is not None else []
        on = [side for side, face, _ in faces if face.containsPoint(point, Qt.FillRule.OddEvenFill)]
        if on:
            self.look_from(on[0])
        else:
            found = self.position_under(point)
            if found is not None:
                self.show_position(found)
                self.position_chosen.emit(found)

    def _zoom(self, factor: float, at: QPointF) -> None:
        if self.grey is None:
            return
        least = 0.2 * min(self.extent_px) / self.grey.diagonal_mm
        most = 64 / min(self.grey.spacing_mm)
        scale = min(max(self.camera.px_per_mm * factor, least), max(most, least))
        self._fitted = False
        self.look(self.camera.zoomed(scale / self.camera.px_per_mm, at.x(), at.y(), self.extent_px))

    def _drag_cut(self, moved: QPointF) -> None:
        if self.active_cut is None:
            return
        # a cut goes with the hand along its own normal, as that is seen
        seen = self.camera.axes[:2, self.active_cut]
        length = float(np.linalg.norm(seen))
        seen = seen / length if length > 0.2 else np.array([0.0, -1.0])
        way = (moved.x() * seen[0] + moved.y() * seen[1]) / self.camera.px_per_mm / max(length, 0.2)
        self.place_cut(self.active_cut, self.cuts[self.active_cut].at_mm + way)

    def _drag_window(self, moved: QPointF) -> None:
        # as in the slice views: a full drag across 300 pixels doubles the window
        gain = self.width_of_window / 300
        self.centre -= moved.y() * gain
        self.width_of_window = max(self.width_of_window + moved.x() * gain, 1e-9)
        self.pictures.renew()
        self.window_changed.emit(self.centre, self.width_of_window)
