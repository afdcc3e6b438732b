"""The next case is made ready while this one is read: decoded, its maps and windows worked out.

Only what its reached steps show is read, which is `Kit.images`' to see to; nothing of a later step comes into
memory. One case at a time, when nobody waits for anything else, and dropped when the rater goes elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from app.reading.case import CaseController, Plan, ReadyCase
from app.reading.flow import FlowController
from app.workers import Job, Workers

# what the next case may take: its pictures half of it, for what is made of them takes no more than they do
BUDGET_BYTES = 1 << 30
_LANE = "ahead"
_MB = 1e6


class AheadController(QObject):
    """Keeps the next unsigned case in the rater's order ready to be opened.

    `plans` are asked anew for every case with the step it is at; ReadyCase keeps what they make.
    """

    told = Signal(str, str)  # in a few words how it stands, and all of it

    def __init__(
        self,
        case: CaseController,
        flow: FlowController,
        workers: Workers,
        plans: Mapping[str, Callable[[int], Plan]],
    ) -> None:
        super().__init__(case)
        self.plans = dict(plans)
        self._case, self._flow, self._workers = case, flow, workers
        case.opening.connect(lambda _: self._on_opening())
        case.settled.connect(self._begin)

    def _on_opening(self) -> None:
        if self._case.ahead is None:
            self._workers.drop(_LANE)
            self.told.emit("", "")

    def _begin(self) -> None:
        following, ahead = self._flow.next_open, self._case.ahead
        if following is None or following.alias in (self._case.alias, ahead.alias if ahead else ""):
            return
        kit, alias, step_index = self._case.kit, following.alias, following.step_index
        plans = {name: plan(step_index) for name, plan in self.plans.items()}

        def work(job: Job) -> tuple[ReadyCase | None, int]:
            taken = kit.image_bytes(alias)
            if 2 * taken > BUDGET_BYTES:
                return None, taken
            images = kit.images(alias, job)
            prepared = {name: make(images, job) for name, make in plans.items()}
            return ReadyCase(alias, step_index, images, prepared), taken

        # what is wrong with the case is said when it is opened
        self._workers.start(_LANE, work, lambda found: self._on_ready(*found), lambda _: None, later=True)

    def _on_ready(self, ready: ReadyCase | None, taken: int) -> None:
        self._case.ahead = ready
        values = {"taken": round(taken / _MB), "most": round(BUDGET_BYTES / _MB)}
        if ready is None:
            text = self.tr("Next case not read ahead")
            why = self.tr("It has {taken} MB of pictures; at most {most} MB may be used for it in advance")
        else:
            text = self.tr("Next case ready")
            why = self.tr(
                "{taken} MB of pictures, read while you read this case; {most} MB may be used for it"
            )
        self.told.emit(text, why.format(**values))
