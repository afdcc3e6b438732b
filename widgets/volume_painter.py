"""What is painted over a VolumeView: cross, cuts, marks, letters, cube and scale bar; sharp, and at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform

from widgets.pins import paint_pins
from widgets.slice_painter import FOCUS_PX, MARGINS_PX, short
from widgets.volume_camera import SIDES, Camera
from widgets.words import marked, said

if TYPE_CHECKING:
    from widgets.volume_grey import Surface
    from widgets.volume_view import VolumeView

_TEXT = QColor(214, 220, 226)
_QUIET = QColor(150, 158, 166)
_CURSOR = QColor(96, 190, 220, 190)
_HALO = QColor(0, 0, 0, 170)
_FRAME = QColor(150, 158, 166, 60)
_SCALE_LENGTHS_MM = (100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)
_CUBE_PX = 13.0
_SHARP = Qt.PenJoinStyle.MiterJoin
_AXIS_NAMES = ("x", "y", "z")
_CUT = marked("{mode}  cut {cuts} mm")
# the sides that keys name S and I are called head and foot in the views
_LETTER_OF = {"S": "H", "I": "F"}
MODE_NAMES = {"body": marked("Volume"), "mip": "MIP"}


def paint(painter: QPainter, view: VolumeView) -> None:
    """Paint all of it, back to front; only the reason where there is no picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if view.grey is None or view.pictures.failure:
        painter.setPen(_QUIET)
        area = view.rect().adjusted(16, 16, -16, -16)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, flags, view.pictures.failure or view.waiting_for)
    else:
        low, high = view.grey.corners_mm.min(axis=0), view.grey.corners_mm.max(axis=0)
        painter.setClipRect(view.picture_area())
        _frame(painter, view)
        for axis, cut in view.cuts.items():
            _cut(painter, view, axis, cut.at_mm, (low, high))
        _cursor(painter, view, (low, high))
        _pins(painter, view)
        if view.show_texts:
            _cube(painter, view)
            painter.setClipping(False)
            _Texts(painter, view).paint()
        painter.setClipping(False)
    if view.hasFocus():
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(_CURSOR, FOCUS_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, _SHARP))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = FOCUS_PX / 2
        painter.drawRect(QRectF(view.rect()).adjusted(half, half, -half, -half))


def _points(view: VolumeView, positions_mm: NDArray[np.float64]) -> list[QPointF]:
    seen = view.camera.project(positions_mm, view.extent_px)
    return [QPointF(float(x), float(y)) for x, y, _ in seen]


def _frame(painter: QPainter, view: VolumeView) -> None:
    """Draw the edges of the volume: what is black in there was measured, what is black outside was not."""
    if view.grey is None:
        return
    corners = _points(view, view.grey.corners_mm)
    painter.setPen(QPen(_FRAME, 1))
    # corners are numbered in binary, one digit per axis: an edge changes one of them
    painter.drawLines(
        [QLineF(corners[a], corners[a | bit]) for bit in (1, 2, 4) for a in range(8) if not a & bit]
    )


