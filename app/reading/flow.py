"""From case to case: the worklist, what closes a step, and which case comes next."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core_words import in_words
from app.messages import told
from app.reading.case import CaseController
from core.errors import InputError
from core.reading.reading import Reading
from core.reading.rules import to_sign
from core.study.kit import KitCase
from widgets.finish_panel import NOW, Finish, FinishPanel
from widgets.worklist import CaseState, Worklist, WorklistRow


class FlowController(QObject):
    """Keeps the worklist and the finish button true to the kit.

    Of training it lists the round that is read; cases of the study stand below, closed until it is passed.
    """

    guess_requested = Signal()  # all cases are signed, and what they were is to be guessed

    def __init__(self, case: CaseController, worklist: Worklist, finish: FinishPanel) -> None:
        super().__init__(case)
        self._case, self._worklist, self._finish = case, worklist, finish
        self._cases = self._listed()
        worklist.case_chosen.connect(self.open)
        finish.requested.connect(self._on_finish)
        finish.refused.connect(self._on_refused)
        case.opening.connect(self._on_opening)
        case.changed.connect(self._on_changed)
        case.signed.connect(self._on_signed)
        case.failed.connect(lambda _: finish.set_finish(Finish("", "", (), "")))
        self._show()

    def open(self, alias: str) -> None:
        """Open a case of the worklist; where it cannot be opened, the open one stays."""
        try:
            if alias != self._case.alias:
                self._case.kit.reading(alias)
        except InputError as error:
            self._worklist.set_current(self._case.alias)
            self._case.refused.emit(told(error))
            return
        self._case.open(alias)
        self._worklist.set_current(self._case.alias)

    def open_first(self) -> None:
        """Open the first case that is not signed; where all are, ask for the guess or open the very first."""
        waiting = [case.alias for case in self._cases if case.status == "open" and not case.closed]
        everything = [case.alias for case in self._cases]
        if self._case.kit.guesses_due():
            self.tell()
            self.guess_requested.emit()
            return
        for alias in (waiting or everything)[:1]:
            self.open(alias)

    def step(self, by: int) -> None:
        """Open the next or the previous case of the worklist."""
        aliases = [case.alias for case in self._cases if not case.closed]
        if self._case.alias in aliases:
            place = aliases.index(self._case.alias) + by
            if 0 <= place < len(aliases):
                self.open(aliases[place])

    @property
    def next_open(self) -> KitCase | None:
        """The next case in the rater's order that is not signed, from the first on behind the last."""
        aliases = [case.alias for case in self._cases]
        place = aliases.index(self._case.alias) if self._case.alias in aliases else -1
        order = [*self._cases[place + 1 :], *self._cases[: place + 1]]
        return next((case for case in order if case.status == "open" and not case.closed), None)

    def go_on(self) -> None:
        """Open the next case that is not signed, or ask for the guess where there is none."""
        following = self.next_open
        if following is not None:
            self.open(following.alias)
        elif self._case.kit.guesses_due():
            self.guess_requested.emit()

    def tell(self) -> None:
        """Say anew what can be done."""
        reading = self._case.reading
        self._finish.set_finish(self._signed() if reading is None else self._wanted(reading))

    def study_cases(self) -> tuple[tuple[int, str], ...]:
        """Return number and alias of the cases that are not for training, in their order."""
        cases = (case.alias for case in self._cases if not case.training)
        return tuple(enumerate(cases, start=1))

    def training_name(self, case: KitCase) -> str:
        """Return what a training case is called: its place among those of its round."""
        of_round = [c.alias for c in self._case.kit.cases() if c.training_round == case.training_round]
        place = of_round.index(case.alias) + 1
        return self.tr("Training {number} of {all}").format(number=place, all=len(of_round))

    def _listed(self) -> tuple[KitCase, ...]:
        state, cases = self._case.kit.training(), self._case.kit.cases()
        return tuple(case for case in cases if state is None or case.training_round in (0, state.round))

    def _on_signed(self) -> None:
        if self._case.kit.guesses_due():
            self.guess_requested.emit()

    def _on_finish(self, password: str) -> None:
        reading = self._case.reading
        if reading is not None and not reading.signed:
            self._case.finish_step(password)
        else:
            self.go_on()

    def _on_refused(self) -> None:
        missing = self._missing()
        if missing:
            self._case.refused.emit(self.tr("Not yet: {missing}").format(missing="; ".join(missing)))

    def _on_opening(self, alias: str) -> None:
        if self._case.reading is None:
            self._finish.set_finish(Finish("", "", (), ""))

    def _on_changed(self, reading: Reading) -> None:
        self._cases = self._listed()
        self._show()
        self._finish.set_finish(self._wanted(reading))

    def _missing(self) -> tuple[str, ...]:
        reading, protocol = self._case.reading, self._case.kit.protocol
        if reading is None or reading.signed:
            return ()
        missing = reading.missing(protocol, protocol.steps[reading.step_index].id)
        return tuple(in_words(part) for part in missing)

    def _wanted(self, reading: Reading) -> Finish:
        steps = self._case.kit.protocol.steps
        if reading.signed:
            return self._signed()
        if not self._case.ready:
            reads = self.tr("The pictures of “{step}” are being read …")
            return Finish("", "", (), reads.format(step=steps[reading.step_index].title))
        missing, protocol = self._missing(), self._case.kit.protocol
        ending = protocol.ending(reading.answers)
        if not to_sign(protocol, reading):
            here, there = steps[reading.step_index].title, steps[reading.step_index + 1].title
            return Finish(
                self.tr("Close step “{step}”").format(step=here),
                self.tr(
                    "Its answers and marks cannot be changed afterwards. Next comes “{step}”."
                ).format(step=there),
                missing,
                self.tr("Everything is answered. Next comes “{step}”.").format(step=there),
                self.tr("Close step"),
            )  # fmt: skip
        state = self.tr("Everything is there.")
        if ending is not None:
            state = self.tr("“{answer}” ends this case. Sign it, or change that answer.")
            state = state.format(answer=ending.choice.label)
        warning = self.tr("You sign as {name}, {utc} UTC. A signed case is corrected only with a reason.")
        return Finish(
            self.tr("Sign case"), warning.format(name=self._case.kit.rater, utc=NOW), missing, state,
            self.tr("Sign"), secret=True,
        )  # fmt: skip

    def _signed(self) -> Finish:
        """Return what can be done where the open case is signed, or none is open."""
        kit = self._case.kit
        state = kit.training()
        if self.next_open is not None:
            return Finish(self.tr("Next case"), "", (), self.tr("This case is signed."), good=True)
        if state is not None and state.failed:
            closed = self.tr(
                "The training was not passed; the cases stay closed. Please ask the coordinator."
            )
            return Finish("", "", (), closed)
        if kit.guesses_due():
            asked = self.tr("All cases are signed. One page is left: what you believe each case was.")
            return Finish(self.tr("To the last page"), "", (), asked, good=True)
        done = self.tr("All cases are signed. Thank you: the kit is complete.")
        return Finish("", "", (), done, good=True)

    def _show(self) -> None:
        numbers = {alias: number for number, alias in self.study_cases()}
        rows = (
            WorklistRow(
                numbers.get(case.alias, 0), case.alias, _state(case), case.flagged,
                self.training_name(case) if case.training else "",
            )
            for case in self._cases
        )  # fmt: skip
        state = self._case.kit.training()
        training = state is not None and not state.passed
        self._worklist.set_rows(tuple(rows), (state.round, state.rounds) if state and training else None)


def _state(case: KitCase) -> CaseState:
    if case.status == "signed":
        return "signed"
    if case.closed:
        return "closed"
    return "begun" if case.begun else "untouched"
