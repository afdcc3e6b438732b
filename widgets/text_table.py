"""A table of words to look through, choose from and copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.parts import spoken
from widgets.words import said

_ROW_PX, _SPARE_PX = 26, 6
_ROWS_MEASURED = 60
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """A heading, as marked, and the most width that its cells get; the one with 0 takes what is left."""

    title: str
    width: int
    number: bool = False


@dataclass(frozen=True)
class Row:
    """One line: `key` names it, `state` picks an icon, a `quiet` one is told in grey."""

    key: str
    cells: tuple[str, ...]
    tip: str = ""
    state: str = ""
    quiet: bool = False


class TextTableModel(QAbstractTableModel):
    """The rows as Qt wants them; keys are unique."""

    given = Signal(str, int, str)  # key, column, text

    def __init__(self, columns: tuple[Column, ...], parent: QWidget, editable: tuple[int, ...] = ()) -> None:
        super().__init__(parent)
        self.columns = columns
        self._editable = editable
        self.rows: tuple[Row, ...] = ()
        self._places: dict[str, int] = {}
        self._icons: dict[str, QIcon] = {}

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these; nothing is chosen any more."""
        self.beginResetModel()
        self.rows = rows
        self._places = {row.key: place for place, row in enumerate(rows)}
        self.endResetModel()

    def set_row(self, row: Row) -> None:
        """Show a row in place of the one of its key; the choice stays."""
        place = self._places[row.key]
        self.rows = (*self.rows[:place], row, *self.rows[place + 1 :])
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def set_icons(self, icons: dict[str, QIcon]) -> None:
        """Draw the states by other icons."""
        self._icons = icons
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def place(self, key: str) -> QModelIndex:
        """Return where the row of a key is; nowhere if there is none."""
        return self.index(self._places.get(key, -1), 0)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return said(self.columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        answer = _ANSWERS.get(role)
        return None if answer is None else answer(self, self.rows[index.row()], index.column())

    def flags(self, index: _Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() in self._editable else usual

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or str(value) == row.cells[index.column()]:
            return False
        self.given.emit(row.key, index.column(), str(value))
        return True

    def icon(self, state: str) -> QIcon | None:
        """Return what a state is drawn as."""
        return self._icons.get(state)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return how the cells of a column stand."""
        across = Qt.AlignmentFlag.AlignRight if self.columns[column].number else Qt.AlignmentFlag.AlignLeft
        return across | Qt.AlignmentFlag.AlignVCenter


def _grey() -> QColor:
    return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)


# asked a hundred times per painted row, so made once
_ANSWERS: dict[int, Callable[[TextTableModel, Row, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda model, row, column: row.cells[column],
    Qt.ItemDataRole.EditRole: lambda model, row, column: row.cells[column],
    Qt.ItemDataRole.ToolTipRole: lambda model, row, column: row.tip or row.cells[column],
    Qt.ItemDataRole.AccessibleTextRole: lambda model, row, column: (
        f"{said(model.columns[column].title)}: {row.cells[column]}"
    ),
    Qt.ItemDataRole.DecorationRole: lambda model, row, column: None if column else model.icon(row.state),
    Qt.ItemDataRole.TextAlignmentRole: lambda model, row, column: model.alignment(column),
    Qt.ItemDataRole.ForegroundRole: lambda model, row, column: _grey() if row.quiet else None,
}


class TextTable(QTableView):
    """`row_chosen` says the key of the row that became current or was clicked; Ctrl+C copies all of it.

    Cells of the columns that are `editable` can be typed into: `cell_given` says key, column and text, and
    the cell stays as it was until it is given another row.
    """

    row_chosen = Signal(str)
    cell_given = Signal(str, int, str)
    copied = Signal()

    def __init__(
        self, name: str, title: str, columns: tuple[Column, ...], editable: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        spoken(self, name, title, " ")
        self._copy_text: Callable[[], str] = str
        self.words = TextTableModel(columns, self, editable)
        self.setModel(self.words)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        by_hand = triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        self.setEditTriggers(by_hand if editable else triggers.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(16, 16))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.verticalHeader().setMinimumSectionSize(_ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(_ROWS_MEASURED)
        header.setMinimumSectionSize(30)
        for place, column in enumerate(columns):
            if not column.width:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self._fit_columns()
        # when the cell's field has closed: rows may be set anew then
        self.words.given.connect(self.cell_given, Qt.ConnectionType.QueuedConnection)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        # the current one may be chosen once more
        self.clicked.connect(self._on_current)
        self.activated.connect(self._on_current)

    def set_rows(self, rows: Sequence[Row], copy_text: Callable[[], str] | None = None) -> None:
        """Show these rows, and copy what `copy_text` then returns on Ctrl+C; their cells if not given."""
        self._copy_text = copy_text or (lambda: "\n".join("\t".join(row.cells) for row in rows))
        self.words.set_rows(tuple(rows))
        self._fit_columns()

    def set_row(self, row: Row) -> None:
        """Show a row in place of the one of its key."""
        self.words.set_row(row)
        self._fit_columns()

    def _fit_columns(self) -> None:
        for place, column in enumerate(self.words.columns):
            if column.width:
                heading = self.horizontalHeader().sectionSizeHint(place)
                needed = max(self.sizeHintForColumn(place), heading)
                self.setColumnWidth(place, max(min(needed + _SPARE_PX, column.width), heading))

    def height_of_all(self) -> int:
        """Return the height at which no row is hidden."""
        return self.horizontalHeader().sizeHint().height() + _ROW_PX * len(self.words.rows) + 4

    def choose(self, key: str) -> None:
        """Make a row the current one."""
        self.setCurrentIndex(self.words.place(key))

    def copy(self) -> None:
        """Put the whole table on the clipboard."""
        QGuiApplication.clipboard().setText(self._copy_text())
        self.copied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt's own would copy one cell
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_chosen.emit(self.words.rows[index.row()].key)
