"""Pictures on another grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume


def resample(volume: Volume, geometry: Geometry, transform_mm: NDArray[np.float64] | None = None) -> Volume:
    """Return the picture on another grid, by linear interpolation in patient space.

    NaN does not spread: a value is interpolated from the neighbours that have one, where those weigh half
    or more; else, and outside the picture, it is NaN.

    Parameters
    ----------
    volume : Volume
        The picture.
    geometry : Geometry
        The grid wanted.
    transform_mm : array, shape (4, 4), optional
        Maps LPS mm of the new grid to LPS mm of the picture; identity if not given.

    Returns
    -------
    Volume
        float32.
    """
    if transform_mm is None and volume.geometry.same_grid(geometry):
        return Volume(volume.data.astype(np.float32), geometry)
    move = np.eye(4) if transform_mm is None else transform_mm
    matrix = np.linalg.inv(volume.geometry.affine) @ move @ geometry.affine
    valid = np.isfinite(volume.data)
    parts = [
        ndimage.affine_transform(
            part.astype(np.float32),
            matrix[:3, :3],
            matrix[:3, 3],
            output_shape=geometry.shape,
            order=1,
            mode="grid-constant",
            cval=0.0,
        )
        for part in (np.where(valid, volume.data, 0.0), valid)
    ]
    # a picture of one slice reaches half a voxel beyond its centre
    with np.errstate(invalid="ignore", divide="ignore"):
        data = np.where(parts[1] >= 0.5, parts[0] / parts[1], np.nan)
    return Volume(data.astype(np.float32), geometry)
