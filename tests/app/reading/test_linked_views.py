"""In the reading window: a place chosen with the mouse in one view is the same place in every other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
import SimpleITK as sitk
from PySide6.QtCore import QPointF

from app.reading.window import ReadingWindow
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.records import ScanImages
from core.study.store import Study
from tests.app.reading.conftest import PROTOCOL, TE_MS, opened
from tests.app.reading.hand import Hand, middle_of
from tests.app.reading.test_places_agree import AXIAL, SAGITTAL, grid, image
from tests.app.reading.test_stamp import tilted
from tests.widgets.hands import drag, hover
from widgets.slice_view import SliceView

# of the multi-echo series, the anatomy and the 3D GRE: their matrices, voxels and axes
SCANS = {
    "other matrices": (
        grid((12, 40, 36), (1.5, 0.5, 0.55), AXIAL),
        grid((30, 61, 70), (0.7, 0.31, 0.29), AXIAL),
        grid((25, 50, 44), (0.9, 0.4, 0.5), AXIAL),
    ),
    "across each other": (
        grid((12, 40, 36), (1.5, 0.5, 0.55), AXIAL),
        grid((20, 33, 44), (1.1, 0.6, 0.5), SAGITTAL),
        grid((24, 30, 41), (0.8, 0.7, 0.5), SAGITTAL[[1, 0, 2]]),
    ),
    "oblique": (
        grid((14, 40, 40), (1.3, 0.5, 0.5), tilted(4) @ AXIAL),
        grid((16, 40, 44), (1.2, 0.5, 0.45), tilted(3) @ AXIAL),
        grid((22, 36, 40), (0.9, 0.5, 0.5), tilted(7) @ SAGITTAL),
    ),
}
# what the four panes show
HUNG = (("anatomy", "as_scanned"), ("echoes", "as_scanned"), ("gre3d", "as_scanned"), ("gre3d", "coronal"))


def drawn_by_lot(geometry: Geometry, most: int, seed: int) -> Volume:
    values = np.random.default_rng(seed).integers(1, most, geometry.shape)
    return Volume(values.astype(np.float32), geometry)


@pytest.fixture(params=SCANS)
def window(request, qtbot, tmp_path) -> Iterator[ReadingWindow]:
    """Four views of three series, with maps, in the last step."""
    of_echoes, of_anatomy, of_gre3d = SCANS[request.param]
    echoes = np.stack([drawn_by_lot(of_echoes, 900, seed).data for seed in range(len(TE_MS))])
    r2star = drawn_by_lot(of_echoes, 300, 20)
    images = ScanImages(
        EchoSeries(echoes, TE_MS, of_echoes, None, 3.0),
        anatomy=drawn_by_lot(of_anatomy, 900, 30),
        gre3d=drawn_by_lot(of_gre3d, 900, 31),
        r2star_per_s=r2star,
        iron_ug_per_g=Volume(r2star.data * np.float32(0.1), of_echoes),
        sigma=5.0,
        fit_method="nlls",
    )
    with Study.create(tmp_path / "study", "Iron in mice") as study:
        study.add_scan("mouse-0", "MNP", "24 h", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater A", 1, load_protocol(PROTOCOL), tmp_path / "A.kit", seed="5")
    with opened(qtbot, tmp_path / "A.kit") as made:
        hand = Hand(made)
        hand.key("3")
        hand.finish()
        qtbot.waitUntil(lambda: "iron" in made.case.images.volumes)
        made.views.set_layout("2x2")
        for pane, (picture, plane) in zip(made.views.panes, HUNG, strict=True):
            made.views.wish(pane, "picture", picture)
            made.views.wish(pane, "plane", plane)
        made.views.fit()
        qtbot.waitUntil(lambda: all(view.width() > 100 for view in made.views.views))
        hand.key("q")
        yield made


def points(view: SliceView, count: int, seed: int) -> list[QPointF]:
    """Points of a view about the middle of its picture, which every series holds."""
    draw = np.random.default_rng(seed)
    middle = middle_of(view)
    reach = 3.0 * view.px_per_mm
    return [middle + QPointF(*draw.uniform(-reach, reach, 2)) for _ in range(count)]


def away_in_voxels(view: SliceView, place: tuple[float, float, float]) -> np.ndarray:
    """How far what a view's cross-hair points at, in the slice it shows, lies off a place: per index axis."""
    there = view.position_at(view.exact_point_at(view.cursor_mm))
    turned = view.volume.geometry
    return np.abs(turned.to_index(there) - turned.to_index(place))


def test_linked_views_agree_within_half_a_voxel(window):
    views = window.views.views
    assert len(views) == 4
    met = [set() for _ in views]
    for seed, source in enumerate(views):
        for start, end in zip(points(source, 6, seed), points(source, 6, 50 + seed), strict=True):
            drag(source, [start, end])
            place = source.position_at(end)
            assert source.cursor_mm == pytest.approx(place, abs=1e-6)
            for number, view in enumerate(views):
                away = away_in_voxels(view, place)
                assert away.max() <= 0.5 + 1e-6
                # only across the slices can there be a difference
                assert np.delete(away, view.plane.slice_axis).max() < 1e-6
                met[number].add(view.depth)
    # the link has moved every view
    assert min(len(depths) for depths in met) >= 3


def test_the_window_tells_the_value_that_simpleitk_resamples(window, qtbot):
    volumes = window.case.images.volumes
    first_echo = Volume(window.case.images.echoes.magnitude[0], window.case.images.echoes.geometry)
    shown = [volumes["anatomy"], first_echo, volumes["gre3d"], volumes["gre3d"]]
    rates = image(volumes["r2star"])
    for view, volume in zip(window.views.views, shown, strict=True):
        for point in points(view, 5, 9):
            place = view.position_at(point)
            hover(view, point)
            x, y, z = (f"{value:.1f}".replace("-0.0", "0.0") for value in place)
            qtbot.waitUntil(lambda x=x, y=y, z=z: f"x {x}  y {y}  z {z}" in window.probe.text())
            signal, rate = (
                of.EvaluateAtPhysicalPoint(place, sitk.sitkNearestNeighbor) for of in (image(volume), rates)
            )
            told = re.search(r"signal (\S+) .*R2\* (\S+)", window.probe.text())
            # whole numbers below 1000 are told in full
            assert tuple(map(float, told.groups())) == (signal, rate), window.probe.text()
