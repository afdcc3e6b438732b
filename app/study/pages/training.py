"""Training cases: whose scans come first with feedback, and what is expected of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.importing import read_training
from app.study.pages.page import Page, button
from core.study.training_set import set_training
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Subject"), 160), Column(marked("Scans"), 80, number=True),
    Column(marked("Answers expected"), 0),
)  # fmt: skip
_TITLE = marked("Training")
_ABOUT = marked(
    "Scans of these subjects come first, with feedback, where the protocol asks for training; they are never "
    "among what is analysed. A study does without if none is named."
)


class TrainingPage(Page):
    """A line per subject for training; a table that is read again replaces them all."""

    step = "training"
    operation = "training"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tip = self.tr(
            "A CSV with the columns subject, question and value, and visit, target, tolerance, text"
        )
        self.open = button("training_open", self.tr("Answers expected …"), tip, main=True)
        self.none = button("training_none", self.tr("No training"), self.tr("Use all scans to be read"))
        self.table = TextTable("training_table", self.tr("Subjects for training"), _TABLE)
        self.row_of(self.open, self.none)
        self.body.addWidget(self.table, 1)
        self.open.clicked.connect(self._on_open)
        self.none.clicked.connect(lambda: self.desk.try_to(lambda: set_training(self.desk.study, (), ())))

    def show_holdings(self, held: Holdings) -> None:
        """Show whose scans are for training."""
        study = self.desk.study
        rows = []
        for subject in sorted(held.training):
            scans = sum(scan.subject == subject for scan in held.scans)
            cells = (subject, str(scans), str(len(study.training_answers(subject))))
            rows.append(Row(subject, cells))
        self.table.set_rows(rows)
        self.open.setEnabled(bool(held.scans))
        self.none.setEnabled(bool(held.training))

    def take(self, path: Path) -> None:
        """Take a table of expected answers, and its subjects for training."""
        study = self.desk.study

        def deed() -> None:
            answers = read_training(path)
            set_training(study, list(dict.fromkeys(answer.subject for answer in answers)), answers)

        self.desk.try_to(deed)

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Take a table."""
        if len(paths) != 1 or not isinstance(paths[0], Path) or not self.open.isEnabled():
            return False
        self.take(paths[0])
        return True

    def _on_open(self) -> None:
        kind = self.tr("Tables (*.csv)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("What is expected of training"), "", kind)
        if chosen:
            self.take(Path(chosen))
