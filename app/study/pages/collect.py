"""Taking signed readings in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.core_words import in_words
from app.study.collecting import collect_all, kits_in
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button
from app.theme import icon
from core.study.collecting import Collected
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Reader"), 220), Column(marked("Session"), 90, number=True),
    Column(marked("Taken now"), 100, number=True), Column(marked("Taken before"), 120, number=True),
    Column(marked("Not signed"), 100, number=True), Column(marked("What became of it"), 0),
)  # fmt: skip
_TITLE = marked("Collect")
_ABOUT = marked(
    "Signed readings are taken out of kits that came back, after the kit's chain, signatures and "
    "pictures were checked. A kit can be collected again as its reader goes on."
)


class CollectPage(Page):
    """A line per kit that was tried, with why it was refused where it was."""

    step = "collect"
    operation = "collect"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tip = self.tr("A kit that came back, or a folder with several; they can be dropped here")
        self.collect = button("collect_collect", self.tr("Collect kits …"), tip, main=True)
        self.table = TextTable("collect_table", self.tr("Kits that were collected now"), _TABLE)
        self.row_of(self.collect)
        self.body.addWidget(self.table, 1)
        self.collect.clicked.connect(self._on_collect)

    def show_holdings(self, held: Holdings) -> None:
        """Say whether there is anything to collect."""
        self.collect.setEnabled(bool(held.kits))
        self.table.words.set_icons({"done": icon("done"), "todo": icon("current"), "wrong": icon("clear")})

    def take(self, paths: Sequence[Path]) -> None:
        """Collect kits, or those in folders."""
        study = self.desk.study
        self.desk.run(
            self.tr("Collecting"),
            lambda progress: collect_all(study, kits_in(paths), progress),
            self._on_collected,
        )

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Collect kits that were dropped."""
        if self.collect.isEnabled():
            self.take([path for path in paths if isinstance(path, Path)])
        return self.collect.isEnabled()

    def _on_collected(self, result: tuple[list[Collected], list[tuple[Path, str]]]) -> None:
        done, failed = result
        rows = [self._row(kit) for kit in done]
        for path, reason in failed:
            told = in_words(reason)
            rows.append(Row(str(path), (path.name, "", "", "", "", told), tip=told, state="wrong"))
        self.table.set_rows(rows)
        taken = sum(kit.taken for kit in done)
        text = self.tr("Readings taken in: {taken}. Kits refused: {failed}")
        self.desk.say(text.format(taken=taken, failed=len(failed)), warning=bool(failed))

    def _row(self, kit: Collected) -> Row:
        if kit.unsigned:
            told = self.tr("more to come")
        elif kit.guess_awaited:
            told = self.tr("the guess is still to come")
        else:
            told = self.tr("complete")
        counts = (str(kit.session), str(kit.taken), str(kit.known), str(kit.unsigned))
        state = "todo" if kit.unsigned or kit.guess_awaited else "done"
        return Row(str(kit.path), (kit.rater, *counts, told), state=state)

    def _on_collect(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A kit, or a folder with kits"))
        if chosen:
            self.take([Path(chosen)])
