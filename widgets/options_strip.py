"""Numbers that a tool works with: only those of the tool that is taken are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QWidget

from widgets.parts import label, spoken


@dataclass(frozen=True)
class Option:
    """One number: its name in the program, its words for a person, its unit, limits and decimals."""

    name: str
    text: str
    tip: str
    unit: str
    low: float
    high: float
    decimals: int


class OptionsStrip(QWidget):
    """One field below the other, named `option_<name>`; `option_changed` when the person sets one."""

    option_changed = Signal(str, float)
    left = Signal()  # Enter or Esc: the keys may go back to the pictures

    def __init__(self, options: tuple[Option, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QDoubleSpinBox] = {}
        self._labels: dict[str, QLabel] = {}
        form = QGridLayout(self)
        form.setContentsMargins(8, 6, 8, 6)
        form.setVerticalSpacing(4)
        form.setColumnStretch(0, 1)
        for line, option in enumerate(options):
            field = _Field(self.left.emit)
            spoken(field, f"option_{option.name}", option.text, option.tip)
            field.setRange(option.low, option.high)
            field.setDecimals(option.decimals)
            field.setSingleStep(0.1 if option.decimals else 1)
            field.setSuffix(f" {option.unit}" if option.unit else "")
            field.lineEdit().setAccessibleName(option.text)
            field.valueChanged.connect(lambda value, name=option.name: self.option_changed.emit(name, value))
            self.fields[option.name] = field
            self._labels[option.name] = label(option.text, "quiet")
            form.addWidget(self._labels[option.name], line, 0)
            form.addWidget(field, line, 1)

    def show_options(self, values: Mapping[str, float]) -> None:
        """Show the fields of these options, with these values; nothing is said of it."""
        for name, field in self.fields.items():
            shown = name in values
            field.setVisible(shown)
            self._labels[name].setVisible(shown)
            if shown and round(values[name], field.decimals()) != field.value():
                field.blockSignals(True)
                field.setValue(values[name])
                field.blockSignals(False)


class _Field(QDoubleSpinBox):
    """A number that gives the keys back when Enter or Esc is pressed in it."""

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        self._leave = leave
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        self.setFixedWidth(84)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
            self._leave()
