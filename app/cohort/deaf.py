"""Loaded by each worker of this machine when it starts: Ctrl+C is the parent's, who ends its workers."""

from __future__ import annotations

import signal


def dask_setup(_worker: object) -> None:
    """Have this process not hear what a terminal sends to all that the command has started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
