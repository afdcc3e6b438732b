"""Real scanners' files: what their README states, and what other libraries make of them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk

from core.errors import AppError, InputError
from core.imaging.volume import EchoSeries
from core.progress import Silent
from core.relaxometry.fit import fit_r2star
from readers import SeriesInfo, inspect, load_echoes, load_volume, with_echo_times
from readers.files import Opener, files_below
from readers.guard import Decoder
from readers.pixels import read_stack

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="session")
def reference(shared_data: Path) -> dict[str, Any]:
    return json.loads((shared_data / "r2star_reference.json").read_text())


def fit_series(folder: Path) -> list[SeriesInfo]:
    return [info for info in inspect([folder]).series if info.fit_for_r2star]


def assert_matches(info: SeriesInfo, wanted: dict[str, Any]) -> None:
    """Compare signals with the pinned voxels, and the log-linear R2* with the reference's median."""
    echoes = load_echoes(info)
    assert list(echoes.te_ms) == wanted["te_ms"]
    assert echoes.magnitude.shape == tuple(wanted["shape"])
    for pin in wanted["voxel_pins_slice_row_col"]:
        np.testing.assert_allclose(echoes.magnitude[(slice(None), *pin["index"])], pin["signal"], rtol=1e-6)
    signal = echoes.magnitude.astype(float)
    mask = (signal[0] > 0.1 * np.percentile(signal[0], 99.5)) & (signal > 0).all(axis=0)
    assert mask.sum() == wanted["mask_voxels"]
    slope = np.polynomial.polynomial.polyfit(np.array(echoes.te_ms) / 1e3, np.log(signal[:, mask]), 1)[1]
    assert np.median(-slope) == pytest.approx(wanted["loglin_median"], rel=1e-6)


# estimator -> its median in the reference
ESTIMATORS = {
    "loglinear": "loglin_median",
    "weighted": "wls_median",
    "arlo": "arlo_median",
    "nlls": "nlls_median",
}


def assert_r2star(echoes: EchoSeries, wanted: dict[str, Any]) -> None:
    """Compare every estimator's median R2* with the reference, in the reference's mask."""
    signal = echoes.magnitude.astype(float)
    mask = (signal[0] > 0.1 * np.percentile(signal[0], 99.5)) & (signal > 0).all(axis=0)
    assert mask.sum() == wanted["mask_voxels"]
    for method, name in ESTIMATORS.items():
        if name in wanted:
            r2star = fit_r2star(echoes, method=method, mask=mask).r2star_per_s[mask]
            assert np.nanmedian(r2star) == pytest.approx(wanted[name], rel=1e-4), method


def fittable(shared_data: Path, name: str) -> EchoSeries:
    if name == "nifti":
        found = inspect([shared_data / "nifti-7t-3echo-swi-crop"]).series
        (info,) = [info for info in found if "magnitude" in info.part]
        # the set has no sidecar: its README states the echo times
        return load_echoes(with_echo_times(info, [4.0, 8.0, 12.0]), field_t=7.0)
    (info,) = fit_series(shared_data / name)
    return load_echoes(info)


FITTABLE = {
    "siemens-6echo-gre-mag-phase": ("siemens-6echo-gre-mag-phase", "set"),
    "siemens-e11-fieldmap-4series/data/2_gre_field_magph": (
        "siemens-e11-fieldmap-4series",
        "2_gre_field_magph",
    ),
    "siemens-e11-fieldmap-4series/data/5_gre_field_mag": ("siemens-e11-fieldmap-4series", "5_gre_field_mag"),
    "nifti": ("nifti-7t-3echo-swi-crop", "set"),
}


@pytest.mark.parametrize("name", sorted(FITTABLE))
def test_r2star_of_every_fittable_set_is_the_references(
    shared_data: Path, reference: dict[str, Any], name: str
) -> None:
    folder, part = FITTABLE[name]
    assert_r2star(fittable(shared_data, name), reference[folder][part])


def test_three_echoes_of_nifti_without_a_sidecar(shared_data: Path, reference: dict[str, Any]) -> None:
    both, nan = sorted(inspect([shared_data / "nifti-7t-3echo-swi-crop"]).series, key=lambda info: info.part)
    assert (both.part, both.shape, both.spacing_mm) == (
        ("magnitude", "phase"), (20, 40, 40), (1.0, 0.46875, 0.46875),
    )  # fmt: skip
    assert both.te_ms == () and not both.fit_for_r2star
    assert "list them, in seconds, as EchoTime in Mag.json" in " ".join(both.problems)
    wanted = reference["nifti-7t-3echo-swi-crop"]["set"]
    echoes = fittable(shared_data, "nifti")
    assert list(echoes.te_ms) == wanted["te_ms"]
    for pin in wanted["voxel_pins_slice_row_col"]:
        # the reference counts x, y, z
        np.testing.assert_allclose(
            echoes.magnitude[(slice(None), *pin["index"][::-1])], pin["signal"], rtol=1e-6
        )
    assert echoes.phase is not None and np.abs(echoes.phase).max() <= np.pi + 1e-6
    assert (nan.part, nan.shape) == (("phase",), (5, 128, 128))


