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


@dataclass
class _Waiting:
    """A job whose result somebody waits for; one that runs `later` may not have been begun."""

    job: Job
    work: Callable[[Job], Any]
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]
    later: bool
    begun: bool = False


class Workers(QObject):
    """Does jobs one after the other and hands each result to the thread of the window.

    A job in a lane makes the earlier ones of that lane stale: they are cancelled, and what they still bring
    is dropped. After `close` nothing is begun and nothing comes any more.
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
        self._jobs: dict[int, _Waiting] = {}
        self._closed = False
        # queued: the job's thread must never run a slot of the window
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._said.connect(self._on_said, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        lane: str,
        work: Callable[[Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        *,
        later: bool = False,
    ) -> None:
        """Begin `work(job)`; `done(result)` or `failed(error)` is called in the window's thread.

        Work that can be done `later` waits for all other work, and gives way to any that is started while it
        is under way: then it is cancelled and begun anew.
        """
        if self._closed:
            return
        self._forget(lane)
        if not later:
            self._give_way()
        self._put(lane, work, done, failed, later)
        self._begin()

    def drop(self, lane: str) -> None:
        """Cancel what is under way in a lane."""
        self._forget(lane)
        self._begin()

    @property
    def busy(self) -> bool:
        """Whether any result is still waited for."""
        return bool(self._jobs)

    def close(self) -> None:
        """Cancel everything and wait until the thread has ended."""
        self._closed = True
        for waiting in self._jobs.values():
            waiting.job.stopped.set()
        self._jobs.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._lent.close()

    def _put(
        self,
        lane: str,
        work: Callable[[Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        later: bool,
    ) -> None:
        job = Job(next(self._tokens), lane, self._said.emit)
        self._jobs[job.token] = _Waiting(job, work, done, failed, later)

    def _forget(self, lane: str) -> None:
        for token in [token for token, waiting in self._jobs.items() if waiting.job.lane == lane]:
            self._jobs.pop(token).job.stopped.set()

    def _give_way(self) -> None:
        """Cancel work that can be done later, and put it at the end again."""
        for token in [token for token, waiting in self._jobs.items() if waiting.later and waiting.begun]:
            cut = self._jobs.pop(token)
            cut.job.stopped.set()
            self._put(cut.job.lane, cut.work, cut.done, cut.failed, later=True)

    def _begin(self) -> None:
        """Begin what may begin: of work that can be done later one piece, when there is no other."""
        now = [waiting for waiting in self._jobs.values() if not waiting.later]
        for waiting in now or list(self._jobs.values())[:1]:
            if not waiting.begun:
                waiting.begun = True
                self._pool.submit(self._run, waiting.job, waiting.work)

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
        try:
            if error is None:
                waiting.done(result)
            else:
                waiting.failed(error)
        finally:
            self._begin()

    def _on_said(self, token: int, fraction: float, what: str) -> None:
        if token in self._jobs:
            self.progressed.emit(self._jobs[token].job.lane, fraction, what)
