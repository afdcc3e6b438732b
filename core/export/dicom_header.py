"""What both kinds of MR file share: who, when, on what, and how values are stored."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from core.errors import InputError
from core.imaging.geometry import Geometry

BITS_STORED = 12
LEVELS = 2**BITS_STORED
LARMOR_MHZ_PER_T = 42.577478518  # proton, CODATA 2018

RADIANS_PER_LEVEL = 2 * np.pi / LEVELS
CHARACTER_SET = "ISO_IR 192"


@dataclass(frozen=True)
class Identity:
    """Who was examined (PS3.3 C.7.1.1, C.7.2.2); `species` is empty for a phantom."""

    patient_name: str
    patient_id: str
    birth_date: date
    sex: Literal["M", "F", "O"]
    weight_kg: float
    species: str
    institution: str
    referring_physician: str
    operator: str


@dataclass(frozen=True)
class Examination:
    """One study of the patient; `frame` names the frame of reference in which positions agree."""

    study: str
    frame: str
    study_id: str
    accession: str
    description: str
    begun: datetime
    contrast_agent: str = ""


@dataclass(frozen=True)
class Device:
    """The scanner (PS3.3 C.7.5.1 and C.7.5.2)."""

    manufacturer: str
    model: str
    serial: str
    software: str
    station: str
    field_t: float


@dataclass(frozen=True, eq=False)
class MrSeries:
    """One series: a magnitude or a phase picture of every echo and slice.

    Parameters
    ----------
    name : str
        Unique within the study; the UIDs derive from it.
    number : int
        Series number.
    sequence : {"GR", "SE"}
        Gradient or spin echo (Scanning Sequence).
    part : {"magnitude", "phase"}
        Magnitude in whole stored units 0 to 4095, or phase in radians.
    data : array, shape (echo, slice, row, column)
        The values.
    te_ms : tuple of float
        One per echo.
    echo_train : int
        Echo train length: echoes per excitation.
    """

    name: str
    number: int
    description: str
    sequence: Literal["GR", "SE"]
    three_d: bool
    part: Literal["magnitude", "phase"]
    data: NDArray[np.float32]
    geometry: Geometry
    te_ms: tuple[float, ...]
    tr_ms: float
    flip_deg: float
    echo_train: int
    begun: datetime

    def __post_init__(self) -> None:
        shape = (len(self.te_ms), *self.geometry.shape)
        if self.data.shape != shape:
            raise InputError(f"series {self.description}: data {self.data.shape}, grid and echoes {shape}")


def uid_of(*parts: str) -> UID:
    """Return a UID that depends on `parts` alone: 2.25 and a UUID as a number (PS3.5 B.2)."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return UID(f"2.25.{uuid.UUID(bytes=digest[:16], version=4).int}")


def stored_values(series: MrSeries) -> NDArray[np.uint16]:
    """Return the values as 12 bits; phase spans them with one period from -pi."""
    if series.part == "phase":
        levels = np.rint((series.data + np.pi) / RADIANS_PER_LEVEL).astype(np.int64) % LEVELS
        return np.asarray(levels, dtype="<u2")
    return np.asarray(np.clip(np.rint(series.data), 0, LEVELS - 1), dtype="<u2")


def decimal_string(value: float) -> str:
    """Return a decimal string of at most 16 characters (PS3.5 6.2)."""
    for digits in range(10, 0, -1):
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
        if len(text) <= 16:
            return "0" if text == "-0" else text
    raise ValueError(f"{value} does not fit a decimal string")


def item_of(**attributes: object) -> Dataset:
    """Return a sequence item with attributes by keyword."""
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item


