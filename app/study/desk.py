"""What the pages of the study window share: the open study, work under way, and what is being put in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.messages import told
from app.study.holdings import Holdings, holdings_of
from app.study.manifest import Line, Row, checked
from app.workers import Job, Workers
from core.errors import AppError
from core.progress import Progress
from core.study.store import Study
from readers import SeriesInfo

_LANE = "study"


@dataclass
class Intake:
    """The scans that are being put in, line by line, and what was found and said of each by its name."""

    lines: list[Line] = field(default_factory=list)
    series: dict[str, tuple[SeriesInfo, ...]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    undecided: set[str] = field(default_factory=set)

    def take(self, lines: Sequence[Line]) -> None:
        """Begin with other lines."""
        self.lines = list(lines)
        self.series, self.refused, self.undecided = {}, {}, set()

    def checked(self) -> list[tuple[Line, str]]:
        """Return every line with what is wrong with it, "" where nothing is."""
        return checked(self.lines)

    def rows(self) -> list[Row]:
        """Return the lines that are right, as rows."""
        return [line.row() for line, fault in self.checked() if not fault]

    def put(self, place: int, line: Line) -> None:
        """Take a corrected line in place of another; what was said of that one no longer holds."""
        before = self.lines[place]
        self.lines[place] = line
        for each in (before, line):
            try:
                name = each.row().name
            except AppError:
                continue
            self.refused.pop(name, None)
            self.undecided.discard(name)
            if before.cells.get("path") != line.cells.get("path"):
                self.series.pop(name, None)


class _Stoppable:
    """A job's progress that a person can stop: what was done by then is told, not dropped."""

    def __init__(self, job: Job, stopped: threading.Event) -> None:
        self._job, self._stopped = job, stopped

    def report(self, fraction: float, what: str) -> None:
        self._job.report(fraction, what)

    def cancelled(self) -> bool:
        return self._stopped.is_set() or self._job.cancelled()


class Desk(QObject):
    """The study belongs to the window as long as it is open; one piece of work is under way at a time."""

    changed = Signal()  # the study, or what is being put in
    said = Signal(str, bool)  # text, whether it warns
    began = Signal(str)  # what
    progressed = Signal(float, str)
    ended = Signal()

    def __init__(self, study: Study, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.study = study
        self.workers = workers
        self.intake = Intake()
        self.closed = False
        self._stopped = threading.Event()
        self._busy = False
        workers.progressed.connect(self._on_progressed)

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return self._busy

    def holdings(self) -> Holdings:
        """Return what the study holds now."""
        return holdings_of(self.study, self.intake.lines)

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line to the person."""
        self.said.emit(text, warning)

    def run(
        self, what: str, work: Callable[[Progress], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        """Do work beside the window; `done(result)` is called when it ended well, and pages look again."""
        if self._busy:
            return
        self._busy = True
        self._stopped = threading.Event()
        stopped = self._stopped
        self.began.emit(what)
        self.workers.start(
            _LANE,
            lambda job: work(_Stoppable(job, stopped)),
            lambda result: self._end(lambda: done(result) if done else None),
            lambda error: self._end(lambda: self._fail(error)),
        )

    def stop(self) -> None:
        """Stop what is under way at its next safe place."""
        if self._busy:
            self._stopped.set()
            self.said.emit(QCoreApplication.translate("Desk", "Stopping at the next safe place …"), False)

    def try_to(self, deed: Callable[[], Any]) -> bool:
        """Do something short in the window's own thread, and say why where it is refused."""
        try:
            deed()
        except AppError as error:
            self.say(told(error))
            return False
        self.changed.emit()
        return True

    def close(self) -> None:
        """End all work and let go of the study."""
        self.closed = True
        self._stopped.set()
        self.workers.close()
        self.study.close()

    def _on_progressed(self, lane: str, fraction: float, what: str) -> None:
        # the window of results works beside the pages, in lanes of its own
        if lane == _LANE:
            self.progressed.emit(fraction, what)

    def _end(self, then: Callable[[], None]) -> None:
        self._busy = False
        self.ended.emit()
        try:
            then()
        finally:
            self.changed.emit()

    def _fail(self, error: BaseException) -> None:
        self.say(told(error), warning=not (self._stopped.is_set() and isinstance(error, AppError)))
