"""How long a program takes from its command to its painted window, beside bare pyqtgraph.

What a command does before its window is done here as well, but for what it would write on this account.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

from core.errors import AppError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

# the first start warms the disk and is not counted
STARTS = 4
# each prints "ready" when its window is painted, and what of the processor it took
_STARTS = {
    "start": "from app.bench.starting import show_case; show_case({kit!r})",
    "start_window": "from app.bench.starting import show_start_window; show_start_window()",
    "bare_start": (
        "import pyqtgraph, time; a = pyqtgraph.mkQApp(); w = pyqtgraph.GraphicsLayoutWidget(); "
        "w.addViewBox(); w.show(); w.grab(); print('ready', time.process_time(), flush=True)"
    ),
}


def measure(kit: Path, bytecode: Path) -> dict[str, float]:
    """Return the seconds from commands to their words, in turns, the fastest of each."""
    # a program that is installed has its bytecode beside it; here all of them find it in one place
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in _STARTS}
    for _ in range(1 + STARTS):
        for name, code in _STARTS.items():
            times[name].append(_start(code.format(kit=str(kit)), environment))
    found = {}
    for name, all_times in times.items():
        passed, worked = np.min(all_times[1:], axis=0)
        found |= {f"{name}_s": float(passed), f"{name}_cpu_s": float(worked)}
    return found


def _start(code: str, environment: dict[str, str]) -> tuple[float, float]:
    root, start = Path(__file__).resolve().parents[2], perf_counter()
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, env=environment, text=True) as process:
        said = (process.stdout.readline() if process.stdout is not None else "").split()
        passed = perf_counter() - start
    if said[:1] != ["ready"]:
        raise AppError("the window could not be started for measuring")
    return passed, float(said[1])


def show_case(kit: str) -> None:
    """Open a kit as `read` does, and say when its first case is painted."""
    from app.bench.views import opened
    from app.cli import build_parser

    words = ["read", kit]
    with opened(build_parser(words).parse_args(words).kit) as window:
        _say_ready(window)


def show_start_window() -> None:
    """Show the start window as `ferroread` does, and say when it is painted."""
    from app.cli import build_parser

    build_parser([]).parse_args([])
    from app.startup import application

    application()
    from app.start_window import StartWindow

    window = StartWindow()
    window.show()
    _say_ready(window)
    window.close()


def _say_ready(window: QWidget) -> None:
    from app.bench.views import settle

    settle()
    window.grab()
    print("ready", process_time(), flush=True)
