"""Writing MR series as DICOM: classic single-frame files, and Enhanced MR multi-frame files.

Classic: MR Image Storage, PS3.3 A.4. Enhanced: Enhanced MR Image Storage, PS3.3 A.36.2.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element, write_file_meta_info
from pydicom.uid import UID, EnhancedMRImageStorage, ExplicitVRLittleEndian, MRImageStorage

from core.errors import InputError
from core.imaging.geometry import Geometry

BITS_STORED = 12
LEVELS = 2**BITS_STORED
LARMOR_MHZ_PER_T = 42.577478518  # proton, CODATA 2018

_RADIANS_PER_LEVEL = 2 * np.pi / LEVELS
_CHARACTER_SET = "ISO_IR 192"
_ENCODINGS = convert_encodings(_CHARACTER_SET)


@dataclass(frozen=True)
class Identity:
    """Who was examined: Patient and Clinical Trial-free Study attributes (PS3.3 C.7.1.1, C.7.2.1)."""

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
    stored = _stored(series)
    template = _Template(_classic_template(identity, examination, device, series))
    normal = series.geometry.directions[:, 0]
    for e, te_ms in enumerate(series.te_ms):
        for k in range(slices):
            number = e * slices + k
            position = series.geometry.to_mm((k, 0, 0))
            own = _item(
                SOPInstanceUID=uid_of(examination.study, series.name, str(number)),
                InstanceNumber=number + 1,
                EchoTime=_ds(te_ms),
                EchoNumbers=e + 1,
                ImagePositionPatient=[_ds(value) for value in position],
                SliceLocation=_ds(float(position @ normal)),
                PixelData=stored[e, k].tobytes(),
            )
            own["PixelData"].VR = "OW"
            (folder / names[number]).write_bytes(template.encoded(own))


def write_enhanced(
    path: Path, identity: Identity, examination: Examination, device: Device, series: MrSeries
) -> None:
    """Write a series as one multi-frame file, dimensions stack position and echo time."""
    stored = _stored(series)
    dataset = _enhanced_template(identity, examination, device, series)
    uid = uid_of(examination.study, series.name, "multi-frame")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
    echoes, slices = stored.shape[:2]
    dataset.NumberOfFrames = echoes * slices
    dataset.PerFrameFunctionalGroupsSequence = [
        _frame(series, e, k) for e in range(echoes) for k in range(slices)
    ]
    dataset.PixelData = stored.tobytes()
    dataset.save_as(path, enforce_file_format=True)


def _stored(series: MrSeries) -> NDArray[np.uint16]:
    """Return the values as 12 bits; phase spans them with one period from -pi."""
    if series.part == "phase":
        levels = np.rint((series.data + np.pi) / _RADIANS_PER_LEVEL).astype(np.int64) % LEVELS
        return np.asarray(levels, dtype="<u2")
    return np.asarray(np.clip(np.rint(series.data), 0, LEVELS - 1), dtype="<u2")


def _ds(value: float) -> str:
    """Return a decimal string of at most 16 characters (PS3.5 6.2)."""
    for digits in range(10, 0, -1):
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
        if len(text) <= 16:
            return "0" if text == "-0" else text
    raise ValueError(f"{value} does not fit a decimal string")


# --- what both kinds share ---------------------------------------------------------------------------


def _common(
    identity: Identity, examination: Examination, device: Device, series: MrSeries, sop_class: UID
) -> Dataset:
    """Return patient, study, series, equipment and pixel description."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = sop_class
    dataset.SpecificCharacterSet = _CHARACTER_SET
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
    dataset.PatientWeight = _ds(identity.weight_kg)
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


def _window(series: MrSeries) -> Dataset:
    """Return window centre and width for the whole series, in values after rescale."""
    if series.part == "phase":
        return _item(WindowCenter="0", WindowWidth=_ds(2 * np.pi))
    high = round(float(np.percentile(series.data[0], 99.7))) + 1
    return _item(WindowCenter=_ds(high / 2), WindowWidth=_ds(high))


def _orientation(geometry: Geometry) -> list[str]:
    # PS3.3 C.7.6.2.1.1: first the direction in which the column index grows, then that of the row index
    return [_ds(value) for value in (*geometry.directions[:, 2], *geometry.directions[:, 1])]


def _spacing(geometry: Geometry) -> list[str]:
    return [_ds(value) for value in geometry.spacing_mm[1:]]


