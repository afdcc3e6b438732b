"""Names of marks hide nothing."""

from __future__ import annotations

from itertools import combinations
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from tests.widgets.hands import pixels
from widgets.outlines import Outline, Pin
from widgets.pins import RING_PX, name_places
from widgets.slice_view import SliceView

AREA = (15.0, 19.0, 370.0, 480.0)
REACH = 20.0
YELLOW = (240, 228, 66)
marks = st.lists(
    st.tuples(st.floats(20, 380), st.floats(25, 490), st.sampled_from(("L1", "N12")), st.booleans()),
    max_size=9,
).map(tuple)
boxes = st.lists(
    st.tuples(st.floats(20, 300), st.floats(20, 400), st.floats(1, 90), st.floats(1, 90)), max_size=2
).map(tuple)


@pytest.fixture(autouse=True)
def fonts(qapp):
    """Names are measured."""


@given(marks, boxes)
def test_no_name_lies_over_a_mark_a_region_another_name_or_beyond_the_picture(marks, regions):
    places = [QRectF(*place) for place in name_places(marks, AREA, REACH, regions) if place is not None]
    for one, other in combinations(places, 2):
        assert not one.intersects(other)
    for place in places:
        assert QRectF(*AREA).contains(place)
        assert not any(place.intersects(QRectF(*region)) for region in regions)
        for x, y, _, _ in marks:
            across = max(place.left() - x, 0.0, x - place.right())
            assert hypot(across, max(place.top() - y, 0.0, y - place.bottom())) >= REACH - 0.1


def test_ten_marks_that_touch_are_all_named():
    crowd = tuple((200.0 + 18 * (k % 4), 250.0 + 18 * (k // 4), f"L{k + 1}", False) for k in range(10))
    assert None not in name_places(crowd, AREA, REACH, ())


def test_a_name_stands_right_above_its_mark_where_there_is_room():
    (left, top, _, height), *_ = name_places(((200.0, 250.0, "L1", False),), AREA, REACH, ())
    assert 200.0 < left < 200.0 + REACH and 250.0 - REACH - height < top < 250.0


def test_where_nothing_is_free_there_is_no_name():
    assert name_places(((200.0, 250.0, "L1", False),), AREA, REACH, (AREA,)) == (None,)


def coloured(view: SliceView) -> np.ndarray:
    """Where the marks' colour is, as points of the widget."""
    rows, columns = np.nonzero(np.abs(pixels(view).astype(int) - YELLOW).max(axis=2) < 60)
    return np.stack([columns, rows], axis=1)


def test_in_a_picture_names_keep_off_the_outlined_tumour_and_go_with_the_texts(qtbot):
    grid = Geometry.axial((3, 40, 40), (1.0, 0.5, 0.5))
    view = SliceView()
    qtbot.addWidget(view)
    view.resize(420, 440)
    view.set_picture(Volume(np.zeros(grid.shape, np.float32), grid))
    view.set_smooth(False)
    tumour = np.zeros(grid.shape, bool)
    tumour[1, 5:20, 18:34] = True
    view.set_outlines((Outline("tumour", grid, tumour, "#e69f00"),))
    # left of the tumour: where a name usually stands, there it is
    at = tuple(float(v) for v in grid.to_mm((1, 18, 16)))
    view.set_pins((Pin("a", at, "L1", "#f0e442"), Pin("b", (at[0] - 1.5, at[1], at[2]), "L2", "#f0e442")))
    view.show_position(at)
    view.show_cursor = False
    view.show()
    path = view.edges.path(view.outlines[0], view.parallels, 1, view.px_per_mm).boundingRect()
    corner = view.point_of(path.top(), path.left())
    inside = QRectF(corner.x(), corner.y(), path.width() * view.px_per_mm, path.height() * view.px_per_mm)
    named = coloured(view)
    within = [inside.adjusted(2, 2, -2, -2).contains(float(x), float(y)) for x, y in named]
    assert not any(within)
    view.set_show_texts(False)
    rings = coloured(view)
    centres = [view.exact_point_at(pin.position_mm) for pin in view.pins]
    far = [min(hypot(x - c.x(), y - c.y()) for c in centres) for x, y in rings]
    assert len(rings) and max(far) <= RING_PX + 2
    assert len(named) > len(rings)
