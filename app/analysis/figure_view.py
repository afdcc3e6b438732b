"""A figure of the report on the screen: the same figure, drawn for the screen's pixels; points open cases."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.export.report.style import Plot, Point, styled
from core.files import whole_file
from widgets.parts import spoken
from widgets.value_table import shown_value

_NEAR_PX, _RING_PX, _COPY_DPI, _SAVE_DPI = 9.0, 7.0, 200, 300
_WIDEST_PX, _LATER_MS = 1100, 100
# it belongs to the data, not to a case
_SAID_FIRST = ("subject", "group", "visit", "field_t", "item")
FORMATS = ("png", "svg")


class FigureView(QWidget):
    """`point_chosen` gives the row of the point that was clicked, or chosen by arrow keys and Enter.

    It is as high as its figure is at the width that it has.
    """

    point_chosen = Signal(object)
    copied = Signal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        spoken(self, name, title, " ")
        self._title = title
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.plot: Plot | None = None
        self._image = QImage()
        self._places: list[QPointF] = []  # of the points, in the widget's pixels
        self._current = -1

    def show_plot(self, plot: Plot | None) -> None:
        """Show a plot, or none."""
        self.plot, self._image, self._places, self._current = plot, QImage(), [], -1
        self.setAccessibleName(f"{self._title}: {plot.caption}" if plot else self._title)
        self.setToolTip("")
        self.updateGeometry()
        self.update()

    def point_at(self, row: Mapping[str, Any]) -> QPointF:
        """Return where the point of a row of the plot's data lies in the widget."""
        self._draw()
        points = self.plot.points if self.plot else ()
        return self._places[next(n for n, point in enumerate(points) if point.row == row)]

    def save(self, path: Path, *, force: bool = False) -> None:
        """Write the figure as SVG or as PNG with 300 dots to the inch, by the file's ending.

        Raises
        ------
        InputError
            If the file exists and `force` is not set, or its folder cannot be written.
        """
        data = self._bytes(path.suffix.lower().removeprefix("."), _SAVE_DPI)
        with whole_file(path, force=force) as draft:
            draft.write_bytes(data)

    def copy(self) -> None:
        """Put the figure on the clipboard as a picture."""
        QGuiApplication.clipboard().setImage(QImage.fromData(self._bytes("png", _COPY_DPI)))
        self.copied.emit()

    def _bytes(self, kind: str, dpi: int) -> bytes:
        if self.plot is None:
            return b""
        stream = io.BytesIO()
        with styled():
            # a file says no time: the same plot gives the same bytes
            metadata = {"Date": None} if kind == "svg" else {}
            self.plot.figure.savefig(stream, format=kind, dpi=dpi, metadata=metadata)
        return stream.getvalue()

    # ---- drawing

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self.plot is None:
            return 0
        across, down = self.plot.figure.get_size_inches()
        return round(min(width, _WIDEST_PX) * down / across)

    def sizeHint(self) -> QSize:
        return QSize(560, self.heightForWidth(560))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.plot is None:
            return
        self._draw()
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        if 0 <= self._current < len(self._places):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor("#222222"), 1.6))
            painter.drawEllipse(self._places[self._current], _RING_PX, _RING_PX)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Link), 2))
            painter.drawRect(QRectF(1, 1, *self._shown()))
        painter.end()

    def _shown(self) -> tuple[float, float]:
        size = self._image.deviceIndependentSize()
        return size.width() - 2, size.height() - 2

    def _draw(self) -> None:
        """Draw the figure for the pixels that there are, if it is not."""
        ratio = self.devicePixelRatioF()
        width = round(min(self.width(), _WIDEST_PX) * ratio)
        if self.plot is None or width < 50 or self._image.width() == width:
            return
        figure = self.plot.figure
        with styled(wait=False) as our_turn:
            if not our_turn:
                # plots are made beside the window; what is painted now stays a moment longer
                QTimer.singleShot(_LATER_MS, self.update)
                return
            figure.set_dpi(width / figure.get_size_inches()[0])
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            pixels = canvas.buffer_rgba()
            across, down = canvas.get_width_height()
        # a copy: the figure's own pixels go with its canvas
        made = QImage(pixels, across, down, 4 * across, QImage.Format.Format_RGBA8888).copy()
        made = made.copy(0, 0, width, down) if across != width else made
        made.setDevicePixelRatio(ratio)
        self._image = made
        self._places = [_place(point, down, ratio) for point in self.plot.points]

    # ---- hand and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._nearest(event.position())
        shape = Qt.CursorShape.ArrowCursor if place is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        self.setToolTip("" if place is None else self._told(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._nearest(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._go_to(place)
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in steps and self._places:
            self._go_to((self._current + steps[Qt.Key(event.key())]) % len(self._places))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self._choose()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()

    def _go_to(self, place: int) -> None:
        self._current = place
        self.setAccessibleDescription(self._told(place))
        self.update()

    def _choose(self) -> None:
        if self.plot is not None:
            self.point_chosen.emit(self.plot.points[self._current].row)

    def _told(self, place: int) -> str:
        row = self.plot.points[place].row if self.plot else {}
        named = [shown_value(row[name]) + (" T" if name == "field_t" else "") for name in _SAID_FIRST
                 if name in row]  # fmt: skip
        numbers = (f"{name} {shown_value(value)}" for name, value in row.items() if name not in _SAID_FIRST)
        return ", ".join((*named, *numbers))

    def _nearest(self, position: QPointF) -> int | None:
        self._draw()
        apart = [math.hypot(place.x() - position.x(), place.y() - position.y()) for place in self._places]
        if not apart or min(apart) > _NEAR_PX:
            return None
        return apart.index(min(apart))


def _place(point: Point, down_px: int, ratio: float) -> QPointF:
    x, y = point.axes.transData.transform((point.x, point.y))
    return QPointF(x / ratio, (down_px - y) / ratio)
