"""The guess is asked once, of every case, when all are signed; and it comes back with the readings."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.errors import InputError, StoreError
from core.reading.protocol import Protocol, parse_protocol
from core.statistics.linking import link
from core.statistics.study_blinding import blinding_table, guesses_table
from core.study.audit import digest
from core.study.backups import back_up, restore
from core.study.collecting import collect
from core.study.coordinators_view import coordinators_rescue, coordinators_trail
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.rescue import remains
from core.study.store import Study
from core.study.unblinding import awaited_guesses, guesses_at_stake, note_looking, unsigned_cases
from tests.core.study.conftest import PASSWORD, read_case
from tests.core.study.test_kit import without_triggers
from tests.signing import CHEAP, RATERS_PASSWORD

Guesses = dict[str, Mapping[str, str | None]]
GUESS = "\nguess:\n  group: [vehicle, MNP with magnet]\n  visit: [baseline, 24 h]\n"


@pytest.fixture(scope="module")
def signed(dealt: Path, protocol: Protocol, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study and Ben's kit, all cases of it signed."""
    folder = tmp_path_factory.mktemp("guess")
    shutil.copytree(dealt / "study", folder / "study")
    asking = parse_protocol(protocol.text + GUESS, "test")
    with Study.open(folder / "study") as study:
        deal_kit(study, "Ben", 1, asking, folder / "ben.kit", repeat_fraction=0.5, seed="5")
    with Kit.open(folder / "ben.kit") as kit:
        for case in kit.cases():
            assert not kit.guesses_due()
            with pytest.raises(InputError, match="asked once, when all cases are signed"):
                kit.guess({})
            read_case(kit, case.alias)
    return folder


