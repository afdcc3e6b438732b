"""The header of a NIfTI file: what the values are and where they lie (nifti1.h and nifti2.h of the standard).

Its fixed fields are taken from the bytes as they are; nibabel would take longer to import than a whole DICOM
folder to read, and reads more than is needed.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from readers.model import FARTHEST_MM

# field -> (offset, struct code), of NIfTI-1 and of NIfTI-2
_FIELDS_1 = {
    "dim": (40, "8h"),
    "datatype": (70, "h"),
    "pixdim": (76, "8f"),
    "vox_offset": (108, "f"),
    "slope": (112, "2f"),
    "units": (123, "B"),
    "codes": (252, "2h"),
    "quaternion": (256, "6f"),
    "sform": (280, "12f"),
}
_FIELDS_2 = {
    "dim": (16, "8q"),
    "datatype": (12, "h"),
    "pixdim": (104, "8d"),
    "vox_offset": (168, "q"),
    "slope": (176, "2d"),
    "units": (500, "i"),
    "codes": (344, "2i"),
    "quaternion": (352, "6d"),
    "sform": (400, "12d"),
}
_SIZES = {348: _FIELDS_1, 540: _FIELDS_2}
_TYPES = {
    2: "u1",
    4: "i2",
    8: "i4",
    16: "f4",
    64: "f8",
    256: "i1",
    512: "u2",
    768: "u4",
    1024: "i8",
    1280: "u8",
}
_MM_PER_UNIT = {1: 1e3, 2: 1.0, 3: 1e-3}


class NiftiError(Exception):
    """The header is damaged or of a kind that is not read; the message is for the person."""


@dataclass(frozen=True)
class NiftiHeader:
    """What FerroRead needs of a NIfTI header.

    Parameters
    ----------
    shape : tuple of int
        (columns, rows, slices, volumes).
    dtype : str
        numpy's name of the stored type, with its byte order.
    offset : int
        First byte of the values.
    slope, intercept : float
        scl_slope and scl_inter; 1 and 0 where they are not used.
    affine : array, shape (4, 4)
        (column, row, slice) index -> LPS mm.
    remarks : tuple of str
        What has to be said about the place.
    pair : bool
        Whether the values lie in a file of their own (.img).
    """

    shape: tuple[int, int, int, int]
    dtype: str
    offset: int
    slope: float
    intercept: float
    affine: NDArray[np.float64]
    remarks: tuple[str, ...]
    pair: bool = False


def is_nifti(head: bytes) -> bool:
    """Tell whether the first bytes are those of a NIfTI-1 or NIfTI-2 header."""
    return head[344:348] in (b"n+1\0", b"ni1\0") or head[4:8] in (b"n+2\0", b"ni2\0")


def read_nifti_header(head: bytes) -> NiftiHeader:
    """Read a NIfTI header from the first bytes of a file.

    Raises
    ------
    NiftiError
        If it is damaged, or the values are no volume of single real numbers.
    """
    pair = head[344:348] == b"ni1\0" or head[4:8] == b"ni2\0"
    order = next((order for order in "<>" if struct.unpack_from(order + "i", head)[0] in _SIZES), None)
    if order is None:
        raise NiftiError("has a damaged NIfTI header; copy it again")
    size = struct.unpack_from(order + "i", head)[0]
    if len(head) < size:
        raise NiftiError("is cut short: its header ends too early; copy it again")
    raw = {name: struct.unpack_from(order + code, head, at) for name, (at, code) in _SIZES[size].items()}
    dims = [int(length) for length in raw["dim"]]
    lengths = dims[1 : 1 + dims[0]] if 1 <= dims[0] <= 7 else []
    if not lengths or min(lengths) < 1 or any(length > 1 for length in lengths[4:]):
        raise NiftiError(f"has the dimensions {lengths or dims}; FerroRead reads two to four")
    columns, rows, slices, volumes = [*lengths, 1, 1, 1][:4]
    code = _TYPES.get(int(raw["datatype"][0]))
    if code is None:
        raise NiftiError(
            f"holds values of NIfTI type {raw['datatype'][0]}; only whole and real numbers are signal"
        )
    offset = float(raw["vox_offset"][0])
    if not (0 if pair else size) <= offset < 2**40:
        raise NiftiError("does not say where its values begin; it is damaged")
    slope, intercept = (float(value) for value in raw["slope"])
    if not math.isfinite(slope) or slope == 0:
        slope, intercept = 1.0, 0.0
    # infinities of damaged headers are found by what comes out
    with np.errstate(all="ignore"):
        affine, remarks = _affine(raw, (columns, rows, slices))
    return NiftiHeader(
        shape=(columns, rows, slices, volumes),
        dtype=order + code,
        offset=int(offset),
        slope=slope,
        intercept=intercept if math.isfinite(intercept) else 0.0,
        affine=affine,
        remarks=remarks,
        pair=pair,
    )


def _affine(
    raw: dict[str, tuple[float, ...]], shape: tuple[int, int, int]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return index -> LPS mm: by sform, else qform, else by the spacing alone."""
    qform_code, sform_code = raw["codes"]
    sform = np.vstack([np.reshape(raw["sform"], (3, 4)), [0, 0, 0, 1]]).astype(np.float64)
    qform = _qform(raw)
    remarks: tuple[str, ...] = ()
    if sform_code > 0 and _usable(sform):
        affine = sform
        # where the two put the corners; what FSL and SPM round is less
        corners = [[*corner, 1.0] for corner in product(*((0, size - 1) for size in shape))]
        # a qform that is no number disagrees as well
        if qform_code > 0 and not np.abs((qform - sform) @ np.transpose(corners)).max() <= 0.1:
            remarks = ("sform and qform disagree; the sform is used",)
    elif qform_code > 0 and _usable(qform):
        affine = qform
    else:
        affine = np.diag([*(abs(size) or 1.0 for size in raw["pixdim"][1:4]), 1.0])
        remarks = ("neither sform nor qform is set: its place and its left and right are unknown",)
        if not _usable(affine):
            raise NiftiError("has no voxel size; it is damaged")
    mm = _MM_PER_UNIT.get(int(raw["units"][0]) & 7, 1.0)
    # NIfTI's world is RAS
    return np.diag([-mm, -mm, mm, 1.0]) @ affine, remarks


