"""The first columns of a table, which stay where they are while the others scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView


class FrozenColumns(QTableView):
    """Lies over the left edge of a table and shows its first columns; hand and keys go to the table's own.

    Nothing is shown while the table has room for all its columns.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table, self._count = table, 0
        # the table says everything to who cannot see
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setSelectionBehavior(table.selectionBehavior())
        self.setSelectionMode(table.selectionMode())
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(table.verticalScrollMode())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(table.horizontalHeader().minimumSectionSize())
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setSortIndicatorShown(True)
        for header in (self.horizontalHeader(), table.horizontalHeader()):
            header.sortIndicatorChanged.connect(self._on_sorted)
        self.horizontalHeader().sectionResized.connect(self._on_resized)
        own, of_table = self.verticalScrollBar(), table.verticalScrollBar()
        own.valueChanged.connect(of_table.setValue)
        of_table.valueChanged.connect(own.setValue)
        table.horizontalScrollBar().rangeChanged.connect(lambda *_: self._lie())
        table.horizontalHeader().sectionResized.connect(lambda *_: self._lie())
        table.installEventFilter(self)
        self.hide()

    def freeze(self, count: int) -> None:
        """Keep so many columns in place; 0 keeps none."""
        self._count = count
        for place in range(self.model().columnCount()):
            self.setColumnHidden(place, place >= count)
        self._lie()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._lie()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        right = self.viewport().width() - 1
        painter.drawLine(right, 0, right, self.viewport().height())
        painter.end()

    def _on_sorted(self, place: int, order: Qt.SortOrder) -> None:
        # the table sorts, whichever heading was clicked
        for header in (self.horizontalHeader(), self._table.horizontalHeader()):
            header.setSortIndicator(place, order)

    def _on_resized(self, place: int, _: int, width: int) -> None:
        if width and not self.isColumnHidden(place):
            self._table.setColumnWidth(place, width)

    def _lie(self) -> None:
        """Lie over the columns, if the table is too narrow for all of them."""
        table = self._table
        widths = [table.columnWidth(place) for place in range(self._count)]
        needed = table.horizontalScrollBar().maximum() > 0
        self.setVisible(bool(widths) and needed)
        if not self.isVisibleTo(table):
            return
        for place, width in enumerate(widths):
            if self.columnWidth(place) != width:
                self.setColumnWidth(place, width)
        head, inside = table.horizontalHeader(), table.viewport().geometry()
        self.horizontalHeader().setFixedHeight(head.height())
        self.setGeometry(
            QRect(inside.left(), head.geometry().top(), sum(widths), head.height() + inside.height())
        )
