"""The power goes while a rater works: what was shown as saved is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.imaging.coverage import coverage_sha256
from core.imaging.roi import polygon_mask
from core.study.kit import Kit
from tests.app.reading.conftest import ECHO_GRID, LESION_MM, TUMOUR_MM
from tests.app.reading.hand import ring

ROOT = Path(__file__).parents[3]

OPEN = """
import json, sys
from pathlib import Path
from PySide6.QtCore import Qt
from app.startup import application
running = application()
from app.reading.window import ReadingWindow
from app.settings import Settings
from core.imaging.coverage import coverage_sha256
from core.study.kit import Kit
from tests.app.reading.conftest import LESION_MM, MUSCLE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand, ring

window = ReadingWindow(Kit.open(Path(sys.argv[1])), Settings())
window.show()
window.activateWindow()
while not window.case.ready:
    running.processEvents()
hand = Hand(window)
"""
READ = (
    OPEN
    + """
hand.key("4")
hand.key("l")
hand.click_at(LESION_MM)
hand.key("5")
hand.key("t")
hand.outline(TUMOUR_MM, 3.0)
hand.key(Qt.Key.Key_Return)
hand.outline((0.0, 5.0, 0.5), 2.0)
print(window.case.alias, hand.text("saved"), flush=True)
running.exec()
"""
)
# answers, a mark, regions, rulers and labels, and at last a stroke that is under way
DRAW = (
    OPEN
    + """
hand.key("4")
hand.key("l")
hand.click_at(LESION_MM)
hand.key("5")
hand.key("t")
hand.outline(TUMOUR_MM, 3.0, corners=6)
hand.key(Qt.Key.Key_Return)
corner = ring(TUMOUR_MM, 3.0, 6)[1]
hand.drag_along([corner, corner + 0.5])
hand.key(Qt.Key.Key_Up, CTRL | SHIFT)
hand.key("z")
hand.drag_along([TUMOUR_MM, MUSCLE_MM])
hand.drag_along([MUSCLE_MM, LESION_MM])
hand.key("r")
hand.key("b")
hand.drag_along([MUSCLE_MM, (2.0, 5.0, 0.5)])
hand.key("e")
hand.drag_along([(2.0, 5.0, 0.5)])
hand.key("o", SHIFT)
tumour, reference, _ = window.case.reading.rois
window.region_list.renamed.emit(reference, "left thigh")
window.region_list.recoloured.emit(tumour, "#44aa99")
window.region_list.locked_wished.emit(tumour, True)
said = hand.text("saved")
hand.key("b")
hand.hold(hand.right, [hand.right.exact_point_at(place) for place in (LESION_MM, MUSCLE_MM)])
reading = window.case.reading
print(json.dumps({
    "alias": window.case.alias, "saved": said,
    "rois": [[r.name, r.colour, r.locked, coverage_sha256(r.coverage)] for r in reading.rois.values()],
    "rulers": [[*ruler.start_mm, *ruler.end_mm] for ruler in reading.rulers.values()],
}), flush=True)
running.exec()
"""
)


def killed(script: str, kit_path: Path) -> str:
    """Run a script on a kit and kill it when it has said a line; return the line."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(kit_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as reading:
        said = reading.stdout.readline()
        reading.kill()
    return said


@pytest.mark.soak
def test_after_a_kill_every_edit_that_was_saved_is_there_and_the_open_outline_is_not(kit_path):
    alias, *saved = killed(READ, kit_path).split()
    assert saved[0] == "Saved"
    with Kit.open(kit_path) as kit:
        kit.verify()
        after = kit.reading(alias)
    (mark,) = after.marks.values()
    assert np.allclose(mark.position_mm, LESION_MM, atol=0.15)
    assert after.answers == {("margin_conspicuity", None): 4, ("detection_confidence", mark.mark_id): 5}
    assert np.array_equal(after.roi("tumour").mask, polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0)))


def test_after_a_kill_all_that_was_saved_is_there_and_the_stroke_under_way_is_not(kit_path):
    said = json.loads(killed(DRAW, kit_path))
    assert said["saved"].startswith("Saved")
    with Kit.open(kit_path) as kit:
        kit.verify()
        after = kit.reading(said["alias"])
    (mark,) = after.marks.values()
    assert np.allclose(mark.position_mm, LESION_MM, atol=0.15)
    assert after.answers == {("margin_conspicuity", None): 4, ("detection_confidence", mark.mark_id): 5}
    kept = [[r.name, r.colour, r.locked, coverage_sha256(r.coverage)] for r in after.rois.values()]
    assert kept == said["rois"]
    assert [[name, locked] for name, _, locked, _ in kept] == [
        ["tumour", True], ["left thigh", False], ["ring", False],
    ]  # fmt: skip
    assert [[*ruler.start_mm, *ruler.end_mm] for ruler in after.rulers.values()] == said["rulers"]
    # one was laid, and its end dragged then
    assert len(said["rulers"]) == 1
