"""What raters are asked: a shipped protocol or one's own, checked, and its form tried."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout

from app.core_words import in_words
from app.protocols.preview import PreviewCase
from app.protocols.window import shipped
from app.reading.answers import AnswersController
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button
from core.errors import AppError
from core.reading.protocol import Protocol, load_protocol
from core.study.plan import set_plan
from widgets.answer_form import AnswerForm
from widgets.findings import FindingsList
from widgets.parts import frame, label, restyle, spoken
from widgets.words import marked

# as wide as in the reading window
_FORM_PX = 316
_TITLE = marked("Protocol")
_ABOUT = marked(
    "What readers are shown and asked, in which steps. Choose one that comes with the program or a file "
    "of your own; the form on the right can be tried, nothing of it is kept."
)


class ProtocolPage(Page):
    """On the left which one and what it says, on the right the form as a rater will see it."""

    step = "protocol"
    operation = "plan"
    title = _TITLE
    about = _ABOUT
    edit_requested = Signal(object)  # Path, or None for a new one

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.protocol: Protocol | None = None
        self._own: Path | None = None
        self._used = ""
        self.choice = QComboBox()
        spoken(self.choice, "protocol_choice", self.tr("Protocol"))
        self.choice.setMinimumWidth(260)
        self.file = button("protocol_file", self.tr("Own file …"), self.tr("Choose a protocol of your own"))
        self.edit = button("protocol_edit", self.tr("Edit …"), self.tr("Write it beside its form"))
        self.use = button("protocol_use", self.tr("Use this protocol"), main=True)
        self.verdict = label("", name="protocol_verdict", wrap=True)
        self.summary = label("", name="protocol_summary", wrap=True)
        self.preview_step = QComboBox()
        spoken(self.preview_step, "protocol_preview_step", self.tr("Step of the form"))
        self.form = AnswerForm()
        self.case = PreviewCase(self)
        # the one finding of each kind needs no list to be chosen from
        self._findings = FindingsList()
        self.answers = AnswersController(self.case, self.form, self._findings)
        self._lay_out()
        for path in shipped():
            self.choice.addItem(path.stem, path)
        self.choice.currentIndexChanged.connect(lambda _: self._read())
        self.file.clicked.connect(self._on_file)
        self.edit.clicked.connect(lambda: self.edit_requested.emit(self.choice.currentData()))
        self.use.clicked.connect(self._on_use)
        self.preview_step.currentIndexChanged.connect(lambda _: self._show_form())
        self.choice.setCurrentIndex(max(self.choice.findText("tumour-and-nodes"), 0))
        self._read()

    def open(self, path: Path) -> None:
        """Look at a protocol of one's own."""
        if self._own is not None:
            self.choice.removeItem(self.choice.findData(self._own))
        self._own = path
        self.choice.insertItem(0, path.name, path)
        self.choice.setCurrentIndex(0)
        self._read()

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Take a protocol file."""
        if len(paths) != 1 or not isinstance(paths[0], Path):
            return False
        self.open(paths[0])
        return True

    def show_holdings(self, held: Holdings) -> None:
        """Show which one the study uses; a file may have been written meanwhile."""
        self._used = held.plan.protocol.sha256 if held.plan.protocol else ""
        self._read()

    def _read(self) -> None:
        try:
            self.protocol = load_protocol(self.choice.currentData())
        except AppError as error:
            self.protocol = None
            self.verdict.setText(in_words(str(error)))
        else:
            told = self.tr("Valid: {id}, version {version}")
            self.verdict.setText(told.format(id=self.protocol.id, version=self.protocol.version))
        restyle(self.verdict, role="good" if self.protocol else "warning")
        used = self.protocol is not None and self.protocol.sha256 == self._used
        self.use.setEnabled(self.protocol is not None and not used)
        self.use.setText(self.tr("In use") if used else self.tr("Use this protocol"))
        self.form.setEnabled(self.protocol is not None)
        if self.protocol is not None:
            self._show_summary(self.protocol)

    def _show_summary(self, protocol: Protocol) -> None:
        steps = [step.title for step in protocol.steps]
        lines = [
            protocol.title,
            self.tr("Steps: {steps}").format(steps=", ".join(steps)),
            self.tr("Questions: {count}").format(count=len(protocol.questions)),
            self.tr("Days between two sessions of a reader: {days}").format(days=protocol.washout_days),
        ]
        self.summary.setText("\n".join(lines))
        if steps != [self.preview_step.itemText(place) for place in range(self.preview_step.count())]:
            self.preview_step.blockSignals(True)
            self.preview_step.clear()
            self.preview_step.addItems(steps)
            self.preview_step.blockSignals(False)
        self._show_form()

    def _show_form(self) -> None:
        if self.protocol is not None:
            self.case.show(self.protocol, max(self.preview_step.currentIndex(), 0))

    def _on_file(self) -> None:
        kind = self.tr("Protocols (*.yaml *.yml)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("A protocol of your own"), "", kind)
        if chosen:
            self.open(Path(chosen))

    def _on_use(self) -> None:
        protocol, study = self.protocol, self.desk.study
        self.desk.try_to(lambda: set_plan(study, protocol=protocol))

    def _lay_out(self) -> None:
        right = frame("panel")
        right.setFixedWidth(_FORM_PX)
        form = QVBoxLayout(right)
        form.setContentsMargins(10, 10, 0, 0)
        form.addWidget(self.preview_step)
        form.addWidget(self.form, 1)
        left = QVBoxLayout()
        left.setSpacing(10)
        row = QHBoxLayout()
        row.addWidget(self.choice)
        row.addWidget(self.file)
        row.addWidget(self.edit)
        row.addStretch(1)
        left.addLayout(row)
        left.addWidget(self.verdict)
        left.addWidget(self.summary)
        row = QHBoxLayout()
        row.addWidget(self.use)
        row.addStretch(1)
        left.addLayout(row)
        left.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(left, 1)
        both.addWidget(right)
        self.body.addLayout(both, 1)
