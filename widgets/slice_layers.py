"""What a SliceView shows one over the other: its picture, a map over it, another picture to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from core.imaging.volume import Volume
from widgets.colours import grey_picture, map_picture
from widgets.sections import Section, section

if TYPE_CHECKING:
    from widgets.slice_view import SliceView

LayerName = Literal["base", "overlay", "compare"]


@dataclass(frozen=True)
class Overlay:
    """A map to lay over the picture, on any grid: the range of its colours, and how opaque they are."""

    volume: Volume
    low: float
    high: float
    colours: str
    opacity: float


@dataclass(frozen=True)
class Compare:
    """Another picture of the same place, on any grid, and its window; one with colours is a map."""

    volume: Volume
    centre: float
    width: float
    caption: str
    colours: str = ""


class Picture(NamedTuple):
    """A coloured slice and where it lies: x to the right and y down, in mm of the view's slice."""

    image: QImage
    area_mm: QRectF
    words: NDArray[np.uint32]  # kept, since the image only points into it


def make_picture(view: SliceView, which: LayerName) -> Picture | None:
    """Colour one layer of the slice that a view shows; None where there is nothing of it."""
    if which == "base":
        return _base(view)
    parallels = view.parallels
    shown = view.overlay if which == "overlay" else view.compare
    cut = None if shown is None or parallels is None else section(shown.volume, parallels, view.depth)
    if shown is None or cut is None:
        return None
    if isinstance(shown, Overlay):
        return _laid(cut, map_picture(cut.values, shown.low, shown.high, shown.colours, shown.opacity))
    if shown.colours:
        low, high = shown.centre - shown.width / 2, shown.centre + shown.width / 2
        return _laid(cut, map_picture(cut.values, low, high, shown.colours, 1.0))
    return _laid(
        cut, grey_picture(cut.values, shown.centre, shown.width, inverted=view.inverted), opaque=True
    )


def _base(view: SliceView) -> Picture | None:
    if view.volume is None or view.plane is None:
        return None
    values = view.plane.slab(view.volume.data, view.depth, view.slab_mm, view.slab_kind)
    words = grey_picture(values, view.centre, view.width_of_window, inverted=view.inverted)
    return _laid(Section(values, 0.0, 0.0, *view.plane.size_mm), words, opaque=True)


def _laid(cut: Section, words: NDArray[np.uint32], *, opaque: bool = False) -> Picture:
    rows, columns = words.shape
    kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(words.data, columns, rows, 4 * columns, kind)
    return Picture(image, QRectF(cut.left, cut.top, cut.width, cut.height), words)
