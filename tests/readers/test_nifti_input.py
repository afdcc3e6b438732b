"""NIfTI files come back as nibabel wrote them; echo times come from the sidecar or not at all."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AppError, ImageReadError, InputError
from readers import inspect, load_echoes, load_volume, sources, with_echo_times
from readers.nifti_header import NiftiError, read_nifti_header
from tests.readers.scanner import rotation_of
from tests.readers.test_hostile import mutants, one_line

AFFINE = np.array([[-2.0, 0.1, 0, 10], [0.2, 3.0, 0, -20], [0, 0, 4.0, 30], [0, 0, 0, 1]])


def write(
    path: Path, values: np.ndarray, sidecar: dict[str, Any] | None = None, affine: np.ndarray = AFFINE
) -> Path:
    """Write an array (column, row, slice[, volume]) as NIfTI with a sidecar."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nib.save(nib.Nifti1Image(values, affine), path)
    if sidecar is not None:
        (path.parent / f"{path.name.split('.nii')[0]}.json").write_text(json.dumps(sidecar))
    return path


def signal(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(1, 1000, shape).astype(np.float32)


def test_one_4d_file_with_a_list_of_echo_times(tmp_path: Path) -> None:
    values = signal(6, 5, 4, 3)
    write(tmp_path / "gre.nii.gz", values, {"EchoTime": [0.004, 0.008, 0.0122], "MagneticFieldStrength": 3})
    inspection = inspect([tmp_path])
    (info,) = inspection.series
    assert inspection.skipped == ()
    echoes = load_echoes(info)
    assert echoes.te_ms == (4.0, 8.0, 12.2)
    assert (echoes.field_t, echoes.field_source) == (3.0, "header")
    np.testing.assert_array_equal(echoes.magnitude, values.transpose(3, 2, 1, 0))
    index = np.array([1, 2, 3])
    ras = AFFINE[:3, :3] @ index[::-1] + AFFINE[:3, 3]
    np.testing.assert_allclose(echoes.geometry.to_mm(index), ras * (-1, -1, 1), atol=1e-4)


def test_one_file_per_echo_and_part_as_bids_names_them(tmp_path: Path) -> None:
    magnitude, phase = signal(6, 5, 4, 3), signal(6, 5, 4, 3) / 1000 * np.pi
    # written last first: the order of files is no order of echoes
    for echo in (3, 2, 1):
        sidecar = {"EchoTime": 0.003 * echo, "MagneticFieldStrength": 7}
        name = f"sub-01_echo-{4 - echo}_part-{{}}_MEGRE.nii.gz"
        write(tmp_path / name.format("mag"), magnitude[..., echo - 1], sidecar)
        write(tmp_path / name.format("phase"), phase[..., echo - 1], {**sidecar, "Units": "rad"})
    (info,) = inspect([tmp_path]).series
    echoes = load_echoes(info)
    assert info.part == ("magnitude", "phase")
    assert echoes.te_ms == (3.0, 6.0, 9.0)
    np.testing.assert_array_equal(echoes.magnitude, magnitude.transpose(3, 2, 1, 0))
    assert echoes.phase is not None
    np.testing.assert_allclose(echoes.phase, phase.transpose(3, 2, 1, 0), rtol=1e-6)


def test_files_of_dcm2niix(tmp_path: Path) -> None:
    for echo in (1, 2):
        sidecar = {"EchoTime": 0.005 * echo, "ImageType": ["ORIGINAL", "PRIMARY", "M", "ND"]}
        write(tmp_path / f"gre_6_e{echo}.nii.gz", signal(3, 3, 2), sidecar)
        sidecar["ImageType"] = ["ORIGINAL", "PRIMARY", "P", "ND"]
        stored = np.linspace(-4096, 4094, 18).reshape(3, 3, 2).astype(np.int16)
        write(tmp_path / f"gre_7_e{echo}_ph.nii.gz", stored, sidecar)
    (info,) = inspect([tmp_path]).series
    phase = load_echoes(info).phase
    assert phase is not None
    assert phase.min() == pytest.approx(-np.pi, rel=1e-3)
    assert any("unit of the phase" in problem for problem in info.problems)


@pytest.mark.parametrize(
    ("sidecar", "told"),
    [
        (None, "list them, in seconds, as EchoTime in gre.json"),
        ({}, "list them, in seconds, as EchoTime in gre.json"),
        ({"EchoTime": [4, 8, 12]}, "has to be in seconds; 12 looks like milliseconds"),
        ({"EchoTime": [0.004, 0.008]}, "lists 2 times for 3 volumes"),
        ({"EchoTime": ["soon", 0.008, 0.012]}, "is not a number"),
        ({"EchoTime": [0.004, 0.008, 10**400]}, "is not a number"),
        ({"EchoTime": [0.0, 0.004, 0.008]}, "an echo time of 0 ms cannot be true"),
    ],
)
def test_without_echo_times_nothing_is_guessed(
    tmp_path: Path, sidecar: dict[str, Any] | None, told: str
) -> None:
    write(tmp_path / "gre.nii", signal(3, 3, 2, 3), sidecar)
    (info,) = inspect([tmp_path]).series
    assert told in " ".join(info.problems)
    assert not info.fit_for_r2star
    with pytest.raises(ImageReadError, match="cannot be fitted"):
        load_echoes(info)


def test_a_person_can_give_the_echo_times(tmp_path: Path) -> None:
    values = signal(3, 4, 2, 3)
    write(tmp_path / "gre.nii", values)
    (info,) = inspect([tmp_path]).series
    given = with_echo_times(info, [4, 8, 12])
    assert (given.id, given.te_ms, given.fit_for_r2star) == (info.id, (4.0, 8.0, 12.0), True)
    assert "echo times given by the user" in given.problems
    np.testing.assert_array_equal(load_echoes(given).magnitude, values.transpose(3, 2, 1, 0))
    for wrong in ([4, 8], [8, 4, 12], [0, 4, 8], [4, 8, float("nan")]):
        with pytest.raises(InputError, match="echo times"):
            with_echo_times(info, wrong)


def test_slices_that_are_zero_in_every_echo_are_no_duplicates(tmp_path: Path) -> None:
    values = signal(3, 4, 3, 3)
    values[:, :, 0] = 0
    write(tmp_path / "masked.nii", values)
    (info,) = inspect([tmp_path]).series
    assert not any("duplicate" in problem for problem in info.problems)
    given = with_echo_times(info, [4, 8, 12])
    np.testing.assert_array_equal(load_echoes(given).magnitude, values.transpose(3, 2, 1, 0))


def test_a_sidecar_that_is_no_json_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "gre.nii", signal(3, 3, 2))
    path.with_suffix(".json").write_text("{not json")
    (info,) = inspect([tmp_path]).series
    assert any("no JSON object" in problem for problem in info.problems)


