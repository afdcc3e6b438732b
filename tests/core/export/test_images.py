"""A study's images and objects as a folder: valid, the same every time, nothing in it but what is stated."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk

from core.errors import InputError
from core.export.images import INDEX, Wanted, export_images
from core.imaging.geometry import Geometry
from core.imaging.nifti import read_nifti
from core.reading.contrast import contrast_echo

sys.path.insert(0, str(Path(__file__).parent))
import objects as made

# what changes from one export to the next, and nothing else
TIME_STAMPS = {"InstanceCreationDate", "InstanceCreationTime", "ContributionDateTime"}
OF_A_MAP = {"ContentDate", "ContentTime"}


def exported(out, geometry, *readings, wanted=None, **changes):
    study = made.study(geometry, *readings, **changes)
    return export_images(study, "study-id", "Iron «Ü»", out, wanted=wanted)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One scan, oblique and left-handed, with a full reading and an empty one."""
    geometry = made.grid("oblique left-handed")
    empty = made.reading(
        geometry, [], answers={}, marks={}, rulers={}, target_of={}, alias="EMP", rater="B. Ø"
    )
    out = tmp_path_factory.mktemp("whole") / "out"
    written = exported(out, geometry, made.reading(geometry), empty)
    return out, written, geometry


def test_every_kind_of_object_is_written_and_listed(whole):
    out, written, _ = whole
    assert written.counts == {
        "NIfTI map": 5, "NIfTI region": 8, "MR image": 9, "parametric map": 4,
        "segmentation": 1, "structure set": 1, "report": 2,
    }  # fmt: skip
    with (out / INDEX).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    files = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.suffix in (".dcm", ".gz")}
    assert {row["path"] for row in rows} == files and len(rows) == 30
    reports = [row for row in rows if row["object"] == "report"]
    assert {(row["rater"], row["alias"]) for row in reports} == {(made.RATER, "QX7"), ("B. Ø", "EMP")}
    for row in reports:
        assert pydicom.dcmread(out / row["path"]).SOPInstanceUID == row["sop_instance_uid"]


@pytest.mark.parametrize("what", ["MR", "parametric map", "segmentation", "structure-set", "report"])
def test_dciodvfy_finds_no_error(whole, what):
    out, _, _ = whole
    chosen = {"MR": "0*.dcm", "parametric map": "*_per_*.dcm"}.get(what, f"{what}.dcm")
    paths = sorted((out / "dicom").rglob(chosen))
    assert paths
    assert {path.name: made.errors_in(path) for path in paths} == {path.name: [] for path in paths}


def test_dciodvfy_finds_no_error_in_shares_and_in_pictures_that_are_no_whole_numbers(tmp_path):
    geometry = made.grid("flipped", (1, 14, 12))
    changes = {"images": lambda _: made.images(geometry, whole=False)}
    exported(tmp_path / "out", geometry, made.reading(geometry), wanted=Wanted(fractional=True), **changes)
    for path in (tmp_path / "out" / "dicom").rglob("*.dcm"):
        assert made.errors_in(path) == [], path.name


def test_a_viewer_finds_all_objects_of_a_scan_in_one_study_and_one_frame(whole):
    out, _, _ = whole
    read = [pydicom.dcmread(path) for path in (out / "dicom").rglob("*.dcm")]
    assert len({dataset.StudyInstanceUID for dataset in read}) == 1
    assert len({dataset.SOPInstanceUID for dataset in read}) == len(read)
    frames = {dataset.FrameOfReferenceUID for dataset in read if "FrameOfReferenceUID" in dataset}
    assert len(frames) == 1
    assert {dataset.PatientID for dataset in read} == {read[0].PatientID}
    assert "Mäuschen 7 / b" in read[0].PatientID
    series = {dataset.SeriesInstanceUID for dataset in read if dataset.Modality == "MR"}
    assert len(series) == 3


def test_an_echo_written_as_dicom_is_the_picture(whole, tmp_path):
    out, _, geometry = whole
    images = made.images(geometry)
    (folder,) = (out / "dicom").iterdir()
    for echo, te_ms in enumerate(images.echoes.te_ms, start=1):
        reader = sitk.ImageSeriesReader()
        reader.SetFileNames([str(path) for path in sorted((folder / f"echo-{echo:02d}").iterdir())])
        read = reader.Execute()
        index = (4, 3, 0)
        assert read.TransformIndexToPhysicalPoint(index) == pytest.approx(geometry.to_mm((0, 3, 4)), abs=1e-6)
        assert np.array_equal(sitk.GetArrayFromImage(read), images.echoes.magnitude[echo - 1])
        first = pydicom.dcmread(folder / f"echo-{echo:02d}" / "0001.dcm")
        assert (float(first.EchoTime), float(first.MagneticFieldStrength)) == (te_ms, 3.0)


