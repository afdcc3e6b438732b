"""Pictures beside those that were once looked at: single panes with their maps, and the window in each look.

`make pictures` renews the references under `pictures/`; look at them before they are committed. No text is
compared, so that no font matters: panes are drawn without, and of the window every small block keeps the
colour that most of it has. Whether texts fit is asked of the widgets (test_nothing_cut).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from app import theme
from app.theme import dress
from core.imaging.volume import Volume
from tests.app.looks.conftest import THEMES
from tests.app.reading.conftest import TUMOUR_MM
from tests.app.reading.hand import Hand
from tests.widgets.hands import pixels
from widgets.slice_view import Overlay

REFERENCES = Path(__file__).parent / "pictures"
RENEW = os.environ.get("FERROREAD_RENEW_PICTURES") == "1"

SIDE_PX, KEPT_PX, BAR_PX = 360, 120, 6
# of 255, in the reduced picture: what another way of smoothing edges changes, and what a wrong picture does
MEAN, WORST_PERCENT, WORST = 1.5, 99.0, 24
MAPS = ("r2star", "iron", "t2star", "r2star_se", "residual")
PLAIN = {"picture": "echoes", "plane": "as_scanned", "overlay": "", "slab_kind": "", "inverted": False}
SCENES = {
    "anatomy": {"picture": "anatomy"},
    "echo": {},
    **{f"{role.replace('_', '-')}-over-echo": {"overlay": role} for role in MAPS},
    "iron-over-3d": {"picture": "gre3d", "overlay": "iron"},
    "r2star": {"picture": "r2star"},
    "coronal": {"picture": "gre3d", "plane": "coronal"},
    "sagittal-mip": {"picture": "gre3d", "plane": "sagittal", "slab_kind": "max"},
    "inverted": {"picture": "anatomy", "inverted": True},
    "divided": {"compare": "last_echo"},
    "divided-under-iron": {"overlay": "iron", "compare": "anatomy"},
    "iron-faint": {"overlay": "iron", "opacity": 25},
}
USUAL_OPACITY = 60

LAYOUTS = ("1x1", "1x2", "2x2", "1+3")
WINDOW, BLOCK_PX = QSize(1366, 768), 8
# of 255, how far a block's colour may lie off; which share of blocks may lie farther, and how many together
NEAR, FEW, PATCH = 5, 0.025, (3, 6)
HUNG = (
    {"picture": "anatomy"},
    {"picture": "echoes", "overlay": "iron"},
    {"picture": "gre3d", "plane": "coronal", "overlay": "r2star"},
    {"picture": "echoes", "overlay": "residual"},
)


# ---- single panes


@pytest.fixture(scope="module")
def pane(reading, lasting_qtbot):
    """One pane alone, of a fixed size, without texts."""
    hand, views = Hand(reading), reading.views
    views.set_layout("1x1")
    views.show_position(TUMOUR_MM)
    # so that the body's iron has a colour of its own
    views.maps.set_range("iron", -5.0, 15.0)
    shown = views.shown[0]
    hand.key("h")
    reading.worklist.view.setFocus()
    shown.view.setFixedSize(SIDE_PX, SIDE_PX)
    lasting_qtbot.waitUntil(lambda: shown.view.width() == shown.view.height() == SIDE_PX)
    return shown


@pytest.fixture(scope="module")
def pictures(pane, reading, lasting_qtbot) -> dict[str, np.ndarray]:
    """Every scene as it is painted, reduced."""
    return {name: scene(reading, pane, wishes, lasting_qtbot) for name, wishes in SCENES.items()}


def scene(reading, pane, wishes: dict, qtbot) -> np.ndarray:
    """What a pane shows, with the colours of the bar beside it at the right; shape (row, column, RGB)."""
    for what, value in {**PLAIN, **{key: each for key, each in wishes.items() if key != "opacity"}}.items():
        reading.views.wish(pane, what, value)
    qtbot.waitUntil(lambda: not reading.workers.busy)
    pane.opacity.setValue(wishes.get("opacity", USUAL_OPACITY))
    pane.view.fit()
    return painted(reading, pane)


def painted(reading, pane) -> np.ndarray:
    step = SIDE_PX // KEPT_PX
    shown = pixels(pane.view).astype(float).reshape(KEPT_PX, step, KEPT_PX, step, 3).mean(axis=(1, 3))
    bar = np.zeros((KEPT_PX, BAR_PX, 3))
    if reading.colour_bar.isVisible():
        # the strip alone: ticks and their texts stand to the right of it
        strip = pixels(reading.colour_bar.gradient)[10:-10, 8]
        bar[:] = strip[np.linspace(0, len(strip) - 1, KEPT_PX).astype(int)][:, None]
    return np.concatenate([shown, bar], axis=1)


def unlike(one: np.ndarray, other: np.ndarray) -> bool:
    apart = np.abs(one - other)
    return bool(apart.mean() > MEAN or np.percentile(apart.max(axis=2), WORST_PERCENT) > WORST)


def reference(name: str, shown: np.ndarray) -> np.ndarray:
    """The picture that was looked at; first this one in its place where references are renewed."""
    path = REFERENCES / f"{name}.png"
    rows, columns = shown.shape[:2]
    if RENEW:
        words = np.ascontiguousarray(np.rint(shown).astype(np.uint8))
        REFERENCES.mkdir(exist_ok=True)
        QImage(words.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).save(str(path))
    known = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    assert (known.width(), known.height()) == (columns, rows), name
    flat = np.frombuffer(known.constBits(), np.uint8).reshape(rows, known.bytesPerLine())
    return flat[:, : 3 * columns].reshape(rows, columns, 3).astype(float)


def test_every_scene_is_painted_as_it_was_looked_at(pictures):
    assert not [name for name, shown in pictures.items() if unlike(shown, reference(name, shown))]


def test_scenes_are_told_apart_and_a_wrong_one_would_be_seen(pictures):
    for (one, here), (other, there) in combinations(pictures.items(), 2):
        assert unlike(here, there), (one, other)
    for name, shown in pictures.items():
        assert unlike(shown, np.roll(shown, 2, axis=1)), name
        assert unlike(shown, shown[:, ::-1]), name


def wrong_overlays(right: Overlay) -> Iterator[tuple[str, Overlay]]:
    """What may be wrong with a map that is laid over a picture, each by little."""
    grid = right.volume.geometry
    for axis, what in ((1, "a row"), (2, "a column")):
        by_mm = grid.affine[:3, axis]
        yield f"{what} off", replace(right, volume=Volume(right.volume.data, grid.moved(by_mm)))
    yield "range", replace(right, high=right.low + 1.3 * (right.high - right.low))
    yield "opacity", replace(right, opacity=right.opacity + 0.25)
    colours = next(each for each in ("ember", "lagoon") if each != right.colours)
    yield "colours", replace(right, colours=colours)
    unmasked = np.where(np.isnan(right.volume.data), (right.low + right.high) / 2, right.volume.data)
    yield "flags not minded", replace(right, volume=Volume(unmasked, grid))


@pytest.mark.parametrize("role", MAPS)
def test_a_map_that_is_wrong_by_little_would_be_seen(role, reading, pane, lasting_qtbot):
    shown = scene(reading, pane, {"overlay": role}, lasting_qtbot)
    right, depth = pane.view.overlay, pane.view.depth
    for what, wrong in wrong_overlays(right):
        pane.view.set_overlay(wrong)
        assert unlike(painted(reading, pane), shown), what
    pane.view.set_overlay(right)
    assert not unlike(painted(reading, pane), shown)
    # iron differs where the tumour begins, in the slice after the first
    pane.view.show_slice(0)
    first = painted(reading, pane)
    pane.view.set_overlay(
        replace(right, volume=Volume(np.roll(right.volume.data, -1, 0), right.volume.geometry))
    )
    assert unlike(painted(reading, pane), first), "a slice off"
    pane.view.set_overlay(right)
    pane.view.show_slice(depth)
    bar = reading.colour_bar.gradient
    bar.set_map("dusk" if right.colours != "dusk" else "moss", *bar.range)
    assert unlike(painted(reading, pane), shown), "another bar"


# ---- the window


@pytest.fixture(scope="module")
def window(reading, lasting_qtbot):
    """The reading window with a picture of its own in every pane."""
    views = reading.views
    for each in views.panes:
        each.view.setMinimumSize(0, 0)
        each.view.setMaximumSize(16_777_215, 16_777_215)
    views.set_layout("2x2")
    for each, wishes in zip(views.panes, HUNG, strict=True):
        for what, value in {**PLAIN, **wishes}.items():
            views.wish(each, what, value)
        each.opacity.setValue(USUAL_OPACITY)
    reading.resize(WINDOW)
    lasting_qtbot.waitUntil(lambda: reading.size() == WINDOW and not reading.workers.busy)
    views.show_position(TUMOUR_MM)
    return reading


def grounds(window) -> np.ndarray:
    """Of every block the colour that most of it has; shape (row, column, RGB)."""
    window.worklist.view.setFocus()
    # a layout that was asked for is there, and no text that comes and goes with time
    window.saved.clear()
    QTest.qWait(0)
    shown = pixels(window)
    rows, columns = (side // BLOCK_PX for side in shown.shape[:2])
    whole = shown[: rows * BLOCK_PX, : columns * BLOCK_PX]
    return np.median(whole.reshape(rows, BLOCK_PX, columns, BLOCK_PX, 3), axis=(1, 3))


def laid_out(window, name: str) -> np.ndarray:
    window.views.set_layout(name)
    QTest.qWait(0)
    window.views.fit()
    return grounds(window)


def another_look(one: np.ndarray, other: np.ndarray) -> bool:
    off = np.abs(one - other).max(axis=2) > NEAR
    together = np.lib.stride_tricks.sliding_window_view(off, PATCH).all(axis=(2, 3))
    return bool(off.mean() > FEW or together.any())


@pytest.fixture(scope="module")
def looks(window, qapp) -> dict[str, np.ndarray]:
    """The window in both themes and every layout."""
    found = {}
    for name in THEMES:
        dress(qapp, name)
        for layout in LAYOUTS:
            found[f"window-{name}-{layout}"] = laid_out(window, layout)
    return found


def test_the_window_looks_in_every_theme_and_layout_as_it_was_looked_at(looks):
    assert not [name for name, shown in looks.items() if another_look(shown, reference(name, shown))]


def test_looks_are_told_apart(looks):
    for (one, here), (other, there) in combinations(looks.items(), 2):
        assert another_look(here, there), (one, other)


@pytest.mark.parametrize("layout", LAYOUTS[1:])
def test_a_pane_that_is_missing_or_empty_would_be_seen(looks, window, layout):
    shown = looks[f"window-dark-{layout}"]
    assert not another_look(laid_out(window, layout), shown)
    last = window.views.shown[-1]
    last.hide()
    assert another_look(grounds(window), shown)
    last.show()
    overlay = last.view.overlay
    last.view.set_overlay(None)
    # a part of a small pane has colours; without the picture below them everything is black
    last.view.set_picture(None)
    assert another_look(grounds(window), shown)
    window.views.wish(last, "picture", window.views.states[last].picture)
    assert last.view.overlay == overlay


@pytest.mark.parametrize(("name", "uses"), [("dark", ("window", "raised")), ("light", ("panel", "main"))])
def test_a_wrong_colour_of_a_theme_would_be_seen(looks, window, qapp, monkeypatch, name, uses):
    known, right = looks[f"window-{name}-2x2"], theme.colours(name)
    for use in uses:
        colour = QColor(right[use])
        by = 12 if colour.red() < 128 else -12
        wrong = QColor(colour.red() + by, colour.green() + by, colour.blue() + by).name()
        monkeypatch.setattr(theme, "colours", lambda _, use=use, wrong=wrong: {**right, use: wrong})
        dress(qapp, name)
        assert another_look(laid_out(window, "2x2"), known), use
    monkeypatch.undo()
    dress(qapp, name)
    assert not another_look(laid_out(window, "2x2"), known)


def test_layouts_divide_the_room_without_gap_or_overlap(window):
    shares = {"1x1": [1], "1x2": [1 / 2] * 2, "2x2": [1 / 4] * 4, "1+3": [2 / 3, 1 / 9, 1 / 9, 1 / 9]}
    for name, expected in shares.items():
        window.views.set_layout(name)
        QTest.qWait(0)
        room = window.grid.width() * window.grid.height()
        panes = [pane.geometry() for pane in window.views.shown]
        assert [pane.width() * pane.height() / room for pane in panes] == pytest.approx(expected, abs=0.015)
        assert not any(one.intersects(other) for one, other in combinations(panes, 2))
        assert all(window.grid.rect().contains(pane) for pane in panes)


def test_references_are_small_and_each_is_compared(pictures, looks):
    assert sum(path.stat().st_size for path in REFERENCES.glob("*.png")) < 400_000
    assert {path.stem for path in REFERENCES.glob("*.png")} == {*pictures, *looks}
