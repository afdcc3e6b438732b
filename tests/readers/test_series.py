"""Series come back as the scanner measured them, whatever the vendor's style, or the fault is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from core.errors import ImageReadError, InputError
from readers import SeriesInfo, inspect, load_echoes, load_volume, sources, with_echo_times
from tests.readers.scanner import Scan, Style, make_scan, rotation_of, write_classic, write_enhanced

OBLIQUE = rotation_of((0.9, 0.2, -0.3, 0.1))


def expected_signal(scan: Scan) -> np.ndarray:
    """Compute the signal by the vendors' formulas, in float64."""
    rs, ri = scan.slope or 1.0, scan.intercept or 0.0
    if "magnitude" not in scan.stored:
        real, imaginary = (scan.stored[part] * rs + ri for part in ("real", "imaginary"))
        return np.hypot(real, imaginary)
    values = scan.stored["magnitude"] * rs + ri
    return values / (rs * scan.philips_scale) if scan.philips_scale else values


def only(series: tuple[SeriesInfo, ...]) -> SeriesInfo:
    assert len(series) == 1, [(info.part, info.te_ms, info.problems) for info in series]
    return series[0]


def assert_comes_back(scan: Scan, folder: Path) -> SeriesInfo:
    info = only(inspect([folder]).series)
    echoes = load_echoes(info)
    assert echoes.te_ms == tuple(scan.te_ms)
    np.testing.assert_allclose(echoes.geometry.affine, scan.affine, atol=1e-6)
    np.testing.assert_allclose(echoes.magnitude, expected_signal(scan), rtol=1e-6, atol=1e-3)
    assert echoes.field_t == scan.field_t
    if "phase" in scan.stored:
        assert echoes.phase is not None
        np.testing.assert_allclose(echoes.phase, (scan.stored["phase"] / 2048.0 - 1) * np.pi, atol=1e-6)
    return info


def test_order_and_names_of_files_do_not_matter(tmp_path: Path) -> None:
    scan = make_scan(parts=("magnitude", "phase"), rotation=OBLIQUE)
    ids = set()
    for shuffle in range(4):
        write_classic(tmp_path / str(shuffle), scan, Style(shuffle=shuffle))
        ids.add(assert_comes_back(scan, tmp_path / str(shuffle)).id)
    assert len(ids) == 1


def test_the_id_tells_no_identity_and_differs_between_series(tmp_path: Path) -> None:
    for number in (4, 6):
        write_classic(tmp_path / str(number), make_scan(number, series=number))
    series = inspect([tmp_path]).series
    assert len({info.id for info in series}) == 2
    assert all("SECRET" not in repr(info) for info in series)


def test_magnitude_and_phase_are_one_series_wherever_their_folders(tmp_path: Path) -> None:
    scan = make_scan(parts=("magnitude", "phase"))
    write_classic(tmp_path / "a", replace(scan, stored={"magnitude": scan.stored["magnitude"]}))
    write_classic(tmp_path / "b" / "c", replace(scan, stored={"phase": scan.stored["phase"]}))
    info = assert_comes_back(scan, tmp_path)
    assert info.part == ("magnitude", "phase")
    assert info.path == tmp_path
    assert len(sources(info)) == info.files == 24


def test_each_repetition_gets_its_own_phase(tmp_path: Path) -> None:
    first, second = (make_scan(n, parts=("magnitude", "phase"), series=4 + 2 * n) for n in range(2))
    write_classic(tmp_path / "1", first)
    write_classic(tmp_path / "2", second)
    infos = inspect([tmp_path]).series
    assert [info.part for info in infos] == [("magnitude", "phase")] * 2
    for scan, info in zip((first, second), infos, strict=True):
        phase = load_echoes(info).phase
        assert phase is not None
        np.testing.assert_allclose(phase, (scan.stored["phase"] / 2048.0 - 1) * np.pi, atol=1e-6)


