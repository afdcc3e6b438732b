"""Where Python looks for objects that only hold each other: in the thread of the windows and no other.

Python's collector runs in whatever thread makes the next object. A window that is found there to be waste
would be taken down beside Qt's own thread, which ends the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500
# new objects, and rounds of the younger, until it is looked again. A window that opens makes thousands
# of objects that stay: to look for waste among them takes longer than the window.
_LIMITS = (20_000, 10, 10)


def spare_imports() -> None:
    """Look for no waste among what there is so far; called when what a window needs is imported."""
    gc.freeze()


def collect_waste() -> None:
    """Look for waste as far as the limits ask for it; called in the thread of the windows."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > _LIMITS[generation]:
            gc.collect(generation)
            return


def collect_here(owner: QObject) -> None:
    """Look for waste from time to time in the owner's thread, as long as it lives, and never of itself."""
    gc.disable()
    timer = QTimer(owner)
    timer.timeout.connect(collect_waste)
    timer.start(_EVERY_MS)
