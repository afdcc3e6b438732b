"""The pictures of a series, to look at and to map."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from app.importing.entries import Entry
from app.scans import scan_of
from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Progress
from readers import load_echoes, load_part
from readers.model import Part
from widgets.words import marked, said

if TYPE_CHECKING:
    from app.maps import Made

_HASHING = marked("reading files once more, for their SHA-256")
# as readers say it of a file without a place
_SIDES_UNKNOWN = "left and right are unknown"


@dataclass(frozen=True, eq=False)
class Pictures:
    """Parts of a series as arrays (echo, slice, row, column); `series` where it can be mapped."""

    parts: Mapping[str, NDArray[np.float32]]
    te_ms: tuple[float, ...]
    geometry: Geometry
    oriented: bool = True
    series: EchoSeries | None = None


def load_pictures(entry: Entry, part: Part | None, progress: Progress) -> Pictures:
    """Read a series: all of it where it can be mapped, else the one part that is wanted.

    Raises
    ------
    AppError
        If a file is damaged or gone.
    """
    info = entry.info
    oriented = not any(_SIDES_UNKNOWN in problem for problem in info.problems)
    if info.fit_for_r2star:
        series = load_echoes(info, progress=progress)
        parts = {"magnitude": series.magnitude}
        if series.phase is not None:
            parts["phase"] = series.phase
        return Pictures(parts, series.te_ms, series.geometry, oriented, series)
    wanted = part if part in info.part else info.part[0]
    found = load_part(info, wanted, progress=progress)
    return Pictures({wanted: found.data}, info.te_ms, found.geometry, oriented and found.oriented)


def map_series(entry: Entry, pictures: Pictures, progress: Progress) -> Made:
    """Fit a series as `ferroread map` does without further wishes.

    Raises
    ------
    AppError
        If it cannot be fitted.
    """
    # with the command come numba and scipy, which nobody needs who only looks
    from app.cli import build_parser
    from app.maps import make_maps

    if pictures.series is None:
        raise InputError(
            QCoreApplication.translate("Pictures", "this series cannot be fitted; see what stands against it")
        )
    started = time.perf_counter()
    info = entry.info
    series = replace(pictures.series, field_t=info.field_t, field_source=info.field_source)
    words = entry.map_words(Path("maps"))
    args = build_parser(words).parse_args(words)
    progress.report(0.0, said(_HASHING))
    scan = scan_of(info, series, info.path)
    progress.report(0.0, "fitting R2*")
    return make_maps(args, scan, None, progress, started)
