"""The open case: its pictures, its reading, and every change of it committed before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.messages import told
from app.reading.clock import ActiveClock
from app.undo import History
from app.workers import Job, Workers
from core.errors import AppError, StoreError
from core.imaging.volume import Volume
from core.reading.edits import Edit
from core.reading.protocol import MAP_ROLES
from core.reading.reading import Reading
from core.reading.rules import completed, to_sign
from core.study.kit import How, Kit
from core.study.kit_pictures import CaseImages

_LANE = "images"
# an edit that the disk refused is tried again so often
_AGAIN_MS = 2000
# the pictures first, then what can wait
_SETTLED_AFTER_MS = 300


@dataclass(frozen=True)
class ReadyCase:
    """A case whose pictures are decoded, and what was made of them, before it is opened."""

    alias: str
    step_index: int  # its pictures are those that the steps up to this one show
    images: CaseImages
    prepared: Mapping[str, Any]  # "maps", "windows", "volume": what was made of them for whom


# makes something of a case's pictures in the compute thread
Plan = Callable[[CaseImages, Job], Any]


def own_maps(images: CaseImages) -> Mapping[str, Volume]:
    """Return the maps that a case itself has, by role."""
    return {role: images.volumes[role] for role in MAP_ROLES if role in images.volumes}


class CaseController(QObject):
    """Opens cases of a kit one at a time; the only one here that writes to the kit."""

    leaving = Signal()  # the open case is left; what is still being typed can be kept
    opening = Signal(str)  # alias; the pictures are being read
    opened = Signal(str)  # alias; pictures and reading are there (again after a step was locked)
    settled = Signal()  # opened, and its pictures had time to be painted
    changed = Signal(object)  # Reading
    saved = Signal()
    unsaved = Signal()
    signed = Signal(str)  # alias
    maps_changed = Signal(bool)  # other maps are shown; whether in all slices already
    failed = Signal(str)  # alias; its pictures could not be read, and `refused` says why
    refused = Signal(str)  # why something could not be done, for the rater

    def __init__(self, kit: Kit, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.alias = ""
        self.images: CaseImages | None = None
        self.reading: Reading | None = None
        self.history = History(self._record)
        self.clock = ActiveClock()
        self.ahead: ReadyCase | None = None  # taken when it is opened, dropped when another is
        self.prepared: Mapping[str, Any] = {}  # what was made of the pictures ahead, while they are opened
        self.display: Callable[[], Mapping[str, Any]] = dict  # how the case is shown, which is signed with it
        self._trial: Mapping[str, Volume] | None = None
        self._workers = workers
        self._awaits = False  # a step was locked, and what the next one shows is still being read
        self._prepared = False  # whether what the first edit needs is there, or on its way
        self._kept: Edit | None = None  # an edit that the disk has refused, and that is tried again
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.settle)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_AFTER_MS)
        self._settling.timeout.connect(self._on_settled)
        self.opening.connect(self._settling.stop)

    @property
    def ready(self) -> bool:
        """Whether a case is open with the pictures of the step it is at."""
        return self.images is not None and self.reading is not None and not self._awaits

    @property
    def writable(self) -> bool:
        """Whether the open case can be changed now."""
        return self.ready and self.reading is not None and not self.reading.signed

    @property
    def maps(self) -> Mapping[str, Volume]:
        """The maps shown, by role: the study's own, or those of a trial fit."""
        if self._trial is not None:
            return self._trial
        return own_maps(self.images) if self.images is not None else {}

    @property
    def on_trial(self) -> bool:
        """Whether the maps shown are not the study's."""
        return self._trial is not None

    def show_trial(self, maps: Mapping[str, Volume] | None, *, whole: bool = True) -> None:
        """Show a trial fit's maps, or the study's again; nothing of it is ever recorded."""
        if maps is not None or self._trial is not None:
            self._trial = maps
            self.maps_changed.emit(whole)

    def open(self, alias: str) -> None:
        """Open a case; `opened` follows when its pictures are read."""
        if alias == self.alias or not self.settle():
            return
        self.leave()
        self.alias, self.images, self.reading = alias, None, None
        self.history = History(self._record)
        ready, self.ahead = self.ahead, None
        self._load(ready)

    def leave(self) -> None:
        """Keep the time spent on the open case, and what is being typed."""
        self.leaving.emit()
        if self.writable:
            self._try(lambda: self.kit.add_seconds(self.alias, self.clock.take()))
        self.clock.take()

    def edit(self, edit: Edit) -> bool:
        """Commit an edit; False and `refused` where it may not be or could not be written."""
        if self._awaits:
            self.refused.emit(
                self.tr("The pictures of this step are still being read; answer when they are there")
            )
        if not (self.ready and self.settle()):
            return False

        def complete() -> None:
            self._kept = self._completed(edit)

        return self._try(complete) and self.settle()

    def settle(self) -> bool:
        """Write an edit that the disk had refused; False where it still does, and it is tried again."""
        edit = self._kept
        if edit is None:
            return True
        self._again.stop()
        self._kept = None
        failed = False

        def work() -> None:
            nonlocal failed
            try:
                self.history.do(edit)
            except StoreError:
                failed = True
                raise

        done = self._commit(work)
        if failed:
            self._kept = edit
            self._again.start()
        return done

    def undo(self) -> None:
        """Take the last edit back; first of all one that is not written yet."""
        if self._kept is not None:
            self._kept = None
            self._again.stop()
            return
        self._commit(self.history.undo)

    def redo(self) -> None:
        """Do it again."""
        if self.settle():
            self._commit(self.history.redo)

    def finish_step(self, password: str = "") -> None:
        """Lock the open step, or sign the case with the rater's password where it is the last one."""
        if self.reading is None or not (self.ready and self.settle()):
            return
        last = to_sign(self.kit.protocol, self.reading)
        if self._commit((lambda: self._sign(password)) if last else self._lock):
            if last:
                self.signed.emit(self.alias)
            else:
                self._load()

    def correct(self, reason: str, password: str) -> None:
        """Open the signed case again.

        Raises
        ------
        AppError
            If it may not be, or the password is wrong.
        """
        self.reading = self.kit.correct(self.alias, reason, password)
        self.clock.take()
        self.saved.emit()
        self.changed.emit(self.reading)

    def _load(self, ready: ReadyCase | None = None) -> None:
        alias, self._trial = self.alias, None
        self.opening.emit(alias)
        if ready is not None and ready.alias == alias and ready.step_index == self.step_of(alias):
            self._workers.drop(_LANE)
            self._on_loaded(ready.images, ready.prepared)
        else:
            self._workers.start(_LANE, lambda _: self.kit.images(alias), self._on_loaded, self._on_failed)

    def step_of(self, alias: str) -> int | None:
        """Return the step that a case is at; None where it cannot be read."""
        try:
            return self.kit.reading(alias).step_index
        except AppError:
            return None  # said when its pictures are read

    def _on_loaded(self, images: CaseImages, prepared: Mapping[str, Any] | None = None) -> None:
        self.images, self.prepared = images, prepared or {}
        self._awaits = False
        if not self._try(self._read):
            return
        self.clock.take()
        self.opened.emit(self.alias)
        self.prepared = {}
        self.changed.emit(self.reading)
        # counted from when the events at hand are done: on a busy machine these take longer than the wait
        QTimer.singleShot(0, self._settling, self._settling.start)

    def _on_settled(self) -> None:
        if not self._prepared:
            self._prepared = True
            # what goes wrong is said by the first edit
            self._workers.start("writing", lambda _: self.kit.prepare(), lambda _: None, lambda _: None)
        self.settled.emit()

    def _on_failed(self, error: BaseException) -> None:
        alias, self.alias = self.alias, ""
        self.failed.emit(alias)
        self.refused.emit(told(error))

    def _read(self) -> None:
        self.reading = self.kit.reading(self.alias)

    def _completed(self, edit: Edit) -> Edit:
        if self.reading is None:
            return edit
        return completed(self.kit.protocol, self.reading, edit)

    def _record(self, edit: Edit, how: How) -> None:
        seconds = self.clock.take()
        try:
            self.reading = self.kit.record(self.alias, edit, how=how, seconds=seconds)
        except StoreError:
            self.clock.put_back()
            raise

    def _lock(self) -> None:
        self.kit.add_seconds(self.alias, self.clock.take())
        self.reading = self.kit.lock_step(self.alias)
        self._awaits = True
        self.history.forget()

    def _sign(self, password: str) -> None:
        self.kit.add_seconds(self.alias, self.clock.take())
        self.reading = self.kit.sign(self.alias, password, self.display())
        self.history.forget()

    def _commit(self, work: Callable[[], None]) -> bool:
        """Do what changes the kit, and tell of it when it is on disk and in the history."""
        before = self.reading
        done = self._try(work)
        if self.reading is not before:
            self.saved.emit()
            self.changed.emit(self.reading)
        return done

    def _try(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except StoreError as error:
            self.unsaved.emit()
            text = self.tr("{error}. What you did last is not on disk. An edit is kept, and tried again")
            self.refused.emit(text.format(error=told(error)))
            return False
        except AppError as error:
            self.refused.emit(told(error))
            return False
        return True
