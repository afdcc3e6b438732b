"""Burned-in text is found where it is, and anatomy, noise and edges are not taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from core.imaging.burned_in import TextBox, find_text, without_text

# five by seven, as on the oldest scanners: one number a row, its bits the columns
LETTERS = {
    "D": (30, 17, 17, 17, 17, 17, 30),
    "O": (14, 17, 17, 17, 17, 17, 14),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "J": (7, 2, 2, 2, 2, 18, 12),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    "7": (31, 1, 2, 4, 8, 8, 8),
    " ": (0, 0, 0, 0, 0, 0, 0),
}
SHAPE = (192, 192)
BODY = 1000.0


def written(text: str, scale: int = 1) -> NDArray[np.float64]:
    """The text as shares of ink, one row of letters."""
    bits = [[[int(bit) for bit in f"{row:05b}"] + [0] for row in LETTERS[letter]] for letter in text]
    return np.kron(np.hstack(bits), np.ones((scale, scale)))


def animal(seed: int, snr: float = 30.0) -> NDArray[np.float64]:
    """A textured body with a sharp rim in noisy air, as a magnitude picture."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    inside = ((rows - 96) / 80) ** 2 + ((columns - 96) / 76) ** 2 < 1
    texture = ndimage.gaussian_filter(rng.normal(size=SHAPE), 2.5)
    signal = ndimage.gaussian_filter(np.where(inside, BODY * (1 + 0.25 * texture / texture.std()), 0.0), 0.7)
    real, imaginary = rng.normal(scale=BODY / snr, size=(2, *SHAPE))
    return np.hypot(signal + real, imaginary)


def stamped(
    picture: NDArray[np.float64], text: NDArray[np.float64], top: int, left: int, grey: float
) -> NDArray[np.float64]:
    picture = picture.copy()
    place = picture[top : top + text.shape[0], left : left + text.shape[1]]
    place[:] = place * (1 - text) + text * grey
    return picture


def covers(boxes: list[TextBox], ink: NDArray[np.float64], top: int, left: int) -> float:
    """Which share of the ink lies in boxes."""
    seen = np.zeros(SHAPE, bool)
    for box in boxes:
        seen[box.top : box.bottom, box.left : box.right] = True
    return float(seen[top : top + ink.shape[0], left : left + ink.shape[1]][ink > 0.3].mean())


@pytest.mark.parametrize("scale", [1, 2, 3])
@pytest.mark.parametrize("place", ["top", "bottom", "right"])
@pytest.mark.parametrize("grey", [1400.0, 2500.0])
@pytest.mark.parametrize("soft", [False, True])
def test_a_name_near_a_border_is_found(scale, place, grey, soft):
    ink = written("DOE J 1971", scale)
    ink = ink[:, : SHAPE[1] - 8]
    if soft:
        ink = ndimage.gaussian_filter(np.pad(ink, 2), 0.4)
    top = 180 - ink.shape[0] if place == "bottom" else 4 if place == "top" else 20
    left = SHAPE[1] - ink.shape[1] - 2 if place == "right" else 3
    boxes = find_text(np.stack([stamped(animal(seed), ink, top, left, grey) for seed in range(4)]))
    # enough of it for a person to see the rest
    assert covers(boxes, ink, top, left) > 0.5


def test_letters_dimmer_than_tissue_are_found_in_the_air():
    ink = written("J1971", 1)
    assert covers(find_text(stamped(animal(3), ink, 3, 3, 600.0)[None]), ink, 3, 3) > 0.8


def test_dark_letters_on_bright_tissue_are_found():
    picture = animal(2)
    picture[:] = np.maximum(picture, 900.0)
    ink = written("DOE 1971", 2)
    assert covers(find_text(stamped(picture, ink, 6, 30, 0.0)[None]), ink, 6, 30) > 0.8


@pytest.mark.parametrize("snr", [5.0, 15.0, 60.0])
def test_anatomy_and_noise_are_no_text(snr):
    assert find_text(np.stack([animal(seed, snr) for seed in range(20)])) == []


def test_a_picture_without_contrast_and_one_without_numbers_have_none():
    assert find_text(np.full((1, 64, 64), 7.0)) == []
    assert find_text(np.full((1, 64, 64), np.nan)) == []


def test_one_line_in_several_slices_is_one_box_and_masking_takes_it_away():
    ink = written("DOE 1971", 2)
    slices = [stamped(animal(number), ink, 8, 10, 1500.0) for number in range(3)]
    series = np.stack([*slices, animal(9)]).astype(np.int16)
    (box,) = find_text(series)
    assert box.slices == (0, 1, 2)
    clean = without_text(series, [box])
    assert clean.dtype == series.dtype and find_text(clean) == []
    outside = np.ones(series.shape, bool)
    outside[:3, box.top : box.bottom, box.left : box.right] = False
    np.testing.assert_array_equal(clean[outside], series[outside])
    # what is masked tells nothing of the letters
    assert np.ptp(clean[0, box.top : box.bottom, box.left : box.right]) == 0
