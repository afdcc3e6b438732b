"""NIfTI files as `write_nifti` makes them, read without nibabel: its import takes longer than reading a case.

What such a file can hold is narrow (nifti1.h of the standard): one little-endian file, three dimensions, an
sform, values as they are. Anything else is refused and not guessed at.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.nifti import geometry_from_nifti
from core.imaging.volume import Volume

HEADER_BYTES = 348
_MAGIC = b"n+1\0"
_TYPES = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 64: "<f8", 256: "i1", 512: "<u2", 768: "<u4"}


def plain_shape(header: bytes) -> tuple[int, int, int]:
    """Return (slices, rows, columns) of a plain NIfTI file from its first `HEADER_BYTES` bytes.

    Raises
    ------
    InputError
        If they are no header of a NIfTI-1 file of three dimensions with an sform and unscaled values.
    """
    if len(header) < HEADER_BYTES or header[344:348] != _MAGIC:
        raise InputError("is no NIfTI file")
    dimensions, columns, rows, slices = struct.unpack_from("<4h", header, 40)
    (kind,) = struct.unpack_from("<h", header, 70)
    slope, intercept = struct.unpack_from("<2f", header, 112)
    (sform,) = struct.unpack_from("<h", header, 254)
    # a slope of 0 or NaN says that the values are not scaled
    scaled = np.isfinite(slope) and (slope, intercept) not in ((0.0, 0.0), (1.0, 0.0))
    if dimensions != 3 or min(columns, rows, slices) < 1 or kind not in _TYPES or sform < 1 or scaled:
        raise InputError("is no plain NIfTI volume")
    return slices, rows, columns


def plain_geometry(header: bytes) -> Geometry:
    """Return the grid that a plain NIfTI file's first `HEADER_BYTES` bytes tell; raises as `plain_shape`."""
    affine = np.eye(4)
    affine[:3] = np.frombuffer(header, "<f4", 12, 280).reshape(3, 4)
    return geometry_from_nifti(plain_shape(header)[::-1], affine)


def plain_type(header: bytes) -> np.dtype[Any]:
    """Return of what type the values of a plain NIfTI file are; raises as `plain_shape`."""
    plain_shape(header)
    return np.dtype(_TYPES[struct.unpack_from("<h", header, 70)[0]])


def plain_volume(content: bytes) -> Volume:
    """Return the volume in the bytes of a plain NIfTI file; its values are those bytes, not to be written to.

    Raises
    ------
    InputError
        If `plain_shape` does, or the file is cut short.
    """
    shape, dtype = plain_shape(content), plain_type(content)
    offset = struct.unpack_from("<f", content, 108)[0]
    count = int(np.prod(shape, dtype=np.int64))
    if not HEADER_BYTES <= offset <= len(content) - count * dtype.itemsize:
        raise InputError("is cut short")
    values = np.frombuffer(content, dtype, count, int(offset)).reshape(shape)
    return Volume(values, plain_geometry(content))
