"""The key is shown to who has the password and says why; what it touches is marked ever after."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from core.errors import InputError
from core.statistics.linking import link
from core.statistics.listings import answers_table, measurements_table, reads_table
from core.statistics.study_blinding import sessions_table
from core.study import tables
from core.study.audit import checked
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.password import has_password, require_password, set_password
from core.study.store import Study
from core.study.unblinding import early_warning, note_looking, show_key
from tests.core.study.conftest import PASSWORD, Computers, read_case
from tests.signing import CHEAP


def actions(study: Study) -> list[dict[str, object]]:
    with study.database.transaction() as connection:
        records = [record.values for record in checked(connection, tables.audit)]
    # but for what closes every transaction
    return [values for values in records if values["action"] != "tables"]


def read(path: Path, start: int, stop: int) -> None:
    with Kit.open(path) as kit:
        for case in kit.cases()[start:stop]:
            read_case(kit, case.alias)


def test_the_key_needs_password_and_reason_and_is_recorded(study: Study) -> None:
    with pytest.raises(InputError, match="the study has none"):
        show_key(study, "interim", PASSWORD)
    set_password(study, PASSWORD, cost=CHEAP)
    for reason in ("", "  "):
        with pytest.raises(InputError, match="only with a reason"):
            show_key(study, reason, PASSWORD)
    with pytest.raises(InputError, match="this is not it"):
        show_key(study, "interim", "correct hors")
    assert not [values for values in actions(study) if values["action"] == "key"]
    key = show_key(study, " interim ", PASSWORD)
    last = actions(study)[-1]
    assert (last["action"], last["reason"], last["unsigned"]) == ("key", "interim", 4)
    assert [(entry.rater, entry.session, entry.position) for entry in key.entries] == [
        ("Rater A", 1, position) for position in (1, 2, 3, 4)
    ]
    assert {(e.subject, e.visit) for e in key.entries} == {(s.subject, s.visit) for s in study.scans()}


def test_a_key_shown_before_all_is_signed_warns_and_marks_what_comes_later(
    study: Study, kit_path: Path
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    read(kit_path, 0, 3)
    collect(study, kit_path)
    assert "1 of 4 readings are not signed" in show_key(study, "too early", PASSWORD).warning
    read(kit_path, 3, 4)
    collect(study, kit_path)
    assert [reading.after_key for reading in study.signed_readings()] == [False, False, False, True]
    assert show_key(study, "at the end", PASSWORD).warning == ""
    data = study.data()
    linked = link(data.readings, data.targets)
    for table in (
        answers_table(linked, {}, data.protocols),
        reads_table(linked, {}, tuple(data.protocols.values())),
        measurements_table(linked, data.protocols),
    ):
        assert "after_key" in table.columns
        marked = {row["alias"] for row in table.rows if row["after_key"]}
        assert marked == ({data.readings[-1].alias} if table.rows else set())
    assert [row["after_key"] for row in sessions_table(data.sessions).rows] == [1]


def test_an_export_takes_the_password_is_recorded_and_marks_what_comes_later(
    study: Study, kit_path: Path
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    read(kit_path, 0, 3)
    collect(study, kit_path)
    before = len(actions(study))
    with pytest.raises(
        InputError, match="to write images that name subjects before all are in unblinds the study"
    ):
        note_looking(study, "images", " ", PASSWORD)
    assert len(actions(study)) == before
    with pytest.raises(InputError, match="this is not it"):
        note_looking(study, "images", "interim", "correct hors")
    assert note_looking(study, "images", "interim", PASSWORD) == 1
    assert "1 of 4 readings are not signed" in early_warning(study)
    last = actions(study)[-1]
    assert (last["action"], last["reason"], last["shown"]) == ("key", "interim", "images")
    read(kit_path, 3, 4)
    collect(study, kit_path)
    assert [reading.after_key for reading in study.signed_readings()] == [False, False, False, True]
    assert note_looking(study, "images") == 0 and early_warning(study) == ""
    assert actions(study)[-1]["action"] == "export_images"


def test_a_key_shown_when_all_is_collected_marks_nothing(study: Study, kit_path: Path) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    read(kit_path, 0, 4)
    collect(study, kit_path)
    assert show_key(study, "analysis", PASSWORD).warning == ""
    assert not any(reading.after_key for reading in study.signed_readings())


def test_a_password_is_changed_by_who_knows_it_and_never_stored(study: Study) -> None:
    assert not has_password(study)
    with pytest.raises(InputError, match="8 characters or more"):
        set_password(study, "short")
    set_password(study, PASSWORD, cost=CHEAP)
    with pytest.raises(InputError, match="this is not it"):
        set_password(study, "another one", before="a guess")
    set_password(study, "another one", before=PASSWORD, cost=CHEAP)
    with pytest.raises(InputError, match="this is not it"):
        require_password(study, PASSWORD, "to look")
    require_password(study, "another one", "to look")
    found = [values["action"] for values in actions(study) if "password" in str(values["action"])]
    assert found == [
        "set_password", "wrong_password", "right_password", "set_password", "wrong_password",
        "right_password",
    ]  # fmt: skip
    study.close()
    assert PASSWORD.encode() not in (study.path / "study.sqlite").read_bytes()


def test_wrong_passwords_make_the_next_try_wait(study: Study, computers: Computers) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    for _ in range(3):
        with pytest.raises(InputError, match="this is not it"):
            require_password(study, "a guess", "to look")
    with pytest.raises(InputError, match="wait 5 seconds and try again"):
        require_password(study, PASSWORD, "to look")
    computers.wait(1 / 1440)
    require_password(study, PASSWORD, "to look")


def test_a_password_that_was_set_before_argon2id_was_used_is_known(study: Study) -> None:
    kept = hashlib.scrypt(PASSWORD.encode(), salt=b"salt", n=2**15, r=8, p=1, maxmem=64 * 2**20, dklen=32)
    with study.database.transaction() as connection:
        connection.execute(tables.passwords.insert().values(number=1, salt=b"salt", cost="", verifier=kept))
    require_password(study, PASSWORD, "to look")
    with pytest.raises(InputError, match="this is not it"):
        require_password(study, "a guess", "to look")


@pytest.mark.parametrize("statement", ["DELETE FROM passwords", "UPDATE passwords SET salt = x'00'"])
def test_the_database_keeps_the_password(study: Study, statement: str) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    study.close()
    connection = sqlite3.connect(study.path / "study.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="passwords cannot be changed"):
        connection.execute(statement)
    connection.close()
