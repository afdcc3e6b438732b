"""Start FerroRead: set the kernel cache folder, then hand over to app.cli."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> int:
    """Run the command line; return the exit status."""
    if getattr(sys, "frozen", False):
        # a frozen program that begins another one begins itself
        from multiprocessing import freeze_support

        freeze_support()
    # numba reads this once, when it is first imported
    if "NUMBA_CACHE_DIR" not in os.environ:
        from platformdirs import user_cache_path

        os.environ["NUMBA_CACHE_DIR"] = str(Path(user_cache_path("ferroread", appauthor=False)) / "kernels")
    try:
        from app.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        print("ferroread: stopped; nothing half-written is left", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
