"""Objects for other programs: what was drawn, measured and answered comes back from them."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from highdicom import sr
from pydicom.sr.codedict import codes

from core.export.dicom_regions import region_uid, regions_of, segmentation
from core.export.dicom_report import report
from core.export.dicom_scan import dicom_scan
from core.export.dicom_structures import structure_set
from core.imaging.region_numbers import region_numbers
from core.imaging.regions.outline import polygons_in_slice
from core.statistics.linking import measure
from tests.naive_regions import even_odd

sys.path.insert(0, str(Path(__file__).parent))
import objects as made

GRIDS = ("axial", "flipped", "oblique", "oblique left-handed")


def scan_of(geometry, **changes):
    return dicom_scan("study-id", "Iron", made.SCAN, made.images(geometry, **changes))


def read_back(folder, dataset, name="object.dcm"):
    dataset.save_as(folder / name, enforce_file_format=True)
    return folder / name


def on_grid(geometry, volume):
    """Put what highdicom read, (slice, row, column) and perhaps segments, on our grid by places in mm."""
    placed = np.zeros((geometry.shape[0], *volume.array.shape[1:]), volume.array.dtype)
    for k in range(volume.array.shape[0]):
        index = geometry.to_index(volume.map_indices_to_reference(np.array([[k, 0, 0]]))[0])
        assert np.abs(index - np.rint(index)).max() < 1e-6
        assert index[1:] == pytest.approx(0, abs=1e-6)
        placed[round(index[0])] = volume.array[k]
    return placed


@pytest.mark.parametrize("kind", GRIDS)
def test_masks_come_back_from_a_segmentation_voxel_for_voxel(kind, tmp_path):
    geometry = made.grid(kind)
    scan, reading = scan_of(geometry), made.reading(made.grid(kind))
    path = read_back(tmp_path, segmentation(scan, reading))
    read = hd.seg.segread(path)
    rois = regions_of(reading)
    assert read.number_of_segments == len(rois) == 8
    back = on_grid(geometry, read.get_volume(combine_segments=False))
    for number, roi in enumerate(rois):
        assert np.array_equal(back[..., number].astype(bool), roi.mask), roi.name
    # and without highdicom, frame by frame
    plain = pydicom.dcmread(path)
    frames = plain.pixel_array.reshape(-1, *geometry.shape[1:])
    seen = np.zeros((len(rois), *geometry.shape), bool)
    for frame, groups in zip(frames, plain.PerFrameFunctionalGroupsSequence, strict=True):
        place = [float(v) for v in groups.PlanePositionSequence[0].ImagePositionPatient]
        k = round(float(geometry.to_index(place)[0]))
        seen[groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber - 1, k] = frame.astype(bool)
        (derived,) = groups.DerivationImageSequence
        (source,) = derived.SourceImageSequence
        assert source.ReferencedSOPInstanceUID == scan.contrast[k].SOPInstanceUID
    assert np.array_equal(seen, np.stack([roi.mask for roi in rois]))
    assert plain.FrameOfReferenceUID == scan.contrast[0].FrameOfReferenceUID


def test_shares_of_voxels_come_back_from_a_fractional_segmentation(tmp_path):
    geometry = made.grid("oblique")
    reading = made.reading(geometry)
    path = read_back(tmp_path, segmentation(scan_of(geometry), reading, fractional=True))
    read = hd.seg.segread(path)
    assert read.SegmentationFractionalType == "OCCUPANCY" and read.MaximumFractionalValue == 255
    back = on_grid(geometry, read.get_volume(combine_segments=False, rescale_fractional=False))
    for number, roi in enumerate(regions_of(reading)):
        assert np.array_equal(back[..., number], roi.coverage)


def test_a_segment_says_what_it_is_and_how_it_was_made(tmp_path):
    geometry = made.grid("axial")
    scan, reading = scan_of(geometry), made.reading(geometry)
    read = hd.seg.segread(read_back(tmp_path, segmentation(scan, reading)))
    rois = regions_of(reading)
    labels = [read.get_segment_description(n + 1).segment_label for n in range(len(rois))]
    assert labels == [
        "tumour", "Größe ≥ 2", "node", "reference tissue", "noise", "ring", "ablation zone", "tumour (2)",
    ]  # fmt: skip
    first, air = read.get_segment_description(1), read.get_segment_description(5)
    assert first.segmented_property_type == codes.SCT.Neoplasm
    assert first.tracking_uid == region_uid(scan, reading, rois[0])
    assert first.algorithm_type.value == "MANUAL"
    assert air.segmented_property_type == codes.DCM.Background
    assert air.algorithm_type.value == "SEMIAUTOMATIC"


@pytest.mark.parametrize("slices", [1, 2])
def test_a_single_slice_and_a_region_of_less_than_half_voxels_are_kept(slices, tmp_path):
    geometry = made.grid("oblique", (slices, 14, 12))
    thin = np.zeros(geometry.shape, np.uint8)
    thin[0, :, 0] = 100
    for rois in ([made.region(geometry, 1, "tumour", thin)], made.regions(geometry)):
        reading = made.reading(geometry, rois)
        read = hd.seg.segread(read_back(tmp_path, segmentation(scan_of(geometry), reading)))
        back = on_grid(geometry, read.get_volume(combine_segments=False))
        held = [roi for roi in rois if roi.coverage.any()]
        assert np.array_equal(np.moveaxis(back, -1, 0), np.stack([roi.mask for roi in held]))


@pytest.mark.parametrize("kind", GRIDS)
def test_outlines_enclose_what_was_drawn(kind, tmp_path):
    geometry = made.grid(kind)
    scan, reading = scan_of(geometry), made.reading(made.grid(kind))
    read = pydicom.dcmread(read_back(tmp_path, structure_set(scan, reading)))
    rois = regions_of(reading)
    names = [each.ROIName for each in read.StructureSetROISequence]
    assert names[:2] == ["tumour", "Größe ≥ 2"] and len(names) == len(rois)
    for roi, item in zip(rois, read.ROIContourSequence, strict=True):
        inside = np.zeros(geometry.shape, bool)
        centres = np.moveaxis(np.indices(geometry.shape[1:], dtype=float), 0, -1)
        paths: dict[int, list[np.ndarray]] = {}
        for contour in item.ContourSequence:
            assert contour.ContourGeometricType == "CLOSED_PLANAR"
            index = geometry.to_index(np.array(contour.ContourData, float).reshape(-1, 3))
            assert len(index) == contour.NumberOfContourPoints
            k = round(float(index[0, 0]))
            assert np.abs(index[:, 0] - k).max() < 1e-6
            (picture,) = contour.ContourImageSequence
            assert picture.ReferencedSOPInstanceUID == scan.contrast[k].SOPInstanceUID
            paths.setdefault(k, []).append(index[:, 1:])
            inside[k] ^= even_odd(index[:, 1:], centres)
        if not roi.outlines:
            # a voxel's centre lies within the line if half of the voxel is in the region
            assert np.array_equal(inside, roi.mask), roi.name
            continue
        for k, found in paths.items():
            covered = polygons_in_slice(geometry.shape, k, found).on(geometry.shape)[k]
            assert np.abs(covered.astype(int) - roi.coverage[k]).max() <= 1, roi.name
        assert set(paths) == set(np.flatnonzero(roi.coverage.any(axis=(1, 2))).tolist())


def test_a_map_comes_back_bit_for_bit_with_its_unit(tmp_path):
    geometry = made.grid("oblique left-handed")
    scan, images = scan_of(geometry), made.images(geometry)
    units = {
        "r2star_per_s": "/s",
        "r2star_se_per_s": "/s",
        "iron_ug_per_g": "ug/g",
        "iron_se_ug_per_g": "ug/g",
    }
    assert set(scan.maps) == set(units)
    for name, unit in units.items():
        path = read_back(tmp_path, scan.maps[name])
        plain = pydicom.dcmread(path)
        (mapping,) = plain.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence
        code = mapping.MeasurementUnitsCodeSequence[0]
        assert (code.CodeValue, code.CodingSchemeDesignator) == (unit, "UCUM")
        assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1.0, 0.0)
        volume = hd.imread(path).get_volume(dtype=np.float32)
        back = on_grid(geometry, volume)
        assert np.array_equal(back, getattr(images, name).data, equal_nan=True), name
        assert np.isnan(back).any()


def told_in(path):
    """Return a report's groups by tracking identifier."""
    content = sr.srread(path).content
    found = {}
    for group in (
        *content.get_image_measurement_groups(),
        *content.get_planar_roi_measurement_groups(),
        *content.get_volumetric_roi_measurement_groups(),
    ):
        found[group.tracking_identifier] = group
    return found


