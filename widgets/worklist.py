"""The cases of a kit by alias, with what is done; all of them or those of a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QListView, QProgressBar, QVBoxLayout, QWidget

from widgets.parts import label, spoken
from widgets.words import marked, said

CaseState = Literal["untouched", "begun", "signed", "closed"]
_WORDS: dict[CaseState, str] = {
    "untouched": marked("not begun"),
    "begun": marked("begun"),
    "signed": marked("signed"),
    "closed": marked("opens when the training is passed"),
}
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class WorklistRow:
    """One case, as the rater may know it; `number` is its place in the kit's order, from 1.

    `training`: what a training case is called, "" for a case of the study.
    """

    number: int
    alias: str
    state: CaseState
    flagged: bool = False
    training: str = ""


# what the list can be narrowed to
FILTERS: dict[str, tuple[str, Callable[[WorklistRow], bool]]] = {
    "all": (marked("All"), lambda row: True),
    "to_do": (marked("To do"), lambda row: row.state != "signed"),
    "begun": (marked("Begun"), lambda row: row.state == "begun"),
    "signed": (marked("Signed"), lambda row: row.state == "signed"),
    "flagged": (marked("Flagged"), lambda row: row.flagged),
}


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
            return (row.training or f"{row.number}.  {row.alias}") + ("  ⚑" if row.flagged else "")
        if role == Qt.ItemDataRole.ForegroundRole and row.state == "closed":
            return QGuiApplication.palette().placeholderText()
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons.get(row.state)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            told = (
                self.tr("Case {alias}, {state}, flagged") if row.flagged else self.tr("Case {alias}, {state}")
            )
            words = told.format(alias=row.alias, state=said(_WORDS[row.state]))
            return f"{row.training}. {words}" if row.training else words
        return None


class Worklist(QWidget):
    """List, filter and progress; `case_chosen` when a row is clicked or Enter is pressed on it.

    The open case stays in the list whatever is filtered: nothing vanishes under the hand.
    """

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
        self.count = label("", "quiet", name="worklist_count", wrap=True)
        self.filter = QComboBox()
        spoken(self.filter, "worklist_filter", self.tr("Show cases"), self.tr("Which cases are listed"))
        for name, (text, _) in FILTERS.items():
            self.filter.addItem(said(text), name)
        self._rows: tuple[WorklistRow, ...] = ()
        self._current = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 4)
        column.setSpacing(6)
        column.addWidget(label(title.upper(), "title"))
        column.addWidget(self.progress)
        column.addWidget(self.count)
        column.addWidget(self.filter)
        column.addWidget(self.view, 1)
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        self.filter.currentIndexChanged.connect(lambda _: self._show())

    def set_rows(self, rows: tuple[WorklistRow, ...], training: tuple[int, int] | None = None) -> None:
        """Show these cases, as far as they are asked for.

        `training`: which round of how many is read; its cases are counted then, else those of the study.
        """
        self._rows = rows
        self._show()
        counted = [row for row in rows if bool(row.training) == (training is not None)]
        signed = sum(row.state == "signed" for row in counted)
        self.progress.setRange(0, max(len(counted), 1))
        self.progress.setValue(signed)
        text = self.tr("{signed} of {all} signed")
        if training is not None:
            text = self.tr("Training, round {round} of {rounds}: {signed} of {all} signed")
        number, rounds = training or (0, 0)
        told = text.format(signed=signed, all=len(counted), round=number, rounds=rounds)
        self.count.setText(told)
        for place, (text, fits) in enumerate(FILTERS.values()):
            self.filter.setItemText(place, f"{said(text)}  ({sum(map(fits, rows))})")

    def set_current(self, alias: str) -> None:
        """Show which case is open."""
        self._current = alias
        self._show()

    def _show(self) -> None:
        fits = FILTERS[self.filter.currentData()][1]
        shown = tuple(row for row in self._rows if fits(row) or row.alias == self._current)
        self.model.set_rows(shown)
        for place, row in enumerate(shown):
            if row.alias == self._current:
                self.view.setCurrentIndex(self.model.index(place))

    def _on_chosen(self, index: QModelIndex) -> None:
        self.case_chosen.emit(self.model.rows[index.row()].alias)
