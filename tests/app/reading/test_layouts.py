"""Layouts, the hanging protocol, reformats, slabs, comparing, playing, and all of it without a mouse."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from core.imaging.volume import Volume
from core.reading.derived import decay_errors
from core.reading.protocol import load_protocol, parse_protocol
from core.study.dealing import deal_kit
from core.study.store import Study
from tests.app.reading.conftest import (
    LESION_MM,
    PROTOCOL,
    TE_MS,
    TUMOUR_MM,
    animal,
    centred,
    opened,
    scan_images,
)
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.test_looks import cut, in_form, too_small, visible
from tests.widgets.hands import LEFT, RIGHT, drag, pixels, roll
from widgets.image_pane import ImagePane
from widgets.slice_view import SliceView

GRE_GRID = centred((40, 64, 64), (0.5, 0.45, 0.45))
HANGING = """\
    hanging:
      layout: 2x2
      panes:
        - {picture: gre3d, plane: coronal, window: [5, 95]}
        - {picture: echoes, echo: 4, overlay: iron, zoom: 2}
        - {picture: r2star}
        - {picture: anatomy, plane: sagittal}
"""


def kit_with(folder: Path, text: str) -> Path:
    """A kit of one case with a 3D picture, errors and flags."""
    images = scan_images(1)
    grid = images.echoes.geometry
    signal, rate = animal(GRE_GRID)
    noise = np.random.default_rng(3).normal(0, 15, signal.shape)
    flags = np.zeros(grid.shape, np.uint8)
    tumour = tuple(np.rint(grid.to_index(TUMOUR_MM)).astype(int))
    flags[tumour] = 8
    images = replace(
        images,
        gre3d=Volume(np.abs(signal * np.exp(-0.004 * rate) + noise).astype(np.float32), GRE_GRID),
        r2star_se_per_s=Volume(np.full(grid.shape, 2.5, np.float32), grid),
        flags=Volume(flags, grid),
    )
    with Study.create(folder / "study", "Iron in mice") as study:
        study.add_scan("mouse-1", "MNP", "24 h", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater A", 1, parse_protocol(text, "test"), folder / "A.kit", seed="5")
    return folder / "A.kit"


@pytest.fixture(scope="session")
def hung_kit(tmp_path_factory) -> Path:
    text = load_protocol(PROTOCOL).text
    # the maps belong to the first step here, and hang in four panes
    text = re.sub(r"    hanging:\n(?:      .*\n)+", "", text)
    shows = "shows: [anatomy, echoes, gre3d, r2star, r2star_se, flags, iron]\n"
    text = text.replace("shows: [anatomy, echoes, gre3d]\n", shows + HANGING, 1)
    return kit_with(tmp_path_factory.mktemp("hung"), text)


@pytest.fixture
def hand(qtbot, hung_kit, tmp_path):
    import shutil

    with opened(qtbot, shutil.copytree(hung_kit, tmp_path / "A.kit")) as window:
        yield Hand(window)


def pane(hand: Hand, name: str) -> ImagePane:
    return hand.child(name, ImagePane)


def controls(window: QWidget) -> list[QWidget]:
    """What can be clicked in the window, but for the questions, which have tests of their own."""
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider, QAbstractSpinBox, SliceView)
    found = visible(window, *kinds)
    # a spin box's line is a part of it
    parts = [each for each in found if isinstance(each.parent(), QAbstractSpinBox)]
    return [each for each in found if not (isinstance(each, QScrollBar) or in_form(each) or each in parts)]


def test_a_step_hangs_as_its_protocol_says(hand):
    first, second, third, fourth = (pane(hand, name) for name in ("left", "right", "third", "fourth"))
    assert all(each.isVisible() for each in (first, second, third, fourth))
    assert first.view.plane.letters == ("R", "L", "H", "F")
    assert first.view.volume.geometry.shape == GRE_GRID.shape
    low, high = np.percentile(first.view.volume.data, (5, 95))
    assert first.view.centre == pytest.approx((low + high) / 2, rel=0.02)
    assert first.view.width_of_window == pytest.approx(high - low, rel=0.02)
    assert second.view.caption == f"TE {TE_MS[3]:g} ms"
    assert second.view.overlay.colours == "lagoon"
    assert third.view.overlay.opacity == 1.0 and third.view.overlay.colours == "ember"
    assert fourth.view.plane.letters == ("A", "P", "H", "F")
    before = second.view.px_per_mm
    second.view.fit()
    assert before == pytest.approx(2 * second.view.px_per_mm)


def test_the_echo_looked_at_stays_when_the_next_step_hangs(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        hand = Hand(window)
        hand.key(Qt.Key.Key_Right)
        hand.key(Qt.Key.Key_Right)
        hand.key("4")
        hand.finish()
        qtbot.waitUntil(lambda: hand.right.overlay is not None)
        assert hand.text("right_echo_text") == f"3/{len(TE_MS)}"
        hand.key(Qt.Key.Key_Right, CTRL)
        qtbot.waitUntil(lambda: window.case.ready)
        assert hand.text("right_echo_text") == f"1/{len(TE_MS)}"


def test_what_a_person_changes_stays_till_the_next_step(hand):
    hand.press("tool_layout_1x2")
    hand.child("left_picture", QComboBox).setCurrentIndex(0)
    assert [each.isVisible() for each in hand.window.views.panes] == [True, True, False, False]
    hand.key("j")
    assert hand.right.inverted or hand.left.inverted
    assert hand.window.views.grid.layout_name == "1x2"


def test_no_layout_cuts_a_text_or_lets_controls_overlap(hand, qtbot):
    window = hand.window
    for size, layout in product((QSize(1366, 700), QSize(1180, 640)), ("1x1", "1x2", "1+3", "2x2")):
        window.resize(size)
        hand.press(f"tool_layout_{layout}")
        qtbot.waitUntil(lambda size=size: window.size() == size)
        qtbot.waitUntil(lambda: not [each.text() for each in visible(window, QLabel) if cut(each)])
        # a pane that has become narrow hides some of its controls
        qtbot.waitUntil(lambda: not [each.objectName() for each in controls(window) if too_small(each)])
        placed = [
            (each, QRect(each.mapTo(window, each.rect().topLeft()), each.size())) for each in controls(window)
        ]
        for (one, here), (other, there) in combinations(placed, 2):
            assert not here.intersects(there), (layout, one.objectName(), other.objectName())
            assert window.rect().contains(here), (layout, one.objectName())


def test_texts_stand_beside_the_picture_and_go_with_one_key(hand):
    """The strongest form of "never over a lesion": no pixel of the picture differs for the texts."""
    hand.key("x")  # the cross-hair is no text, and drawn where there is more room
    for name in ("left", "right", "third", "fourth"):
        view = pane(hand, name).view
        view.zoom_about(QPointF(80, 80), 4.0)
        area = view.picture_area().toAlignedRect()
        inside = (slice(area.top() + 1, area.bottom()), slice(area.left() + 1, area.right()))
        with_texts = pixels(view)
        hand.key("h")
        scale, without = view.px_per_mm, pixels(view)
        # what lies outside the clipped part starts Qt's interpolation elsewhere: a rounding, no letter
        apart = np.abs(with_texts[inside].astype(int) - without[inside])
        assert apart.max() <= 3
        hand.key("h")
        assert view.px_per_mm == scale


def test_one_place_in_four_panes_of_three_series(hand):
    hand.right.setFocus()
    hand.click_at(LESION_MM)
    for each in hand.window.views.panes:
        assert each.view.cursor_mm == pytest.approx(LESION_MM, abs=0.1)
        plane = each.view.plane
        depth = plane.place_of(LESION_MM)[0]
        assert abs(depth - each.view.depth) <= 0.5 + 0.1 / plane.thickness_mm
    # scrolling the coronal picture moves the cross-hair of the others to the front or back
    hand.window.views.show_position(tuple(GRE_GRID.to_mm((20, 30, 30))))
    before = np.array(hand.right.cursor_mm)
    roll(hand.left, -2)
    moved = np.array(hand.right.cursor_mm) - before
    assert abs(moved[1]) == pytest.approx(2 * 0.45) and abs(moved[0]) < 1e-6 and abs(moved[2]) < 1e-6


def test_the_lesion_is_where_the_reformat_shows_it(hand):
    left = hand.left
    hand.window.views.show_position(TUMOUR_MM)
    left.show_cursor = False
    left.set_smooth(False)
    point, away = left.point_at(TUMOUR_MM), left.point_at(np.add(TUMOUR_MM, (-6.5, 0, 0)))
    shown = pixels(left)[:, :, 0].astype(int)
    # the tumour decays: it is darker than the body beside it
    assert shown[point.y(), point.x()] < shown[away.y(), away.x()] - 40


def test_planes_and_slabs_come_with_a_key_and_the_menu_knows(hand):
    hand.left.setFocus()
    hand.key("v")
    assert hand.left.plane.letters == ("A", "P", "H", "F")
    hand.key("v")
    assert hand.left.plane.letters == ("R", "L", "A", "P")
    thin = pixels(hand.left)
    hand.key("s")
    hand.key("s")
    assert (hand.left.slab_kind, hand.left.slab_mm) == ("max", 5.0)
    assert np.mean(pixels(hand.left)) > np.mean(thin)
    menu = pane(hand, "left").menu
    menu.aboutToShow.emit()  # as Qt does before it opens; no platform without a screen opens one
    chosen = [action.text() for action in menu.findChildren(QAction) if action.isChecked()]
    assert {"As scanned", "Highest (MIP)", "5 mm"} <= set(chosen)


def test_a_slab_is_the_mean_highest_or_lowest_of_its_slices(hand):
    view, data = hand.left, hand.left.volume.data
    hand.window.views.wish(pane(hand, "left"), "plane", "axial")
    view.show_slice(20)
    for kind, join in (("mean", np.mean), ("max", np.max), ("min", np.min)):
        cut_out = view.plane.slab(data, 20, 2.0, kind)
        # slices 18 to 22 have their centres within 1 mm
        assert np.allclose(cut_out, join(data[18:23], axis=0), rtol=1e-5)
    assert np.array_equal(view.plane.slab(data, 20, 0.4, "max"), data[20])
    assert np.allclose(view.plane.slab(data, 0, 2.0, "max"), data[:3].max(axis=0))


def test_a_divider_compares_two_pictures_and_the_hand_moves_it(hand):
    view = hand.right
    view.show_cursor = False
    view.set_smooth(False)
    alone = pixels(view)
    hand.window.views.wish(pane(hand, "right"), "compare", "anatomy")
    both, middle = pixels(view), view.width() // 2
    assert np.array_equal(both[30:-30, : middle - 4], alone[30:-30, : middle - 4])
    assert not np.array_equal(both[30:-30, middle + 4 :], alone[30:-30, middle + 4 :])
    drag(view, [QPointF(middle, 100), QPointF(100, 100)], LEFT)
    moved = pixels(view)
    assert np.array_equal(moved[30:-30, middle + 4 :], both[30:-30, middle + 4 :])
    assert not np.array_equal(moved[30:-30, 110 : middle - 4], both[30:-30, 110 : middle - 4])
    # the anatomy right of the divider lies where a view of it alone has it
    hand.window.views.wish(pane(hand, "right"), "compare", "")
    assert np.array_equal(pixels(view), alone)


def test_flagged_voxels_show_no_colour_and_say_why(hand, qtbot):
    overlay = hand.right.overlay.volume
    index = tuple(np.rint(overlay.geometry.to_index(TUMOUR_MM)).astype(int))
    hand.window.views.show_position(tuple(overlay.geometry.to_mm(index)))
    assert np.isnan(overlay.data[index])
    beside = (index[0], index[1] + 3, index[2])
    assert overlay.data[beside] == hand.window.case.images.volumes["iron"].data[beside]
    qtbot.waitUntil(lambda: "faster than the echoes can resolve" in hand.text("probe"))
    # what is recorded of a region is not changed by what is shown of it
    assert np.isfinite(hand.window.case.maps["iron"].data[index])


def test_the_probe_tells_the_errors_of_r2star_and_iron(hand, qtbot):
    images = hand.window.case.images
    place = tuple(images.echoes.geometry.to_mm((4, 30, 55)))
    hand.window.views.show_position(place)
    rate = images.volumes["r2star"].data[4, 30, 55]
    qtbot.waitUntil(lambda: f"R2* {rate:.0f} ± 2.5 1/s" in hand.text("probe"))
    # iron is (R2* - 30) / 10 in these animals
    assert "± 0.25 µg/g" in hand.text("probe")


def test_maps_that_follow_from_the_echoes_are_made_when_they_are_asked_for(hand, qtbot):
    views, right = hand.window.views, pane(hand, "right")
    views.wish(right, "overlay", "t2star")
    rate = hand.window.case.images.volumes["r2star"].data
    shown = hand.right.overlay.volume.data
    known = np.isfinite(shown)
    assert known.any() and np.allclose(shown[known], 1000 / rate[known], rtol=1e-5)
    assert hand.text("colour_bar_unit") == "ms"
    views.wish(right, "overlay", "residual")
    qtbot.waitUntil(lambda: hand.right.overlay is not None)
    images = hand.window.case.images
    shown = hand.right.overlay.volume.data
    known = np.isfinite(shown)
    assert known.sum() == np.isfinite(rate).sum() - 1  # the flagged voxel
    assert np.allclose(shown[known], decay_errors(images.echoes, rate)[0][known], rtol=1e-4)


def test_echoes_and_slices_play_until_told_to_stop(hand, qtbot):
    hand.right.setFocus()
    echo = hand.text("right_echo_text")
    hand.key("d")
    qtbot.waitUntil(lambda: hand.text("right_echo_text") != echo)
    hand.key("c")
    depth = hand.right.depth
    qtbot.waitUntil(lambda: hand.right.depth != depth)
    assert hand.window.actions_by_name["cine_slices"].isChecked()
    hand.key("c")
    assert not hand.window.cine.what


def test_window_presets_are_percentiles_and_a_chosen_window_stays_until_reset(hand):
    view = hand.left
    view.setFocus()
    hand.key("w")
    usual = (view.centre, view.width_of_window)
    drag(view, [QPointF(100, 100), QPointF(140, 120)], RIGHT)
    chosen = (view.centre, view.width_of_window)
    assert chosen != usual
    hand.key("v")
    hand.press("tool_layout_1+3")
    hand.press("tool_layout_2x2")
    assert (view.centre, view.width_of_window) == chosen
    hand.key("w")
    assert (view.centre, view.width_of_window) == usual
    hand.key("k")
    low, high = view.centre - view.width_of_window / 2, view.centre + view.width_of_window / 2
    assert (low, high) == pytest.approx((view.volume.data.min(), view.volume.data.max()), rel=0.2, abs=5)


def test_a_widget_of_any_kind_can_stand_in_one_pane(hand, qtbot):
    made = []

    def make() -> QWidget:
        made.append(QLabel("something else"))
        return made[-1]

    views = hand.window.views
    views.offer_widget("other", "Something else", make)
    views.wish(pane(hand, "right"), "picture", "other")
    assert made[0].isVisible() and not hand.right.isVisible()
    views.wish(pane(hand, "third"), "picture", "other")
    assert len(made) == 1 and made[0].isVisible()
    assert hand.right.isVisible() and not pane(hand, "third").view.isVisible()
    views.wish(pane(hand, "third"), "picture", "anatomy")
    assert not made[0].isVisible() and pane(hand, "third").view.isVisible()


def test_the_whole_window_is_walked_by_keyboard_alone(hand):
    wanted = {each.objectName(): each for each in controls(hand.window) if each.isEnabled()}
    pane(hand, "left").picture.setFocus()
    reached = {}
    for _ in range(len(wanted) + 100):
        now = QApplication.focusWidget()
        reached[now.objectName()] = now
        hand.key(Qt.Key.Key_Tab)
    assert not wanted.keys() - reached.keys()
    for name, each in reached.items():
        assert name and each.accessibleName(), name


def test_panes_layouts_and_pictures_are_changed_without_a_mouse(hand):
    hand.key("1", Qt.KeyboardModifier.ControlModifier)
    shown = [each.objectName() for each in hand.window.views.shown]
    assert len(shown) == 1
    hand.key("4", Qt.KeyboardModifier.ControlModifier)
    names = []
    for _ in range(4):
        hand.key(Qt.Key.Key_F6)
        names.append(QApplication.focusWidget().objectName())
    assert sorted(names) == ["fourth_view", "left_view", "right_view", "third_view"]
    before = hand.window.views.active.view.depth
    hand.key(Qt.Key.Key_PageDown)
    assert hand.window.views.active.view.depth == before + 1
    hand.key("o")
    assert len(hand.window.views.shown) == 1 and hand.window.views.active.view.hasFocus()
    hand.key("o")
    assert len(hand.window.views.shown) == 4
