"""Writing MR series as DICOM: classic single-frame files, and Enhanced MR multi-frame files.

Classic: MR Image Storage, PS3.3 A.4. Enhanced: Enhanced MR Image Storage, PS3.3 A.36.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element, write_file_meta_info
from pydicom.uid import MRImageStorage

from core.errors import InputError
from core.export.dicom_enhanced import enhanced_template, frame_groups
from core.export.dicom_header import (
    CHARACTER_SET,
    LARMOR_MHZ_PER_T,
    RADIANS_PER_LEVEL,
    Device,
    Examination,
    Identity,
    MrSeries,
    common_dataset,
    decimal_string,
    item_of,
    orientation,
    spacing,
    stored_values,
    uid_of,
    window,
)

__all__ = ["Device", "Examination", "Identity", "MrSeries", "uid_of", "write_classic", "write_enhanced"]

_ENCODINGS = convert_encodings(CHARACTER_SET)


def write_classic(
    folder: Path,
    names: Sequence[str],
    identity: Identity,
    examination: Examination,
    device: Device,
    series: MrSeries,
) -> None:
    """Write a series as one file per echo and slice.

    Parameters
    ----------
    folder : Path
        An existing folder.
    names : sequence of str
        A file name per picture, echo by echo.

    Raises
    ------
    InputError
        If there are not as many names as pictures.
    """
    echoes, slices = series.data.shape[:2]
    if len(names) != echoes * slices:
        raise InputError(f"series {series.description}: {len(names)} names for {echoes * slices} pictures")
    stored = stored_values(series)
    template = _Template(_classic_template(identity, examination, device, series))
    normal = series.geometry.directions[:, 0]
    for e, te_ms in enumerate(series.te_ms):
        for k in range(slices):
            number = e * slices + k
            position = series.geometry.to_mm((k, 0, 0))
            own = item_of(
                SOPInstanceUID=uid_of(examination.study, series.name, str(number)),
                InstanceNumber=number + 1,
                EchoTime=decimal_string(te_ms),
                EchoNumbers=e + 1,
                ImagePositionPatient=[decimal_string(value) for value in position],
                SliceLocation=decimal_string(float(position @ normal)),
                PixelData=stored[e, k].tobytes(),
            )
            own["PixelData"].VR = "OW"
            (folder / names[number]).write_bytes(template.encoded(own))


def write_enhanced(
    path: Path, identity: Identity, examination: Examination, device: Device, series: MrSeries
) -> None:
    """Write a series as one multi-frame file, dimensions stack position and echo time."""
    stored = stored_values(series)
    dataset = enhanced_template(identity, examination, device, series)
    uid = uid_of(examination.study, series.name, "multi-frame")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
    echoes, slices = stored.shape[:2]
    dataset.NumberOfFrames = echoes * slices
    dataset.PerFrameFunctionalGroupsSequence = [
        frame_groups(series, e, k) for e in range(echoes) for k in range(slices)
    ]
    dataset.PixelData = stored.tobytes()
    dataset.save_as(path, enforce_file_format=True)


class _Template:
    """A dataset encoded once, of which every file changes a few elements only.

    Encoding is what takes the time in writing hundreds of small files.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._meta = dataset.file_meta
        self._encoded = {int(element.tag): _encoded(element) for element in dataset}

    def encoded(self, own: Dataset) -> bytes:
        """Return the whole file with the elements of `own` in place of, or among, the template's."""
        elements = self._encoded | {int(element.tag): _encoded(element) for element in own}
        self._meta.MediaStorageSOPInstanceUID = own.SOPInstanceUID
        stream = DicomBytesIO()
        stream.write(b"\0" * 128 + b"DICM")
        write_file_meta_info(stream, self._meta)
        return bytes(stream.getvalue()) + b"".join(elements[tag] for tag in sorted(elements))


def _encoded(element: DataElement) -> bytes:
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_data_element(stream, element, _ENCODINGS)
    return bytes(stream.getvalue())


def _classic_template(
    identity: Identity, examination: Examination, device: Device, series: MrSeries
) -> Dataset:
    dataset = common_dataset(identity, examination, device, series, MRImageStorage)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M" if series.part == "magnitude" else "P", "ND"]
    dataset.AcquisitionDate, dataset.AcquisitionTime = dataset.SeriesDate, dataset.SeriesTime
    dataset.ScanningSequence = series.sequence
    dataset.SequenceVariant = "SK" if series.sequence == "SE" else "SP"
    dataset.ScanOptions = ""
    dataset.MRAcquisitionType = "3D" if series.three_d else "2D"
    dataset.RepetitionTime = decimal_string(series.tr_ms)
    dataset.EchoTrainLength = series.echo_train
    dataset.FlipAngle = decimal_string(series.flip_deg)
    dataset.NumberOfAverages = "1"
    dataset.MagneticFieldStrength = decimal_string(device.field_t)
    dataset.ImagingFrequency = decimal_string(round(device.field_t * LARMOR_MHZ_PER_T, 6))
    dataset.ImagedNucleus = "1H"
    dataset.ImageOrientationPatient = orientation(series.geometry)
    dataset.PixelSpacing = spacing(series.geometry)
    dataset.SliceThickness = dataset.SpacingBetweenSlices = decimal_string(series.geometry.spacing_mm[0])
    dataset.update(window(series))
    if examination.contrast_agent:
        dataset.ContrastBolusAgent = examination.contrast_agent
    if series.part == "phase":
        dataset.RescaleSlope, dataset.RescaleIntercept = (
            decimal_string(RADIANS_PER_LEVEL),
            decimal_string(-np.pi),
        )
        dataset.RescaleType = "rad"
    return dataset
