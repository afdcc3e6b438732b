"""The formats, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from readers import bruker, dicom, nifti
from readers.files import ImageFile, Opener
from readers.model import Frame


def _none(_files: Sequence[ImageFile]) -> set[ImageFile]:
    return set()


@dataclass(frozen=True)
class Format:
    """A kind of image file.

    Parameters
    ----------
    name : str
        As people call it.
    recognises : callable
        Tells from a file's name and first bytes whether it may be of this kind.
    scan : callable
        Describes the frames of such a file, or raises ImageReadError with the reason.
    companions : callable
        Picks, of all files, those that are read along with one of this kind and are no pictures themselves.
    """

    name: str
    recognises: Callable[[ImageFile, bytes], bool]
    scan: Callable[[ImageFile, Opener], list[Frame]]
    companions: Callable[[Sequence[ImageFile]], set[ImageFile]] = _none


FORMATS: tuple[Format, ...] = (
    Format(dicom.NAME, dicom.recognises, dicom.scan),
    Format(nifti.NAME, nifti.recognises, nifti.scan, nifti.companions),
    Format(bruker.NAME, bruker.recognises, bruker.scan, bruker.companions),
)


def format_of(file: ImageFile, head: bytes) -> Format | None:
    """Return the format of a file, or None."""
    return next((known for known in FORMATS if known.recognises(file, head)), None)


def companions(files: Sequence[ImageFile]) -> set[ImageFile]:
    """Return the files that are no pictures themselves but were read along with one."""
    return {file for known in FORMATS for file in known.companions(files)}
