"""The rater's window: makes its parts, and connects what the controllers beside it do.

To drive it from a script or a test:

    window = ReadingWindow(kit); window.show()
    wait until window.case.ready                    the pictures are read in a worker thread
    window.case.alias, .reading, .images            what is open, committed, and shown
    window.views.views                              the SliceViews, left to right
    view.show_position(mm)                          scroll this view to a place (LPS mm); says nothing
    window.views.show_position(mm)                  all views, as a click with the navigate tool does
    window.views.set_layout("2x2")                  1x1, 1x2, 1+3 or 2x2; .states: what each pane shows
    view.point_at(mm) -> QPoint                     where to click in the view; scrolls nothing
    view.position_at(point) -> mm                   the reverse, on the slice shown

Click, drag and roll on the views with QTest; press keys on the window. Children by object name:
    "worklist", "findings", "regions", "answer_form", "numbers", "message_text", "saved",
    "left_view", "right_view", "third_view", "fourth_view",
    "left_picture", "right_map", "right_echo", "right_menu", "colour_bar_low" ...
    "tool_navigate", "tool_polygon", "tool_brush", "tool_eraser", "tool_lesion", "tool_node", "tool_ruler"
    "tool_tumour", "tool_reference", "tool_noise", "tool_undo", "tool_redo" ...   buttons
    "opinions", "opinion-<number>-about", "opinion-<number>-said"    where two raters' answers are told
    "question-<question>[-<mark id>]", "choice-<question>[-<mark id>]-<value>"
    "number-<kind>-<column>" (area, volume, voxels, signal, r2star, iron), "number-cnr",
    "number-sizes", "number-dose", "histogram", "decay-<kind>"
    "tool_trial", "trial_method", "trial_first", "trial_last", "trial_masked", "trial_note", "trial_back"
    "finish_button", "finish_confirm", "finish_back", "finish_reason", "finish_password", "password_dialog"
    "volume_view", "volume_mode", "volume_cut_x" ...     3D, made when it is first chosen in a pane (U)
Keys: Q P B E L N tools, T R A regions, 0-9 answers, Ctrl+Return finishes (twice: it asks once,
with the password where it signs), Ctrl+Right next case; F1 lists them all. `app.actions` holds the table.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from time import localtime, strftime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from app.actions import READING, bind_keys, make_actions
from app.core_words import in_words
from app.held_keys import HeldKeys
from app.language import told_of_language
from app.look import Look
from app.reading.ahead import AheadController
from app.reading.air_check import AirCheck
from app.reading.answers import AnswersController
from app.reading.axes import AxesController
from app.reading.case import CaseController
from app.reading.cine import CineController
from app.reading.controls import ControlsDialog
from app.reading.decay import DecayController
from app.reading.door import DoorController
from app.reading.drawing import ToolOptions
from app.reading.flow import FlowController
from app.reading.guessing import GuessController
from app.reading.hints import hint
from app.reading.keys import KeysDialog
from app.reading.maps import CaseMaps
from app.reading.margin import MarginController
from app.reading.numbers import NumbersController
from app.reading.opinions import OpinionsController
from app.reading.overlaid import OverlaidController
from app.reading.places import Places
from app.reading.proposals import ProposalsController
from app.reading.region_actions import connect_regions
from app.reading.region_deeds import RegionDeeds
from app.reading.region_details import RegionDetailsController
from app.reading.region_panel import RegionPanelController
from app.reading.review import ReviewController
from app.reading.shades import PALETTE
from app.reading.tool_options import ToolOptionsController, option_fields
from app.reading.tools import ToolsController
from app.reading.training import TrainingController
from app.reading.trial import TrialController
from app.reading.undoing import UndoController
from app.reading.views import ViewsController
from app.recent import remember
from app.settings import Settings, load_settings, save_settings
from app.theme import icon
from app.workers import Workers
from core.imaging.roi import ROI_COLOURS, RoiKind
from core.reading.questions import NOTE, PROPOSED, QUERY
from core.study.kit import Kit
from widgets.answer_form import AnswerForm
from widgets.colour_bar import ColourBar
from widgets.decay_plot import DecayPlot
from widgets.feedback_page import FeedbackPage
from widgets.findings import FindingsList
from widgets.finish_panel import FinishPanel
from widgets.guess_page import GuessPage
from widgets.histogram import HistogramView
from widgets.image_pane import ImagePane
from widgets.message_bar import MessageBar
from widgets.mouse import bindings
from widgets.numbers_panel import NumbersPanel
from widgets.opinions_panel import OpinionsPanel
from widgets.options_strip import OptionsStrip
from widgets.pane_grid import PaneGrid
from widgets.parts import YieldingLabel, label, restyle
from widgets.region_list import RegionList
from widgets.review_page import ReviewPage
from widgets.trial_panel import TrialPanel
from widgets.words import marked, said
from widgets.worklist import Worklist

if TYPE_CHECKING:
    from app.reading.delivering import DeliveringController
    from app.reading.volume import VolumeController
    from widgets.slice_view import SliceView

# in the order of the table: those of every study first
_KIND_NAMES: dict[RoiKind, str] = {
    "tumour": marked("Tumour"), "reference": marked("Reference"), "noise": marked("Noise (air)"),
    "node": marked("Node"), "ring": marked("Ring"), "ablation": marked("Ablation zone"),
    "other": marked("Other"),
}  # fmt: skip


class ReadingWindow(QMainWindow):
    """See the module. The window owns the kit: closing the one closes the other."""

    _gives_up = False  # an edit that could not be written, by closing a second time
    delivering: DeliveringController | None = None  # where the kit came from a server

    def __init__(self, kit: Kit, settings: Settings | None = None) -> None:
        super().__init__()
        self.setObjectName("reading_window")
        self.kit = kit
        self._keeps_settings = settings is None
        self.settings = load_settings(kit.rater) if settings is None else settings
        self.workers = Workers(self)
        self._held_keys: HeldKeys | None = None
        self._make_widgets()
        self.actions_by_name = make_actions(self)
        self.case = CaseController(kit, self.workers, self)
        kept = (each.name for each in fields(ToolOptions) if hasattr(self.settings, each.name))
        options = ToolOptions(**{name: getattr(self.settings, name) for name in kept})
        self.tools = ToolsController(self.case, self.workers, options)
        self.maps = CaseMaps(self.case, self.workers)
        self.views = ViewsController(
            self.case, self.tools, self.maps, self.grid, self.colour_bar, self.settings
        )
        views = tuple(pane.view for pane in self.views.panes)
        self.axes = AxesController(self.case, self.tools.regions)
        self.overlaid = OverlaidController(self.case, self.tools, self.axes, views)
        self.margin = MarginController(self.case, self.tools.regions)
        self.proposals = ProposalsController(self.case, self.tools.regions, self.views, self.workers)
        self.cine = CineController(self.case, self.views)
        self.answers = AnswersController(self.case, self.form, self.findings)
        self.numbers = NumbersController(self.case, self.tools, self.numbers_panel)
        self.details = RegionDetailsController(
            self.case, self.tools, self.workers, self.numbers_panel, self.histogram
        )
        self.decay = DecayController(self.case, self.tools, self.workers, self.decay_plot)
        self.trial = TrialController(self.case, self.workers, self.views, self.trial_panel)
        self.deeds = RegionDeeds(self.case, self.tools.regions, self.views, self.tools.options)
        self.tool_options = ToolOptionsController(self.tools, self.views, self.options_strip)
        self.region_panel = RegionPanelController(self.case, self.tools.regions, self.region_list)
        self.flow = FlowController(self.case, self.worklist, self.finish)
        self.ahead = AheadController(self.case, self.flow, self.workers, self.views.plans_ahead())
        self.review = ReviewController(
            self.case, self.answers, self.tools, self.numbers, self.finish, self.review_page, self.stack
        )
        self.training = TrainingController(self.case, self.flow, self.feedback_page, self.stack)
        self.guessing = GuessController(self.case, self.flow, self.guess_page, self.stack)
        self.volume: VolumeController | None = None  # made when the 3D pane is first shown
        self.views.offer_widget("volume", self.tr("3D"), self._make_volume)
        self.door = DoorController(self.case, self.ground)
        self.case.display = self.views.display
        self.places = Places(self)
        self.look = Look(self, self.actions_by_name, READING, self.settings, self._keep)
        self._connect()
        self.places.lay_out()
        self.places.show_kinds(self.numbers.kinds)
        self._draw_icons()
        # last to hear of a change: what it says is not cleared by those before it
        self.air_check = AirCheck(self.case, self.tools.regions)
        self.setMinimumSize(1180, 640)
        # never larger than a screen that can hold it, or the answers would lie beyond its edge
        usual, there = QSize(1366, 768), self.screen().availableSize()
        self.resize(there.boundedTo(usual) if there.width() >= self.minimumWidth() else usual)
        self.tools.choose_tool("navigate")
        self.flow.open_first()

    def _make_widgets(self) -> None:
        self.worklist = Worklist()
        self.findings = FindingsList()
        self.region_list = RegionList(PALETTE)
        self.options_strip = OptionsStrip(option_fields())
        names = {
            "left": self.tr("Left picture"), "right": self.tr("Right picture"),
            "third": self.tr("Third picture"), "fourth": self.tr("Fourth picture"),
        }  # fmt: skip
        self.grid = PaneGrid(tuple(ImagePane(name, title) for name, title in names.items()))
        self.left, self.right, *_ = self.grid.panes
        self.colour_bar = ColourBar()
        self.decay_plot, self.histogram = DecayPlot(), HistogramView()
        self.numbers_panel = NumbersPanel(
            tuple((kind, said(name), ROI_COLOURS[kind]) for kind, name in _KIND_NAMES.items()),
            (self.decay_plot, self.histogram),
        )
        self.opinions_panel = OpinionsPanel()
        self.form = AnswerForm()
        self.finish = FinishPanel()
        self.review_page, self.feedback_page, self.guess_page = ReviewPage(), FeedbackPage(), GuessPage()
        # the pictures, or a page in their place
        self.stack = QStackedWidget()
        self.ground = QWidget()
        self.ground.setProperty("role", "ground")
        self.middle = QWidget()
        self.messages = MessageBar()
        self.trial_panel = TrialPanel(self.middle, self.left.view)
        self.step_title = label("", "heading", name="step_title", wrap=True)
        self.step_count = label("", "quiet", name="step_count")
        self.saved = label("", "good", name="saved")
        self.delivered = label("", "good", name="delivered")
        self.probe = label("", "", name="probe")
        self.next_case = label("", "quiet", name="next_case")
        self.hint = YieldingLabel("quiet", name="hint")

    # ---- wiring

    def _connect(self) -> None:
        case, tools, views, answers = self.case, self.tools, self.views, self.answers
        case.opening.connect(self._on_opening)
        self.ahead.told.connect(self._on_ahead)
        case.opened.connect(lambda _: self.actions_by_name["trial"].setEnabled(self.trial.possible))
        case.opened.connect(lambda _: views.focus())
        self.undoing = UndoController(case, tools, self.actions_by_name)
        OpinionsController(case, self.opinions_panel)
        case.changed.connect(self._on_changed)
        case.saved.connect(self._on_saved)
        case.unsaved.connect(lambda: self._tell_saved(self.tr("Not saved"), role="warning"))
        case.refused.connect(self.say)
        if self.kit.server:
            self._deliver()
        self.door.entered.connect(self._on_entered)
        self.door.left.connect(self.close)
        self.door.shut.connect(self.cine.stop)
        views.echo_changed.connect(self.numbers.set_echo)
        views.echo_changed.connect(self.margin.set_echo)
        views.echo_changed.connect(self.details.set_echo)
        self.numbers.kinds_changed.connect(self.places.show_kinds)
        views.probed.connect(self.probe.setText)
        tools.marks.mark_set.connect(lambda mark: answers.select(mark, jump=False))
        tools.marks.mark_picked.connect(lambda mark: answers.select(mark, jump=False))
        tools.tool_changed.connect(self._on_tool)
        tools.note_changed.connect(lambda: self.hint.setText(hint(self.tools)))
        tools.regions.jump_requested.connect(views.show_position)
        self.proposals.shown_changed.connect(self.overlaid.show_proposed)
        # Enter shall close what is drawn, and take nothing that the rater has left aside
        tools.sketch_changed.connect(lambda sketch: sketch is not None and self.proposals.refuse())
        tools.preview_changed.connect(self.proposals.refuse)
        self.proposals.noted.connect(lambda text: self.hint.setText(text or hint(tools)))
        self.margin.lines_changed.connect(
            lambda spokes, echo: self.overlaid.show_spokes(spokes, views.showing_echo(echo))
        )
        self.margin.told_changed.connect(lambda: self.details.set_margin(self.margin.text))
        answers.mark_selected.connect(self.overlaid.select_mark)
        answers.mark_selected.connect(tools.rulers.set_finding)
        answers.mark_selected.connect(lambda mark: self.volume and self.volume.select_mark(mark))
        answers.jump_requested.connect(views.show_position)
        answers.done_typing.connect(views.focus)
        answers.counted.connect(self._on_counted)
        for page in (self.training, self.guessing):
            page.done.connect(views.focus)
        self.training.place_wanted.connect(views.show_position)
        self.actions_by_name["trial"].triggered.connect(self.trial.show)
        self.trial.shown.connect(self.actions_by_name["trial"].setChecked)
        self.finish.button.pressed.connect(answers.settle)
        self.finish.refused.connect(answers.enter_first_open)
        self.look.changed.connect(self._draw_icons)
        self.form.rebuilt.connect(self.places.order)
        for pane in views.panes:
            pane.replaced.connect(self.places.order)
            self._count_work(pane.view)
        self._connect_actions()
        self.apply_controls()

    def _count_work(self, view: SliceView) -> None:
        for done in (view.position_chosen, view.framed, view.window_changed, view.tool_used):
            done.connect(lambda *_: self.case.clock.touch())
        # the pointer also leaves by itself, when another window comes over the picture
        view.hovered.connect(lambda place: None if place is None else self.case.clock.touch())

    def _connect_actions(self) -> None:
        views, tools, answers = self.views, self.tools, self.answers
        deeds = {
            "next_case": lambda: self.flow.step(1), "previous_case": lambda: self.flow.step(-1),
            "next_finding": lambda: answers.step_finding(1), "take_proposal": answers.take_proposal,
            "previous_finding": lambda: answers.step_finding(-1), "review": self._on_review,
            "note": lambda: answers.write(NOTE), "query": lambda: answers.write(QUERY),
            "finish": self.finish.press, "close": self.close,
            "delete_mark": lambda: tools.marks.remove(answers.selected), "clear_answer": answers.clear,
            "propose_reference": lambda: self.proposals.propose("reference"),
            "propose_air": lambda: self.proposals.propose("noise"),
            "remove_ruler": tools.rulers.remove, "smaller": lambda: tools.resize_brush(-1),
            "larger": lambda: tools.resize_brush(1), "fit": self._fit, "reset_window": views.reset_windows,
            "next_map": views.next_map, "next_echo": lambda: views.step_echo(1),
            "previous_echo": lambda: views.step_echo(-1), "enlarge": views.enlarge,
            "next_plane": lambda: views.turn("plane"), "next_slab": lambda: views.turn("slab_kind"),
            "thicker": lambda: views.turn("slab_mm"), "next_preset": lambda: views.turn("window"),
            "invert": lambda: views.turn("inverted"), "compare": lambda: views.turn("compare"),
            "cine_slices": lambda: self.cine.play("slices"), "cine_echoes": lambda: self.cine.play("echoes"),
            "next_pane": lambda: views.focus(1), "volume": lambda: views.toggle_widget("volume"),
            "correct": self.door.correct, "password": self.door.change_password,
            "trail": self.door.show_trail,
            "keys": lambda: KeysDialog(self, self.settings).show(),
            "controls": lambda: ControlsDialog(self, self.settings, self.apply_controls, self.look).show(),
        }  # fmt: skip
        for name, deed in deeds.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, deed=deed: deed())
        for action in self.actions_by_name.values():
            action.triggered.connect(lambda _: self.case.clock.touch())
        for deed in READING:
            action = self.actions_by_name[deed.name]
            if deed.group == "layout":
                name = deed.name.removeprefix("layout_")
                action.triggered.connect(lambda _=False, name=name: views.set_layout(name))
            elif deed.group == "tool":
                action.triggered.connect(lambda _=False, name=deed.name: tools.choose_tool(name))
            elif deed.name.startswith("answer_"):
                action.triggered.connect(lambda _=False, value=int(deed.keys[0]): answers.answer(value))
        connect_regions(self.actions_by_name, tools, self.deeds, self.axes)
        self.actions_by_name["margin"].toggled.connect(self.margin.show)
        for kind in PROPOSED:
            self.actions_by_name[kind].triggered.connect(
                lambda _=False, kind=kind: self.proposals.offer(kind)
            )
        views.layout_changed.connect(lambda name: self.actions_by_name[f"layout_{name}"].setChecked(True))
        self.cine.playing.connect(self._on_playing)
        for name, kept in (("smooth", "smooth"), ("texts", "show_texts"), ("crosshair", "show_crosshair")):
            self.actions_by_name[name].setChecked(getattr(self.settings, kept))
            self.actions_by_name[name].toggled.connect(lambda on, kept=kept: self._on_look(kept, on))

    def _draw_icons(self) -> None:
        self.worklist.model.set_icons(
            {
                "untouched": icon("todo"),
                "begun": icon("current"),
                "signed": icon("done"),
                "closed": icon("locked"),
            }
        )
        for pane in self.views.panes:
            pane.menu_button.setIcon(icon("more"))
        self.region_list.set_icons({name: icon(name) for name in ("seen", "hidden", "locked", "free")})

    def apply_controls(self) -> None:
        """Give mouse and keys what the settings say."""
        bind_keys(self.actions_by_name, self.settings.keys)
        bound = bindings(self.settings.mouse_preset, self.settings.mouse)
        for pane in self.views.panes:
            pane.view.hand.bound = bound
        if self.volume is not None:
            self.volume.pane.view.bound = bound

    def _on_review(self) -> None:
        """What was answered; of a training case that is signed, beside what was expected."""
        (self.training if self.training.possible else self.review).toggle()

    def _on_playing(self, what: str) -> None:
        for name in ("slices", "echoes"):
            self.actions_by_name[f"cine_{name}"].setChecked(name == what)

    def _on_look(self, kept: str, on: bool) -> None:
        setattr(self.settings, kept, on)
        for pane in self.views.panes:
            pane.view.set_smooth(self.settings.smooth)
            pane.view.set_show_texts(self.settings.show_texts)
            pane.view.show_cursor = self.settings.show_crosshair
            pane.view.update()
        if self.volume is not None:
            self.volume.apply_look()

    def _on_counted(self, done: int, needed: int) -> None:
        self.step_count.setText(self.tr("{done} of {all}").format(done=done, all=needed) if needed else "")

    def _fit(self) -> None:
        self.views.fit()
        if self.volume is not None:
            self.volume.pane.view.fit()

    def _make_volume(self) -> QWidget:
        from app.reading.volume import VolumeController
        from widgets.volume_pane import VolumePane

        pane = VolumePane()
        self.volume = VolumeController(self.case, self.workers, self.views, self.settings, pane)
        self.ahead.plans["volume"] = self.volume.plan_ahead
        self.apply_controls()
        return pane

    def _on_opening(self, alias: str) -> None:
        self.messages.clear()
        self.saved.clear()
        self.actions_by_name["trial"].setEnabled(False)
        self._entitle()

    def _on_entered(self, said: str) -> None:
        self._entitle()
        if said:
            self.messages.say(said, warning=False)

    def _entitle(self) -> None:
        """Name the case in the title, but not before its rater is there: it tells how far the kit is.

        Nor is an edit named in the menu then.
        """
        title = self.tr("Case {alias}").format(alias=self.case.alias)
        self.setWindowTitle("FerroRead" if self.door.closed else title)
        self.undoing.set_silent(self.door.closed)

    def _on_changed(self, reading: object) -> None:
        self.messages.clear()
        step = self.kit.protocol.steps[self.case.reading.step_index] if self.case.reading else None
        self.step_title.setText(step.title if step else "")
        signed = self.case.ready and not self.case.writable
        for deed in READING:
            if deed.changes:
                self.actions_by_name[deed.name].setEnabled(not signed)
        self.actions_by_name["correct"].setEnabled(signed)
        if signed:
            self.tools.choose_tool("navigate")
            self._tell_saved(self.tr("Signed"))

    def _on_tool(self) -> None:
        self.actions_by_name[self.tools.tool].setChecked(True)
        for name, value in asdict(self.tools.options).items():
            if hasattr(self.settings, name):
                setattr(self.settings, name, value)
        self.hint.setText(hint(self.tools))
        shape = Qt.CursorShape.ArrowCursor if self.tools.tool == "navigate" else Qt.CursorShape.CrossCursor
        for pane in self.views.panes:
            pane.view.setCursor(shape)

    def _on_saved(self) -> None:
        now = strftime("%H:%M:%S", localtime())
        self._tell_saved(self.tr("Saved {time}").format(time=now))

    def _deliver(self) -> None:
        # looks for the server's driver, which a kit that came on a stick needs not
        from app.reading.delivering import DeliveringController

        self.delivering = DeliveringController(self.kit, self.case)
        self.delivering.told.connect(self._on_delivering)

    def _on_delivering(self, text: str, role: str, why: str) -> None:
        self.delivered.setText(text)
        self.delivered.setToolTip(in_words(why))
        restyle(self.delivered, role=role)

    def _on_ahead(self, text: str, why: str) -> None:
        self.next_case.setText(text)
        self.next_case.setToolTip(why)

    def _tell_saved(self, text: str, role: str = "good") -> None:
        self.saved.setText(text)
        restyle(self.saved, role=role)

    def say(self, text: str) -> None:
        """Show one line in the message bar."""
        self.messages.say(text)

    def choose_language(self, code: str) -> None:
        """Speak another language from the next start on, and say so."""
        self.settings.language = code
        self.messages.say(told_of_language(code), warning=False)

    # ---- keys and the end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no focused child wanted: from question to question, the open outline."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.answers.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.proposals.shown:
                self.proposals.take()
            else:
                self.tools.close_outline() if self.tools.drawing else self.answers.pass_on()
        elif key == Qt.Key.Key_Backspace and self.tools.drawing:
            self.tools.take_back()
        elif key == Qt.Key.Key_Escape:
            self.tools.drop()
            self.proposals.refuse()
            self.messages.clear()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The window of the system is there now, through which keys come."""
        super().showEvent(event)
        if self._held_keys is None:
            self._held_keys = HeldKeys(self.windowHandle())
            self.door.watch(self.windowHandle())
            self.door.shut.connect(self._entitle)

    def event(self, event: QEvent) -> bool:
        """Time at another window is no reading time."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self.case.clock.pause()
        elif event.type() == QEvent.Type.WindowActivate:
            self.case.clock.touch()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the time and the look, stop the thread, let go of the kit.

        Only an edit that the disk refuses is unsaved: closing once says so, closing again gives it up.
        """
        if not self.case.settle() and not self._gives_up:
            self._gives_up = True
            event.ignore()
            return
        self.case.leave()
        self.door.leave()
        # a fit that is being compiled cannot be stopped: nobody shall look at a dead window meanwhile
        self.hide()
        self.workers.close()
        if self.delivering is not None:
            self.delivering.close()
        self.case.ahead = None
        if self._keeps_settings:
            remember(self.kit)
        self._keep()
        self.kit.close()
        event.accept()

    def _keep(self) -> None:
        if self._keeps_settings:
            save_settings(self.settings, self.kit.rater)
