"""MR series as DICOM files: what any reader must find in them."""

from datetime import date, datetime

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import UID

from core.errors import InputError
from core.export.dicom import (
    Device,
    Examination,
    Identity,
    MrSeries,
    uid_of,
    write_classic,
    write_enhanced,
)
from core.imaging.geometry import Geometry
from core.imaging.nifti import geometry_of
from readers import inspect, load_echoes

IDENTITY = Identity(
    "Núñez^Clover",
    "ID-1",
    date(2030, 9, 1),
    "F",
    0.0213,
    "Mus musculus",
    "Somewhere",
    "Osei^Efua",
    "Bose^Lia",
)
BEGUN = datetime(2031, 1, 6, 9, 12, 5)
EXAMINATION = Examination("study", "frame", "S1", "A1", "Trunk", BEGUN, "an agent")
DEVICE = Device("FerroRead Simulator", "Model", "FS-1", "1", "BAY3", 3.0)
TE_MS = (1.8, 3.7, 5.6)


def oblique(shape=(4, 5, 7), spacing_mm=(0.9, 0.3, 0.35), seed=1) -> Geometry:
    rng = np.random.default_rng(seed)
    affine = np.eye(4)
    affine[:3, :3] = np.linalg.qr(np.eye(3)[:, ::-1] + 0.2 * rng.normal(size=(3, 3)))[0] * np.asarray(
        spacing_mm
    )
    affine[:3, 3] = rng.uniform(-20, 20, size=3).round(6)
    return Geometry(shape, affine)


def series(
    part="magnitude", *, geometry=None, te_ms=TE_MS, sequence="GR", three_d=False, number=3
) -> MrSeries:
    geometry = geometry or oblique()
    rng = np.random.default_rng(number)
    shape = (len(te_ms), *geometry.shape)
    data = (
        rng.integers(0, 4096, size=shape) if part == "magnitude" else rng.uniform(-np.pi, np.pi, size=shape)
    )
    return MrSeries(
        name=str(number),
        number=number,
        description="MGE",
        sequence=sequence,
        three_d=three_d,
        part=part,
        data=data.astype(np.float32),
        geometry=geometry,
        te_ms=te_ms,
        tr_ms=600.0,
        flip_deg=30.0,
        echo_train=1,
        begun=BEGUN,
    )


def classic(folder, one, device=DEVICE):
    count = one.data.shape[0] * one.data.shape[1]
    names = [f"{one.part[0]}{k}.dcm" for k in range(count)]
    write_classic(folder, names, IDENTITY, EXAMINATION, device, one)
    return [pydicom.dcmread(folder / name) for name in names]


def enhanced(path, one, device=DEVICE):
    write_enhanced(path, IDENTITY, EXAMINATION, device, one)
    return pydicom.dcmread(path)


def test_classic_files_hold_one_picture_each_with_its_own_echo_time_and_place(tmp_path):
    one = series()
    files = classic(tmp_path, one)
    assert len(files) == 12
    for n, file in enumerate(files):
        e, k = divmod(n, 4)
        assert file.SOPClassUID == pydicom.uid.MRImageStorage
        assert file.file_meta.MediaStorageSOPInstanceUID == file.SOPInstanceUID
        assert file.EchoTime == pytest.approx(TE_MS[e])
        assert file.EchoNumbers == e + 1
        assert np.array_equal(file.pixel_array, one.data[e, k])
        assert [float(v) for v in file.ImagePositionPatient] == pytest.approx(
            one.geometry.to_mm((k, 0, 0)), abs=1e-8
        )
        assert file.MagneticFieldStrength == 3
        assert file.ImageType[2] == "M"
    assert len({file.SOPInstanceUID for file in files}) == 12
    assert len({file.SeriesInstanceUID for file in files}) == 1
    assert files[0].PatientName == "Núñez^Clover"
    assert (files[0].ScanningSequence, files[0].MRAcquisitionType) == ("GR", "2D")


def test_an_enhanced_file_holds_every_frame_with_its_own_echo_time_and_place(tmp_path):
    one = series()
    file = enhanced(tmp_path / "e.dcm", one)
    assert file.SOPClassUID == pydicom.uid.EnhancedMRImageStorage
    assert file.NumberOfFrames == 12
    assert file.MagneticFieldStrength == 3.0
    assert file.ComplexImageComponent == "MAGNITUDE"
    assert np.array_equal(file.pixel_array.reshape(one.data.shape), one.data)
    for n, frame in enumerate(file.PerFrameFunctionalGroupsSequence):
        e, k = divmod(n, 4)
        assert frame.MREchoSequence[0].EffectiveEchoTime == pytest.approx(TE_MS[e])
        position = [float(v) for v in frame.PlanePositionSequence[0].ImagePositionPatient]
        assert position == pytest.approx(one.geometry.to_mm((k, 0, 0)), abs=1e-8)
        assert list(frame.FrameContentSequence[0].DimensionIndexValues) == [k + 1, e + 1]
    assert len(file.DimensionIndexSequence) == 2


