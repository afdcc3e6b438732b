"""What of a kit's trail may be seen by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.study.audit import Record, values_if_any
from core.study.kit import Kit


@dataclass(frozen=True)
class Trail:
    """Records, each verified, and the numbers of those of which is not told what they say."""

    records: tuple[Record, ...]
    withheld: frozenset[int]


def raters_trail(kit: Kit, password: str) -> Trail:
    """Return a kit's trail for its rater.

    Where a case comes a second time, what was done in cases that are signed is withheld: the window does not
    open them either.

    Raises
    ------
    InputError
        If the password is not the rater's, which is recorded.
    StoreError
        At the first record that is broken.
    """
    kit.note_export(password, "audit")
    records = kit.audit_records()
    signed = {case.alias for case in kit.cases() if case.status == "signed"} if kit.closes_signed else set()
    closed = (record.sequence for record in records if str(record.values.get("alias")) in signed)
    return Trail(tuple(records), frozenset(closed))


def unsigned_records(records: Sequence[Record]) -> frozenset[int]:
    """Return the numbers of records of a case that no signature of it follows."""
    signed, unsigned = set[str](), set[int]()
    for record in reversed(records):
        values = values_if_any(record)
        alias = values.get("alias")
        if values.get("action") == "sign":
            signed.add(str(alias))
        elif alias is not None and str(alias) not in signed:
            unsigned.add(record.sequence)
    return frozenset(unsigned)
