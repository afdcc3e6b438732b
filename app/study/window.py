"""The coordinator's window: a study from its scans to its tables, one page for each step, in order.

To drive it from a script or a test:

    window = StudyWindow(Study.open(path)); window.show()
    window.go_to("deal")                    as a click on the step's line
    window.pages["deal"]                    the page, with its buttons and tables
    wait until not window.desk.busy

Children by object name: "study_steps", "page_<step>", "<step>_stand" (what is missing or comes next), and of
each page what its module names; "study_back", "study_next", "study_stop", "study_work", "message_text".
Titles, settings and logs hold nothing of the study.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions import LIGHT_THEME, Deed, make_actions
from app.analysis.window import AnalysisWindow
from app.core_words import in_words
from app.language import add_language_menu, told_of_language
from app.look import Look
from app.messages import told
from app.protocols.window import ProtocolWindow
from app.settings import change_settings, load_settings
from app.start_window import local_paths
from app.study.desk import Desk
from app.study.door import StudyDoor
from app.study.holdings import Stand, stand_of
from app.study.opening import let_in
from app.study.pages.adjudicate import AdjudicatePage
from app.study.pages.analyse import AnalysePage
from app.study.pages.collect import CollectPage
from app.study.pages.deal import DealPage
from app.study.pages.iron import IronPage
from app.study.pages.page import Page
from app.study.pages.people import PeoplePage
from app.study.pages.precision import PrecisionPage
from app.study.pages.progress import ProgressPage
from app.study.pages.protocol import ProtocolPage
from app.study.pages.raters import RatersPage
from app.study.pages.scans import ScansPage
from app.study.pages.series import SeriesPage
from app.study.pages.targets import TargetsPage
from app.study.pages.training import TrainingPage
from app.study.pages.unblind import UnblindPage
from app.theme import icon, theme
from app.trail_dialog import TrailDialog
from app.workers import Workers
from core.errors import AppError, InputError
from core.study.audit_listing import COORDINATOR
from core.study.people import refusal
from core.study.store import Study
from widgets.message_bar import MessageBar
from widgets.parts import frame, label, spoken
from widgets.step_list import StepList
from widgets.words import marked, said

PAGES: tuple[type[Page], ...] = (
    ScansPage, SeriesPage, TargetsPage, IronPage, RatersPage, ProtocolPage, TrainingPage, PrecisionPage,
    DealPage, ProgressPage, CollectPage, AdjudicatePage, UnblindPage, AnalysePage,
    PeoplePage,
)  # fmt: skip
DEEDS = (
    Deed("back", marked("Step before"), ("Alt+Left", "Ctrl+PgUp"), "Study"),
    Deed("next", marked("Next step"), ("Alt+Right", "Ctrl+PgDown"), "Study"),
    Deed("stop", marked("Cancel what is under way"), ("Esc",), "Study"),
    Deed("trail", marked("Audit trail …"), ("Ctrl+Shift+H",), "Study"),
    Deed("lock", marked("Lock now"), ("Ctrl+Shift+L",), "Study"),
    Deed("close", marked("Close"), ("Ctrl+W", "Ctrl+Q"), "Study"),
    LIGHT_THEME,
)
_STEPS_PX = 208
_ICONS = {"done": "done", "todo": "current", "waiting": "todo"}


def study_window(path: Path, person: str = "") -> StudyWindow:
    """Open a study and show its window; AppError where it cannot be opened, or `person` is not let in."""
    study = Study.open(path)
    try:
        let_in(study, person)
    except AppError:
        study.close()
        raise
    window = StudyWindow(study)
    window.show()
    return window


class StudyWindow(QMainWindow):
    """See the module. The study is closed with the window."""

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.setObjectName("study_window")
        # a title is shown in lists of windows and in pictures of the screen: it names no study
        self.setWindowTitle(self.tr("Study"))
        self.setAcceptDrops(True)
        self.desk = Desk(study, Workers(self), self)
        self.pages = {page.step: page(self.desk) for page in PAGES}
        self.steps = StepList(
            "study_steps", self.tr("Steps of the study"), [(page.step, said(page.title)) for page in PAGES]
        )
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        self.messages = MessageBar()
        self.actions_by_name = make_actions(self, DEEDS)
        settings = load_settings()
        self.look = Look(self, self.actions_by_name, DEEDS, settings, lambda: change_settings(theme=theme()))
        self._protocols: list[ProtocolWindow] = []
        self._results: list[AnalysisWindow] = []
        self._make_foot()
        self._lay_out()
        kept = [self.actions_by_name[name] for name in ("close", "light_theme")]
        self.door = StudyDoor(self, study, kept)
        self._fill_menus(settings.language)
        self._connect()
        self._show_work("")
        self.go_to(next(iter(self.pages)))
        self.refresh()

    @property
    def step(self) -> str:
        """The step whose page is shown."""
        shown = self.stack.currentWidget()
        return next(step for step, page in self.pages.items() if page is shown)

    def go_to(self, step: str) -> None:
        """Show the page of a step."""
        self.steps.choose(step)

    def refresh(self) -> None:
        """Look what the study holds, and show it on every page; a closed one holds nothing any more."""
        study = self.desk.study
        if self.desk.closed:
            return
        if study.has_people and study.person is None:
            self.door.ask()
            return
        held = self.desk.holdings()
        stands = {}
        for step, page in self.pages.items():
            why = refusal(study, page.operation)
            stands[step] = Stand("waiting", told(InputError(why))) if why else stand_of(step, held)
            page.content.setEnabled(not why)
            if not why:
                page.show_holdings(held)
            page.show_stand(stands[step])
        there = not self.door.closed
        self.actions_by_name["trail"].setEnabled(there and not refusal(study, "trail"))
        self.actions_by_name["lock"].setEnabled(there and study.person is not None)
        self.steps.show_stands(
            {step: (icon(_ICONS[stand.state]), stand.text) for step, stand in stands.items()}
        )

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line in the message bar."""
        self.messages.say(text, warning=warning)

    # ---- who is here

    def _on_entered(self, said: str) -> None:
        self.actions_by_name["stop"].setEnabled(self.desk.busy)
        self.refresh()
        if not self.pages[self.step].content.isEnabled():
            self.go_to(next(step for step, page in self.pages.items() if page.content.isEnabled()))
        if said:
            self.say(said)

    # ---- steps and work

    def _on_step(self, step: str) -> None:
        self.messages.clear()
        self.stack.setCurrentWidget(self.pages[step])
        for by, part in ((-1, self.back), (1, self.next)):
            other = self.steps.neighbour(step, by)
            part.setVisible(bool(other))
            words = self.tr("Back: {step}") if by < 0 else self.tr("Next: {step}")
            part.setText(words.format(step=self.steps.title(other)) if other else "")
            part.setAccessibleName(part.text())

    def _go(self, by: int) -> None:
        other = self.steps.neighbour(self.step, by)
        if other:
            self.go_to(other)

    def _on_began(self, what: str) -> None:
        self.messages.clear()
        self._show_work(what)

    def _on_progressed(self, fraction: float, what: str) -> None:
        told = in_words(what)
        self.work.setText(f"{told[:1].upper()}{told[1:]} …")
        self.bar.setValue(round(1000 * fraction))

    def _show_work(self, what: str) -> None:
        self.bar.setValue(0)
        self.work.setText(f"{what} …" if what else "")
        self.actions_by_name["stop"].setEnabled(bool(what))
        for part in (self.bar, self.stop):
            part.setVisible(bool(what))
        # one thing at a time; what is there can still be looked at
        for page in self.pages.values():
            page.setEnabled(not what)

    def _on_ended(self) -> None:
        self._show_work("")

    def _edit_protocol(self, path: Path | None) -> None:
        window = ProtocolWindow()
        self._protocols.append(window)
        self.door.beside.append(window)
        window.show()
        if path is not None:
            window.open(path)

    def _show_results(self) -> None:
        # what it showed before may be no longer all there is
        for window in self._results:
            window.close()
        window = AnalysisWindow(self.desk.study.data, self.desk.workers)
        self._results = [window]
        self.door.beside.append(window)
        window.show()

    def _show_trail(self) -> None:
        # what was done is asked for at once; that it is written out is recorded when it is
        try:
            records = self.desk.study.audit_records()
        except AppError as error:
            self.say(told(error))
            return
        TrailDialog(
            records, COORDINATOR, (), self, before_saving=lambda: self.desk.study.note_export("audit")
        ).show()

    def _on_language(self, code: str) -> None:
        change_settings(language=code)
        self.say(told_of_language(code), warning=False)

    # ---- layout, keys and the end

    def _make_foot(self) -> None:
        self.work = label("", "quiet", name="study_work")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(160)
        spoken(self.bar, "study_progress", self.tr("How far the work is"))
        self.stop = QPushButton(self.tr("Cancel"))
        spoken(self.stop, "study_stop", self.stop.text(), self.tr("Stop what is under way (Esc)"))
        self.back, self.next = QPushButton(), QPushButton()
        spoken(self.back, "study_back", self.tr("Back"), self.actions_by_name["back"].toolTip())
        spoken(self.next, "study_next", self.tr("Next"), self.actions_by_name["next"].toolTip())

    def _lay_out(self) -> None:
        left = frame("panel")
        left.setFixedWidth(_STEPS_PX)
        column = QVBoxLayout(left)
        column.setContentsMargins(6, 10, 6, 10)
        column.addWidget(label(self.tr("STEPS"), "title"))
        column.addWidget(self.steps, 1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.stack, 1)
        right.addWidget(self.messages)
        right.addWidget(self._foot())
        ground = QWidget()
        ground.setProperty("role", "ground")
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(frame("upright"))
        row.addLayout(right, 1)
        self.setCentralWidget(ground)
        self.setMinimumSize(1080, 620)
        usual, there = QSize(1366, 768), self.screen().availableSize()
        self.resize(there.boundedTo(usual) if there.width() >= self.minimumWidth() else usual)

    def _foot(self) -> QFrame:
        foot = frame("foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.work)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        return foot

    def _fill_menus(self, language: str) -> None:
        menu = self.menuBar().addMenu(self.tr("Study"))
        menu.addActions([self.actions_by_name[deed.name] for deed in DEEDS[:-1]])
        view = self.menuBar().addMenu(self.tr("View"))
        view.addAction(self.actions_by_name["light_theme"])
        add_language_menu(view, language, self._on_language)

    def _connect(self) -> None:
        desk = self.desk
        self.door.entered.connect(self._on_entered)
        self.door.left.connect(self.close)
        desk.changed.connect(self.refresh)
        desk.said.connect(lambda text, warning: self.say(text, warning=warning))
        desk.began.connect(self._on_began)
        desk.progressed.connect(self._on_progressed)
        desk.ended.connect(self._on_ended)
        self.look.changed.connect(self.refresh)
        self.steps.step_chosen.connect(self._on_step)
        protocol = self.pages["protocol"]
        protocol.edit_requested.connect(self._edit_protocol)  # type: ignore[attr-defined]
        self.pages["people"].lock_requested.connect(self.door.lock)  # type: ignore[attr-defined]
        self.pages["analyse"].results_requested.connect(self._show_results)  # type: ignore[attr-defined]
        for name, part, deed in (
            ("back", self.back, lambda: self._go(-1)),
            ("next", self.next, lambda: self._go(1)),
            ("stop", self.stop, self.desk.stop),
            ("close", None, self.close),
            ("trail", None, self._show_trail),
            ("lock", None, self.door.lock),
        ):
            self.actions_by_name[name].triggered.connect(lambda _=False, deed=deed: deed())
            if part is not None:
                part.clicked.connect(self.actions_by_name[name].trigger)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.messages.clear()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        page = self.pages[self.step]
        if local_paths(event) and not self.desk.busy and page.content.isEnabled() and not self.door.closed:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.pages[self.step].drop_paths(local_paths(event)):
            event.acceptProposedAction()
        else:
            self.say(self.tr("This page has no use for these files"))

    def closeEvent(self, event: QCloseEvent) -> None:
        # what cannot be stopped at once shall not leave a dead window before anybody
        self.hide()
        self.door.leave()
        for window in self._results:
            window.close()
        self.desk.close()
        for window in self._protocols:
            window.close()
        event.accept()
