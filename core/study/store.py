"""The coordinator's study: subjects, scans, reference standard, the key, and collected readings."""

from __future__ import annotations

import json
import math
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from core.errors import DamagedError, InputError, StoreError
from core.files import whole_folder
from core.imaging.geometry import Geometry
from core.imaging.plain_nifti import HEADER_BYTES, plain_geometry, plain_type
from core.imaging.volume import Volume
from core.reading.protocol import Protocol, parse_protocol
from core.relaxometry.calibration import Calibration
from core.study import tables as t
from core.study import witness
from core.study.audit import Record, append, canonical, checked, digest, from_json, head, utc_now
from core.study.kit_state import grid_from_text, grid_text
from core.study.names import one_spelling
from core.study.people import Person, let_in_by_server, require
from core.study.pictures import OWN_GRID, Picture, read_scan, volumes_of, write_pictures
from core.study.records import (
    IcpMs,
    KeyEntry,
    KitStatus,
    Scan,
    ScanImages,
    SignedReading,
    StudyData,
    Subject,
    Target,
)
from core.study.study_database import create_database, open_database
from core.study.study_place import refuse_place
from core.study.study_verifying import (
    altered_tables,
    note_altered,
    note_tables,
    refuse_altered,
    verify_records,
    verify_study,
    verify_tables,
)
from core.study.tells import Looks, looks_of
from core.study.witness import LostKit

if TYPE_CHECKING:
    from core.study.database import Database
    from core.study.server import ServerDatabase


