"""The analysis: the first place where answers are seen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPlainTextEdit

from app.commands import Outcome
from app.study.analysing import analyse_open
from app.study.desk import Desk
from app.study.exporting import export_open
from app.study.holdings import Holdings
from app.study.looking import look
from app.study.pages.page import Page, button
from core.files import refuse_existing
from widgets.parts import spoken
from widgets.words import marked

_TITLE = marked("Analyse")
_ABOUT = marked(
    "Agreement between readers, accuracy against the reference standard, iron against ICP-MS: every "
    "table as a CSV file, the main ones below."
)


class AnalysePage(Page):
    """A folder of tables is written; the main ones are shown as the command prints them.

    `results_requested`: the window of results is wished for, and that it may show them is recorded.
    """

    results_requested = Signal()

    step = "analyse"
    operation = "look"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._out: Path | None = None
        self.analyse = button("analyse_analyse", self.tr("Analyse into a new folder …"), main=True)
        self.excel = QCheckBox(self.tr("CSV as this computer's Excel opens it"))
        spoken(self.excel, "analyse_excel", self.excel.text())
        tip = self.tr("Regions as DICOM SEG and RTSTRUCT, maps, scores as DICOM SR; NIfTI as well")
        self.export = button("analyse_export", self.tr("Images into a new folder …"), tip)
        self.show_folder = button("analyse_folder", self.tr("Open the folder"))
        self.look = button(
            "analyse_look", self.tr("Look at the results …"), self.tr("Tables, plots and cases in a window")
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setProperty("role", "fixed")
        spoken(self.text, "analyse_text", self.tr("Main results"), " ")
        self.row_of(self.analyse, self.excel, self.export, self.show_folder)
        self.row_of(self.look)
        self.body.addWidget(self.text, 1)
        self.analyse.clicked.connect(self._on_analyse)
        self.export.clicked.connect(self._on_export)
        self.look.clicked.connect(self._on_look)
        self.show_folder.clicked.connect(self._on_show_folder)

    def show_holdings(self, held: Holdings) -> None:
        """Say whether there is anything to analyse."""
        for part in (self.analyse, self.excel, self.export, self.look):
            part.setEnabled(held.collected > 0)
        self.show_folder.setEnabled(self._out is not None)

    def analyse_to(self, out: Path) -> None:
        """Write every table into a new folder."""
        study, excel = self.desk.study, self.excel.isChecked()
        self._out = None
        self.text.clear()
        self.desk.run(
            self.tr("Analysing"),
            lambda progress: (analyse_open(study, out, excel=excel, force=False, progress=progress), out),
            self._on_analysed,
        )

    def export_to(self, out: Path) -> None:
        """Write regions, maps and reports as DICOM and NIfTI into a new folder, of which it is recorded."""
        study = self.desk.study
        self._out = None
        self.text.clear()
        self.desk.run(
            self.tr("Writing images"),
            lambda progress: (export_open(study, out, force=False, progress=progress), out),
            self._on_exported,
        )

    def _on_exported(self, result: tuple[Outcome, Path]) -> None:
        outcome, self._out = result
        self.text.setPlainText(outcome.text)
        warning = outcome.data["warning"]
        text = self.tr("All files are in {folder}").format(folder=self._out)
        self.desk.say(warning or text, warning=bool(warning))

    def _on_export(self) -> None:
        usual = self.desk.study.path.parent / "images"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Name a new folder for the images"), str(usual))
        if chosen:
            out = Path(chosen)
            if self.desk.try_to(lambda: refuse_existing(out, force=False)):
                self.desk.try_to(lambda: look(self, self.desk.study, "images", lambda: self.export_to(out)))

    def _on_analysed(self, result: tuple[Outcome, Path]) -> None:
        outcome, self._out = result
        self.text.setPlainText(outcome.text)
        self.desk.say(self.tr("All tables are in {folder}").format(folder=self._out), warning=False)

    def _on_analyse(self) -> None:
        usual = self.desk.study.path.parent / "results"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Name a new folder for the tables"), str(usual))
        if chosen:
            out = Path(chosen)
            # before anything is recorded
            if self.desk.try_to(lambda: refuse_existing(out, force=False)):
                self.desk.try_to(
                    lambda: look(self, self.desk.study, "analysis", lambda: self.analyse_to(out))
                )

    def _on_look(self) -> None:
        self.desk.try_to(lambda: look(self, self.desk.study, "results", self.results_requested.emit))

    def _on_show_folder(self) -> None:
        if self._out is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._out)))
