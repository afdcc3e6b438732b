"""A rater's kit: cases under aliases, pictures, the protocol, and the rater's own work; no identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.imaging.nifti import read_nifti
from core.imaging.volume import EchoSeries, Volume
from core.reading import rules
from core.reading.edits import Edit, EditRoi
from core.reading.protocol import Protocol, parse_protocol
from core.reading.reading import Reading, Status
from core.study import kit_tables as t
from core.study.audit import Record, append, checked, head
from core.study.database import KIT, Database
from core.study.kit_state import add_seconds, load_reading, write_changes
from core.study.pictures import OWN_GRID
from core.study.signing import Signature, make_signature
from core.study.verifying import (
    check_image,
    circumstances,
    image_hashes,
    load_signature,
    mask_hash_after,
    verify_kit,
)

How = Literal["edit", "undo", "redo"]
FILE_NAME = "kit.sqlite"


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

    `volumes` holds "anatomy", "gre3d", "r2star" and "r2star_se" (1/s), "flags" (bits), "iron" (ug Fe/g) as
    far as the case has them and the open step shows them; maps lie on the grid of `echoes`.
    """

    echoes: EchoSeries
    volumes: Mapping[str, Volume]


class Kit:
    """An open kit; no other program can open it until `close`. Threads may call it; they take turns."""

    def __init__(self, path: Path, database: Database) -> None:
        """Use `Kit.open`."""
        self.path = path
        self._database = database
        self._readings: dict[str, Reading] = {}
        with database.transaction() as connection:
            row = connection.execute(sa.select(t.kit)).mappings().first()
        if row is None:
            raise StoreError(f"{path} holds no kit; ask the coordinator for it again")
        self.kit_id: str = row["kit_id"]
        self.study_id: str = row["study_id"]
        self.rater: str = row["rater"]
        self.session: int = row["session"]
        self.protocol: Protocol = parse_protocol(row["protocol"], "the kit's protocol")

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
        if not (path / FILE_NAME).is_file():
            raise StoreError(f"{path} is not a kit; choose the folder NAME.kit that the coordinator gave you")
        database = Database.open(path / FILE_NAME, KIT)
        try:
            return cls(path, database)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the kit; calling it twice is harmless."""
        self._database.close()

    def cases(self) -> tuple[KitCase, ...]:
        """Return the worklist in reading order."""
        with self._database.transaction() as connection:
            rows = connection.execute(sa.select(t.cases).order_by(t.cases.c.position)).mappings().all()
        return tuple(KitCase(r["alias"], r["position"], r["status"], r["step_index"]) for r in rows)

    def reading(self, alias: str) -> Reading:
        """Return the committed state of a case's reading."""
        if alias not in self._readings:
            with self._database.transaction() as connection:
                self._readings[alias] = load_reading(connection, alias)
        return self._readings[alias]

    def images(self, alias: str) -> CaseImages:
        """Return what the reached steps of a case show; may be called from a worker thread.

        Raises
        ------
        StoreError
            If a picture is missing or was altered.
        """
        reading = self.reading(alias)
        shown = {role for step in self.protocol.steps[: reading.step_index + 1] for role in step.shows}
        with self._database.transaction() as connection:
            statement = sa.select(t.images).where(t.images.c.alias == alias, t.images.c.role.in_(shown))
            rows = connection.execute(statement.order_by(t.images.c.number)).mappings().all()
        volumes: dict[str, Volume] = {}
        echoes: list[tuple[float, Volume]] = []
        for row in rows:
            volume = read_nifti(check_image(self.path, row["file"], row["sha256"]))
            if row["role"] == "echoes":
                echoes.append((row["te_ms"], volume))
            else:
                volumes[row["role"]] = Volume(volume.data.astype(np.float32), volume.geometry)
        for role in volumes.keys() - set(OWN_GRID):
            volumes[role] = Volume(volumes[role].data, reading.grid)
        if not echoes:
            raise StoreError(f"case {alias} has no multi-echo series; ask the coordinator for an intact kit")
        magnitude = np.stack([volume.data for _, volume in echoes]).astype(np.float32)
        series = EchoSeries(magnitude, tuple(te for te, _ in echoes), reading.grid)
        return CaseImages(series, volumes)

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
        before = self.reading(alias)
        after = rules.apply_edit(self.protocol, before, edit)
        values: dict[str, object] = {"edit": edit.as_dict(), "how": how}
        if isinstance(edit, EditRoi):
            values["mask_sha256"] = mask_hash_after(after, edit.roi_id)
        return self._commit("edit", before, after, values, seconds)

    def lock_step(self, alias: str) -> Reading:
        """Lock the open step and open the next; InputError where something is missing or it is the last."""
        before = self.reading(alias)
        after = rules.lock_step(self.protocol, before)
        return self._commit("lock", before, after, {"step": self.protocol.steps[before.step_index].id})

    def sign(self, alias: str) -> Reading:
        """Sign a case, for good; InputError with the reason where something is missing."""
        before = self.reading(alias)
        after = rules.sign(self.protocol, before)
        with self._database.transaction() as connection:
            images = image_hashes(connection)[alias]
            around = circumstances(connection, alias, self.protocol, images)
            signature = make_signature(before, around, head(connection, t.audit))
            row = {"alias": alias, "record": signature.record, "sha256": signature.sha256}
            connection.execute(t.signatures.insert().values(**row))
            append(connection, t.audit, "sign", alias=alias, signature_sha256=signature.sha256)
            write_changes(connection, before, after)
        self._readings[alias] = after
        return after

    def add_seconds(self, alias: str, seconds: float) -> None:
        """Add active reading time to a case that is not signed; to a signed one nothing is added."""
        if self.reading(alias).signed:
            return
        with self._database.transaction() as connection:
            add_seconds(connection, alias, seconds)

    def verify(self) -> None:
        """Check chain, signatures, states and pictures; StoreError names the first broken record."""
        with self._database.transaction() as connection:
            try:
                verify_kit(connection, self.path, self.protocol)
            except (StoreError, InputError) as error:
                raise StoreError(f"{self.path}: {error}; ask the coordinator for an intact copy") from error

    def signature(self, alias: str) -> Signature | None:
        """Return the signature of a case, or None where it is not signed."""
        with self._database.transaction() as connection:
            return load_signature(connection, alias)

    def audit_records(self) -> list[Record]:
        """Return the audit trail, each record verified; StoreError at the first that is broken."""
        with self._database.transaction() as connection:
            return list(checked(connection, t.audit))

    def __enter__(self) -> Kit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit(
        self, action: str, before: Reading, after: Reading, values: dict[str, object], seconds: float = 0.0
    ) -> Reading:
        with self._database.transaction() as connection:
            add_seconds(connection, before.alias, seconds)
            write_changes(connection, before, after)
            append(connection, t.audit, action, alias=before.alias, **values)
        # only now: what the window shows as saved is on disk
        self._readings[before.alias] = after
        return after
