"""One tab of results: a plot above, a table below; each can be copied and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.analysis.figure_view import FORMATS, FigureView
from app.analysis.headings import heading, in_order
from app.analysis.results import Results, meanings
from app.messages import told
from core.errors import AppError
from core.export.tables import write_csv
from core.statistics.listings import Table
from widgets.parts import label, spoken
from widgets.value_table import ValueTable
from widgets.words import said


class ResultPage(QWidget):
    """`name` begins the names of its parts; `plots` and `tables` are the titles, as marked, of what it shows.

    `point_chosen` gives the row of a point; `said` a line for the person and whether it warns.
    """

    point_chosen = Signal(object)
    said = Signal(str, bool)

    def __init__(self, name: str, plots: Mapping[str, str], tables: Mapping[str, str]) -> None:
        super().__init__()
        self._titles = {**plots, **tables}
        self._plots, self._tables = plots, tables
        self._results: Results | None = None
        self.plot_choice = _choice(f"{name}_plot_choice", self.tr("Which plot"))
        self.table_choice = _choice(f"{name}_table_choice", self.tr("Which table"))
        self.figure = FigureView(f"{name}_figure", self.tr("Plot"))
        self.caption = label("", "quiet", name=f"{name}_caption", wrap=True)
        self.table = ValueTable(f"{name}_table", self.tr("Table"))
        self.count = label("", "quiet", name=f"{name}_count")
        self.copy_plot = _button(f"{name}_copy_plot", self.tr("Copy"), self.tr("Copy the plot as a picture"))
        self.save_plot = _button(
            f"{name}_save_plot", self.tr("Save …"), self.tr("Save the plot as PNG or SVG")
        )
        self.copy_table = _button(
            f"{name}_copy_table", self.tr("Copy"), self.tr("Copy the table with its headings")
        )
        self.save_table = _button(f"{name}_save_table", self.tr("Save …"), self.tr("Save the table as CSV"))
        self._lay_out()
        self._connect()

    def show_results(self, results: Results) -> None:
        """Show what there is of these; what was chosen stays chosen."""
        self._results = results
        self._offer(self.plot_choice, self._plots, results.plots)
        self._offer(self.table_choice, self._tables, results.tables)
        self._on_plot()
        self._on_table()

    def _offer(self, combo: QComboBox, titles: Mapping[str, str], there: Mapping[str, object]) -> None:
        before = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        for name, title in titles.items():
            if name in there:
                combo.addItem(said(title), name)
        combo.setCurrentIndex(max(combo.findData(before), 0) if combo.count() else -1)
        combo.setEnabled(combo.count() > 0)
        combo.blockSignals(False)

    @property
    def shown_table(self) -> Table | None:
        """The table that is chosen."""
        name = self.table_choice.currentData()
        return None if self._results is None or name is None else self._results.tables[name]

    def _on_plot(self) -> None:
        name = self.plot_choice.currentData()
        plot = None if self._results is None or name is None else self._results.plots[name]
        self.figure.show_plot(plot)
        self.caption.setText(plot.caption if plot else self.tr("There is nothing to plot of these readings"))
        for part in (self.copy_plot, self.save_plot, self.figure):
            part.setEnabled(plot is not None)

    def _on_table(self) -> None:
        table = self.shown_table
        shown = table or Table((), ())
        columns, frozen = in_order(shown)
        tips = {name: f"{meaning}\n{name}" for name, meaning in meanings(shown).items()}
        self.table.show_values(
            columns, shown.rows, headings=[heading(name) for name in columns], tips=tips, frozen=frozen,
            copied=columns,
        )  # fmt: skip
        self.count.setText(self.tr("Rows: {count}").format(count=len(shown.rows)))
        for part in (self.copy_table, self.save_table):
            part.setEnabled(table is not None)

    def _on_save_plot(self) -> None:
        plot = self.figure.plot
        if plot is None:
            return
        kinds = (self.tr("Picture (*.png)"), self.tr("Drawing (*.svg)"))
        path, force = _chosen(self, self.tr("Save the plot"), f"{plot.name}.png", kinds, FORMATS)
        if path is not None:
            _saved(lambda: self.figure.save(path, force=force), path, self.said.emit)

    def _on_save_table(self) -> None:
        table = self.shown_table
        if table is not None:
            save_table(self, table, self.table_choice.currentData().removeprefix("tables/"), self.said.emit)

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.figure)
        column.addWidget(self.caption)
        column.addStretch(1)
        scroll.setWidget(inside)
        above = _stacked(_row(self.plot_choice, None, self.copy_plot, self.save_plot), scroll)
        below = _stacked(_row(self.table_choice, self.count, self.copy_table, self.save_table), self.table)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(above)
        split.addWidget(below)
        split.setSizes([360, 240])
        split.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 8, 8, 4)
        outer.addWidget(split)

    def _connect(self) -> None:
        self.plot_choice.currentIndexChanged.connect(lambda _: self._on_plot())
        self.table_choice.currentIndexChanged.connect(lambda _: self._on_table())
        self.figure.point_chosen.connect(self.point_chosen)
        self.copy_plot.clicked.connect(self.figure.copy)
        self.copy_table.clicked.connect(self.table.copy)
        self.save_plot.clicked.connect(self._on_save_plot)
        self.save_table.clicked.connect(self._on_save_table)
        copied = self.tr("Copied")
        self.figure.copied.connect(lambda: self.said.emit(copied, False))
        self.table.copied.connect(lambda: self.said.emit(copied, False))


def save_table(parent: QWidget, table: Table, name: str, say: Callable[[str, bool], None]) -> None:
    """Ask for a file and write a table into it as CSV; what came of it is said."""
    title = QCoreApplication.translate("ResultPage", "Save the table")
    kinds = (QCoreApplication.translate("ResultPage", "Table (*.csv)"),)
    path, force = _chosen(parent, title, f"{name}.csv", kinds, ("csv",))
    if path is not None:
        _saved(lambda: write_csv(path, table.columns, table.rows, force=force), path, say)


def _saved(deed: Callable[[], None], path: Path, say: Callable[[str, bool], None]) -> None:
    try:
        deed()
    except AppError as error:
        say(told(error), True)
    else:
        say(QCoreApplication.translate("ResultPage", "Saved as {path}").format(path=path), False)


def _chosen(
    parent: QWidget, title: str, proposed: str, kinds: tuple[str, ...], endings: tuple[str, ...]
) -> tuple[Path | None, bool]:
    """Ask for a file; return its path with an ending, and whether the dialog has asked to write over it."""
    chosen, kind = QFileDialog.getSaveFileName(parent, title, proposed, ";;".join(kinds))
    if not chosen:
        return None, False
    path = Path(chosen)
    if path.suffix.lower().removeprefix(".") in endings:
        return path, True
    ending = endings[kinds.index(kind)] if kind in kinds else endings[0]
    return path.with_name(f"{path.name}.{ending}"), False


def _choice(name: str, text: str) -> QComboBox:
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    spoken(made, name, text)
    return made


def _button(name: str, text: str, tip: str) -> QPushButton:
    made = QPushButton(text)
    # two buttons of a page say the same; their names tell them apart
    spoken(made, name, tip)
    return made


def _row(*parts: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, part in enumerate(parts):
        if part is not None:
            row.addWidget(part)
        if place == 1:
            row.addStretch(1)
    return row


def _stacked(head: QHBoxLayout, below: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(6)
    column.addLayout(head)
    column.addWidget(below, 1)
    return made
