"""The digital study on disk: files, tables and truth that agree with each other."""

from dataclasses import replace

import numpy as np
import pydicom
import pytest

from core.errors import InputError
from core.export.digital_study import MANUFACTURER, scan_folder, write_study
from core.export.tables import read_csv
from core.imaging.nifti import read_nifti
from core.relaxometry.simulate import VISITS, draw_study, scan
from readers import inspect, load_echoes, load_volume

FIELDS = (3.0, 0.064)


@pytest.fixture(scope="module")
def plan():
    """One animal, in a group that takes the agent up; the others would only take time."""
    whole = draw_study(5, 1, FIELDS)
    return replace(whole, subjects=tuple(s for s in whole.subjects if s.group == "MNP + magnet"))


@pytest.fixture(scope="module")
def study(plan, tmp_path_factory):
    out = tmp_path_factory.mktemp("simulated") / "study"
    written = write_study(plan, out)
    assert written.scans == len(VISITS) * len(FIELDS)
    assert written.files == len(list(out.rglob("*.dcm")))
    return out


def rows(path):
    columns, cells = read_csv(path)
    return [dict(zip(columns, row, strict=True)) for row in cells]


def test_the_manifest_names_every_scan_and_where_it_lies(plan, study):
    manifest = rows(study / "manifest.csv")
    assert list(manifest[0]) == ["path", "subject", "group", "visit", "field_t"]
    assert {(row["visit"], float(row["field_t"])) for row in manifest} == {
        (v, f) for v in VISITS for f in FIELDS
    }
    for row in manifest:
        assert row["group"] == "MNP + magnet"
        assert row["subject"] == plan.subjects[0].subject
        assert any((study / row["path"]).glob("*.dcm"))


def test_the_reference_standard_lists_every_target(plan, study):
    reference = {row["target"]: row for row in rows(study / "reference.csv")}
    assert set(reference) == {"T1", "L1", "L2", "L3", "N1", "N2"}
    for target in plan.subjects[0].targets:
        row = reference[target.target_id]
        assert (row["kind"], row["malignant"]) == (target.kind, str(int(target.malignant)))
        assert float(row["diameter_mm"]) == pytest.approx(target.diameter_mm, abs=1e-3)
        centre = [float(row[f"centre_{axis}_mm"]) for axis in "xyz"]
        assert centre == pytest.approx(target.centre_mm, abs=1e-3)


def test_icpms_is_of_the_visits_after_the_agent(plan, study):
    table = rows(study / "icpms.csv")
    assert [row["visit"] for row in table] == ["1 h", "24 h"]
    for row in table:
        assert float(row["iron_ug_per_g"]) == pytest.approx(
            plan.subjects[0].icpms_ug_per_g[row["visit"]], abs=1e-3
        )


@pytest.mark.parametrize("field_t", FIELDS)
def test_readers_find_the_three_series_of_a_scan_with_the_simulators_values(plan, study, field_t):
    subject = plan.subjects[0].subject
    found = inspect([study / "dicom" / scan_folder(subject, "1 h", field_t)])
    assert not found.skipped
    made = scan(plan, subject, "1 h", field_t)
    by_kind = {(info.sequence, info.acquisition): info for info in found.series}
    assert set(by_kind) == {("GR", "2D"), ("GR", "3D"), ("SE", "2D")}
    info = by_kind["GR", "2D"]
    assert (info.field_t, info.field_source, info.fit_for_r2star) == (field_t, "header", True)
    assert set(info.part) == {"magnitude", "phase"}
    assert info.te_ms == pytest.approx(made.echoes.te_ms)
    echoes = load_echoes(info)
    assert echoes.geometry.same_grid(made.echoes.geometry)
    assert np.array_equal(echoes.magnitude, made.echoes.magnitude)
    off = np.angle(np.exp(1j * (echoes.phase - made.echoes.phase).astype(float)))
    assert np.abs(off).max() < 1e-3
    for kind, volume in ((("SE", "2D"), made.anatomy), (("GR", "3D"), made.gre3d)):
        loaded = load_volume(by_kind[kind])
        assert loaded.geometry.same_grid(volume.geometry)
        assert np.array_equal(loaded.data, volume.data)


def test_3_t_is_classic_and_64_mt_enhanced_with_the_field_in_the_header(plan, study):
    subject = plan.subjects[0].subject
    for field_t, kind in ((3.0, pydicom.uid.MRImageStorage), (0.064, pydicom.uid.EnhancedMRImageStorage)):
        for path in (study / "dicom" / scan_folder(subject, "baseline", field_t)).glob("*.dcm"):
            header = pydicom.dcmread(path, stop_before_pixels=True)
            assert header.SOPClassUID == kind
            assert float(header.MagneticFieldStrength) == field_t
            assert header.Manufacturer == MANUFACTURER


