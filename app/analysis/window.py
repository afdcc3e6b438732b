"""The analysis window: results that follow filters, and every case with two readers beside each other.

To drive it from a script or a test:

    window = AnalysisWindow(study.data, Workers()); window.show()
    wait until window.ready

Children by object name: "filter_<what>", "filter_everything", of each tab "<tab>_plot_choice",
"<tab>_figure", "<tab>_table_choice", "<tab>_table" and its buttons, "cases_table", "case_view",
"case_answers", "case_next", "case_previous", "analysis_counts", "analysis_cancel", "analysis_again",
"message_text". The title names no study.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions import LIGHT_THEME, Deed, make_actions
from app.analysis.case_pane import CasePane
from app.analysis.cases_page import CasesPage
from app.analysis.filters import Filters
from app.analysis.result_page import ResultPage
from app.analysis.results import Results, first_results, results_of
from app.look import Look
from app.messages import told
from app.settings import change_settings, load_settings
from app.theme import theme
from app.workers import Workers
from core.statistics.analysis import Measured, measure_all
from core.statistics.filtering import Part
from core.statistics.side_by_side import Pair, disagreements
from core.study.records import ScanImages, StudyData
from widgets.message_bar import MessageBar
from widgets.parts import frame, label, spoken
from widgets.words import marked, said

_RESULTS, _CASE = "results", "case"
_FILTERS_PX = 190
DEEDS = (
    Deed("next_disagreement", marked("Next disagreement"), ("F",), "Results"),
    Deed("previous_disagreement", marked("Previous disagreement"), ("Shift+F",), "Results"),
    Deed("close", marked("Close"), ("Ctrl+W", "Ctrl+Q"), "Results"),
    LIGHT_THEME,
)
# name, title, plots and tables of each tab
TABS: tuple[tuple[str, str, Mapping[str, str], Mapping[str, str]], ...] = (
    (
        "agreement", marked("Agreement"),
        {"kappa": marked("Kappa"), "agreement": marked("Who gave what"), "blinding": marked("Blinding")},
        {
            "agreement": marked("Agreement"), "roi_agreement_summary": marked("Regions, all cases"),
            "roi_agreement": marked("Regions, case by case"), "roi_consensus": marked("Regions, consensus"),
            "tables/table3": marked("Table 3"), "blinding": marked("Blinding"),
        },
    ),
    (
        "accuracy", marked("Accuracy"), {"roc": marked("ROC curves")},
        {
            "accuracy": marked("Accuracy"), "detection": marked("Detection"),
            "mrmc": marked("Several readers, several fields"), "comparisons": marked("Comparisons"),
            "froc": marked("Free response"),
        },
    ),
    (
        "iron", marked("Iron"),
        {"iron": marked("MRI and ICP-MS"), "bland-altman": marked("Bland-Altman")},
        {"iron_agreement": marked("MRI and ICP-MS"), "tables/table1a": marked("Table 1a")},
    ),
    (
        "groups", marked("Groups"),
        {
            "groups": marked("Groups and visits"), "volume-change": marked("Change of volume"),
            "survival": marked("Progression"),
        },
        {
            "groups": marked("Groups"), "survival": marked("Progression"),
            "tables/table1b": marked("Table 1b"), "tables/table2": marked("Table 2"),
        },
    ),
)  # fmt: skip


class AnalysisWindow(QMainWindow):
    """Shows what `read` gives, which is asked for once, beside the window.

    That answers may be seen has to be settled and recorded before it is opened
    (`core.study.unblinding.note_looking`). The workers belong to whoever opens it.
    """

    closed = Signal()

    def __init__(self, read: Callable[[], StudyData], workers: Workers) -> None:
        super().__init__()
        self.setObjectName("analysis_window")
        # a title is shown in lists of windows and in pictures of the screen: it names no study
        self.setWindowTitle(self.tr("Results"))
        self.workers = workers
        self._read = read
        self._shown: Part | None = None
        self._found: Measured | None = None
        self._pairs: tuple[Pair, ...] = ()
        self._analysing = self._waiting = True
        self.filters = Filters()
        self.pages = {name: ResultPage(name, plots, tables) for name, _, plots, tables in TABS}
        self.cases = CasesPage()
        self.case = CasePane()
        self.counts = label("", "quiet", name="analysis_counts", wrap=True)
        self.messages = MessageBar()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(160)
        spoken(self.bar, "analysis_progress", self.tr("How far the work is"))
        self.cancel = QPushButton(self.tr("Cancel"))
        spoken(self.cancel, "analysis_cancel", self.tr("Stop the analysis; what was shown before stays"))
        self.again = QPushButton(self.tr("Start again"))
        spoken(self.again, "analysis_again", self.tr("Begin the analysis that was stopped anew"))
        self.tabs = QTabWidget()
        spoken(self.tabs, "analysis_tabs", self.tr("Results"), " ")
        self.actions_by_name = make_actions(self, DEEDS)
        self.look = Look(
            self, self.actions_by_name, DEEDS, load_settings(), lambda: change_settings(theme=theme())
        )
        self._lay_out()
        self._connect()
        self._begin()

    @property
    def ready(self) -> bool:
        """Whether what is shown is what the filters say, and the case's pictures are there."""
        return not self._waiting

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line in the message bar."""
        self.messages.say(text, warning=warning)

    # ---- results

    def _begin(self) -> None:
        read = self._read

        def work(job: Any) -> tuple[Measured, Part, Results]:
            found = measure_all(read(), job)
            return found, *first_results(found, job)

        self.counts.setText(self.tr("Measuring the regions of all readings …"))
        self._show_nothing()
        self._set_analysing(True)
        self.workers.start(_RESULTS, work, self._on_first, self._on_failed)

    def _on_first(self, made: tuple[Measured, Part, Results]) -> None:
        self._found, everything, results = made
        self.filters.offer(everything)
        self.filters.setEnabled(True)
        self._show(everything, results)

    def _on_filtered(self, part: Part) -> None:
        found = self._found
        if found is None:
            return
        self._set_analysing(True)
        self.workers.start(
            _RESULTS, lambda job: results_of(found, part, job), lambda made: self._show(part, made),
            self._on_failed,
        )  # fmt: skip

    def _on_cancel(self) -> None:
        """Stop the analysis: the filters go back to what is shown, or there is nothing yet."""
        self.workers.drop(_RESULTS)
        self._set_analysing(False)
        self.say(self.tr("The analysis was stopped"), warning=False)
        self._go_back()

    def _go_back(self) -> None:
        """Set the filters to what is shown, or offer to begin again where there is nothing yet."""
        if self._shown is not None:
            self.filters.tick(self._shown)
            return
        self.counts.setText(self.tr("There are no results to show"))
        self.again.show()

    def _show(self, part: Part, results: Results) -> None:
        self._set_analysing(False)
        self._shown = part
        for page in self.pages.values():
            page.show_results(results)
            page.setEnabled(True)
        self.cases.setEnabled(True)
        self._pairs = results.pairs
        self.cases.show_pairs(results.pairs)
        self.counts.setText(self._told(results))
        shown = self.case.pair
        again = None if shown is None else self._same(shown)
        if again is None:
            self.case.clear()
        else:
            self.open_case(again)
        self._offer_flipping()

    def _show_nothing(self) -> None:
        """Offer nothing to copy, save or flip through, as long as there is nothing."""
        self.filters.setEnabled(False)
        for page in self.pages.values():
            page.setEnabled(False)
        self.cases.setEnabled(False)
        self._offer_flipping()

    def _offer_flipping(self) -> None:
        there = bool(disagreements(self._pairs))
        for name in ("next_disagreement", "previous_disagreement"):
            self.actions_by_name[name].setEnabled(there)
        self.case.next.setEnabled(there)
        self.case.previous.setEnabled(there)

    def _told(self, results: Results) -> str:
        counts = results.counts
        parts = [
            self.tr("Readings: {count} by {raters} readers").format(
                count=counts["readings"], raters=counts["raters"]
            ),
            self.tr("left out by the filters: {count}").format(count=results.left_out),
            self.tr("ended early: {count}").format(count=counts["ended_early"]),
            self.tr("scans not read: {count} of {all}").format(
                count=counts["scans_not_read"], all=counts["scans"]
            ),
        ]
        if counts["after_key"]:
            parts.append(self.tr("collected after unblinding: {count}").format(count=counts["after_key"]))
        if counts["guessed_after_key"]:
            late = self.tr("guesses collected after unblinding: {count}")
            parts.append(late.format(count=counts["guessed_after_key"]))
        if self._found is not None and set(self.filters.part.visits) < {
            case.reading.visit for case in self._found.linked
        }:
            parts.append(self.tr("changes and times count from the earliest visit that is ticked"))
        return "; ".join(parts)

    def _on_failed(self, error: BaseException) -> None:
        self._set_analysing(False)
        self._go_back()
        self.say(told(error))

    def _set_analysing(self, on: bool) -> None:
        self._analysing = on
        self._set_waiting(on)
        self.cancel.setVisible(on)
        self.again.hide()

    def _set_waiting(self, on: bool) -> None:
        self._waiting = on
        self.bar.setValue(0)
        self.bar.setVisible(on)

    # ---- cases

    def open_case(self, place: int) -> None:
        """Show a case, by its place among the cases of the filters, beside the results."""
        pair = self._pairs[place]
        order = disagreements(self._pairs)
        stand = ""
        if place in order:
            stand = self.tr("disagreement {number} of {count}").format(
                number=order.index(place) + 1, count=len(order)
            )
        self.case.show_pair(pair, stand)
        self.cases.choose(place)
        if not self._analysing:
            self._set_waiting(True)
        found, scan_id = self._found, pair.first.scan_id
        if found is not None:
            self.workers.start(
                _CASE, lambda _: found.study.images(scan_id), self._on_images, self._on_no_images
            )

    def _on_images(self, images: ScanImages) -> None:
        self._pictures_ended()
        if self.case.pair is not None:
            self.case.show_images(self.case.pair, images)

    def _on_no_images(self, error: BaseException) -> None:
        self._pictures_ended()
        self.case.view.wait_for("")
        self.say(told(error))

    def _pictures_ended(self) -> None:
        """Wait no more for a case's pictures, but still for an analysis under way."""
        if not self._analysing:
            self._set_waiting(False)

    def _same(self, pair: Pair) -> int | None:
        """Return the place of the same case with the same readers, if the filters keep it."""
        wanted = _names(pair)
        return next((n for n, each in enumerate(self._pairs) if _names(each) == wanted), None)

    def _on_point(self, row: Mapping[str, Any]) -> None:
        """Open the case of a point: that with the readers whose answers are farthest apart, first session."""
        keys = ("subject", "visit", "field_t")
        places = [
            place for place, pair in enumerate(self._pairs)
            if all(getattr(pair.first, key) == row[key] for key in keys)
        ]  # fmt: skip
        if not places:
            self.say(self.tr("No reading of this case is among those that are shown"))
            return
        self.open_case(min(places, key=lambda n: (self._pairs[n].first.session, -self._pairs[n].apart)))

    def _flip(self, by: int) -> None:
        order = disagreements(self._pairs)
        if not order:
            return
        here = None if self.case.pair is None else self._same(self.case.pair)
        if here in order:
            self.open_case(order[(order.index(here) + by) % len(order)])
        else:
            self.open_case(order[0 if by > 0 else -1])

    # ---- layout, keys and the end

    def _lay_out(self) -> None:
        left = frame("panel")
        left.setFixedWidth(_FILTERS_PX)
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.filters)
        for name, title, _, _ in TABS:
            self.tabs.addTab(self.pages[name], said(title))
        self.tabs.addTab(self.cases, self.tr("Cases"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tabs)
        split.addWidget(self.case)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([720, 440])
        foot = frame("foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 16, 8)
        row.addWidget(self.counts, 1)
        for part in (self.bar, self.cancel, self.again):
            row.addWidget(part)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(split, 1)
        middle.addWidget(self.messages)
        middle.addWidget(foot)
        ground = QWidget()
        ground.setProperty("role", "ground")
        across = QHBoxLayout(ground)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(left)
        across.addWidget(frame("upright"))
        across.addLayout(middle, 1)
        self.setCentralWidget(ground)
        self.setMinimumSize(1080, 620)
        usual, there = QSize(1366, 768), self.screen().availableSize()
        self.resize(there.boundedTo(usual) if there.width() >= self.minimumWidth() else usual)
        menu = self.menuBar().addMenu(self.tr("Results"))
        menu.addActions([self.actions_by_name[deed.name] for deed in DEEDS[:-1]])
        self.menuBar().addMenu(self.tr("View")).addAction(self.actions_by_name["light_theme"])

    def _connect(self) -> None:
        self.workers.progressed.connect(self._on_progressed)
        self.filters.changed.connect(self._on_filtered)
        self.cancel.clicked.connect(self._on_cancel)
        self.again.clicked.connect(self._begin)
        for page in self.pages.values():
            page.point_chosen.connect(self._on_point)
            page.said.connect(lambda text, warning: self.say(text, warning=warning))
        self.cases.case_chosen.connect(self._on_case)
        self.cases.said.connect(lambda text, warning: self.say(text, warning=warning))
        deeds = self.actions_by_name
        self.case.next_requested.connect(deeds["next_disagreement"].trigger)
        self.case.previous_requested.connect(deeds["previous_disagreement"].trigger)
        deeds["next_disagreement"].triggered.connect(lambda: self._flip(1))
        deeds["previous_disagreement"].triggered.connect(lambda: self._flip(-1))
        deeds["close"].triggered.connect(self.close)

    def _on_case(self, place: int) -> None:
        if self.case.pair is None or self._same(self.case.pair) != place:
            self.open_case(place)

    def _on_progressed(self, lane: str, fraction: float, _: str) -> None:
        if lane == _RESULTS:
            self.bar.setValue(round(1000 * fraction))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.messages.clear()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        for lane in (_RESULTS, _CASE):
            self.workers.drop(lane)
        self.closed.emit()
        event.accept()


def _names(pair: Pair) -> tuple[str, str]:
    return pair.first.alias, "" if pair.second is None else pair.second.alias
