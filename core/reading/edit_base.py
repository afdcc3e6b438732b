"""What all edits share: what they refuse, and how plain values of the audit trail are read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeVar

from core.errors import InputError
from core.reading.questions import Value
from core.reading.reading import Position, Reading

_Item = TypeVar("_Item")


def refuse_signed(reading: Reading) -> None:
    """Raise InputError where the reading is signed."""
    if reading.signed:
        raise InputError(f"case {reading.alias} is signed and cannot change any more")


def expect(holds: bool) -> None:
    """Raise InputError where the reading is not what an edit was made for."""
    if not holds:
        raise InputError("the case has changed meanwhile, so this step does not fit; look and do it again")


def inserted(items: Mapping[str, _Item], key: str, item: _Item, place: int | None) -> dict[str, _Item]:
    """Return a mapping with one more entry at a place, at the end for None."""
    expect(key not in items and (place is None or 0 <= place <= len(items)))
    entries = list(items.items())
    entries.insert(len(entries) if place is None else place, (key, item))
    return dict(entries)


def without(items: Mapping[str, _Item], key: str, place: int | None) -> dict[str, _Item]:
    """Return a mapping without an entry, which stands at the place where one is given."""
    expect(key in items and place in (None, list(items).index(key)))
    return {other: item for other, item in items.items() if other != key}


def read_text(value: Any) -> str:
    """Return a value that must be text; TypeError where it is not."""
    if not isinstance(value, str):
        raise TypeError
    return value


def read_whole(value: Any) -> int:
    """Return a value that must be a whole number; TypeError where it is not."""
    if type(value) is not int:
        raise TypeError
    return value


def read_yes(value: Any) -> bool:
    """Return a value that must be true or false; TypeError where it is not."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def read_place(value: Any) -> int | None:
    """Return a place in an order, or None for its end."""
    return None if value is None else read_whole(value)


def read_about(value: Any) -> str | None:
    """Return the id of what something is about, or None for the case."""
    return None if value is None else read_text(value)


def read_value(value: Any) -> Value | None:
    """Return an answer, or None for none; TypeError or ValueError where it can be no answer."""
    if value is None or isinstance(value, str) or type(value) is int:
        return value
    if not isinstance(value, float):
        raise TypeError
    if not math.isfinite(value):
        raise ValueError
    return value


def read_position(values: Any) -> Position:
    """Return three numbers; TypeError or ValueError where they are not."""
    x, y, z = (float(value) for value in values)
    return x, y, z
