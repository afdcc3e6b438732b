"""Whatever somebody alters in a study, `study verify` with the head of an export finds and names it."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import StoreError
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.records import IcpMs
from core.study.store import Study
from tests.core.study.conftest import read_case


class Bench:
    """A study with two collected readings, an older copy of its file, and what an export anchored."""

    def __init__(self, dealt: Path, folder: Path) -> None:
        self.path = shutil.copytree(dealt / "study", folder / "study")
        self.file = self.path / "study.sqlite"
        kit_path = shutil.copytree(dealt / "A1.kit", folder / "A1.kit")
        with Kit.open(kit_path) as kit:
            for case in kit.cases()[:2]:
                read_case(kit, case.alias)
        with Study.open(self.path) as study:
            study.set_icpms([IcpMs("mouse-2", "24 h", 5.0)])
        self.older = self.file.read_bytes()
        with Study.open(self.path) as study:
            collect(study, kit_path)
            head = study.note_export("analysis")
        self.anchor = (head.sequence, head.sha256)
        self.whole = self.file.read_bytes()

    def reset(self) -> None:
        for file in self.path.glob("study.sqlite*"):
            file.unlink()
        self.file.write_bytes(self.whole)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.file)
        found = connection.execute(sql).fetchall()
        connection.close()
        return found

    def sql(self, *statements: str) -> None:
        connection = sqlite3.connect(self.file, isolation_level=None)
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in (*(f"DROP TRIGGER {name}" for (name,) in names), *statements):
            connection.execute(statement)
        connection.close()

    def found(self) -> str:
        """Return what verifying says; "" where nothing is found."""
        try:
            with Study.open(self.path) as study:
                study.verify(self.anchor)
        except StoreError as error:
            return str(error)
        return ""


Way = Callable[[Bench, random.Random], str]


@pytest.fixture
def bench(dealt: Path, tmp_path: Path) -> Bench:
    return Bench(dealt, tmp_path)


def chain(bench: Bench, rng: random.Random) -> tuple[str, int, str]:
    """Choose the study's own trail or a collected kit's: its table, its length and how it is named."""
    table = rng.choice(("audit", "kit_audit"))
    ((length,),) = bench.rows(f"SELECT count(*) FROM {table}")
    return table, int(str(length)), "" if table == "audit" else "the kit of Rater A, session 1: "


def edited(bench: Bench, rng: random.Random) -> str:
    table, length, named = chain(bench, rng)
    number, place = rng.randint(1, length), rng.randint(2, 60)
    change = f"substr(content, 1, {place}) || '~' || substr(content, {place + 2})"
    bench.sql(f"UPDATE {table} SET content = {change} WHERE sequence = {number}")
    return rf"{named}audit record {number} was altered"


def deleted(bench: Bench, rng: random.Random) -> str:
    table, length, named = chain(bench, rng)
    number = rng.randint(1, length - 1)
    bench.sql(f"DELETE FROM {table} WHERE sequence = {number}")
    return rf"{named}audit record {number} is missing"


def reordered(bench: Bench, rng: random.Random) -> str:
    table, length, named = chain(bench, rng)
    one, other = sorted(rng.sample(range(1, length + 1), 2))
    bench.sql(
        f"UPDATE {table} SET sequence = -1 WHERE sequence = {one}",
        f"UPDATE {table} SET sequence = {one} WHERE sequence = {other}",
        f"UPDATE {table} SET sequence = {other} WHERE sequence = -1",
    )
    return rf"{named}audit record {one} was altered"


def cut(bench: Bench, rng: random.Random) -> str:
    table, length, named = chain(bench, rng)
    bench.sql(f"DELETE FROM {table} WHERE sequence > {rng.randint(1, length - 1)}")
    # opening may write the next record in its place: that tables are altered
    fault = rf"audit record {bench.anchor[0]} is (missing|not the one that was exported)"
    return fault if table == "audit" else rf"{named}audit record"


def swapped(bench: Bench, rng: random.Random) -> str:
    bench.file.write_bytes(bench.older)
    return rf"audit record {bench.anchor[0]} is missing; this is an older copy"


def masked(bench: Bench, rng: random.Random) -> str:
    alias, roi, kind, blob = rng.choice(bench.rows("SELECT alias, roi, kind, coverage FROM reading_rois"))
    assert isinstance(blob, bytes)
    # of the packed bytes some say nothing of the region: it is altered itself
    changed = bytearray(zlib.decompress(blob))
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    packed = zlib.compress(changed).hex()
    bench.sql(f"UPDATE reading_rois SET coverage = x'{packed}' WHERE alias = '{alias}' AND roi = '{roi}'")
    return rf"the {kind} region of case {alias}"


def pictured(bench: Bench, rng: random.Random) -> str:
    file = rng.choice(sorted(bench.path.glob("maps/*/*")))
    before = file.read_bytes()
    changed = bytearray(before)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    file.write_bytes(changed)
    told = bench.found()
    # the next try begins with the picture as it was
    file.write_bytes(before)
    assert file.name in told
    return ""


def written_over(bench: Bench, rng: random.Random) -> str:
    """Alter a table, and let the program write after it: what it notes then covers nothing up."""
    table, column = rng.choice((("subjects", "group_name"), ("scans", "visit"), ("study", "name")))
    bench.sql(f"UPDATE {table} SET {column} = {column} || 'x'")
    if rng.random() < 0.5:
        # it is written anew
        (bench.path / "witness.jsonl").unlink()
    with Study.open(bench.path) as study:
        study.note_export("analysis")
    return rf"audit record \d+ and the study differ: its {table} were altered"


WAYS = (edited, deleted, reordered, cut, swapped, masked, pictured, written_over)


def tamper(bench: Bench, way: Way, rng: random.Random, tries: int) -> None:
    for number in range(tries):
        bench.reset()
        named = way(bench, rng)
        if named:
            told = bench.found()
            assert re.search(named, told), (way.__name__, number, told)
    print(f"studies, {way.__name__}: {tries} tries, {tries} found and named")


@pytest.mark.parametrize("way", WAYS)
def test_what_was_altered_is_found_and_named(bench: Bench, way: Way) -> None:
    assert bench.found() == ""
    tamper(bench, way, random.Random(5), 4)


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_two_hundred_of_every_way_are_found_and_named(bench: Bench, way: Way) -> None:
    tamper(bench, way, random.Random(7), 200)


def test_the_first_broken_record_is_named_though_the_exported_one_is_another_too(bench: Bench) -> None:
    sequence, sha256 = bench.anchor
    bench.anchor = (sequence, sha256[::-1])
    bench.sql("UPDATE audit SET content = replace(content, 'mouse', 'house') WHERE sequence = 2")
    assert "audit record 2 was altered" in bench.found()
