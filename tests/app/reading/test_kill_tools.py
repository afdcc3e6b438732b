"""With every tool, a kill at any moment loses at most the stroke that is being drawn.

What a kill leaves is what lies in the kit's files at that moment: they are copied while the button is down,
and when it is let go. The same with a process that is killed is in test_kill.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from core.imaging.coverage import coverage_sha256
from core.reading.reading import Reading
from core.study.kit import Kit
from tests.app.reading.conftest import LESION_MM, MUSCLE_MM, NODE_MM, TUMOUR_MM
from tests.app.reading.hand import SHIFT, Hand, ring

Kept = tuple[list[str], list[object], list[object]]


def kept(reading: Reading) -> Kept:
    """Regions, marks and rulers of a reading."""
    return (
        [coverage_sha256(roi.coverage) for roi in reading.rois.values()],
        [mark.position_mm for mark in reading.marks.values()],
        [(ruler.start_mm, ruler.end_mm) for ruler in reading.rulers.values()],
    )


def after_a_kill(hand: Hand, folder: Path) -> Kept:
    """What another program finds, when this one has gone without a word."""
    left = shutil.copytree(hand.window.kit.path, folder)
    with Kit.open(left) as kit:
        kit.verify()
        return kept(kit.reading(hand.window.case.alias))


def held(*places: tuple[float, float, float]) -> Callable[[Hand], Callable[[], None]]:
    """A stroke with the button held from place to place."""

    def begin(hand: Hand) -> Callable[[], None]:
        hand.go_to(places[0])
        points = [hand.right.exact_point_at(place) for place in places]
        hand.hold(hand.right, points)
        return lambda: hand.let_go(hand.right, points[-1])

    return begin


def clicked(radius: float, corners: int) -> Callable[[Hand], Callable[[], None]]:
    """Clicks round the tumour that Enter closes."""

    def begin(hand: Hand) -> Callable[[], None]:
        hand.outline(TUMOUR_MM, radius, corners=corners)
        return lambda: hand.key(Qt.Key.Key_Return)

    return begin


def traced(hand: Hand) -> Callable[[], None]:
    """The level under the pointer at the tumour's edge, that a click takes."""
    edge = (TUMOUR_MM[0] - 3.6, TUMOUR_MM[1], TUMOUR_MM[2])
    hand.hover_at(edge)
    return lambda: hand.click_at(edge)


def round_tumour(radius: float) -> list[tuple[float, float, float]]:
    return [tuple(place) for place in ring(TUMOUR_MM, radius, 16).tolist()]


X, Y, Z = TUMOUR_MM
CORNER = tuple(ring(TUMOUR_MM, 3.0, 6)[1].tolist())
MOVED = (CORNER[0] + 0.6, CORNER[1] + 0.6, CORNER[2])
# in this order: some need what was drawn before
STROKES: tuple[tuple[str, tuple[object, ...], Callable[[Hand], Callable[[], None]]], ...] = (
    ("polygon", ("p",), clicked(3.0, 6)),
    ("corner", ("p",), held(CORNER, MOVED)),
    ("eraser", ("e",), held((X + 2.5, Y, Z), (X + 2.5, Y + 1, Z))),
    ("brush", ("b",), held((X, Y - 3, Z), (X + 2, Y - 3, Z))),
    ("threshold brush", ("t", SHIFT), held((X, Y + 2.6, Z), (X + 1.5, Y + 2.6, Z))),
    ("freehand", ("p", SHIFT), held(*round_tumour(3.3))),
    ("ellipse", ("e", SHIFT), held((X - 3.8, Y - 2, Z), (X + 3.8, Y + 2, Z))),
    ("level trace", ("l", SHIFT), traced),
    ("live wire", ("w", SHIFT), clicked(4.4, 5)),
    ("grow", ("g", SHIFT), held(NODE_MM, NODE_MM)),
    ("ruler", ("z",), held((X - 4, Y, Z), (X + 4, Y, Z))),
    ("lesion", ("l",), held(LESION_MM)),
    ("moved lesion", ("l",), held(LESION_MM, (LESION_MM[0] + 2, *LESION_MM[1:]))),
)


def test_a_kill_in_the_middle_of_a_stroke_loses_that_stroke_alone(window, tmp_path):
    hand = Hand(window)
    hand.click_at(MUSCLE_MM)
    hand.key("t")
    for number, (name, key, begin) in enumerate(STROKES):
        hand.key(*key)
        before = kept(window.case.reading)
        end = begin(hand)
        # a mark is set by the press itself
        if name != "lesion":
            assert after_a_kill(hand, tmp_path / f"{number}-held") == before, name
        end()
        done = kept(window.case.reading)
        assert done != before, name
        assert after_a_kill(hand, tmp_path / f"{number}-done") == done, name
