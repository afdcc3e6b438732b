"""Brushes: what a disc or a ball covers that is drawn along a path; the eraser is the same taken away.

The threshold brush covers of that only what has the right values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.regions.drawing import in_one_slice, indices, reached
from core.imaging.regions.kernels import sweep
from core.imaging.regions.patch import NOTHING, Patch

# a voxel on the border is divided into so many parts along its shortest side
_PARTS_OF_DISC, _PARTS_OF_BALL = 8, 4
_MOST_PARTS = 32


def stroke(geometry: Geometry, path_mm: ArrayLike, radius_mm: float, *, since: int = 0) -> Patch:
    """Cover what a disc sweeps that is drawn along a path in one slice, to 0.5 % of a voxel.

    While the hand moves, give the whole path and the number of points that are drawn already: the patch
    is then the box that the new pieces reach, with all that the whole path covers there, and adding it to
    what was drawn before is drawing the whole stroke at once.

    Parameters
    ----------
    geometry : Geometry
        The grid; its voxels may be oblong or sheared, the disc is round in mm.
    path_mm : array, shape (n, 3)
        Points of the path in LPS mm; one point gives a disc.
    radius_mm : float
        Radius of the brush in mm.
    since : int
        How many points of the path are drawn already.

    Raises
    ------
    InputError
        If the path is empty or not finite, leaves the plane of one slice by more than half a slice, or the
        radius is not positive.
    """
    k, index = in_one_slice(geometry, path_mm, at_least=1)
    flat = np.column_stack([np.full(len(index), k, dtype=np.float64), index])
    return _swept(geometry, flat, radius_mm, since, flat=True)


def ball(geometry: Geometry, path_mm: ArrayLike, radius_mm: float, *, since: int = 0) -> Patch:
    """Cover what a ball sweeps that is drawn along a path through all slices; else as `stroke`.

    Raises
    ------
    InputError
        If the path is empty or not finite, or the radius is not positive.
    """
    return _swept(geometry, indices(geometry, path_mm, at_least=1), radius_mm, since, flat=False)


def in_range(
    patch: Patch,
    picture: NDArray[Any],
    low: float,
    high: float,
    *,
    connected_to: NDArray[np.float64] | None = None,
    kept: NDArray[np.bool_] | None = None,
) -> Patch:
    """Keep of a brush's patch the voxels whose value lies in a range: the threshold brush.

    Parameters
    ----------
    patch : Patch
        Of `stroke` or `ball`.
    picture : array, shape of the grid
        Any unit; voxels without a finite value are not kept.
    low, high : float
        The range, both included.
    connected_to : float64 array, shape (n, 3), optional
        Keep only what hangs together, over the sides of voxels under the brush, with one of these places:
        indices (slice, row, column), such as `geometry.to_index` of where the brush's centre is. A place
        that is out of range holds nothing.
    kept : bool array, shape of the patch, optional
        Voxels that the stroke has taken already: what hangs together with them is kept as well. While a hand
        moves along an edge its places may all be out of range.

    Returns
    -------
    Patch
        In the same box.
    """
    values = picture[patch.box]
    with np.errstate(invalid="ignore"):
        fits = (patch.coverage > 0) & np.isfinite(values) & (values >= low) & (values <= high)
    if connected_to is not None and fits.any():
        labels, _ = ndimage.label(fits)
        places = np.rint(np.asarray(connected_to)).astype(np.int64).reshape(-1, 3) - patch.start
        held = places[np.all((places >= 0) & (places < fits.shape), axis=1)]
        wanted = labels[tuple(held.T)]
        if kept is not None:
            wanted = np.concatenate([wanted, labels[kept]])
        fits &= np.isin(labels, np.setdiff1d(wanted, [0]))
    return Patch(patch.start, np.where(fits, patch.coverage, np.uint8(0)))


def _swept(
    geometry: Geometry, index: NDArray[np.float64], radius_mm: float, since: int, *, flat: bool
) -> Patch:
    if not (np.isfinite(radius_mm) and radius_mm > 0):
        raise InputError(f"a brush needs a positive radius, not {radius_mm} mm")
    axes = geometry.affine[:3, :3].copy()
    if flat:
        axes[:, 0] = 0.0
    inverse = np.asarray(np.linalg.pinv(axes), dtype=np.float64)
    reach = radius_mm * np.linalg.norm(inverse, axis=1)
    fresh = index[max(min(since, len(index)) - 1, 0) :]
    box = reached(geometry.shape, fresh.min(axis=0) - reach, fresh.max(axis=0) + reach)
    if box is None:
        return NOTHING
    first = np.array([side.start for side in box])
    last = np.array([side.stop - 1 for side in box])
    coverage = np.zeros(last - first + 1, dtype=np.uint8)
    path = _within_reach(index, first - reach - 1, last + reach + 1) - first
    spacing = np.linalg.norm(axes, axis=0)
    fine = min(spacing[spacing > 0].min() / (_PARTS_OF_DISC if flat else _PARTS_OF_BALL), radius_mm / 2)
    parts = np.clip(np.ceil(spacing / fine - 1e-6), 1, _MOST_PARTS).astype(np.int64)
    sweep(path @ axes.T, float(radius_mm), reach, axes, inverse, parts, coverage)
    return Patch((int(first[0]), int(first[1]), int(first[2])), coverage)


def _within_reach(
    index: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the stretch of the path from the first to the last piece that can reach a box."""
    pieces = np.stack([index, np.concatenate([index[1:], index[-1:]])])
    near = np.flatnonzero(np.all((pieces.max(axis=0) >= low) & (pieces.min(axis=0) <= high), axis=1))
    return index[near[0] : near[-1] + 2]