def test_phase_of_another_acquisition_is_not_joined(tmp_path: Path) -> None:
    scan = make_scan(parts=("magnitude", "phase"))
    for part, time in (("magnitude", "101500.5"), ("phase", "112233")):
        stored = {part: scan.stored[part]}
        alone = replace(scan, stored=stored, overrides={"AcquisitionTime": time})
        write_classic(tmp_path / part, alone)
    assert sorted(info.part for info in inspect([tmp_path]).series) == [("magnitude",), ("phase",)]


def test_a_phase_difference_leaves_the_magnitude_fit(tmp_path: Path) -> None:
    scan = make_scan(echoes=2)
    write_classic(tmp_path / "m", scan)
    difference = make_scan(echoes=1, parts=("phase",))
    difference.te_ms, difference.affine = [scan.te_ms[1]], scan.affine
    write_classic(tmp_path / "p", difference)
    fit = [info for info in inspect([tmp_path]).series if info.fit_for_r2star]
    assert only(tuple(fit)).part == ("magnitude",)


def test_one_series_per_echo_is_gathered_and_said(tmp_path: Path) -> None:
    scan = make_scan()
    for echo, te in enumerate(scan.te_ms):
        stored = {"magnitude": scan.stored["magnitude"][echo : echo + 1]}
        write_classic(tmp_path / str(echo), replace(scan, stored=stored, te_ms=[te], series=9 - echo))
    info = assert_comes_back(scan, tmp_path)
    assert "echoes gathered from 3 series" in info.problems


def test_repetitions_in_one_series_are_told_apart(tmp_path: Path) -> None:
    scans = [make_scan(n) for n in range(2)]
    for number, scan in enumerate(scans):
        scan.affine = scans[0].affine
        scan.overrides, scan.exported = {"AcquisitionNumber": number + 1}, number
        write_classic(tmp_path / str(number), scan)
    infos = inspect([tmp_path]).series
    assert len(infos) == 2
    assert all("one of 2 repetitions" in info.problems and info.fit_for_r2star for info in infos)
    found = {load_echoes(info).magnitude.tobytes() for info in infos}
    assert found == {scan.stored["magnitude"].astype(np.float32).tobytes() for scan in scans}


def test_two_stacks_of_one_series_are_two_series(tmp_path: Path) -> None:
    scan = make_scan()
    turned = make_scan(1, rotation=OBLIQUE, exported=1)
    write_classic(tmp_path / "a", scan)
    write_classic(tmp_path / "b", turned)
    affines = [load_echoes(info).geometry.affine for info in inspect([tmp_path]).series]
    assert len(affines) == 2
    assert {
        any(np.allclose(found, wanted.affine, atol=1e-6) for found in affines) for wanted in (scan, turned)
    } == {True}


def test_duplicates_count_once_and_are_said(tmp_path: Path) -> None:
    scan = make_scan()
    write_classic(tmp_path / "a", scan)
    write_classic(tmp_path / "copy", scan, Style(shuffle=5))
    info = assert_comes_back(scan, tmp_path)
    assert "12 duplicate pictures counted once" in info.problems
    assert info.files == 12


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        # slice 1 of every echo; slice 2 of the last echo alone; the last echo cut off
        ((1, 5, 9), "1 slice missing between slice 1 and 2, 6 mm apart"),
        ((10,), "magnitude is incomplete: echo 3 of 3 (8.75 ms) lacks 1 of 4 slices"),
        ((9, 10, 11), "magnitude is incomplete: echo 3 of 3 (8.75 ms) lacks 3 of 4 slices"),
    ],
)
def test_missing_files_are_named_and_not_fitted(tmp_path: Path, numbers: tuple[int, ...], told: str) -> None:
    paths = write_classic(tmp_path, make_scan())
    for number in numbers:
        paths[number].unlink()
    info = only(inspect([tmp_path]).series)
    assert told in info.problems
    assert not info.fit_for_r2star
    with pytest.raises(ImageReadError, match="cannot be fitted"):
        load_echoes(info)


def test_incomplete_phase_is_left_out_and_said(tmp_path: Path) -> None:
    paths = write_classic(tmp_path, make_scan(parts=("magnitude", "phase")))
    paths[-1].unlink()
    info = only(inspect([tmp_path]).series)
    assert info.fit_for_r2star
    assert load_echoes(info).phase is None


