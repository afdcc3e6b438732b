"""A scalar picture on a grid, and a multi-echo series on one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry

FieldSource = Literal["header", "inferred", "user", "unknown"]


@dataclass(frozen=True, eq=False)
class Volume:
    """One value per voxel.

    Parameters
    ----------
    data : array, shape (slice, row, column)
        The values, in whatever unit the owner states; NaN where there is none.
    geometry : Geometry
        Where the voxels lie.

    Raises
    ------
    InputError
        If data and geometry differ in shape.
    """

    data: NDArray[Any]
    geometry: Geometry

    def __post_init__(self) -> None:
        if self.data.shape != self.geometry.shape:
            raise InputError(f"the picture has shape {self.data.shape}, its grid {self.geometry.shape}")


@dataclass(frozen=True, eq=False)
class EchoSeries:
    """A multi-echo gradient-echo series: what relaxometry needs of a scan.

    Parameters
    ----------
    magnitude : float32 array, shape (echo, slice, row, column)
        Signal in scanner units after rescale, C-contiguous (echo-major, for the kernels).
    te_ms : tuple of float
        Echo times in ms, positive and rising strictly.
    geometry : Geometry
        The grid that all echoes share.
    phase : float32 array or None, shape as magnitude
        Phase in radians where the scanner gave it.
    field_t : float or None
        Static field strength in tesla.
    field_source : {"header", "inferred", "user", "unknown"}
        Where `field_t` comes from.

    Raises
    ------
    InputError
        If shapes disagree, or the echo times are not positive, finite and strictly rising.
    """

    magnitude: NDArray[np.float32]
    te_ms: tuple[float, ...]
    geometry: Geometry
    phase: NDArray[np.float32] | None = None
    field_t: float | None = None
    field_source: FieldSource = "unknown"

    def __post_init__(self) -> None:
        te = tuple(float(value) for value in self.te_ms)
        if not te or not np.isfinite(te).all() or min(te) <= 0 or np.any(np.diff(te) <= 0):
            raise InputError(f"echo times must be positive and rise strictly, not {te} ms")
        shape = (len(te), *self.geometry.shape)
        for name, data in (("magnitude", self.magnitude), ("phase", self.phase)):
            if data is not None and data.shape != shape:
                raise InputError(f"{name} has shape {data.shape}; {len(te)} echoes on the grid need {shape}")
        object.__setattr__(self, "te_ms", te)
        object.__setattr__(self, "magnitude", np.ascontiguousarray(self.magnitude, dtype=np.float32))
        if self.phase is not None:
            object.__setattr__(self, "phase", np.ascontiguousarray(self.phase, dtype=np.float32))
