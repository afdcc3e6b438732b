from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from tests.widgets.hands import CTRL, LEFT, MIDDLE, RIGHT, click, drag, hover, pixels, roll
from widgets.outlines import Outline, Pin
from widgets.slice_view import Overlay, SliceView

GRID = Geometry.axial((10, 40, 50), (1.5, 0.5, 0.4), (-10.0, -5.0, 3.0))


@pytest.fixture
def volume():
    return Volume(np.arange(np.prod(GRID.shape), dtype=np.float32).reshape(GRID.shape), GRID)


@pytest.fixture
def view(qtbot, volume):
    made = SliceView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.set_picture(volume)
    made.set_window(10_000, 20_000)
    made.set_smooth(False)
    made.set_show_texts(False)
    made.show()
    return made


def test_the_wheel_goes_through_the_slices_and_stops_at_the_ends(view, qtbot):
    start = view.depth
    with qtbot.waitSignal(view.position_chosen) as said:
        roll(view, -2)
    assert view.depth == start + 2
    assert GRID.to_index(said.args[0])[0] == pytest.approx(start + 2)
    roll(view, 50)
    assert view.depth == 0
    roll(view, 1)
    assert view.depth == 0


def test_small_turns_of_a_touchpad_add_up_to_a_slice(view):
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    start, middle = view.depth, QPointF(200, 150)
    for _ in range(4):
        event = QWheelEvent(
            middle, view.mapToGlobal(middle), QPoint(), QPoint(0, -30), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)
    assert view.depth == start + 1


def test_scrolling_keeps_the_place_in_the_slice(view):
    view.show_position(GRID.to_mm((4, 10, 12)))
    roll(view, -3)
    assert np.allclose(GRID.to_index(view.cursor_mm), (7, 10, 12))