def values_of(group):
    """What was measured: (quantity, derivation) to (value, unit, method)."""
    return {
        (m.name.meaning, m.derivation and m.derivation.meaning): (
            m.value, m.unit.value, m.method and m.method.meaning,
        )
        for m in group.get_measurements()
    }  # fmt: skip


def evaluations_of(group):
    return {e.name.meaning: e for e in group.get_qualitative_evaluations()}


def texts_of(group):
    return {
        item.ConceptNameCodeSequence[0].CodeMeaning: item.TextValue
        for item in group[0].ContentSequence
        if item.ValueType == "TEXT" and item.RelationshipType == "CONTAINS"
    }


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    geometry = made.grid("oblique")
    scan, images, reading = scan_of(geometry), made.images(geometry), made.reading(geometry)
    regions = segmentation(scan, reading)
    path = tmp_path_factory.mktemp("report") / "report.dcm"
    report(scan, images, reading, made.PROTOCOL, regions).save_as(path, enforce_file_format=True)
    return scan, images, reading, regions, path


def test_a_report_tells_the_numbers_of_every_region(reported):
    _, images, reading, regions, path = reported
    echo = images.echoes.magnitude[1]
    groups = sr.srread(path).content.get_volumetric_roi_measurement_groups()
    rois = regions_of(reading)
    assert [g.referenced_segment.referenced_segment_numbers for g in groups] == [
        [number] for number in range(1, len(rois) + 1)
    ]
    for number, (roi, group) in enumerate(zip(rois, groups, strict=True), start=1):
        values = values_of(group)
        assert values["Volume", None][:2] == (pytest.approx(roi.volume_mm3, rel=1e-12), "mm3")
        for name, data, unit, method in (
            ("MR signal intensity", echo, "1", "Magnitude at TE 3.7 ms"),
            ("R2*", images.r2star_per_s.data, "/s", "R2* fit: arlo"),
            ("Iron concentration in tissue", images.iron_ug_per_g.data, "ug/g", "R2* fit: arlo"),
        ):
            numbers = region_numbers(data, roi.coverage, roi.geometry)
            for derivation, value in (("Mean", numbers.mean), ("Standard Deviation", numbers.sd)):
                if math.isnan(value):
                    assert (name, derivation) not in values
                else:
                    assert values[name, derivation] == (pytest.approx(value, rel=1e-12), unit, method)
        assert group.referenced_segment.referenced_sop_instance_uid == regions.SOPInstanceUID
        assert group.tracking_uid == regions.SegmentSequence[number - 1].TrackingUID
        # one voxel has no SD
        assert (("R2*", "Standard Deviation") in values) == (roi.kind != "node")


