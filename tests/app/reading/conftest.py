"""A kit of drawn animals, dealt by the coordinator's own code, and a window that reads it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.reading.window import ReadingWindow
from app.settings import Settings
from app.theme import dress
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import load_protocol, parse_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.records import ScanImages, Target
from core.study.store import Study
from tests.app.reading.hand import Hand

PROTOCOL = Path(__file__).parents[3] / "resources" / "protocols" / "tumour-and-nodes.yaml"
TE_MS = (2.5, 5.0, 7.5, 10.0, 14.0, 18.0)
# places in the kit's millimetres: a kit's pictures are centred on 0
TUMOUR_MM, TUMOUR_RADIUS_MM, TUMOUR_R2STAR = (6.0, -4.0, 0.5), 3.6, 150.0
NODE_MM = (-7.0, 5.0, 0.5)
LESION_MM = (-2.0, -8.0, 1.5)
MUSCLE_MM = (0.0, 5.0, 0.5)
AIR_MM = (-13.0, -13.0, 0.5)
NOISE = 14.0


def centred(shape: tuple[int, int, int], spacing_mm: tuple[float, float, float]) -> Geometry:
    """An axial grid round 0."""
    x, y, z = (-(n - 1) / 2 * step for n, step in zip(shape[::-1], spacing_mm[::-1], strict=True))
    return Geometry.axial(shape, spacing_mm, (x, y, z))


ECHO_GRID = centred((8, 80, 80), (1.0, 0.4, 0.4))
FINE_GRID = centred((10, 128, 128), (0.8, 0.25, 0.25))


def animal(grid: Geometry) -> tuple[np.ndarray, np.ndarray]:
    """Signal without decay, and R2* in 1/s, of a body with a tumour, a lesion and a node."""
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.shape], indexing="ij"), axis=-1)
    x, y, z = np.moveaxis(grid.to_mm(index), -1, 0)
    body = (x / 13) ** 2 + (y / 11) ** 2 < 1
    signal, r2star = np.where(body, 700.0, 0.0), np.where(body, 30.0, 0.0)
    for (mx, my, mz), radius, level, decay in (
        (TUMOUR_MM, TUMOUR_RADIUS_MM, 900.0, TUMOUR_R2STAR),
        (LESION_MM, 1.1, 880.0, 110.0),
        (NODE_MM, 1.6, 760.0, 210.0),
    ):
        inside = (x - mx) ** 2 + (y - my) ** 2 + (z - mz) ** 2 < radius**2
        signal[inside], r2star[inside] = level, decay
    return signal, r2star


def scan_images(seed: int) -> ScanImages:
    draw = np.random.default_rng(seed)

    def noisy(clean: np.ndarray) -> np.ndarray:
        real, other = (draw.normal(0, NOISE, clean.shape) for _ in range(2))
        return np.rint(np.hypot(clean + real, other)).astype(np.float32)

    signal, r2star = animal(ECHO_GRID)
    fine, fine_decay = animal(FINE_GRID)
    measured = np.where(signal > 0, r2star + draw.normal(0, 6, signal.shape), np.nan).astype(np.float32)
    return ScanImages(
        echoes=EchoSeries(np.stack([noisy(signal * np.exp(-te * r2star / 1000)) for te in TE_MS]), TE_MS,
                          ECHO_GRID, None, 3.0),
        anatomy=Volume(noisy(fine * np.exp(-0.006 * fine_decay)), FINE_GRID),
        r2star_per_s=Volume(measured, ECHO_GRID),
        iron_ug_per_g=Volume((measured - 30) * np.float32(0.1), ECHO_GRID),
        sigma=NOISE,
        fit_method="nlls",
    )  # fmt: skip


@pytest.fixture(scope="session")
def dealt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Deal a kit of two cases by any protocol's text; tests work on copies.

    The reference standard has two lesions in each, for protocols that prescribe them.
    """
    folder = tmp_path_factory.mktemp("dealt-by")
    with Study.create(folder / "study", "Iron in mice") as study:
        for number in range(2):
            study.add_scan(
                f"mouse-{number}", "MNP", "24 h", scan_images(number), [("/scans/a.dcm", "0" * 64)]
            )
        study.set_targets(
            [
                Target(f"mouse-{number}", name, "lesion", True, 2.0, place)
                for number in range(2)
                for name, place in (("T1", TUMOUR_MM), ("L1", LESION_MM))
            ]
        )

    @cache
    def deal(text: str) -> Path:
        path = folder / f"{hashlib.sha256(text.encode()).hexdigest()}.kit"
        with Study.open(folder / "study") as study:
            deal_kit(study, f"Rater {path.stem}", 1, parse_protocol(text, "the test's"), path, seed="5")
        return path

    return deal


