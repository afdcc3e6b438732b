"""How long a rater has been at work: time between inputs, pauses left out."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

# who has touched nothing for longer is taken to have left the screen
PAUSE_S = 60.0


class ActiveClock:
    """Counts the seconds between touches; a longer silence than `PAUSE_S` counts as that much."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._last = now()
        self._active = 0.0
        self._paused = False

    def touch(self) -> None:
        """Note that the person has done something."""
        now = self._now()
        if not self._paused:
            self._active += min(now - self._last, PAUSE_S)
        self._last, self._paused = now, False

    def pause(self) -> None:
        """Note that the person looks elsewhere: until the next touch nothing counts."""
        if not self._paused:
            self.touch()
            self._paused = True

    def put_back(self, seconds: float) -> None:
        """Count seconds that were taken and could not be kept."""
        self._active += seconds

    def take(self) -> float:
        """Return the active seconds since the last call, and begin anew; a pause goes on."""
        if not self._paused:
            self.touch()
        active, self._active = self._active, 0.0
        return active
