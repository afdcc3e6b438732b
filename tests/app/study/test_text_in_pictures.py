"""A name burned into the pixels: the scan stays out until the coordinator has looked and decided."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.study.manifest import parse_burned_in
from app.study.text_dialog import TextDialog
from core.study import tables
from tests.app.study.conftest import LEFT, Coordinator
from tests.core.imaging.test_burned_in import stamped, written
from tests.readers.scanner import make_scan, with_parts, write_classic

SHAPE = (3, 96, 96)
TOP, LEFT_EDGE = 4, 8
INK = written("DOE 1971")


@pytest.fixture
def hand(empty: Coordinator, tmp_path: Path) -> Coordinator:
    """At the page of series, with a scan that was refused for the text in it."""
    scan = make_scan(3, echoes=6, shape=SHAPE, spacing=(1.0, 0.5, 0.5), series=4)
    tissue = np.zeros(SHAPE)
    tissue[:, 20:80, 20:80] = 2000.0
    noise = np.random.default_rng(3).normal(0, 10, (6, *SHAPE))
    echoes = np.abs(np.exp(-np.array(scan.te_ms) * 0.03)[:, None, None, None] * tissue + noise)
    echoes = np.stack([[stamped(each, INK, TOP, LEFT_EDGE, 4000.0) for each in echo] for echo in echoes])
    write_classic(tmp_path / "scan", with_parts(scan, magnitude=echoes.round().astype(np.uint16)))
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,subject,group,visit,field_t\nscan,mouse-1,vehicle,baseline,3\n")
    empty.press("scans_manifest", manifest)
    empty.go("series")
    empty.press("series_add")
    assert "text is likely in the pixels" in empty.cells("series_table")[0][-1]
    return empty


def dialog_of(hand: Coordinator) -> TextDialog:
    hand.press("series_text")
    hand.qtbot.waitUntil(lambda: hand.window.findChild(TextDialog) is not None)
    dialog = hand.window.findChild(TextDialog)
    hand.qtbot.waitExposed(dialog)
    return dialog


def decide(hand: Coordinator, dialog: TextDialog, name: str) -> None:
    with hand.qtbot.waitSignal(dialog.decided):
        hand.qtbot.mouseClick(dialog.findChild(QPushButton, name), LEFT)


def kept(hand: Coordinator) -> tuple[np.ndarray, dict]:
    """The echoes in the study, and what its audit trail says of the scan."""
    hand.press("series_add")
    study = hand.window.desk.study
    (scan,) = study.scans()
    with study.database.transaction() as connection:
        rows = connection.execute(sa.select(tables.audit.c.content)).scalars().all()
    (record,) = [row for row in rows if '"add_scan"' in row]
    return study.images(scan.scan_id).echoes.magnitude, record


def text_in(echoes: np.ndarray) -> float:
    return float(echoes[:, :, TOP : TOP + INK.shape[0], LEFT_EDGE : LEFT_EDGE + INK.shape[1]].max())


def test_the_boxes_that_were_found_are_masked(hand: Coordinator):
    dialog = dialog_of(hand)
    assert dialog.picture.boxes
    decide(hand, dialog, "text_mask")
    assert hand.cells("series_table")[0][-1] == "text will be masked"
    echoes, record = kept(hand)
    assert text_in(echoes) < 50.0
    assert '"burned_in":"mask echoes: slices 1 to 3' in record


def test_that_there_is_none_is_recorded_too(hand: Coordinator):
    decide(hand, dialog_of(hand), "text_none")
    echoes, record = kept(hand)
    assert text_in(echoes) == 4000.0
    assert '"burned_in":"none"' in record


def test_boxes_are_drawn_moved_and_taken_away(hand: Coordinator):
    dialog = dialog_of(hand)
    picture = dialog.picture
    picture.setFocus()
    hand.qtbot.keyClick(picture, Qt.Key.Key_Delete)
    assert picture.boxes == () and not dialog.mask.isEnabled()
    start, end = (picture.place_of(*place).toPoint() for place in ((2, 4), (20, 90)))
    hand.qtbot.mousePress(picture, LEFT, pos=start)
    QTest.mouseMove(picture, end)
    hand.qtbot.mouseRelease(picture, LEFT, pos=end)
    ((top, left, bottom, right),) = picture.boxes
    assert np.abs(np.subtract((top, left, bottom, right), (2, 4, 20, 90))).max() <= 1
    hand.qtbot.keyClick(picture, Qt.Key.Key_Up)
    hand.qtbot.keyClick(picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert picture.boxes == ((top - 1, left, bottom - 1, right + 1),)
    with hand.qtbot.waitSignal(dialog.decided) as decided:
        hand.qtbot.mouseClick(dialog.mask, LEFT)
    decision, boxes = parse_burned_in(decided.args[0])
    assert decision == "mask" and boxes["echoes"][0].slices == (0, 1, 2)
    echoes, _ = kept(hand)
    assert text_in(echoes) < 50.0


def test_what_is_not_decided_stays_out(hand: Coordinator):
    dialog = dialog_of(hand)
    hand.qtbot.mouseClick(dialog.cancel, LEFT)
    hand.press("series_add")
    assert hand.window.desk.study.scans() == ()
