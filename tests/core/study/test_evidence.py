"""A file that is damaged stays as it was found, with the log of saved changes beside it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import DamagedError, StoreError
from core.study.backups import back_up, restore
from core.study.evidence import as_it_lies, evidence_of, open_elsewhere
from core.study.kit import Kit
from core.study.records import IcpMs
from core.study.rescue import remains
from core.study.store import Study
from core.study.study_place import is_study
from tests.core.study.conftest import read_case
from tests.core.study.test_kit import without_triggers

PAGE = 4096


@pytest.fixture(scope="module")
def killed(dealt: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a backup, and a kit, as a kill leaves them: what was done last is in their logs."""
    alive, folder = tmp_path_factory.mktemp("alive"), tmp_path_factory.mktemp("killed")
    for name in ("study", "A1.kit"):
        shutil.copytree(dealt / name, alive / name)
    with Study.open(alive / "study") as study, Kit.open(alive / "A1.kit") as kit:
        back_up(study, "demand")
        study.set_icpms([IcpMs("mouse-2", "24 h", 7.0)])
        read_case(kit, kit.cases()[0].alias)
        return shutil.copytree(alive, folder, dirs_exist_ok=True)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.sqlite*")}


def lose_a_page(file: Path) -> None:
    """Lose one that no later change has written anew: what its log holds does not bring it back."""
    whole = file.read_bytes()
    for page in range(PAGE, len(whole), PAGE):
        file.write_bytes(whole[:page] + b"\xa5" * PAGE + whole[page + PAGE :])
        with as_it_lies(file) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return
    raise AssertionError("every page was written anew")


def lose_the_protocol(file: Path) -> None:
    """The database is whole, and so is the log of a change to it."""
    without_triggers(file.parent, "UPDATE kit SET protocol = substr(protocol, 1, 300) || '\"'")


def with_an_index(file: Path) -> None:
    lose_a_page(file)
    file.with_name(f"{file.name}-shm").write_bytes(bytes(range(256)) * 128)


OPENED: dict[str, Callable[[Path], object]] = {"study": Study.open, "A1.kit": Kit.open}


@pytest.mark.parametrize("damage", [lose_a_page, with_an_index])
@pytest.mark.parametrize("name", list(OPENED))
def test_what_is_damaged_is_left_byte_for_byte(
    killed: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    path = shutil.copytree(killed / name, tmp_path / name)
    (file,) = path.glob("*.sqlite")
    assert [part.name for part in evidence_of(file)] == [file.name, f"{file.name}-wal"]
    damage(file)
    before = bytes_of(path)
    for _ in range(2):
        with pytest.raises(DamagedError, match="is damaged"):
            OPENED[name](path)
        assert bytes_of(path) == before


def test_a_study_that_is_restored_keeps_what_was_found(killed: Path, tmp_path: Path) -> None:
    path = shutil.copytree(killed / "study", tmp_path / "study")
    with_an_index(path / "study.sqlite")
    before = [part.read_bytes() for part in evidence_of(path / "study.sqlite")]
    (backup,) = (path / "backups").iterdir()
    kept = restore(path, backup)
    assert len(before) == 3 and [part.read_bytes() for part in evidence_of(kept)] == before


def test_a_kit_whose_protocol_is_damaged_is_left_as_it_is(kit_path: Path) -> None:
    lose_the_protocol(kit_path / "kit.sqlite")
    before = bytes_of(kit_path)
    with pytest.raises(DamagedError, match="give it to the coordinator"):
        Kit.open(kit_path)
    assert bytes_of(kit_path) == before
    without_triggers(kit_path, "DELETE FROM kit")
    with pytest.raises(DamagedError, match="leave it as it is"):
        Kit.open(kit_path)


def test_a_file_that_has_no_log_is_not_given_one_before_it_is_known_to_be_whole(
    study: Study, tmp_path: Path
) -> None:
    """A backup is such a file; opened for writing, its header would change."""
    folder = tmp_path / "alone"
    folder.mkdir()
    file = folder / "study.sqlite"
    study.database.copy_to(file)
    lose_a_page(file)
    before = bytes_of(folder)
    with pytest.raises(DamagedError):
        Study.open(folder)
    assert bytes_of(folder) == before


def test_a_look_sees_what_is_saved_and_changes_nothing(killed: Path, tmp_path: Path) -> None:
    path = shutil.copytree(killed / "study", tmp_path / "50 % of #3")
    before, file = bytes_of(path), path / "study.sqlite"
    with as_it_lies(file) as connection:
        assert connection.execute("SELECT iron_ug_per_g FROM icpms").fetchall() == [(7.0,)]
    assert not open_elsewhere(file) and bytes_of(path) == before
    # without its log it is what it was before
    file.with_name("study.sqlite-wal").unlink()
    with as_it_lies(file) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM icpms")
    assert not open_elsewhere(file)


def test_what_is_open_elsewhere_is_told_apart_from_what_is_damaged(kit_path: Path) -> None:
    with Kit.open(kit_path):
        assert open_elsewhere(kit_path / "kit.sqlite")
        with pytest.raises(StoreError, match="open in another program") as told:
            Kit.open(kit_path)
        assert not isinstance(told.value, DamagedError)
    assert not open_elsewhere(kit_path / "kit.sqlite")


def test_what_another_program_took_after_the_look_is_not_opened(kit_path: Path) -> None:
    """As a database browser does, in whose journal mode nothing lies beside the file."""
    with closing(sqlite3.connect(kit_path / "kit.sqlite", isolation_level=None)) as browser:
        browser.execute("PRAGMA journal_mode = DELETE")
        browser.execute("BEGIN EXCLUSIVE")
        assert not open_elsewhere(kit_path / "kit.sqlite")
        with pytest.raises(StoreError, match="open in another program"):
            Kit.open(kit_path)


def test_a_file_that_the_disk_does_not_give_is_told_in_one_line(
    killed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shutil.copytree(killed / "A1.kit", tmp_path / "A1.kit")

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(shutil, "copyfile", broken)
    with pytest.raises(StoreError, match=r"cannot be read \(Input/output error\); check the disk"):
        Kit.open(path)
    with pytest.raises(StoreError, match="nothing of this kit can be read"):
        remains(path)


def test_a_study_that_has_lost_its_file_is_known_by_its_backups(killed: Path, tmp_path: Path) -> None:
    path = shutil.copytree(killed / "study", tmp_path / "study")
    (path / "study.sqlite").unlink()
    assert is_study(path)
    with pytest.raises(DamagedError, match=r"study\.sqlite is missing; restore it from a backup"):
        Study.open(path)
    shutil.rmtree(path / "backups")
    assert not is_study(path)
    with pytest.raises(StoreError, match="is not a study"):
        Study.open(path)