def edited(path: Path, **values: object) -> None:
    """Change attributes of a file on disk."""
    dataset = pydicom.dcmread(path)
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    dataset.save_as(path)


def dose_grid(folder: Path, scan: Scan, offsets_mm: list[float] | None) -> Path:
    """One file with the slices of a scan as frames, placed by their distances from the first."""
    paths = write_classic(folder, scan)
    pixels = b"".join(pydicom.dcmread(path).PixelData for path in paths)
    for path in paths[1:]:
        path.unlink()
    edited(paths[0], Modality="RTDOSE", NumberOfFrames=len(paths), PixelData=pixels)
    if offsets_mm is not None:
        edited(paths[0], GridFrameOffsetVector=offsets_mm)
    return paths[0]


def test_frames_of_a_dose_grid_lie_where_their_offsets_say(tmp_path: Path) -> None:
    scan = make_scan(echoes=1, rotation=rotation_of((0.9, 0.1, -0.3, 0.2)))
    path = dose_grid(tmp_path, scan, [0, 3, 6, 9])
    info = only(inspect([path]).series)
    assert not info.fit_for_r2star and info.problems[0] == "modality RTDOSE, not MR"
    volume = load_volume(info)
    np.testing.assert_allclose(volume.geometry.affine, scan.affine, atol=1e-3)
    np.testing.assert_array_equal(volume.data, scan.stored["magnitude"][0])


@pytest.mark.parametrize("offsets_mm", [None, [0, 3, 6], [-10, -7, -4, -1], [0, 3, 6, 1e9]])
def test_frames_with_no_usable_offsets_have_no_place(tmp_path: Path, offsets_mm: list[float] | None) -> None:
    info = only(inspect([dose_grid(tmp_path, make_scan(echoes=1), offsets_mm)]).series)
    assert any("no usable position" in problem for problem in info.problems)


def test_uneven_slices_are_named_and_not_fitted(tmp_path: Path) -> None:
    scan = make_scan()
    for path in write_classic(tmp_path, scan)[2::4]:
        edited(
            path, ImagePositionPatient=[*scan.position(2)[:2].round(3), round(scan.position(2)[2] + 0.5, 3)]
        )
    info = only(inspect([tmp_path]).series)
    assert info.problems[0] == "slices are unevenly spaced, 2.5 to 3.5 mm"
    assert not info.fit_for_r2star


def test_slices_shifted_in_their_plane_are_named_and_not_fitted(tmp_path: Path) -> None:
    scan = make_scan()
    for path in write_classic(tmp_path, scan)[2::4]:
        edited(path, ImagePositionPatient=[round(value, 3) for value in np.add(scan.position(2), [1, 0, 0])])
    info = only(inspect([tmp_path]).series)
    assert "shifted in their plane" in info.problems[0]
    assert not info.fit_for_r2star


