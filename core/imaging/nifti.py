"""Writing volumes as NIfTI and reading them back; and the bridge to SimpleITK's images.

Files go through nibabel: the reader in ITK turns NaN into 0, and with us NaN is what says that a fit failed.
Both are imported by the first function that needs them: a window that reads a kit needs neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError, InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume

if TYPE_CHECKING:
    import SimpleITK as sitk

# NIfTI counts x to the right and y to the front (nifti1.h, "RAS+"); DICOM and we the other way
_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


def write_nifti(path: Path, volume: Volume) -> None:
    """Write a volume to `path` (.nii or .nii.gz); no description, name or date goes into the header.

    Booleans become uint8. NIfTI keeps positions as float32, so they come back to about 1e-5 mm.
    """
    import nibabel as nib

    nib.save(_image(volume), path)


def nifti_bytes(volume: Volume, description: str = "") -> bytes:
    """Return what `write_nifti` writes to a .nii file, without writing it.

    `description` goes into the header's field of that name, which holds 79 bytes.
    """
    image = _image(volume)
    image.header["descrip"] = description
    return bytes(image.to_bytes())


def _image(volume: Volume) -> Any:
    import nibabel as nib

    data = volume.data.astype(np.uint8) if volume.data.dtype == bool else volume.data
    image = nib.Nifti1Image(data.transpose(2, 1, 0), nifti_affine(volume.geometry))
    image.header.set_xyzt_units("mm")
    image.set_qform(image.affine, code="scanner")
    image.set_sform(image.affine, code="scanner")
    return image


def read_nifti(path: Path) -> Volume:
    """Read a three-dimensional NIfTI volume with its scaling applied; NaN stays NaN.

    Raises
    ------
    ImageReadError
        If the file is missing, damaged, cut short or not three-dimensional.
    """
    import nibabel as nib
    from nibabel.filebasedimages import ImageFileError
    from nibabel.spatialimages import HeaderDataError
    from nibabel.wrapstruct import WrapStructError

    try:
        image = nib.Nifti1Image.from_filename(path)
        data: NDArray[np.generic] = np.asanyarray(image.dataobj)
        affine = np.asarray(image.affine)
    except (OSError, EOFError, ValueError, ImageFileError, HeaderDataError, WrapStructError) as error:
        reason = "cannot be read as NIfTI; it may be missing, damaged or cut short"
        raise ImageReadError(path, reason) from error
    if data.ndim != 3:
        raise ImageReadError(path, f"has {data.ndim} dimensions; a volume has three")
    try:
        geometry = geometry_from_nifti(data.shape, affine)
    except InputError as error:
        raise ImageReadError(path, str(error)) from error
    return Volume(np.ascontiguousarray(data.transpose(2, 1, 0)), geometry)


def nifti_affine(geometry: Geometry) -> NDArray[np.float64]:
    """Return the affine that NIfTI wants: (column, row, slice) to RAS mm."""
    return np.asarray(_LPS_TO_RAS @ geometry.affine[:, [2, 1, 0, 3]])


def geometry_from_nifti(shape: tuple[int, ...], affine: NDArray[np.float64]) -> Geometry:
    """Turn a NIfTI shape (column, row, slice) and affine to RAS mm into our geometry."""
    return Geometry((shape[2], shape[1], shape[0]), (_LPS_TO_RAS @ affine)[:, [2, 1, 0, 3]])


def image_of(volume: Volume) -> sitk.Image:
    """Return the volume as a SimpleITK image (LPS mm; booleans become uint8)."""
    import SimpleITK as sitk

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
