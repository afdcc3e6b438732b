"""What is saved goes on to the server that the kit came from, beside the rater's work."""

from __future__ import annotations

from time import localtime, strftime

from PySide6.QtCore import QObject, QTimer, Signal

from app.reading.case import CaseController
from app.workers import Workers
from core.errors import AppError
from core.study.kit import Kit
from core.study.served_kit import Delivered, deliver, server_for

# the whole file is looked through each time: not after every stroke
PAUSE_MS = 5_000


class DeliveringController(QObject):
    """Delivers the kit a moment after a change is saved; a server that is away stops nobody.

    What it could not deliver goes with the next change, or when the kit is opened again: the server is asked
    what it has.
    """

    told = Signal(str, str, str)  # text, role, why

    def __init__(self, kit: Kit, case: CaseController) -> None:
        super().__init__(case)
        self._kit, self._server = kit, server_for(kit)
        # a thread of its own: a server that does not answer must not keep pictures waiting
        self._workers = Workers(self)
        self._reached = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._deliver)
        case.saved.connect(self._on_saved)
        self._deliver()

    def close(self) -> None:
        """Deliver what is left where the server was there a moment ago, and let go of it."""
        self._pause.stop()
        self._workers.close()
        if self._reached:
            try:
                deliver(self._server, self._kit)
            except AppError as error:
                self._on_failed(error)
        self._server.close()

    def _on_saved(self) -> None:
        # not started anew: changes that come all the time must not put it off
        if not self._pause.isActive():
            self._pause.start()

    def _deliver(self) -> None:
        self._workers.start(
            "deliver", lambda _: deliver(self._server, self._kit), self._on_delivered, self._on_failed
        )

    def _on_delivered(self, done: Delivered) -> None:
        self._reached = True
        now = strftime("%H:%M:%S", localtime())
        self.told.emit(self.tr("Delivered {time}").format(time=now), "good", "")

    def _on_failed(self, error: BaseException) -> None:
        if not isinstance(error, AppError):
            raise error
        self._reached = False
        self.told.emit(self.tr("Not delivered"), "warning", str(error))
