"""A slice view with its controls: which picture, which echo, which map over it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from widgets.parts import frame, label, spoken
from widgets.slice_view import SliceView


class ImagePane(QWidget):
    """Header and picture. Names of its parts begin with `name`."""

    picture_chosen = Signal(str)  # role
    echo_chosen = Signal(int)
    map_chosen = Signal(str)  # role, or "" for none
    opacity_chosen = Signal(float)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.view = SliceView()
        spoken(self.view, f"{name}_view", f"{title}, picture", " ")
        self.view.setToolTip("")
        self.picture = QComboBox()
        spoken(self.picture, f"{name}_picture", f"{title}, which picture", "Which picture to show")
        self.echo = QSlider(Qt.Orientation.Horizontal)
        spoken(self.echo, f"{name}_echo", "Echo", "Echo; Left and Right change it")
        self.echo_text = label("", "quiet", name=f"{name}_echo_text")
        self.map = QComboBox()
        spoken(self.map, f"{name}_map", "Map over the picture")
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        spoken(self.opacity, f"{name}_opacity", "Opacity of the map")
        self._lay_out()
        self.picture.currentIndexChanged.connect(
            lambda _: self.picture_chosen.emit(self.picture.currentData() or "")
        )
        self.map.currentIndexChanged.connect(lambda _: self.map_chosen.emit(self.map.currentData() or ""))
        self.echo.valueChanged.connect(self.echo_chosen)
        self.opacity.valueChanged.connect(lambda value: self.opacity_chosen.emit(value / 100))

    def _lay_out(self) -> None:
        self.echo.setMinimumWidth(24)
        self.opacity.setRange(0, 100)
        self.opacity.setFixedWidth(40)
        for combo in (self.picture, self.map):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        header = frame("bar")
        row = QHBoxLayout(header)
        row.setContentsMargins(6, 3, 6, 3)
        row.setSpacing(5)
        row.addWidget(self.picture)
        row.addWidget(self.echo, 1)
        row.addWidget(self.echo_text)
        row.addStretch(0)
        row.addWidget(self.map)
        row.addWidget(self.opacity)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.view, 1)

    def offer_pictures(self, pictures: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Offer pictures as (role, name); nothing is said of the choice."""
        _fill(self.picture, pictures, chosen)

    def offer_maps(self, maps: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Offer maps as (role, name); without any the controls are hidden."""
        _fill(self.map, (("", "No map"), *maps) if maps else (), chosen)
        self.map.setVisible(bool(maps))
        self.opacity.setVisible(bool(maps) and bool(chosen))

    def offer_echoes(self, te_ms: tuple[float, ...], chosen: int) -> None:
        """Offer echoes by their time; none hides the slider."""
        self.echo.blockSignals(True)
        self.echo.setRange(0, max(len(te_ms) - 1, 0))
        self.echo.setPageStep(1)
        self.echo.setValue(chosen)
        self.echo.blockSignals(False)
        self.echo.setVisible(bool(te_ms))
        self.echo_text.setVisible(bool(te_ms))
        self.echo_text.setText(f"{chosen + 1}/{len(te_ms)}" if te_ms else "")


def _fill(combo: QComboBox, entries: tuple[tuple[str, str], ...], chosen: str) -> None:
    combo.blockSignals(True)
    combo.clear()
    for role, name in entries:
        combo.addItem(name, role)
    combo.setCurrentIndex(max(combo.findData(chosen), 0) if entries else -1)
    combo.blockSignals(False)
