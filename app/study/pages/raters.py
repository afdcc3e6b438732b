"""Who reads."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button
from core.study.plan import set_plan
from widgets.parts import spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (Column(marked("Reader"), 280), Column(marked("Kits dealt"), 0))
_TITLE = marked("Readers")
_ABOUT = marked(
    "Name those who will read. A reader's name stands in that reader's own kit and nowhere in another's: "
    "no reader learns who else reads."
)


class RatersPage(Page):
    """A line per rater; one whose kit was dealt stays."""

    step = "raters"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._raters: tuple[str, ...] = ()
        self.name = QLineEdit()
        self.name.setFixedWidth(280)
        self.name.setPlaceholderText(self.tr("Name of a reader"))
        spoken(self.name, "raters_name", self.tr("Name of a reader"))
        self.add = button("raters_add", self.tr("Add"), self.tr("Add this reader (Enter)"), main=True)
        self.remove = button("raters_remove", self.tr("Remove"), self.tr("Take the chosen reader away"))
        self.table = TextTable("raters_table", self.tr("Readers of the study"), _TABLE)
        self.row_of(self.name, self.add, self.remove)
        self.body.addWidget(self.table, 1)
        self.name.returnPressed.connect(self._on_add)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)

    def show_holdings(self, held: Holdings) -> None:
        """Show the raters, planned or dealt to."""
        self._raters = held.plan.raters
        names = dict.fromkeys((*held.plan.raters, *(kit.rater for kit in held.kits)))
        rows = []
        for name in names:
            sessions = [str(kit.session) for kit in held.kits if _same(kit.rater, name)]
            told = self.tr("session {numbers}").format(numbers=", ".join(sessions)) if sessions else ""
            rows.append(Row(name, (name, told)))
        self.table.set_rows(rows)
        self.remove.setEnabled(bool(rows))

    def _on_add(self) -> None:
        names, study = (*self._raters, self.name.text()), self.desk.study
        if self.desk.try_to(lambda: set_plan(study, raters=names)):
            self.name.clear()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_remove(self) -> None:
        index = self.table.currentIndex()
        if not index.isValid():
            self.desk.say(self.tr("Choose a reader in the table first"))
            return
        row = self.table.words.rows[index.row()]
        if row.cells[1]:
            self.desk.say(self.tr("This reader has a kit and stays"))
            return
        names, study = [name for name in self._raters if name != row.key], self.desk.study
        self.desk.try_to(lambda: set_plan(study, raters=names))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
