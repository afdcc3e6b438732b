"""Who is in the digital study: animals, groups, their iron, and where their tumours and nodes lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.relaxometry.simulate.physics import field_index

GROUPS = ("vehicle", "MNP", "MNP + magnet")
VISITS = ("baseline", "1 h", "24 h")

TUMOUR_IRON_UG_PER_G: dict[tuple[str, str], tuple[float, float]] = {
    ("MNP", "1 h"): (6.2, 2.1),
    ("MNP + magnet", "1 h"): (17.8, 3.3),
    ("MNP", "24 h"): (4.1, 1.6),
    ("MNP + magnet", "24 h"): (9.1, 2.5),
}
"""Mean and SD over a group of the tumour's mean iron, ug per g wet tissue (the study's table 1a)."""
ICPMS_IRON_UG_PER_G: dict[tuple[str, str], tuple[float, float]] = {
    ("MNP", "1 h"): (6.6, 2.4),
    ("MNP + magnet", "1 h"): (18.4, 3.6),
    ("MNP", "24 h"): (4.5, 1.8),
    ("MNP + magnet", "24 h"): (9.6, 2.7),
}
"""The same by ICP-MS of the same animals."""
ICPMS_BLANK_UG_PER_G = 0.15
"""SD of ICP-MS where there is no added iron."""
VISIT_CORRELATION = 0.7
"""Of one animal's tumour iron at 1 h and 24 h."""
ICPMS_CORRELATION = 0.95
"""Of a tumour's iron and its ICP-MS."""

LESIONS_PER_ANIMAL = 3
NODES_PER_ANIMAL = 2
SMALL_LESION_MM = 3.0

# The animal lies head first and supine; the scanner's centre is the middle of its trunk. Semi-axes (left,
# back) in mm of the trunk's surface, of the muscle wall beneath skin and fat, and of the abdomen within.
SURFACE_MM = (10.0, 8.8)
MUSCLE_MM = (9.0, 7.8)
ABDOMEN_MM = (7.5, 5.9)
ABDOMEN_CENTRE_Y_MM = -0.9
SPINE_Y_MM = 5.6

TargetKind = Literal["tumour", "lesion", "node"]
NodePattern = Literal["benign", "whole", "focal"]


@dataclass(frozen=True)
class Target:
    """A tumour, satellite lesion or lymph node of the reference standard.

    Parameters
    ----------
    target_id : str
        Unique within the animal.
    malignant : bool
        What histology would say.
    diameter_mm : float
        Of the ball of the same volume.
    centre_mm : tuple of float
        LPS mm in the scanner's frame, the same at every visit and field.
    pattern : {"benign", "whole", "focal"} or None
        How a node takes up iron: all of it, none of it, or all but a deposit.
    iron_factor : float
        Its mean iron relative to the animal's tumour (nodes: to the group's usual uptake).
    """

    target_id: str
    kind: TargetKind
    malignant: bool
    diameter_mm: float
    centre_mm: tuple[float, float, float]
    pattern: NodePattern | None = None
    iron_factor: float = 1.0

    @property
    def radius_mm(self) -> float:
        """Half the diameter."""
        return self.diameter_mm / 2


@dataclass(frozen=True)
class SubjectPlan:
    """One animal.

    Parameters
    ----------
    subject : str
        Its name in the study.
    number : int
        Its place among the subjects, from 0; seeds its anatomy and its scans.
    tumour_iron_ug_per_g, icpms_ug_per_g : mapping
        By visit: the tumour's mean iron, and what ICP-MS measures of it (none at baseline).
    """

    subject: str
    number: int
    group: str
    targets: tuple[Target, ...]
    tumour_iron_ug_per_g: Mapping[str, float]
    icpms_ug_per_g: Mapping[str, float]

    @property
    def tumour(self) -> Target:
        """The animal's tumour."""
        return next(target for target in self.targets if target.kind == "tumour")


