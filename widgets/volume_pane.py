"""A 3D view with its controls: which picture, maximum or body, from which side, and cuts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from widgets.parts import frame, in_tab_order, spoken
from widgets.volume_painter import MODE_NAMES
from widgets.volume_view import VolumeView
from widgets.words import marked, said

_SIDES = (
    ("A", marked("From the front")), ("P", marked("From the back")),
    ("L", marked("From the left")), ("R", marked("From the right")),
    ("S", marked("From the head")), ("I", marked("From the feet")),
)  # fmt: skip
_EDGE_PX, _GAP_PX = 6, 3
# key, what stands on the button, the plane
_CUTS = (
    ("X", marked("Sag"), marked("Sagittal")),
    ("Y", marked("Cor"), marked("Coronal")),
    ("Z", marked("Axi"), marked("Axial")),
)


class VolumePane(QWidget):
    """Header and picture. Names of its parts begin with `name`."""

    picture_chosen = Signal(str)  # role
    appeared = Signal()

    def __init__(self, name: str = "volume", title: str = "3D", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.view = VolumeView()
        spoken(self.view, f"{name}_view", self.tr("{pane}, picture").format(pane=title), " ")
        self.view.setToolTip("")
        self.picture, self.mode = QComboBox(), QComboBox()
        which = self.tr("{pane}, which picture").format(pane=title)
        spoken(self.picture, f"{name}_picture", which, self.tr("Which picture to show"))
        spoken(
            self.mode,
            f"{name}_mode",
            self.tr("{pane}, MIP or volume").format(pane=title),
            self.tr("Brightest of each ray, or a body with depth (V)"),
        )
        for mode, text in MODE_NAMES.items():
            self.mode.addItem(said(text), mode)
        self.side = QToolButton()
        self.side.setText(self.tr("From"))
        side = self.tr("{pane}, from which side").format(pane=title)
        spoken(self.side, f"{name}_side", side, self.tr("Stand at a side of the patient"))
        self.cuts: list[QToolButton] = []
        for axis, (key, short, plane) in enumerate(_CUTS):
            button = QToolButton()
            button.setText(said(short))
            button.setCheckable(True)
            cut = self.tr("{pane}, {plane} cut").format(pane=title, plane=said(plane))
            tip = self.tr("{plane} cut ({key})\nPage Up and Page Down move it, Shift+{key} swaps halves")
            spoken(button, f"{name}_cut_{key.lower()}", cut, tip.format(plane=said(plane), key=key))
            button.toggled.connect(lambda on, axis=axis: self.view.set_cut(axis, on))
            self.cuts.append(button)
        self._fill_sides()
        self._lay_out()
        self.picture.currentIndexChanged.connect(
            lambda _: self.picture_chosen.emit(self.picture.currentData() or "")
        )
        self.mode.currentIndexChanged.connect(lambda _: self.view.set_mode(self.mode.currentData()))
        self.view.look_changed.connect(self._on_look)
        self._on_look()

    def _fill_sides(self) -> None:
        menu = QMenu(self.side)
        for side, text in _SIDES:
            action = menu.addAction(f"{said(text)}\t{side}")
            action.triggered.connect(lambda _=False, side=side: self.view.look_from(side))
        menu.addSeparator()
        menu.addAction(self.tr("As at first\tHome")).triggered.connect(lambda _=False: self.view.reset())
        self.side.setMenu(menu)
        self.side.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _lay_out(self) -> None:
        header = frame("bar")
        row = QHBoxLayout(header)
        row.setContentsMargins(_EDGE_PX, 3, _EDGE_PX, 3)
        row.setSpacing(_GAP_PX)
        for combo in (self.picture, self.mode):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            row.addWidget(combo)
        row.addWidget(self.side)
        row.addStretch(1)
        for button in self.cuts:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.view, 1)
        in_tab_order(self.controls())

    def controls(self) -> tuple[QWidget, ...]:
        """Return what can be used, as one reads."""
        return self.picture, self.mode, self.side, *self.cuts, self.view

    def offer_pictures(self, pictures: tuple[tuple[str, str], ...], chosen: str) -> None:
        """Offer pictures as (role, name); nothing is said of the choice. One alone needs no list."""
        self.picture.blockSignals(True)
        self.picture.clear()
        for role, name in pictures:
            self.picture.addItem(name, role)
        self.picture.setCurrentIndex(max(self.picture.findData(chosen), 0) if pictures else -1)
        self.picture.blockSignals(False)
        self._make_room()
        for control in (self.mode, self.side, *self.cuts):
            control.setEnabled(bool(pictures))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out of a narrow header what the cube's faces and a wider pane can do as well."""
        room = self.width() - 2 * _EDGE_PX
        for control in (self.mode, *self.cuts, self.side, self.picture):
            room -= control.sizeHint().width() + _GAP_PX
            if control in (self.side, self.picture):
                control.setVisible(room >= 0 and (control is self.side or self.picture.count() > 1))

    def _on_look(self) -> None:
        """Show on the controls what keys have done."""
        for control in (self.mode, *self.cuts):
            control.blockSignals(True)
        self.mode.setCurrentIndex(self.mode.findData(self.view.mode))
        for axis, button in enumerate(self.cuts):
            button.setChecked(axis in self.view.cuts)
        for control in (self.mode, *self.cuts):
            control.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.appeared.emit()
