"""A kit's history is done once more, record by record, from the kit as it was dealt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.errors import InputError
from core.reading import rules
from core.reading.conduct import Training
from core.reading.edits import edit_from_dict
from core.reading.protocol import Protocol
from core.reading.questions import AnswerKey, same_value
from core.reading.reading import Reading
from core.reading.training import Feedback, feedback, training_state
from core.study import kit_tables as t
from core.study.audit import Record
from core.study.database import plain
from core.study.kit_facts import Images, circumstances, load_signatures, wrapped_keys
from core.study.kit_guesses import guessed_aliases, refuse_draft, refuse_guesses
from core.study.kit_state import coverage_hashes, expected_from, grid_from_text, prescribed_marks
from core.study.sealing import unwrap
from core.study.signing import before_keys, check_signature

# records that change nothing of what was read: openings before the washout was over, who was there
_NOTED = frozenset({"opened", "refused", "log_in", "wrong_password", "idle", "export"})
# with these somebody begins to work; they are `timed` where the program's records tell times
_ARRIVING = ("enrol", "log_in")


class Replay:
    """Does what the records say once more, from the kit as it was dealt.

    `signed` holds every reading as it was signed; `corrections` and `keys` what the rows must say, of a key
    its public half and the hash of how the private one is kept (None in a record from before that was told).
    `seconds` holds by alias the time that records have told last, which only grows: all of it where the alias
    is among `timed`, the least of it where a program from before records told times was at work since.
    `answer_seconds` holds by alias what was told of when answers were given.
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
        self.keys: dict[int, tuple[str, str | None]] = {}
        self.seconds: dict[str, float] = dict.fromkeys(self.readings, 0.0)
        self.timed = set(self.readings) if "timed" in self._deal.values else set[str]()
        self.answer_seconds: dict[str, dict[AnswerKey, float]] = {alias: {} for alias in self.readings}
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
        deeds |= {"correct": self._correct, "retire_key": self._retire_key, "time": self._time}
        action = values["action"]
        if action in _ARRIVING and "timed" not in values:
            self.timed.clear()  # an older program records no time when a case is left
        if action == "sign":
            self._sign(record)
        elif action in deeds:
            deeds[action](values)
        elif action not in _NOTED:
            raise InputError(f"the action {action!r} is not known")

    def _edit(self, values: Mapping[str, Any]) -> None:
        edit = edit_from_dict(values["edit"])
        before = self.readings[values["alias"]]
        after = rules.apply_edit(self._protocol, before, edit)
        if coverage_hashes(edit, after) != values.get("coverage_sha256", {}):
            raise InputError("the region is not what was drawn")
        if "seconds" in values:
            self._time(values)
        else:
            self.timed.discard(values["alias"])
        self._time_answers(before, after, values.get("seconds"))
        self.readings[values["alias"]] = after

    def _time(self, values: Mapping[str, Any]) -> None:
        alias, seconds = values["alias"], float(values["seconds"])
        if self.readings[alias].signed or not seconds >= self.seconds[alias]:
            raise InputError(f"the time of case {alias} does not run like this")
        self.seconds[alias] = seconds
        self.timed.add(alias)

    def _time_answers(self, before: Reading, after: Reading, seconds: float | None) -> None:
        """Note when each answer was given that an edit has changed; of an untold time nothing is known."""
        known = self.answer_seconds[after.alias]
        for key in before.answers.keys() | after.answers.keys():
            value = after.answers.get(key)
            if same_value(value, before.answers.get(key)):
                continue
            known.pop(key, None)
            if value is not None and seconds is not None:
                known[key] = seconds

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
        self._note_key(values)

    def _retire_key(self, values: Mapping[str, Any]) -> None:
        if not self._public_key or values["public_key"] or not values["reason"].strip():
            raise InputError("the rater's key was not retired by this program")
        self._public_key = ""
        self._note_key(values)

    def _set_password(self, values: Mapping[str, Any]) -> None:
        if values["public_key"] != self._public_key:
            raise InputError("the rater has another key")
        self._note_key(values)

    def _note_key(self, values: Mapping[str, Any]) -> None:
        self.keys[values["number"]] = self._public_key, values.get("kept_sha256")

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


class TrainingRule:
    """Holds a history to it: a case of the study is worked on when the training is passed, not before."""

    def __init__(self, connection: sa.Connection, protocol: Protocol) -> None:
        kit_id = connection.execute(sa.select(t.kit.c.kit_id)).scalar_one()
        cases = sa.select(t.cases.c.alias, t.cases.c.training_round).where(t.cases.c.training_round > 0)
        self._rounds = {row.alias: row.training_round for row in connection.execute(cases)}
        self._protocol, self._told = protocol, dict[str, tuple[Feedback, ...]]()
        self._expected = {}
        for row in connection.execute(sa.select(t.training).where(t.training.c.alias.in_(self._rounds))):
            (wrapped,) = wrapped_keys(connection, row.alias, len(protocol.steps))
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
