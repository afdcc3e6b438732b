"""Passwords tried on a damaged kit or study: nothing is written into it, so a file beside it keeps them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import InputError, StoreError
from core.study import clock
from core.study.audit import Record, canonical, from_json, moment_of, values_if_any
from core.study.kit_people import RIGHT
from core.study.waiting import left_s

FILE_NAME = "rescue.jsonl"
_RESCUED, _WRONG = "rescue", "wrong_password"


def refuse_hasty(kit: Path, records: Sequence[Record]) -> None:
    """Raise InputError where the password was wrong too often just now.

    Parameters
    ----------
    kit : Path
        The folder of the kit, or of the study.
    records : sequence of Record
        Of its trail, as far as it can be read: what was tried before it was damaged counts too.
    """
    failed: list[clock.Moment] = []
    for values in (*map(values_if_any, records), *_lines(kit)):
        if values.get("action") in (*RIGHT, _RESCUED):
            failed = []
        elif values.get("action") == _WRONG:
            failed += _moments(values)
    wait_s = left_s(failed, clock.moment())
    if wait_s > 0:
        raise InputError(f"the password was wrong too often; wait {wait_s:.0f} seconds and try again")


def note_try(kit: Path, *, right: bool, person: str = "") -> None:
    """Record a try beside the kit or study, of whose password; StoreError where that cannot be written."""
    now = clock.moment()
    action = _RESCUED if right else _WRONG
    whose = {"person": person} if person else {}
    line = canonical({"action": action, "at": now.utc, "clock": [now.run, now.running_s], **whose})
    try:
        with (kit / FILE_NAME).open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StoreError(
            f"{kit} cannot be written, so that its password was tried cannot be recorded; "
            "copy the whole folder to a disk that can"
        ) from error


def _lines(kit: Path) -> Iterator[Mapping[str, Any]]:
    place = kit / FILE_NAME
    text = place.read_text(encoding="utf-8", errors="replace") if place.is_file() else ""
    for line in text.splitlines():
        try:
            values = from_json(line)
        except ValueError:
            continue
        if isinstance(values, dict):
            yield values


def _moments(values: Mapping[str, Any]) -> list[clock.Moment]:
    try:
        return [moment_of(values)]
    except StoreError:
        return []
