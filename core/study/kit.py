"""A rater's kit: cases under aliases, pictures, the protocol, and the rater's own work; no identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from core.errors import InputError, StoreError
from core.progress import Progress, Silent
from core.reading import rules
from core.reading.conduct import GuessOf, Training
from core.reading.edits import Edit
from core.reading.protocol import Protocol
from core.reading.reading import Reading, Status
from core.reading.training import Feedback, TrainingState, feedback, training_state
from core.study import kit_people
from core.study.audit import Record, append
from core.study.database import KIT, Database
from core.study.kit_opening import protocol_of, refuse_early
from core.study.kit_people import LogIn, Retired
from core.study.kit_pictures import CaseImages, KitPictures
from core.study.kit_state import Opinion, coverage_hashes, expected_from, load_reading, opinions_from
from core.study.rater_key import USUAL, Cost, fingerprint
from core.study.signing import Signature

if TYPE_CHECKING:
    import sqlalchemy as sa

How = Literal["edit", "undo", "redo"]
FILE_NAME = "kit.sqlite"
# one line: the server that the kit was fetched from, without a password
SERVER_FILE = "kit.server"
# readings held: the one that is open, those beside it, and one to spare
_HELD = 4
_WORKLIST = """
    SELECT alias, position, status, step_index,
        step_index > 0
        OR EXISTS (SELECT 1 FROM answers WHERE answers.alias = cases.alias)
        OR EXISTS (SELECT 1 FROM marks WHERE marks.alias = cases.alias AND NOT marks.prescribed)
        OR EXISTS (SELECT 1 FROM rois WHERE rois.alias = cases.alias)
        OR EXISTS (SELECT 1 FROM rulers WHERE rulers.alias = cases.alias) AS begun,
        training_round,
        EXISTS (SELECT 1 FROM answers WHERE answers.alias = cases.alias AND question = 'query') AS flagged
    FROM cases ORDER BY position
