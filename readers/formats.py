"""The formats, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from readers import dicom
from readers.files import ImageFile, Opener
from readers.model import Frame


@dataclass(frozen=True)
class Format:
    """A kind of image file.

    Parameters
    ----------
    name : str
        As people call it.
    recognises : callable
        Tells from the first bytes of a file whether it may be of this kind.
    scan : callable
        Describes the frames of such a file, or raises ImageReadError with the reason.
    """

    name: str
    recognises: Callable[[bytes], bool]
    scan: Callable[[ImageFile, Opener], list[Frame]]


FORMATS: tuple[Format, ...] = (Format(dicom.NAME, dicom.recognises, dicom.scan),)


def format_of(head: bytes) -> Format | None:
    """Return the format that a file's first bytes are of, or None."""
    return next((known for known in FORMATS if known.recognises(head)), None)
