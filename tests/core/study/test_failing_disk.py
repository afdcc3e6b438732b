"""A disk that is full, read-only or reports errors: what is refused is told, and what is said to be kept is.

Everything goes through the program's own SQLite (tests/core/study/disk.py); what is refused is done again.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from core.errors import AppError, StoreError
from core.reading.edits import AddMark, SetAnswer
from core.reading.reading import Mark
from core.reading.roi_edits import EditRoi
from core.study.backups import back_up, backups
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.records import IcpMs
from core.study.store import Study
from tests.core.study.conftest import SHAPE, scan_images
from tests.core.study.disk import Deed, Disk, reaches_sqlite
from tests.signing import RATERS_PASSWORD, enrol

pytestmark = pytest.mark.skipif(not reaches_sqlite(), reason="this Python holds its SQLite within itself")
WRITES = ("write", "truncate", "sync")
Deeds = list[Callable[[], object]]
Opened = TypeVar("Opened", Kit, Study)


def kits_deeds(kit: Kit) -> Deeds:
    """What a rater does with a case, deed by deed."""
    alias = kit.cases()[0].alias
    masks = []
    for place in (2, 5, 8):
        mask = np.zeros(SHAPE, bool)
        mask[1, place : place + 2, 3:7] = True
        masks.append(mask)
    kinds = ("tumour", "reference", "noise")
    drawn = [
        EditRoi.between(f"{number}" * 32, kind, None, mask)
        for number, (kind, mask) in enumerate(zip(kinds, masks, strict=True))
    ]
    return [
        lambda: enrol(kit),
        lambda: kit.record(alias, AddMark(Mark("a" * 32, "lesion", (0.5, 0.5, 0.0)))),
        lambda: kit.record(alias, SetAnswer("detection_confidence", "a" * 32, None, 4), seconds=3.0),
        lambda: kit.record(alias, SetAnswer("margin_conspicuity", None, None, 3), seconds=2.0),
        lambda: kit.lock_step(alias),
        *(lambda edit=edit: kit.record(alias, edit) for edit in drawn),
        lambda: kit.sign(alias, RATERS_PASSWORD),
        lambda: kit.correct(alias, "a slip", RATERS_PASSWORD),
        lambda: kit.record(alias, EditRoi.between("1" * 32, "reference", masks[1], None)),
        lambda: kit.record(alias, drawn[1]),
        lambda: kit.sign(alias, RATERS_PASSWORD),
    ]


def studys_deeds(study: Study, kit: Path) -> Deeds:
    """What a coordinator does, deed by deed."""
    return [
        lambda: study.set_icpms([IcpMs("mouse-2", "24 h", 5.0)]),
        lambda: study.add_scan("mouse-3", "vehicle", "baseline", scan_images(7), [("/scans/3", "0" * 64)]),
        lambda: back_up(study, "demand"),
        lambda: collect(study, kit),
        lambda: study.note_export("analysis"),
    ]


class Work:
    """A copy of kit and study; every deed is tried until it is done, and what was done is counted."""

    def __init__(self, dealt: Path, folder: Path, disk: Disk) -> None:
        self.folder, self.disk, self.refused = folder, disk, Counter[str]()
        for name in ("study", "A1.kit"):
            shutil.copytree(dealt / name, folder / name)

    def read(self) -> None:
        with self._opened(lambda: Kit.open(self.folder / "A1.kit")) as kit:
            done = self._do(kits_deeds(kit), lambda: len(kit.audit_records()))
        with healthy(self.disk), Kit.open(self.folder / "A1.kit") as kit:
            kit.verify()
            assert len(kit.audit_records()) == done
            assert len(kit.signatures(kit.cases()[0].alias)) == 2

    def keep(self) -> None:
        with self._opened(lambda: Study.open(self.folder / "study")) as study:
            kit = self.folder / "A1.kit"
            done = self._do(studys_deeds(study, kit), lambda: len(study.audit_records()))
        with healthy(self.disk), Study.open(self.folder / "study") as study:
            study.verify()
            assert len(study.audit_records()) == done
            assert study.icpms() == (IcpMs("mouse-2", "24 h", 5.0),)
            scans = {scan.scan_id for scan in study.scans()}
            assert {path.name for path in (study.path / "maps").iterdir()} == scans and len(scans) == 5
            assert [backup.why for backup in backups(study.path)] == ["demand"]

    def _do(self, deeds: Deeds, records: Callable[[], int]) -> int:
        for deed in deeds:
            with healthy(self.disk):
                before = records()
            while not self._done(deed):
                with healthy(self.disk):
                    # what was refused has left nothing
                    assert records() == before
        with healthy(self.disk):
            return records()

    def _opened(self, attempt: Callable[[], Opened]) -> Opened:
        while True:
            try:
                return attempt()
            except StoreError as error:
                self._note(error)

    def _done(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except AppError as error:
            self._note(error)
            return False
        return True

    def _note(self, error: AppError) -> None:
        assert "\n" not in str(error)
        self.refused[str(error).rpartition(": ")[2]] += 1


@contextmanager
def healthy(disk: Disk) -> Iterator[None]:
    """The disk does what it is asked to, for the length of a block."""
    fault, disk.fault = disk.fault, lambda deed: 0
    try:
        yield
    finally:
        disk.fault = fault


def failing_now_and_then(disk: Disk, code: int, chance: random.Random) -> None:
    """Let one in a hundred of everything that is written, or waited for, go wrong."""
    disk.fault = lambda deed: code if deed.what in WRITES and chance.random() < 0.01 else 0


def failing_from(disk: Disk, first: int, code: int) -> None:
    """Let the disk do so many deeds, fail in the next three, and be mended."""
    left = count()

    def fault(deed: Deed) -> int:
        return code if deed.what in WRITES and first <= next(left) < first + 3 else 0

    disk.fault = fault


def run(dealt: Path, folder: Path, fail: Callable[[Disk], None]) -> tuple[int, Counter[str]]:
    """Do all work on a disk that fails; return how often it was asked for something, and what was refused."""
    with Disk() as disk:
        work = Work(dealt, folder, disk)
        fail(disk)
        work.read()
        work.keep()
    shutil.rmtree(folder)
    return sum(deed.what in WRITES for deed in disk.deeds), work.refused


def test_one_error_in_a_hundred_loses_and_damages_nothing(dealt: Path, tmp_path: Path) -> None:
    told = errors_now_and_then(dealt, tmp_path, range(3))
    assert told.keys() == {"the disk reports an error; check it and try again; what was saved is kept"}


@pytest.mark.soak
@pytest.mark.parametrize("first", range(100, 600, 50))
def test_five_hundred_runs_with_errors(dealt: Path, tmp_path: Path, first: int) -> None:
    told = errors_now_and_then(dealt, tmp_path, range(first, first + 50))
    print(f"50 runs with EIO in 1 % of writes: {told.total()} refused, 0 false “Saved”, 0 damaged")


def errors_now_and_then(dealt: Path, folder: Path, seeds: Iterable[int]) -> Counter[str]:
    told = Counter[str]()
    for number in seeds:
        chance = random.Random(number)

        def fail(disk: Disk, chance: random.Random = chance) -> None:
            failing_now_and_then(disk, sqlite3.SQLITE_IOERR, chance)

        told += run(dealt, folder / str(number), fail)[1]
    return told


TOLD = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again; what was saved is kept",
    sqlite3.SQLITE_READONLY: "cannot be written; check its permissions",
}


@pytest.mark.parametrize("code", TOLD)
def test_a_disk_that_is_full_or_read_only_at_some_place(dealt: Path, tmp_path: Path, code: int) -> None:
    assert fail_at(dealt, tmp_path, code, every=197)


@pytest.mark.soak
@pytest.mark.parametrize("code", TOLD)
def test_a_disk_that_is_full_or_read_only_at_every_place(dealt: Path, tmp_path: Path, code: int) -> None:
    places = fail_at(dealt, tmp_path, code, every=1)
    print(f"code {code} at each of {places} places that write: 0 false “Saved”, 0 damaged")


def fail_at(dealt: Path, folder: Path, code: int, every: int) -> int:
    """Do the work again and again, with the disk failing at one place after the other."""
    places, _ = run(dealt, folder / "whole", lambda disk: None)
    for first in range(0, places, every):
        _, refused = run(
            dealt, folder / str(first), lambda disk, first=first: failing_from(disk, first, code)
        )
        assert all(text.endswith(TOLD[code]) for text in refused), refused
    return places
