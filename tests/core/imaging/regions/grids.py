"""Grids that lie in every way, for tests of regions: what is drawn in mm must not depend on them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.imaging.geometry import Geometry

Points = NDArray[np.float64]


def turned(degrees: float, axis: tuple[float, float, float]) -> NDArray[np.float64]:
    """A rigid motion of patient space, as a (4, 4) matrix."""
    x, y, z = np.asarray(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.deg2rad(degrees)
    motion = np.eye(4)
    motion[:3, :3] = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    motion[:3, 3] = (7.0, -4.0, 11.0)
    return motion


motions = st.tuples(
    st.floats(-180, 180), st.tuples(st.floats(0.1, 1), st.floats(-1, 1), st.floats(-1, 1))
).map(lambda drawn: turned(*drawn))


def oblique(geometry: Geometry, motion: NDArray[np.float64]) -> Geometry:
    """The same grid, moved with the patient."""
    return Geometry(geometry.shape, motion @ geometry.affine)


def flipped(geometry: Geometry, axis: int) -> Geometry:
    """The same voxels, counted from the other end of an axis."""
    flip = np.eye(4)
    flip[axis, axis], flip[axis, 3] = -1, geometry.shape[axis] - 1
    return Geometry(geometry.shape, geometry.affine @ flip)


def swapped(geometry: Geometry) -> Geometry:
    """The same voxels with rows for columns: the picture turned by a quarter and mirrored."""
    k, rows, columns = geometry.shape
    return Geometry((k, columns, rows), geometry.affine[:, [0, 2, 1, 3]])


def sheared(geometry: Geometry, share: float) -> Geometry:
    """A grid whose rows are shifted along each other."""
    affine = geometry.affine.copy()
    affine[:3, 1] += share * affine[:3, 2]
    return Geometry(geometry.shape, affine)


def moved(points: Points, motion: NDArray[np.float64]) -> Points:
    return np.asarray(points @ motion[:3, :3].T + motion[:3, 3])
