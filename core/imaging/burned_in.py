"""Text that is burned into pictures: where it is likely, and pictures without it.

A name or a date in the pixels survives every cleaning of headers. What is looked for is what letters have
in common and anatomy and noise have not: thin strokes far from the grey about them, parts of like height, in
a row, near an edge of the picture; of one grey and in more slices than one, or in the same place in many. It
finds text to be looked at by a person; a picture in which nothing is found has not been proven to be without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

# strokes are at most so wide, and stand out by this share of the picture's range of greys
STROKE_PX = 7
STANDS_OUT = 0.2
# a letter's height; the smallest letters that can be read are five pixels high
LOWEST_PX, HIGHEST_PX = 5, 64
# so many letters beside each other are a line; the gap between two is at most this share of their height
LETTERS, GAP = 4, 1.3
# the middle of a line lies in the outer part of rows or columns
BORDER = 0.3
# the share of a letter's outline at which grey changes from stroke to ground within a pixel
CRISP = 0.45
# the share of the strokes that is of one grey, within this share of the picture's range
INK, SAME = 0.4, 0.03
# a line stands in the same place in so many slices; if it is not of one grey, in so many and in half of them
OFTEN, LASTS, ALIKE = 2, 3, 0.5


# top, left, bottom, right, the last two included no more
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class TextBox:
    """Where text is likely: a box of pixels, its ends included no more, and the slices that have it."""

    top: int
    left: int
    bottom: int
    right: int
    slices: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Letter:
    """What may be a letter, or some that touch: its box and the greys of its strokes."""

    box: Box
    ink: NDArray[np.float64]


@dataclass(frozen=True)
class _Line:
    """What may be a line of text in a slice; whether it is plain: of one grey, as nothing scanned is."""

    slice: int
    box: Box
    plain: bool


def find_text(data: NDArray[np.number]) -> list[TextBox]:
    """Find what is likely to be text near the borders of a series' slices.

    Parameters
    ----------
    data : ndarray, (slice, row, column)
        Any grey values; what is not finite counts as the lowest.

    Returns
    -------
    list of TextBox
        From top to bottom. Boxes that overlap in several slices are one.
    """
    found: list[_Line] = []
    for number, picture in enumerate(data):
        grey = np.asarray(picture, np.float64)
        grey = np.where(np.isfinite(grey), grey, np.min(grey, initial=0.0, where=np.isfinite(grey)))
        if np.ptp(grey) > 0:
            found += [_Line(number, box, plain) for box, plain in _lines(grey)]
    often, lasting = min(OFTEN, len(data)), max(LASTS, len(data) / 2)
    sure = []
    for line in found:
        standing = len(
            {other.slice for other in found if other.plain >= line.plain and _same(line.box, other.box)}
        )
        if standing >= (often if line.plain else lasting):
            sure.append(line)
    return _joined(sure)


def without_text(data: NDArray[np.number], boxes: Sequence[TextBox]) -> NDArray[np.number]:
    """Return a copy of a series, (slice, row, column), with every box filled by its slice's lowest value."""
    clean = data.copy()
    for box in boxes:
        for number in box.slices:
            rest = clean[number]
            rest[box.top : box.bottom, box.left : box.right] = np.nanmin(rest)
    return clean


def _lines(grey: NDArray[np.float64]) -> list[tuple[Box, bool]]:
    """Find what may be lines of text in one slice, and whether each is of one grey."""
    size = (STROKE_PX + 2, STROKE_PX + 2)
    span = float(np.percentile(grey, 99.8) - np.percentile(grey, 0.2)) or float(np.ptp(grey))
    found = []
    for bright in (True, False):
        thin = (ndimage.white_tophat if bright else ndimage.black_tophat)(grey, size=size)
        for line in _rows(_letters(grey, thin > STANDS_OUT * span, span)):
            around = _around([letter.box for letter in line])
            ink = np.concatenate([letter.ink for letter in line])
            if _near_border(around, grey.shape):
                found.append((_with_room(around, grey.shape), _of_one_grey(ink, bright, span)))
    return found


