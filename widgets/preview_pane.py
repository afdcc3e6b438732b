"""A slice view with one choice and one slider: pictures and their echo, or maps and their opacity."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from widgets.parts import Slider, frame, label, spoken
from widgets.slice_view import SliceView

_HEADER_PX = 34


class PreviewPane(QWidget):
    """Names of its parts begin with `name`; what has nothing to offer is hidden."""

    chosen = Signal(str)
    slid = Signal(int)

    def __init__(
        self, name: str, title: str, choice: str, slider: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.view = SliceView()
        spoken(self.view, f"{name}_view", self.tr("{pane}, picture").format(pane=title), " ")
        self.view.setToolTip("")
        self.choice = QComboBox()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        spoken(self.choice, f"{name}_choice", choice)
        self.slider = Slider()
        tip = self.tr("{slider}; Left and Right change it").format(slider=slider)
        spoken(self.slider, f"{name}_slider", slider, tip)
        self.text = label("", "quiet", name=f"{name}_text")
        self.text.setMinimumWidth(72)
        header = frame("bar")
        header.setFixedHeight(_HEADER_PX)
        row = QHBoxLayout(header)
        row.setContentsMargins(6, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(self.choice)
        row.addWidget(self.slider, 1)
        row.addWidget(self.text)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.view, 1)
        self.offer((), "")
        self.offer_slider(0, 0, "")
        self.choice.currentIndexChanged.connect(lambda _: self.chosen.emit(self.choice.currentData() or ""))
        self.slider.valueChanged.connect(self.slid)

    def wait_for(self, text: str) -> None:
        """Show no picture, but what will be here."""
        self.view.wait_for(text)

    def offer(self, entries: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Offer these as (role, name); nothing is said of the choice."""
        self.choice.blockSignals(True)
        self.choice.clear()
        for role, name in entries:
            self.choice.addItem(name, role)
        self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0) if entries else -1)
        self.choice.blockSignals(False)
        self.choice.setVisible(bool(entries))

    def offer_slider(self, top: int, value: int, text: str) -> None:
        """Let the slider run from 0 to `top`; 0 hides it."""
        self.slider.blockSignals(True)
        self.slider.setRange(0, top)
        self.slider.setPageStep(max(1, top // 10))
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self.text.setText(text)
        for part in (self.slider, self.text):
            part.setVisible(top > 0)
