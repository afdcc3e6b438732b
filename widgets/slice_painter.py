"""Paints a SliceView: pictures, outlines, marks, and what is written round them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from widgets.grips import grips_here, shows
from widgets.legend import Legend, legend_picture
from widgets.pins import paint_pins
from widgets.ruler_painter import paint_rulers
from widgets.words import marked, said

if TYPE_CHECKING:
    from widgets.slice_layers import LayerName
    from widgets.slice_view import SliceView

_BLACK = QColor(0, 0, 0)
_TEXT = QColor(214, 220, 226)
_QUIET = QColor(150, 158, 166)
_CURSOR = QColor(96, 190, 220, 190)
_HALO = QColor(0, 0, 0, 170)
_SCALE_LENGTHS_MM = (100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)
# left and right, above and below the picture: texts stand there and never on it
MARGINS_PX = (15.0, 19.0)
FOCUS_PX = 2
_LETTER_PX = 18  # height of one letter of an edge
_MANY_CORNERS = 100
_SLAB_NAMES = {"mean": marked("mean"), "max": "MIP", "min": "MinIP"}
_PLANE_NAMES = {"axial": marked("Axial"), "coronal": marked("Coronal"), "sagittal": marked("Sagittal")}
_SLICE = marked("Slice")
# as numbers: an enumeration takes a microsecond for each "or"
_MIDDLE = Qt.AlignmentFlag.AlignCenter.value
_LEFT = Qt.AlignmentFlag.AlignVCenter.value | Qt.AlignmentFlag.AlignLeft.value
_RIGHT = Qt.AlignmentFlag.AlignVCenter.value | Qt.AlignmentFlag.AlignRight.value


def paint(painter: QPainter, view: SliceView) -> None:
    """Paint all of it, back to front."""
    view.paint_pictures(painter)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    if view.plane is None:
        painter.setPen(_QUIET)
        painter.drawText(
            view.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, view.waiting_for
        )
    else:
        painter.setClipRect(view.picture_area())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _outlines(painter, view)
        _cursor(painter, view)
        _grips(painter, view)
        _sketch(painter, view)
        paint_rulers(painter, view)
        _pins(painter, view)
        _brush(painter, view)
        painter.setClipping(False)
        if view.show_texts:
            _texts(painter, view)
    if view.hasFocus():
        # four strips: a drawn rectangle costs as much as the picture
        width, height = view.width(), view.height()
        for y in (0, height - FOCUS_PX):
            painter.fillRect(0, y, width, FOCUS_PX, _CURSOR)
        for x in (0, width - FOCUS_PX):
            painter.fillRect(x, FOCUS_PX, FOCUS_PX, height - 2 * FOCUS_PX, _CURSOR)


def paint_pictures(painter: QPainter, view: SliceView) -> None:
    """Paint picture and map on black, and right of the divider the picture to compare with."""
    painter.fillRect(view.rect(), _BLACK)
    if view.plane is None:
        return
    area = view.picture_area()
    painter.setClipRect(area)
    _picture(painter, view, "base")
    _picture(painter, view, "overlay")
    if view.compare is not None:
        x = view.divider_x
        other = QRectF(QPointF(x, area.top()), area.bottomRight())
        painter.setClipRect(other)
        painter.fillRect(other, _BLACK)
        _picture(painter, view, "compare")
        painter.setClipRect(area)
        _haloed(painter, [QLineF(x, area.top(), x, area.bottom())], _CURSOR, 1.0)


def _picture(painter: QPainter, view: SliceView, which: LayerName) -> None:
    picture = view.picture(which)
    if picture is None:
        return
    lies, image = picture.area_mm, picture.image
    target = QRectF(view.point_of(lies.top(), lies.left()), view.point_of(lies.bottom(), lies.right()))
    # a map is never interpolated: one colour is one measured value
    grey = image.format() == QImage.Format.Format_RGB32
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.smooth and grey)
    painter.drawImage(target, image, QRectF(image.rect()))


def _outlines(painter: QPainter, view: SliceView) -> None:
    if view.parallels is None or not view.outlines:
        return
    corner = view.point_of(0.0, 0.0)
    painter.save()
    painter.translate(corner)
    painter.scale(view.px_per_mm, view.px_per_mm)
    ratio = view.devicePixelRatioF()
    for outline in sorted(view.outlines, key=lambda item: item.active):
        path = view.edges.path(outline, view.parallels, view.depth, ratio * view.px_per_mm)
        if path.isEmpty():
            continue
        # of so many corners none is sharp, and round ones take half as long again
        smooth = path.elementCount() > _MANY_CORNERS
        join = Qt.PenJoinStyle.BevelJoin if smooth else Qt.PenJoinStyle.RoundJoin
        # a cosmetic pen counts in pixels of the screen, whatever its scale
        width = (2.0 if outline.active else 1.2) * ratio
        for colour, pen_width in ((_HALO, width + 2.0 * ratio), (QColor(outline.colour), width)):
            pen = QPen(colour, pen_width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
            pen.setJoinStyle(join)
            if outline.proposed and colour is not _HALO:
                pen.setDashPattern([3.0, 2.5])
            pen.setCosmetic(True)
            painter.strokePath(path, pen)
    painter.restore()


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


def _grips(painter: QPainter, view: SliceView) -> None:
    if view.sketch is not None:
        return
    painter.setBrush(_BLACK)
    for grips in view.grips:
        if not shows(view, grips):
            continue
        points, free = grips_here(view, grips)
        for number in np.flatnonzero(free).tolist():
            half = 4.5 if view.held == (grips.key, grips.line, number) else 3.0
            x, y = points[number]
            painter.setPen(QPen(QColor(grips.colour), 1.6))
            painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
    painter.setBrush(Qt.BrushStyle.NoBrush)


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
    dots = corners if sketch.dots_mm is None else [view.exact_point_at(dot) for dot in sketch.dots_mm]
    for number, corner in enumerate(dots):
        radius = 5.5 if number == 0 and sketch.closing else 4.0 if number == 0 else 2.6
        painter.drawEllipse(corner, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pins(painter: QPainter, view: SliceView) -> None:
    pins = view.pins_here()
    if not pins or view.parallels is None:
        return
    corner, scale = view.point_of(0.0, 0.0), view.px_per_mm
    fine = view.devicePixelRatioF() * scale
    paths = (view.edges.path(outline, view.parallels, view.depth, fine) for outline in view.outlines)
    boxes = [path.boundingRect() for path in paths if not path.isEmpty()]
    regions = [
        QRectF(
            corner.x() + scale * box.x(),
            corner.y() + scale * box.y(),
            scale * box.width(),
            scale * box.height(),
        )
        for box in boxes
    ]
    paint_pins(
        painter,
        [(view.exact_point_at(pin.position_mm), pin) for pin in pins],
        view.picture_area(),
        px_per_mm=scale,
        regions=regions,
        named=view.show_texts,
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
    """Write letters, slice, caption and window, and draw the scale bar."""
    plane = view.plane
    if plane is None:
        return
    number = f"{view.depth + 1} / {plane.count}"
    # what is cut as it was scanned needs no name: its letters say how it lies
    name = said(_PLANE_NAMES[plane.orientation] if plane.slice_axis else _SLICE)
    slab = f"  {said(_SLAB_NAMES[view.slab_kind])} {view.slab_mm:g} mm" if view.slab_mm else ""
    # in more words and in fewer, for panes with less room
    place = (f"{name} {number}{slab}", f"{number}{slab}", f"{view.depth + 1}{slab}", number)
    caption = view.caption if view.compare is None else f"{view.caption} | {view.compare.caption}"
    window = f"W {short(view.width_of_window)}  L {short(view.centre)}"
    size = (float(view.width()), float(view.height()))
    written, lines = _arranged(size, plane.letters, place, caption, window, view.px_per_mm)
    painter.setPen(_TEXT)
    for area, flags, text, bold in written:
        painter.setFont(_font(bold))
        painter.drawText(area, flags, text)
    painter.setPen(QPen(_TEXT, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLines(list(lines))
    if view.legend is not None:
        _legend(painter, view, view.legend)


def _legend(painter: QPainter, view: SliceView, legend: Legend) -> None:
    """Paint the map's colours into the right margin, above the letter in its middle."""
    side, strip = MARGINS_PX
    letters = len(view.plane.letters[1]) if view.plane is not None else 0
    height = int(view.height() / 2 - strip - letters * _LETTER_PX / 2 - 2)
    if height > 0:
        picture = legend_picture(legend, height, view.devicePixelRatioF())
        painter.drawPixmap(QPointF(view.width() - side, strip), picture)


