"""A rater's password, the key behind it, and what becomes of a signed case that was wrong."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, StoreError
from core.reading.edits import SetAnswer
from core.reading.protocol import Protocol
from core.statistics.analysis import analyse
from core.study import collecting, dealt_kit
from core.study.audit import Record, append
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.rater_key import (
    Cost,
    cost_from_text,
    cost_text,
    new_key,
    opened_key,
    signed_by,
    stretched,
)
from core.study.store import Study
from tests.core.study.conftest import Computers, read_case
from tests.core.study.test_kit import raw, reforge, without_triggers
from tests.signing import CHEAP, RATERS_PASSWORD, enrol


def test_a_password_is_stretched_as_rfc_9106_says() -> None:
    """The tag of its test vector needs secret and data, so the argon2 command's own example is taken."""
    found = stretched("password", b"somesalt", Cost(iterations=2, lanes=1, memory_kib=65_536))
    assert found.hex() == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"


def test_the_same_letters_are_the_same_password_however_a_system_writes_them() -> None:
    one, other = "pa\u0308sswort", "p\u00e4sswort"
    assert one != other and stretched(one, bytes(16), CHEAP) == stretched(other, bytes(16), CHEAP)


def test_a_key_opens_with_its_password_alone_and_signs() -> None:
    kept = new_key("long enough", CHEAP)
    assert opened_key(kept, "long enougH") is None
    key = opened_key(kept, "long enough")
    assert key is not None
    signature = key.sign(b"text")
    assert signed_by(kept.public_key, signature, "text")
    assert not signed_by(kept.public_key, signature, "another text")
    assert not signed_by("no key", signature, "text")
    with pytest.raises(InputError, match="8 characters or more"):
        new_key("short", CHEAP)
    other = dataclasses.replace(kept, public_key=new_key("long enough", CHEAP).public_key)
    with pytest.raises(StoreError, match="the key that signs was altered"):
        opened_key(other, "long enough")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"iterations":1}', cost_text(Cost(1, 1, 2**30)),
                                  cost_text(Cost(0, 1, 8)), cost_text(Cost(1, 4, 8))])  # fmt: skip
def test_a_cost_that_would_keep_the_computer_busy_for_hours_is_damage(text: str) -> None:
    assert cost_from_text(cost_text(Cost())) == Cost()
    with pytest.raises(StoreError, match="how a password was stored is damaged"):
        cost_from_text(text)


def test_nothing_is_signed_without_a_password(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias, sign=False)
        with pytest.raises(InputError, match="no password was chosen"):
            kit.sign(alias, RATERS_PASSWORD)
        assert kit.key_fingerprint == ""
        enrol(kit)
        assert len(kit.key_fingerprint) == 19
        with pytest.raises(InputError, match="chosen for this kit already"):
            kit.enrol("another one")
        with pytest.raises(InputError, match="not the password"):
            kit.sign(alias, "not the password")
        assert not kit.reading(alias).signed
        assert kit.audit_records()[-1].values["action"] == "wrong_password"
        kit.sign(alias, RATERS_PASSWORD)
        kit.verify()


def test_repeated_failures_wait_longer_and_longer_and_are_told(kit_path: Path, computers: Computers) -> None:
    computers.use(computers.raters)
    with Kit.open(kit_path) as kit:
        enrol(kit)
        assert kit.log_in(RATERS_PASSWORD).failures == 0
        for _ in range(3):
            with pytest.raises(InputError, match="not the password"):
                kit.log_in("guessed again")
        for seconds in (5, 10, 20):
            # the right one too: who guesses shall not learn it
            with pytest.raises(InputError, match=f"too often; wait {seconds} seconds"):
                kit.log_in(RATERS_PASSWORD)
            computers.wait(seconds / 86_400)
            with pytest.raises(InputError, match="not the password"):
                kit.log_in("guessed again")
        # a clock set forward makes no time pass
        computers.raters.set_by_days = 400.0
        with pytest.raises(InputError, match="too often"):
            kit.log_in(RATERS_PASSWORD)
        computers.wait(300 / 86_400)
        told = kit.log_in(RATERS_PASSWORD)
        assert told.failures == 6 and told.failed_utc.endswith("Z") and told.before_utc.endswith("Z")
        assert kit.log_in(RATERS_PASSWORD).failures == 0
        kit.verify()


