"""What lies under the pointer: place, signal, R2* and iron with their errors."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.reading.case import CaseController
from app.reading.figures import with_sd
from app.reading.maps import MAPS, CaseMaps
from app.voxels import Index, place_text, value_at, voxel_at
from core.imaging.volume import Volume
from core.reading.derived import decay_errors_at
from widgets.slice_painter import short
from widgets.slice_view import Position

translate = QCoreApplication.translate


def probe_text(case: CaseController, maps: CaseMaps, picture: Volume | None, position: Position) -> str:
    """Return the status line's words about a place; `picture` gives the signal."""
    images = case.images
    if images is None:
        return ""
    parts = [place_text(position)]
    if picture is not None:
        value = value_at(picture, position)
        signal = translate("Probe", "signal {value}")
        outside = translate("Probe", "outside")
        parts.append(outside if value is None else signal.format(value=short(value)))
    index = voxel_at(images.echoes.geometry, position)
    own = case.maps
    if index is None or not own:
        return "    ".join(parts)
    if case.on_trial:
        parts.append(translate("Probe", "trial fit:"))
    rate = float(own["r2star"].data[index]) if "r2star" in own else float("nan")
    error = _error(case, rate, index)
    for role in maps.usual:
        value = float(own[role].data[index])
        spread = error if role == "r2star" else maps.iron_error(error)
        told = short(value) if spread is None else with_sd(value, spread)
        kind = MAPS[role]
        parts.append(f"{kind.said} {told} {kind.said_unit}" if np.isfinite(value) else f"{kind.said} –")
    flagged = maps.flag_text(index)
    return "    ".join([*parts, flagged] if flagged else parts)


def _error(case: CaseController, rate: float, index: Index) -> float:
    """Return the error of R2*: the study's own where the kit has it, else from the scatter of the echoes."""
    images = case.images
    if images is None:
        return float("nan")
    if "r2star_se" in images.volumes and not case.on_trial:
        return float(images.volumes["r2star_se"].data[index])
    return decay_errors_at(images.echoes, rate, index)[1]
