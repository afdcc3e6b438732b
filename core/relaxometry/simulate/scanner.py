"""The digital scanner: what each field's sequences see of a body, and the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.relaxometry.simulate import physics
from core.relaxometry.simulate.anatomy import Anatomy, Compartment, draw_anatomy
from core.relaxometry.simulate.plan import SCAN, VISITS, StudyPlan
from core.relaxometry.simulate.shapes import Texture, share_front_to_back

GREATEST_STORED = 4095
"""Scanners store 12 bits."""
_MUSCLE_STORED = 900.0


@dataclass(frozen=True)
class Sequence:
    """One pulse sequence and its grid.

    Parameters
    ----------
    kind : {"GR", "SE"}
        Gradient echo, or spin echo (RARE).
    te_ms : tuple of float
        Echo times; a RARE has one, the effective.
    shape : tuple of int
        (slices, rows, columns).
    spacing_mm : tuple of float
        (slice, row, column).
    snr : float
        Of muscle without iron at the coil's best spot, in the first echo.
    fat_left : float
        What saturation or inversion leaves of fat's signal.
    """

    kind: Literal["GR", "SE"]
    description: str
    tr_ms: float
    te_ms: tuple[float, ...]
    flip_deg: float
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    snr: float
    three_d: bool = False
    fat_left: float = 1.0


@dataclass(frozen=True)
class Scanner:
    """A scanner's sequences and faults.

    `off_resonance_hz` is the size of B0's unevenness over the animal; `shading` how much the coil's
    sensitivity falls towards the edge of its view.
    """

    field_t: float
    model: str
    echoes: Sequence
    anatomy: Sequence
    gre3d: Sequence
    off_resonance_hz: float
    shading: float


def _even(first: float, spacing: float, count: int) -> tuple[float, ...]:
    return tuple(round(first + spacing * k, 3) for k in range(count))


SCANNERS: dict[float, Scanner] = {
    3.0: Scanner(
        field_t=3.0,
        model="Simulated 3 T",
        echoes=Sequence(
            kind="GR",
            description="T2star_MGE_10echo",
            tr_ms=600.0,
            te_ms=_even(1.8, 1.9, 10),
            flip_deg=30.0,
            shape=(14, 96, 96),
            spacing_mm=(0.9, 0.3, 0.3),
            snr=60.0,
            fat_left=0.15,
        ),
        anatomy=Sequence(
            kind="SE",
            description="T2_RARE",
            tr_ms=2500.0,
            te_ms=(45.0,),
            flip_deg=90.0,
            shape=(14, 144, 144),
            spacing_mm=(0.9, 0.2, 0.2),
            snr=40.0,
            fat_left=0.12,
        ),
        gre3d=Sequence(
            kind="GR",
            three_d=True,
            description="T1_GRE_3D",
            tr_ms=30.0,
            te_ms=(4.2,),
            flip_deg=15.0,
            shape=(30, 72, 72),
            spacing_mm=(0.4, 0.4, 0.4),
            snr=35.0,
        ),
        off_resonance_hz=45.0,
        shading=0.35,
    ),
    # a solenoid of a mouse's size and long averaging leave a quarter of the SNR, in voxels four times as
    # large; fat's line is 9 Hz from water's: no saturation, but a short inversion dims it in the RARE
    0.064: Scanner(
        field_t=0.064,
        model="Simulated 64 mT",
        echoes=Sequence(
            kind="GR",
            description="T2star_MGE_8echo",
            tr_ms=400.0,
            te_ms=_even(3.0, 3.0, 8),
            flip_deg=45.0,
            shape=(10, 56, 56),
            spacing_mm=(1.3, 0.5, 0.5),
            snr=16.0,
        ),
        anatomy=Sequence(
            kind="SE",
            description="T2_RARE",
            tr_ms=1500.0,
            te_ms=(60.0,),
            flip_deg=90.0,
            shape=(10, 80, 80),
            spacing_mm=(1.3, 0.35, 0.35),
            snr=14.0,
            fat_left=0.4,
        ),
        gre3d=Sequence(
            kind="GR",
            three_d=True,
            description="T1_GRE_3D",
            tr_ms=40.0,
            te_ms=(6.0,),
            flip_deg=35.0,
            shape=(16, 36, 36),
            spacing_mm=(0.8, 0.8, 0.8),
            snr=16.0,
        ),
        off_resonance_hz=12.0,
        shading=0.20,
    ),
}


@dataclass(frozen=True, eq=False)
class Truth:
    """What no scanner tells, on the multi-echo series' grid.

    Parameters
    ----------
    r2star_per_s : Volume
        True R2*, weighted by each tissue's signal; NaN in air.
    iron_ug_per_g : Volume
        True added iron; NaN in air.
    masks : mapping of str to bool array
        Voxels more than half filled by a target (by its id) or by an organ that
        raters compare with (muscle, liver, kidney, spleen).
    """

    r2star_per_s: Volume
    iron_ug_per_g: Volume
    masks: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class SimulatedScan:
    """One visit at one field; signals in whole stored units, as the scanner would keep them."""

    subject: str
    visit: str
    field_t: float
    echoes: EchoSeries
    anatomy: Volume
    gre3d: Volume
    truth: Truth


def scan(plan: StudyPlan, subject: str, visit: str, field_t: float) -> SimulatedScan:
    """Scan one animal at one visit and field; no other scan need be drawn for it.

    Raises
    ------
    InputError
        If the study has no such subject, visit or field.
    """
    animal = plan.subject(subject)
    if visit not in VISITS:
        raise InputError(f"the digital study has no visit {visit}; it has {', '.join(VISITS)}")
    scanner = SCANNERS[physics.FIELDS_T[physics.field_index(field_t)]]
    rng = plan.rng(SCAN, animal.number, VISITS.index(visit), physics.field_index(field_t))
    body = draw_anatomy(plan, animal, visit)
    toward_tumour = np.sign(animal.tumour.centre_mm[0])
    frame = _positioned(rng, toward_tumour)
    gain = rng.uniform(0.85, 1.15)
    faults = Faults.draw(rng, scanner)
    made = [acquire(rng, scanner, sequence, body, frame, faults, gain) for sequence in _sequences(scanner)]
    echoes, anatomy, gre3d = made
    grid = echoes.geometry
    series = EchoSeries(echoes.magnitude, scanner.echoes.te_ms, grid, echoes.phase, scanner.field_t, "header")
    return SimulatedScan(
        subject,
        visit,
        scanner.field_t,
        series,
        Volume(anatomy.magnitude[0], anatomy.geometry),
        Volume(gre3d.magnitude[0], gre3d.geometry),
        echoes.truth,
    )


def _sequences(scanner: Scanner) -> tuple[Sequence, Sequence, Sequence]:
    return scanner.echoes, scanner.anatomy, scanner.gre3d


@dataclass(frozen=True, eq=False)
class Frame:
    """How the grids of one scan lie: their directions (columns x, y, z of the grid) and their centre."""

    rotation: NDArray[np.float64]
    centre_mm: NDArray[np.float64]

    def grid(self, sequence: Sequence) -> Geometry:
        """Return the sequence's grid about the centre."""
        middle = (np.array(sequence.shape) - 1) / 2
        # columns run along the grid's x, rows along y, slices along z
        steps = self.rotation[:, ::-1] * np.asarray(sequence.spacing_mm)
        affine = np.eye(4)
        affine[:3, :3] = steps
        # scanners write positions as decimal strings; so that reading back gives this very grid
        affine[:3, 3] = np.round(self.centre_mm - steps @ middle, 6)
        return Geometry(sequence.shape, affine)


