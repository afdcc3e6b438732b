"""Case after case is read in one window: what a case took of memory, handles and widgets is given back."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.store import Study
from tests.app.reading.conftest import (
    AIR_MM,
    MUSCLE_MM,
    PROTOCOL,
    TUMOUR_MM,
    opened,
    read_first_step,
    scan_images,
)
from tests.app.reading.hand import Hand

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what the program holds")


@dataclass(frozen=True)
class Holding:
    """What the program holds of the computer."""

    memory_mib: float
    files: int
    threads: int
    widgets: int

    @classmethod
    def now(cls) -> Holding:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        files = len(list(Path("/proc/self/fd").iterdir()))
        memory_mib = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
        return cls(memory_mib, files, threading.active_count(), len(QApplication.allWidgets()))


def deal_many(folder: Path, cases: int) -> Path:
    """Deal a kit of so many cases."""
    scans = [scan_images(number) for number in range(5)]
    with Study.create(folder / "study", "Many") as study:
        for number in range(cases):
            study.add_scan(f"mouse-{number}", "MNP", "24 h", scans[number % len(scans)])
        deal_kit(study, "Rater A", 1, load_protocol(PROTOCOL), folder / "A.kit", seed="5")
    return folder / "A.kit"


def read_all(qtbot, path: Path) -> Iterator[Holding]:
    """Read and sign all cases of a kit but the last; yield what is held when the next one is open."""
    with opened(qtbot, path) as window:
        hand = Hand(window)
        for _ in window.kit.cases()[1:]:
            alias = window.case.alias
            read(qtbot, hand)
            assert window.case.reading.signed
            hand.press("finish_button")
            qtbot.waitUntil(lambda alias=alias: window.case.ready and window.case.alias != alias)
            window.door.touch()
            yield Holding.now()


def read(qtbot, hand: Hand) -> None:
    """Answer, mark, draw and sign the case that is open."""
    read_first_step(hand)
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    for key, place in (("t", TUMOUR_MM), ("r", MUSCLE_MM), ("a", AIR_MM)):
        hand.key(key)
        hand.key("b")
        hand.drag_along([place])
    hand.finish()


def test_a_case_gives_back_what_it_took(qtbot, tmp_path):
    _, early, _, late = read_all(qtbot, deal_many(tmp_path, 5))
    assert (late.files, late.threads, late.widgets) == (early.files, early.threads, early.widgets)


@pytest.mark.soak
def test_five_hundred_cases_take_no_more_than_a_hundred(qtbot, tmp_path):
    held = []
    for holding in read_all(qtbot, deal_many(tmp_path, 501)):
        held.append(holding)
        if len(held) % 50 == 0:
            print(f"{len(held)} cases read: {holding}", flush=True)
    early, late = held[99], held[-1]
    assert late.memory_mib < 1.1 * early.memory_mib
    assert (late.files, late.threads, late.widgets) == (early.files, early.threads, early.widgets)
