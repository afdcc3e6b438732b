"""The 3D pane in the reading window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from app.reading.volume import VolumeController
from app.reading.window import ReadingWindow
from core.imaging.volume import Volume
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.store import Study
from tests.app.reading.conftest import (
    FINE_GRID,
    PROTOCOL,
    TUMOUR_MM,
    TUMOUR_RADIUS_MM,
    animal,
    centred,
    opened,
    scan_images,
)
from tests.app.reading.hand import Hand
from tests.widgets.graphics import needs_graphics
from tests.widgets.hands import RIGHT, click, drag, pixels
from widgets import volume_pictures

GRE3D_GRID = centred((24, 60, 60), (0.6, 0.5, 0.5))


@pytest.fixture(scope="module")
def kit_with_3d(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One case with a 3D GRE, one without; and neither knows whose it is."""
    folder = tmp_path_factory.mktemp("dealt3d")
    signal, r2star = animal(GRE3D_GRID)
    gre3d = Volume((signal * np.exp(-0.004 * r2star)).astype(np.float32), GRE3D_GRID)
    with Study.create(folder / "study", "Iron in mice") as study:
        for number in range(2):
            images = scan_images(number)
            images = replace(images, gre3d=gre3d) if number == 0 else replace(images, anatomy=None)
            study.add_scan(f"mouse-{number}", "MNP", "24 h", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater A", 1, load_protocol(PROTOCOL), folder / "B.kit", seed="5")
    return folder / "B.kit"


@pytest.fixture
def window(qtbot, kit_with_3d: Path, tmp_path: Path) -> Iterator[ReadingWindow]:
    """On the case that has a 3D GRE."""
    import shutil

    with opened(qtbot, shutil.copytree(kit_with_3d, tmp_path / "B.kit")) as made:
        if "gre3d" not in made.case.images.volumes:
            made.flow.step(1)
            qtbot.waitUntil(lambda: made.case.ready)
        yield made


@pytest.fixture(autouse=True)
def no_rest(monkeypatch):
    """The full picture follows at once: nobody watches the hand rest."""
    monkeypatch.setattr(volume_pictures, "_REST_MS", 0)


def in_3d(qtbot, window: ReadingWindow) -> VolumeController:
    """Press the key for 3D and wait for the volume; skipped where there are no graphics."""
    needs_graphics()
    Hand(window).key("u")
    volume = window.volume
    qtbot.waitUntil(lambda: volume.pane.view.grey is not None, timeout=60_000)
    settle(qtbot, volume)
    return volume


def settle(qtbot, volume: VolumeController) -> None:
    pictures = volume.pane.view.pictures
    qtbot.waitUntil(lambda: pictures._pieces == [] and not pictures._coarse_due, timeout=60_000)


def test_a_key_brings_the_3d_gre_into_the_active_pane_and_takes_it_away(qtbot, window):
    hand = Hand(window)
    volume = in_3d(qtbot, window)
    assert volume.pane.view.hasFocus()
    assert volume.pane.isVisibleTo(window)
    assert volume.pane.view.grey.corners_mm == pytest.approx(
        window.case.images.volumes["gre3d"].geometry.to_mm(
            [[k, r, c] for k in (0, 23) for r in (0, 59) for c in (0, 59)]
        ),
        abs=1e-3,
    )
    seen = pixels(volume.pane.view).max(axis=2)
    assert np.count_nonzero(seen > 60) > 0.1 * seen.size
    hand.key("u")
    assert not volume.pane.isVisible()
    assert volume.pane.view.pictures.image is None
    assert window.right.instead is None
    hand.key("u")
    settle(qtbot, volume)
    assert volume.pane.isVisible()


def test_the_cross_goes_both_ways(qtbot, window):
    volume, hand = in_3d(qtbot, window), Hand(window)
    click(hand.left, hand.left.exact_point_at((3.0, 4.0, hand.left.cursor_mm[2])))
    assert volume.pane.view.cursor_mm == pytest.approx(hand.left.cursor_mm)
    click(volume.pane.view, volume.pane.view.point_at((0.0, 0.0, 2.0)))
    found = volume.pane.view.cursor_mm
    assert hand.left.cursor_mm == pytest.approx(found)
    assert (found[0], found[2]) == pytest.approx((0.0, 2.0), abs=0.2)


def test_window_and_level_are_those_of_the_2d_views_of_the_same_picture(qtbot, window):
    hand = Hand(window)
    volume = in_3d(qtbot, window)
    view = volume.pane.view
    assert (view.centre, view.width_of_window) == window.views.window_of("gre3d")
    combo = hand.child("left_picture", QComboBox)
    combo.setCurrentIndex(combo.findData("gre3d"))
    drag(view, [QPoint(100, 100), QPoint(140, 100), QPoint(160, 100)], RIGHT)
    assert (hand.left.centre, hand.left.width_of_window) == (view.centre, view.width_of_window)
    drag(hand.left, [QPointF(100, 100), QPointF(100, 80)], RIGHT)
    assert (hand.left.centre, hand.left.width_of_window) == (view.centre, view.width_of_window)
    hand.key("w")
    assert (view.centre, view.width_of_window) == window.views.window_of("gre3d")


def test_a_tumour_drawn_in_2d_stands_in_3d_at_its_place(qtbot, window):
    hand = Hand(window)
    volume = in_3d(qtbot, window)
    assert not volume.pane.view.surfaces
    hand.press("tool_tumour")
    hand.press("tool_polygon")
    hand.outline(TUMOUR_MM, TUMOUR_RADIUS_MM, hand.left)
    hand.key(Qt.Key.Key_Return)
    (surface,) = volume.pane.view.surfaces
    index = np.argwhere(surface.mask)
    middle = (index @ surface.matrix[:3, :3].T + surface.matrix[:3, 3]).mean(axis=0)
    assert middle[:2] == pytest.approx(TUMOUR_MM[:2], abs=0.3)
    settle(qtbot, volume)
    at = volume.pane.view.point_at(middle)
    # beside the line of the cross
    seen = pixels(volume.pane.view)[at.y() + 3, at.x() + 4].astype(int)
    assert seen[0] > seen[2] + 30
    window.case.undo()
    assert not volume.pane.view.surfaces


def test_air_and_reference_tissue_are_not_shown_as_bodies_but_marks_are_shown(qtbot, window):
    hand = Hand(window)
    volume = in_3d(qtbot, window)
    hand.press("tool_noise")
    hand.press("tool_polygon")
    hand.outline((-13.0, -13.0, 0.5), 1.5, hand.left)
    hand.key(Qt.Key.Key_Return)
    assert window.case.reading.rois and not volume.pane.view.surfaces
    hand.press("tool_lesion")
    hand.click_at((2.0, 3.0, 0.5), hand.left)
    (pin,) = volume.pane.view.pins
    assert pin.label == "L1" and pin.position_mm == pytest.approx((2.0, 3.0, 0.5), abs=0.6)


def test_a_case_without_volume_says_what_it_waits_for_and_the_next_one_comes(qtbot, window):
    volume = in_3d(qtbot, window)
    first = window.case.alias
    window.flow.step(1)
    step = 1 if window.case.alias != first else -1
    if step == -1:
        window.flow.step(-1)
    assert window.case.alias != first
    assert volume.pane.view.grey is None
    qtbot.waitUntil(lambda: window.case.ready)
    # the protocol hangs each case anew, and does not name 3D
    Hand(window).key("u")
    assert volume.pane.isVisible()
    assert volume.pane.view.waiting_for.startswith("Waits for a 3D GRE")
    assert not volume.pane.cuts[0].isEnabled()
    window.flow.step(-step)
    qtbot.waitUntil(lambda: window.case.ready)
    Hand(window).key("u")
    qtbot.waitUntil(lambda: volume.pane.view.grey is not None)


def test_the_anatomy_is_shown_where_there_is_no_3d_gre(qtbot, kit_path):
    with opened(qtbot, kit_path) as window:
        volume = in_3d(qtbot, window)
        assert volume.pane.view.grey.levels.shape == FINE_GRID.shape
        assert not volume.pane.picture.isVisible()


def test_where_there_are_both_one_can_choose(qtbot, window):
    volume = in_3d(qtbot, window)
    assert volume.pane.picture.isVisible()
    volume.pane.picture.setCurrentIndex(volume.pane.picture.findData("anatomy"))
    qtbot.waitUntil(lambda: volume.pane.view.grey.levels.shape == FINE_GRID.shape)


def test_controls_show_what_keys_have_done_and_the_other_way_round(qtbot, window):
    volume, hand = in_3d(qtbot, window), Hand(window)
    assert volume.pane.mode.currentData() == volume.pane.view.mode == "body"
    hand.key("v")
    assert volume.pane.mode.currentData() == "mip"
    hand.key("y")
    assert volume.pane.cuts[1].isChecked() and set(volume.pane.view.cuts) == {1}
    hand.press("volume_cut_y")
    hand.press("volume_cut_z")
    assert set(volume.pane.view.cuts) == {2}
    volume.pane.mode.setCurrentIndex(0)
    assert volume.pane.view.mode == "body"


def test_texts_and_cross_hair_go_as_in_the_other_views(qtbot, window):
    volume, hand = in_3d(qtbot, window), Hand(window)
    hand.key("h")
    assert not volume.pane.view.show_texts
    window.actions_by_name["crosshair"].trigger()
    assert not volume.pane.view.show_cursor
    window.settings.mouse = {"left": "pan"}
    window.apply_controls()
    before = volume.pane.view.camera.axes
    drag(volume.pane.view, [QPoint(90, 90), QPoint(130, 90)])
    assert volume.pane.view.camera.axes is before


def test_it_moves_to_another_pane_and_through_the_layouts(qtbot, window):
    volume, hand = in_3d(qtbot, window), Hand(window)
    combo = hand.child("left_picture", QComboBox)
    combo.setCurrentIndex(combo.findData("volume"))
    combo.activated.emit(combo.currentIndex())
    assert window.left.instead is volume.pane and window.right.instead is None
    for layout in ("2x2", "1+3", "1x1", "1x2"):
        window.views.set_layout(layout)
    settle(qtbot, volume)
    assert volume.pane.isVisible()
    hand.key(Qt.Key.Key_F6)


def test_every_control_has_a_name_and_tells_nothing_of_the_case(qtbot, window):
    volume = in_3d(qtbot, window)
    controls = [
        volume.pane.view,
        *volume.pane.findChildren(QComboBox),
        *volume.pane.findChildren(QToolButton),
    ]
    assert len(controls) >= 7
    for control in controls:
        assert control.accessibleName() and control.objectName().startswith("volume_")
        assert "mouse-" not in control.accessibleName() + control.toolTip()


def test_closing_the_window_gives_the_graphics_back(qtbot, kit_path):
    needs_graphics()
    with opened(qtbot, kit_path) as window:
        volume = in_3d(qtbot, window)
        assert volume.pane.view.pictures.image is not None
    assert volume.pane.view.pictures.image is None


def test_vtk_is_not_imported_before_the_pane_is_seen():
    script = (
        "import sys, app.reading.window, app.reading.volume\n"
        "assert not any(name.startswith('vtkmodules') for name in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0


def test_a_narrow_header_leaves_out_what_the_cube_can_do(qtbot, window):
    volume = in_3d(qtbot, window)
    assert volume.pane.side.isVisible() and volume.pane.picture.isVisible()
    combo = Hand(window).child("third_picture", QComboBox)
    window.views.set_layout("1+3")
    combo.setCurrentIndex(combo.findData("volume"))
    qtbot.waitUntil(lambda: not volume.pane.picture.isVisible())
    assert volume.pane.mode.isVisible()
    assert volume.pane.mode.width() >= volume.pane.mode.sizeHint().width()
    assert volume.pane.view.height() == pytest.approx(window.right.view.height() - 33, abs=6)


def test_fitting_pictures_fits_the_3d_one_too(qtbot, window):
    volume = in_3d(qtbot, window)
    before = volume.pane.view.camera.px_per_mm
    Hand(window).key("+")
    assert volume.pane.view.camera.px_per_mm > before
    Hand(window).key("f")
    assert volume.pane.view.camera.px_per_mm == pytest.approx(before)


def test_tab_goes_through_the_controls_into_the_picture(qtbot, window):
    volume, hand = in_3d(qtbot, window), Hand(window)
    volume.pane.picture.setFocus()
    names = []
    for _ in range(7):
        names.append(QApplication.focusWidget().objectName())
        hand.key(Qt.Key.Key_Tab)
    assert names == [
        "volume_picture", "volume_mode", "volume_side", "volume_cut_x", "volume_cut_y", "volume_cut_z",
        "volume_view",
    ]  # fmt: skip
    # and on, out of the pane
    assert not QApplication.focusWidget().objectName().startswith("volume")


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_the_pane_opened_and_closed_fifty_times_leaves_nothing_behind(qtbot, window):
    volume, hand, resident_mb = in_3d(qtbot, window), Hand(window), []
    for _ in range(60):
        hand.key("u")
        assert not volume.pane.isVisible()
        hand.key("u")
        settle(qtbot, volume)
        resident_mb.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20)
    assert resident_mb[-1] - resident_mb[9] < 15
