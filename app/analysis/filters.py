"""What is looked at: fields, visits, readers, groups and items to tick."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from core.statistics.filtering import Part
from widgets.parts import label, spoken
from widgets.words import marked, said

_LISTS = (
    ("fields", marked("Field")),
    ("visits", marked("Visit")),
    ("raters", marked("Reader")),
    ("groups", marked("Group")),
    ("items", marked("Item")),
)
_LINE_PX, _LEAST_LINES, _MOST_LINES = 27, 1, 5


class Filters(QWidget):
    """`changed` gives the part that is ticked."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._all = Part((), (), (), (), ())
        self.lists: dict[str, QListWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        for name, title in _LISTS:
            made = QListWidget()
            spoken(made, f"filter_{name}", said(title), " ")
            made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            made.itemChanged.connect(self._on_changed)
            self.lists[name] = made
            column.addWidget(label(said(title), "title"))
            column.addWidget(made, 1 if name == "items" else 0)
        self.all = QPushButton(self.tr("Everything"))
        tip = self.tr("Tick everything again")
        spoken(self.all, "filter_everything", self.all.text(), tip)
        self.all.clicked.connect(self._on_all)
        column.addWidget(self.all)

    def offer(self, everything: Part) -> None:
        """Offer all there is, ticked."""
        self._all = everything
        for name, made in self.lists.items():
            made.blockSignals(True)
            made.clear()
            for value in getattr(everything, name):
                item = QListWidgetItem(f"{value:g} T" if name == "fields" else str(value))
                item.setData(Qt.ItemDataRole.UserRole, value)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked)
                item.setToolTip(item.text())
                made.addItem(item)
            made.blockSignals(False)
            if name != "items":
                lines = min(max(made.count(), _LEAST_LINES), _MOST_LINES)
                made.setFixedHeight(_LINE_PX * lines + 6)

    def tick(self, part: Part) -> None:
        """Tick a part, and say nothing of it."""
        for name, made in self.lists.items():
            kept = getattr(part, name)
            made.blockSignals(True)
            for place in range(made.count()):
                item = made.item(place)
                there = item.data(Qt.ItemDataRole.UserRole) in kept
                item.setCheckState(Qt.CheckState.Checked if there else Qt.CheckState.Unchecked)
            made.blockSignals(False)

    @property
    def part(self) -> Part:
        """What is ticked."""
        return Part(**{name: self._ticked(name) for name, _ in _LISTS})

    def _ticked(self, name: str) -> tuple[object, ...]:
        made = self.lists[name]
        items = (made.item(place) for place in range(made.count()))
        return tuple(
            item.data(Qt.ItemDataRole.UserRole) for item in items
            if item.checkState() == Qt.CheckState.Checked
        )  # fmt: skip

    def _on_changed(self) -> None:
        self.changed.emit(self.part)

    def _on_all(self) -> None:
        self.offer(self._all)
        self.changed.emit(self.part)
