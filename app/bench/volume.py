"""How long the 3D pane of the reading window takes to its first picture, and from one to the next.

Each run is a process of its own, since importing vtk belongs to the first picture. What is painted is the
rater's own window, off screen, by whatever renders OpenGL here: without a graphics card by software.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from app.bench.views import make_kit, opened
from core.errors import AppError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress

SIDE = 256
RUNS, TURNS = 3, 20
_TURN_DEGREES = 6.0
_SMALL = (4, 32, 32)
_WAIT_S, _PREPARED_S = 120.0, 1.5


def measure(progress: Progress, side: int = SIDE, runs: int = RUNS) -> dict[str, Any]:
    """Measure the 3D pane with a volume of `side` voxels each way; medians over the runs.

    Returns
    -------
    dict
        "voxels"; "first_picture_s": from the key to the first picture, vtk's import in it, and
        "first_picture_cpu_s": what of it the processors worked, on all threads; "full_picture_s": to the one
        in full size; "turning_ms": of a frame while it is turned, "median" and "p95"; "turning_px": its
        pixels, across; "load": of the machine, before and after.
    """
    load = [os.getloadavg()[0]] if hasattr(os, "getloadavg") else []
    found = []
    with TemporaryDirectory() as folder:
        progress.report(0.0, "making a volume")
        make_kit(Path(folder) / "volume", [_scan(side)])
        for run in range(runs):
            progress.report((run + 1) / (runs + 1), "measuring 3D")
            found.append(_one_run(Path(folder) / "volume" / "bench.kit"))
    frames = np.concatenate([run["frames_ms"] for run in found])
    if load:
        load.append(os.getloadavg()[0])
    return {
        "voxels": [side] * 3,
        "first_picture_s": float(np.median([run["first_s"] for run in found])),
        "first_picture_cpu_s": float(np.median([run["first_cpu_s"] for run in found])),
        "full_picture_s": float(np.median([run["full_s"] for run in found])),
        "turning_ms": {"median": float(np.median(frames)), "p95": float(np.percentile(frames, 95))},
        "turning_px": float(np.median([run["turning_px"] for run in found])),
        "load": [round(each, 2) for each in load],
    }


def _one_run(kit: Path) -> dict[str, Any]:
    code = f"from app.bench.volume import open_and_say; open_and_say({str(kit)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise AppError("the reading window could not be started for measuring 3D") from error
    if said["failure"]:
        raise AppError(said["failure"])
    return said


def open_and_say(kit: str) -> None:
    """Open a kit as `read` does, look at its volume in 3D, turn it, and print the times."""
    with opened(Path(kit)) as window:
        # what the window prepares after its first picture is no part of this
        opened_at = perf_counter()
        wait(lambda: perf_counter() > opened_at + _PREPARED_S and not window.workers.busy)
        start, used = perf_counter(), process_time()
        window.views.toggle_widget("volume")
        view = window.volume.pane.view  # type: ignore[union-attr]
        settled: list[float] = []
        view.settled.connect(lambda: settled.append(perf_counter()))
        wait(lambda: view.pictures.image is not None or view.pictures.failure != "")
        first, first_used = perf_counter(), process_time()
        if not view.pictures.failure:
            wait(lambda: bool(settled))
        frames = [] if view.pictures.failure else [_turn(view) for _ in range(TURNS)]
        said = {
            "failure": view.pictures.failure,
            "first_s": first - start,
            "first_cpu_s": first_used - used,
            "full_s": settled[0] - start if settled else 0.0,
            # the first ones settle what size this machine can turn
            "frames_ms": frames[TURNS // 4 :],
            "turning_px": 0 if view.pictures.image is None else view.pictures.image.width(),
        }
    print(json.dumps(said), flush=True)


def wait(reached: Callable[[], bool]) -> None:
    """Let the window work until something is reached, and painted."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    end = perf_counter() + _WAIT_S
    while not reached():
        if perf_counter() > end:
            raise AppError(f"the 3D pane was not ready after {_WAIT_S:g} s; nothing was measured")
        # asleep between events, as a window is: asking all the time would hold up the thread that works
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()
    QApplication.processEvents()


def _turn(view: Any) -> float:
    start, before = perf_counter(), view.pictures.image.cacheKey()
    view.look(view.camera.turned(_TURN_DEGREES, _TURN_DEGREES / 3))
    wait(lambda: view.pictures.image.cacheKey() != before)
    return (perf_counter() - start) * 1e3


def _scan(side: int) -> Any:
    """Return a case with a volume: shells with noise, so that no ray ends early or finds nothing."""
    from core.study.records import ScanImages

    draw = np.random.default_rng(1)
    z, y, x = np.ogrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j, -1 : 1 : side * 1j]
    shells = 900 * np.exp(-2 * (x**2 + y**2 + z**2)) * (1 + 0.3 * np.sin(9 * x) * np.cos(9 * y))
    data = np.abs(shells + draw.normal(0, 14, (side, side, side))).astype(np.float32)
    half = -0.1 * (side - 1) / 2
    echo = draw.integers(0, 900, _SMALL).astype(np.float32)
    grid = Geometry.axial(_SMALL, (1.0, 0.5, 0.5))
    return ScanImages(
        echoes=EchoSeries(np.stack([echo, echo / 2]), (3.0, 8.0), grid, None, 3.0),
        gre3d=Volume(data, Geometry.axial((side, side, side), (0.1, 0.1, 0.1), (half, half, half))),
        sigma=14.0,
        fit_method="none",
    )  # fmt: skip


def told(found: dict[str, Any]) -> str:
    """Return the result as lines for a person."""
    across = " × ".join(str(n) for n in found["voxels"])
    turning = found["turning_ms"]
    return (
        f"3D of {across}: first picture {found['first_picture_s']:.2f} s (processors "
        f"{found['first_picture_cpu_s']:.2f} s), "
        f"full {found['full_picture_s']:.2f} s; "
        f"turning {turning['median']:.0f} ms (p95 {turning['p95']:.0f}) at {found['turning_px']:.0f} pixels "
        f"across; load {found['load']}"
    )
