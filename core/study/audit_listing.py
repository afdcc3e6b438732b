"""The audit trail as rows to read: what was done, when, to which case, and what is told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core.study.audit import Record, canonical, values_if_any

COLUMNS = ("sequence", "at", "action", "case", "detail", "sha256")
_OWN = ("action", "at", "clock", "alias", "case")


def listed(
    records: Sequence[Record],
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
    actions : collection of str
        Only these; all if there are none.
    case : str
        Only of this alias; all if "".
    withheld : collection of int
        Numbers of records of which is told that they are there, and not what they say.
    """
    rows = []
    for record in records:
        values = values_if_any(record)
        alias = str(values.get("alias", ""))
        if (actions and values.get("action") not in actions) or (case and alias != case):
            continue
        told = {name: value for name, value in values.items() if name not in _OWN}
        if record.sequence in withheld:
            told = {"withheld": True}
        rows.append(
            {
                "sequence": record.sequence, "at": values.get("at", ""), "action": values.get("action", ""),
                "case": alias, "detail": canonical(_short(told)), "sha256": record.sha256,
            }
        )  # fmt: skip
    return rows


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
