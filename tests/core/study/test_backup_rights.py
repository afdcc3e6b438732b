"""Who may put a backup in place of a damaged study, be it from before people; of another study nobody may."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, StoreError
from core.study.backups import back_up, backups, newest_restoring, restore
from core.study.forgotten import forgotten_now
from core.study.log_in import add_person, log_in, retire_person
from core.study.password import require_password, set_password
from core.study.people import LogInNeededError, OwnerNeededError, people_of
from core.study.store import Study
from tests.core.study.conftest import PASSWORD, Computers
from tests.signing import CHEAP

ANNA, BERT, OWN = "Anna Berg", "Bert Dahl", "blue old lantern"


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a backup from before it had people, and one from after."""
    path = tmp_path_factory.mktemp("rights") / "study"
    with Study.create(path, "Iron in mice") as study:
        set_password(study, PASSWORD, cost=CHEAP)
        back_up(study, "demand")
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
        log_in(study, ANNA, OWN)
        back_up(study, "demand")
    return path


@pytest.fixture
def path(peopled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(peopled, tmp_path / "study")


def damaged(path: Path) -> Path:
    """Leave nothing of a study's file; return the backup from before people."""
    (path / "study.sqlite").write_bytes(b"nothing of it is left")
    return backups(path)[0].path


def as_anna(password: str = OWN) -> Callable[[Study], Any]:
    return lambda study: log_in(study, ANNA, password)


def as_owner(password: str = PASSWORD) -> Callable[[Study], Any]:
    return lambda study: require_password(study, password, "to put a backup in place")


def tries(path: Path) -> list[tuple[str, str]]:
    lines = map(json.loads, (path / "rescue.jsonl").read_text().splitlines())
    return [(line["action"], line.get("person", "")) for line in lines]


def test_people_whom_a_newer_backup_knows_are_asked_for_one_from_before_them(path: Path) -> None:
    before = damaged(path)
    with pytest.raises(LogInNeededError):
        restore(path, before)
    with pytest.raises(InputError, match="not the password"):
        restore(path, before, as_anna("somebody else's"))
    restore(path, before, as_anna())
    assert tries(path) == [("wrong_password", ANNA), ("rescue", ANNA)]
    with Study.open(path) as study:
        told = newest_restoring(study)
        assert (told["asked"], told["actor"], told["recognised"]) == ("people", ANNA, True)
        # who was named is gone from it, and that is told until the name is there again
        assert not people_of(study) and study.lost_people() == ([ANNA], [])
        study.verify()
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
        assert study.lost_people() == ([], [])


@pytest.mark.parametrize("loss", ["damaged", "missing"])
def test_where_no_backup_knows_the_people_the_owners_password_is_asked_for(path: Path, loss: str) -> None:
    before = damaged(path)
    if loss == "missing":
        (path / "study.sqlite").unlink()
    backups(path)[1].path.unlink()
    with pytest.raises(OwnerNeededError, match="no backup knows the people"):
        restore(path, before)
    with pytest.raises(InputError, match="this is not it"):
        restore(path, before, as_owner("somebody else's"))
    assert not (path / "study.sqlite").is_file() or (path / "study.sqlite").read_bytes().startswith(
        b"nothing"
    )
    restore(path, before, as_owner())
    with Study.open(path) as study:
        assert newest_restoring(study)["asked"] == "owner" and study.lost_people() == ([ANNA], [])


def spoil_scans(file: Path) -> None:
    """Lose the page where the scans begin; people can still be read."""
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'scans'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    file.write_bytes(content)


@pytest.mark.parametrize("how", ["cut", "page"])
def test_a_backup_that_is_damaged_itself_is_passed_over(path: Path, how: str) -> None:
    before = damaged(path)
    newer = backups(path)[1].path
    if how == "cut":
        newer.write_bytes(newer.read_bytes()[:-4096])
    else:
        spoil_scans(newer)
    with pytest.raises(OwnerNeededError):
        restore(path, before)


def test_where_the_study_tells_of_people_and_cannot_be_opened_its_backups_ask(path: Path) -> None:
    spoil_scans(path / "study.sqlite")
    with pytest.raises(LogInNeededError):
        restore(path, backups(path)[0].path)
    restore(path, backups(path)[0].path, as_anna())
    assert tries(path) == [("rescue", ANNA)]


def test_what_is_forgotten_is_told_by_name(path: Path) -> None:
    with Study.open(path) as study:
        log_in(study, ANNA, OWN)
        add_person(study, BERT, "physicist", OWN, OWN, cost=CHEAP)
        made = back_up(study, "demand")
        retire_person(study, BERT, OWN)
    damaged(path)
    restore(path, made.path, as_anna())
    with Study.open(path) as study:
        assert study.lost_people() == ([], [BERT])
        told = forgotten_now(study)
    assert told[0].startswith(f"{BERT}: retired after the backup was made")
    assert told[-1].startswith("people are as they were when the backup was made")
    assert len(told) == 2
    restore(path, backups(path)[0].path, as_anna())
    (path / "witness.jsonl").unlink()
    with Study.open(path) as study:
        told = forgotten_now(study)
    assert told[0].startswith(f"{ANNA}, {BERT}: named after the backup was made")
    assert any(line.startswith("witness.jsonl was missing") for line in told)


def test_wrong_passwords_make_the_next_try_wait_at_a_damaged_study_too(
    path: Path, computers: Computers
) -> None:
    before = damaged(path)
    for _ in range(3):
        with pytest.raises(InputError, match="not the password"):
            restore(path, before, as_anna("somebody else's"))
    for backup in backups(path):
        with pytest.raises(InputError, match="wait 5 seconds"):
            restore(path, backup.path, as_anna())
    computers.wait(1 / 1440)
    restore(path, before, as_anna())
    assert tries(path) == [("wrong_password", ANNA)] * 3 + [("rescue", ANNA)]


def test_a_try_that_cannot_be_recorded_is_none(path: Path) -> None:
    before = damaged(path)
    (path / "rescue.jsonl").mkdir()
    with pytest.raises(StoreError, match="cannot be recorded"):
        restore(path, before, as_anna())
    assert (path / "study.sqlite").read_bytes() == b"nothing of it is left"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """The file of another study."""
    Study.create(tmp_path / "another", "Another").close()
    return tmp_path / "another" / "study.sqlite"


@pytest.mark.parametrize("left", ["all", "witness", "other backups", "file"])
def test_a_backup_of_another_study_is_refused(path: Path, foreign: Path, left: str) -> None:
    if left != "all":
        if left != "file":
            damaged(path)
        if left != "witness":
            (path / "witness.jsonl").unlink()
        if left != "other backups":
            shutil.rmtree(path / "backups")
    before = (path / "study.sqlite").read_bytes()
    with pytest.raises(InputError, match="of another study"):
        restore(path, foreign, as_anna())
    assert (path / "study.sqlite").read_bytes() == before


def test_where_nothing_tells_whose_a_backup_is_it_is_put_in_place_and_that_is_told(
    path: Path, foreign: Path
) -> None:
    damaged(path)
    (path / "witness.jsonl").unlink()
    shutil.rmtree(path / "backups")
    restore(path, foreign)
    with Study.open(path) as study:
        told = newest_restoring(study)
        assert study.name == "Another" and (told["recognised"], told["asked"]) == (False, "nobody")
        assert "nothing in the folder tells whether the backup is of this study" in forgotten_now(study)[-1]


def test_where_no_backup_knows_a_password_nobody_is_asked_and_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "study"
    with Study.create(path, "Iron in mice") as study:
        before = back_up(study, "demand").path
        set_password(study, PASSWORD, cost=CHEAP)
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
    damaged(path)
    restore(path, before)
    with Study.open(path) as study:
        assert newest_restoring(study)["asked"] == "nobody"
        assert "nobody was asked for a password: no backup knows the people" in forgotten_now(study)[-1]


def test_a_log_in_makes_no_damaged_backup_pass(path: Path) -> None:
    before = (path / "study.sqlite").read_bytes()
    newest = backups(path)[-1].path
    whole = newest.read_bytes()
    for content in (b"garbage" * 1000, whole.replace(b'"action":"add_person"', b'"action":"add_persom"')):
        newest.write_bytes(content)
        with pytest.raises(StoreError):
            restore(path, newest, as_anna())
        assert [each.name for each in path.glob("study.sqlite.*")] == []
    assert len((path / "study.sqlite").read_bytes()) == len(before)
    newest.write_bytes(whole)
    restore(path, newest, as_anna())
