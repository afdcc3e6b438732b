"""A reading window that is killed at any moment of any tool's work has kept every edit that it called saved.

The window runs in a process of its own, by a script that goes through all tools again and again. It says what
each edit will leave before it is written, and again when "Saved" is shown: what a kill leaves is one of the
two that were said last.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Timer
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.reading.window import ReadingWindow
from core.reading import rules
from core.reading.reading import Reading
from core.study.kit import Kit
from tests.app.reading.conftest import MUSCLE_MM
from tests.app.reading.hand import CTRL, SHIFT, Hand
from tests.app.reading.test_kill_tools import STROKES
from tests.core.reading.states import told

ROOT = Path(__file__).parents[3]
WORK = """
import sys
from pathlib import Path
from app.startup import application
running = application()
from app.reading.window import ReadingWindow
from app.settings import Settings
from core.study.kit import Kit
from tests.app.reading.test_kill_anywhere import work

window = ReadingWindow(Kit.open(Path(sys.argv[1])), Settings())
window.show()
window.activateWindow()
while not window.case.ready:
    running.processEvents()
work(window, int(sys.argv[2]))
"""


def digest(reading: Reading) -> str:
    """Everything that a reading holds, in short."""
    parts = (
        sorted((str(key), repr(value)) for key, value in reading.answers.items()),
        list(reading.marks.items()),
        list(reading.rulers.items()),
        [told(roi) for roi in reading.rois.values()],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def work(window: ReadingWindow, rounds: int) -> None:
    """Go through all tools, with answers, undo and redo between them; say what is written, and saved."""
    kit, record, hand = window.kit, window.kit.record, Hand(window)

    def said(alias: str, edit: object, **more: object) -> Reading:
        print("writes", alias, digest(rules.apply_edit(kit.protocol, kit.reading(alias), edit)), flush=True)
        return record(alias, edit, **more)

    kit.record = said
    window.case.saved.connect(
        lambda: print("saved", window.case.alias, digest(window.case.reading), flush=True)
    )
    for _ in range(rounds):
        hand.click_at(MUSCLE_MM)
        hand.key("t")
        for name, key, begin in STROKES:
            hand.key(*key)
            begin(hand)()
            if name in ("lesion", "moved lesion"):
                hand.key("5")
            hand.key(Qt.Key.Key_Z, CTRL)
            hand.key(Qt.Key.Key_Z, CTRL | SHIFT)
        tumour = window.case.reading.roi("tumour")
        window.region_list.recoloured.emit(tumour.roi_id, "#44aa99")
        for _ in range(200):
            hand.key(Qt.Key.Key_Z, CTRL)


REOPEN = "import sys; from app.bench.starting import show_case; show_case(sys.argv[1])"


def lost_by_kills(kit_path: Path, folder: Path, kills: int, seed: int, *, reopen: bool = False) -> list[str]:
    """Kill so many windows, each at a moment of chance; return what each lost, or kept and should not.

    With `reopen` each kit is opened in a new program as `read` does it, and what that takes is printed.
    """
    chance = np.random.default_rng(seed)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    faults, reopened_s = [], []
    for number in range(kills):
        copy = shutil.copytree(kit_path, folder / f"{number}.kit")
        lines, late_s = int(chance.integers(1, 60)), float(chance.uniform(0, 0.15))
        command = [sys.executable, "-c", WORK, str(copy), "50"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        ) as window:
            said = [window.stdout.readline() for _ in range(lines)]
            # not at the line itself: anywhere in what follows it
            Timer(late_s, window.kill).start()
            said += window.stdout.read().splitlines(keepends=True)
        if reopen:
            reopened_s.append(_seconds_to_reopen(copy, environment))
        whole = [line.split() for line in said if line.endswith("\n")]
        faults += [f"kill {number}: {fault}" for fault in _faults(copy, whole)]
        shutil.rmtree(copy)
    print(f"{kills} kills of the window (seed {seed}): {len(faults)} lost or kept what was not saved")
    if reopen:
        told = zip(("passed", "of the processor"), np.transpose(reopened_s), strict=True)
        print("from a new command to the first case painted:", *(
            f"{np.median(seconds):.1f} s {which} in the median, {np.max(seconds):.1f} s at worst;"
            for which, seconds in told
        ))  # fmt: skip
    return faults


def _seconds_to_reopen(path: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds that passed until a new program had the case painted, and those it worked."""
    begun = perf_counter()
    command = [sys.executable, "-c", REOPEN, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as program:
        word, worked_s = program.stdout.readline().split()
        passed_s = perf_counter() - begun
    assert word == "ready"
    return passed_s, float(worked_s)


def _faults(path: Path, said: list[list[str]]) -> list[str]:
    if len(said) < 1 or any(len(words) != 3 for words in said):
        return [f"the window ended by itself, after {said[-1:]}"]
    saved = next((place for place in reversed(range(len(said))) if said[place][0] == "saved"), None)
    # what was saved last, and what was being written then
    wanted = {words[2] for words in said[saved or 0 :]}
    with Kit.open(path) as kit:
        kit.verify()
        left = kit.reading(said[-1][1])
    if saved is None and not (left.rois or left.marks or left.rulers or left.answers):
        return []
    return [] if digest(left) in wanted else ["what is left is neither saved nor being written"]


def test_kills_lose_no_edit_that_was_saved(kit_path, tmp_path):
    assert lost_by_kills(kit_path, tmp_path, kills=2, seed=1) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 12))
def test_three_hundred_kills_lose_no_edit_that_was_saved(kit_path, tmp_path, seed):
    assert lost_by_kills(kit_path, tmp_path, kills=30, seed=seed, reopen=True) == []


def test_the_script_that_is_killed_uses_every_tool(window):
    hand = Hand(window)
    hand.click_at(MUSCLE_MM)
    seen: set[str] = set()
    window.case.changed.connect(lambda reading: seen.add(digest(reading)))
    work(window, 1)
    # every stroke of every tool was an edit, and every one of them was undone in the end
    assert len(seen) > len(STROKES)
    assert not window.case.reading.rois