# --- classic -----------------------------------------------------------------------------------------


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
    dataset = _common(identity, examination, device, series, MRImageStorage)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M" if series.part == "magnitude" else "P", "ND"]
    dataset.AcquisitionDate, dataset.AcquisitionTime = dataset.SeriesDate, dataset.SeriesTime
    dataset.ScanningSequence = series.sequence
    dataset.SequenceVariant = "SK" if series.sequence == "SE" else "SP"
    dataset.ScanOptions = ""
    dataset.MRAcquisitionType = "3D" if series.three_d else "2D"
    dataset.RepetitionTime = _ds(series.tr_ms)
    dataset.EchoTrainLength = series.echo_train
    dataset.FlipAngle = _ds(series.flip_deg)
    dataset.NumberOfAverages = "1"
    dataset.MagneticFieldStrength = _ds(device.field_t)
    dataset.ImagingFrequency = _ds(round(device.field_t * LARMOR_MHZ_PER_T, 6))
    dataset.ImagedNucleus = "1H"
    dataset.ImageOrientationPatient = _orientation(series.geometry)
    dataset.PixelSpacing = _spacing(series.geometry)
    dataset.SliceThickness = dataset.SpacingBetweenSlices = _ds(series.geometry.spacing_mm[0])
    dataset.update(_window(series))
    if examination.contrast_agent:
        dataset.ContrastBolusAgent = examination.contrast_agent
    if series.part == "phase":
        dataset.RescaleSlope, dataset.RescaleIntercept = _ds(_RADIANS_PER_LEVEL), _ds(-np.pi)
        dataset.RescaleType = "rad"
    return dataset


# --- enhanced ----------------------------------------------------------------------------------------


def _item(**attributes: object) -> Dataset:
    """Return a sequence item with attributes by keyword."""
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    return _item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _enhanced_template(
    identity: Identity, examination: Examination, device: Device, series: MrSeries
) -> Dataset:
    dataset = _common(identity, examination, device, series, EnhancedMRImageStorage)
    dataset.InstanceNumber = 1
    dataset.AcquisitionNumber = series.number
    dataset.AcquisitionDateTime = series.begun.strftime("%Y%m%d%H%M%S")
    dataset.AcquisitionDuration = _acquisition_seconds(series)
    dataset.AcquisitionContextSequence = []
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.ContentQualification = "RESEARCH"
    dataset.ImageComments = series.description
    _describe_frames(dataset, series)
    dataset.ImageType = dataset.FrameType
    del dataset.FrameType
    dataset.ResonantNucleus = "1H"
    dataset.MagneticFieldStrength = device.field_t
    dataset.KSpaceFiltering = "NONE"
    dataset.ApplicableSafetyStandardAgency = "IEC"
    dataset.ApplicableSafetyStandardDescription = "IEC 60601-2-33"
    _pulse_sequence(dataset, series)
    _dimensions(dataset, series)
    dataset.SharedFunctionalGroupsSequence = [_shared(series, examination, device)]
    return dataset


def _acquisition_seconds(series: MrSeries) -> float:
    lines = series.geometry.shape[1] * (series.geometry.shape[0] if series.three_d else 1)
    shots = lines / (series.echo_train if series.sequence == "SE" else 1)
    return float(np.ceil(shots) * series.tr_ms * 1e-3)


def _describe_frames(target: Dataset, series: MrSeries) -> None:
    """Say what the picture shows (PS3.3 C.8.13.3.1): Image Type's four values and their companions."""
    contrast = "T2" if series.sequence == "SE" else ("T1" if series.three_d else "T2_STAR")
    target.FrameType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    target.PixelPresentation = "MONOCHROME"
    target.VolumetricProperties = "VOLUME"
    target.VolumeBasedCalculationTechnique = "NONE"
    target.ComplexImageComponent = series.part.upper()
    target.AcquisitionContrast = contrast


def _pulse_sequence(dataset: Dataset, series: MrSeries) -> None:
    """Fill the MR Pulse Sequence module (PS3.3 C.8.13.4)."""
    spin = series.sequence == "SE"
    dataset.PulseSequenceName = series.description[:16]
    dataset.MRAcquisitionType = "3D" if series.three_d else "2D"
    dataset.EchoPulseSequence = "SPIN" if spin else "GRADIENT"
    dataset.MultiPlanarExcitation = "NO" if series.three_d else "YES"
    dataset.PhaseContrast = "NO"
    dataset.TimeOfFlightContrast = "NO"
    dataset.SteadyStatePulseSequence = "NONE"
    dataset.EchoPlanarPulseSequence = "NO"
    dataset.SaturationRecovery = "NO"
    dataset.SpectrallySelectedSuppression = "NONE"
    dataset.OversamplingPhase = "NONE"
    dataset.GeometryOfKSpaceTraversal = "RECTILINEAR"
    dataset.RectilinearPhaseEncodeReordering = "LINEAR"
    dataset.SegmentedKSpaceTraversal = "PARTIAL" if spin else "SINGLE"
    dataset.NumberOfKSpaceTrajectories = 1
    if spin:
        dataset.MultipleSpinEcho = "NO"
    if series.three_d:
        dataset.CoverageOfKSpace = "FULL"


def _dimensions(dataset: Dataset, series: MrSeries) -> None:
    """Fill the Multi-frame Dimension module (PS3.3 C.7.6.17): stack position, then echo time."""
    organization = uid_of(dataset.SeriesInstanceUID, "dimensions")
    dataset.DimensionOrganizationSequence = [_item(DimensionOrganizationUID=organization)]
    pointers = [(0x00209057, 0x00209111, "position in stack"), (0x00189082, 0x00189114, "echo time")]
    dataset.DimensionIndexSequence = [
        _item(
            DimensionOrganizationUID=organization,
            DimensionIndexPointer=pointer,
            FunctionalGroupPointer=group,
            DimensionDescriptionLabel=label,
        )
        for pointer, group, label in pointers
    ]


