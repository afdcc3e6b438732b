from __future__ import annotations

import colorsys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from widgets.contrast import TEXT, contrast, legible

parts = st.integers(0, 255)
shades = st.builds(QColor, parts, parts, parts)


def test_black_on_white_is_the_most_there_is():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)


# WCAG 2.2's own well known border: the lightest grey that may be read on white
def test_the_lightest_grey_on_white():
    assert contrast(QColor("#767676"), QColor("white")) >= TEXT > contrast(QColor("#777777"), QColor("white"))


@given(shades, shades)
def test_contrast_has_no_order(one, other):
    assert contrast(one, other) == contrast(other, one) >= 1.0


@given(shades, shades)
def test_what_is_made_legible_can_be_read_and_keeps_its_hue(colour, ground):
    made = legible(colour, ground)
    assert contrast(made, ground) >= TEXT
    if contrast(colour, ground) >= TEXT:
        assert made == colour
    red, green, blue = made.getRgbF()[:3]
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if 0.1 < lightness < 0.9 and min(saturation, colour.hslSaturationF()) > 0.2:
        assert abs((hue - colour.hslHueF() + 0.5) % 1.0 - 0.5) < 0.02
