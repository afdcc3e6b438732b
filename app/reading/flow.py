"""From case to case: the worklist, what closes a step, and which case comes next."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.core_words import in_words
from app.reading.case import CaseController
from core.reading.reading import Reading
from core.reading.rules import to_sign
from core.study.kit import KitCase
from widgets.finish_panel import Finish, FinishPanel
from widgets.worklist import CaseState, Worklist, WorklistRow


class FlowController(QObject):
    """Keeps the worklist and the finish button true to the kit."""

    def __init__(self, case: CaseController, worklist: Worklist, finish: FinishPanel) -> None:
        super().__init__(case)
        self._case, self._worklist, self._finish = case, worklist, finish
        self._cases: tuple[KitCase, ...] = case.kit.cases()
        worklist.case_chosen.connect(self.open)
        finish.requested.connect(self._on_finish)
        finish.refused.connect(self._on_refused)
        case.opening.connect(self._on_opening)
        case.changed.connect(self._on_changed)
        self._show()

    def open(self, alias: str) -> None:
        """Open a case of the worklist."""
        self._case.open(alias)
        self._worklist.set_current(alias)

    def open_first(self) -> None:
        """Open the first case that is not signed, the very first where all are."""
        waiting = [case.alias for case in self._cases if case.status == "open"]
        everything = [case.alias for case in self._cases]
        for alias in (waiting or everything)[:1]:
            self.open(alias)

    def step(self, by: int) -> None:
        """Open the next or the previous case of the worklist."""
        aliases = [case.alias for case in self._cases]
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
        return next((case for case in order if case.status == "open"), None)

    def _on_finish(self) -> None:
        reading = self._case.reading
        if reading is not None and not reading.signed:
            self._case.finish_step()
            return
        following = self.next_open
        if following is not None:
            self.open(following.alias)

    def _on_refused(self) -> None:
        missing = self._missing()
        if missing:
            self._case.refused.emit(self.tr("Not yet: {missing}").format(missing="; ".join(missing)))

    def _on_opening(self, alias: str) -> None:
        if self._case.reading is None:
            self._finish.set_finish(Finish("", "", (), ""))

    def _on_changed(self, reading: Reading) -> None:
        self._cases = self._case.kit.cases()
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
            left = self.next_open
            if left:
                return Finish(self.tr("Next case"), "", (), self.tr("This case is signed."), good=True)
            done = self.tr("All cases are signed. Thank you: the kit is complete.")
            return Finish("", "", (), done, good=True)
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
        return Finish(
            self.tr("Sign case"), self.tr("A signed case cannot be changed any more."), missing, state,
            self.tr("Sign"),
        )  # fmt: skip

    def _show(self) -> None:
        rows = (WorklistRow(case.position, case.alias, _state(case), case.flagged) for case in self._cases)
        self._worklist.set_rows(tuple(rows))


def _state(case: KitCase) -> CaseState:
    if case.status == "signed":
        return "signed"
    return "begun" if case.begun else "untouched"
