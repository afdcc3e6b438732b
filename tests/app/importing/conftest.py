"""A window that imports, driven as a hand does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.importing.window import ImportWindow
from app.settings import Settings
from app.theme import dress

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot, qapp, language: str) -> Iterator[ImportWindow]:
    if not qapp.styleSheet():
        dress(qapp)
    made = ImportWindow(Settings())
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    yield made
    made.close()


def drop(widget: QWidget, paths: Sequence[Path]) -> None:
    """Let files or folders fall on a window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, place = Qt.DropAction.CopyAction, widget.rect().center()
    entering = QDragEnterEvent(place, action, data, LEFT, NONE)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(place), action, data, LEFT, NONE))


@pytest.fixture
def opened(window, qtbot) -> Callable[[Path], ImportWindow]:
    """Drop a folder and wait until all that follows of itself is done."""

    def open_it(path: Path) -> ImportWindow:
        drop(window, [path])
        qtbot.waitUntil(lambda: not window.workers.busy, timeout=60_000)
        return window

    return open_it