_Written = tuple[QRectF, int, str, bool]


# a frame has no time to measure texts, and one scrolls through the same slices again
@lru_cache(1024)
def _arranged(
    size: tuple[float, float], letters: tuple[str, str, str, str], place: tuple[str, ...], caption: str,
    window: str, px_per_mm: float,
) -> tuple[tuple[_Written, ...], tuple[QLineF, ...]]:  # fmt: skip
    """Find each text its room in the margins; what finds none is left out, the less important first."""
    (side, strip), (width, height), room = MARGINS_PX, size, _Room()
    left, right, top, bottom = letters
    above = QRectF(0, 0, width, strip)
    below = above.translated(0, height - strip)
    room.write(above, _MIDDLE, (top,), bold=True)
    room.write(below, _MIDDLE, (bottom,), bold=True)
    # letters of an oblique edge stand one below the other: the margin is one letter wide
    for text, x in ((left, 0.0), (right, width - side)):
        room.write(QRectF(x, 0, side, height), _MIDDLE, ("\n".join(text),), bold=True)
    above, below = above.adjusted(6, 0, -6, 0), below.adjusted(6, 0, -6, 0)
    room.write(above, _LEFT, place)
    room.write(above, _RIGHT, (caption,))
    lines = room.scale_bar(below, px_per_mm)
    room.write(below, _LEFT, (window,))
    return tuple(room.written), lines


