"""`ferroread map`: the files it writes, what they hold, and how it fails."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.cli import FAILED, WRONG_USAGE, run
from core.imaging.geometry import Geometry
from core.imaging.nifti import read_nifti, write_nifti
from core.imaging.volume import Volume
from core.relaxometry.calibration import fit_calibration

FILES = {"r2star_per_s", "r2star_se_per_s", "s0", "residual", "flags"}
IRON_FILES = {"iron_ug_per_g", "iron_mmol_per_l", "iron_se_ug_per_g"}


@pytest.fixture
def siemens(shared_data):
    return shared_data / "siemens-6echo-gre-mag-phase"


@pytest.fixture
def reference(shared_data):
    found = json.loads((shared_data / "r2star_reference.json").read_text())
    return found["siemens-6echo-gre-mag-phase"]["set"]


@pytest.fixture
def calibration(tmp_path):
    path = tmp_path / "calibration.json"
    fit_calibration([0, 1, 2, 3], [10, 110, 211, 309], field_t=3.0, agent="MNP").save(path)
    return path


def reference_mask(siemens, reference):
    from readers import inspect, load_echoes

    magnitude = load_echoes(inspect([siemens]).series[0]).magnitude
    mask = (magnitude[0] > reference["mask_threshold"]) & np.all(magnitude > 0, axis=0)
    assert np.count_nonzero(mask) == reference["mask_voxels"]
    return mask


@pytest.mark.shared_data
def test_real_maps_are_the_reference(siemens, reference, tmp_path):
    mask = reference_mask(siemens, reference)
    medians = {}
    for method in ("loglinear", "nlls"):
        out = tmp_path / method
        assert run(["map", str(siemens), "--method", method, "--mask", "none", "--out", str(out)]) == 0
        r2star = read_nifti(out / "r2star_per_s.nii.gz").data
        medians[method] = float(np.median(r2star[mask]))
        if method == "loglinear":
            for pin in reference["voxel_pins_slice_row_col"]:
                assert r2star[tuple(pin["index"])] == pytest.approx(pin["loglin_r2s"], rel=0.005, abs=0.01)
    assert medians["loglinear"] == pytest.approx(reference["loglin_median"], rel=0.005)
    assert medians["nlls"] == pytest.approx(reference["nlls_median"], rel=0.01)


@pytest.mark.shared_data
def test_a_map_with_iron_writes_every_file_that_the_contract_names(siemens, calibration, tmp_path, capsys):
    out = tmp_path / "maps"
    words = ["map", str(siemens), "--method", "weighted", "--calibration", str(calibration)]
    assert run([*words, "--r2star0", "12", "--out", str(out), "--json"]) == 0
    report = json.loads((out / "map.json").read_text())
    assert json.loads(capsys.readouterr().out) == report
    names = {path.name.removesuffix(".nii.gz") for path in out.glob("*.nii.gz")}
    assert names >= FILES | IRON_FILES
    pictures = {name: read_nifti(out / f"{name}.nii.gz").data for name in FILES | IRON_FILES}
    assert {picture.shape for picture in pictures.values()} == {(10, 76, 128)}
    # 55.845 g/mol and 1.05 g/mL
    wanted = pictures["iron_mmol_per_l"] * 55.845 / 1.05
    np.testing.assert_allclose(pictures["iron_ug_per_g"], wanted, rtol=1e-5)
    outside = pictures["flags"] & 1 != 0
    assert np.isnan(pictures["r2star_per_s"][outside]).all()
    assert report["te_ms"] == [2.5, 5.5, 8.5, 11.5, 14.5, 17.5]
    assert report["field_t"] == 3.0
    assert report["method"] == "weighted"
    assert report["sigma"] > 0
    assert report["flags"]["outside_mask"] == int(np.count_nonzero(outside))
    assert report["r2star_per_s"]["q25"] < report["r2star_per_s"]["median"] < report["r2star_per_s"]["q75"]
    assert all(len(digest) == 64 for digest in report["inputs"].values())
    assert report["calibration"]["agent"] == "MNP"
    assert report["seconds"] > 0


@pytest.mark.shared_data
def test_a_scan_is_its_own_baseline_without_iron(siemens, calibration, tmp_path):
    out = tmp_path / "maps"
    words = ["map", str(siemens), "--method", "weighted", "--calibration", str(calibration)]
    assert run([*words, "--baseline", str(siemens), "--out", str(out)]) == 0
    iron = read_nifti(out / "iron_ug_per_g.nii.gz").data
    assert np.nanmedian(np.abs(iron)) == pytest.approx(0.0, abs=0.05)


@pytest.mark.shared_data
def test_a_mask_of_ones_own_is_kept_to(siemens, tmp_path):
    from readers import inspect

    info = inspect([siemens]).series[0]
    from readers import load_echoes

    geometry = load_echoes(info).geometry
    mask = np.zeros(geometry.shape, np.uint8)
    mask[4, 30:40, 50:60] = 1
    write_nifti(tmp_path / "mask.nii.gz", Volume(mask, geometry))
    words = ["map", str(siemens), "--method", "weighted", "--mask", str(tmp_path / "mask.nii.gz")]
    assert run([*words, "--out", str(tmp_path / "maps")]) == 0
    r2star = read_nifti(tmp_path / "maps" / "r2star_per_s.nii.gz").data
    np.testing.assert_array_equal(np.isfinite(r2star), mask == 1)
    other = Geometry.axial((2, 3, 4), (1.0, 1.0, 1.0))
    write_nifti(tmp_path / "other.nii.gz", Volume(np.ones((2, 3, 4), np.uint8), other))
    words[-1] = str(tmp_path / "other.nii.gz")
    assert run([*words, "--out", str(tmp_path / "no")]) == FAILED


def only_line(captured):
    """The one line that a failure may print."""
    assert captured.out == ""
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1
    assert "Traceback" not in lines[0]
    return lines[0]


@pytest.mark.parametrize("kind", ["zeros", "text", "empty", "missing"])
def test_what_holds_no_image_ends_with_one_clear_line(kind, tmp_path, capsys):
    path = tmp_path / "scan"
    if kind == "zeros":
        path.write_bytes(bytes(5000))
    elif kind == "text":
        path = tmp_path / "notes.dcm"
        path.write_text("not an image\n")
    elif kind == "empty":
        path.mkdir()
    assert run(["map", str(path), "--out", str(tmp_path / "maps")]) == FAILED
    assert str(path) in only_line(capsys.readouterr())
    assert not (tmp_path / "maps").exists()


@pytest.mark.shared_data
def test_a_folder_without_a_multi_echo_series_says_why(shared_data, tmp_path, capsys):
    path = shared_data / "hyperfine-64mt-enhanced"
    assert run(["map", str(path), "--out", str(tmp_path / "maps")]) == FAILED
    assert "spin echo" in only_line(capsys.readouterr())


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--baseline", "x"], WRONG_USAGE, "--calibration"),
        (["--calibration", "C"], WRONG_USAGE, "--baseline or --r2star0"),
        (["--calibration", "C", "--r2star0", "-5"], WRONG_USAGE, "0 or more"),
        (["--field", "0.064"], FAILED, "3 T"),
        (["--noise", "much"], WRONG_USAGE, "--noise must be"),
        (["--noise", "-3"], WRONG_USAGE, "0 or more"),
        (["--noise", "nan"], WRONG_USAGE, "0 or more"),
        (["--coils", "0"], WRONG_USAGE, "1 or more"),
        (["--agent", "X"], WRONG_USAGE, "add --calibration"),
        (["--series", "nothing"], FAILED, "no series nothing"),
        (["--field", "-1"], WRONG_USAGE, "positive"),
    ],
)
def test_wishes_that_do_not_go_together_are_refused(
    siemens, calibration, tmp_path, capsys, words, status, message
):
    words = [str(calibration) if word == "C" else word for word in words]
    assert run(["map", str(siemens), "--out", str(tmp_path / "maps"), *words]) == status
    assert message in only_line(capsys.readouterr())


@pytest.mark.shared_data
def test_nothing_is_overwritten_without_force(siemens, tmp_path):
    out = tmp_path / "maps"
    words = ["map", str(siemens), "--method", "weighted", "--out", str(out)]
    assert run(words) == 0
    before = (out / "map.json").read_bytes()
    assert run(words) == FAILED
    assert (out / "map.json").read_bytes() == before
    assert run([*words, "--force"]) == 0