def _letters(grey: NDArray[np.float64], strokes: NDArray[np.bool_], span: float) -> list[_Letter]:
    labels, count = ndimage.label(strokes, np.ones((3, 3)))
    if not count:
        return []
    steep = ndimage.gaussian_gradient_magnitude(grey, 0.5) > STANDS_OUT * span / 2
    letters = []
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        rows, columns = place
        height, width = rows.stop - rows.start, columns.stop - columns.start
        # several letters may touch; a bar is none
        if not LOWEST_PX <= height <= HIGHEST_PX or width > 12 * height:
            continue
        own = labels[place] == number
        if own.sum() > 0.8 * height * width and width > 0.5 * height:
            continue
        outline = own & ~ndimage.binary_erosion(own)
        if steep[place][outline].mean() >= CRISP:
            letters.append(_Letter((rows.start, columns.start, rows.stop, columns.stop), grey[place][own]))
    return letters


def _rows(letters: Sequence[_Letter]) -> list[list[_Letter]]:
    """Put together letters of like height that stand beside each other; too few are no line."""
    lines: list[list[_Letter]] = []
    for letter in sorted(letters, key=lambda letter: letter.box[1]):
        top, left, bottom, _ = letter.box
        for line in lines:
            before = line[-1].box
            tall, low = max(bottom - top, before[2] - before[0]), min(bottom - top, before[2] - before[0])
            common = min(bottom, before[2]) - max(top, before[0])
            if common >= 0.6 * low and tall <= 2.2 * low and left - before[3] <= GAP * tall:
                line.append(letter)
                break
        else:
            lines.append([letter])
    return [line for line in lines if _count(line) >= LETTERS]


def _count(line: Sequence[_Letter]) -> int:
    """How many letters: those that touch are one part, as wide as several."""
    boxes = [letter.box for letter in line]
    height = np.median([bottom - top for top, _, bottom, _ in boxes])
    return sum(max(1, round((right - left) / height)) for _, left, _, right in boxes)


def _of_one_grey(ink: NDArray[np.float64], bright: bool, span: float) -> bool:
    """Whether strokes are of one grey, as nothing that was scanned is."""
    full = np.percentile(ink, 90 if bright else 10)
    return bool(np.mean(abs(ink - full) < SAME * span) > INK)


def _with_room(line: Box, shape: tuple[int, ...]) -> Box:
    """Add a letter at both ends and the tails of letters: what is masked should be all of it."""
    top, left, bottom, right = line
    height = bottom - top
    tail = height // 3
    return (
        max(0, top - tail),
        max(0, left - height),
        min(shape[0], bottom + tail),
        min(shape[1], right + height),
    )


def _near_border(line: Box, shape: tuple[int, ...]) -> bool:
    top, left, bottom, right = line
    row, column = (top + bottom) / 2 / shape[0], (left + right) / 2 / shape[1]
    return bool(min(row, 1 - row) < BORDER or min(column, 1 - column) < BORDER)


def _same(one: Box, other: Box) -> bool:
    """Whether two boxes share most of their area."""
    high = min(one[2], other[2]) - max(one[0], other[0])
    wide = min(one[3], other[3]) - max(one[1], other[1])
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return high > 0 and wide > 0 and high * wide > ALIKE * max(areas)


def _joined(found: Sequence[_Line]) -> list[TextBox]:
    """Make boxes of several slices that overlap one."""
    boxes: list[tuple[Box, set[int]]] = []
    for line in found:
        box, slices = line.box, {line.slice}
        rest = []
        for other, others in boxes:
            if box[0] >= other[2] or other[0] >= box[2] or box[1] >= other[3] or other[1] >= box[3]:
                rest.append((other, others))
            else:
                box = _around([box, other])
                slices |= others
        boxes = [*rest, (box, slices)]
    return [TextBox(*box, tuple(sorted(slices))) for box, slices in sorted(boxes)]


def _around(boxes: Sequence[Box]) -> Box:
    """Return the box that holds others."""
    tops, lefts, bottoms, rights = zip(*boxes, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)
