"""An audit trail to look through: who did what, when, to which case; and what of it is chosen, as a file.

Children by object name: "trail_who", "trail_what", "trail_since", "trail_until", "trail_about",
"trail_table", "trail_count", "trail_save", "trail_note".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QRegularExpression, QSize, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import told as told_of
from core.errors import AppError
from core.study.audit import Record
from core.study.audit_listing import chosen, is_withheld, listed, told
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("No."), 70, number=True), Column(marked("When (UTC)"), 190), Column(marked("Who"), 170),
    Column(marked("What"), 150), Column(marked("Case or subject"), 150), Column(marked("Told"), 0),
)  # fmt: skip
_DAY = QRegularExpression(r"\d{0,4}|\d{4}-\d{0,2}|\d{4}-\d\d-\d{0,2}")

_DAY_PX = 110


class TrailDialog(QDialog):
    """All records in their order; what is chosen above them is shown, and saved as it is shown.

    Parameters
    ----------
    records : sequence of Record
        Verified, at least one.
    who : str
        Who logs in where the trail was made.
    withheld : collection of int
        Numbers of records of which is not told what they say.
    parent : QWidget
    before_saving : callable
        Records that the trail is written out; AppError where that is refused.
    """

    def __init__(
        self,
        records: Sequence[Record],
        who: str,
        withheld: Collection[int],
        parent: QWidget,
        before_saving: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trail_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # no title names a study or a rater
        self.setWindowTitle(self.tr("Audit trail"))
        self._records, self._before_saving = records, before_saving
        self._all, self._withheld = listed(records, who, withheld=withheld), bool(withheld)
        self._shown = self._all
        self.who = self._choices("trail_who", self.tr("Who"), "who")
        self.what = self._choices("trail_what", self.tr("What"), "action")
        tip = self.tr("A day, a month or a year, in UTC: 2026-11-26, 2026-11, 2026")
        self.since = self._line("trail_since", self.tr("From"), tip)
        self.until = self._line("trail_until", self.tr("To"), tip)
        for line in (self.since, self.until):
            line.setFixedWidth(_DAY_PX)
            line.setValidator(QRegularExpressionValidator(_DAY, line))
        tip = self.tr("What stands in the case, the subject, or what is told")
        self.about = self._line("trail_about", self.tr("Case, subject or word"), tip)
        self.table = TextTable("trail_table", self.tr("Records"), _TABLE)
        self.count = label("", "quiet", name="trail_count")
        self.note = label("", "warning", name="trail_note", wrap=True)
        self.save_button = QPushButton(self.tr("Save what is shown …"))
        self.save_button.setAutoDefault(False)
        spoken(self.save_button, "trail_save", self.save_button.text(), self.tr("As CSV, or as PDF to print"))
        self.save_button.clicked.connect(self._on_save)
        self._lay_out()
        self._show()

    def save_to(self, path: Path) -> None:
        """Write what is shown as the file is called: NAME.pdf to print, anything else as CSV."""
        from core.export.trail import write_rows

        try:
            self._before_saving()
            # the system's dialog has asked before it let an existing file be chosen
            write_rows(path, self._shown, self._records, withheld=self._withheld, force=True)
        except AppError as error:
            self.note.setText(told_of(error))
            return
        self.note.setText(self.tr("Saved as {file}").format(file=path.name))

    def _on_save(self) -> None:
        kinds = ";;".join((self.tr("Table (*.csv)"), self.tr("PDF (*.pdf)")))
        name, kind = QFileDialog.getSaveFileName(self, self.tr("Save the trail"), "trail.csv", kinds)
        if name:
            path = Path(name)
            self.save_to(path if path.suffix else path.with_suffix(".pdf" if "pdf" in kind else ".csv"))

    def _show(self) -> None:
        self._shown = chosen(
            self._all,
            who=self.who.currentData(),
            action=self.what.currentData(),
            since=self.since.text().rstrip("-"),
            until=self.until.text().rstrip("-"),
            about=self.about.text().strip(),
        )
        withheld = self.tr("not shown to you")
        rows = [
            Row(
                str(row["sequence"]),
                (
                    str(row["sequence"]), row["at"][:19].replace("T", " "), row["who"], row["action"],
                    row["case"], withheld if is_withheld(row) else told(row),
                ),
                quiet=is_withheld(row),
            )
            for row in self._shown
        ]  # fmt: skip
        self.table.set_rows(rows)
        text = self.tr("{count} of {all} records; each follows from the one before")
        self.count.setText(text.format(count=len(rows), all=len(self._all)))
        self.save_button.setEnabled(bool(rows))

    def _choices(self, name: str, title: str, column: str) -> QComboBox:
        made = QComboBox()
        spoken(made, name, title)
        made.addItem(self.tr("all"), "")
        for value in sorted({row[column] for row in self._all} - {""}):
            made.addItem(value, value)
        made.currentIndexChanged.connect(lambda _: self._show())
        return made

    def _line(self, name: str, title: str, tip: str) -> QLineEdit:
        made = QLineEdit()
        spoken(made, name, title, tip)
        made.textChanged.connect(lambda _: self._show())
        return made

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for column, part in enumerate((self.who, self.what, self.since, self.until, self.about)):
            grid.addWidget(label(part.accessibleName(), "title"), 0, column)
            grid.addWidget(part, 1, column)
        grid.setColumnStretch(4, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.save_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 14)
        whole.setSpacing(10)
        whole.addLayout(grid)
        whole.addWidget(self.table, 1)
        whole.addLayout(foot)
        room = self.screen().availableSize() - QSize(60, 80)
        self.resize(QSize(1180, 640).boundedTo(room))
