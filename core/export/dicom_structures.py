"""The regions of a reading as outlines: RT Structure Set (PS3.3 A.19), over the pictures of its scan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian, RTStructureSetStorage

from core.export.coded import REGION_CODES, fitting, person
from core.export.dicom_header import decimal_string, item_of
from core.export.dicom_regions import made_by, reading_uid, region_names, regions_of, who
from core.export.dicom_scan import STRUCTURE_SERIES, DicomScan, content_time, equipment, stamped
from core.export.planar import closed_paths
from core.imaging.coverage import coverage_size
from core.imaging.roi import Roi
from core.study.records import SignedReading

# of the RT Structure Set's patient and study, taken as the pictures have them
_SHARED = (
    "SpecificCharacterSet", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID",
    "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName", "StudyDescription",
    "FrameOfReferenceUID", "PositionReferenceIndicator",
)  # fmt: skip


def structure_set(scan: DicomScan, reading: SignedReading) -> Dataset | None:
    """Return the regions of a reading as closed planar contours in LPS mm; None where it has none.

    See `core.export.planar.closed_paths` for which outlines they are, and how holes are written.
    """
    rois = regions_of(reading)
    if not rois:
        return None
    dataset = _header(scan, reading)
    dataset.StructureSetROISequence = [
        item_of(
            ROINumber=number,
            ReferencedFrameOfReferenceUID=scan.frame,
            ROIName=name,
            ROIGenerationAlgorithm=made_by(reading, roi).value,
        )
        for number, (roi, name) in enumerate(zip(rois, region_names(rois), strict=True), start=1)
    ]
    dataset.ROIContourSequence = [
        item_of(
            ROIDisplayColor=[int(roi.colour[at : at + 2], 16) for at in (1, 3, 5)],
            ReferencedROINumber=number,
            ContourSequence=_contours(scan, roi),
        )
        for number, roi in enumerate(rois, start=1)
    ]
    dataset.RTROIObservationsSequence = [
        _observation(reading, roi, number) for number, roi in enumerate(rois, start=1)
    ]
    return stamped(dataset)


def _header(scan: DicomScan, reading: SignedReading) -> Dataset:
    picture = scan.contrast[0]
    dataset = Dataset()
    for keyword in _SHARED:
        setattr(dataset, keyword, picture[keyword].value)
    made, moment = equipment(), content_time(reading.signed_utc)
    dataset.update(
        item_of(
            SOPClassUID=RTStructureSetStorage, SOPInstanceUID=reading_uid(scan, reading, "structure set"),
            Modality="RTSTRUCT", SeriesInstanceUID=reading_uid(scan, reading, "structure set series"),
            SeriesNumber=STRUCTURE_SERIES, InstanceNumber=1, OperatorsName="",
            SeriesDescription=fitting(f"Outlines, {who(reading)}"),
            Manufacturer=made["manufacturer"], ManufacturerModelName=made["manufacturer_model_name"],
            SoftwareVersions=made["software_versions"], DeviceSerialNumber=made["device_serial_number"],
            StructureSetLabel="Regions", StructureSetDate=moment["content_date"],
            StructureSetTime=moment["content_time"],
            ReferencedFrameOfReferenceSequence=[_referenced(scan)],
        )
    )  # fmt: skip
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = RTStructureSetStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def _referenced(scan: DicomScan) -> Dataset:
    """Return the series that outlines lie on, picture by picture."""
    series = item_of(
        SeriesInstanceUID=scan.contrast[0].SeriesInstanceUID,
        ContourImageSequence=[_reference(picture) for picture in scan.contrast],
    )
    study = item_of(
        # Detached Study Management, retired, is what the attribute's definition still asks for
        ReferencedSOPClassUID=UID("1.2.840.10008.3.1.2.3.1"),
        ReferencedSOPInstanceUID=scan.contrast[0].StudyInstanceUID,
        RTReferencedSeriesSequence=[series],
    )
    return item_of(FrameOfReferenceUID=scan.frame, RTReferencedStudySequence=[study])


def _reference(picture: Dataset) -> Dataset:
    return item_of(ReferencedSOPClassUID=picture.SOPClassUID, ReferencedSOPInstanceUID=picture.SOPInstanceUID)


def _contours(scan: DicomScan, roi: Roi) -> list[Dataset]:
    contours: list[Dataset] = []
    for k in np.flatnonzero(coverage_size(roi.coverage)):
        for path in closed_paths(roi, int(k)):
            places = scan.geometry.to_mm(np.column_stack([np.full(len(path), k), path]))
            contours.append(
                item_of(
                    ContourImageSequence=[_reference(scan.contrast[int(k)])],
                    ContourGeometricType="CLOSED_PLANAR",
                    NumberOfContourPoints=len(path),
                    ContourNumber=len(contours) + 1,
                    ContourData=_decimals(places),
                )
            )
    return contours


def _decimals(places: NDArray[np.float64]) -> list[str]:
    return [decimal_string(value) for value in places.ravel().tolist()]


def _observation(reading: SignedReading, roi: Roi, number: int) -> Dataset:
    return item_of(
        ObservationNumber=number,
        ReferencedROINumber=number,
        RTROIInterpretedType="",
        ROIInterpreter=person(reading.rater),
        RTROIIdentificationCodeSequence=[_code(REGION_CODES[roi.kind][1])],
    )


def _code(code: Code) -> Dataset:
    return item_of(
        CodeValue=code.value, CodingSchemeDesignator=code.scheme_designator, CodeMeaning=code.meaning
    )
