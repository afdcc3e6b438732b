"""Readings as rows of a kit's file: how grids and regions are stored, and how a reading is loaded."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import InputError, StoreError
from core.imaging.coverage import (
    Coverage,
    coverage_bytes,
    coverage_from_bytes,
    coverage_sha256,
    largest_bytes,
)
from core.imaging.geometry import Geometry
from core.imaging.roi import Label, Outlines, Roi
from core.reading.edit_base import read_position, read_value
from core.reading.edits import Edit, parts_of
from core.reading.questions import AnswerKey, Value
from core.reading.reading import Mark, Reading, Ruler
from core.reading.roi_edits import EditRoi, outlines_from_list, outlines_list
from core.reading.training import Expected
from core.study.audit import canonical, from_json
from core.study.database import Rows
from core.study.sealing import feedback_about, opinions_about, unseal

_MARK = "mark, kind, prescribed, x_mm, y_mm, z_mm"
_ROI = "alias, roi, kind, name, colour, locked, coverage, sha256, outlines"
_RULER = "alias, ruler, about, step_index, start_mm, end_mm"


@dataclass(frozen=True)
class Opinion:
    """What two raters said of a thing they disagree on, unnamed and in no order."""

    item: str
    first: str
    second: str


def grid_text(geometry: Geometry) -> str:
    """Return a grid as text for the case's row."""
    return canonical({"shape": list(geometry.shape), "affine": geometry.affine.tolist()})


def grid_from_text(text: str) -> Geometry:
    """Return the grid of a case's row; StoreError where it is none."""
    try:
        values = from_json(text)
        slices, rows, columns = values["shape"]
        return Geometry((slices, rows, columns), np.asarray(values["affine"], dtype=np.float64))
    except (ValueError, KeyError, TypeError, InputError) as error:
        raise StoreError("the grid of a case is damaged") from error


def packed_coverage(coverage: Coverage) -> bytes:
    """Return a region as it is stored."""
    return zlib.compress(coverage_bytes(coverage), level=1)


def unpacked_coverage(blob: bytes, sha256: str, shape: tuple[int, int, int], what: str) -> Coverage:
    """Return a stored region, compared with its hash.

    Raises
    ------
    StoreError
        If the bytes are not the region that was hashed; `what` names the record.
    """
    try:
        # never more than the grid holds, whatever the blob claims
        packer = zlib.decompressobj()
        coverage = coverage_from_bytes(packer.decompress(blob, largest_bytes(shape) + 1), shape)
    except (zlib.error, InputError) as error:
        raise StoreError(f"{what} is damaged") from error
    if coverage_sha256(coverage) != sha256:
        raise StoreError(f"{what} was altered")
    coverage.setflags(write=False)
    return coverage


def outlines_text(outlines: Outlines) -> str:
    """Return outlines as they are stored and hashed."""
    return canonical(outlines_list(outlines))


def stored_roi(values: Mapping[str, Any], coverage: Coverage, grid: Geometry, what: str) -> Roi:
    """Make a region of what is stored of it.

    Parameters
    ----------
    values : mapping
        Holds "roi", "kind", "name", "colour", "locked" and "outlines", as `outlines_text` gives them.
    coverage : uint8 array, shape of `grid`
    what : str
        Names the record.

    Raises
    ------
    StoreError
        If the values do not describe a region.
    """
    try:
        label = Label(values["name"], values["colour"], bool(values["locked"]))
        outlines = outlines_from_list(from_json(values["outlines"]))
        return Roi(values["roi"], values["kind"], coverage, grid, **vars(label), outlines=outlines)
    except (InputError, ValueError, TypeError) as error:
        raise StoreError(f"{what} is damaged") from error


def expected_from(sealed: bytes, key: bytes, alias: str) -> tuple[Expected, ...]:
    """Return what a training case expects from how it is stored; StoreError where it is damaged."""
    text = unseal(sealed, key, feedback_about(alias))
    try:
        return tuple(_expected(values) for values in from_json(text))
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"what case {alias} expects is damaged") from error


