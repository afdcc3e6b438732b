"""Marks over a picture: rings, and names that hide no finding, no region and no other name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from math import hypot

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.outlines import Pin

RING_PX = 9.0
_HALO = QColor(0, 0, 0, 170)
# from the ring to its name, and further out where that is taken
_GAP_PX, _FURTHER_PX = 4.0, (0.0, 18.0, 44.0, 80.0, 130.0)
# right or left of the mark, above or below; where one looks for it first comes first
_SIDES = ((1, -1), (-1, -1), (1, 1), (-1, 1), (1, 0), (-1, 0), (0, -1), (0, 1))
# a finding is hardly larger, so that its name beside the ring does not lie on what is round it
_FINDING_MM, _MOST_PX = 1.6, 40.0

Box = tuple[float, float, float, float]  # left, top, width, height


def paint_pins(
    painter: QPainter,
    spots: Sequence[tuple[QPointF, Pin]],
    area: QRectF,
    *,
    px_per_mm: float,
    regions: Sequence[QRectF] = (),
    named: bool = True,
) -> None:
    """Draw marks at their points of the widget, and with `named` their names within `area`."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for point, pin in spots:
        width = 2.2 if pin.selected else 1.4
        for colour, pen_width in ((_HALO, width + 2.0), (QColor(pin.colour), width)):
            painter.setPen(QPen(colour, pen_width))
            painter.drawEllipse(point, RING_PX, RING_PX)
            if pin.selected:
                painter.drawEllipse(point, RING_PX + 4, RING_PX + 4)
    if not named:
        return
    reach = max(RING_PX + _GAP_PX, min(_FINDING_MM * px_per_mm, _MOST_PX))
    marks = tuple((point.x(), point.y(), pin.label, pin.selected) for point, pin in spots)
    places = name_places(marks, _box(area), reach, tuple(_box(region) for region in regions))
    for (point, pin), place in zip(spots, places, strict=True):
        if place is not None:
            _write(painter, point, pin, QRectF(*place), reach)


def _write(painter: QPainter, point: QPointF, pin: Pin, place: QRectF, reach: float) -> None:
    """Write a name, with a line to its mark where it had to go far from it."""
    painter.setFont(_font(pin.selected))
    for colour, shift in ((_HALO, 1), (QColor(pin.colour), 0)):
        painter.setPen(colour)
        painter.drawText(place.translated(shift, shift), Qt.AlignmentFlag.AlignCenter, pin.label)
    nearest = QPointF(
        min(max(point.x(), place.left()), place.right()), min(max(point.y(), place.top()), place.bottom())
    )
    line = QLineF(point, nearest)
    if line.length() > reach + _FURTHER_PX[1] / 2:
        painter.setPen(QPen(QColor(pin.colour), 0.8))
        painter.drawLine(QLineF(line.pointAt((RING_PX + _GAP_PX) / line.length()), nearest))


# a frame has no time to look for the same places again
@lru_cache(64)
def name_places(
    marks: tuple[tuple[float, float, str, bool], ...], area: Box, reach: float, regions: tuple[Box, ...]
) -> tuple[Box | None, ...]:
    """Find each name its place; None where there is none that hides nothing.

    Parameters
    ----------
    marks : tuple of (x, y, name, selected)
        The chosen one is named first.
    area : tuple
        Names stand wholly within it.
    reach : float
        No name comes nearer to any mark.
    regions : tuple of tuple
        No name lies over these.
    """
    inside, covered = QRectF(*area), [QRectF(*region) for region in regions]
    places: list[Box | None] = [None] * len(marks)
    for number in sorted(range(len(marks)), key=lambda number: not marks[number][3]):
        x, y, name, selected = marks[number]
        metrics = QFontMetricsF(_font(selected))
        width, height = metrics.horizontalAdvance(name) + 2, metrics.height()
        for place in _around(QPointF(x, y), width, height, reach):
            if (
                inside.contains(place)
                and not any(place.intersects(taken) for taken in covered)
                and all(_distance(place, mark[0], mark[1]) >= reach - 0.01 for mark in marks)
            ):
                places[number] = _box(place)
                covered.append(place)
                break
    return tuple(places)


def _around(point: QPointF, width: float, height: float, reach: float) -> list[QRectF]:
    """Return where a name may stand, the best place first."""
    places = []
    for further in _FURTHER_PX:
        for right, down in _SIDES:
            away = (reach + further) / hypot(right, down)
            x = point.x() + right * (away + width / 2)
            y = point.y() + down * (away + height / 2)
            places.append(QRectF(x - width / 2, y - height / 2, width, height))
    return places


def _distance(place: QRectF, x: float, y: float) -> float:
    across = max(place.left() - x, 0.0, x - place.right())
    return hypot(across, max(place.top() - y, 0.0, y - place.bottom()))


def _box(area: QRectF) -> Box:
    return area.x(), area.y(), area.width(), area.height()


@cache
def _font(bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(13 if bold else 12)
    font.setBold(bold)
    return font
