"""Collected readings, from their rows to the records that the statistics take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.errors import StoreError
from core.imaging.geometry import Geometry
from core.imaging.roi import Roi
from core.reading.protocol import Protocol
from core.reading.reading import Mark, Position, Ruler
from core.study import tables as t
from core.study.audit import digest
from core.study.kit_state import grid_from_text, stored_roi, unpacked_coverage
from core.study.people import require
from core.study.records import SignedReading
from core.study.unblinding import guessed_after_key

if TYPE_CHECKING:
    from core.study.store import Study


def signed_readings(study: Study) -> tuple[SignedReading, ...]:
    """Return the collected readings, unblinded, by rater, session and place in the order; no training.

    Raises
    ------
    StoreError
        If a reading or a region is not what was signed.
    """
    require(study, "answers")
    statement = (
        sa.select(t.readings, t.kit_cases, t.kits, t.scans, t.subjects.c.group_name)
        .select_from(t.readings)
        .join(t.kit_cases)
        .join(t.kits, t.kits.c.kit_id == t.kit_cases.c.kit_id)
        .join(t.scans, t.scans.c.scan_id == t.kit_cases.c.scan_id)
        .join(t.subjects, t.subjects.c.subject == t.scans.c.subject)
        .where(t.kit_cases.c.training_round == 0)
        .order_by(t.kits.c.rater, t.kits.c.session, t.kit_cases.c.position)
    )
    with study.database.transaction() as connection:

        def rows(statement: sa.Select[Any]) -> Sequence[sa.RowMapping]:
            return connection.execute(statement).mappings().all()

        readings = rows(statement)
        versions = rows(sa.select(t.later_readings).order_by(*t.later_readings.primary_key))
        first, later_regions = rows(sa.select(t.reading_rois)), rows(sa.select(t.later_rois))
        marks = rows(sa.select(t.kit_marks).order_by(*t.kit_marks.primary_key))
        guessed = rows(sa.select(t.kit_guesses).order_by(*t.kit_guesses.primary_key))
    later = {row["alias"]: row for row in versions}
    regions: dict[str, list[sa.RowMapping]] = {}
    for row in first:
        if row["alias"] not in later:
            regions.setdefault(row["alias"], []).append(row)
    for row in later_regions:
        if row["version"] == later[row["alias"]]["version"]:
            regions.setdefault(row["alias"], []).append(row)
    targets: dict[str, dict[str, str]] = {}
    for row in marks:
        targets.setdefault(row["alias"], {})[row["mark"]] = row["target"]
    guesses: dict[str, dict[str, str | None]] = {}
    for row in guessed:
        guesses.setdefault(row["alias"], {})[row["of"]] = row["choice"]
    late = guessed_after_key(study)
    protocols = study.protocols()
    rater_of = {kit.kit_id: kit.rater for kit in study.kits()}
    found = []
    for row in readings:
        alias = row["alias"]
        try:
            reading = _signed_reading(
                {**row, **later.get(alias, {}), "rater": rater_of[row["kit_id"]]},
                regions.get(alias, []), targets.get(alias, {}), protocols[row["protocol_sha256"]],
                guesses.get(alias, {}), guess_after_key=row["kit_id"] in late,
            )  # fmt: skip
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            told = f"the reading of case {alias} was altered; restore the study from a backup"
            raise StoreError(told) from error
        found.append(reading)
    return tuple(sorted(found, key=lambda reading: (reading.rater, reading.session)))


def _signed_reading(
    row: Mapping[str, Any],
    regions: Sequence[sa.RowMapping],
    target_of: Mapping[str, str],
    protocol: Protocol,
    guesses: Mapping[str, str | None],
    *,
    guess_after_key: bool,
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
        If the record or a region is not what was signed.
    """
    if row["sha256"] != digest(str(row["record"])):
        raise StoreError(f"the reading of case {row['alias']} was altered; restore the study from a backup")
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
    if stored.keys() != {roi["roi"] for roi in content["rois"]}:
        raise StoreError(f"the reading of case {row['alias']} has other regions than were signed")
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
