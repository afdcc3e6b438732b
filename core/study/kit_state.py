"""Readings as rows of a kit's file: how grids and masks are stored, and how a reading is loaded."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.errors import InputError, StoreError
from core.imaging.geometry import Geometry
from core.imaging.roi import Mask, Roi, mask_bytes, mask_from_bytes, mask_sha256
from core.reading.reading import Mark, Reading
from core.study.audit import canonical
from core.study.database import Rows


def grid_text(geometry: Geometry) -> str:
    """Return a grid as text for the case's row."""
    return canonical({"shape": list(geometry.shape), "affine": geometry.affine.tolist()})


def grid_from_text(text: str) -> Geometry:
    """Return the grid of a case's row; StoreError where it is none."""
    try:
        values = json.loads(text)
        slices, rows, columns = values["shape"]
        return Geometry((slices, rows, columns), np.asarray(values["affine"], dtype=np.float64))
    except (ValueError, KeyError, TypeError, InputError) as error:
        raise StoreError("the grid of a case is damaged") from error


def packed_mask(mask: Mask) -> bytes:
    """Return a mask as it is stored."""
    return zlib.compress(mask_bytes(mask), level=6)


def unpacked_mask(blob: bytes, sha256: str, shape: tuple[int, int, int], what: str) -> Mask:
    """Return a stored mask, compared with its hash.

    Raises
    ------
    StoreError
        If the bytes are not the mask that was hashed; `what` names the record.
    """
    size = (int(np.prod(shape)) + 7) // 8
    try:
        # never more than the grid holds, whatever the blob claims
        packer = zlib.decompressobj()
        mask = mask_from_bytes(packer.decompress(blob, size + 1), shape)
    except (zlib.error, InputError) as error:
        raise StoreError(f"{what} is damaged") from error
    if mask_sha256(mask) != sha256:
        raise StoreError(f"{what} was altered")
    return mask


def mask_hash_after(reading: Reading, roi_id: str) -> str | None:
    """Return the SHA-256 of a region's mask; None where it is not there."""
    roi = reading.rois.get(roi_id)
    return None if roi is None else mask_sha256(roi.mask)


def load_reading(rows: Rows, alias: str) -> Reading:
    """Return the committed state of a case; InputError where the kit has no such case."""
    found = rows("SELECT * FROM cases WHERE alias = ?", alias)
    if not found:
        raise InputError(f"the kit has no case {alias}")
    case, grid = found[0], grid_from_text(found[0]["grid"])
    answers = rows("SELECT question, mark, value FROM answers WHERE alias = ?", alias)
    marks = rows("SELECT * FROM marks WHERE alias = ? ORDER BY place", alias)
    rois = rows("SELECT * FROM rois WHERE alias = ? ORDER BY place", alias)
    return Reading(
        alias=alias,
        grid=grid,
        step_index=case["step_index"],
        status=case["status"],
        answers={(row["question"], row["mark"] or None): row["value"] for row in answers},
        marks={row["mark"]: _mark(row) for row in marks},
        rois={row["roi"]: _roi(row, grid) for row in rois},
    )


def _mark(row: Mapping[str, Any]) -> Mark:
    return Mark(row["mark"], row["kind"], (row["x_mm"], row["y_mm"], row["z_mm"]))


def _roi(row: Mapping[str, Any], grid: Geometry) -> Roi:
    what = f"the {row['kind']} region of case {row['alias']}"
    mask: Any = unpacked_mask(row["mask"], row["sha256"], grid.shape, what)
    return Roi(row["roi"], row["kind"], mask, grid)
