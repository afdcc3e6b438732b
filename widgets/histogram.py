"""How the values of a region are spread: bars from the least to the most."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.parts import label, spoken

_WIDTH_PX = 100


@dataclass(frozen=True)
class Bars:
    """A histogram ready for the eye: its title, the count of each bar, what stands at both ends, #rrggbb."""

    title: str
    counts: tuple[float, ...]
    low: str
    high: str
    colour: str


class HistogramView(QWidget):
    """Shows `bars`, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(
            self, "histogram", self.tr("Histogram of the region"), self.tr("Parts of voxels count as such")
        )
        self.bars: Bars | None = None
        self.title = label("", "title", name="histogram_title")
        self._area = _Area()
        self.low, self.high = (label("", "quiet", name=f"histogram_{end}") for end in ("low", "high"))
        ends = QHBoxLayout()
        ends.addWidget(self.low)
        ends.addStretch(1)
        ends.addWidget(self.high)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 3)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self._area, 1)
        column.addLayout(ends)
        self.setFixedWidth(_WIDTH_PX)
        # as high as what it stands beside: the pictures above must not move
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, 0)

    def set_bars(self, bars: Bars | None) -> None:
        """Show these bars."""
        if bars == self.bars:
            return
        self.bars = self._area.bars = bars
        for part, text in (
            (self.title, "" if bars is None else bars.title),
            (self.low, "" if bars is None else bars.low),
            (self.high, "" if bars is None else bars.high),
        ):
            part.setText(text)
        self._area.update()


class _Area(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.bars: Bars | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.bars is None or not max(self.bars.counts, default=0.0) > 0:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.bars.colour))
        step, scale = self.width() / len(self.bars.counts), self.height() / max(self.bars.counts)
        for place, count in enumerate(self.bars.counts):
            painter.drawRect(QRectF(place * step, self.height() - count * scale, step, count * scale))
        painter.end()
