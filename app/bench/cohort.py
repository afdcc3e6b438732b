"""What a cohort costs: one worker beside two, ten scans beside a thousand, and what is kept of each scan.

The scans are a drawn study's at 3 T, as its scanner writes them: DICOM, 10 echoes of 14 slices of 96 x 96,
among other series. Where there are more rows than scans, scans come again under other names.
"""

from __future__ import annotations

import csv
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import psutil

from app.cli import build_parser
from app.cohort.cluster import local_workers, memory_of
from app.cohort.manifest import Cohort
from app.cohort.run import as_they_come, tasks_of
from app.cohort.scan import Mapped, Task, map_scan
from app.cohort.summary import Summary, held
from core.export.digital_study import write_study
from core.export.tables import read_columns
from core.progress import Progress
from core.relaxometry.simulate import draw_study

if TYPE_CHECKING:
    from distributed import Client

ANIMALS_PER_GROUP = 1
# of one worker and of two, in turns
ROUNDS, SCANS_A_ROUND = 3, 36
# each of a study's scans once, so that every kernel is loaded
WARM = 9
COUNTS = (10, 100, 1000)
# lines of the table alone, without a scan behind them
TABLE_LINES = (10_000, 100_000)
PROJECTED = 1_000_000


def measure(progress: Progress) -> dict[str, Any]:
    """Measure efficiency, cost per scan by their number, and what is kept of a scan.

    Returns
    -------
    dict
        "efficiency": "workers" and "processes", each the share of twice one's speed that two reach, by Dask
        and as bare processes without it; "seconds_per_scan" and "worker_cpu_s_per_scan" by number of
        scans; "parent_cpu_s_per_scan"; "scheduler_tasks", the most it knew at once;
        "parent_growth_bytes"; "table": by number of lines "seconds" a rewriting takes;
        "bytes_kept_per_scan" in the parent, "bytes_written_per_scan" in the
        table; "projection" to a million scans.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_until_end:
        root = Path(folder)
        write_study(draw_study(0, ANIMALS_PER_GROUP, (3.0,)), root / "study", progress=progress)
        clients = [
            open_until_end.enter_context(local_workers(count, memory_of(None, 3), 1)) for count in (1, 2)
        ]
        for count, client in enumerate(clients, start=1):
            _mapped(client, root, f"warm{count}", WARM * count)
        progress.report(0.2, "one worker beside two")
        found: dict[str, Any] = {"efficiency": _efficiency(clients, root)}
        found |= _by_count(clients[1], root, progress)
    progress.report(0.9, "the table alone")
    found |= _kept()
    found["projection"] = _projection(found)
    return found


def told(found: dict[str, Any]) -> str:
    """Tell a person."""
    efficiency, ahead = found["efficiency"], found["projection"]
    counts = ", ".join(
        f"{count}: {1000 * seconds:.0f} ms (processor {1000 * found['worker_cpu_s_per_scan'][count]:.0f} ms)"
        for count, seconds in found["seconds_per_scan"].items()
    )
    return "\n".join(
        (
            f"two workers do {efficiency['workers']:.3f} of twice one's work "
            f"(rounds: {', '.join(f'{share:.3f}' for share in efficiency['rounds'])}); "
            f"two bare processes {efficiency['processes']:.3f}",
            f"a scan with two workers, of so many: {counts}",
            f"the scheduler knew {found['scheduler_tasks']} tasks at most; the parent's own work "
            f"{1000 * found['parent_cpu_s_per_scan']:.1f} ms a scan, "
            f"{found['parent_growth_bytes'] / 1e6:.1f} MB more after {max(COUNTS)} scans",
            f"kept of a scan: {found['bytes_kept_per_scan']:.0f} bytes in memory, "
            f"{found['bytes_written_per_scan']:.0f} in the table",
            f"a million scans: {ahead['memory_bytes'] / 1e9:.1f} GB in the parent, "
            f"{ahead['table_write_s']:.0f} s each time the table is written, "
            f"{ahead['most_workers']:.0f} workers at most, "
            f"{ahead['hours_at_most_workers']:.1f} hours with them",
        )
    )


def _efficiency(clients: Sequence[Client], root: Path) -> dict[str, Any]:
    rounds, bare = [], []
    for number in range(ROUNDS):
        one, two = (
            _mapped(client, root, f"round{number}w{count}", SCANS_A_ROUND)[1]
            for count, client in enumerate(clients, start=1)
        )
        rounds.append(one / two / 2)
        one, two = (_bare(root, f"bare{number}p{count}", count) for count in (1, 2))
        bare.append(one / two / 2)
    return {"workers": median(rounds), "rounds": rounds, "processes": median(bare), "bare_rounds": bare}


def _by_count(client: Client, root: Path, progress: Progress) -> dict[str, Any]:
    seconds: dict[str, float] = {}
    worked: dict[str, float] = {}
    scheduler = client.cluster.scheduler
    most, growth, used = 0, 0, 0.0
    for place, count in enumerate(COUNTS):
        progress.report(0.4 + 0.5 * place / len(COUNTS), f"{count} scans")
        before, began = psutil.Process().memory_info().rss, process_time()
        busy = sum(client.run(process_time).values())
        known, passed = _mapped(client, root, f"count{count}", count, scheduler)
        growth, used = psutil.Process().memory_info().rss - before, (process_time() - began) / count
        seconds[str(count)], most = passed / count, max(most, known)
        worked[str(count)] = (sum(client.run(process_time).values()) - busy) / count
    return {
        "seconds_per_scan": seconds,
        "worker_cpu_s_per_scan": worked,
        "scheduler_tasks": most,
        "parent_growth_bytes": growth,
        "parent_cpu_s_per_scan": used,
    }


def _mapped(client: Client, root: Path, name: str, count: int, scheduler: Any = None) -> tuple[int, float]:
    """Map so many scans as the command does; return the most tasks the scheduler knew, and the seconds."""
    cohort, tasks = _cohort(root, name, count)
    out, most = root / name, 0
    rows = {row.name: row for row in cohort.rows}
    began = perf_counter()
    with held(out):
        summary = Summary(out, cohort.rows)
        for mapped in as_they_come(client, tasks):
            if mapped.error:
                raise RuntimeError(mapped.error)
            summary.add(rows[mapped.name], mapped)
            if scheduler is not None:
                most = max(most, len(scheduler.tasks))
        summary.write()
    return most, perf_counter() - began


def _bare(root: Path, name: str, processes: int) -> float:
    """Map a round's scans by processes without Dask; return the seconds that the slowest worked."""
    context = get_context("spawn")
    before = [list(_cohort(root, f"{name}warm{number}", WARM)[1]) for number in range(processes)]
    every = list(_cohort(root, name, SCANS_A_ROUND)[1])
    with context.Pool(processes) as pool:
        pool.map(_seconds, before, chunksize=1)
        return max(pool.map(_seconds, [every[begin::processes] for begin in range(processes)], chunksize=1))


