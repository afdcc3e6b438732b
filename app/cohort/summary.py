"""The bookkeeping of a cohort: a table that grows as scans come, and a hold on the folder it lies in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from app.cli import finite
from app.cohort.manifest import RESERVED, Row, shown
from app.cohort.places import Place, below, content, write
from app.cohort.scan import STAGE, Mapped
from core.errors import InputError
from core.export.tables import cell
from core.files import sweep
from core.version import program_version

CSV, JSON = RESERVED
DONE, FAILED = "done", "failed"
# the table is written anew each time: rarely enough that this takes a small share of the time, however long
# the table is
_LEAST_S, _TIMES_ITS_OWN = 2.0, 30.0
_FIGURES = (
    "method", "sigma", "r2star_voxels", "r2star_median_per_s", "r2star_q25_per_s", "r2star_q75_per_s",
    "iron_voxels", "iron_median_ug_per_g", "iron_q25_ug_per_g", "iron_q75_ug_per_g", "below_detection_limit",
)  # fmt: skip


class Summary:
    """The table of a cohort's scans, in the manifest's order, as CSV and as JSON.

    It begins with what an earlier run knew, and grows. Nothing in it depends on when or where a scan was
    mapped: the same cohort leaves the same bytes.
    """

    def __init__(self, out: Place, rows: Sequence[Row]) -> None:
        self._out, self._rows = out, rows
        self._shown = shown(rows)
        self._columns = ("scan", *self._shown, "field_t", "status", "error", *_FIGURES)
        # as text: of a million scans every object counts
        self._lines: dict[int, tuple[str, str]] = {}
        self._written, self._took = perf_counter(), 0.0
        earlier = _earlier(out)
        for row in rows:
            line = earlier.get(row.name)
            # the name of a row at fault may be another's; and a row may name another scan than it did
            if line is not None and not row.fault and self._named(row).items() <= line.items():
                self._lines[row.line] = self._texts(line)

    def add(self, row: Row, mapped: Mapped) -> None:
        """Take a scan's line in, and write the table if it is time to."""
        values = self._named(row) | {"field_t": row.cells.get("field_t", "")}
        values |= {"scan": row.name, "status": FAILED if mapped.error else DONE, "error": mapped.error}
        self._lines[row.line] = self._texts(values | _figures(mapped.report))
        if perf_counter() - self._written > max(_LEAST_S, _TIMES_ITS_OWN * self._took):
            self.write()

    def write(self) -> None:
        """Write the table as far as it has come."""
        began = perf_counter()
        lines = [self._lines[row.line] for row in self._rows if row.line in self._lines]
        header = _csv_line(self._columns)
        write(below(self._out, CSV), "".join([header, *(line for line, _ in lines)]).encode())
        head = json.dumps({"version": program_version(), "of": len(self._rows)})
        told = ",\n".join(line for _, line in lines)
        write(below(self._out, JSON), f'{head[:-1]}, "scans": [\n{told}\n]}}\n'.encode())
        self._written = perf_counter()
        self._took = self._written - began

    def _named(self, row: Row) -> dict[str, Any]:
        return {column: row.cells.get(column, "") for column in self._shown}

    def _texts(self, values: Mapping[str, Any]) -> tuple[str, str]:
        told = {column: values.get(column) for column in self._columns}
        return _csv_line(told.values()), json.dumps(finite(told), ensure_ascii=False)


@contextmanager
def held(out: Place) -> Iterator[None]:
    """Keep a cohort's folder to this run, and remove what killed runs and workers left half-written in it.

    Raises
    ------
    InputError
        If another run has it, or it holds anything that is no cohort's.
    """
    if isinstance(out, str):
        yield  # a store has no locks; every file in it is put whole
        return
    stage = out / STAGE
    if out.exists() and not stage.is_dir() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is there and no cohort's folder; choose another place")
    try:
        stage.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}); choose another place") from error
    from locket import LockError, lock_file

    lock = lock_file(str(stage / "lock"), timeout=0)
    try:
        lock.acquire()
    except LockError as error:
        raise InputError(f"{out}: another run is at work on it; wait for its end") from error
    try:
        sweep(stage, idle_s=0.0)
        yield
    finally:
        sweep(stage, idle_s=0.0)
        lock.release()


def _figures(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of a report that stand in the table."""
    if not report:
        return {}
    found = {name: report.get(name) for name in ("field_t", "method", "sigma", "below_detection_limit")}
    for short, name, unit in (("r2star", "r2star_per_s", "per_s"), ("iron", "iron_ug_per_g", "ug_per_g")):
        numbers = report.get(name) or {}
        found[f"{short}_voxels"] = numbers.get("voxels")
        found |= {f"{short}_{which}_{unit}": numbers.get(which) for which in ("median", "q25", "q75")}
    return found


def _earlier(out: Place) -> dict[str, Mapping[str, Any]]:
    """Return the lines of the table that is there, by the scans' names; none where there is no sound one.

    Of several of one name, all but one are of rows that were refused for it.
    """
    try:
        lines = json.loads(content(below(out, JSON)) or b"{}")["scans"]
        return {line["scan"]: line for line in sorted(lines, key=lambda line: line["status"] == DONE)}
    except (ValueError, KeyError, TypeError):
        return {}


def _csv_line(values: Iterable[Any]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([cell(value) for value in values])
    return text.getvalue()
