"""A slice with boxes drawn on it, which a hand adds, moves and takes away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets.parts import spoken

# top, left, bottom, right in pixels of the picture, the last two included no more
Box = tuple[int, int, int, int]
_MARGIN_PX = 3
_BOX, _CHOSEN = QColor("#e8b04a"), QColor("#ffffff")
_STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class BoxPicture(QWidget):
    """Drag draws a box, a click chooses one, arrows move it, Delete takes it away, Insert adds one.

    `boxes_changed` says all boxes of the slice after a hand changed them.
    """

    boxes_changed = Signal(object)  # tuple of Box

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        spoken(self, name, title, self.tr("Drag draws a box, a click chooses one, Delete takes it away"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 320)
        self.boxes: tuple[Box, ...] = ()
        self.chosen = -1
        self._image = QImage()
        self._from: QPointF | None = None
        self._to = QPointF()

    def sizeHint(self) -> QSize:
        return QSize(560, 480)

    def show_slice(self, grey: NDArray[np.uint8], boxes: Sequence[Box]) -> None:
        """Show a picture, (row, column) of 0 to 255, with its boxes."""
        rows, columns = grey.shape
        # a copy: the array may go
        self._image = QImage(
            np.ascontiguousarray(grey).tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8
        ).copy()
        self.boxes, self.chosen = tuple(boxes), len(boxes) - 1
        self.update()

    def place_of(self, row: float, column: float) -> QPointF:
        """Return where a pixel of the picture is in the widget."""
        frame, scale = self._frame()
        return QPointF(frame.left() + column * scale, frame.top() + row * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._image.isNull():
            return
        frame, _ = self._frame()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(frame, self._image)
        for place, box in enumerate(self.boxes):
            painter.setPen(QPen(_CHOSEN if place == self.chosen else _BOX, 2))
            painter.drawRect(QRectF(self.place_of(box[0], box[1]), self.place_of(box[2], box[3])))
        if self._from is not None:
            painter.setPen(QPen(_CHOSEN, 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(self._from, self._to).normalized())
        if self.hasFocus():
            painter.setPen(QPen(self.palette().link().color(), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._image.isNull():
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        start, self._from = self._from, None
        drawn = self._box(start, event.position())
        if drawn is not None:
            self._change((*self.boxes, drawn), len(self.boxes))
        else:
            row, column = self._pixel(event.position())
            inside = [
                place for place, (top, left, bottom, right) in enumerate(self.boxes)
                if top <= row < bottom and left <= column < right
            ]  # fmt: skip
            self.chosen = inside[-1] if inside else -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Insert and not self._image.isNull():
            rows, columns = self._image.height(), self._image.width()
            self._change((*self.boxes, (0, 0, max(rows // 8, 1), columns)), len(self.boxes))
        elif self.chosen < 0 or key not in (*_STEPS, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._move(*_STEPS[key], larger=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            rest = tuple(box for place, box in enumerate(self.boxes) if place != self.chosen)
            self._change(rest, len(rest) - 1)

    def _move(self, down: int, right: int, *, larger: bool) -> None:
        """Move the chosen box by a pixel, or its lower right corner alone."""
        top, left, bottom, end = self.boxes[self.chosen]
        moved = (top + (0 if larger else down), left + (0 if larger else right), bottom + down, end + right)
        rows, columns = self._image.height(), self._image.width()
        if 0 <= moved[0] < moved[2] <= rows and 0 <= moved[1] < moved[3] <= columns:
            boxes = list(self.boxes)
            boxes[self.chosen] = moved
            self._change(tuple(boxes), self.chosen)

    def _change(self, boxes: tuple[Box, ...], chosen: int) -> None:
        self.boxes, self.chosen = boxes, chosen
        self.update()
        self.boxes_changed.emit(boxes)

    def _frame(self) -> tuple[QRectF, float]:
        """Where the picture lies, and how large a pixel of it is."""
        room = self.rect().adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        width, height = max(self._image.width(), 1), max(self._image.height(), 1)
        scale = min(room.width() / width, room.height() / height)
        size = (width * scale, height * scale)
        left, top = room.center().x() - size[0] / 2, room.center().y() - size[1] / 2
        return QRectF(left, top, *size), scale

    def _pixel(self, place: QPointF) -> tuple[float, float]:
        frame, scale = self._frame()
        return (place.y() - frame.top()) / scale, (place.x() - frame.left()) / scale

    def _box(self, start: QPointF, end: QPointF) -> Box | None:
        """The pixels that were dragged over; None where it was a click."""
        (row, column), (other_row, other_column) = self._pixel(start), self._pixel(end)
        rows, columns = self._image.height(), self._image.width()
        top, bottom = sorted(min(max(round(each), 0), rows) for each in (row, other_row))
        left, right = sorted(min(max(round(each), 0), columns) for each in (column, other_column))
        return (top, left, bottom, right) if bottom > top and right > left else None
