"""The threads that the program itself has started."""

from __future__ import annotations

import threading

# libraries have their own: Python counts a thread of Qt's or Numba's from the moment it enters Python code
OURS = ("compute", "fit")


def our_threads() -> set[threading.Thread]:
    """Give the threads that app.workers has running."""
    return {thread for thread in threading.enumerate() if thread.name.startswith(OURS)}
