"""What a coordinator has at hand: scans of two subjects as DICOM, tables, calibrations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.cli import run
from core.relaxometry.calibration import fit_calibration
from tests.readers.scanner import make_scan, with_parts, write_classic

SHAPE, SPACING = (4, 24, 24), (1.0, 0.5, 0.5)
TISSUE = (slice(None), slice(4, 20), slice(4, 20))
RELAXIVITY, R2STAR0 = 100.0, 25.0


def write_scan(folder: Path, iron_mmol_per_l: float, seed: int, *, echoes: int = 6) -> Path:
    """A multi-echo series with iron everywhere in the tissue, a spin echo and a 3D gradient echo."""
    rng = np.random.default_rng(seed)
    frame: dict[str, Any] = {"shape": SHAPE, "spacing": SPACING}
    scan = make_scan(seed, echoes=echoes, **frame, series=4)
    signal = np.zeros(SHAPE)
    signal[TISSUE] = 2000.0
    decay = np.exp(-np.array(scan.te_ms) * 1e-3 * (R2STAR0 + RELAXIVITY * iron_mmol_per_l))
    clean = decay[:, None, None, None] * signal
    noisy = np.abs(clean + rng.normal(0, 10, clean.shape) + 1j * rng.normal(0, 10, clean.shape))
    write_classic(folder / "mge", with_parts(scan, magnitude=noisy.round().astype(np.uint16)))
    anatomy = make_scan(seed + 1, echoes=1, **frame, series=7, sequence="SE")
    write_classic(folder / "rare", anatomy)
    gre3d = make_scan(seed + 2, echoes=1, **frame, series=9, overrides={"MRAcquisitionType": "3D"})
    write_classic(folder / "gre3d", gre3d)
    return folder


VISITS = (("mouse-1", "vehicle", "baseline", 0.0), ("mouse-1", "vehicle", "24 h", 0.4))


def write_tables(folder: Path, subjects: tuple[str, ...] = ("mouse-1",)) -> None:
    rows = ["path,subject,group,visit,field_t"]
    rows += [f"scans/{s}/{v.replace(' ', '')},{s},{g},{v},3" for s, g, v, _ in VISITS if s in subjects]
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    # in the middle of the baseline scan
    grid = make_scan(0, echoes=6, shape=SHAPE, spacing=SPACING).affine
    x, y, z = (grid @ [*((np.array(SHAPE) - 1) / 2), 1])[:3]
    (folder / "reference.csv").write_text(
        "subject,target,kind,malignant,diameter_mm,centre_x_mm,centre_y_mm,centre_z_mm\n"
        f"mouse-1,T1,tumour,1,6.3,{x},{y},{z}\nmouse-1,N1,node,,2.1,,,\n"
    )
    (folder / "icpms.csv").write_text("subject,visit,iron_ug_per_g\nmouse-1,24 h,21.3\n")
    vials = np.array([0.0, 0.2, 0.4, 0.8])
    measured = 5.0 + RELAXIVITY * vials + [0.1, -0.1, -0.1, 0.1]
    fit_calibration(vials, measured, field_t=3.0, agent="MNP").save(folder / "calibration.json")


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command that must succeed; return its output."""
    status = run([str(word) for word in words])
    out, err = capsys.readouterr()
    assert status == 0, err
    return out


def refused(capsys: pytest.CaptureFixture[str], *words: object, status: int = 1) -> str:
    """Run a command that must fail; return its one line."""
    assert run([str(word) for word in words]) == status
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err, err
    return err