def opinions_from(sealed: bytes, key: bytes, alias: str) -> tuple[Opinion, ...]:
    """Return what two raters said of a case from how it is stored; StoreError where it is damaged."""
    text = unseal(sealed, key, opinions_about(alias))
    try:
        return tuple(Opinion(**values) for values in from_json(text))
    except (ValueError, TypeError) as error:
        raise StoreError(f"what was said of case {alias} is damaged") from error


def _expected(values: dict[str, Any]) -> Expected:
    place = values["position_mm"]
    return Expected(**{**values, "position_mm": None if place is None else read_position(place)})


def coverage_hashes(edit: Edit, after: Reading) -> dict[str, str | None]:
    """Return the SHA-256 of every region that an edit drew in, None where it is not there any more."""
    drawn = {part.roi_id for part in parts_of(edit) if isinstance(part, EditRoi)}
    rois = {roi_id: after.rois.get(roi_id) for roi_id in sorted(drawn)}
    return {roi_id: None if roi is None else coverage_sha256(roi.coverage) for roi_id, roi in rois.items()}


def load_reading(rows: Rows, alias: str) -> Reading:
    """Return the committed state of a case; InputError where the kit has no such case."""
    found = rows("SELECT grid, step_index, status FROM cases WHERE alias = ?", alias)
    if not found:
        raise InputError(f"the kit has no case {alias}")
    case, grid = found[0], grid_from_text(found[0]["grid"])
    # columns by their names: that a damaged file has others is told as damage
    answers = rows("SELECT alias, question, about, value FROM answers WHERE alias = ?", alias)
    marks = rows(f"SELECT {_MARK} FROM marks WHERE alias = ? ORDER BY prescribed DESC, place", alias)
    rois = rows(f"SELECT {_ROI} FROM rois WHERE alias = ? ORDER BY place", alias)
    rulers = rows(f"SELECT {_RULER} FROM rulers WHERE alias = ? ORDER BY place", alias)
    return Reading(
        alias=alias,
        grid=grid,
        step_index=case["step_index"],
        status=case["status"],
        answers=dict(_answer(row) for row in answers),
        marks={row["mark"]: _mark(row) for row in marks},
        rois={row["roi"]: _roi(row, grid) for row in rois},
        rulers={row["ruler"]: _ruler(row) for row in rulers},
    )


def prescribed_marks(rows: Rows, alias: str) -> dict[str, Mark]:
    """Return the marks that the study set in a case, in their order."""
    found = rows(f"SELECT {_MARK} FROM marks WHERE alias = ? AND prescribed ORDER BY place", alias)
    return {row["mark"]: _mark(row) for row in found}


def _mark(row: Mapping[str, Any]) -> Mark:
    position = (row["x_mm"], row["y_mm"], row["z_mm"])
    return Mark(row["mark"], row["kind"], position, bool(row["prescribed"]))


def _answer(row: Mapping[str, Any]) -> tuple[AnswerKey, Value]:
    try:
        value = read_value(from_json(row["value"]))
    except (ValueError, TypeError):
        value = None
    if value is None:
        raise StoreError(f"an answer of case {row['alias']} is damaged")
    return (row["question"], row["about"] or None), value


def _ruler(row: Mapping[str, Any]) -> Ruler:
    try:
        start, end = (read_position(from_json(row[name])) for name in ("start_mm", "end_mm"))
        return Ruler(row["ruler"], start, end, row["about"] or None, row["step_index"])
    except (InputError, ValueError, TypeError) as error:
        raise StoreError(f"a ruler of case {row['alias']} is damaged") from error


def _roi(row: Mapping[str, Any], grid: Geometry) -> Roi:
    what = f"the {row['kind']} region of case {row['alias']}"
    coverage = unpacked_coverage(row["coverage"], row["sha256"], grid.shape, what)
    return stored_roi(row, coverage, grid, what)