def test_integers_with_slope_and_nan(tmp_path: Path) -> None:
    image = nib.Nifti1Image(np.arange(24, dtype=np.int16).reshape(4, 3, 2), AFFINE)
    image.header.set_slope_inter(0.5, -3)
    nib.save(image, tmp_path / "scaled.nii")
    wanted = nib.load(tmp_path / "scaled.nii").get_fdata()
    np.testing.assert_allclose(load_volume(inspect([tmp_path]).series[0]).data, wanted.transpose(2, 1, 0))
    holes = signal(4, 3, 2)
    holes[1, 1, 1] = np.nan
    write(tmp_path / "holes" / "holes.nii", holes)
    np.testing.assert_array_equal(
        load_volume(inspect([tmp_path / "holes"]).series[0]).data, holes.transpose(2, 1, 0)
    )


def test_slices_keep_the_order_of_the_file(tmp_path: Path) -> None:
    values = signal(4, 3, 5)
    for sign in (1, -1):
        affine = np.diag([2.0, 2.0, 3.0 * sign, 1.0])
        write(tmp_path / str(sign) / "a.nii", values, affine=affine)
        volume = load_volume(inspect([tmp_path / str(sign)]).series[0])
        np.testing.assert_array_equal(volume.data, values.transpose(2, 1, 0))
        np.testing.assert_allclose(volume.geometry.to_mm([4, 0, 0]), [0, 0, 12 * sign], atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(
    quaternion=st.tuples(*[st.floats(-1, 1) for _ in range(4)]).filter(lambda q: np.linalg.norm(q) > 0.1),
    spacing=st.tuples(*[st.sampled_from([0.15, 1.0, 3.3]) for _ in range(3)]),
    flip=st.sampled_from([1, -1]),
    forms=st.sampled_from(["both", "qform", "sform"]),
    version=st.sampled_from([1, 2]),
    big_endian=st.booleans(),
)
def test_the_affine_is_nibabels(
    quaternion: tuple[float, float, float, float],
    spacing: tuple[float, float, float],
    flip: int,
    forms: str,
    version: int,
    big_endian: bool,
) -> None:
    affine = np.eye(4)
    affine[:3, :3] = rotation_of(quaternion) * spacing * (1, 1, flip)
    affine[:3, 3] = (12, -34, 56)
    kind = nib.Nifti1Header if version == 1 else nib.Nifti2Header
    header = kind(endianness=">" if big_endian else "<")
    header.set_data_shape((4, 3, 2))
    header.set_data_dtype(np.int16)
    header["vox_offset"] = 352 if version == 1 else 544
    header["magic"] = b"n+1" if version == 1 else b"n+2\0\r\n\x1a\n"
    if forms != "sform":
        header.set_qform(affine, code=1)
    if forms != "qform":
        header.set_sform(affine, code=1)
    read = read_nifti_header(header.binaryblock + b"\0" * 8)
    np.testing.assert_allclose(read.affine, np.diag([-1, -1, 1, 1]) @ header.get_best_affine(), atol=1e-5)
    assert read.shape == (4, 3, 2, 1)
    assert np.dtype(read.dtype) == header.get_data_dtype()
    assert read.remarks == ()


def test_forms_that_agree_in_the_far_corner_alone_disagree(tmp_path: Path) -> None:
    image = nib.Nifti1Image(signal(4, 4, 4), np.eye(4))
    # x and y change places: the first and the last voxel stay where they are
    swapped = np.eye(4)[[1, 0, 2, 3]] @ np.diag([1, 1, -1, 1])
    swapped[2, 3] = 3
    image.header.set_sform(np.eye(4), code=1)
    image.header.set_qform(swapped, code=1)
    nib.save(image, tmp_path / "a.nii")
    assert "sform and qform disagree" in " ".join(inspect([tmp_path]).series[0].problems)


def test_forms_that_disagree_or_are_missing_are_said(tmp_path: Path) -> None:
    image = nib.Nifti1Image(signal(4, 3, 2), AFFINE)
    image.header.set_qform(np.diag([2, 3, 4, 1]), code=1)
    nib.save(image, tmp_path / "two.nii")
    image.header.set_qform(None, code=0)
    image.header.set_sform(None, code=0)
    nib.save(nib.Nifti1Image(signal(4, 3, 2), None, image.header), tmp_path / "none.nii")
    problems = {info.path.name: " ".join(info.problems) for info in inspect([tmp_path]).series}
    assert "sform and qform disagree" in problems["two.nii"]
    assert "neither sform nor qform" in problems["none.nii"]


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_no_truncated_file_is_accepted(tmp_path: Path, suffix: str) -> None:
    content = write(tmp_path / f"a{suffix}", signal(4, 3, 2)).read_bytes()
    for cut in (1, 9, 50, len(content) - 300):
        (tmp_path / f"a{suffix}").write_bytes(content[:-cut])
        with pytest.raises(InputError) as caught:
            inspect([tmp_path / f"a{suffix}"])
        assert one_line(caught.value)


def test_what_is_no_volume_of_numbers_is_refused(tmp_path: Path) -> None:
    nib.save(nib.Nifti1Image(np.ones((3, 3, 2), np.complex64), AFFINE), tmp_path / "complex.nii")
    nib.save(nib.Nifti1Image(np.ones((3, 3, 2, 1, 3), np.float32), AFFINE), tmp_path / "vectors.nii")
    (tmp_path / "old.hdr").write_bytes(nib.AnalyzeHeader(endianness="<").binaryblock)
    with pytest.raises(InputError, match="no picture in 3 files"):
        inspect([tmp_path])
    for name, told in (
        ("complex.nii", "type 32"),
        ("vectors.nii", "dimensions"),
        ("old.hdr", "tells not left from right"),
    ):
        with pytest.raises(InputError, match=told):
            inspect([tmp_path / name])


@pytest.mark.parametrize("packed", [False, True])
def test_pairs_of_header_and_values(tmp_path: Path, packed: bool) -> None:
    values = signal(4, 3, 2, 3)
    nib.save(nib.Nifti1Pair(values, AFFINE), tmp_path / "gre.hdr")
    (tmp_path / "gre.json").write_text(json.dumps({"EchoTime": [0.004, 0.008, 0.012]}))
    if packed:
        for path in (tmp_path / "gre.hdr", tmp_path / "gre.img"):
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
            path.unlink()
    inspection = inspect([tmp_path])
    assert inspection.skipped == ()
    (info,) = inspection.series
    np.testing.assert_array_equal(load_echoes(info).magnitude, values.transpose(3, 2, 1, 0))
    # all that the values and echo times come from is hashed with the maps
    assert {path.name.split(".")[1] for path in sources(info)} == {"hdr", "img", "json"}


def test_halves_of_pairs_are_named(tmp_path: Path) -> None:
    nib.save(nib.Nifti1Pair(signal(4, 3, 2), AFFINE), tmp_path / "gre.hdr")
    content = (tmp_path / "gre.img").read_bytes()
    (tmp_path / "gre.img").write_bytes(content[:-1])
    with pytest.raises(InputError, match=r"gre\.img: is cut short"):
        inspect([tmp_path / "gre.hdr"])
    (tmp_path / "gre.img").unlink()
    with pytest.raises(InputError, match=r"its values, gre\.img, are missing"):
        inspect([tmp_path])


def test_mutants_crash_nothing(tmp_path: Path) -> None:
    content = gzip.decompress(write(tmp_path / "a.nii.gz", signal(4, 3, 2, 3)).read_bytes())
    path = tmp_path / "mutant.nii"
    for mutant in mutants(content, 500, 3):
        path.write_bytes(mutant)
        try:
            for info in inspect([path]).series:
                if info.stack is not None:
                    load_volume(info)
        except AppError as error:
            assert one_line(error)


def test_huge_claims_allocate_nothing() -> None:
    header = nib.Nifti1Header()
    header.set_data_shape((32767, 32767, 32767))
    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    assert read_nifti_header(header.binaryblock).shape == (32767, 32767, 32767, 1)
    block = bytearray(header.binaryblock)
    block[108:112] = struct.pack("<f", float("nan"))
    with pytest.raises(NiftiError, match="where its values begin"):
        read_nifti_header(bytes(block))
