"""Slow, plain oracles for regions: areas by clipping, shares by counting fine samples, plain distances."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def area_in_square(corners, row, column):
    """Area of a simple polygon within the voxel (row, column): clipped side by side, then Gauss's formula."""
    points = [tuple(p) for p in np.asarray(corners, float) - (row, column)]
    for axis in (0, 1):
        for side in (-1, 1):
            kept = []
            for p, q in zip(points, points[1:] + points[:1], strict=True):
                inner_p, inner_q = side * p[axis] <= 0.5, side * q[axis] <= 0.5
                if inner_p:
                    kept.append(p)
                if inner_p != inner_q:
                    t = (side * 0.5 - p[axis]) / (q[axis] - p[axis])
                    kept.append(tuple(a + t * (b - a) for a, b in zip(p, q, strict=True)))
            points = kept
    if not points:
        return 0.0
    r, c = np.array(points).T
    return abs(0.5 * float(r @ np.roll(c, -1) - c @ np.roll(r, -1)))


def samples(shape, fine):
    """Centres of fine x fine (x fine) parts of every voxel, shape (..., voxel parts, dimensions)."""
    part = (np.arange(fine) + 0.5) / fine - 0.5
    inner = np.stack(np.meshgrid(*[part] * len(shape), indexing="ij"), axis=-1).reshape(-1, len(shape))
    voxels = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), axis=-1)
    return voxels[..., None, :] + inner


def even_odd(corners, points):
    """Whether points, shape (..., 2), lie inside by the even-odd rule: the edges to their right."""
    inside = np.zeros(points.shape[:-1], bool)
    for p, q in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        between = (p[0] > points[..., 0]) != (q[0] > points[..., 0])
        with np.errstate(all="ignore"):
            crossing = p[1] + (points[..., 0] - p[0]) / (q[0] - p[0]) * (q[1] - p[1])
        inside ^= between & (points[..., 1] < crossing)
    return inside


def distance_to_path(points_mm, path_mm):
    """Distance of points, shape (..., d), from a path: the least over its pieces."""
    pieces = pairwise(path_mm) if len(path_mm) > 1 else [(path_mm[0], path_mm[0])]
    found = []
    for p, q in pieces:
        along = q - p
        share = np.clip((points_mm - p) @ along / max(along @ along, 1e-300), 0, 1)
        found.append(np.linalg.norm(points_mm - p - share[..., None] * along, axis=-1))
    return np.min(found, axis=0)


def weighted_quantile(values, weights, share):
    """Akinshin's weighted type 7, by its definition: a window over the step function, piece by piece."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order]) / np.sum(weights)
    count = np.sum(weights) ** 2 / np.sum(weights**2)
    start = share * (count - 1) / count
    found, before = 0.0, 0.0
    for value, end in zip(values[order], ends, strict=True):
        found += max(min(end, start + 1 / count) - max(before, start), 0.0) * value
        before = end
    return found * count
