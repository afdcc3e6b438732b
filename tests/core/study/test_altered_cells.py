"""Any cell of any table is altered behind the program's back: it is told in one line, or changes nothing."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.study import kit_tables, tables
from core.study.audit import canonical, digest
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.log_in import log_in
from core.study.store import Study
from tests.core.study.full import (
    ANNA,
    OWN,
    Ask,
    altered,
    asks_of_folder,
    asks_of_kit,
    asks_of_kit_folder,
    asks_of_study,
    make,
    plain,
    refused,
)

DEEP = "[" * 100_000


@dataclass(frozen=True)
class Change:
    """What is put into a cell of the row that has a key."""

    table: str
    column: str
    key: Mapping[str, Any]
    value: Any

    def __str__(self) -> str:
        return f"{self.table}.{self.column} = {self.value!r:.60} where {dict(self.key)!r:.80}"

    @property
    def sql(self) -> tuple[str, tuple[Any, ...]]:
        """The statement that does it, and its values."""
        where = " AND ".join(f'"{name}" IS ?' for name in self.key)
        statement = f'UPDATE "{self.table}" SET "{self.column}" = ? WHERE {where}'
        return statement, (self.value, *self.key.values())


def values_for(column: sa.Column[Any], before: Any) -> Iterator[Any]:
    """Yield what a hand, or a disk, may have put in the place of a value."""
    if column.nullable:
        yield None
    yield from (b"\x00\xff", "letters")
    if isinstance(before, (int, float)):
        yield from (before + 1, -before - 1, 2**62, 9e999)
    elif before:
        half = len(before) // 2
        yield from (before[:half], before[:0], 7)
        if isinstance(before, bytes):
            yield before[:half] + bytes([before[half] ^ 1]) + before[half + 1 :]
        else:
            other = "7" if before[half] != "7" else "8"
            yield from (before[:half] + other + before[half + 1 :], f"{before}\0")
            if before[0] in "{[":
                yield from ("null", "[]", "{}", "7", DEEP, before[:half] + "{" + before[half + 1 :])


def changes(file: Path, metadata: sa.MetaData, rng: random.Random) -> Iterator[Change]:
    """Yield the changes of a file: of every column one row, of every kind of record one."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    with closing(connection):
        for table in metadata.sorted_tables:
            keys = [column.name for column in table.primary_key]
            order = ", ".join(f'"{key}"' for key in keys)
            rows = [dict(row) for row in connection.execute(f'SELECT * FROM "{table.name}" ORDER BY {order}')]
            if not rows:
                continue
            chosen = {"": rng.choice(rows)}
            if table.name.endswith("audit"):
                chosen = {json.loads(row["content"])["action"]: row for row in rows}
            for row in chosen.values():
                for column in table.columns:
                    if column.name == "content" or row is [*chosen.values()][-1]:
                        for value in values_for(column, row[column.name]):
                            yield Change(table.name, column.name, {key: row[key] for key in keys}, value)


