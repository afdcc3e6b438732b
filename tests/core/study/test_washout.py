"""Between two sessions of a rater lies the washout, whatever is done to clocks, numbers and names."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError, StoreError
from core.reading.protocol import Protocol, parse_protocol
from core.study import tables
from core.study.audit import checked
from core.study.collecting import collect
from core.study.coordinators_view import reset_kit
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.sessions import session_facts
from core.study.store import Study
from core.study.washout import least_washout
from tests.core.study.conftest import PASSWORD, Computers, read_case
from tests.core.study.test_kit import without_triggers
from tests.signing import CHEAP


def actions(study: Study) -> list[dict[str, object]]:
    with study.database.transaction() as connection:
        records = [record.values for record in checked(connection, tables.audit)]
    # but for what closes every transaction
    return [values for values in records if values["action"] != "tables"]


def read(path: Path) -> None:
    with Kit.open(path) as kit:
        for case in kit.cases():
            read_case(kit, case.alias)


@pytest.fixture
def first_read(study: Study, kit_path: Path, computers: Computers) -> Computers:
    """Session 1 of Rater A is read and collected; then the coordinator sits at the computer again."""
    computers.use(computers.raters)
    read(kit_path)
    computers.use(computers.coordinators)
    collect(study, kit_path)
    return computers


def test_the_next_session_is_dealt_when_the_washout_is_over(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    out = tmp_path / "A2.kit"
    first_read.wait(27.9)
    with pytest.raises(InputError, match=r"signed the last case 27\.9 days ago, and 28 must lie between"):
        deal_kit(study, "Rater A", 2, protocol, out)
    deal_kit(study, "Rater B", 2, protocol, tmp_path / "B2.kit")  # never read before: nothing to wash out
    first_read.wait(0.2)
    assert deal_kit(study, "Rater A", 2, protocol, out).session == 2
    with Kit.open(out) as kit:
        assert kit.session == 2


def test_a_session_that_is_not_collected_holds_up_the_next(
    study: Study, protocol: Protocol, tmp_path: Path, computers: Computers
) -> None:
    computers.wait(100)
    with pytest.raises(InputError, match="session 1 of Rater A is not collected whole"):
        deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit")


@pytest.mark.parametrize(("rater", "session"), [("rater a", 2), (" Rater  A ", 3), ("RATER A", 99)])
def test_another_spelling_or_number_is_no_way_around(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers, rater: str, session: int
) -> None:
    with pytest.raises(InputError, match="must lie between sessions"):
        deal_kit(study, rater, session, protocol, tmp_path / "again.kit")


def test_dealing_sessions_backwards_is_no_way_around(
    study: Study, protocol: Protocol, tmp_path: Path, computers: Computers
) -> None:
    second = deal_kit(study, "Ben", 2, protocol, tmp_path / "2.kit").path
    read(second)
    collect(study, second)
    with pytest.raises(InputError, match="must lie between sessions"):
        deal_kit(study, "Ben", 1, protocol, tmp_path / "1.kit")


def asking(protocol: Protocol, days: int) -> Protocol:
    """The protocol with another washout."""
    text = protocol.text.replace(f"washout_days: {protocol.washout_days}", f"washout_days: {days}")
    return parse_protocol(text, "test")


def test_a_later_protocol_with_a_shorter_washout_is_no_way_around(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    none = asking(protocol, 0)
    out = tmp_path / "A2.kit"
    first_read.wait(1)
    with pytest.raises(InputError, match="and 28 must lie between sessions"):
        deal_kit(study, "Rater A", 2, none, out)
    with pytest.raises(InputError, match="a shorter wait needs a reason"):
        deal_kit(study, "Rater A", 2, none, out, washout_days=0)
    set_password(study, PASSWORD, cost=CHEAP)
    deal_kit(study, "Rater A", 2, none, out, washout_days=0, reason="pilot", password=PASSWORD)
    assert actions(study)[-1]["washout_reason"] == "pilot"
    # nor is it one that the first protocol was short: the longest that was agreed on holds
    assert least_washout(study, none) == protocol.washout_days == 28
    assert least_washout(study, asking(protocol, 40)) == 40


# an override


def test_an_override_needs_the_password_and_a_reason_and_is_recorded(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    out = tmp_path / "A2.kit"
    with pytest.raises(InputError, match="the study has none; set one with `ferroread study password`"):
        deal_kit(study, "Rater A", 2, protocol, out, washout_days=0, reason="pilot")
    set_password(study, PASSWORD, cost=CHEAP)
    for reason in ("", "  "):
        with pytest.raises(InputError, match="a shorter wait needs a reason"):
            deal_kit(study, "Rater A", 2, protocol, out, washout_days=0, reason=reason, password=PASSWORD)
    for wrong in ("", "wrong horse"):
        with pytest.raises(InputError, match="and this is not it"):
            deal_kit(study, "Rater A", 2, protocol, out, washout_days=0, reason="pilot", password=wrong)
    assert not out.exists() and actions(study)[-1]["action"] == "wrong_password"
    first_read.wait(3)
    deal_kit(study, "Rater A", 2, protocol, out, washout_days=2.5, reason="a pilot", password=PASSWORD)
    last = actions(study)[-1]
    assert (last["action"], last["washout_days"], last["washout_reason"]) == ("deal", 2.5, "a pilot")
    assert last["waited_days"] == pytest.approx(3, abs=0.01)
    with Kit.open(out) as kit:
        assert kit.cases()


def test_a_session_not_collected_can_be_passed_over_with_the_password(
    study: Study, protocol: Protocol, tmp_path: Path, computers: Computers
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    deal_kit(
        study, "Rater A", 2, protocol, tmp_path / "A2.kit", washout_days=0, reason="lost", password=PASSWORD
    )
    assert actions(study)[-1]["waited_days"] is None


def test_more_days_than_the_protocols_need_nothing(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.wait(30)
    with pytest.raises(InputError, match="and 60 must lie between"):
        deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit", washout_days=60)
    strict = replace(protocol, washout_days=60)
    with pytest.raises(InputError, match="and 60 must lie between"):
        deal_kit(study, "Rater A", 2, strict, tmp_path / "A2.kit")


@pytest.mark.parametrize("days", [-1.0, float("nan"), float("inf")])
def test_days_that_cannot_be_are_refused(
    study: Study, protocol: Protocol, tmp_path: Path, days: float
) -> None:
    with pytest.raises(InputError, match="must be 0 days or more"):
        deal_kit(study, "Rater C", 1, protocol, tmp_path / "c.kit", washout_days=days)


# clocks


def test_a_coordinators_clock_set_forward_deals_nothing(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.coordinators.set_by_days = 40
    with pytest.raises(InputError, match=r"0\.0 days ago \(the clock was set forward by 40\.0 days"):
        deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit")


def test_a_clock_set_forward_after_the_study_was_opened_in_this_run_deals_nothing(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    """The first opening after a restart leaves a record of the run, though nothing was done."""
    first_read.coordinators.restart()
    study.close()
    for _ in range(2):
        Study.open(study.path).close()
    first_read.coordinators.set_by_days = 40
    with Study.open(study.path) as opened:
        with pytest.raises(InputError, match=r"0\.0 days ago \(the clock was set forward by 40\.0 days"):
            deal_kit(opened, "Rater A", 2, protocol, tmp_path / "A2.kit")
        assert [values["action"] for values in actions(opened)][-2:] == ["opened", "refused"]


def test_a_clock_set_forward_after_dealing_was_refused_in_this_run_deals_nothing(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.coordinators.restart()  # while the study is open, as a computer that slept
    for told in (r"0\.0 days ago, and 28", r"0\.0 days ago \(the clock was set forward by 40\.0 days"):
        with pytest.raises(InputError, match=told):
            deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit")
        first_read.coordinators.set_by_days = 40
    assert [values["action"] for values in actions(study)][-2:] == ["refused", "refused"]


def test_the_first_opening_of_a_kit_in_a_run_leaves_it_on_record(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.wait(29)
    path = deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit").path
    raters = first_read.use(first_read.raters)
    for _ in range(2):
        Kit.open(path).close()
    raters.set_by_days = 40
    read(path)
    first_read.use(first_read.coordinators)
    collect(study, path)
    facts = session_facts(study)[1]
    assert "the clock was set forward by 40.0 days while the computer ran" in facts.clock
    with Kit.open(path, to_read=False) as kit:
        assert [record.values["action"] for record in kit.audit_records()][:3] == ["deal", "opened", "edit"]


def test_a_kit_dealt_under_a_false_clock_is_not_opened_under_a_true_one(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    """A restart hides the setting from the study; the rater's computer knows nothing of it."""
    first_read.coordinators.restart()
    first_read.coordinators.set_by_days = 40
    path = deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit").path
    first_read.use(first_read.raters)
    first_read.wait(5)
    with pytest.raises(InputError, match=r"this session opens on .*, in 23\.0 days; come back then"):
        Kit.open(path)
    first_read.wait(23.1)
    Kit.open(path).close()


