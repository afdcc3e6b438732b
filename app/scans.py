"""The one multi-echo series of what a person names: found, put right, loaded, and its files hashed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from app.commands import UsageError
from core.errors import InputError
from core.files import sha256
from core.imaging.volume import EchoSeries
from core.progress import Progress

if TYPE_CHECKING:
    from readers import SeriesInfo
    from readers.model import Part

# of the reasons why none of several series can be fitted so many are told, each so many letters long
_FEW, _LONGEST = 3, 160


@dataclass(frozen=True)
class Scan:
    """A multi-echo series, hashes of its files and of whom they name, and the plug-in that read it."""

    series: EchoSeries
    inputs: Mapping[str, str]
    subjects: frozenset[str]
    plug_in: str = ""


def load_scan(
    path: Path,
    series_id: str | None,
    field_t: float | None,
    progress: Progress,
    te_ms: Sequence[float] | None = None,
    part: Part | None = None,
) -> Scan:
    """Load the one multi-echo series of `path` that fits, or the one called `series_id`.

    With `te_ms` or `part`, only series that can take them count.

    Raises
    ------
    InputError
        If none fits, several do, or the name is unknown.
    """
    info = find_series(path, series_id, field_t, progress, te_ms, part)
    return load_series(info, path, field_t, progress)


def find_series(
    path: Path,
    series_id: str | None,
    field_t: float | None,
    progress: Progress,
    te_ms: Sequence[float] | None = None,
    part: Part | None = None,
) -> SeriesInfo:
    """Find what `load_scan` loads, without reading its pictures; raises as it does."""
    import readers

    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder")
    if field_t is not None and not 0 < field_t < math.inf:
        raise UsageError(f"--field must be positive, in tesla, not {field_t:g}")
    found = readers.inspect([path], progress).series
    if series_id is not None:
        named = [info for info in found if info.id == series_id]
        if not named:
            known = ", ".join(info.id for info in found)
            raise InputError(f"{path}: has no series {series_id}; it has {known}")
        found = tuple(named)
    if te_ms is not None or part is not None:
        found = _corrected(path, found, te_ms, part)
    chosen = [info for info in found if info.fit_for_r2star]
    if not chosen:
        raise InputError(_why_none(path, found))
    if len(chosen) > 1:
        names = ", ".join(info.id for info in chosen)
        raise InputError(f"{path}: several series fit ({names}); choose one with --series")
    check_field(chosen[0], field_t)
    return chosen[0]


def load_series(info: SeriesInfo, path: Path, field_t: float | None, progress: Progress) -> Scan:
    """Load a series that was found in `path`."""
    import readers

    return scan_of(info, readers.load_echoes(info, field_t=field_t, progress=progress), path)


def check_field(info: SeriesInfo, field_t: float | None) -> None:
    """Raise InputError where a field was given and the header has another."""
    # scipy comes with it
    from core.relaxometry.calibration import same_field

    known = info.field_t
    if field_t is not None and known is not None and not same_field(known, field_t):
        raise InputError(f"{info.path}: its header says {known:g} T, not {field_t:g} T; leave out --field")


def scan_of(info: SeriesInfo, series: EchoSeries, path: Path) -> Scan:
    """Return a series that was loaded from `path` with the hashes of its files."""
    return Scan(series, hashes(info, path), info.subjects, info.plug_in)


def hashes(info: SeriesInfo, path: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a series that was found in `path`, by its name there."""
    import readers

    root = path if path.is_dir() else path.parent
    return {_name(source, root): sha256(source) for source in readers.sources(info)}


def _corrected(
    path: Path, found: Sequence[SeriesInfo], te_ms: Sequence[float] | None, part: Part | None
) -> tuple[SeriesInfo, ...]:
    """Return the series that can take what the user gave, with it."""
    import readers

    taken, refused = [], None
    for info in found:
        try:
            taken.append(readers.corrected(info, part=part, te_ms=te_ms))
        except InputError as error:
            refused = error
    if refused is not None and not taken:
        raise InputError(f"{path}: {refused}") from refused
    return tuple(taken)


def _why_none(path: Path, found: Sequence[SeriesInfo]) -> str:
    """Say in one line why nothing can be fitted: all of one series, of several the commonest reasons."""
    see = "run ferroread inspect to see what stands against it"
    if len(found) == 1:
        told = "; ".join(shorten(problem, _LONGEST, placeholder=" ...") for problem in found[0].problems)
        return f"{path}: its series {found[0].id} cannot be fitted for R2* ({told}); {see}"
    # what keeps a series from being fitted stands before what is only worth knowing
    reasons = Counter(info.problems[0] for info in found).most_common()
    told = "; ".join(
        f"{count} of them: {shorten(reason, _LONGEST, placeholder=' ...')}"
        for reason, count in reasons[:_FEW]
    )
    others = len(reasons) - _FEW
    more = f"; and {others} other {'reason' if others == 1 else 'reasons'}" if others > 0 else ""
    return f"{path}: none of its {len(found)} series can be fitted for R2* ({told}{more}); {see}"


def _name(source: Path, root: Path) -> str:
    return source.relative_to(root).as_posix() if source.is_relative_to(root) else source.name
