"""What was read of a damaged kit, as files: tables, regions, the trail, and the kit's file as evidence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.export.tables import write_csv
from core.files import whole_folder
from core.imaging.nifti import write_nifti
from core.study.audit_listing import COLUMNS, listed
from core.study.rescue import TABLES, Rescued, evidence
from core.study.rescue_tries import FILE_NAME as TRIES

_SIGNATURES = ("alias", "version", "at", "holds")
_ANSWERS = ("alias", "version", "question", "about", "value")
_REGIONS = ("file", "alias", "roi", "kind", "name", "signed")


def write_rescued(out: Path, kit: Path, found: Rescued, *, force: bool = False) -> None:
    """Write what was read of a kit into a folder, which appears whole or not at all.

    Parameters
    ----------
    out : Path
        The folder.
    kit : Path
        The kit's folder, whose file is copied as it is.
    found : Rescued
    force : bool
        Whether an earlier result may be replaced.

    Raises
    ------
    InputError
        If the folder is there and may not be replaced, or cannot be written.
    """
    with whole_folder(out, force=force) as draft:
        (draft / "evidence").mkdir()
        tries = kit / TRIES
        for file in (*evidence(kit), *([tries] if tries.is_file() else [])):
            shutil.copyfile(file, draft / "evidence" / file.name)
        for name, rows in found.tables.items():
            write_csv(draft / f"{name}.csv", TABLES[name], [_plain(row) for row in rows])
        signed = [{name: getattr(case, name) for name in _SIGNATURES} for case in found.signed]
        write_csv(draft / "signatures.csv", _SIGNATURES, signed)
        write_csv(draft / "signed_answers.csv", _ANSWERS, list(_signed_answers(found)))
        write_csv(draft / "audit.csv", COLUMNS, listed(found.records, "", withheld=found.withheld))
        (draft / "regions").mkdir()
        rows = []
        # by number: an alias of a damaged file may be anything
        for number, region in enumerate(found.regions, start=1):
            name = f"regions/{number:03d}.nii.gz"
            write_nifti(draft / name, region.volume)
            rows.append({"file": name, **{of: getattr(region, of) for of in _REGIONS[1:]}})
        write_csv(draft / "regions.csv", _REGIONS, rows)


def _signed_answers(found: Rescued) -> Iterator[dict[str, Any]]:
    for case in found.signed:
        for answer in case.content["answers"] if case.holds else ():
            told = {"question": answer["question"], "about": answer["about"], "value": answer["value"]}
            yield _plain({"alias": case.alias, "version": case.version, **told})


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a table takes it: bytes where text should be are written in hexadecimal."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}