def test_changed_copies_are_a_conflict(tmp_path: Path) -> None:
    write_classic(tmp_path / "a", make_scan(1))
    write_classic(tmp_path / "b", replace(make_scan(1), stored=make_scan(2).stored))
    info = only(inspect([tmp_path]).series)
    assert info.problems[0].startswith("12 places have several different pictures of one echo")
    with pytest.raises(ImageReadError, match="several different pictures"):
        load_echoes(info)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"overrides": {"EchoTime": 2.1}}, "several echo numbers but one echo time (2.1 ms)"),
        ({"overrides": {"EchoTime": None}}, "no echo time in the header"),
        ({"overrides": {"EchoTime": ""}}, "no echo time in the header"),
        ({"te_ms": [0.0, 3.0, 6.0]}, "an echo time of 0 ms cannot be true"),
        ({"te_ms": [-1.0, 3.0, 6.0]}, "an echo time of -1 ms cannot be true"),
        ({"te_ms": [0.0025, 0.005, 0.0075]}, "echo times up to 0.0075 ms look like seconds"),
        ({"sequence": "SE"}, "spin echo: its decay gives R2, not R2*"),
        ({"overrides": {"Modality": "CT"}}, "modality CT, not MR"),
        ({"overrides": {"ImagePositionPatient": None}}, "no usable position or voxel size"),
        ({"overrides": {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}}, "no usable position or voxel size"),
        ({"overrides": {"PixelSpacing": [0, 1]}}, "no usable position or voxel size"),
        ({"overrides": {"PixelSpacing": None}}, "no usable position or voxel size"),
        (
            {"overrides": {"ImageType": ["DERIVED", "PRIMARY", "T2_STAR MAP"]}},
            "holds other only, no magnitude",
        ),
        (
            {"overrides": {"ImageType": ["DERIVED", "PRIMARY", "T2_STAR", "NONE"]}},
            "holds other only, no magnitude",
        ),
    ],
)
def test_what_does_not_serve_r2star_is_named(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    write_classic(tmp_path, replace(make_scan(), **changes))
    series = inspect([tmp_path]).series
    assert all(any(told in problem for problem in info.problems) for info in series)
    assert not any(info.fit_for_r2star for info in series)


def test_an_original_picture_weighted_by_t2_star_is_no_map(tmp_path: Path) -> None:
    weighted = {"ImageType": ["ORIGINAL", "PRIMARY", "T2_STAR", "NONE"]}
    write_classic(tmp_path, replace(make_scan(), overrides=weighted))
    assert only(inspect([tmp_path]).series).fit_for_r2star


def test_seconds_of_mr_solutions_become_milliseconds(tmp_path: Path) -> None:
    scan = replace(make_scan(), te_ms=[0.0025, 0.005, 0.0075], vendor="MR Solutions Ltd")
    write_classic(tmp_path, scan)
    info = only(inspect([tmp_path]).series)
    assert info.te_ms == (2.5, 5.0, 7.5)
    assert any("MR Solutions" in problem for problem in info.problems)


@pytest.mark.parametrize(
    ("header", "field_t", "source", "told"),
    [
        ({"MagneticFieldStrength": 7}, 7.0, "header", ""),
        ({"MagneticFieldStrength": 15000}, 1.5, "header", "taken as gauss"),
        ({"MagneticFieldStrength": 3, "ImagingFrequency": 63.87}, 3.0, "header", "check the field"),
        (
            {"MagneticFieldStrength": None, "ImagingFrequency": 127.7324},
            3.0,
            "inferred",
            "inferred from the frequency",
        ),
        ({"MagneticFieldStrength": "", "ImagingFrequency": 128175953}, 3.0104, "inferred", "inferred"),
        ({"MagneticFieldStrength": 0, "ImagingFrequency": 2.725}, 0.064, "inferred", "inferred"),
        (
            {"MagneticFieldStrength": None, "ImagingFrequency": 51.7, "ImagedNucleus": "31P"},
            None,
            "unknown",
            "--field",
        ),
        ({"MagneticFieldStrength": None}, None, "unknown", "--field"),
    ],
)
def test_field_strength_and_where_it_comes_from(
    tmp_path: Path, header: dict[str, object], field_t: float | None, source: str, told: str
) -> None:
    write_classic(tmp_path, make_scan(overrides=header))
    info = only(inspect([tmp_path]).series)
    assert info.field_t == pytest.approx(field_t, abs=1e-4)
    assert info.field_source == source
    assert told in " ".join(info.problems)


def test_the_users_field_goes_before_the_headers(tmp_path: Path) -> None:
    write_classic(tmp_path, make_scan())
    info = only(inspect([tmp_path]).series)
    echoes = load_echoes(info, field_t=0.064)
    assert (echoes.field_t, echoes.field_source) == (0.064, "user")
    with pytest.raises(InputError, match="give it in tesla"):
        load_echoes(info, field_t=-3.0)


@pytest.mark.parametrize(
    ("vendor", "low", "high", "slope", "intercept"),
    [
        ("Siemens", 0, 4096, None, None),
        ("Siemens", 0, 4096, 2.0, -4096.0),
        ("Philips", 0, 4096, 6.28318530717959 / 4.096, -3141.59265358979),
        ("GE MEDICAL SYSTEMS", -3141.59265358979, 3141.59265358979, None, None),
        ("Hitachi", -2048, 2048, None, None),
        ("UIH", -4096, 4096, None, None),
        ("Hitachi", 0, 4096, 360 / 4096, 0.0),
    ],
)
def test_phase_is_scaled_to_radians(
    tmp_path: Path, vendor: str, low: float, high: float, slope: float | None, intercept: float | None
) -> None:
    scan = make_scan(parts=("magnitude", "phase"), shape=(1, 64, 65), vendor=vendor)
    # every value of the period, from its first to its last
    ramp = np.linspace(low, high - 1, 64 * 65).round()
    signed = low < 0
    scan.stored["phase"] = (
        np.broadcast_to(ramp, (3, 4160)).reshape(3, 1, 64, 65).astype("i2" if signed else "u2")
    )
    scan.stored["magnitude"] = scan.stored["magnitude"].astype("i2" if signed else "u2")
    scan.slope, scan.intercept = slope, intercept
    write_classic(tmp_path, scan)
    phase = load_echoes(only(inspect([tmp_path]).series)).phase
    assert phase is not None
    turn = (scan.stored["phase"].astype(float) - low) / (high - low) * 2 * np.pi
    # -pi and pi, and 0 and 2 pi, are the same angle
    assert (
        np.abs(np.exp(1j * phase) - np.exp(1j * (turn - np.pi if slope != 360 / 4096 else turn))).max() < 2e-3
    )


def test_stored_bits_beyond_the_used_ones_are_dropped(tmp_path: Path) -> None:
    scan = make_scan()
    noisy = replace(scan, stored={"magnitude": scan.stored["magnitude"] | np.uint16(0xA000)})
    write_classic(tmp_path, noisy)
    assert_comes_back(scan, tmp_path)


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        (
            {"slope": 2.5, "intercept": 1.0, "philips_scale": 0.5},
            "floating-point values (Philips scale slope)",
        ),
        ({"slope": 2.5, "intercept": 1.0}, "displayed values (no Philips scale slope)"),
    ],
)
def test_which_of_philips_scales_was_used_is_said(tmp_path: Path, scale: dict[str, float], told: str) -> None:
    write_classic(tmp_path, make_scan(vendor="Philips Medical Systems", **scale))
    assert told in only(inspect([tmp_path]).series).scaling