def test_nan_in_a_real_file_stays(shared_data: Path) -> None:
    path = shared_data / "nifti-7t-3echo-swi-crop" / "data" / "phase_with_nan.nii"
    (info,) = inspect([path]).series
    given = with_echo_times(info, [4.0, 8.0])
    assert given.stack is not None
    with Opener() as opener, Decoder() as decoder:
        values = read_stack(given.stack, ("phase",), Silent(), opener, decoder)["phase"]
    wanted = nib.load(path).get_fdata().transpose(3, 2, 1, 0)
    assert np.isnan(wanted).any()
    np.testing.assert_array_equal(np.isnan(values), np.isnan(wanted))


def test_siemens_six_echoes_magnitude_and_phase(shared_data: Path, reference: dict[str, Any]) -> None:
    (info,) = inspect([shared_data / "siemens-6echo-gre-mag-phase"]).series
    assert info.part == ("magnitude", "phase")
    assert info.te_ms == (2.5, 5.5, 8.5, 11.5, 14.5, 17.5)
    assert info.shape == (10, 76, 128)
    assert (info.field_t, info.field_source, info.files, info.problems) == (3.0, "header", 120, ())
    assert_matches(info, reference["siemens-6echo-gre-mag-phase"]["set"])
    phase = load_echoes(info).phase
    assert phase is not None
    # air is uniform over the whole turn
    assert -np.pi <= phase.min() < -3.1 and 3.1 < phase.max() < np.pi


def test_siemens_field_map_exported_four_ways(shared_data: Path, reference: dict[str, Any]) -> None:
    folder = shared_data / "siemens-e11-fieldmap-4series"
    series = inspect([folder]).series
    assert [(info.part, info.fit_for_r2star) for info in series] == [
        (("magnitude",), True),
        (("phase",), False),
        (("phase",), False),
        (("magnitude",), True),
    ]
    for name, wanted in reference["siemens-e11-fieldmap-4series"].items():
        (alone,) = fit_series(folder / "data" / name)
        assert alone.id in {info.id for info in series}
        assert_matches(alone, wanted)


def test_hyperfine_is_inferred_and_not_fitted(shared_data: Path) -> None:
    (info,) = inspect([shared_data / "hyperfine-64mt-enhanced" / "data" / "001"]).series
    assert info.field_t == pytest.approx(0.064, rel=0.02)
    assert info.field_source == "inferred"
    assert info.te_ms == (194.4,)
    assert info.shape == (8, 138, 112)
    assert not info.fit_for_r2star
    assert "one echo; R2* needs at least two" in info.problems


def test_united_imaging_mosaics_are_refused_by_name(shared_data: Path) -> None:
    with pytest.raises(InputError, match="United Imaging VFRAME"):
        inspect([shared_data / "uih-umr770-vframe" / "data"])


def test_bruker_experiments(shared_data: Path) -> None:
    experiments = shared_data / "bruker-7t-pv51-banana" / "data" / "bru_banana"
    inspection = inspect([experiments])
    assert inspection.skipped == ()
    good, *turned = inspection.series
    assert (good.te_ms, good.shape, good.spacing_mm) == ((16.5,), (5, 64, 80), (2.0, 0.6875, 0.55))
    assert (good.field_t, good.field_source) == (pytest.approx(7.05, abs=0.01), "inferred")
    stored = np.fromfile(experiments / "1" / "pdata" / "1" / "2dseq", "<i2").reshape(5, 64, 80)
    volume = load_volume(good)
    np.testing.assert_allclose(volume.data, stored * 11.0270188718677, rtol=1e-6)
    np.testing.assert_allclose(volume.geometry.to_mm([1, 0, 0]), [-22, -21.2, -2], atol=1e-6)
    # whoever made the set turned their orientation by hand and left the positions
    assert all("positions and orientation contradict" in " ".join(info.problems) for info in turned)


