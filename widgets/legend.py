"""The colours of a map in a few pixels: written into the margin of a picture that shows one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPixmap

from widgets.colours import colour_map

WIDTH_PX = 13
_BAR_PX = 3.0
_FONT_PX = 10
_GAP_PX = 6.0  # at least so much between the two ends
_TEXT = QColor(214, 220, 226)
_LOW = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_HIGH = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Legend:
    """A map of `widgets.colours`, the values of its first and last colour, and their unit."""

    colours: str
    low: float
    high: float
    unit: str


# it stands still while one scrolls: a frame has no time to write it again
@lru_cache(64)
def legend_picture(legend: Legend, height: int, ratio: float) -> QPixmap:
    """Return the legend for a screen of this ratio: a bar of this height, its ends written upwards."""
    picture = QPixmap(round(WIDTH_PX * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    rgb = np.ascontiguousarray(colour_map(legend.colours)[::-1])
    painter.drawImage(QRectF(0, 0, _BAR_PX, height), QImage(rgb.data, 1, 256, 3, QImage.Format.Format_RGB888))
    font = QFont()
    font.setPixelSize(_FONT_PX)
    painter.setFont(font)
    painter.setPen(_TEXT)
    painter.translate(0, height)
    painter.rotate(-90)
    room = QRectF(0, _BAR_PX, height, _FONT_PX - 1)
    for text, side in zip(_ends(legend, font, height), (_LOW, _HIGH), strict=True):
        painter.drawText(room, side, text)
    painter.end()
    return picture


def _ends(legend: Legend, font: QFont, room: float) -> tuple[str, str]:
    """Return what is written at both ends: as much of it as finds room, the upper end in any case."""
    low, high = f"{legend.low:g}", f"{legend.high:g}"
    for ends in ((low, f"{high} {legend.unit}"), (low, high)):
        if sum(map(QFontMetricsF(font).horizontalAdvance, ends)) + _GAP_PX <= room:
            return ends
    return "", high
