"""Answers are looked at: recorded always, and an unblinding before all readings are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError
from core.reading.protocol import Protocol
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.sessions import session_facts
from core.study.store import Study
from core.study.unblinding import note_looking
from tests.core.study.conftest import PASSWORD
from tests.core.study.test_unblinding import actions, read
from tests.signing import RATERS_PASSWORD


def test_before_all_is_in_it_takes_password_and_reason_and_marks_what_comes_later(
    study: Study, kit_path: Path
) -> None:
    with pytest.raises(InputError, match="no signed reading was collected yet"):
        note_looking(study, "results", "interim", PASSWORD)
    set_password(study, PASSWORD)
    read(kit_path, 0, 3)
    collect(study, kit_path)
    before = len(actions(study))
    with pytest.raises(InputError, match="1 cases are not signed and collected"):
        note_looking(study, "results", " ", PASSWORD)
    assert len(actions(study)) == before
    with pytest.raises(InputError, match="this is not it"):
        note_looking(study, "results", "interim", "correct hors")
    assert [values["action"] for values in actions(study)[before:]] == ["wrong_password"]
    assert note_looking(study, "results", " interim ", PASSWORD) == 1
    last = actions(study)[-1]
    told = (last["action"], last["reason"], last["shown"], last["unsigned"])
    assert told == ("key", "interim", "results", 1)
    read(kit_path, 3, 4)
    collect(study, kit_path)
    assert [reading.after_key for reading in study.signed_readings()] == [False, False, False, True]
    study.verify()


def test_a_correction_that_is_collected_after_a_look_counts_among_what_is_marked(
    study: Study, kit_path: Path
) -> None:
    read(kit_path, 0, 4)
    collect(study, kit_path)
    note_looking(study, "analysis")
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        for reason in ("a slip", "another slip"):
            kit.correct(alias, reason, RATERS_PASSWORD)
            kit.sign(alias, RATERS_PASSWORD)
    collect(study, kit_path)
    assert [reading.after_key for reading in study.signed_readings()] == [True, False, False, False]
    assert [facts.after_key for facts in session_facts(study)] == [1]


def test_when_all_is_in_it_is_recorded_and_marks_what_is_dealt_and_collected_later(
    study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    read(kit_path, 0, 4)
    collect(study, kit_path)
    assert note_looking(study, "analysis") == 0
    assert (actions(study)[-1]["action"], actions(study)[-1]["shown"]) == ("look", "analysis")
    other = deal_kit(study, "Rater B", 1, protocol, tmp_path / "B1.kit", seed="6").path
    read(other, 0, 4)
    collect(study, other)
    marked = {reading.rater: reading.after_key for reading in study.signed_readings()}
    assert marked == {"Rater A": False, "Rater B": True}
    study.verify()
