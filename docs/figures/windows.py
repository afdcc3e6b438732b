"""Draw the windows for the documents: docs/images/reading-*.png, import-window.png, start-window.png,
study-*.png, results-*.png, vials.png and protocol-editor.png.

`make pictures` runs it; `windows.py DIR` takes a demo that `ferroread demo --out DIR` has made already.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QEventLoop, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.analysis.window import AnalysisWindow
from app.cli import call
from app.commands.kit import DEFAULT_PROTOCOL
from app.demo.chain import RATERS
from app.importing.window import ImportWindow
from app.protocols.window import SHIPPED, ProtocolWindow
from app.reading.window import ReadingWindow
from app.settings import Settings
from app.start_window import StartWindow
from app.startup import application
from app.study.window import study_window
from app.theme import dress
from app.workers import Workers
from core.progress import Silent
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.plan import set_plan
from core.study.store import Study
from tests.app.reading.hand import CTRL, Hand
from tests.widgets.hands import hover

IMAGES = Path(__file__).resolve().parents[1] / "images"
SIZE = (1366, 768)
FOUR_PANES = (
    ("anatomy", "as_scanned", ""),
    ("echoes", "as_scanned", "r2star"),
    ("volume", "as_scanned", ""),
    ("gre3d", "sagittal", "iron"),
)


def settle(done: Callable[[], bool]) -> None:
    """Let windows work until nothing is under way, and what was put off has come."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start(600)
    loop.exec()


def keep(window: QWidget, name: str) -> None:
    """Write what a window shows."""
    window.grab().save(str(IMAGES / f"{name}.png"))


def draw_reading(kit: Path, folder: Path) -> None:
    """Four panes in the dark theme, two in the light one, on the first case of a kit."""
    # a kit is open to one program at a time, and notes who read it how long
    window = ReadingWindow(Kit.open(shutil.copytree(kit, folder / kit.name)), Settings())
    window.resize(*SIZE)
    window.show()

    def idle() -> bool:
        return window.case.ready and not window.workers.busy

    settle(idle)
    dress(QApplication.instance(), "light")
    settle(idle)
    keep(window, "reading-window-light")
    dress(QApplication.instance(), "dark")
    views = window.views
    views.set_layout("2x2")
    for pane, (picture, plane, overlay) in zip(views.panes, FOUR_PANES, strict=True):
        views.wish(pane, "picture", picture)
        views.wish(pane, "plane", plane)
        views.wish(pane, "overlay", overlay)
    views.fit()
    settle(idle)
    # the coarse 3D picture becomes sharp while nothing else happens
    settle(idle)
    keep(window, "reading-layouts")
    window.close()


def deal(study: Path, protocol: str, folder: Path) -> tuple[Path, tuple[float, float, float], float]:
    """Deal a kit of a copy of the demo's study; return it, and its first case's tumour: middle, radius."""
    copy, out = shutil.copytree(study, folder / protocol / study.name), folder / protocol / "figure.kit"
    first = (
        "SELECT scan_id, shift_x_mm, shift_y_mm, shift_z_mm FROM kit_cases WHERE kit_id = ? AND position = 1"
    )
    with Study.open(copy) as opened:
        dealt = deal_kit(opened, "Figure", 1, load_protocol(SHIPPED / f"{protocol}.yaml"), out, seed="figure")
        with opened.database.transaction() as connection:
            scan_id, *shift = connection.exec_driver_sql(first, (dealt.kit_id,)).one()
        subject = next(scan.subject for scan in opened.scans() if scan.scan_id == scan_id)
        tumour = next(each for each in opened.targets() if (each.subject, each.kind) == (subject, "tumour"))
    x, y, z = (at + by for at, by in zip(tumour.centre_mm, shift, strict=True))
    return out, (x, y, z), tumour.diameter_mm / 2


def draw_answers(study: Path, folder: Path) -> None:
    """A lesion half answered, and the page before the signature."""
    kit, middle, radius = deal(study, "tumour-conspicuity", folder)
    window = ReadingWindow(Kit.open(kit), Settings(show_crosshair=False))
    window.resize(*SIZE)
    window.show()

    def idle() -> bool:
        return window.case.ready and not window.workers.busy

    settle(idle)
    hand = Hand(window)
    hand.right.setFocus()
    hand.key("3t")
    hand.outline(middle, radius, hand.right, corners=24)
    hand.key(Qt.Key.Key_Return)
    hand.key("l")
    hand.click_at(middle)
    hand.key("5")
    settle(idle)
    keep(window, "reading-answers")
    hand.key("4=")
    hand.key(Qt.Key.Key_Return, CTRL)
    settle(idle)
    keep(window, "reading-review")
    window.close()


