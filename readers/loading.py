"""Series to arrays on their grid."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError, InputError
from core.imaging.volume import EchoSeries, FieldSource, Volume
from core.progress import Progress, Silent
from readers.files import Opener
from readers.guard import Decoder
from readers.model import Part, SeriesInfo, Stack
from readers.pixels import read_stack


def load_echoes(
    info: SeriesInfo, *, field_t: float | None = None, progress: Progress | None = None
) -> EchoSeries:
    """Read a multi-echo series for relaxometry.

    Parameters
    ----------
    info : SeriesInfo
        One that `inspect` gave.
    field_t : float, optional
        Field strength in tesla where the user knows better than the header.
    progress : Progress, optional
        Told how far it is, asked whether to stop.

    Returns
    -------
    EchoSeries
        Magnitude, shape (echo, slice, row, column), in scanner units; phase in radians where there is one.
        Magnitude and phase are computed where the scanner stored real and imaginary parts instead.

    Raises
    ------
    ImageReadError
        If the series is not fit for R2*, or one of its files is damaged.
    InputError
        If `field_t` is not positive, or `progress` was cancelled.
    """
    if field_t is not None and not 0 < field_t < np.inf:
        raise InputError(f"a field of {field_t:g} T cannot be; give it in tesla, for example 3 or 0.064")
    if not info.fit_for_r2star or info.stack is None:
        raise ImageReadError(info.path, f"the series {info.id} cannot be fitted: {_because(info)}")
    parts = info.stack.frames
    if "magnitude" in parts:
        wanted: tuple[Part, ...] = ("magnitude", "phase") if "phase" in parts else ("magnitude",)
        arrays = _read(info.stack, wanted, progress)
        magnitude, phase = arrays["magnitude"], arrays.get("phase")
    else:
        arrays = _read(info.stack, ("real", "imaginary"), progress)
        magnitude = np.hypot(arrays["real"], arrays["imaginary"])
        phase = np.arctan2(arrays["imaginary"], arrays["real"])
    source: FieldSource = info.field_source if field_t is None else "user"
    return EchoSeries(
        magnitude=magnitude,
        te_ms=info.te_ms,
        geometry=info.stack.geometry,
        phase=phase,
        field_t=info.field_t if field_t is None else field_t,
        field_source=source,
    )


def load_volume(info: SeriesInfo, *, progress: Progress | None = None) -> Volume:
    """Read a series of one echo as a picture.

    Parameters
    ----------
    info : SeriesInfo
        One that `inspect` gave.
    progress : Progress, optional
        Told how far it is, asked whether to stop.

    Returns
    -------
    Volume
        float32: the magnitude where there is one, else the first part the series has.

    Raises
    ------
    ImageReadError
        If the slices make no regular grid, or a file is damaged.
    InputError
        If the series has several echoes, or `progress` was cancelled.
    """
    stack = _gridded(info)
    part = next(part for part in info.part if part in stack.frames)
    if len(stack.frames[part]) > 1:
        raise InputError(f"the series {info.id} has {len(info.te_ms)} echoes; it is no single picture")
    return Volume(_read(stack, (part,), progress)[part][0], stack.geometry)


def sources(info: SeriesInfo) -> tuple[Path, ...]:
    """Return the files on disk that a series is read from, sorted; an archive stands for its members.

    Sidecars, headers and parameter files that were read along with the pictures are among them.
    """
    every = {facts.read_with for facts in {id(frame.facts): frame.facts for frame in info.frames}.values()}
    beside = {file.path for files in every for file in files}
    return tuple(sorted({frame.file.path for frame in info.frames} | beside))


def _read(stack: Stack, parts: Sequence[Part], progress: Progress | None) -> dict[Part, NDArray[np.float32]]:
    progress = progress or Silent()
    with Opener() as opener, Decoder(progress) as decoder:
        return read_stack(stack, parts, progress, opener, decoder)


def _gridded(info: SeriesInfo) -> Stack:
    if info.stack is None:
        raise ImageReadError(info.path, f"the series {info.id} makes no regular grid: {_because(info)}")
    return info.stack


def _because(info: SeriesInfo) -> str:
    return info.problems[0] if info.problems else "it is not complete"
