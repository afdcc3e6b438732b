"""A thousand scans: twenty killed workers, a killed and a stopped program, a scheduler of one's own."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.app.cohort.scans import write_cohort

pytestmark = pytest.mark.soak
ROOT = Path(__file__).resolve().parents[3]
SCANS, KILLS = 1000, 20
_BEGUN: list[subprocess.Popen[str]] = []


def begun(manifest: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """Start the command; it leads a group of its own, as under a terminal."""
    words = [sys.executable, str(ROOT / "main.py"), "map", "--manifest", str(manifest), "--out", str(out)]
    process = subprocess.Popen(
        [*words, "--method", "loglinear", "--json", *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    _BEGUN.append(process)
    return process


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(process.pid).children():
        # it may just have gone
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def written(out: Path) -> dict[str, bytes]:
    """Return every file of a cohort's folder, with its place."""
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and file.name != "lock"
    }


def done(out: Path) -> int:
    return len(list(out.glob("M*")))


def wait_for(count: int, out: Path, process: subprocess.Popen[str]) -> None:
    while done(out) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def ended(process: subprocess.Popen[str]) -> dict[str, object]:
    said, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    return json.loads(said)


@pytest.fixture(autouse=True)
def programs() -> Iterator[None]:
    """Let programs hear Ctrl+C, which what runs in the background ignores; leave none when a test fails."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
    for process in _BEGUN:
        process.kill()
    _BEGUN.clear()


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> Path:
    return write_cohort(tmp_path_factory.mktemp("cohort"), SCANS)


@pytest.fixture(scope="module")
def undisturbed(cohort) -> dict[str, bytes]:
    """What a run leaves that nothing happens to."""
    out = cohort.parent / "undisturbed"
    told = ended(begun(cohort, out))
    assert (told["done"], told["kept"], told["failed"]) == (SCANS, 0, [])
    return written(out)


def test_workers_are_killed_twenty_times(cohort, undisturbed):
    drawn, out = random.Random(11), cohort.parent / "killed"
    process, killed = begun(cohort, out, "--workers", "2", "--retries", "3"), set[int]()
    for count in sorted(drawn.sample(range(5, SCANS - 5), KILLS)):
        wait_for(count, out, process)
        # Dask starts another for each that is killed
        while not (alive := [each for each in workers_of(process) if each.pid not in killed]):
            time.sleep(0.02)
        # at any moment of a scan
        time.sleep(drawn.random() * 0.1)
        victim = drawn.choice(alive)
        victim.kill()
        killed.add(victim.pid)
        print(f"{done(out)} of {SCANS} are there, worker {len(killed)} is killed", flush=True)
    told = ended(process)
    assert len(killed) == KILLS
    assert (told["done"], told["failed"]) == (SCANS, [])
    assert written(out) == undisturbed


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_the_program_is_killed_or_stopped_and_gone_on_with(cohort, undisturbed, how):
    out = cohort.parent / f"ended-{how.name}"
    for count in (1, SCANS // 4, SCANS // 2):
        process = begun(cohort, out)
        wait_for(count, out, process)
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 2
        if how == signal.SIGKILL:
            process.kill()
        else:
            # Ctrl+C reaches the whole group
            os.killpg(process.pid, how)
        said, errors = process.communicate()
        assert said == ""
        if how == signal.SIGINT:
            assert process.returncode == 130
            assert errors == "ferroread: stopped; nothing half-written is left\n"
            assert not list((out / ".cohort").glob(".ferroread-*"))
        _, alive = psutil.wait_procs(children, timeout=30)
        assert not alive
        # every folder that has its name is whole
        there = {name: text for name, text in written(out).items() if name.startswith("M")}
        whole = {name.split("/")[0] for name in there}
        expected = {name: text for name, text in undisturbed.items() if name.split("/")[0] in whole}
        assert there == expected
    told = ended(begun(cohort, out))
    assert told["done"] == SCANS
    assert told["kept"] >= SCANS // 2
    assert written(out) == undisturbed


@contextmanager
def dask(*words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "dask", *words]
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def test_a_scheduler_of_ones_own(cohort, undisturbed, tmp_path):
    place, out = tmp_path / "scheduler.json", cohort.parent / "elsewhere"
    serve = ("worker", "--scheduler-file", str(place), "--nthreads", "1", "--no-dashboard",
             "--local-directory", str(tmp_path))  # fmt: skip
    with dask("scheduler", "--scheduler-file", str(place), "--port", "0", "--no-dashboard"):
        while not place.exists():
            time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        with dask(*serve):
            process = begun(cohort, out, "--scheduler", address)
            said, errors = process.communicate()
            assert (process.returncode, said) == (1, "")
            assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in errors
            assert errors.count("\n") == 1
        can = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        with dask(*serve, **can) as first, dask(*serve, **can):
            process = begun(cohort, out, "--scheduler", address)
            wait_for(SCANS // 10, out, process)
            first.kill()
            told = ended(process)
    assert (told["done"], told["failed"]) == (SCANS, [])
    assert written(out) == undisturbed
    process = begun(cohort, out, "--scheduler", address)
    _, errors = process.communicate()
    assert process.returncode == 1
    assert "no Dask scheduler answers there" in errors
