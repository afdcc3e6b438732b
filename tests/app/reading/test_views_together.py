"""Two pictures, one place: scrolling, cross-hair, zoom, echo, map and window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSlider

from tests.app.reading.conftest import ECHO_GRID, LESION_MM, NODE_MM, TE_MS, TUMOUR_MM, opened
from tests.app.reading.hand import CTRL, Hand, middle_of
from tests.widgets.hands import LEFT, MIDDLE, RIGHT, drag, pixels, roll
from widgets.colours import colour_map
from widgets.legend import Legend


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


@pytest.fixture
def with_maps(hand, qtbot) -> Hand:
    hand.key("3")
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    qtbot.waitUntil(lambda: hand.right.overlay is not None)
    return hand


def choose(combo: QComboBox, text: str) -> None:
    combo.setCurrentIndex(combo.findText(text))


def test_scrolling_one_view_brings_the_other_to_the_same_place(hand):
    for _ in range(3):
        roll(hand.right, -1)
        z_right = hand.right.position_at(QPointF(0, 0))[2]
        z_left = hand.left.position_at(QPointF(0, 0))[2]
        # within half a slice of the other stack, or at its end
        assert abs(z_left - z_right) <= 0.4 + 1e-6 or hand.left.depth in (0, hand.left.plane.count - 1)


def test_a_click_with_the_navigate_tool_puts_both_cross_hairs_there(hand):
    hand.click_at(TUMOUR_MM)
    for view in (hand.left, hand.right):
        assert view.cursor_mm == pytest.approx(TUMOUR_MM, abs=0.05)
    assert hand.left.depth == hand.left.plane.slice_of(TUMOUR_MM)


def test_zoom_and_pan_go_together(hand):
    roll(hand.left, 4, CTRL, hand.left.exact_point_at(TUMOUR_MM))
    drag(hand.left, [QPointF(100, 100), QPointF(130, 90)], MIDDLE)
    assert hand.right.px_per_mm == hand.left.px_per_mm
    middle = hand.left.position_at(middle_of(hand.left))
    assert hand.right.position_at(middle_of(hand.right))[:2] == pytest.approx(middle[:2])
    hand.key("f")
    assert hand.left.position_at(middle_of(hand.left))[:2] == pytest.approx((0, 0), abs=1e-6)


def test_the_echo_slider_shows_the_decay_in_an_unchanged_window(hand):
    window = (hand.right.centre, hand.right.width_of_window)
    slider = hand.child("right_echo", QSlider)
    point = hand.right.point_at(TUMOUR_MM)
    hand.go_to(TUMOUR_MM)
    hand.key("x")
    first = pixels(hand.right)[point.y() + 4, point.x() + 4, 0]
    slider.setValue(5)
    assert hand.right.caption == f"TE {TE_MS[5]:g} ms"
    assert hand.text("right_echo_text") == "6/6"
    assert (hand.right.centre, hand.right.width_of_window) == window
    assert pixels(hand.right)[point.y() + 4, point.x() + 4, 0] < 0.5 * first


def test_arrow_keys_change_the_echo_within_its_range(hand):
    hand.right.setFocus()
    hand.key(Qt.Key.Key_Left)
    assert hand.text("right_echo_text") == "1/6"
    for _ in range(9):
        hand.key(Qt.Key.Key_Right)
    assert hand.text("right_echo_text") == "6/6"


def test_a_chosen_window_stays_until_it_is_reset(hand):
    usual = (hand.right.centre, hand.right.width_of_window)
    drag(hand.right, [QPointF(100, 100), QPointF(160, 140)], RIGHT)
    chosen = (hand.right.centre, hand.right.width_of_window)
    assert chosen != usual
    hand.right.setFocus()
    hand.key(Qt.Key.Key_Right)
    assert (hand.right.centre, hand.right.width_of_window) == chosen
    hand.key("w")
    assert (hand.right.centre, hand.right.width_of_window) == usual


def test_both_panes_can_show_the_same_series_with_one_window(hand):
    choose(hand.child("left_picture", QComboBox), "GRE echoes")
    assert np.array_equal(hand.left.volume.data, hand.right.volume.data)
    drag(hand.right, [QPointF(100, 100), QPointF(160, 140)], RIGHT)
    assert (hand.left.centre, hand.left.width_of_window) == (hand.right.centre, hand.right.width_of_window)


def test_maps_are_chosen_by_list_or_key_and_the_bar_says_which(with_maps):
    hand = with_maps
    assert hand.right.overlay.colours == "lagoon"
    choose(hand.child("right_map", QComboBox), "R2*")
    assert (hand.text("colour_bar_title"), hand.text("colour_bar_unit")) == ("R2*", "1/s")
    assert hand.right.overlay.colours == "ember"
    choose(hand.child("right_map", QComboBox), "No map")
    assert hand.right.overlay is None
    assert not hand.child("colour_bar").isVisible()
    hand.key("m")
    assert hand.right.overlay.colours == "ember"
    # the anatomy has another grid: no map is laid over it
    assert hand.left.overlay is None


def test_pictures_keep_their_place_while_maps_come_and_go(hand, qtbot):
    """The bar has its room from the moment a step with maps is opened, and keeps it."""
    grid, rooms = hand.window.grid, []
    before = grid.width()
    hand.window.case.opened.connect(lambda _: rooms.append(grid.width()))
    hand.key("3")
    hand.finish()
    qtbot.waitUntil(lambda: hand.child("colour_bar").isVisible() and bool(rooms))
    assert rooms == [grid.width()] and rooms[0] < before
    place = hand.right.geometry()
    choose(hand.child("right_map", QComboBox), "No map")
    qtbot.waitUntil(lambda: not hand.child("colour_bar").isVisible())
    QApplication.processEvents()
    assert grid.width() == rooms[0] and hand.right.geometry() == place


def test_every_pane_has_a_legend_where_several_maps_are_shown(with_maps):
    hand, left = with_maps, with_maps.window.views.shown[0]
    # the bar beside the pictures tells the only map
    assert hand.right.legend is None
    views = hand.window.views
    views.wish(left, "picture", "echoes")
    views.wish(left, "overlay", "r2star")
    low, high = hand.window.kit.protocol.map_range("r2star")
    assert hand.left.legend == Legend("ember", low, high, "1/s")
    assert hand.right.legend == Legend("lagoon", *hand.window.kit.protocol.map_range("iron"), "µg/g")
    # in the margin, so that the picture is what it was
    shown = pixels(hand.left)
    x, y = hand.left.width() - 14, 25
    assert shown[y, x, :3].tolist() == pytest.approx(colour_map("ember")[-1].tolist(), abs=25)
    views.wish(left, "overlay", "")
    assert hand.left.legend is None and hand.right.legend is None


def test_a_map_has_the_range_that_the_protocol_gives_it_in_every_case(with_maps):
    hand, protocol = with_maps, with_maps.window.kit.protocol
    assert (hand.right.overlay.low, hand.right.overlay.high) == protocol.map_range("iron")
    choose(hand.child("right_map", QComboBox), "R2*")
    assert (hand.right.overlay.low, hand.right.overlay.high) == protocol.map_range("r2star")
    assert hand.child("colour_bar_high", QLineEdit).text() == f"{protocol.map_range('r2star')[1]:g}"


def test_the_range_of_a_map_is_typed_at_the_bar(with_maps, qtbot):
    hand = with_maps
    box = hand.child("colour_bar_high", QLineEdit)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "7.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (hand.right.overlay.low, hand.right.overlay.high) == (0.0, 7.5)
    # digits meant for the box are no answers
    assert hand.window.case.reading.answers == {("margin_conspicuity", None): 3}


def test_opacity_follows_its_slider_and_is_remembered(with_maps):
    hand = with_maps
    hand.child("right_opacity", QSlider).setValue(20)
    assert hand.right.overlay.opacity == pytest.approx(0.2)
    assert hand.window.settings.overlay_opacity == pytest.approx(0.2)
    hand.key("m")
    hand.key("m")
    assert hand.right.overlay.opacity == pytest.approx(0.2)


def test_the_values_under_the_pointer_are_those_of_the_voxel(with_maps, qtbot):
    hand = with_maps
    index = (4, 30, 55)
    position = ECHO_GRID.to_mm(index)
    hand.click_at(position)
    hand.hover_at(position)
    images = hand.window.case.images
    qtbot.waitUntil(lambda: f"x {position[0]:.1f}  y {position[1]:.1f}" in hand.text("probe"))
    said = hand.text("probe")
    assert f"signal {images.echoes.magnitude[(0, *index)]:.0f}" in said
    assert f"R2* {images.volumes['r2star'].data[index]:.3g}" in said.replace("R2* 1", "R2* 1")
    hand.hover_at((-15.0, -15.0, position[2]))
    qtbot.waitUntil(lambda: "Iron –" in hand.text("probe"))


def test_a_finding_of_the_list_is_jumped_to(hand):
    from PySide6.QtWidgets import QListWidget

    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("n")
    hand.click_at(NODE_MM)
    hand.key(Qt.Key.Key_End)
    hand.right.show_slice(0)
    listed = hand.child("findings", QListWidget)
    from tests.widgets.hands import click

    click(listed.viewport(), listed.visualItemRect(listed.item(0)).center())
    assert hand.right.depth == hand.right.plane.slice_of(LESION_MM)
    assert hand.left.cursor_mm == pytest.approx(LESION_MM, abs=0.15)
    assert [pin.selected for pin in hand.right.pins] == [True, False]


def test_texts_cross_hair_and_smoothing_are_switched_and_remembered(hand):
    before = pixels(hand.right)
    for key, name in (("h", "show_texts"), ("x", "show_crosshair"), ("i", "smooth")):
        hand.key(key)
        assert getattr(hand.window.settings, name) is False
        after = pixels(hand.right)
        assert not np.array_equal(after, before)
        before = after


def test_pictures_are_the_same_again_when_a_case_is_opened_again(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        first, alias = pixels(hand.right), window.case.alias
        hand.key(Qt.Key.Key_Right, CTRL)
        qtbot.waitUntil(lambda: window.case.ready and window.case.alias != alias)
        assert not np.array_equal(pixels(hand.right), first)
        hand.key(Qt.Key.Key_Left, CTRL)
        qtbot.waitUntil(lambda: window.case.ready and window.case.alias == alias)
        assert np.array_equal(pixels(hand.right), first)


def test_only_the_case_chosen_last_is_shown(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        aliases = [case.alias for case in window.kit.cases()]
        shown = []
        window.case.opened.connect(shown.append)
        for alias in (aliases[1], aliases[2], aliases[1], aliases[2]):
            window.flow.open(alias)
        qtbot.waitUntil(lambda: window.case.ready)
        assert window.case.alias == aliases[2]
        assert shown == [aliases[2]]
        assert window.case.reading.alias == aliases[2]


def test_a_click_in_the_worklist_opens_the_case(hand, qtbot):
    from PySide6.QtWidgets import QListView

    view = hand.child("worklist", QListView)
    alias = hand.window.kit.cases()[2].alias
    from tests.widgets.hands import click

    click(view.viewport(), view.visualRect(view.model().index(2)).center(), LEFT)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.alias == alias)
    assert hand.window.windowTitle().startswith(f"Case {alias}")
