"""Volumes and echo series are valid once constructed, and survive NIfTI."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings

from core.errors import ImageReadError, InputError
from core.imaging.geometry import Geometry
from core.imaging.nifti import geometry_of, image_of, read_nifti, write_nifti
from core.imaging.volume import EchoSeries, Volume
from tests.core.imaging.test_geometry import geometries

GRID = Geometry.axial((2, 3, 4), (2.0, 1.0, 0.5), (-7.0, 11.0, 13.0))


def test_a_volume_off_its_grid_is_refused() -> None:
    with pytest.raises(InputError, match="shape"):
        Volume(np.zeros((2, 4, 3)), GRID)


@pytest.mark.parametrize("te_ms", [(), (0.0, 1.0), (2.0, 1.0), (1.0, 1.0), (1.0, float("nan"))])
def test_echo_times_that_do_not_rise_are_refused(te_ms: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="echo times"):
        EchoSeries(np.zeros((len(te_ms), 2, 3, 4), np.float32), te_ms, GRID)


def test_phase_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match="phase"):
        EchoSeries(np.zeros((2, 2, 3, 4)), (1.0, 2.0), GRID, phase=np.zeros((1, 2, 3, 4), np.float32))


def test_magnitude_becomes_echo_major_float32() -> None:
    voxel_major = np.moveaxis(np.arange(48.0).reshape(2, 3, 4, 2), -1, 0)
    series = EchoSeries(voxel_major, (1.0, 2.0), GRID)
    assert series.magnitude.dtype == np.float32
    assert series.magnitude.flags["C_CONTIGUOUS"]
    np.testing.assert_array_equal(series.magnitude, voxel_major)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(geometry=geometries)
def test_simpleitk_sees_every_voxel_where_we_see_it(geometry: Geometry) -> None:
    small = Geometry((2, 3, 4), geometry.affine)
    image = image_of(Volume(np.arange(24.0).reshape(2, 3, 4), small))
    for index in [(0, 0, 0), (1, 2, 3), (1, 0, 2)]:
        there = image.TransformIndexToPhysicalPoint(index[::-1])
        np.testing.assert_allclose(there, small.to_mm(index), atol=1e-9)
        assert image[index[::-1]] == np.ravel_multi_index(index, (2, 3, 4))
    assert geometry_of(image).same_grid(small, 1e-9)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_nifti_round_trip(tmp_path: Path, suffix: str) -> None:
    affine = GRID.affine.copy()
    affine[:3, :3] = affine[:3, :3] @ np.array([[0.8, 0, 0.6], [0, 1, 0], [-0.6, 0, 0.8]])
    affine[:3, 1] *= -1
    # an affine with shear is no grid of ours; rotate the directions, not the spacings
    directions = np.linalg.qr(affine[:3, :3])[0]
    affine[:3, :3] = directions * (2.0, 1.0, 0.5)
    data = np.linspace(-1, 1, 24, dtype=np.float32).reshape(2, 3, 4)
    data[0, 0, 0] = np.nan
    volume = Volume(data, Geometry((2, 3, 4), affine))
    path = tmp_path / f"map{suffix}"
    write_nifti(path, volume)
    back = read_nifti(path)
    np.testing.assert_array_equal(back.data, data)
    assert back.geometry.same_grid(volume.geometry, 1e-3)


def test_nifti_header_tells_nothing_but_the_grid(tmp_path: Path) -> None:
    path = tmp_path / "map.nii"
    write_nifti(path, Volume(np.zeros((2, 3, 4), np.float32), GRID))
    header = path.read_bytes()[:348]
    # nifti1.h: db_name, descrip, aux_file, intent_name
    for start, length in ((14, 18), (148, 80), (228, 24), (328, 16)):
        assert header[start : start + length].strip(b"\0") == b""


def test_a_damaged_nifti_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.nii"
    path.write_bytes(b"not an image")
    with pytest.raises(ImageReadError, match=r"broken\.nii"):
        read_nifti(path)
    flat = tmp_path / "flat.nii"
    sitk.WriteImage(sitk.Image(3, 3, sitk.sitkFloat32), str(flat))
    with pytest.raises(ImageReadError, match="volume"):
        read_nifti(flat)


@pytest.mark.parametrize("keep", [100, 352, 400])
def test_a_nifti_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "short.nii"
    write_nifti(path, Volume(np.ones((2, 3, 4), np.float32), GRID))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ImageReadError, match=r"short\.nii"):
        read_nifti(path)
