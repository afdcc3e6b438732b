"""Run as a program with NUMBA_DISABLE_JIT=1: fits what standard input holds with the kernels as plain Python.

So every written-out kernel is tested on every set of echo times without waiting for the compiler.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np


def fit_interpreted(jobs):
    """Fit jobs {method, te_ms, signals, sigma} in another process without the compiler.

    Returns a list of {r2star, se, s0, residual, flags} lists, one entry per signal.
    """
    environment = dict(os.environ, NUMBA_DISABLE_JIT="1")
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env={**environment, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


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
    print(json.dumps([fit(job) for job in json.load(sys.stdin)]))
