"""What `map` is told where the files are silent: echo times, and what the pictures show."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from app.scans import load_scan
from core.progress import Silent
from tests.app.commands.coordinator import ran, refused
from tests.readers.test_nifti_input import write


def decay(path: Path, name: str) -> None:
    """60 1/s at 5, 10, 20 and 40 ms, in a NIfTI file that tells no time."""
    te = np.array([5, 10, 20, 40]) * 1e-3
    signal = np.full((12, 12, 3, 1), 1000.0) * np.exp(-60 * te)
    noise = np.random.default_rng(0).normal(0, 0.5, signal.shape)
    write(path / name, (signal + noise).astype(np.float32))


def test_echo_times_given_by_the_user_make_a_map_and_stand_in_its_command(tmp_path: Path, capsys) -> None:
    decay(tmp_path / "in", "gre.nii")
    ran(capsys, "map", tmp_path / "in", "--out", tmp_path / "out", "--te", "5,10,20,40", "--mask", "none")
    report = json.loads((tmp_path / "out" / "map.json").read_text())
    assert report["te_ms"] == [5, 10, 20, 40]
    assert abs(report["r2star_per_s"]["median"] - 60) < 0.2
    again = list(report["command"])
    again[again.index("--out") + 1] = str(tmp_path / "again")
    ran(capsys, *again)
    second = json.loads((tmp_path / "again" / "map.json").read_text())
    assert second["r2star_per_s"] == report["r2star_per_s"]


def test_what_a_file_shows_can_be_said_where_only_its_name_tells(tmp_path: Path) -> None:
    decay(tmp_path, "phase.nii")
    scan = load_scan(tmp_path, None, None, Silent(), (5, 10, 20, 40), "magnitude")
    assert scan.series.te_ms == (5, 10, 20, 40)
    assert scan.series.phase is None


def test_echo_times_that_cannot_be_are_refused_in_one_line(tmp_path: Path, capsys) -> None:
    decay(tmp_path / "in", "gre.nii")
    words = ("map", tmp_path / "in", "--out", tmp_path / "out", "--te")
    assert "3 echo times were given for 4" in refused(capsys, *words, "5,10,20")
    assert "positive and rise" in refused(capsys, *words, "5,20,10,40", status=2)
    assert "positive and rise" in refused(capsys, *words, "0,5,10,nan", status=2)
    assert not (tmp_path / "out").exists()