REAL_FOLDERS = [
    "siemens-6echo-gre-mag-phase",
    "siemens-e11-fieldmap-4series",
    "dicom-odd/data/dicom2nifti_failing",
    "dicom-odd/data/nibabel_nicom",
    "dicom-odd/data/pydicom_test_files",
    "dicom-odd/data/pynetdicom",
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("folder", REAL_FOLDERS)
def test_affines_agree_with_simpleitk(shared_data: Path, folder: str) -> None:
    compared = 0
    for info in inspect([shared_data / folder]).series:
        if info.stack is None or info.frames[0].position is None:
            continue
        frames = info.stack.frames[next(part for part in info.part if part in info.stack.frames)][0]
        if len({frame.file for frame in frames}) < len(frames) or frames[0].file.path.suffix == ".gz":
            continue
        # a tilted gantry shears the volume, for which SimpleITK's images have no place
        if any("sheared" in problem for problem in info.problems):
            continue
        image = simpleitk_image([str(frame.file.path) for frame in frames])
        if image is None:
            continue
        affine = np.eye(4)
        affine[:3, :3] = (np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing())[:, ::-1]
        affine[:3, 3] = image.GetOrigin()
        corners = np.array(np.meshgrid(*[(0, size - 1) for size in info.shape])).reshape(3, -1)
        homogeneous = np.vstack([corners, np.ones(corners.shape[1])])
        apart = np.abs((affine - info.stack.geometry.affine) @ homogeneous).max()
        assert apart < 1e-3, (info.path, affine, info.stack.geometry.affine)
        compared += 1
    assert compared


def simpleitk_image(paths: list[str]) -> sitk.Image | None:
    """Read a volume by SimpleITK from files in order; None where it cannot."""
    try:
        return sitk.ReadImage(paths)
    except RuntimeError:
        return None


def test_affine_of_enhanced_files_agrees_with_simpleitk(shared_data: Path, tmp_path: Path) -> None:
    plain = tmp_path / "philips.dcm"
    packed = shared_data / "dicom-odd" / "data" / "nibabel_nicom" / "philips_mprage.dcm.gz"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    for path in (plain, shared_data / "hyperfine-64mt-enhanced" / "data" / "001" / "001.dcm"):
        (info,) = inspect([path]).series
        assert info.stack is not None
        image = sitk.ReadImage(str(path))
        for index in ((0, 0, 0), tuple(np.subtract(info.shape, 1)), (2, 5, 7)):
            wanted = image.TransformIndexToPhysicalPoint([int(k) for k in index[::-1]])
            np.testing.assert_allclose(info.stack.geometry.to_mm(index), wanted, atol=1e-3)


def odd_files(shared_data: Path) -> list[Path]:
    # a DICOMDIR stands for its whole folder
    left_out = ("README.txt", "DICOMDIR")
    return [path for path in files_below(shared_data / "dicom-odd" / "data") if path.name not in left_out]


def test_every_odd_dicomdir_ends_in_its_pictures_or_one_clear_line(shared_data: Path) -> None:
    tables = sorted((shared_data / "dicom-odd" / "data").rglob("DICOMDIR*"))
    assert len(tables) > 5
    for path in tables:
        try:
            told = [item.reason for item in inspect([path]).skipped if item.path.samefile(path)]
        except AppError as error:
            told = [str(error)]
        assert any(word in told[0] for word in ("table of contents", "cut short")), told
        assert "\n" not in told[0] and len(told[0]) < 500


def pydicoms_pixels(path: Path) -> np.ndarray | None:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    try:
        pixels = pydicom.dcmread(io.BytesIO(content)).pixel_array
    # whatever pydicom cannot decode, we need not
    except Exception:
        return None
    return pixels if pixels.ndim > 2 else pixels[None]


@pytest.mark.filterwarnings("ignore")
def test_every_odd_file_ends_in_pydicoms_pixels_or_one_clear_line(shared_data: Path) -> None:
    pictures = 0
    # one decoder for all of them, as for the files of one series
    with Opener() as opener, Decoder() as decoder:
        for path in odd_files(shared_data):
            wanted = pydicoms_pixels(path)
            try:
                (info,) = inspect([path]).series
                assert info.stack is not None
                data = read_stack(info.stack, info.part, Silent(), opener, decoder)[info.part[0]][0]
            except AppError as error:
                line = str(error)
                assert path.name in line and "\n" not in line and len(line) < 400, line
                # what is refused though pydicom has pixels is refused for what it shows
                if wanted is not None:
                    assert any(kind in line for kind in ("mosaic", "colour picture", "single bits")), line
                continue
            if wanted is None:
                # a letter where a number is due stops pydicom; the pixels are whole
                assert path.name == "badVR.dcm"
                continue
            pictures += 1
            for frame, found in zip(info.stack.frames[info.part[0]][0], data, strict=True):
                scale = frame.scale
                values = (wanted[frame.number].astype(float) * scale.slope + scale.intercept) * (
                    scale.factor or 1
                )
                np.testing.assert_array_equal(found, values.astype(np.float32), err_msg=str(path))
    assert pictures > 100
