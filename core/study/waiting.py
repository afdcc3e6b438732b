"""Wrong passwords make the next try wait: longer with each, never for good."""

from __future__ import annotations

from collections.abc import Sequence

from core.study.clock import Moment, seconds_of

# so many are slips of the hand; each one more doubles the wait
_FREE_TRIES = 3
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 300.0


def left_s(failures: Sequence[Moment], now: Moment) -> float:
    """Return how many seconds must pass before the next password is looked at.

    Parameters
    ----------
    failures : sequence of Moment
        When it was wrong since it last was right, in their order.
    now : Moment
    """
    if len(failures) < _FREE_TRIES:
        return 0.0
    # 2 to the 10th is beyond the longest already
    asked = min(_FIRST_WAIT_S * 2.0 ** min(len(failures) - _FREE_TRIES, 10), _LONGEST_WAIT_S)
    return max(0.0, asked - _passed_s(failures[-1], now))


def _passed_s(then: Moment, now: Moment) -> float:
    """Return the seconds between two moments: within a run of the computer those that really passed."""
    if then.run and then.run == now.run:
        return now.running_s - then.running_s
    return max(0.0, seconds_of(now.utc) - seconds_of(then.utc))
