"""Frames to arrays: every file read once and whole, every value scaled."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError, InputError
from core.progress import Progress
from readers import dicom
from readers.elements import DEFLATED
from readers.files import ImageFile, Opener
from readers.guard import Decoder
from readers.model import Frame, Part, Stack
from readers.scaling import phase_in_radians

MAX_SERIES_BYTES = 8 << 30


def read_stack(
    stack: Stack, parts: Sequence[Part], progress: Progress, opener: Opener, decoder: Decoder
) -> dict[Part, NDArray[np.float32]]:
    """Read parts of a series.

    Parameters
    ----------
    stack : Stack
        Where the frames are.
    parts : sequence of Part
        Which parts to read; all of them must be in the stack.
    progress : Progress
        Told how far it is, asked whether to stop.
    opener, decoder : Opener, Decoder
        Read the files and decode what is compressed.

    Returns
    -------
    dict
        part -> float32 array, shape (echo, slice, row, column): signal in scanner units, phase in radians.

    Raises
    ------
    ImageReadError
        If a file is gone, damaged or cut short, or the series is too large.
    InputError
        If `progress` was cancelled.
    """
    echoes = len(stack.frames[parts[0]])
    shape = (echoes, *stack.geometry.shape)
    first = stack.frames[parts[0]][0][0]
    if 4 * len(parts) * int(np.prod(shape, dtype=object)) > MAX_SERIES_BYTES:
        raise ImageReadError(
            first.file.shown, f"the series needs more than {MAX_SERIES_BYTES >> 30} GiB of memory"
        )
    try:
        arrays: dict[Part, NDArray[np.float32]] = {part: np.empty(shape, np.float32) for part in parts}
    except MemoryError as error:
        told = "the series needs more memory than this machine has; read fewer echoes or slices at a time"
        raise ImageReadError(first.file.shown, told) from error
    by_file: dict[ImageFile, list[tuple[Frame, NDArray[np.float32]]]] = defaultdict(list)
    for part in parts:
        for echo, frames in enumerate(stack.frames[part]):
            for index, frame in enumerate(frames):
                by_file[frame.file].append((frame, arrays[part][echo, index]))
    for count, (file, wanted) in enumerate(by_file.items()):
        if progress.cancelled():
            raise InputError("stopped before everything was read")
        progress.report(count / len(by_file), "reading pictures")
        with _stored(file, wanted[0][0].layout.codec, opener, decoder) as stored:
            for frame, target in wanted:
                _scaled(stored(frame), frame, target)
    if "phase" in arrays and stack.frames["phase"][0][0].scale.factor is None:
        arrays["phase"] = phase_in_radians(arrays["phase"])
    return arrays


class Fingerprints:
    """Digests of stored pixels, for telling copies from conflicts; use it as a context manager's product."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._of_file: tuple[ImageFile, bytes, str] | None = None

    def __call__(self, frame: Frame) -> bytes:
        """Return the digest of a frame's stored pixels, or of its whole file where they are compressed."""
        if self._of_file is None or self._of_file[0] != frame.file:
            data = self._opener.read(frame.file)
            whole = hashlib.sha256(data).hexdigest() if frame.layout.codec else ""
            self._of_file = frame.file, data, whole
        _, data, whole = self._of_file
        if not frame.layout.codec:
            return hashlib.sha256(data[frame.offset : frame.offset + _size(frame)]).digest()
        return f"{whole} {frame.number}".encode()


@contextmanager
def _stored(
    file: ImageFile, codec: str, opener: Opener, decoder: Decoder
) -> Iterator[Callable[[Frame], NDArray[Any]]]:
    """Give what returns the stored values of a file's frames, each valid until the next one is asked for."""
    if codec == DEFLATED:
        inflated = memoryview(dicom.data_set(file, opener))
        yield lambda frame: _cut_out(frame, inflated[frame.offset : frame.offset + _size(frame)])
    elif codec:
        decoded = decoder.decode(file, opener.read(file))
        yield lambda frame: _of_decoded(frame, decoded)
    else:
        with opener.pieces(file) as piece:
            yield lambda frame: _cut_out(frame, piece(frame.offset, _size(frame)))


def _size(frame: Frame) -> int:
    """Return how many bytes the stored values of a frame take."""
    return frame.layout.rows * frame.layout.columns * int(frame.layout.dtype[-1])


def _cut_out(frame: Frame, data: memoryview) -> NDArray[Any]:
    layout = frame.layout
    if len(data) < _size(frame):
        raise ImageReadError(frame.file.shown, "is shorter than before; it has been changed")
    values = np.frombuffer(data, layout.dtype).reshape(layout.rows, layout.columns)
    return used_bits(values, layout.bits_stored)


def _of_decoded(frame: Frame, decoded: NDArray[Any]) -> NDArray[Any]:
    if decoded.shape[1:] != (frame.layout.rows, frame.layout.columns) or frame.number >= len(decoded):
        raise ImageReadError(frame.file.shown, "decodes to another size than its header says; it is damaged")
    pixels: NDArray[Any] = decoded[frame.number]
    return pixels


def used_bits(values: NDArray[Any], bits_stored: int) -> NDArray[Any]:
    """Clear or sign-extend the bits above those that count (PS3.5 section 8.1.1)."""
    kind, allocated = values.dtype.kind, 8 * values.dtype.itemsize
    if kind == "f" or bits_stored >= allocated:
        return values
    if kind == "u":
        return values & ((1 << bits_stored) - 1)
    unused = allocated - bits_stored
    return (values << unused) >> unused


def _scaled(stored: NDArray[Any], frame: Frame, target: NDArray[np.float32]) -> None:
    scale = frame.scale
    factor = 1.0 if scale.factor is None else scale.factor
    if scale.slope == 1 and scale.intercept == 0 and factor == 1 and stored.dtype.kind != "f":
        target[...] = stored
        return
    if (abs(scale.slope) * 2.0**64 + abs(scale.intercept)) * abs(factor) > float(np.finfo(np.float32).max):
        raise ImageReadError(frame.file.shown, f"scales its values by {scale.slope:g}, which cannot be true")
    # a stored NaN stays one, and a stored double beyond float32 becomes infinite: neither is signal
    with np.errstate(over="ignore", invalid="ignore"):
        values = stored * np.float64(scale.slope)
        values += scale.intercept
        values *= factor
        target[...] = values
