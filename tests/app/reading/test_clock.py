"""Reading time: what counts, and what does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from app.reading.clock import PAUSE_S, ActiveClock
from tests.app.reading.conftest import TUMOUR_MM
from tests.app.reading.hand import Hand
from tests.app.reading.test_door import type_into
from tests.signing import RATERS_PASSWORD, enrol
from tests.widgets.hands import roll


class Time:
    """A watch that is set by hand."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s

    def pass_(self, seconds: float) -> None:
        self.s += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def test_time_between_touches_counts(time):
    clock = ActiveClock(time)
    for _ in range(3):
        time.pass_(10)
        clock.touch()
    time.pass_(5)
    assert clock.take() == 35
    assert clock.take() == 0


def test_a_long_silence_counts_as_a_minute(time):
    clock = ActiveClock(time)
    time.pass_(3600)
    clock.touch()
    time.pass_(1)
    assert clock.take() == PAUSE_S + 1


def test_nothing_counts_while_the_person_looks_elsewhere(time):
    clock = ActiveClock(time)
    time.pass_(7)
    clock.pause()
    time.pass_(30)
    clock.pause()
    assert clock.take() == 7
    time.pass_(30)
    clock.touch()
    time.pass_(2)
    assert clock.take() == 2


def test_a_clock_that_stands_is_set_going_by_no_touch(time):
    clock = ActiveClock(time)
    time.pass_(5)
    clock.stop()
    for _ in range(3):
        time.pass_(10)
        clock.touch()
    assert clock.take() == 5
    time.pass_(10)
    clock.start()
    time.pass_(2)
    assert clock.take() == 2


def test_trying_again_to_write_is_no_touch(time):
    """Nobody is there while the disk is full: each try would count another two seconds."""
    clock = ActiveClock(time)
    for _ in range(100):
        time.pass_(2)
        clock.take()
        clock.put_back()
    assert clock.take() == PAUSE_S


def test_a_window_that_is_not_active_takes_no_time(window, time):
    window.case.clock = ActiveClock(time)
    time.pass_(4)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    time.pass_(40)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    time.pass_(3)
    assert window.case.clock.take() == 7


@pytest.mark.parametrize(
    "deed",
    [
        lambda hand: hand.hover_at(TUMOUR_MM),
        lambda hand: roll(hand.right, 1),
        lambda hand: hand.key(Qt.Key.Key_PageDown),
        lambda hand: hand.key("f"),
        lambda hand: hand.key("+"),
        lambda hand: hand.click_at(TUMOUR_MM),
    ],
    ids=["hover", "wheel", "page", "action", "zoom", "click"],
)
def test_whatever_is_done_at_the_pictures_counts_as_work(window, time, deed: Callable[[Hand], None]):
    hand = Hand(window)
    hand.right.setFocus()
    window.case.clock = ActiveClock(time)
    # twice a minute's silence: only a touch between them keeps the second from being lost
    time.pass_(PAUSE_S)
    deed(hand)
    time.pass_(PAUSE_S)
    assert window.case.clock.take() == 2 * PAUSE_S


@pytest.mark.parametrize("what", ["slices", "echoes"])
def test_what_plays_by_itself_is_no_work_and_ends_no_pause(window, time, what):
    hand = Hand(window)
    hand.right.setFocus()
    window.case.clock = ActiveClock(time)
    window.cine.play(what)
    time.pass_(PAUSE_S)
    before = hand.right.depth, window.views.states[window.right].echo
    window.cine.step()
    assert (hand.right.depth, window.views.states[window.right].echo) != before
    time.pass_(PAUSE_S)
    assert window.case.clock.take() == PAUSE_S
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    window.cine.step()
    time.pass_(9)
    assert window.case.clock.take() == 0


def test_a_locked_window_plays_nothing_and_takes_no_time(window, time):
    hand = Hand(window)
    enrol(window.kit)
    window.case.clock = ActiveClock(time)
    hand.choose("cine_slices")
    time.pass_(3)
    window.door.ask()
    assert not window.cine.what and not window.actions_by_name["cine_slices"].isChecked()
    # the pointer leaves what is hidden, and a system may give the keys to the window below its dialog
    for event in (QEvent.Type.WindowDeactivate, QEvent.Type.WindowActivate):
        QApplication.sendEvent(window, QEvent(event))
    QApplication.sendEvent(hand.right, QEvent(QEvent.Type.Leave))
    time.pass_(8)
    type_into(window, old=RATERS_PASSWORD)
    time.pass_(2)
    assert window.case.clock.take() == 5


def test_a_pointer_that_another_window_covers_ends_no_pause(window, time):
    hand = Hand(window)
    hand.hover_at(TUMOUR_MM)
    window.case.clock = ActiveClock(time)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    QApplication.sendEvent(hand.right, QEvent(QEvent.Type.Leave))
    time.pass_(9)
    assert window.case.clock.take() == 0


def test_time_is_kept_with_the_case_and_shown_nowhere(qtbot, window, time, kit_path):
    alias = window.case.alias
    window.case.clock = ActiveClock(time)
    time.pass_(17)
    window.flow.step(1)
    qtbot.waitUntil(lambda: window.case.ready and window.case.alias != alias)
    window.close()
    with sqlite3.connect(kit_path / "kit.sqlite") as connection:
        assert dict(connection.execute("select alias, seconds from cases"))[alias] == 17
    connection.close()
