"""The formats, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from readers import dicom, nifti
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
    is_companion : callable
        Tells whether a file of another kind belongs to one of this kind beside it.
    """

    name: str
    recognises: Callable[[bytes], bool]
    scan: Callable[[ImageFile, Opener], list[Frame]]
    is_companion: Callable[[ImageFile, Opener], bool] = lambda _file, _opener: False


FORMATS: tuple[Format, ...] = (
    Format(dicom.NAME, dicom.recognises, dicom.scan),
    Format(nifti.NAME, nifti.recognises, nifti.scan, nifti.is_companion),
)


def format_of(head: bytes) -> Format | None:
    """Return the format that a file's first bytes are of, or None."""
    return next((known for known in FORMATS if known.recognises(head)), None)


def is_companion(file: ImageFile, opener: Opener) -> bool:
    """Tell whether a file is no picture itself but was read along with one."""
    return any(known.is_companion(file, opener) for known in FORMATS)
