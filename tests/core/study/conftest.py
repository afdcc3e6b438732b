"""A small study: two subjects, two visits, made of arrays."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.edits import AddMark, SetAnswer
from core.reading.protocol import Protocol, load_protocol
from core.reading.reading import Mark
from core.reading.roi_edits import EditRoi
from core.study import clock
from core.study.clock import Moment, utc_text
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.records import IcpMs, ScanImages, Target
from core.study.store import Study
from tests.signing import sign_as_rater

PROTOCOL = Path(__file__).parents[3] / "resources" / "protocols" / "tumour-and-nodes.yaml"
SHAPE = (4, 12, 10)


def scan_images(seed: int, origin_mm: tuple[float, float, float] = (31.0, -17.0, 400.0)) -> ScanImages:
    rng = np.random.default_rng(seed)
    grid = Geometry.axial(SHAPE, (1.0, 0.5, 0.5), origin_mm)
    magnitude = rng.integers(0, 1000, (3, *SHAPE)).astype(np.float32)
    anatomy = Volume(
        rng.random((4, 24, 20)).astype(np.float32), Geometry.axial((4, 24, 20), (1.0, 0.25, 0.25), origin_mm)
    )
    r2star = rng.random(SHAPE).astype(np.float32) * 100
    r2star[0, 0, 0] = np.nan
    return ScanImages(
        echoes=EchoSeries(magnitude, (2.0, 4.0, 8.0), grid, None, 3.0),
        anatomy=anatomy,
        r2star_per_s=Volume(r2star, grid),
        sigma=7.5,
        fit_method="nlls",
    )


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return load_protocol(PROTOCOL)


@pytest.fixture(scope="session")
def dealt(protocol: Protocol, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `study` and `A1.kit`, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("dealt")
    with Study.create(folder / "study", "Iron in mice") as made:
        for number, (subject, group) in enumerate((("mouse-1", "vehicle"), ("mouse-2", "MNP with magnet"))):
            for visit in ("baseline", "24 h"):
                images = scan_images(number * 10 + len(visit), (31.0 + number, -17.0, 400.0))
                made.add_scan(subject, group, visit, images, [(f"/scans/{subject}/{visit}/a.dcm", "0" * 64)])
        made.set_targets([Target("mouse-1", "L1", "lesion", True, 2.5, (33.0, -15.0, 401.0))])
        made.set_icpms([IcpMs("mouse-2", "24 h", 9.6)])
        deal_kit(made, "Rater A", 1, protocol, folder / "A1.kit", seed="5")
    return folder


@pytest.fixture
def study(dealt: Path, tmp_path: Path) -> Iterator[Study]:
    """The study, with one kit dealt."""
    shutil.copytree(dealt / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as opened:
        yield opened


@pytest.fixture
def kit_path(dealt: Path, tmp_path: Path) -> Path:
    """Rater A's kit for session 1."""
    return shutil.copytree(dealt / "A1.kit", tmp_path / "A1.kit")


def read_case(kit: Kit, alias: str, confidence: int = 4, *, sign: bool = True) -> None:
    """Do everything the protocol asks of one case."""
    kit.record(alias, AddMark(Mark("a" * 32, "lesion", (0.5, 0.5, 0.0))))
    kit.record(alias, SetAnswer("detection_confidence", "a" * 32, None, confidence), seconds=3.0)
    kit.record(alias, SetAnswer("margin_conspicuity", None, None, 3), seconds=2.0)
    kit.lock_step(alias)
    for number, kind in enumerate(("tumour", "reference", "noise")):
        mask = np.zeros(SHAPE, bool)
        mask[1, 2 + 3 * number : 4 + 3 * number, 3:7] = True
        kit.record(alias, EditRoi.between(f"{number}" * 32, kind, None, mask))
    if sign:
        sign_as_rater(kit, alias)


class Computer:
    """A computer whose clock a test can set; the time that really passes is the same for all of them."""

    passed_days = 0.0

    def __init__(self, name: str) -> None:
        self.name, self.set_by_days, self.starts = name, 0.0, [0.0]
        self._first = time.time()

    def restart(self) -> None:
        self.starts.append(Computer.passed_days)

    def moment(self) -> Moment:
        at = self._first + (Computer.passed_days + self.set_by_days) * 86_400
        running = (Computer.passed_days - self.starts[-1]) * 86_400
        return Moment(utc_text(at), f"{self.name}{len(self.starts)}", running + 100.0)


class Computers:
    """The coordinator's and the rater's; `use` says on which of them the program runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Computer.passed_days = 0.0
        self.coordinators, self.raters = Computer("c"), Computer("r")
        self.used = self.coordinators
        monkeypatch.setattr(clock, "moment", self.moment)

    def moment(self) -> Moment:
        return self.used.moment()

    def use(self, computer: Computer) -> Computer:
        self.used = computer
        return computer

    def wait(self, days: float) -> None:
        Computer.passed_days += days


@pytest.fixture
def computers(monkeypatch: pytest.MonkeyPatch) -> Computers:
    return Computers(monkeypatch)


PASSWORD = "correct horse"
