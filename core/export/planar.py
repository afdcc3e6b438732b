"""The outlines of a region in one slice as closed paths that know no holes: for files that know none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from core.imaging.regions.contour import contours, signed_area
from core.imaging.regions.outline import Points, polygons_in_slice
from core.imaging.roi import Roi


def closed_paths(roi: Roi, k: int) -> list[Points]:
    """Return what encloses a region in slice `k`, as (row, column) indices.

    The rater's own outlines where they are kept: what they cover, by the even-odd rule, is the region. Else
    the line along which voxels are half covered (`core.imaging.regions.contour.contours`): a voxel's centre
    lies in it if at least half of the voxel is in the region.

    Outlines that share ground, as one with a hole does, become one path: it walks from one to the next and
    back along the same line, so that the even-odd rule takes the same places ("keyhole").

    Returns
    -------
    list of float64 arrays, each of shape (n, 2)
        The last corner joins the first; empty where nothing of the region lies in the slice.
    """
    kept = roi.outlines.get(k)
    if kept is None:
        # not by the mask: shares tell where within a voxel the line runs
        kept = tuple(contours(roi.coverage[k]))
    return [_one_path(group) for group in _sharing(kept, roi.coverage.shape)]


def _sharing(polygons: Sequence[Points], shape: tuple[int, int, int]) -> list[list[Points]]:
    """Return polygons in groups of which no two touch the same voxel, the largest of each group first."""
    one = (1, *shape[1:])
    groups: list[tuple[NDArray[np.bool_], list[Points]]] = []
    for polygon in sorted(polygons, key=lambda points: -abs(signed_area(points))):
        inside = polygons_in_slice(one, 0, [polygon]).on(one)[0] > 0
        members = [polygon]
        apart = []
        for ground, group in groups:
            if (ground & inside).any():
                inside |= ground
                members = group + members
            else:
                apart.append((ground, group))
        groups = [*apart, (inside, members)]
    return [sorted(group, key=lambda points: -abs(signed_area(points))) for _, group in groups]


def _one_path(polygons: Sequence[Points]) -> Points:
    """Return polygons as one path, each walked against the one around it."""
    path = polygons[0]
    for polygon in polygons[1:]:
        alike = (signed_area(polygon) > 0) == (signed_area(polygons[0]) > 0)
        walked = polygon[::-1] if alike else polygon
        away, nearest = cKDTree(path).query(walked)
        there = int(away.argmin())
        here = int(nearest[there])
        around = np.concatenate([walked[there:], walked[: there + 1]])
        path = np.concatenate([path[: here + 1], around, path[here:]])
    return path