@pytest.fixture
def study(signed: Path, tmp_path: Path) -> Iterator[Study]:
    shutil.copytree(signed / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as opened:
        yield opened


@pytest.fixture
def kit_path(signed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(signed / "ben.kit", tmp_path / "ben.kit")


def look(study: Study) -> None:
    """Look at answers, though another rater's are missing."""
    set_password(study, PASSWORD, cost=CHEAP)
    note_looking(study, "results", "interim", PASSWORD)


def guesses(kit: Kit) -> Guesses:
    given: Guesses = {case.alias: {"group": "vehicle", "visit": None} for case in kit.cases()}
    given[kit.cases()[0].alias] = {"group": None, "visit": "24 h"}
    return given


def test_the_guess_comes_back_with_the_readings(study: Study, kit_path: Path) -> None:
    taken = collect(study, kit_path)
    assert taken.taken == 6 and taken.guess_awaited
    assert all(not reading.guesses for reading in study.signed_readings())
    with Kit.open(kit_path) as kit:
        assert kit.guesses_due()
        given = guesses(kit)
        kit.guess(given)
        assert not kit.guesses_due()
        with pytest.raises(InputError, match="asked once"):
            kit.guess(given)
    with Kit.open(kit_path) as kit:
        assert not kit.guesses_due() and len(kit.guesses()) == 12
        kit.verify()
    taken = collect(study, kit_path)
    assert taken.taken == 0 and not taken.guess_awaited
    assert {reading.alias: dict(reading.guesses) for reading in study.signed_readings()} == given
    assert collect(study, kit_path).taken == 0  # and again


def test_a_case_that_is_open_for_correction_hides_no_guess_that_is_missing(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    # without repeats: a signed case may be opened again
    path = tmp_path / "cleo.kit"
    deal_kit(study, "Cleo", 1, parse_protocol(protocol.text + GUESS, "test"), path, seed="5")
    with Kit.open(path) as kit:
        for case in kit.cases():
            read_case(kit, case.alias)
        kit.correct(kit.cases()[0].alias, "a slip", RATERS_PASSWORD)
        assert not kit.guesses_due()
    taken = collect(study, path)
    assert taken.unsigned == 0 and taken.guess_awaited


def test_a_guess_that_is_collected_after_a_look_is_marked_and_its_readings_are_not(
    study: Study, kit_path: Path
) -> None:
    collect(study, kit_path)
    look(study)
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
    collect(study, kit_path)
    collect(study, kit_path)  # what is taken a second time was taken the first time
    readings = study.signed_readings()
    assert {(each.after_key, each.guess_after_key) for each in readings} == {(False, True)}
    table = guesses_table(link(readings, study.targets()))
    assert {row["after_key"] for row in table.rows} == {True}
    rows = blinding_table(link(readings, study.targets())).rows
    # of the four scans; what comes a second time is no guess of its own
    assert [row["guessed_after_key"] for row in rows if row["index"] == "James"] == [4, 4]
    assert [row["guessed_after_key"] for row in rows if row["index"] == "Bang"] == [2, 2, 2, 2]


def test_before_a_look_it_is_told_how_many_kits_have_guesses_to_lose(study: Study, kit_path: Path) -> None:
    # the study's other kit is asked for none
    assert len(study.kits()) == 2 and guesses_at_stake(study) == awaited_guesses(study) == 1
    collect(study, kit_path)
    assert guesses_at_stake(study) == 1
    look(study)
    # nothing more is lost by another look, and the guesses are still to be collected
    assert (guesses_at_stake(study), awaited_guesses(study)) == (0, 1)
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
    assert awaited_guesses(study) == 1
    collect(study, kit_path)
    assert awaited_guesses(study) == 0


@pytest.fixture
def all_but_the_guess(study: Study, kit_path: Path, dealt: Path, tmp_path: Path) -> Path:
    """Ben's kit in a study that has every reading, and not Ben's guesses."""
    other = shutil.copytree(dealt / "A1.kit", tmp_path / "A1.kit")
    with Kit.open(other) as kit:
        for case in kit.cases():
            read_case(kit, case.alias)
    collect(study, other)
    collect(study, kit_path)
    set_password(study, PASSWORD, cost=CHEAP)
    assert unsigned_cases(study) == 0 and guesses_at_stake(study) == 1
    return kit_path


def collected_guesses_are_marked(study: Study, kit_path: Path) -> bool:
    """Give the guesses, collect them, and tell whether they count as given after a look."""
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
    collect(study, kit_path)
    (marked,) = {each.guess_after_key for each in study.signed_readings() if each.guesses}
    return marked


def test_a_wrong_password_shows_nothing_and_so_is_no_look(study: Study, all_but_the_guess: Path) -> None:
    with Kit.open(all_but_the_guess, to_read=False) as kit:
        with pytest.raises(InputError, match="this is not it"):
            coordinators_trail(study, kit, "", "not this one")
        assert guesses_at_stake(study) == 1
    assert not collected_guesses_are_marked(study, all_but_the_guess)
    with Kit.open(all_but_the_guess, to_read=False) as kit:
        assert coordinators_trail(study, kit, "", PASSWORD).records
    assert study.audit_records()[-1].values["shown"] == "trail"


def test_what_is_rescued_is_looked_at_when_all_readings_are_in_too(
    study: Study, all_but_the_guess: Path
) -> None:
    found = remains(all_but_the_guess)
    with pytest.raises(InputError, match="this is not it"):
        coordinators_rescue(study, all_but_the_guess, found, "the disk failed", "not this one")
    assert guesses_at_stake(study) == 1
    assert coordinators_rescue(study, all_but_the_guess, found, "the disk failed", PASSWORD).signed
    assert guesses_at_stake(study) == 0
    assert collected_guesses_are_marked(study, all_but_the_guess)


def test_a_guess_that_is_in_before_a_look_is_not_marked(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
    collect(study, kit_path)
    assert guesses_at_stake(study) == 0
    look(study)
    collect(study, kit_path)
    assert not any(each.guess_after_key for each in study.signed_readings())


def test_a_guess_that_was_in_before_a_look_is_not_marked_after_a_backup(study: Study, kit_path: Path) -> None:
    backup = back_up(study, "demand").path
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
    collect(study, kit_path)
    look(study)
    study.close()
    restore(study.path, backup)
    with Study.open(study.path) as opened:
        collect(opened, kit_path)
        told = {(each.after_key, each.guess_after_key) for each in opened.signed_readings()}
    assert told == {(False, False)}


def test_a_guess_that_is_none_is_refused_and_nothing_is_kept(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        attempts: list[tuple[Guesses, str]] = [
            ({}, "of every case"),
            ({a: g for a, g in guesses(kit).items() if a != alias}, "of every case"),
            ({**guesses(kit), "GHOST": {}}, "of every case"),
            ({**guesses(kit), alias: {"group": "vehicle"}}, "the guess is of group and visit"),
            ({**guesses(kit), alias: {"group": "placebo", "visit": None}}, "“placebo” is not among"),
        ]
        for given, fault in attempts:
            with pytest.raises(InputError, match=fault):
                kit.guess(given)
        assert kit.guesses_due() and kit.guesses() == ()
        kit.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guesses SET choice = 'vehicle'",
        "DELETE FROM guesses",
        "INSERT INTO guesses SELECT alias, 'colour', 'red' FROM cases",
    ],
)
def test_guesses_that_were_changed_by_hand_are_found(study: Study, kit_path: Path, statement: str) -> None:
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
    if not statement.startswith("INSERT"):
        connection = sqlite3.connect(kit_path / "kit.sqlite")
        with pytest.raises(sqlite3.IntegrityError, match="guesses cannot be changed"):
            connection.execute(statement)
        connection.close()
    without_triggers(kit_path, statement)
    with pytest.raises(StoreError, match=r"the guesses of case \w+ were altered"):
        collect(study, kit_path)


def test_guesses_that_were_given_twice_are_found(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
        newest = kit.audit_records()[-1]
    told = (newest.sequence + 1, newest.content, newest.sha256)
    sha256 = digest(f"{told[0]}\n{newest.sha256}\n{newest.content}")
    without_triggers(kit_path, f"INSERT INTO audit VALUES {(*told, sha256)}")
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="the guesses were given twice"):
        kit.verify()


def test_a_protocol_that_does_not_ask_gets_no_guess(dealt: Path, tmp_path: Path) -> None:
    path = shutil.copytree(dealt / "A1.kit", tmp_path / "A1.kit")
    with Kit.open(path) as kit:
        for case in kit.cases():
            read_case(kit, case.alias)
        assert not kit.guesses_due()


def test_choices_that_leave_out_what_the_study_has_are_refused(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    asking = parse_protocol(protocol.text + "\nguess: {group: [vehicle, MNP]}\n", "test")
    with pytest.raises(InputError, match="the study has MNP with magnet too; name the same in both"):
        deal_kit(study, "Cleo", 1, asking, tmp_path / "c.kit")


def test_guesses_are_kept_one_by_one_until_they_are_given(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        one, other = (case.alias for case in kit.cases()[:2])
        kit.draft_guess(one, "group", "vehicle")
        kit.draft_guess(other, "visit", "24 h")
        kit.draft_guess(one, "group", None)
    with Kit.open(kit_path) as kit:
        assert kit.guess_drafts() == {(one, "group"): None, (other, "visit"): "24 h"}
        assert kit.guesses_due() and kit.guesses() == ()
        kit.verify()
        for alias, of, choice, fault in (
            (one, "group", "placebo", "“placebo” is not among"),
            (one, "colour", "red", "the guess is of group and visit"),
            ("GHOST", "group", None, "the kit has no case GHOST"),
        ):
            with pytest.raises(InputError, match=fault):
                kit.draft_guess(alias, of, choice)
    assert collect(study, kit_path).taken == 6
    assert all(not reading.guesses for reading in study.signed_readings())
    with Kit.open(kit_path) as kit:
        kit.guess(guesses(kit))
        with pytest.raises(InputError, match="asked once"):
            kit.draft_guess(one, "group", None)
        kit.verify()
    assert collect(study, kit_path).taken == 0


def test_a_draft_before_all_is_signed_does_not_hold(
    dealt: Path, protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(dealt / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as study:
        asking = parse_protocol(protocol.text + GUESS, "test")
        path = deal_kit(study, "Cleo", 1, asking, tmp_path / "cleo.kit").path
    with Kit.open(path) as kit:
        with pytest.raises(InputError, match="when all cases are signed"):
            kit.draft_guess(kit.cases()[0].alias, "group", None)
        with monkeypatch.context() as patched:
            patched.setattr(Kit, "guesses_due", lambda _: True)
            kit.draft_guess(kit.cases()[0].alias, "group", None)
        with pytest.raises(StoreError, match="before all cases were signed"):
            kit.verify()


def test_nothing_is_corrected_when_the_guess_was_given(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    # without repeats: a kit that has some opens no signed case at all
    deal_kit(study, "Cleo", 1, parse_protocol(protocol.text + GUESS, "test"), tmp_path / "cleo.kit", seed="5")
    with Kit.open(tmp_path / "cleo.kit") as kit:
        for case in kit.cases():
            read_case(kit, case.alias)
        kit.guess(guesses(kit))
        with pytest.raises(InputError, match="the kit is complete and its last page was given"):
            kit.correct(kit.cases()[0].alias, "a slip", RATERS_PASSWORD)
