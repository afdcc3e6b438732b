"""Who reads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.core_words import in_words
from app.messages import told
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button
from core.errors import AppError
from core.study.coordinators_view import reset_kit
from core.study.kit import Kit
from core.study.names import told_spelling
from core.study.plan import set_plan
from widgets.parts import spoken
from widgets.password_dialog import Asked, PasswordDialog
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
    operation = "plan"
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
        tip = self.tr("A reader's password is forgotten: let the reader choose another for that kit")
        self.reset = button("raters_reset", self.tr("Let choose a password anew …"), tip)
        self.table = TextTable("raters_table", self.tr("Readers of the study"), _TABLE)
        self.row_of(self.name, self.add, self.remove, self.reset)
        self.body.addWidget(self.table, 1)
        self.name.returnPressed.connect(self._on_add)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        self.reset.clicked.connect(self._on_reset)

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
        self.reset.setEnabled(bool(held.kits) and held.has_password)

    def _on_add(self) -> None:
        asked, study = self.name.text(), self.desk.study
        names = (*self._raters, asked)
        if self.desk.try_to(lambda: set_plan(study, raters=names)):
            self.name.clear()
            spelling = told_spelling(asked, self._raters[-1])
            if spelling:
                self.desk.say(in_words(spelling), warning=False)
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

    def _on_reset(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("The kit whose password is forgotten"))
        if not chosen:
            return
        about = self.tr(
            "Whoever opens the kit next chooses its password, and a new key with it: compare its beginning "
            "with the reader. What was signed before stays signed. Study and kit record this with the reason."
        )
        asked = Asked(
            self.tr("Let choose a password anew"), about, self.tr("Let choose anew"), self.tr("Cancel"),
            reason=True, whose=self.tr("Coordinator's password"),
        )  # fmt: skip
        dialog = PasswordDialog(asked, self)

        def _on_given(password: str, _: str, reason: str) -> None:
            try:
                with Kit.open(Path(chosen), to_read=False) as kit:
                    reset_kit(self.desk.study, kit, reason, password)
            except AppError as error:
                dialog.refuse(told(error))
                return
            dialog.accept()
            self.desk.say(self.tr("The kit asks for a new password when it is opened next"), warning=False)

        dialog.given.connect(_on_given)
        dialog.open()


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