class Bench:
    """Files as they were made, a place where they are altered, and what came of it."""

    def __init__(self, made: Path, place: Path) -> None:
        self.made, self.place = made, place
        self.outcomes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.kits = [each.name for each in made.glob("*.kit")]
        self.reset()
        with self.study() as study:
            self.data = plain(study.data())
        self.signed, self.collected = {}, {}
        for name in self.kits:
            with Kit.open(place / name, to_read=False) as kit:
                self.signed[name] = plain(kit.verify())
            self.reset()
            with self.study() as study:
                collect(study, place / name)
                self.collected[name] = plain(study.signed_readings())
            self.reset()

    def reset(self) -> None:
        """Put everything back; pictures of the study are kept, and those that were dealt go."""
        for name in ("new", "moved"):
            shutil.rmtree(self.place / name, ignore_errors=True)
        if not (self.place / "study" / "maps").is_dir():
            shutil.rmtree(self.place / "study", ignore_errors=True)
            shutil.copytree(self.made / "study", self.place / "study")
        for folder, file in (("study", "study.sqlite"), *((name, "kit.sqlite") for name in self.kits)):
            if not (self.place / folder).is_dir():
                shutil.copytree(self.made / folder, self.place / folder)
            for old in (*(self.place / folder).glob(f"{file}*"), *(self.place / folder).glob("rescue.jsonl")):
                old.unlink()
            shutil.copyfile(self.made / folder / file, self.place / folder / file)
        shutil.copyfile(self.made / "study" / "witness.jsonl", self.place / "study" / "witness.jsonl")

    @contextmanager
    def study(self) -> Iterator[Study]:
        with Study.open(self.place / "study") as study:
            log_in(study, ANNA, OWN)
            yield study

    def ask(self, what: str, asks: Iterable[tuple[str, Ask]]) -> None:
        """Ask everything; what is no refusal in one line is kept for the end."""
        for name, ask in asks:
            try:
                refused(ask)
            except Exception as error:  # whatever is no refusal is what is looked for
                place = traceback.extract_tb(error.__traceback__)
                where = next(
                    (f"{f.filename}:{f.lineno}" for f in reversed(place) if "core" in f.filename), ""
                )
                self.wrong.append(f"{what}: {name}: {type(error).__name__} at {where}: {str(error)[:100]}")

    def told(self, what: str, expected: Any, ask: Callable[[], Any]) -> None:
        """Ask for what must be refused, or be what it is where nothing was altered."""
        found: list[Any] = []
        try:
            told = refused(lambda: found.append(plain(ask())))
        except Exception:  # asked once more, and kept as that
            self.ask(what, [("checked", ask)])
            return
        self.outcomes["refused" if told else "the same"] += 1
        if not told and found != [expected]:
            self.wrong.append(f"{what}: figures of what was altered")

    def alter(self, file: Path, changes: Sequence[Change]) -> bool:
        """Alter a file; tell whether SQLite took it."""
        self.reset()
        try:
            altered(file, *(change.sql for change in changes))
        except sqlite3.IntegrityError:
            self.outcomes["not taken by SQLite"] += 1
            return False
        return True

    def alter_witness(self, rng: random.Random) -> None:
        """Alter a line of the witness, and ask for everything."""
        self.reset()
        path = self.place / "study" / "witness.jsonl"
        path.write_text(text := damaged_lines(path.read_text(), rng))
        self.ask_study(f"witness {text!r:.200}")

    def alter_study(self, change: Change, *more: Change) -> None:
        """Alter a study, and ask for everything."""
        if self.alter(self.place / "study" / "study.sqlite", (change, *more)):
            self.ask_study(f"study {change}")

    def ask_study(self, what: str) -> None:
        """Ask a study for everything."""
        path, opened = self.place / "study", list[Study]()
        self.ask(what, [("open", lambda: opened.append(Study.open(path)))])
        if not opened:
            self.outcomes["not opened"] += 1
            return
        with opened[0] as study:
            self.ask(what, [("log_in", lambda: log_in(study, ANNA, OWN))])
            self.told(what, self.data, study.data)
            changing = sum(self.outcomes.values()) % 5 == 0
            self.ask(what, asks_of_study(study, self.place, changing=changing))
        if changing:
            self.ask(what, asks_of_folder(self.place))

    def alter_kit(self, name: str, change: Change, *more: Change) -> None:
        """Alter a kit, and ask for everything."""
        path, what = self.place / name, f"{name} {change}"
        if not self.alter(path / "kit.sqlite", (change, *more)):
            return
        whole = (path / "kit.sqlite").read_bytes()

        def verified() -> Any:
            with Kit.open(path, to_read=False) as kit:
                return kit.verify()

        def collected() -> Any:
            with self.study() as study:
                collect(study, path)
                return study.signed_readings()

        self.told(what, self.signed[name], verified)
        self.told(f"collecting {what}", self.collected[name], collected)
        opened: list[Kit] = []
        self.ask(what, [("open", lambda: opened.append(Kit.open(path)))])
        for kit in opened:
            with kit:
                self.ask(what, asks_of_kit(kit))
        for file in path.glob("kit.sqlite*"):
            file.unlink()
        (path / "kit.sqlite").write_bytes(whole)
        self.ask(what, asks_of_kit_folder(path))

    def end(self, what: str) -> None:
        """Print what came out, and fail where anything was wrong."""
        assert not self.wrong, "\n".join(self.wrong)
        print(
            f"{what}: {sum(self.outcomes.values())} asked, {dict(self.outcomes)}, 0 crashes, 0 other figures"
        )
        self.outcomes.clear()


