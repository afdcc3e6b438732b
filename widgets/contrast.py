"""How well a colour is told from its ground, and colours changed until they are.

WCAG 2.2, "contrast ratio" and "relative luminance": texts need 4.5, what is only to be seen needs 3.
"""

from __future__ import annotations

from PySide6.QtGui import QColor

TEXT = 4.5
_STEP = 0.01


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def legible(colour: QColor, ground: QColor) -> QColor:
    """Return a colour that can be read on a ground: this one, or one of its hue that is darker or lighter."""
    hue, saturation, lightness, _ = colour.getHslF()
    # 0.18 stands out as much from black as from white
    step, end = (-_STEP, 0.0) if _luminance(ground) > 0.18 else (_STEP, 1.0)
    while contrast(colour, ground) < TEXT and lightness != end:
        lightness = min(max(lightness + step, 0.0), 1.0)
        colour = QColor.fromHslF(hue, saturation, lightness)
    return colour


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