def test_page_keys_and_ends(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.depth == 0
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.depth == 1
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.depth == GRID.shape[0] - 1


def test_zoom_keeps_what_lies_under_the_pointer(view):
    point = QPointF(290, 80)
    before, scale = view.position_at(point), view.px_per_mm
    roll(view, 3, CTRL, point)
    assert view.px_per_mm > scale * 1.5
    assert np.allclose(view.position_at(point), before, atol=1e-9)
    assert view.depth == GRID.shape[0] // 2


def test_zoom_has_ends(view):
    roll(view, 200, CTRL)
    assert view.px_per_mm * 0.4 <= 64.01
    roll(view, -400, CTRL)
    assert view.px_per_mm >= 0.24 * min(400 / 20, 300 / 20)


def test_the_middle_button_moves_the_picture_with_the_hand(view):
    start = QPointF(150, 120)
    place = view.position_at(start)
    drag(view, [start, QPointF(170, 130), QPointF(190.0, 160.0)], MIDDLE)
    assert np.allclose(view.position_at(QPointF(190, 160)), place, atol=1e-9)


def test_the_right_button_sets_width_across_and_level_up_and_down(view, qtbot):
    with qtbot.waitSignal(view.window_changed) as said:
        drag(view, [QPointF(100, 100), QPointF(130, 100)], RIGHT)
    centre, width = said.args
    assert (centre, width) == (10_000, pytest.approx(22_000))
    drag(view, [QPointF(100, 100), QPointF(100, 60)], RIGHT)
    assert view.centre > centre
    assert view.width_of_window == pytest.approx(width)
    drag(view, [QPointF(390, 100), *(QPointF(390 - 10 * k, 100) for k in range(39))] * 20, RIGHT)
    assert view.width_of_window > 0


def test_a_window_stays_when_another_echo_is_shown(view, volume):
    view.show_slice(2)
    roll(view, 2, CTRL)
    scale = view.px_per_mm
    view.set_picture(Volume(volume.data / 2, GRID))
    assert (view.centre, view.width_of_window, view.depth, view.px_per_mm) == (10_000, 20_000, 2, scale)


def test_points_and_positions_are_inverse(view):
    for position in GRID.to_mm([(view.depth, 3, 4), (view.depth, 39, 0), (view.depth, 20, 49)]):
        point = view.exact_point_at(position)
        assert np.allclose(view.position_at(point), position, atol=1e-9)


def test_a_pixel_is_as_wide_and_high_as_its_millimetres(view):
    right = view.exact_point_at(GRID.to_mm((5, 0, 10))) - view.exact_point_at(GRID.to_mm((5, 0, 0)))
    down = view.exact_point_at(GRID.to_mm((5, 10, 0))) - view.exact_point_at(GRID.to_mm((5, 0, 0)))
    assert right.x() / down.y() == pytest.approx(0.4 / 0.5)


def test_the_whole_picture_fits_and_stays_whole_when_the_window_grows(view, qtbot):
    assert view.px_per_mm == pytest.approx(300 / 20)
    view.resize(800, 600)
    qtbot.waitUntil(lambda: view.px_per_mm == pytest.approx(600 / 20))


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("signs", list(product((1, -1), repeat=3)))
def test_every_storage_order_puts_a_bright_voxel_where_its_position_is(qtbot, order, signs):
    affine = np.eye(4)
    affine[:3, :3] = 0
    for axis, (patient, sign) in enumerate(zip(order, signs, strict=True)):
        affine[patient, axis] = sign * (1.0, 0.8, 0.6)[axis]
    grid = Geometry((6, 8, 9), affine)
    data = np.zeros(grid.shape, np.float32)
    data[2, 1, 7] = 1.0
    view = SliceView()
    qtbot.addWidget(view)
    view.resize(240, 240)
    view.set_picture(Volume(data, grid))
    view.set_window(0.5, 1.0)
    view.set_smooth(False)
    view.set_show_texts(False)
    view.show_cursor = False
    position = grid.to_mm((2, 1, 7))
    view.show_position(position)
    bright = np.argwhere(pixels(view)[:, :, 0] > 250)
    point = view.exact_point_at(position)
    assert np.allclose(bright.mean(axis=0) + 0.5, (point.y(), point.x()), atol=1.0)
    x, y, z = position
    left, right = (view.exact_point_at((x + step, y, z)).x() for step in (-1, 1))
    if right != pytest.approx(left):
        assert right > left  # the patient's left lies on the right


def test_the_picture_is_black_beside_the_volume_and_right_inside(view):
    view.show_cursor = False
    shown = pixels(view)
    assert shown[150, 2].tolist() == [0, 0, 0]
    position = GRID.to_mm((view.depth, 20, 25))
    point = view.point_at(position)
    value = np.ravel_multi_index((view.depth, 20, 25), GRID.shape)
    assert shown[point.y(), point.x()].tolist() == pytest.approx([value / 20_000 * 255] * 3, abs=1.01)


def test_a_map_covers_only_where_it_has_values(view, volume):
    view.show_cursor = False
    plain = pixels(view)
    values = np.where(np.arange(50) < 25, np.nan, 7.0) * np.ones(GRID.shape)
    view.set_overlay(Overlay(Volume(values.astype(np.float32), GRID), 0.0, 10.0, "ember", 0.7))
    shown = pixels(view)
    left, right = (view.point_at(GRID.to_mm((view.depth, 20, column))) for column in (10, 40))
    assert np.array_equal(shown[left.y(), left.x()], plain[left.y(), left.x()])
    colour = shown[right.y(), right.x()].astype(int)
    assert colour[0] - colour[2] > 60
    view.set_overlay(None)
    assert np.array_equal(pixels(view), plain)


def test_an_outline_lies_round_its_voxels(view):
    view.show_cursor = False
    mask = np.zeros(GRID.shape, bool)
    mask[view.depth, 10:20, 10:20] = True
    view.set_outlines((Outline("tumour", GRID, mask, "#ff0000", True),))
    red = pixels(view).astype(int)
    line = np.argwhere((red[:, :, 0] > 200) & (red[:, :, 1] < 60))
    corner = view.exact_point_at(GRID.to_mm((view.depth, 9.5, 9.5)))
    far = view.exact_point_at(GRID.to_mm((view.depth, 19.5, 19.5)))
    assert np.allclose(line.min(axis=0), (corner.y(), corner.x()), atol=2)
    assert np.allclose(line.max(axis=0), (far.y(), far.x()), atol=2)
    roll(view, 1)
    red = pixels(view).astype(int)
    assert not np.any((red[:, :, 0] > 200) & (red[:, :, 1] < 60))


def test_a_mark_is_found_under_the_pointer_on_its_own_slice_only(view):
    position = tuple(GRID.to_mm((view.depth, 12, 30)))
    view.set_pins((Pin("m", position, "L1", "#f0e442"),))
    point = view.exact_point_at(position)
    assert view.pin_at(point + QPointF(3, 3)) == "m"
    assert view.pin_at(point + QPointF(30, 0)) is None
    roll(view, 1)
    assert view.pin_at(point) is None


def test_the_left_button_belongs_to_the_tool(view):
    events = []
    view.tool_used.connect(events.append)
    hover(view, QPointF(50, 60))
    drag(view, [QPointF(50, 60), QPointF(80, 90)], LEFT)
    assert [event.kind for event in events] == ["hover", "press", "drag", "release"]
    assert np.allclose(events[1].position_mm, view.position_at(QPointF(50, 60)))
    click(view, QPointF(50, 60), RIGHT)
    assert len(events) == 4


def test_letters_and_numbers_are_written_unless_switched_off(view):
    bare = pixels(view)
    view.set_show_texts(True)
    assert not np.array_equal(pixels(view), bare)
    view.set_show_texts(False)
    assert np.array_equal(pixels(view), bare)


def test_an_empty_view_says_what_it_waits_for_and_ignores_the_hand(qtbot):
    view = SliceView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    dark = pixels(view)
    view.waiting_for = "Reading the pictures …"
    assert not np.array_equal(pixels(view), dark)
    roll(view, 1)
    roll(view, 1, CTRL)
    drag(view, [QPointF(10, 10), QPointF(50, 50)])
    drag(view, [QPointF(10, 10), QPointF(50, 50)], RIGHT)
    qtbot.keyClick(view, Qt.Key.Key_PageUp)


def test_a_picture_of_nan_is_shown_without_complaint(view):
    view.set_picture(Volume(np.full(GRID.shape, np.nan, np.float32), GRID))
    assert pixels(view)[150, 200].max() < 200