def test_a_report_tells_contrast_answers_and_who_gave_them(reported):
    _, images, reading, _, path = reported
    read = sr.srread(path)
    (observer,) = read.content.get_observer_contexts()
    assert str(observer.observer_identifying_attributes.name) == f"{made.RATER}^"
    groups = told_in(path)
    case = groups["case"]
    contrast = measure(reading, images, coils=1).contrast
    cnr = values_of(case)["Contrast-to-noise ratio", None]
    assert cnr == (pytest.approx(contrast.cnr, rel=1e-12), "1", contrast.noise_method)
    (margin,) = evaluations_of(case).values()
    assert (margin.value.value[-2:], margin.value.meaning) == ("=4", "4: mostly")
    assert margin.value.scheme_designator == "99FERROREAD"
    # highdicom reads the evaluation alone; the anchor hangs on its item
    (item,) = [each for each in case[0].ContentSequence if each.name == margin.name]
    (anchor,) = item.ContentSequence
    assert anchor.TextValue == made.PROTOCOL.questions[0].choices[1].anchor
    texts = texts_of(case)
    assert texts["Note"] == reading.answers["note", None]
    assert texts["Query"] == "(flagged, no text)"
    assert texts["Protocol"] == f"everything, version 2.1, SHA-256 {made.PROTOCOL.sha256}"
    assert texts["Pixels that were read and measured"] == "as scanned"
    assert "Reading ended early" not in texts
    assert values_of(groups["tumour"])["Stiffness", None][:2] == (7.0, "unit kPa")
    assert texts_of(groups["tumour"])["Remark"] == "am Rand 山"
    assert not any("Proposed" in texts_of(group) for group in groups.values())


def test_a_report_tells_where_marks_and_rulers_lie(reported):
    scan, _, reading, _, path = reported
    groups = told_in(path)
    mark = groups["lesion 1"]
    assert mark.roi.graphic_type.value == "POINT"
    assert mark.roi.value[0] == pytest.approx(reading.marks["m1"].position_mm, rel=1e-6)
    assert mark.roi.frame_of_reference_uid == scan.frame
    assert values_of(mark)["Size", None][:2] == (3.2, "mm")
    assert groups["node 1"].finding_type == codes.SCT.LymphNode
    for name, ruler in (("ruler 1, lesion 1", "r1"), ("ruler 2", "r2")):
        (length,) = groups[name].get_measurements()
        assert (length.value, length.unit.value) == (pytest.approx(reading.rulers[ruler].length_mm), "mm")
        (line,) = length.referenced_coordinates
        ends = np.array([reading.rulers[ruler].start_mm, reading.rulers[ruler].end_mm])
        assert line.value == pytest.approx(ends, rel=1e-6)


def test_a_reading_that_ended_early_tells_why_and_no_number(tmp_path):
    geometry = made.grid("axial")
    scan, images = scan_of(geometry), made.images(geometry)
    reading = replace(
        made.reading(geometry),
        ended="Image quality: not assessable (motion)",
        marks={},
        rulers={},
        target_of={},
    )
    reading = replace(reading, answers={})
    path = read_back(
        tmp_path, report(scan, images, reading, made.PROTOCOL, segmentation(scan, reading)), "ended.dcm"
    )
    groups = told_in(path)
    assert texts_of(groups["case"])["Reading ended early"] == reading.ended
    assert all(not values_of(group) for group in groups.values()) and len(groups) == 9


def test_an_empty_reading_has_a_report_and_no_regions(tmp_path):
    geometry = made.grid("axial")
    scan = scan_of(geometry)
    reading = made.reading(geometry, [], answers={}, marks={}, rulers={}, target_of={})
    assert segmentation(scan, reading) is None and structure_set(scan, reading) is None
    path = read_back(tmp_path, report(scan, made.images(geometry), reading, made.PROTOCOL, None))
    assert set(told_in(path)) == {"case"}
    assert made.errors_in(path) == []