def _cut(
    painter: QPainter,
    view: VolumeView,
    axis: int,
    at_mm: float,
    box: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    a, b = (k for k in range(3) if k != axis)
    corners = np.full((4, 3), at_mm)
    corners[:, a] = [box[0][a], box[1][a], box[1][a], box[0][a]]
    corners[:, b] = [box[0][b], box[0][b], box[1][b], box[1][b]]
    active = axis == view.active_cut
    painter.setPen(QPen(_CURSOR if active else _QUIET, 1.4 if active else 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF(_points(view, corners)))


def _cursor(
    painter: QPainter, view: VolumeView, box: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    if view.cursor_mm is None or not view.show_cursor:
        return
    place = np.asarray(view.cursor_mm)
    middle = _points(view, place[None])[0]
    painter.setPen(QPen(_CURSOR, 1))
    for axis in range(3):
        for end in (min(box[0][axis], place[axis]), max(box[1][axis], place[axis])):
            tip = place.copy()
            tip[axis] = end
            line = QLineF(middle, _points(view, tip[None])[0])
            # the middle stays free, so that the cross never hides what it points at
            if line.length() > 12:
                painter.drawLine(QLineF(line.pointAt(12 / line.length()), line.p2()))


def _pins(painter: QPainter, view: VolumeView) -> None:
    if view.pins:
        points = _points(view, np.array([pin.position_mm for pin in view.pins]))
        paint_pins(
            painter,
            list(zip(points, view.pins, strict=True)),
            view.picture_area(),
            px_per_mm=view.camera.px_per_mm,
            regions=[_seen(view, surface) for surface in view.surfaces],
            named=view.show_texts,
        )


def _seen(view: VolumeView, surface: Surface) -> QRectF:
    """Return what a region takes of the widget, at most."""
    x, y, _ = view.camera.project(surface.corners_mm, view.extent_px).T
    return QRectF(QPointF(x.min(), y.min()), QPointF(x.max(), y.max()))


class _Texts:
    """Writes round the picture; what finds no room is left out, the less important first."""

    def __init__(self, painter: QPainter, view: VolumeView) -> None:
        self._painter, self._view = painter, view
        self._taken: list[QRectF] = []

    def paint(self) -> None:
        """Write letters, what is shown and its window, and draw the scale bar."""
        view, flags = self._view, Qt.AlignmentFlag
        if view.grey is None:
            return
        (side, strip), width, height = MARGINS_PX, view.width(), view.height()
        left, right, top, bottom = view.camera.letters()
        above, below = QRectF(0, 0, width, strip), QRectF(0, height - strip, width, strip)
        self._write(above, flags.AlignCenter, top, bold=True)
        self._write(below, flags.AlignCenter, bottom, bold=True)
        # letters of an oblique edge stand one below the other: the margin is one letter wide
        for text, x in ((left, 0.0), (right, width - side)):
            self._write(QRectF(x, 0, side, height), flags.AlignCenter, "\n".join(text), bold=True)
        inner, lower = (area.adjusted(6, 0, -6, 0) for area in (above, below))
        cuts = "  ".join(f"{_AXIS_NAMES[axis]} {cut.at_mm:.1f}" for axis, cut in sorted(view.cuts.items()))
        mode = said(MODE_NAMES[view.mode])
        for text in (said(_CUT).format(mode=mode, cuts=cuts) if cuts else mode, mode):
            if self._write(inner, flags.AlignVCenter | flags.AlignLeft, text):
                break
        self._write(inner, flags.AlignVCenter | flags.AlignRight, view.grey.note)
        self._scale_bar(lower)
        window = f"W {short(view.width_of_window)}  L {short(view.centre)}"
        self._write(lower, flags.AlignVCenter | flags.AlignLeft, window)

    def _write(self, area: QRectF, flags: Qt.AlignmentFlag, text: str, *, bold: bool = False) -> bool:
        font = _font(13 if bold else 12, bold=bold)
        needed = QFontMetricsF(font).boundingRect(area, int(flags), text).adjusted(-3, 0, 3, 0)
        if not area.adjusted(-4, 0, 4, 0).contains(needed) or any(needed.intersects(t) for t in self._taken):
            return False
        self._taken.append(needed)
        self._painter.setFont(font)
        self._painter.setPen(_TEXT)
        self._painter.drawText(area, int(flags), text)
        return True

    def _scale_bar(self, area: QRectF) -> None:
        scale = self._view.camera.px_per_mm
        length = next((mm for mm in _SCALE_LENGTHS_MM if mm * scale <= area.width() * 0.22), None)
        if length is None:
            return
        y, right = area.center().y() + 3.5, area.right() - 2
        left = right - length * scale
        beside = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        if not self._write(area.adjusted(0, 0, left - area.right() - 6, 0), beside, f"{length:g} mm"):
            return
        self._taken.append(QRectF(left - 3, area.top(), right - left + 6, area.height()))
        self._painter.setPen(QPen(_TEXT, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        self._painter.drawLines([
            QLineF(left, y, right, y), QLineF(left, y - 4, left, y + 1), QLineF(right, y - 4, right, y + 1)
        ])  # fmt: skip


def cube_faces(view: VolumeView) -> list[tuple[str, QPolygonF, float]]:
    """Return the faces of the small cube that look at one: the side, where it is, and how much it does."""
    axes, reach = view.camera.axes, _CUBE_PX * 1.75
    area = view.picture_area()
    middle = QPointF(area.left() + 4 + reach, area.bottom() - 4 - reach)
    faces = []
    for side in SIDES:
        standing = Camera.from_side(side, (0.0, 0.0, 0.0), 1.0)
        right, down, into = standing.axes
        towards = float(axes[2] @ into)
        if towards > 0.02:
            corners = [-into + a * right + b * down for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            seen = [(axes[:2] @ corner) * _CUBE_PX for corner in corners]
            faces.append((side, QPolygonF([middle + QPointF(float(x), float(y)) for x, y in seen]), towards))
    return faces


def _cube(painter: QPainter, view: VolumeView) -> None:
    """Draw the cube: how the patient lies, and a click on a face looks from there."""
    face = QPolygonF([QPointF(0, 0), QPointF(1, 0), QPointF(1, 1), QPointF(0, 1)])
    for side, quad, towards in cube_faces(view):
        shade = round(38 + 46 * towards)
        painter.setPen(QPen(_QUIET, 1))
        painter.setBrush(QColor(shade, shade + 4, shade + 8))
        painter.drawPolygon(quad)
        onto = QTransform()
        if QTransform.quadToQuad(face, quad, onto):
            _face_letter(painter, _LETTER_OF.get(side, side), onto)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _face_letter(painter: QPainter, letter: str, onto: QTransform) -> None:
    painter.save()
    painter.setTransform(onto, True)
    painter.scale(1 / 40, 1 / 40)
    painter.setFont(_font(26, bold=True))
    painter.setPen(_TEXT)
    painter.drawText(QRectF(0, 0, 40, 40), Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
