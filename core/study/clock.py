"""What time it is, as far as a computer without a network can tell: its clock, and how long it has run."""

from __future__ import annotations

import hashlib
import secrets
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

# clocks of two computers, and one before and after it was set by the network, differ by less
SLACK_S = 600.0
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Moment:
    """A time as a record keeps it.

    Parameters
    ----------
    utc : str
        What the clock showed, ISO 8601 in UTC.
    run : str
        The same for all moments of one run of a computer; "" where nothing is known of it.
    running_s : float
        Seconds since that run began, which nobody can set.
    """

    utc: str
    run: str = ""
    running_s: float = 0.0


@dataclass(frozen=True)
class Judged:
    """What a moment is worth beside the moments seen before it.

    Parameters
    ----------
    utc : str
        The latest that it can be: the clock's time without what it was set forward while the computer ran.
    forward_days : float
        How far it was set forward, at this moment or one before.
    back_days : float
        How far the clock stands, or once stood, behind a time that was seen before.
    """

    utc: str
    forward_days: float
    back_days: float

    @property
    def told(self) -> str:
        """What is wrong with the clock, in words; "" where nothing is."""
        parts = []
        if self.forward_days:
            parts.append(f"the clock was set forward by {self.forward_days:.1f} days while the computer ran")
        if self.back_days:
            parts.append(f"the clock stood {self.back_days:.1f} days behind a time seen before")
        return "; ".join(parts)


def moment() -> Moment:
    """Return now.

    On Linux a run lasts from boot to boot, sleep included; elsewhere it is this program's own.
    """
    run, since = _run()
    return Moment(utc_text(time.time()), run, round(since, 3))


def utc_text(seconds: float) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(utc: str) -> float:
    """Return a time as `utc_text` writes it as seconds since 1970."""
    return datetime.fromisoformat(utc).timestamp()


def days_between(earlier_utc: str, later_utc: str) -> float:
    """Return the days between two times as `utc_text` writes them."""
    return (seconds_of(later_utc) - seconds_of(earlier_utc)) / _DAY_S


def later_by(utc: str, days: float) -> str:
    """Return the time some days later."""
    return utc_text(seconds_of(utc) + days * _DAY_S)


def judge(seen: Iterable[Moment], now: Moment) -> Judged:
    """Compare a moment with those seen before it.

    Within one run of a computer the time that has passed is known whatever the clock was set to. Between
    runs, and between computers, only the clock speaks: that it was set forward is then not seen before it
    is set back.

    Parameters
    ----------
    seen : iterable of Moment
        In the order in which they happened.
    now : Moment
        The one to be judged.
    """
    began: dict[str, float] = {}
    latest, back_s, forward_s, ahead_s = -float("inf"), 0.0, 0.0, 0.0
    for each in (*seen, now):
        at = seconds_of(each.utc)
        back_s = max(back_s, latest - at)
        latest = max(latest, at)
        ahead_s = 0.0
        if each.run:
            start = at - each.running_s
            began[each.run] = min(began.get(each.run, start), start)
            ahead_s = start - began[each.run]
            forward_s = max(forward_s, ahead_s)
    # what is left after the last turn is how far the moment itself is ahead
    return Judged(
        utc_text(seconds_of(now.utc) - (ahead_s if ahead_s > SLACK_S else 0.0)),
        forward_s / _DAY_S if forward_s > SLACK_S else 0.0,
        back_s / _DAY_S if back_s > SLACK_S else 0.0,
    )


def _run() -> tuple[str, float]:
    """Return a name of this computer's run, which tells nothing of the computer, and its seconds."""
    name = _boot()
    if name:
        # counts on while the computer sleeps; not there on other systems
        return name, float(time.clock_gettime(getattr(time, "CLOCK_BOOTTIME")))  # noqa: B009
    return _program(), time.monotonic()


@cache
def _boot() -> str:
    if not sys.platform.startswith("linux"):
        return ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    except OSError:
        return ""
    return hashlib.sha256(b"ferroread " + boot).hexdigest()[:16]


@cache
def _program() -> str:
    return secrets.token_hex(8)
