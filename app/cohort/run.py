"""`map --manifest`: the scans of a cohort handed to workers, and what comes back."""

from __future__ import annotations

import argparse
import itertools
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.cohort.cluster import local_workers, memory_of, usual_workers, workers_at
from app.cohort.manifest import Cohort, Row
from app.cohort.places import Place, check, refuse_secret
from app.cohort.scan import Mapped, Task, map_scan
from app.cohort.summary import CSV, Summary, held
from app.commands import Outcome, UsageError
from app.messages import write_bug_report
from core.errors import AppError, InputError
from core.progress import Progress

if TYPE_CHECKING:
    from distributed import Client, Future

RETRIES = 1
# scans under way at once, for every thread of a worker and at least: few enough that the scheduler knows a
# handful of scans however many there are, enough that no worker waits for the next
_AHEAD_PER_THREAD, _LEAST_AHEAD = 3, 8
_ASKED_EVERY = 32
_TOLD = 20
# options of the cohort, not of a scan
_WHOLE = frozenset(
    ("manifest", "workers", "memory_per_worker", "retries", "scheduler", "json", "force", "module")
)


@dataclass
class Count:
    """How many scans of a cohort there are, came, were there before; and those that failed."""

    scans: int
    told: int = 0
    kept: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: Row, mapped: Mapped) -> None:
        """Count a scan."""
        self.told += 1
        self.kept += mapped.kept
        if mapped.error:
            self.failed.append({"scan": row.name, "line": row.line, "error": mapped.error})

    @property
    def share(self) -> float:
        return self.told / self.scans

    @property
    def text(self) -> str:
        return f"{self.told} of {self.scans} scans" + (f", {len(self.failed)} failed" if self.failed else "")

    def outcome(self, out: Place) -> Outcome:
        """Return what the command tells at its end."""
        failed = sorted(self.failed, key=lambda each: each["line"])
        done, count = self.scans - len(failed), len(failed)
        lines = [f"{out}: {done} of {self.scans} scans done, {self.kept} of them before; see {CSV}"]
        lines += [f"line {each['line']}, {each['scan']}: {each['error']}" for each in failed[:_TOLD]]
        if count > _TOLD:
            lines.append(f"and {count - _TOLD} more, in {CSV}")
        error = f"{count} of {self.scans} scans failed; put them right, and the same command does them"
        data = {"out": str(out), "scans": self.scans, "done": done, "kept": self.kept, "failed": failed}
        return Outcome(data, "\n".join(lines), error if failed else "")


def run_cohort(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Map every scan of a manifest; scans that fail are told and hinder no other.

    Raises
    ------
    AppError
        If nothing can be begun, or the workers are lost for good.
    """
    _check(args)
    for named in (args.manifest, args.out):
        check(named)
    for text in (args.baseline, args.calibration, args.mask, *args.roi):
        refuse_secret(str(text))
    cohort = Cohort(args.manifest, args)
    out = args.out.absolute() if isinstance(args.out, Path) else args.out
    count = Count(len(cohort.rows))
    with held(out):
        summary = Summary(out, cohort.rows)

        def tell(row: Row, mapped: Mapped) -> None:
            summary.add(row, mapped)
            count.add(row, mapped)
            progress.report(count.share, count.text)
            if progress.cancelled():
                raise InputError("stopped; the same command goes on where this one ended")

        try:
            with _workers(args, len(cohort.rows), progress) as client:
                by_name = {row.name: row for row in cohort.rows if not row.fault}
                for mapped in as_they_come(
                    client, tasks_of(cohort, out, tell, force=args.force), _retries(args)
                ):
                    tell(by_name[mapped.name], mapped)
        finally:
            if count.told:
                summary.write()
    return count.outcome(args.out)


def tasks_of(
    cohort: Cohort, out: Place, tell: Callable[[Row, Mapped], object], *, force: bool = False
) -> Iterator[Task]:
    """Give the task of each row, when it is asked for; a row at fault is told instead."""
    for row in cohort.rows:
        try:
            if row.fault:
                raise InputError(row.fault)
            options = {name: value for name, value in vars(cohort.options(row)).items() if name not in _WHOLE}
        except InputError as error:
            tell(row, Mapped(row.name, error=str(error)))
        else:
            yield Task(row.name, argparse.Namespace(**options), out, force)


def as_they_come(client: Client, tasks: Iterable[Task], retries: int = RETRIES) -> Iterator[Mapped]:
    """Have tasks done by a cluster's workers and give each as it comes, in whatever order that is."""
    from distributed import as_completed

    todo, again = iter(tasks), deque[Task]()
    under_way, starved = dict[str, Task](), Counter[str]()
    bugs = dict[str, str]()
    coming = as_completed(loop=client.loop)
    ahead = 0
    for turn in itertools.count():
        if turn % _ASKED_EVERY == 0:
            # workers come and go
            ahead = max(_LEAST_AHEAD, _AHEAD_PER_THREAD * sum(client.nthreads().values()))
        while len(under_way) < ahead and (task := again.popleft() if again else next(todo, None)) is not None:
            # a scheduler has other clients, who may have scans of the same names
            future = client.submit(map_scan, task, key=f"map-{task.name}-{uuid4().hex}")
            under_way[future.key] = task
            coming.add(future)
        if not under_way:
            return
        future = next(coming)
        task = under_way.pop(future.key)
        mapped = _come(future, task, bugs)
        if mapped.starved and starved[task.name] < retries:
            starved[task.name] += 1
            again.append(task)
        else:
            yield mapped


def _come(future: Future, task: Task, bugs: dict[str, str]) -> Mapped:
    """Return what a future brought, or why it brought nothing; a bug is reported once for all."""
    from distributed import CancelledError
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    try:
        found = future.result()
    except KilledWorker:
        error = "its worker was killed each time it was tried, for want of memory perhaps; give workers more"
        return Mapped(task.name, error=error)
    except (CancelledError, CommClosedError, TimeoutError) as error:
        raise AppError("the scheduler is gone; the same command goes on where this one ended") from error
    except Exception as error:  # a fault of ours, in a worker
        kind = "".join(traceback.format_tb(error.__traceback__)[-1:]) + type(error).__name__
        if kind not in bugs:
            bugs[kind] = write_bug_report(error)
        return Mapped(task.name, error=bugs[kind])
    finally:
        future.release()
    return found if isinstance(found, Mapped) else Mapped(task.name, error="its worker gave no answer")


def _check(args: argparse.Namespace) -> None:
    if args.path is not None:
        raise UsageError("give PATH or --manifest, not both")
    if args.bids is not None:
        raise UsageError("--bids writes one scan's maps; leave it out with --manifest")
    if args.workers is not None and args.workers < 1:
        raise UsageError(f"--workers must be 1 or more, not {args.workers}")
    if args.retries is not None and args.retries < 0:
        raise UsageError(f"--retries must be 0 or more, not {args.retries}")
    for name in ("workers", "memory_per_worker", "retries"):
        if args.scheduler is not None and getattr(args, name) is not None:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} serves workers of this machine; leave it out with --scheduler")


@contextmanager
def _workers(args: argparse.Namespace, scans: int, progress: Progress) -> Iterator[Client]:
    if args.scheduler is not None:
        with workers_at(args.scheduler, progress) as client:
            yield client
        return
    count = min(args.workers or usual_workers(), scans)
    memory = memory_of(args.memory_per_worker, count)
    progress.report(0.0, "starting workers")
    with local_workers(count, memory, _retries(args)) as client:
        yield client


def _retries(args: argparse.Namespace) -> int:
    return RETRIES if args.retries is None else int(args.retries)