"""


@dataclass(frozen=True)
class KitCase:
    """One line of the worklist: the alias, its place in the order from 1, and how far it is.

    `begun`: something was answered, marked, drawn or measured, or a step locked; `flagged`: it has a query.
    `training_round`: the round it is practised in, with feedback when it is signed, 0 for the study's own;
    `closed`: it opens when the training is passed.
    """

    alias: str
    position: int
    status: Status
    step_index: int
    begun: bool = False
    flagged: bool = False
    training_round: int = 0
    closed: bool = False

    @property
    def training(self) -> bool:
        """Whether it is there to practise."""
        return self.training_round > 0


class Kit:
    """An open kit; no other program can open it until `close`. Threads may call it; they take turns.

    Opening and looking are plain SQL; what writes imports SQLAlchemy when it is first called.
    """

    def __init__(self, path: Path, database: Database, protocol: Protocol, *, to_read: bool = True) -> None:
        """Use `Kit.open`."""
        self.path, self.protocol = path, protocol
        self._database = database
        self._readings: dict[str, Reading] = {}
        self._holding = Lock()
        self._training: TrainingState | None = None
        columns = "kit_id, study_id, rater, session, opens_utc, closes_signed, purpose"
        row = database.rows(f"SELECT {columns} FROM kit")[0]
        self.kit_id: str = row["kit_id"]
        self.study_id: str = row["study_id"]
        self.rater: str = row["rater"]
        self.session: int = row["session"]
        self.opens_utc: str | None = row["opens_utc"]
        # a case that comes a second time: what was answered the first time is out of reach
        self.closes_signed = bool(row["closes_signed"])
        self._closing = to_read and self.closes_signed
        rounds = database.rows("SELECT alias, training_round FROM cases WHERE training_round > 0")
        self._rounds: dict[str, int] = {row["alias"]: row["training_round"] for row in rounds}
        self.purpose: str = row["purpose"]
        self._images = KitPictures(path, database.rows, self.protocol, self._released)

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
        DamagedError
            If its file, the protocol in it, or a record of its trail, is damaged: then nothing of it has
            changed.
        StoreVersionError
            If a newer FerroRead wrote it.
        """
        protocol: list[Protocol] = []
        if not (path / FILE_NAME).is_file():
            raise StoreError(f"{path} is not a kit; choose the folder NAME.kit that the coordinator gave you")
        place = path / FILE_NAME
        database = Database.open(place, KIT, lambda rows: protocol.append(protocol_of(place, rows)))
        try:
            kit = cls(path, database, protocol[0], to_read=to_read)
            if to_read and kit.opens_utc is not None:
                refuse_early(database, kit.opens_utc)
            if to_read:
                kit.training()  # one that is damaged is said now, not when the window is half there
            return kit
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the kit; calling it twice is harmless."""
        self._database.close()

    @property
    def server(self) -> str:
        """The address of the server that it was fetched from; "" where it came on its own."""
        place = self.path / SERVER_FILE
        return place.read_text(encoding="utf-8").strip() if place.is_file() else ""

    def copy_to(self, path: Path) -> None:
        """Write all that is committed to a file of its own; StoreError where it cannot be written."""
        self._database.copy_to(path)

    def prepare(self) -> None:
        """Import what writes, so that the first edit does not wait for it; for a worker thread."""
        from core.study import kit_signing  # noqa: F401

        with self._database.transaction():
            pass

    # who is there

    @property
    def enrolled(self) -> bool:
        """Whether the rater has chosen a password, under which the key lies that signs."""
        return kit_people.stored_key(self._database.rows) is not None

    @property
    def key_fingerprint(self) -> str:
        """The beginning of the rater's public key, for rater and coordinator to compare; "" without one."""
        key = kit_people.stored_key(self._database.rows)
        return "" if key is None else fingerprint(key.public_key)

    def enrol(self, password: str, *, cost: Cost = USUAL) -> None:
        """Make the rater's key and keep it under a password; InputError where there is one already."""
        kit_people.enrol(self._database, password, cost)

    def log_in(self, password: str) -> LogIn:
        """Record that the rater is here; InputError where the password is wrong, which is recorded too."""
        return kit_people.log_in(self._database, password)

    def set_password(self, before: str, new: str, *, cost: Cost = USUAL) -> None:
        """Choose another password for the same key; InputError where `before` is wrong or `new` too short."""
        kit_people.set_password(self._database, before, new, cost)

    def let_choose_anew(self, reason: str) -> None:
        """Retire the key of a rater who forgot the password; `coordinators_view.reset_kit` asks who may."""
        kit_people.let_choose_anew(self._database, reason)

    @property
    def retired(self) -> Retired | None:
        """When and why the coordinator had the password reset, until its rater has chosen another."""
        return kit_people.retired(self._database.rows)

    def note_export(self, password: str, what: str) -> None:
        """Record that something is written out; InputError where the password is wrong, which is recorded."""
        kit_people.note_export(self._database, password, what)

    def note_idle(self) -> None:
        """Record that the session was locked because nobody had done anything for a while."""
        kit_people.note_idle(self._database)

    # what is to be read

    def cases(self) -> tuple[KitCase, ...]:
        """Return the worklist in reading order; a round of training is listed when it is its turn."""
        state = self.training()
        return tuple(
            KitCase(
                row["alias"], row["position"], row["status"], row["step_index"],
                bool(row["begun"]), bool(row["flagged"]),
                training_round=row["training_round"],
                closed=row["training_round"] == 0 and state is not None and not state.passed,
            )
            for row in self._database.rows(_WORKLIST)
            if state is None or row["training_round"] <= state.round
        )  # fmt: skip

    def training(self) -> TrainingState | None:
        """Tell how far the training is; None where the kit has none."""
        if not self._rounds:
            return None
        if self._training is None:
            told = {alias: self.feedback(alias) for alias in self._rounds if self._held(alias).signed}
            rule = self.protocol.conduct.training or Training()
            self._training = training_state(rule, self._rounds, told)
        return self._training

    def feedback(self, alias: str) -> tuple[Feedback, ...]:
        """Return what a rater is told of a training case that is signed.

        Raises
        ------
        InputError
            If it is no training case, or not signed yet: what it expects is sealed until then.
        """
        if alias not in self._rounds:
            raise InputError(f"case {alias} is not for training, so it has no feedback")
        if not self._held(alias).signed:
            raise InputError(f"case {alias} tells what was expected when it is signed")
        key = self._released(alias, len(self.protocol.steps))
        rows = self._database.rows("SELECT sealed FROM training WHERE alias = ?", alias)
        if not rows:
            raise StoreError(f"what case {alias} expects is damaged")
        return feedback(self.protocol, self._held(alias), expected_from(rows[0]["sealed"], key, alias))

    def guesses_due(self) -> bool:
        """Tell whether the guess is asked now: all cases are signed, and it was not given yet."""
        if not self.protocol.conduct.guess or self._database.rows("SELECT 1 AS one FROM guesses LIMIT 1"):
            return False
        statuses = self._database.rows("SELECT status FROM cases WHERE training_round = 0")
        return all(row["status"] == "signed" for row in statuses)

    def draft_guess(self, alias: str, of: GuessOf, choice: str | None) -> None:
        """Keep what one case is believed to be until all are given for good; the last draft counts.

        Parameters
        ----------
        alias : str
            A case of the study.
        of : {"group", "visit"}
        choice : str or None
            One of the protocol's choices, None where the rater does not know.

        Raises
        ------
        InputError
            If it is not asked (any more), or is none of the choices.
        """
        from core.study.kit_guesses import write_draft

        if not self.guesses_due():
            raise InputError("the guess is asked once, when all cases are signed")
        with self._database.transaction() as connection:
            write_draft(connection, self.protocol, alias, of, choice)

    def guess_drafts(self) -> dict[tuple[str, GuessOf], str | None]:
        """Return what was kept by `draft_guess`, by alias and of what."""
        sql = 'SELECT content FROM audit WHERE content LIKE \'{"action":"draft_guess"%\' ORDER BY sequence'
        drafts = (json.loads(row["content"]) for row in self._database.rows(sql))
        return {(draft["alias"], draft["of"]): draft["choice"] for draft in drafts}

    def guess(self, guesses: Mapping[str, Mapping[GuessOf, str | None]]) -> None:
        """Keep what each case was believed to be, for good.

        Parameters
        ----------
        guesses : mapping of alias to mapping of "group" or "visit" to str or None
            One of the protocol's choices for everything it asks, None where the rater does not know; of every
            case but those of training.

        Raises
        ------
        InputError
            If it is not asked (any more), a case is missing, or a guess is none of the choices.
        """
        from core.study.kit_guesses import write_guesses

        if not self.guesses_due():
            raise InputError("the guess is asked once, when all cases are signed")
        with self._database.transaction() as connection:
            write_guesses(connection, self.protocol, guesses)

    def guesses(self) -> tuple[tuple[str, GuessOf, str | None], ...]:
        """Return what was guessed: alias, of what, and the choice or None; empty where nothing was yet."""
        rows = self._database.rows('SELECT alias, "of", choice FROM guesses ORDER BY alias, "of"')
        return tuple((row["alias"], row["of"], row["choice"]) for row in rows)

    def opinions(self, alias: str) -> tuple[Opinion, ...]:
        """Return what two raters said of a case to be adjudicated, unnamed.

        Empty where the protocol shows it to nobody, and until the last step is reached: it is sealed before.
        """
        sealed = self._database.rows("SELECT sealed FROM training WHERE alias = ?", alias)
        if sealed and alias not in self._rounds:
            last = len(self.protocol.steps) - 1
            if self._held(alias).step_index < last:
                return ()
            return opinions_from(sealed[0]["sealed"], self._released(alias, last), alias)
        rows = self._database.rows(
            "SELECT item, first, second FROM opinions WHERE alias = ? ORDER BY item", alias
        )
        return tuple(Opinion(row["item"], row["first"], row["second"]) for row in rows)

    def reading(self, alias: str) -> Reading:
        """Return the committed state of a case's reading.

        Raises
        ------
        InputError
            If it is signed and this kit shows no signed case again, or opens when the training is passed.
        """
        reading = self._open_case(alias)
        if reading.signed and self._closing and alias not in self._rounds:
            raise InputError(f"case {alias} is signed; in this session no case is opened again")
        return reading

    def _open_case(self, alias: str) -> Reading:
        """Return a case's reading; InputError where it opens later."""
        reading = self._held(alias)
        state = self.training()
        if state is None or self._rounds.get(alias, 0) in range(1, state.round + 1):
            return reading
        if state.failed:
            raise InputError("the training was not passed, so no case is opened; ask the coordinator")
        if not state.passed or alias in self._rounds:
            raise InputError(f"case {alias} opens when the training is passed")
        return reading

    def _held(self, alias: str) -> Reading:
        reading = self._readings.get(alias)
        if reading is None:
            loaded = load_reading(self._database.rows, alias)
            with self._holding:
                # another thread may have committed an edit meanwhile: what it left is newer
                reading = self._readings.setdefault(alias, loaded)
                self._let_go()
        return reading

    def _keep(self, reading: Reading) -> None:
        """Hold what was committed as the newest state of its case."""
        with self._holding:
            self._readings.pop(reading.alias, None)
            self._readings[reading.alias] = reading
            self._let_go()

    def _let_go(self) -> None:
        """Let go of all readings but the last: their regions would fill the memory, case by case."""
        while len(self._readings) > _HELD:
            del self._readings[next(iter(self._readings))]

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
        return self._images.images(self.reading(alias), progress or Silent())

    def image_bytes(self, alias: str) -> int:
        """Return how much memory `images` takes, from the headers of the files.

        Raises
        ------
        StoreError
            If a picture is missing or is none.
        """
        return self._images.image_bytes(self.reading(alias))

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
        before = self._open_case(alias)
        after = rules.apply_edit(self.protocol, before, edit)
        values: dict[str, object] = {"edit": edit.as_dict(), "how": how}
        drawn = coverage_hashes(edit, after)
        if drawn:
            values["coverage_sha256"] = drawn
        return self._commit("edit", before, after, values, seconds)

    def lock_step(self, alias: str) -> Reading:
        """Lock the open step and open the next; InputError where something is missing or it is the last."""
        before = self._open_case(alias)
        after = rules.lock_step(self.protocol, before)
        from core.study.kit_facts import release

        step = self.protocol.steps[before.step_index].id
        with self._database.transaction() as connection:
            release(connection, self.kit_id, alias, after.step_index)
            self._write("lock", connection, before, after, {"step": step})
        self._keep(after)
        return after

    def sign(self, alias: str, password: str, display: Mapping[str, Any] = MappingProxyType({})) -> Reading:
        """Sign a case, for good.

        Parameters
        ----------
        alias : str
            The case.
        password : str
            The rater's, which opens the key.
        display : mapping
            How the case was shown: values of JSON, signed with it.

        Raises
        ------
        InputError
            With the reason where something is missing, or the password is wrong, which is recorded.
        """
        before = self._open_case(alias)
        after = rules.sign(self.protocol, before)
        key = kit_people.unlocked(self._database, password, "sign")
        from core.study.kit_facts import release
        from core.study.kit_signing import write_signature

        with self._database.transaction() as connection:
            write_signature(connection, self.protocol, before, after, key, display)
            if alias in self._rounds:
                release(connection, self.kit_id, alias, len(self.protocol.steps))
        self._keep(after)
        self._training = None
        return after

    def correct(self, alias: str, reason: str, password: str) -> Reading:
        """Open a signed case again; what was signed stays readable, and every export tells of the correction.

        Parameters
        ----------
        alias : str
            The case; it opens at the step where it was signed.
        reason : str
            Why it has to be corrected.
        password : str
            The rater's.

        Raises
        ------
        InputError
            If it is not signed, no case of this kit is opened again, no reason is given, or the password is
            wrong, which is recorded.
        """
        before = self.reading(alias)
        after = rules.correct(before)
        if not reason.strip():
            raise InputError("a correction needs a reason, which is kept and shown; write one")
        if alias in self._rounds:
            raise InputError("a training case is not corrected; what was expected has been told")
        if self.guesses():
            raise InputError("the kit is complete and its last page was given; ask the coordinator")
        kit_people.unlocked(self._database, password, "correct")
        from core.study.kit_signing import write_correction

        with self._database.transaction() as connection:
            write_correction(connection, before, after, reason.strip())
        self._keep(after)
        return after

    def add_seconds(self, alias: str, seconds: float) -> None:
        """Add active reading time to a case that is not signed; to a signed one nothing is added.

        Raises
        ------
        InputError
            If the time is none, or the case opens when the training is passed.
        """
        if seconds == 0 or self._held(alias).signed:
            return
        self._open_case(alias)
        from core.study import kit_tables as t
        from core.study.kit_changes import add_seconds

        with self._database.transaction() as connection:
            total = add_seconds(connection, alias, seconds)
            append(connection, t.audit, "time", alias=alias, seconds=total)

    def verify(self, pictures: Path | None = None) -> Mapping[tuple[str, int], Reading]:
        """Check chain, signatures, states and pictures; StoreError names the first broken record.

        Parameters
        ----------
        pictures : Path, optional
            The kit's folder where that is not this one: of a copy of its file alone.

        Returns
        -------
        mapping of alias and version to Reading
            Every reading as it was signed, those that were corrected since too.
        """
        from sqlalchemy.exc import InvalidRequestError

        from core.study.verifying import verify_kit

        with self._database.transaction() as connection:
            try:
                return verify_kit(connection, pictures or self.path, self.protocol)
            except (StoreError, InputError) as error:
                raise StoreError(f"{self.path}: {error}; ask the coordinator for an intact copy") from error
            except (
                LookupError, AttributeError, OverflowError, TypeError, ValueError, InvalidRequestError,
            ) as error:  # fmt: skip
                # a value of another type than the column's, as SQLite keeps what it is given; or not one row
                raise StoreError(f"{self.path} is damaged; ask the coordinator for an intact copy") from error

    def signatures(self, alias: str) -> tuple[Signature, ...]:
        """Return the signatures of a case, the newest last; several where it was corrected."""
        from core.study.kit_facts import load_signatures

        with self._database.transaction() as connection:
            return load_signatures(connection, alias)

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

    def _released(self, alias: str, step_index: int) -> bytes:
        """Return a key that was released; StoreError where the step before was not locked by this program."""
        sql = "SELECT step_key FROM released WHERE alias = ? AND step_index = ?"
        found = self._database.rows(sql, alias, step_index)
        if not found:
            raise StoreError(f"the steps of case {alias} were altered; ask the coordinator for an intact kit")
        return bytes(found[0]["step_key"])

    def _commit(
        self, action: str, before: Reading, after: Reading, values: dict[str, object], seconds: float = 0.0
    ) -> Reading:
        from core.study.kit_changes import add_seconds

        with self._database.transaction() as connection:
            values["seconds"] = add_seconds(connection, before.alias, seconds)
            self._write(action, connection, before, after, values)
        # only now: what the window shows as saved is on disk
        self._keep(after)
        return after

    @staticmethod
    def _write(
        action: str, connection: sa.Connection, before: Reading, after: Reading, values: Mapping[str, object]
    ) -> None:
        from core.study import kit_tables as t
        from core.study.kit_changes import write_changes

        write_changes(connection, before, after)
        append(connection, t.audit, action, alias=before.alias, **values)
