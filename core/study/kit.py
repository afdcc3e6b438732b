"""A rater's kit: cases under aliases, pictures, the protocol, and the rater's own work; no identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.imaging.volume import EchoSeries, Volume
from core.reading.edits import Edit
from core.reading.protocol import Protocol
from core.reading.reading import Reading, Status

How = Literal["edit", "undo", "redo"]


@dataclass(frozen=True)
class KitCase:
    """One line of the worklist: the alias, its place in the order from 1, and how far it is."""

    alias: str
    position: int
    status: Status
    step_index: int


@dataclass(frozen=True, eq=False)
class CaseImages:
    """The pictures of a case that the reached steps show.

    `volumes` holds "anatomy", "gre3d", "r2star" (1/s), "iron" (ug Fe/g) as far as the case has them and
    the open step shows them; maps lie on the grid of `echoes`.
    """

    echoes: EchoSeries
    volumes: Mapping[str, Volume]


class Kit:
    """An open kit; no other program can open it until `close`."""

    path: Path
    kit_id: str
    rater: str
    session: int
    protocol: Protocol

    @classmethod
    def open(cls, path: Path) -> Kit:
        """Open a kit folder for this program alone.

        Raises
        ------
        StoreError
            If it is not a kit, is damaged, on a network drive or open in another program.
        StoreVersionError
            If a newer FerroRead wrote it.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the kit; calling it twice is harmless."""
        raise NotImplementedError

    def cases(self) -> tuple[KitCase, ...]:
        """Return the worklist in reading order."""
        raise NotImplementedError

    def reading(self, alias: str) -> Reading:
        """Return the committed state of a case's reading."""
        raise NotImplementedError

    def images(self, alias: str) -> CaseImages:
        """Return what the reached steps of a case show; may be called from a worker thread."""
        raise NotImplementedError

    def record(self, alias: str, edit: Edit, *, how: How = "edit", seconds: float = 0.0) -> Reading:
        """Commit one edit; when this returns, it is on disk.

        Parameters
        ----------
        alias : str
            The case.
        edit : Edit
            What was done.
        how : {"edit", "undo", "redo"}
            Whether it is new, or takes an edit back, or does one again; kept in the audit trail.
        seconds : float
            Active seconds on this case since the last call, added in the same commit.

        Raises
        ------
        InputError
            If the rules of reading forbid the edit; the reason is for the rater.
        StoreError
            If it could not be written; nothing has changed then, and the edit can be tried again.
        """
        raise NotImplementedError

    def lock_step(self, alias: str) -> Reading:
        """Lock the open step and open the next; InputError where something is missing or it is the last."""
        raise NotImplementedError

    def sign(self, alias: str) -> Reading:
        """Sign a case, for good; InputError with the reason where something is missing."""
        raise NotImplementedError

    def add_seconds(self, alias: str, seconds: float) -> None:
        """Add active reading time to a case that is not signed."""
        raise NotImplementedError

    def verify(self) -> None:
        """Check chain, signatures, states and pictures; StoreError names the first broken record."""
        raise NotImplementedError

    def __enter__(self) -> Kit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
