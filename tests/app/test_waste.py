"""Windows that nobody needs any more are taken down in their own thread, whoever makes the next object."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtWidgets import QWidget

from app.waste import collect_waste


def dropped(where: list[threading.Thread]) -> None:
    """Make a widget that only a circle holds, and let it go."""
    widget = QWidget()
    circle = [widget]
    circle.append(circle)
    weakref.finalize(widget, lambda: where.append(threading.current_thread()))


def busy() -> list[list[int]]:
    """Make more objects than any collector waits for."""
    return [[number] for number in range(200_000)]


def test_work_elsewhere_takes_down_no_window(qapp, qtbot):
    where: list[threading.Thread] = []
    gc.collect()
    dropped(where)
    worker = threading.Thread(target=busy)
    worker.start()
    worker.join()
    assert where == []
    kept = busy()
    collect_waste()
    assert kept
    assert where == [threading.main_thread()]


def test_the_application_collects_by_itself(qapp, qtbot):
    where: list[threading.Thread] = []
    dropped(where)
    kept = busy()
    qtbot.waitUntil(lambda: bool(where))
    assert kept
    assert where == [threading.main_thread()]
