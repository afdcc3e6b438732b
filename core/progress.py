"""How long work tells how far it is, and learns that it is no longer wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Progress(Protocol):
    """Given to long work by whoever waits for it."""

    def report(self, fraction: float, what: str) -> None:
        """Say how far the work is: `fraction` from 0 to 1, `what` in a few words without identities."""

    def cancelled(self) -> bool:
        """Whether the work should stop at its next safe place."""


class Silent:
    """A Progress that nobody watches."""

    def report(self, fraction: float, what: str) -> None:
        """Drop the report."""

    def cancelled(self) -> bool:
        """Never cancelled."""
        return False


@dataclass
class Part:
    """A part of longer work: its 0 to 1 lies between two fractions of the whole, which may move on."""

    whole: Progress
    low: float = 0.0
    high: float = 1.0

    def report(self, fraction: float, what: str) -> None:
        """Say it as a fraction of the whole."""
        self.whole.report(self.low + fraction * (self.high - self.low), what)

    def cancelled(self) -> bool:
        """Whether the whole should stop."""
        return self.whole.cancelled()
