"""A kit is read by an older FerroRead too, whose records tell no times, or by both in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreError
from core.reading.edits import SetAnswer
from core.reading.protocol import Protocol
from core.study import audit, dealt_kit, kit, kit_people
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.kit_facts import SINCE
from core.study.store import Study
from tests.core.study.conftest import read_case
from tests.core.study.test_kit import without_triggers
from tests.signing import RATERS_PASSWORD, enrol


@contextmanager
def older_program() -> Iterator[None]:
    """Have records tell what they told before they told times: leaving a case left none."""

    def append(connection: Any, table: Any, action: str, **values: Any) -> None:
        values.pop("timed", None)
        values.pop("seconds", None)
        if action != "time":
            audit.append(connection, table, action, **values)

    with pytest.MonkeyPatch.context() as patch:
        for module in (kit, kit_people):
            patch.setattr(module, "append", append)
        yield


def work(kit: Kit, alias: str) -> None:
    """Answer a question, and leave the case a while later."""
    before = kit.reading(alias).answers.get(("margin_conspicuity", None))
    kit.record(alias, SetAnswer("margin_conspicuity", None, before, (before or 0) + 1), seconds=2.0)
    kit.add_seconds(alias, 1.25)


def sit_down(path: Path, *aliases: str) -> None:
    """Open a kit, log in, and work on cases."""
    with Kit.open(path) as kit:
        kit.log_in(RATERS_PASSWORD)
        for alias in aliases:
            work(kit, alias)


def test_a_kit_that_an_older_program_read_is_collected(study: Study, kit_path: Path) -> None:
    with older_program(), Kit.open(kit_path) as kit:
        one, other = (case.alias for case in kit.cases()[:2])
        read_case(kit, one)
        kit.add_seconds(other, 4.0)  # looked at and left: no record tells it
    assert collect(study, kit_path).taken == 1
    (found,) = study.signed_readings()
    assert found.seconds == 5.0


def taken_turns_with(study: Study, protocol: Protocol, path: Path, since: tuple[str, ...]) -> list[str]:
    """Deal a kit and have both programs work on it; return its cases, of which the third is told last."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dealt_kit, "SINCE", since)
        deal_kit(study, "Rater B", 1, protocol, path)
    with Kit.open(path) as kit:
        enrol(kit)
        aliases = [case.alias for case in kit.cases()]
    one, other, third, fourth = aliases
    sit_down(path, one, other)
    with older_program():
        sit_down(path, one, third)
        with Kit.open(path) as kit:
            kit.log_in(RATERS_PASSWORD)
            # looked at and left: no record tells it
            kit.add_seconds(other, 8.0)
            kit.add_seconds(fourth, 0.5)
    sit_down(path, third)
    return aliases


@pytest.mark.parametrize("since", [SINCE, ("keyed",)])
def test_a_kit_that_both_programs_read_in_turn_is_collected(
    study: Study, protocol: Protocol, tmp_path: Path, since: tuple[str, ...]
) -> None:
    path = tmp_path / "B1.kit"
    aliases = taken_turns_with(study, protocol, path, since)
    with Kit.open(path) as kit:
        assert kit.verify() == {}
        read_case(kit, aliases[3])
    assert collect(study, path).taken == 1
    (found,) = study.signed_readings()
    assert found.seconds == 5.5


def test_of_a_kit_that_both_programs_read_times_are_held_to_what_was_told(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    path = tmp_path / "B1.kit"
    one, other, third, _ = taken_turns_with(study, protocol, path, SINCE)
    # the third case's time was told last; of the others it was 3.25 s and more
    for alias, seconds in ((one, 3.0), (other, 3.0), (third, 6.0), (third, 7.0)):
        without_triggers(path, f"UPDATE cases SET seconds = {seconds} WHERE alias = '{alias}'")
        with Kit.open(path) as kit, pytest.raises(StoreError, match=f"the time of case {alias} was altered"):
            kit.verify()
        without_triggers(path, f"UPDATE cases SET seconds = 6.5 WHERE alias = '{alias}'")
    with Kit.open(path) as kit:
        kit.verify()