def test_masks_and_maps_as_nifti_lie_where_they_were_drawn(whole):
    out, _, geometry = whole
    (folder,) = (out / "nifti").iterdir()
    reading = made.reading(geometry)
    regions = next(path for path in folder.iterdir() if path.name.endswith("QX7"))
    sidecars = {}
    for path in regions.glob("*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        sidecars[told["region"]] = told, sitk.ReadImage(str(path.with_suffix(".nii.gz")))
    assert len(sidecars) == 8
    magnitude = sitk.ReadImage(str(folder / "magnitude.nii.gz"))
    for roi, name in zip(reading.rois.values(), ("tumour", "Größe ≥ 2", "node"), strict=False):
        told, mask = sidecars[name]
        array = sitk.GetArrayFromImage(mask)
        assert np.array_equal(array.astype(bool), roi.mask)
        assert (told["kind"], told["alias"], told["subject"]) == (roi.kind, "QX7", made.SUBJECT)
        assert told["volume_mm3"] == pytest.approx(roi.volume_mm3)
        assert mask.GetSize() == magnitude.GetSize()
        for k, row, column in np.argwhere(roi.mask):
            place = geometry.to_mm((k, row, column))
            index = (int(column), int(row), int(k))
            assert mask.TransformIndexToPhysicalPoint(index) == pytest.approx(place, abs=1e-4)
            assert magnitude.TransformPhysicalPointToIndex(tuple(map(float, place))) == index
    images = made.images(geometry)
    back = read_nifti(folder / "r2star_per_s.nii.gz")
    assert np.array_equal(back.data, images.r2star_per_s.data, equal_nan=True)
    assert back.geometry.same_grid(geometry)
    told = json.loads((folder / "iron_ug_per_g.json").read_text(encoding="utf-8"))
    assert (told["unit"], told["fit"], told["visit"]) == ("ug/g", "arlo", made.VISIT)
    echo = contrast_echo(images.echoes.te_ms)
    assert np.array_equal(sitk.GetArrayFromImage(magnitude), images.echoes.magnitude[echo])


def test_shares_of_voxels_as_nifti(tmp_path):
    geometry = made.grid("axial")
    reading = made.reading(geometry)
    wanted = Wanted(dicom=False, fractional=True)
    written = exported(tmp_path / "out", geometry, reading, wanted=wanted)
    assert set(written.counts) == {"NIfTI map", "NIfTI region"}
    painted = read_nifti(next((tmp_path / "out").rglob("Größe___2.nii.gz")))
    roi = list(reading.rois.values())[1]
    assert np.array_equal(np.rint(painted.data * 255), roi.coverage)


def test_the_same_study_gives_the_same_objects_but_for_the_time(whole, tmp_path):
    out, _, geometry = whole
    empty = made.reading(
        geometry, [], answers={}, marks={}, rulers={}, target_of={}, alias="EMP", rater="B. Ø"
    )
    # a reading more changes nothing of the others
    third = replace(empty, alias="NEW", session=3)
    exported(tmp_path / "again", geometry, made.reading(geometry), third, empty)
    for path in sorted(out.rglob("*")):
        other = tmp_path / "again" / path.relative_to(out)
        if path.suffix == ".dcm":
            assert without_times(path) == without_times(other), path.name
        elif path.suffix == ".json":
            assert path.read_bytes() == other.read_bytes()


def without_times(path):
    """A file as text, pixels too, without the moments at which it was written."""
    dataset = pydicom.dcmread(path)
    left_out = TIME_STAMPS | (OF_A_MAP if dataset.Modality == "OT" else set())

    def strip(one, element):
        if element.keyword in left_out:
            del one[element.tag]

    dataset.walk(strip)
    return dataset.to_json()


def test_another_map_is_another_object(tmp_path):
    geometry = made.grid("axial", (1, 14, 12))
    wanted = Wanted(nifti=False)
    uids = []
    for factor in (1.0, 2.0):

        def images(_, factor=factor):
            found = made.images(geometry)
            changed = replace(found.iron_ug_per_g, data=found.iron_ug_per_g.data * np.float32(factor))
            return replace(found, iron_ug_per_g=changed)

        out = tmp_path / f"out{factor}"
        reading = made.reading(geometry, made.regions(geometry)[:1])
        exported(out, geometry, reading, wanted=wanted, images=images)
        names = ("iron_ug_per_g", "r2star_per_s", "segmentation", "report")
        uids.append([pydicom.dcmread(next(out.rglob(f"{name}.dcm"))).SOPInstanceUID for name in names])
    same = [first == second for first, second in zip(*uids, strict=True)]
    assert same == [False, True, True, False]


def test_a_reading_that_was_corrected_is_another_object_and_says_why(tmp_path):
    geometry = made.grid("axial", (1, 14, 12))
    reading = made.reading(geometry, made.regions(geometry)[:1])
    read = []
    for name, each in (("1", reading), ("2", replace(reading, version=2, correction="wrong side"))):
        exported(tmp_path / name, geometry, each)
        files = ("segmentation", "structure-set", "report")
        read.append([pydicom.dcmread(next((tmp_path / name).rglob(f"{file}.dcm"))) for file in files])
        sidecar = json.loads(next((tmp_path / name).rglob("tumour.json")).read_text(encoding="utf-8"))
        assert str(sidecar["version"]) == name
    for before, after in zip(*read, strict=True):
        assert before.SOPInstanceUID != after.SOPInstanceUID
        assert ("version 2: wrong side" in after.to_json()) == (after.Modality == "SR")
        assert "version 2:" not in before.to_json()
    # the region is the same one
    tracked = [segmentation.SegmentSequence[0].TrackingUID for segmentation, _, _ in read]
    assert tracked[0] == tracked[1]


def test_pixels_that_were_evened_out_are_other_objects_and_say_so(tmp_path):
    geometry = made.grid("axial", (1, 14, 12))
    read = []
    for evened in (False, True):

        def images(_, evened=evened):
            found = made.images(geometry)
            echoes = replace(found.echoes, magnitude=found.echoes.magnitude + 1) if evened else found.echoes
            return replace(found, echoes=echoes, facts={"evened": "resample"} if evened else {})

        out = tmp_path / f"out{evened}"
        exported(out, geometry, images=images)
        picture = pydicom.dcmread(next(out.rglob("0001.dcm")))
        sidecar = json.loads(next(out.rglob("magnitude.json")).read_text(encoding="utf-8"))
        read.append((picture, sidecar["pixels"]))
    (before, as_scanned), (after, resampled) = read
    assert before.SOPInstanceUID != after.SOPInstanceUID
    assert before.StudyInstanceUID == after.StudyInstanceUID
    assert (as_scanned, resampled) == ("as scanned", "resampled")
    assert "resampled" in after.DerivationDescription


def test_nothing_is_in_the_files_but_what_is_stated(whole):
    out, _, _ = whole
    canaries = ("canary-group", "canary-kit", "canary-target", "canary-guess", made.SCAN.scan_id)
    for path in out.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            content = path.read_bytes()
            assert not [text for text in canaries if text.encode() in content], path.name
            assert str(out).encode() not in content
    for path in (out / "dicom").rglob("*.dcm"):
        dataset = pydicom.dcmread(path)
        for element in dataset.iterall():
            if element.VR == "PN" and element.value:
                assert str(element.value).rstrip("^") in {"Mäuschen 7 / b", made.RATER, "B. Ø"}
            if element.keyword in ("InstitutionName", "StationName", "OperatorsName", "PatientBirthDate"):
                assert not element.value


def test_a_sheared_grid_is_told_and_written_as_nifti_alone(tmp_path):
    affine = made.grid("axial").affine.copy()
    affine[:3, 2] += 0.1 * affine[:3, 1]
    geometry = Geometry(made.SHAPE, affine)
    written = exported(tmp_path / "out", geometry, made.reading(geometry, [], target_of={}))
    assert written.counts == {"NIfTI map": 5}
    assert "not at right angles" in written.left_out[0]


def test_slices_that_are_offset_within_their_plane_keep_their_places(tmp_path):
    affine = made.grid("oblique").affine.copy()
    affine[:3, 0] += 0.3 * affine[:3, 1]
    geometry = Geometry(made.SHAPE, affine)
    reading = made.reading(geometry, made.regions(geometry)[:2])
    exported(tmp_path / "out", geometry, reading, wanted=Wanted(nifti=False))
    frames = pydicom.dcmread(next((tmp_path / "out").rglob("segmentation.dcm")))
    for groups in frames.PerFrameFunctionalGroupsSequence:
        place = [float(v) for v in groups.PlanePositionSequence[0].ImagePositionPatient]
        index = geometry.to_index(place)
        assert index == pytest.approx(np.rint(index), abs=1e-6)
    for path in (tmp_path / "out" / "dicom").rglob("*.dcm"):
        assert made.errors_in(path) == [], path.name


def test_an_export_that_is_stopped_or_would_overwrite_leaves_nothing(tmp_path):
    class Stopped:
        def report(self, fraction, what):
            pass

        def cancelled(self):
            return True

    geometry = made.grid("axial")
    study = made.study(geometry, made.reading(geometry))
    with pytest.raises(InputError, match="stopped"):
        export_images(study, "id", "name", tmp_path / "out", progress=Stopped())
    assert not any(tmp_path.iterdir())
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("mine")
    with pytest.raises(InputError, match="already exists"):
        export_images(study, "id", "name", tmp_path / "there")