class Study:
    """An open study; no other program can open it until `close`."""

    def __init__(self, path: Path, database: Database | ServerDatabase) -> None:
        """Use `Study.create` or `Study.open`."""
        self.path = path
        self.database = database
        with database.transaction() as connection:
            row = connection.execute(sa.select(t.study)).mappings().first()
            named = connection.execute(sa.select(t.people.c.number).limit(1)).first()
        if row is None:
            raise StoreError(f"{path} holds no study; restore it from a backup")
        database.before_commit = note_tables
        self.has_people = named is not None  # no other program names any while this one has the study
        self.person: Person | None = None  # who has logged in, where the study has people
        self._witnessed = 0  # the newest record that the witness has been told
        self.study_id: str = row["study_id"]
        self.name: str = row["name"]

    @classmethod
    def create(cls, path: Path, name: str, server: str = "") -> Study:
        """Make a new study in a new folder, with its database on a server where an address of one is given.

        Raises
        ------
        InputError
            If the folder is there already, or the name is empty.
        StoreError
            If the place is a network drive or cannot be written, or the server does not serve.
        """
        if not name.strip():
            raise InputError("a study needs a name; give it with --name")
        if not name.strip().isprintable():
            raise InputError("a study's name is one line of letters that can be printed; give another")
        refuse_place(path, server)
        with whole_folder(path, result=False) as draft:
            (draft / "maps").mkdir()
            (draft / "kits").mkdir()
            witness.add(draft, [])
            create_database(draft, server, partial(_begin, name.strip()))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Study:
        """Open a study's folder for this program alone.

        Raises
        ------
        StoreError
            If it is not a study, is damaged, on a network drive or open in another program.
        DamagedError
            If its file cannot be read, or a record of its trail was altered.
        StoreVersionError
            If a newer FerroRead wrote it.
        """
        database = open_database(path)
        try:
            study = cls(path, database)
            with database.transaction() as connection:
                try:
                    refuse_altered(connection)
                    note_altered(connection)
                except StoreError as error:
                    raise DamagedError(f"{path}: {error}; restore it from a backup") from error
            study._meet_witness()
            let_in_by_server(study)
            return study
        except BaseException:
            database.close()
            raise

    def let_in(self, person: Person | None) -> None:
        """Have everything from now on done by this person (`core.study.log_in`); None: by nobody known."""
        self.person = person
        self.database.actor = person.name if person is not None else ""

    def log_out(self) -> None:
        """Have nobody be at the study any more, and record it; harmless where nobody is."""
        if self.person is not None:
            # a file that cannot be written any more can be let go of
            with suppress(StoreError), self.database.transaction() as connection:
                append(connection, t.audit, "log_out")
            self.let_in(None)

    def close(self) -> None:
        """Let go of the study, and log out who is at it; calling it twice is harmless."""
        self.log_out()
        self.database.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # what is put in

    def add_scan(
        self,
        subject: str,
        group: str,
        visit: str,
        images: ScanImages,
        sources: Sequence[tuple[str, str]] = (),
        field_source: str = "user",
        *,
        burned_in: str = "",
    ) -> Scan:
        """Keep a scan with its pictures, and the paths and SHA-256 of the files it came from.

        `burned_in` is what the coordinator decided on text in the pixels; it goes on record.

        Raises
        ------
        InputError
            If its field is unknown, the subject is in another group, or this subject, visit and field
            are in the study already.
        """
        require(self, "scans")
        field_t = images.echoes.field_t
        if field_t is None:
            raise InputError(f"the field of {subject}, {visit} is not known; give it in the manifest")
        if not (subject and group and visit):
            raise InputError("a scan needs subject, group and visit; fill them in the manifest")
        scan = Scan(uuid.uuid4().hex, subject, group, visit, float(field_t))
        self.refuse_known(scan)
        folder = self.path / "maps" / scan.scan_id
        with whole_folder(folder, result=False) as draft:
            pictures = write_pictures(draft, volumes_of(images))
        facts = {**images.facts, "sigma": _finite(images.sigma), "method": images.fit_method}
        with self._writing(folder) as connection:
            self._insert_subject(connection, Subject(subject, group))
            connection.execute(
                t.scans.insert().values(
                    scan_id=scan.scan_id,
                    subject=subject,
                    visit=visit,
                    field_t=scan.field_t,
                    field_source=field_source,
                    grid=grid_text(images.echoes.geometry),
                    facts=canonical(facts),
                )
            )
            _insert_pictures(connection, scan.scan_id, pictures)
            for path, sha256 in sources:
                connection.execute(t.sources.insert().values(scan_id=scan.scan_id, path=path, sha256=sha256))
            append(connection, t.audit, "add_scan", scan=scan.scan_id, subject=subject, visit=visit,
                   field_t=scan.field_t, sources=digest(canonical(sorted(map(list, sources)))),
                   burned_in=burned_in)  # fmt: skip
        return scan

    def set_iron(
        self, scan_id: str, iron_ug_per_g: Volume, se_ug_per_g: Volume, facts: Mapping[str, Any]
    ) -> None:
        """Keep the iron maps of a scan (ug Fe/g and standard error) and what they were made with."""
        require(self, "iron")
        folder = self.path / "maps" / scan_id / f"iron-{uuid.uuid4().hex[:8]}"
        maps = [("iron", 0, None, iron_ug_per_g), ("iron_se", 0, None, se_ug_per_g)]
        with whole_folder(folder, result=False) as draft:
            pictures = write_pictures(draft, maps)
        with self._writing(folder) as connection:
            roles = [picture.role for picture in pictures]
            chosen = (t.images.c.scan_id == scan_id, t.images.c.role.in_(roles))
            connection.execute(t.images.delete().where(*chosen))
            _insert_pictures(connection, scan_id, pictures, folder.name)
            old = connection.execute(
                sa.select(t.scans.c.facts).where(t.scans.c.scan_id == scan_id)
            ).scalar_one()
            text = canonical({**_facts(old), **facts})
            connection.execute(t.scans.update().where(t.scans.c.scan_id == scan_id).values(facts=text))
            append(connection, t.audit, "set_iron", scan=scan_id, facts=dict(facts))

    def set_targets(self, targets: Sequence[Target]) -> None:
        """Keep targets of the reference standard; one that is there already is replaced, and audited."""
        require(self, "targets")
        with self.database.transaction() as connection:
            for target in targets:
                self._require_subject(connection, target.subject)
                x, y, z = target.centre_mm or (None, None, None)
                row = {
                    "subject": target.subject, "target": target.target, "kind": target.kind,
                    "malignant": target.malignant, "diameter_mm": target.diameter_mm,
                    "x_mm": x, "y_mm": y, "z_mm": z,
                }  # fmt: skip
                _replace(connection, t.targets, ("subject", "target"), row)
                append(connection, t.audit, "set_target", **row)

    def set_icpms(self, values: Sequence[IcpMs]) -> None:
        """Keep ICP-MS results; one that is there already is replaced, and audited.

        Raises
        ------
        InputError
            If a subject has no scan of the visit: nothing would ever be compared with the value.
        """
        require(self, "iron")
        with self.database.transaction() as connection:
            for value in values:
                self._require_subject(connection, value.subject)
                visits = sa.select(t.scans.c.visit).where(t.scans.c.subject == value.subject).distinct()
                known = sorted(connection.execute(visits).scalars())
                if value.visit not in known:
                    raise InputError(
                        f"ICP-MS of {value.subject} names the visit {value.visit!r}, and its scans are of "
                        f"{', '.join(known)}; correct one of them"
                    )
                row = dict(vars(value))
                _replace(connection, t.icpms, ("subject", "visit"), row)
                append(connection, t.audit, "set_icpms", **row)

    def set_calibration(self, calibration: Calibration) -> None:
        """Keep the calibration of a field; an older one of the same field is replaced, and audited."""
        require(self, "iron")
        text = canonical(calibration.as_json())
        row = {"field_t": calibration.field_t, "content": text, "sha256": digest(text)}
        with self.database.transaction() as connection:
            _replace(connection, t.calibrations, ("field_t",), row)
            append(connection, t.audit, "set_calibration", field_t=row["field_t"], sha256=row["sha256"])

    # what is in it

    def subjects(self) -> tuple[Subject, ...]:
        """Return all subjects by name."""
        rows = self._rows(sa.select(t.subjects).order_by(t.subjects.c.subject))
        return tuple(Subject(row["subject"], row["group_name"]) for row in rows)

    def scans(self) -> tuple[Scan, ...]:
        """Return all scans by subject, visit and field."""
        columns = (t.scans.c.scan_id, t.scans.c.subject, t.subjects.c.group_name, t.scans.c.visit)
        statement = sa.select(*columns, t.scans.c.field_t).join(t.subjects)
        order = (t.scans.c.subject, t.scans.c.visit, t.scans.c.field_t)
        return tuple(Scan(*row.values()) for row in self._rows(statement.order_by(*order)))

    def grids(self) -> dict[str, Geometry]:
        """Return by scan id the grid of its multi-echo series, in the scanner's own LPS mm."""
        rows = self._rows(_of_scans)
        return {row["scan_id"]: grid_from_text(row["grid"]) for row in rows}

    def training_subjects(self) -> frozenset[str]:
        """Return the subjects whose scans are for training alone (`core.study.training_set`)."""
        return frozenset(row["subject"] for row in self._rows(sa.select(t.training_subjects)))

    def training_answers(self, subject: str) -> Sequence[sa.RowMapping]:
        """Return what is expected of a training subject's readings."""
        statement = sa.select(t.training_answers).where(t.training_answers.c.subject == subject)
        return self._rows(statement.order_by(t.training_answers.c.number))

    def scans_to_read(self) -> tuple[Scan, ...]:
        """Return all scans but those for training."""
        training = self.training_subjects()
        return tuple(scan for scan in self.scans() if scan.subject not in training)

    def images(self, scan_id: str) -> ScanImages:
        """Return the pictures of a scan in the scanner's own LPS mm.

        Raises
        ------
        InputError
            If there is no such scan.
        StoreError
            If a picture is missing or was altered.
        """
        require(self, "images")
        scans = self._rows(sa.select(t.scans).where(t.scans.c.scan_id == scan_id))
        if not scans:
            raise InputError(f"the study has no scan {scan_id}")
        rows = self._rows(_of_images.where(t.images.c.scan_id == scan_id))
        pictures = [Picture(r["role"], r["number"], r["file"], r["sha256"], r["te_ms"]) for r in rows]
        scan = scans[0]
        folder = self.path / "maps" / scan_id
        grid, facts = grid_from_text(scan["grid"]), _facts(scan["facts"])
        return read_scan(folder, pictures, grid, scan["field_t"], facts)

    def looks(self) -> dict[str, Looks]:
        """Return how every scan presents itself, by scan id (see `core.study.tells`)."""
        pictures: dict[str, list[sa.RowMapping]] = {}
        for row in self._rows(_of_images):
            pictures.setdefault(row["scan_id"], []).append(row)
        found = {}
        for scan in self._rows(_of_scans):
            rows = pictures.get(scan["scan_id"], [])
            headers = [(row["role"], self._header(scan["scan_id"], row["file"])) for row in rows]
            scanned = [(role, header) for role, header in headers if role in ("echoes", *OWN_GRID)]
            found[scan["scan_id"]] = looks_of(
                grid_from_text(scan["grid"]),
                [row["te_ms"] for row in rows if row["role"] == "echoes"],
                {row["role"] for row in rows},
                {role: plain_geometry(header) for role, header in headers if role in OWN_GRID},
                {role for role, header in scanned if plain_type(header).kind == "f"},
            )
        return found

    def common_types(self, scan_ids: Collection[str]) -> dict[str, np.dtype[Any]]:
        """Return by role the type that holds the stored values of these scans' pictures without loss."""
        found: dict[str, np.dtype[Any]] = {}
        for row in self._rows(_of_images.where(t.images.c.scan_id.in_(scan_ids))):
            stored = plain_type(self._header(row["scan_id"], row["file"]))
            found[row["role"]] = np.result_type(found.get(row["role"], stored), stored)
        return found

    def _header(self, scan_id: str, file: str) -> bytes:
        """Return the header of a picture; StoreError where there is none."""
        path = self.path / "maps" / scan_id / file
        try:
            with path.open("rb") as stream:
                header = stream.read(HEADER_BYTES)
            plain_type(header)
        except (OSError, ValueError, InputError) as error:
            raise StoreError(f"{path} is missing or was altered; restore it from a backup") from error
        return header

    def targets(self) -> tuple[Target, ...]:
        """Return the targets of the reference standard."""
        rows = self._rows(sa.select(t.targets).order_by(t.targets.c.subject, t.targets.c.target))
        return tuple(_target(row) for row in rows)

    def icpms(self) -> tuple[IcpMs, ...]:
        """Return the ICP-MS results."""
        rows = self._rows(sa.select(t.icpms).order_by(t.icpms.c.subject, t.icpms.c.visit))
        return tuple(IcpMs(**row) for row in rows)

    def calibrations(self) -> tuple[Calibration, ...]:
        """Return the calibrations, one per field."""
        rows = self._rows(sa.select(t.calibrations).order_by(t.calibrations.c.field_t))
        return tuple(_calibration(row) for row in rows)

    def protocols(self) -> dict[str, Protocol]:
        """Return the protocols that kits were dealt with, by SHA-256."""
        rows = self._rows(sa.select(t.protocols).order_by(t.protocols.c.sha256))
        return {row["sha256"]: parse_protocol(row["content"], "the study's protocol") for row in rows}

    def kits(self) -> tuple[KitStatus, ...]:
        """Return the kits dealt, and how many readings of each were collected; training does not count."""
        cases = sa.select(t.kit_cases.c.kit_id, sa.func.count().label("cases"),
                          sa.func.count(t.readings.c.alias).label("collected"))  # fmt: skip
        cases = cases.outerjoin(t.readings).where(t.kit_cases.c.training_round == 0)
        counted = cases.group_by(t.kit_cases.c.kit_id).subquery()
        statement = sa.select(t.kits, counted.c.cases, counted.c.collected).join(
            counted, counted.c.kit_id == t.kits.c.kit_id
        )
        dealt = sa.select(t.audit.c.content).where(t.audit.c.content.like('{"action":"deal",%'))
        told = [json.loads(row["content"]) for row in self._rows(dealt)]
        folders = {values["kit_id"]: values.get("folder", "") for values in told}
        columns = ("kit_id", "rater", "session", "dealt_utc", "cases", "collected", "purpose")
        rows = self._rows(statement.order_by(t.kits.c.dealt_utc, t.kits.c.session))
        spelt = one_spelling((row["rater"], row["session"]) for row in rows)
        kits = (
            KitStatus(
                **{name: row[name] for name in columns} | {"rater": spelt[row["rater"]]},
                folder=folders.get(row["kit_id"], ""),
            )
            for row in rows
        )
        return tuple(sorted(kits, key=lambda kit: (kit.rater, kit.session)))

    def signed_readings(self) -> tuple[SignedReading, ...]:
        """Return the collected readings, unblinded, by rater, session and place in the order; no training."""
        from core.study.signed import signed_readings  # noqa: PLC0415 - it looks into studies

        return signed_readings(self)

    def data(self) -> StudyData:
        """Return everything that the statistics ask for.

        Raises
        ------
        StoreError
            If something of it is not as this program wrote it; the message names it.
        """
        # they look into studies
        from core.study.adjudicating import adjudicated  # noqa: PLC0415
        from core.study.inputs import study_inputs  # noqa: PLC0415
        from core.study.sessions import session_facts  # noqa: PLC0415
        from core.study.training_set import training_results  # noqa: PLC0415

        self._check(verify_records)
        return StudyData(
            readings=self.signed_readings(),
            protocols=self.protocols(),
            scans=self.scans_to_read(),
            targets=self.targets(),
            icpms=self.icpms(),
            images=self.images,
            sessions=session_facts(self),
            training=training_results(self),
            adjudicated=adjudicated(self),
            inputs=study_inputs(self),
        )

    def key_entries(self) -> tuple[KeyEntry, ...]:
        """Return alias to identity for every kit; a person gets it from `core.study.unblinding.show_key`."""
        require(self, "key")
        columns = (t.kits.c.kit_id, t.kits.c.session, t.kit_cases.c.alias, t.kit_cases.c.position)
        what = (t.scans.c.subject, t.subjects.c.group_name, t.scans.c.visit, t.scans.c.field_t)
        statement = (
            sa.select(*columns, *what)
            .select_from(t.kit_cases)
            .join(t.kits)
            .join(t.scans, t.scans.c.scan_id == t.kit_cases.c.scan_id)
            .join(t.subjects, t.subjects.c.subject == t.scans.c.subject)
            .where(t.kit_cases.c.training_round == 0)
            .order_by(t.kit_cases.c.position)
        )
        rater_of = {kit.kit_id: kit.rater for kit in self.kits()}
        rows: list[tuple[Any, ...]] = [tuple(row.values()) for row in self._rows(statement)]
        entries = (KeyEntry(rater_of[kit_id], *rest) for kit_id, *rest in rows)
        return tuple(sorted(entries, key=lambda entry: (entry.rater, entry.session)))

    def verify(self, anchor: tuple[int, str] | None = None) -> Record:
        """Check chain, tables, collected signatures and pictures; return the newest record.

        Parameters
        ----------
        anchor : (int, str), optional
            Sequence number and SHA-256 of a record that an export anchored: a chain alone misses a cut tail.

        Raises
        ------
        StoreError
            At the first record that is broken or missing; the message names it.
        """
        self._check(partial(verify_study, folder=self.path, anchor=anchor))
        with self.database.transaction() as connection:
            found = head(connection, t.audit)
        if found is None:
            raise StoreError(f"{self.path}: audit record 1 is missing; restore it from a backup")
        return found

    def refuse_altered(self) -> None:
        """Raise StoreError where a record or table is not as this program left it: nothing builds on it."""
        self._check(verify_tables)

    def altered(self) -> list[str]:
        """Return which tables were found altered behind the program's back when the study was opened."""
        with self.database.transaction() as connection:
            return altered_tables(connection)

    def _check(self, verify: Callable[[sa.Connection], None]) -> None:
        with self.database.transaction() as connection:
            try:
                verify(connection)
            except StoreError as error:
                raise StoreError(f"{self.path}: {error}; restore it from a backup") from error
            except (
                InputError, LookupError, AttributeError, TypeError, ValueError, sa.exc.InvalidRequestError,
            ) as error:  # fmt: skip
                # a record or a row that is none, or not one
                raise StoreError(f"{self.path} is damaged; restore it from a backup") from error

    def audit_records(self) -> list[Record]:
        """Return the audit trail, each record verified; StoreError at the first that is broken."""
        require(self, "trail")
        with self.database.transaction() as connection:
            return list(checked(connection, t.audit))

    def note_export(self, what: str) -> Record:
        """Record that something is exported; return the record, which the export anchors.

        Raises
        ------
        StoreError
            If it cannot be written; nothing is to be exported then.
        """
        require(self, "trail" if what == "audit" else "answers")
        with self.database.transaction() as connection:
            return append(connection, t.audit, "export", what=what)

    def lost_kits(self) -> list[LostKit]:
        """Return kits that were dealt and that this study, put back from a backup, knows nothing else of."""
        with self.database.transaction() as connection:
            return witness.lost_kits(connection)

    def lost_people(self) -> tuple[list[str], list[str]]:
        """Return who was named and who was retired after the backup that was put back was made."""
        with self.database.transaction() as connection:
            return witness.lost_people(connection)

    def may_have_forgotten(self) -> bool:
        """Tell whether something may have been dealt or shown that neither trail nor witness tells of."""
        with self.database.transaction() as connection:
            return witness.was_gone(connection)

    def refuse_known(self, scan: Scan) -> None:
        """Raise InputError where a scan cannot be added: it is there, or its subject is in another group."""
        for subject in self.subjects():
            if subject.subject == scan.subject and subject.group != scan.group:
                raise InputError(
                    f"{scan.subject} is in group {subject.group!r} already, not in {scan.group!r}; "
                    "correct the manifest"
                )
        what = (scan.subject, scan.visit, scan.field_t)
        if what in {(known.subject, known.visit, known.field_t) for known in self.scans()}:
            raise InputError(f"{scan.subject}, {scan.visit}, {scan.field_t:g} T is in the study already")

    def _meet_witness(self) -> None:
        """Let trail and witness tell each other what they lack, now and after every change."""
        with self.database.transaction() as connection:
            witness.bring_up(connection, self.path)
        self._tell_witness()
        self.database.after_commit = self._after_commit

    def _after_commit(self) -> None:
        # what is on disk is not taken back for a witness that cannot be written: opening the study says so
        with suppress(StoreError):
            self._tell_witness()

    def _tell_witness(self) -> None:
        with self.database.transaction() as connection:
            lines, newest = witness.of_trail(connection, self._witnessed), head(connection, t.audit)
        if lines or not self._witnessed:
            witness.add(self.path, lines)
        self._witnessed = newest.sequence if newest else 0

    def _rows(self, statement: sa.Select[Any]) -> Sequence[sa.RowMapping]:
        with self.database.transaction() as connection:
            return connection.execute(statement).mappings().all()

    @contextmanager
    def _writing(self, folder: Path) -> Iterator[sa.Connection]:
        """Give a transaction; if it fails, the pictures just written go too."""
        try:
            with self.database.transaction() as connection:
                yield connection
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @staticmethod
    def _insert_subject(connection: sa.Connection, subject: Subject) -> None:
        known = sa.select(t.subjects.c.subject).where(t.subjects.c.subject == subject.subject)
        if connection.execute(known).first() is None:
            row = {"subject": subject.subject, "group_name": subject.group}
            connection.execute(t.subjects.insert().values(**row))

    @staticmethod
    def _require_subject(connection: sa.Connection, subject: str) -> None:
        known = sa.select(t.subjects.c.subject).where(t.subjects.c.subject == subject)
        if connection.execute(known).first() is None:
            raise InputError(f"the study has no subject {subject!r}; add its scans first")


