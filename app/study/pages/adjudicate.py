"""What two raters disagree on, sent to a third one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QSpinBox, QWidget

from app.core_words import in_words
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button, minute, new_kit
from core.study.adjudicating import deal_adjudication
from core.study.dealing import Deal
from core.study.names import known_as
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Third reader"), 220), Column(marked("Session"), 90, number=True),
    Column(marked("Cases"), 80, number=True), Column(marked("Collected"), 100, number=True),
    Column(marked("Dealt (UTC)"), 0),
)  # fmt: skip
_TITLE = marked("Adjudicate")
_ABOUT = marked(
    "Where two readers of a session disagree by the protocol's rule, a third one reads the case under a new "
    "alias. All readings are kept; which cases were sent is all that is told here."
)


class AdjudicatePage(Page):
    """A form for the third rater's kit, and the kits of this kind there are."""

    step = "adjudicate"
    operation = "deal"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.form = QWidget()
        self.first = _names("adjudicate_first", self.tr("First reader"))
        self.second = _names("adjudicate_second", self.tr("Second reader"))
        self.third = _names("adjudicate_third", self.tr("Third reader"))
        self.session = QSpinBox()
        self.session.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.session.setRange(1, 99)
        spoken(self.session, "adjudicate_session", self.tr("Session of the two"))
        self.deal = button("adjudicate_deal", self.tr("Deal the third reader's kit …"), main=True)
        self.table = TextTable("adjudicate_table", self.tr("Kits of adjudication"), _TABLE)
        grid = QGridLayout(self.form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        parts = (self.first, self.second, self.session, self.third)
        for place, part in enumerate(parts):
            grid.addWidget(label(part.accessibleName(), "title"), 0, place)
            grid.addWidget(part, 1, place)
        grid.addWidget(self.deal, 1, len(parts))
        grid.setColumnStretch(len(parts) + 1, 1)
        self.body.addWidget(self.form)
        self.body.addWidget(self.table, 1)
        self.deal.clicked.connect(self._on_deal)

    def show_holdings(self, held: Holdings) -> None:
        """Show who has read, and who could be the third."""
        read = list(dict.fromkeys(kit.rater for kit in held.kits if kit.purpose == "reading"))
        others = [rater for rater in held.plan.raters if known_as(rater, read[:2]) is None]
        for combo, names, usual in (
            (self.first, read, read[:1]), (self.second, read, read[1:2]), (self.third, others, others[:1]),
        ):  # fmt: skip
            before = combo.currentText()
            combo.clear()
            combo.addItems(names)
            wanted = before if before in names else next(iter(usual), "")
            combo.setCurrentIndex(combo.findText(wanted))
        self.form.setEnabled(held.may_adjudicate and bool(others))
        self.table.set_rows([
            Row(
                kit.kit_id,
                (kit.rater, str(kit.session), str(kit.cases), str(kit.collected), minute(kit.dealt_utc)),
            )
            for kit in held.kits if kit.purpose == "adjudication"
        ])  # fmt: skip

    def _on_deal(self) -> None:
        usual = new_kit(self.desk.study.path)
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Name the kit's new folder"), usual)
        if not chosen:
            return
        path = Path(chosen)
        out = path if path.suffix == ".kit" else path.with_name(f"{path.name}.kit")
        study, third, session = self.desk.study, self.third.currentText(), self.session.value()
        pair = (self.first.currentText(), self.second.currentText())
        self.desk.run(
            self.tr("Dealing the kit"),
            lambda progress: deal_adjudication(study, third, session, out, raters=pair, progress=progress),
            self._on_dealt,
        )

    def _on_dealt(self, deal: Deal) -> None:
        text = self.tr("{path}: {cases} cases. Give this folder to {rater}")
        told = text.format(path=deal.path, cases=deal.cases, rater=deal.rater)
        spelling = [in_words(deal.spelling)] if deal.spelling else []
        self.desk.say(". ".join([told, *spelling]), warning=False)


def _names(name: str, text: str) -> QComboBox:
    made = QComboBox()
    made.setMinimumWidth(160)
    spoken(made, name, text)
    return made
