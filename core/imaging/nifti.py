"""Writing volumes as NIfTI, and reading back what FerroRead wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from core.errors import ImageReadError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume


def image_of(volume: Volume) -> sitk.Image:
    """Return the volume as a SimpleITK image (LPS mm; booleans become uint8)."""
    data = volume.data.astype(np.uint8) if volume.data.dtype == bool else volume.data
    image = sitk.GetImageFromArray(np.ascontiguousarray(data))
    geometry = volume.geometry
    # SimpleITK counts (column, row, slice); our affine's columns are (slice, row, column)
    image.SetSpacing(geometry.spacing_mm[::-1])
    image.SetDirection(geometry.directions[:, ::-1].ravel())
    image.SetOrigin(geometry.affine[:3, 3])
    return image


def geometry_of(image: sitk.Image) -> Geometry:
    """Return the grid of a three-dimensional SimpleITK image."""
    direction = np.array(image.GetDirection()).reshape(3, 3)
    affine = np.eye(4)
    affine[:3, :3] = (direction * np.array(image.GetSpacing()))[:, ::-1]
    affine[:3, 3] = image.GetOrigin()
    columns, rows, slices = image.GetSize()
    return Geometry((slices, rows, columns), affine)


def write_nifti(path: Path, volume: Volume) -> None:
    """Write a volume to `path` (.nii or .nii.gz); no description, name or date goes into the header.

    NIfTI keeps positions as float32, so they come back to about 1e-5 mm.
    """
    sitk.WriteImage(image_of(volume), str(path), useCompression=path.suffix == ".gz")


def read_nifti(path: Path) -> Volume:
    """Read a three-dimensional NIfTI volume that FerroRead wrote.

    Raises
    ------
    ImageReadError
        If the file is missing, damaged or not three-dimensional.
    """
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise ImageReadError(path, "cannot be read as NIfTI; it may be missing or damaged") from error
    if image.GetDimension() != 3 or image.GetNumberOfComponentsPerPixel() != 1:
        raise ImageReadError(path, "is not a volume of single values")
    data: NDArray[np.generic] = sitk.GetArrayFromImage(image)
    return Volume(data, geometry_of(image))
