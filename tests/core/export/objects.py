"""A scan and a reading with every kind of region, on grids that lie as scanners lay them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from core.imaging.coverage import coverage_sha256
from core.imaging.geometry import Geometry
from core.imaging.regions.outline import polygons_in_slice
from core.imaging.roi import Roi
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import Protocol, parse_protocol
from core.reading.reading import Mark, Ruler
from core.study.records import Scan, ScanImages, SignedReading, StudyData

SHAPE = (3, 14, 12)
PROTOCOL_TEXT = """
id: everything
version: "2.1"
title: Everything that can be asked
steps:
  - {id: only, title: Only, shows: [echoes, r2star]}
rois:
  - {kind: tumour, step: only, many: true}
questions:
  - id: margin_conspicuity_of_the_tumour
    text: How well is the margin seen, all the way round and in every slice that the tumour lies in?
    scope: case
    step: only
    choices:
      - {value: 1, label: nowhere, anchor: "Nowhere: the border is a guess."}
      - {value: 4, label: mostly, anchor: "On nearly the whole outline, with short gaps. Ärger mit µ."}
  - {id: size_mm, text: Size, scope: lesion, step: only, type: number, unit: mm, most: 90, decimals: 1}
  - {id: stiffness, text: Stiffness, scope: tumour, step: only, type: number, unit: kPa, least: 0, most: 90}
  - {id: remark, text: Remark, scope: tumour, step: only, type: text, most: 300}
