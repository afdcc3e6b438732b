"""Whatever somebody alters in a kit or a study is found, and a file that is damaged harms nothing."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import AppError, StoreError
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.store import Study
from tests.core.study.conftest import read_case
from tests.core.study.test_damage import mutate


class Bench:
    """A study, a kit that was collected, and what they were; every try begins with them anew."""

    def __init__(self, dealt: Path, folder: Path) -> None:
        self.study = shutil.copytree(dealt / "study", folder / "study")
        self.kit = shutil.copytree(dealt / "A1.kit", folder / "A1.kit")
        with Kit.open(self.kit) as kit:
            read_case(kit, kit.cases()[0].alias)
        self.older = (self.kit / "kit.sqlite").read_bytes()
        with Kit.open(self.kit) as kit:
            read_case(kit, kit.cases()[1].alias)
            read_case(kit, kit.cases()[2].alias, sign=False)
        with Study.open(self.study) as study:
            collect(study, self.kit)
            self.signed = [dict(each.answers) for each in study.signed_readings()]
        self.whole = (self.kit / "kit.sqlite").read_bytes()
        self.whole_study = (self.study / "study.sqlite").read_bytes()

    def reset(self) -> None:
        for folder, name, content in (
            (self.kit, "kit.sqlite", self.whole), (self.study, "study.sqlite", self.whole_study),
        ):  # fmt: skip
            for file in folder.glob(f"{name}*"):
                file.unlink()
            (folder / name).write_bytes(content)

    def sql(self, *statements: str) -> None:
        connection = sqlite3.connect(self.kit / "kit.sqlite", isolation_level=None)
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in (*(f"DROP TRIGGER {name}" for (name,) in names), *statements):
            connection.execute(statement)
        connection.close()

    def count(self) -> int:
        connection = sqlite3.connect(self.kit / "kit.sqlite")
        found = int(connection.execute("SELECT count(*) FROM audit").fetchone()[0])
        connection.close()
        return found

    def found(self) -> str:
        """Return what verifying the kit, or else collecting it, says; "" where nothing is found."""
        try:
            with Kit.open(self.kit, to_read=False) as kit:
                kit.verify()
            with Study.open(self.study) as study:
                collect(study, self.kit)
        except StoreError as error:
            return str(error)
        return ""


@pytest.fixture
def bench(dealt: Path, tmp_path: Path) -> Bench:
    return Bench(dealt, tmp_path)


def edited(bench: Bench, rng: random.Random) -> str:
    number, place = rng.randint(1, bench.count()), rng.randint(2, 60)
    change = f"substr(content, 1, {place}) || '~' || substr(content, {place + 2})"
    bench.sql(f"UPDATE audit SET content = {change} WHERE sequence = {number}")
    return rf"audit record {number} was altered"


def deleted(bench: Bench, rng: random.Random) -> str:
    number = rng.randint(1, bench.count() - 1)
    bench.sql(f"DELETE FROM audit WHERE sequence = {number}")
    return rf"audit record {number} is missing"


def reordered(bench: Bench, rng: random.Random) -> str:
    one, other = sorted(rng.sample(range(1, bench.count() + 1), 2))
    bench.sql(
        f"UPDATE audit SET sequence = -1 WHERE sequence = {one}",
        f"UPDATE audit SET sequence = {one} WHERE sequence = {other}",
        f"UPDATE audit SET sequence = {other} WHERE sequence = -1",
    )
    return rf"audit record {one} was altered"


def cut(bench: Bench, rng: random.Random) -> str:
    bench.sql(f"DELETE FROM audit WHERE sequence > {rng.randint(1, bench.count() - 1)}")
    return r"case \w+|audit record \d+|the rater's key"


def swapped(bench: Bench, rng: random.Random) -> str:
    (bench.kit / "kit.sqlite").write_bytes(bench.older)
    return r"audit record \d+ was collected before and now is missing"


def masked(bench: Bench, rng: random.Random) -> str:
    connection = sqlite3.connect(bench.kit / "kit.sqlite")
    alias, roi, blob = rng.choice(connection.execute("SELECT alias, roi, coverage FROM rois").fetchall())
    connection.close()
    # of the packed bytes some say nothing of the region: it is altered itself
    changed = bytearray(zlib.decompress(blob))
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    packed = zlib.compress(changed).hex()
    bench.sql(f"UPDATE rois SET coverage = x'{packed}' WHERE alias = '{alias}' AND roi = '{roi}'")
    return rf"region of case {alias}"


def pictured(bench: Bench, rng: random.Random) -> str:
    file = rng.choice(sorted(bench.kit.glob("images/*/*")))
    before = file.read_bytes()
    changed = bytearray(before)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    file.write_bytes(changed)
    told = bench.found()
    # the next try begins with the picture as it was
    file.write_bytes(before)
    assert file.name in told
    return ""


def chosen(bench: Bench, rng: random.Random, sql: str) -> tuple[Any, ...]:
    """Return one row of the kit, of those that a statement gives."""
    connection = sqlite3.connect(bench.kit / "kit.sqlite")
    rows = connection.execute(sql).fetchall()
    connection.close()
    return rng.choice(rows)


def timed(bench: Bench, rng: random.Random) -> str:
    """Of a case that is open, begun or not, no signature holds the time."""
    alias, table = chosen(
        bench, rng, "SELECT alias, t FROM cases, (SELECT 'cases' AS t UNION SELECT 'answers') "
        "WHERE status = 'open' AND (t = 'cases' OR alias IN (SELECT alias FROM answers))",
    )  # fmt: skip
    less_or_more = rng.choice((-1.5, 0.25, 1000.0))
    bench.sql(f"UPDATE {table} SET seconds = seconds + {less_or_more} WHERE alias = '{alias}'")
    return rf"the time of {'an answer of ' if table == 'answers' else ''}case {alias} was altered"


def salted(bench: Bench, rng: random.Random) -> str:
    column = rng.choice(("salt", "cost", "sealed"))
    new = "'{}'" if column == "cost" else f"x'{rng.randbytes(16).hex()}'"
    bench.sql(f"UPDATE rater_keys SET {column} = {new}")
    return r"the rater's key 1 was altered"


def placed(bench: Bench, rng: random.Random) -> str:
    """The order stays, and the numbers that keep it do not."""
    table, alias = chosen(
        bench, rng, "SELECT 'marks', alias FROM marks UNION SELECT 'rois', alias FROM rois"
    )  # fmt: skip
    bench.sql(f"UPDATE {table} SET place = place + {rng.randint(1, 9)} WHERE alias = '{alias}'")
    return rf"the order of the {table} of case {alias} was altered"


def dealt_anew(bench: Bench, rng: random.Random) -> str:
    (alias,) = chosen(bench, rng, "SELECT alias FROM cases")
    column, table, named = rng.choice(
        (
            ("position = 50", "cases", "place or grid"), ("field_t = 7", "cases", "the field strength"),
            ("training_round = 1", "cases", "the round of training"), ("te_ms = 3", "images", "the pictures"),
            ("step_index = step_index + 1", "images", "the steps of pictures"),
            ("wrapped = x'00'", "seals", "the keys of steps"),
        )
    )  # fmt: skip
    bench.sql(f"UPDATE {table} SET {column} WHERE alias = '{alias}'")
    return rf"audit record 1 and the kit differ in {named} of case {alias}"


WAYS = (
    edited, deleted, reordered, cut, swapped, masked, pictured, timed, salted, placed, dealt_anew,
)  # fmt: skip


def tamper(bench: Bench, way: Callable[[Bench, random.Random], str], rng: random.Random, tries: int) -> None:
    for number in range(tries):
        bench.reset()
        named = way(bench, rng)
        if named:
            told = bench.found()
            assert re.search(named, told), (way.__name__, number, told)
    print(f"{way.__name__}: {tries} tries, {tries} found and named")


@pytest.mark.parametrize("way", WAYS)
def test_what_was_altered_is_found_and_named(bench: Bench, way: Callable[..., str]) -> None:
    tamper(bench, way, random.Random(5), 4)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", WAYS)
def test_two_hundred_of_every_way_are_found_and_named(bench: Bench, way: Callable[..., str]) -> None:
    tamper(bench, way, random.Random(7), 200)


def damage_studies(bench: Bench, rng: random.Random, tries: int) -> None:
    outcomes: Counter[str] = Counter()
    for number in range(tries):
        bench.reset()
        (bench.study / "study.sqlite").write_bytes(mutate(bench.whole_study, rng))
        try:
            with Study.open(bench.study) as study:
                study.verify()
                assert [dict(each.answers) for each in study.signed_readings()] == bench.signed
            outcomes["whole"] += 1
        except AppError as error:
            assert "\n" not in str(error), (number, str(error))
            outcomes["refused"] += 1
    print(f"{tries} damaged studies: {dict(outcomes)}, 0 crashes, 0 signed values changed unnoticed")


def test_damaged_studies_are_refused_in_one_line_or_hold_what_was_signed(bench: Bench) -> None:
    damage_studies(bench, random.Random(3), 25)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_thousand_damaged_studies(bench: Bench) -> None:
    damage_studies(bench, random.Random(9), 1000)


def test_a_kit_that_says_twice_which_kit_it_is_is_damaged(bench: Bench) -> None:
    bench.sql(
        "CREATE TABLE other AS SELECT * FROM kit", "UPDATE other SET kit_id = 'other'",
        "INSERT INTO kit SELECT * FROM other", "DROP TABLE other",
    )  # fmt: skip
    assert "the kit is damaged; leave it as it is" in bench.found()
