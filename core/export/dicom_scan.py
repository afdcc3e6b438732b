"""A scan of a study as DICOM: its echoes as MR series, its maps as parametric maps.

A study keeps volumes and not the UIDs of the files that they came from. So the pictures are written as
objects of their own, one series per echo, for everything else to refer to; UIDs derive from study and scan.
MR Image Storage PS3.3 A.4; Parametric Map Storage PS3.3 A.75.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import highdicom as hd
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from core.errors import InputError
from core.export.coded import IRON, R2STAR, fitting, identifier, own_code, person, ucum
from core.export.dicom_header import CHARACTER_SET, decimal_string, item_of, orientation, spacing, uid_of
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.contrast import contrast_echo
from core.study.records import Scan, ScanImages
from core.version import program_version

# series numbers; echoes count from 1. Readings share theirs: a number must not change when one comes in
_FIRST_MAP = 101
SEGMENTATION_SERIES, STRUCTURE_SERIES, REPORT_SERIES = 1001, 1002, 1003
_LEVELS = 2**16
# cosine between rows and columns from which on DICOM's two vectors do not say where pixels lie
_SHEARED = 1e-4

# maps by their field of ScanImages: what they are called, their quantity, their unit
MAPS: Mapping[str, tuple[str, Code, str]] = MappingProxyType(
    {
        "r2star_per_s": ("R2*", R2STAR, "/s"),
        "r2star_se_per_s": ("R2* std. error", own_code("r2star_se", "Standard error of R2*"), "/s"),
        "iron_ug_per_g": ("Iron", IRON, "ug/g"),
        "iron_se_ug_per_g": ("Iron std. error", own_code("iron_se", "Standard error of iron"), "ug/g"),
    }
)


@dataclass(frozen=True, eq=False)
class DicomScan:
    """A scan's pictures as datasets: `echoes` by echo and slice, `maps` by their field of ScanImages."""

    study_id: str
    scan: Scan
    geometry: Geometry
    echoes: tuple[tuple[Dataset, ...], ...]
    maps: Mapping[str, Dataset]

    @property
    def contrast(self) -> tuple[Dataset, ...]:
        """The pictures of the echo that gives the CNR, slice by slice: what regions refer to."""
        return self.echoes[contrast_echo(range(len(self.echoes)))]

    @property
    def frame(self) -> UID:
        """The frame of reference in which positions of the scan and of all its objects agree."""
        return UID(self.contrast[0].FrameOfReferenceUID)

    def uid(self, *parts: str) -> UID:
        """Return a UID that depends on study, scan and `parts` alone."""
        return uid_of(self.study_id, self.scan.scan_id, *parts)


def dicom_scan(study_id: str, study_name: str, scan: Scan, images: ScanImages) -> DicomScan:
    """Make the objects of a scan.

    Parameters
    ----------
    study_id, study_name : str
        Of the study; UIDs derive from the id.
    scan : Scan
        Whose subject and visit go into the headers.
    images : ScanImages
        Its pictures.

    Raises
    ------
    InputError
        If rows and columns are not at right angles: DICOM has no words for that.
    """
    geometry = images.echoes.geometry
    if abs(float(geometry.directions[:, 1] @ geometry.directions[:, 2])) > _SHEARED:
        raise InputError(
            f"{scan.subject}, {scan.visit}, {scan.field_t:g} T: rows and columns are not at right angles, "
            "which DICOM cannot say; export it as NIfTI alone"
        )
    common = _common(study_id, study_name, scan)
    common.DerivationDescription = f"From the study's volumes; pixels {images.pixels}"
    echoes = tuple(_echo(common, images.echoes, echo) for echo in range(len(images.echoes.te_ms)))
    whole = DicomScan(study_id, scan, geometry, echoes, {})
    volumes = {name: getattr(images, name) for name in MAPS}
    maps = {name: _map(whole, name, volume) for name, volume in volumes.items() if volume is not None}
    return DicomScan(study_id, scan, geometry, echoes, MappingProxyType(maps))


def equipment() -> dict[str, Any]:
    """Return what says which program wrote an object, as keyword arguments of highdicom."""
    return {
        "manufacturer": "FerroRead",
        "manufacturer_model_name": "FerroRead",
        "software_versions": fitting(program_version()),
        "device_serial_number": "1",
    }


def stamped(dataset: Dataset) -> Dataset:
    """Return an object finished: it says when it was written, in UTC as all times, and no UID is drawn."""
    now = datetime.now(UTC)
    dataset.TimezoneOffsetFromUTC = "+0000"
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = _date_time(now)
    # highdicom draws this one
    organization = uid_of(dataset.SOPInstanceUID, "dimensions")
    for keyword in ("DimensionOrganizationSequence", "DimensionIndexSequence"):
        for item in dataset.get(keyword, ()):
            item.DimensionOrganizationUID = organization
    return dataset


def _date_time(moment: datetime) -> tuple[str, str]:
    return moment.strftime("%Y%m%d"), moment.strftime("%H%M%S")


def content_time(utc: str) -> dict[str, Any]:
    """Return a moment, ISO 8601 in UTC, as content date and time."""
    date, time = _date_time(datetime.fromisoformat(utc).astimezone(UTC))
    return {"content_date": date, "content_time": time}


def _common(study_id: str, study_name: str, scan: Scan) -> Dataset:
    """Return patient, study and frame of reference; what a study does not know stays empty."""
    return item_of(
        SpecificCharacterSet=CHARACTER_SET,
        PatientName=person(scan.subject),
        PatientID=identifier(scan.subject),
        PatientBirthDate="",
        PatientSex="",
        StudyInstanceUID=uid_of(study_id, scan.scan_id),
        StudyDate="",
        StudyTime="",
        StudyID=fitting(scan.visit, 16),
        AccessionNumber="",
        ReferringPhysicianName="",
        StudyDescription=fitting(f"{scan.visit}, {scan.field_t:g} T, {study_name}"),
        FrameOfReferenceUID=uid_of(study_id, scan.scan_id, "frame"),
        PositionReferenceIndicator="",
    )


