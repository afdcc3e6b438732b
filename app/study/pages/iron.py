"""Iron: ICP-MS to compare with, a calibration per field, and the iron maps made of it."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.importing import read_icpms
from app.study.iron import add_iron
from app.study.pages.page import Page, button
from app.theme import icon
from core.export.tables import number
from core.relaxometry.calibration import Calibration, same_field
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Scan"), 250), Column(marked("Calibration"), 260),
    Column(marked("ICP-MS, µg/g"), 120, number=True), Column(marked("Iron map"), 0),
)  # fmt: skip
_TITLE = marked("Iron")
_ABOUT = marked(
    "A calibration for every field turns R2* into iron; ICP-MS is what the maps are compared with. "
    "R2* without iron is taken from each subject's visit before the agent, in its tumour."
)


class IronPage(Page):
    """A line per scan: whether its field is calibrated, what ICP-MS found, and whether its map is made."""

    step = "iron"
    operation = "iron"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._without: dict[str, str] = {}
        tip = self.tr("Files that “ferroread calibrate” wrote, one per field")
        self.calibration = button("iron_calibration", self.tr("Calibrations …"), tip)
        tip = self.tr("A CSV with the columns subject, visit and iron_ug_per_g")
        self.icpms = button("iron_icpms", self.tr("ICP-MS …"), tip)
        self.baseline = QComboBox()
        spoken(self.baseline, "iron_baseline", self.tr("Visit before the agent"))
        self.start = QLineEdit()
        self.start.setFixedWidth(90)
        spoken(
            self.start, "iron_start", self.tr("R2* without iron, 1/s"),
            self.tr("Only for subjects without a scan before the agent; empty: taken from that scan"),
        )  # fmt: skip
        self.make = button("iron_make", self.tr("Make iron maps"), main=True)
        self.table = TextTable("iron_table", self.tr("Scans and their iron maps"), _TABLE)
        self.row_of(
            self.calibration, self.icpms, label(self.tr("Visit before the agent")), self.baseline,
            label(self.tr("or R2* without iron, 1/s")), self.start, self.make,
        )  # fmt: skip
        self.body.addWidget(self.table, 1)
        self.calibration.clicked.connect(self._on_calibrations)
        self.icpms.clicked.connect(self._on_icpms)
        self.make.clicked.connect(self._on_make)

    def show_holdings(self, held: Holdings) -> None:
        """Show what every scan has."""
        chosen = self.baseline.currentText() or "baseline"
        visits = sorted({scan.visit for scan in held.scans}, key=lambda visit: (visit != chosen, visit))
        self.baseline.clear()
        self.baseline.addItems(visits)
        self.table.words.set_icons({"done": icon("done"), "todo": icon("todo")})
        iron = {(value.subject, value.visit): value.iron_ug_per_g for value in held.icpms}
        rows = []
        for scan in held.scans:
            name = f"{scan.subject}, {scan.visit}, {scan.field_t:g} T"
            fits = [each for each in held.calibrations if same_field(each.field_t, scan.field_t)]
            measured = iron.get((scan.subject, scan.visit))
            there = scan.scan_id in held.with_iron
            made = self.tr("made") if there else self._without.get(name, "")
            cells = (
                name, ", ".join(map(_words, fits)), "" if measured is None else f"{measured:g}", made,
            )  # fmt: skip
            rows.append(Row(scan.scan_id, cells, tip=made or name, state="done" if there else "todo"))
        self.table.set_rows(rows)
        for part in (self.calibration, self.icpms, self.baseline, self.start):
            part.setEnabled(bool(held.scans))
        self.make.setEnabled(bool(held.scans and held.calibrations))

    def take_calibrations(self, paths: list[Path]) -> None:
        """Keep calibrations in the study."""

        def deed() -> None:
            # all are read before the study is touched
            for calibration in [Calibration.load(path) for path in paths]:
                self.desk.study.set_calibration(calibration)

        self.desk.try_to(deed)

    def take_icpms(self, path: Path) -> None:
        """Keep ICP-MS results in the study."""
        self.desk.try_to(lambda: self.desk.study.set_icpms(read_icpms(path)))

    def _on_calibrations(self) -> None:
        kind = self.tr("Calibrations (*.json)")
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Calibrations, one per field"), "", kind)
        if chosen:
            self.take_calibrations([Path(path) for path in chosen])

    def _on_icpms(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("ICP-MS results"), "", self.tr("Tables (*.csv)")
        )
        if chosen:
            self.take_icpms(Path(chosen))

    def _on_make(self) -> None:
        try:
            given = number(self.start.text().strip()) if self.start.text().strip() else None
        except ValueError:
            given = math.nan
        if given is not None and not given >= 0:
            self.desk.say(self.tr("R2* without iron is a number of 0 or more, in 1/s"))
            return
        study, baseline = self.desk.study, self.baseline.currentText()
        self.desk.run(
            self.tr("Making iron maps"),
            lambda progress: add_iron(study, baseline=baseline, r2star0_per_s=given, progress=progress),
            self._on_made,
        )

    def _on_made(self, result: tuple[int, tuple[str, ...]]) -> None:
        made, without = result
        self._without = dict(line.split(": ", 1) for line in without)
        text = self.tr("Iron maps made: {made}. Scans without: {without}")
        self.desk.say(text.format(made=made, without=len(without)), warning=bool(without))


def _words(calibration: Calibration) -> str:
    words = QCoreApplication.translate("IronPage", "{field:g} T, {agent}, {relaxivity:.3g} 1/s per mmol/L")
    relaxivity = calibration.relaxivity.value
    return words.format(field=calibration.field_t, agent=calibration.agent, relaxivity=relaxivity)