def test_after_a_restart_only_the_clock_tells_how_long_ago_a_failure_was(
    kit_path: Path, computers: Computers
) -> None:
    computers.use(computers.raters)
    with Kit.open(kit_path) as kit:
        enrol(kit)
        for _ in range(3):
            with pytest.raises(InputError, match="not the password"):
                kit.log_in("guessed again")
        computers.raters.restart()
        with pytest.raises(InputError, match="too often"):
            kit.log_in(RATERS_PASSWORD)
        computers.wait(1 / 24)
        kit.log_in(RATERS_PASSWORD)


def test_another_password_opens_the_same_key(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        enrol(kit)
        before = kit.key_fingerprint
        with pytest.raises(InputError, match="not the password"):
            kit.set_password("wrong one", "another mountain", cost=CHEAP)
        with pytest.raises(InputError, match="8 characters"):
            kit.set_password(RATERS_PASSWORD, "short", cost=CHEAP)
        kit.set_password(RATERS_PASSWORD, "another mountain", cost=CHEAP)
        assert kit.key_fingerprint == before
        with pytest.raises(InputError, match="not the password"):
            kit.log_in(RATERS_PASSWORD)
        kit.log_in("another mountain")
        kit.note_idle()
        kit.verify()


def answer(kit: Kit, alias: str, before: int, after: int) -> None:
    kit.record(alias, SetAnswer("margin_conspicuity", None, before, after), seconds=1.0)


def corrected(path: Path) -> str:
    """Sign a case, see that its tumour was drawn wrong, and sign it again; return its alias."""
    with Kit.open(path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias)
        kit.correct(alias, "the outline slipped", RATERS_PASSWORD)
        roi = kit.reading(alias).roi("tumour")
        assert roi is not None
        from core.reading.roi_edits import change_roi

        kit.record(alias, change_roi(roi, roi.coverage // 2), seconds=2.0)
        kit.sign(alias, RATERS_PASSWORD)
    return alias


def test_a_correction_is_a_new_version_and_the_old_one_stays_readable(kit_path: Path) -> None:
    alias = corrected(kit_path)
    with Kit.open(kit_path) as kit:
        versions = kit.verify()
        first, second = versions[alias, 1], versions[alias, 2]
        one, other = first.roi("tumour"), second.roi("tumour")
        assert one is not None and other is not None and one.coverage.max() == 2 * other.coverage.max() + 1
        signatures = kit.signatures(alias)
        assert [each.version for each in signatures] == [1, 2]
        assert signatures[1].values["content"]["correction"] == "the outline slipped"
        assert signatures[0].values["content"]["correction"] == ""
        assert kit.cases()[0].status == "signed"


def test_a_correction_that_is_under_way_is_no_fault(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias)
        kit.correct(alias, "a slip", RATERS_PASSWORD)
        kit.add_seconds(alias, 3.0)
        # what was locked stays locked
        with pytest.raises(InputError, match="locked"):
            answer(kit, alias, 3, 4)
        assert set(kit.verify()) == {(alias, 1)}


def test_what_may_not_be_corrected_says_why(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        enrol(kit)
        with pytest.raises(InputError, match="is not signed"):
            kit.correct(alias, "because", RATERS_PASSWORD)
        read_case(kit, alias)
        with pytest.raises(InputError, match="needs a reason"):
            kit.correct(alias, "  ", RATERS_PASSWORD)
        with pytest.raises(InputError, match="not the password"):
            kit.correct(alias, "because", "not the password")
        assert kit.reading(alias).signed


def test_collecting_takes_every_version_once_and_exports_tell_of_it(study: Study, kit_path: Path) -> None:
    alias = corrected(kit_path)
    first = collect(study, kit_path)
    assert (first.taken, first.corrected) == (1, 1) and len(first.key) == 19
    assert collect(study, kit_path).corrected == 0
    (reading,) = study.signed_readings()
    assert (reading.version, reading.correction) == (2, "the outline slipped")
    tumour = next(roi for roi in reading.rois.values() if roi.kind == "tumour")
    assert tumour.coverage.max() == 127
    rows = analyse(study.data()).tables["reads"].rows
    assert {row["correction"] for row in rows} == {"the outline slipped"} and rows[0]["version"] == 2
    study.verify()
    with Kit.open(kit_path) as kit:
        kit.correct(alias, "once more", RATERS_PASSWORD)
        kit.sign(alias, RATERS_PASSWORD)
    third = collect(study, kit_path)
    assert (third.taken, third.known, third.corrected) == (0, 1, 1)
    assert study.signed_readings()[0].version == 3
    study.verify()


def test_a_case_is_not_signed_while_it_is_being_corrected(study: Study, kit_path: Path) -> None:
    """Its first version counts until the next one is signed."""
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias)
        kit.correct(alias, "a slip", RATERS_PASSWORD)
    assert collect(study, kit_path).taken == 1
    assert study.signed_readings()[0].version == 1


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE signatures SET ed25519 = zeroblob(64) WHERE version = 1", "not made with the rater's key"),
        ("UPDATE signatures SET ed25519 = x'' WHERE version = 2", "not made with the rater's key"),
        ("DELETE FROM signatures WHERE version = 2", "signature of case .* is missing"),
        ("DELETE FROM signatures WHERE version = 1", "signature of case .* is missing"),
        ("DELETE FROM corrections", r"the corrections of case \w+ were altered"),
        ("UPDATE corrections SET reason = 'another'", r"the corrections of case \w+ were altered"),
        ("UPDATE rater_keys SET public_key = ''", "the rater's key was altered"),
        ("DELETE FROM rater_keys", "the rater's key was altered"),
        ("UPDATE signatures SET version = 3 WHERE version = 2", "signature of case .* is missing"),
    ],
)
def test_tampering_with_keys_and_versions_is_found(kit_path: Path, statement: str, named: str) -> None:
    corrected(kit_path)
    without_triggers(kit_path, statement)
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match=named):
        kit.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signatures SET version = 7",
        "DELETE FROM corrections",
        "DELETE FROM rater_keys",
        "UPDATE rater_keys SET cost = ''",
        "INSERT INTO corrections SELECT alias, 9, 'why' FROM signatures WHERE version = 1",
        "UPDATE cases SET status = 'open' WHERE status = 'signed'",
    ],
)
def test_the_database_itself_keeps_keys_and_versions(kit_path: Path, statement: str) -> None:
    import sqlite3

    corrected(kit_path)
    with pytest.raises(sqlite3.IntegrityError):
        raw(kit_path, statement)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE signatures SET version = 7 WHERE version = 2", "the signatures of case {} were altered"),
        ("UPDATE corrections SET version = 3", "the corrections of case {} were altered"),
    ],
)
def test_a_version_that_was_altered_is_told_before_another_is_made(
    kit_path: Path, statement: str, named: str
) -> None:
    alias = corrected(kit_path)
    without_triggers(kit_path, statement)
    with Kit.open(kit_path) as kit:
        with pytest.raises(StoreError, match=named.format(alias)):
            kit.correct(alias, "another slip", RATERS_PASSWORD)
        assert kit.reading(alias).signed