def _positioned(rng: np.random.Generator, toward_tumour: float) -> Frame:
    """Centre the view between trunk and tumour as an operator does; half of the scans are a bit oblique."""
    centre = np.array([1.4 * toward_tumour, 0.0, 0.0]) + rng.uniform(-0.4, 0.4, size=3)
    if rng.random() < 0.5:
        return Frame(np.eye(3), centre)
    about_x, about_y, about_z = np.deg2rad(rng.uniform(-4.5, 4.5, size=3))
    cx, sx, cy, sy = np.cos(about_x), np.sin(about_x), np.cos(about_y), np.sin(about_y)
    cz, sz = np.cos(about_z), np.sin(about_z)
    rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return Frame(rz @ ry @ rx, centre)


@dataclass(frozen=True, eq=False)
class Faults:
    """Smooth faults over patient space: B0's unevenness, the coil's sensitivity and its phase."""

    quadratic: NDArray[np.float64]
    linear: NDArray[np.float64]
    off_resonance_hz: float
    coil_mm: NDArray[np.float64]
    shading: float
    phase_rad: NDArray[np.float64]

    @classmethod
    def draw(cls, rng: np.random.Generator, scanner: Scanner) -> Faults:
        """Draw the faults of one scan."""
        raw = rng.normal(size=(3, 3))
        return cls(
            (raw + raw.T) / 4,
            rng.normal(size=3) / 2,
            scanner.off_resonance_hz,
            rng.uniform(-4, 4, size=3),
            scanner.shading,
            rng.uniform(-1.0, 1.0, size=4),
        )

    def hertz(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return B0's offset in Hz at LPS points."""
        unit = points / 12.0
        value = ((unit @ self.quadratic) * unit).sum(axis=-1) + unit @ self.linear
        return np.asarray(self.off_resonance_hz * value)

    def sensitivity(self, points: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the coil's complex sensitivity, 1 where it is best."""
        away = (points - self.coil_mm) / 14.0
        size = 1 / (1 + self.shading * (away**2).sum(axis=-1))
        phase = self.phase_rad[0] * np.pi + (points / 12.0) @ self.phase_rad[1:]
        return np.asarray(size * np.exp(1j * phase))


@dataclass(frozen=True, eq=False)
class Acquired:
    """One sequence's pictures, shape (echo, slice, row, column), their grid and the truth on it."""

    magnitude: NDArray[np.float32]
    phase: NDArray[np.float32]
    geometry: Geometry
    truth: Truth


def acquire(
    rng: np.random.Generator,
    scanner: Scanner,
    sequence: Sequence,
    body: Anatomy,
    frame: Frame,
    faults: Faults,
    gain: float,
) -> Acquired:
    """Sum the tissues' signals in every voxel, put the scanner's faults and noise on them, and store."""
    grid = frame.grid(sequence)
    points = grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1))
    flat_points = points.reshape(-1, 3)
    signal = np.zeros((len(sequence.te_ms), flat_points.shape[0]), dtype=np.complex64)
    weight, rate, iron = (np.zeros(flat_points.shape[0]) for _ in range(3))
    filled = np.zeros(flat_points.shape[0])
    masks: dict[str, NDArray[np.float64]] = {}
    shares = share_front_to_back([(part.shape, part.step_mm) for part in body.compartments], grid)
    for part, (index, share) in zip(body.compartments, shares, strict=True):
        where = flat_points[index]
        iron_here = _iron(part, share, where, body.iron_texture)
        base, decay, echoes = _tissue_signal(part, iron_here, where, scanner, sequence, body.texture)
        signal[:, index] += share * echoes
        weight[index] += share * base
        rate[index] += share * base * decay
        iron[index] += share * iron_here
        filled[index] += share
        if part.mask:
            masks.setdefault(part.mask, np.zeros(flat_points.shape[0]))[index] += share
    magnitude, phase = _receive(rng, signal, scanner, sequence, flat_points, faults, gain)
    air = filled < 0.5
    with np.errstate(invalid="ignore", divide="ignore"):
        r2star = np.where(air, np.nan, rate / weight)
        iron = np.where(air, np.nan, iron / filled)
    truth = Truth(
        Volume(r2star.reshape(grid.shape).astype(np.float32), grid),
        Volume(iron.reshape(grid.shape).astype(np.float32), grid),
        {name: (share > 0.5).reshape(grid.shape) for name, share in masks.items()},
    )
    shape = (len(sequence.te_ms), *grid.shape)
    return Acquired(magnitude.reshape(shape), phase.reshape(shape), grid, truth)


