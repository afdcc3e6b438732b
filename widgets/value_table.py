"""A table of values to look through, sort and copy."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from core.export.tables import cell
from widgets.frozen_columns import FrozenColumns
from widgets.parts import spoken

# what the theme keeps free beside words, and Qt's own beside that; above and below them
_BESIDE_PX, _ABOVE_PX, _HIGHEST_PX = 12, 8, 4000
_ROW_PX, _SPARE_PX, _LEAST_PX, _MOST_PX, _ROWS_MEASURED = 26, 6, 30, 320, 60
_Index = QModelIndex | QPersistentModelIndex
_SORTED_BY = Qt.ItemDataRole.UserRole


class ValueTableModel(QAbstractTableModel):
    """Rows of values as Qt wants them; a row may leave columns out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = ()
        self.headings: tuple[str, ...] = ()
        self.tips: Mapping[str, str] = {}
        self.rows: tuple[Mapping[str, Any], ...] = ()
        self.strong: frozenset[int] = frozenset()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tips.get(self.columns[section], self.headings[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and self.rows:
            return self.alignment(0, section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        answer = _ANSWERS.get(role) if index.isValid() else None
        if answer is None:
            return None
        return answer(self, index.row(), index.column())

    def value(self, row: int, column: int) -> Any:
        """Return what a cell holds, None where it holds nothing."""
        return self.rows[row].get(self.columns[column])

    def words(self, row: int, column: int) -> str:
        """Return what a cell shows."""
        return shown_value(self.value(row, column))

    def alignment(self, row: int, column: int) -> Qt.AlignmentFlag:
        """Return how a cell stands: texts at the left."""
        text = isinstance(self.value(row, column), str)
        across = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
        return across | Qt.AlignmentFlag.AlignVCenter

    def font(self, row: int) -> QFont | None:
        """Return a bold one for rows that stand out."""
        if row not in self.strong:
            return None
        made = QFont()
        made.setBold(True)
        return made

    def show(
        self,
        columns: Sequence[str],
        headings: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        tips: Mapping[str, str],
        strong: frozenset[int],
    ) -> None:
        """Show these."""
        self.beginResetModel()
        self.columns, self.headings = tuple(columns), tuple(headings)
        self.rows, self.tips, self.strong = tuple(rows), tips, strong
        self.endResetModel()


# asked a hundred times per painted row, so made once
_ANSWERS: dict[int, Callable[[ValueTableModel, int, int], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda model, row, column: model.words(row, column),
    Qt.ItemDataRole.ToolTipRole: lambda model, row, column: model.words(row, column),
    Qt.ItemDataRole.AccessibleTextRole: lambda model, row, column: (
        f"{model.headings[column]}: {model.words(row, column)}"
    ),
    _SORTED_BY: lambda model, row, column: model.value(row, column),
    Qt.ItemDataRole.TextAlignmentRole: lambda model, row, column: model.alignment(row, column),
    Qt.ItemDataRole.FontRole: lambda model, row, column: model.font(row),
}


class _Sorted(QSortFilterProxyModel):
    """Numbers by size, texts by their letters, what is not there behind both."""

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:
        one, other = (self.sourceModel().data(index, _SORTED_BY) for index in (left, right))
        return _rank(one) < _rank(other)


def _rank(value: Any) -> tuple[int, float, str]:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return 2, 0.0, ""
    return (1, 0.0, value.lower()) if isinstance(value, str) else (0, float(value), "")


def shown_value(value: Any) -> str:
    """Return a value as a table shows it: numbers to four digits, nothing for what is not there."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    number = float(value)
    return f"{int(number)}" if number.is_integer() and abs(number) < 1e9 else f"{number:.4g}"


class ValueTable(QTableView):
    """`row_chosen` says the place of the row, as it was given, that became current or was clicked.

    A click on a heading sorts. Ctrl+C copies the chosen rows, or all where none is, with their headings.
    """

    row_chosen = Signal(int)
    copied = Signal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        spoken(self, name, title, " ")
        self.values = ValueTableModel(self)
        self._sorted = _Sorted(self)
        self._sorted.setSourceModel(self.values)
        self.setModel(self._sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self._wrapped = False
        self._copied: tuple[str, ...] = ()
        self.horizontalHeader().sectionResized.connect(self._fit_rows)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(_LEAST_PX)
        self.frozen = FrozenColumns(self)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        # the current one may be chosen once more
        self.clicked.connect(self._on_current)
        self.frozen.clicked.connect(self._on_current)

    def show_values(
        self,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        headings: Sequence[str] | None = None,
        tips: Mapping[str, str] | None = None,
        strong: frozenset[int] = frozenset(),
        wrapped: Sequence[int] = (),
        frozen: int = 0,
        copied: Sequence[str] | None = None,
    ) -> None:
        """Show rows in their own order; nothing is chosen.

        Parameters
        ----------
        columns, headings : sequence of str
            Keys of the rows, and what stands above them, the keys if not given.
        tips : mapping of column to str, optional
            What a column means.
        strong : frozenset of int
            Places of rows that stand out.
        wrapped : sequence of int, optional
            Columns that share the room that the others leave; their words go on in further lines.
        frozen : int
            How many of the first columns stay in place while the others scroll.
        copied : sequence of str, optional
            What stands above the columns of a copy, the headings if not given.
        """
        self._wrapped = bool(wrapped)
        self.setWordWrap(self._wrapped)
        self._sorted.sort(-1)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._copied = tuple(copied or headings or columns)
        self.values.show(columns, headings or columns, rows, tips or {}, strong)
        for place in range(len(columns)):
            # a heading of one sign needs no room for an arrow beside it
            sign = self._wrapped and len(self.values.headings[place]) == 1
            heading = 0 if sign else self.horizontalHeader().sectionSizeHint(place)
            kind = QHeaderView.ResizeMode.Stretch if place in wrapped else QHeaderView.ResizeMode.Interactive
            self.horizontalHeader().setSectionResizeMode(place, kind)
            self.setColumnWidth(place, min(max(self.sizeHintForColumn(place), heading) + _SPARE_PX, _MOST_PX))
        self._fit_rows()
        self.frozen.freeze(frozen)

    def _fit_rows(self) -> None:
        if not self._wrapped:
            return
        # Qt's own heights leave out what the style keeps free beside the words
        for place in range(self._sorted.rowCount()):
            row = self._sorted.mapToSource(self._sorted.index(place, 0)).row()
            font = QFont(self.font())
            font.setBold(row in self.values.strong)
            metrics = QFontMetrics(font)
            heights = [
                metrics.boundingRect(
                    QRect(0, 0, self.columnWidth(column) - 2 * _BESIDE_PX, _HIGHEST_PX),
                    Qt.TextFlag.TextWordWrap, self.values.words(row, column),
                ).height()
                for column in range(len(self.values.columns))
            ]  # fmt: skip
            self.setRowHeight(place, max(_ROW_PX, *heights) + _ABOVE_PX)

    def choose(self, place: int) -> None:
        """Make a row, by its place as it was given, the current one."""
        self.setCurrentIndex(self._sorted.mapFromSource(self.values.index(place, 0)))

    def copy(self) -> None:
        """Put the chosen rows, or all, with their headings on the clipboard, separated by tabs."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        places = chosen if len(chosen) > 1 else range(self._sorted.rowCount())
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(map(cell, self._copied))
        for place in places:
            row = self.values.rows[self._sorted.mapToSource(self._sorted.index(place, 0)).row()]
            writer.writerow(cell(row.get(column)) for column in self.values.columns)
        QGuiApplication.clipboard().setText(stream.getvalue())
        self.copied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt's own would copy one cell
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_chosen.emit(self._sorted.mapToSource(index).row())
