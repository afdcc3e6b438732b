"""Dask's workers for a cohort: processes of this machine, or those of a scheduler that somebody runs."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.cohort.places import without_secret
from core.errors import InputError
from core.progress import Progress
from core.version import program_version

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

SHARE_OF_MEMORY = 0.8
# below it a worker ends before it has loaded what it needs
LEAST_BYTES = 1 << 29
_WAIT_S = 5.0
_FILL_S = 2.0
# kernels take the one thread of their task; what else counts cores is told that there is one
_ENVIRONMENT = dict.fromkeys(
    ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), 1
)
_QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical"}


@contextmanager
def local_workers(count: int, memory_bytes: int, retries: int) -> Iterator[Client]:
    """Give the client of a cluster of spawned processes on this machine, a core each.

    It listens on loopback alone and to nobody without its certificate, which is made for it: whoever else
    works on the machine could have it run anything otherwise.
    """
    import dask
    from distributed import Client, LocalCluster
    from distributed.security import Security

    settings: dict[str, Any] = {
        "distributed.nanny.pre-spawn-environ": {**_ENVIRONMENT, **_QUIET, "MALLOC_TRIM_THRESHOLD_": 65536},
        "distributed.scheduler.allowed-failures": retries,
        # a scan waits with the scheduler: it shall not be counted as lost with a worker that did not have it
        "distributed.scheduler.worker-saturation": 1.0,
        # on a busy machine a worker that starts anew takes longer than Dask's 15 s
        "distributed.deploy.lost-worker-timeout": "10 minutes",
        # compressed pixels are decoded in a child, which a daemon may not have
        "distributed.worker.daemon": False,
        # results are small, so there is nothing to spill; and a worker that pauses would not go on
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.terminate": 0.95,
        "distributed.worker.profile.enabled": False,
        "distributed.worker.preload": ["app.cohort.deaf"],
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with (
        _silent(),
        dask.config.set(settings),
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            memory_limit=memory_bytes,
            host="127.0.0.1",
            protocol="tls://",
            security=Security.temporary(),
            # no pages for a browser; the port that would serve them is any that is free
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
        ) as cluster,
        _kept_full(cluster, count),
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _kept_full(cluster: LocalCluster, count: int) -> Iterator[None]:
    """Start workers for those that Dask gives up, as it does where one is killed before it has started."""
    from distributed.core import Status
    from tornado.ioloop import PeriodicCallback

    def fill() -> None:
        for name, keeper in list(cluster.workers.items()):
            if keeper.status in (Status.closed, Status.failed):
                del cluster.workers[name]
        cluster.scale(count)

    watch = PeriodicCallback(fill, 1000 * _FILL_S)
    cluster.loop.add_callback(watch.start)
    try:
        yield
    finally:
        cluster.loop.add_callback(watch.stop)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask's own log from a person's terminal: what goes wrong is the run's to tell."""
    # tornado tells of what Dask's own calls leave behind when Ctrl+C comes in the middle of one
    loggers = [
        logging.getLogger(name) for name in ("distributed", "distributed.client", "tornado.application")
    ]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def workers_at(address: str, progress: Progress) -> Iterator[Client]:
    """Give the client of a scheduler that runs, once it has workers that can do the work.

    Raises
    ------
    InputError
        If nobody answers, or a worker has another FerroRead or may start no process.
    """
    with _silent(), _reached(address) as client:
        while not client.nthreads():
            progress.report(0.0, "waiting for the scheduler's workers")
            if progress.cancelled():
                raise InputError("stopped before there was a worker")
            try:
                client.wait_for_workers(1, timeout=_WAIT_S)
            except TimeoutError:
                continue
        _check_workers(client)
        yield client


def _reached(address: str) -> Client:
    from distributed import Client

    try:
        return Client(address, timeout=_WAIT_S)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{without_secret(address)}: no Dask scheduler answers there; check address and network"
        ) from error


def memory_of(text: str | None, workers: int) -> int:
    """Return a worker's limit in bytes; InputError where it is too little, or all are more than there is."""
    from dask.utils import format_bytes, parse_bytes
    from distributed.system import MEMORY_LIMIT

    if text is None:
        share = int(SHARE_OF_MEMORY * MEMORY_LIMIT / workers)
        if share < LEAST_BYTES:
            raise InputError(
                f"{workers} workers would have {format_bytes(share)} each of this machine's memory, and a "
                f"worker needs {format_bytes(LEAST_BYTES)} or more; take fewer, or a larger machine"
            )
        return share
    try:
        wanted = int(parse_bytes(text))
    except ValueError as error:
        raise InputError(f"--memory-per-worker: give a size, as 4GiB, not {text!r}") from error
    if wanted < LEAST_BYTES:
        raise InputError(f"--memory-per-worker: a worker needs {format_bytes(LEAST_BYTES)} or more")
    if wanted * workers > MEMORY_LIMIT:
        raise InputError(
            f"{workers} workers of {format_bytes(wanted)} are more than the {format_bytes(MEMORY_LIMIT)} "
            "of this machine; take fewer, or smaller ones"
        )
    return wanted


def usual_workers() -> int:
    """Return how many workers this machine takes: one a core, as far as each has the memory that it needs."""
    from distributed.system import MEMORY_LIMIT

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, int(SHARE_OF_MEMORY * MEMORY_LIMIT) // LEAST_BYTES))


def _check_workers(client: Client) -> None:
    try:
        found = client.run(_worker)
    except ModuleNotFoundError as error:
        raise InputError(f"the scheduler's workers have no FerroRead; install {program_version()}") from error
    others = sorted({version for version, _ in found.values()} - {program_version()})
    if others:
        raise InputError(
            f"the scheduler's workers have FerroRead {', '.join(others)}, this is {program_version()}; "
            "give all the same"
        )
    if any(daemon for _, daemon in found.values()):
        raise InputError(
            "the scheduler's workers may start no process, which decoding needs; "
            "start them with DASK_DISTRIBUTED__WORKER__DAEMON=False"
        )


def _worker() -> tuple[str, bool]:
    """Say of the worker that runs this which FerroRead it has, and whether it is a daemon."""
    return program_version(), multiprocessing.current_process().daemon
