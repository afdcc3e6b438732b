from __future__ import annotations

import numpy as np
import pytest

from widgets.colours import (
    MAPS,
    colour_map,
    grey_picture,
    levels,
    map_picture,
    percentile_window,
    percentiles,
    usual_window,
)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """sRGB bytes to OKLab, by the published matrices."""
    value = rgb / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    to_lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(linear @ to_lms.T) @ to_lab.T


@pytest.mark.parametrize("name", MAPS)
def test_a_map_gets_lighter_all_the_way_in_even_steps(name):
    lab = oklab(colour_map(name))
    assert np.all(np.diff(lab[::4, 0]) > 0)
    steps = np.linalg.norm(np.diff(lab[::8], axis=0), axis=1)
    # bytes round each colour, so that even steps are even to a few per cent
    assert steps.max() / steps.min() < 1.25


def test_window_and_level_put_black_and_white_where_they_should():
    picture = grey_picture(np.array([[0.0, 50.0, 100.0, 150.0, 200.0]]), centre=100.0, width=100.0)
    assert [hex(word) for word in picture[0]] == [
        "0xff000000", "0xff000000", "0xff7f7f7f", "0xffffffff", "0xffffffff"
    ]  # fmt: skip
    inverted = grey_picture(np.array([[0.0, 200.0]]), 100.0, 100.0, inverted=True)
    assert [hex(word) for word in inverted[0]] == ["0xffffffff", "0xff000000"]


def test_only_what_was_not_measured_shows_no_colour():
    picture = map_picture(np.array([[np.nan, 5.0, 10.0, 1e9, np.inf]]), 10.0, 20.0, "ember", 1.0)
    assert (picture[0] >> 24).tolist() == [0, 255, 255, 255, 255]
    low, high = (int("".join(f"{c:02x}" for c in colour_map("ember")[k]), 16) for k in (0, 255))
    assert (picture[0, 1:] & 0xFFFFFF).tolist() == [low, low, high, high]


def test_opacity_is_multiplied_into_the_colour():
    half = map_picture(np.array([[20.0]]), 10.0, 20.0, "lagoon", 0.5)[0, 0]
    assert half >> 24 == 128
    assert (half >> 16 & 255) == pytest.approx(colour_map("lagoon")[255, 0] / 2, abs=1)


def test_levels_of_nan_are_defined():
    assert levels(np.array([np.nan, np.inf, -np.inf]), 0.0, 1.0).tolist() == [0, 255, 0]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize(("black", "white"), [(1.0, 99.5), (0.0, 100.0), (40.0, 99.9)])
def test_a_window_ends_at_the_percentiles_that_numpy_finds(count, black, white):
    data = np.random.default_rng(count).normal(700, 200, (count, 1, 1)).astype(np.float32)
    low, high = np.percentile(data, (black, white))
    centre, width = percentile_window(data, black, white)
    assert centre - width / 2 == pytest.approx(low)
    # of one value there is no range: something has to be shown all the same
    assert centre + width / 2 == pytest.approx(high if count > 1 else low + abs(low))


def test_the_usual_window_leaves_out_the_extremes_and_what_is_not_finite():
    data = np.concatenate([np.linspace(0, 100, 10_000), [1e7, np.nan, np.inf]])
    centre, width = usual_window(data)
    assert centre == pytest.approx(50, abs=2)
    assert width == pytest.approx(98.5, abs=2)
    for flat in (np.zeros(10), np.full(4, np.nan)):
        assert usual_window(flat)[1] > 0


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_percentiles_are_those_of_numpy(size):
    values = np.random.default_rng(size).normal(size=size).astype(np.float32)
    wanted = (0.0, 0.5, 50.0, 99.8, 100.0)
    assert percentiles(values, *wanted) == pytest.approx(np.percentile(values.astype(float), wanted))
