"""At every scale of the screen a voxel has sharp borders where they belong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from tests.widgets.hands import pixels
from widgets.slice_view import SliceView

view = SliceView()
view.resize(203, 151)
board = (np.indices((3, 10, 13)).sum(axis=0) % 2).astype(np.float32)
view.set_picture(Volume(board, Geometry.axial(board.shape, (1.0, 1.0, 1.0))))
view.set_window(0.5, 1.0)
view.set_smooth(False)
view.set_show_texts(False)
view.show_cursor = False
first = pixels(view)[:, :, 0]
again = pixels(view)[:, :, 0]
corner = view.point_of(0, 0)
ratio = view.devicePixelRatioF()
print(json.dumps({
    "ratio": ratio, "shape": first.shape, "greys": np.unique(first).tolist(),
    "same": bool((first == again).all()),
    "row": (np.flatnonzero(np.diff(first[first.shape[0] // 2 + 3].astype(int))) + 1).tolist(),
    "borders": [(corner.x() + k * view.px_per_mm) * ratio for k in range(14)],
}))
"""


@pytest.mark.parametrize("factor", (1.0, 1.25, 1.5, 2.0))
def test_voxels_are_sharp_at_the_screens_own_pixels(factor):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(factor)}
    command = [sys.executable, "-c", SHOW]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=True)
    found = json.loads(run.stdout)
    assert found["ratio"] == factor
    assert found["shape"] == pytest.approx((151 * factor, 203 * factor), abs=0.5)
    # black and white and nothing between: no border is smeared over two pixels
    assert found["greys"] == [0, 255]
    assert found["same"]
    inner = found["borders"][1:-1]
    for border in inner:
        assert min(abs(border - edge) for edge in found["row"]) <= 1.0
    assert len(inner) <= len(found["row"]) <= len(inner) + 2
