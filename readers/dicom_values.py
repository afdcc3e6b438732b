"""What a DICOM data set says of one picture, as text and numbers."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

from readers.elements import Element, Elements, numbers, text, texts
from readers.model import printable


@dataclass(slots=True)
class Values:
    """Elements by tag: the frame's own before the shared ones before the file's."""

    layers: list[Elements]
    big_endian: bool

    def element(self, tag: int) -> Element | None:
        """Return the nearest element of this tag."""
        for layer in self.layers:
            found = layer.get(tag)
            if found is not None:
                return found
        return None

    def text(self, tag: int) -> str:
        """Return its first value as text, "" where there is none."""
        return text(self.element(tag))

    def texts(self, tag: int) -> list[str]:
        """Return all its values as text."""
        return texts(self.element(tag))

    def numbers(self, tag: int) -> list[float]:
        """Return all its values as numbers."""
        return numbers(self.element(tag), big_endian=self.big_endian)

    def number(self, tag: int) -> float | None:
        """Return its first value, if that is a finite number."""
        values = self.numbers(tag)
        return values[0] if values and math.isfinite(values[0]) else None

    def whole(self, tag: int) -> int | None:
        """Return its first value without its fraction, if that is a finite number."""
        value = self.number(tag)
        return None if value is None else int(value)

    def named(self, tag: int) -> str:
        """Return text in the character set of the file."""
        found = self.element(tag)
        if found is None:
            return ""
        return printable(_decoded(found.value, self.texts(0x00080005)))

    def private(self, group: int, low: int, creator: str) -> Element | None:
        """Return a private element, wherever its creator reserved a block (PS3.5 7.8.1)."""
        for layer in self.layers:
            for tag, found in layer.items():
                if tag >> 16 == group and tag & 0xFF == low and tag & 0xFFFF > 0xFF:
                    owner = layer.get(group << 16 | (tag >> 8 & 0xFF))
                    if owner is not None and text(owner) == creator:
                        return found
        return None


def _decoded(value: bytes, charsets: list[str]) -> str:
    if value.isascii():
        return value.decode("ascii").strip(" \0")
    if charsets == ["ISO_IR 192"]:
        return value.decode("utf-8", "replace").strip(" \0")
    if charsets in (["ISO_IR 100"], [], [""]):
        return value.decode("latin-1").strip(" \0")
    # imported here: only names in other scripts need pydicom's tables
    from pydicom.charset import convert_encodings, decode_bytes  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # pydicom's guesses for unknown or mixed repertoires do for a name that is only shown
            warnings.simplefilter("ignore")
            return decode_bytes(value, convert_encodings(charsets), {0x5C, 0x5E, 0x3D}).strip(" \0")
    except (LookupError, ValueError):
        return value.decode("latin-1").strip(" \0")
