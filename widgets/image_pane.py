"""A slice view with its controls: which picture, which echo, which map over it, and a menu for the rest."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.pane_menu import PaneMenu
from widgets.parts import Slider, frame, label, spoken
from widgets.slice_view import SliceView

# a narrower pane leaves these out of its header; the menu has them too
_ROOM_FOR_MAP_PX = 280
_ROOM_FOR_OPACITY_PX = 330


class ImagePane(QWidget):
    """Header and picture. Names of its parts begin with `name`."""

    picture_chosen = Signal(str)  # role
    echo_chosen = Signal(int)
    map_chosen = Signal(str)  # role, or "" for none
    opacity_chosen = Signal(float)
    wished = Signal(str, object)  # what of the menu, and which value
    replaced = Signal()  # other controls are shown than before

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.view = SliceView()
        spoken(self.view, f"{name}_view", self.tr("{pane}, picture").format(pane=title), " ")
        self.view.setToolTip("")
        self.picture = QComboBox()
        which = self.tr("{pane}, which picture").format(pane=title)
        spoken(self.picture, f"{name}_picture", which, self.tr("Which picture to show"))
        self.echo = Slider()
        told = self.tr("{pane}, echo").format(pane=title)
        spoken(self.echo, f"{name}_echo", told, self.tr("Echo; Left and Right change it"))
        self.echo_text = label("", "quiet", name=f"{name}_echo_text")
        self.map = QComboBox()
        told = self.tr("{pane}, map over it").format(pane=title)
        spoken(self.map, f"{name}_map", told, self.tr("Map over the picture"))
        self.opacity = Slider()
        told = self.tr("{pane}, opacity of the map").format(pane=title)
        spoken(self.opacity, f"{name}_opacity", told, self.tr("Opacity of the map"))
        self.menu = PaneMenu(self)
        self.menu.setAccessibleName(self.tr("{pane}, more").format(pane=title))
        self.menu_button = QToolButton()
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setIconSize(QSize(16, 16))
        self.menu_button.setMenu(self.menu)
        more = self.tr("{pane}, more").format(pane=title)
        spoken(self.menu_button, f"{name}_menu", more, self.tr("Plane, slab, window, compare, play"))
        self._has_maps = False
        self._lay_out()
        self.menu.chosen.connect(self.wished)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = frame("bar")
        column.addWidget(header)
        row = QHBoxLayout(header)
        row.setContentsMargins(6, 3, 6, 3)
        row.setSpacing(5)
        row.addWidget(self.picture)
        row.addWidget(self.echo, 1)
        row.addWidget(self.echo_text)
        row.addStretch(0)
        row.addWidget(self.map)
        row.addWidget(self.opacity)
        row.addWidget(self.menu_button)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)
        self._stack.addWidget(self.view)

    @property
    def instead(self) -> QWidget | None:
        """What is shown in place of the slices, if anything."""
        shown = self._stack.currentWidget()
        return None if shown is self.view else shown

    def show_instead(self, widget: QWidget | None) -> None:
        """Show any widget in place of the slices, or the slices again; the widget's owner stays its owner.

        A widget that another pane shows moves here.
        """
        before = self.instead
        if widget is before:
            return
        if before is not None:
            self._stack.removeWidget(before)
        if widget is not None:
            self._stack.addWidget(widget)
            self._stack.setCurrentWidget(widget)
        for part in (self.echo, self.echo_text, self.map, self.opacity):
            part.setEnabled(widget is None)
        self.replaced.emit()

    def controls(self) -> tuple[QWidget, ...]:
        """Return what can be used, as one reads."""
        inside = getattr(self.instead, "controls", None)
        shown = inside() if inside is not None else (self.instead or self.view,)
        return self.picture, self.echo, self.map, self.opacity, self.menu_button, *shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self.map.setVisible(self._has_maps and self.width() >= _ROOM_FOR_MAP_PX)
        chosen = bool(self.map.currentData())
        self.opacity.setVisible(self._has_maps and chosen and self.width() >= _ROOM_FOR_OPACITY_PX)

    def offer_pictures(self, pictures: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Offer pictures as (role, name); nothing is said of the choice."""
        _fill(self.picture, pictures, chosen)

    def offer_maps(self, maps: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Offer maps as (role, name); without any the controls are hidden."""
        _fill(self.map, (("", self.tr("No map")), *maps) if maps else (), chosen)
        self._has_maps = bool(maps)
        self._make_room()

    def offer_echoes(self, te_ms: tuple[float, ...], chosen: int) -> None:
        """Offer echoes by their time; none hides the slider."""
        self.echo.blockSignals(True)
        self.echo.setRange(0, max(len(te_ms) - 1, 0))
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
