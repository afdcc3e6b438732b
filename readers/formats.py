"""The formats, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from core.errors import ImageReadError
from core.plug_ins import PlugIn, usable
from readers import bruker, dicom, dicom_facts, nifti
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
    Format(dicom_facts.NAME, dicom.recognises, dicom.scan),
    Format(nifti.NAME, nifti.recognises, nifti.scan, nifti.companions),
    Format(bruker.NAME, bruker.recognises, bruker.scan, bruker.companions),
)


def format_of(file: ImageFile, head: bytes) -> Format | None:
    """Return the format of a file, or None."""
    return next((known for known in (*FORMATS, *_added()) if known.recognises(file, head)), None)


def companions(files: Sequence[ImageFile]) -> set[ImageFile]:
    """Return the files that are no pictures themselves but were read along with one."""
    return {file for known in (*FORMATS, *_added()) for file in known.companions(files)}


@cache
def _added() -> tuple[Format, ...]:
    """Return the formats of plug-ins, asked after our own; what fails in one is told of its file."""
    return tuple(_guarded(plug_in) for plug_in in usable("formats", _fits).values())


def forget_added() -> None:
    """Look for the formats of plug-ins anew."""
    _added.cache_clear()


def _guarded(plug_in: PlugIn) -> Format:
    made: Format = plug_in.made
    return Format(
        made.name, partial(_recognised, plug_in), partial(_scanned, plug_in), partial(_accompanied, plug_in)
    )


def _recognised(plug_in: PlugIn, file: ImageFile, head: bytes) -> bool:
    try:
        return bool(plug_in.made.recognises(file, head))
    except Exception as error:  # whatever a plug-in does, it is told as its own
        raise ImageReadError(file.shown, plug_in.failed(error)) from error


def _scanned(plug_in: PlugIn, file: ImageFile, opener: Opener) -> list[Frame]:
    try:
        frames: list[Frame] = plug_in.made.scan(file, opener)
        return [replace(frame, facts=replace(frame.facts, plug_in=plug_in.source)) for frame in frames]
    except ImageReadError:
        raise
    except Exception as error:
        raise ImageReadError(file.shown, plug_in.failed(error)) from error


def _accompanied(plug_in: PlugIn, files: Sequence[ImageFile]) -> set[ImageFile]:
    try:
        return set(plug_in.made.companions(files))
    except Exception:
        # its files are told one by one then
        return set()


def _fits(plug_in: PlugIn) -> str:
    return "" if isinstance(plug_in.made, Format) else "it is no readers.formats.Format"
