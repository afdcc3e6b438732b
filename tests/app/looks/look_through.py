"""Look through the windows, in every language and in layouts, for what is cut or overlaps.

A program of its own, since Qt reads the scale of the screen once: look_through WIDTH HEIGHT KIT LAYOUT...
"""

from __future__ import annotations

import json
import sys
from itertools import combinations, cycle
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QRect, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from app.language import LANGUAGES, speak
from app.reading.window import ReadingWindow
from app.settings import Settings
from app.start_window import StartWindow
from app.startup import application
from app.theme import THEMES, dress
from core.study.kit import Kit
from tests.app.reading.conftest import TUMOUR_MM
from tests.app.reading.test_looks import cut, in_form, too_small
from widgets.parts import YieldingLabel
from widgets.slice_view import SliceView

USED = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider, SliceView)
MESSAGE = "What is wrong, where, and what to do about it, in a sentence of usual length."


def settle(window: ReadingWindow, milliseconds: int = 60) -> None:
    """Let the window work until nothing is under way."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: None if window.workers.busy else loop.quit())
    timer.start(milliseconds)
    loop.exec()


def faults(window: QWidget) -> list[str]:
    """What of a window cannot be seen whole."""
    # a text that has just come has its room when the layout has run
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    shown = [
        child for child in window.findChildren(QWidget) if child.isVisible() and child.window() is window
    ]
    texts = (
        each for each in shown
        if isinstance(each, QLabel) and not isinstance(each, YieldingLabel) and each.text() and cut(each)
    )  # fmt: skip
    found = [f"cut: {each.objectName() or each.text()}" for each in texts]
    used = [
        each for each in shown
        if isinstance(each, USED) and not isinstance(each, QScrollBar) and not in_form(each)
        and not each.objectName().startswith("qt_")
    ]  # fmt: skip
    found += [f"too small: {each.objectName()}" for each in used if too_small(each)]
    places = {each.objectName(): QRect(each.mapTo(window, QPoint()), each.size()) for each in used}
    found += [f"outside: {name}" for name, place in places.items() if not window.rect().contains(place)]
    for (one, here), (other, there) in combinations(places.items(), 2):
        if here.intersects(there):
            found.append(f"overlap: {one}, {other}")
    return found


def look_at(window: ReadingWindow, layout: str) -> list[str]:
    """What is wrong in the reading window in this layout, with a message to be read."""
    window.views.set_layout(layout)
    window.say(MESSAGE)
    settle(window)
    return [f"{layout}: {fault}" for fault in faults(window)]


def look_through_reading(kit: Path, width: int, height: int, layouts: list[str]) -> tuple[float, list[str]]:
    """A case with everything drawn in a later step, in these layouts; one that is not begun."""
    wrong = []
    window = ReadingWindow(Kit.open(kit), Settings())
    window.resize(width, height)
    window.show()
    settle(window, 300)
    for _ in range(2):
        drawn = bool(window.case.reading.rois)
        if drawn:
            window.tools.choose_tool("brush")
            window.tools.choose_kind("tumour")
            window.views.show_position(TUMOUR_MM)
            window._on_saved()
        for layout in layouts if drawn else layouts[-1:]:
            wrong += [f"{'drawn' if drawn else 'not begun'} {fault}" for fault in look_at(window, layout)]
        window.flow.step(1)
        settle(window)
    ratio = window.devicePixelRatioF()
    window.close()
    return ratio, wrong


def main(width: int, height: int, kit: Path, layouts: list[str]) -> None:
    running = application()
    wrong = []
    # what a theme changes are colours alone: each language wears another
    for language, theme in zip(LANGUAGES, cycle(THEMES)):
        speak(running, language)
        dress(running, theme)
        ratio, found = look_through_reading(kit, width, height, layouts)
        start = StartWindow()
        start.show()
        QApplication.processEvents()
        found += [f"start: {fault}" for fault in faults(start)]
        start.close()
        wrong += [f"{language} {fault}" for fault in found]
    print(json.dumps({"ratio": ratio, "size": [width, height], "wrong": wrong}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
