"""Nothing is cut and nothing overlaps, at every size and scale, in every language, with everything drawn."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.looks.conftest import read_to_the_last_step

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def drawn_kit(lasting_qtbot, whole_kit, tmp_path_factory) -> Path:
    """A kit with a case as far as `read_to_the_last_step`, and one that nobody has opened."""
    kit = shutil.copytree(whole_kit, tmp_path_factory.mktemp("drawn") / "A.kit")
    with read_to_the_last_step(lasting_qtbot, kit):
        pass
    return kit


@pytest.mark.parametrize(
    ("factor", "screen", "layouts"),
    [
        (1.0, (1366, 768), ("1x1", "1x2", "1+3", "2x2")),
        pytest.param(1.25, (1600, 900), ("2x2",), marks=pytest.mark.soak),
        pytest.param(1.5, (1920, 1080), ("2x2",), marks=pytest.mark.soak),
        (2.0, (2560, 1440), ("1x1", "1x2", "1+3", "2x2")),
    ],
)
def test_nothing_is_cut_or_overlaps(factor, screen, layouts, drawn_kit, tmp_path):
    kit = shutil.copytree(drawn_kit, tmp_path / "A.kit")
    width, height = (int(side / factor) for side in screen)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(factor)}
    environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    command = [sys.executable, "-m", "tests.app.looks.look_through", str(width), str(height), str(kit)]
    command += layouts
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["ratio"] == factor and found["size"] == [width, height]
    assert found["wrong"] == []
