"""What is in the folder that was opened: a first picture at once, then every series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.importing.entries import Entry
from app.messages import told
from app.workers import Job, Workers
from core.errors import AppError
from core.imaging.volume import Volume
from readers import Inspection, NothingFoundError, Skipped, first_picture, inspect

FIRST, FIND = "first picture", "series"


class FindingController(QObject):
    """Looks through files, and keeps what was found with what a person says of it."""

    opening = Signal()
    first_seen = Signal(object)  # Volume
    found = Signal()
    nothing_found = Signal(str)
    changed = Signal(str)  # key of the series that was put right
    refused = Signal(str)

    def __init__(self, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._workers = workers
        self.entries: dict[str, Entry] = {}
        self.skipped: tuple[Skipped, ...] = ()
        self.roots: tuple[Path, ...] = ()

    def open(self, paths: Sequence[Path]) -> None:
        """Look through files, folders and archives; what was found before is forgotten."""
        self.entries, self.skipped = {}, ()
        self.roots = tuple(path.resolve() for path in paths)
        self.opening.emit()

        def first(job: Job) -> Volume | None:
            return first_picture(paths, job)

        # what is wrong with a file is said by the job that lists them all
        self._workers.start(FIRST, first, self._on_first, self._unless(AppError))
        self._workers.start(FIND, lambda job: inspect(paths, job), self._on_found, self._on_failed)

    def stop(self) -> None:
        """Forget about what is being looked through."""
        for lane in (FIRST, FIND):
            self._workers.drop(lane)

    def give(self, key: str, what: str, text: str) -> bool:
        """Put a series right with what was typed; False and `refused` where it cannot be, and all stays."""
        try:
            self.entries[key] = self.entries[key].given(what, text)
        except AppError as error:
            self.refused.emit(told(error))
            return False
        self.changed.emit(key)
        return True

    def put(self, entry: Entry) -> None:
        """Keep an entry in place of the one of its key."""
        self.entries[entry.key] = entry
        self.changed.emit(entry.key)

    def _on_first(self, volume: Volume | None) -> None:
        if volume is not None and not self.entries:
            self.first_seen.emit(volume)

    def _on_found(self, inspection: Inspection) -> None:
        self.entries = {
            str(number): Entry(str(number), info) for number, info in enumerate(inspection.series)
        }
        self.skipped = inspection.skipped
        self.found.emit()

    def _on_failed(self, error: BaseException) -> None:
        self.skipped = error.skipped if isinstance(error, NothingFoundError) else ()
        self.nothing_found.emit(told(error))

    def _unless(self, kind: type[BaseException]) -> Callable[[BaseException], None]:
        def failed(error: BaseException) -> None:
            if not isinstance(error, kind):
                self.refused.emit(told(error))

        return failed
