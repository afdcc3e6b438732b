"""`ferroread map --bids`: maps of many subjects in one derivative data set."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from app.cli import FAILED, WRONG_USAGE, run
from tests.readers.scanner import make_scan, write_classic

# as many as most tests have: every number of echoes is compiled anew
TE_S = (0.003, 0.006, 0.009, 0.012, 0.015, 0.018)


def write_raw(root: Path, name: str, r2star_per_s: float = 40.0) -> Path:
    """Write a decay as a BIDS data set has it, and return the session's folder."""
    rng = np.random.default_rng(4)
    folder = root / name.split("_", maxsplit=1)[0] / "anat"
    folder.mkdir(parents=True, exist_ok=True)
    for echo, te in enumerate(TE_S, 1):
        signal = 1000 * np.exp(-te * r2star_per_s) + rng.normal(0, 2, (12, 12, 4))
        path = folder / f"{name}_echo-{echo}_part-mag_MEGRE.nii.gz"
        nib.save(nib.Nifti1Image(signal.astype(np.float32), np.diag([2, 2, 3, 1])), path)
        sidecar = {"EchoTime": te, "MagneticFieldStrength": 3}
        path.with_name(path.name.replace(".nii.gz", ".json")).write_text(json.dumps(sidecar))
    return folder


def mapped(*words: object) -> int:
    return run(["map", *map(str, words), "--noise", "2", "--mask", "none"])


def test_maps_of_several_subjects_make_one_data_set(tmp_path: Path) -> None:
    out = tmp_path / "derivatives" / "ferroread"
    for name, rate in (("sub-01_run-2", 40.0), ("sub-02", 80.0)):
        folder = write_raw(tmp_path / "raw", name, rate)
        assert mapped(folder, "--bids", "--out", out) == 0
        path = out / name.split("_")[0] / "anat" / f"{name}_R2starmap.nii.gz"
        assert np.nanmedian(nib.load(path).get_fdata()) == pytest.approx(rate, rel=0.02)
        said = json.loads(path.with_name(f"{name}_R2starmap.json").read_text())
        assert (said["Units"], said["EchoTime"], said["MagneticFieldStrength"]) == ("1/s", list(TE_S), 3.0)
        assert len(said["FerroRead"]["inputs"]) == 2 * len(TE_S)
    about = json.loads((out / "dataset_description.json").read_text())
    assert (about["DatasetType"], about["GeneratedBy"][0]["Name"]) == ("derivative", "FerroRead")
    suffixes = {path.name.split(".")[0].rsplit("_")[-1] for path in out.glob("sub-01/anat/*.nii.gz")}
    ignored = {line[2:-2] for line in (out / ".bidsignore").read_text().splitlines()}
    assert suffixes == {"R2starmap", "S0map", "residual", "flags"}
    assert suffixes - ignored == {"R2starmap", "S0map"}


def test_earlier_maps_are_replaced_only_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_raw(tmp_path / "raw", "sub-01")
    assert mapped(folder, "--bids", "--out", tmp_path / "out") == 0
    assert mapped(folder, "--bids", "--out", tmp_path / "out") == FAILED
    assert "add --force" in capsys.readouterr().err
    assert mapped(folder, "--bids", "--out", tmp_path / "out", "--force") == 0
    assert not list((tmp_path / "out").rglob(".ferroread-*"))


def test_another_data_set_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_raw(tmp_path / "raw", "sub-01")
    (tmp_path / "raw" / "dataset_description.json").write_text('{"Name": "raw", "BIDSVersion": "1.10.0"}')
    before = sorted((tmp_path / "raw").rglob("*"))
    assert mapped(folder, "--bids", "--out", tmp_path / "raw", "--force") == FAILED
    assert "something else" in capsys.readouterr().err
    assert sorted((tmp_path / "raw").rglob("*")) == before


def test_files_without_bids_names_need_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan = make_scan(echoes=6, shape=(2, 8, 8))
    write_classic(tmp_path / "dicom", scan)
    assert mapped(tmp_path / "dicom", "--bids", "--out", tmp_path / "out") == WRONG_USAGE
    assert "say whose they are" in capsys.readouterr().err
    assert mapped(tmp_path / "dicom", "--bids", "../sub-01", "--out", tmp_path / "out") == WRONG_USAGE
    assert mapped(tmp_path / "dicom", "--bids", "sub-m7_ses-24h", "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "sub-m7" / "ses-24h" / "anat" / "sub-m7_ses-24h_S0map.json").is_file()