@dataclass(frozen=True)
class StudyPlan:
    """Everything that is drawn before any scan."""

    seed: int
    animals_per_group: int
    fields_t: tuple[float, ...]
    subjects: tuple[SubjectPlan, ...]

    def subject(self, name: str) -> SubjectPlan:
        """Return the animal of that name.

        Raises
        ------
        InputError
            If there is none.
        """
        for subject in self.subjects:
            if subject.subject == name:
                return subject
        raise InputError(f"the digital study has no subject {name}")

    def rng(self, *key: int) -> np.random.Generator:
        """Return the generator of one purpose; any scan can be drawn without the others."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


# first entries of the keys given to StudyPlan.rng
STUDY, ANATOMY, SCAN, PHANTOM, IDENTITY = range(5)


def draw_study(seed: int, animals_per_group: int, fields_t: Sequence[float]) -> StudyPlan:
    """Draw a study: three groups of animals, randomly allotted, each seen at three visits and every field.

    Within a group of two or more the tumours' iron and its ICP-MS have exactly the mean and SD of
    TUMOUR_IRON_UG_PER_G and ICPMS_IRON_UG_PER_G; a third of a group's lesions are under SMALL_LESION_MM
    and half of its nodes malignant.

    Parameters
    ----------
    seed : int
        The same seed gives the same study, bit for bit.
    animals_per_group : int
        1 to 999.
    fields_t : sequence of float
        Of physics.FIELDS_T, each once.

    Raises
    ------
    InputError
        If an argument does not serve.
    """
    if seed < 0:
        raise InputError(f"the seed must not be negative, {seed} is")
    if not 1 <= animals_per_group <= 999:
        raise InputError(f"a group needs 1 to 999 animals, not {animals_per_group}")
    fields = tuple(float(field) for field in fields_t)
    indices = [field_index(field) for field in fields]
    if not fields or len(set(indices)) != len(indices):
        raise InputError("name each field once, such as 3,0.064")
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STUDY,)))
    total = animals_per_group * len(GROUPS)
    numbers = rng.permutation(total)
    width = max(2, len(str(total)))
    subjects = []
    for g, group in enumerate(GROUPS):
        own_numbers = sorted(int(n) for n in numbers[g * animals_per_group : (g + 1) * animals_per_group])
        iron, icpms = _draw_iron(rng, group, animals_per_group)
        sizes = _draw_lesion_sizes(rng, animals_per_group)
        patterns = _draw_node_patterns(rng, animals_per_group)
        for k, number in enumerate(own_numbers):
            targets = _place_targets(rng, sizes[k], patterns[k])
            by_visit = {visit: float(iron[v, k]) for v, visit in enumerate(VISITS)}
            measured = {visit: float(icpms[v, k]) for v, visit in enumerate(VISITS) if v > 0}
            name = f"M{number + 1:0{width}d}"
            subjects.append(SubjectPlan(name, number, group, targets, by_visit, measured))
    subjects.sort(key=lambda subject: subject.number)
    return StudyPlan(seed, animals_per_group, fields, tuple(subjects))


def _draw_iron(
    rng: np.random.Generator, group: str, n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the tumours' iron and its ICP-MS, both shape (visit, animal)."""
    iron, icpms = np.zeros((len(VISITS), n)), np.zeros((len(VISITS), n))
    before = rng.normal(size=n)
    for v, visit in enumerate(VISITS[1:], start=1):
        own = before if v == 1 else _correlated(rng, before, VISIT_CORRELATION)
        measured = _correlated(rng, own, ICPMS_CORRELATION)
        if (group, visit) in TUMOUR_IRON_UG_PER_G:
            iron[v] = _with_moments(own, *TUMOUR_IRON_UG_PER_G[group, visit])
            icpms[v] = _with_moments(measured, *ICPMS_IRON_UG_PER_G[group, visit])
        else:
            icpms[v] = ICPMS_BLANK_UG_PER_G * np.abs(measured)
    return iron, icpms


def _correlated(rng: np.random.Generator, z: NDArray[np.float64], rho: float) -> NDArray[np.float64]:
    return np.asarray(rho * z + np.sqrt(1 - rho**2) * rng.normal(size=z.size))


def _with_moments(z: NDArray[np.float64], mean: float, sd: float) -> NDArray[np.float64]:
    """Shift and scale standard normal draws to a sample mean and SD; a single one is kept within one SD.

    Tails that would reach below a tenth of the mean are pulled in, for iron is never negative.
    """
    if z.size == 1:
        return mean + sd * np.clip(z, -1, 1)
    lowest = -0.9 * mean / sd
    for _ in range(50):
        z = (z - z.mean()) / z.std(ddof=1)
        if z.min() >= lowest and np.abs(z).max() <= 3:
            break
        z = np.clip(z, 0.9 * lowest, 2.7)
    return mean + sd * z


