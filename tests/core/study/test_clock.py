"""What a computer's clock is worth beside how long the computer has run."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import StoreError
from core.study import clock
from core.study.audit import moment_of
from core.study.clock import Moment, days_between, judge, later_by, seconds_of, utc_text

START = seconds_of("2026-03-01T08:00:00.000Z")
DAY = 86_400.0


def at(days: float, run: str = "a", running_days: float | None = None) -> Moment:
    """A moment some days after the first; the run began with it if nothing else is said."""
    running = days if running_days is None else running_days
    return Moment(utc_text(START + days * DAY), run, running * DAY)


def test_now_is_now_and_one_run_has_one_name() -> None:
    one = clock.moment()
    two = clock.moment()
    assert abs(seconds_of(one.utc) - time.time()) < 60
    assert one.run == two.run != "" and 0 <= one.running_s <= two.running_s
    assert judge([one], two).told == ""


@pytest.mark.parametrize("platform", ["darwin", "linux"])
def test_where_the_system_tells_no_run_the_programs_own_counts(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    def nothing(_: Path) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(clock, "_boot", clock._boot.__wrapped__)  # what was found is kept else
    known = clock.moment().run
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "read_bytes", nothing)
    one, two = clock.moment(), clock.moment()
    assert one.run == two.run != known and one.running_s <= two.running_s


def test_a_clock_that_nobody_set_is_believed() -> None:
    seen = [at(0), at(1), at(1, "b", 0), at(30, "b", 29)]
    now = judge(seen, at(31, "b", 30))
    assert (now.utc, now.told) == (at(31).utc, "")


def test_a_clock_set_forward_while_the_computer_runs_gains_nothing() -> None:
    now = judge([at(0)], at(28.5, running_days=0.5))
    assert days_between(at(0).utc, now.utc) == pytest.approx(0.5)
    assert now.forward_days == pytest.approx(28.0) and "set forward by 28.0 days" in now.told


def test_a_clock_set_forward_across_a_restart_is_noticed_when_it_is_set_back() -> None:
    seen = [at(0), at(28, "b", 0)]
    assert judge(seen[:1], seen[1]).told == ""  # nothing tells it yet
    now = judge(seen, at(1, "b", 1))
    assert now.utc == at(1).utc and now.back_days == pytest.approx(27.0)
    assert "stood 27.0 days behind a time seen before" in now.told


def test_small_corrections_are_no_matter() -> None:
    now = judge([at(0), at(0.006, running_days=0.001)], at(0.002, running_days=0.002))
    assert now.told == "" and now.utc == at(0.002).utc


def test_a_moment_of_which_no_run_is_known_is_judged_by_its_clock_alone() -> None:
    assert judge([Moment(at(0).utc)], Moment(at(40).utc)).told == ""
    assert judge([Moment(at(40).utc)], Moment(at(0).utc)).back_days == pytest.approx(40.0)


@given(
    steps=st.lists(st.tuples(st.floats(0, 20), st.booleans(), st.floats(-50, 50)), min_size=1, max_size=20)
)
def test_no_setting_of_the_clock_within_a_run_makes_time_pass(
    steps: list[tuple[float, bool, float]],
) -> None:
    """Whatever it is set to: in the run that saw the first moment, no more passes than did."""
    passed, set_by = 0.0, 0.0
    seen = [at(0)]
    for days, setting, by in steps:
        passed += days
        set_by = by if setting else set_by
        now = at(passed + set_by, running_days=passed)
        # what is let go of as slack, and the rounding of milliseconds
        assert days_between(at(0).utc, judge(seen, now).utc) <= passed + (clock.SLACK_S + 1) / DAY
        seen.append(now)


def test_days_are_counted_over_months() -> None:
    later = later_by("2026-02-20T12:00:00.000Z", 28)
    assert later == "2026-03-20T12:00:00.000Z"
    assert days_between("2026-02-20T12:00:00.000Z", later) == 28


@pytest.mark.parametrize("values", [{}, {"at": 5}, {"at": "yesterday"}, {"at": at(0).utc, "clock": [1]}])
def test_a_record_that_tells_no_time_is_no_record(values: dict[str, object]) -> None:
    with pytest.raises(StoreError, match="does not tell when"):
        moment_of(values)
