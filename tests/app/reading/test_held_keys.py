"""A key that is held does its deed once: nothing is answered, written or signed by a hand that rests."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.reading.window import ReadingWindow
from tests.app.reading.hand import Hand
from tests.app.reading.test_reading_a_case import detect


def hold(window: QWidget, key: Qt.Key, text: str = "", modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key, and let the system repeat it, as a window of the system gets it."""
    for repeated in (False, True, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeated)
        QApplication.sendEvent(window.windowHandle(), event)
        QApplication.processEvents()


def test_only_keys_that_move_or_take_back_repeat(window: ReadingWindow) -> None:
    repeating = {name for name, action in window.actions_by_name.items() if action.autoRepeat()}
    assert {"undo", "redo", "larger", "next_echo"} <= repeating
    assert not [name for name in repeating if name.startswith("answer_")]
    assert not repeating & {"finish", "next_case", "delete_mark", "clear_region", "copy_next", "lock_region"}


def test_enter_held_on_the_button_asks_and_does_not_confirm(qtbot, window: ReadingWindow) -> None:
    detect(Hand(window))
    window.activateWindow()
    button = window.findChild(QPushButton, "finish_button")
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    before = window.case.reading.step_index
    hold(window, Qt.Key.Key_Return, "\r")
    assert not window.case.reading.signed
    assert window.case.reading.step_index <= before + 1


def test_a_letter_repeats_where_it_was_pressed_and_goes_nowhere_else(qtbot, window: ReadingWindow) -> None:
    window.actions_by_name["note"].trigger()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    field = QApplication.focusWidget()
    hold(window, Qt.Key.Key_X, "x")
    text = field.toPlainText() if hasattr(field, "toPlainText") else field.text()
    assert text == "xxxx"
    other = window.findChild(QPushButton, "finish_button")
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x", False)
    QApplication.sendEvent(window.windowHandle(), event)
    other.setFocus()
    field.setFocus()
    assert (field.toPlainText() if hasattr(field, "toPlainText") else field.text()) == "xxxxx"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_5])
def test_repeats_alone_do_nothing(qtbot, window: ReadingWindow, key: Qt.Key) -> None:
    """As they come to a window whose focus changed under a held key."""
    seen: list[int] = []
    pane = window.views.panes[0].view
    pane.setFocus()
    qtbot.waitUntil(pane.hasFocus)
    pane.keyPressEvent = lambda event: seen.append(event.key())
    text = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Space: " ", Qt.Key.Key_5: "5"}[key]
    QApplication.sendEvent(
        window.windowHandle(),
        QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, True),
    )
    assert seen == []
    QApplication.sendEvent(
        window.windowHandle(),
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, "", True),
    )
    assert seen == [Qt.Key.Key_Down]


def test_a_repeat_that_is_not_marked_is_told_by_its_instant(qtbot, window: ReadingWindow) -> None:
    """As some X servers send it: let go and pressed at one time."""
    seen: list[int] = []
    pane = window.views.panes[0].view
    pane.setFocus()
    qtbot.waitUntil(pane.hasFocus)
    pane.keyPressEvent = lambda event: seen.append(event.key())

    def send(kind: QEvent.Type, time_ms: int) -> None:
        event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", False)
        event.setTimestamp(time_ms)
        QApplication.sendEvent(window.windowHandle(), event)

    press, let_go = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    for kind, time_ms in ((press, 100), (let_go, 600), (press, 600), (let_go, 640), (press, 641)):
        send(kind, time_ms)
    assert len(seen) == 1
    # a second press by hand
    send(let_go, 700)
    send(press, 790)
    assert len(seen) == 2
