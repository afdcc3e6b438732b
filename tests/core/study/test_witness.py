"""A study that is put back from a backup, however, learns what came after it, or says that it cannot."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from core.errors import InputError, StoreError
from core.reading.protocol import Protocol
from core.study.backups import back_up, backups, restore
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.store import Study
from core.study.unblinding import collected_blind, key_was_shown, show_key
from core.study.washout import judged_now
from core.study.witness import FILE_NAME, line_of
from tests.core.study.conftest import PASSWORD, Computers, read_case
from tests.signing import CHEAP


@pytest.fixture(scope="module")
def made(dealt: Path, protocol: Protocol, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a backup, after which a kit was dealt and the key shown; tests work on copies."""
    folder = tmp_path_factory.mktemp("witnessed")
    shutil.copytree(dealt / "study", folder / "study")
    with Study.open(folder / "study") as study:
        set_password(study, PASSWORD, cost=CHEAP)
        back_up(study, "demand")
        deal_kit(study, "Rater B", 1, protocol, folder / "B1.kit")
        show_key(study, "interim", PASSWORD)
    return folder / "study"


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "study")


def put_back(path: Path, how: str) -> None:
    """Put the only backup back, after its file was damaged or by hand."""
    (backup,) = backups(path)
    if how == "by hand":
        shutil.copyfile(backup.path, path / "study.sqlite")
        return
    if how == "damaged":
        (path / "study.sqlite").write_bytes(b"no study any more")
    if how == "without a witness":
        (path / FILE_NAME).unlink()
    if how == "with nothing left":
        (path / "study.sqlite").unlink()
        (path / FILE_NAME).unlink()
    restore(path, backup.path)


def shown(study: Study) -> bool:
    with study.database.transaction() as connection:
        return key_was_shown(connection)


@pytest.mark.parametrize("how", ["sound", "damaged", "by hand", "without a witness"])
def test_kits_and_a_look_after_the_backup_are_not_forgotten(
    path: Path, protocol: Protocol, tmp_path: Path, how: str
) -> None:
    put_back(path, how)
    for _ in range(2):  # and what was learnt stays
        with Study.open(path) as study:
            study.verify()
            ((kit_id, rater, session),) = [vars(kit).values() for kit in study.lost_kits()]
            assert (rater, session) == ("Rater B", 1) and kit_id not in {kit.kit_id for kit in study.kits()}
            assert shown(study) and not study.may_have_forgotten()
            told = [r.values for r in study.audit_records() if r.values["action"] == "older_copy"]
            assert [[line["action"] for line in each["lost"]] for each in told] == [["deal", "key"]]
    with Study.open(path) as study:
        # neither the same session nor another one without a word
        for number in (1, 2):
            with pytest.raises(InputError, match="session 1 of Rater B was dealt after the backup was made"):
                deal_kit(study, "rater b", number, protocol, tmp_path / "again.kit")
        terms = {"washout_days": 0, "reason": "the disk broke", "password": PASSWORD}
        again = deal_kit(study, "Rater B", 1, protocol, tmp_path / "again.kit", **terms)
        assert again.session == 1


def read_some(kit_path: Path, count: int) -> None:
    """Read and sign the next cases of a kit."""
    with Kit.open(kit_path) as kit:
        for case in [case for case in kit.cases() if case.status == "open"][:count]:
            read_case(kit, case.alias)