# a server gives rows in no order of its own
_of_images = sa.select(t.images).order_by(*t.images.primary_key)
_of_scans = sa.select(t.scans).order_by(t.scans.c.subject, t.scans.c.visit, t.scans.c.field_t)


def _begin(name: str, connection: sa.Connection) -> None:
    row = {"study_id": uuid.uuid4().hex, "name": name, "created_utc": utc_now()}
    connection.execute(t.study.insert().values(**row))
    append(connection, t.audit, "create", name=name, witness=True)


def _insert_pictures(
    connection: sa.Connection, scan_id: str, pictures: Sequence[Picture], folder: str = ""
) -> None:
    for picture in pictures:
        row = {**vars(picture), "file": f"{folder}/{picture.file}" if folder else picture.file}
        connection.execute(t.images.insert().values(scan_id=scan_id, **row))


def _replace(
    connection: sa.Connection, table: sa.Table, keys: tuple[str, ...], row: Mapping[str, Any]
) -> None:
    connection.execute(table.delete().where(*(table.c[key] == row[key] for key in keys)))
    connection.execute(table.insert().values(**row))


def _target(row: sa.RowMapping) -> Target:
    where = (row["x_mm"], row["y_mm"], row["z_mm"])
    return Target(
        row["subject"], row["target"], row["kind"], row["malignant"], row["diameter_mm"],
        None if None in where else where,
    )  # fmt: skip


def _facts(text: str) -> dict[str, Any]:
    """Return what a map was made with from a scan's row; StoreError where it is damaged."""
    try:
        return dict(from_json(text))
    except (TypeError, ValueError) as error:
        raise StoreError("the facts of a scan are damaged; restore the study from a backup") from error


def _calibration(row: sa.RowMapping) -> Calibration:
    try:
        return Calibration.from_json(from_json(row["content"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"the calibration of {row['field_t']} T is damaged; restore the study from a backup"
        ) from error


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
