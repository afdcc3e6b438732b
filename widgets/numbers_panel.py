"""The regions' numbers as a table, contrast with the name of its noise, and more of the selected region."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets.parts import YieldingLabel, frame, label, restyle, spoken
from widgets.words import marked, said

COLUMNS = (
    ("area", marked("Area"), "mm²"), ("volume", marked("Vol."), "mm³"), ("voxels", marked("Voxels"), ""),
    ("signal", marked("Signal"), ""), ("r2star", "R2*", "1/s"), ("iron", marked("Iron"), "µg/g"),
)  # fmt: skip
_MAPS = ("r2star", "iron")
_ANY_PX = 16_777_215  # Qt's own word for no limit
_LINE_PX = 19


@dataclass(frozen=True)
class RegionRow:
    """What is said of one region, ready for the eye; a missing column is shown as a dash."""

    kind: str
    texts: dict[str, str] = field(default_factory=dict)


class NumbersPanel(QWidget):
    """One row per kind of region that is shown; the cells are named `number-<kind>-<column>`."""

    def __init__(
        self, kinds: tuple[tuple[str, str, str], ...], beside: tuple[QWidget, ...],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`kinds`: (kind, name, colour) of each row; `beside`: shown at the right, the first that fit."""
        super().__init__(parent)
        self.beside = beside
        spoken(self, "numbers", self.tr("Numbers of the regions"), " ")
        self.cells: dict[tuple[str, str], QLabel] = {}
        self.names: dict[str, QLabel] = {}
        self.kinds = tuple(kind for kind, _, _ in kinds)  # those shown
        self._of_maps: list[QLabel] = []
        self._of_trial = False
        self._rows: dict[str, tuple[int, list[QWidget]]] = {}
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        for place, (column, title, unit) in enumerate(COLUMNS):
            head = label(f"{said(title)} {unit}".strip(), "title")
            grid.addWidget(head, 0, place + 2, Qt.AlignmentFlag.AlignRight)
            grid.setColumnStretch(place + 2, 1)
            if column in _MAPS:
                self._of_maps.append(head)
        for line, (kind, name, colour) in enumerate(kinds, start=1):
            self._add_row(line, kind, name, colour)
        # they give way, so that a long one takes no room from what is beside the table
        self.contrast, self.sizes, self.iron = (
            YieldingLabel(name=f"number-{name}") for name in ("cnr", "sizes", "dose")
        )
        # a row is as high empty as with numbers: the pictures above must not move while one draws
        for line in range(len(kinds) + 1):
            grid.setRowMinimumHeight(line, _LINE_PX)
        lines = (self.contrast, self.sizes, self.iron)
        for part in lines:
            part.setFixedHeight(_LINE_PX)
        row_box = QHBoxLayout(self)
        row_box.setContentsMargins(0, 0, 0, 0)
        row_box.setSpacing(0)
        column_box = QVBoxLayout()
        column_box.setContentsMargins(8, 6, 8, 5)
        column_box.setSpacing(0)
        column_box.addLayout(grid)
        column_box.addSpacing(2)
        for part in lines:
            column_box.addWidget(part)
        self._table = column_box
        row_box.addLayout(column_box, 3)
        self._borders = tuple(frame("upright") for _ in beside)
        for border, part in zip(self._borders, beside, strict=True):
            row_box.addWidget(border)
            row_box.addWidget(part, 1)
            border.hide()
            part.hide()

    def _add_row(self, line: int, kind: str, name: str, colour: str) -> None:
        dot = frame("dot")
        dot.setFixedSize(10, 10)
        dot.setStyleSheet(f"background: {colour}; border-radius: 2px;")
        self._grid.addWidget(dot, line, 0)
        self.names[kind] = label(name)
        self._grid.addWidget(self.names[kind], line, 1)
        parts = [dot, self.names[kind]]
        for place, (column, title, _) in enumerate(COLUMNS):
            cell = label("–", "figure", name=f"number-{kind}-{column}")
            cell.setAccessibleDescription(f"{name} {said(title)}")
            cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(cell, line, place + 2, Qt.AlignmentFlag.AlignRight)
            self.cells[kind, column] = cell
            parts.append(cell)
            if column in _MAPS:
                self._of_maps.append(cell)
        self._rows[kind] = line, parts

    def set_kinds(self, kinds: tuple[str, ...]) -> None:
        """Show the rows of these kinds alone."""
        self.kinds = kinds
        for kind, (line, parts) in self._rows.items():
            self._grid.setRowMinimumHeight(line, _LINE_PX if kind in kinds else 0)
            for part in parts:
                part.setVisible(kind in kinds)

    def minimumSizeHint(self) -> QSize:
        """As large as the table alone: what is beside it gives way."""
        return self._table.minimumSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Make room for longer texts: how wide they are is known when the layout asks, and not before."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return done

    def _make_room(self) -> None:
        """Hide what is beside the table before either is cut."""
        room = self.width() - self._table.minimumSize().width()
        for border, part in zip(self._borders, self.beside, strict=True):
            room -= part.minimumSizeHint().width() + border.sizeHint().width()
            border.setVisible(room >= 0)
            part.setVisible(room >= 0)

    def set_rows(
        self,
        rows: tuple[RegionRow, ...],
        contrast: str,
        noise: str,
        *,
        active: str,
        trial: bool = False,
        doubtful: bool = False,
    ) -> None:
        """Show these numbers; the row of the region being drawn stands out, and what a trial fit gave.

        `noise` is told of the contrast besides; `doubtful` where it says why that may be wrong.
        """
        if trial != self._of_trial:
            self._of_trial = trial
            for part in self._of_maps:
                restyle(part, trial=trial)
                part.setToolTip(self.tr("Of the trial fit") if trial else "")
        for row in rows:
            for column, _, _ in COLUMNS:
                _tell(self.cells[row.kind, column], row.texts.get(column, "–"))
        for kind, name in self.names.items():
            restyle(name, role="active" if kind == active else "quiet")
        self.contrast.setText(contrast)
        # all of it in any case: the line may be cut
        self.contrast.set_tip(noise or contrast)
        restyle(self.contrast, role="warning" if doubtful else "")

    def set_details(self, sizes: str, iron: str, *, trial: bool = False, before: bool = False) -> None:
        """Show what is told of the selected region besides; `before`: iron as it was before the drawing."""
        self.sizes.setText(sizes)
        self.iron.setText(iron)
        restyle(self.iron, trial=trial, role="quiet" if before else "")
        self.iron.set_tip(self.tr("Before what is being drawn") if before else "")


def _tell(cell: QLabel, text: str) -> None:
    """Show a number; its cell is as wide as the widest since it was empty.

    A widget of fixed size lays out nothing when its text changes; any other the whole window.
    """
    if cell.text() == text:
        return
    cell.setText(text)
    if text == "–":
        cell.setMinimumSize(0, 0)
        cell.setMaximumSize(_ANY_PX, _ANY_PX)
    elif (needed := cell.sizeHint()).width() > cell.minimumWidth():
        cell.setFixedSize(needed)