@pytest.fixture
def read_by(
    qtbot, language: str, dealt: Callable[[str], Path], tmp_path: Path
) -> Iterator[Callable[[str], Hand]]:
    """Open a kit dealt by a shipped protocol's name, or by a text of the test's own; gives the hand at it."""
    with ExitStack() as stack:

        def read(protocol: str) -> Hand:
            text = protocol
            if "\n" not in protocol:
                text = PROTOCOL.with_name(f"{protocol}.yaml").read_text(encoding="utf-8")
            copy = shutil.copytree(dealt(text), tmp_path / "by.kit")
            return Hand(stack.enter_context(opened(qtbot, copy)))

        yield read


@pytest.fixture(scope="session")
def dealt_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of three cases that nobody has read in; tests work on copies."""
    folder = tmp_path_factory.mktemp("dealt")
    with Study.create(folder / "study", "Iron in mice") as study:
        for number in range(3):
            study.add_scan(
                f"mouse-{number}", "MNP", "24 h", scan_images(number), [("/scans/a.dcm", "0" * 64)]
            )
        deal_kit(study, "Rater A", 1, load_protocol(PROTOCOL), folder / "A.kit", seed="5")
    return folder / "A.kit"


@pytest.fixture
def kit_path(dealt_kit: Path, tmp_path: Path) -> Path:
    return shutil.copytree(dealt_kit, tmp_path / "A.kit")


@pytest.fixture(autouse=True)
def dressed(qapp):
    if not qapp.styleSheet():
        dress(qapp)


@pytest.fixture
def window(qtbot, language: str, kit_path: Path) -> Iterator[ReadingWindow]:
    """The window on the kit's first case."""
    with opened(qtbot, kit_path) as made:
        yield made


@pytest.fixture
def busy(qtbot, language: str, kit_path: Path) -> Iterator[Hand]:
    """A window in which everything is shown that can be: findings, regions, maps, numbers, long messages."""
    with opened(qtbot, kit_path) as window:
        yield kept_busy(qtbot, window)


def read_first_step(hand: Hand) -> None:
    """Mark a lesion and a node, answer, and close the step."""
    hand.key("4")
    for key, place, answers in (("l", LESION_MM, "5"), ("n", NODE_MM, "12")):
        hand.key(key)
        hand.click_at(place)
        hand.key(answers)
    hand.finish()


def kept_busy(qtbot, window: ReadingWindow) -> Hand:
    """Show all that can be shown; return the hand that did it."""
    hand = Hand(window)
    read_first_step(hand)
    qtbot.waitUntil(lambda: "iron" in window.case.images.volumes)
    for key, place in (("t", TUMOUR_MM), ("r", (0.0, 5.0, 0.5)), ("a", (-13.0, -13.0, 0.5))):
        hand.key(key)
        hand.key("b")
        hand.drag_along([place])
    hand.hover_at(TUMOUR_MM)
    return hand


class opened:  # noqa: N801 - reads as a verb
    """Open a window on a kit, wait for its first case, and close it in the end."""

    def __init__(self, qtbot, path: Path, settings: Settings | None = None) -> None:
        self._qtbot = qtbot
        self.window = ReadingWindow(Kit.open(path), settings or Settings())

    def __enter__(self) -> ReadingWindow:
        self.window.show()
        self.window.activateWindow()
        self._qtbot.waitUntil(lambda: self.window.case.ready)
        return self.window

    def __exit__(self, *_: object) -> None:
        self.window.close()
        # closed windows would stay, and every later change of the style be theirs too
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
