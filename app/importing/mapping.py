"""The chosen series: its pictures read, its maps made and saved, one thing after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.importing.entries import Entry
from app.importing.pictures import Pictures, load_pictures, map_series
from app.messages import told
from app.workers import Workers
from core.errors import InputError
from readers.model import Part

if TYPE_CHECKING:  # numba comes with it: imported by the first fit
    from app.maps import Made

PICTURES, MAP, SAVE = "pictures", "map", "save"


class MappingController(QObject):
    """Works on one series at a time; choosing another drops what is under way for the last."""

    reading = Signal()
    pictured = Signal(object)  # Pictures
    mapping = Signal()
    mapped = Signal(object)  # Made
    saved = Signal(str)  # where
    refused = Signal(str)

    def __init__(self, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._workers = workers
        self._entry: Entry | None = None
        self._pictures: Pictures | None = None
        self._wanted = False
        self.made: Made | None = None

    def choose(self, entry: Entry | None, part: Part | None = None) -> None:
        """Read the pictures of a series; None: of none."""
        self.stop()
        self._entry, self._pictures, self.made = entry, None, None
        if entry is not None:
            self.reading.emit()
            self._workers.start(
                PICTURES, lambda job: load_pictures(entry, part, job), self._on_pictures, self._on_failed
            )

    def put_right(self, entry: Entry) -> None:
        """Take over what a person says of the chosen series; its maps no longer hold."""
        before, self._entry = self._entry, entry
        self.made = None
        self._workers.drop(MAP)
        if before is None or before.info.te_ms != entry.info.te_ms or before.info.part != entry.info.part:
            self.choose(entry)

    def map(self) -> None:
        """Fit the chosen series, as soon as its pictures are there."""
        entry, pictures = self._entry, self._pictures
        if entry is None or not entry.ready:
            return
        self._wanted = True
        self.mapping.emit()
        if pictures is not None:
            self._wanted = False
            self._workers.start(
                MAP, lambda job: map_series(entry, pictures, job), self._on_mapped, self._on_failed
            )

    def save(self, out: Path) -> None:
        """Write the maps as `ferroread map` does, into a new folder."""
        made = self.made
        if made is not None:
            self._workers.start(
                SAVE,
                lambda _: made.write(out, force=False),
                lambda _: self.saved.emit(str(out)),
                self._on_failed,
            )

    def stop(self) -> None:
        """Drop what is under way, but for what is being written."""
        self._wanted = False
        for lane in (PICTURES, MAP):
            self._workers.drop(lane)

    def _on_pictures(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self.pictured.emit(pictures)
        if self._wanted:
            self.map()

    def _on_mapped(self, made: Made) -> None:
        self.made = made
        self.mapped.emit(made)

    def _on_failed(self, error: BaseException) -> None:
        self._wanted = False
        if isinstance(error, InputError):
            # a window has no such switch
            error = InputError(str(error).replace(" or add --force to replace it", ""))
        self.refused.emit(told(error))
