"""The power goes while a rater works: what was shown as saved is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from core.imaging.roi import polygon_mask
from core.study.kit import Kit
from tests.app.reading.conftest import ECHO_GRID, LESION_MM, TUMOUR_MM
from tests.app.reading.hand import ring

ROOT = Path(__file__).parents[3]

READ = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from app.startup import application
running = application()
from app.reading.window import ReadingWindow
from app.settings import Settings
from core.study.kit import Kit
from tests.app.reading.conftest import LESION_MM, TUMOUR_MM
from tests.app.reading.hand import Hand

window = ReadingWindow(Kit.open(Path(sys.argv[1])), Settings())
window.show()
window.activateWindow()
while not window.case.ready:
    running.processEvents()
hand = Hand(window)
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


def test_after_a_kill_every_edit_that_was_saved_is_there_and_the_open_outline_is_not(kit_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", READ, str(kit_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    ) as reading:
        alias, *saved = reading.stdout.readline().split()
        reading.kill()
    assert saved[0] == "Saved"
    with Kit.open(kit_path) as kit:
        kit.verify()
        after = kit.reading(alias)
    (mark,) = after.marks.values()
    assert np.allclose(mark.position_mm, LESION_MM, atol=0.15)
    assert after.answers == {("margin_conspicuity", None): 4, ("detection_confidence", mark.mark_id): 5}
    assert np.array_equal(after.roi("tumour").mask, polygon_mask(ECHO_GRID, ring(TUMOUR_MM, 3.0)))
