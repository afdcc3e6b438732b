"""Threads that share a fit, or a table's bootstraps: only the caller's own, until the program lends more.

The kernels are compiled for one thread and release Python's lock; each takes every n-th chunk of voxels. So
nothing depends on the number of threads, any thread may fit, and numba's own threading, whose simplest layer
ends the process when two threads enter it, is not needed. Who may start threads is the program's business
(app.workers): it lends them here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass


@dataclass
class _Lent:
    pool: Executor | None = None
    count: int = 1


_LENT = _Lent()


def lend(pool: Executor | None, count: int = 1) -> None:
    """Let fits run on `count` threads of `pool`; on the caller's alone if there is none."""
    _LENT.pool, _LENT.count = pool, count if pool is not None else 1


def lanes() -> int:
    """Return the number of threads a fit is shared by."""
    return _LENT.count


def share(work: Callable[[int, int], object]) -> None:
    """Call `work(lane, lanes)` once for every lane, together, and wait for all."""
    pool, count = _LENT.pool, _LENT.count
    if pool is None or count == 1:
        work(0, 1)
        return
    for future in [pool.submit(work, lane, count) for lane in range(count)]:
        future.result()
