"""What a kit can refuse is one clear line, in the start window and while it is read; nothing is half open."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.reading.window import ReadingWindow
from app.settings import Settings
from app.start_window import StartWindow
from core.study import clock
from core.study.kit import Kit
from tests.app.reading.conftest import opened
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.rounds import deal_rounds
from tests.app.reading.test_reading_a_case import detect
from tests.core.study.test_kit import without_triggers


@pytest.fixture
def start(qtbot, language) -> Iterator[StartWindow]:
    window = StartWindow()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


class Clock:
    """What this computer's clock shows, and how long it has run, in days."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = clock.moment()
        self._began, self.days, self.set_by, self.run = clock.seconds_of(now.utc), 0.0, 0.0, "one"
        monkeypatch.setattr(clock, "moment", self.moment)

    def moment(self) -> clock.Moment:
        shown = self._began + (self.days + self.set_by) * 86_400
        return clock.Moment(clock.utc_text(shown), self.run, self.days * 86_400)

    def day(self, days: float) -> str:
        return clock.utc_text(self._began + days * 86_400)


@pytest.fixture
def at(monkeypatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def later(kit_path: Path, at: Clock) -> Path:
    """A kit that opens in twenty days."""
    without_triggers(kit_path, f"UPDATE kit SET opens_utc = '{at.day(20)}'")
    return kit_path


def refused(start: StartWindow, path: Path) -> str:
    """Try to open a kit, see that it stays closed to nobody else, and return what is said."""
    kits: list[Kit] = []
    start.kit_opened.connect(kits.append)
    start.open_kit(path)
    assert kits == [] and start.isVisible() and "\n" not in start.text.text()
    Kit.open(path, to_read=False).close()
    return start.text.text()


def test_a_washout_that_is_not_over_is_said_with_its_day(start, later, at):
    text = refused(start, later)
    assert text.startswith(f"This session opens on {at.day(20)[:10]}, in 20.0 days")


def test_a_clock_that_was_set_forward_is_said(start, later, at):
    refused(start, later)
    at.set_by = 30
    assert "was set forward, and that time does not count" in refused(start, later)


def test_a_clock_that_was_set_back_opens_nothing_sooner(start, later, at):
    refused(start, later)
    at.set_by, at.run = -3, "another"
    assert "in 23.0 days; come back then" in refused(start, later)


def test_it_opens_when_its_day_has_come(start, later, at, qtbot):
    refused(start, later)
    at.days = 20.1
    with qtbot.waitSignal(start.kit_opened) as said:
        start.open_kit(later)
    said.args[0].close()


@pytest.mark.parametrize("language", ["de"], indirect=True)
def test_it_is_said_in_german_too(start, later, at):
    assert refused(start, later).startswith("Diese Sitzung")
    at.set_by = 30
    assert "wurde vorgestellt" in refused(start, later)


def test_a_kit_whose_training_is_damaged_is_not_opened_halfway(start, tmp_path):
    path = deal_rounds(tmp_path)
    without_triggers(path, "UPDATE cases SET status = 'signed' WHERE training_round = 1")
    assert "ask the coordinator for an intact kit" in refused(start, path)


def test_a_step_whose_key_cannot_be_had_stays_closed_and_says_so(qtbot, language, kit_path, tmp_path):
    path = shutil.copytree(kit_path, tmp_path / "damaged.kit")
    without_triggers(path, "UPDATE seals SET wrapped = zeroblob(60)")
    with opened(qtbot, path) as window:
        hand = Hand(window)
        detect(hand)
        for _ in range(2):
            hand.key(Qt.Key.Key_Return, CTRL)
        assert hand.text("message_text").startswith(
            "What was sealed was altered; ask the coordinator for an intact kit"
        )
        assert window.case.reading.step_index == 0 and window.case.writable and hand.right.isVisible()
    connection = sqlite3.connect(path / "kit.sqlite")
    assert connection.execute("SELECT count(*) FROM released").fetchone() == (0,)
    connection.close()


def test_a_picture_of_an_open_step_without_its_key_is_not_shown(qtbot, language, kit_path):
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        alias = window.case.alias
        detect(hand)
        hand.finish()
        qtbot.waitUntil(lambda: "iron" in window.case.images.volumes)
    without_triggers(kit_path, "DELETE FROM released")
    window = ReadingWindow(Kit.open(kit_path), Settings())
    qtbot.addWidget(window)
    window.show()
    hand = Hand(window)
    qtbot.waitUntil(lambda: bool(hand.text("message_text")))
    told = f"The steps of case {alias} were altered; ask the coordinator for an intact kit"
    assert hand.text("message_text") == told
    assert window.case.images is None and not window.case.writable
