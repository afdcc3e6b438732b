"""Which series of a scan is which, and into the study with them."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout

from app.core_words import in_words
from app.messages import told
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.importing import Added, add_scans, find_series, fit_for, load_pictures, series_by_role
from app.study.manifest import NO_SERIES, ROLES, Boxes
from app.study.manifest import Row as Scan
from app.study.pages.page import Page, button
from app.theme import icon
from core.errors import AppError
from core.imaging.burned_in import find_text
from core.progress import Progress
from readers import SeriesInfo
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked, said

_TABLE = (
    Column(marked("Scan"), 210), Column(marked("Multi-echo"), 270), Column(marked("Anatomy"), 230),
    Column(marked("3D gradient echo"), 230), Column(marked("State"), 0),
)  # fmt: skip
ROLE_NAMES = {
    "echoes": marked("Multi-echo"), "anatomy": marked("Anatomy"), "gre3d": marked("3D gradient echo"),
}  # fmt: skip
_TITLE = marked("Series")
_ABOUT = marked(
    "Each scan needs one multi-echo series; a spin echo is taken as its anatomy and a 3D gradient echo "
    "for 3D. Where that is wrong, choose others below. Then the scans are added and mapped."
)


class SeriesPage(Page):
    """A line per scan that is not in the study yet; below, the chosen one's series get other roles."""

    step = "series"
    operation = "scans"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._scans: dict[str, tuple[int, Scan]] = {}
        self.find = button("series_find", self.tr("Find series"), self.tr("Look which series the scans have"))
        tip = self.tr("See where text is likely in the pixels, and decide on it")
        self.look = button("series_text", self.tr("Text in the pictures …"), tip)
        tip = self.tr("Read the scans, compute their R2* maps and keep them in the study")
        self.add = button("series_add", self.tr("Add the scans"), tip, main=True)
        self.table = TextTable("series_table", self.tr("Scans and their series"), _TABLE)
        self.roles = {role: QComboBox() for role in ROLES}
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, (role, combo) in enumerate(self.roles.items()):
            name = said(ROLE_NAMES[role])
            spoken(combo, f"series_role_{role}", self.tr("Series for {role}").format(role=name))
            combo.setMinimumWidth(220)
            grid.addWidget(label(name, "title"), 0, place)
            grid.addWidget(combo, 1, place)
            combo.activated.connect(lambda _, role=role: self._on_role(role))
        self.row_of(self.find, self.look, self.add)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(grid)
        self.find.clicked.connect(self._on_find)
        self.look.clicked.connect(self._on_look)
        self.add.clicked.connect(self._on_add)
        self.table.row_chosen.connect(lambda _: self._show_roles())

    def show_holdings(self, held: Holdings) -> None:
        """Show the scans that wait."""
        known = {(scan.subject, scan.visit, scan.field_t) for scan in held.scans}
        chosen = self._chosen_name()
        self._scans = {}
        for place, (line, fault) in enumerate(self.desk.intake.checked()):
            row = None if fault else line.row()
            if row is not None and (row.subject, row.visit, row.field_t) not in known:
                self._scans[row.name] = (place, row)
        self.table.words.set_icons({"ready": icon("todo"), "wrong": icon("clear"), "text": icon("texts")})
        rows = [self._row(row) for _, row in self._scans.values()]
        self.table.set_rows(rows)
        if self._scans:
            self.table.choose(chosen if chosen in self._scans else next(iter(self._scans)))
        for part in (self.find, self.add):
            part.setEnabled(bool(self._scans))
        self._show_roles()

    def _row(self, scan: Scan) -> Row:
        found = self.desk.intake.series.get(scan.name)
        chosen: dict[str, SeriesInfo] = {}
        fault = self.desk.intake.refused.get(scan.name, "")
        if found is not None and not fault:
            try:
                chosen = series_by_role(scan, found)
            except AppError as error:
                fault = told(error)
        names = [_name(chosen[role]) if role in chosen else "" for role in ROLES]
        state = "text" if scan.name in self.desk.intake.undecided else "wrong" if fault else "ready"
        if fault:
            state_text = in_words(fault)
        elif scan.burned_in:
            decided = {"none": self.tr("no text in it"), "mask": self.tr("text will be masked")}
            state_text = decided[scan.burned_in]
        else:
            state_text = self.tr("ready") if chosen else ""
        return Row(scan.name, (scan.name, *names, state_text), tip=state_text, state=state)

    def _chosen_name(self) -> str:
        index = self.table.currentIndex()
        return self.table.words.rows[index.row()].key if index.isValid() else ""

    def _show_roles(self) -> None:
        name = self._chosen_name()
        scan = self._scans[name][1] if name in self._scans else None
        found = self.desk.intake.series.get(name, ())
        self.look.setEnabled(scan is not None)
        for role, combo in self.roles.items():
            combo.clear()
            combo.setEnabled(scan is not None and bool(found))
            if scan is None or not found:
                continue
            combo.addItem(self.tr("As found"), "")
            if role != "echoes":
                combo.addItem(self.tr("None"), NO_SERIES)
            for info in fit_for(role, found):
                combo.addItem(_name(info), info.id)
            combo.setCurrentIndex(max(combo.findData(scan.roles.get(role, "")), 0))

    def _on_role(self, role: str) -> None:
        place, _ = self._scans[self._chosen_name()]
        line = self.desk.intake.lines[place]
        self.desk.intake.put(place, line.with_cell(role, self.roles[role].currentData()))
        self.desk.changed.emit()

    def _on_find(self) -> None:
        scans = [scan for _, scan in self._scans.values()]
        self.desk.run(self.tr("Looking for series"), lambda progress: _found(scans, progress), self._take)

    def _take(self, found: dict[str, tuple[SeriesInfo, ...] | str]) -> None:
        for name, series in found.items():
            if isinstance(series, str):
                self.desk.intake.refused[name] = series
            else:
                self.desk.intake.series[name] = series
                if name not in self.desk.intake.undecided:
                    self.desk.intake.refused.pop(name, None)

    def _on_add(self) -> None:
        scans, study = [scan for _, scan in self._scans.values()], self.desk.study
        self.desk.run(
            self.tr("Adding scans"), lambda progress: add_scans(study, scans, progress), self._on_added
        )

    def _on_look(self) -> None:
        place, scan = self._scans[self._chosen_name()]
        self.desk.run(
            self.tr("Looking for text"),
            lambda progress: _with_text(scan, progress),
            lambda found: self._ask_of_text(place, scan, *found),
        )

    def _ask_of_text(self, place: int, scan: Scan, shown: dict[str, Any], boxes: Boxes) -> None:
        from app.study.text_dialog import TextDialog

        dialog = TextDialog(scan.name, shown, boxes, self)
        dialog.decided.connect(lambda decision: self._on_decided(place, decision))
        dialog.open()

    def _on_decided(self, place: int, decision: str) -> None:
        line = self.desk.intake.lines[place]
        self.desk.intake.put(place, line.with_cell("burned_in", decision))
        self.desk.changed.emit()

    def _on_added(self, added: Added) -> None:
        self.desk.intake.refused.update(dict(added.failed))
        self.desk.intake.undecided.update(added.undecided)
        text = self.tr("Scans added: {added}. Not added: {failed}").format(
            added=added.added, failed=len(added.failed)
        )
        self.desk.say("\n".join([text, *added.warnings]), warning=bool(added.failed or added.warnings))


def _found(scans: list[Scan], progress: Progress) -> dict[str, tuple[SeriesInfo, ...] | str]:
    """Look for the series of every scan; a reason in place of them where none can be found."""
    found: dict[str, tuple[SeriesInfo, ...] | str] = {}
    for index, scan in enumerate(scans):
        if progress.cancelled():
            break
        progress.report(index / len(scans), "looking for pictures")
        try:
            found[scan.name] = find_series(scan, progress)
        except AppError as error:
            found[scan.name] = str(error)
    return found


def _with_text(scan: Scan, progress: Progress) -> tuple[dict[str, Any], Boxes]:
    """Read a scan; return its pictures by role, and the boxes decided on, or where text is likely."""
    shown = load_pictures(scan, progress).shown()
    return shown, scan.boxes or {role: tuple(find_text(data)) for role, data in shown.items()}


def _name(info: SeriesInfo) -> str:
    matrix = " x ".join(map(str, info.shape))
    return f"{info.description or info.id}, {matrix}"