def _usable(affine: NDArray[np.float64]) -> bool:
    # compared as it is written: what is no number is not less either
    return bool((np.abs(affine) < FARTHEST_MM).all()) and abs(float(np.linalg.det(affine[:3, :3]))) > 1e-12


def _qform(raw: dict[str, tuple[float, ...]]) -> NDArray[np.float64]:
    """Return the affine of the quaternion (nifti1.h, METHOD 2)."""
    b, c, d, *offset = raw["quaternion"]
    rest = 1.0 - (b * b + c * c + d * d)
    if rest < 1e-7:
        # half a turn: what is left of 1 is rounding (nifti1_io.c)
        length = math.sqrt(1.0 - rest)
        a, b, c, d = 0.0, b / length, c / length, d / length
    else:
        a = math.sqrt(rest)
    rotation = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * b * c - 2 * a * d, 2 * b * d + 2 * a * c],
            [2 * b * c + 2 * a * d, a * a + c * c - b * b - d * d, 2 * c * d - 2 * a * b],
            [2 * b * d - 2 * a * c, 2 * c * d + 2 * a * b, a * a + d * d - c * c - b * b],
        ]
    )
    handed = -1.0 if raw["pixdim"][0] < 0 else 1.0
    affine = np.eye(4)
    affine[:3, :3] = rotation * (raw["pixdim"][1], raw["pixdim"][2], handed * raw["pixdim"][3])
    affine[:3, 3] = offset
    return affine