def test_with_a_salt_that_is_none_no_password_is_right(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        enrol(kit)
    without_triggers(kit_path, "UPDATE rater_keys SET salt = x'00'")
    with Kit.open(kit_path) as kit, pytest.raises(InputError, match="this is not the password"):
        kit.log_in(RATERS_PASSWORD)


def without_key(kit_path: Path) -> None:
    """Make a kit's signature one of before raters had keys, with the whole chain anew."""

    def strip(records: list[dict[str, Any]], signature: dict[str, Any]) -> None:
        del records[-1]["version"], signature["public_key"]
        records[:] = [record for record in records if record["action"] not in ("enrol", "log_in")]
        for name in ("version", "correction", "protocol_version", "display"):
            del signature["content"][name]

    reforge(kit_path, strip)
    follow(kit_path)


def follow(kit_path: Path) -> None:
    """Have a signature name the record before it, and no key stand behind it."""

    def name(records: list[dict[str, Any]], signature: dict[str, Any]) -> None:
        with closing(sqlite3.connect(kit_path / "kit.sqlite")) as connection:
            newest = "SELECT sequence, sha256 FROM audit ORDER BY sequence DESC LIMIT 1 OFFSET 1"
            signature["audit_head"] = list(connection.execute(newest).fetchone())

    reforge(kit_path, name)
    without_triggers(kit_path, "UPDATE signatures SET ed25519 = x''")


def test_a_key_cannot_be_stripped_off_a_kit_that_was_dealt_since_there_are_keys(
    study: Study, kit_path: Path
) -> None:
    """As if it came from before: then a case that somebody else has read would pass as the rater's."""
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)

    def date_back(records: list[dict[str, Any]], signature: dict[str, Any]) -> None:
        del records[0]["keyed"]

    without_key(kit_path)
    with pytest.raises(StoreError, match="is not a signature"):
        collect(study, kit_path)
    reforge(kit_path, date_back)
    follow(kit_path)
    without_triggers(kit_path, "DELETE FROM rater_keys")
    with Kit.open(kit_path) as kit:
        kit.verify()  # a kit by itself cannot tell
    with pytest.raises(StoreError, match="audit record 1 is not the one with which the kit was dealt"):
        collect(study, kit_path)


