"""Tools that look at the picture, and what is done to a region as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel

from core.imaging.regions.margins import grown, ring
from core.imaging.regions.slices import interpolated
from core.imaging.roi import Roi
from tests.app.reading.conftest import ECHO_GRID, MUSCLE_MM, TUMOUR_MM, TUMOUR_RADIUS_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand
from tests.app.reading.hand import ring as corners
from tests.widgets.hands import hover, roll

TUMOUR_AREA = np.pi * TUMOUR_RADIUS_MM**2


@pytest.fixture
def hand(window) -> Hand:
    """At a late echo, on which the tumour is dark."""
    made = Hand(window)
    made.right.setFocus()
    for _ in range(4):
        made.key(Qt.Key.Key_Right)
    made.key("t")
    return made


def tumour(hand: Hand) -> Roi:
    return hand.window.case.reading.roi("tumour")


def undo_text(hand: Hand) -> str:
    return hand.window.actions_by_name["undo"].text()


def lengths(hand: Hand) -> list[float]:
    return [float(line.text.split()[1]) for line in hand.right.rulers]


def draw(hand: Hand, radius: float = 2.0, z: float = TUMOUR_MM[2]) -> None:
    hand.key("p")
    hand.outline((*TUMOUR_MM[:2], z), radius, corners=8)
    hand.key(Qt.Key.Key_Return)


def test_the_level_under_the_pointer_is_shown_and_taken_by_a_click(hand):
    hand.key("l", SHIFT)
    edge = np.add(TUMOUR_MM, (TUMOUR_RADIUS_MM, 0.1, 0))
    hand.hover_at(edge)
    assert len(hand.right.sketch.points_mm) > 20
    assert not hand.window.case.reading.rois
    hand.click_at(edge)
    assert tumour(hand).area_mm2 == pytest.approx(TUMOUR_AREA, rel=0.08)
    assert undo_text(hand) == "Undo trace tumour"


def test_where_no_level_closes_a_click_says_so(hand):
    hand.key("l", SHIFT)
    hand.click_at((-15.9, 0.0, 0.5))
    assert "closes" in hand.text("message_text")
    assert not hand.window.case.reading.rois


@pytest.mark.parametrize("tool", ["polygon", "freehand"])
def test_a_region_of_less_than_a_voxel_is_refused_and_nothing_is_drawn(hand, tool):
    hand.choose(tool)
    hand.outline(TUMOUR_MM, 0.15, corners=6) if tool == "polygon" else hand.drag_along(
        corners(TUMOUR_MM, 0.15, 6)
    )
    if tool == "polygon":
        hand.key(Qt.Key.Key_Return)
    assert "less than one voxel" in hand.text("message_text")
    assert not hand.window.case.reading.rois and not hand.right.outlines
    assert hand.text("number-tumour-signal") == "–"


def test_the_wire_follows_the_edge_between_the_clicks(hand):
    hand.key("w", SHIFT)
    clicks = corners(TUMOUR_MM, TUMOUR_RADIUS_MM, 4)
    for place in clicks:
        hand.click_at(place)
    hand.hover_at(corners(TUMOUR_MM, TUMOUR_RADIUS_MM, 8)[-1])
    way = np.array(hand.right.sketch.points_mm)
    away = np.linalg.norm(way - TUMOUR_MM, axis=1)
    assert np.abs(away - TUMOUR_RADIUS_MM).max() < 0.5
    hand.click_at(clicks[0])
    assert tumour(hand).area_mm2 == pytest.approx(TUMOUR_AREA, rel=0.06)
    assert undo_text(hand) == "Undo trace tumour"


def test_backspace_takes_a_click_of_the_wire_back_and_escape_drops_it(hand):
    hand.key("w", SHIFT)
    first, second, stray = (*corners(TUMOUR_MM, TUMOUR_RADIUS_MM, 4)[:2], MUSCLE_MM)
    for place in (first, second, stray):
        hand.click_at(place)
    assert len(hand.right.sketch.dots_mm) == 3
    hand.key(Qt.Key.Key_Backspace)
    assert len(hand.right.sketch.dots_mm) == 2
    hand.key(Qt.Key.Key_Escape)
    assert hand.right.sketch is None
    assert not hand.window.case.reading.rois


def test_growing_takes_what_looks_alike_and_tells_its_range(hand):
    hand.key("g", SHIFT)
    hand.click_at(TUMOUR_MM)
    assert tumour(hand).area_mm2 == pytest.approx(TUMOUR_AREA, rel=0.08)
    assert "SD" in hand.text("hint") and "mm³" in hand.text("hint")
    assert undo_text(hand) == "Undo grow tumour from a click"


def test_moving_down_while_growing_narrows_the_range(hand):
    hand.key("g", SHIFT)
    point = hand.right.exact_point_at(TUMOUR_MM)
    field = hand.child("option_spread_sd", QDoubleSpinBox)
    assert field.value() == 2.5
    hand.hold(hand.right, [point])
    whole = hand.number("tumour", "area")
    hand.hold_on(hand.right, point + QPointF(0, 150))
    assert hand.number("tumour", "area") < 0.8 * whole
    hand.let_go(hand.right, point + QPointF(0, 150))
    assert field.value() == pytest.approx(2.5 / 2**1.5, abs=0.1)
    assert tumour(hand).area_mm2 < 0.8 * TUMOUR_AREA


def test_what_leaks_is_not_taken_and_says_so(hand):
    hand.key("g", SHIFT)
    hand.child("option_within_mm", QDoubleSpinBox).setValue(3.0)
    hand.click_at(MUSCLE_MM)
    assert "leaks" in hand.text("message_text")
    assert not hand.window.case.reading.rois


def test_growing_through_slices_takes_the_tumours_other_slices_too(hand):
    hand.key("b", SHIFT)
    hand.key("g", SHIFT)
    hand.click_at(TUMOUR_MM)
    assert tumour(hand).volume_mm3 == pytest.approx(4 / 3 * np.pi * TUMOUR_RADIUS_MM**3, rel=0.15)


@pytest.mark.parametrize("keys", (("g", SHIFT), ("t", SHIFT)))
def test_tools_that_follow_values_are_refused_in_a_picture_of_another_grid(hand, keys):
    hand.key(*keys)
    hand.click_at(TUMOUR_MM, hand.left)
    assert "multi-echo" in hand.text("message_text")
    assert not hand.window.case.reading.rois


def test_the_threshold_brush_stops_at_the_tumours_edge(hand):
    hand.key("t", SHIFT)
    roll(hand.right, 3, SHIFT)
    x, y, z = TUMOUR_MM
    hand.drag_along([(x, y, z), (x + 2.5, y, z), (x + 4.5, y + 1, z)])
    covered = tumour(hand).coverage > 0
    places = ECHO_GRID.to_mm(np.argwhere(covered))
    assert np.linalg.norm(places - TUMOUR_MM, axis=1).max() < TUMOUR_RADIUS_MM + 0.3
    assert "values from" in hand.text("hint")


def test_holes_are_filled(hand):
    draw(hand, 3.0)
    hand.key("e")
    hand.drag_along([TUMOUR_MM])
    holed = tumour(hand).area_mm2
    hand.key("f", SHIFT)
    assert tumour(hand).area_mm2 > holed + 2
    assert undo_text(hand) == "Undo fill holes of tumour"
    hand.key("f", SHIFT)
    assert "nothing to change" in hand.text("message_text")


def test_slices_between_drawn_ones_are_filled_and_outlines_stay(hand):
    draw(hand, 2.0, z=-1.5)
    draw(hand, 3.0, z=1.5)
    before = tumour(hand)
    hand.key("i", SHIFT)
    assert np.array_equal(tumour(hand).coverage, interpolated(before.coverage, ECHO_GRID).on(ECHO_GRID.shape))
    assert np.count_nonzero(tumour(hand).coverage.any(axis=(1, 2))) == 4
    assert tumour(hand).outlines.keys() == before.outlines.keys()
    assert undo_text(hand) == "Undo interpolate tumour"
    hand.key(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(tumour(hand).coverage, before.coverage)


def test_one_slice_cannot_be_interpolated_and_it_says_so(hand):
    draw(hand)
    hand.key("i", SHIFT)
    assert "two slices" in hand.text("message_text")


@pytest.mark.parametrize(("key", "by"), ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, -1)))
def test_a_slice_is_copied_to_the_one_beside_with_its_outline(hand, key, by):
    draw(hand)
    here = hand.right.depth
    before = tumour(hand)
    hand.key(key, CTRL)
    after = tumour(hand)
    assert hand.right.depth == here + by
    assert np.array_equal(after.coverage[here + by], before.coverage[here])
    assert np.array_equal(after.outlines[here + by], before.outlines[here])
    assert undo_text(hand) == "Undo copy tumour to a slice"


def test_copying_goes_on_from_slice_to_slice_up_to_the_last(hand):
    draw(hand)
    for _ in range(5):
        hand.key(Qt.Key.Key_PageDown, CTRL)
    drawn = np.flatnonzero(tumour(hand).coverage.any(axis=(1, 2)))
    assert drawn.tolist() == [4, 5, 6, 7]
    assert "no slice 9" in hand.text("message_text")


def test_a_slice_in_which_nothing_is_drawn_is_not_copied(hand):
    draw(hand)
    hand.key(Qt.Key.Key_PageDown)
    hand.key(Qt.Key.Key_PageDown, CTRL)
    assert "nothing in this slice" in hand.text("message_text")


def test_a_region_grows_and_shrinks_by_the_margin_that_is_set(hand):
    draw(hand)
    before = tumour(hand).coverage
    hand.child("option_margin_mm", QDoubleSpinBox).setValue(0.8)
    hand.key(Qt.Key.Key_Up, CTRL | SHIFT)
    larger = grown(before, ECHO_GRID, 0.8, in_plane=True).on(ECHO_GRID.shape)
    assert np.array_equal(tumour(hand).coverage, larger)
    assert undo_text(hand) == "Undo grow tumour"
    hand.key(Qt.Key.Key_Down, CTRL | SHIFT)
    assert np.array_equal(
        tumour(hand).coverage, grown(larger, ECHO_GRID, -0.8, in_plane=True).on(ECHO_GRID.shape)
    )
    assert undo_text(hand) == "Undo shrink tumour"


def test_shrinking_to_nothing_is_refused(hand):
    draw(hand, 1.0)
    hand.child("option_margin_mm", QDoubleSpinBox).setValue(3.0)
    before = hand.window.case.reading
    hand.key(Qt.Key.Key_Down, CTRL | SHIFT)
    assert "smaller distance" in hand.text("message_text")
    assert hand.window.case.reading is before


def test_a_ring_is_a_region_of_its_own(hand):
    draw(hand)
    hand.key("o", SHIFT)
    found = hand.window.case.reading.roi("ring")
    expected = ring(tumour(hand).coverage, ECHO_GRID, 0.0, 0.5, in_plane=True).on(ECHO_GRID.shape)
    assert np.array_equal(found.coverage, expected)
    assert undo_text(hand) == "Undo draw ring around a region"


@pytest.mark.parametrize(
    "keys",
    (("f", SHIFT), ("i", SHIFT), (Qt.Key.Key_PageDown, CTRL), (Qt.Key.Key_Up, CTRL | SHIFT), ("o", SHIFT)),
)
def test_without_a_region_it_says_that_one_is_needed(hand, keys):
    hand.key(*keys)
    assert "draw one first" in hand.text("message_text")


def test_axes_are_drawn_with_their_lengths_and_follow_the_hand(hand):
    hand.key("p", SHIFT)
    x, y, z = TUMOUR_MM
    angles = np.linspace(0, 2 * np.pi, 60)
    hand.drag_along([(x + 3 * np.cos(a), y + 2 * np.sin(a), z) for a in angles])
    hand.key("x", SHIFT)
    assert [line.text.split()[0] for line in hand.right.rulers] == ["long", "short"]
    assert lengths(hand) == pytest.approx([6, 4], abs=0.05)
    hand.key("b")
    hand.hold(hand.right, [hand.right.exact_point_at(place) for place in ((x, y, z), (x + 5, y, z))])
    assert lengths(hand)[0] == pytest.approx(9, abs=0.1)
    hand.key(Qt.Key.Key_Escape)
    assert lengths(hand) == pytest.approx([6, 4], abs=0.05)
    hand.key("x", SHIFT)
    assert not hand.right.rulers


def test_only_the_numbers_of_the_tool_are_shown(hand):
    def shown() -> list[str]:
        fields = hand.window.options_strip.fields
        return [name for name, field in fields.items() if field.isVisible()]

    assert shown() == ["margin_mm"]
    hand.key("b")
    assert shown() == ["brush_mm"]
    before = hand.right.brush_mm
    hand.key("]")
    assert hand.child("option_brush_mm", QDoubleSpinBox).value() == pytest.approx(2.5 * before)
    hand.key("g", SHIFT)
    assert shown() == ["spread_sd", "within_mm"]


def test_a_number_that_is_typed_holds_and_gives_the_keys_back(hand):
    hand.key("b")
    field = hand.child("option_brush_mm", QDoubleSpinBox)
    field.setFocus()
    field.selectAll()
    hand.key("3")
    hand.key(Qt.Key.Key_Return)
    assert hand.right.brush_mm == 1.5
    assert hand.right.hasFocus() or hand.left.hasFocus()
    assert not hand.window.case.reading.answers


def test_every_hint_is_one_line_about_the_tool(hand):
    hover(hand.right, QPointF(5, 5))
    hint = hand.child("hint", QLabel)
    for key, word in (
        ("b", "paint"),
        ("e", "take away"),
        ("p", "corners"),
        ("z", "edge"),
        ("q", "same place"),
    ):
        hand.key(key)
        assert word in hint.text()
