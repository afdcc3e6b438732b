"""The parts of a region that hang together, and the holes in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from core.errors import InputError
from core.imaging.coverage import WHOLE, Coverage, coverage_box
from core.imaging.geometry import Geometry
from core.imaging.regions.drawing import indices
from core.imaging.regions.patch import NOTHING, Patch, trimmed

Mask = NDArray[np.bool_]


def parts(coverage: Coverage) -> list[Mask]:
    """Return the voxels of each part of a region, of any number of dimensions.

    Voxels that are half covered and touch, be it at a corner, make a part; those around it that are covered
    by less belong to it too, and where two parts lie so near that they share some, to both. Where no voxel
    is half covered, those that are covered at all make the parts.
    """
    touched = coverage > 0
    inner = 2 * coverage.astype(np.int16) > WHOLE
    if not inner.any():
        inner = touched
    around = np.ones((3,) * coverage.ndim, dtype=np.bool_)
    labels, count = ndimage.label(inner, around)
    found = []
    for label in range(1, count + 1):
        core = labels == label
        found.append(np.asarray(ndimage.binary_propagation(core, around, mask=core | (touched & ~inner))))
    return found


def island(region: Coverage, geometry: Geometry, point_mm: ArrayLike, *, in_plane: bool = False) -> Patch:
    """Keep the part of a region that a point lies in.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage; not changed.
    geometry : Geometry
        The grid.
    point_mm : array, shape (3,)
        LPS mm.
    in_plane : bool
        Look at the point's slice alone and leave the others as they are.

    Returns
    -------
    Patch
        What is left, in the box of the whole region: to `replace` it.

    Raises
    ------
    InputError
        If the point lies in no part, or region and grid differ in shape.
    """
    if region.shape != geometry.shape:
        raise InputError(f"the region has shape {region.shape}, its grid {geometry.shape}")
    place = np.rint(indices(geometry, np.asarray(point_mm, dtype=np.float64)[None], at_least=1)[0])
    missed = InputError("click on a part of the region to keep that part alone")
    box = coverage_box(region)
    if box is None:
        raise missed
    here = place.astype(np.int64) - [side.start for side in box]
    kept = region[box].copy()
    if (here < 0).any() or (here >= kept.shape).any():
        raise missed
    k, row, column = (int(n) for n in here)
    looked_at = kept[k] if in_plane else kept
    at = (row, column) if in_plane else (k, row, column)
    part = next((part for part in parts(looked_at) if part[at]), None)
    if part is None:
        raise missed
    looked_at[~part] = 0
    return Patch((box[0].start, box[1].start, box[2].start), kept)


def holes_filled(region: Coverage, *, in_plane: bool = False) -> Patch:
    """Fill the holes of a region: what cannot be reached from outside.

    A voxel is filled to the level that every way out of it passes, step by step over sides, not corners
    (Soille 2004, Morphological Image Analysis, 6.3.7): a hole to what the thinnest place of its wall covers.

    Parameters
    ----------
    region : uint8 array, shape (slice, row, column)
        Coverage; not changed.
    in_plane : bool
        In each slice by itself, else in all directions.

    Returns
    -------
    Patch
        All of the region as it is then.
    """
    import SimpleITK as sitk  # noqa: PLC0415 - heavy, and most readings fill no hole

    box = coverage_box(region)
    if box is None:
        return NOTHING
    padded = np.pad(region[box], 1)

    def filled(coverage: Coverage) -> Coverage:
        image = sitk.GrayscaleFillhole(sitk.GetImageFromArray(coverage), False)
        return np.asarray(sitk.GetArrayFromImage(image), dtype=np.uint8)

    whole = np.stack([filled(layer) for layer in padded]) if in_plane else filled(padded)
    start = (box[0].start, box[1].start, box[2].start)
    return trimmed(Patch(start, whole[1:-1, 1:-1, 1:-1]))
