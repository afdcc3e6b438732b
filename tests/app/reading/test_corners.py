"""Outlines stay outlines: their corners are dragged, added, taken away; everything else goes to the tool."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.imaging.regions.outline import polygon
from tests.app.reading.conftest import ECHO_GRID, MUSCLE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand, ring
from tests.widgets.hands import double_click, hover, pixels


@pytest.fixture
def hand(window) -> Hand:
    made = Hand(window)
    made.key("t")
    made.outline(TUMOUR_MM, 3.0, corners=6)
    made.key(Qt.Key.Key_Return)
    return made


def corners_mm(hand: Hand) -> np.ndarray:
    (outlines,) = hand.window.case.reading.roi("tumour").outlines.values()
    (corners,) = outlines
    return ECHO_GRID.to_mm(np.column_stack([np.full(len(corners), 4), corners]))


def coverage(hand: Hand) -> np.ndarray:
    return hand.window.case.reading.roi("tumour").coverage


def covered(corners: np.ndarray) -> np.ndarray:
    return polygon(ECHO_GRID, corners).on(ECHO_GRID.shape)


def undo_text(hand: Hand) -> str:
    return hand.window.actions_by_name["undo"].text()


def test_a_corner_is_dragged_in_one_step(hand):
    before = corners_mm(hand)
    target = np.add(before[2], (1.5, 0.7, 0.0))
    hand.drag_along([before[2], np.add(before[2], (0.5, 0.2, 0)), target])
    moved = corners_mm(hand)
    assert np.allclose(np.delete(moved, 2, 0), np.delete(before, 2, 0))
    assert moved[2] == pytest.approx(target, abs=0.1)
    assert np.array_equal(coverage(hand), covered(moved))
    assert undo_text(hand) == "Undo move a corner of tumour"
    hand.key(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(corners_mm(hand), before)
    assert np.array_equal(coverage(hand), covered(before))


@pytest.mark.parametrize("back", [(Qt.Key.Key_Escape,), (Qt.Key.Key_Z, CTRL)])
def test_numbers_follow_while_a_corner_is_dragged_and_a_key_brings_them_back(hand, back):
    before, area = hand.window.case.reading, hand.number("tumour", "area")
    corner = corners_mm(hand)[0]
    held = [hand.right.exact_point_at(np.add(corner, (shift, 0, 0))) for shift in (0.0, 1.0, 2.0)]
    hand.hold(hand.right, held)
    assert hand.number("tumour", "area") > area + 1
    hand.key(*back)
    assert hand.number("tumour", "area") == area
    hand.let_go(hand.right, held[-1])
    assert hand.window.case.reading is before


def test_a_double_click_on_an_edge_adds_a_corner_there(hand):
    before = corners_mm(hand)
    place = (before[0] + before[1]) / 2
    hand.double_click_at(place)
    added = corners_mm(hand)
    assert len(added) == 7
    assert added[1] == pytest.approx(place, abs=0.1)
    assert undo_text(hand) == "Undo add a corner to tumour"
    assert not hand.window.tools.drawing


def test_a_double_click_on_a_corner_takes_it_away(hand):
    before = corners_mm(hand)
    hand.double_click_at(before[3])
    assert np.allclose(corners_mm(hand), np.delete(before, 3, 0))
    assert np.array_equal(coverage(hand), covered(np.delete(before, 3, 0)))
    assert undo_text(hand) == "Undo remove a corner of tumour"


def test_the_last_three_corners_stay(hand):
    for _ in range(4):
        hand.double_click_at(corners_mm(hand)[0])
    assert len(corners_mm(hand)) == 3
    assert "three corners" in hand.text("message_text")


def test_a_press_beside_a_corner_begins_an_outline(hand):
    point = hand.right.exact_point_at(corners_mm(hand)[0])
    hand.click_px(hand.right, point + QPointF(7, 0))
    assert hand.window.tools.drawing
    assert len(hand.right.sketch.points_mm) == 1


def test_the_corners_take_no_press_from_an_outline_that_is_begun(hand):
    before = hand.window.case.reading
    first = corners_mm(hand)[0]
    hand.click_at(np.add(first, (-1.0, 1.0, 0.0)))
    hand.drag_along([first, np.add(first, (1.0, 0.0, 0.0))])
    assert hand.window.case.reading is before
    assert len(hand.right.sketch.points_mm) == 2


@pytest.mark.parametrize("key", ("q", "b", "e", "l"))
def test_other_tools_have_no_corners(hand, key):
    hand.key(key)
    assert not hand.right.grips


def test_a_hidden_or_locked_region_has_no_corners(hand):
    assert hand.right.grips
    hand.key("h", SHIFT)
    assert not hand.right.grips
    hand.key("h", SHIFT)
    hand.key("l", CTRL)
    assert not hand.right.grips
    hand.key("l", CTRL)
    assert hand.right.grips


def test_the_corner_under_the_pointer_is_shown_larger(hand):
    point = hand.right.exact_point_at(corners_mm(hand)[0])
    hover(hand.right, point + QPointF(30, 0))
    away = pixels(hand.right).astype(int)
    hover(hand.right, point)
    near = pixels(hand.right).astype(int)
    x, y = int(point.x()), int(point.y())
    assert np.abs(near - away)[y - 6 : y + 7, x - 6 : x + 7].max() > 100


def test_an_outline_in_the_finer_picture_is_changed_there_too(hand):
    before = corners_mm(hand)
    hand.drag_along([before[1], np.add(before[1], (0.0, 1.5, 0.0))], hand.left)
    assert corners_mm(hand)[1] == pytest.approx(np.add(before[1], (0.0, 1.5, 0.0)), abs=0.1)


def test_a_second_outline_beside_the_first_leaves_both_to_be_changed(hand):
    hand.outline(MUSCLE_MM, 1.5, corners=5)
    hand.key(Qt.Key.Key_Return)
    (outlines,) = hand.window.case.reading.roi("tumour").outlines.values()
    assert [len(corners) for corners in outlines] == [6, 5]
    place = ring(MUSCLE_MM, 1.5, 5)[0]
    hand.drag_along([place, np.add(place, (1.0, 0.0, 0.0))])
    (outlines,) = hand.window.case.reading.roi("tumour").outlines.values()
    assert [len(corners) for corners in outlines] == [6, 5]
    expected = np.maximum(*(covered(ECHO_GRID.to_mm(np.insert(c, 0, 4, axis=1))) for c in outlines))
    assert np.array_equal(coverage(hand), expected)


def test_a_brush_stroke_makes_an_outline_a_painted_region(hand):
    hand.key("b")
    hand.drag_along([TUMOUR_MM, (TUMOUR_MM[0] + 3, *TUMOUR_MM[1:])])
    assert not hand.window.case.reading.roi("tumour").outlines
    hand.key("p")
    assert not hand.right.grips
    hand.key(Qt.Key.Key_Z, CTRL)
    assert hand.right.grips


def test_an_ellipse_is_changed_by_its_four_ends(hand):
    hand.key("r")
    hand.key("e", SHIFT)
    x, y, z = MUSCLE_MM
    hand.drag_along([(x - 2, y - 1, z), (x, y, z), (x + 2, y + 1, z)])
    reading = hand.window.case.reading
    assert reading.roi("reference").area_mm2 == pytest.approx(np.pi * 2 * 1, rel=0.03)
    hand.drag_along([(x + 2, y, z), (x + 3, y, z)])
    # the other end stays: from 4 mm long to 5
    assert hand.window.case.reading.roi("reference").area_mm2 == pytest.approx(np.pi * 2.5, rel=0.03)
    hand.drag_along([(x + 0.5, y - 1, z), (x + 0.5, y - 2, z)])
    assert hand.window.case.reading.roi("reference").area_mm2 == pytest.approx(np.pi * 2.5 * 1.5, rel=0.03)
    assert undo_text(hand) == "Undo move a corner of reference tissue"


def test_an_ellipse_has_no_corners_to_add_or_take_away(hand):
    hand.key("r")
    hand.key("e", SHIFT)
    x, y, z = MUSCLE_MM
    hand.drag_along([(x - 2, y - 1, z), (x + 2, y + 1, z)])
    before = hand.window.case.reading
    for place in ((x + 2, y, z), (x + 1.414, y + 0.707, z)):
        double_click(hand.right, hand.right.exact_point_at(place))
    assert hand.window.case.reading is before
