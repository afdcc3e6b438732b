"""How the signal of the regions decays from echo to echo, with the exponential drawn through it.

pyqtgraph takes half a second to import, so the plot is made when it is first needed (`prepare`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from widgets.contrast import legible
from widgets.parts import label, spoken
from widgets.words import marked, said

_TICK_PX = 11
_WIDTHS_PX = (222, 380)
_POINT_PX = 6
_AXES = {"left": marked("Signal"), "bottom": "TE (ms)"}
_TIP = marked(
    "Mean signal of the regions at each echo time.\n"
    "Curve: one exponential by least squares; ±: its standard error, from the scatter of the points.\n"
    "Dashed: the noise floor. Hollow points have sunk into it and are left out of the curve."
)


@dataclass(frozen=True)
class Decay:
    """One region's decay; `used`: the points that the fit rests on, the others are drawn hollow."""

    kind: str
    name: str
    colour: str
    te_ms: tuple[float, ...]
    signal: tuple[float, ...]
    used: int = 0
    s0: float = float("nan")
    r2star_per_s: float = float("nan")
    text: str = ""


class DecayPlot(QWidget):
    """Signal against echo time; what is said of each decay has the name `decay-<kind>`.

    `decays` and `floor` are what is shown.
    """

    appeared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "decay", self.tr("Decay of the signal"), said(_TIP))
        self._pg: Any = None
        self.plot: Any = None
        self._items: dict[str, tuple[Any, Any]] = {}
        self._floor: Any = None
        self.head = label("", "title", name="decay_head")
        self.waiting = label("", "quiet", name="decay_waiting", wrap=True)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = {}
        self.decays: tuple[Decay, ...] = ()
        self.floor: float | None = None
        self._floor_given: tuple[float, str] | None = None
        self._ends: tuple[float, float] | None = None  # of the axes
        line = QHBoxLayout()
        line.setSpacing(7)
        line.addWidget(self.head)
        line.addStretch(1)
        for kind in ("tumour", "reference"):
            self.told[kind] = label("", "figure", name=f"decay-{kind}")
            line.addWidget(self.told[kind])
        self._stack = QStackedLayout()
        self._stack.addWidget(self.waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 6, 3)
        column.setSpacing(0)
        column.addLayout(line)
        column.addLayout(self._stack, 1)
        self.setMinimumWidth(_WIDTHS_PX[0])
        self.setMaximumWidth(_WIDTHS_PX[1])
        # as high as what it stands beside: the pictures above must not move
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTHS_PX[0], 0)

    def showEvent(self, event: QShowEvent) -> None:
        self.appeared.emit()

    def prepare(self) -> None:
        """Make the plot, where it is not there yet; it costs half a second."""
        if self.plot is not None:
            return
        import pyqtgraph  # noqa: PLC0415 a window must not wait for it

        self._pg = pyqtgraph
        self.plot = pyqtgraph.PlotWidget(background=None)
        spoken(self.plot, "decay_plot", self.tr("Plot of the decay"), " ")
        # it shows and no more: wheel, drags and keys stay with the window
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        font = QFont(self.font())
        font.setPixelSize(_TICK_PX)
        for side in _AXES:
            axis = self.plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setTickFont(font)
            axis.setStyle(tickLength=-3, tickTextOffset=3, maxTickLevel=0)
        self.plot.getAxis("bottom").setHeight(30)
        self._colour_axes()
        self._stack.addWidget(self.plot)

    def _colour_axes(self) -> None:
        quiet = self.palette().color(QPalette.ColorRole.Mid)
        for side, text in _AXES.items():
            axis = self.plot.getAxis(side)
            axis.setPen(quiet)
            axis.setTextPen(quiet)
            axis.setLabel(said(text), **{"font-size": f"{_TICK_PX}px", "color": quiet.name()})

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.plot is not None:
            self._colour_axes()
            self.plot.resetCachedContent()
            if self.decays:
                self.set_decays(self.decays, self.head.text(), self._floor_given)

    def _legible(self, colour: str) -> str:
        """Return a region's colour as it can be read on the window's ground."""
        return legible(QColor(colour), self.palette().color(QPalette.ColorRole.Window)).name()

    def set_waiting(self, text: str) -> None:
        """Show no decay, but what the plot waits for."""
        self.decays, self.floor = (), None
        self.waiting.setText(text)
        self.head.clear()
        for told in self.told.values():
            told.clear()
        self._stack.setCurrentWidget(self.waiting)
        self.setAccessibleDescription(text)

    def set_decays(self, decays: tuple[Decay, ...], head: str, floor: tuple[float, str] | None) -> None:
        """Show these decays, and the noise floor as (signal, colour)."""
        self.prepare()
        self.decays, self._floor_given, self.floor = decays, floor, floor[0] if floor else None
        self._stack.setCurrentWidget(self.plot)
        self.head.setText(head)
        shown = {decay.kind: decay for decay in decays}
        for kind, told in self.told.items():
            decay = shown.get(kind)
            told.setText(decay.text if decay else "")
            style = f"color: {self._legible(decay.colour)}; font-size: 12px;" if decay else ""
            # the same style once more is worked out once more
            if style != told.styleSheet():
                told.setStyleSheet(style)
        for kind in {*self._items, *shown}:
            self._show(kind, shown.get(kind))
        self._show_floor(floor)
        tops = [max(decay.signal) for decay in decays] + ([floor[0]] if floor else [])
        top = _rounded_up(1.03 * max(*tops, 1e-9))
        ends = max(decay.te_ms[-1] for decay in decays) * 1.05, top
        if ends != self._ends:
            self._ends = ends
            self.plot.setXRange(0.0, ends[0], padding=0)
            # a little below 0, so that the noise floor does not lie on the axis
            self.plot.setYRange(-0.04 * top, top, padding=0)
        self.setAccessibleDescription("; ".join(f"{decay.name}: {decay.text}" for decay in decays))

    def _show(self, kind: str, decay: Decay | None) -> None:
        if kind not in self._items:
            points = self._pg.ScatterPlotItem(size=_POINT_PX, antialias=True)
            curve = self._pg.PlotCurveItem(antialias=True)
            for item in (curve, points):
                self.plot.addItem(item)
            self._items[kind] = points, curve
        points, curve = self._items[kind]
        if decay is None:
            points.clear()
            curve.clear()
            return
        colour = self._legible(decay.colour)
        fill = [self._pg.mkBrush(colour if k < decay.used else None) for k in range(len(decay.te_ms))]
        points.setData(decay.te_ms, decay.signal, pen=self._pg.mkPen(colour, width=1.2), brush=fill)
        te_ms = np.linspace(decay.te_ms[0], decay.te_ms[-1], 80)
        values = decay.s0 * np.exp(-1e-3 * te_ms * decay.r2star_per_s)
        known = np.isfinite(values).all()
        curve.setData(te_ms if known else [], values if known else [], pen=self._pg.mkPen(colour, width=1.6))

    def _show_floor(self, floor: tuple[float, str] | None) -> None:
        if self._floor is None:
            self._floor = self._pg.InfiniteLine(angle=0)
            self.plot.addItem(self._floor)
        self._floor.setVisible(floor is not None)
        if floor is not None:
            self._floor.setPen(self._pg.mkPen(self._legible(floor[1]), width=1.2, style=Qt.PenStyle.DashLine))
            self._floor.setValue(floor[0])


def _rounded_up(value: float) -> float:
    """Return the next of even steps: an axis that moves with every stroke is drawn anew every time."""
    step = 10.0 ** np.floor(np.log10(value)) / 5
    return float(np.ceil(value / step) * step)
