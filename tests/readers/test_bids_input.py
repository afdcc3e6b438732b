"""BIDS data sets: names with entities, and sidecars that stand higher up."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from readers import inspect, load_echoes, sources
from readers.files import ImageFile
from readers.sidecars import MAX_SIDECAR_BYTES, applying
from tests.readers.test_nifti_input import signal, write

ECHOES = (1, 2, 3)


def put(path: Path, **values: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values))


def write_data_set(root: Path) -> np.ndarray:
    """Write echoes of two runs; the echo times and the field stand at the root, one flip angle nearer."""
    values = signal(6, 5, 4, 3)
    anat = root / "sub-01" / "ses-1" / "anat"
    for echo in ECHOES:
        for run in (1, 2):
            name = f"sub-01_ses-1_run-{run}_echo-{echo}_part-mag_MEGRE.nii.gz"
            write(anat / name, run * values[..., echo - 1])
        put(root / f"echo-{echo}_MEGRE.json", EchoTime=0.004 * echo)
    put(root / "MEGRE.json", MagneticFieldStrength=3, FlipAngle=15, Manufacturer="Siemens")
    put(root / "sub-01" / "sub-01_MEGRE.json", FlipAngle=20)
    put(root / "dataset_description.json", Name="set", BIDSVersion="1.10.0")
    return values


def test_sidecars_higher_up_apply(tmp_path: Path) -> None:
    values = write_data_set(tmp_path)
    inspection = inspect([tmp_path])
    assert {item.path.name for item in inspection.skipped} == {"dataset_description.json"}
    assert [info.te_ms for info in inspection.series] == [(4.0, 8.0, 12.0)] * 2
    assert all((info.field_t, info.manufacturer) == (3.0, "Siemens") for info in inspection.series)
    loaded = sorted((load_echoes(info).magnitude for info in inspection.series), key=np.sum)
    for run, magnitude in enumerate(loaded, 1):
        np.testing.assert_allclose(magnitude, run * values.transpose(3, 2, 1, 0))
    # what the echo times come from is hashed with the maps
    names = {path.name for path in sources(inspection.series[0])}
    assert {"MEGRE.json", "echo-2_MEGRE.json", "sub-01_MEGRE.json"} < names


def test_the_nearest_sidecar_goes_before_those_above(tmp_path: Path) -> None:
    write_data_set(tmp_path)
    anat = tmp_path / "sub-01" / "ses-1" / "anat"
    for echo in ECHOES:
        put(anat / f"sub-01_ses-1_run-2_echo-{echo}_part-mag_MEGRE.json", EchoTime=0.005 * echo)
    assert sorted(info.te_ms for info in inspect([tmp_path]).series) == [(4.0, 8.0, 12.0), (5.0, 10.0, 15.0)]


def test_a_sidecar_of_another_kind_subject_or_echo_does_not_apply(tmp_path: Path) -> None:
    write_data_set(tmp_path)
    put(tmp_path / "T1w.json", EchoTime=0.9)
    put(tmp_path / "sub-02_MEGRE.json", EchoTime=0.9)
    put(tmp_path / "run-3_echo-1_MEGRE.json", EchoTime=0.9)
    inspection = inspect([tmp_path])
    assert {info.te_ms for info in inspection.series} == {(4.0, 8.0, 12.0)}
    # they are of no picture, and said to be none
    assert {"T1w.json", "sub-02_MEGRE.json"} <= {item.path.name for item in inspection.skipped}


@pytest.mark.parametrize(
    ("sidecar", "picture", "applies_to_it"),
    [
        ("data/MEGRE.json", "data/sub-01/anat/sub-01_echo-1_MEGRE.nii", True),
        ("data/sub-01/anat/echo-1_MEGRE.json", "data/sub-01/anat/sub-01_echo-1_MEGRE.nii", True),
        # above the data set, beside its subject, of another echo, in another order
        ("MEGRE.json", "data/sub-01/anat/sub-01_echo-1_MEGRE.nii", False),
        ("data/sub-02/MEGRE.json", "data/sub-01/anat/sub-01_echo-1_MEGRE.nii", False),
        ("data/echo-2_MEGRE.json", "data/sub-01/anat/sub-01_echo-1_MEGRE.nii", False),
        ("data/echo-1_sub-01_MEGRE.json", "data/sub-01/anat/sub-01_echo-1_MEGRE.nii", False),
        # what is no BIDS name has its own sidecar alone
        ("data/sub-01/anat/gre.json", "data/sub-01/anat/gre.nii", True),
        ("data/gre.json", "data/sub-01/anat/gre.nii", False),
    ],
)
def test_which_sidecars_apply(sidecar: str, picture: str, applies_to_it: bool) -> None:
    home = Path("/home")
    archive = home / "all.zip"
    packed, plain = ImageFile(archive, sidecar), ImageFile(home / sidecar)
    assert applying([plain, packed], [ImageFile(home / picture)]) == ({plain} if applies_to_it else set())
    assert applying([plain, packed], [ImageFile(archive, picture)]) == ({packed} if applies_to_it else set())


def test_in_an_archive(tmp_path: Path) -> None:
    values = write_data_set(tmp_path / "set")
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in sorted((tmp_path / "set").rglob("*.*")):
            archive.write(path, str(path.relative_to(tmp_path)))
    info = inspect([tmp_path / "set.zip"]).series[0]
    assert info.te_ms == (4.0, 8.0, 12.0)
    assert load_echoes(info).magnitude.shape == values.shape[::-1]


def test_magnitude_and_phase_of_one_run_are_one_series(tmp_path: Path) -> None:
    for run in (1, 2):
        for part, units in (("mag", "arbitrary"), ("phase", "rad")):
            name = f"sub-01_run-{run}_part-{part}_MEGRE"
            write(tmp_path / "sub-01" / "anat" / f"{name}.nii", signal(3, 3, 2, 3) / 1000, {"Units": units})
    put(tmp_path / "MEGRE.json", EchoTime=[0.004, 0.008, 0.012])
    infos = inspect([tmp_path]).series
    assert [info.part for info in infos] == [("magnitude", "phase")] * 2
    assert all(info.fit_for_r2star and load_echoes(info).phase is not None for info in infos)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[1, 2]", b"\xff\xfe", b" " * (MAX_SIDECAR_BYTES + 1)])
def test_a_sidecar_that_is_no_use_is_said(tmp_path: Path, content: bytes) -> None:
    write_data_set(tmp_path)
    (tmp_path / "MEGRE.json").write_bytes(content)
    info = inspect([tmp_path]).series[0]
    assert "the sidecar MEGRE.json is no JSON object and was not used" in info.problems
    assert info.field_source == "unknown"
