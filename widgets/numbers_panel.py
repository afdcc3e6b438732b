"""The regions' numbers as a small table, and the contrast-to-noise ratio with the name of its noise."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from widgets.parts import frame, label, restyle, spoken

COLUMNS = (
    ("area", "Area", "mm²"), ("volume", "Volume", "mm³"), ("voxels", "Voxels", ""), ("signal", "Signal", ""),
    ("r2star", "R2*", "1/s"), ("iron", "Iron", "µg/g"),
)  # fmt: skip
_LINE_PX = 19


@dataclass(frozen=True)
class RegionRow:
    """What is said of one region, ready for the eye; a missing column is shown as a dash."""

    kind: str
    texts: dict[str, str] = field(default_factory=dict)


class NumbersPanel(QWidget):
    """One row per kind of region; the cells are named `number-<kind>-<column>`."""

    def __init__(self, kinds: tuple[tuple[str, str, str], ...], parent: QWidget | None = None) -> None:
        """`kinds`: (kind, name, colour) of each row."""
        super().__init__(parent)
        spoken(self, "numbers", "Numbers of the regions", " ")
        self.cells: dict[tuple[str, str], QLabel] = {}
        self.names: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(1)
        for place, (_, title, unit) in enumerate(COLUMNS):
            head = label(f"{title} ({unit})" if unit else title, "title")
            grid.addWidget(head, 0, place + 2, Qt.AlignmentFlag.AlignRight)
            grid.setColumnStretch(place + 2, 1)
        for line, (kind, name, colour) in enumerate(kinds, start=1):
            dot = frame("dot")
            dot.setFixedSize(10, 10)
            dot.setStyleSheet(f"background: {colour}; border-radius: 2px;")
            grid.addWidget(dot, line, 0)
            self.names[kind] = label(name)
            grid.addWidget(self.names[kind], line, 1)
            for place, (column, title, _) in enumerate(COLUMNS):
                cell = label("–", "figure", name=f"number-{kind}-{column}")
                cell.setAccessibleDescription(f"{name} {title}")
                grid.addWidget(cell, line, place + 2, Qt.AlignmentFlag.AlignRight)
                self.cells[kind, column] = cell
        self.contrast = label("", name="number-cnr")
        # always as high as it will ever be: the pictures above must not move
        for line in range(len(kinds) + 1):
            grid.setRowMinimumHeight(line, _LINE_PX)
        self.contrast.setFixedHeight(_LINE_PX)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(12, 8, 12, 8)
        column_box.setSpacing(6)
        column_box.addLayout(grid)
        column_box.addWidget(self.contrast)

    def set_rows(self, rows: tuple[RegionRow, ...], contrast: str, *, active: str) -> None:
        """Show these numbers; the row of the region being drawn stands out."""
        for row in rows:
            for column, _, _ in COLUMNS:
                self.cells[row.kind, column].setText(row.texts.get(column, "–"))
        for kind, name in self.names.items():
            restyle(name, role="active" if kind == active else "quiet")
        self.contrast.setText(contrast)
