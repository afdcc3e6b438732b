"""Dealing kits: for whom, which session, and what in the pictures would tell visits apart."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.core_words import in_words
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button, minute, new_kit
from core.study.dealing import Deal, deal_kit
from core.study.evening import How, even_out
from core.study.tells import tells
from core.study.washout import least_washout
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_KITS = (
    Column(marked("Reader"), 220), Column(marked("Session"), 90, number=True),
    Column(marked("Kit"), 160), Column(marked("Cases"), 80, number=True), Column(marked("Dealt (UTC)"), 0),
)  # fmt: skip
_TELLS = (Column(marked("What could tell a reader what is blinded"), 0),)
_TITLE = marked("Deal kits")
_ABOUT = marked(
    "A kit holds all scans under aliases, in an order drawn for this reader and session, and nothing "
    "that tells whose they are. Give each reader that reader's own kit and no other."
)


class DealPage(Page):
    """A form for one kit, the kits there are, and what the coordinator should know of the pictures."""

    step = "deal"
    operation = "deal"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._sessions: dict[str, int] = {}
        self._washout_of = ""  # the protocol that gave the days in the form
        self.form = QWidget()
        self.rater = QComboBox()
        self.rater.setMinimumWidth(200)
        spoken(self.rater, "deal_rater", self.tr("Reader of the kit"))
        self.session = QSpinBox()
        self.session.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.session.setRange(1, 99)
        spoken(self.session, "deal_session", self.tr("Session"), self.tr("Round of reading, from 1"))
        self.repeats = QSpinBox()
        self.repeats.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.repeats.setRange(0, 50)
        self.repeats.setSuffix(" %")
        tip = self.tr("Share of the cases that come twice, for a reader's agreement with himself or herself")
        spoken(self.repeats, "deal_repeats", self.tr("Cases that come twice"), tip)
        self.washout = QSpinBox()
        self.washout.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.washout.setRange(0, 999)
        tip = self.tr("Days since the reader's other session; fewer than the protocols ask for need a reason")
        spoken(self.washout, "deal_washout", self.tr("Washout, days"), tip)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Only for a shorter washout; recorded"))
        spoken(self.reason, "deal_reason", self.tr("Reason for a shorter washout"))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        spoken(self.password, "deal_password", self.tr("Coordinator's password, for a shorter washout"))
        self.outside = QCheckBox(self.tr("Deal without prescribed marks that lie outside a scan; recorded"))
        spoken(self.outside, "deal_outside", self.outside.text())
        self.deal = button("deal_deal", self.tr("Deal this kit …"), main=True)
        self.kits = TextTable("deal_kits", self.tr("Kits dealt"), _KITS)
        self.tells = TextTable("deal_tells", self.tr("What could tell a reader what is blinded"), _TELLS)
        self.even = QWidget()
        tip = self.tr(
            "Smallest matrix, slices and field of view of all; every voxel stays as it is; recorded"
        )
        self.crop = button("deal_crop", self.tr("Crop all scans"), tip)
        tip = self.tr("Coarsest voxels, smallest field of view; maps are fitted anew; recorded")
        self.resample = button("deal_resample", self.tr("Resample all scans"), tip)
        self._lay_out()
        self.crop.clicked.connect(lambda: self._even_out("crop"))
        self.resample.clicked.connect(lambda: self._even_out("resample"))
        self.rater.currentTextChanged.connect(lambda _: self._show_session())
        self.deal.clicked.connect(self._on_deal)

    def show_holdings(self, held: Holdings) -> None:
        """Show the kits there are, and for whom one can be dealt."""
        self._sessions = held.sessions
        chosen = self.rater.currentText()
        self.rater.clear()
        self.rater.addItems(list(held.plan.raters))
        undealt = next((rater for rater, session in held.sessions.items() if session == 1), chosen)
        self.rater.setCurrentIndex(max(self.rater.findText(undealt), 0) if held.plan.raters else -1)
        protocol = held.plan.protocol
        # what was typed stays where a deal was refused
        if protocol is not None and protocol.sha256 != self._washout_of:
            self.washout.setValue(least_washout(self.desk.study, protocol))
            self._washout_of = protocol.sha256
        ready = bool(held.scans and held.plan.raters and held.plan.protocol)
        self.form.setEnabled(ready)
        # there is nothing to leave out where raters search for themselves
        self.outside.setVisible(held.plan.protocol is not None and bool(held.plan.protocol.prescribed))
        rows = [
            Row(
                kit.kit_id,
                (kit.rater, str(kit.session), kit.folder, str(kit.cases), minute(kit.dealt_utc)),
            )
            for kit in held.kits
        ]
        self.kits.set_rows(rows)
        told = tells(self.desk.study.looks(), held.scans)
        none = self.tr("Matrix, spacing, echo times and series are alike in all visits and groups.")
        lines = [in_words(line) for line in told] or ([none] if held.scans else [])
        self.tells.set_rows([Row(line, (line,), quiet=not told) for line in lines])
        # what was read belongs to the pixels that were dealt
        self.even.setVisible(bool(told) and not held.kits)
        self._show_session()

    def deal_to(self, out: Path) -> None:
        """Deal the kit that the form describes into a new folder."""
        protocol = self.desk.holdings().plan.protocol
        if protocol is None:
            return
        study, rater, session = self.desk.study, self.rater.currentText(), self.session.value()
        terms = {
            "repeat_fraction": self.repeats.value() / 100,
            "washout_days": float(self.washout.value()),
            "reason": self.reason.text(),
            "password": self.password.text(),
            "leave_outside": self.outside.isChecked(),
        }
        self.password.clear()
        self.desk.run(
            self.tr("Dealing the kit"),
            lambda progress: deal_kit(study, rater, session, protocol, out, progress=progress, **terms),
            self._on_dealt,
        )

    def _on_deal(self) -> None:
        usual = new_kit(self.desk.study.path)
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Name the kit's new folder"), usual)
        if chosen:
            path = Path(chosen)
            self.deal_to(path if path.suffix == ".kit" else path.with_name(f"{path.name}.kit"))

    def _on_dealt(self, deal: Deal) -> None:
        self.reason.clear()
        self._washout_of = ""
        text = self.tr("{path}: {cases} cases, {repeats} of them a second time. Give this folder to {rater}")
        told = text.format(path=deal.path, cases=deal.cases, repeats=deal.repeats, rater=deal.rater)
        spelling = [in_words(deal.spelling)] if deal.spelling else []
        self.desk.say(". ".join([told, *spelling]), warning=False)

    def _even_out(self, how: How) -> None:
        study = self.desk.study
        self.desk.run(
            self.tr("Evening out the scans"),
            lambda progress: even_out(study, how, progress),
            lambda evened: self.desk.say(
                self.tr("Evened out: {grids}").format(grids="; ".join(evened.grids)), warning=False
            ),
        )

    def _show_session(self) -> None:
        self.session.setValue(self._sessions.get(self.rater.currentText(), 1))

    def _lay_out(self) -> None:
        grid = QGridLayout(self.form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        fields = (
            (self.tr("Reader"), self.rater), (self.tr("Session"), self.session),
            (self.tr("Cases twice"), self.repeats), (self.tr("Washout, days"), self.washout),
            (self.tr("Reason"), self.reason), (self.tr("Password"), self.password),
        )  # fmt: skip
        for place, (text, part) in enumerate(fields):
            grid.addWidget(label(text, "title"), 0, place)
            grid.addWidget(part, 1, place)
        grid.addWidget(self.deal, 1, len(fields))
        grid.addWidget(self.outside, 2, 0, 1, len(fields))
        grid.setColumnStretch(4, 1)
        self.body.addWidget(self.form)
        self.body.addWidget(self.kits, 1)
        self.body.addWidget(self.tells, 1)
        row = QHBoxLayout(self.even)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(self.tr("Before the first kit, scans can be given one frame:"), "quiet"))
        row.addWidget(self.crop)
        row.addWidget(self.resample)
        row.addStretch(1)
        self.body.addWidget(self.even)
