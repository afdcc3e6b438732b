"""Tools that follow values, on lesions of 4 to 12 voxels, with 1, 4 and 16 pixels of the screen for a voxel.

The lesions are discs of known place and size, at a CNR of 20; a voxel on their border holds the mean of both.
A hand can only point at whole pixels, so that with one pixel for a voxel it is half a voxel off.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot
from scipy import ndimage

from core.imaging.regions.brush import stroke
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.records import ScanImages
from core.study.store import Study
from tests.app.reading.conftest import ECHO_GRID, PROTOCOL, TE_MS, opened
from tests.app.reading.hand import CTRL, SHIFT, Hand
from tests.conftest import PATIENCE_MS
from tests.widgets.hands import click, drag, hover, roll

ZOOMS = (1, 4, 16)  # pixels of the screen for a voxel
TISSUE, LESION, NOISE = 400.0, 800.0, 20.0
SLICE, SPACING_MM = 4, ECHO_GRID.spacing_mm[1]
# voxels across, and where: between voxel centres, so that no symmetry helps
LESIONS = ((4, (20.3, 20.8)), (6, (20.4, 56.2)), (8, (57.7, 22.4)), (12, (55.1, 56.6)))


def coverage_of(size: int, place: tuple[float, float]) -> np.ndarray:
    """What a lesion truly covers."""
    return stroke(ECHO_GRID, [ECHO_GRID.to_mm((SLICE, *place))], size / 2 * SPACING_MM).on(ECHO_GRID.shape)


@pytest.fixture(scope="module")
def hand(request, qapp, tmp_path_factory) -> Iterator[Hand]:
    """One window for all of it, on echoes whose first one shows the lesions."""
    share = sum(coverage_of(*lesion) / 255 for lesion in LESIONS)
    draw = np.random.default_rng(11)
    clean = [(TISSUE + (LESION - TISSUE) * share) * np.exp(-te / 60) for te in TE_MS]
    echoes = np.stack([picture + draw.normal(0, NOISE, picture.shape) for picture in clean])
    images = ScanImages(
        echoes=EchoSeries(echoes.astype(np.float32), TE_MS, ECHO_GRID, None, 3.0),
        anatomy=Volume(echoes[0].astype(np.float32), ECHO_GRID),
        r2star_per_s=Volume(np.full(ECHO_GRID.shape, 16.7, np.float32), ECHO_GRID),
        sigma=NOISE,
        fit_method="nlls",
    )
    folder = tmp_path_factory.mktemp("small")
    with Study.create(folder / "study", "Discs") as study:
        study.add_scan("disc", "none", "none", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater", 1, load_protocol(PROTOCOL), folder / "discs.kit", seed="5")
    bot = QtBot(request)
    bot.waitUntil = partial(bot.waitUntil, timeout=PATIENCE_MS)
    with opened(bot, folder / "discs.kit") as window:
        hand = Hand(window)
        hand.key("t")
        yield hand


def lesions(hand: Hand) -> Iterator[tuple[int, int, QPointF, np.ndarray]]:
    """Go through sizes and zooms: voxels across, pixels for a voxel, the middle's point, the truth."""
    for size, place in LESIONS:
        middle_mm = tuple(ECHO_GRID.to_mm((SLICE, *place)).tolist())
        hand.go_to(middle_mm)
        for zoom in ZOOMS:
            hand.right.set_frame(middle_mm, zoom / SPACING_MM)
            yield size, zoom, QPointF(hand.right.point_at(middle_mm)), coverage_of(size, place)


def on_edge(middle: QPointF, size: int, zoom: int, turn: float) -> QPointF:
    """The whole pixel nearest to a place of the lesion's edge."""
    way = size * zoom / 2 * QPointF(np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn))
    return QPointF((middle + way).toPoint())


def value_at(hand: Hand, point: QPointF) -> float:
    """The picture's value under a point, between voxel centres too."""
    index = ECHO_GRID.to_index(hand.right.position_at(point))
    return float(ndimage.map_coordinates(hand.right.volume.data, index[:, None], order=1)[0])


def taken(hand: Hand) -> np.ndarray:
    """What the tool has drawn, which is undone then."""
    (roi,) = hand.window.case.reading.rois.values()
    hand.key(Qt.Key.Key_Z, CTRL)
    assert not hand.window.case.reading.rois
    return roi.coverage


def dice(one: np.ndarray, other: np.ndarray) -> float:
    """Parts of voxels as such."""
    both = np.minimum(one, other).sum(dtype=np.int64)
    return float(2 * both / (one.sum(dtype=np.int64) + other.sum(dtype=np.int64)))


def voxels(region: np.ndarray) -> float:
    return float(region.sum(dtype=np.int64)) / 255


def assert_inside(found: np.ndarray, truth: np.ndarray, what: object) -> None:
    """Nothing of the tissue is taken, all that is lesion alone, and of mixed voxels what looks alike."""
    assert not found[truth == 0].any(), what
    whole = truth == 255
    # of Gaussian values, 1.2 % lie further than 2.5 SD from their mean
    assert np.count_nonzero(found[whole] == 0) <= 0.03 * np.count_nonzero(whole), what
    assert dice(found, truth) > 0.8, what
    assert voxels(found) < voxels(truth), what


def test_growing_from_a_click_takes_the_lesion_and_nothing_beyond(hand):
    hand.key("g", SHIFT)
    for size, zoom, middle, truth in lesions(hand):
        drag(hand.right, [middle, middle])
        found = taken(hand)
        assert_inside(found, truth, (size, zoom))


def test_a_level_trace_runs_along_the_edge_it_is_clicked_on(hand):
    hand.key("l", SHIFT)
    half = (TISSUE + LESION) / 2 * np.exp(-TE_MS[0] / 60)
    for size, zoom, middle, truth in lesions(hand):
        # whoever looks at the line under the pointer clicks where it runs along the edge
        edges = [on_edge(middle, size, zoom, turn) for turn in np.arange(0, 1, 1 / 16)]
        edge = min(edges, key=lambda point: abs(value_at(hand, point) - half))
        hover(hand.right, edge)
        click(hand.right, edge)
        found = taken(hand)
        assert dice(found, truth) > (0.92 if size == 4 else 0.97), (size, zoom)
        assert voxels(found) == pytest.approx(voxels(truth), rel=0.15 if size == 4 else 0.05), (size, zoom)


def test_a_live_wire_follows_the_edge_between_clicks(hand):
    hand.key("w", SHIFT)
    for size, zoom, middle, truth in lesions(hand):
        for turn in (0.05, 0.3, 0.55, 0.8):
            click(hand.right, on_edge(middle, size, zoom, turn))
        hand.key(Qt.Key.Key_Return)
        found = taken(hand)
        assert dice(found, truth) > (0.87 if size == 4 else 0.97), (size, zoom)
        assert voxels(found) == pytest.approx(voxels(truth), rel=0.22 if size == 4 else 0.06), (size, zoom)


def test_a_threshold_brush_swept_over_the_edge_stays_inside(hand):
    hand.key("t", SHIFT)
    for size, zoom, middle, truth in lesions(hand):
        for _ in range(60):
            radius = hand.right.brush_mm / SPACING_MM
            if 0.3 * size < radius <= 0.4 * size:
                break
            roll(hand.right, 1 if radius < 0.35 * size else -1, SHIFT)
        round_about = [on_edge(middle, size, zoom, turn) for turn in np.linspace(0, 1, 24)]
        drag(hand.right, [middle, *round_about])
        found = taken(hand)
        assert_inside(found, truth, (size, zoom))
