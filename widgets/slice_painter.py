"""Paints a SliceView: picture, map, outlines, marks, and what is written on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from widgets.outlines import Pin

if TYPE_CHECKING:
    from widgets.slice_view import SliceView

_BLACK = QColor(0, 0, 0)
_TEXT = QColor(214, 220, 226)
_QUIET = QColor(150, 158, 166)
_CURSOR = QColor(96, 190, 220, 190)
_HALO = QColor(0, 0, 0, 170)
_SCALE_LENGTHS_MM = (100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)
_MARGIN = 8.0
PIN_RADIUS_PX = 9.0


def paint(painter: QPainter, view: SliceView) -> None:
    """Paint all of it, back to front."""
    painter.drawPixmap(0, 0, view.canvas())
    if view.plane is None:
        painter.setPen(_QUIET)
        painter.drawText(
            view.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, view.waiting_for
        )
    else:
        _outlines(painter, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _cursor(painter, view)
        _sketch(painter, view)
        for pin in view.pins_here():
            _pin(painter, view.exact_point_at(pin.position_mm), pin)
        _brush(painter, view)
        if view.show_texts:
            _texts(painter, view)
    if view.hasFocus():
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(_CURSOR, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(view.rect().adjusted(0, 0, -1, -1))


def paint_pictures(painter: QPainter, view: SliceView) -> None:
    """Paint picture and map on black."""
    painter.fillRect(view.rect(), _BLACK)
    if view.plane is None:
        return
    height, width = view.plane.size_mm
    target = QRectF(view.point_of(0.0, 0.0), view.point_of(height, width))
    for which in ("base", "overlay"):
        image = view.image(which)
        if image is not None:
            # a map is never interpolated: one colour is one measured value
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.smooth and which == "base")
            painter.drawImage(target, image, QRectF(image.rect()))


def _outlines(painter: QPainter, view: SliceView) -> None:
    if view.plane is None:
        return
    for outline in sorted(view.outlines, key=lambda item: item.active):
        edges = view.edges.edges(outline, view.plane, view.depth)
        lines = [
            QLineF(view.point_of(top, left), view.point_of(bottom, right))
            for top, left, bottom, right in edges.tolist()
        ]
        _haloed(painter, lines, QColor(outline.colour), 2.0 if outline.active else 1.2)


def _haloed(painter: QPainter, lines: list[QLineF], colour: QColor, width: float) -> None:
    for pen_colour, pen_width in ((_HALO, width + 2.0), (colour, width)):
        painter.setPen(QPen(pen_colour, pen_width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        painter.drawLines(lines)


def _cursor(painter: QPainter, view: SliceView) -> None:
    if view.cursor_mm is None or not view.show_cursor:
        return
    point = view.exact_point_at(view.cursor_mm)
    painter.setPen(QPen(_CURSOR, 1))
    # the middle stays free, so that the cross never hides what it points at
    gap, x, y = 12.0, round(point.x()) + 0.5, round(point.y()) + 0.5
    painter.drawLines([
        QLineF(0, y, x - gap, y), QLineF(x + gap, y, view.width(), y),
        QLineF(x, 0, x, y - gap), QLineF(x, y + gap, x, view.height()),
    ])  # fmt: skip


def _sketch(painter: QPainter, view: SliceView) -> None:
    sketch = view.sketch
    if sketch is None or view.plane is None or not sketch.points_mm:
        return
    if view.plane.slice_of(sketch.points_mm[0]) != view.depth:
        return
    colour = QColor(sketch.colour)
    corners = [view.exact_point_at(point) for point in sketch.points_mm]
    path = list(corners)
    if sketch.hand_mm is not None:
        path.append(corners[0] if sketch.closing else view.exact_point_at(sketch.hand_mm))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen_colour, width in ((_HALO, 3.5), (colour, 1.6)):
        painter.setPen(QPen(pen_colour, width))
        painter.drawPolyline(QPolygonF(path))
    painter.setPen(QPen(_HALO, 1))
    painter.setBrush(colour)
    for number, corner in enumerate(corners):
        radius = 5.5 if number == 0 and sketch.closing else 4.0 if number == 0 else 2.6
        painter.drawEllipse(corner, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pin(painter: QPainter, point: QPointF, pin: Pin) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = 2.2 if pin.selected else 1.4
    for colour, pen_width in ((_HALO, width + 2.0), (QColor(pin.colour), width)):
        painter.setPen(QPen(colour, pen_width))
        painter.drawEllipse(point, PIN_RADIUS_PX, PIN_RADIUS_PX)
        if pin.selected:
            painter.drawEllipse(point, PIN_RADIUS_PX + 4, PIN_RADIUS_PX + 4)
    painter.setFont(_font(12, bold=pin.selected))
    _text(
        painter,
        QRectF(point.x() + 13, point.y() - 24, 60, 16),
        Qt.AlignmentFlag.AlignLeft,
        pin.label,
        QColor(pin.colour),
    )


def _brush(painter: QPainter, view: SliceView) -> None:
    if view.brush_mm is None or view.pointer is None:
        return
    radius = view.brush_mm * view.px_per_mm
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_HALO, 3.0), (QColor(view.brush_colour), 1.3)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(view.pointer, radius, radius)


def _texts(painter: QPainter, view: SliceView) -> None:
    if view.plane is None:
        return
    area = QRectF(view.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    left, right, top, bottom = view.plane.letters()
    flags = Qt.AlignmentFlag
    painter.setFont(_font(13, bold=True))
    _text(painter, area, flags.AlignLeft | flags.AlignVCenter, left)
    _text(painter, area, flags.AlignRight | flags.AlignVCenter, right)
    _text(painter, area, flags.AlignHCenter | flags.AlignTop, top)
    _text(painter, area, flags.AlignHCenter | flags.AlignBottom, bottom)
    painter.setFont(_font(12))
    _text(painter, area, flags.AlignLeft | flags.AlignTop, f"Slice {view.depth + 1} / {view.plane.count}")
    _text(painter, area, flags.AlignRight | flags.AlignTop, view.caption)
    window = f"W {short(view.width_of_window)}  L {short(view.centre)}"
    _text(painter, area, flags.AlignLeft | flags.AlignBottom, window)
    _scale_bar(painter, view, area)


def _scale_bar(painter: QPainter, view: SliceView, area: QRectF) -> None:
    most = area.width() * 0.28
    length = next((mm for mm in _SCALE_LENGTHS_MM if mm * view.px_per_mm <= most), None)
    if length is None:
        return
    end, y = QPointF(area.right(), area.bottom() - 3), area.bottom() - 3
    start = QPointF(end.x() - length * view.px_per_mm, y)
    ticks = [QLineF(start, end), *(QLineF(at.x(), y - 4, at.x(), y + 1) for at in (start, end))]
    _haloed(painter, ticks, _TEXT, 1.5)
    box = QRectF(area.right() - 120, y - 22, 120, 16)
    _text(painter, box, Qt.AlignmentFlag.AlignRight, f"{length:g} mm")


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def _text(
    painter: QPainter, area: QRectF, flags: Qt.AlignmentFlag, text: str, colour: QColor = _TEXT
) -> None:
    painter.setPen(_HALO)
    painter.drawText(area.translated(1, 1), flags, text)
    painter.setPen(colour)
    painter.drawText(area, flags, text)


def short(value: float) -> str:
    """Write a number with the three or four digits that say something."""
    size = abs(value)
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.3g}"
