"""`ferroread map` with a baseline laid on the scan, and with the field's gradient taken out."""

import json

import numpy as np
import pytest

from app.cli import run
from core.imaging.nifti import read_nifti
from core.relaxometry.calibration import fit_calibration
from tests.app.commands.coordinator import SHAPE, SPACING, write_scan
from tests.readers.scanner import make_scan, with_parts, write_classic


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A scan, its baseline, a calibration, and the scan of something else."""
    folder = tmp_path_factory.mktemp("scans")
    write_scan(folder / "scan", 0.3, 21)
    write_scan(folder / "baseline", 0.0, 22)
    other = make_scan(23, echoes=6, shape=SHAPE, spacing=SPACING, series=4)
    signal = np.zeros((6, *SHAPE))
    signal[:, :, 2:9, 14:22] = 900.0
    noise = np.random.default_rng(5).normal(0, 10, signal.shape)
    write_classic(folder / "other", with_parts(other, magnitude=np.abs(signal + noise).astype(np.uint16)))
    field_t = 3.0
    x = np.array([0.0, 0.1, 0.2, 0.3])
    fit_calibration(x, 10 + 100 * x + np.array([0.1, -0.1, -0.1, 0.1]), field_t=field_t).save(
        folder / "calibration.json"
    )
    return folder


def mapped(given, out, *more):
    status = run(["map", str(given / "scan"), "--out", str(out), *more])
    return status, json.loads((out / "map.json").read_text()) if status == 0 else None


def with_baseline(given, out, name="baseline", *more):
    calibration = str(given / "calibration.json")
    return mapped(given, out, "--calibration", calibration, "--baseline", str(given / name), *more)


def test_a_baseline_is_laid_on_the_scan_and_its_quality_stated(given, tmp_path):
    status, report = with_baseline(given, tmp_path / "maps")
    assert status == 0
    found = report["registration"]
    assert found["overlap"] > 0.95
    assert found["kind"] != "none"
    # 0.3 mmol/L x 55.845 / 1.05
    assert report["iron_ug_per_g"]["median"] == pytest.approx(15.96, rel=0.05)
    assert set(found) >= {"kind", "transform_mm", "correlation", "correlation_before", "turn_deg", "stretch"}
    for name in ("registration_check", "registration_check_before"):
        board = read_nifti(tmp_path / "maps" / f"{name}.nii.gz")
        assert board.geometry.shape == SHAPE
        assert board.data.max() > 0.5


def test_the_scanners_position_is_kept_where_that_is_wanted(given, tmp_path):
    status, report = with_baseline(given, tmp_path / "maps", "baseline", "--registration", "none")
    assert status == 0
    assert report["registration"]["transform_mm"] == np.eye(4).tolist()
    assert report["command"][report["command"].index("--registration") + 1] == "none"
    # the two scans lie apart: nothing of the baseline is where the tissue is, and so there is no iron
    assert report["registration"]["overlap"] < 0.1
    assert report["iron_ug_per_g"]["median"] is None


def test_something_else_than_the_animal_is_refused_with_the_reason(given, tmp_path, capsys):
    status, _ = with_baseline(given, tmp_path / "maps", "other")
    assert status == 1
    said = capsys.readouterr().err
    assert "cannot be laid on the scan" in said
    assert "--r2star0" in said
    assert not (tmp_path / "maps").exists()


def test_the_gradient_is_taken_out_where_it_is_asked_for(given, tmp_path):
    status, report = mapped(given, tmp_path / "maps", "--correct-gradient")
    assert status == 0
    assert "gradient" in report["method"]
    assert "--correct-gradient" in report["command"]
    assert report["flags"]["field_gradient_strong"] >= 0
    # this scan has no gradient to take out
    _, plain = mapped(given, tmp_path / "plain")
    assert report["r2star_per_s"]["median"] == pytest.approx(plain["r2star_per_s"]["median"], rel=0.03)


def test_switches_that_do_not_go_together_are_refused(given, tmp_path, capsys):
    assert mapped(given, tmp_path / "a", "--correct-gradient", "--method", "moment")[0] == 2
    assert "--method" in capsys.readouterr().err
    assert mapped(given, tmp_path / "b", "--slice-thickness", "1")[0] == 2
    assert "--correct-gradient" in capsys.readouterr().err
