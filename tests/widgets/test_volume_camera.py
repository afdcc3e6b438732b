from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.graphics import SCREEN
from widgets.volume_camera import Camera

SIZE = (400.0, 300.0)
angles = st.floats(-180, 180)
places = st.tuples(*[st.floats(-200, 200)] * 3)
LETTERS = {"A": "RLHF", "P": "LRHF", "L": "APHF", "R": "PAHF", "S": "LRAP", "I": "RLAP"}


@pytest.mark.parametrize("side", SCREEN)
def test_from_each_side_the_patient_lies_as_in_the_2d_views(side):
    camera = Camera.from_side(side, (1.0, 2.0, 3.0), 5.0)
    right, down = (np.array(axis, dtype=float) for axis in SCREEN[side])
    assert "".join(camera.letters()) == LETTERS[side]
    assert camera.project((1.0, 2.0, 3.0), SIZE)[:2] == pytest.approx((200, 150))
    assert camera.project(np.array([1.0, 2.0, 3.0]) + 4 * right, SIZE)[:2] == pytest.approx((220, 150))
    assert camera.project(np.array([1.0, 2.0, 3.0]) + 4 * down, SIZE)[:2] == pytest.approx((200, 170))


def test_an_oblique_stand_has_letters_of_both_directions():
    camera = Camera.from_side("A", (0.0, 0.0, 0.0), 1.0).turned(30, 0)
    # the front comes to the right, so that one sees more of the patient's right side
    assert camera.letters() == ("RP", "LA", "H", "F")


@given(angles, angles, places)
def test_a_place_is_found_where_it_is_seen(right, down, place):
    camera = Camera.from_side("L", (5.0, -3.0, 2.0), 3.0).turned(right, down)
    x, y, depth = camera.project(place, SIZE)
    assert camera.position(x, y, SIZE) + depth * camera.axes[2] == pytest.approx(np.array(place), abs=1e-6)


@given(st.lists(st.tuples(angles, angles), max_size=20))
def test_however_often_it_turns_lengths_and_handedness_stay(turns):
    camera = Camera.from_side("A", (0.0, 0.0, 0.0), 1.0)
    for right, down in turns:
        camera = camera.turned(right, down)
    assert camera.axes @ camera.axes.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(camera.axes) == pytest.approx(1.0)


def test_the_near_side_follows_the_hand():
    camera = Camera.from_side("A", (0.0, 0.0, 0.0), 10.0)
    nose = (0.0, -5.0, 0.0)
    right = camera.turned(20, 0).project(nose, SIZE) - camera.project(nose, SIZE)
    down = camera.turned(0, 20).project(nose, SIZE) - camera.project(nose, SIZE)
    assert right[0] > 10 and abs(right[1]) < 1e-9
    assert down[1] > 10 and abs(down[0]) < 1e-9


@given(st.floats(0.2, 5.0), st.floats(0, 400), st.floats(0, 300))
def test_zooming_leaves_what_lies_under_the_pointer(factor, x, y):
    camera = Camera.from_side("S", (5.0, -3.0, 2.0), 3.0).turned(20, 40)
    place = camera.position(x, y, SIZE)
    zoomed = camera.zoomed(factor, x, y, SIZE)
    assert zoomed.project(place, SIZE)[:2] == pytest.approx((x, y), abs=1e-6)
    assert zoomed.px_per_mm == pytest.approx(3.0 * factor)


def test_moving_takes_the_patient_along():
    camera = Camera.from_side("I", (0.0, 0.0, 0.0), 3.0).turned(20, 40)
    moved = camera.moved(12, -7)
    assert moved.project((1.0, 2.0, 3.0), SIZE) - camera.project((1.0, 2.0, 3.0), SIZE) == pytest.approx(
        np.array([12.0, -7.0, 0.0])
    )
