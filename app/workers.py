"""The only place that starts threads: one for work that would make a window wait, some that fits share."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from core.relaxometry import lanes


@dataclass
class _Shared:
    """The pool that all windows' fits share, as long as any of them is open."""

    pool: ThreadPoolExecutor | None = None
    users: int = 0


_SHARED = _Shared()


@contextmanager
def fit_threads(count: int | None = None) -> Iterator[int]:
    """Let fits use all cores, or `count`, while the block lasts; gives the number.

    Blocks for all cores that overlap, as windows do, share one pool: it goes with the last of them.
    """
    cores = os.cpu_count() or 1
    if count is not None:
        with ThreadPoolExecutor(count, thread_name_prefix="fit") as pool:
            lanes.lend(pool, count)
            try:
                yield count
            finally:
                lanes.lend(_SHARED.pool, cores)
        return
    if _SHARED.pool is None:
        _SHARED.pool = ThreadPoolExecutor(cores, thread_name_prefix="fit")
        lanes.lend(_SHARED.pool, cores)
    _SHARED.users += 1
    try:
        yield cores
    finally:
        _SHARED.users -= 1
        if not _SHARED.users:
            lanes.lend(None)
            _SHARED.pool.shutdown()
            _SHARED.pool = None


@dataclass
class Job:
    """A piece of work under way; a Progress for the work itself."""

    token: int
    lane: str
    said: Callable[[int, float, str], None]
    stopped: threading.Event = field(default_factory=threading.Event)

    def report(self, fraction: float, what: str) -> None:
        """Tell the window how far the work is."""
        self.said(self.token, fraction, what)

    def cancelled(self) -> bool:
        """Whether nobody waits for the work any more."""
        return self.stopped.is_set()


class Workers(QObject):
    """Does jobs one after the other and hands each result to the thread of the window.

    A job in a lane makes the earlier ones of that lane stale: they are cancelled, and what they still bring
    is dropped. After `close` nothing comes any more.
    """

    progressed = Signal(str, float, str)  # lane, fraction, what
    _ended = Signal(int, object, object)  # token, result, error
    _said = Signal(int, float, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compute")
        self._lent = ExitStack()
        self._lent.enter_context(fit_threads())
        self._tokens = itertools.count(1)
        self._jobs: dict[int, tuple[Job, Callable[[Any], None], Callable[[BaseException], None]]] = {}
        # queued: the job's thread must never run a slot of the window
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._said.connect(self._on_said, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        lane: str,
        work: Callable[[Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> int:
        """Begin `work(job)`; `done(result)` or `failed(error)` is called in the window's thread."""
        self.drop(lane)
        job = Job(next(self._tokens), lane, self._said.emit)
        self._jobs[job.token] = (job, done, failed)
        self._pool.submit(self._run, job, work)
        return job.token

    def drop(self, lane: str) -> None:
        """Cancel what is under way in a lane."""
        for token in [token for token, (job, _, _) in self._jobs.items() if job.lane == lane]:
            self._jobs.pop(token)[0].stopped.set()

    @property
    def busy(self) -> bool:
        """Whether any result is still waited for."""
        return bool(self._jobs)

    def close(self) -> None:
        """Cancel everything and wait until the thread has ended."""
        for job, _, _ in self._jobs.values():
            job.stopped.set()
        self._jobs.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._lent.close()

    def _run(self, job: Job, work: Callable[[Job], Any]) -> None:
        if job.cancelled():
            return
        try:
            result, error = work(job), None
        except Exception as caught:  # handed on whole: the window decides what to say
            result, error = None, caught
        if not job.cancelled():
            self._ended.emit(job.token, result, error)

    def _on_ended(self, token: int, result: Any, error: BaseException | None) -> None:
        waiting = self._jobs.pop(token, None)
        if waiting is None:
            return
        _, done, failed = waiting
        if error is None:
            done(result)
        else:
            failed(error)

    def _on_said(self, token: int, fraction: float, what: str) -> None:
        if token in self._jobs:
            self.progressed.emit(self._jobs[token][0].lane, fraction, what)