@pytest.mark.parametrize("how", ["sound", "damaged", "by hand"])
def test_what_was_collected_before_the_look_is_told_apart_after_a_backup(
    study: Study, kit_path: Path, tmp_path: Path, how: str
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    back_up(study, "demand")
    another = shutil.copytree(kit_path, tmp_path / "copy.kit")
    read_some(kit_path, 1)
    collect(study, kit_path)
    show_key(study, "interim", PASSWORD)
    read_some(kit_path, 1)
    collect(study, kit_path)
    read_some(kit_path, 1)
    study.close()
    put_back(study.path, how)
    backup = (study.path / "study.sqlite").read_bytes()
    with Study.open(study.path) as opened:
        assert collect(opened, kit_path).taken == 3
        assert [reading.after_key for reading in opened.signed_readings()] == [False, True, True]
        opened.verify()
    # what goes on from the kit as it was dealt is not what had been collected
    (study.path / "study.sqlite").write_bytes(backup)
    read_some(another, 1)
    with Study.open(study.path) as opened:
        collect(opened, another)
        assert [reading.after_key for reading in opened.signed_readings()] == [True]


def test_where_the_key_was_never_shown_all_that_was_collected_is_blind(study: Study, kit_path: Path) -> None:
    read_some(kit_path, 1)
    kit_id = collect(study, kit_path).kit_id
    with Kit.open(kit_path) as kit, study.database.transaction() as connection:
        assert collected_blind(connection) == {kit_id: kit.audit_records()[-1].sequence}


def test_where_nothing_tells_what_came_after_the_study_says_so(path: Path) -> None:
    put_back(path, "with nothing left")
    for _ in range(2):
        with Study.open(path) as study:
            assert study.may_have_forgotten() and not study.lost_kits() and not shown(study)
            study.verify()


def test_a_witness_that_is_taken_away_is_missed_and_made_anew(path: Path) -> None:
    before = (path / FILE_NAME).read_text()
    (path / FILE_NAME).unlink()
    with Study.open(path) as study:
        assert study.may_have_forgotten()
    assert (path / FILE_NAME).read_text() == before


def test_what_a_power_cut_left_of_a_line_is_no_damage(path: Path) -> None:
    last = (path / FILE_NAME).read_text().splitlines()[-1]
    with (path / FILE_NAME).open("a") as stream:
        stream.write(last[:-9])
    with Study.open(path) as study:
        assert not study.may_have_forgotten()


def test_an_emptied_witness_is_missed(path: Path) -> None:
    (path / FILE_NAME).write_text("")
    put_back(path, "damaged")
    with Study.open(path) as study:
        assert study.may_have_forgotten()


def test_it_names_no_subject_and_no_seed(path: Path, dealt: Path) -> None:
    held = (path / FILE_NAME).read_text()
    with Study.open(path) as study:
        seeds = [r.values["seed"] for r in study.audit_records() if r.values["action"] == "deal"]
        names = [name for scan in study.scans() for name in (scan.subject, scan.group, scan.visit)]
    assert seeds and not [word for word in (*seeds, *names) if f'"{word}"' in held]
    lines = [json.loads(line) for line in held.splitlines() if line]
    assert [line["action"] for line in lines] == ["create", "deal", "deal", "key"]


@pytest.mark.parametrize(
    "line",
    ["{]", "[1]", "null", '{"action": "deal"}', '{"action": "deal", "at": "2026-01-01T00:00:00Z"}',
     '{"action": "deal", "at": "never", "kit_id": "1", "rater": "x", "session": 1, "sha256": "0"}',
     '{"action": "tables", "at": "2026-01-01T00:00:00Z", "sha256": "0"}', "\0\xff", "[" * 100_000,
     '{"action": ["deal"], "at": "2026-01-01T00:00:00Z", "sha256": "0"}',
     '{"action": "opened", "at": "2026-01-01T00:00:00Z", "clock": ["a", NaN], "sha256": "0"}',
     *('{"action": "deal", "at": "2026-01-01T00:00:00Z", "sha256": "0", ' + rest for rest in (
         '"kit_id": "1", "rater": "x", "session": Infinity}', '"kit_id": ["1"], "rater": "x", "session": 1}',
         '"kit_id": "1", "rater": "\\ud800", "session": 1}', '"kit_id": "1", "rater": "x", "session": "1"}',
     )),
     *('{"action": "collect", "at": "2026-01-01T00:00:00Z", "sha256": "0", "kit": "1", "kit_head": ' + head
       for head in ("[1]}", '["1", "0"]}', '[4294967296, "0"]}', "[1, 0]}", "null}"))],
)  # fmt: skip
def test_a_line_that_is_none_is_told_as_damage_once(path: Path, line: str) -> None:
    with (path / FILE_NAME).open("a", encoding="utf-8") as stream:
        stream.write(line)  # without an end, as a power cut leaves it
    with Study.open(path) as study:
        assert not study.lost_kits() and study.may_have_forgotten()
        show_key(study, "once more", PASSWORD)
    with Study.open(path) as study:
        actions = [record.values["action"] for record in study.audit_records()]
        assert "older_copy" not in actions and actions.count("witness") == 1
    assert '"key"' in (path / FILE_NAME).read_text(encoding="utf-8").splitlines()[-1]


@pytest.mark.parametrize("content", ["{", '{"action":', '{"action":"reset_kit","at":"2026-01-01T00:00:00Z"}'])
def test_a_record_that_is_damaged_is_told_to_no_witness(content: str) -> None:
    assert line_of("0", content) is None


def test_a_witness_that_cannot_be_written_is_told_and_takes_nothing_back(
    path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    file = path / FILE_NAME
    with Study.open(path) as study:
        file.unlink()
        file.mkdir()
        kit = deal_kit(study, "Rater C", 1, protocol, tmp_path / "C1.kit")
        assert kit.path.is_dir() and "Rater C" in {each.rater for each in study.kits()}
    with pytest.raises(StoreError, match=r"witness\.jsonl cannot be written"):
        Study.open(path)
    file.rmdir()
    with Study.open(path):
        assert "Rater C" in file.read_text()


def test_a_clock_that_was_set_forward_is_still_known_after_a_backup(
    study: Study, protocol: Protocol, tmp_path: Path, computers: Computers
) -> None:
    """The run of the computer in which it was set is one that the backup knows nothing of."""
    back_up(study, "demand")
    computers.coordinators.restart()
    study.close()
    with Study.open(study.path):
        pass  # leaves the run of the computer on record
    computers.coordinators.set_by_days = 40
    restore(study.path, backups(study.path)[0].path)
    with Study.open(study.path) as opened:
        assert judged_now(opened).forward_days == pytest.approx(40)
