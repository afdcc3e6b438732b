"""Every case with the two readers who read it, and how far apart they are; a line opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.analysis.result_page import save_table
from core.statistics.listings import Table
from core.statistics.side_by_side import Pair
from widgets.parts import label, spoken
from widgets.value_table import ValueTable

_COLUMNS = (
    "subject", "visit", "field_t", "group", "differing", "apart", "dice", "session", "first_rater",
    "second_rater",
)  # fmt: skip
_CASE_COLUMNS = ("subject", "visit", "field_t", "group", "session")


class CasesPage(QWidget):
    """`case_chosen` says the place of the case among those that were given."""

    case_chosen = Signal(int)
    said = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.table = ValueTable("cases_table", self.tr("Cases"))
        self.count = label("", "quiet", name="cases_count")
        self.copy = QPushButton(self.tr("Copy"))
        spoken(self.copy, "cases_copy", self.tr("Copy the list of cases"))
        self.save = QPushButton(self.tr("Save …"))
        spoken(self.save, "cases_save", self.tr("Save the list of cases as CSV"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self.copy)
        row.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 4)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self._listed = Table(_COLUMNS, ())
        self.table.row_chosen.connect(self.case_chosen)
        self.copy.clicked.connect(self.table.copy)
        self.save.clicked.connect(lambda: save_table(self, self._listed, "cases", self.said.emit))
        copied = self.tr("Copied")
        self.table.copied.connect(lambda: self.said.emit(copied, False))

    def show_pairs(self, pairs: tuple[Pair, ...]) -> None:
        """List these; none is chosen."""
        self._listed = Table(_COLUMNS, tuple(map(_row, pairs)))
        headings = (
            self.tr("Subject"), self.tr("Visit"), self.tr("Field, T"), self.tr("Group"), self.tr("Differ"),
            self.tr("Apart"), self.tr("Dice"), self.tr("Session"), self.tr("First reader"),
            self.tr("Second reader"),
        )  # fmt: skip
        tips = {
            "differing": self.tr("How many answers differ"),
            "apart": self.tr("Of every answer 0 where both agree to 1 at the ends of its scale, summed up"),
            "dice": self.tr("How far the tumour regions lie over each other, 0 to 1"),
        }
        self.table.show_values(_COLUMNS, self._listed.rows, headings=headings, tips=tips, frozen=2)
        differing = sum(pair.differing > 0 for pair in pairs)
        told = self.tr("Cases: {count}; with answers that differ: {differing}")
        self.count.setText(told.format(count=len(pairs), differing=differing))

    def choose(self, place: int) -> None:
        """Make a case the current line, and say nothing of it."""
        self.table.blockSignals(True)
        self.table.choose(place)
        self.table.blockSignals(False)


def _row(pair: Pair) -> dict[str, object]:
    reading = pair.first
    cells = {name: getattr(reading, name) for name in _CASE_COLUMNS}
    cells |= {"first_rater": reading.rater, "second_rater": pair.second.rater if pair.second else ""}
    if pair.second is None:
        return cells
    return cells | {"differing": pair.differing, "apart": round(pair.apart, 6), "dice": pair.dice}
