"""Paints rulers: a line between two ends, and its length beyond one of them, never over what is measured."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from widgets.grips import RulerLine, ruler_here

if TYPE_CHECKING:
    from widgets.slice_view import SliceView

_HALO = QColor(0, 0, 0, 215)
_TICK_PX = 5.0
# between an end and the text
_GAP_PX = 9.0


def paint_rulers(painter: QPainter, view: SliceView) -> None:
    """Paint the rulers of the slice shown."""
    for ruler in view.rulers:
        line = ruler_here(view, ruler)
        if line is not None:
            _ruler(painter, view, ruler, line)


def _ruler(painter: QPainter, view: SliceView, ruler: RulerLine, line: QLineF) -> None:
    lines = [line, *_ticks(line)]
    colour, width = QColor(ruler.colour), 1.8 if ruler.bold else 1.2
    for pen_colour, pen_width in ((_HALO, width + 3.0), (colour, width)):
        painter.setPen(QPen(pen_colour, pen_width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines(lines)
    if ruler.text and view.show_texts:
        area = text_area(view, line, ruler.text)
        shape = QPainterPath()
        shape.addText(area.left() + 2, area.bottom() - QFontMetricsF(_font()).descent(), _font(), ruler.text)
        # dark round light letters: they are read on white tissue and on air
        painter.strokePath(shape, QPen(_HALO, 3.0, j=Qt.PenJoinStyle.RoundJoin))
        painter.fillPath(shape, colour)


def text_area(view: SliceView, line: QLineF, text: str) -> QRectF:
    """Return where a length is written: outside of what the line measures, where there is room."""
    size = QFontMetricsF(_font()).boundingRect(text).size()
    area = view.picture_area()
    length = line.length()
    way = line.unitVector() if length else QLineF(0.0, 0.0, 1.0, 0.0)
    ahead = QPointF(way.dx(), way.dy())
    boxes = []
    beside = QPointF(-ahead.y(), ahead.x())
    # beyond an end, else beside the circle over the line
    for out in (ahead, -ahead, beside, -beside):
        # so far out that the text, a box, stays beyond the end whichever way the line runs
        away = _GAP_PX + (abs(out.x()) * size.width() + abs(out.y()) * size.height()) / 2
        box = QRectF(0, 0, size.width() + 4, size.height())
        box.moveCenter(line.center() + out * (length / 2 + away))
        boxes.append(box)
    # the first that finds room
    return max(boxes, key=lambda box: min(0.0, _room(box, area)))


def _room(box: QRectF, area: QRectF) -> float:
    return min(
        box.left() - area.left(), area.right() - box.right(),
        box.top() - area.top(), area.bottom() - box.bottom(),
    )  # fmt: skip


def _ticks(line: QLineF) -> list[QLineF]:
    if not line.length():
        return []
    normal = line.normalVector().unitVector()
    half = QPointF(normal.dx(), normal.dy()) * _TICK_PX
    return [QLineF(end - half, end + half) for end in (line.p1(), line.p2())]


@cache
def _font() -> QFont:
    font = QFont()
    font.setPixelSize(12)
    font.setBold(True)
    return font
