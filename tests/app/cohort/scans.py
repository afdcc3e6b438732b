"""Small scans for cohorts: a disc that decays, as NIfTI with a sidecar."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import nibabel as nib
import numpy as np

TE_MS = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0)


def write_scan(file: Path, r2star_per_s: float, seed: int, shape: tuple[int, int, int] = (2, 16, 16)) -> Path:
    """Write a scan whose disc has one R2*, and noise of 5 around a signal of 1,000."""
    rng = np.random.default_rng(seed)
    _, row, column = np.indices(shape)
    disc = np.hypot(row - shape[1] / 2, column - shape[2] / 2) < 0.4 * shape[1]
    te_s = np.array(TE_MS)[:, None, None, None] / 1000
    signal = 1000 * disc * np.exp(-te_s * r2star_per_s)
    signal = np.hypot(signal + rng.normal(0, 5, signal.shape), rng.normal(0, 5, signal.shape))
    image = nib.Nifti1Image(signal.transpose(3, 2, 1, 0).astype(np.int16), np.diag([0.5, 0.5, 1.0, 1.0]))
    file.parent.mkdir(parents=True, exist_ok=True)
    nib.save(image, file)
    sidecar = {"EchoTime": [te / 1000 for te in TE_MS], "MagneticFieldStrength": 3}
    file.with_suffix(".json").write_text(json.dumps(sidecar))
    return file


def write_rows(file: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a manifest with every column that any row has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def write_cohort(folder: Path, count: int, **shape: tuple[int, int, int]) -> Path:
    """Write so many scans and a study's manifest of them; their R2* is 50, 60, ... 1/s."""
    rows: list[dict[str, object]] = []
    for number in range(count):
        scan = write_scan(folder / "scans" / f"{number:04d}.nii", 50 + 10 * (number % 10), number, **shape)
        path = scan.relative_to(folder).as_posix()
        rows.append({"path": path, "subject": f"M{number}", "group": "a", "visit": "1 h", "field_t": 3})
    return write_rows(folder / "manifest.csv", rows)
