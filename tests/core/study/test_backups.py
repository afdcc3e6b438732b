"""The drill: a study is backed up, lost in every way, and brought back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import DamagedError, InputError, StoreError
from core.study.backups import FOLDER, back_up, backups, restore
from core.study.database import Database
from core.study.password import set_password
from core.study.records import IcpMs
from core.study.store import Study
from core.study.unblinding import key_was_shown, show_key


def iron(path: Path) -> list[float]:
    with Study.open(path) as study:
        study.verify()
        return [value.iron_ug_per_g for value in study.icpms()]


@pytest.fixture
def path(study: Study) -> Path:
    """A study with a backup, in which something was changed since."""
    back_up(study, "demand")
    study.set_icpms([IcpMs("mouse-2", "24 h", 5.0)])
    study.close()
    return study.path


def gone(file: Path) -> None:
    file.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def overwritten(file: Path) -> None:
    file.write_bytes(os.urandom(20_000))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:9000])


def unreadable(file: Path) -> None:
    """One byte of the schema that is no UTF-8: SQLite's own message cannot be read then."""
    content = bytearray(file.read_bytes())
    content[content.find(b"CREATE TABLE") + 5] = 0xFF
    file.write_bytes(content)


def altered(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("UPDATE icpms SET iron_ug_per_g = 1")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("loss", [gone, emptied, overwritten, cut, unreadable, altered])
def test_a_study_that_is_lost_is_brought_back(path: Path, loss: Callable[[Path], None]) -> None:
    loss(path / "study.sqlite")
    left = (path / "study.sqlite").read_bytes() if loss is not gone else None
    (backup,) = backups(path)
    kept = restore(path, backup.path)
    assert iron(path) == [9.6]
    # the evidence stays, whatever it is
    assert kept.read_bytes() == (backup.path.read_bytes() if left is None else left)
    with Study.open(path) as study:
        record = next(r for r in study.audit_records() if r.values["action"] == "restore")
        assert record.values["backup"] == backup.path.name
    assert [each.name for each in path.glob("*.restored*")] == []


def test_a_key_that_was_shown_stays_shown_when_a_study_is_restored(path: Path) -> None:
    """Otherwise a backup made before would take the unblinding off the record."""
    with Study.open(path) as study:
        set_password(study, "coordinator's")
        show_key(study, "to see what happens", "coordinator's")
        with study.database.transaction() as connection:
            assert key_was_shown(connection)
    for _ in range(2):
        # once more, from a backup of a study that was restored itself
        restore(path, backups(path)[0].path)
        with Study.open(path) as study, study.database.transaction() as connection:
            assert key_was_shown(connection)
        with Study.open(path) as study:
            study.verify()


def test_a_key_that_was_never_shown_is_not_shown_by_restoring(path: Path) -> None:
    restore(path, backups(path)[0].path)
    with Study.open(path) as study, study.database.transaction() as connection:
        assert not key_was_shown(connection)


def test_a_backup_that_is_damaged_is_refused_and_nothing_changes(path: Path) -> None:
    (backup,) = backups(path)
    before = (path / "study.sqlite").read_bytes()
    cut(backup.path)
    with pytest.raises(StoreError, match="damaged"):
        restore(path, backup.path)
    altered(path / "study.sqlite")
    with pytest.raises(InputError, match="is not there"):
        restore(path, path / FOLDER / "none.sqlite")
    assert len(before) == len((path / "study.sqlite").read_bytes()) and iron_raw(path) == [1.0]
    assert [each.name for each in path.glob("study.sqlite.*")] == []


def iron_raw(path: Path) -> list[float]:
    connection = sqlite3.connect(path / "study.sqlite")
    found = [row[0] for row in connection.execute("SELECT iron_ug_per_g FROM icpms")]
    connection.close()
    return found


def test_a_study_that_is_open_is_not_replaced(path: Path) -> None:
    (backup,) = backups(path)
    with Study.open(path), pytest.raises(StoreError, match="open in another program"):
        restore(path, backup.path)
    assert iron(path) == [5.0]


def test_a_study_that_cannot_be_read_says_that_it_is_damaged_as_often_as_it_is_opened(path: Path) -> None:
    unreadable(path / "study.sqlite")
    refused = []
    for _ in range(2):
        with pytest.raises(DamagedError, match="restore it from a backup") as told:
            Study.open(path)
        # kept as a window keeps it: what the error holds must not keep the file
        refused.append(told.value)
    restore(path, backups(path)[0].path)
    assert len(refused) == 2 and iron(path) == [9.6]


def test_the_oldest_go_and_the_first_of_all_stays(study: Study) -> None:
    made = []
    for number in range(5):
        study.set_icpms([IcpMs("mouse-2", "24 h", float(number))])
        made.append(back_up(study, "collect", kept=3).sequence)
    assert [each.sequence for each in backups(study.path)] == [made[0], *made[-3:]]
    (study.path / FOLDER / "notes.txt").write_text("mine")
    (study.path / FOLDER / "study-x-y.sqlite").write_text("mine")
    assert len(backups(study.path)) == 4


def test_a_backup_that_is_made_after_restoring_stays(study: Study) -> None:
    """The study counts its records from the backup's on again, and reaches the numbers of later ones."""
    first = back_up(study, "demand", kept=2)
    for number in range(4):
        study.set_icpms([IcpMs("mouse-2", "24 h", float(number))])
        back_up(study, "demand", kept=2)
    study.close()
    restore(study.path, first.path)
    made = []
    with Study.open(study.path) as opened:
        for number in range(3):
            opened.set_icpms([IcpMs("mouse-2", "24 h", 50.0 + number)])
            # the second time nothing has changed since: it takes the place of the first
            made = [back_up(opened, "demand", kept=2), back_up(opened, "demand", kept=2)]
            assert made[1].path.is_file() and not made[0].path.exists()
            assert backups(study.path)[-1] == made[-1]
    assert len(backups(study.path)) == 3 and backups(study.path)[0] == first
    restore(study.path, made[-1].path)
    assert iron(study.path) == [52.0]


def test_backups_of_earlier_versions_are_the_oldest(path: Path) -> None:
    (backup,) = backups(path)
    backup.path.rename(path / FOLDER / "study-000000900-demand.sqlite")
    with Study.open(path) as study:
        newer = back_up(study, "demand")
    assert [each.sequence for each in backups(path)] == [900, newer.sequence]


def test_what_a_killed_program_left_beside_the_file_is_kept_as_evidence(path: Path, tmp_path: Path) -> None:
    with Study.open(path) as study:
        study.set_icpms([IcpMs("mouse-2", "24 h", 7.0)])
        killed = shutil.copytree(path, tmp_path / "killed")
    log = (killed / "study.sqlite-wal").read_bytes()
    altered_beyond_opening = killed / "study.sqlite"
    altered_beyond_opening.write_bytes(b"no database")
    kept = restore(killed, backups(killed)[0].path)
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == log
    assert iron(killed) == [9.6]


def test_a_backup_that_was_not_written_whole_is_none(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_to = Database.copy_to

    def half(database: Database, place: Path) -> None:
        copy_to(database, place)
        whole = bytearray(place.read_bytes())
        whole[-4096:] = b"\x5a" * 4096
        place.write_bytes(whole)

    monkeypatch.setattr(Database, "copy_to", half)
    with pytest.raises(StoreError, match="was not written whole; check the disk"):
        back_up(study, "demand")
    assert backups(study.path) == []


def test_a_backup_that_cannot_be_written_says_so(study: Study) -> None:
    (study.path / FOLDER).write_text("in the way")
    with pytest.raises(InputError, match="cannot be made"):
        back_up(study, "demand")
    study.verify()


def test_before_kits_are_collected_there_is_a_backup(study: Study, kit_path: Path) -> None:
    from app.study.collecting import collect_all
    from core.progress import Silent

    collect_all(study, [kit_path], Silent())
    assert [each.why for each in backups(study.path)] == ["collect"]
