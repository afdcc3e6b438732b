"""What a step asks is answered when its pictures are there, and not while they are being read."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from core.errors import StoreError
from core.study.kit import Kit
from tests.app.reading.conftest import LESION_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.test_opinions import PROTOCOL

PATIENCE_S = 60


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Cleared, no picture is read until it is set again."""
    there, whole = Event(), Kit.images
    there.set()

    def slow(kit: Kit, *args: object) -> object:
        assert there.wait(PATIENCE_S)
        return whole(kit, *args)

    monkeypatch.setattr(Kit, "images", slow)
    yield there
    there.set()


@pytest.fixture
def hand(read_by, pictures: Event) -> Hand:
    """At a case whose second step was opened just now; its pictures are being read."""
    hand = read_by(PROTOCOL.replace("ANSWERS", "hidden"))
    hand.key("2")
    pictures.clear()
    hand.finish()
    assert hand.window.case.reading.step_index == 1
    assert "r2star" not in hand.window.case.images.volumes
    return hand


def draw_and_answer(hand: Hand) -> None:
    for key in "tb":
        hand.key(key)
    hand.drag_along([TUMOUR_MM])
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.window.answers.enter(("necrosis", None))
    hand.key("1")


def test_nothing_is_answered_marked_or_drawn_before_the_pictures_are_there(qtbot, hand, pictures):
    window, kit = hand.window, hand.window.kit
    before, trail = window.case.reading, len(kit.audit_records())
    draw_and_answer(hand)
    assert hand.text("message_text").startswith("The pictures of this step are still being read")
    hand.key(Qt.Key.Key_F3)
    hand.key("a note")
    for _ in range(2):
        hand.key(Qt.Key.Key_Return, CTRL)
    assert window.case.reading == before == kit.reading(window.case.alias)
    assert len(kit.audit_records()) == trail
    assert not hand.child("finish_button").isVisible()
    assert hand.text("finish_reason") == "The pictures of “Look at the maps” are being read …"
    assert not window.form.cards["note", None].field.isEnabled()
    assert window.form.cards["necrosis", None].accessibleName().endswith("locked")

    pictures.set()
    qtbot.waitUntil(lambda: "r2star" in window.case.images.volumes)
    assert hand.text("message_text") == "" and hand.child("finish_button").isVisible()
    # the keys are with the pictures, as after every step
    assert QApplication.focusWidget() in window.views.views
    draw_and_answer(hand)
    reading = window.case.reading
    assert reading.answers["necrosis", None] == 1
    assert len(reading.rois) == 1


def test_a_note_that_had_the_keys_does_not_hand_them_to_another_question(qtbot, read_by, pictures):
    hand = read_by(PROTOCOL.replace("ANSWERS", "hidden"))
    hand.key("2")
    hand.key(Qt.Key.Key_F3)
    hand.key("seen")
    pictures.clear()
    for _ in range(2):
        hand.key(Qt.Key.Key_Return, CTRL)
    pictures.set()
    window = hand.window
    qtbot.waitUntil(lambda: "r2star" in window.case.images.volumes)
    assert window.answers.current == ("necrosis", None)
    hand.key("0")
    assert window.case.reading.answers["necrosis", None] == 0
    assert hand.child("field-note", QPlainTextEdit).toPlainText() == "seen"


def test_a_step_whose_pictures_cannot_be_read_takes_no_answers(qtbot, read_by, monkeypatch):
    hand = read_by(PROTOCOL.replace("ANSWERS", "hidden"))
    hand.key("2")

    def fail(*_: object) -> None:
        raise StoreError("a picture of this case is missing; ask the coordinator for an intact kit")

    monkeypatch.setattr(Kit, "images", fail)
    hand.finish()
    qtbot.waitUntil(lambda: "picture of this case is missing" in hand.text("message_text"))
    before = hand.window.case.reading
    hand.window.answers.enter(("necrosis", None))
    hand.key("1")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading == before
    assert not hand.child("finish_button").isVisible() and hand.text("finish_reason") == ""
    assert not hand.window.form.cards["note", None].field.isEnabled()
