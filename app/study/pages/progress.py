"""How far the raters are, without any answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.study.collecting import KitProgress, kits_in, look_into
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button, minute
from app.theme import icon
from core.progress import Progress
from core.study.store import Study
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked, said

_TABLE = (
    Column(marked("Reader"), 220), Column(marked("Session"), 90, number=True),
    Column(marked("Kit"), 160), Column(marked("Cases"), 80, number=True),
    Column(marked("Begun"), 80, number=True),
    Column(marked("Signed"), 80, number=True), Column(marked("Collected"), 100, number=True),
    Column(marked("Dealt (UTC)"), 0),
)  # fmt: skip
_LOOKING = marked("looking into kits")
_TITLE = marked("Progress")
_ABOUT = marked(
    "How many cases each reader has begun and signed. Answers are not shown, here or elsewhere, before "
    "the analysis."
)


class ProgressPage(Page):
    """A line per kit. Begun and signed are as far as the kits that were looked into tell."""

    step = "progress"
    operation = "collect"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._seen: dict[str, KitProgress] = {}
        tip = self.tr("A kit that came back, or a folder with several; nothing is taken in")
        self.look = button("progress_look", self.tr("Look into kits …"), tip, main=True)
        self.table = TextTable("progress_table", self.tr("How far the readers are"), _TABLE)
        self.row_of(self.look)
        self.body.addWidget(self.table, 1)
        self.look.clicked.connect(self._on_look)

    def show_holdings(self, held: Holdings) -> None:
        """Show every kit."""
        self.table.words.set_icons({"done": icon("done"), "todo": icon("current")})
        rows = []
        for kit in held.kits:
            seen = self._seen.get(kit.kit_id)
            counts = ("", "") if seen is None else (str(seen.begun), str(seen.signed))
            cells = (kit.rater, str(kit.session), kit.folder, str(kit.cases), *counts, str(kit.collected))
            state = "done" if kit.collected == kit.cases else "todo"
            rows.append(Row(kit.kit_id, (*cells, minute(kit.dealt_utc)), state=state))
        self.table.set_rows(rows)
        self.look.setEnabled(bool(held.kits))

    def look_into(self, paths: Sequence[Path]) -> None:
        """Look how far kits are."""
        study = self.desk.study
        self.desk.run(
            self.tr("Looking into kits"), lambda progress: _seen(study, kits_in(paths), progress), self._take
        )

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Look into kits that were dropped."""
        folders = [path for path in paths if isinstance(path, Path)]
        if self.look.isEnabled():
            self.look_into(folders)
        return self.look.isEnabled()

    def _take(self, seen: list[KitProgress]) -> None:
        self._seen.update({each.kit_id: each for each in seen})

    def _on_look(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A kit, or a folder with kits"))
        if chosen:
            self.look_into([Path(chosen)])


def _seen(study: Study, paths: Sequence[Path], progress: Progress) -> list[KitProgress]:
    seen = []
    for index, path in enumerate(paths):
        if progress.cancelled():
            break
        progress.report(index / len(paths), said(_LOOKING))
        seen.append(look_into(study, path))
    return seen
