"""What is in files, folders and archives: every series, and everything that is none with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import ImageReadError, InputError
from core.progress import Progress, Silent
from readers.files import ImageFile, Opener, files_below, inside, is_archive
from readers.formats import companions, format_of
from readers.grouping import group_frames
from readers.model import Frame, Inspection, Skipped
from readers.pixels import Fingerprints

_REPORT_EVERY = 50


def inspect(paths: Sequence[Path], progress: Progress | None = None) -> Inspection:
    """List every series in files, folders and zip archives, without reading their pixels.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders (read with all below them) and zip archives, in any mixture.
    progress : Progress, optional
        Told how far it is, asked whether to stop.

    Returns
    -------
    Inspection
        The series, and every file that is part of none with the reason in one line.

    Raises
    ------
    InputError
        If a path does not exist, no picture is found in any of them, or `progress` was cancelled.
    """
    progress = progress or Silent()
    frames: list[Frame] = []
    skipped: list[Skipped] = []
    with Opener() as opener:
        found = list(dict.fromkeys(_files(paths, opener, skipped)))
        belonging = companions(found)
        files = [file for file in found if file not in belonging]
        for count, file in enumerate(files):
            if count % _REPORT_EVERY == 0:
                progress.report(count / len(files), "reading headers")
                if progress.cancelled():
                    raise InputError("stopped before everything was read")
            try:
                frames += _scan(file, opener)
            except ImageReadError as error:
                skipped.append(Skipped(error.path, error.reason))
        series = group_frames(frames, Fingerprints(opener))
    inspection = Inspection(tuple(series), tuple(skipped))
    if not series:
        raise InputError(_nothing_found(paths, inspection.skipped))
    return inspection


def _scan(file: ImageFile, opener: Opener) -> list[Frame]:
    head, size = opener.head(file)
    if not head:
        raise ImageReadError(file.shown, "is empty" if size == 0 else "holds nothing")
    known = format_of(file, head)
    if known is None:
        if is_archive(head):
            raise ImageReadError(file.shown, "is an archive inside an archive; unpack it first")
        raise ImageReadError(
            file.shown, "is no image file that FerroRead knows (DICOM, NIfTI, ParaVision, zip)"
        )
    return known.scan(file, opener)


def _files(paths: Sequence[Path], opener: Opener, skipped: list[Skipped]) -> Iterator[ImageFile]:
    """Yield every file to be looked at, archives by their members."""
    for given in paths:
        path = given.resolve()
        if not path.exists():
            raise InputError(f"{given} does not exist; check the name")
        for place in files_below(path) if path.is_dir() else [path]:
            try:
                yield from _opened_up(ImageFile(place), opener, skipped)
            except ImageReadError as error:
                skipped.append(Skipped(place, error.reason))


def _opened_up(file: ImageFile, opener: Opener, skipped: list[Skipped]) -> Iterator[ImageFile]:
    head, _ = opener.head(file)
    if not is_archive(head):
        yield file
        return
    for member in opener.members(file.path):
        inner = ImageFile(file.path, member.filename)
        if inside(member.filename):
            yield inner
        else:
            skipped.append(
                Skipped(file.path, f"its member {member.filename!r} has a name outside the archive")
            )


def _nothing_found(paths: Sequence[Path], skipped: Sequence[Skipped]) -> str:
    where = ", ".join(str(path) for path in paths)
    if not skipped:
        return f"{where}: no file in it; choose the folder that holds the images"
    if len(skipped) == 1:
        return f"{skipped[0].path}: {skipped[0].reason}"
    reasons = Counter(item.reason for item in skipped).most_common(3)
    told = "; ".join(f"{count} of them: {reason}" for reason, count in reasons)
    return f"{where}: no picture in {len(skipped)} files ({told})"
