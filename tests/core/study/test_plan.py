"""Who reads, and by which protocol: planned before kits are dealt, and every change is on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError
from core.reading.protocol import Protocol
from core.study.dealing import deal_kit
from core.study.plan import Plan, open_sessions, rater_named, read_plan, set_plan
from core.study.store import Study
from tests.core.study.test_store import actions


def test_a_study_begins_without_a_plan(study: Study) -> None:
    assert read_plan(study) == Plan((), None)


def test_what_is_not_given_stays(study: Study, protocol: Protocol) -> None:
    set_plan(study, raters=["Ann", "Ben"])
    planned = set_plan(study, protocol=protocol)
    assert planned.raters == ("Ann", "Ben") and planned.protocol is not None
    assert set_plan(study, raters=["Cleo"]).protocol == planned.protocol
    assert read_plan(study).raters == ("Cleo",) and read_plan(study).protocol == protocol


def test_names_lose_their_spare_spaces_and_are_there_after_a_restart(study: Study) -> None:
    set_plan(study, raters=["  Ann   Example "])
    study.close()
    with Study.open(study.path) as again:
        assert read_plan(again).raters == ("Ann Example",)


def test_every_change_is_on_record_and_no_change_is_not(study: Study) -> None:
    before = actions(study).count("plan")
    set_plan(study, raters=["Ann"])
    set_plan(study, raters=["Ann"])
    set_plan(study, raters=["Ben"])
    assert actions(study).count("plan") == before + 2
    study.verify()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Ann", " "], "needs a name"), (["Ann", "ANN  "], "stands twice"), ([""], "a name"),
        (["BOB", "\u0412\u041e\u0412"], "stands twice"), (["Ann", "\u0410nna"], "two alphabets"),
        (["\u202enaD"], "can be printed"), (["\u3164"], "can be printed"),
    ],
)  # fmt: skip
def test_names_that_do_not_serve_change_nothing(study: Study, names: list[str], told: str) -> None:
    set_plan(study, raters=["Cleo"])
    with pytest.raises(InputError, match=told):
        set_plan(study, raters=names)
    assert read_plan(study).raters == ("Cleo",)


def test_a_rater_who_has_a_kit_is_planned_as_the_kit_is_spelled(study: Study) -> None:
    assert set_plan(study, raters=["Ben", "RATER A"]).raters == ("Ben", "Rater A")
    with pytest.raises(InputError, match="Rater A stands twice"):
        set_plan(study, raters=["Rater A", "rater a"])
    assert rater_named(study, "BEN") == "Ben" and rater_named(study, "Cleo") == "Cleo"


def test_two_who_were_planned_before_their_looks_were_asked_about_go_on(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = ("Anna", "\u0410nna")
    with monkeypatch.context() as before:
        before.setattr("core.study.plan.rater_named", lambda _, name: name)
        before.setattr("core.study.plan.same_rater", lambda *_: False)
        set_plan(study, raters=two)
    assert set_plan(study, raters=[*two, "Cleo"]).raters == (*two, "Cleo")
    assert [rater_named(study, name) for name in two] == list(two)
    assert set_plan(study, raters=[two[1], "Cleo"]).raters == (two[1], "Cleo")


def test_the_next_session_follows_the_last_that_was_dealt(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    plan = set_plan(study, raters=["rater a", "Ben"])
    # the study has a kit of Rater A's first session already
    assert open_sessions(study, plan) == {"Rater A": 2, "Ben": 1}
    deal_kit(study, "Ben", 3, protocol, tmp_path / "ben.kit")
    assert open_sessions(study, plan) == {"Rater A": 2, "Ben": 4}