def _echo(common: Dataset, echoes: EchoSeries, echo: int) -> tuple[Dataset, ...]:
    """Return the pictures of one echo, slice by slice."""
    geometry, te_ms = echoes.geometry, echoes.te_ms[echo]
    stored, rescale = _stored(echoes.magnitude[echo])
    # a study can be evened out: other pixels are other objects
    digest = hashlib.sha256(echoes.magnitude[echo].tobytes()).hexdigest()
    series_uid = uid_of(common.StudyInstanceUID, f"echo {echo + 1}", digest)
    high = round(float(np.percentile(echoes.magnitude[echo], 99.7))) + 1
    normal = np.cross(geometry.directions[:, 2], geometry.directions[:, 1])
    thickness = decimal_string(abs(float(geometry.affine[:3, 0] @ normal)))
    shared = item_of(
        SOPClassUID=MRImageStorage, Modality="MR", Laterality="", Manufacturer="", PatientPosition="",
        SeriesInstanceUID=series_uid, SeriesNumber=echo + 1, AcquisitionNumber="",
        SeriesDescription=fitting(f"Echo {echo + 1} of {len(echoes.te_ms)}, TE {te_ms:g} ms"),
        ImageType=["DERIVED", "SECONDARY", "OTHER"], BurnedInAnnotation="NO",
        ScanningSequence="GR", SequenceVariant="NONE", ScanOptions="", MRAcquisitionType="",
        RepetitionTime="", EchoTime=decimal_string(te_ms), EchoNumbers=echo + 1, EchoTrainLength="",
        ImageOrientationPatient=orientation(geometry), PixelSpacing=spacing(geometry),
        SliceThickness=thickness, SpacingBetweenSlices=thickness,
        SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", PixelRepresentation=0,
        Rows=geometry.shape[1], Columns=geometry.shape[2], BitsAllocated=16, BitsStored=16, HighBit=15,
        WindowCenter=decimal_string(high / 2), WindowWidth=decimal_string(high),
    )  # fmt: skip
    if echoes.field_t is not None:
        shared.MagneticFieldStrength = decimal_string(echoes.field_t)
    shared.update(rescale)
    return tuple(_picture(common, shared, geometry, stored[k], k) for k in range(geometry.shape[0]))


def _picture(
    common: Dataset, shared: Dataset, geometry: Geometry, stored: NDArray[np.uint16], k: int
) -> Dataset:
    dataset = Dataset()
    dataset.update(common)
    dataset.update(shared)
    dataset.SOPInstanceUID = uid_of(shared.SeriesInstanceUID, str(k + 1))
    dataset.InstanceNumber = k + 1
    dataset.ImagePositionPatient = [decimal_string(value) for value in geometry.to_mm((k, 0, 0))]
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return stamped(dataset)


def _stored(values: NDArray[np.float32]) -> tuple[NDArray[np.uint16], Dataset]:
    """Return values as 16 bits, whole numbers as they are, and the rescale that others need.

    A value that is not finite is stored as the lowest.
    """
    finite = np.isfinite(values)
    known = values[finite].astype(np.float64)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if low >= 0 and high < _LEVELS and np.array_equal(known, np.rint(known)):
        low, slope, rescale = 0.0, 1.0, Dataset()
    else:
        slope = (high - low) / (_LEVELS - 1) or 1.0
        # what is written is what counts: a decimal string has 16 characters
        slope_text, low_text = f"{slope:.9e}", f"{low:.8e}"
        slope, low = float(slope_text), float(low_text)
        rescale = item_of(RescaleSlope=slope_text, RescaleIntercept=low_text, RescaleType="US")
    levels = np.zeros(values.shape, dtype="<u2")
    levels[finite] = np.clip(np.rint((known - low) / slope), 0, _LEVELS - 1).astype(np.uint16)
    return levels, rescale


def _map(whole: DicomScan, name: str, volume: Volume) -> Dataset:
    """Return a map as float32 with its unit; NaN where there is no value."""
    label, quantity, unit = MAPS[name]
    data = np.ascontiguousarray(volume.data, dtype=np.float32)
    finite = data[np.isfinite(data)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    meaning = quantity.meaning
    # an iron map can be made anew: other values are another object
    uid = whole.uid(name, hashlib.sha256(data.tobytes()).hexdigest())
    made: Any = hd.pm.ParametricMap(
        whole.contrast, data,
        series_instance_uid=whole.uid(name), series_number=_FIRST_MAP + list(MAPS).index(name),
        sop_instance_uid=uid, instance_number=1, **equipment(),
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[
            hd.pm.RealWorldValueMapping(
                lut_label=fitting(label, 16), lut_explanation=fitting(f"{meaning}, {unit}"), unit=ucum(unit),
                value_range=(low, high), slope=1.0, intercept=0.0, quantity_definition=quantity,
            )
        ],
        voi_lut_transformations=[
            hd.VOILUTTransformation(window_center=(low + high) / 2, window_width=max(high - low, 1.0))
        ],
        content_label="MAP", content_description=fitting(f"{meaning} in {unit}"),
        further_source_images=[
            picture for echo in whole.echoes if echo is not whole.contrast for picture in echo
        ],
        series_description=fitting(f"{label}, {unit}"),
    )  # fmt: skip
    made.Laterality = ""  # asked for where no body part is named
    return stamped(made)
