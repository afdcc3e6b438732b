"""The regions of a reading as DICOM Segmentation (PS3.3 A.51), over the pictures of its scan."""

from __future__ import annotations

from collections.abc import Sequence

import highdicom as hd
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID

from core.export.coded import REGION_CODES, fitting, person
from core.export.dicom_scan import SEGMENTATION_SERIES, DicomScan, content_time, equipment, stamped
from core.imaging.coverage import WHOLE
from core.imaging.roi import Roi
from core.reading.proposed import origin
from core.study.records import SignedReading


def regions_of(reading: SignedReading) -> tuple[Roi, ...]:
    """Return the regions that objects are made of, in the order of their segments: those with anything in."""
    return tuple(roi for roi in reading.rois.values() if not roi.empty)


def region_uid(scan: DicomScan, reading: SignedReading, roi: Roi) -> UID:
    """Return the tracking UID of a region: the same in segmentation, structure set and report."""
    return scan.uid(reading.alias, "region", roi.roi_id)


def reading_uid(scan: DicomScan, reading: SignedReading, *parts: str) -> UID:
    """Return a UID for an object made from a reading: one that was corrected is another."""
    return scan.uid(reading.alias, str(reading.version), *parts)


def region_names(rois: Sequence[Roi]) -> tuple[str, ...]:
    """Return a name for each region, every one once: "tumour", "tumour (2)"."""
    names: list[str] = []
    for roi in rois:
        name = fitting(roi.name, 58)
        alike = sum(fitting(other.name, 58) == name for other in rois[: len(names)])
        names.append(f"{name} ({alike + 1})" if alike else name)
    return tuple(names)


def segmentation(scan: DicomScan, reading: SignedReading, *, fractional: bool = False) -> Dataset | None:
    """Return the regions of a reading as one segmentation; None where it has none.

    Parameters
    ----------
    scan : DicomScan
        The scan that was read.
    reading : SignedReading
        On the same grid.
    fractional : bool
        Whether voxels keep the share that lies inside, 0 to 255 (FRACTIONAL, OCCUPANCY). Else the voxels of
        which at least half lies inside are written (BINARY).
    """
    rois = regions_of(reading)
    if not rois:
        return None
    kind = hd.seg.SegmentationTypeValues.FRACTIONAL if fractional else hd.seg.SegmentationTypeValues.BINARY
    voxels = np.stack([roi.coverage if fractional else roi.mask.astype(np.uint8) for roi in rois], axis=-1)
    made = hd.seg.Segmentation(
        scan.contrast,
        # shares as float: highdicom multiplies by the most and rounds, which gives the same number back
        voxels.astype(np.float32) / WHOLE if fractional else voxels,
        segmentation_type=kind,
        segment_descriptions=_descriptions(scan, reading, rois),
        series_instance_uid=reading_uid(scan, reading, "segmentation series"),
        series_number=SEGMENTATION_SERIES,
        sop_instance_uid=reading_uid(scan, reading, "segmentation", kind.value),
        instance_number=1,
        **equipment(),
        fractional_type=hd.seg.SegmentationFractionalTypeValues.OCCUPANCY,
        max_fractional_value=WHOLE,
        content_label="REGIONS",
        content_creator_name=person(reading.rater),
        omit_empty_frames=bool(voxels.any()),
        series_description=fitting(f"Regions, {who(reading)}"),
        **content_time(reading.signed_utc),
    )
    return stamped(made)


def who(reading: SignedReading) -> str:
    """Return which case was read, in which session and by whom."""
    return f"case {reading.alias}, session {reading.session}, {reading.rater}"


def made_by(reading: SignedReading, roi: Roi) -> hd.seg.SegmentAlgorithmTypeValues:
    """Tell whether a region was drawn by hand, or proposed and then taken or changed."""
    values = hd.seg.SegmentAlgorithmTypeValues
    return values.SEMIAUTOMATIC if origin(reading.answers, roi) else values.MANUAL


def _descriptions(
    scan: DicomScan, reading: SignedReading, rois: Sequence[Roi]
) -> list[hd.seg.SegmentDescription]:
    described = []
    for number, (roi, name) in enumerate(zip(rois, region_names(rois), strict=True), start=1):
        category, kind = REGION_CODES[roi.kind]
        algorithm = made_by(reading, roi)
        manual = algorithm == hd.seg.SegmentAlgorithmTypeValues.MANUAL
        described.append(
            hd.seg.SegmentDescription(
                segment_number=number,
                segment_label=name,
                segmented_property_category=category,
                segmented_property_type=kind,
                algorithm_type=algorithm,
                algorithm_identification=None if manual else _proposal(),
                tracking_uid=region_uid(scan, reading, roi),
                tracking_id=name,
                display_color=hd.color.CIELabColor.from_string(roi.colour),
            )
        )
    return described


def _proposal() -> hd.AlgorithmIdentificationSequence:
    return hd.AlgorithmIdentificationSequence(
        name="FerroRead proposal",
        family=codes.cid7162.NeighborhoodAnalysis,
        version=equipment()["software_versions"],
    )
