"""Several regions: which is active, hidden, locked, named, coloured."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget

from core.imaging.regions.brush import ball, stroke
from tests.app.reading.conftest import ECHO_GRID, LESION_MM, MUSCLE_MM, NODE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand, ring
from tests.widgets.hands import roll


@pytest.fixture
def hand(window) -> Hand:
    """Two regions: a tumour and, active, a first region of another kind."""
    made = Hand(window)
    made.key("t")
    made.outline(TUMOUR_MM, 3.0, corners=6)
    made.key(Qt.Key.Key_Return)
    made.choose("kind_other")
    made.key("b")
    made.drag_along([MUSCLE_MM])
    return made


def names(hand: Hand) -> list[str]:
    return [roi.name for roi in hand.window.case.reading.rois.values()]


def rows(hand: Hand) -> list[str]:
    tree = hand.child("regions", QTreeWidget)
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def current(hand: Hand) -> str:
    item = hand.child("regions", QTreeWidget).currentItem()
    return "" if item is None else item.text(0)


def outlined(hand: Hand) -> dict[str, bool]:
    """Which colours are outlined in the right picture, and whether as the active region."""
    return {outline.colour: outline.active for outline in hand.right.outlines}


def undo_text(hand: Hand) -> str:
    return hand.window.actions_by_name["undo"].text()


def test_the_list_shows_every_region_and_which_is_active(hand):
    assert rows(hand) == ["Tumour", "Other"]
    assert current(hand) == "Other"
    assert outlined(hand) == {"#e69f00": False, "#bbbbbb": True}


def test_a_kind_may_have_several_regions(hand):
    hand.key("n", CTRL)
    assert current(hand) == ""
    hand.drag_along([LESION_MM])
    assert names(hand) == ["tumour", "other", "other 2"]
    assert rows(hand)[-1] == "Other 2"
    # drawing on goes into the new one
    hand.drag_along([NODE_MM])
    assert names(hand) == ["tumour", "other", "other 2"]
    assert undo_text(hand) == "Undo change other 2"


def test_a_second_region_is_refused_where_the_protocol_wants_one(hand):
    hand.key("t")
    hand.key("n", CTRL)
    assert "already" in hand.text("message_text")
    hand.key("b")
    hand.drag_along([LESION_MM])
    assert names(hand) == ["tumour", "other"]


def test_keys_go_from_region_to_region_and_show_its_place(hand):
    roll(hand.right, 2)
    hand.key(".")
    assert current(hand) == "Tumour"
    assert hand.right.plane.slice_of(TUMOUR_MM) == hand.right.depth
    assert np.linalg.norm(np.subtract(hand.right.cursor_mm, TUMOUR_MM)) < 0.5
    hand.key(",")
    assert current(hand) == "Other"
    assert np.linalg.norm(np.subtract(hand.right.cursor_mm, MUSCLE_MM)) < 0.5


def test_the_active_region_is_the_one_that_changes(hand):
    hand.key(".")
    hand.drag_along([NODE_MM])
    tumour, other = hand.window.case.reading.rois.values()
    assert tumour.coverage[ECHO_GRID.to_index(NODE_MM).round().astype(int)[0]].any()
    assert undo_text(hand) == "Undo change tumour"
    assert np.array_equal(other.coverage, stroke(ECHO_GRID, [MUSCLE_MM], 1.0).on(ECHO_GRID.shape))


def test_a_hidden_region_is_not_drawn_and_not_gone_to(hand):
    hand.key("h", SHIFT)
    assert outlined(hand) == {"#e69f00": False}
    hand.key(".")
    hand.key(".")
    assert current(hand) == "Tumour"


def test_drawing_in_a_hidden_region_shows_it(hand):
    hand.key("h", SHIFT)
    hand.drag_along([LESION_MM])
    assert outlined(hand) == {"#e69f00": False, "#bbbbbb": True}


def test_a_locked_region_refuses_every_tool_with_the_reason(hand):
    hand.key("l", CTRL)
    assert undo_text(hand) == "Undo lock other"
    before = hand.window.case.reading
    for keys in (("b",), ("e",), ("p", SHIFT), ("e", SHIFT), ("p",)):
        hand.key(*keys)
        hand.key(Qt.Key.Key_Escape)
        hand.drag_along([MUSCLE_MM, np.add(MUSCLE_MM, (1, 1, 0)), np.add(MUSCLE_MM, (0, 2, 0))])
        assert "locked" in hand.text("message_text"), keys
        assert hand.window.case.reading is before, keys
        assert not hand.window.tools.drawing, keys
    hand.key(Qt.Key.Key_Backspace, CTRL)
    assert "locked" in hand.text("message_text")
    hand.key("l", CTRL)
    hand.key(Qt.Key.Key_Backspace, CTRL)
    assert names(hand) == ["tumour"]


def test_a_region_is_renamed_and_recoloured_and_both_are_undone(hand):
    panel, (_, other) = hand.window.region_list, hand.window.case.reading.rois
    panel.renamed.emit(other, "left flank")
    panel.recoloured.emit(other, "#44aa99")
    assert rows(hand) == ["Tumour", "Left flank"]
    assert outlined(hand) == {"#e69f00": False, "#44aa99": True}
    assert undo_text(hand) == "Undo recolour left flank"
    hand.key(Qt.Key.Key_Z, CTRL)
    assert undo_text(hand) == "Undo rename other"
    hand.key(Qt.Key.Key_Z, CTRL)
    assert rows(hand) == ["Tumour", "Other"]
    assert outlined(hand) == {"#e69f00": False, "#bbbbbb": True}


def test_a_name_that_cannot_be_is_refused_with_the_reason(hand):
    (tumour, _), before = hand.window.case.reading.rois, hand.window.case.reading
    hand.window.region_list.renamed.emit(tumour, "x" * 61)
    assert "60 characters" in hand.text("message_text")
    assert hand.window.case.reading is before


def test_delete_in_the_list_deletes_the_region_and_no_finding(hand):
    hand.key("l")
    hand.click_at(LESION_MM)
    tree = hand.child("regions", QTreeWidget)
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(1))
    hand.key(Qt.Key.Key_Delete)
    assert names(hand) == ["tumour"]
    assert len(hand.window.case.reading.marks) == 1


def test_what_was_undone_leaves_the_first_region_of_the_kind_active(hand):
    hand.key("n", CTRL)
    hand.drag_along([LESION_MM])
    hand.key(Qt.Key.Key_Z, CTRL)
    assert current(hand) == "Other"
    hand.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert current(hand) == "Other 2"


def test_a_stroke_under_way_is_lost_with_escape_alone(hand):
    before = hand.window.case.reading
    points = [hand.right.exact_point_at(place) for place in ring(LESION_MM, 1.0, 5)]
    hand.go_to(LESION_MM)
    hand.hold(hand.right, points)
    assert len(hand.right.outlines) == 2
    hand.key(Qt.Key.Key_Escape)
    hand.let_go(hand.right, points[-1])
    assert hand.window.case.reading is before
    hand.hold(hand.right, points)
    hand.let_go(hand.right, points[-1])
    assert hand.window.case.reading is not before


def test_a_ball_reaches_into_the_slices_beside(hand):
    hand.key("n", CTRL)
    hand.key("b", SHIFT)
    hand.drag_along([TUMOUR_MM])
    expected = ball(ECHO_GRID, [TUMOUR_MM], hand.right.brush_mm).on(ECHO_GRID.shape)
    found = list(hand.window.case.reading.rois.values())[-1].coverage
    assert np.array_equal(found, expected)
    assert np.count_nonzero(found.any(axis=(1, 2))) > 1


def test_the_wheel_with_shift_changes_the_brush_and_without_one_the_echo(hand):
    before = hand.right.brush_mm
    roll(hand.right, 2, SHIFT)
    assert hand.right.brush_mm == pytest.approx(before * 1.25**2)
    hand.key("q")
    roll(hand.right, -1, SHIFT)
    assert hand.right.caption == "TE 5 ms"


def test_the_wheel_of_itk_snap_changes_the_brush_while_there_is_one(hand):
    hand.window.settings.mouse_preset = "itk-snap"
    hand.window.apply_controls()
    before, depth = hand.right.brush_mm, hand.right.depth
    roll(hand.right, -1)
    assert hand.right.brush_mm == pytest.approx(before / 1.25)
    assert hand.right.depth == depth
    hand.key("p")
    roll(hand.right, -1)
    assert hand.right.depth == depth + 1


KINDS = ("tumour", "reference", "noise", "kind_node", "kind_ring", "kind_ablation", "kind_other")


def kinds_offered(hand: Hand) -> list[str]:
    """The kinds with a button, each of which has a row of numbers too."""
    buttons = [name for name in KINDS if hand.child(f"tool_{name}").isVisible()]
    rows = [name for name in KINDS if hand.child(f"number-{name.removeprefix('kind_')}-area").isVisible()]
    assert buttons == rows
    return buttons


def test_a_protocol_of_nodes_offers_nodes_and_tells_their_numbers(read_by):
    hand = read_by("lymph-nodes")
    assert kinds_offered(hand) == ["tumour", "reference", "noise", "kind_node"]
    hand.key("n", SHIFT)
    hand.outline(NODE_MM, 1.2, corners=24)
    hand.key(Qt.Key.Key_Return)
    assert [roi.kind for roi in hand.window.case.reading.rois.values()] == ["node"]
    (roi,) = hand.window.case.reading.rois.values()
    assert hand.number("node", "area") == pytest.approx(np.pi * 1.2**2, rel=0.03)
    assert hand.number("node", "volume") == pytest.approx(roi.volume_mm3, rel=0.01)
    assert hand.number("node", "signal") == pytest.approx(760 * np.exp(-2.5 * 0.21), rel=0.03)
    assert hand.text("number-tumour-area") == "–"


def test_a_kind_the_protocol_does_not_name_is_offered_while_it_is_chosen_or_drawn(window):
    hand = Hand(window)
    assert kinds_offered(hand) == ["tumour", "reference", "noise"]
    for key, name in (("c", "kind_ring"), ("d", "kind_ablation"), ("u", "kind_other")):
        hand.key(key, SHIFT)
        assert kinds_offered(hand) == ["tumour", "reference", "noise", name]
    hand.key("b")
    hand.drag_along([MUSCLE_MM])
    hand.key("t")
    assert kinds_offered(hand) == ["tumour", "reference", "noise", "kind_other"]
    assert hand.number("other", "area") == pytest.approx(np.pi, rel=0.03)
    hand.press("tool_kind_other")
    assert window.tools.regions.kind == "other"
