"""A killed program's log of saved changes: damage is found, and what a power cut leaves is none."""

from __future__ import annotations

import random
import shutil
import sqlite3
import struct
from pathlib import Path

import pytest

from core.errors import DamagedError
from core.study.kit import Kit
from core.study.log_damage import loses_what_was_saved
from tests.core.study.conftest import read_case

FRAME = 24 + 4096


@pytest.fixture(scope="module")
def killed(dealt: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit as a kill leaves it after two cases were read: everything saved is in its log."""
    path = shutil.copytree(dealt / "A1.kit", tmp_path_factory.mktemp("alive") / "A1.kit")
    with Kit.open(path) as kit:
        for case in kit.cases()[:2]:
            read_case(kit, case.alias)
        return shutil.copytree(path, tmp_path_factory.mktemp("killed") / "A1.kit")


def log_of(kit: Path) -> Path:
    return kit / "kit.sqlite-wal"


def test_a_log_that_is_whole_missing_or_empty_loses_nothing(killed: Path, tmp_path: Path) -> None:
    assert log_of(killed).stat().st_size > 10 * FRAME
    assert not loses_what_was_saved(log_of(killed))
    assert not loses_what_was_saved(tmp_path / "none-wal")
    (tmp_path / "empty-wal").touch()
    assert not loses_what_was_saved(tmp_path / "empty-wal")


def test_a_bit_that_flipped_before_the_last_change_is_found_and_the_kit_left_as_it_is(
    killed: Path, tmp_path: Path
) -> None:
    whole, chance = log_of(killed).read_bytes(), random.Random(3)
    # the last changes but one may be taken for one that the power cut
    for number in range(40):
        kit = shutil.copytree(killed, tmp_path / str(number))
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole) // 2)] ^= 1 << chance.randrange(8)
        log_of(kit).write_bytes(damaged)
        with pytest.raises(DamagedError, match="give it to the coordinator"):
            Kit.open(kit)
        assert log_of(kit).read_bytes() == damaged


def test_a_log_cut_anywhere_is_what_a_power_cut_leaves(killed: Path, tmp_path: Path) -> None:
    whole, cut = log_of(killed).read_bytes(), tmp_path / "cut-wal"
    for end in random.Random(4).sample(range(len(whole)), 40):
        cut.write_bytes(whole[:end])
        assert not loses_what_was_saved(cut)


def test_a_last_change_of_which_pages_are_missing_is_what_a_power_cut_leaves(tmp_path: Path) -> None:
    place = tmp_path / "x.sqlite"
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (x)")
    saved = place.with_name("x.sqlite-wal").stat().st_size
    connection.execute("INSERT INTO t SELECT zeroblob(3000) FROM (VALUES (1), (2), (3), (4), (5), (6))")
    log = bytearray(place.with_name("x.sqlite-wal").read_bytes())
    connection.close()
    torn = tmp_path / "torn-wal"
    for at in range(saved, len(log) - FRAME, FRAME):
        torn.write_bytes(bytes(log[:at]) + bytes(FRAME) + bytes(log[at + FRAME :]))
        assert not loses_what_was_saved(torn)


def test_pages_below_a_log_that_began_anew_are_no_damage(tmp_path: Path) -> None:
    place = tmp_path / "x.sqlite"
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (x)")
    for number in range(10):
        connection.execute("INSERT INTO t VALUES (?)", (number,))
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO t VALUES (11)")
    shutil.copyfile(place.with_name("x.sqlite-wal"), tmp_path / "copy-wal")
    connection.close()
    assert (tmp_path / "copy-wal").stat().st_size > 10 * FRAME
    assert not loses_what_was_saved(tmp_path / "copy-wal")


def test_a_log_whose_beginning_is_none_loses_everything(killed: Path, tmp_path: Path) -> None:
    whole, damaged = log_of(killed).read_bytes(), tmp_path / "damaged-wal"
    for at in (0, 9, 20, 30):  # its mark, the size of its pages, its salt, its sum
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert loses_what_was_saved(damaged)


def big_endian(log: bytes) -> bytes:
    """Return the log as a computer with the other order of bytes would have written it."""

    def add(content: bytes, sums: tuple[int, int]) -> tuple[int, int]:
        words = struct.unpack(f">{len(content) // 4}I", content)
        for even, odd in zip(words[::2], words[1::2], strict=True):
            first = (sums[0] + even + sums[1]) % 2**32
            sums = first, (sums[1] + odd + first) % 2**32
        return sums

    header = struct.pack(">I", 0x377F0683) + log[4:24]
    sums = add(header, (0, 0))
    made = header + struct.pack(">2I", *sums)
    for at in range(32, len(log) - FRAME + 1, FRAME):
        head, page = log[at : at + 16], log[at + 24 : at + FRAME]
        sums = add(page, add(head[:8], sums))
        made += head + struct.pack(">2I", *sums) + page
    return made


def test_a_log_of_a_computer_with_the_other_order_of_bytes_is_read(killed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other-wal"
    whole = big_endian(log_of(killed).read_bytes()[: 32 + 12 * FRAME])
    other.write_bytes(whole)
    assert not loses_what_was_saved(other)
    other.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert loses_what_was_saved(other)
