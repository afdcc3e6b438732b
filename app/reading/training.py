"""Training cases: the page of what was expected, and how the training goes on."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.flow import FlowController
from app.reading.pages import turn_to
from core.reading.conduct import Training
from core.reading.training import Feedback
from core.study.kit import KitCase
from widgets.feedback_page import FeedbackLine, FeedbackPage, FeedbackTold


class TrainingController(QObject):
    """Shows the page in the pictures' place when a training case is signed, and when it is asked for."""

    done = Signal()  # the pictures are shown again
    place_wanted = Signal(object)  # a place in mm

    def __init__(
        self, case: CaseController, flow: FlowController, page: FeedbackPage, stack: QStackedWidget
    ) -> None:
        super().__init__(case)
        self._case, self._flow, self._page, self._stack = case, flow, page, stack
        case.signed.connect(lambda _: self.show())
        case.opening.connect(lambda _: self.hide())
        page.left.connect(self.hide)
        page.gone_on.connect(self._on_gone_on)
        page.place_wanted.connect(self._on_place_wanted)

    @property
    def possible(self) -> bool:
        """Whether the open case is a training case that is signed."""
        return self._open_case is not None

    def toggle(self) -> None:
        """Show the page, or the pictures again."""
        self.hide() if self._stack.currentWidget() is self._page else self.show()

    def show(self) -> None:
        """Show the page, where the open case has one."""
        case = self._open_case
        if case is not None:
            self._page.set_told(self._told(case))
            turn_to(self._stack, self._page)
            self._page.go_on.setFocus()

    def hide(self) -> None:
        """Show the pictures again."""
        if self._stack.currentWidget() is self._page:
            turn_to(self._stack, self._stack.widget(0))
            self.done.emit()

    @property
    def _open_case(self) -> KitCase | None:
        reading = self._case.reading
        if reading is None or not reading.signed:
            return None
        cases = self._case.kit.cases()
        return next((case for case in cases if case.training and case.alias == reading.alias), None)

    def _on_gone_on(self) -> None:
        self.hide()
        self._flow.go_on()

    def _on_place_wanted(self, place: object) -> None:
        self.hide()
        self.place_wanted.emit(place)

    # ---- what it says

    def _told(self, case: KitCase) -> FeedbackTold:
        kit = self._case.kit
        told = kit.feedback(case.alias)
        met, total = sum(each.met for each in told), len(told)
        state = self.tr("{met} of {total} as expected.").format(met=met, total=total)
        if not total:
            state = self.tr("Nothing is expected of this case; it was there to practise.")
        outcome, good = self._outcome(case)
        title = self._flow.training_name(case)
        lines = tuple(self._line(each) for each in told)
        return FeedbackTold(title, state, met == total, lines, outcome, good)

    def _line(self, told: Feedback) -> FeedbackLine:
        if told.question:
            given = told.given or self.tr("not answered")
            return FeedbackLine(told.question, given, told.expected, told.met, told.text, told.position_mm)
        kind = in_words(told.expected)
        question = self.tr("Finding to be marked: {kind}").format(kind=kind)
        given = in_words(told.given) if told.given else self.tr("not marked")
        return FeedbackLine(question, given, kind, told.met, told.text, told.position_mm)

    def _outcome(self, case: KitCase) -> tuple[str, bool]:
        """Return what comes of the round in plain words, and whether that is good news."""
        kit = self._case.kit
        state = kit.training()
        of_round = [each for each in kit.cases() if each.training_round == case.training_round]
        left = sum(each.status == "open" for each in of_round)
        if left or state is None:
            return self.tr("%n more case(s) of this training round.", "", left), True
        told = [each.met for one in of_round for each in kit.feedback(one.alias)]
        share = (kit.protocol.conduct.training or Training()).share
        values = {
            "met": sum(told), "total": len(told), "needed": math.ceil(share * len(told) - 1e-9),
            "round": case.training_round + 1, "rounds": state.rounds,
        }  # fmt: skip
        if case.training_round < state.round:
            text = self.tr(
                "Not passed yet: {met} of {total} were as expected, {needed} are needed. The training begins "
                "again with round {round} of {rounds}; its cases have other names."
            )
        elif state.passed:
            text = self.tr(
                "Training passed: {met} of {total} were as expected. The cases of the study are open now."
            )
        else:
            text = self.tr(
                "Training not passed: {met} of {total} were as expected, {needed} are needed. The cases of "
                "the study stay closed. Please ask the coordinator."
            )
        return text.format(**values), state.passed
