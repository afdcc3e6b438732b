"""Pictures beside those that were once looked at, and the windows' layout at every size and scale.

`make pictures` renews the references under `pictures/`; look at them before they are committed. They hold no
text, so that no font matters; whether texts fit is asked of the widgets.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.app.reading.hand import Hand

ROOT = Path(__file__).parents[3]
REFERENCES = Path(__file__).parent / "pictures"
RENEW = os.environ.get("FERROREAD_RENEW_PICTURES") == "1"
SIDE_PX, KEPT_PX = 360, 120
# of 255, in the reduced picture: what another way of smoothing edges changes, and what a wrong picture does
MEAN, WORST_PERCENT, WORST = 1.5, 99.0, 24
PLAIN = {"plane": "as_scanned", "overlay": "", "slab_kind": "", "inverted": False}
SCENES = {
    "anatomy": {"picture": "anatomy"},
    "echo": {"picture": "echoes"},
    "r2star-over-echo": {"picture": "echoes", "overlay": "r2star"},
    "iron-over-echo": {"picture": "echoes", "overlay": "iron"},
    "iron-over-3d": {"picture": "gre3d", "overlay": "iron"},
    "r2star": {"picture": "r2star"},
    "coronal": {"picture": "gre3d", "plane": "coronal"},
    "sagittal-mip": {"picture": "gre3d", "plane": "sagittal", "slab_kind": "max"},
    "inverted": {"picture": "anatomy", "inverted": True},
    "divided": {"picture": "echoes", "compare": "last_echo"},
}


@pytest.fixture
def pictures(reading, qtbot) -> dict[str, np.ndarray]:
    """Every scene as it is painted, reduced; shape (row, column, RGB)."""
    hand, views = Hand(reading), reading.views
    views.set_layout("1x1")
    pane = views.shown[0]
    hand.key("h")
    reading.worklist.view.setFocus()
    pane.view.setFixedSize(SIDE_PX, SIDE_PX)
    qtbot.waitUntil(lambda: pane.view.width() == pane.view.height() == SIDE_PX)
    found = {}
    for name, wishes in SCENES.items():
        for what, value in {**PLAIN, **wishes}.items():
            views.wish(pane, what, value)
        pane.view.fit()
        found[name] = reduced(pane.view.grab().toImage())
    return found


def reduced(image: QImage) -> np.ndarray:
    small = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), small.bytesPerLine())
    whole = flat[:, : 3 * small.width()].reshape(small.height(), small.width(), 3).astype(float)
    step = small.height() // KEPT_PX
    return whole.reshape(KEPT_PX, step, KEPT_PX, step, 3).mean(axis=(1, 3))


def unlike(one: np.ndarray, other: np.ndarray) -> bool:
    apart = np.abs(one - other)
    return bool(apart.mean() > MEAN or np.percentile(apart.max(axis=2), WORST_PERCENT) > WORST)


def test_every_scene_is_painted_as_it_was_looked_at(pictures):
    for name, shown in pictures.items():
        path = REFERENCES / f"{name}.png"
        if RENEW:
            words = np.ascontiguousarray(np.rint(shown).astype(np.uint8))
            REFERENCES.mkdir(exist_ok=True)
            QImage(words.data, KEPT_PX, KEPT_PX, 3 * KEPT_PX, QImage.Format.Format_RGB888).save(str(path))
        known = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
        flat = np.frombuffer(known.constBits(), np.uint8).reshape(KEPT_PX, known.bytesPerLine())
        expected = flat[:, : 3 * KEPT_PX].reshape(KEPT_PX, KEPT_PX, 3).astype(float)
        assert not unlike(shown, expected), name


def test_scenes_are_told_apart_and_a_wrong_one_would_be_seen(pictures):
    for (one, here), (other, there) in combinations(pictures.items(), 2):
        assert unlike(here, there), (one, other)
    for name, shown in pictures.items():
        assert unlike(shown, np.roll(shown, 2, axis=1)), name
        assert unlike(shown, shown[:, ::-1]), name


def test_references_are_small():
    assert sum(path.stat().st_size for path in REFERENCES.glob("*.png")) < 300_000
    assert {path.stem for path in REFERENCES.glob("*.png")} == set(SCENES)


def test_layouts_divide_the_room_without_gap_or_overlap(reading, qtbot):
    shares = {"1x1": [1], "1x2": [1 / 2] * 2, "2x2": [1 / 4] * 4, "1+3": [2 / 3, 1 / 9, 1 / 9, 1 / 9]}
    for name, expected in shares.items():
        reading.views.set_layout(name)
        QTest.qWait(0)
        room = reading.grid.width() * reading.grid.height()
        panes = [pane.geometry() for pane in reading.views.shown]
        assert [pane.width() * pane.height() / room for pane in panes] == pytest.approx(expected, abs=0.015)
        assert not any(one.intersects(other) for one, other in combinations(panes, 2))
        assert all(reading.grid.rect().contains(pane) for pane in panes)


@pytest.mark.parametrize(
    ("factor", "screen"), [(1.0, (1366, 768)), (1.25, (1600, 900)), (1.5, (1920, 1080)), (2.0, (2560, 1440))]
)
def test_nothing_is_cut_or_overlaps_at_any_scale_in_any_theme_and_layout(factor, screen, whole_kit, tmp_path):
    kit = shutil.copytree(whole_kit, tmp_path / "A.kit")
    width, height = (int(side / factor) for side in screen)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(factor)}
    environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    command = [sys.executable, "-m", "tests.app.looks.look_through", str(width), str(height), str(kit)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["ratio"] == factor and found["size"] == [width, height]
    assert found["wrong"] == []
