"""The reference standard: what is known to be there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.importing import read_reference
from app.study.pages.page import Page, button
from core.study.records import Target
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Subject"), 150), Column(marked("Target"), 130), Column(marked("Kind"), 100),
    Column(marked("Malignant"), 100), Column(marked("Diameter, mm"), 120, number=True),
    Column(marked("Centre, mm (left, posterior, superior)"), 0),
)  # fmt: skip
_TITLE = marked("Targets")
_ABOUT = marked(
    "The reference standard: every tumour, lesion and node that histology knows, with its kind, "
    "malignancy, size and place. Readers are judged by it and never see it."
)


class TargetsPage(Page):
    """A line per target; a table that is read again replaces the targets that it names."""

    step = "targets"
    operation = "targets"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tip = self.tr(
            "A CSV with the columns subject, target, kind, malignant, diameter_mm, centre_x_mm, "
            "centre_y_mm and centre_z_mm"
        )
        self.open = button("targets_open", self.tr("Reference standard …"), tip, main=True)
        self.table = TextTable("targets_table", self.tr("Targets of the reference standard"), _TABLE)
        self.row_of(self.open)
        self.body.addWidget(self.table, 1)
        self.open.clicked.connect(self._on_open)

    def show_holdings(self, held: Holdings) -> None:
        """Show the targets."""
        rows = [self._row(target) for target in held.targets]
        self.table.set_rows(rows)
        self.open.setEnabled(bool(held.scans))

    def take(self, path: Path) -> None:
        """Read a table of targets into the study."""
        study = self.desk.study
        self.desk.try_to(lambda: study.set_targets(read_reference(path)))

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Take a table."""
        if len(paths) != 1 or not isinstance(paths[0], Path) or not self.open.isEnabled():
            return False
        self.take(paths[0])
        return True

    def _row(self, target: Target) -> Row:
        malignant = {True: self.tr("yes"), False: self.tr("no")}.get(target.malignant, "")
        diameter = "" if target.diameter_mm is None else f"{target.diameter_mm:g}"
        centre = "" if target.centre_mm is None else ", ".join(f"{each:.1f}" for each in target.centre_mm)
        cells = (target.subject, target.target, target.kind, malignant, diameter, centre)
        return Row(f"{target.subject}\t{target.target}", cells)

    def _on_open(self) -> None:
        kind = self.tr("Tables (*.csv)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("The reference standard"), "", kind)
        if chosen:
            self.take(Path(chosen))
