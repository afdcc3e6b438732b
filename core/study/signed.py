"""A collected reading, from its rows to the record that the statistics take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.errors import StoreError
from core.imaging.geometry import Geometry
from core.imaging.roi import Roi
from core.reading.protocol import Protocol
from core.reading.reading import Mark, Position, Ruler
from core.study.audit import digest
from core.study.kit_state import grid_from_text, stored_roi, unpacked_coverage
from core.study.records import SignedReading


def signed_reading(
    row: Mapping[str, Any],
    regions: Sequence[sa.RowMapping],
    target_of: Mapping[str, str],
    protocol: Protocol,
    guesses: Mapping[str, str | None],
    *,
    guess_after_key: bool = False,
) -> SignedReading:
    """Make the record of one reading.

    Parameters
    ----------
    row : mapping
        A row of readings joined with its kit, case, scan and subject; of one that was corrected, with what
        its newest version has instead.
    regions : sequence of mapping
        Its rows of reading_rois.
    target_of : mapping of mark id to str
        The targets that the case was dealt with.
    protocol : Protocol
        The protocol it was read by.
    guesses : mapping of str to str or None
        What the rater guessed of the case.
    guess_after_key : bool
        Whether that was collected after the key had been shown.

    Raises
    ------
    StoreError
        If a region is damaged.
    """
    record = json.loads(row["record"])
    content = record["content"]
    grid = grid_from_text(row["grid"])

    def own(position: Sequence[float]) -> Position:
        """Return a position of the kit in the scan's own LPS mm."""
        x, y, z = position
        return x - row["shift_x_mm"], y - row["shift_y_mm"], z - row["shift_z_mm"]

    marks = [
        Mark(mark["mark"], mark["kind"], own(mark["position_mm"]), mark["prescribed"])
        for mark in content["marks"]
    ]
    rulers = [
        Ruler(r["ruler"], own(r["start_mm"]), own(r["end_mm"]), r["about"], r["step_index"])
        for r in content["rulers"]
    ]
    stored = {region["roi"]: region for region in regions}
    rois = [_roi(roi, stored[roi["roi"]], grid, row["alias"]) for roi in content["rois"]]
    answers = {(a["question"], a["about"]): a for a in content["answers"]}
    values = {key: answer["value"] for key, answer in answers.items()}
    ending = protocol.ending(values)
    return SignedReading(
        rater=row["rater"],
        session=row["session"],
        alias=row["alias"],
        kit_id=row["kit_id"],
        scan_id=row["scan_id"],
        subject=row["subject"],
        group=row["group_name"],
        visit=row["visit"],
        field_t=row["field_t"],
        signed_utc=record["at"],
        answers=values,
        marks={mark.mark_id: mark for mark in marks},
        rois={roi.roi_id: roi for roi in rois},
        answer_seconds={key: answer["seconds"] for key, answer in answers.items()},
        seconds=content["seconds"],
        protocol_sha256=content["protocol_sha256"],
        repeat_of=row["repeat_of"],
        rulers={ruler.ruler_id: ruler for ruler in rulers},
        ended="" if ending is None else ending.told,
        target_of=target_of,
        prescribed=protocol.prescribed,
        after_key=row["after_key"],
        adjudicates=row["purpose"] == "adjudication",
        guesses=guesses,
        guess_after_key=guess_after_key,
        version=content.get("version", 1),
        correction=content.get("correction", ""),
    )


def _roi(signed: Mapping[str, Any], stored: sa.RowMapping, grid: Geometry, alias: str) -> Roi:
    what = f"the {signed['kind']} region of case {alias}"
    coverage = unpacked_coverage(stored["coverage"], signed["coverage_sha256"], grid.shape, what)
    if digest(stored["outlines"]) != signed["outlines_sha256"]:
        raise StoreError(f"{what} was altered")
    return stored_roi({**signed, "outlines": stored["outlines"]}, coverage, grid, what)
