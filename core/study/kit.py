"""A rater's kit: cases under aliases, pictures, the protocol, and the rater's own work; no identity."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.errors import InputError, StoreError
from core.imaging.plain_nifti import HEADER_BYTES, plain_shape, plain_volume
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress, Silent
from core.reading import rules
from core.reading.edits import Edit
from core.reading.protocol import Protocol, parse_protocol
from core.reading.reading import Reading, Status
from core.study import clock
from core.study.audit import Record, append, moment_of
from core.study.database import KIT, Database
from core.study.kit_state import coverage_hashes, load_reading
from core.study.pictures import OWN_GRID, check_picture
from core.study.signing import Signature, make_signature

How = Literal["edit", "undo", "redo"]
FILE_NAME = "kit.sqlite"
_WORKLIST = """
    SELECT alias, position, status, step_index,
        step_index > 0
        OR EXISTS (SELECT 1 FROM answers WHERE answers.alias = cases.alias)
        OR EXISTS (SELECT 1 FROM marks WHERE marks.alias = cases.alias AND NOT marks.prescribed)
        OR EXISTS (SELECT 1 FROM rois WHERE rois.alias = cases.alias)
        OR EXISTS (SELECT 1 FROM rulers WHERE rulers.alias = cases.alias) AS begun,
        EXISTS (SELECT 1 FROM answers WHERE answers.alias = cases.alias AND question = 'query') AS flagged
    FROM cases ORDER BY position
