"""What `write_nifti` wrote comes back as nibabel reads it; anything else is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.nifti import read_nifti, write_nifti
from core.imaging.plain_nifti import HEADER_BYTES, plain_shape, plain_volume
from core.imaging.volume import Volume
from tests.core.imaging.test_geometry import geometries

GRID = Geometry.axial((2, 3, 4), (2.0, 1.0, 0.5), (-7.0, 11.0, 13.0))


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "u2", "i4", "u4", "f4", "f8", "?"])
def test_every_kind_of_values_comes_back_as_nibabel_reads_it(tmp_path: Path, dtype: str) -> None:
    data = np.arange(24).reshape(2, 3, 4).astype(dtype)
    path = tmp_path / "x.nii"
    write_nifti(path, Volume(data, GRID))
    theirs, ours = read_nifti(path), plain_volume(path.read_bytes())
    np.testing.assert_array_equal(ours.data, theirs.data, strict=True)
    np.testing.assert_array_equal(ours.geometry.affine, theirs.geometry.affine)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(geometry=geometries)
def test_every_grid_comes_back_as_nibabel_reads_it(tmp_path: Path, geometry: Geometry) -> None:
    path = tmp_path / "x.nii"
    data = np.random.default_rng(1).normal(size=geometry.shape).astype(np.float32)
    data.flat[0] = np.nan
    write_nifti(path, Volume(data, geometry))
    theirs, ours = read_nifti(path), plain_volume(path.read_bytes())
    np.testing.assert_array_equal(ours.data, theirs.data)
    np.testing.assert_array_equal(ours.geometry.affine, theirs.geometry.affine)
    assert plain_shape(path.read_bytes()[:HEADER_BYTES]) == geometry.shape


def written(tmp_path: Path) -> bytes:
    path = tmp_path / "x.nii"
    write_nifti(path, Volume(np.arange(24, dtype=np.float32).reshape(2, 3, 4), GRID))
    return path.read_bytes()


def with_field(content: bytes, offset: int, code: str, *values: float) -> bytes:
    changed = bytearray(content)
    struct.pack_into(code, changed, offset, *values)
    return bytes(changed)


@pytest.mark.parametrize(
    ("offset", "code", "values"),
    [
        (40, "<h", (4,)),  # dimensions
        (42, "<h", (0,)),
        (70, "<h", (32,)),  # complex
        (112, "<2f", (2.0, 0.0)),  # slope and intercept
        (112, "<2f", (1.0, 5.0)),
        (254, "<h", (0,)),  # no sform
        (344, "4s", (b"ni1\0",)),
    ],
)
def test_what_is_not_plain_is_refused(tmp_path: Path, offset: int, code: str, values: tuple[float]) -> None:
    with pytest.raises(InputError, match="NIfTI"):
        plain_volume(with_field(written(tmp_path), offset, code, *values))


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.0, 0.0), (float("nan"), float("nan"))])
def test_a_slope_that_scales_nothing_is_plain(tmp_path: Path, slope: float, intercept: float) -> None:
    content = with_field(written(tmp_path), 112, "<2f", slope, intercept)
    (tmp_path / "y.nii").write_bytes(content)
    theirs = nib.load(tmp_path / "y.nii").get_fdata().transpose(2, 1, 0)
    np.testing.assert_array_equal(plain_volume(content).data, theirs)


@pytest.mark.parametrize("keep", [0, 100, 347, 348, 352, 400])
def test_what_is_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    with pytest.raises(InputError):
        plain_volume(written(tmp_path)[:keep])


@pytest.mark.parametrize("offset", [-1.0, 0.0, 1e9, float("nan"), float("inf")])
def test_values_that_lie_outside_of_the_file_are_refused(tmp_path: Path, offset: float) -> None:
    with pytest.raises(InputError, match="cut short"):
        plain_volume(with_field(written(tmp_path), 108, "<f", offset))
