"""What a status line tells of a place."""

from __future__ import annotations

from app.voxels import place_text


def test_a_place_that_rounds_to_zero_has_no_sign():
    assert place_text((-0.04, 0.04, -0.06)) == "x 0.0  y 0.0  z -0.1 mm"
