"""Every window and dialog there is, filled, in any theme."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.analysis.window import AnalysisWindow
from app.importing.window import ImportWindow
from app.reading.controls import ControlsDialog
from app.reading.keys import KeysDialog
from app.reading.window import ReadingWindow
from app.settings import Settings
from app.start_window import StartWindow
from app.study.new_study import NewStudyDialog
from app.study.window import StudyWindow
from app.theme import dress, icon, still, theme
from app.workers import Workers
from core.imaging.volume import Volume
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.records import ScanImages
from core.study.store import Study
from tests.app.commands.coordinator import write_scan
from tests.app.importing.conftest import drop
from tests.app.reading.conftest import (
    ECHO_GRID,
    PROTOCOL,
    TUMOUR_MM,
    animal,
    centred,
    opened,
    read_first_step,
    scan_images,
)
from tests.app.reading.hand import Hand
from tests.core.statistics.small_study import whole_study

THEMES = ("dark", "light")
GRE3D_GRID = centred((24, 60, 60), (0.6, 0.5, 0.5))


@pytest.fixture(scope="module", autouse=True)
def nothing_kept(qapp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that is chosen here is kept for this machine's person."""
    folder = tmp_path_factory.mktemp("config")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.settings.user_config_path", lambda *_, **__: folder)
        yield


@pytest.fixture(autouse=True)
def dark_again(qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that is chosen in a test is kept for the next."""
    monkeypatch.setattr("app.settings.user_config_path", lambda *_, **__: tmp_path / "config")
    dark_and_moving(qapp)
    yield
    dark_and_moving(qapp)


def dark_and_moving(qapp) -> None:
    """Wear the usual look."""
    wear(qapp, "dark")


def wear(qapp, name: str) -> None:
    """Wear a theme, in which things move; to put on anew what is worn takes long with many windows open."""
    if not qapp.styleSheet() or theme() != name or still():
        dress(qapp, name, hold=False)


@pytest.fixture(scope="session")
def whole_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with every series and every flag there is, and one without 3D and anatomy."""
    folder = tmp_path_factory.mktemp("whole")
    signal, r2star = animal(GRE3D_GRID)
    gre3d = Volume((signal * np.exp(-0.004 * r2star)).astype(np.float32), GRE3D_GRID)
    with Study.create(folder / "study", "Iron in mice") as study:
        for number in range(2):
            images = scan_images(number)
            if number == 0:
                images = replace(images, gre3d=gre3d, flags=flags_of(images))
            else:
                images = replace(images, anatomy=None)
            study.add_scan(f"mouse-{number}", "MNP", "24 h", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater A", 1, load_protocol(PROTOCOL), folder / "A.kit", seed="5")
    return folder / "A.kit"


def flags_of(images: ScanImages) -> Volume:
    """The air is outside the mask, and a block within the body failed."""
    flags = np.isnan(images.r2star_per_s.data).astype(np.float32)
    flags[:, 36:46, 27:37] = 2
    return Volume(flags, ECHO_GRID)


@contextmanager
def read_to_the_last_step(qtbot, kit: Path) -> Iterator[ReadingWindow]:
    """The window on the case that has everything, in the last step, with regions, marks and a ruler drawn."""
    with opened(qtbot, kit) as window:
        hand = Hand(window)
        if "gre3d" not in window.case.images.volumes:
            window.flow.step(1)
            qtbot.waitUntil(lambda: window.case.ready)
        read_first_step(hand)
        qtbot.waitUntil(lambda: "iron" in window.case.images.volumes)
        for key, place in (("t", TUMOUR_MM), ("r", (0.0, 5.0, 0.5)), ("a", (-13.0, -13.0, 0.5))):
            hand.key(key)
            hand.key("b")
            hand.drag_along([place])
        hand.key("z")
        hand.drag_along([(-6.0, -2.0, 0.5), (0.0, -4.5, 0.5)])
        hand.key("q")
        hand.hover_at(TUMOUR_MM)
        yield window


@pytest.fixture(scope="module")
def reading(lasting_qtbot, whole_kit: Path, tmp_path_factory) -> Iterator[ReadingWindow]:
    """A window as above that the tests of a module share."""
    kit = shutil.copytree(whole_kit, tmp_path_factory.mktemp("reading") / "A.kit")
    with read_to_the_last_step(lasting_qtbot, kit) as window:
        yield window


@pytest.fixture(scope="module")
def all_open(lasting_qtbot, reading: ReadingWindow, tmp_path_factory) -> Iterator[dict[str, QWidget]]:
    """Every window and dialog by its name, with everything open that can be opened in it."""
    qtbot, folder = lasting_qtbot, tmp_path_factory.mktemp("all")
    window, hand = reading, Hand(reading)
    window.views.set_layout("2x2")
    window.views.wish(window.views.panes[2], "picture", "volume")
    window.actions_by_name["trial"].trigger()
    window.say("What is wrong, where, and what to do about it")
    hand.key(Qt.Key.Key_F1)
    hand.key(Qt.Key.Key_F2)
    start, importing = StartWindow(), ImportWindow(Settings())
    start.recent.set_items([("a", "Kit 1", icon("open"))])
    with Study.create(folder / "study", "Iron in mice"):
        pass
    study, new_study = StudyWindow(Study.open(folder / "study")), NewStudyDialog()
    new_study.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    workers = Workers()
    results = AnalysisWindow(whole_study, workers)
    for each in (start, importing, study, new_study, results):
        each.show()
    drop(importing, [write_scan(folder / "scan", 0.3, seed=13)])
    # kernels that nobody has used yet are compiled for it
    qtbot.waitUntil(
        lambda: not importing.workers.busy and importing.mapping.made is not None, timeout=400_000
    )
    qtbot.waitUntil(lambda: not window.workers.busy)
    qtbot.waitUntil(lambda: results.ready, timeout=400_000)
    results.actions_by_name["next_disagreement"].trigger()
    qtbot.waitUntil(lambda: results.ready)
    results.say("Copied", warning=False)
    importing.say("Copied, for a spreadsheet", warning=False)
    yield {
        "reading": window,
        "keys": window.findChild(KeysDialog),
        "settings": window.findChild(ControlsDialog),
        "start": start,
        "import": importing,
        "study": study,
        "new study": new_study,
        "results": results,
    }
    for each in (importing, study, start, new_study, results):
        each.close()
        each.deleteLater()
    workers.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