def test_a_raters_clock_set_forward_while_it_runs_opens_nothing(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.coordinators.restart()
    first_read.coordinators.set_by_days = 40
    path = deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit").path
    raters = first_read.use(first_read.raters)
    for _ in range(2):
        with pytest.raises(InputError, match="come back then"):
            Kit.open(path)
    raters.set_by_days = 30
    with pytest.raises(InputError, match="was set forward, and that time does not count"):
        Kit.open(path)
    with Kit.open(path, to_read=False) as kit:
        kit.verify()
        refused = [record.values["action"] for record in kit.audit_records()]
    assert refused == ["deal", "refused", "refused", "refused"]


def test_the_coordinators_clock_set_back_again_is_told_and_gains_nothing(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.coordinators.restart()
    first_read.coordinators.set_by_days = 40
    study.set_icpms([])
    set_password(study, PASSWORD, cost=CHEAP)  # a record that the false clock wrote
    first_read.coordinators.restart()
    first_read.coordinators.set_by_days = 0
    first_read.wait(1)
    with pytest.raises(InputError, match=r"1\.0 days ago \(the clock stood 39\.0 days behind"):
        deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit")


def test_a_raters_clock_set_back_does_not_make_the_last_reading_earlier(
    study: Study, protocol: Protocol, kit_path: Path, tmp_path: Path, computers: Computers
) -> None:
    """Signed under a clock 60 days behind, collected on the same day: the day of collecting counts."""
    raters = computers.use(computers.raters)
    computers.wait(1)
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    raters.restart()
    raters.set_by_days = -60
    with Kit.open(kit_path) as kit:
        for case in kit.cases()[1:]:
            read_case(kit, case.alias)
    computers.use(computers.coordinators)
    collect(study, kit_path)
    with pytest.raises(InputError, match=r"0\.0 days ago"):
        deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit")
    assert "stood 60.0 days behind" in session_facts(study)[0].clock


def test_a_raters_clock_ahead_counts_from_the_day_of_collecting(
    study: Study, protocol: Protocol, kit_path: Path, tmp_path: Path, computers: Computers
) -> None:
    computers.use(computers.raters).set_by_days = 400
    read(kit_path)
    computers.use(computers.coordinators)
    collect(study, kit_path)
    computers.wait(28.1)
    assert deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit").session == 2


def test_a_kit_whose_opening_day_was_altered_is_found(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.wait(29)
    path = deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit").path
    connection = sqlite3.connect(path / "kit.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="kit cannot be changed"):
        connection.execute("UPDATE kit SET opens_utc = NULL")
    connection.close()
    without_triggers(path, "UPDATE kit SET opens_utc = NULL")
    with pytest.raises(StoreError, match="audit record 1 and the kit differ"):
        collect(study, path)


# what is exported


def test_the_real_interval_is_exported(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    first_read.wait(29)
    path = deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit").path
    first_read.wait(6)
    first_read.use(first_read.raters)
    read(path)
    first_read.use(first_read.coordinators)
    collect(study, path)
    one, two = session_facts(study)
    assert (one.interval_days, one.washout_days, one.signed, one.cases) == (None, None, 4, 4)
    assert two.interval_days == pytest.approx(35, abs=0.01)
    assert (two.washout_days, two.waited_days) == (28, pytest.approx(29, abs=0.01))
    assert one.clock == two.clock == "" and study.data().sessions == (one, two)


def test_a_password_that_is_reset_is_no_work_and_no_clock_of_the_raters(
    study: Study, protocol: Protocol, kit_path: Path, first_read: Computers
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    before = session_facts(study)
    first_read.wait(20)
    first_read.coordinators.set_by_days = 300
    with Kit.open(kit_path, to_read=False) as kit:
        reset_kit(study, kit, "forgotten", PASSWORD)
        (retired,) = [each.values for each in kit.audit_records() if each.values["action"] == "retire_key"]
        assert retired["clock"] is None
    first_read.coordinators.set_by_days = 0
    collect(study, kit_path)
    assert session_facts(study) == before
    first_read.wait(9)
    deal_kit(study, "Rater A", 2, protocol, kit_path.parent / "A2.kit")


def test_a_kit_tells_nothing_of_the_coordinators_computer(
    study: Study, protocol: Protocol, tmp_path: Path, first_read: Computers
) -> None:
    path = deal_kit(study, "Rater B", 1, protocol, tmp_path / "B1.kit").path
    connection = sqlite3.connect(path / "kit.sqlite")
    (content,) = connection.execute("SELECT content FROM audit").fetchone()
    connection.close()
    assert json.loads(content)["clock"] is None
