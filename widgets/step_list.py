"""Steps one after the other, each with how it stands; one is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from widgets.parts import spoken

_ROW_PX = 32


class StepList(QListWidget):
    """`step_chosen` says the name of the step that became current."""

    step_chosen = Signal(str)

    def __init__(self, name: str, title: str, steps: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        spoken(self, name, title, " ")
        self._names = [step for step, _ in steps]
        self._titles = dict(steps)
        for number, (step, text) in enumerate(steps, start=1):
            item = QListWidgetItem(f"{number}  {text}")
            item.setData(Qt.ItemDataRole.UserRole, step)
            item.setSizeHint(QSize(0, _ROW_PX))
            self.addItem(item)
        self.setIconSize(QSize(16, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentRowChanged.connect(lambda row: self.step_chosen.emit(self._names[row]))

    def choose(self, step: str) -> None:
        """Make a step the current one."""
        self.setCurrentRow(self._names.index(step))

    def neighbour(self, step: str, by: int) -> str:
        """Return the step so many places on; "" where there is none."""
        place = self._names.index(step) + by
        return self._names[place] if 0 <= place < len(self._names) else ""

    def title(self, step: str) -> str:
        """Return what a step is called."""
        return self._titles[step]

    def show_stands(self, stands: Mapping[str, tuple[QIcon, str]]) -> None:
        """Show how each step stands: an icon, and a line that is read out and shown as a tool tip."""
        for row, step in enumerate(self._names):
            item, (icon, text) = self.item(row), stands[step]
            item.setIcon(icon)
            item.setToolTip(text)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}: {text}")