"""


@dataclass(frozen=True)
class KitCase:
    """One line of the worklist: the alias, its place in the order from 1, and how far it is.

    `begun`: something was answered, marked, drawn or measured, or a step locked; `flagged`: it has a query.
    """

    alias: str
    position: int
    status: Status
    step_index: int
    begun: bool = False
    flagged: bool = False


@dataclass(frozen=True, eq=False)
class CaseImages:
    """The pictures of a case that the reached steps show.

    `volumes` holds "anatomy", "gre3d", "r2star" and "r2star_se" (1/s), "flags" (bits), "iron" (ug Fe/g) as
    far as the case has them and the open step shows them; maps lie on the grid of `echoes`.
    """

    echoes: EchoSeries
    volumes: Mapping[str, Volume]


class Kit:
    """An open kit; no other program can open it until `close`. Threads may call it; they take turns.

    Opening and looking are plain SQL; what writes imports SQLAlchemy when it is first called.
    """

    def __init__(self, path: Path, database: Database, *, to_read: bool = True) -> None:
        """Use `Kit.open`."""
        self.path = path
        self._database = database
        self._readings: dict[str, Reading] = {}
        columns = "kit_id, study_id, rater, session, protocol, opens_utc, closes_signed"
        found = database.rows(f"SELECT {columns} FROM kit")
        if not found:
            raise StoreError(f"{path} holds no kit; ask the coordinator for it again")
        row = found[0]
        self.kit_id: str = row["kit_id"]
        self.study_id: str = row["study_id"]
        self.rater: str = row["rater"]
        self.session: int = row["session"]
        self.opens_utc: str | None = row["opens_utc"]
        # a case that comes a second time: what was answered the first time is out of reach
        self._closing = to_read and bool(row["closes_signed"])
        self.protocol: Protocol = parse_protocol(row["protocol"], "the kit's protocol")

    @classmethod
    def open(cls, path: Path, *, to_read: bool = True) -> Kit:
        """Open a kit folder for this program alone.

        Parameters
        ----------
        path : Path
            The folder.
        to_read : bool
            Whether a rater opens it; who collects or checks it need not wait for the washout.

        Raises
        ------
        InputError
            If the washout of the session is not over; that it was tried is recorded.
        StoreError
            If it is not a kit, is damaged, on a network drive or open in another program.
        StoreVersionError
            If a newer FerroRead wrote it.
        """
        if not (path / FILE_NAME).is_file():
            raise StoreError(f"{path} is not a kit; choose the folder NAME.kit that the coordinator gave you")
        database = Database.open(path / FILE_NAME, KIT)
        try:
            kit = cls(path, database, to_read=to_read)
            if to_read and kit.opens_utc is not None:
                kit._refuse_early(kit.opens_utc)
            return kit
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the kit; calling it twice is harmless."""
        self._database.close()

    def prepare(self) -> None:
        """Import what writes, so that the first edit does not wait for it; for a worker thread."""
        from core.study import kit_changes, verifying  # noqa: F401

        with self._database.transaction():
            pass

    def cases(self) -> tuple[KitCase, ...]:
        """Return the worklist in reading order."""
        return tuple(
            KitCase(row["alias"], row["position"], row["status"], row["step_index"],
                    bool(row["begun"]), bool(row["flagged"]))
            for row in self._database.rows(_WORKLIST)
        )  # fmt: skip

    def reading(self, alias: str) -> Reading:
        """Return the committed state of a case's reading.

        Raises
        ------
        InputError
            If it is signed and this kit shows no signed case again.
        """
        reading = self._held(alias)
        if reading.signed and self._closing:
            raise InputError(f"case {alias} is signed; in this session no case is opened again")
        return reading

    def _held(self, alias: str) -> Reading:
        if alias not in self._readings:
            self._readings[alias] = load_reading(self._database.rows, alias)
        return self._readings[alias]

    def images(self, alias: str, progress: Progress | None = None) -> CaseImages:
        """Return what the reached steps of a case show; may be called from a worker thread.

        Parameters
        ----------
        alias : str
            The case.
        progress : Progress
            Asked before every picture; cancelled() stops with InputError.

        Raises
        ------
        StoreError
            If a picture is missing or was altered.
        """
        progress = progress or Silent()
        reading, rows = self.reading(alias), self._pictures(alias)
        te_ms = tuple(row["te_ms"] for row in rows if row["role"] == "echoes")
        if not te_ms:
            raise StoreError(f"case {alias} has no multi-echo series; ask the coordinator for an intact kit")
        magnitude = np.empty((len(te_ms), *reading.grid.shape), dtype=np.float32)
        echoes, volumes = iter(magnitude), dict[str, Volume]()
        for row in rows:
            if progress.cancelled():
                raise InputError("reading the pictures was stopped")
            role, volume = row["role"], self._picture(row["file"], row["sha256"])
            if role not in OWN_GRID:
                volume = Volume(volume.data, reading.grid)
            if role == "echoes":
                next(echoes)[...] = volume.data
            else:
                volumes[role] = Volume(volume.data.astype(np.float32), volume.geometry)
        return CaseImages(EchoSeries(magnitude, te_ms, reading.grid), volumes)

    def image_bytes(self, alias: str) -> int:
        """Return how much memory `images` takes, from the headers of the files.

        Raises
        ------
        StoreError
            If a picture is missing or is none.
        """
        values = 0
        for row in self._pictures(alias):
            try:
                with (self.path / row["file"]).open("rb") as stream:
                    values += math.prod(plain_shape(stream.read(HEADER_BYTES)))
            except (OSError, InputError) as error:
                raise StoreError(f"the picture {row['file']} is missing or cannot be read") from error
        return values * np.dtype(np.float32).itemsize

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
        before = self._held(alias)
        after = rules.apply_edit(self.protocol, before, edit)
        values: dict[str, object] = {"edit": edit.as_dict(), "how": how}
        drawn = coverage_hashes(edit, after)
        if drawn:
            values["coverage_sha256"] = drawn
        return self._commit("edit", before, after, values, seconds)

    def lock_step(self, alias: str) -> Reading:
        """Lock the open step and open the next; InputError where something is missing or it is the last."""
        before = self._held(alias)
        after = rules.lock_step(self.protocol, before)
        return self._commit("lock", before, after, {"step": self.protocol.steps[before.step_index].id})

    def sign(self, alias: str) -> Reading:
        """Sign a case, for good; InputError with the reason where something is missing."""
        before = self._held(alias)
        after = rules.sign(self.protocol, before)
        from core.study import kit_tables as t
        from core.study.audit import head
        from core.study.kit_changes import write_changes
        from core.study.verifying import circumstances, image_hashes

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
        if self._held(alias).signed:
            return
        from core.study.kit_changes import add_seconds

        with self._database.transaction() as connection:
            add_seconds(connection, alias, seconds)

    def verify(self) -> None:
        """Check chain, signatures, states and pictures; StoreError names the first broken record."""
        from core.study.verifying import verify_kit

        with self._database.transaction() as connection:
            try:
                verify_kit(connection, self.path, self.protocol)
            except (StoreError, InputError) as error:
                raise StoreError(f"{self.path}: {error}; ask the coordinator for an intact copy") from error

    def signature(self, alias: str) -> Signature | None:
        """Return the signature of a case, or None where it is not signed."""
        from core.study.verifying import load_signature

        with self._database.transaction() as connection:
            return load_signature(connection, alias)

    def audit_records(self) -> list[Record]:
        """Return the audit trail, each record verified; StoreError at the first that is broken."""
        from core.study import kit_tables as t
        from core.study.audit import checked

        with self._database.transaction() as connection:
            return list(checked(connection, t.audit))

    def __enter__(self) -> Kit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_early(self, opens_utc: str) -> None:
        # edits are left out, which can be large; the last record of any kind stands for the latest of them
        sql = 'SELECT content FROM audit WHERE content NOT LIKE \'{"action":"edit"%\' '
        sql += "OR sequence = (SELECT max(sequence) FROM audit) ORDER BY sequence"
        seen = [moment_of(json.loads(row["content"])) for row in self._database.rows(sql)]
        now = clock.judge(seen, clock.moment())
        left = clock.days_between(now.utc, opens_utc)
        if left <= 0:
            return
        from core.study import kit_tables as t

        with self._database.transaction() as connection:
            append(connection, t.audit, "refused", days_left=round(left, 3))
        if now.forward_days:
            raise InputError(
                f"this session opens on {opens_utc[:10]}; the clock of this computer was set forward, and "
                "that time does not count: set it right, or ask the coordinator"
            )
        raise InputError(
            f"this session opens on {opens_utc[:10]}, in {left:.1f} days; come back then, or ask the "
            "coordinator"
        )

    def _pictures(self, alias: str) -> Sequence[Mapping[str, Any]]:
        """Return the rows of what the reached steps of a case show, echoes in their order."""
        steps = self.protocol.steps[: self.reading(alias).step_index + 1]
        shown = sorted({role for step in steps for role in step.shows})
        columns, marks = "role, file, sha256, te_ms", ", ".join("?" * len(shown))
        sql = f"SELECT {columns} FROM images WHERE alias = ? AND role IN ({marks}) ORDER BY number"
        return self._database.rows(sql, alias, *shown)

    def _picture(self, file: str, sha256: str) -> Volume:
        content = check_picture(self.path, file, sha256)
        try:
            return plain_volume(content)
        except InputError as error:
            raise StoreError(f"the picture {file} {error}; ask the coordinator for an intact kit") from error

    def _commit(
        self, action: str, before: Reading, after: Reading, values: dict[str, object], seconds: float = 0.0
    ) -> Reading:
        from core.study import kit_tables as t
        from core.study.kit_changes import add_seconds, write_changes

        with self._database.transaction() as connection:
            add_seconds(connection, before.alias, seconds)
            write_changes(connection, before, after)
            append(connection, t.audit, action, alias=before.alias, **values)
        # only now: what the window shows as saved is on disk
        self._readings[before.alias] = after
        return after
