"""What the pictures of a DICOM series have in common: who made them, how, and at which field."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from core.imaging.volume import FieldSource
from readers.dicom_values import Values
from readers.elements import NOTHING, Element
from readers.field import field_strength
from readers.model import Facts, printable

NAME = "DICOM"

# the attributes that a series has in common; the files of a folder mostly say the same again and again
_FACTS = (
    *(0x00080005, 0x00080060, 0x00080070, 0x0008103E, 0x00081090, 0x00180020, 0x00180023, 0x00180024),
    *(0x00180080, 0x00180084, 0x00180085, 0x00180087, 0x00181030, 0x00181314, 0x00189008, 0x00189098),
    *(0x00100020, 0x00189100, 0x0020000D, 0x0020000E, 0x00200011, 0x00200052),
)


def shared_facts(values: Values) -> Facts:
    """Return the facts of a file, worked out once for all files that say the same."""
    return _facts_of(tuple((values.element(tag) or NOTHING).key() for tag in _FACTS), values.big_endian)


@lru_cache(maxsize=64)
def _facts_of(raw: tuple[tuple[bytes, bytes], ...], big_endian: bool) -> Facts:
    present = {tag: Element(vr, value) for tag, (vr, value) in zip(_FACTS, raw, strict=True) if value}
    return _facts(Values([present], big_endian=big_endian))


def _facts(values: Values) -> Facts:
    field_t, source, remarks = _field(values)
    if writes_seconds(values.named(0x00080070)):
        remarks += ("MR Solutions writes echo times in seconds; turned into ms where they are",)
    sequence = "\\".join(values.texts(0x00180020)) or {"GRADIENT": "GR", "SPIN": "SE", "BOTH": "SE\\GR"}.get(
        values.text(0x00189008), ""
    )
    return Facts(
        format=NAME,
        subject=_token(values.text(0x00100020)),
        study=values.text(0x0020000D),
        series=values.text(0x0020000E),
        frame_of_reference=values.text(0x00200052),
        series_number=values.whole(0x00200011) or 0,
        modality=printable(values.text(0x00080060)),
        manufacturer=values.named(0x00080070),
        model=values.named(0x00081090),
        description=values.named(0x0008103E),
        sequence=sequence,
        acquisition=values.text(0x00180023),
        field_t=field_t,
        field_source=source,
        protocol=(
            values.named(0x00181030),
            values.text(0x00180024),
            values.number(0x00180080),
            values.number(0x00181314),
        ),
        remarks=remarks,
    )


def _token(patient: str) -> str:
    """Return what tells subjects apart without saying who they are."""
    return hashlib.sha256(patient.encode()).hexdigest() if patient else ""


def _field(values: Values) -> tuple[float | None, FieldSource, tuple[str, ...]]:
    """Return field strength, where it comes from, and what has to be said about it."""
    return field_strength(
        values.number(0x00180087),
        values.number(0x00180084) or values.number(0x00189098) or 0.0,
        values.text(0x00180085) or values.text(0x00189100) or "1H",
    )


def writes_seconds(manufacturer: str) -> bool:
    """Tell whether echo times of this maker may be in seconds."""
    return manufacturer.upper().startswith("MR SOLUTIONS")
