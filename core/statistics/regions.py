"""How far two drawn regions agree: overlap, voxel-wise kappa, distances of their surfaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion
from scipy.spatial import cKDTree

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.statistics.agreement import cohen_kappa
from core.statistics.estimate import Estimate, not_estimable

Mask = NDArray[np.bool_]

# Kappa over a whole picture is near 1 for any two small regions; it is computed in the smallest box of
# voxels that holds both regions and this much around them, and says so.
REGION_MARGIN_MM = 2.0


@dataclass(frozen=True)
class RegionAgreement:
    """Agreement of two regions; `region` names where the voxel-wise kappa was computed."""

    dice: Estimate
    jaccard: Estimate
    kappa: Estimate
    region: str
    region_voxels: int
    hd95_mm: Estimate
    mean_surface_distance_mm: Estimate
    volume_first_mm3: float
    volume_second_mm3: float
    volume_difference: Estimate


def compare_regions(
    first: Mask, second: Mask, geometry: Geometry, *, region: Mask | None = None, region_name: str = ""
) -> RegionAgreement:
    """Compare two masks on one grid.

    Dice 2 |A and B| / (|A| + |B|); Jaccard |A and B| / |A or B|; volume difference (A - B) over their
    mean, in percent. Surfaces are the centres of voxels with a neighbour outside, in mm; HD95 is the
    larger of the two directed 95 % quantiles of the distance to the other surface, the mean surface
    distance the mean over both.

    Parameters
    ----------
    first, second : bool array, shape (slice, row, column)
    geometry : Geometry
        The grid of both.
    region : bool array, shape (slice, row, column), optional
        Where the voxel-wise kappa is computed; without it, the box of both regions grown by
        `REGION_MARGIN_MM`.
    region_name : str
        What to call a given region.

    Raises
    ------
    InputError
        If a mask does not fit the grid.
    """
    for mask in (first, second) if region is None else (first, second, region):
        if mask.shape != geometry.shape:
            raise InputError(f"a region has shape {mask.shape}, its grid {geometry.shape}")
    a, b, both = int(first.sum()), int(second.sum()), int((first & second).sum())
    volumes = a * geometry.voxel_volume_mm3, b * geometry.voxel_volume_mm3
    if region is None:
        region, region_name = (
            around(first | second, geometry),
            f"box of both regions + {REGION_MARGIN_MM:g} mm",
        )
    inside_first, inside_second = first[region], second[region]
    table = np.bincount(2 * inside_first.astype(np.int64) + inside_second, minlength=4).reshape(2, 2)
    hd95, mean_distance = _surface_distances(first, second, geometry)
    return RegionAgreement(
        dice=_share(2 * both, a + b),
        jaccard=_share(both, a + b - both),
        kappa=_without_interval(cohen_kappa(table).estimate),
        region=region_name,
        region_voxels=int(region.sum()),
        hd95_mm=hd95,
        mean_surface_distance_mm=mean_distance,
        volume_first_mm3=volumes[0],
        volume_second_mm3=volumes[1],
        volume_difference=_share(200.0 * (a - b), a + b),
    )


@dataclass(frozen=True, eq=False)
class Consensus:
    """A region that several raters' regions agree on, and how each rater's region compares with it."""

    probability: NDArray[np.float64]
    mask: Mask
    sensitivity: tuple[float, ...]
    specificity: tuple[float, ...]
    reason: str = ""


def staple(masks: Sequence[Mask], geometry: Geometry, threshold: float = 0.5) -> Consensus:
    """Return the consensus of several regions (STAPLE, Warfield et al. 2004, doi 10.1109/TMI.2004.828354).

    SimpleITK's filter inside the box of all regions grown by `REGION_MARGIN_MM`: over a whole picture the
    background decides. A voxel belongs to the consensus at `threshold` or more.

    Raises
    ------
    InputError
        If there are fewer than two masks, or one does not fit the grid.
    """
    if len(masks) < 2:
        raise InputError("a consensus needs the regions of at least two raters")
    if any(mask.shape != geometry.shape for mask in masks):
        raise InputError(f"a region does not fit the grid {geometry.shape}")
    probability = np.zeros(geometry.shape)
    box = around(np.logical_or.reduce(masks), geometry)
    index = np.argwhere(box)
    nan = (float("nan"),) * len(masks)
    if not len(index) or any(not mask.any() for mask in masks):
        note = "not estimable: one of the regions is empty"
        return Consensus(probability, np.zeros(geometry.shape, np.bool_), nan, nan, note)
    part = tuple(slice(int(a), int(b) + 1) for a, b in zip(index.min(0), index.max(0), strict=True))
    stack = sitk.STAPLEImageFilter()
    stack.SetForegroundValue(1.0)
    images = [sitk.GetImageFromArray(np.ascontiguousarray(mask[part], dtype=np.uint8)) for mask in masks]
    probability[part] = sitk.GetArrayFromImage(stack.Execute(images))
    return Consensus(
        probability, probability >= threshold, tuple(stack.GetSensitivity()), tuple(stack.GetSpecificity())
    )


def around(mask: Mask, geometry: Geometry, margin_mm: float = REGION_MARGIN_MM) -> Mask:
    """Return the box of voxels that holds a mask and at least `margin_mm` around it, cut at the grid."""
    box = np.zeros(mask.shape, dtype=np.bool_)
    index = np.argwhere(mask)
    if len(index):
        grow = np.ceil(margin_mm / np.asarray(geometry.spacing_mm) - 1e-9).astype(int)
        low = np.maximum(index.min(0) - grow, 0)
        high = index.max(0) + grow + 1
        box[tuple(slice(int(start), int(stop)) for start, stop in zip(low, high, strict=True))] = True
    return box


def _surface_distances(first: Mask, second: Mask, geometry: Geometry) -> tuple[Estimate, Estimate]:
    if not first.any() or not second.any():
        none = not_estimable("one of the regions is empty")
        return none, none
    surfaces = [geometry.to_mm(np.argwhere(mask & ~_core(mask))) for mask in (first, second)]
    there = cKDTree(surfaces[1]).query(surfaces[0])[0]
    back = cKDTree(surfaces[0]).query(surfaces[1])[0]
    n = len(there) + len(back)
    hd95 = max(float(np.percentile(there, 95)), float(np.percentile(back, 95)))
    mean = float((there.sum() + back.sum()) / n)
    return Estimate(hd95, n=n, method="HD95"), Estimate(mean, n=n, method="mean surface distance")


def _core(mask: Mask) -> Mask:
    """Return the voxels without a neighbour outside, looking along an axis only where the region has depth.

    A region drawn in one slice is a flat thing: its rim is its surface, not all of it.
    """
    structure = np.zeros((3, 3, 3), dtype=np.bool_)
    structure[1, 1, 1] = True
    for axis in range(3):
        if np.any(mask, axis=tuple(other for other in range(3) if other != axis)).sum() > 1:
            line = [1, 1, 1]
            for step in (0, 2):
                line[axis] = step
                structure[tuple(line)] = True
    if structure.sum() == 1:
        # one voxel alone is its own surface
        return np.zeros_like(mask)
    return np.asarray(binary_erosion(mask, structure), dtype=np.bool_)


def _share(count: float, total: int) -> Estimate:
    if total == 0:
        return not_estimable("both regions are empty")
    return Estimate(count / total, n=total)


def _without_interval(kappa: Estimate) -> Estimate:
    # neighbouring voxels are not independent: an interval that counts them as such is far too narrow
    if not kappa.estimable:
        return kappa
    note = "interval not estimable: voxels are not independent"
    return Estimate(kappa.value, n=kappa.n, method="voxel-wise Cohen's kappa", reason=note)
