"""What a scripted rater is told of a case: where to look. What is there, the rater finds in the pixels."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.imaging.geometry import Geometry
from core.imaging.nifti import read_nifti
from core.study.records import KeyEntry

Position = tuple[float, float, float]
_CORNERS = 10
# raters keep inside the border, where the numbers are not mixed with what lies beyond
_INSET = 0.93
# slices with less than this share of the tumour's largest section are left out, as raters do at the poles
_LEAST_SECTION = 0.5
_DISTRACTORS = 2


@dataclass(frozen=True)
class Spot:
    """A place worth a look: a target of the reference standard, or tissue that only might be one."""

    kind: Literal["lesion", "node"]
    position_mm: Position
    radius_mm: float


@dataclass(frozen=True)
class CaseScript:
    """One case, in the kit's millimetres."""

    tumour_mm: Position
    tumour_radius_mm: float
    tumour_outlines: tuple[NDArray[np.float64], ...]  # each (corner, xyz), one per slice
    muscle_mm: tuple[Position, ...]  # a short brush stroke
    air_mm: NDArray[np.float64]  # (corner, xyz) of an outline in a corner of the picture
    spots: tuple[Spot, ...]


def scripts(scans: Path, key: Sequence[KeyEntry], rng: np.random.Generator) -> dict[str, CaseScript]:
    """Return the script of every case of a kit by alias, from the simulated study's truth.

    Parameters
    ----------
    scans : Path
        What `ferroread simulate` wrote.
    key : sequence of KeyEntry
        The kit's part of the study's key.
    rng : Generator
        Draws the places that only look like a finding.
    """
    with (scans / "reference.csv").open(encoding="utf-8", newline="") as stream:
        targets = list(csv.DictReader(stream))
    return {
        entry.alias: _script(
            scans / "truth" / entry.subject / entry.visit.replace(" ", "") / f"{entry.field_t:g}T",
            [row for row in targets if row["subject"] == entry.subject],
            rng,
        )
        for entry in key
    }


def _script(truth: Path, targets: list[dict[str, str]], rng: np.random.Generator) -> CaseScript:
    tumour_row = next(row for row in targets if row["kind"] == "tumour")
    tumour = read_nifti(truth / f"mask_{tumour_row['target']}.nii.gz")
    muscle = read_nifti(truth / "mask_muscle.nii.gz").data > 0
    grid = tumour.geometry
    # a kit's pictures are centred on 0 (core.study.dealing)
    shift = -grid.to_mm((np.asarray(grid.shape) - 1) / 2)
    kit_grid = grid.moved(shift)
    spots = [
        Spot(
            "node" if row["kind"] == "node" else "lesion",
            _target_mm(row, shift),
            float(row["diameter_mm"]) / 2,
        )
        for row in targets
        if row["kind"] != "tumour"
    ]
    spots += [Spot("lesion", _inside(muscle, kit_grid, rng), 1.2) for _ in range(_DISTRACTORS)]
    return CaseScript(
        tumour_mm=_target_mm(tumour_row, shift),
        tumour_radius_mm=float(tumour_row["diameter_mm"]) / 2,
        tumour_outlines=tuple(_outlines(tumour.data > 0, kit_grid)),
        muscle_mm=_deep_stroke(muscle, kit_grid),
        air_mm=_air_corner(kit_grid),
        spots=tuple(spots),
    )


def _target_mm(row: dict[str, str], shift: NDArray[np.float64]) -> Position:
    x, y, z = (float(row[f"centre_{axis}_mm"]) + float(move) for axis, move in zip("xyz", shift, strict=True))
    return x, y, z


def _position(grid: Geometry, index: tuple[float, float, float]) -> Position:
    x, y, z = (float(value) for value in grid.to_mm(index))
    return x, y, z


def _inside(mask: NDArray[np.bool_], grid: Geometry, rng: np.random.Generator) -> Position:
    deep = np.argwhere(ndimage.binary_erosion(mask[1:-1], np.ones((1, 3, 3), bool)))
    slice_, row, column = deep[rng.integers(len(deep))]
    return _position(grid, (float(slice_ + 1), float(row), float(column)))


def _outlines(mask: NDArray[np.bool_], grid: Geometry) -> list[NDArray[np.float64]]:
    """Return a polygon round the mask in every slice that shows enough of it."""
    sections = mask.sum(axis=(1, 2))
    outlines = []
    for k in np.flatnonzero(sections >= _LEAST_SECTION * sections.max()):
        rows, columns = np.nonzero(mask[k])
        middle = rows.mean(), columns.mean()
        angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
        corners = []
        points = np.stack([rows - middle[0], columns - middle[1]], axis=1)
        for angle in angles:
            step = np.array([np.sin(angle), np.cos(angle)])
            along, across = points @ step, points @ np.array([step[1], -step[0]])
            ray = along[(along >= 0) & (np.abs(across) <= 0.71)]
            reach = _INSET * ray.max() if ray.size else 0.5
            corners.append((float(k), middle[0] + reach * step[0], middle[1] + reach * step[1]))
        outlines.append(grid.to_mm(np.array(corners)))
    return outlines


def _deep_stroke(mask: NDArray[np.bool_], grid: Geometry) -> tuple[Position, ...]:
    """Return a stroke through the middle of the thickest part of the mask, in a slice near the centre."""
    k = grid.shape[0] // 2
    depth = ndimage.distance_transform_edt(mask[k], sampling=grid.spacing_mm[1:])
    row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
    # muscle lies round the trunk: walk along it from voxel to voxel, always where it is thick
    path = [(int(row), int(column))]
    for _ in range(4):
        r, c = path[-1]
        around = [(r + i, c + j) for i in (-2, 0, 2) for j in (-2, 0, 2) if (i, j) != (0, 0)]
        inside = [
            (a, b)
            for a, b in around
            if 0 <= a < depth.shape[0] and 0 <= b < depth.shape[1] and (a, b) not in path
        ]
        path.append(max(inside, key=lambda place: depth[place]))
    return tuple(_position(grid, (float(k), float(r), float(c))) for r, c in path)


def _air_corner(grid: Geometry) -> NDArray[np.float64]:
    slices, rows, columns = grid.shape
    k, low, high_row, high_column = slices // 2, 2.0, 0.16 * rows, 0.16 * columns
    corners = [(low, low), (low, high_column), (high_row, high_column), (high_row, low)]
    return grid.to_mm(np.array([(float(k), row, column) for row, column in corners]))