def common_dataset(
    identity: Identity, examination: Examination, device: Device, series: MrSeries, sop_class: UID
) -> Dataset:
    """Return patient, study, series, equipment and pixel description."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = sop_class
    dataset.SpecificCharacterSet = CHARACTER_SET
    _patient(dataset, identity)
    _study(dataset, identity, examination)
    _equipment(dataset, identity, device)
    dataset.Modality = "MR"
    dataset.SeriesInstanceUID = uid_of(examination.study, series.name)
    dataset.SeriesNumber = series.number
    dataset.SeriesDescription = series.description
    dataset.ProtocolName = series.description
    dataset.SeriesDate = series.begun.strftime("%Y%m%d")
    dataset.SeriesTime = series.begun.strftime("%H%M%S")
    dataset.ContentDate, dataset.ContentTime = dataset.SeriesDate, dataset.SeriesTime
    dataset.InstanceCreationDate = dataset.SeriesDate
    dataset.InstanceCreationTime = dataset.SeriesTime
    dataset.OperatorsName = identity.operator
    dataset.PatientPosition = "HFS"
    dataset.BodyPartExamined = "ABDOMEN"
    dataset.FrameOfReferenceUID = uid_of(examination.frame)
    dataset.PositionReferenceIndicator = ""
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = series.geometry.shape[1:]
    dataset.BitsAllocated = 16
    dataset.BitsStored = BITS_STORED
    dataset.HighBit = BITS_STORED - 1
    dataset.PixelRepresentation = 0
    return dataset


def _patient(dataset: Dataset, identity: Identity) -> None:
    dataset.PatientName = identity.patient_name
    dataset.PatientID = identity.patient_id
    dataset.PatientBirthDate = identity.birth_date.strftime("%Y%m%d")
    dataset.PatientSex = identity.sex
    dataset.PatientWeight = decimal_string(identity.weight_kg)
    if not identity.species:  # a person or a phantom
        return
    dataset.PatientSpeciesDescription = identity.species
    dataset.PatientSexNeutered = "UNALTERED"
    dataset.PatientBreedDescription = ""
    dataset.PatientBreedCodeSequence = []
    dataset.BreedRegistrationSequence = []
    dataset.ResponsiblePerson = identity.referring_physician
    dataset.ResponsiblePersonRole = "INVESTIGATOR"
    dataset.ResponsibleOrganization = identity.institution


def _study(dataset: Dataset, identity: Identity, examination: Examination) -> None:
    dataset.StudyInstanceUID = uid_of(examination.study)
    dataset.StudyDate = examination.begun.strftime("%Y%m%d")
    dataset.StudyTime = examination.begun.strftime("%H%M%S")
    dataset.StudyID = examination.study_id
    dataset.AccessionNumber = examination.accession
    dataset.StudyDescription = examination.description
    dataset.ReferringPhysicianName = identity.referring_physician


def _equipment(dataset: Dataset, identity: Identity, device: Device) -> None:
    dataset.Manufacturer = device.manufacturer
    dataset.ManufacturerModelName = device.model
    dataset.DeviceSerialNumber = device.serial
    dataset.SoftwareVersions = device.software
    dataset.StationName = device.station
    dataset.InstitutionName = identity.institution


def window(series: MrSeries) -> Dataset:
    """Return window centre and width for the whole series, in values after rescale."""
    if series.part == "phase":
        return item_of(WindowCenter="0", WindowWidth=decimal_string(2 * np.pi))
    high = round(float(np.percentile(series.data[0], 99.7))) + 1
    return item_of(WindowCenter=decimal_string(high / 2), WindowWidth=decimal_string(high))


def orientation(geometry: Geometry) -> list[str]:
    """Return Image Orientation (Patient): where columns go, then where rows go (PS3.3 C.7.6.2.1.1)."""
    return [decimal_string(value) for value in (*geometry.directions[:, 2], *geometry.directions[:, 1])]


def spacing(geometry: Geometry) -> list[str]:
    """Return Pixel Spacing: between rows, then between columns (PS3.3 10.7.1.3)."""
    return [decimal_string(value) for value in geometry.spacing_mm[1:]]
