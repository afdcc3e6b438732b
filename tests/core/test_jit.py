"""Kernels kept on disk: valid only as long as everything compiled into them is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLER = """
import os

import numba
from core.jit import kernel
from middle import twice_more

# as dask does for its workers; with what it compiles next, numba reads its settings anew
os.environ["NUMBA_NUM_THREADS"] = "1"
numba.njit(lambda: 0)()

@kernel
def answer(x):
    return twice_more(x)

print(answer(1.0), sum(answer.stats.cache_hits.values()))
"""
MIDDLE = """
from core.jit import inlined
from helper import more

@inlined
def twice_more(x):
    return 2.0 * more(x)
"""
HELPER = """
from core.jit import inlined

@inlined
def more(x):
    return x + {}
"""


def run(folder: Path) -> tuple[float, int]:
    paths = os.pathsep.join([str(ROOT), str(folder)])
    environment = os.environ | {"PYTHONPATH": paths, "NUMBA_CACHE_DIR": str(folder / "kept")}
    caller = str(folder / "caller.py")
    done = subprocess.run(
        [sys.executable, caller], env=environment, capture_output=True, text=True, check=True
    )
    value, hits = done.stdout.split()
    return float(value), int(hits)


def test_a_kernel_is_compiled_anew_when_what_it_calls_has_changed(tmp_path: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "middle.py").write_text(MIDDLE)
    (tmp_path / "helper.py").write_text(HELPER.format(1.0))
    assert run(tmp_path) == (4.0, 0)
    assert run(tmp_path) == (4.0, 1)
    (tmp_path / "helper.py").write_text(HELPER.format(2.0))
    assert run(tmp_path) == (6.0, 0)
