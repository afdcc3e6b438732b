"""Regions and marks as a hand draws them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.imaging.regions.brush import stroke
from core.imaging.roi import polygon_mask
from tests.app.reading.conftest import ECHO_GRID, LESION_MM, MUSCLE_MM, NODE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand, ring
from tests.widgets.hands import LEFT, click, drag, roll, send


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


def mask(hand: Hand, kind: str) -> np.ndarray | None:
    roi = hand.window.case.reading.roi(kind)
    return None if roi is None else roi.mask


def coverage(hand: Hand, kind: str) -> np.ndarray:
    return hand.window.case.reading.roi(kind).coverage


def test_enter_closes_an_outline(hand):
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    assert mask(hand, "tumour") is None
    hand.key(Qt.Key.Key_Return)
    assert np.array_equal(mask(hand, "tumour"), polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0)))


def test_the_first_corner_closes_an_outline(hand):
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.click_at(ring(TUMOUR_MM, 3.0)[0])
    assert np.array_equal(mask(hand, "tumour"), polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0)))


def test_a_double_click_closes_an_outline(hand):
    hand.key("t")
    corners = ring(TUMOUR_MM, 3.0, 6)
    for corner in corners[:-1]:
        hand.click_at(corner)
    hand.double_click_at(corners[-1])
    assert np.array_equal(mask(hand, "tumour"), polygon_mask(ECHO_GRID, corners))


def test_an_outline_in_the_finer_picture_gives_the_same_region(hand):
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0, hand.left)
    hand.key(Qt.Key.Key_Return)
    # the anatomy's slices lie elsewhere; the region lies in the echo slice nearest to the one drawn on
    drawn_at = hand.left.position_at(QPointF(5, 5))[2]
    slices = np.flatnonzero(mask(hand, "tumour").any(axis=(1, 2)))
    assert slices.tolist() == [round(float(ECHO_GRID.to_index((0, 0, drawn_at))[0]))]
    expected = polygon_mask(ECHO_GRID, ring((*TUMOUR_MM[:2], drawn_at), 3.0))
    assert np.array_equal(mask(hand, "tumour"), expected)


def test_a_second_outline_adds_to_the_region(hand):
    hand.key("t")
    other = (TUMOUR_MM[0], TUMOUR_MM[1], TUMOUR_MM[2] + 1.0)
    for middle in (TUMOUR_MM, other):
        hand.outline(middle, 2.0)
        hand.key(Qt.Key.Key_Return)
    both = polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 2.0)) | polygon_mask(ECHO_GRID, ring(other, 2.0))
    assert np.array_equal(mask(hand, "tumour"), both)
    assert len(hand.window.case.reading.rois) == 1


def test_backspace_takes_a_corner_back_and_escape_drops_the_outline(hand):
    hand.key("t")
    square = ring(TUMOUR_MM, 3.0, 4)
    for corner in (*square, (0.0, 0.0, TUMOUR_MM[2])):
        hand.click_at(corner)
    hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    assert np.array_equal(mask(hand, "tumour"), polygon_mask(ECHO_GRID, square))
    before = hand.window.case.reading
    hand.outline(MUSCLE_MM, 2.0)
    hand.key(Qt.Key.Key_Escape)
    hand.key(Qt.Key.Key_Return)
    assert hand.window.case.reading is before
    assert hand.right.sketch is None


def test_the_numbers_run_along_while_drawing_and_go_back_when_dropped(hand):
    hand.key("t")
    corners = ring(TUMOUR_MM, 3.0, 4)
    for corner in corners[:3]:
        hand.click_at(corner)
    half = hand.number("tumour", "area")
    hand.hover_at(corners[3])
    assert hand.number("tumour", "area") == pytest.approx(2 * half, rel=0.15)
    hand.key(Qt.Key.Key_Escape)
    assert hand.text("number-tumour-area") == "–"


def test_two_corners_are_no_outline_and_it_says_so(hand):
    hand.key("t")
    for corner in ring(TUMOUR_MM, 3.0, 4)[:2]:
        hand.click_at(corner)
    hand.key(Qt.Key.Key_Return)
    assert "three corners" in hand.text("message_text")
    assert mask(hand, "tumour") is None


def test_an_outline_is_closed_on_its_own_slice(hand):
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0, corners=4)
    roll(hand.right, -1)
    hand.click_at((*TUMOUR_MM[:2], TUMOUR_MM[2] + 1.0))
    assert "own slice" in hand.text("message_text")
    hand.key(Qt.Key.Key_Return)
    assert np.array_equal(mask(hand, "tumour"), polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0, 4)))


def test_an_outline_little_larger_than_a_voxel_counts_with_its_share(hand):
    hand.key("t")
    roll(hand.right, 8, CTRL)
    for corner in ring((*ECHO_GRID.to_mm((4, 40.5, 40.5))[:2], 0.5), 0.32, 4):
        hand.click_at(corner)
    hand.key(Qt.Key.Key_Return)
    assert hand.window.case.reading.roi("tumour").area_mm2 == pytest.approx(2 * 0.32**2, rel=0.05)


def test_an_outline_beside_the_picture_is_refused_with_the_reason(hand):
    hand.key("t")
    roll(hand.right, -2, CTRL)
    for x in (2.0, 12.0, 7.0):
        click(hand.right, QPointF(x, 2.0 + x))
    hand.key(Qt.Key.Key_Return)
    assert "in the picture" in hand.text("message_text")
    assert mask(hand, "tumour") is None


def test_the_brush_paints_what_its_circle_sweeps(hand):
    hand.key("t")
    hand.key("b")
    path = [TUMOUR_MM, (7.0, -4.0, 0.5), (7.0, -2.5, 0.5)]
    hand.drag_along(path)
    swept = stroke(ECHO_GRID, path, hand.window.tools.options.brush_mm).on(ECHO_GRID.shape)
    assert np.array_equal(coverage(hand, "tumour"), swept)


def test_brackets_change_the_brush(hand):
    hand.key("b")
    before = hand.right.brush_mm
    hand.key("]")
    assert hand.right.brush_mm > before
    hand.key("[")
    assert hand.right.brush_mm == pytest.approx(before)
    for _ in range(60):
        hand.key("[")
    assert hand.right.brush_mm > 0
    hand.key("q")
    assert hand.right.brush_mm is None


def test_the_eraser_takes_away_and_an_emptied_region_is_gone(hand):
    hand.key("t")
    hand.key("b")
    hand.drag_along([TUMOUR_MM])
    whole = mask(hand, "tumour").sum()
    hand.key("e")
    hand.drag_along([(TUMOUR_MM[0] + 1.0, *TUMOUR_MM[1:])])
    assert 0 < mask(hand, "tumour").sum() < whole
    hand.drag_along([TUMOUR_MM])
    assert mask(hand, "tumour") is None


def test_a_stroke_over_what_is_painted_is_no_edit(hand):
    hand.key("t")
    hand.key("b")
    hand.drag_along([TUMOUR_MM])
    before = hand.window.case.reading
    hand.drag_along([TUMOUR_MM])
    assert hand.window.case.reading is before


def test_undo_and_redo_bring_regions_and_numbers_back_exactly(hand):
    states = []

    def note():
        texts = [hand.text(f"number-tumour-{column}") for column in ("area", "signal")]
        mark_names = tuple(hand.window.case.reading.marks)
        states.append((mask(hand, "tumour"), texts, mark_names, dict(hand.window.case.reading.answers)))

    def same(one, other):
        masks = (one[0] is None and other[0] is None) or np.array_equal(one[0], other[0])
        return masks and one[1:] == other[1:]

    note()
    hand.key("2")
    note()
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key(Qt.Key.Key_Return)
    note()
    hand.key("b")
    hand.drag_along([TUMOUR_MM, (1.0, -4.0, 0.5)])
    note()
    hand.key("l")
    hand.click_at(LESION_MM)
    note()
    hand.key("3")
    note()
    hand.key(Qt.Key.Key_Delete)
    note()
    done = list(states)
    for expected in done[-2::-1]:
        hand.key(Qt.Key.Key_Z, CTRL)
        note()
        assert same(states[-1], expected)
    for expected in done[1:]:
        hand.key(Qt.Key.Key_Z, CTRL | SHIFT)
        note()
        assert same(states[-1], expected)


def test_the_edit_menu_names_what_undo_would_take_back(hand):
    undo = hand.window.actions_by_name["undo"]
    assert not undo.isEnabled()
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key(Qt.Key.Key_Return)
    assert undo.text() == "Undo draw tumour"
    hand.key(Qt.Key.Key_Z, CTRL)
    assert hand.window.actions_by_name["redo"].text() == "Redo draw tumour"


def test_a_region_is_removed_whole_and_comes_back(hand):
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key(Qt.Key.Key_Return)
    before = mask(hand, "tumour")
    hand.key(Qt.Key.Key_Backspace, CTRL)
    assert mask(hand, "tumour") is None
    hand.key(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(mask(hand, "tumour"), before)


def test_a_mark_is_moved_by_dragging_it(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    target = (1.0, -6.0, LESION_MM[2])
    hand.key("q")
    hand.drag_along([LESION_MM, (0.0, -7.0, LESION_MM[2]), target])
    (mark,) = hand.window.case.reading.marks.values()
    assert mark.position_mm == pytest.approx(target, abs=0.15)
    hand.key(Qt.Key.Key_Z, CTRL)
    (mark,) = hand.window.case.reading.marks.values()
    assert mark.position_mm == pytest.approx(LESION_MM, abs=0.15)


def test_a_mark_dragged_out_of_the_picture_goes_back(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    before = hand.window.case.reading
    point = hand.right.exact_point_at(LESION_MM)
    drag(hand.right, [point, QPointF(2.0, 2.0)])
    assert "outside" in hand.text("message_text")
    assert hand.window.case.reading is before
    assert hand.right.pin_at(point) is not None


def test_a_mark_outside_the_series_is_refused_with_the_reason(hand):
    hand.key("l")
    send(hand.right, hand_press(), QPointF(3, 3), LEFT, LEFT)
    send(hand.right, hand_release(), QPointF(3, 3), LEFT, Qt.MouseButton.NoButton)
    assert "outside" in hand.text("message_text")
    assert not hand.window.case.reading.marks


def test_delete_removes_the_chosen_mark_with_its_answers(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("5")
    hand.key("n")
    hand.click_at(NODE_MM)
    hand.key(Qt.Key.Key_Delete)
    assert [mark.kind for mark in hand.window.case.reading.marks.values()] == ["lesion"]
    hand.click_at(LESION_MM)
    hand.key(Qt.Key.Key_Delete)
    assert not hand.window.case.reading.marks
    assert not hand.window.case.reading.answers
    hand.key(Qt.Key.Key_Z, CTRL)
    (mark_id,) = hand.window.case.reading.marks
    assert hand.window.case.reading.answers == {("detection_confidence", mark_id): 5}


def test_choosing_another_tool_drops_the_open_outline(hand):
    hand.key("t")
    hand.outline(TUMOUR_MM, 3.0)
    hand.key("b")
    hand.key(Qt.Key.Key_Return)
    assert mask(hand, "tumour") is None
    assert hand.right.sketch is None


def along(hand: Hand, *by_mm: float) -> list[QPointF]:
    return [hand.right.exact_point_at((TUMOUR_MM[0] + x, *TUMOUR_MM[1:])) for x in by_mm]


@pytest.mark.parametrize("drawn_before", [False, True])
def test_undo_with_the_brush_down_drops_the_stroke_and_leaves_what_was_before(hand, drawn_before):
    for key in "tb":
        hand.key(key)
    hand.go_to(TUMOUR_MM)
    if drawn_before:
        hand.drag_along([TUMOUR_MM])
    before, points = hand.window.case.reading, along(hand, 0, 1, 2)
    undo, redo = (hand.window.actions_by_name[name] for name in ("undo", "redo"))
    hand.hold(hand.right, points)
    assert undo.isEnabled() and undo.text() == "Undo" and not redo.isEnabled()
    hand.key(Qt.Key.Key_Z, CTRL)
    # the rest of the drag draws nothing
    hand.hold_on(hand.right, points[0])
    hand.let_go(hand.right, points[0])
    assert hand.window.case.reading is before and hand.window.tools.regions.draft is None
    assert undo.isEnabled() == drawn_before
    hand.drag_along([(TUMOUR_MM[0] + 1, *TUMOUR_MM[1:])])
    assert hand.window.case.reading is not before


@pytest.mark.parametrize("key", ["e", "r", "q", "l"])
def test_a_stroke_is_kept_where_another_tool_is_taken_with_the_button_down(hand, key):
    for each in "tb":
        hand.key(each)
    hand.drag_along([(TUMOUR_MM[0] + x, *TUMOUR_MM[1:]) for x in (0, 1, 2)])
    whole = coverage(hand, "tumour")
    hand.key(Qt.Key.Key_Z, CTRL)
    points = along(hand, 0, 1, 2, 5)
    cursor = hand.right.cursor_mm
    hand.hold(hand.right, points[:3])
    hand.key(key)
    hand.hold_on(hand.right, points[3])
    hand.let_go(hand.right, points[3])
    reading = hand.window.case.reading
    assert np.array_equal(coverage(hand, "tumour"), whole)
    assert len(reading.rois) == 1 and not reading.marks and hand.right.cursor_mm == cursor


def test_undo_takes_the_last_corner_of_an_open_outline_back(hand):
    hand.key("t")
    square = ring(TUMOUR_MM, 3.0, 4)
    for corner in (*square, (0.0, 0.0, TUMOUR_MM[2])):
        hand.click_at(corner)
    hand.key(Qt.Key.Key_Z, CTRL)
    hand.key(Qt.Key.Key_Return)
    assert np.array_equal(mask(hand, "tumour"), polygon_mask(ECHO_GRID, square))


def test_corners_on_a_line_are_refused_for_that(hand):
    hand.key("t")
    for x in (-2.0, 0.0, 2.0):
        hand.click_at((TUMOUR_MM[0] + x, *TUMOUR_MM[1:]))
    hand.key(Qt.Key.Key_Return)
    assert "on a line" in hand.text("message_text")
    assert mask(hand, "tumour") is None


def hand_press():
    from PySide6.QtGui import QMouseEvent

    return QMouseEvent.Type.MouseButtonPress


def hand_release():
    from PySide6.QtGui import QMouseEvent

    return QMouseEvent.Type.MouseButtonRelease
