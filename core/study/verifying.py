"""A kit is checked whole: the audit chain is done again, and must end at what the kit holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import AppError, InputError, StoreError
from core.imaging.coverage import coverage_sha256
from core.imaging.roi import Label
from core.reading import rules
from core.reading.conduct import Training
from core.reading.edits import edit_from_dict
from core.reading.protocol import Protocol
from core.reading.questions import AnswerKey
from core.reading.reading import Reading
from core.reading.training import Feedback, feedback, training_state
from core.study import kit_tables as t
from core.study.audit import Record, canonical, checked, digest
from core.study.database import plain
from core.study.kit_changes import load_seconds
from core.study.kit_guesses import guessed_aliases, guesses_told, refuse_draft, refuse_guesses
from core.study.kit_state import (
    coverage_hashes,
    expected_from,
    grid_from_text,
    load_reading,
    outlines_text,
    prescribed_marks,
)
from core.study.pictures import check_picture
from core.study.sealing import unwrap
from core.study.signing import Circumstances, Signature, before_keys, check_signature

Images = dict[str, dict[str, str]]  # alias -> file name -> SHA-256
Versions = Mapping[tuple[str, int], Reading]  # every reading as it was signed, by alias and version
# records that change nothing of what was read: openings before the washout was over, who was there
_NOTED = frozenset({"opened", "refused", "log_in", "wrong_password", "idle", "export"})


def deal_values(connection: sa.Connection) -> dict[str, Any]:
    """Return what the first record of the chain says: everything of the kit that never changes."""
    kit = connection.execute(sa.select(t.kit)).mappings().one()
    cases = connection.execute(sa.select(t.cases).order_by(t.cases.c.alias)).mappings().all()
    images = connection.execute(sa.select(t.images)).mappings().all()
    return {
        "kit": kit["kit_id"],
        "study": kit["study_id"],
        "rater": kit["rater"],
        "session": kit["session"],
        "protocol_sha256": digest(kit["protocol"]),
        "cases": [[case["alias"], case["position"], digest(case["grid"])] for case in cases],
        "images": sorted(
            [image["alias"], image["role"], image["number"], image["file"], image["sha256"], image["te_ms"]]
            for image in images
        ),
        "marks": _prescribed(connection),
        **_blinding(connection),
    }


def _blinding(connection: sa.Connection) -> dict[str, Any]:
    """Return what was set of what a kit of the first schema has none of: its record stays what it was."""
    kit = connection.execute(sa.select(t.kit)).mappings().one()
    given: dict[str, Any] = {name: kit[name] for name in ("opens_utc", "closes_signed")}
    given["purpose"] = "" if kit["purpose"] == "reading" else kit["purpose"]
    images = connection.execute(sa.select(t.images).where(t.images.c.step_index > 0)).mappings()
    given["sealed"] = sorted([i["alias"], i["role"], i["number"], i["step_index"]] for i in images)
    seals = connection.execute(sa.select(t.seals)).mappings()
    given["seals"] = sorted([s["alias"], s["step_index"], _hash(s["wrapped"])] for s in seals)
    cases = connection.execute(sa.select(t.cases)).mappings().all()
    given["training"] = sorted([c["alias"], c["training_round"]] for c in cases if c["training_round"])
    given["fields"] = sorted([c["alias"], c["field_t"]] for c in cases if c["field_t"] is not None)
    rows = connection.execute(sa.select(t.training)).mappings()
    given["expected"] = sorted([row["alias"], _hash(row["sealed"])] for row in rows)
    opinions = connection.execute(sa.select(t.opinions)).mappings()
    given["opinions"] = sorted([o["alias"], o["item"], o["first"], o["second"]] for o in opinions)
    return {name: value for name, value in given.items() if value}


def release(connection: sa.Connection, kit_id: str, alias: str, step_index: int) -> None:
    """Unwrap the key of a case's step and keep it beside the record that locks the step before."""
    for wrapped in _seal(connection, alias, step_index):
        key = unwrap(wrapped, kit_id, alias, step_index)
        connection.execute(t.released.insert().values(alias=alias, step_index=step_index, step_key=key))


