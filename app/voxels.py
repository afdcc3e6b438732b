"""Words and numbers about single voxels and maps that several windows share."""

from __future__ import annotations

import numpy as np

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from widgets.slice_view import Position
from widgets.words import marked

Index = tuple[int, int, int]

# bits of a map's flags -> why a voxel shows no colour; core.relaxometry.fit.Flag
FLAGS = {
    1: marked("outside the mask"),
    2: marked("no fit"),
    4: marked("below the noise floor"),
    8: marked("faster than the echoes can resolve"),
    16: marked("slower than the echoes can resolve"),
}


def voxel_at(geometry: Geometry, position_mm: Position) -> Index | None:
    """Return the voxel that holds a position, None outside."""
    if not geometry.holds(position_mm):
        return None
    slice_, row, column = np.floor(geometry.to_index(position_mm) + 0.5).astype(int)
    return int(slice_), int(row), int(column)


def value_at(volume: Volume, position_mm: Position) -> float | None:
    """Return the value of the voxel that holds a position, None outside."""
    index = voxel_at(volume.geometry, position_mm)
    return None if index is None else float(volume.data[index])


def place_text(position_mm: Position) -> str:
    """Return a place as a status line tells it; a coordinate that rounds to 0 has no sign."""
    x, y, z = (round(value, 1) or 0.0 for value in position_mm)
    return f"x {x:.1f}  y {y:.1f}  z {z:.1f} mm"


def rounded_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 4, 5, 6, 8 and 10 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(
        next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9))
    )
