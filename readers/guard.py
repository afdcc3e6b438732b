"""Compressed pixels are decoded in a child process with limits of memory and time.

Only what needs a codec goes there: the decoders are C libraries, and a hostile or damaged file can crash
them, hang them or make them ask for all memory. Plain values need no decoder; they are taken out of the
file's bytes by offset and length, both checked, and cost no child. Nothing is pickled on the way back: the
child answers with bytes, so that even one that was taken over by its input can only send wrong numbers.
"""

from __future__ import annotations

import io
import json
import math
import multiprocessing
import os
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError, InputError
from core.progress import Progress, Silent
from readers.files import ImageFile

MEMORY_BYTES = 2 << 30
SECONDS_WITHOUT_PROGRESS = 30.0
# starting the child imports numpy, pydicom and the codecs
SECONDS_TO_START = 60.0
# a folder made to kill the child again and again shall not keep anybody waiting
MAX_DEATHS = 5

_CHUNK_BYTES = 1 << 22
_POLL_SECONDS = 0.1


class Decoder:
    """A child process that decodes compressed DICOM files, started when the first one comes.

    Use it as a context manager.

    Parameters
    ----------
    progress : Progress, optional
        Asked whether to stop while the child works.
    memory_bytes, seconds : int, float
        The limits of the child.
    """

    def __init__(
        self,
        progress: Progress | None = None,
        *,
        memory_bytes: int = MEMORY_BYTES,
        seconds: float = SECONDS_WITHOUT_PROGRESS,
    ) -> None:
        self._progress = progress or Silent()
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._child: BaseProcess | None = None
        self._pipe: Connection[bytes, bytes] | None = None
        self._deaths = 0

    def __enter__(self) -> Decoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """The child's process id; None while there is no child."""
        return None if self._child is None else self._child.pid

    def close(self) -> None:
        """End the child."""
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
        self._child = self._pipe = None

    def decode(self, file: ImageFile, data: bytes) -> NDArray[Any]:
        """Return the stored values of a compressed DICOM file.

        Parameters
        ----------
        file : ImageFile
            For messages.
        data : bytes
            The whole file.

        Returns
        -------
        array, shape (frame, row, column)
            The stored values.

        Raises
        ------
        ImageReadError
            If the file cannot be decoded within the limits.
        """
        if self._deaths >= MAX_DEATHS:
            raise ImageReadError(file.shown, f"not tried: decoding failed {MAX_DEATHS} times before it")
        pipe = self._started(file)
        try:
            for begin in range(0, len(data), _CHUNK_BYTES):
                pipe.send_bytes(data[begin : begin + _CHUNK_BYTES])
            pipe.send_bytes(b"")
            answer = json.loads(self._receive(pipe, file, self._seconds))
            if "error" in answer:
                raise ImageReadError(file.shown, f"cannot be decoded: {answer['error']}")
            dtype, shape = np.dtype(str(answer["dtype"])), tuple(int(size) for size in answer["shape"])
            size = dtype.itemsize * math.prod(shape)
            if dtype.kind not in "iuf" or not 0 < size <= self._memory_bytes:
                raise OSError("no decoder answers so")
            pixels = bytearray()
            while len(pixels) < size:
                pixels += self._receive(pipe, file, self._seconds)
            # too many bytes have no shape
            decoded = np.frombuffer(pixels, dtype).reshape(shape)
        except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
            self._lose()
            raise ImageReadError(
                file.shown, "cannot be decoded: the decoder broke down; it is damaged"
            ) from error
        return decoded

    def _started(self, file: ImageFile) -> Connection[bytes, bytes]:
        if self._pipe is not None:
            return self._pipe
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        child = context.Process(target=_serve, args=(theirs, self._memory_bytes), daemon=True)
        try:
            child.start()
            self._pipe, self._child = ours, child
            theirs.close()
            self._receive(ours, file, SECONDS_TO_START)
        except (EOFError, OSError) as error:
            self._lose()
            raise ImageReadError(file.shown, "cannot be decoded: the decoder does not start") from error
        return ours

    def _receive(self, pipe: Connection[bytes, bytes], file: ImageFile, seconds: float) -> bytes:
        end = monotonic() + seconds
        while not pipe.poll(_POLL_SECONDS):
            if self._progress.cancelled():
                self.close()
                raise InputError("stopped before everything was read")
            if monotonic() > end:
                self._lose()
                raise ImageReadError(
                    file.shown, f"not decoded within {seconds:.0f} s; it is damaged or hostile"
                )
        return pipe.recv_bytes(_CHUNK_BYTES)

    def _lose(self) -> None:
        self._deaths += 1
        self.close()


def _serve(pipe: Connection[bytes, bytes], memory_bytes: int) -> None:
    """Decode file after file until the parent closes the pipe: the child's whole life."""
    # what the codecs print on their own is no message for anybody
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    # imported here: the parent needs none of it
    import pydicom  # noqa: PLC0415
    from pydicom.pixels.utils import pixel_array  # noqa: PLC0415

    _limit_memory(memory_bytes)
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    # EOFError: the parent is done with us
    with suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send_bytes(b"ready")
        while True:
            data = bytearray()
            while part := pipe.recv_bytes():
                data += part
            try:
                dataset = pydicom.dcmread(io.BytesIO(data), force=True)
                pixels = pixel_array(dataset, raw=True)
                if pixels.ndim == 2:
                    pixels = pixels[None]
            # whatever goes wrong in a decoder is the file's fault, and the parent says so
            except Exception as error:
                pipe.send_bytes(json.dumps({"error": _reason(error)}).encode())
                continue
            pipe.send_bytes(json.dumps({"dtype": pixels.dtype.str, "shape": pixels.shape}).encode())
            answer = pixels.tobytes()
            for begin in range(0, len(answer), _CHUNK_BYTES):
                pipe.send_bytes(answer[begin : begin + _CHUNK_BYTES])


def _reason(error: Exception) -> str:
    """Return a decoder's complaint in one short line."""
    if isinstance(error, MemoryError):
        return "it needs more memory than the limit"
    told = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    # what pydicom lists after a colon is each decoder's own exception, which tells nobody anything
    if told.endswith(":"):
        return "no decoder makes pixels of it; it is damaged, copy it again"
    return told[:200]


def _limit_memory(memory_bytes: int) -> None:
    """Limit what the process may address, where the platform knows such limits."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    # some systems accept no such limit; the time limit stays
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
