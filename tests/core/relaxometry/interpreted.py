"""Run as a program with NUMBA_DISABLE_JIT=1: fits what each line of its input holds, kernels as plain Python.

So every written-out kernel is tested on every set of echo times without waiting for the compiler.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np


@contextmanager
def interpreter():
    """Start another process without the compiler; give what fits jobs {method, te_ms, signals, sigma} there.

    It returns a list of {r2star, se, s0, residual, flags} lists, one entry per signal.
    """
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(root)}
    command = [sys.executable, "-W", "ignore", __file__]
    ends = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=root, env=environment, **ends) as program:

        def fit_interpreted(jobs):
            print(json.dumps(jobs), file=program.stdin, flush=True)
            answer = program.stdout.readline()
            assert answer, "the program has ended; what it said is among the captured errors"
            return json.loads(answer)

        yield fit_interpreted


def fit(job):
    from core.imaging.geometry import Geometry
    from core.imaging.volume import EchoSeries
    from core.relaxometry.fit import fit_r2star

    signals = np.array(job["signals"], dtype=np.float32)
    magnitude = signals.T.reshape(-1, 1, 1, len(signals))
    geometry = Geometry.axial((1, 1, len(signals)), (1.0, 1.0, 1.0))
    series = EchoSeries(magnitude, tuple(job["te_ms"]), geometry, np.zeros_like(magnitude))
    maps = fit_r2star(series, method=job["method"], sigma=job["sigma"])
    arrays = {
        "r2star": maps.r2star_per_s,
        "se": maps.se_per_s,
        "s0": maps.s0,
        "residual": maps.residual,
        "flags": maps.flags,
    }
    return {name: array.ravel().tolist() for name, array in arrays.items()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps([fit(job) for job in json.loads(line)]), flush=True)
