"""Lifting the blinding: who asks for the key gives the password and a reason, and it stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

import sqlalchemy as sa

from core.errors import InputError
from core.study import tables as t
from core.study.audit import append
from core.study.password import require_password
from core.study.people import require
from core.study.records import KeyEntry
from core.study.store import Study
from core.study.witness import KEY_ACTIONS, Line, history

Shown = Literal["analysis", "results", "images", "trail"]
_EARLY = {
    "analysis": "to look at answers before all are in",
    "results": "to look at answers before all are in",
    "images": "to write images that name subjects before all are in",
    "trail": "to read the trail of a kit before all are in",
}
# records after which nothing is blinded: the key was shown or answers were looked at (all that was dealt by
# then may be in, but more may be dealt), now or after the backup was made from which the study was put back
KEY_RECORDS = (
    *(f'{{"action":"{action}",%' for action in KEY_ACTIONS),
    '{"action":"older_copy",%"key_shown":true%',
    '{"action":"restore",%"key_shown":true%',
)
# what a record of a kit's trail is known by
_HEAD = (t.kit_audit.c.kit_id, t.kit_audit.c.sequence, t.kit_audit.c.sha256)


@dataclass(frozen=True)
class Key:
    """A study's key as it was shown.

    Parameters
    ----------
    entries : tuple of KeyEntry
        Alias to identity, of every kit.
    unsigned : int
        Cases whose readings were not collected by then: whatever is collected of them from now on is marked.
    """

    entries: tuple[KeyEntry, ...]
    unsigned: int

    @property
    def warning(self) -> str:
        """What it means for the study; "" where all readings had been signed."""
        return _warning(self.unsigned, len(self.entries))


def unsigned_cases(study: Study) -> int:
    """Return how many cases that were dealt are not signed and collected: ask before the key is shown."""
    return sum(kit.cases - kit.collected for kit in study.kits())


def awaited_guesses(study: Study) -> int:
    """Return how many kits whose protocol asks for a guess have had none collected."""
    asking = [sha256 for sha256, protocol in study.protocols().items() if protocol.conduct.guess]
    kits = sa.select(t.kits.c.kit_id).where(t.kits.c.protocol_sha256.in_(asking))
    collected = sa.select(t.kit_cases.c.kit_id).join(t.kit_guesses)
    awaited = sa.select(sa.func.count()).select_from(kits.except_(collected).subquery())
    with study.database.transaction() as connection:
        return connection.execute(awaited).scalar_one()


def guesses_at_stake(study: Study) -> int:
    """Return of how many kits the guesses would count as not blind by a look now: ask before it is taken.

    None after the first look: whatever is collected from then on counts so anyway.
    """
    with study.database.transaction() as connection:
        late = key_was_shown(connection)
    return 0 if late else awaited_guesses(study)


def show_key(study: Study, reason: str, password: str) -> Key:
    """Return alias to identity for every kit; it is recorded who can be asked why.

    Raises
    ------
    InputError
        If no reason is given, or `password` is not the coordinator's.
    StoreError
        If the study was altered: a name could be another one's.
    """
    require(study, "key")
    if not reason.strip():
        raise InputError("the key is given only with a reason; add --reason")
    require_password(study, password, "to show the key")
    study.refuse_altered()
    unsigned = unsigned_cases(study)
    with study.database.transaction() as connection:
        append(connection, t.audit, "key", reason=reason.strip(), unsigned=unsigned)
    return Key(study.key_entries(), unsigned)


def note_looking(study: Study, shown: Shown, reason: str = "", password: str = "") -> int:
    """Record that answers are about to be seen; return how many cases are not signed and collected.

    Before all are, that unblinds the study as the key does: it takes the coordinator's password and a
    reason. Whatever is collected after any look is marked, since more may be dealt. Images name subjects
    beside aliases, so they are the key at any time.

    Parameters
    ----------
    study : Study
    shown : {"analysis", "results", "images", "trail"}
        What shows them: tables in a folder, the window, files for other programs, or what a kit records.
    reason, password : str
        Not asked for where every case is signed and collected.

    Raises
    ------
    InputError
        If nothing was collected yet that tables could show; before all is in, if no reason is given or
        `password` is not the coordinator's.
    """
    require(study, "look")
    if shown in ("analysis", "results") and not any(kit.collected for kit in study.kits()):
        raise InputError("no signed reading was collected yet; take kits in with `ferroread study collect`")
    unsigned = unsigned_cases(study)
    if unsigned:
        if not reason.strip():
            raise InputError(
                f"{unsigned} cases are not signed and collected; {_EARLY[shown]} unblinds the study and "
                "takes a reason, which is recorded; add --reason"
            )
        require_password(study, password, _EARLY[shown])
    with study.database.transaction() as connection:
        if unsigned:
            append(connection, t.audit, "key", reason=reason.strip(), shown=shown, unsigned=unsigned)
        elif shown == "images":
            append(connection, t.audit, "export_images", unsigned=0)
        else:
            append(connection, t.audit, "look", shown=shown)
    return unsigned


def early_warning(study: Study) -> str:
    """Return what it means for the study to be unblinded now; "" where all readings are signed and in."""
    return _warning(unsigned_cases(study), sum(kit.cases for kit in study.kits()))


def key_was_shown(connection: sa.Connection) -> bool:
    """Tell whether the key was shown or exported by now, or answers before all were in.

    By the order of records, whatever the clock said.
    """
    shown = sa.or_(*(t.audit.c.content.like(each) for each in KEY_RECORDS))
    found = sa.select(t.audit.c.sequence).where(shown).limit(1)
    return connection.execute(found).first() is not None


def collected_blind(connection: sa.Connection) -> dict[str, int]:
    """Return how far each kit's trail had been collected when the key was shown, or answers were looked at.

    That is the number of its record, of all kits that were collected by then; also where the study was put
    back from a backup and has lost the collecting since, if the kit's trail goes on from there.
    """
    blinded = takewhile(lambda line: not _unblinds(line), history(connection))
    heads = [(line["kit"], *line["kit_head"]) for line in blinded if line["action"] == "collect"]
    rows = connection.execute(sa.select(*_HEAD).where(sa.tuple_(*_HEAD).in_(heads)))
    blind = dict[str, int]()
    for row in rows:
        blind[row.kit_id] = max(row.sequence, blind.get(row.kit_id, 0))
    return blind


def guessed_after_key(study: Study) -> frozenset[str]:
    """Return the kits whose guesses were collected after the key had been shown or answers looked at.

    Guesses come when all is signed, so often with a later collecting than the readings.
    """
    guess = t.kit_audit.c.content.like('{"action":"guess",%')
    of_kits = sa.select(t.kit_audit.c.kit_id, t.kit_audit.c.sequence).where(guess)
    with study.database.transaction() as connection:
        if not key_was_shown(connection):
            return frozenset()
        blind = collected_blind(connection)
        given = connection.execute(of_kits).all()
    return frozenset(row.kit_id for row in given if row.sequence > blind.get(row.kit_id, 0))


def _unblinds(line: Line) -> bool:
    # a study that was put back by an earlier version says so of itself
    return line["action"] in KEY_ACTIONS or bool(line.get("key_shown"))


def _warning(unsigned: int, cases: int) -> str:
    if not unsigned:
        return ""
    return (
        f"{unsigned} of {cases} readings are not signed and collected: the study is unblinded before its "
        "readings are complete. Readings collected from now on are marked in every export"
    )
