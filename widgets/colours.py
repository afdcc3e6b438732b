"""Numbers to colours: window and level, and perceptually uniform maps made in OKLab.

OKLab: B. Ottosson, 2020, "A perceptual color space for image processing". A map is a smooth path through
lightness, chroma and hue, walked in steps of equal length, so that equal differences look equal; lightness
rises all the way, so that it also reads in grey and to colour-blind eyes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)

# name -> lightness, chroma and hue (degrees) at equally spaced stations of the path
_PATHS: dict[str, tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]] = {
    "ember": (
        (0.22, 0.42, 0.61, 0.78, 0.95),
        (0.07, 0.15, 0.19, 0.15, 0.10),
        (295.0, 335.0, 385.0, 428.0, 460.0),
    ),
    "lagoon": (
        (0.24, 0.41, 0.58, 0.76, 0.94),
        (0.06, 0.105, 0.10, 0.125, 0.10),
        (290.0, 254.0, 203.0, 150.0, 112.0),
    ),
    "dusk": (
        (0.22, 0.40, 0.58, 0.77, 0.95),
        (0.08, 0.13, 0.13, 0.10, 0.05),
        (265.0, 285.0, 315.0, 350.0, 380.0),
    ),
    "moss": (
        (0.22, 0.40, 0.58, 0.77, 0.95),
        (0.04, 0.08, 0.11, 0.13, 0.10),
        (200.0, 170.0, 145.0, 125.0, 108.0),
    ),
}
MAPS = tuple(_PATHS)


def oklab_to_srgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn OKLab, shape (n, 3), into sRGB from 0 to 1; values outside mean the colour cannot be shown."""
    linear = _linear(lab)
    bent = 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, bent)


def _linear(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn OKLab into linear RGB, 0 to 1 where and only where sRGB is."""
    return (lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T


@cache
def colour_map(name: str) -> NDArray[np.uint8]:
    """Return the 256 colours, shape (256, 3), of a map of `MAPS`."""
    lightness, chroma, hue = _PATHS[name]
    stations = np.linspace(0.0, 1.0, len(lightness))
    fine = np.linspace(0.0, 1.0, 4096)
    # one polynomial through all stations: a kink in the path would be seen as a line in the picture
    path = (
        np.polyval(np.polyfit(stations, values, len(values) - 1), fine) for values in (lightness, chroma, hue)
    )
    lab = _within_gamut(*path)
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(lab, axis=0), axis=1))])
    even = np.interp(np.linspace(0.0, length[-1], 256), length, fine)
    steps = np.stack([np.interp(even, fine, lab[:, k]) for k in range(3)], axis=1)
    colours = np.round(np.clip(oklab_to_srgb(steps), 0.0, 1.0) * 255).astype(np.uint8)
    colours.setflags(write=False)
    return colours


def _within_gamut(
    lightness: NDArray[np.float64], chroma: NDArray[np.float64], hue: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return OKLab of the path, its chroma lowered where a screen could not show it."""
    angle = np.deg2rad(hue)

    def lab(strength: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([lightness, strength * np.cos(angle), strength * np.sin(angle)], axis=1)

    low, high = np.zeros_like(chroma), chroma.copy()
    for _ in range(12):
        middle = (low + high) / 2
        rgb = _linear(lab(middle))
        shown = np.all((rgb >= 0.0) & (rgb <= 1.0), axis=1)
        low, high = np.where(shown, middle, low), np.where(shown, high, middle)
    return lab(low)


@cache
def map_words(name: str, opacity_percent: int) -> NDArray[np.uint32]:
    """Return a map's 256 colours as 0xAARRGGBB words with the alpha multiplied in, as Qt blends fastest."""
    alpha = round(255 * opacity_percent / 100)
    colour = (colour_map(name).astype(np.uint32) * alpha + 127) // 255
    words: NDArray[np.uint32] = (
        np.uint32(alpha << 24) | colour[:, 0] << np.uint32(16) | colour[:, 1] << np.uint32(8) | colour[:, 2]
    )
    return words


def levels(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Scale values from `low`..`high` to 0..255, clipped; NaN becomes 0."""
    return _levels(values, low, high)[0]


def _levels(values: NDArray[Any], low: float, high: float) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the levels, and where there is a value at all; every pass over the slice costs a frame."""
    # rows one after the other, whichever way the slice lies in memory: Qt reads the picture so
    scaled = np.empty(values.shape, dtype=np.float32)
    np.subtract(values, np.float32(low), out=scaled, casting="same_kind")
    scaled *= np.float32(255.0 / max(high - low, 1e-30))
    known = scaled == scaled  # noqa: PLR0124 - not so for NaN
    np.clip(scaled, 0.0, 255.0, out=scaled)
    with np.errstate(invalid="ignore"):
        found = scaled.astype(np.uint8)
    # what a NaN is cast to differs from machine to machine
    found *= known
    return found, known


def grey_picture(
    values: NDArray[Any], centre: float, width: float, *, inverted: bool = False
) -> NDArray[np.uint32]:
    """Colour one slice in greys: black at centre - width/2 and below, white at centre + width/2 and above."""
    level = levels(values, centre - width / 2, centre + width / 2)
    if inverted:
        np.subtract(255, level, out=level)
    words = level.astype(np.uint32)
    words *= np.uint32(0x010101)
    words |= np.uint32(0xFF000000)
    return words


def map_picture(
    values: NDArray[Any], low: float, high: float, name: str, opacity: float
) -> NDArray[np.uint32]:
    """Colour one slice of a map.

    NaN alone is left clear, so that what could not be measured shows no colour. What lies below `low` has
    the lowest colour: a map that scatters round 0 would otherwise come out in salt and pepper.
    """
    level, known = _levels(values, low, high)
    words = map_words(name, round(100 * opacity)).take(level, mode="clip")
    words *= known
    return words


def usual_window(data: NDArray[Any]) -> tuple[float, float]:
    """Return the (centre, width) that shows a volume well: its 1st to 99.5th percentile."""
    return percentile_window(data, 1.0, 99.5)


def percentile_window(data: NDArray[Any], black: float, white: float) -> tuple[float, float]:
    """Return the (centre, width) that shows one percentile of the values black and another one white."""
    values = some_values(data)
    if values.size == 0:
        return 0.5, 1.0
    low, high = percentiles(values, black, white)
    if high <= low:
        high = low + max(abs(low), 1.0)
    return (low + high) / 2, high - low


def some_values(data: NDArray[Any]) -> NDArray[Any]:
    """Return the finite ones of a hundred thousand voxels: they tell percentiles as well as all do."""
    step = max(1, data.size // 100_000)
    values = data.reshape(-1)[::step]
    return values[np.isfinite(values)]


def percentiles(values: NDArray[Any], *wanted: float) -> tuple[float, ...]:
    """Return percentiles of values, at least one and all finite.

    np.percentile gives the same, but its first call imports numpy.ma, for which a window would wait.
    """
    places = np.array(wanted) / 100 * (values.size - 1)
    below, above = np.floor(places).astype(int), np.ceil(places).astype(int)
    ordered = np.partition(values, np.concatenate((below, above)))
    low, high = ordered[below].astype(float), ordered[above].astype(float)
    return tuple((low + (high - low) * (places - below)).tolist())