def _iron(
    part: Compartment, share: NDArray[np.float32], points: NDArray[np.float64], texture: Texture
) -> NDArray[np.float64]:
    """Return the iron of a body's voxels, ug/g; its mean over the body is exactly the stated one."""
    if part.iron_ug_per_g == 0 or part.iron_spread == 0 or not share.size:
        return np.full(share.shape, part.iron_ug_per_g)
    uneven = np.maximum(1 + part.iron_spread * texture.at(points), 0.1)
    return np.asarray(part.iron_ug_per_g * uneven / np.average(uneven, weights=share))


def _tissue_signal(
    part: Compartment,
    iron_ug_per_g: NDArray[np.float64],
    points: NDArray[np.float64],
    scanner: Scanner,
    sequence: Sequence,
    texture: Texture,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.complex64]]:
    """Return a tissue's signal at TE 0, its R2* (both per voxel) and its echoes, shape (echo, voxel)."""
    tissue = physics.TISSUES[part.tissue]
    field_t = scanner.field_t
    iron = physics.iron_mmol_per_l(iron_ug_per_g)
    decay = physics.r2star_per_s(tissue, field_t, iron) + part.r2prime_per_s * field_t / 3.0
    uneven = 1 + tissue.texture * texture.at(points)
    if tissue.shift_ppm:
        uneven = uneven * sequence.fat_left
    if sequence.kind == "SE":
        echo = uneven * physics.spin_echo_signal(tissue, field_t, iron, sequence.tr_ms, sequence.te_ms[0])
        return echo, decay, echo[None].astype(np.complex64)
    base = uneven * physics.gradient_echo_s0(tissue, field_t, iron, sequence.tr_ms, sequence.flip_deg)
    te_s = 1e-3 * np.array(sequence.te_ms, dtype=np.float32)[:, None]
    shift_hz = tissue.shift_ppm * 1e-6 * _larmor_hz(field_t)
    echoes = base.astype(np.float32) * np.exp(-te_s * decay.astype(np.float32))
    return base, decay, (echoes * np.exp(2j * np.pi * shift_hz * te_s)).astype(np.complex64)


