"""How many clicks and keys reading takes, counted as they are sent; drawing itself is not counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt

from app.reading.window import ReadingWindow
from tests.app.reading.conftest import AIR_MM, LESION_MM, MUSCLE_MM, NODE_MM, TUMOUR_MM, opened
from tests.app.reading.hand import CTRL, SHIFT, Hand, Position


class CountingHand(Hand):
    """Counts every key and every press of a button."""

    def __init__(self, window: ReadingWindow) -> None:
        super().__init__(window)
        self.keys = self.clicks = 0
        self._drawing = False

    def key(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.keys += 0 if self._drawing else len(key) if isinstance(key, str) else 1
        super().key(key, modifiers)

    def click_at(self, position: Position, view=None) -> None:
        self.clicks += not self._drawing
        super().click_at(position, view)

    def press(self, name: str) -> None:
        self.clicks += not self._drawing
        super().press(name)

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """What is done in here is the drawing itself."""
        self._drawing = True
        yield
        self._drawing = False

    @property
    def total(self) -> int:
        return self.keys + self.clicks

    def draw(self, middle: Position, radius: float) -> None:
        """Click the corners of an outline; Enter, which closes it, is counted."""
        with self.drawing():
            self.outline(middle, radius, self.right)
        self.key(Qt.Key.Key_Return)


def test_one_lesion_takes_at_most_twelve(qtbot, read_by):
    """Mark, one-slice ROI, proposed reference confirmed, detection, margin, size."""
    hand = CountingHand(read_by("tumour-conspicuity").window)
    hand.key("3")
    hand.keys = 0
    # the region first: the mark set in it is then measured by it
    hand.key("t")
    hand.draw(TUMOUR_MM, 3.0)
    hand.key("l")
    hand.click_at(TUMOUR_MM)
    # a mark that is dropped asks its first question; nothing is clicked in between
    for key in "54=":
        hand.key(key)
    hand.key("r", SHIFT)
    qtbot.waitUntil(lambda: hand.window.proposals.shown, timeout=60_000)
    hand.key(Qt.Key.Key_Return)
    reading = hand.window.case.reading
    (mark,) = reading.marks
    assert reading.answers["detection_confidence", mark] == 5
    assert reading.answers["margin_conspicuity", mark] == 4
    assert reading.answers["size_mm", mark] == pytest.approx(6.0, abs=0.3)
    assert {roi.kind for roi in reading.rois.values()} == {"tumour", "reference"}
    assert reading.missing(hand.window.kit.protocol) == ()
    # at most 12 are allowed, and docs/reading.md says how many it takes
    assert hand.total == 9


def test_the_demo_case_is_read_by_keys_alone_but_for_the_drawing(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        hand = CountingHand(window)
        hand.right.setFocus()
        hand.key("4")
        for kind, place, answers in (("l", LESION_MM, "5"), ("n", NODE_MM, "12")):
            hand.key(kind)
            with hand.drawing():
                hand.click_at(place)
            hand.key(answers)
        # once asks, once more confirms
        hand.key(Qt.Key.Key_Return, CTRL)
        hand.key(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: window.case.ready and "iron" in window.case.images.volumes)
        for kind, middle, radius in (("t", TUMOUR_MM, 3.0), ("r", MUSCLE_MM, 2.5), ("a", AIR_MM, 2.0)):
            hand.key(kind)
            hand.draw(middle, radius)
        hand.key(Qt.Key.Key_Down, CTRL)
        assert window.answers.selected == next(iter(window.case.reading.marks))
        hand.key(Qt.Key.Key_Return, CTRL)
        hand.key(Qt.Key.Key_Return, CTRL)
        assert window.case.reading.signed
        alias = window.case.alias
        hand.key(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: window.case.ready and window.case.alias != alias)
        assert hand.clicks == 0
        assert hand.keys <= 25


def test_a_case_without_lesions_takes_the_answer_and_the_signature(qtbot, read_by):
    hand = CountingHand(read_by("tumour-conspicuity").window)
    hand.key("3")
    hand.key(Qt.Key.Key_Return, CTRL)
    hand.key(Qt.Key.Key_Return, CTRL)
    assert hand.window.case.reading.signed
    assert hand.total == 3
