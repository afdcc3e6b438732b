"""The audit trail as rows to read: what was done, when, to which case, and what is told of it."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from core.study.audit import Record, canonical, values_if_any

COLUMNS = ("sequence", "at", "who", "action", "case", "detail", "sha256")
COORDINATOR = "coordinator"
_OWN = ("action", "actor", "at", "clock", "alias", "case")
# what nobody knows who did, and what the coordinator did in a rater's kit
_NOBODYS = ("wrong_password", "refused")
_COORDINATORS = ("deal", "retire_key")
# of a hash or another long word; the CSV and the file hold all of it
_LONGEST = 16
_COMPARED = ("at", "clock", "sha256")
_WITHHELD = '{"withheld":true}'
# with it order and aliases can be drawn again: a listing that is handed on would tell who is who
_SEED = "seed"


def listed(
    records: Sequence[Record],
    who: str = COORDINATOR,
    *,
    actions: Collection[str] = (),
    case: str = "",
    withheld: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Return records as rows, in their order.

    Parameters
    ----------
    records : sequence of Record
        Of a kit or a study.
    who : str
        Who logs in to it: a kit's rater.
    actions : collection of str
        Only these; all if there are none.
    case : str
        Only of this alias, or subject of a study; all if "".
    withheld : collection of int
        Numbers of records of which is told that they are there, and not what they say. From the first of
        them on no SHA-256 is told: each covers all records before it, and what has few choices, as an answer
        has, would be found by trying which one fits.
    """
    rows, named = [], False
    closed_from = min(withheld, default=math.inf)
    for record in records:
        values = values_if_any(record)
        action = str(values.get("action", "unreadable"))
        about = str(values.get("alias", values.get("subject", "")))
        # from then on people log in, and what nobody of them has done the program has
        by = _who(values, "" if named else who)
        named = named or action == "add_person"
        if (actions and action not in actions) or (case and about != case):
            continue
        said = {name: value for name, value in values.items() if name not in _OWN}
        if _SEED in said:
            said[_SEED] = "in the study alone"
        if record.sequence in withheld:
            said = {"withheld": True}
        rows.append(
            {
                "sequence": record.sequence, "at": str(values.get("at", "")), "who": by,
                "action": action, "case": about, "detail": canonical(_short(said)),
                "sha256": record.sha256 if record.sequence < closed_from else "",
            }
        )  # fmt: skip
    return rows


def chosen(
    rows: Sequence[dict[str, Any]],
    *,
    who: str = "",
    action: str = "",
    since: str = "",
    until: str = "",
    about: str = "",
) -> list[dict[str, Any]]:
    """Return those of `listed` rows that fit; what is "" chooses all.

    Parameters
    ----------
    rows : sequence of dict
    who, action : str
        As they stand in the rows.
    since, until : str
        The first and the last day, month or year, as 2026-11-26, 2026-11 or 2026, in UTC.
    about : str
        What stands in the case, the subject, or what is told, in capitals or not.
    """
    sought = about.casefold()
    return [
        row for row in rows
        if (not who or row["who"] == who)
        and (not action or row["action"] == action)
        and row["at"][: len(since)] >= since
        and (not until or row["at"][: len(until)] <= until)
        and (not sought or sought in f"{row['case']} {row['detail']}".casefold())
    ]  # fmt: skip


def is_withheld(row: Mapping[str, Any]) -> bool:
    """Tell whether what a row's record says is not told."""
    return bool(row["detail"] == _WITHHELD)


def told(row: Mapping[str, Any]) -> str:
    """Return what a row tells as a person reads it: JSON without its brackets, long words cut."""
    values = json.loads(row["detail"])
    # say nothing to a person; the CSV has them
    for name in ("coverage_sha256", "kept_sha256", "timed"):
        values.pop(name, None)
    return "; ".join(f"{name}: {text}" for name, text in _flat(values))


def without_long_words(text: str) -> str:
    """Return a text with its long words cut."""
    return " ".join(word if len(word) <= 24 else f"{word[:_LONGEST]}…" for word in text.split(" "))


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and values of JSON without its brackets; lists of lists are counted."""
    for name, value in values.items():
        if value in ("", []):
            continue
        if isinstance(value, dict):
            yield from _flat(value)
        elif isinstance(value, list) and any(isinstance(each, list) for each in value):
            yield name, f"{len(value)} entries"
        elif isinstance(value, list):
            yield name, ", ".join(_entry(each) for each in value)
        elif value is not None:
            yield without_long_words(name), without_long_words(str(value))


def _entry(value: Any) -> str:
    """Return an entry of a list, of a mapping without what only a program compares."""
    if not isinstance(value, Mapping):
        return without_long_words(str(value))
    said = {name: each for name, each in value.items() if name not in _COMPARED}
    return " ".join(f"{name} {text}" for name, text in _flat(said))


def _who(values: Mapping[str, Any], who: str) -> str:
    """Return who did what a record says: whoever was logged in, else `who`; "" where nobody knows."""
    action = values.get("action", "")
    if action == "wrong_password":
        return ""
    if "actor" in values:
        return str(values["actor"])
    if action in _NOBODYS:
        return ""
    return COORDINATOR if action in _COORDINATORS else who


def _short(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is too long to read: voxels, outlines, pictures; the record's hash holds them."""
    short: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            short[name] = _short(value)
        elif isinstance(value, list) and len(value) > 8:
            short[name] = f"{len(value)} entries"
        else:
            short[name] = value
    return short