@pytest.fixture
def unsaid(study: Study, protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit dealt when raters had keys, and its first record did not say so yet; one case is read."""

    def said_less(*about: Any, keyed: bool, **values: Any) -> Record:
        return append(*about, **values)

    with monkeypatch.context() as before:
        before.setattr(dealt_kit, "append", said_less)
        deal_kit(study, "Rater B", 1, protocol, tmp_path / "B1.kit", seed="6")
    with Kit.open(tmp_path / "B1.kit") as kit:
        read_case(kit, kit.cases()[0].alias)
    return tmp_path / "B1.kit"


def test_a_kit_that_does_not_say_that_there_are_keys_is_signed_and_collected_as_any(
    study: Study, unsaid: Path
) -> None:
    assert collect(study, unsaid).taken == 1
    study.verify()


def test_from_a_kit_that_does_not_say_it_the_study_knows_that_there_are_keys(
    study: Study, unsaid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_key(unsaid)
    without_triggers(unsaid, "DELETE FROM rater_keys")
    with Kit.open(unsaid) as kit:
        kit.verify()  # a kit by itself cannot tell
    with pytest.raises(StoreError, match="was not made with the rater's key; the kit was altered"):
        collect(study, unsaid)
    # one that was let in before this was asked is found
    with monkeypatch.context() as before:
        before.setattr(collecting, "dealt_with_keys", lambda records: frozenset())
        assert collect(study, unsaid).taken == 1
    with pytest.raises(StoreError, match="the reading of case"):
        study.verify()


def test_a_signature_that_names_no_program_is_none(unsaid: Path) -> None:
    without_key(unsaid)

    def unnamed(records: list[dict[str, Any]], signature: dict[str, Any]) -> None:
        del signature["content"]["program"]

    reforge(unsaid, unnamed)
    without_triggers(unsaid, "UPDATE signatures SET ed25519 = x''", "DELETE FROM rater_keys")
    with Kit.open(unsaid) as kit, pytest.raises(StoreError, match="is not a signature"):
        kit.verify()


def test_outlines_that_were_altered_in_a_study_are_not_those_that_were_signed(
    study: Study, kit_path: Path
) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    collect(study, kit_path)
    with study.database.transaction() as connection:
        connection.exec_driver_sql("DROP TRIGGER reading_rois_update")
        connection.exec_driver_sql("UPDATE reading_rois SET outlines = outlines || ' ' WHERE kind = 'noise'")
    with pytest.raises(StoreError, match=r"the noise region of case .* was altered"):
        study.signed_readings()