def _seal(connection: sa.Connection, alias: str, step_index: int) -> list[bytes]:
    """Return the wrapped key of a step in a list, an empty one where nothing is sealed for it."""
    statement = sa.select(t.seals.c.wrapped).where(t.seals.c.alias == alias)
    return list(connection.execute(statement.where(t.seals.c.step_index == step_index)).scalars())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def verify_kit(connection: sa.Connection, folder: Path, protocol: Protocol) -> Versions:
    """Check chain, states, signatures and pictures of a kit; return every reading as it was signed.

    Parameters
    ----------
    connection : sa.Connection
        Inside a transaction on the kit's file.
    folder : Path
        The kit's folder, under which the pictures lie.
    protocol : Protocol
        The kit's protocol.

    Returns
    -------
    mapping of alias and version to Reading
        Of every signature, those that were corrected since too.

    Raises
    ------
    StoreError
        At the first record that does not hold; the message names it.
    """
    images = image_hashes(connection)
    replay = _replayed(connection, protocol, images)
    _compare_guesses(connection)
    _check_released(connection, protocol, replay)
    _compare_people(connection, replay)
    for alias, replayed in replay.readings.items():
        _compare(load_reading(plain(connection), alias), replayed)
    for files in images.values():
        for name, sha256 in files.items():
            check_picture(folder, name, sha256)
    return replay.signed


def _compare_people(connection: sa.Connection, replay: _Replay) -> None:
    """Compare signatures, corrections and keys that are held with the records that tell them."""
    rows = connection.execute(sa.select(t.signatures.c.alias, t.signatures.c.version))
    held = {(row.alias, row.version) for row in rows}
    for alias, version in sorted(held ^ replay.signed.keys()):
        told = "was added" if (alias, version) in held else "is missing"
        raise StoreError(f"the signature of case {alias} {told}")
    rows = connection.execute(sa.select(t.corrections))
    if {(row.alias, row.version): row.reason for row in rows} != replay.corrections:
        raise StoreError("the corrections were altered")
    rows = connection.execute(sa.select(t.rater_keys.c.number, t.rater_keys.c.public_key))
    if {row.number: row.public_key for row in rows} != replay.keys:
        raise StoreError("the rater's key was altered")


def _compare_guesses(connection: sa.Connection) -> None:
    """Compare the guesses that are held with the one record that tells them."""
    records = [record.values for record in checked(connection, t.audit)]
    told = [values["guesses"] for values in records if values.get("action") == "guess"]
    if guesses_told(connection) != (told[0] if told else []) or len(told) > 1:
        raise StoreError("the guesses were altered")


def _check_released(connection: sa.Connection, protocol: Protocol, replay: _Replay) -> None:
    """Compare the keys that lie open with the steps that were reached."""
    kit_id = connection.execute(sa.select(t.kit.c.kit_id)).scalar_one()
    rows = connection.execute(sa.select(t.released)).mappings()
    held = {(row["alias"], row["step_index"]): row["step_key"] for row in rows}
    due = {}
    for row in connection.execute(sa.select(t.seals)).mappings():
        reading, step_index = replay.readings[row["alias"]], row["step_index"]
        behind = step_index == len(protocol.steps)
        reached = reading.signed if behind else step_index <= reading.step_index
        if reached:
            key = unwrap(row["wrapped"], kit_id, row["alias"], step_index)
            due[row["alias"], step_index] = key
    for place in held.keys() | due.keys():
        if held.get(place) != due.get(place):
            raise StoreError(f"the steps of case {place[0]} were altered")


def image_hashes(connection: sa.Connection) -> Images:
    """Return the SHA-256 of every picture by alias and file name."""
    found: Images = {}
    for alias in connection.execute(sa.select(t.cases.c.alias)).scalars():
        found[alias] = {}
    for row in connection.execute(sa.select(t.images)).mappings():
        found.setdefault(row["alias"], {})[row["file"]] = row["sha256"]
    return found


def circumstances(
    connection: sa.Connection,
    alias: str,
    protocol: Protocol,
    images: Mapping[str, str],
    version: int = 1,
    correction: str = "",
) -> Circumstances:
    """Return what is signed together with a case's reading."""
    kit = connection.execute(sa.select(t.kit)).mappings().one()
    seconds, answer_seconds = load_seconds(connection, alias)
    return Circumstances(
        kit_id=kit["kit_id"],
        rater=kit["rater"],
        session=kit["session"],
        protocol_sha256=protocol.sha256,
        image_sha256=images,
        seconds=seconds,
        answer_seconds=answer_seconds,
        protocol_version=protocol.version,
        version=version,
        correction=correction,
    )


def load_signatures(connection: sa.Connection, alias: str) -> tuple[Signature, ...]:
    """Return the signatures of a case, the newest last; several where it was corrected."""
    s = t.signatures.c
    rows = connection.execute(
        sa.select(s.record, s.sha256, s.ed25519, s.version).where(s.alias == alias).order_by(s.version)
    )
    return tuple(Signature(*row) for row in rows)


def correction_of(connection: sa.Connection, alias: str, version: int) -> str:
    """Return why a version of a case was needed; "" for the first."""
    chosen = (t.corrections.c.alias == alias, t.corrections.c.version == version)
    return connection.execute(sa.select(t.corrections.c.reason).where(*chosen)).scalar() or ""


