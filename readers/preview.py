"""Pictures before anything is decided: of a folder that is still being read, of any part of a series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError, InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.progress import Progress, Silent
from readers.files import ImageFile, Opener, files_below, inside, is_archive
from readers.formats import format_of
from readers.guard import Decoder
from readers.model import Frame, Part, SeriesInfo, Stack
from readers.pixels import read_stack

# so many files are looked into for a first picture: a folder of other things shall not keep anybody waiting
FIRST_FILES = 40
# a larger file would be read whole for one slice of it
FIRST_BYTES = 128 << 20


@dataclass(frozen=True, eq=False)
class PartPictures:
    """The pictures of one part of a series, for looking at.

    Parameters
    ----------
    data : float32 array, shape (echo, slice, row, column)
        Signal in scanner units, phase in radians.
    geometry : Geometry
        Where the voxels lie.
    on_grid : bool
        False where the slices make no regular grid: they are then laid one after the other, and places
        across slices mean nothing.
    oriented : bool
        False where the files do not tell left from right.
    """

    data: NDArray[np.float32]
    geometry: Geometry
    on_grid: bool = True
    oriented: bool = True


def first_picture(paths: Sequence[Path], progress: Progress | None = None) -> Volume | None:
    """Return one slice of what is in files, folders and archives, without looking through all of it.

    Magnitude is preferred. Compressed pictures are left out: starting their decoder takes longer than this
    may.

    Parameters
    ----------
    paths : sequence of Path
        As for `inspect`.
    progress : Progress, optional
        Asked whether to stop.

    Returns
    -------
    Volume or None
        One slice; None where the first files hold none, or were asked to stop.
    """
    progress = progress or Silent()
    second_best: Frame | None = None
    with Opener() as opener:
        for file in islice(_files(paths, opener), FIRST_FILES):
            if progress.cancelled():
                return None
            frame = _frame_in(file, opener)
            if frame is not None and frame.part == "magnitude":
                return _picture(frame, opener, progress)
            second_best = second_best or frame
        return None if second_best is None else _picture(second_best, opener, progress)


def load_part(info: SeriesInfo, part: Part, *, progress: Progress | None = None) -> PartPictures:
    """Read one part of any series, fit for R2* or not.

    Parameters
    ----------
    info : SeriesInfo
        One that `inspect` gave.
    part : Part
        One of `info.part`.
    progress : Progress, optional
        Told how far it is, asked whether to stop.

    Raises
    ------
    ImageReadError
        If a file is damaged or gone.
    InputError
        If the series has no such part, or `progress` was cancelled.
    """
    if part not in info.part:
        raise InputError(f"the series {info.id} has {' and '.join(info.part)}, no {part}")
    stack = info.stack
    on_grid = stack is not None and part in stack.frames
    if stack is None or not on_grid:
        stack = _one_after_the_other([frame for frame in info.frames if frame.part == part])
    progress = progress or Silent()
    with Opener() as opener, Decoder(progress) as decoder:
        data = read_stack(stack, (part,), progress, opener, decoder)[part]
    return PartPictures(data, stack.geometry, on_grid, stack.frames[part][0][0].position is not None)


def _files(paths: Sequence[Path], opener: Opener) -> Iterator[ImageFile]:
    for path in paths:
        for found in files_below(path) if path.is_dir() else (path,):
            file = ImageFile(found)
            try:
                head, _ = opener.head(file)
                members = opener.members(found) if is_archive(head) else []
            except ImageReadError:
                continue
            names = [member.filename for member in members if inside(member.filename)]
            yield from [ImageFile(found, name) for name in names] if names else [file]


def _frame_in(file: ImageFile, opener: Opener) -> Frame | None:
    """Return a frame from the middle of a file; None where it has none that can be had at once."""
    try:
        if not file.member and file.path.stat().st_size > FIRST_BYTES:
            return None
        head, _ = opener.head(file)
        known = format_of(file, head)
        frames = [] if known is None else known.scan(file, opener)
    except (ImageReadError, OSError):
        return None
    frame = frames[len(frames) // 2] if frames else None
    return None if frame is None or frame.layout.codec else frame


def _picture(frame: Frame, opener: Opener, progress: Progress) -> Volume | None:
    stack = _one_after_the_other([frame])
    try:
        data = read_stack(stack, (frame.part,), progress, opener, Decoder(progress))[frame.part]
    except (ImageReadError, InputError):
        return None
    return Volume(data[0], stack.geometry)


def _one_after_the_other(frames: Sequence[Frame]) -> Stack:
    """Lay frames that make no grid one after the other, turned as the first; echoes by their numbers."""
    first = frames[0]
    across = np.cross(first.column_step, first.row_step)
    across /= np.linalg.norm(across)
    affine = np.eye(4)
    affine[:3, 0] = across * (first.between_mm or first.thickness_mm or 1.0)
    affine[:3, 1], affine[:3, 2] = first.row_step, first.column_step
    affine[:3, 3] = first.position or (0.0, 0.0, 0.0)
    echoes: dict[int, list[Frame]] = defaultdict(list)
    for frame in sorted(frames, key=lambda frame: float(np.dot(frame.position or (0.0, 0.0, 0.0), across))):
        echoes[frame.echo_number or 0].append(frame)
    stacked = [echoes[number] for number in sorted(echoes)]
    if len({len(echo) for echo in stacked}) > 1:
        stacked = [list(frames)]
    geometry = Geometry((len(stacked[0]), first.layout.rows, first.layout.columns), affine)
    return Stack({first.part: stacked}, geometry)
