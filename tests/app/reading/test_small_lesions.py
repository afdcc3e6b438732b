"""Every tool that draws, on lesions of 4 to 12 voxels, with 1, 4 and 16 pixels of the screen for a voxel.

A hand can only point at whole pixels: what was drawn is the shape through those.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from tests.app.reading.conftest import ECHO_GRID
from tests.app.reading.hand import CTRL, SHIFT, Hand
from tests.widgets.hands import LEFT, click, drag, hover, roll, send

SIZES = (4, 6, 8, 12)  # voxels across
ZOOMS = (1, 4, 16)  # pixels of the screen for a voxel
# between voxel centres, so that no symmetry helps
MIDDLE_MM = tuple(ECHO_GRID.to_mm((4, 41.3, 38.8)).tolist())
SPACING_MM = ECHO_GRID.spacing_mm[1]


@pytest.fixture
def hand(window) -> Hand:
    made = Hand(window)
    made.go_to(MIDDLE_MM)
    made.key("t")
    return made


def lesions(hand: Hand) -> Iterator[tuple[int, int, QPointF]]:
    """Go through sizes and zooms: voxels across, pixels for a voxel, the middle's point in the view."""
    for zoom in ZOOMS:
        hand.right.set_frame(MIDDLE_MM, zoom / SPACING_MM)
        for size in SIZES:
            yield size, zoom, QPointF(hand.right.point_at(MIDDLE_MM))


def circle(middle: QPointF, radius_px: float, corners: int) -> list[QPointF]:
    """Whole pixels along a circle, none twice in a row."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    points: list[QPointF] = []
    for angle in angles:
        point = QPointF((middle + radius_px * QPointF(np.cos(angle), np.sin(angle))).toPoint())
        if not points or point != points[-1]:
            points.append(point)
    return points[:-1] if points[0] == points[-1] else points


def area_px(points: list[QPointF]) -> float:
    x, y = np.array([point.toTuple() for point in points]).T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def area_voxels(hand: Hand) -> float:
    roi = hand.window.case.reading.roi("tumour")
    return roi.coverage.sum(dtype=np.int64) / 255


def undo(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Z, CTRL)
    assert not hand.window.case.reading.rois


def test_a_polygon_has_the_area_that_was_drawn(hand):
    for size, zoom, middle in lesions(hand):
        corners = circle(middle, size * zoom / 2, 8)
        for corner in corners:
            click(hand.right, corner)
        hand.key(Qt.Key.Key_Return)
        assert area_voxels(hand) == pytest.approx(area_px(corners) / zoom**2, rel=0.01), (size, zoom)
        undo(hand)


def test_a_polygon_is_closed_at_its_first_corner_and_nowhere_before(hand):
    for size, zoom, middle in lesions(hand):
        corners = circle(middle, size * zoom / 2, 6)
        for corner in corners:
            click(hand.right, corner)
        assert not hand.window.case.reading.rois, (size, zoom)
        click(hand.right, corners[0])
        assert area_voxels(hand) == pytest.approx(area_px(corners) / zoom**2, rel=0.01), (size, zoom)
        undo(hand)


def test_corners_in_quick_succession_are_corners_and_no_double_click(hand):
    for size, zoom, middle in lesions(hand):
        corners = circle(middle, size * zoom / 2, 4)
        for number, corner in enumerate(corners):
            # a system reports every second press nearby as the second of a double click
            kind = hand.DOUBLE if number % 2 and size * zoom > 6 else hand.PRESS
            send(hand.right, kind, corner, LEFT, LEFT)
            send(hand.right, hand.RELEASE, corner, LEFT, Qt.MouseButton.NoButton)
        hand.key(Qt.Key.Key_Return)
        assert area_voxels(hand) == pytest.approx(area_px(corners) / zoom**2, rel=0.01), (size, zoom)
        undo(hand)


def test_a_freehand_outline_has_the_area_that_was_drawn(hand):
    hand.key("p", SHIFT)
    for size, zoom, middle in lesions(hand):
        path = circle(middle, size * zoom / 2, 400)
        drag(hand.right, path)
        assert area_voxels(hand) == pytest.approx(area_px(path) / zoom**2, rel=0.02), (size, zoom)
        undo(hand)


def test_an_ellipse_has_the_area_of_the_box_it_was_drawn_in(hand):
    hand.key("e", SHIFT)
    for size, zoom, middle in lesions(hand):
        half = QPointF(size * zoom // 2, size * zoom // 2 - (zoom > 1))
        drag(hand.right, [middle - half, middle, middle + half])
        drawn = np.pi * half.x() * half.y() / zoom**2
        assert area_voxels(hand) == pytest.approx(drawn, rel=0.01), (size, zoom)
        undo(hand)


def size_brush(hand: Hand, size: int) -> float:
    """Make the brush about as large as the lesion with the wheel; return its radius in voxels."""
    for _ in range(60):
        radius = hand.right.brush_mm / SPACING_MM
        if 0.8 * size / 2 < radius <= size / 2:
            break
        roll(hand.right, 1 if radius < size / 2 else -1, SHIFT)
    return hand.right.brush_mm / SPACING_MM


def test_a_brush_covers_its_disc(hand):
    hand.key("b")
    for size, zoom, middle in lesions(hand):
        radius = size_brush(hand, size)
        click(hand.right, middle)
        assert area_voxels(hand) == pytest.approx(np.pi * radius**2, rel=0.02), (size, zoom)
        undo(hand)


def test_an_eraser_takes_what_it_is_drawn_over(hand):
    for size, zoom, middle in lesions(hand):
        hand.key("b")
        radius = size_brush(hand, size)
        click(hand.right, middle)
        hand.key("e")
        # two discs as far apart as their radius share this part of each
        click(hand.right, middle + QPointF(round(radius * zoom), 0))
        apart = round(radius * zoom) / zoom / radius
        shared = 2 * np.arccos(apart / 2) - apart / 2 * np.sqrt(4 - apart**2)
        left = np.pi * radius**2 - shared * radius**2
        # along the eraser's edge a voxel keeps the most that may be left of it
        assert area_voxels(hand) == pytest.approx(left, abs=0.9 * radius), (size, zoom)
        hand.key(Qt.Key.Key_Z, CTRL)
        undo(hand)


def test_a_press_inside_a_small_region_draws_and_takes_no_corner(hand):
    for size, zoom, middle in lesions(hand):
        corners = circle(middle, size * zoom / 2, 8)
        for corner in corners:
            click(hand.right, corner)
        hand.key(Qt.Key.Key_Return)
        before = hand.window.case.reading
        drag(hand.right, [middle, middle + QPointF(3, 2), middle + QPointF(1, 1)])
        # one corner of a new outline is set, and nothing has moved
        assert hand.window.tools.drawing, (size, zoom)
        assert hand.window.case.reading is before
        hand.key(Qt.Key.Key_Escape)
        undo(hand)


def test_a_small_region_at_small_zoom_is_drawn_over_again(hand):
    """Where corners lie closer than a hand can aim, none of them takes a press."""
    hand.right.set_frame(MIDDLE_MM, 1 / SPACING_MM)
    middle = QPointF(hand.right.point_at(MIDDLE_MM))
    corners = circle(middle, 3, 8)
    for _ in range(2):
        for corner in corners:
            click(hand.right, corner)
        hand.key(Qt.Key.Key_Return)
    assert area_voxels(hand) == pytest.approx(area_px(corners), rel=0.02)
    hover(hand.right, corners[0])
    assert hand.right.held is None
