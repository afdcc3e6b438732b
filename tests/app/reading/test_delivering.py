"""A kit from a server is delivered while it is read; a server that is away stops nobody, and is told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.reading import delivering
from core.errors import StoreError
from core.study.kit import Kit
from core.study.served_kit import Delivered
from tests.app.reading.conftest import opened
from tests.app.reading.hand import Hand


class Server:
    """Stands for the server: what of the kit it has, and whether it is there."""

    def __init__(self) -> None:
        self.there, self.records, self.closed = True, 0, False

    def deliver(self, kit: Kit) -> Delivered:
        if not self.there:
            raise StoreError("the server does not answer; check the network and try again")
        self.records = len(kit.audit_records())
        return Delivered(1, 1)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, kit_path: Path) -> Iterator[Server]:
    server = Server()
    (kit_path / "kit.server").write_text("postgresql://r_1@db/study\n", encoding="utf-8")
    monkeypatch.setattr(delivering, "PAUSE_MS", 0)
    monkeypatch.setattr(delivering, "server_for", lambda kit: server)
    monkeypatch.setattr(delivering, "deliver", lambda there, kit: there.deliver(kit))
    yield server
    assert server.closed


def test_every_saved_change_is_delivered_and_a_server_that_is_away_is_told_of(
    qtbot: QtBot, away: Server, kit_path: Path
) -> None:
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        qtbot.waitUntil(lambda: hand.text("delivered").startswith("Delivered"))
        before = away.records
        away.there = False
        hand.key("3")
        assert hand.text("saved").startswith("Saved")
        qtbot.waitUntil(lambda: hand.text("delivered") == "Not delivered")
        assert "the server does not answer" in hand.child("delivered").toolTip()
        assert away.records == before
        away.there = True
        hand.key("4")
        qtbot.waitUntil(lambda: hand.text("delivered").startswith("Delivered"))
        with_edits = len(window.kit.audit_records())
        assert away.records == with_edits > before


def test_what_is_left_is_delivered_when_the_window_closes(qtbot: QtBot, away: Server, kit_path: Path) -> None:
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        qtbot.waitUntil(lambda: hand.text("delivered").startswith("Delivered"))
        hand.key("3")
    with Kit.open(kit_path, to_read=False) as kit:
        assert away.records == len(kit.audit_records())


def test_a_kit_that_came_on_a_stick_says_nothing_of_a_server(qtbot: QtBot, kit_path: Path) -> None:
    with opened(qtbot, kit_path) as window:
        assert window.delivering is None and not window.findChildren(QLabel, "delivered")
