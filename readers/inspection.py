"""What is in files, folders and archives: every series, and everything that is none with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.errors import ImageReadError, InputError
from core.progress import Progress, Silent
from readers.files import ImageFile, Opener, files_below, inside, is_archive
from readers.formats import companions, format_of
from readers.grouping import group_frames
from readers.model import Frame, Inspection, Skipped
from readers.pixels import Fingerprints

_REPORT_EVERY = 50


class NothingFoundError(InputError):
    """No picture in what was given; `skipped` has every file with its reason."""

    def __init__(self, message: str, skipped: Sequence[Skipped]) -> None:
        super().__init__(message)
        self.skipped = tuple(skipped)


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
    NothingFoundError
        If no picture is found in any of them.
    InputError
        If a path does not exist, or `progress` was cancelled.
    """
    progress = progress or Silent()
    with Opener() as opener:
        search = _Search(opener, progress)
        search.look_at([ImageFile(path) for path in _paths(paths)])
        series = group_frames(search.frames, Fingerprints(opener))
    if not series:
        raise NothingFoundError(_nothing_found(paths, search.skipped), search.skipped)
    return Inspection(tuple(series), search.unused())


class _Search:
    """What has been found so far."""

    def __init__(self, opener: Opener, progress: Progress) -> None:
        self._opener, self._progress = opener, progress
        self.frames: list[Frame] = []
        self.skipped: list[Skipped] = []

    def look_at(self, files: Sequence[ImageFile]) -> None:
        """Describe the frames of every file, or say why it has none."""
        belonging = companions(files)
        for count, file in enumerate(files):
            if count % _REPORT_EVERY == 0:
                self._progress.report(count / len(files), "reading headers")
                if self._progress.cancelled():
                    raise InputError("stopped before everything was read")
            if file in belonging:
                continue
            try:
                self._look_into(file)
            except ImageReadError as error:
                self.skipped.append(Skipped(error.path, error.reason))

    def unused(self) -> tuple[Skipped, ...]:
        """Return what was skipped, without the values of pairs, whose headers were read."""
        files = {frame.file for frame in self.frames}
        taken = {file.shown for file in files}
        return tuple(skipped for skipped in self.skipped if skipped.path not in taken)

    def _look_into(self, file: ImageFile) -> None:
        head, _ = self._opener.head(file)
        if not head:
            raise ImageReadError(file.shown, "is empty")
        known = format_of(file, head)
        if known is not None:
            self.frames += known.scan(file, self._opener)
        elif not is_archive(head):
            raise ImageReadError(
                file.shown, "is no image file that FerroRead knows (DICOM, NIfTI, ParaVision, zip)"
            )
        elif file.member:
            raise ImageReadError(file.shown, "is an archive inside an archive; unpack it first")
        else:
            self.look_at(self._members(file))

    def _members(self, file: ImageFile) -> list[ImageFile]:
        """Return what an archive holds, without the names that lead out of it."""
        members = []
        for member in self._opener.members(file.path):
            if inside(member.filename):
                members.append(ImageFile(file.path, member.filename))
            else:
                told = f"its member {member.filename!r} has a name that leads out of the archive"
                self.skipped.append(Skipped(file.path, told))
        return members


def _paths(paths: Sequence[Path]) -> list[Path]:
    """Return every file in and below the given ones, each once."""
    found: dict[Path, None] = {}
    for given in paths:
        try:
            path = given.resolve()
        except RuntimeError as error:  # Python 3.13 says it as an OSError, when it is read
            raise InputError(f"{given} is a link that leads to itself; name the folder itself") from error
        if not path.exists():
            raise InputError(f"{given} does not exist; check the name")
        # a DICOMDIR stands for the media it describes (PS3.10 section 8.6)
        folder = path.parent if path.is_file() and path.name.upper() == "DICOMDIR" else path
        found.update(dict.fromkeys(files_below(folder) if folder.is_dir() else [folder]))
    return list(found)


def _nothing_found(paths: Sequence[Path], skipped: Sequence[Skipped]) -> str:
    where = ", ".join(str(path) for path in paths)
    if not skipped:
        return f"{where}: no file in it; choose the folder that holds the images"
    if len(skipped) == 1:
        return f"{skipped[0].path}: {skipped[0].reason}"
    reasons = Counter(item.reason for item in skipped).most_common(3)
    told = "; ".join(f"{count} of them: {reason}" for reason, count in reasons)
    return f"{where}: no picture in {len(skipped)} files ({told})"
