"""Which scans there are and whose they are: from a manifest or a folder, corrected in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.study.desk import Desk
from app.study.finding import lines_in
from app.study.holdings import Holdings
from app.study.manifest import COLUMNS, Line, read_lines, write_manifest
from app.study.pages.page import Page, button
from app.theme import icon
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Folder"), 330), Column(marked("Subject"), 130), Column(marked("Group"), 150),
    Column(marked("Visit"), 110), Column(marked("Field, T"), 80), Column(marked("State"), 0),
)  # fmt: skip
_TITLE = marked("Scans")
_ABOUT = marked(
    "Name every scan: where its pictures lie, and its subject, group, visit and field. "
    "A folder without a manifest is looked through and its names are proposed: check them."
)


class ScansPage(Page):
    """A line per scan. What is wrong stands beside it, and every cell can be typed into."""

    step = "scans"
    operation = "scans"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tip = self.tr("A CSV with the columns path, subject, group, visit and field_t")
        self.manifest = button("scans_manifest", self.tr("Manifest …"), tip, main=True)
        self.folder = button(
            "scans_folder", self.tr("Folder of scans …"), self.tr("Look for multi-echo series in a folder")
        )
        tip = self.tr("Keep this table as a manifest, so that the same can be done by a command")
        self.save = button("scans_save", self.tr("Save as a manifest …"), tip)
        tip = self.tr("Take the chosen line out of the table; nothing is deleted")
        self.remove = button("scans_remove", self.tr("Leave this line out"), tip)
        self.table = TextTable(
            "scans_table", self.tr("Scans to be put in"), _TABLE, editable=tuple(range(len(COLUMNS)))
        )
        self.row_of(self.manifest, self.folder, self.save, self.remove)
        self.body.addWidget(self.table, 1)
        self.manifest.clicked.connect(self._on_manifest)
        self.folder.clicked.connect(self._on_folder)
        self.save.clicked.connect(self._on_save)
        self.remove.clicked.connect(self._on_remove)
        self.table.cell_given.connect(self._on_cell)
        self.table.copied.connect(lambda: self.desk.say(self.tr("Copied, for a spreadsheet"), warning=False))

    def open_manifest(self, path: Path) -> None:
        """Take the lines of a manifest, right or wrong."""
        self.desk.try_to(lambda: self._take(read_lines(path)))

    def open_folder(self, path: Path) -> None:
        """Look for scans in a folder."""
        self.desk.run(self.tr("Looking for scans"), lambda progress: lines_in(path, progress), self._take)

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Take a manifest or a folder."""
        if len(paths) != 1 or not isinstance(paths[0], Path):
            return False
        (self.open_folder if paths[0].is_dir() else self.open_manifest)(paths[0])
        return True

    def show_holdings(self, held: Holdings) -> None:
        """Show every line, and below them the scans that the study has already."""
        known = {(scan.subject, scan.visit, scan.field_t) for scan in held.scans}
        self.table.words.set_icons({"ready": icon("todo"), "done": icon("done"), "wrong": icon("clear")})
        chosen = self.table.currentIndex()
        rows, named = [], set()
        for place, (line, fault) in enumerate(self.desk.intake.checked()):
            row = None if fault else line.row()
            what = (row.subject, row.visit, row.field_t) if row else None
            named.add(what)
            state = "wrong" if fault else "done" if what in known else "ready"
            refused = self.desk.intake.refused.get(row.name, "") if row else ""
            rows.append(self._row(place, line, state, fault or refused))
        there = self.tr("in the study")
        for scan in held.scans:
            if (scan.subject, scan.visit, scan.field_t) not in named:
                cells = ("", scan.subject, scan.group, scan.visit, f"{scan.field_t:g}", there)
                rows.append(Row(scan.scan_id, cells, state="done", quiet=True))
        self.table.set_rows(rows)
        self.table.setCurrentIndex(self.table.words.index(chosen.row(), chosen.column()))
        self.remove.setEnabled(bool(self.desk.intake.lines))
        self.save.setEnabled(bool(self.desk.intake.lines))

    def _row(self, place: int, line: Line, state: str, fault: str) -> Row:
        words = {
            "done": self.tr("in the study"),
            "ready": self.tr("ready to be added"),
            "wrong": self.tr("cannot be used"),
        }
        cells = tuple(line.cells.get(name, "") for name in COLUMNS)
        state = "wrong" if fault else state
        told = f"{words[state]}: {fault}" if fault else words[state]
        tip = told if fault else str(line.folder / line.cells.get("path", ""))
        return Row(str(place), (*cells, told), tip=tip, state=state, quiet=state == "done")

    def _take(self, lines: list[Line]) -> None:
        self.desk.intake.take(lines)
        self.table.setFocus()

    def _on_manifest(self) -> None:
        kind = self.tr("Manifests (*.csv)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("The study's manifest"), "", kind)
        if chosen:
            self.open_manifest(Path(chosen))

    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder of scans"))
        if chosen:
            self.open_folder(Path(chosen))

    def _on_save(self) -> None:
        kind = self.tr("Manifests (*.csv)")
        # the system's dialog asks before it gives the name of a file that is there
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the manifest"), "manifest.csv", kind)
        if not chosen:
            return
        lines = self.desk.intake.lines
        if self.desk.try_to(lambda: write_manifest(Path(chosen), lines, force=True)):
            self.desk.say(self.tr("Saved"), warning=False)

    def _on_remove(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.desk.intake.lines):
            del self.desk.intake.lines[place]
            self.desk.changed.emit()

    def _on_cell(self, key: str, column: int, text: str) -> None:
        lines = self.desk.intake.lines
        if not key.isdigit() or int(key) >= len(lines):
            self.desk.say(self.tr("This scan is in the study already and stays as it is"))
            return
        name, before = COLUMNS[column], lines[int(key)]
        self.desk.intake.put(int(key), before.with_cell(name, text))
        if name == "group":
            self._fill_group(before.cells.get("subject", ""), text)
        self.desk.changed.emit()

    def _fill_group(self, subject: str, group: str) -> None:
        """A subject is in one group: its lines that name none get it too."""
        for place, line in enumerate(self.desk.intake.lines):
            if subject and line.cells.get("subject") == subject and not line.cells.get("group"):
                self.desk.intake.put(place, line.with_cell("group", group))