def test_a_single_echo_is_a_volume(tmp_path: Path) -> None:
    scan = make_scan(echoes=1, rotation=OBLIQUE, sequence="SE")
    write_classic(tmp_path, scan)
    info = only(inspect([tmp_path]).series)
    volume = load_volume(info)
    np.testing.assert_array_equal(volume.data, scan.stored["magnitude"][0])
    np.testing.assert_allclose(volume.geometry.affine, scan.affine, atol=1e-6)
    assert (info.sequence, info.acquisition) == ("SE", "2D")


def test_several_echoes_are_no_single_picture(tmp_path: Path) -> None:
    write_classic(tmp_path, make_scan())
    with pytest.raises(InputError, match="3 echoes"):
        load_volume(only(inspect([tmp_path]).series))


@pytest.mark.parametrize(
    ("kind", "told"), [("MOSAIC", "Siemens mosaic"), ("VFRAME", "United Imaging VFRAME")]
)
def test_mosaics_are_refused_by_name(tmp_path: Path, kind: str, told: str) -> None:
    write_classic(tmp_path, make_scan(overrides={"ImageType": ["ORIGINAL", "PRIMARY", "M", kind]}))
    with pytest.raises(InputError, match=told):
        inspect([tmp_path])


def test_names_in_other_scripts(tmp_path: Path) -> None:
    folder = tmp_path / "Μελέτη 研究 исследование"
    write_classic(folder, make_scan(overrides={"SeriesDescription": "多回波 эхо"}))
    info = only(inspect([tmp_path]).series)
    assert info.description == "多回波 эхо"
    assert load_echoes(info).magnitude.shape == (3, 4, 5, 6)