def _prescribed(connection: sa.Connection) -> list[list[Any]]:
    rows = connection.execute(sa.select(t.marks).where(t.marks.c.prescribed)).mappings()
    return sorted(
        [row["alias"], row["place"], row["mark"], row["kind"], [row["x_mm"], row["y_mm"], row["z_mm"]]]
        for row in rows
    )


def _replayed(connection: sa.Connection, protocol: Protocol, images: Images) -> _Replay:
    records = list(checked(connection, t.audit))
    if not records:
        raise StoreError("audit record 1 is missing")
    values = records[0].values
    told = {name: value for name, value in values.items() if name not in ("action", "at", "clock", "keyed")}
    if values.get("action") != "deal" or canonical(told) != canonical(deal_values(connection)):
        raise StoreError("audit record 1 and the kit differ: its cases, pictures or protocol were altered")
    replay = _Replay(connection, protocol, images, records)
    training = _TrainingRule(connection, protocol)
    for record in records[1:]:
        try:
            training.check(record, replay.readings)
            replay.do(record)
        except (AppError, AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            raise StoreError(f"audit record {record.sequence} does not hold: {error}") from error
    return replay


class _Replay:
    """Does what the records say once more, from the kit as it was dealt.

    `signed` holds every reading as it was signed; `corrections` and `keys` what the rows must say.
    """

    def __init__(
        self, connection: sa.Connection, protocol: Protocol, images: Images, records: Sequence[Record]
    ) -> None:
        self._connection, self._protocol, self._images = connection, protocol, images
        self._deal = records[0]
        # how often each case was signed in all
        self._signings = Counter(
            str(record.values.get("alias")) for record in records if record.values.get("action") == "sign"
        )
        rows = connection.execute(sa.select(t.cases.c.alias, t.cases.c.grid))
        self.readings = {
            row.alias: Reading(
                row.alias, grid_from_text(row.grid), marks=prescribed_marks(plain(connection), row.alias)
            )
            for row in rows
        }
        cases = sa.select(t.cases.c.alias).where(t.cases.c.training_round > 0)
        self._practice = set(connection.execute(cases).scalars())
        self.signed: dict[tuple[str, int], Reading] = {}
        self.corrections: dict[tuple[str, int], str] = {}
        self.keys: dict[int, str] = {}
        self._public_key, self._guessed = "", False
        self._versions: dict[str, int] = {}
        self._held = {alias: load_signatures(connection, alias) for alias in self.readings}
        opened = sa.select(t.cases.c.alias).where(t.cases.c.status != "signed")
        self._opened = set(connection.execute(opened).scalars())

    def do(self, record: Record) -> None:
        """Do one record; InputError, or another error of values that are none, where it does not hold."""
        values = record.values
        deeds = {"guess": self._guess, "draft_guess": self._draft, "enrol": self._enrol}
        deeds |= {"set_password": self._set_password, "edit": self._edit, "lock": self._lock}
        deeds |= {"correct": self._correct, "retire_key": self._retire_key}
        action = values["action"]
        if action == "sign":
            self._sign(record)
        elif action in deeds:
            deeds[action](values)
        elif action not in _NOTED:
            raise InputError(f"the action {action!r} is not known")

    def _edit(self, values: Mapping[str, Any]) -> None:
        edit = edit_from_dict(values["edit"])
        after = rules.apply_edit(self._protocol, self.readings[values["alias"]], edit)
        if coverage_hashes(edit, after) != values.get("coverage_sha256", {}):
            raise InputError("the region is not what was drawn")
        self.readings[values["alias"]] = after

    def _lock(self, values: Mapping[str, Any]) -> None:
        alias = values["alias"]
        self.readings[alias] = rules.lock_step(self._protocol, self.readings[alias])

    def _sign(self, record: Record) -> None:
        values = record.values
        alias, reading = values["alias"], self.readings[values["alias"]]
        after = rules.sign(self._protocol, reading)
        version = self._versions.get(alias, 0) + 1
        held = self._held[alias]
        signature = next((each for each in held if each.version == version), None)
        if signature is None or signature.sha256 != values["signature_sha256"]:
            raise InputError(f"the signature of case {alias} is missing or was altered")
        around = circumstances(
            self._connection, alias, self._protocol, self._images[alias], version,
            self.corrections.get((alias, version), ""),
        )  # fmt: skip
        newest = version == self._signings[alias] and alias not in self._opened
        keyless = before_keys(self._deal, record, chosen=bool(self.keys))
        check_signature(signature, reading, around, None if keyless else self._public_key, newest=newest)
        if signature.values["audit_head"] != [record.sequence - 1, record.previous]:
            raise InputError(f"the signature of case {alias} belongs to another history")
        self.readings[alias] = self.signed[alias, version] = after
        self._versions[alias] = version

    def _correct(self, values: Mapping[str, Any]) -> None:
        alias = values["alias"]
        if alias in self._practice or self._guessed or not values["reason"].strip():
            raise InputError(f"case {alias} cannot be corrected")
        self.readings[alias] = rules.correct(self.readings[alias])
        self.corrections[alias, self._versions[alias] + 1] = values["reason"]

    def _enrol(self, values: Mapping[str, Any]) -> None:
        if self._public_key:
            raise InputError("the rater has another key already")
        self._public_key = str(values["public_key"])
        self.keys[values["number"]] = self._public_key

    def _retire_key(self, values: Mapping[str, Any]) -> None:
        if not self._public_key or values["public_key"] or not values["reason"].strip():
            raise InputError("the rater's key was not retired by this program")
        self._public_key = self.keys[values["number"]] = ""

    def _set_password(self, values: Mapping[str, Any]) -> None:
        if values["public_key"] != self._public_key:
            raise InputError("the rater has another key")
        self.keys[values["number"]] = self._public_key

    def _draft(self, values: Mapping[str, Any]) -> None:
        refuse_draft(self._connection, self._protocol, values["alias"], values["of"], values["choice"])
        _check_all_signed(self._connection, self.readings)

    def _guess(self, values: Mapping[str, Any]) -> None:
        _check_guess(self._connection, self._protocol, self.readings, values)
        self._guessed = True


def _check_guess(
    connection: sa.Connection, protocol: Protocol, readings: Mapping[str, Reading], values: Mapping[str, Any]
) -> None:
    given: dict[str, dict[str, str | None]] = {}
    for alias, of, choice in values["guesses"]:
        given.setdefault(alias, {})[of] = choice
    refuse_guesses(connection, protocol, given)
    _check_all_signed(connection, readings)


def _check_all_signed(connection: sa.Connection, readings: Mapping[str, Reading]) -> None:
    if not all(readings[alias].signed for alias in guessed_aliases(connection)):
        raise InputError("the guess was given before all cases were signed")


class _TrainingRule:
    """Holds a history to it: a case of the study is worked on when the training is passed, not before."""

    def __init__(self, connection: sa.Connection, protocol: Protocol) -> None:
        kit_id = connection.execute(sa.select(t.kit.c.kit_id)).scalar_one()
        cases = sa.select(t.cases.c.alias, t.cases.c.training_round).where(t.cases.c.training_round > 0)
        self._rounds = {row.alias: row.training_round for row in connection.execute(cases)}
        self._protocol, self._told = protocol, dict[str, tuple[Feedback, ...]]()
        self._expected = {}
        for row in connection.execute(sa.select(t.training).where(t.training.c.alias.in_(self._rounds))):
            (wrapped,) = _seal(connection, row.alias, len(protocol.steps))
            key = unwrap(wrapped, kit_id, row.alias, len(protocol.steps))
            self._expected[row.alias] = expected_from(row.sealed, key, row.alias)

    def check(self, record: Record, readings: Mapping[str, Reading]) -> None:
        """Raise InputError where a record stands before its time."""
        alias = record.values.get("alias")
        if not self._rounds or alias is None:
            return
        rule = self._protocol.conduct.training or Training()
        state = training_state(rule, self._rounds, self._told)
        number = self._rounds.get(alias, 0)
        if number > state.round or (number == 0 and not state.passed):
            raise InputError(f"case {alias} opens when the training is passed")
        if record.values["action"] == "sign" and number:
            self._told[alias] = feedback(self._protocol, readings[alias], self._expected[alias])


def _compare(held: Reading, replayed: Reading) -> None:
    alias = held.alias
    if (held.step_index, held.status) != (replayed.step_index, replayed.status):
        raise StoreError(f"the state of case {alias} was altered")
    # as text: 2 and 2.0 were given differently
    if _answers(held) != _answers(replayed):
        raise StoreError(f"an answer of case {alias} was altered")
    if list(held.marks.items()) != list(replayed.marks.items()):
        raise StoreError(f"a mark of case {alias} was altered")
    if _regions(held) != _regions(replayed):
        raise StoreError(f"a region of case {alias} was altered")
    if list(held.rulers.items()) != list(replayed.rulers.items()):
        raise StoreError(f"a ruler of case {alias} was altered")


def _answers(reading: Reading) -> dict[AnswerKey, str]:
    return {key: canonical(value) for key, value in reading.answers.items()}


def _regions(reading: Reading) -> list[tuple[str, str, Label, str, str]]:
    return [
        (roi_id, roi.kind, roi.label, coverage_sha256(roi.coverage), outlines_text(roi.outlines))
        for roi_id, roi in reading.rois.items()
    ]