def _shared(series: MrSeries, examination: Examination, device: Device) -> Dataset:
    """Return the functional groups that all frames share (PS3.3 A.36.2.4)."""
    geometry = series.geometry
    thickness_mm = geometry.spacing_mm[0]
    shared = _item(
        PixelMeasuresSequence=[
            _item(
                PixelSpacing=_spacing(geometry),
                SliceThickness=_ds(thickness_mm),
                SpacingBetweenSlices=_ds(thickness_mm),
            )
        ],
        PlaneOrientationSequence=[_item(ImageOrientationPatient=_orientation(geometry))],
        FrameAnatomySequence=[
            _item(
                FrameLaterality="U",
                AnatomicRegionSequence=[_code("818981001", "SCT", "Abdomen")],
            )
        ],
        PixelValueTransformationSequence=[_rescale(series)],
        MRTimingAndRelatedParametersSequence=[_timing(series)],
        MRFOVGeometrySequence=[_field_of_view(series)],
        MRModifierSequence=[_modifier(series)],
        MRImagingModifierSequence=[_imaging_modifier(device)],
        MRReceiveCoilSequence=[
            _item(
                ReceiveCoilName="mouse volume",
                ReceiveCoilManufacturerName=device.manufacturer,
                ReceiveCoilType="VOLUME",
                QuadratureReceiveCoil="YES",
            )
        ],
        MRTransmitCoilSequence=[
            _item(
                TransmitCoilName="mouse volume",
                TransmitCoilManufacturerName=device.manufacturer,
                TransmitCoilType="VOLUME",
            )
        ],
        FrameVOILUTSequence=[_window(series)],
        MRAveragesSequence=[_item(NumberOfAverages=1.0)],
    )
    frame_type = Dataset()
    _describe_frames(frame_type, series)
    shared.MRImageFrameTypeSequence = [frame_type]
    return shared


def _rescale(series: MrSeries) -> Dataset:
    phase = series.part == "phase"
    return _item(
        RescaleIntercept=_ds(-np.pi) if phase else "0",
        RescaleSlope=_ds(_RADIANS_PER_LEVEL) if phase else "1",
        RescaleType="US",
    )


def _timing(series: MrSeries) -> Dataset:
    spin = series.sequence == "SE"
    return _item(
        RepetitionTime=_ds(series.tr_ms),
        FlipAngle=_ds(series.flip_deg),
        EchoTrainLength=series.echo_train,
        RFEchoTrainLength=series.echo_train if spin else 0,
        GradientEchoTrainLength=0 if spin else series.echo_train,
        SpecificAbsorptionRateSequence=[
            _item(SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY", SpecificAbsorptionRateValue=0.1)
        ],
        OperatingModeSequence=[
            _item(OperatingModeType=kind, OperatingMode="IEC_NORMAL")
            for kind in ("STATIC FIELD", "RF", "GRADIENT")
        ],
        GradientOutputType="DB_DT",
        GradientOutput=0.0,
    )


def _field_of_view(series: MrSeries) -> Dataset:
    slices, rows, columns = series.geometry.shape
    item = _item(
        InPlanePhaseEncodingDirection="ROW",
        MRAcquisitionFrequencyEncodingSteps=columns,
        MRAcquisitionPhaseEncodingStepsInPlane=rows,
        PercentSampling="100",
        PercentPhaseFieldOfView="100",
    )
    if series.three_d:
        item.MRAcquisitionPhaseEncodingStepsOutOfPlane = slices
    return item


def _modifier(series: MrSeries) -> Dataset:
    item = _item(
        InversionRecovery="NO",
        FlowCompensation="NONE",
        SpatialPresaturation="NONE",
        SpectrallySelectedExcitation="NONE",
        T2Preparation="NO",
        PartialFourier="NO",
        ParallelAcquisition="NO",
    )
    if series.sequence == "GR":
        item.Spoiling = "RF"
    return item


def _imaging_modifier(device: Device) -> Dataset:
    return _item(
        MagnetizationTransfer="NONE",
        BloodSignalNulling="NO",
        Tagging="NONE",
        TransmitterFrequency=device.field_t * LARMOR_MHZ_PER_T,
        PixelBandwidth="500",
    )


def _frame(series: MrSeries, echo: int, k: int) -> Dataset:
    """Return the functional groups of one frame."""
    position = series.geometry.to_mm((k, 0, 0))
    content = _item(
        FrameAcquisitionDateTime=series.begun.strftime("%Y%m%d%H%M%S"),
        FrameReferenceDateTime=series.begun.strftime("%Y%m%d%H%M%S"),
        FrameAcquisitionDuration=1e3 * _acquisition_seconds(series),
        StackID="1",
        InStackPositionNumber=k + 1,
        DimensionIndexValues=[k + 1, echo + 1],
    )
    te_ms = float(series.te_ms[echo])
    return _item(
        FrameContentSequence=[content],
        PlanePositionSequence=[_item(ImagePositionPatient=[_ds(value) for value in position])],
        MREchoSequence=[_item(EffectiveEchoTime=te_ms)],
    )