def _draw_lesion_sizes(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Return diameters in mm, shape (animal, lesion): one in three under SMALL_LESION_MM."""
    total = n * LESIONS_PER_ANIMAL
    small = total // 3
    sizes = np.concatenate([rng.uniform(1.6, 2.9, size=small), rng.uniform(3.1, 5.0, size=total - small)])
    return np.asarray(rng.permutation(sizes)).reshape(n, LESIONS_PER_ANIMAL)


def _draw_node_patterns(rng: np.random.Generator, n: int) -> list[list[NodePattern]]:
    """Return uptake patterns per animal: half benign, the rest malignant as a whole or in part by turns."""
    total = n * NODES_PER_ANIMAL
    cycle: tuple[NodePattern, ...] = ("benign", "focal", "benign", "whole")
    offset = 2 * int(rng.integers(2))
    drawn = [cycle[(k + offset) % 4] for k in range(total)]
    order = rng.permutation(total)
    return [[drawn[i] for i in order[k * NODES_PER_ANIMAL : (k + 1) * NODES_PER_ANIMAL]] for k in range(n)]


def _place_targets(
    rng: np.random.Generator, lesion_mm: NDArray[np.float64], patterns: Sequence[NodePattern]
) -> tuple[Target, ...]:
    """Draw an animal's tumour, lesions and nodes so that none touches another."""
    # a start that leaves no room for the last target is dropped whole: rare, and never biased
    for _ in range(200):
        placed = _try_to_place(rng, lesion_mm, patterns)
        if placed is not None:
            return placed
    raise InputError("the targets of an animal could not be placed; try another seed")


def _try_to_place(
    rng: np.random.Generator, lesion_mm: NDArray[np.float64], patterns: Sequence[NodePattern]
) -> tuple[Target, ...] | None:
    side = 1.0 if rng.random() < 0.5 else -1.0
    diameter = float(rng.uniform(6.0, 9.6))
    # degrees from the animal's left (x) towards its back (y): the flank, a little to the belly or back
    angle = np.deg2rad(rng.uniform(-40, 30))
    tumour = Target(
        "T1", "tumour", True, diameter, _beneath_skin(angle, side, rng.uniform(-0.6, 0.6), diameter, 0.1)
    )
    placed = [tumour]
    for k, size in enumerate(lesion_mm):

        def near_tumour(size: float = float(size)) -> tuple[float, float, float]:
            # around the tumour, short of the spine
            spread = rng.uniform(angle - np.deg2rad(105), min(angle + np.deg2rad(75), np.deg2rad(55)))
            return _beneath_skin(spread, side, rng.uniform(-3.5, 3.5), size, rng.uniform(-0.45, 0.1))

        spot = _free_spot(near_tumour, float(size), placed)
        if spot is None:
            return None
        factor = float(np.clip(rng.normal(0.95, 0.15), 0.6, 1.3))
        placed.append(Target(f"L{k + 1}", "lesion", True, float(size), spot, None, factor))
    for k, pattern in enumerate(patterns):
        size = float(rng.uniform(2.2, 3.6))

        def at_node_station(size: float = size) -> tuple[float, float, float]:
            if rng.random() < 0.5:  # beneath the skin of groin or axilla, on either side
                turn = np.deg2rad(rng.uniform(-75, 40))
                return _beneath_skin(
                    turn, 1.0 if rng.random() < 0.5 else -1.0, rng.uniform(-3.5, 3.5), size, 0.1
                )
            # beside the aorta
            x = side * rng.choice([-1.0, 1.0]) * rng.uniform(2.4, 3.2)
            return float(x), float(SPINE_Y_MM - rng.uniform(3.2, 3.8)), float(rng.uniform(-4.0, 1.0))

        spot = _free_spot(at_node_station, size, placed)
        if spot is None:
            return None
        factor = float(np.clip(rng.normal(1.0, 0.2), 0.5, 1.5))
        placed.append(Target(f"N{k + 1}", "node", pattern != "benign", size, spot, pattern, factor))
    return tuple(placed)


def _beneath_skin(
    angle: float, side: float, z_mm: float, diameter_mm: float, outwards: float
) -> tuple[float, float, float]:
    """Return a centre near the muscle's surface, `outwards` radii beyond it, inside the field of view."""
    radius = diameter_mm / 2
    direction = np.array([np.cos(angle), np.sin(angle)])
    surface = 1 / np.hypot(direction[0] / MUSCLE_MM[0], direction[1] / MUSCLE_MM[1])
    # the skin over a target bulges by at most this much beyond the trunk
    reach = min(surface + outwards * radius, surface + 4.0 - radius)
    return float(side * reach * direction[0]), float(reach * direction[1]), float(z_mm)


def _free_spot(
    draw: Callable[[], tuple[float, float, float]], diameter_mm: float, placed: Sequence[Target]
) -> tuple[float, float, float] | None:
    """Draw until a centre leaves 1 mm between the target and those placed before."""
    for _ in range(100):
        spot = draw()
        gaps = [
            np.linalg.norm(np.subtract(spot, other.centre_mm)) - 1.2 * (diameter_mm / 2 + other.radius_mm)
            for other in placed
        ]
        if min(gaps) >= 0.7:
            return spot
    return None
