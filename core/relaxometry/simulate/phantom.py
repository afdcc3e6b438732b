"""The vial phantom of the digital study, and what a physicist reads off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.imaging.volume import EchoSeries
from core.relaxometry.fit import fit_r2star
from core.relaxometry.simulate import physics
from core.relaxometry.simulate.anatomy import Anatomy, Compartment
from core.relaxometry.simulate.plan import PHANTOM
from core.relaxometry.simulate.scanner import SCANNERS, Faults, Frame, acquire
from core.relaxometry.simulate.shapes import Ellipsoid, Texture

VIAL_IRON_MMOL_PER_L = (0.0, 0.04, 0.08, 0.16, 0.24, 0.32, 0.44, 0.60)
"""Iron of the vials; tumours of the study reach about 0.5 mmol/L."""
VIAL_RADIUS_MM = 2.4
VIAL_RING_MM = 9.0
PHANTOM_SNR_GAIN = 3.0
"""Nine averages: a phantom holds still."""
PIPETTING_SD = 0.01
"""Relative error of a vial's true iron against what its label says."""
VIAL_R2STAR_SD_PER_S = 0.4
"""Of R2* between vials of the same iron: the shim differs from place to place."""


@dataclass(frozen=True)
class Vial:
    """A vial: the iron on its label and in truth, and its axis (LPS mm, in the middle slice)."""

    name: str
    iron_mmol_per_l: float
    true_iron_mmol_per_l: float
    centre_mm: tuple[float, float, float]


@dataclass(frozen=True)
class VialReading:
    """A vial's R2* as measured: mean over its region, and the SD that this mean carries."""

    vial: Vial
    r2star_per_s: float
    r2star_sd_per_s: float


@dataclass(frozen=True, eq=False)
class SimulatedPhantom:
    """The multi-echo series of the phantom, its vials, and the voxels well inside each."""

    field_t: float
    echoes: EchoSeries
    vials: tuple[Vial, ...]
    masks: Mapping[str, NDArray[np.bool_]]


def phantom(field_t: float, seed: int) -> SimulatedPhantom:
    """Scan the vial phantom with a field's multi-echo sequence.

    Eight upright vials stand on a ring in air, their iron in the same matrix as the animals' tissue, so
    that relaxivity carries over.

    Raises
    ------
    InputError
        If the field is none of physics.FIELDS_T.
    """
    field = physics.FIELDS_T[physics.field_index(field_t)]
    scanner = SCANNERS[field]
    seeds = np.random.SeedSequence(seed, spawn_key=(PHANTOM, physics.field_index(field)))
    rng = np.random.default_rng(seeds)
    vials = [_vial(rng, k) for k in range(len(VIAL_IRON_MMOL_PER_L))]
    parts = tuple(
        Compartment(
            vial.name,
            "vial",
            Ellipsoid(vial.centre_mm, (VIAL_RADIUS_MM, VIAL_RADIUS_MM, 1e4)),
            0.2,
            float(physics.iron_ug_per_g(vial.true_iron_mmol_per_l)),
            # the scanner scales R2' by B0, and the shim's share is meant at this very field
            r2prime_per_s=VIAL_R2STAR_SD_PER_S * rng.standard_normal() * 3.0 / field,
        )
        for vial in vials
    )
    body = Anatomy(parts, Texture.draw(rng, 0.9), Texture.draw(rng, 1.6))
    faults = Faults.draw(rng, scanner)
    averaged = replace(scanner.echoes, snr=PHANTOM_SNR_GAIN * scanner.echoes.snr)
    made = acquire(rng, scanner, averaged, body, Frame(np.eye(3), np.zeros(3)), faults, 1.0)
    series = EchoSeries(made.magnitude, scanner.echoes.te_ms, made.geometry, made.phase, field, "header")
    points = made.geometry.to_mm(np.moveaxis(np.indices(made.geometry.shape), 0, -1))
    # a voxel's diagonal away from the wall, so that none is filled in part
    inside = VIAL_RADIUS_MM - float(np.hypot(*made.geometry.spacing_mm[1:]))
    masks = {
        vial.name: np.hypot(points[..., 0] - vial.centre_mm[0], points[..., 1] - vial.centre_mm[1]) <= inside
        for vial in vials
    }
    return SimulatedPhantom(field, series, tuple(vials), masks)


def read_vials(made: SimulatedPhantom) -> list[VialReading]:
    """Measure every vial as a physicist would: the default fit, and its mean over the vial's region.

    The stated SD joins the mean's standard error, the shim's share and the pipetting error of the vial.
    """
    inside = np.any(list(made.masks.values()), axis=0)
    maps = fit_r2star(made.echoes, mask=inside)
    slope = physics.r2star_relaxivity(made.field_t)
    readings = []
    for vial in made.vials:
        values = maps.r2star_per_s[made.masks[vial.name]]
        values = values[np.isfinite(values)]
        own = float(values.std(ddof=1)) / np.sqrt(values.size)
        pipetting = PIPETTING_SD * slope * vial.iron_mmol_per_l
        sd = float(np.sqrt(own**2 + VIAL_R2STAR_SD_PER_S**2 + pipetting**2))
        readings.append(VialReading(vial, float(values.mean()), sd))
    return readings


def _vial(rng: np.random.Generator, k: int) -> Vial:
    turn = 2 * np.pi * k / len(VIAL_IRON_MMOL_PER_L)
    centre = (float(VIAL_RING_MM * np.cos(turn)), float(VIAL_RING_MM * np.sin(turn)), 0.0)
    label = VIAL_IRON_MMOL_PER_L[k]
    return Vial(f"V{k + 1}", label, label * float(1 + PIPETTING_SD * rng.standard_normal()), centre)
