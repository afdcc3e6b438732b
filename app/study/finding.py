"""Scans in a folder, where nobody has written a manifest: proposed by where multi-echo series lie."""

from __future__ import annotations

from pathlib import Path

import readers
from app.study.manifest import Line
from core.errors import InputError
from core.progress import Progress
from readers import SeriesInfo


def lines_in(folder: Path, progress: Progress) -> list[Line]:
    """Return a manifest's line for every scan in a folder.

    A scan is the largest folder about a multi-echo series in which no other one lies. The first folder
    below `folder` is proposed as the subject and the second as the visit; what no folder names stays empty,
    the group always: they are the coordinator's to fill in and to check.

    Raises
    ------
    InputError
        If there is no multi-echo series.
    """
    found = [info for info in readers.inspect([folder], progress).series if info.fit_for_r2star]
    if not found:
        raise InputError(f"{folder}: has no multi-echo series fit for R2*; choose another folder")
    places = sorted({_place(info) for info in found})
    fields = {_place(info): info.field_t for info in found}
    lines = []
    for place in places:
        scan = _grown(place, [other for other in places if other != place], folder)
        parts = scan.relative_to(folder).parts
        field_t = fields[place]
        cells = {
            "path": "/".join(parts) or ".",
            "subject": parts[0] if parts else "",
            "group": "",
            "visit": parts[1] if len(parts) > 1 else "",
            "field_t": "" if field_t is None else f"{field_t:g}",
        }
        lines.append(Line(cells, folder))
    return lines


def _place(info: SeriesInfo) -> Path:
    return info.path if info.path.is_dir() or info.path.suffix == ".zip" else info.path.parent


def _grown(place: Path, others: list[Path], root: Path) -> Path:
    while place != root and not any(other.is_relative_to(place.parent) for other in others):
        place = place.parent
    return place