def test_file_names_tell_neither_series_nor_order(plan, study):
    folder = study / "dicom" / scan_folder(plan.subjects[0].subject, "baseline", 3.0)
    headers = [pydicom.dcmread(path, stop_before_pixels=True) for path in sorted(folder.glob("*.dcm"))]
    order = [(int(header.SeriesNumber), int(header.InstanceNumber)) for header in headers]
    ranks = np.argsort(np.argsort([s * 1000 + i for s, i in order]))
    assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) < 0.2


def test_headers_carry_an_identity_that_has_to_be_removed(plan, study):
    names, studies, frames, dates = set(), set(), set(), []
    for visit in VISITS:
        for field_t in FIELDS:
            path = next(
                (study / "dicom" / scan_folder(plan.subjects[0].subject, visit, field_t)).glob("*.dcm")
            )
            header = pydicom.dcmread(path, stop_before_pixels=True)
            for keyword in (
                "PatientID",
                "PatientBirthDate",
                "AccessionNumber",
                "InstitutionName",
                "OperatorsName",
            ):
                assert header[keyword].value
            assert visit in header.StudyDescription
            names.add(str(header.PatientName))
            studies.add(header.StudyInstanceUID)
            frames.add(header.FrameOfReferenceUID)
            dates.append(header.StudyDate)
    assert len(names) == len(frames) == 1
    assert len(studies) == 6
    assert dates[0] == dates[2] < dates[4]


@pytest.mark.parametrize("field_t", FIELDS)
def test_the_truth_is_that_of_the_scan_on_its_grid(plan, study, field_t):
    subject = plan.subjects[0].subject
    made = scan(plan, subject, "24 h", field_t)
    folder = study / "truth" / scan_folder(subject, "24 h", field_t)
    for name, volume in (
        ("r2star_per_s", made.truth.r2star_per_s),
        ("iron_ug_per_g", made.truth.iron_ug_per_g),
    ):
        found = read_nifti(folder / f"{name}.nii.gz")
        assert found.geometry.same_grid(made.echoes.geometry)
        assert np.array_equal(found.data, volume.data, equal_nan=True)
    for name in ("T1", "L1", "N2", "muscle", "liver"):
        assert np.array_equal(read_nifti(folder / f"mask_{name}.nii.gz").data > 0, made.truth.masks[name])
    iron = {row["visit"]: float(row["iron_ug_per_g"]) for row in rows(study / "truth" / "iron.csv")}
    assert iron == dict(plan.subjects[0].tumour_iron_ug_per_g)


@pytest.mark.parametrize("field_t", FIELDS)
def test_the_phantom_its_vials_and_its_table_agree(study, field_t):
    [info] = inspect([study / "phantom" / f"{field_t:g}T"]).series
    assert info.fit_for_r2star
    vials = [row for row in rows(study / "vials.csv") if float(row["field_t"]) == field_t]
    table = rows(study / "phantom" / f"{field_t:g}T_table.csv")
    assert [row["iron_mmol_per_l"] for row in table] == [row["iron_mmol_per_l"] for row in vials]
    echoes = load_echoes(info)
    for vial, reading in zip(vials, table, strict=True):
        centre = [float(vial[f"centre_{axis}_mm"]) for axis in "xyz"]
        index = tuple(np.rint(echoes.geometry.to_index(centre)).astype(int))
        signal = echoes.magnitude[(slice(None), *index)].astype(float)
        # two echoes of one voxel: only roughly the vial's rate, but surely the right vial
        te_s = 1e-3 * np.array(echoes.te_ms)
        rough = np.log(signal[0] / signal[3]) / (te_s[3] - te_s[0])
        assert rough == pytest.approx(float(reading["r2star_per_s"]), abs=12)


def test_a_plan_written_again_gives_the_same_bytes_whatever_other_fields_it_had(plan, study, tmp_path):
    write_study(replace(plan, fields_t=(0.064,)), tmp_path / "again")
    again = [path for path in (tmp_path / "again").rglob("*") if path.is_file() and "0.064T" in str(path)]
    # multi-frame files, truth and phantom, not the tables of the whole study
    assert len(again) > 40
    for path in again:
        assert path.read_bytes() == (study / path.relative_to(tmp_path / "again")).read_bytes()


class Stopping:
    """A Progress that is cancelled once something has been written."""

    def __init__(self) -> None:
        self.said: list[float] = []

    def report(self, fraction: float, what: str) -> None:
        self.said.append(fraction)

    def cancelled(self) -> bool:
        return len(self.said) >= 2


def test_a_stopped_simulation_leaves_nothing(plan, tmp_path):
    progress = Stopping()
    with pytest.raises(InputError, match="stopped"):
        write_study(replace(plan, fields_t=(0.064,)), tmp_path / "study", progress=progress)
    assert progress.said == sorted(progress.said)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_is_kept(plan, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="already exists"):
        write_study(plan, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
