"""Lengths drawn from edge to edge."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, Qt

from tests.app.reading.conftest import LESION_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand
from tests.widgets.hands import click, roll
from widgets.grips import ruler_here
from widgets.ruler_painter import laid_out, text_area

START, END = np.add(TUMOUR_MM, (-3.6, 0, 0)), np.add(TUMOUR_MM, (3.6, 0.4, 0))


@pytest.fixture
def hand(window) -> Hand:
    made = Hand(window)
    made.key("z")
    return made


def rulers(hand: Hand) -> list:
    return list(hand.window.case.reading.rulers.values())


def undo_text(hand: Hand) -> str:
    return hand.window.actions_by_name["undo"].text()


def test_a_ruler_is_as_long_as_it_was_drawn_and_says_so(hand):
    hand.drag_along([START, TUMOUR_MM, END])
    (ruler,) = rulers(hand)
    assert ruler.length_mm == pytest.approx(math.dist(START, END), abs=0.02)
    assert [line.text for line in hand.right.rulers] == [f"{ruler.length_mm:.2f} mm"]
    assert undo_text(hand) == "Undo lay ruler"
    hand.key(Qt.Key.Key_Z, CTRL)
    assert not hand.right.rulers


def test_the_length_runs_along_while_it_is_drawn_and_escape_drops_it(hand):
    hand.hold(hand.right, [hand.right.exact_point_at(place) for place in (START, TUMOUR_MM)])
    assert [line.text for line in hand.right.rulers] == ["3.60 mm"]
    hand.key(Qt.Key.Key_Escape)
    assert not hand.right.rulers
    hand.let_go(hand.right, hand.right.exact_point_at(TUMOUR_MM))
    assert not rulers(hand)


@pytest.mark.parametrize("key", ("z", "q"))
def test_an_end_is_dragged_in_one_step(hand, key):
    hand.drag_along([START, END])
    hand.key(key)
    target = np.add(END, (1.0, -2.0, 0))
    hand.drag_along([END, TUMOUR_MM, target])
    (ruler,) = rulers(hand)
    assert ruler.end_mm == pytest.approx(target, abs=0.02)
    assert ruler.start_mm == pytest.approx(START, abs=0.02)
    assert undo_text(hand) == "Undo move ruler"


def test_a_ruler_across_a_finding_is_about_it_and_goes_with_it(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("z")
    for middle in (LESION_MM, TUMOUR_MM):
        hand.drag_along([np.add(middle, (-1, 0, 0)), np.add(middle, (1, 0.2, 0))])
    (mark,) = hand.window.case.reading.marks
    assert [ruler.about for ruler in rulers(hand)] == [mark, None]
    hand.key(Qt.Key.Key_Delete)
    assert [ruler.about for ruler in rulers(hand)] == [None]


def test_a_chosen_ruler_is_deleted(hand):
    hand.drag_along([START, END])
    hand.drag_along([np.add(START, (0, 6, 0)), np.add(END, (0, 6, 0))])
    click(hand.right, hand.right.exact_point_at(np.add((START + END) / 2, (1, 0.05, 0))))
    hand.key(Qt.Key.Key_Delete, SHIFT)
    (left,) = rulers(hand)
    assert left.start_mm[1] == pytest.approx(START[1] + 6, abs=0.02)
    assert undo_text(hand) == "Undo remove ruler"
    hand.key(Qt.Key.Key_Delete, SHIFT)
    assert "Choose a ruler" in hand.text("message_text")


def test_a_click_alone_lays_none_and_says_how(hand):
    click(hand.right, hand.right.exact_point_at(START))
    assert "one edge to the other" in hand.text("message_text")
    assert not rulers(hand)


def test_a_ruler_of_a_locked_step_stays(hand, qtbot):
    hand.drag_along([START, END])
    hand.key("4")
    hand.finish()
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.reading.step_index == 1)
    assert not hand.right.grips
    assert len(hand.right.rulers) == 1
    hand.key(Qt.Key.Key_Delete, SHIFT)
    assert len(rulers(hand)) == 1


@pytest.mark.parametrize("angle", range(0, 360, 30))
@pytest.mark.parametrize("px", (5, 40, 300))
def test_the_length_stands_beside_what_is_measured(hand, angle, px):
    view = hand.right
    way = QPointF(math.cos(math.radians(angle)), math.sin(math.radians(angle))) * px / 2
    middle = QPointF(view.width() / 2, view.height() / 2)
    line = QLineF(middle - way, middle + way)
    area = text_area(view, line, "12.3 mm")
    # the circle over the ruler holds what is measured
    nearest = QPointF(
        min(max(middle.x(), area.left()), area.right()), min(max(middle.y(), area.top()), area.bottom())
    )
    assert QLineF(nearest, middle).length() > px / 2
    assert view.picture_area().contains(area)


@pytest.mark.parametrize("notches", (0, -8, 6))
def test_no_length_is_written_over_another(hand, qtbot, notches):
    """Rulers, both axes and the width of the edge in eight sectors, all of one region."""
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key(Qt.Key.Key_Return)
    for key in ("x", "m"):
        hand.key(key, SHIFT)
    hand.key("z")
    hand.drag_along([START, END])
    hand.drag_along([np.add(START, (0.5, 0.5, 0)), np.add(END, (-0.5, 0.5, 0))])
    qtbot.waitUntil(lambda: len(hand.right.rulers) == 12)
    roll(hand.right, notches, CTRL)
    areas = [area for _, _, area in laid_out(hand.right)]
    assert len(areas) == 12
    assert not any(one.intersects(other) for one, other in combinations(areas, 2))


def test_a_ruler_shows_in_its_own_slice(hand):
    hand.drag_along([START, END])
    (line,) = hand.right.rulers
    assert ruler_here(hand.right, line) is not None
    hand.key(Qt.Key.Key_PageDown)
    assert ruler_here(hand.right, line) is None


def test_a_ruler_across_a_rim_is_about_the_finding_that_is_chosen_and_answers_its_question(read_by):
    """The rim lies beside the finding's middle; where the protocol asks for it, the chosen one is meant."""
    hand = read_by("ablative-margin")
    hand.key("3")
    for place in (TUMOUR_MM, LESION_MM):
        hand.key("l")
        hand.click_at(place)
    first, second = hand.window.case.reading.marks
    hand.key(Qt.Key.Key_Up, CTRL)
    assert hand.window.answers.selected == first
    hand.key("1")
    hand.key("z")
    rim = np.add(TUMOUR_MM, (3.6, 0, 0))
    hand.drag_along([rim, np.add(rim, (2.4, 0, 0))])
    (ruler,) = rulers(hand)
    assert ruler.about == first and second != first
    hand.key("=")
    assert hand.window.case.reading.answers["least_thickness_mm", first] == 2.4
    hand.key(Qt.Key.Key_Z, CTRL)
    hand.key(Qt.Key.Key_Z, CTRL)
    assert not rulers(hand)
