"""What an analysis is made from, each part with its SHA-256: two analyses of the same inputs are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.study import tables as t
from core.study.audit import canonical, digest

if TYPE_CHECKING:
    from core.study.store import Study


def study_inputs(study: Study) -> dict[str, Any]:
    """Return the hash of everything that the statistics read of a study.

    Returns
    -------
    dict
        "scans": by scan id the SHA-256 of the source files, of the pictures kept of them and of the facts
        that maps were made with, each over all of a kind; "calibrations": by field that of the calibration's
        JSON; "reference_standard" and "icpms": number of rows and SHA-256 over them; "kits": of every kit
        that of the record it was dealt with and of its collected trail; "readings": by alias and version
        that of what was signed. Those over several things are of their canonical JSON.
    """
    trail, sources, images = t.kit_audit.c, t.sources.c, t.images.c
    with study.database.transaction() as connection:

        def rows(*columns: sa.Column[Any] | sa.Table, by: tuple[sa.Column[Any], ...]) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(sa.select(*columns).order_by(*by)).mappings()]

        scans = rows(t.scans, by=(t.scans.c.scan_id,))
        files = rows(sources.scan_id, sources.sha256, by=(sources.scan_id, sources.sha256))
        pictures = rows(t.images, by=(images.scan_id, images.role, images.number))
        targets = rows(t.targets, by=(t.targets.c.subject, t.targets.c.target))
        icpms = rows(t.icpms, by=(t.icpms.c.subject, t.icpms.c.visit))
        calibrations = rows(t.calibrations, by=(t.calibrations.c.field_t,))
        kits = rows(t.kits, by=(t.kits.c.kit_id,))
        trails = rows(trail.kit_id, trail.sha256, by=(trail.kit_id, trail.sequence))
        first = rows(t.readings.c.alias, t.readings.c.sha256, by=(t.readings.c.alias,))
        later = rows(t.later_readings, by=(t.later_readings.c.alias, t.later_readings.c.version))
    of_scan: dict[str, dict[str, list[Any]]] = {
        row["scan_id"]: {"sources": [], "pictures": [], "facts": [row["facts"]]} for row in scans
    }
    for row in files:
        of_scan[row["scan_id"]]["sources"].append(row["sha256"])
    for row in pictures:
        of_scan[row["scan_id"]]["pictures"].append([row["role"], row["number"], row["sha256"]])
    # every record holds the hash of the one before: the last one's is that of the trail
    collected = {row["kit_id"]: row["sha256"] for row in trails}
    return {
        "scans": {
            scan_id: {name: _hash(parts) for name, parts in found.items()}
            for scan_id, found in of_scan.items()
        },
        "calibrations": {f"{row['field_t']:g} T": row["sha256"] for row in calibrations},
        "reference_standard": {"rows": len(targets), "sha256": _hash(targets)},
        "icpms": {"rows": len(icpms), "sha256": _hash(icpms)},
        "kits": {
            row["kit_id"]: {"dealt": row["deal_sha256"], "collected": collected.get(row["kit_id"])}
            for row in kits
        },
        "readings": {
            **{f"{row['alias']} 1": row["sha256"] for row in first},
            **{f"{row['alias']} {row['version']}": row["sha256"] for row in later},
        },
    }


def _hash(rows: list[Any]) -> str:
    return digest(canonical(rows))
