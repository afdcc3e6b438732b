"""The inside of one animal of the digital study: which body holds which tissue and how much iron."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.relaxometry.simulate.plan import (
    ABDOMEN_CENTRE_Y_MM,
    ABDOMEN_MM,
    ANATOMY,
    MUSCLE_MM,
    SPINE_Y_MM,
    SURFACE_MM,
    VISITS,
    StudyPlan,
    SubjectPlan,
    Target,
)
from core.relaxometry.simulate.shapes import Blob, Ellipsoid, Intersection, Shape, Texture, Union

ORGAN_IRON_UG_PER_G: dict[str, tuple[float, float]] = {
    "liver": (42.0, 55.0),
    "node": (7.0, 24.0),
    "spleen": (30.0, 45.0),
    "marrow": (6.0, 9.0),
    "blood": (5.0, 0.3),
    "kidney_cortex": (2.0, 0.5),
    "kidney_medulla": (1.5, 0.4),
    "skin": (0.6, 0.3),
    "muscle": (0.3, 0.2),
}
"""Iron at 1 h and 24 h after the agent: liver and marrow take it from the blood within the hour, nodes
over a day (as ferumoxytran's, Weissleder et al. 1990, doi 10.1148/radiology.175.2.2326475); amounts are
chosen so that the organs darken as in published pictures."""
DEPOSIT_IRON_SHARE = 0.05
"""Iron of malignant node tissue, relative to the uptake of a benign node."""
DEPOSIT = " deposit"
"""Ends the name of a deposit's compartment; it counts to its node."""
SMALL_STEP_MM = 0.2
LARGE_STEP_MM = 0.5

TUMOUR_R2PRIME_SD_PER_S = 1.5
"""Of R2' at 3 T between tumours, which differ in their blood and its oxygen."""
VISIT_R2PRIME_SD_PER_S = 0.5
"""Of one tumour between visits."""

_MASKED_ORGANS = ("muscle", "liver", "kidney", "spleen")
_CYLINDER_MM = 45.0
_SKIN_MM = 0.45


@dataclass(frozen=True, eq=False)
class Compartment:
    """A body of one tissue.

    Parameters
    ----------
    name : str
        A target's id, or the organ.
    tissue : str
        Key of physics.TISSUES.
    step_mm : float
        How finely voxels are sampled.
    iron_ug_per_g : float
        Mean added iron at the visit.
    iron_spread : float
        Relative SD of the iron within the body.
    r2prime_per_s : float
        What this body's R2' at 3 T has over its tissue's.
    """

    name: str
    tissue: str
    shape: Shape
    step_mm: float
    iron_ug_per_g: float = 0.0
    iron_spread: float = 0.0
    r2prime_per_s: float = 0.0

    @property
    def mask(self) -> str:
        """Name of the truth's mask that the body belongs to; empty for none."""
        if self.tissue in ("tumour", "node", "vial"):
            return self.name.removesuffix(DEPOSIT)
        return self.name if self.name in _MASKED_ORGANS else ""


@dataclass(frozen=True, eq=False)
class Anatomy:
    """An animal at one visit: its compartments, the foremost first, and its textures in patient space."""

    compartments: tuple[Compartment, ...]
    texture: Texture
    iron_texture: Texture


def draw_anatomy(plan: StudyPlan, subject: SubjectPlan, visit: str) -> Anatomy:
    """Draw an animal's inside; between visits its iron changes, and the tumours' own R2' a little."""
    rng = plan.rng(ANATOMY, subject.number)
    of_visit = plan.rng(ANATOMY, subject.number, VISITS.index(visit))
    compartments = _targets(rng, of_visit, subject, visit)
    compartments += _retroperitoneum(rng)
    compartments += _abdomen(rng)
    compartments += _trunk(subject)
    loaded = tuple(_with_organ_iron(part, subject, visit) for part in compartments)
    return Anatomy(loaded, Texture.draw(rng, 0.9), Texture.draw(rng, 1.6))


def _with_organ_iron(part: Compartment, subject: SubjectPlan, visit: str) -> Compartment:
    if subject.group == "vehicle" or visit == "baseline" or part.tissue not in ORGAN_IRON_UG_PER_G:
        return part
    if part.tissue == "node":  # its own factor has been set with the target
        return part
    iron = ORGAN_IRON_UG_PER_G[part.tissue][0 if visit == "1 h" else 1]
    return replace(part, iron_ug_per_g=iron, iron_spread=0.15)


def _targets(
    rng: np.random.Generator, of_visit: np.random.Generator, subject: SubjectPlan, visit: str
) -> list[Compartment]:
    """Return tumour, lesions and nodes; the deposit of a focally malignant node lies before its node."""
    tumour_iron = subject.tumour_iron_ug_per_g[visit]
    exposed = subject.group != "vehicle" and visit != "baseline"
    node_iron = ORGAN_IRON_UG_PER_G["node"][0 if visit == "1 h" else 1] if exposed else 0.0
    parts = []
    for target in subject.targets:
        if target.kind == "node":
            parts += _node(rng, target, node_iron * target.iron_factor)
            continue
        rough = rng.uniform(0.10, 0.16) if target.kind == "tumour" else rng.uniform(0.05, 0.12)
        body = Blob.draw(rng, target.centre_mm, target.radius_mm, rough)
        iron = tumour_iron * target.iron_factor
        spread = 0.35 if target.kind == "tumour" else 0.2
        own = rng.normal(0, TUMOUR_R2PRIME_SD_PER_S) + of_visit.normal(0, VISIT_R2PRIME_SD_PER_S)
        parts.append(Compartment(target.target_id, "tumour", body, SMALL_STEP_MM, iron, spread, own))
    return parts


def _node(rng: np.random.Generator, target: Target, uptake_ug_per_g: float) -> list[Compartment]:
    """Return a bean-like node, its deposit first where it has one."""
    long_axis = rng.uniform(1.15, 1.45)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    radius = target.radius_mm
    axes = (radius * long_axis, radius / np.sqrt(long_axis), radius / np.sqrt(long_axis))
    body = Ellipsoid(target.centre_mm, axes, rotation)
    name = target.target_id
    if target.pattern == "whole":
        return [Compartment(name, "node", body, SMALL_STEP_MM, uptake_ug_per_g * DEPOSIT_IRON_SHARE, 0.2)]
    node = Compartment(name, "node", body, SMALL_STEP_MM, uptake_ug_per_g, 0.15)
    if target.pattern == "benign":
        return [node]
    # a deposit at one pole of the long axis, about a third of the node
    pole = np.asarray(target.centre_mm) + 0.55 * axes[0] * rotation[0] * rng.choice([-1.0, 1.0])
    ball = Blob.draw(rng, (float(pole[0]), float(pole[1]), float(pole[2])), 0.85 * radius, 0.08)
    iron = uptake_ug_per_g * DEPOSIT_IRON_SHARE
    deposit = Compartment(f"{name}{DEPOSIT}", "node", Intersection(ball, body), SMALL_STEP_MM, iron, 0.2)
    return [deposit, node]


def _retroperitoneum(rng: np.random.Generator) -> list[Compartment]:
    """Return the great vessels, the spine, the paraspinal muscles and the kidneys."""
    tilt = rng.normal(0, 0.15)
    y = SPINE_Y_MM

    def tube(x: float, y: float, a: float, b: float) -> Ellipsoid:
        return Ellipsoid((x, y, 0.0), (a, b, _CYLINDER_MM))

    parts = [
        Compartment("aorta", "blood", tube(0.35 + tilt, y - 2.1, 0.5, 0.5), 0.3),
        Compartment("vena cava", "blood", tube(-0.9 + tilt, y - 2.2, 0.65, 0.5), 0.3),
        Compartment("cord", "cord", tube(tilt, y + 0.95, 0.75, 0.6), 0.3),
        Compartment("marrow", "marrow", tube(tilt, y - 0.35, 0.95, 0.65), 0.3),
    ]
    arch = tube(tilt, y + 0.95, 1.15, 1.0)
    process = tube(tilt, y + 2.0, 0.3, 0.7)
    column = Union((tube(tilt, y - 0.35, 1.3, 1.0), arch, process), blend_mm=0.4)
    parts.append(Compartment("vertebra", "cortical_bone", column, 0.3))
    for side in (-1.0, 1.0):
        loin = tube(tilt + side * 2.6, y + 0.9, 1.7, 1.05)
        parts.append(Compartment("loin muscle", "muscle", loin, 0.3))
        parts.append(Compartment("fascia", "fat", Union((loin,), grow_mm=0.22), 0.3))
        psoas = tube(tilt + side * 1.9, y - 0.9, 0.75, 0.65)
        parts.append(Compartment("psoas", "muscle", psoas, 0.3))
        centre = (side * rng.uniform(4.5, 4.9), rng.uniform(1.9, 2.4), rng.uniform(-4.6, -3.2) - side * 0.8)
        pelvis = Ellipsoid((centre[0] - side * 0.9, centre[1], centre[2]), (0.75, 0.5, 1.2))
        medulla = Ellipsoid((centre[0] - side * 0.2, centre[1], centre[2]), (1.25, 1.05, 2.6))
        cortex = Ellipsoid(centre, (2.1, 1.8, 3.9))
        parts.append(Compartment("renal pelvis", "fat", pelvis, 0.3))
        parts.append(Compartment("kidney", "kidney_medulla", medulla, 0.3))
        parts.append(Compartment("kidney", "kidney_cortex", cortex, LARGE_STEP_MM))
    return parts


def _abdomen(rng: np.random.Generator) -> list[Compartment]:
    """Return liver (towards the head), bowel (towards the tail) and the fat between."""
    y = ABDOMEN_CENTRE_Y_MM
    cavity = Ellipsoid((0.0, y, 0.0), (*ABDOMEN_MM, _CYLINDER_MM))
    inner = Ellipsoid((0.0, y, 0.0), (ABDOMEN_MM[0] - 0.3, ABDOMEN_MM[1] - 0.3, _CYLINDER_MM))
    lobes = Union(
        (
            Ellipsoid((-3.2, y - 0.3, 7.0 + rng.uniform(-0.5, 0.5)), (4.6, 5.6, 7.2)),
            Ellipsoid((2.6, y - 1.8, 7.5 + rng.uniform(-0.5, 0.5)), (4.4, 3.6, 5.6)),
        ),
        blend_mm=0.8,
    )
    parts = []
    for _ in range(3):  # portal and hepatic veins
        direction = rng.normal(size=3)
        rotation = np.linalg.qr(np.column_stack([direction, rng.normal(size=(3, 2))]))[0].T
        spot = (rng.uniform(-4.0, -0.5), y + rng.uniform(-2.5, 1.5), rng.uniform(3.5, 6.5))
        parts.append(Compartment("vein", "blood", Ellipsoid(spot, (3.0, 0.35, 0.35), rotation), 0.3))
    parts.append(Compartment("liver", "liver", Intersection(lobes, inner), LARGE_STEP_MM))
    stomach = Ellipsoid((3.6, y + 1.6, rng.uniform(1.6, 2.6)), (2.6, 1.9, 2.2))
    parts.append(Compartment("stomach", "bowel_content", Intersection(stomach, inner), 0.3))
    rugae = Intersection(Union((stomach,), grow_mm=0.4), inner)
    parts.append(Compartment("stomach", "bowel_wall", rugae, 0.3))
    spleen = Ellipsoid((6.3, y + 1.4, rng.uniform(-1.5, 0.5)), (0.8, 2.4, 2.2), _turned(0.35))
    parts.append(Compartment("spleen", "spleen", Intersection(spleen, inner), 0.3))
    parts += _bowel(rng, inner)
    parts.append(Compartment("abdominal fat", "fat", cavity, LARGE_STEP_MM))
    return parts


def _bowel(rng: np.random.Generator, inner: Ellipsoid) -> list[Compartment]:
    """Return loops that fill the belly side by side, some collapsed, some with gas."""
    parts: list[Compartment] = []
    spots: list[NDArray[np.float64]] = []
    for _ in range(400):
        spot = np.array(
            [rng.uniform(-6, 6), ABDOMEN_CENTRE_Y_MM + rng.uniform(-4.6, 3.0), rng.uniform(-6.5, 2.0)]
        )
        crowded = spots and min(np.linalg.norm(spot - other) for other in spots) < 2.3
        if crowded or float(inner.distance(spot.astype(np.float32)[:, None])[0]) > -1.2:
            continue
        spots.append(spot)
        if len(spots) == 16:
            break
    for spot in spots:
        rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        half = rng.uniform(0.5, 1.0)
        centre = (float(spot[0]), float(spot[1]), float(spot[2]))
        content = Ellipsoid(centre, (rng.uniform(1.2, 2.8), half, half * rng.uniform(0.8, 1.2)), rotation)
        filling = rng.choice(["bowel_content", "bowel_wall", "gas"], p=[0.6, 0.3, 0.1])
        parts.append(Compartment("bowel", str(filling), Intersection(content, inner), 0.3))
        wall = Intersection(Union((content,), grow_mm=0.35), inner)
        parts.append(Compartment("bowel", "bowel_wall", wall, 0.3))
    return parts


def _turned(angle_rad: float) -> NDArray[np.float64]:
    """Return axes turned about the animal's length."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def _trunk(subject: SubjectPlan) -> list[Compartment]:
    """Return muscle, fat and skin, which bulge over whatever grows beneath them."""
    wall = Ellipsoid((0.0, 0.0, 0.0), (*MUSCLE_MM, _CYLINDER_MM))
    bulges = tuple(
        Ellipsoid(target.centre_mm, (target.radius_mm * 1.12 + _SKIN_MM,) * 3) for target in subject.targets
    )
    trunk = Ellipsoid((0.0, 0.0, 0.0), (SURFACE_MM[0] - _SKIN_MM, SURFACE_MM[1] - _SKIN_MM, _CYLINDER_MM))
    under_skin = Union((trunk, *bulges), blend_mm=1.8)
    return [
        Compartment("muscle", "muscle", wall, LARGE_STEP_MM),
        Compartment("fat", "fat", under_skin, LARGE_STEP_MM),
        Compartment("skin", "skin", Union((under_skin,), grow_mm=_SKIN_MM), LARGE_STEP_MM),
    ]