OTHERS: tuple[Any, ...] = (None, 7, -1.5, "x", [], {}, [7], [["x"]], {"x": 7}, True)


def forged(file: Path, rng: random.Random, tries: int) -> Iterator[list[Change]]:
    """Yield a trail in which one value of a record is another, and every hash from there on is right."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT sequence, content, previous FROM audit ORDER BY sequence"
        ).fetchall()
    for _ in range(tries):
        at = rng.randrange(len(rows))
        values = json.loads(rows[at][1])
        name, other = rng.choice([name for name in values if name != "action"]), rng.choice(OTHERS)
        values[name] = other
        if other is None:
            del values[name]
        told, previous = [canonical(values), *(row[1] for row in rows[at + 1 :])], rows[at][2]
        put: list[Change] = []
        for number, content in enumerate(told, start=rows[at][0]):
            sha256 = digest(f"{number}\n{previous}\n{content}")
            for column, value in (("content", content), ("previous", previous), ("sha256", sha256)):
                put.append(Change("audit", column, {"sequence": number}, value))
            previous = sha256
        yield put


def damaged_lines(text: str, rng: random.Random) -> str:
    """Return a witness of which a line says something else, whatever that is."""
    lines = [line for line in text.split("\n") if line]
    at = rng.randrange(len(lines))
    values = json.loads(lines[at])
    values[rng.choice(list(values))] = rng.choice(OTHERS)
    half = lines[at][: len(lines[at]) // 2]
    lines[at] = rng.choice((canonical(values), canonical(values), half, "", "7", "null", "[]", "NaN", DEEP))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("small")
    make(folder, adjudicate=False)
    return Bench(folder, tmp_path_factory.mktemp("altered"))


def test_a_study_of_which_a_cell_was_altered_is_refused_or_gives_the_same(small: Bench) -> None:
    file, rng = small.made / "study" / "study.sqlite", random.Random(3)
    for change in rng.sample(list(changes(file, tables.metadata, rng)), 5):
        small.alter_study(change)
    for put in forged(file, rng, 1):
        small.alter_study(*put)
    small.alter_witness(rng)
    small.end("a study")


def test_a_kit_of_which_a_cell_was_altered_is_refused_or_gives_the_same(small: Bench) -> None:
    file, rng = small.made / "dora.kit" / "kit.sqlite", random.Random(4)
    for change in rng.sample(list(changes(file, kit_tables.metadata, rng)), 4):
        small.alter_kit("dora.kit", change)
    for put in forged(file, rng, 1):
        small.alter_kit("dora.kit", *put)
    small.end("a kit")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("full")
    make(folder)
    return Bench(folder, tmp_path_factory.mktemp("altered"))


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_every_column_of_a_study(full: Bench) -> None:
    file, rng = full.made / "study" / "study.sqlite", random.Random(1)
    for change in changes(file, tables.metadata, rng):
        full.alter_study(change)
    full.end("every column of a study")
    for put in forged(file, rng, 200):
        full.alter_study(*put)
    full.end("200 forged records of a study")
    for _ in range(100):
        full.alter_witness(rng)
    full.end("100 lines of a witness")


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", ["dora.kit", "cleo.kit"])
def test_every_column_of_a_kit(full: Bench, name: str) -> None:
    file, rng = full.made / name / "kit.sqlite", random.Random(2)
    for change in changes(file, kit_tables.metadata, rng):
        full.alter_kit(name, change)
    full.end(f"every column of {name}")
    for put in forged(file, rng, 200):
        full.alter_kit(name, *put)
    full.end(f"200 forged records of {name}")