def _seconds(tasks: Sequence[Task]) -> float:
    began = perf_counter()
    for task in tasks:
        mapped = map_scan(task)
        if mapped.error:
            raise RuntimeError(mapped.error)
    return perf_counter() - began


def _cohort(root: Path, name: str, count: int) -> tuple[Cohort, Iterator[Task]]:
    paths = read_columns(root / "study" / "manifest.csv", ("path",))["path"]
    manifest = root / "study" / f"{name}.csv"
    with manifest.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(("path", "scan"))
        rows.writerows((paths[number % len(paths)], f"{number:06d}") for number in range(count))
    words = ["map", "--manifest", str(manifest), "--out", str(root / name)]
    cohort = Cohort(manifest, build_parser(words).parse_args(words))
    return cohort, tasks_of(cohort, root / name, lambda row, mapped: _refuse(mapped))


def _refuse(mapped: Mapped) -> None:
    raise RuntimeError(mapped.error)


def _kept() -> dict[str, Any]:
    """Measure what the parent keeps of a scan, and how long the table takes to be written."""
    seconds: dict[str, float] = {}
    report = {
        "field_t": 3.0, "method": "likelihood", "sigma": 9.695403810475906,
        "r2star_per_s": {"voxels": 55000, "median": 96.98153305, "q25": 77.47027778, "q75": 104.76866531},
    }  # fmt: skip
    kept = written = 0.0
    for count in TABLE_LINES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "study").mkdir()
            (root / "study" / "manifest.csv").write_text("path\ndicom/subject/24 h/3T\n")
            tracemalloc.start()
            cohort, _ = _cohort(root, "table", count)
            summary = Summary(root / "table", cohort.rows)
            for row in cohort.rows:
                summary.add(row, Mapped(row.name, report))
            kept = tracemalloc.get_traced_memory()[0] / count
            tracemalloc.stop()
            began = perf_counter()
            summary.write()
            seconds[str(count)] = perf_counter() - began
            written = sum(file.stat().st_size for file in (root / "table").glob("summary.*")) / count
    return {
        "table": {"seconds": seconds},
        "bytes_kept_per_scan": kept,
        "bytes_written_per_scan": written,
    }


def _projection(found: dict[str, Any]) -> dict[str, float]:
    lines, seconds = max((int(count), taken) for count, taken in found["table"]["seconds"].items())
    scan_s = found["worker_cpu_s_per_scan"][str(max(COUNTS))]
    return {
        "scans": PROJECTED,
        "memory_bytes": PROJECTED * found["bytes_kept_per_scan"],
        "table_write_s": seconds * PROJECTED / lines,
        "most_workers": scan_s / found["parent_cpu_s_per_scan"],
        "hours_at_most_workers": PROJECTED * found["parent_cpu_s_per_scan"] / 3600,
        "days_at_two_workers": PROJECTED * scan_s / 2 / 86400,
    }
