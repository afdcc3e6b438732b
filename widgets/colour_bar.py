"""The colours of a map with their values and unit; both ends can be typed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from widgets.colours import colour_map
from widgets.parts import label, spoken
from widgets.slice_painter import short


class ColourBar(QWidget):
    """Title and unit above, high end, gradient with ticks, low end; `range_changed` when an end was typed."""

    range_changed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "colour_bar", self.tr("Colours of the map"), " ")
        self.title = label("", "title", name="colour_bar_title")
        self.unit = label("", "quiet", name="colour_bar_unit")
        self.high = _end("colour_bar_high", self.tr("Upper end of the map's colours"))
        self.low = _end("colour_bar_low", self.tr("Lower end of the map's colours"))
        self.gradient = Gradient()
        self.trial = label(self.tr("trial"), "warning", name="colour_bar_trial")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.setSpacing(4)
        for part in (self.title, self.unit, self.trial):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.high)
        column.addWidget(self.gradient, 1)
        column.addWidget(self.low)
        self.setFixedWidth(72)
        for end in (self.high, self.low):
            end.editingFinished.connect(self._on_typed)

    def put_on_top(self, part: QWidget) -> None:
        """Lay something above the title."""
        part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._column.insertWidget(0, part)

    def show_map(
        self, title: str, unit: str, colours: str, low: float, high: float, *, trial: bool = False
    ) -> None:
        """Show a map's colours and range, and whether it is a trial fit."""
        self.trial.setVisible(trial)
        self.title.setText(title)
        self.unit.setText(unit)
        self.gradient.set_map(colours, low, high)
        for end, value in ((self.low, low), (self.high, high)):
            end.setText(f"{value:g}")
        told = self.tr("Colours of {map} from {low} to {high} {unit}")
        self.setAccessibleName(told.format(map=title, low=short(low), high=short(high), unit=unit))

    def _on_typed(self) -> None:
        try:
            low, high = (float(end.text().replace(",", ".")) for end in (self.low, self.high))
        except ValueError:
            low = high = np.nan
        if not (np.isfinite([low, high]).all() and high > low):
            # not a range: what was there stays
            low, high = self.gradient.range
            self.low.setText(f"{low:g}")
            self.high.setText(f"{high:g}")
        elif (low, high) != self.gradient.range:
            self.range_changed.emit(low, high)


class Gradient(QWidget):
    """The strip of colours with ticks at round values."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.range = (0.0, 1.0)
        self._image = QImage()

    def set_map(self, colours: str, low: float, high: float) -> None:
        """Show these colours from `low` (bottom) to `high` (top)."""
        self.range = (low, high)
        rgb = colour_map(colours)[::-1].astype(np.uint32)
        words = np.ascontiguousarray(0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]).astype(
            np.uint32
        )
        self._image = QImage(words.data, 1, 256, 4, QImage.Format.Format_RGB32).copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        bar = QRectF(2, 7, 18, self.height() - 14)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, self._image)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        low, high = self.range
        for value in round_ticks(low, high, max(2, int(bar.height() / 45))):
            y = bar.bottom() - (value - low) / (high - low) * bar.height()
            painter.drawLine(int(bar.right()) + 1, round(y), int(bar.right()) + 4, round(y))
            text = QRectF(bar.right() + 7, y - 8, self.width() - bar.right() - 7, 16)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, f"{value:g}")
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(64, 120)


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` + 1 round values from `low` to `high`, equally spaced by 1, 2 or 5 times 10^k."""
    if not high > low:
        return []
    power = 10.0 ** np.floor(np.log10((high - low) / most))
    step = next(
        power * factor for factor in (1, 2, 5, 10) if power * factor * most >= (high - low) * (1 - 1e-9)
    )
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [round(place * step, 10) for place in range(first, last + 1)]


def _end(name: str, text: str) -> QLineEdit:
    box = QLineEdit()
    tip = QCoreApplication.translate("ColourBar", "{end}; type a value and press Enter")
    spoken(box, name, text, tip.format(end=text))
    box.setMaxLength(8)
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return box