@pytest.mark.parametrize("kind", ["classic", "enhanced"])
def test_phase_comes_back_in_radians_within_half_a_level(tmp_path, kind):
    one = series("phase")
    if kind == "classic":
        files = classic(tmp_path, one)
        stored = np.stack([file.pixel_array for file in files]).reshape(one.data.shape)
        slope, intercept = float(files[0].RescaleSlope), float(files[0].RescaleIntercept)
        assert files[0].ImageType[2] == "P"
    else:
        file = enhanced(tmp_path / "e.dcm", one)
        stored = file.pixel_array.reshape(one.data.shape)
        rescale = file.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence[0]
        slope, intercept = float(rescale.RescaleSlope), float(rescale.RescaleIntercept)
        assert file.ComplexImageComponent == "PHASE"
    off = np.angle(np.exp(1j * (stored * slope + intercept - one.data)))
    assert np.abs(off).max() <= np.pi / 4096 * 1.01


@pytest.mark.parametrize("kind", ["classic", "enhanced"])
def test_simpleitk_finds_the_same_grid_and_values(tmp_path, kind):
    one = series(te_ms=(4.2,), three_d=True)
    if kind == "classic":
        classic(tmp_path, one)
        reader = sitk.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path)))
        image = reader.Execute()
        # GDCM orders the slices by their place along the normal
    else:
        enhanced(tmp_path / "e.dcm", one)
        image = sitk.ReadImage(str(tmp_path / "e.dcm"))
    found, data = geometry_of(image), sitk.GetArrayFromImage(image)
    for k in range(4):
        index = np.rint(found.to_index(one.geometry.to_mm((k, 0, 0)))).astype(int)
        assert found.to_mm(index) == pytest.approx(one.geometry.to_mm((k, 0, 0)), abs=1e-3)
        assert np.array_equal(data[index[0]], one.data[0, k])


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    spacing=st.tuples(*[st.floats(0.05, 5.0)] * 3),
    kind=st.sampled_from(["classic", "enhanced"]),
)
def test_our_readers_bring_back_grid_echo_times_and_values(tmp_path_factory, seed, spacing, kind):
    folder = tmp_path_factory.mktemp("made")
    grid = oblique(spacing_mm=spacing, seed=seed)
    both = [series(part, geometry=grid, number=n) for n, part in ((3, "magnitude"), (4, "phase"))]
    for one in both:
        if kind == "classic":
            classic(folder, one)
        else:
            enhanced(folder / f"{one.part}.dcm", one)
    found = inspect([folder])
    assert not found.skipped
    [info] = found.series
    assert set(info.part) == {"magnitude", "phase"}
    assert (info.field_t, info.field_source) == (3.0, "header")
    echoes = load_echoes(info)
    assert echoes.te_ms == pytest.approx(TE_MS)
    # readers may turn the slices' order round; compare in patient space
    for k in range(grid.shape[0]):
        place = grid.to_mm((k, 0, 0))
        index = np.rint(echoes.geometry.to_index(place)).astype(int)
        assert echoes.geometry.to_mm(index) == pytest.approx(place, abs=1e-4)
        assert np.array_equal(echoes.magnitude[:, index[0]], both[0].data[:, k])
        off = np.angle(np.exp(1j * (echoes.phase[:, index[0]] - both[1].data[:, k]).astype(float)))
        assert np.abs(off).max() < 1e-3


def test_the_same_series_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        classic(tmp_path / name, series())
        enhanced(tmp_path / name / "e.dcm", series())
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_uids_are_valid_and_differ_by_their_parts():
    uids = {uid_of("study", str(k)) for k in range(50)} | {uid_of("study1", "0"), uid_of("study", "10", "")}
    assert len(uids) == 52
    assert all(UID(uid).is_valid and len(uid) <= 64 for uid in uids)


def test_a_spin_echo_says_so(tmp_path):
    one = series(te_ms=(45.0,), sequence="SE")
    assert classic(tmp_path, one)[0].ScanningSequence == "SE"
    assert enhanced(tmp_path / "e.dcm", one).EchoPulseSequence == "SPIN"


def test_values_beyond_twelve_bits_are_clipped_not_wrapped(tmp_path):
    one = series()
    one.data[0, 0, 0, :2] = (-5.0, 9000.0)
    assert list(classic(tmp_path, one)[0].pixel_array[0, :2]) == [0, 4095]


def test_names_and_pictures_must_match(tmp_path):
    with pytest.raises(InputError, match="3 names for 12 pictures"):
        write_classic(tmp_path, ["a", "b", "c"], IDENTITY, EXAMINATION, DEVICE, series())
    assert not list(tmp_path.iterdir())


def test_data_must_match_grid_and_echoes():
    with pytest.raises(InputError, match="grid and echoes"):
        MrSeries(
            "1",
            1,
            "x",
            "GR",
            False,
            "magnitude",
            np.zeros((2, 4, 5, 7), np.float32),
            oblique(),
            TE_MS,
            1.0,
            1.0,
            1,
            BEGUN,
        )