def _receive(
    rng: np.random.Generator,
    signal: NDArray[np.complex64],
    scanner: Scanner,
    sequence: Sequence,
    points: NDArray[np.float64],
    faults: Faults,
    gain: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Turn signals, shape (echo, voxel), into stored magnitude and phase with noise in both channels."""
    muscle = _muscle_signal(scanner, sequence)
    received = signal * faults.sensitivity(points).astype(np.complex64)
    if sequence.kind == "GR":
        te_s = 1e-3 * np.array(sequence.te_ms)[:, None]
        turns = (te_s * faults.hertz(points)).astype(np.float32)
        received *= np.exp(np.complex64(2j * np.pi) * turns)
    sigma = np.float32(muscle / sequence.snr)
    noise = rng.standard_normal((2, *received.shape), dtype=np.float32)
    received.real += sigma * noise[0]
    received.imag += sigma * noise[1]
    magnitude = np.abs(received) * np.float32(gain * _MUSCLE_STORED / muscle)
    stored = np.clip(np.rint(magnitude), 0, GREATEST_STORED).astype(np.float32)
    return stored, np.angle(received).astype(np.float32)


def _muscle_signal(scanner: Scanner, sequence: Sequence) -> float:
    """Return muscle's signal without iron in the sequence's first echo."""
    muscle, field_t, te_ms = physics.TISSUES["muscle"], scanner.field_t, sequence.te_ms[0]
    if sequence.kind == "SE":
        return float(physics.spin_echo_signal(muscle, field_t, 0.0, sequence.tr_ms, te_ms))
    base = physics.gradient_echo_s0(muscle, field_t, 0.0, sequence.tr_ms, sequence.flip_deg)
    return float(base * np.exp(-1e-3 * te_ms * physics.r2star_per_s(muscle, field_t)))


def _larmor_hz(field_t: float) -> float:
    return physics.GYROMAGNETIC_RATIO_RAD_PER_S_PER_T / (2 * np.pi) * field_t
