"""The one multi-echo series of what a person names: found, put right, loaded, and its files hashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import UsageError
from core.errors import InputError
from core.files import sha256
from core.imaging.volume import EchoSeries
from core.progress import Progress

if TYPE_CHECKING:
    from readers import Inspection, SeriesInfo
    from readers.model import Part


@dataclass(frozen=True)
class Scan:
    """A multi-echo series, the hashes of the files it came from, and those of whom they name."""

    series: EchoSeries
    inputs: Mapping[str, str]
    subjects: frozenset[str]


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
    import readers

    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder")
    if field_t is not None and not field_t > 0:
        raise UsageError(f"--field must be positive, in tesla, not {field_t}")
    found = readers.inspect([path], progress)
    if te_ms is not None or part is not None:
        found = _corrected(path, found, series_id, te_ms, part)
    if series_id is not None:
        chosen = [info for info in found.series if info.id == series_id]
        if not chosen:
            known = ", ".join(info.id for info in found.series) or "none"
            raise InputError(f"{path}: has no series {series_id}; it has {known}")
        if not chosen[0].fit_for_r2star:
            raise InputError(f"{path}: series {series_id} cannot be fitted: {'; '.join(chosen[0].problems)}")
    else:
        chosen = [info for info in found.series if info.fit_for_r2star]
        if not chosen:
            raise InputError(_why_none(path, found))
        if len(chosen) > 1:
            names = ", ".join(info.id for info in chosen)
            raise InputError(f"{path}: several series fit ({names}); choose one with --series")
    check_field(chosen[0], field_t)
    series = readers.load_echoes(chosen[0], field_t=field_t, progress=progress)
    return scan_of(chosen[0], series, path)


def check_field(info: SeriesInfo, field_t: float | None) -> None:
    """Raise InputError where a field was given and the header has another."""
    # scipy comes with it
    from core.relaxometry.calibration import same_field

    known = info.field_t
    if field_t is not None and known is not None and not same_field(known, field_t):
        raise InputError(f"{info.path}: its header says {known:g} T, not {field_t:g} T; leave out --field")


def scan_of(info: SeriesInfo, series: EchoSeries, path: Path) -> Scan:
    """Return a series that was loaded from `path` with the hashes of its files."""
    import readers

    root = path if path.is_dir() else path.parent
    inputs = {_name(source, root): sha256(source) for source in readers.sources(info)}
    return Scan(series, inputs, info.subjects)


def _corrected(
    path: Path, found: Inspection, series_id: str | None, te_ms: Sequence[float] | None, part: Part | None
) -> Inspection:
    """Return the series that can take what the user gave, with it."""
    import readers

    taken, refused = [], None
    for info in found.series:
        if series_id in (None, info.id):
            try:
                taken.append(readers.corrected(info, part=part, te_ms=te_ms))
            except InputError as error:
                refused = error
    if refused is not None and not taken:
        raise InputError(f"{path}: {refused}") from refused
    return replace(found, series=tuple(taken))


def _why_none(path: Path, found: Any) -> str:
    if found.series:
        reasons = "; ".join(dict.fromkeys(problem for info in found.series for problem in info.problems))
        return f"{path}: none of its {len(found.series)} series can be fitted for R2* ({reasons})"
    if found.skipped:
        reasons = "; ".join(dict.fromkeys(skipped.reason for skipped in found.skipped))[:200]
        return f"{path}: holds no image that can be read ({reasons}); name a multi-echo series"
    return f"{path}: is empty; name a file, folder or zip with a multi-echo series"


def _name(source: Path, root: Path) -> str:
    return source.relative_to(root).as_posix() if source.is_relative_to(root) else source.name
