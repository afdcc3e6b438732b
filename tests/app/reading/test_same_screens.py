"""When, where and in which order scans were taken shows nowhere: other dates and paths, the same screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.cli import run
from app.reading.window import ReadingWindow
from core.reading.protocol import parse_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.store import Study
from tests.app.reading.conftest import opened
from tests.app.reading.hand import CTRL, Hand
from tests.readers.scanner import Scan, make_scan, uid, write_classic

VISITS = ("1 h", "24 h", "baseline")
PROTOCOL = """
id: plain
version: "1"
title: Plain
steps:
  - {id: one, title: One, shows: [echoes]}
  - {id: two, title: Two, shows: [echoes, r2star]}
questions:
  - id: quality
    text: Quality
    scope: case
    step: two
    choices:
      - {value: 1, label: poor, anchor: Hardly to be read.}
      - {value: 2, label: good, anchor: Nothing stands in the way.}
"""


def scan_of(place: int) -> Scan:
    """A scan of a visit, that differs from the others by what is in it alone."""
    affine = np.eye(4)
    affine[:3, :3] = np.array([[0.0, 0.0, 0.5], [0.0, 0.5, 0.0], [1.0, 0.0, 0.0]])
    return replace(make_scan(place, echoes=6, shape=(4, 20, 20)), affine=affine)


def deal(folder: Path, order: Sequence[int], *, dated: str, exported: int, seed: str = "5") -> Path:
    """Build a study of the visits in an order of acquisition and of lines, and deal its kit."""
    lines = ["path,subject,group,visit,field_t"]
    for taken, place in enumerate(order):
        where = folder / f"{dated}-{taken}" / uid("series", exported, place)
        dates = {
            "StudyDate": f"{dated}{10 + taken}", "AcquisitionDate": f"{dated}{10 + taken}",
            "AcquisitionTime": f"1{taken}0000", "StudyInstanceUID": uid("study", exported, taken),
            "SeriesInstanceUID": uid("series", exported, taken), "SeriesNumber": str(10 + taken),
        }  # fmt: skip
        write_classic(where, replace(scan_of(place), exported=exported, overrides=dates))
        lines.append(f"{where.relative_to(folder)},mouse-1,MNP,{VISITS[place]},3")
    (folder / "scans.csv").write_text("\n".join(lines))
    study = str(folder / "study")
    assert run(["study", "create", study, "--name", dated]) == 0
    assert run(["study", "add", study, "--manifest", str(folder / "scans.csv")]) == 0
    with Study.open(folder / "study") as made:
        return deal_kit(made, "Ann", 1, parse_protocol(PROTOCOL, "test"), folder / "a.kit", seed=seed).path


def at_rest(window: ReadingWindow, step: int) -> bool:
    """Whether all of a step is shown: while its pictures are read, the window shows those of the step before.

    What came last has its room when the layout has run.
    """
    there = window.case.ready and window.case.reading.step_index == step
    shown = there and step == int("r2star" in window.case.images.volumes) and not window.workers.busy
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    return shown


def screens(qtbot, path: Path) -> list[QImage]:
    """Read a kit through; what the window shows of every case in both steps, before anything is typed."""
    shots = []
    with opened(qtbot, path) as window:
        hand = Hand(window)
        for case in window.kit.cases():
            qtbot.waitUntil(lambda case=case: window.case.ready and window.case.alias == case.alias)
            for step in range(2):
                qtbot.waitUntil(lambda step=step: at_rest(window, step))
                # what is made ahead, and the time of saving, is no matter of the case
                for part in (window.next_case, window.saved, window.hint, window.probe):
                    part.hide()
                shots.append(window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))
                hand.key("1" if step else "q")
                for _ in range(2):
                    hand.key(Qt.Key.Key_Return, CTRL)
            qtbot.waitUntil(lambda: window.case.reading.signed)
            hand.key(Qt.Key.Key_Right, CTRL)
    return shots


def shown(path: Path) -> list[object]:
    """What of a kit a rater can see: its order, aliases, grids and pictures."""
    found: list[object] = []
    with Kit.open(path) as kit:
        for case in kit.cases():
            images = kit.images(case.alias)
            pixels = [
                images.echoes.magnitude,
                *(images.volumes[name].data for name in sorted(images.volumes)),
            ]
            found.append((case.alias, case.position, images.echoes.te_ms))
            found += [images.echoes.geometry.affine.tobytes(), *(data.tobytes() for data in pixels)]
    return found


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    return deal(tmp_path_factory.mktemp("first"), (0, 1, 2), dated="202501", exported=1)


@pytest.fixture(scope="module")
def second(tmp_path_factory) -> Path:
    return deal(tmp_path_factory.mktemp("second"), (2, 0, 1), dated="199907", exported=2)


def test_other_dates_names_paths_and_order_give_the_same_screens(qtbot, language, first, second):
    one, other = screens(qtbot, first), screens(qtbot, second)
    assert len(one) == 2 * len(VISITS)
    assert [shot == same for shot, same in zip(one, other, strict=True)] == [True] * len(one)
    # two cases differ, so that the comparison could fail
    assert one[0] != one[2]
    assert shown(first) == shown(second)


def told(path: Path) -> bytes:
    """Return a picture's file without its description, which is random in every one."""
    content = path.read_bytes()
    return content[:148] + content[228:]


def test_every_file_that_is_open_from_the_start_is_the_same(first, second):
    plain = {path.relative_to(first): told(path) for path in first.rglob("*.nii")}
    assert plain == {path.relative_to(second): told(path) for path in second.rglob("*.nii")}
    assert plain
