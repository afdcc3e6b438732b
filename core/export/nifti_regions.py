"""Maps and regions as NIfTI, each with a sidecar in JSON that says what it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from core.export.dicom_regions import region_names, regions_of
from core.export.names import Names
from core.imaging.coverage import WHOLE
from core.imaging.nifti import write_nifti
from core.imaging.volume import Volume
from core.reading.contrast import contrast_echo
from core.reading.proposed import origin
from core.study.records import Scan, ScanImages, SignedReading
from core.version import program_version

# maps by their field of ScanImages, which is the file's name too: what they hold, and in which unit
_MAPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "r2star_per_s": ("R2*", "1/s"),
        "r2star_se_per_s": ("standard error of R2*", "1/s"),
        "flags": ("why a value is missing or doubtful, as bits (docs/relaxometry.md)", "1"),
        "iron_ug_per_g": ("iron concentration in tissue, wet weight", "ug/g"),
        "iron_se_ug_per_g": ("standard error of iron", "ug/g"),
    }
)


def write_scan(folder: Path, scan: Scan, images: ScanImages) -> list[Path]:
    """Write the maps of a scan and the echo that gives the CNR into an existing folder; return the files."""
    echoes = images.echoes
    echo = contrast_echo(echoes.te_ms)
    about = {"subject": scan.subject, "visit": scan.visit, "field_t": scan.field_t, "pixels": images.pixels}
    picture = Volume(echoes.magnitude[echo], echoes.geometry)
    told = {**about, "quantity": "magnitude", "unit": "scanner units", "te_ms": echoes.te_ms[echo]}
    written = [_write(folder, "magnitude", picture, told)]
    for name, (quantity, unit) in _MAPS.items():
        volume: Volume | None = getattr(images, name)
        if volume is None:
            continue
        told = {**about, "quantity": quantity, "unit": unit, "te_ms": list(echoes.te_ms)}
        told |= {"fit": images.fit_method, "nan": "no value: outside the mask, or the fit failed"}
        written.append(_write(folder, name, volume, told))
    return written


def write_regions(folder: Path, reading: SignedReading, *, fractional: bool = False) -> list[Path]:
    """Write the regions of a reading, one file each, into an existing folder; return the files.

    Voxels of which at least half lies inside are 1; with `fractional` every voxel is the share of it that
    lies inside, 0 to 1.
    """
    rois, names, written = regions_of(reading), Names(), []
    for roi, name in zip(rois, region_names(rois), strict=True):
        voxels = roi.coverage.astype(np.float32) / WHOLE if fractional else roi.mask
        told = {
            "rater": reading.rater, "session": reading.session, "alias": reading.alias,
            "version": reading.version,
            "subject": reading.subject, "visit": reading.visit, "field_t": reading.field_t,
            "signed_utc": reading.signed_utc, "region": name, "kind": roi.kind, "colour": roi.colour,
            "voxels_are": _SHARES if fractional else _MASK, "volume_mm3": roi.volume_mm3,
            "proposed": origin(reading.answers, roi),
        }  # fmt: skip
        written.append(_write(folder, names.free(name), Volume(voxels, roi.geometry), told))
    return written


_MASK = "1 where at least half of the voxel lies inside, else 0"
_SHARES = "the share of the voxel that lies inside, 0 to 1"


def _write(folder: Path, name: str, volume: Volume, told: Mapping[str, Any]) -> Path:
    path = folder / f"{name}.nii.gz"
    write_nifti(path, volume)
    text = json.dumps({**told, "program": f"FerroRead {program_version()}"}, ensure_ascii=False, indent=2)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return path