def draw_editor() -> None:
    """A shipped protocol beside its form."""
    window = ProtocolWindow()
    window.show()
    window.open(SHIPPED / "lymph-nodes.yaml")
    window.text.go_to(42)
    window.answers.answer(3)
    settle(lambda: True)
    keep(window, "protocol-editor")
    window.close()


def draw_import(scans: Path) -> None:
    """One animal's scans, listed, and one of them mapped."""
    window = ImportWindow(Settings(show_crosshair=False))
    window.resize(*SIZE)
    window.show()
    window.open([scans])
    settle(lambda: not window.workers.busy)
    ready = [entry for entry in window.finding.entries.values() if entry.ready]
    window.series.choose(next(entry.key for entry in ready if "24h/3T" in entry.info.path.as_posix()))
    window.mapping.map()
    settle(lambda: not window.workers.busy)
    view = window.pictures.view
    hover(view, QPointF(view.width() * 0.3, view.height() * 0.45))
    settle(lambda: not window.workers.busy)
    keep(window, "import-window")
    window.close()


def draw_study(study: Path, folder: Path) -> None:
    """Pages of the study: its scans, iron, the kits that are dealt, and how far these are."""
    # a study is open to one program at a time
    copy = shutil.copytree(study, folder / study.name)
    with Study.open(copy) as opened:
        set_plan(opened, raters=RATERS, protocol=load_protocol(DEFAULT_PROTOCOL))
    window = study_window(copy)
    window.resize(*SIZE)
    for page, name in (
        ("deal", "study-window"), ("iron", "study-iron"), ("scans", "study-scans"),
        ("progress", "study-progress"),
    ):  # fmt: skip
        window.go_to(page)
        settle(lambda: not window.desk.busy)
        keep(window, name)
    window.close()


def draw_results(study: Path, folder: Path) -> None:
    """Iron against ICP-MS with the case of a point, and the list of cases."""
    with Study.open(shutil.copytree(study, folder / "results" / study.name)) as opened:
        workers = Workers()
        window = AnalysisWindow(opened.data, workers)
        window.resize(*SIZE)
        window.show()

        def idle() -> bool:
            return window.ready and not workers.busy

        settle(idle)
        window.tabs.setCurrentWidget(window.pages["iron"])
        settle(idle)
        figure = window.pages["iron"].figure
        row = max((point.row for point in figure.plot.points), key=lambda row: row["iron_ug_per_g"])
        QTest.mouseClick(figure, Qt.MouseButton.LeftButton, pos=figure.point_at(row).toPoint())
        settle(idle)
        keep(window, "results-iron")
        window.tabs.setCurrentWidget(window.cases)
        QTest.keySequence(window, "F")
        settle(idle)
        keep(window, "results-cases")
        window.close()
        workers.close()


def draw_vials(scans: Path, folder: Path) -> None:
    """The vials that calibrate finds in the demo's phantom at 3 T."""
    found = folder / "vials.png"
    words = ["calibrate", scans / "phantom" / "3T", "--concentrations", scans / "vials.csv", "--yes"]
    words += ["--agent", "simulated iron oxide", "--matrix", "tissue", "--preview", found]
    call([*map(str, words), "--out", str(folder / "3T.json")], Silent())
    shutil.copy(found, IMAGES / "vials.png")


def draw_start() -> None:
    window = StartWindow()
    window.recent.set_items([])
    window.show()
    settle(lambda: True)
    keep(window, "start-window")
    window.close()


def main(demo: Path | None) -> None:
    # no display is needed, and this machine's person does not matter
    os.environ.update(QT_QPA_PLATFORM="offscreen", FERROREAD_LANGUAGE="en")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if demo is None:
            demo = folder / "demo"
            call(["demo", "--out", str(demo)], Silent())
        dress(application(), "dark", hold=False)
        draw_start()
        draw_study(demo / "demo.study", folder)
        draw_results(demo / "demo.study", folder)
        draw_editor()
        draw_import(next(path for path in sorted((demo / "scans" / "dicom").iterdir()) if path.is_dir()))
        draw_vials(demo / "scans", folder)
        draw_answers(demo / "demo.study", folder)
        draw_reading(demo / "kits" / "kit-1.kit", folder)
        # a case half-way through its last step, as the scripted rater saw it
        shutil.copy(demo / "screenshots" / "2-quantification.png", IMAGES / "reading-window.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
