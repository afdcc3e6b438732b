"""How long a rater has been at work: time between inputs, pauses left out."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

# who has touched nothing for longer is taken to have left the screen
PAUSE_S = 60.0


class ActiveClock:
    """Counts the seconds between touches; a longer silence than `PAUSE_S` counts as that much.

    Only a hand touches it: what moves or ends by itself (cine, workers, timers) is no work of the rater's.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._last = now()
        self._active = 0.0
        self._paused = self._stopped = False
        self._before_take = (self._last, self._active)

    def touch(self) -> None:
        """Note that the person has done something."""
        if self._stopped:
            return
        now = self._now()
        if not self._paused:
            self._active += min(now - self._last, PAUSE_S)
        self._last, self._paused = now, False

    def pause(self) -> None:
        """Note that the person looks elsewhere: until the next touch nothing counts."""
        if not self._paused:
            self.touch()
            self._paused = True

    def stop(self) -> None:
        """Count nothing until `start`, whatever is touched: nobody is known to be there."""
        self.pause()
        self._stopped = True

    def start(self) -> None:
        """Count again, from now on."""
        self._stopped = False
        self.touch()

    def put_back(self) -> None:
        """Be as before the last `take`: what it gave could not be kept, and nobody has touched anything."""
        self._last, self._active = self._before_take

    def take(self) -> float:
        """Return the active seconds since the last call, and begin anew; a pause goes on."""
        self._before_take = (self._last, self._active)
        if not self._paused:
            self.touch()
        active, self._active = self._active, 0.0
        return active