def test_parallel_stacks_of_one_file_are_told_apart(tmp_path: Path) -> None:
    scan = make_scan(shape=(6, 5, 6))
    # the second stack begins half a slice off the first one's raster
    scan.stacks = 2
    write_enhanced(tmp_path / "whole", scan, Style(shuffle=3))
    infos = inspect([tmp_path]).series
    assert [info.shape for info in infos] == [(3, 5, 6)] * 2
    assert all(info.fit_for_r2star and "one of 2 stacks" in info.problems for info in infos)
    found = sorted((load_echoes(info) for info in infos), key=lambda echoes: echoes.geometry.affine[2, 3])
    for half, echoes in enumerate(found):
        wanted = scan.stored["magnitude"][:, 3 * half : 3 * half + 3]
        np.testing.assert_array_equal(echoes.magnitude, wanted)


def test_real_and_imaginary_without_a_sign_are_centred(tmp_path: Path) -> None:
    scan = make_scan(parts=("real", "imaginary"))
    write_classic(tmp_path, scan)
    real, imaginary = (scan.stored[part].astype(float) - 2048 for part in ("real", "imaginary"))
    echoes = load_echoes(only(inspect([tmp_path]).series))
    np.testing.assert_allclose(echoes.magnitude, np.hypot(real, imaginary), rtol=1e-6)
    assert echoes.phase is not None
    np.testing.assert_allclose(echoes.phase, np.arctan2(imaginary, real), atol=1e-6)


def test_mixed_scales_are_not_fitted(tmp_path: Path) -> None:
    scan = make_scan(vendor="Philips", slope=2.0, intercept=0.0, philips_scale=0.5)
    paths = write_classic(tmp_path, scan)
    dataset = pydicom.dcmread(paths[0])
    dataset.remove_private_tags()
    dataset.save_as(paths[0])
    info = only(inspect([tmp_path]).series)
    assert "scaled in different ways" in info.problems[0]
    assert not info.fit_for_r2star


def test_one_echo_time_for_all_can_be_mended_by_a_person(tmp_path: Path) -> None:
    scan = make_scan()
    write_classic(tmp_path, replace(scan, overrides={"EchoTime": 2.1}))
    mended = with_echo_times(only(inspect([tmp_path]).series), scan.te_ms)
    np.testing.assert_array_equal(load_echoes(mended).magnitude, scan.stored["magnitude"])


@pytest.mark.parametrize(
    ("keyword", "value", "told", "fit"),
    [
        ("MagneticFieldStrength", 1.5, "disagree about the field strength (1.5 T, 3 T)", False),
        ("PatientID", "somebody else", "name different subjects", True),
        ("Manufacturer", "GE MEDICAL SYSTEMS", "name different manufacturers", True),
    ],
)
def test_files_of_one_series_that_contradict_each_other_are_told(
    tmp_path: Path, keyword: str, value: object, told: str, fit: bool
) -> None:
    write_classic(tmp_path, make_scan(1))
    for path in sorted(tmp_path.rglob("*"))[:3]:
        if path.is_file():
            dataset = pydicom.dcmread(path)
            setattr(dataset, keyword, value)
            dataset.save_as(path)
    info = only(inspect([tmp_path]).series)
    assert any(told in problem for problem in info.problems), info.problems
    assert info.fit_for_r2star == fit


def test_displayed_values_with_different_slopes_are_doubted(tmp_path: Path) -> None:
    write_classic(tmp_path, make_scan(1, vendor="Philips Medical Systems", slope=1.5, intercept=0.0))
    assert not any("slopes differ" in problem for problem in only(inspect([tmp_path]).series).problems)
    first = next(path for path in sorted(tmp_path.rglob("*")) if path.is_file())
    dataset = pydicom.dcmread(first)
    dataset.RescaleSlope = 2.0
    dataset.save_as(first)
    assert any("slopes differ" in problem for problem in only(inspect([tmp_path]).series).problems)
