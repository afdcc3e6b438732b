"""A collected reading, from its rows to the record that the statistics take."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from core.imaging.roi import Roi
from core.reading.reading import Mark
from core.study.kit_state import grid_from_text, unpacked_mask
from core.study.records import SignedReading


def signed_reading(row: sa.RowMapping, regions: Sequence[sa.RowMapping]) -> SignedReading:
    """Make the record of one reading.

    Parameters
    ----------
    row : mapping
        A row of readings joined with its kit, case, scan and subject.
    regions : sequence of mapping
        Its rows of reading_rois.

    Raises
    ------
    StoreError
        If a region is damaged.
    """
    record = json.loads(row["record"])
    content = record["content"]
    grid = grid_from_text(row["grid"])
    shift = (row["shift_x_mm"], row["shift_y_mm"], row["shift_z_mm"])
    marks = {}
    for mark in content["marks"]:
        x, y, z = (at - moved for at, moved in zip(mark["position_mm"], shift, strict=True))
        marks[mark["mark"]] = Mark(mark["mark"], mark["kind"], (x, y, z))
    masks = {region["roi"]: region for region in regions}
    rois = {}
    for roi in content["rois"]:
        stored = masks[roi["roi"]]
        what = f"the {roi['kind']} region of case {row['alias']}"
        mask = unpacked_mask(stored["mask"], roi["mask_sha256"], grid.shape, what)
        rois[roi["roi"]] = Roi(roi["roi"], roi["kind"], mask, grid)
    answers = {(a["question"], a["mark"]): a for a in content["answers"]}
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
        answers={key: answer["value"] for key, answer in answers.items()},
        marks=marks,
        rois=rois,
        answer_seconds={key: answer["seconds"] for key, answer in answers.items()},
        seconds=content["seconds"],
        protocol_sha256=content["protocol_sha256"],
        repeat_of=row["repeat_of"],
    )
