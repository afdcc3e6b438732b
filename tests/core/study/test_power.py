"""The power is cut while a kit or a study is written: what was said to be saved is there, and all is whole.

The files are what the disk was asked for, with all, none or any sectors of what it was not asked to wait for.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from core.errors import DamagedError
from core.reading.edits import SetAnswer
from core.reading.roi_edits import EditRoi
from core.study import database
from core.study.audit import Record
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.records import IcpMs
from core.study.store import Study
from tests.core.study.conftest import SHAPE, read_case
from tests.core.study.disk import Deed, Disk, left_by_a_cut, reaches_sqlite
from tests.signing import RATERS_PASSWORD

pytestmark = pytest.mark.skipif(not reaches_sqlite(), reason="this Python holds its SQLite within itself")
Say = Callable[[Record], None]


def read_a_kit(folder: Path, say: Say) -> None:
    """Two sittings: cases are read, signed and corrected, a region is drawn on and on."""
    for _ in range(2):
        with Kit.open(folder / "A1.kit") as kit:
            said = Saying(kit, say)
            first, *others = [case.alias for case in kit.cases() if case.status == "open"]
            read_case(said, first)
            said.correct(first, "a slip", RATERS_PASSWORD)
            said.sign(first, RATERS_PASSWORD)
            before, value = None, None
            for number in range(20):
                after = np.zeros(SHAPE, bool) if before is None else before.copy()
                after.ravel()[number] = True
                said.record(others[0], EditRoi.between("f" * 32, "noise", before, after))
                said.record(others[0], SetAnswer("margin_conspicuity", None, value, number % 3 + 1))
                before, value = after, number % 3 + 1
            said.record(others[0], EditRoi.between("f" * 32, "noise", before, None))
            said.record(others[0], SetAnswer("margin_conspicuity", None, value, None))


class Saying:
    """A kit that says after every deed which record stands last in it."""

    def __init__(self, kit: Kit, say: Say) -> None:
        self._kit, self._say = kit, say

    def __getattr__(self, name: str) -> object:
        deed = getattr(self._kit, name)
        if name not in ("record", "lock_step", "sign", "correct", "enrol"):
            return deed

        def done(*args: object, **more: object) -> object:
            result = deed(*args, **more)
            self._say(self._kit.audit_records()[-1])
            return result

        return done


def keep_a_study(folder: Path, say: Say) -> None:
    """ICP-MS results come in, and a kit is collected twice."""
    for number in range(3):
        with Study.open(folder / "study") as study:
            for iron in range(8):
                study.set_icpms([IcpMs("mouse-2", "24 h", 10.0 * number + iron)])
                say(study.audit_records()[-1])
            collect(study, folder / "A1.kit")
            say(study.audit_records()[-1])
        with Kit.open(folder / "A1.kit") as kit:
            read_case(kit, kit.cases()[number].alias)


def open_kit(folder: Path) -> list[Record]:
    with Kit.open(folder / "A1.kit", to_read=False) as kit:
        kit.verify()
        return kit.audit_records()


def open_study(folder: Path) -> list[Record]:
    with Study.open(folder / "study") as study:
        study.verify()
        return study.audit_records()


@dataclass
class Written:
    """A folder that was worked in, what it held before, and what the disk was asked for since."""

    folder: Path
    before: Mapping[str, bytes]
    deeds: list[Deed]

    def cut(self, end: int, kept: float, chance: random.Random) -> None:
        """Put into the folder what a power cut behind so many deeds leaves."""
        files = left_by_a_cut(self.before, self.deeds[:end], kept, chance)
        for path in {*self.before, *(deed.path for deed in self.deeds if deed.path)}:
            Path(path).unlink(missing_ok=True)
        for path, content in files.items():
            Path(path).write_bytes(content)

    def said(self, end: int) -> Record | None:
        """Return what was said to be saved last, before so many deeds were done."""
        return next((deed.said for deed in reversed(self.deeds[:end]) if deed.what == "said"), None)


def worked(dealt: Path, folder: Path, work: Callable[[Path, Say], None]) -> Written:
    for name in ("study", "A1.kit"):
        shutil.copytree(dealt / name, folder / name)
    before = {str(path): path.read_bytes() for path in folder.rglob("*.sqlite")}
    with Disk() as disk:
        work(folder, disk.say)
    return Written(folder, before, disk.deeds)


WAYS = {"kit": (read_a_kit, open_kit), "study": (keep_a_study, open_study)}


def lost_by_cuts(written: Written, opened: Callable[[Path], list[Record]], cuts: int, seed: int) -> int:
    """Cut the power so often, each time at a moment of chance; return how often something saved was lost.

    What was not said yet may be there or not; there is nothing but what was written, and all of it is whole.
    """
    chance, lost = random.Random(seed), 0
    for _ in range(cuts):
        end = chance.randint(1, len(written.deeds))
        written.cut(end, chance.choice((0.0, 0.2, 0.8, 1.0)), chance)
        records, said = opened(written.folder), written.said(end)
        lost += said is not None and said not in records
    return lost


@pytest.fixture(params=sorted(WAYS))
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(dealt: Path, tmp_path: Path, way: str) -> Iterator[Written]:
    return worked(dealt, tmp_path, WAYS[way][0])


def test_a_power_cut_loses_nothing_that_was_saved(written: Written, way: str) -> None:
    assert lost_by_cuts(written, WAYS[way][1], 25, seed=3) == 0


@pytest.mark.soak
def test_two_hundred_power_cuts_lose_nothing_that_was_saved(written: Written, way: str) -> None:
    lost = lost_by_cuts(written, WAYS[way][1], 200, seed=4)
    print(f"200 power cuts of a {way}: {lost} saved changes lost, 0 files damaged")
    assert lost == 0


def test_the_cuts_find_a_file_that_does_not_wait_for_the_disk(
    dealt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the one setting that waits, the same cuts lose what was saved."""
    connect = database.sqlite3.connect

    def hasty(*args: object, **more: object) -> object:
        return connect(*args, **more, factory=Hasty)

    monkeypatch.setattr(database.sqlite3, "connect", hasty)
    written = worked(dealt, tmp_path, read_a_kit)
    monkeypatch.undo()

    def open_or_refuse(folder: Path) -> list[Record]:
        try:
            return open_kit(folder)
        except DamagedError:  # what is lost from the middle of the log is noticed
            return []

    assert lost_by_cuts(written, open_or_refuse, 25, seed=3) > 10


class Hasty(database.sqlite3.Connection):
    """A connection with which a commit does not wait."""

    def execute(self, sql: str, *args: object) -> database.sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = NORMAL"), *args)
