"""Paints rulers: a line between two ends, and its length beyond one of them, never over what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
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
_MOST_LINES = 5  # further out than that nobody knows what a text belongs to


def paint_rulers(painter: QPainter, view: SliceView) -> None:
    """Paint the rulers of the slice shown."""
    for ruler, line, area in laid_out(view):
        _ruler(painter, ruler, line, area if view.show_texts else None)


def laid_out(view: SliceView) -> list[tuple[RulerLine, QLineF, QRectF | None]]:
    """Return the rulers of the slice shown, where each lies, and where its length is written, if it is.

    No length is written over another.
    """
    found: list[tuple[RulerLine, QLineF, QRectF | None]] = []
    taken: list[QRectF] = []
    for ruler in view.rulers:
        line = ruler_here(view, ruler)
        if line is not None and ruler.text:
            taken.append(text_area(view, line, ruler.text, taken))
            found.append((ruler, line, taken[-1]))
        elif line is not None:
            found.append((ruler, line, None))
    return found


def _ruler(painter: QPainter, ruler: RulerLine, line: QLineF, area: QRectF | None) -> None:
    lines = [line, *_ticks(line)]
    colour, width = QColor(ruler.colour), 1.8 if ruler.bold else 1.2
    for pen_colour, pen_width in ((_HALO, width + 3.0), (colour, width)):
        painter.setPen(QPen(pen_colour, pen_width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines(lines)
    if area is not None:
        shape = QPainterPath()
        shape.addText(area.left() + 2, area.bottom() - QFontMetricsF(_font()).descent(), _font(), ruler.text)
        # dark round light letters: they are read on white tissue and on air
        painter.strokePath(shape, QPen(_HALO, 3.0, j=Qt.PenJoinStyle.RoundJoin))
        painter.fillPath(shape, colour)


def text_area(view: SliceView, line: QLineF, text: str, taken: Sequence[QRectF] = ()) -> QRectF:
    """Return where a length is written: outside of what the line measures, where there is room.

    `taken` are the places of other lengths.
    """
    size = QFontMetricsF(_font()).boundingRect(text).size()
    area = view.picture_area()
    length = line.length()
    way = line.unitVector() if length else QLineF(0.0, 0.0, 1.0, 0.0)
    ahead = QPointF(way.dx(), way.dy())
    boxes = []
    beside = QPointF(-ahead.y(), ahead.x())
    # beyond an end, else beside the circle over the line, else some lines further out
    for further, out in product(range(_MOST_LINES), (ahead, -ahead, beside, -beside)):
        # so far out that the text, a box, stays beyond the end whichever way the line runs
        away = _GAP_PX + (abs(out.x()) * size.width() + abs(out.y()) * size.height()) / 2
        box = QRectF(0, 0, size.width() + 4, size.height())
        box.moveCenter(line.center() + out * (length / 2 + away + further * size.height()))
        free = not any(box.intersects(other) for other in taken)
        if free and _room(box, area) >= 0:
            return box
        boxes.append((free, min(0.0, _room(box, area)), box))
    # none has all the room: the first that has most
    return max(boxes, key=lambda found: found[:2])[2]


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
