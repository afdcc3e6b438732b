"""What the panel tells of the regions after an undo or redo is what it told before, to the last digit."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.app.reading.conftest import AIR_MM, MUSCLE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand, ring

# what is begun, and where
PLACES = (("t", TUMOUR_MM), ("r", MUSCLE_MM), ("a", AIR_MM))
TOOLS = (("b",), ("e",), ("t", SHIFT), ("p",), ("e", SHIFT))


def told(hand: Hand) -> dict[str, str]:
    """Every number of the table, and the contrast with its noise."""
    labels = {part.objectName(): part for part in hand.window.findChildren(QLabel)}
    numbers = {name: part.text() for name, part in labels.items() if name.startswith("number-")}
    del numbers["number-sizes"], numbers["number-dose"]  # these follow a moment later
    return {**numbers, "noise": labels["number-cnr"].toolTip()}


def draw(hand: Hand, deed: int, chance: np.random.Generator) -> None:
    """Something with one of the regions at a place of chance."""
    key, place = PLACES[deed % 3]
    hand.key(key)
    where = np.asarray(place) + np.append(chance.uniform(-1, 1, 2), 0)
    tool = TOOLS[0] if deed < 3 else TOOLS[chance.integers(len(TOOLS))]
    hand.key(*tool)
    if tool == ("p",):
        hand.outline(where, 1.5, corners=5)
        hand.key(Qt.Key.Key_Return)
    else:
        hand.drag_along([tuple(corner) for corner in ring(where, 1.2, 4)])


def test_undo_and_redo_give_back_every_number_that_was_told(window):
    hand, chance = Hand(window), np.random.default_rng(6)
    hand.click_at(MUSCLE_MM)
    seen = [told(hand)]
    for deed in range(24):
        before = window.case.reading
        draw(hand, deed, chance)
        if window.case.reading is not before:
            seen.append(told(hand))
    assert len({repr(numbers) for numbers in seen}) == len(seen) > 12
    for numbers in reversed(seen[:-1]):
        hand.key(Qt.Key.Key_Z, CTRL)
        assert told(hand) == numbers
    for numbers in seen[1:]:
        hand.key(Qt.Key.Key_Z, CTRL | SHIFT)
        assert told(hand) == numbers
