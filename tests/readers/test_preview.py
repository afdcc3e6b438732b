"""A picture before anything is decided, and what a person may say of a series."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from readers import (
    NothingFoundError,
    corrected,
    first_picture,
    inspect,
    load_echoes,
    load_part,
    numbered_echoes,
    takes_part,
)
from tests.readers.scanner import make_scan, write_classic
from tests.readers.test_nifti_input import signal, write


def test_the_first_picture_is_a_slice_of_the_folder_in_its_place(tmp_path: Path) -> None:
    scan = make_scan(3, parts=("magnitude", "phase"))
    write_classic(tmp_path / "scan", scan)
    (tmp_path / "a note.txt").write_text("not a picture")
    found = first_picture([tmp_path])
    assert found is not None
    (place,) = np.flatnonzero(
        [np.allclose(scan.position(k), found.geometry.to_mm((0, 0, 0))) for k in range(4)]
    )
    assert any(np.array_equal(found.data[0], echo[place]) for echo in scan.stored["magnitude"])


def test_the_first_picture_of_a_zip_needs_no_unpacking(tmp_path: Path) -> None:
    paths = write_classic(tmp_path / "scan", make_scan(4))
    with zipfile.ZipFile(tmp_path / "scan.zip", "w") as archive:
        archive.writestr("readme.txt", "not a picture")
        archive.write(paths[0], "IM1")
    found = first_picture([tmp_path / "scan.zip"])
    assert found is not None
    assert found.data.shape == (1, 5, 6)


def test_a_large_file_is_not_read_for_a_first_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.nii", signal(16, 16, 4))
    assert first_picture([tmp_path]) is not None
    monkeypatch.setattr("readers.preview.FIRST_BYTES", 2000)
    assert first_picture([tmp_path]) is None
    write(tmp_path / "b.nii", signal(6, 5, 4))
    small = first_picture([tmp_path])
    assert small is not None and small.data.size == 30


def test_a_folder_without_pictures_has_no_first_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\x08\0")
    assert first_picture([tmp_path]) is None
    with pytest.raises(NothingFoundError) as refused:
        inspect([tmp_path])
    assert {skipped.path.name for skipped in refused.value.skipped} == {"a.txt", "b.dcm"}


@pytest.mark.parametrize("part", ["magnitude", "phase"])
def test_a_part_comes_back_echo_by_echo_on_its_grid(tmp_path: Path, part: str) -> None:
    scan = make_scan(5, parts=("magnitude", "phase"))
    write_classic(tmp_path, scan)
    (info,) = inspect([tmp_path]).series
    found = load_part(info, part)
    whole = load_echoes(info)
    np.testing.assert_array_equal(found.data, whole.magnitude if part == "magnitude" else whole.phase)
    assert found.on_grid and found.geometry.same_grid(whole.geometry)
    with pytest.raises(InputError, match="no real"):
        load_part(info, "real")


def test_slices_that_make_no_grid_are_shown_one_after_the_other(tmp_path: Path) -> None:
    scan = make_scan(6, echoes=1)
    paths = write_classic(tmp_path, scan)
    (info,) = inspect([tmp_path]).series
    gone = next(p for p in paths if np.array_equal(load_part(inspect([p]).series[0], "magnitude").data[0, 0],
                                                   scan.stored["magnitude"][0, 1]))  # fmt: skip
    gone.unlink()
    (info,) = inspect([tmp_path]).series
    assert not info.fit_for_r2star
    found = load_part(info, "magnitude")
    shown = {picture.tobytes() for picture in found.data[0]}
    assert shown == {scan.stored["magnitude"][0, k].astype(np.float32).tobytes() for k in (0, 2, 3)}


def test_a_name_that_tells_nothing_may_be_overruled_and_the_header_of_dicom_not(tmp_path: Path) -> None:
    values = signal(6, 5, 4, 3)
    write(tmp_path / "nifti" / "odd_phase.nii", values)
    (info,) = inspect([tmp_path / "nifti"]).series
    assert info.part == ("phase",)
    assert (takes_part(info), numbered_echoes(info)) == (True, 3)
    right = corrected(info, part="magnitude", te_ms=(4, 8, 12))
    assert (right.part, right.te_ms, right.id) == (("magnitude",), (4.0, 8.0, 12.0), info.id)
    assert "taken as magnitude by the user" in right.problems
    assert not any("phase" in problem for problem in right.problems)
    np.testing.assert_array_equal(load_echoes(right).magnitude, values.transpose(3, 2, 1, 0))
    write_classic(tmp_path / "dicom", make_scan(7))
    (header,) = inspect([tmp_path / "dicom"]).series
    with pytest.raises(InputError, match="its files say that it is magnitude"):
        corrected(header, part="phase")


def test_a_name_that_is_no_text_is_no_reason_to_fail(tmp_path: Path) -> None:
    write(tmp_path / "plain.nii", signal(6, 5, 4, 3))
    odd = tmp_path / "\udce9cho.nii"
    try:
        (tmp_path / "plain.nii").rename(odd)
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    (info,) = inspect([tmp_path]).series
    assert info.path == odd
    assert len(info.id) == 8
