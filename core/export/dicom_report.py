"""What a rater measured and answered as a DICOM structured report: TID 1500 of PS3.16, a Comprehensive 3D SR.

One measurement group for the case, one for each region (referring to its segment), mark and ruler. What could
not be measured has no entry: a number that is not there is not 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from highdicom import sr
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from core.export import coded
from core.export.dicom_regions import reading_uid, region_names, region_uid, regions_of, who
from core.export.dicom_scan import REPORT_SERIES, DicomScan, content_time, equipment, stamped
from core.imaging.region_numbers import RegionNumbers, region_numbers
from core.imaging.roi import Roi
from core.imaging.volume import Volume
from core.reading.contrast import contrast_echo
from core.reading.protocol import Protocol
from core.reading.questions import RECORDED, Question, Value
from core.statistics.linking import link, measure
from core.study.records import ScanImages, SignedReading

_Group = (
    sr.MeasurementsAndQualitativeEvaluations
    | sr.PlanarROIMeasurementsAndQualitativeEvaluations
    | sr.VolumetricROIMeasurementsAndQualitativeEvaluations
)


def report(
    scan: DicomScan,
    images: ScanImages,
    reading: SignedReading,
    protocol: Protocol,
    segmentation: Dataset | None,
) -> Dataset:
    """Return the report of a reading.

    Parameters
    ----------
    scan, images : DicomScan and ScanImages
        The scan that was read, as objects and as arrays.
    reading : SignedReading
    protocol : Protocol
        The one it was read by.
    segmentation : Dataset or None
        What `core.export.dicom_regions.segmentation` made of the reading.
    """
    writer = _Writer(scan, images, reading, protocol)
    groups: list[_Group] = [writer.case()]
    if segmentation is not None:
        rois = regions_of(reading)
        groups += [
            writer.region(roi, name, segmentation, number)
            for number, (roi, name) in enumerate(zip(rois, region_names(rois), strict=True), start=1)
        ]
    groups += [writer.mark(mark_id) for mark_id in reading.marks]
    groups += [writer.ruler(number, ruler_id) for number, ruler_id in enumerate(reading.rulers, start=1)]
    observer = sr.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(
            name=coded.person(reading.rater)
        ),
    )
    content = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=observer),
        procedure_reported=codes.LN.MRIUnspecifiedBodyRegion,
        imaging_measurements=groups,
    )
    objects = [] if segmentation is None else [segmentation]
    maps = [found for name in _MAPS if (found := scan.maps.get(name)) is not None]
    made = sr.Comprehensive3DSR(
        evidence=[*scan.contrast, *objects, *maps],
        content=content,
        series_instance_uid=reading_uid(scan, reading, "report series"),
        series_number=REPORT_SERIES,
        # what it says of maps goes with them
        sop_instance_uid=reading_uid(
            scan, reading, "report", *(str(each.SOPInstanceUID) for each in (*objects, *maps))
        ),
        instance_number=1,
        is_complete=True,
        is_final=True,
        coding_schemes=[coded.scheme_identification()],
        series_description=coded.fitting(f"Report, {who(reading)}"),
        **equipment(),
        **content_time(reading.signed_utc),
    )
    return stamped(made)


# maps whose mean and SD are told of regions: quantity and unit
_MAPS = {"r2star_per_s": (coded.R2STAR, "/s"), "iron_ug_per_g": (coded.IRON, "ug/g")}


class _Writer:
    """Makes the measurement groups of one reading."""

    def __init__(
        self, scan: DicomScan, images: ScanImages, reading: SignedReading, protocol: Protocol
    ) -> None:
        self._scan, self._images, self._reading, self._protocol = scan, images, reading, protocol
        self._echo = contrast_echo(images.echoes.te_ms)
        (self._linked,) = link([reading], ())

    def case(self) -> sr.MeasurementsAndQualitativeEvaluations:
        """Return what is about the case as a whole: CNR and answers, protocol, why it ended early."""
        measurements = [*self._contrast(), *self._numbers(None)]
        group = sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=self._tracking("case", "case"),
            time_point_context=sr.TimePointContext(time_point=coded.fitting(self._reading.visit)),
            finding_type=coded.CASE,
            session=str(self._reading.session),
            measurements=measurements,
            qualitative_evaluations=self._choices(None),
        )
        protocol = self._protocol
        told = f"{protocol.id}, version {protocol.version}, SHA-256 {protocol.sha256}"
        about = [(coded.PROTOCOL, told), (coded.PIXELS, self._images.pixels)]
        if self._reading.ended:
            about.append((coded.ENDED, self._reading.ended))
        if self._reading.version > 1:
            told = f"version {self._reading.version}: {self._reading.correction}"
            about.append((coded.CORRECTED, told))
        self._add_texts(group, None, about)
        return group

    def region(
        self, roi: Roi, name: str, segmentation: Dataset, number: int
    ) -> sr.VolumetricROIMeasurementsAndQualitativeEvaluations:
        """Return the numbers of a region and the answers about it."""
        category, kind = coded.REGION_CODES[roi.kind]
        group = sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=sr.TrackingIdentifier(
                uid=region_uid(self._scan, self._reading, roi), identifier=name
            ),
            referenced_segment=sr.ReferencedSegment(
                sop_class_uid=segmentation.SOPClassUID,
                sop_instance_uid=segmentation.SOPInstanceUID,
                segment_number=number,
                source_series=sr.SourceSeriesForSegmentation(self._scan.contrast[0].SeriesInstanceUID),
            ),
            finding_type=kind,
            finding_category=category,
            measurements=[*self._measured(roi), *self._numbers(roi.roi_id)],
            qualitative_evaluations=self._choices(roi.roi_id),
        )
        self._add_texts(group, roi.roi_id)
        return group

    def mark(self, mark_id: str) -> sr.PlanarROIMeasurementsAndQualitativeEvaluations:
        """Return a mark with its place and the answers about it."""
        mark = self._reading.marks[mark_id]
        group = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=self._tracking("mark", mark_id, self._linked.mark_name(mark)),
            referenced_region=sr.ImageRegion3D(
                graphic_type=sr.GraphicTypeValues3D.POINT,
                graphic_data=np.array([mark.position_mm]),
                frame_of_reference_uid=self._scan.frame,
            ),
            finding_type=coded.MARK_CODES[mark.kind],
            measurements=self._numbers(mark_id),
            qualitative_evaluations=self._choices(mark_id),
        )
        self._add_texts(group, mark_id)
        return group

    def ruler(self, number: int, ruler_id: str) -> sr.MeasurementsAndQualitativeEvaluations:
        """Return the length between two places, and what was measured."""
        ruler = self._reading.rulers[ruler_id]
        mark = None if ruler.about is None else self._reading.marks[ruler.about]
        name = f"ruler {number}" + ("" if mark is None else f", {self._linked.mark_name(mark)}")
        line = sr.CoordinatesForMeasurement3D(
            graphic_type=sr.GraphicTypeValues3D.POLYLINE,
            graphic_data=np.array([ruler.start_mm, ruler.end_mm]),
            frame_of_reference_uid=self._scan.frame,
        )
        return sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=self._tracking("ruler", ruler_id, name),
            finding_type=coded.CASE if mark is None else coded.MARK_CODES[mark.kind],
            measurements=[
                sr.Measurement(
                    name=coded.LENGTH,
                    value=ruler.length_mm,
                    unit=coded.ucum("mm"),
                    referenced_coordinates=[line],
                )
            ],
        )

    def _tracking(self, what: str, item_id: str, name: str = "") -> sr.TrackingIdentifier:
        uid = self._scan.uid(self._reading.alias, what, item_id)
        return sr.TrackingIdentifier(uid=uid, identifier=name or what)

    def _contrast(self) -> Iterator[sr.Measurement]:
        """Give the CNR as reads.csv has it, the way its noise was found as its method."""
        if self._reading.ended:
            return
        contrast = measure(self._reading, self._images, coils=self._protocol.coils).contrast
        if contrast is not None and math.isfinite(contrast.cnr):
            method = coded.own_code(contrast.noise_method, contrast.noise_method)
            yield sr.Measurement(coded.CNR, contrast.cnr, coded.ucum("1"), method=method)

    def _measured(self, roi: Roi) -> Iterator[sr.Measurement]:
        """Give volume, signal, R2* and iron of a region; nothing where the reading was ended early."""
        if self._reading.ended:
            return
        te_ms = self._images.echoes.te_ms[self._echo]
        signal = self._in_region(self._images.echoes.magnitude[self._echo], roi)
        yield sr.Measurement(coded.VOLUME, signal.volume_mm3, coded.ucum("mm3"))
        at = coded.own_code(f"TE {te_ms:g} ms", f"Magnitude at TE {te_ms:g} ms")
        yield from _mean_and_sd(coded.SIGNAL, signal, "1", at)
        for name, (quantity, unit) in _MAPS.items():
            volume: Volume | None = getattr(self._images, name)
            if volume is None:
                continue
            picture = self._scan.maps[name]
            fit = self._images.fit_method
            method = coded.own_code(f"fit {fit}", f"R2* fit: {fit}") if fit else None
            yield from _mean_and_sd(quantity, self._in_region(volume.data, roi), unit, method, picture)

    def _in_region(
        self, values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], roi: Roi
    ) -> RegionNumbers:
        return region_numbers(values, roi.coverage, roi.geometry, box=roi.box)

    def _answers(self, about: str | None, kind: str) -> Iterator[tuple[Question, Value]]:
        """Give the answers of a type about the case, a mark or a region, in the order they were given."""
        for (question_id, asked_of), value in self._reading.answers.items():
            if asked_of != about or question_id in RECORDED:
                continue
            question = self._protocol.question(question_id)
            if question.type == kind:
                yield question, value

    def _choices(self, about: str | None) -> list[sr.QualitativeEvaluation]:
        evaluations = []
        for question, value in self._answers(about, "choice"):
            choice = question.choice(value)
            if choice is None:
                continue
            evaluation = sr.QualitativeEvaluation(
                coded.question_code(question), coded.choice_code(question, choice)
            )
            anchor = sr.TextContentItem(coded.ANCHOR, choice.anchor, sr.RelationshipTypeValues.HAS_PROPERTIES)
            evaluation[0].ContentSequence = sr.ContentSequence([anchor])
            evaluations.append(evaluation)
        return evaluations

    def _numbers(self, about: str | None) -> list[sr.Measurement]:
        return [
            sr.Measurement(coded.question_code(question), float(value), coded.unit_code(question.unit))
            for question, value in self._answers(about, "number")
        ]

    def _add_texts(self, group: _Group, about: str | None, others: Sequence[tuple[Code, str]] = ()) -> None:
        texts = [
            (coded.question_code(question), str(value)) for question, value in self._answers(about, "text")
        ]
        for name, text in (*others, *texts):
            # a query without words is a flag, but a text item cannot be empty
            group[0].ContentSequence.append(
                sr.TextContentItem(name, text or _FLAGGED, sr.RelationshipTypeValues.CONTAINS)
            )


_FLAGGED = "(flagged, no text)"


def _mean_and_sd(
    quantity: Code, numbers: RegionNumbers, unit: str, method: Code | None, picture: Dataset | None = None
) -> Iterator[sr.Measurement]:
    for derivation, value in ((coded.MEAN, numbers.mean), (coded.SD, numbers.sd)):
        if not math.isfinite(value):
            continue
        source = None
        if picture is not None:
            source = [sr.SourceImageForMeasurement(picture.SOPClassUID, picture.SOPInstanceUID)]
        yield sr.Measurement(
            quantity, value, coded.ucum(unit), derivation=derivation, method=method, referenced_images=source
        )
