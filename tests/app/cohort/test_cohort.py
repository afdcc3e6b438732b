"""`map --manifest` with a worker: what comes of a bad scan and of a killed worker, and going on."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.cli import DONE, FAILED, call, run
from app.cohort.cluster import local_workers
from core.errors import InputError
from tests.app.cohort.scans import write_cohort, write_rows, write_scan

NAMES = [f"M{number}_1_h_3T" for number in range(4)]
OPTIONS = ["--method", "loglinear"]


class Watcher:
    """A Progress that does something when so many scans have come."""

    def __init__(self, scans: int, deed) -> None:
        self.scans, self.deed, self.said = scans, deed, []
        self.stop = False

    def report(self, fraction: float, what: str) -> None:
        self.said.append((fraction, what))
        if what.startswith(f"{self.scans} of "):
            self.deed(self)

    def cancelled(self) -> bool:
        return self.stop


@pytest.fixture(scope="module")
def worker():
    """A real worker; it starts once for all commands, and another takes its place when it is killed."""
    with local_workers(1, 1 << 30, retries=1) as client:
        yield client
        (pid,) = client.run(_pid).values()
        process = psutil.Process(pid)
    assert not process.is_running()


@pytest.fixture(autouse=True)
def ready(monkeypatch, worker) -> None:
    @contextmanager
    def started(count: int, memory_bytes: int, retries: int) -> Iterator[object]:
        assert (count, retries) == (1, 1)
        assert memory_bytes >= 1 << 29
        yield worker

    monkeypatch.setattr("app.cohort.run.local_workers", started)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> Path:
    """Four scans, of which the third is damaged."""
    folder = tmp_path_factory.mktemp("cohort")
    manifest = write_cohort(folder, 4)
    bad = folder / "scans" / "0002.nii"
    bad.write_bytes(bad.read_bytes()[:-500])
    return manifest


def words(manifest: Path, out: Path, *more: str) -> list[str]:
    return ["map", "--manifest", str(manifest), "--out", str(out), *OPTIONS, "--workers", "1", *more]


def pictures(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("*.nii.gz")}


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "summary.csv").open(encoding="utf-8", newline="") as stream:
        return {row["scan"]: row for row in csv.DictReader(stream)}


def test_a_bad_scan_and_a_killed_worker_hinder_no_other(cohort, tmp_path, worker, capsys):
    def kill_it(_: Watcher) -> None:
        (pid,) = worker.run(_pid).values()
        psutil.Process(pid).kill()

    out = tmp_path / "maps"
    watcher = Watcher(1, kill_it)
    outcome = call(words(cohort, out), watcher)
    assert watcher.said[-1][0] == 1.0
    assert [each["scan"] for each in outcome.data["failed"]] == [NAMES[2]]
    assert outcome.data["done"] == 3
    assert "1 of 4 scans failed" in outcome.error
    told = outcome.data["failed"][0]["error"]
    assert "0002.nii" in told
    assert "copy it again" in told
    assert "\n" not in told
    # what the command of one scan makes of it, byte for byte
    single = tmp_path / "single"
    scan = cohort.parent / "scans" / "0001.nii"
    assert run(["map", str(scan), "--out", str(single), *OPTIONS, "--field", "3"]) == DONE
    assert pictures(out / NAMES[1]) == pictures(single)
    rows = table(out)
    assert list(rows) == NAMES
    assert [rows[name]["status"] for name in NAMES] == ["done", "done", "failed", "done"]
    medians = [float(rows[name]["r2star_median_per_s"]) for name in NAMES if name != NAMES[2]]
    assert medians == pytest.approx([50, 60, 80], rel=0.05)
    assert json.loads((out / "summary.json").read_text())["scans"][1]["subject"] == "M1"
    assert {path.name for path in out.iterdir()} == {*NAMES, "summary.csv", "summary.json", ".cohort"} - {
        NAMES[2]
    }
    assert not list((out / ".cohort").glob(".ferroread-*"))

    # the same again, with the bad scan put right: it alone is mapped
    before = {name: (out / name / "map.json").stat().st_mtime_ns for name in NAMES if name != NAMES[2]}
    capsys.readouterr()
    write_scan(cohort.parent / "scans" / "0002.nii", 70, 2)
    assert run(words(cohort, out, "--json")) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told == {"out": str(out), "scans": 4, "done": 4, "kept": 3, "failed": []}
    assert before == {name: (out / name / "map.json").stat().st_mtime_ns for name in before}

    # an input that changed is told, and mapped anew where that is wanted
    write_scan(cohort.parent / "scans" / "0000.nii", 90, 0)
    assert run(words(cohort, out)) == FAILED
    assert "the scan changed since it was mapped; add --force" in capsys.readouterr().out
    assert call(words(cohort, out, "--force"), Watcher(0, None)).data["kept"] == 3
    rows = table(out)
    assert float(rows[NAMES[0]]["r2star_median_per_s"]) == pytest.approx(90, rel=0.05)
    assert [row["status"] for row in rows.values()] == ["done"] * 4


def test_a_run_that_is_stopped_is_gone_on_with(tmp_path):
    manifest, out = write_cohort(tmp_path, 3), tmp_path / "maps"

    def stop(watcher: Watcher) -> None:
        watcher.stop = True

    with pytest.raises(InputError, match="the same command goes on"):
        call(words(manifest, out), Watcher(1, stop))
    assert len((out / "summary.csv").read_text().splitlines()) == 2
    outcome = call(words(manifest, out), Watcher(0, None))
    assert outcome.data["done"] == 3
    assert outcome.data["kept"] >= 1
    assert not outcome.error


def test_nothing_written_or_printed_holds_a_rows_secret(tmp_path, capsys):
    rows = [
        {"path": "https://me:secret@host/a.nii", "te": "2,1"},
        {"path": "https://host/b.nii?sig=secret", "scan": "https://host/?sig=secret"},
        {"path": "a", "subject": "ftp://me:secret@host/a", "roi": "x=https://host/a?sig=secret"},
    ]
    manifest, out = write_rows(tmp_path / "m.csv", rows), tmp_path / "maps"
    for more in ((), ("--json",)):
        assert run(words(manifest, out, *more)) == FAILED
        said = "".join(capsys.readouterr())
        assert "https://host/a.nii: given with a log-in or a query" in said
        assert "secret" not in said
    files = [file for file in out.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"summary.csv", "summary.json"}
    assert all("secret" not in str(file) and b"secret" not in file.read_bytes() for file in files)
    assert [row["path"] for row in table(out).values()] == ["https://host/a.nii", "https://host/b.nii", "a"]


def _pid() -> int:
    return psutil.Process().pid
