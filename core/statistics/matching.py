"""Which mark belongs to which target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment

# A mark hits a target when it lies inside it, or within this of the centre of a smaller one: a click
# on a 1 mm lesion in a 0.2 mm voxel of a 1 mm slice is good to about 2 mm.
SMALLEST_REACH_MM = 2.0


@dataclass(frozen=True)
class Matching:
    """Pairs of indices (mark, target), and what found no partner."""

    pairs: tuple[tuple[int, int], ...]
    unmatched_marks: tuple[int, ...]
    unmatched_targets: tuple[int, ...]
    distances_mm: tuple[float, ...]


def match_marks(marks_mm: ArrayLike, targets_mm: ArrayLike, reach_mm: ArrayLike) -> Matching:
    """Pair marks with targets, one to one, as many as can be and then as near as can be.

    The assignment is optimal (scipy.optimize.linear_sum_assignment), so the order of the marks plays no
    part. A second mark on the same target stays unmatched.

    Parameters
    ----------
    marks_mm : array, shape (marks, 3)
        LPS mm.
    targets_mm : array, shape (targets, 3)
        Centres, LPS mm.
    reach_mm : float or array, shape (targets,)
        How far from its centre a mark may lie to hit a target (`reach`).
    """
    marks = np.asarray(marks_mm, dtype=np.float64).reshape(-1, 3)
    targets = np.asarray(targets_mm, dtype=np.float64).reshape(-1, 3)
    limits = np.broadcast_to(np.asarray(reach_mm, dtype=np.float64), (len(targets),))
    distance = np.linalg.norm(marks[:, None] - targets[None], axis=2)
    allowed = distance <= limits[None]
    # an impossible pair costs more than all possible ones together, so it is taken only when forced
    forbidden = 1.0 + float(np.where(allowed, distance, 0.0).sum())
    rows, columns = linear_sum_assignment(np.where(allowed, distance, forbidden))
    pairs = tuple((int(m), int(t)) for m, t in zip(rows, columns, strict=True) if allowed[m, t])
    hit_marks, hit_targets = {m for m, _ in pairs}, {t for _, t in pairs}
    return Matching(
        pairs,
        tuple(m for m in range(len(marks)) if m not in hit_marks),
        tuple(t for t in range(len(targets)) if t not in hit_targets),
        tuple(float(distance[m, t]) for m, t in pairs),
    )


def reach(diameter_mm: ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return how far from a target's centre a mark may lie: its radius, at least `SMALLEST_REACH_MM`."""
    return np.maximum(np.asarray(diameter_mm, dtype=np.float64) / 2, SMALLEST_REACH_MM)
