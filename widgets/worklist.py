"""The cases of a kit by alias, with what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QListView, QProgressBar, QVBoxLayout, QWidget

from widgets.parts import label, spoken
from widgets.words import marked, said

CaseState = Literal["untouched", "begun", "signed"]
_WORDS: dict[CaseState, str] = {
    "untouched": marked("not begun"),
    "begun": marked("begun"),
    "signed": marked("signed"),
}
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class WorklistRow:
    """One case, as the rater may know it."""

    alias: str
    state: CaseState


class WorklistModel(QAbstractListModel):
    """The rows, in the kit's order of reading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[WorklistRow, ...] = ()
        self._icons: dict[str, QIcon] = {}

    @property
    def rows(self) -> tuple[WorklistRow, ...]:
        """The rows shown."""
        return self._rows

    def set_rows(self, rows: tuple[WorklistRow, ...]) -> None:
        """Show these cases; where only states differ the selection stays."""
        if [row.alias for row in rows] == [row.alias for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def set_icons(self, icons: dict[str, QIcon]) -> None:
        """Draw the states by other icons."""
        self._icons = icons
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{index.row() + 1}.  {row.alias}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons.get(row.state)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.tr("Case {alias}, {state}").format(alias=row.alias, state=said(_WORDS[row.state]))
        return None


class Worklist(QWidget):
    """List and progress; `case_chosen` when a row is clicked or Enter is pressed on it."""

    case_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = WorklistModel(self)
        self.view = QListView()
        title = self.tr("Cases")
        spoken(self.view, "worklist", title, " ")
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setUniformItemSizes(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        spoken(self.progress, "worklist_progress", self.tr("Cases signed"))
        self.count = label("", "quiet", name="worklist_count")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 4)
        column.setSpacing(6)
        column.addWidget(label(title.upper(), "title"))
        column.addWidget(self.progress)
        column.addWidget(self.count)
        column.addWidget(self.view, 1)
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)

    def set_rows(self, rows: tuple[WorklistRow, ...]) -> None:
        """Show these cases."""
        self.model.set_rows(rows)
        signed = sum(row.state == "signed" for row in rows)
        self.progress.setRange(0, max(len(rows), 1))
        self.progress.setValue(signed)
        told = self.tr("{signed} of {all} signed")
        self.count.setText(told.format(signed=signed, all=len(rows)))

    def set_current(self, alias: str) -> None:
        """Show which case is open."""
        for place, row in enumerate(self.model.rows):
            if row.alias == alias:
                self.view.setCurrentIndex(self.model.index(place))

    def _on_chosen(self, index: QModelIndex) -> None:
        self.case_chosen.emit(self.model.rows[index.row()].alias)