"""
PROTOCOL: Protocol = parse_protocol(PROTOCOL_TEXT, "test")
RATER, SUBJECT, VISIT = "Dr. Jürgen Østergård 山田", "Mäuschen 7 \\ b", "24 h después"


def grid(kind: str, shape: tuple[int, int, int] = SHAPE) -> Geometry:
    """A grid by name: axial, flipped along every axis, oblique, or oblique and left-handed."""
    spacing = np.array([1.5, 0.4, 0.35])
    axes = np.eye(3)[:, ::-1]
    if kind.startswith("oblique"):
        rng = np.random.default_rng(5)
        axes = np.linalg.qr(axes + 0.3 * rng.normal(size=(3, 3)))[0]
        axes[:, 0] *= np.sign(np.linalg.det(axes)) * (-1 if kind == "oblique left-handed" else 1)
    if kind == "flipped":
        axes = -axes
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = axes * spacing, (-31.7, 12.3456789, 200.25)
    return Geometry(shape, affine)


def region(geometry: Geometry, number: int, kind: str, coverage: np.ndarray, **more: object) -> Roi:
    return Roi(f"{number:032x}", kind, coverage, geometry, **more)


def drawn(geometry: Geometry, k: int, *polygons: list[tuple[float, float]]) -> tuple[np.ndarray, dict]:
    """Coverage and outlines of polygons in one slice, by the even-odd rule."""
    corners = [np.array(polygon, dtype=float) for polygon in polygons]
    return polygons_in_slice(geometry.shape, k, corners).on(geometry.shape), {k: tuple(corners)}


def regions(geometry: Geometry) -> list[Roi]:
    """A polygon with a hole, painted shares over several slices up to the borders, one voxel, air."""
    slices = geometry.shape[0]
    hole = [(4.0, 4.0), (4.0, 6.2), (6.6, 6.2), (6.6, 4.0)]
    ring, outlines = drawn(geometry, 0, [(1.3, 1.2), (1.1, 9.7), (9.4, 10.3), (10.2, 2.6)], hole)
    painted = np.random.default_rng(3).integers(0, 256, geometry.shape).astype(np.uint8)
    painted[:, 3:, :] = 0  # the first rows, from border to border
    single = np.zeros(geometry.shape, bool)
    single[slices - 1, 13, 11] = True
    air = np.zeros(geometry.shape, bool)
    air[slices - 1, 6:11, 1:6] = True
    reference = np.zeros(geometry.shape, bool)
    reference[:, 11:13, 2:9] = True
    return [
        region(geometry, 1, "tumour", ring, outlines=outlines),
        region(geometry, 2, "tumour", painted, name="Größe ≥ 2", colour="#102030"),
        region(geometry, 3, "node", single),
        region(geometry, 4, "reference", reference),
        region(geometry, 5, "noise", air),
        region(geometry, 6, "ring", np.roll(reference, 3, axis=2)),
        region(geometry, 7, "ablation", np.roll(air, -2, axis=1)),
        region(geometry, 8, "other", air, name="tumour"),
        region(geometry, 9, "other", np.zeros(geometry.shape, bool)),
    ]


def images(geometry: Geometry, *, whole: bool = True) -> ScanImages:
    rng = np.random.default_rng(11)
    magnitude = rng.uniform(1, 4000, (3, *geometry.shape)).astype(np.float32)
    r2star = rng.uniform(5, 300, geometry.shape).astype(np.float32)
    r2star[0, :2] = np.nan
    echoes = EchoSeries(np.rint(magnitude) if whole else magnitude, (1.8, 3.7, 5.6), geometry, None, 3.0)
    return ScanImages(
        echoes,
        r2star_per_s=Volume(r2star, geometry),
        r2star_se_per_s=Volume(r2star * 0.05, geometry),
        iron_ug_per_g=Volume(r2star / 7, geometry),
        iron_se_ug_per_g=Volume(r2star / 70, geometry),
        sigma=4.0,
        fit_method="arlo",
    )


SCAN = Scan("5ca1", SUBJECT, "canary-group", VISIT, 3.0)


def reading(geometry: Geometry, rois: list[Roi] | None = None, **changes: object) -> SignedReading:
    rois = regions(geometry) if rois is None else rois
    held = {roi.roi_id: roi for roi in rois}
    at = tuple(float(v) for v in geometry.to_mm((0, 5, 5)))
    marks = {"m1": Mark("m1", "lesion", at), "m2": Mark("m2", "node", at)}
    rulers = {
        "r1": Ruler("r1", at, (at[0] + 3.25, at[1], at[2]), "m1"),
        "r2": Ruler("r2", at, (at[0], at[1], at[2] - 1.5)),
    }
    answers: dict = {
        ("margin_conspicuity_of_the_tumour", None): 4,
        ("size_mm", "m1"): 3.2,
        ("note", None): "zwei Zeilen\nµ \\ „so“",
        ("query", None): "",
    }
    for roi in rois:
        if roi.kind == "tumour":
            answers |= {("stiffness", roi.roi_id): 7, ("remark", roi.roi_id): "am Rand 山"}
        if roi.kind == "noise":
            answers["proposed_air", roi.roi_id] = coverage_sha256(roi.coverage)
    given = {
        "rater": RATER, "session": 2, "alias": "QX7", "kit_id": "canary-kit", "scan_id": SCAN.scan_id,
        "subject": SUBJECT, "group": SCAN.group, "visit": VISIT, "field_t": 3.0,
        "signed_utc": "2031-04-05T06:07:08.900Z", "answers": answers, "marks": marks, "rois": held,
        "answer_seconds": {}, "seconds": 60.0, "protocol_sha256": PROTOCOL.sha256, "rulers": rulers,
        "target_of": {"m2": "canary-target"}, "guesses": {"group": "canary-guess"},
    }  # fmt: skip
    return SignedReading(**(given | changes))


def study(geometry: Geometry, *readings: SignedReading, **changes: object) -> StudyData:
    given = {
        "readings": readings, "protocols": {PROTOCOL.sha256: PROTOCOL}, "scans": (SCAN,), "targets": (),
        "icpms": (), "images": lambda _: images(geometry),
    }  # fmt: skip
    return StudyData(**(given | changes))


def errors_in(path: Path) -> list[str]:
    """What dciodvfy of Debian's dicom3tools has against a file."""
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy is not installed (Debian: dicom3tools)")
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)
    told = (done.stdout + done.stderr).splitlines()
    assert any(not line.startswith(("Warning", "Error")) for line in told), "it did not name the object"
    return [line for line in told if line.startswith(("Error", "Abort"))]