class _Room:
    """What was written in the margins, and what room it takes."""

    def __init__(self) -> None:
        self.written: list[_Written] = []
        self._taken: list[QRectF] = []

    def write(self, area: QRectF, flags: int, texts: tuple[str, ...], *, bold: bool = False) -> None:
        """Write the first of some texts that finds room."""
        for text in texts:
            needed = QFontMetricsF(_font(bold)).boundingRect(area, flags, text).adjusted(-3, 0, 3, 0)
            if not text or (area.adjusted(-4, 0, 4, 0).contains(needed) and self._free(needed)):
                self._taken.append(needed)
                self.written.append((area, flags, text, bold))
                return

    def scale_bar(self, area: QRectF, px_per_mm: float) -> tuple[QLineF, ...]:
        """Write a round length, and return the lines of the bar that is so long."""
        most = area.width() * 0.22
        length = next((mm for mm in _SCALE_LENGTHS_MM if mm * px_per_mm <= most), None)
        if length is None:
            return ()
        y, right = area.center().y() + 3.5, area.right() - 2
        left = right - length * px_per_mm
        if not self._free(QRectF(left - 3, area.top(), right - left + 6, area.height())):
            return ()
        self.write(area.adjusted(0, 0, left - right - 8, 0), _RIGHT, (f"{length:g} mm",))
        self._taken.append(QRectF(left - 3, area.top(), right - left + 6, area.height()))
        ticks = (QLineF(x, y - 4, x, y + 1) for x in (left, right))
        return (QLineF(left, y, right, y), *ticks)

    def _free(self, needed: QRectF) -> bool:
        return not any(needed.intersects(taken) for taken in self._taken)


@cache
def _font(bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(13 if bold else 12)
    font.setBold(bold)
    return font


def short(value: float) -> str:
    """Write a number with the three or four digits that say something."""
    size = abs(value)
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.3g}"
